package convscope.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The training lab: a run from the first step to a drawing that is read, and what goes wrong. */
class TrainLabTest extends SiteTest {
  private static final String DIGITS = "train/index.html?data=digits&rate=0.05";

  @TempDir Path folder;

  private Page lab(String path) {
    Page page = open(path);
    page.setDefaultTimeout(60_000);
    page.locator("[data-do=play]:enabled").waitFor();
    return page;
  }

  private static void press(Page page, String what) {
    page.locator("[data-do=" + what + "]").click();
  }

  private static void said(Page page, String text) {
    page.locator("[data-said] >> text=" + text).waitFor();
  }

  private static double heldOut(Page page) {
    return Double.parseDouble(
        page.locator(".summary b").first().innerText().replaceAll("[^0-9.]", ""));
  }

  @Test
  void aRunLearnsToReadSmallDigitsAndShowsWhatItLearned() {
    Page page = lab(DIGITS + "&epochs=2");
    press(page, "play");
    said(page, "Step 94 of 94");
    page.locator(".summary small").waitFor();
    assertThat(heldOut(page)).as("%").isGreaterThan(70);
    assertThat(page.locator("[data-place=curves] svg").getAttribute("aria-label"))
        .contains("After 94 steps");
    for (String panel : List.of("filters", "maps", "mistakes")) {
      page.locator("[data-place=" + panel + "]").scrollIntoViewIfNeeded();
      page.locator("[data-place=" + panel + "] canvas").first().waitFor();
    }
    page.locator("[data-place=confusion]").scrollIntoViewIfNeeded();
    assertThat(page.locator("[data-place=confusion] tbody tr").count()).isEqualTo(10);
    page.locator("[data-place=statistics]").scrollIntoViewIfNeeded();
    page.locator("[data-place=statistics] >> text=0 to 2: Conv2d").waitFor();
  }

  @Test
  void beforeAnythingIsTrainedTheDigitReaderReadsAHeldOutDigit() {
    Page page = lab("train/index.html");
    Locator said = page.locator("[data-place=maps-said]");
    page.locator("[data-place=maps-said] >> text=The course’s digit reader takes this 0 for 0")
        .waitFor();
    page.locator("[data-place=maps] canvas").nth(2).waitFor();
    page.locator("[data-place=filters] canvas").first().waitFor();
    assertThat(page.locator("[data-place=prediction-said]").innerText())
        .contains("A held-out 0, taken for 0");
    String first = said.innerText();
    press(page, "next");
    press(page, "next");
    press(page, "next");
    page.locator("[data-place=maps-said] >> text=takes this 1 for 1").waitFor();
    assertThat(said.innerText()).isNotEqualTo(first).contains("begins with random weights");
    press(page, "step");
    said(page, "Step 1 of");
    page.locator("[data-place=maps-said] >> text=The network takes this").waitFor();
    assertThat(page.locator("[data-place=prediction-said]").innerText()).contains("Draw something");
  }

  @Test
  void aStepAnEpochAPauseAndANewStartDoWhatTheySay() {
    Page page = lab(DIGITS + "&epochs=100");
    press(page, "step");
    said(page, "Step 1 of");
    page.locator("[data-do=step]").focus();
    page.keyboard().press("Enter");
    said(page, "Step 2 of");
    press(page, "epoch");
    said(page, "Step 47 of");
    press(page, "play");
    page.locator("[data-do=play] >> text=Pause").waitFor();
    press(page, "play");
    page.locator("[data-do=play] >> text=Go on").waitFor();
    page.waitForTimeout(300); // in which the slice under way ends
    String paused = page.locator("[data-said]").innerText();
    page.waitForTimeout(300); // in which it would have gone on
    assertThat(page.locator("[data-said]").innerText()).isEqualTo(paused);
    press(page, "reset");
    said(page, "Step 0 of");
    press(page, "epoch");
    said(page, "Step 47 of");
  }

