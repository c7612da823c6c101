package convscope.e2e;

import static convscope.e2e.Figures.FIRST;
import static convscope.e2e.Figures.ready;
import static convscope.e2e.Figures.slide;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import convscope.site.SiteServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Figures in pages that are not ours. */
class EmbeddingTest extends SiteTest {
  @TempDir Path folder;
  private SiteServer host;

  @BeforeEach
  void startHost() throws IOException {
    host = new SiteServer(folder, 0, SiteServer.Options.DEFAULT.withoutPolicy());
  }

  @AfterEach
  void stopHost() {
    host.close();
  }

  private Page openHost(String html, Browser.NewContextOptions options) throws IOException {
    Files.writeString(
        folder.resolve("host.html"),
        "<!DOCTYPE html><html lang=en><meta charset=utf-8><link rel=icon href=data:,>" + html);
    return open(host, "host.html", options);
  }

  private Page openHost(String html) throws IOException {
    return openHost(html, new Browser.NewContextOptions());
  }

  private static String script() {
    return "<script src='" + site().open.url() + "conv-scope.js'></script>";
  }

  @Test
  void twoFiguresInAPageOfAnotherOriginShareOneWorkerAndNoStyles() throws IOException {
    Page page =
        openHost(
            """
            <style>* { color: red !important; font-size: 40px } rect { fill: lime !important; display: none } p { border: 9px solid }
            .cell, .figure, .caption { display: none !important } button { all: unset }</style>
            <p class=caption id=mine>host</p>
            <conv-scope id=a topic=local-receptive-field kernel=3 stride=2></conv-scope>
            <conv-scope id=b topic=local-receptive-field kernel=5 input=digit-3 size=8></conv-scope>
            """
                + script());
    Locator a = page.locator("#a");
    Locator b = page.locator("#b");
    a.locator(".controls:not([disabled]) select >> nth=0").waitFor();
    b.locator(".controls:not([disabled]) select >> nth=0").waitFor();
    assertThat(b.locator(".composition:visible [data-k='k/4,4']").count()).isEqualTo(1);
    assertThat(
            a.locator(".cell >> nth=0")
                .evaluate("e => getComputedStyle(e.querySelector('rect')).display"))
        .isNotEqualTo("none");
    assertThat(a.locator(".caption").evaluate("e => getComputedStyle(e).display"))
        .isNotEqualTo("none");
    assertThat(a.locator(".caption").evaluate("e => getComputedStyle(e).fontSize"))
        .isNotEqualTo("40px");
    assertThat(a.locator(".caption").evaluate("e => getComputedStyle(e).color"))
        .isNotEqualTo("rgb(255, 0, 0)");
    assertThat(page.locator("#mine").evaluate("e => getComputedStyle(e).borderTopWidth"))
        .isEqualTo("9px");
    assertThat(page.workers()).hasSize(1);
  }

  @Test
  void figuresOfTwoChaptersShareOneWorkerAndEachModuleComesWhenTheReaderComesNear()
      throws IOException {
    Page page = newPage(new Browser.NewContextOptions());
    List<String> modules = new ArrayList<>();
    page.onRequest(
        request -> {
          if (request.url().endsWith(".wasm")) {
            modules.add(request.url().replaceAll(".*/engine-|\\..*", ""));
          }
        });
    Files.writeString(
        folder.resolve("host.html"),
        "<!DOCTYPE html><link rel=icon href=data:,><conv-scope topic=output-height></conv-scope>"
            + "<div style='height: 5000px'></div><conv-scope topic=local-receptive-field></conv-scope>"
            + script());
    page.navigate(host.url() + "host.html");
    ready(page, "output-height");
    assertThat(modules).containsExactly("chapter-2");
    ready(page, FIRST);
    assertThat(modules).containsExactly("chapter-2", "chapter-1");
    assertThat(page.workers()).hasSize(1);
  }

  @Test
  void aFigureOutOfSightComesToLifeWhenItsPageUsesIt() throws IOException {
    Page page =
        openHost(
            "<conv-scope topic=output-height></conv-scope><div style='height: 9000px'></div>"
                + "<conv-scope id=far topic=local-receptive-field></conv-scope>"
                + script());
    ready(page, "output-height");
    assertThat(page.locator("#far .figure.live").count()).isZero();
    page.evaluate("() => { document.getElementById('far').values = {stride: 1}; }");
    page.locator("#far .count >> text=/ 49").waitFor();
  }

