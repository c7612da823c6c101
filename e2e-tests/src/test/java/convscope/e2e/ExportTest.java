package convscope.e2e;

import static convscope.e2e.Figures.ready;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A figure saved as a file is the one on the screen: both are photographed and compared. */
class ExportTest extends SiteTest {
  private static final int TITLE = 34; // pixels above the drawing in a file

  // the drawing that is shown, and its size in whole pixels
  private static final String SCENE =
      "f.shadowRoot.querySelector(`.composition.${f.shadowRoot.querySelector('.drawing').dataset.show} svg`)";
  private static final String SIZE =
      "f => { const { width, height } = "
          + SCENE
          + ".viewBox.baseVal; return [width, Math.floor(height)]; }";

  @TempDir Path folder;

  /** Between them, these have every kind of mark. */
  @ParameterizedTest
  @CsvSource({
    "aliasing",
    "channels",
    "dilation-effect",
    "effective-receptive-field",
    "flops",
    "global-average-pooling",
    "output-elements",
    "padding",
    "shape-map",
    "stacked-layers",
    "weight-sharing",
  })
  void aSavedDrawingEqualsTheOneOnTheScreen(String slug) throws IOException {
    Locator figure = figure(slug, ColorScheme.LIGHT, 1);
    assertSame(photo(figure), photo(saved(figure, "SVG"), figure));
  }

  @ParameterizedTest
  @CsvSource({
    "effective-receptive-field?input=photo-camera",
    "local-receptive-field?padding=2",
    "max-pooling?input=counting",
  })
  void soItDoesInTheDark(String address) throws IOException {
    Locator figure = figure(address, ColorScheme.DARK, 1);
    assertSame(photo(figure), photo(saved(figure, "SVG"), figure));
  }

  @Test
  void whatTheReaderPointsAtIsMarkedInTheFileToo() throws IOException {
    Locator figure = figure("local-receptive-field", ColorScheme.LIGHT, 1);
    photo(figure); // which puts the drawing in its place, before the pointer is put on it
    Figures.cell(figure, "in/3,3").hover();
    figure.locator(".composition:visible .cell.linked").first().waitFor();
    assertSame(photo(figure), photo(saved(figure, "SVG"), figure));
  }

  @ParameterizedTest
  @CsvSource({"channels", "effective-receptive-field"})
  void aPngShowsTheSameAtTwiceTheSize(String address) throws IOException {
    Locator figure = figure(address, ColorScheme.LIGHT, 2);
    BufferedImage screen = photo(figure);
    BufferedImage file = ImageIO.read(saved(figure, "PNG").toFile());
    assertThat(file.getWidth()).isEqualTo(screen.getWidth());
    file = file.getSubimage(0, 2 * TITLE, screen.getWidth(), screen.getHeight());
    // letters are formed a little differently on a canvas
    assertThat(Difference.of(screen, file).mean).isLessThan(0.2);
  }

  @Test
  void eachLineOfAnEquationIsALineInTheFile() throws IOException {
    Locator figure = figure("channels", ColorScheme.LIGHT, 1);
    List<String> lines = figure.locator(".equation").innerText().lines().toList();
    assertThat(lines).hasSize(2);
    assertThat(Files.readString(saved(figure, "SVG")))
        .contains(">" + lines.get(0) + "</text>", ">" + lines.get(1) + "</text>");
  }

  /** The comparison is worth something only if it sees that each of these is gone. */
  @ParameterizedTest
  @CsvSource({
    "aliasing, stroke-linecap=",
    "dilation-effect, stroke-linecap=",
    "effective-receptive-field, stroke-linecap=",
    "channels, image-rendering=",
    "effective-receptive-field, image-rendering=",
    "max-pooling, clip-path=",
    "parameter-count, opacity=",
    "stride, fill-opacity=",
    "flops, fill=",
  })
  void theComparisonNoticesWhatIsLost(String address, String lost) throws IOException {
    Locator figure = figure(address, ColorScheme.LIGHT, 1);
    Path file = saved(figure, "SVG");
    String svg = Files.readString(file);
    assertThat(svg).contains(" " + lost);
    Files.writeString(file, svg.replace(" " + lost, " data-" + lost));
    assertThat(Difference.of(photo(figure), photo(file, figure)))
        .matches(difference -> !difference.small());
  }

