package convscope.e2e;

import static convscope.e2e.Figures.FIRST;
import static convscope.e2e.Figures.FIRST_PAGE;
import static convscope.e2e.Figures.awaitCaption;
import static convscope.e2e.Figures.ready;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FilePayload;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Photographs, and the reader's own images. */
class PictureTest extends SiteTest {
  @TempDir Path folder;

  private static Locator chooseOwn(Locator figure) {
    figure.locator("select[name=input]").selectOption("own");
    figure.locator(".panel").waitFor();
    return figure.locator(".panel");
  }

  private static byte[] png(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_BINARY);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, width / 2, height);
    graphics.dispose();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static void give(Locator panel, String name, String type, byte[] bytes) {
    panel.locator("input[type=file]").setInputFiles(new FilePayload(name, type, bytes));
  }

  @Test
  void aPhotographAndItsConvolutionArePainted() {
    Page page = open(FIRST_PAGE);
    Locator figure = ready(page, FIRST);
    figure.locator("select[name=input]").selectOption("photo-chelsea");
    figure.locator(".composition:visible rect.raster >> nth=1").waitFor();
    page.waitForFunction(
        "() => [...document.querySelector('conv-scope').shadowRoot.querySelectorAll('canvas')].filter(c => {"
            + " const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; return new Set(d).size > 20; }).length >= 2");
    figure.locator(".composition:visible rect.raster >> nth=0").hover();
    awaitCaption(figure, "The 3 × 3 window reads rows 12");
  }

  @Test
  void aPhotographIsFetchedAndHandedOverOnceForAllFiguresOfAChapter() {
    Page page = newPage(new Browser.NewContextOptions());
    List<String> fetched = new ArrayList<>();
    page.onRequest(
        request -> {
          if (request.url().contains("photo-camera")) {
            fetched.add(request.url());
          }
        });
    page.addInitScript(
        "globalThis.handed = []; const post = Worker.prototype.postMessage; Worker.prototype.postMessage = function(message) {"
            + " if (message.payload) { handed.push(JSON.parse(message.request).name); } post.call(this, message); };");
    page.navigate(site().strict.url() + FIRST_PAGE);
    Locator first = ready(page, FIRST);
    Locator second = ready(page, "translation-equivariance");
    page.evaluate(
        "() => { for (const topic of ['local-receptive-field', 'translation-equivariance']) {"
            + " document.querySelector(`conv-scope[topic=${topic}]`).values = {input: 'photo-camera'}; } }");
    first.locator(".composition:visible rect.raster >> nth=0").waitFor();
    second.locator(".composition:visible rect.raster >> nth=0").waitFor();
    assertThat(page.evaluate("() => handed")).isEqualTo(List.of("photo-camera"));
    assertThat(fetched).hasSize(1);
  }

  @Test
  void aPageFromTheDiskHasSmallPhotographsFromAScript() {
    expectError("CORS policy|ERR_FAILED"); // what it tries first
    Page page = newPage(new Browser.NewContextOptions());
    page.navigate(Site.FOLDER.resolve(FIRST_PAGE).toAbsolutePath().toUri().toString());
    Locator figure = ready(page, FIRST);
    figure.locator("select[name=input]").selectOption("photo-camera");
    figure.locator(".composition:visible rect.raster >> nth=0").waitFor();
    figure.locator("select[name=input]").selectOption("photo-chelsea"); // too large for it
    figure
        .locator(
            ".problem:has-text('The photograph could not be loaded'), .status:has-text('could not')")
        .first()
        .waitFor();
  }

  @Test
  void theWayToAnotherImageMovesNoControl() {
    Locator figure = ready(open("embed/" + FIRST + ".html"), FIRST);
    figure.locator("select[name=input]").selectOption("photo-camera");
    figure.locator(".composition:visible rect.raster >> nth=0").waitFor();
    Locator list = figure.locator(".control:has(select[name=input])");
    double height = list.boundingBox().height;
    give(chooseOwn(figure), "own.png", "image/png", png(20, 30));
    Locator change = figure.getByText("Change", new Locator.GetByTextOptions().setExact(true));
    change.waitFor();
    assertThat(list.boundingBox().height).isEqualTo(height);
    change.click();
    figure.locator(".panel").waitFor();
  }

  @Test
  void theReadersFileIsScaledDownAndSaysSo() {
    Locator figure = ready(open(FIRST_PAGE), FIRST);
    give(chooseOwn(figure), "wide.png", "image/png", png(1000, 500));
    awaitCaption(figure, "scaled down from 1000 × 500");
    assertThat(figure.locator(".composition:visible .title").first().innerHTML())
        .contains("128 × 256");
  }

  @Test
  void aFileThatIsNoImageIsEmptyOrIsTooLargeIsRefusedWithTheReason() throws IOException {
    Locator figure = ready(open(FIRST_PAGE), FIRST);
    Locator panel = chooseOwn(figure);
    give(panel, "notes.txt", "text/plain", "hello".getBytes(StandardCharsets.UTF_8));
    panel.locator("text=“notes.txt” is not an image").waitFor();
    give(panel, "empty.png", "image/png", new byte[0]);
    panel.locator("text=“empty.png” is empty").waitFor();
    give(panel, "broken.png", "image/png", "not a png".getBytes(StandardCharsets.UTF_8));
    panel.locator("text=“broken.png” could not be read").waitFor();
    Path huge = Files.write(folder.resolve("huge.png"), new byte[21 * 1024 * 1024]);
    panel.locator("input[type=file]").setInputFiles(huge);
    panel.locator("text=the limit is 20 MB").waitFor();
    give(panel, "many.png", "image/png", png(10_000, 5_100));
    panel.locator("text=the limit is 50").waitFor();
    give(panel, "fine.png", "image/png", png(20, 30));
    figure.locator(".composition:visible rect.raster >> nth=0").waitFor();
  }

  @Test
  void aDrawingBecomesTheInput() {
    Page page = open(FIRST_PAGE);
    Locator figure = ready(page, FIRST);
    Locator panel = chooseOwn(figure);
    Locator pad = panel.locator("canvas.pad");
    pad.focus();
    for (int i = 0; i < 3; i++) {
      page.keyboard().press(" ");
      page.keyboard().press("ArrowRight");
    }
    panel.locator("text=Use drawing").click();
    figure.locator(".composition:visible .title >> text=32 × 32").first().waitFor();
  }

  @Test
  void aWebcamFrameBecomesTheInputAndTheCameraStops() {
    Page page =
        open(
            site().strict,
            FIRST_PAGE,
            new Browser.NewContextOptions().setPermissions(List.of("camera")));
    Locator figure = ready(page, FIRST);
    Locator panel = chooseOwn(figure);
    panel.locator("text=Use the webcam").click();
    panel.locator("text=Take picture").click();
    awaitCaption(figure, "scaled down from");
    assertThat(foreignRequests()).isEmpty();
  }

  @Test
  void aRefusedWebcamSaysWhatToDoInstead() {
    Page page = open(FIRST_PAGE);
    page.evaluate(
        "() => navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'))");
    Locator figure = ready(page, FIRST);
    Locator panel = chooseOwn(figure);
    panel.locator("text=Use the webcam").click();
    panel.locator("text=The camera was refused").waitFor();
  }
}
