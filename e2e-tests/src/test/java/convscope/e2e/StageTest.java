package convscope.e2e;

import static convscope.e2e.Figures.FIRST;
import static convscope.e2e.Figures.awaitCaption;
import static convscope.e2e.Figures.ready;
import static convscope.e2e.Figures.slide;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ReducedMotion;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where the parts of a figure stand, and its fields. */
class StageTest extends SiteTest {
  private static final String PAGE = "embed/" + FIRST + ".html";

  private Page open(int width, int height, boolean scripts) {
    return open(
        site().strict,
        PAGE,
        new Browser.NewContextOptions()
            .setViewportSize(width, height)
            .setJavaScriptEnabled(scripts));
  }

  /** The figure, its drawing as high as a drawing may be, whatever the topic draws. */
  private Locator highest(int width, int height) {
    Locator figure = ready(open(width, height, true), FIRST);
    figure.evaluate(
        "f => { const wide = f.shadowRoot.querySelector('.drawing').dataset.show === 'wide';"
            + " const svg = f.shadowRoot.querySelector(wide ? '.wide svg' : '.narrow svg');"
            + " svg.setAttribute('width', wide ? 640 : 336); svg.setAttribute('height', 400);"
            + " svg.setAttribute('viewBox', wide ? '0 0 640 400' : '0 0 336 400'); }");
    return figure;
  }

  private static Locator control(Locator figure, int n) {
    return figure.locator(".control").nth(n);
  }

  private static double bottom(Locator part) {
    BoundingBox box = part.boundingBox();
    return box.y + box.height;
  }

  /** How far the transport stands below the figure's top. */
  private static double below(Locator figure) {
    return figure.locator(".transport").boundingBox().y - figure.boundingBox().y;
  }

  private static Locator number(Locator figure, String name, int n) {
    return figure.locator("[data-param='" + name + "'] input[type=number]").nth(n);
  }

  @Test
  void aPhoneShowsDrawingEquationTransportAndTheFirstControlsTogether() {
    Locator figure = highest(390, 780);
    assertThat(figure.locator(".bar").boundingBox().y).isNotNegative();
    assertThat(bottom(control(figure, 1))).isLessThanOrEqualTo(780);
    assertThat(control(figure, 1).boundingBox().y)
        .isGreaterThan(bottom(figure.locator(".transport")) - 1);
    assertThat(control(figure, 3).isVisible()).isFalse();
  }

  @Test
  void inAChaptersColumnTheTransportKeepsToOneRowUnderAFingerToo() {
    Page page =
        open(
            site().strict,
            Figures.FIRST_PAGE,
            new Browser.NewContextOptions()
                .setViewportSize(390, 780)
                .setHasTouch(true)
                .setIsMobile(true));
    BoundingBox transport = ready(page, FIRST).locator(".transport").boundingBox();
    assertThat(transport.height).isBetween(44.0, 60.0);
  }

  @Test
  void aMiddlingFigureShowsTheWideDrawingAndTheFirstControlsBelowIt() {
    Locator figure = highest(700, 760);
    assertThat(figure.locator(".composition.wide").isVisible()).isTrue();
    assertThat(bottom(control(figure, 2))).isLessThanOrEqualTo(760);
    assertThat(control(figure, 1).boundingBox().y).isEqualTo(control(figure, 0).boundingBox().y);
  }

  @Test
  void whereThereIsRoomAllControlsStandBesideTheDrawing() {
    Locator figure = highest(1000, 760);
    BoundingBox drawing = figure.locator(".drawing").boundingBox();
    assertThat(control(figure, 0).boundingBox().x).isGreaterThan(drawing.x + drawing.width);
    assertThat(control(figure, 0).boundingBox().y).isLessThan(drawing.y + 40);
    assertThat(figure.locator(".control:not([hidden])").count())
        .isEqualTo(figure.locator(".control:visible").count());
    assertThat(figure.locator(".fold").isVisible()).isFalse();
  }

  @Test
  void aDrawingIsShownAtMostAThirdLargerThanItIsMade() {
    Locator figure = ready(open(1900, 900, true), FIRST);
    assertThat(figure.locator(".composition:visible").boundingBox().width)
        .isLessThanOrEqualTo(640 * 1.35);
  }