  @Test
  void textFollowsTheReadersFontSizeAndNotWhatAPageMakesOfItsOwn() throws IOException {
    Page page =
        openHost(
            "<style>html { font-size: 62.5% } body { font-size: 1.4rem }</style>"
                + "<conv-scope topic=local-receptive-field></conv-scope>"
                + script());
    Locator figure = ready(page, FIRST);
    assertThat(size(figure, ".caption")).isEqualTo(15);
    assertThat(size(figure, ".control label")).isCloseTo(14, within(0.01));
    double drawing = figure.locator(".composition:visible").boundingBox().width;
    JsonObject sizes = new JsonObject();
    sizes.addProperty("standard", 24);
    JsonObject request = new JsonObject();
    request.add("fontSizes", sizes);
    page.context().newCDPSession(page).send("Page.setFontSizes", request);
    assertThat(size(figure, ".caption")).isEqualTo(22.5);
    assertThat(size(figure, ".control label")).isCloseTo(21, within(0.01));
    assertThat(figure.locator(".fold").isVisible()).as("no room for the controls beside").isTrue();
    assertThat(figure.locator(".composition:visible").boundingBox().width)
        .isGreaterThanOrEqualTo(drawing);
  }

  private static double size(Locator figure, String part) {
    Object size =
        figure.locator(part).first().evaluate("e => parseFloat(getComputedStyle(e).fontSize)");
    return ((Number) size).doubleValue();
  }

  @Test
  void aHostThemesTheFigureByCustomProperties() throws IOException {
    Page page =
        openHost(
            "<style>conv-scope { --conv-scope-input: rgb(1, 2, 3) }</style><conv-scope topic=local-receptive-field></conv-scope>"
                + script());
    Locator figure = ready(page, FIRST);
    assertThat(
            figure
                .locator(".composition:visible .title .input")
                .first()
                .evaluate("e => getComputedStyle(e).fill"))
        .isEqualTo("rgb(1, 2, 3)");
  }

  @Test
  void aPhotographIsLoadedFromTheScriptsOrigin() throws IOException {
    Page page =
        openHost(
            "<conv-scope topic=local-receptive-field input=photo-camera></conv-scope>" + script());
    Locator figure = ready(page, FIRST);
    figure.locator(".composition:visible rect.raster >> nth=0").waitFor();
    assertThat(figure.locator(".composition:visible .title").first().innerHTML())
        .contains("256 × 256");
  }

  @Test
  void theEngineComesAsAScriptWhereTheHostMayNotFetchIt() throws IOException {
    Page page = newPage(new Browser.NewContextOptions());
    page.route("**/*.wasm", route -> route.abort());
    expectError("Failed to load resource|ERR_FAILED");
    Files.writeString(
        folder.resolve("host.html"),
        "<!DOCTYPE html><link rel=icon href=data:,><conv-scope topic=local-receptive-field></conv-scope>"
            + script());
    page.navigate(host.url() + "host.html");
    ready(page, FIRST);
  }

  private static final String WASM = "'wasm-unsafe-eval'; worker-src blob:";

  private static String policy(String more) {
    String origin = site().open.url();
    return "<meta http-equiv=Content-Security-Policy content=\"script-src "
        + origin
        + " "
        + more
        + "\"><conv-scope topic=local-receptive-field><b>Words of the author.</b></conv-scope>"
        + script();
  }

  @Test
  void aFigureWorksWhereThePageDemandsTrustedTypes() throws IOException {
    for (String allowed : new String[] {"", "; trusted-types convscope"}) {
      Page page = openHost(policy(WASM + "; require-trusted-types-for 'script'" + allowed));
      Locator figure = ready(page, FIRST);
      slide(figure, "stride", "1");
      figure.locator(".count >> text=/ 49").waitFor();
      assertThat(page.getByText("Words of the author.").isVisible()).isFalse();
    }
  }

  @Test
  void theAuthorsWordsStayWhereThePageDoesNotAllowTheFiguresPolicy() throws IOException {
    expectError("convscope.*(disallowed|violates)");
    String none = WASM + "; require-trusted-types-for 'script'; trusted-types 'none'";
    Page page = openHost(policy(none));
    page.waitForFunction("() => customElements.get('conv-scope')");
    page.waitForTimeout(300);
    assertThat(page.getByText("Words of the author.").isVisible()).isTrue();
    assertThat(page.locator("conv-scope").boundingBox().height).isPositive();
  }