  /**
   * How unlike two pictures are, in levels of 255. Each pixel is held against the most similar of
   * the other picture's at its place and beside it, since an edge may be drawn on either side of
   * the line where it falls.
   *
   * @param mean over all pixels
   * @param most the least similar one's
   */
  private record Difference(double mean, int most) {
    static Difference of(BufferedImage a, BufferedImage b) {
      long sum = 0;
      int most = 0;
      for (int y = 1; y < a.getHeight() - 1; y++) {
        for (int x = 1; x < a.getWidth() - 1; x++) {
          int least = 255;
          for (int beside = 0; beside < 9 && least > 0; beside++) {
            int other = b.getRGB(x + beside % 3 - 1, y + beside / 3 - 1);
            least = Math.min(least, between(a.getRGB(x, y), other));
          }
          sum += least;
          most = Math.max(most, least);
        }
      }
      return new Difference(sum / (double) a.getWidth() / a.getHeight(), most);
    }

    private static int between(int a, int b) {
      int most = 0;
      for (int shift = 0; shift < 24; shift += 8) {
        most = Math.max(most, Math.abs((a >> shift & 255) - (b >> shift & 255)));
      }
      return most;
    }

    boolean small() {
      return mean < 0.05 && most < 40;
    }
  }

  private static void assertSame(BufferedImage screen, BufferedImage file) {
    assertThat(Difference.of(screen, file)).matches(Difference::small);
  }

  private Locator figure(String address, ColorScheme scheme, int scale) {
    String[] parts = address.split("(?=\\?)", 2);
    Page page =
        open(
            site().strict,
            "embed/" + parts[0] + ".html" + (parts.length > 1 ? parts[1] : ""),
            new Browser.NewContextOptions()
                .setColorScheme(scheme)
                .setDeviceScaleFactor(scale)
                .setViewportSize(1000, 1400));
    return ready(page, parts[0]);
  }

  /** Saves the figure by its menu, whose buttons are pressed without the pointer. */
  private Path saved(Locator figure, String kind) {
    figure.locator("[data-do=copy]").dispatchEvent("click");
    return figure
        .page()
        .waitForDownload(() -> figure.locator("text=Download " + kind).dispatchEvent("click"))
        .path();
  }

  /** The drawing on the page in its full size, with its corner on a whole pixel. */
  private static BufferedImage photo(Locator figure) throws IOException {
    List<?> size = (List<?>) figure.evaluate(SIZE);
    List<?> corner =
        (List<?>)
            figure.evaluate(
                "async (f, width) => { const svg = "
                    + SCENE
                    + """
                    ;
                    const { style } = svg.closest('.drawing');
                    Object.assign(style, { width: `${width}px`, position: 'relative', left: 0, top: 0 });
                    const { left, top } = svg.getBoundingClientRect();
                    Object.assign(style, { left: `${Math.ceil(left) - left}px`, top: `${Math.ceil(top) - top}px` });
                    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
                    return [Math.ceil(left), Math.ceil(top)];
                    }""",
                size.get(0));
    return photo(figure.page(), List.of(corner.get(0), corner.get(1), size.get(0), size.get(1)));
  }

  /** The drawing in a file that stands alone, as an image, which nothing else can reach. */
  private BufferedImage photo(Path file, Locator like) throws IOException {
    Path html = Files.createTempFile(folder, "alone", ".html");
    Files.copy(file, folder.resolve(html.getFileName() + ".svg"));
    Files.writeString(
        html,
        "<body style='margin:0'><img style='display:block' src='"
            + html.getFileName()
            + ".svg'></body>");
    Page alone = newPage(new Browser.NewContextOptions().setViewportSize(1000, 1400));
    alone.navigate(html.toUri().toString());
    Object width = alone.evaluate("() => document.querySelector('img').naturalWidth");
    List<?> drawn = (List<?>) like.evaluate(SIZE);
    assertThat(width).isEqualTo(drawn.get(0));
    return photo(alone, List.of(0, TITLE, drawn.get(0), drawn.get(1)));
  }

  private static BufferedImage photo(Page page, List<?> box) throws IOException {
    double[] at = box.stream().mapToDouble(value -> ((Number) value).doubleValue()).toArray();
    byte[] png =
        page.screenshot(
            new Page.ScreenshotOptions().setFullPage(true).setClip(at[0], at[1], at[2], at[3]));
    return ImageIO.read(new ByteArrayInputStream(png));
  }
}
