package convscope.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class DataSetsTest {
  /** The bytes of a file of static/data, as the site serves them. */
  static byte[] file(String name) throws IOException {
    try (InputStream in =
        new GZIPInputStream(Files.newInputStream(Path.of("../static/data/" + name + ".gz")))) {
      return in.readAllBytes();
    }
  }

  private static int[] perClass(DataSet set, int from, int to) {
    int[] counts = new int[set.classes().size()];
    for (int i = from; i < to; i++) {
      counts[set.label(i)]++;
    }
    return counts;
  }

  private static int different(DataSet set) {
    Set<List<Float>> seen = new HashSet<>();
    for (int i = 0; i < set.count(); i++) {
      List<Float> image = new ArrayList<>();
      for (float value : set.image(i)) {
        image.add(value);
      }
      seen.add(image);
    }
    return seen.size();
  }

  @Test
  void theFewDigitsOfFiguresAreHeldOutOnesAtLeastTwoOfEachClass() throws IOException {
    DataSet all = DataSets.mnist(file("mnist-images.idx"), file("mnist-labels.idx"));
    HeldOutDigits few =
        new HeldOutDigits(Files.readAllBytes(Path.of("../static/data/digits-28.idx")));
    int[] counts = new int[10];
    for (int digit = 0; digit < few.count(); digit++) {
      counts[few.label(digit)]++;
      int at = 0;
      for (int image = all.training(); image < all.count(); image++) {
        boolean same = Arrays.equals(all.image(image), few.image(digit));
        at = same && all.label(image) == few.label(digit) ? image : at;
      }
      assertThat(at).as("digit " + digit).isPositive();
    }
    for (int count : counts) {
      assertThat(count).isGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void mnistHoldsOutItsLastTwoThousandDigits() throws IOException {
    DataSet set = DataSets.mnist(file("mnist-images.idx"), file("mnist-labels.idx"));
    assertThat(set.count()).isEqualTo(10_000);
    assertThat(set.training()).isEqualTo(8000);
    assertThat(List.of(set.channels(), set.height(), set.width())).containsExactly(1, 28, 28);
    for (int count : perClass(set, set.training(), set.count())) {
      assertThat(count).isBetween(150, 250);
    }
    assertThat(set.moments()[0]).isCloseTo(0.1307, within(0.005)); // MNIST's well-known mean
    assertThat(set.moments()[1]).isCloseTo(0.3081, within(0.005));
  }

  @Test
  void fashionHasAThousandImagesOfEachClass() throws IOException {
    DataSet set = DataSets.fashion(file("fashion-images.idx"), file("fashion-labels.idx"));
    assertThat(perClass(set, 0, set.count())).containsOnly(1000);
    assertThat(set.classes().get(set.label(0))).isEqualTo("Ankle boot");
    assertThat(set.moments()[0]).isCloseTo(0.2860, within(0.005));
  }

  @Test
  void smallDigitsComeFromTheirTable() throws IOException {
    DataSet set = DataSets.digits(file("digits.csv"));
    assertThat(set.count()).isEqualTo(1797);
    assertThat(different(set)).isEqualTo(1797);
    for (int digit = 0; digit < 10; digit++) {
      assertThat(set.label(digit)).isEqualTo(digit); // the set begins so
    }
    assertThat(set.image(0)).startsWith(0, 0, 5 / 16f, 13 / 16f, 9 / 16f, 1 / 16f);
  }

  @Test
  void brokenFilesAreRefused() {
    assertThatThrownBy(() -> DataSets.mnist(new byte[20], new byte[20]))
        .hasMessage(
            "MNIST images: these are no bytes of an IDX file of its kind; give the unpacked file");
    assertThatThrownBy(() -> DataSets.digits("1,2,3\n".getBytes(StandardCharsets.US_ASCII)))
        .hasMessage("digits: 3 values; give lines of 65, each ended by a line feed");
    assertThatThrownBy(
            () ->
                new DataSet(
                    "own", 1, 1, 1, new byte[2], 255, new int[] {0, 2}, 1, List.of("a", "b")))
        .hasMessage("own: label 2; use 0 to 1");
  }
}