  @Test
  void theOtherControlsUnfoldWithTheKeyboardAndWithoutScripts() {
    for (boolean scripts : new boolean[] {true, false}) {
      Page page = open(390, 780, scripts);
      Locator figure = page.locator("conv-scope");
      Locator summary = figure.locator(".fold summary");
      int all = figure.locator(".control:not([hidden])").count();
      assertThat(summary.innerText()).isEqualTo("All controls (" + all + ")");
      assertThat(figure.locator(".control:visible").count()).isEqualTo(3);
      summary.press("Enter");
      assertThat(figure.locator(".control:visible").count()).isEqualTo(all);
      summary.press("Enter");
      assertThat(figure.locator(".control:visible").count()).isEqualTo(3);
    }
  }

  /** Notes every shift of the page, and how often each figure went to another step. */
  private static final String WATCH =
      """
      window.shifts = [];
      window.steps = {};
      addEventListener("step", ({ target }) => (steps[target.topic] = (steps[target.topic] ?? 0) + 1));
      new PerformanceObserver((list) => {
        shifts.push(...list.getEntries().map(({ value }) => value));
      }).observe({ type: "layout-shift", buffered: true });
      """;

  @Test
  void nothingOnAPageMovesWhileItLoadsAndItsFiguresPlayByThemselves() {
    for (int width : new int[] {412, 1350}) {
      Page page =
          newPage(
              new Browser.NewContextOptions()
                  .setViewportSize(width, 900)
                  .setReducedMotion(ReducedMotion.NO_PREFERENCE));
      page.addInitScript(WATCH);
      page.navigate(site().strict.url() + "4-pooling/index.html");
      for (String slug : new String[] {"max-pooling", "average-pooling", "strided-convolution"}) {
        ready(page, slug)
            .evaluate("f => scrollTo(0, f.getBoundingClientRect().top + scrollY - 60)");
        page.waitForFunction("slug => steps[slug] >= 3", slug);
      }
      assertThat((List<?>) page.evaluate("shifts")).as("at " + width).isEmpty();
    }
  }

