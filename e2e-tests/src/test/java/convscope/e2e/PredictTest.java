package convscope.e2e;

import static convscope.e2e.Figures.ready;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ReducedMotion;
import org.junit.jupiter.api.Test;

/** Predictions beside the figures, and the self-checks that end a chapter. */
class PredictTest extends SiteTest {
  private static final String CHAPTER = "2-output-shape/index.html";

  private static Locator prediction(Page page, String topic) {
    ready(page, topic);
    return page.locator("#" + topic + " .predict");
  }

  private static void said(Locator question, String text) {
    PlaywrightAssertions.assertThat(question.locator(".verdict")).containsText(text);
  }

  private static Object value(Page page, String topic, String name) {
    Locator figure = page.locator("conv-scope[topic='" + topic + "']");
    figure.evaluate(
        "async f => { do await new Promise(ok => setTimeout(ok, 30)); while (f.busy); }");
    return figure.evaluate("(f, name) => f.values[name]", name);
  }

  @Test
  void aWrongPredictionIsToldWhyAndTheFigureShowsWhatIsRightOnlyThen() {
    Page page = open(CHAPTER);
    Locator asked = prediction(page, "stride");
    assertThat(asked.locator(".reason").isVisible()).isFalse();
    asked.getByLabel("3 × 3").check();
    assertThat(value(page, "stride", "kernel")).isEqualTo("3");
    assertThat(value(page, "stride", "cells")).isEqualTo("values");
    asked.getByText("Commit").click();
    said(asked, "No. The right answer is: 4 × 4.");
    assertThat(asked.locator(".reason").isVisible()).isTrue();
    assertThat(value(page, "stride", "kernel")).isEqualTo("4");
    assertThat(value(page, "stride", "cells")).isEqualTo("reads");
    page.locator("conv-scope[topic='stride'] [data-do='undo']").click();
    assertThat(value(page, "stride", "kernel")).isEqualTo("3");
  }

  @Test
  void aRightPredictionPlaysTheFigureFromItsStart() {
    Page page =
        open(
            site().strict,
            "1-local-linear-map/index.html",
            new Browser.NewContextOptions().setReducedMotion(ReducedMotion.NO_PREFERENCE));
    Locator asked = prediction(page, "local-receptive-field");
    asked.getByLabel("Your answer").fill("9");
    asked.getByText("Commit").click();
    said(asked, "Right: 9.");
    assertThat(value(page, "local-receptive-field", "stride")).isEqualTo("1");
    page.waitForFunction(
        "() => { const f = document.querySelector('conv-scope'); return f.playing && f.step > 0; }");
  }

  @Test
  void theKeyboardAloneCommitsAndOpensTheQuestionAgain() {
    Page page = open("3-parameters-flops/index.html");
    Locator asked = prediction(page, "parameter-count");
    asked.getByLabel("Your answer").focus();
    page.keyboard().press("Enter");
    said(asked, "Give an answer first.");
    page.keyboard().type("many");
    page.keyboard().press("Enter");
    said(asked, "not a number");
    page.keyboard().press("Control+A");
    page.keyboard().type("36 864");
    page.keyboard().press("Enter");
    said(asked, "That is what the mistake “Groups forgotten” gives. The figure shows 4,608.");
    assertThat(page.evaluate("document.activeElement.textContent")).isEqualTo("Answer again");
    page.keyboard().press("Enter");
    assertThat(asked.locator(".verdict").textContent()).isEmpty();
    page.keyboard().type("4608");
    page.keyboard().press("Enter");
    said(asked, "Right: 4,608.");
  }

  @Test
  void aCellCanBePointedAt() {
    Page page = open("4-pooling/index.html");
    Locator asked = prediction(page, "max-pooling");
    Figures.cell(page.locator("conv-scope[topic='max-pooling']"), "in/3,2").click();
    assertThat(asked.getByLabel("Your answer").inputValue()).isEqualTo("3, 2");
    asked.getByText("Commit").click();
    said(asked, "Right: (3, 2).");
  }

  @Test
  void aCommitmentStaysForTheSessionAndTheFigureAsItsAddressHasIt() {
    Page page = open(CHAPTER);
    Locator asked = prediction(page, "stride");
    asked.getByLabel("4 × 4").check();
    asked.getByText("Commit").click();
    said(asked, "Right.");
    page.navigate(page.url().replaceFirst("[?#].*", ""));
    said(prediction(page, "stride"), "Right.");
    assertThat(value(page, "stride", "kernel")).isEqualTo("3");
  }

  @Test
  void selfChecksAreDrawnAnewBySeedCountedAndShownInTheirFigures() {
    Page page = open(CHAPTER);
    ready(page, "stride");
    Locator checks = page.locator(".checks");
    Locator seed = checks.getByLabel("Seed");
    assertThat(checks.locator(".check").count()).isEqualTo(5);
    String first = checks.locator(".check").first().locator("p").first().textContent();
    seed.fill("class 7b");
    seed.press("Enter");
    page.waitForFunction(
        "first => document.querySelector('.check p').textContent !== first", first);
    String drawn = checks.locator(".check").first().locator("p").first().textContent();
    Locator stride = checks.locator(".check").first();
    int[] numbers =
        java.util.Arrays.stream(drawn.replaceAll("\\D+", " ").trim().split(" "))
            .mapToInt(Integer::parseInt)
            .toArray(); // rows, window, stride, padding
    int right = (numbers[0] + 2 * numbers[3] - numbers[1]) / numbers[2] + 1;
    stride.getByLabel("Your answer").fill(String.valueOf(right));
    stride.getByText("Check", new Locator.GetByTextOptions().setExact(true)).click();
    said(stride, "Right: " + right + ".");
    PlaywrightAssertions.assertThat(checks.locator("[data-score]")).hasText("1 of 5 right");
    stride.getByText("Show it in the figure").click();
    assertThat(value(page, "stride", "stride")).isEqualTo(numbers[2] + "");
    checks.getByText("New numbers").click();
    page.waitForFunction("() => document.querySelector('[data-seed]').value !== 'class 7b'");
    PlaywrightAssertions.assertThat(stride.locator(".verdict")).isEmpty();
    seed.fill("class 7b");
    seed.press("Enter");
    PlaywrightAssertions.assertThat(stride.locator("p").first()).hasText(drawn);
  }

  @Test
  void withoutScriptsQuestionsHaveTheirAnswersToOpen() {
    Page page =
        open(site().strict, CHAPTER, new Browser.NewContextOptions().setJavaScriptEnabled(false));
    Locator asked = page.locator("#stride .predict");
    assertThat(asked.locator("form").isVisible()).isFalse();
    asked.locator("summary").click();
    assertThat(asked.locator("details").innerText()).contains("Answer: 4 × 4.");
    assertThat(page.locator(".check").first().locator("summary").isVisible()).isTrue();
  }

  @Test
  void axeFindsNothingWhereQuestionsAreAnswered() {
    // without the policy, since axe puts a style of its own into the page
    Page page = open(site().open, CHAPTER, new Browser.NewContextOptions());
    Locator asked = prediction(page, "stride");
    asked.getByLabel("3 × 3").check();
    asked.getByText("Commit").click();
    said(asked, "No.");
    Locator check = page.locator(".check").nth(1);
    check.getByLabel("Your answer").fill("1 x 1");
    check.getByText("Check", new Locator.GetByTextOptions().setExact(true)).click();
    said(check, "The figure shows");
    assertThat(
            new AxeBuilder(page).include(".predict").include(".checks").analyze().getViolations())
        .isEmpty();
  }
}
