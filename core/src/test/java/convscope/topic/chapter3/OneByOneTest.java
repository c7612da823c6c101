package convscope.topic.chapter3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.data.Given;
import convscope.data.Picture;
import convscope.param.Values;
import convscope.topic.View;
import org.junit.jupiter.api.Test;

class OneByOneTest {
  private final OneByOne topic = new OneByOne();

  private Values values(String... pairs) {
    Values values = topic.schema().defaults();
    for (int i = 0; i < pairs.length; i += 2) {
      values = values.with(pairs[i], pairs[i + 1]);
    }
    return values;
  }

  private Mixed mixed(String... pairs) {
    return Mixed.of(values(pairs), Given.NOTHING);
  }

  /** The oracle sums by hand. */
  @Test
  void everyPixelIsTheMatrixTimesItsChannels() {
    for (String out : new String[] {"1", "2", "3", "4"}) {
      for (String mix : new String[] {"difference", "identity", "reverse", "luma"}) {
        Mixed mixed = mixed("out-channels", out, "mix", mix, "in-channels", "4", "size", "3x5");
        for (int p = 0; p < 15; p++) {
          for (int o = 0; o < mixed.outChannels(); o++) {
            double sum = 0;
            for (int c = 0; c < 4; c++) {
              sum += mixed.weight(o, c) * mixed.in(c, p);
            }
            assertThat((double) mixed.out(o, p)).isEqualTo(sum, within(1e-5));
          }
        }
        assertThat(mixed.apart()).isLessThan(1e-5);
      }
    }
  }

  @Test
  void theIdentityLeavesEveryChannelAsItIs() {
    Mixed mixed = mixed("mix", "identity", "out-channels", "3");
    assertThat(mixed.y().data()).containsExactly(mixed.x().data());
  }

  @Test
  void aWeightMovesItsOutputAtEveryPixelAndNoOtherOutput() {
    Mixed before = mixed("input", "count");
    Values changed = topic.change(before.values(), before, "w/1,0", "7");
    Mixed after = Mixed.of(changed, Given.NOTHING);
    assertThat(after.weight(1, 0)).isEqualTo(7);
    for (int p = 0; p < before.pixels(); p++) {
      assertThat(after.out(0, p)).isEqualTo(before.out(0, p));
      assertThat(after.out(1, p) != before.out(1, p)).isEqualTo(before.in(0, p) != 0);
    }
  }

  @Test
  void aPhotographsColoursAreTheChannelsAndLumaMakesItGrey() {
    byte[] rgba = {(byte) 200, 100, 50, (byte) 255, 0, 0, (byte) 250, (byte) 255};
    Picture picture = new Picture(1, 2, rgba, "");
    Mixed mixed =
        Mixed.of(
            values("input", "photo-coffee", "mix", "luma", "out-channels", "1"),
            new Given().picture("photo-coffee", picture));
    assertThat(mixed.x().data()).containsExactly(200, 0, 100, 0, 50, 250);
    assertThat(mixed.y().data()).containsExactly(new float[] {124.2f, 28.5f}, within(1e-3f));
    assertThat(topic.figure(mixed, new View(0, "", new OneByOne().head().wide())).scene().rasters())
        .hasSize(4);
  }

  @Test
  void transposingIsRefusedWhereShapesDifferAndSilentWhereTheyDoNot() {
    assertThat(mixed().mistake(0)).contains("refused").contains("MatMul");
    assertThat(mixed("out-channels", "3").mistake(7)).contains("wrong, and no error tells");
    assertThat(mixed("out-channels", "3", "mix", "identity").mistake(7)).contains("right by luck");
  }

  @Test
  void pointingAtAPixelShowsItsProduct() {
    Mixed mixed = mixed();
    assertThat(topic.figure(mixed, new View(0, "y1/3,4", new OneByOne().head().wide())).alt())
        .contains("The pixel p at row 3, column 4");
    assertThat(topic.figure(mixed, new View(0, "w/1,2", new OneByOne().head().wide())).alt())
        .contains("how much of channel 2 goes into output 1");
  }

  @Test
  void onlyNumbersInWeightsAreTaken() {
    assertThat(topic.checkCell("w/0,0", "−2.5")).isNull();
    assertThat(topic.checkCell("w/0,0", "1e9")).isNotNull();
    assertThat(topic.checkCell("x0/0,0", "1")).isNotNull();
  }
}
