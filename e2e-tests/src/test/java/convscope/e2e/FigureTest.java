package convscope.e2e;

import static convscope.e2e.Figures.FIRST;
import static convscope.e2e.Figures.FIRST_PAGE;
import static convscope.e2e.Figures.awaitCaption;
import static convscope.e2e.Figures.caption;
import static convscope.e2e.Figures.cell;
import static convscope.e2e.Figures.ready;
import static convscope.e2e.Figures.slide;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import org.junit.jupiter.api.Test;

/** What a reader does with a figure. */
class FigureTest extends SiteTest {
  @Test
  void aSliderChangesTheDrawingTheEquationAndTheCaption() {
    Locator figure = ready(open(FIRST_PAGE), FIRST);
    String before = caption(figure);
    slide(figure, "stride", "3");
    figure.locator(".composition:visible .title >> text=3 × 3").first().waitFor();
    assertThat(caption(figure)).isNotEqualTo(before);
  }

  @Test
  void anInputCellIsEditedByClickingAndTyping() {
    Page page = open(FIRST_PAGE);
    Locator figure = ready(page, FIRST);
    cell(figure, "in/3,3").click();
    page.keyboard().type("9");
    page.keyboard().press("Enter");
    cell(figure, "in/3,3").locator("text=9").waitFor();
    assertThat(figure.locator("select[name='input']").inputValue()).isEqualTo("custom");
  }

  @Test
  void aTextThatIsNoNumberIsRefusedBesideTheCellAndNothingIsLost() {
    Page page = open(FIRST_PAGE);
    Locator figure = ready(page, FIRST);
    cell(figure, "k/1,1").click();
    page.keyboard().type("x");
    page.keyboard().press("Enter");
    figure.locator(".bubble:has-text('is not a number')").waitFor();
    assertThat(figure.locator("input.editor").inputValue()).isEqualTo("x");
    page.keyboard().press("Escape");
    cell(figure, "k/1,1").locator("text=0").waitFor();
  }

  @Test
  void pointingAtAnInputCellLightsTheOutputsThatReadIt() {
    Locator figure = ready(open(FIRST_PAGE), FIRST);
    cell(figure, "in/3,3").hover();
    awaitCaption(figure, "is read by");
    assertThat(figure.locator(".composition:visible [data-k^='out/'].linked").count()).isEqualTo(4);
  }

  @Test
  void pointingAtAKernelCellLightsItsTermAndBack() {
    Locator figure = ready(open(FIRST_PAGE), FIRST);
    cell(figure, "k/0,2").hover();
    figure.locator(".term.linked[data-k='k/0,2']").waitFor();
    figure.locator(".term[data-k='k/2,0']").hover();
    figure.locator(".composition:visible [data-k='k/2,0'].picked").waitFor();
  }

  @Test
  void playingAdvancesAndTheFigureKeepsItsSize() {
    Locator figure = ready(open(FIRST_PAGE), FIRST);
    figure.locator("[data-do=first]").click();
    figure.locator(".count >> text=1 / 16").waitFor();
    BoundingBox before = figure.boundingBox();
    figure.locator("[data-do=speed]").selectOption("4");
    figure.locator("[data-do=play]").click();
    figure.locator(".count >> text=16 / 16").waitFor();
    BoundingBox after = figure.boundingBox();
    assertThat(after.width).isEqualTo(before.width);
    assertThat(after.height).isEqualTo(before.height);
  }

  @Test
  void scrubbingShowsEveryStepInTheSameSize() {
    Locator figure = ready(open(FIRST_PAGE), FIRST);
    double height = figure.boundingBox().height;
    for (int step = 0; step < 16; step++) {
      figure.locator("[data-do=scrub]").fill(String.valueOf(step));
      awaitCaption(figure, "y[" + step / 4 + ", " + step % 4 + "]");
      assertThat(figure.boundingBox().height).as("step " + step).isEqualTo(height);
    }
  }

  @Test
  void aCombinationThatDoesNotFitSaysWhyAndKeepsTheDrawing() {
    Locator figure = ready(open(FIRST_PAGE), FIRST);
    slide(figure, "padding", "0");
    slide(figure, "kernel", "7");
    Locator dilation = figure.locator("[data-param='dilation'] input[type=number]");
    dilation.fill("3");
    dilation.press("Enter");
    figure.locator(".problems >> text=Conv2d: kernel").waitFor();
    assertThat(figure.locator(".problems").innerText())
        .contains("exceeds")
        .contains("raise padding");
    assertThat(figure.locator(".composition:visible svg .cell").count()).isPositive();
    slide(figure, "kernel", "1");
    figure
        .locator(".problems >> text=Conv2d")
        .waitFor(
            new Locator.WaitForOptions()
                .setState(com.microsoft.playwright.options.WaitForSelectorState.DETACHED));
  }

