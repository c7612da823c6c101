package convscope.e2e;

import static convscope.e2e.Figures.FIRST;
import static convscope.e2e.Figures.FIRST_PAGE;
import static convscope.e2e.Figures.cell;
import static convscope.e2e.Figures.ready;
import static convscope.e2e.Figures.slide;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a reader meets when the engine cannot start, stops or dies. */
class EngineTroubleTest extends SiteTest {
  // (module (memory (export "memory") 1) (func (export "call") unreachable)), and nothing else
  private static final byte[] TRAPPING =
      HexFormat.of()
          .parseHex(
              "0061736d01000000"
                  + "010401600000"
                  + "03020100"
                  + "0708010463616c6c0000"
                  + "0a05010300000b");

  @Test
  void aWorkerThatDiesMidAnimationIsReplacedAndTheFigureGoesOn() {
    Page page = open(FIRST_PAGE);
    Locator figure = ready(page, FIRST);
    figure.locator("[data-do=first]").click();
    figure.locator("[data-do=play]").click();
    figure.locator(".count >> text=2 / 16").waitFor();
    page.evaluate("() => customElements.get('conv-scope').engine.worker.terminate()");
    figure.locator(".status >> text=restarted").waitFor();
    figure.locator(".count >> text=/^([6-9]|1[0-6]) .*/").waitFor();
    slide(figure, "stride", "1");
    figure.locator(".count >> text=/ 49").waitFor();
    assertThat(page.evaluate("() => customElements.get('conv-scope').engine.restarts"))
        .isEqualTo(1);
  }

  @Test
  void aTrapRestartsTheWorkerAndTellsTheReader() {
    Page page = newPage(new Browser.NewContextOptions());
    page.navigate(site().strict.url() + FIRST_PAGE);
    Locator figure = ready(page, FIRST);
    // the present worker answers the next request as a trapped one does
    page.evaluate(
        "() => customElements.get('conv-scope').engine.worker.onmessage({data: {id: 0, trapped: 'unreachable'}})");
    figure.locator(".status >> text=restarted").waitFor();
    slide(figure, "stride", "1");
    figure.locator(".count >> text=/ 49").waitFor();
  }

  @Test
  void anEngineThatAlwaysTrapsIsGivenUpWithTheLastFigureStanding() {
    Page page = newPage(new Browser.NewContextOptions());
    AtomicInteger served = new AtomicInteger();
    page.route(
        "**/*.wasm",
        route -> {
          served.incrementAndGet();
          route.fulfill(
              new Route.FulfillOptions().setContentType("application/wasm").setBodyBytes(TRAPPING));
        });
    page.navigate(site().strict.url() + FIRST_PAGE);
    Locator figure = page.locator("conv-scope").first();
    figure.locator(".status >> text=stopped").waitFor();
    assertThat(figure.locator(".composition:visible svg .cell").count()).isPositive();
    assertThat(served.get()).isPositive();
  }

  @Test
  void aPictureReachesEveryChaptersModuleAndOutlivesTheWorker() {
    Page page = open(FIRST_PAGE);
    Locator figure = ready(page, FIRST);
    page.evaluate(
        "() => customElements.get('conv-scope').engine.addPicture('own', {width: 40, height: 24, origin: 'a test',"
            + " rgba: new Uint8Array(40 * 24 * 4).fill(255)}, 'output-height')");
    figure.evaluate("f => { f.values = {input: 'own'}; }");
    figure.locator(".composition:visible .title >> text=24 × 40").first().waitFor();
    page.evaluate("() => customElements.get('conv-scope').engine.worker.terminate()");
    slide(figure, "kernel", "5");
    figure.locator(".status >> text=restarted").waitFor();
    cell(figure, "k/4,2").waitFor(); // the first of the two sliders is the height
    figure.locator(".composition:visible .title >> text=24 × 40").first().waitFor();
  }

  @Test
  void aModuleThatCannotBeLoadedStopsItsOwnFiguresAlone() {
    expectError("Failed to load resource|ERR_FAILED");
    Page page = newPage(new Browser.NewContextOptions());
    page.route("**/engine-chapter-2.*", route -> route.abort());
    page.navigate(site().strict.url() + FIRST_PAGE);
    Locator figure = ready(page, FIRST);
    page.evaluate(
        "() => document.querySelector('conv-scope').after(Object.assign(document.createElement('conv-scope'), {id: 'lost'}))");
    page.locator("#lost").evaluate("f => f.setAttribute('topic', 'output-height')");
    page.locator("#lost .status >> text=The engine could not be loaded from").waitFor();
    slide(figure, "stride", "1");
    figure.locator(".count >> text=/ 49").waitFor();
  }

  @Test
  void withGarbageCollectionButNoExceptionReferencesTheFigureStaysAndSaysWhy() {
    Page page = newPage(new Browser.NewContextOptions());
    page.addInitScript(
        """
        // as before exception references: nothing with try_table (31, of no result, without a catch) is valid
        const valid = WebAssembly.validate;
        WebAssembly.validate = (bytes) => valid(bytes) && !new Uint8Array(bytes).join().includes("31,64,0,");
        """);
    page.navigate(site().strict.url() + FIRST_PAGE);
    Locator figure = page.locator("conv-scope").first();
    figure
        .locator(
            ".status >> text=Chrome and Edge have both from version 137, Firefox from 131, Safari from 18.4")
        .waitFor();
    assertThat(figure.locator(".composition:visible svg .cell").count()).isPositive();
    assertThat(figure.locator("fieldset.controls").evaluate("f => f.disabled")).isEqualTo(true);
  }

  @Test
  void withStorageRefusedEverythingWorks() {
    Page page = newPage(new Browser.NewContextOptions());
    page.addInitScript(
        "for (const name of ['localStorage', 'sessionStorage', 'indexedDB']) Object.defineProperty(window, name, {get() { throw new DOMException('denied', 'SecurityError'); }})");
    page.navigate(site().strict.url() + FIRST_PAGE);
    Locator figure = ready(page, FIRST);
    slide(figure, "stride", "1");
    figure.locator(".count >> text=/ 49").waitFor();
    page.locator("[data-theme-button]").click();
    page.locator("[data-theme-button]").click();
    assertThat(page.locator("html").getAttribute("data-theme")).isEqualTo("dark");
  }

  @Test
  void reducedMotionCutsInsteadOfGliding() {
    Page page =
        open(
            site().strict,
            FIRST_PAGE,
            new Browser.NewContextOptions()
                .setReducedMotion(com.microsoft.playwright.options.ReducedMotion.REDUCE));
    Locator figure = ready(page, FIRST);
    figure.locator("[data-do=first]").click();
    figure.locator(".count >> text=1 / 16").waitFor();
    Object moved =
        figure.evaluate(
            "async f => { const w = () => f.shadowRoot.querySelector('.composition:not([hidden]) .window').getAttribute('x');"
                + " const before = w(); f.shadowRoot.querySelector('[data-do=forward]').click();"
                + " const seen = new Set(); for (let i = 0; i < 40; i++) { seen.add(w()); await new Promise(requestAnimationFrame); }"
                + " seen.delete(before); return seen.size; }");
    assertThat(((Number) moved).intValue()).isLessThanOrEqualTo(1);
  }
}