  @Test
  void whereCellsAreTooSmallForTheirNumbersTheKeySaysThatOnePointsAtThem() {
    Browser.NewContextOptions phone = new Browser.NewContextOptions().setViewportSize(390, 780);
    String large = "embed/weight-sharing.html?size=5&kernel=2&padding=1"; // 36 × 25
    Locator figure = ready(open(site().strict, large, phone), "weight-sharing");
    double top = figure.locator(".drawing").boundingBox().y;
    figure.locator(".name").click();
    Locator marks = figure.locator(".marks");
    assertThat(marks.isVisible()).isTrue();
    Locator key = figure.locator(".key");
    assertThat((Object) key.evaluate("e => e.scrollWidth - e.clientWidth")).isEqualTo(0);
    assertThat(figure.locator(".drawing").boundingBox().y).isEqualTo(top);
    figure.evaluate("f => f.values = { padding: '0', size: '4' }");
    marks.waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.HIDDEN));
  }

  @Test
  void whatIsBelowTheDrawingStaysInItsPlaceWhateverTheEquationSays() {
    for (int width : new int[] {390, 700, 1000}) {
      Locator figure = ready(open(width, 780, true), FIRST);
      double transport = below(figure);
      for (int step = 0; step < 16; step += 5) {
        figure.locator("[data-do=scrub]").fill(String.valueOf(step));
        awaitCaption(figure, "y[" + step / 4 + ", " + step % 4 + "]");
        assertThat(below(figure)).as("step " + step + " at " + width).isEqualTo(transport);
      }
    }
  }

  @Test
  void aLongEquationScrollsInItsPlaceAndTheKeyboardReachesIt() {
    Locator figure = ready(open(390, 780, true), FIRST);
    Locator equation = figure.locator(".equation");
    double height = equation.boundingBox().height;
    assertThat(equation.getAttribute("tabindex")).isNull();
    slide(figure, "kernel", "5");
    figure.locator(".composition:visible .title >> text=5 × 5").first().waitFor();
    assertThat(equation.boundingBox().height).isEqualTo(height);
    figure.locator(".equation[tabindex='0']").waitFor(); // once the figure rests
  }

  @Test
  void aFigureTakesTheSamePlaceBeforeAndAfterItComesToLife() {
    for (int width : new int[] {390, 700, 1000}) {
      Locator still = open(width, 780, false).locator("conv-scope");
      Locator live = ready(open(width, 780, true), FIRST);
      assertThat(live.boundingBox().height).as("at " + width).isEqualTo(still.boundingBox().height);
    }
  }

  // ---- fields

  @Test
  void aSliderAndItsNumberFieldStayInStep() {
    Locator figure = ready(open(1000, 780, true), FIRST);
    slide(figure, "stride", "3");
    assertThat(number(figure, "stride", 0).inputValue()).isEqualTo("3");
    number(figure, "stride", 0).fill("4");
    number(figure, "stride", 0).press("Enter");
    figure.locator(".composition:visible .title >> text=2 × 2").first().waitFor();
    assertThat(figure.locator("input[name=stride]").inputValue()).isEqualTo("4");
    number(figure, "stride", 0).press("ArrowDown");
    figure.locator(".composition:visible .title >> text=3 × 3").nth(1).waitFor();
    assertThat(figure.locator("input[name=stride]").inputValue()).isEqualTo("3");
  }

  @Test
  void thePairHasASliderForBothAndANumberForEach() {
    Locator figure = ready(open(1000, 780, true), FIRST);
    slide(figure, "kernel", "4");
    figure.locator(".composition:visible .title >> text=4 × 4").first().waitFor();
    number(figure, "kernel", 1).fill("2");
    number(figure, "kernel", 1).press("Tab");
    figure.locator(".composition:visible .title >> text=4 × 2").first().waitFor();
    assertThat(figure.locator("input[name=kernel]").getAttribute("aria-valuetext"))
        .isEqualTo("4 × 2");
  }

  @Test
  void aNumberCountsWhenItIsTypedToItsEndAndEscapeTakesItBack() {
    Page page = open(1000, 780, true);
    Locator figure = ready(page, FIRST);
    Locator bias = number(figure, "bias", 0);
    bias.fill("");
    page.keyboard().type("12");
    assertThat(figure.evaluate("f => f.values.bias")).isEqualTo("0");
    page.keyboard().press("Escape");
    assertThat(bias.inputValue()).isEqualTo("0");
    bias.fill("");
    page.keyboard().type("12");
    page.keyboard().press("Tab");
    page.waitForFunction("() => document.querySelector('conv-scope').values.bias === '12'");
    assertThat(figure.locator("input[name=bias]").inputValue()).isEqualTo("12");
  }

  @Test
  void aNumberThatIsRefusedStaysMarkedUntilTheFieldIsLeftAndTheMessageNamesWhatIsKept() {
    Page page =
        open(
            site().strict,
            PAGE + "?bias=5",
            new Browser.NewContextOptions().setViewportSize(1000, 780));
    Locator figure = ready(page, FIRST);
    Locator bias = number(figure, "bias", 0);
    Locator message = figure.locator("[data-param='bias'] .problem");
    bias.fill("");
    page.keyboard().type("25");
    assertThat(bias.inputValue()).as("nothing is said of its first digit").isEqualTo("25");
    assertThat(message.count()).isZero();
    page.keyboard().press("Enter");
    message.locator("text=bias: “25” is not a number from −20 to 20; keeping 5").waitFor();
    assertThat(bias.inputValue()).isEqualTo("25");
    assertThat(bias.getAttribute("aria-invalid")).isEqualTo("true");
    assertThat(bias.getAttribute("aria-describedby")).isEqualTo(message.getAttribute("id"));
    page.keyboard().press("Tab");
    assertThat(bias.inputValue()).isEqualTo("5");
    assertThat(bias.getAttribute("aria-invalid")).isNull();
    assertThat(page.url()).endsWith("?bias=5");
    bias.fill("7");
    page.keyboard().press("Tab");
    page.waitForFunction("() => document.querySelector('conv-scope').values.bias === '7'");
    page.waitForCondition(() -> message.count() == 0);
  }

  @Test
  void aRefusedNumberThatIsLeftAtOnceIsToldToo() {
    Page page = open(1000, 780, true);
    Locator figure = ready(page, FIRST);
    number(figure, "kernel", 1).fill("99");
    page.keyboard().press("Tab");
    figure.locator("[data-param='kernel'] .problem >> text=keeping 3").waitFor();
    page.waitForCondition(() -> number(figure, "kernel", 1).inputValue().equals("3"));
  }
}
