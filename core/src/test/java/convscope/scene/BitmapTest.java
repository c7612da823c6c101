package convscope.scene;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Images that no script has painted yet. */
class BitmapTest {
  private static String token(String name) throws IOException {
    String css = Files.readString(Path.of("../static/css/shared/tokens.css"));
    Matcher matcher = Pattern.compile("--light-" + name + ": #([0-9a-f]{6});").matcher(css);
    assertThat(matcher.find()).as(name).isTrue();
    return matcher.group(1);
  }

  /** The colour of a level in the file's table, which stores blue, green, red. */
  private static String color(String palette, int level) {
    byte[] file = Bitmap.bytes(new Raster("k", Role.INPUT, 1, 1, new byte[1], palette, 1));
    int at = 54 + 4 * level;
    return HexFormat.of().formatHex(new byte[] {file[at + 2], file[at + 1], file[at]});
  }

  @Test
  void theirColoursAreThoseOfTheLightTheme() throws IOException {
    assertThat(color("signed", 255)).isEqualTo(token("output"));
    assertThat(color("signed", 0)).isEqualTo(token("negative"));
    assertThat(color("gradient", 255)).isEqualTo(token("gradient"));
    assertThat(color("signed", 128)).isEqualTo("ffffff");
  }
}