  @Test
  void aSliderStopsAtTheLastValueThatFitsAndSaysWhyBesideIt() {
    Locator figure = ready(open(FIRST_PAGE), FIRST);
    slide(figure, "padding", "0");
    slide(figure, "size", "5");
    slide(figure, "kernel", "5");
    Locator kernel = figure.locator("[data-param='kernel']");
    slide(figure, "kernel", "6"); // one beyond
    kernel.locator(".problem >> text=exceeds padded input 5").waitFor();
    assertThat(kernel.locator("input[type=range]").inputValue()).isEqualTo("5");
    assertThat(figure.locator(".problems").innerText()).isEmpty();
    slide(figure, "kernel", "3");
    kernel
        .locator(".problem")
        .waitFor(
            new Locator.WaitForOptions()
                .setState(com.microsoft.playwright.options.WaitForSelectorState.DETACHED));
  }

  @Test
  void thePermalinkOpensTheSameFigure() {
    Page page = open(FIRST_PAGE);
    Locator figure = ready(page, FIRST);
    slide(figure, "stride", "1");
    cell(figure, "k/0,0").click();
    page.keyboard().type("5");
    page.keyboard().press("Enter");
    cell(figure, "k/0,0").locator("text=5").waitFor();
    page.waitForFunction("() => location.search.includes('stride=1')");
    figure.locator("[data-do=scrub]").fill("3");
    awaitCaption(figure, "y[0, 3]");
    page.waitForFunction("() => location.search.includes('step=3')");
    page.mouse().move(1, 1);
    String link = page.url();
    String svg = figure.locator(".equation").innerText();
    Page again = newPage(new com.microsoft.playwright.Browser.NewContextOptions());
    again.navigate(link);
    Locator same = ready(again, FIRST);
    awaitCaption(same, "y[0, 3]");
    assertThat(same.locator(".equation").innerText()).isEqualTo(svg);
    assertThat(same.locator("select[name='preset']").inputValue()).isEqualTo("custom");
  }

  @Test
  void changesAndStepsAreEventsWithTheirValues() {
    Page page = open(FIRST_PAGE);
    Locator figure = ready(page, FIRST);
    page.evaluate(
        "() => { window.seen = []; for (const type of ['change', 'step'])"
            + " document.addEventListener(type, e => e.detail && seen.push([type, e.detail])); }");
    slide(figure, "stride", "1");
    page.waitForFunction("() => seen.some(([type, d]) => type === 'change' && d.stride === '1')");
    figure.locator("[data-do=forward]").click();
    page.waitForFunction("() => seen.some(([type, d]) => type === 'step' && d.steps === 49)");
  }

  @Test
  void invalidAttributesShowTheirProblemAndFallBack() {
    Page page = open(FIRST_PAGE);
    ready(page, FIRST);
    page.evaluate(
        "() => { const f = document.createElement('conv-scope'); f.id = 'bad'; f.setAttribute('topic', 'local-receptive-field');"
            + " f.setAttribute('stride', 'fast'); f.setAttribute('kernel', '5'); document.querySelector('conv-scope').before(f); }");
    Locator bad = page.locator("#bad");
    bad.locator(".problems >> text=stride: “fast” is not a whole number from 1 to 4; using 2")
        .waitFor();
    assertThat(bad.locator(".composition:visible [data-k='k/4,4']").count()).isEqualTo(1);
    page.evaluate(
        "() => { const f = document.createElement('conv-scope'); f.id = 'none'; f.setAttribute('topic', 'nothing'); document.querySelector('conv-scope').before(f); }");
    page.locator("#none >> text=there is no “nothing”").waitFor();
  }

  @Test
  void attributesChangeALiveFigure() {
    Page page = open(FIRST_PAGE);
    Locator figure = ready(page, FIRST);
    figure.evaluate("f => f.setAttribute('kernel', '1')");
    figure.locator(".composition:visible .title >> text=1 × 1").waitFor();
    figure.evaluate("f => f.removeAttribute('kernel')");
    figure.locator(".composition:visible [data-k='k/2,2']").waitFor();
  }

  @Test
  void theTextTwinFollowsTheFigure() {
    Locator figure = ready(open(FIRST_PAGE), FIRST);
    figure.locator("details.twin summary").click();
    assertThat(figure.locator("details.twin table").count()).isEqualTo(3);
    slide(figure, "stride", "1");
    figure.locator("details.twin >> text=output y, 7 × 7").waitFor();
  }

  @Test
  void theFigureIsCopiedAsAStandaloneDrawing() {
    Page page = open(FIRST_PAGE);
    Locator figure = ready(page, FIRST);
    figure.locator("[data-do=copy]").click();
    com.microsoft.playwright.Download svg =
        page.waitForDownload(() -> figure.locator("text=Download SVG").click());
    assertThat(svg.suggestedFilename()).endsWith(".svg");
    String text = read(svg);
    assertThat(text).startsWith("<svg").contains("xmlns").doesNotContain("var(--");
    com.microsoft.playwright.Download png =
        page.waitForDownload(
            () -> {
              if (figure.locator("text=Download PNG").count() == 0) {
                figure.locator("[data-do=copy]").click();
              }
              figure.locator("text=Download PNG").click();
            });
    assertThat(png.suggestedFilename()).endsWith(".png");
  }

  private static String read(com.microsoft.playwright.Download download) {
    try {
      return java.nio.file.Files.readString(download.path());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