  @Test
  void aRateOfAMillionIsExplainedUndoneAndCured() {
    Page page = lab("train/index.html?data=digits&rate=1000000");
    press(page, "play");
    Locator burst = page.locator("[data-burst]");
    burst.locator("h3 >> text=Diverged at step").waitFor();
    assertThat(burst.innerText()).contains("The first layer whose outputs burst is layer");
    said(page, "Step 0 of");
    burst.locator("[data-change^=rate]").click();
    said(page, "Step 235 of 235");
    assertThat(heldOut(page)).isGreaterThan(70);
    assertThat(page.url()).doesNotContain("1000000");
    assertThat(burst.isVisible()).isFalse();
  }

  @Test
  void aBadNetworkIsNamedByItsLineAndAHugeOneRefused() {
    Page page = lab(DIGITS);
    page.locator("#set-net").selectOption("own");
    Locator text = page.locator("#set-text");
    assertThat(text.inputValue()).startsWith("nn.Sequential(");
    text.fill("nn.Sequential(\n  nn.Flatten(),\n  nn.Linear(63, 10)\n)");
    page.locator("#network-wrong >> text=line 3").waitFor();
    assertThat(page.locator("[data-do=play]").isDisabled()).isTrue();
    assertThat(text.getAttribute("aria-invalid")).isEqualTo("true");
    text.fill(
        "nn.Sequential(nn.Flatten(), nn.Linear(64, 700000), nn.ReLU(), nn.Linear(700000, 10))");
    page.locator("[data-do=play]:enabled").waitFor();
    press(page, "play");
    said(page, "This network has 52,500,010 weights");
    text.fill("nn.Sequential(nn.Flatten(), nn.Linear(64, 10))");
    page.locator(".weights >> text=650 weights").waitFor();
    press(page, "step");
    said(page, "Step 1 of");
    Page other = lab(page.url().substring(site().strict.url().length()));
    assertThat(other.locator("#set-text").inputValue()).contains("nn.Linear(64, 10)");
  }

  @Test
  void aBadSettingIsNamedBesideItsField() {
    Page page = lab(DIGITS);
    page.locator("#set-rate").fill("fast");
    page.locator("#set-rate-wrong >> text=“fast” is not a number").waitFor();
    assertThat(page.locator("[data-do=play]").isDisabled()).isTrue();
    page.locator("#set-rate").fill("0.05");
    page.locator("[data-do=play]:enabled").waitFor();
    page.locator("#set-batch").fill("4000");
    press(page, "step");
    page.locator("[data-notes] >> text=more than the 1,500 images").waitFor();
  }

  @Test
  void whatIsDrawnIsReadWithTheMouseAndWithKeys() {
    Page page = lab(DIGITS + "&epochs=8");
    press(page, "play");
    said(page, "Step 376 of 376");
    Locator pad = page.locator("[data-pad] canvas");
    pad.scrollIntoViewIfNeeded();
    BoundingBox box = pad.boundingBox();
    for (double x : new double[] {0.47, 0.53}) { // a one, four pixels wide
      page.mouse().move(box.x + box.width * x, box.y + box.height * 0.15);
      page.mouse().down();
      page.mouse().move(box.x + box.width * x, box.y + box.height * 0.88);
      page.mouse().up();
    }
    page.locator("[data-place=prediction-said] >> text=Taken for 1").waitFor();
    page.locator("[data-pad] button").click();
    page.locator("[data-place=prediction-said] >> text=Nothing is drawn").waitFor();
    pad.focus();
    page.keyboard().press("Space");
    page.locator("[data-place=seen] canvas").waitFor();
  }

  @Test
  void aRunIsSavedOpenedAndExported() throws IOException {
    Page page = lab(DIGITS + "&epochs=1");
    press(page, "epoch");
    said(page, "Step 47 of 47");
    Path run = folder.resolve("a.run");
    page.waitForDownload(() -> page.locator("[data-export=save]").click()).saveAs(run);
    Path code = folder.resolve("model.py");
    Download python = page.waitForDownload(() -> page.locator("[data-export=pytorch]").click());
    python.saveAs(code);
    assertThat(Files.readString(code)).contains("nn.Conv2d(1, 8, 5, padding=2)");
    double before = heldOut(page);
    Page other = lab("train/index.html");
    other.waitForFileChooser(() -> press(other, "open")).setFiles(run);
    said(other, "Step 47 of 47");
    other.locator(".summary small").waitFor();
    assertThat(heldOut(other)).isEqualTo(before);
    assertThat(other.url()).contains("data=digits");
  }

