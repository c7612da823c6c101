package convscope.e2e;

import static convscope.e2e.Figures.FIRST;
import static convscope.e2e.Figures.FIRST_PAGE;
import static convscope.e2e.Figures.ready;
import static convscope.e2e.Figures.slide;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import convscope.site.SiteServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The element as a guest: what frameworks, host pages and their authors do to it, and what it
 * leaves alone.
 */
class GuestTest extends SiteTest {
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

  private Page openHost(String html) throws IOException {
    Files.writeString(
        folder.resolve("host.html"),
        "<!DOCTYPE html><html lang=en><meta charset=utf-8><link rel=icon href=data:,><body>"
            + html);
    return open(host, "host.html", new Browser.NewContextOptions());
  }

  private static String script() {
    return "<script src='" + site().open.url() + "conv-scope.js'></script>";
  }

  private static String figure(String attributes) {
    return "<conv-scope topic=" + FIRST + " " + attributes + "></conv-scope>" + script();
  }

  private static Object value(Locator figure, String name) {
    figure.evaluate(
        "async f => { do await new Promise(ok => setTimeout(ok, 30)); while (f.busy); }");
    return figure.evaluate("(f, name) => f.values[name]", name);
  }

  @Test
  void propertiesReachTheFigureBeforeTheScriptBeforeThePageAndAfterIt() throws IOException {
    Page page =
        openHost(
            "<script>const early = document.createElement('conv-scope'); early.topic = '"
                + FIRST
                + "'; early.stride = 3; early['padding'] = 2; document.body.append(early)</script>"
                + script());
    Locator figure = ready(page, FIRST);
    assertThat(value(figure, "stride")).isEqualTo("3");
    assertThat(value(figure, "padding")).isEqualTo("2");
    figure.evaluate("f => { f.stride = 1; f.dense = true; f.padding = null; }");
    assertThat(value(figure, "stride")).isEqualTo("1");
    assertThat(value(figure, "dense")).isEqualTo("on");
    assertThat(value(figure, "padding")).isNotEqualTo("2");
    assertThat(figure.evaluate("f => f.stride")).isEqualTo("1");
    figure.evaluate("f => { f.topic = 'weight-sharing'; }");
    page.locator("conv-scope >> text=The convolution as a matrix").first().waitFor();
  }

  @Test
  void changeTellsOfTheReaderAlone() throws IOException {
    Page page = openHost(figure("stride=2"));
    Locator figure = ready(page, FIRST);
    page.evaluate(
        "() => { window.told = []; addEventListener('change', e => e.detail && told.push(e.detail.stride)); }");
    figure.evaluate("f => f.setAttribute('stride', 3)");
    assertThat(value(figure, "stride")).isEqualTo("3");
    figure.evaluate("f => { f.values = {stride: 1}; }");
    assertThat(value(figure, "stride")).isEqualTo("1");
    assertThat(page.evaluate("told.join()")).isEqualTo("");
    slide(figure, "stride", "2");
    page.waitForFunction("() => told.join() === '2'");
    figure.evaluate("f => f.undo()");
    page.waitForFunction("() => told.join() === '2,1'");
  }

  @Test
  void keysThatAFigureUsesDoNotReachThePageAroundIt() throws IOException {
    Page page = openHost(figure("") + "<input id=host>");
    Locator figure = ready(page, FIRST);
    page.evaluate(
        "() => { window.keys = []; for (const t of ['keydown', 'keyup']) addEventListener(t, e => keys.push(e.key)); }");
    figure.locator(".control[data-param=stride] input[type=range]").press("ArrowRight");
    figure.locator(".control[data-param=bias] input[type=number]").press("1");
    figure.locator(".cell[tabindex='0']").first().press("ArrowRight");
    figure.locator("[data-do=play]").press(" ");
    assertThat(page.evaluate("keys.filter(k => k !== 'Tab').join()")).isEqualTo("");
    page.locator("#host").press("a");
    assertThat(page.evaluate("keys.join()")).isEqualTo("a,a");
  }

  @Test
  void removedFiguresAreFreed() throws IOException {
    Page page = openHost("<div id=place></div>" + script());
    CDPSession session = page.context().newCDPSession(page);
    session.send("Performance.enable");
    String cycles =
        """
        async count => {
          for (let n = 0; n < count; n++) {
            const figure = document.createElement('conv-scope');
            figure.setAttribute('topic', n %% 2 ? 'weight-sharing' : '%s');
            const alive = new Promise(ok => figure.addEventListener('convscope-ready', ok));
            document.getElementById('place').append(figure);
            await alive;
            figure.remove();
          }
        }
        """
            .formatted(FIRST);
    page.evaluate(cycles, 10);
    double before = nodes(page, session);
    page.evaluate(cycles, 60);
    double after = nodes(page, session);
    assertThat(after - before)
        .as(before + " → " + after)
        .isLessThan(3000); // a figure has more than a thousand
  }