  @Test
  void theAuthorsWordsStayBesideTheReasonWhereThePageAllowsNoWebAssembly() throws IOException {
    expectError("Creating a worker"); // nor a worker, which would have a policy of its own
    Page page = openHost(policy("; worker-src 'none'"));
    page.locator("conv-scope >> text=The engine could not be started").waitFor();
    assertThat(page.getByText("Words of the author.").isVisible()).isTrue();
  }

  @Test
  void anIframeAnnouncesItsHeightAndTheResizerFollows() throws IOException {
    String src = site().strict.url() + "embed/" + FIRST + ".html?kernel=5&stride=1";
    Page page =
        openHost(
            "<iframe id=f title=figure width=700 height=100 src='"
                + src
                + "'></iframe><iframe id=other title=other src='about:blank' height=77></iframe>"
                + "<script src='"
                + site().open.url()
                + "resize.js'></script>");
    FrameLocator frame = page.frameLocator("#f");
    frame.locator(".controls:not([disabled])").waitFor();
    page.waitForFunction("() => document.getElementById('f').clientHeight > 300");
    String fits = "e => new Promise(r => { const ask = () => e.scrollHeight - e.clientHeight <= 1";
    fits += " ? r() : requestAnimationFrame(ask); ask(); })"; // the frame's own height follows
    frame.locator("html").evaluate(fits);
    assertThat(frame.locator(".composition:visible [data-k='k/4,4']").count()).isEqualTo(1);
    assertThat(page.locator("#other").getAttribute("height")).isEqualTo("77");
    page.evaluate("() => window.postMessage({convscope: 'height', height: 5}, '*')");
    Object wide = page.locator("#f").evaluate("f => f.clientHeight");
    page.locator("#f").evaluate("f => f.width = 360");
    page.waitForFunction("wide => document.getElementById('f').clientHeight !== wide", wide);
    frame.locator("html").evaluate(fits);
  }

  @Test
  void aFrameKeepsItsColoursInTheAddressWhileTheReaderChangesTheFigure() {
    Page page = open("embed/" + FIRST + ".html?theme=dark");
    Locator figure = ready(page, FIRST);
    slide(figure, "stride", "1");
    page.waitForFunction("() => location.search.includes('stride=1')");
    assertThat(page.url()).contains("theme=dark");
  }

  @Test
  void theSingleFileWorksFromTheDisk() {
    Page page = newPage(new Browser.NewContextOptions());
    page.navigate(
        Site.FOLDER.resolve("embed/single/" + FIRST + ".html").toAbsolutePath().toUri().toString());
    Locator figure = ready(page, FIRST);
    slide(figure, "stride", "3");
    figure.locator(".composition:visible .title >> text=3 × 3").first().waitFor();
    figure.locator("select[name=input]").selectOption("photo-camera");
    figure.locator(".composition:visible rect.raster >> nth=0").waitFor();
  }

  @Test
  void theSingleFileWorksInASandboxThatRefusesStorage() throws IOException {
    expectError("Clipboard API has been blocked"); // what it says when a sandbox refuses a copy
    String src = site().open.url() + "embed/single/" + FIRST + ".html";
    Page page =
        openHost(
            "<iframe id=f title=figure width=900 height=900 sandbox='allow-scripts' src='"
                + src
                + "'></iframe>");
    Locator figure = page.frameLocator("#f").locator("conv-scope");
    figure.locator(".controls:not([disabled]) select >> nth=0").waitFor();
    slide(figure, "stride", "1");
    figure.locator(".count >> text=/ 49").waitFor();
    figure.locator("[data-do=link]").click();
    figure.locator("[data-do=copy]").click();
    assertThat(figure.locator(".panel").count()).isEqualTo(1);
  }

  @Test
  void theSingleFileWorksAsTheSourceOfASandbox() throws IOException {
    String file = Files.readString(Site.FOLDER.resolve("embed/single/" + FIRST + ".html"));
    Page page =
        openHost(
            "<iframe id=f title=figure width=900 height=900 sandbox='allow-scripts' srcdoc='"
                + file.replace("&", "&amp;").replace("'", "&#39;")
                + "'></iframe>");
    Locator figure = page.frameLocator("#f").locator("conv-scope");
    figure.locator(".controls:not([disabled]) select >> nth=0").waitFor();
    slide(figure, "stride", "1");
    figure.locator(".count >> text=/ 49").waitFor();
  }
}