  @Test
  void classesOfOnesOwnAreDrawnTrainedAndTold() {
    Page page = lab("train/index.html?data=own&epochs=40");
    press(page, "play");
    said(page, "Class “A” has no example yet");
    page.locator("[aria-label='Name of class A']").fill("bar");
    Locator pad = page.locator("[data-own-pad] canvas");
    for (int label = 0; label < 2; label++) {
      page.locator("[data-own-classes] input[type=radio]").nth(label).check();
      pad.scrollIntoViewIfNeeded();
      BoundingBox box = pad.boundingBox();
      page.mouse().move(box.x + box.width * 0.2, box.y + box.height * (label == 0 ? 0.5 : 0.2));
      page.mouse().down();
      page.mouse()
          .move(
              box.x + box.width * (label == 0 ? 0.8 : 0.2),
              box.y + box.height * (0.5 + 0.3 * label));
      page.mouse().up();
      page.locator("[data-own-pad] >> text=Use drawing").click();
      said(page, "Added.");
    }
    page.locator("[data-place=own] >> text=bar").waitFor();
    press(page, "play");
    said(page, "Step 40 of 40");
    page.locator("[data-place=confusion] >> text=Nothing is held out").waitFor();
  }

  @Test
  void aNewWorkerTakesTheRunUpWhenOneDies() {
    expectError(".*gone.*");
    Page page = lab(DIGITS + "&epochs=100");
    press(page, "epoch");
    said(page, "Step 47 of");
    page.locator("[data-do=play] >> text=Go on").waitFor(); // measured, and its state kept
    page.workers().get(0).evaluate("() => { setTimeout(() => { throw new Error('gone') }) }");
    press(page, "epoch");
    said(page, "Step 94 of");
    assertThat(heldOut(page)).isGreaterThan(50);
  }

  @Test
  void aPhoneHasTheTransportInReachAndNothingIsTooWide() {
    Page page =
        open(site().strict, DIGITS, new Browser.NewContextOptions().setViewportSize(390, 780));
    page.locator("[data-do=play]:enabled").waitFor();
    press(page, "epoch");
    said(page, "Step 47 of");
    page.evaluate("() => scrollTo(0, 1500)");
    BoundingBox button = page.locator("[data-do=play]").boundingBox();
    assertThat(button.y).isBetween(500.0, 780.0);
    assertThat(page.evaluate("() => document.documentElement.scrollWidth")).isEqualTo(390);
    page.evaluate("() => scrollTo(0, 0)");
    page.locator("[data-fold] > summary").click();
    page.locator("#set-rate").fill("0.01");
    page.locator("[data-changed]:visible").waitFor();
  }

  @Test
  void withoutScriptsThePageSaysThatTrainingNeedsThem() {
    Page page =
        open(
            site().open,
            "train/index.html",
            new Browser.NewContextOptions().setJavaScriptEnabled(false));
    assertThat(page.locator("noscript, .lab-note").first().innerText())
        .contains("needs JavaScript");
    assertThat(page.locator("#set-rate").isDisabled()).isTrue();
  }

  @Test
  void dataAreLoadedWhenTheyAreWantedAndNotBefore() {
    Page page = newPage(new Browser.NewContextOptions());
    Set<String> files = new LinkedHashSet<>();
    page.onResponse(response -> files.add(response.url()));
    page.navigate(site().strict.url() + DIGITS);
    page.locator("[data-do=play]:enabled").waitFor();
    // the few digits that are shown first are no data set
    String sets = ".*(/digits\\.[^/]*csv|-images\\.[^/]*idx|-labels\\.[^/]*idx)";
    assertThat(files).noneMatch(file -> file.matches(sets));
    press(page, "step");
    said(page, "Step 1 of");
    assertThat(files).filteredOn(file -> file.endsWith(".csv")).hasSize(1);
    assertThat(files).noneMatch(file -> file.matches(".*-(images|labels)\\.[^/]*idx"));
  }
}
