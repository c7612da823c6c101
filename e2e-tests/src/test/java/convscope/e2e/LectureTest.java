package convscope.e2e;

import static convscope.e2e.Figures.FIRST;
import static convscope.e2e.Figures.FIRST_PAGE;
import static convscope.e2e.Figures.ready;
import static convscope.e2e.Figures.slide;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ReducedMotion;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Figures that play by themselves, that the prose sets, and that fill a screen. */
class LectureTest extends SiteTest {
  private static Object values(Locator figure) {
    figure.evaluate(
        "async f => { do await new Promise(ok => setTimeout(ok, 30)); while (f.busy); }");
    return figure.evaluate("f => f.values");
  }

  @Test
  void aButtonOfTheProseSetsEveryParameterAndTakesThatBackWhileTheReaderStays() {
    Page page = open(FIRST_PAGE);
    Locator figure = ready(page, FIRST);
    Object plain = values(figure);
    Locator button = page.locator(".aside button[data-for='" + FIRST + "']").first();
    assertThat(button.getAttribute("aria-pressed")).isEqualTo("false");
    slide(figure, "dilation", "2");
    Object before = values(figure);
    assertThat(before).isNotEqualTo(plain);
    button.click();
    assertThat(values(figure)).isNotEqualTo(before);
    assertThat(figure.evaluate("f => f.values.dilation")).isEqualTo("1"); // its default
    assertThat(button.getAttribute("aria-pressed")).isEqualTo("true");
    double y = button.boundingBox().y;
    assertThat(y).isBetween(0.0, page.viewportSize().height - 10.0);
    button.click();
    assertThat(values(figure)).isEqualTo(before);
    assertThat(button.getAttribute("aria-pressed")).isEqualTo("false");
    button.click();
    values(figure);
    slide(figure, "padding", "0");
    values(figure);
    assertThat(button.getAttribute("aria-pressed")).isEqualTo("false");
  }

  @Test
  void whereFigureAndButtonDoNotFitTogetherThePageStaysAndANoteLeadsThereAndBack() {
    Page page =
        open(site().strict, FIRST_PAGE, new Browser.NewContextOptions().setViewportSize(390, 780));
    Locator figure = ready(page, FIRST);
    Locator button = page.locator(".aside button[data-for='" + FIRST + "']").last();
    button.scrollIntoViewIfNeeded();
    Object scrolled = page.evaluate("scrollY");
    button.click();
    values(figure);
    assertThat(page.evaluate("scrollY")).isEqualTo(scrolled);
    page.getByText("Show the figure").click();
    assertThat(figure.locator(".drawing").boundingBox().y).isBetween(0.0, 400.0);
    page.getByText("Back to the text").click();
    assertThat(button.boundingBox().y).isBetween(0.0, 750.0);
    assertThat(button.evaluate("b => b === document.activeElement")).isEqualTo(true);
    assertThat(page.locator(".elsewhere").count()).isZero();
  }

  @Test
  void anAddressHoldsEveryFigureThatTheReaderChanged() {
    Page page = open(FIRST_PAGE);
    slide(ready(page, FIRST), "padding", "2");
    slide(ready(page, "weight-sharing"), "padding", "1");
    page.waitForURL(url -> url.contains(FIRST + ".padding=2") && url.endsWith("#weight-sharing"));
    Page again = newPage(new Browser.NewContextOptions());
    again.navigate(page.url());
    assertThat(ready(again, FIRST).evaluate("f => f.values.padding")).isEqualTo("2");
    assertThat(ready(again, "weight-sharing").evaluate("f => f.values.padding")).isEqualTo("1");
  }

  @Test
  void aFigureIsPresentedAloneStepsWithTheArrowsBlanksAndGoesOnToTheNext() {
    Page page = open(FIRST_PAGE);
    Locator figure = ready(page, FIRST);
    page.locator("[data-present]").click();
    page.waitForFunction("() => document.querySelector('[data-presenting]')");
    assertThat(figure.locator(".controls").isVisible()).isFalse();
    int step = (int) figure.evaluate("f => f.step");
    page.keyboard().press("ArrowRight");
    values(figure);
    assertThat(figure.evaluate("f => f.step")).isEqualTo(step + 1);
    page.keyboard().press("b");
    assertThat(figure.locator(".figure").isVisible()).isFalse();
    page.keyboard().press("b");
    assertThat(figure.locator(".figure").isVisible()).isTrue();
    assertThat(figure.evaluate("f => f.values.padding"))
        .isEqualTo("0"); // as the lecture path sets it
    page.keyboard().press("End");
    values(figure);
    page.keyboard().press("PageDown"); // the next stop of the lecture path
    page.waitForFunction(
        "() => document.querySelector('[data-presenting]')?.topic === 'weight-sharing'");
    assertThat(values(ready(page, "weight-sharing"))).asString().contains("show=names");
    page.keyboard().press("Escape");
    page.waitForFunction("() => !document.querySelector('[data-presenting]')");
    assertThat(figure.locator(".controls").isVisible()).isTrue();
  }

  @Test
  void aFigurePlaysOnceByItselfUpToTheStepItBeginsAtUnlessItIsToldNotTo() {
    for (String autoplay : List.of("", "off")) {
      Page page =
          newPage(new Browser.NewContextOptions().setReducedMotion(ReducedMotion.NO_PREFERENCE));
      page.addInitScript(
          "addEventListener('step', event => (globalThis.seen ??= []).push(event.detail.step), true);"
              + (autoplay.isEmpty()
                  ? ""
                  : "new MutationObserver(() => document.querySelector('conv-scope')?.setAttribute('autoplay', 'off'))"
                      + ".observe(document, {childList: true, subtree: true});"));
      page.navigate(site().strict.url() + "embed/" + FIRST + ".html");
      ready(page, FIRST);
      if (autoplay.isEmpty()) {
        page.waitForFunction("() => globalThis.seen?.at(-1) === 6");
      } else {
        page.waitForTimeout(1500); // in which it would have played three steps
      }
      assertThat(page.evaluate("() => globalThis.seen ?? []"))
          .isEqualTo(autoplay.isEmpty() ? List.of(0, 1, 2, 3, 4, 5, 6) : List.of());
      assertThat(page.url()).doesNotContain("step");
    }
  }

  @Test
  void theInvitationLeavesOnceTheFigureIsUsedAndTheColoursAreNamed() {
    Page page = open("embed/" + FIRST + ".html");
    Locator figure = ready(page, FIRST);
    assertThat(figure.locator(".invite").innerText())
        .isEqualTo("Drag the window, point at a cell, type into it.");
    assertThat(figure.locator(".key").innerText().split("\\s+"))
        .containsExactly("input", "weight", "output", "negative");
    double below = below(figure);
    figure.locator("[data-do=forward]").click();
    assertThat(figure.locator(".invite").isVisible()).isFalse();
    assertThat(below(figure)).isEqualTo(below);
  }

  private static double below(Locator figure) {
    return figure.locator(".drawing").boundingBox().y - figure.boundingBox().y;
  }
}
