package convscope.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class DataTest {
  @Test
  void everyShippedDigitIsInTheDataSetUnderItsOwnLabel() throws IOException {
    Set<String> lines = new HashSet<>();
    Path file = Path.of("../static/data/digits.csv.gz");
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      reader.lines().forEach(lines::add);
    }
    assertThat(lines).hasSizeGreaterThan(1700);
    for (int digit = 0; digit < 10; digit++) {
      StringBuilder line = new StringBuilder();
      for (float value : Digits.typical(digit)) {
        line.append((int) value).append(',');
      }
      assertThat(lines).contains(line.append(digit).toString());
    }
  }

  @Test
  void greyIsTheLumaOverAWhiteGround() {
    byte[] rgba = {
      (byte) 255,
      0,
      0,
      (byte) 255, // red
      0,
      (byte) 255,
      0,
      (byte) 255, // green
      0,
      0,
      (byte) 255,
      (byte) 255, // blue
      10,
      20,
      30,
      0, // nothing: white shows
      0,
      0,
      0,
      (byte) 128, // half black
    };
    assertThat(new Picture(1, 5, rgba, "").grey()).containsExactly(76, 150, 29, 255, 127);
  }

  @Test
  void aPictureOfAWrongSizeIsRefusedWithItsSize() {
    assertThatThrownBy(() -> new Picture(0, 5, new byte[0], ""))
        .hasMessage("Picture: 0 × 5 pixels; each side must be 1 to 256");
    assertThatThrownBy(() -> new Picture(2, 2, new byte[15], ""))
        .hasMessage("Picture: 15 bytes for 2 × 2 pixels; want 16");
  }
}