  /** How many nodes are left, once collecting finds no more: timers hold a figure for a moment. */
  private static double nodes(Page page, CDPSession session) {
    double before = Double.POSITIVE_INFINITY;
    for (double now = count(session); now < before; now = count(session)) {
      before = now;
      page.waitForTimeout(500);
    }
    return before;
  }

  private static double count(CDPSession session) {
    session.send("HeapProfiler.collectGarbage");
    for (var metric : session.send("Performance.getMetrics").getAsJsonArray("metrics")) {
      JsonObject of = metric.getAsJsonObject();
      if (of.get("name").getAsString().equals("Nodes")) {
        return of.get("value").getAsDouble();
      }
    }
    throw new AssertionError("no count of nodes");
  }

  @Test
  void aMisspeltAttributeIsNamedAndAStrangeOneIsNot() throws IOException {
    Page page = openHost(figure("kernal=5 ng-version=17"));
    Locator figure = ready(page, FIRST);
    figure
        .locator(".status >> text=kernal: there is no such parameter; “kernel” is perhaps meant.")
        .waitFor();
    assertThat(figure.locator(".status").textContent()).doesNotContain("ng-version");
  }

  @Test
  void anAuthorCanLockControlsTransportAndEveryValue() throws IOException {
    Page page = openHost(figure("controls='stride kernel' transport=none"));
    Locator figure = ready(page, FIRST);
    assertThat(figure.locator(".control:visible").count()).isEqualTo(2);
    assertThat(figure.locator(".transport:visible").count()).isZero();
    slide(figure, "stride", "1");
    assertThat(value(figure, "stride")).isEqualTo("1");
    assertThat(figure.evaluate("f => f.change('padding', '3')"))
        .isEqualTo("Only these can be changed here: stride, kernel.");
    Page locked = open("embed/" + FIRST + ".html?readonly=on&stride=3");
    Locator fixed = ready(locked, FIRST);
    assertThat(fixed.locator(".controls:visible").count()).isZero();
    assertThat(fixed.locator(".transport:visible").count()).isEqualTo(1);
    assertThat(fixed.evaluate("f => f.change('in/0,0', '3')"))
        .isEqualTo("The values of this figure are fixed.");
    assertThat(value(fixed, "stride")).isEqualTo("3");
  }

  @Test
  void aFrameTellsWhatHappensInItAndIsSetFromOutside() throws IOException {
    Page page =
        openHost(
            "<script>window.told = []; addEventListener('message', e => told.push(e.data))</script>"
                + "<iframe id=f width=900 height=800 src='"
                + site().open.url()
                + "embed/"
                + FIRST
                + ".html?stride=3'></iframe>");
    page.waitForFunction(
        "() => told.some(m => m.convscope === 'ready' && m.values.stride === '3')");
    page.evaluate(
        "() => document.getElementById('f').contentWindow.postMessage({convscope: 'set', values: {stride: 2}, step: 1}, '*')");
    page.waitForFunction("() => told.some(m => m.convscope === 'step' && m.step === 1)");
    assertThat(page.evaluate("told.filter(m => m.convscope === 'change').length")).isEqualTo(0);
    Locator stride =
        page.frameLocator("#f").locator(".control[data-param=stride] input[type=range]");
    stride.press("ArrowRight");
    page.waitForFunction(
        "slug => told.some(m => m.convscope === 'change' && m.slug === slug && m.values.stride === '3')",
        FIRST);
  }

  @Test
  void aPageInThePlaceOfAModuleLeadsToItsScriptAndEveryFigureLives() {
    Page page = newPage(new Browser.NewContextOptions());
    page.route(
        "**/*.wasm",
        route ->
            route.fulfill(
                new Route.FulfillOptions()
                    .setContentType("text/html")
                    .setBody("<h1>Blocked</h1>")));
    page.navigate(site().strict.url() + FIRST_PAGE);
    ready(page, FIRST);
    ready(page, "weight-sharing");
  }

  @Test
  void figuresThatCouldNotBeLoadedSayWhyAtTheirSizeAndComeWhenTriedAgain() {
    expectError("Failed to load resource|ERR_FAILED");
    Page page = newPage(new Browser.NewContextOptions());
    page.route("**/engine-chapter-1.*", Route::abort);
    page.navigate(site().strict.url() + FIRST_PAGE);
    Locator figure = page.locator("conv-scope").first();
    double height = figure.boundingBox().height;
    figure
        .locator(".status >> text=If the site has been updated meanwhile, reload the page.")
        .waitFor();
    assertThat(figure.boundingBox().height).isBetween(height - 5, height + 120);
    page.unroute("**/engine-chapter-1.*");
    // no click of Playwright's, which scrolls first: seen again, the figure would try by itself
    figure.locator("button.again").evaluate("button => button.click()");
    ready(page, FIRST);
    assertThat(figure.locator(".status").textContent()).isEmpty();
  }
}
