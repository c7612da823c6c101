package convscope.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.FileChooser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import convscope.exercise.Exercise;
import convscope.exercise.Exercises;
import convscope.exercise.Part;
import convscope.figure.PracticeService;
import convscope.param.Answer;
import convscope.site.EngineModule;
import convscope.site.SiteServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An exercise, as a learner meets it. */
class PracticeTest extends SiteTest {
  private static final String SLUG = "output-size";
  private static final String PAGE = "exercises/" + SLUG + "/index.html";

  /** Calls everything that a host page can, and tells of what it got. */
  private static final String INTERFACE =
      """
      (() => {
        const e = %s;
        e.play(); e.pause(); e.undo(); e.redo(); e.light('x'); e.present(); e.step = 2;
        const level = e.values.level;
        return [level, e.scene, e.playing, e.problems.length].map(String).join(' ');
      })()
      """;

  @TempDir Path folder;

  private static Answer right(String seed, int level) {
    return Exercises.get(SLUG).question(seed, level).parts().get(0).right();
  }

  private static Locator live(Page page) {
    Locator exercise = page.locator("conv-scope[exercise]").first();
    exercise.locator(".exercise.live").waitFor();
    return exercise;
  }

  private static void answer(Locator exercise, String text) {
    exercise.locator("#a-out").fill(text);
    exercise.locator("#a-out").press("Enter");
  }

  @Test
  void aWrongAnswerIsMetAtItsFieldAndARightOneInAnyFormIsRight() {
    Page page = open(PAGE + "?seed=7&level=3");
    Locator exercise = live(page);
    answer(exercise, "40 x 1");
    exercise
        .locator(".part.wrong .mark", new Locator.LocatorOptions().setHasText("not 40"))
        .waitFor();
    assertThat(exercise.locator("#a-out").getAttribute("aria-invalid")).isEqualTo("true");
    assertThat(exercise.locator("#a-out").evaluate("e => e.getRootNode().activeElement === e"))
        .isEqualTo(true);
    answer(exercise, "four by four");
    exercise.locator(".part.unreadable .mark >> text=is not a shape of 2 numbers").waitFor();
    Answer right = right("7", 3);
    answer(exercise, "(" + right.shown(0) + ", " + right.shown(1) + ")");
    exercise.locator(".verdict.right").waitFor();
    assertThat(exercise.locator("[aria-invalid]").count()).isZero();
  }

  @Test
  void aMatrixTakesTheSizeThatIsGivenForItBeItAShapeOrTheLengthOfARow() {
    for (String slug : new String[] {"pooling", "cross-correlation-1d"}) {
      List<Part> parts = Exercises.get(slug).question("7", 2).parts();
      Answer right = parts.get(1).right();
      Locator exercise = live(open("exercises/" + slug + "/index.html?seed=7&level=2"));
      exercise.locator("#a-" + parts.get(0).param().name()).fill(parts.get(0).right().plain());
      Locator cells = exercise.locator(".cells input");
      cells.nth(right.values().length - 1).waitFor();
      assertThat(cells.count()).isEqualTo(right.values().length);
      for (int i = 0; i < right.values().length; i++) {
        cells.nth(i).fill(right.shown(i));
      }
      exercise.locator("[data-do=check]").click();
      exercise.locator(".verdict.right").waitFor();
    }
  }

  @Test
  void theElementAnswersHostPagesAlsoWhereItHoldsAnExerciseOrStandsInNoPage() {
    Page page = open("embed/exercise-" + SLUG + ".html?seed=7&level=2");
    Locator exercise = live(page);
    assertThat(page.evaluate(INTERFACE.formatted("document.querySelector('conv-scope')")))
        .isEqualTo("1 undefined false 0");
    assertThat(page.evaluate(INTERFACE.formatted("document.createElement('conv-scope')")))
        .isEqualTo("undefined undefined false 0");
    page.evaluate("document.querySelector('conv-scope').values = {seed: 'b', level: '3'}");
    exercise.locator(".level >> visible=true").first().waitFor();
    page.waitForCondition(
        () -> exercise.locator("select.level").inputValue().equals("3"),
        new Page.WaitForConditionOptions().setTimeout(5000));
  }

  @Test
  void hintsComeOneByOneAndTheSolutionPlaysTheTopicsFigureWithTheExercisesNumbers() {
    Page page = open(PAGE + "?seed=7&level=2");
    Locator exercise = live(page);
    Locator hint = exercise.locator("[data-do=hint]");
    for (int n = 1; n <= 3; n++) {
      hint.click();
      exercise.locator(".hints > li >> nth=" + (n - 1)).waitFor();
    }
    assertThat(hint.isDisabled()).isTrue();
    exercise.locator("[data-do=solution]").click();
    Locator figure = exercise.locator(".solution conv-scope[topic=output-height]");
    figure.locator(".figure.live").waitFor();
    String out = right("7", 2).shown(0);
    assertThat(exercise.locator(".lines").innerText()).endsWith(out);
    figure
        .locator(".caption", new Locator.LocatorOptions().setHasText("gives " + out + " × " + out))
        .waitFor();
    assertThat(exercise.locator(".back a").getAttribute("href"))
        .endsWith("2-output-shape/index.html#output-height");
  }

  @Test
  void newNumbersAndLevelsGoIntoTheAddressAndComeBackFromIt() {
    Page page = open(PAGE);
    Locator exercise = live(page);
    assertThat(page.url()).contains("seed=1").contains("level=1");
    String before = exercise.locator(".task").innerText();
    exercise.locator("[data-do=new]").click();
    page.waitForFunction("() => !location.search.includes('seed=1&')");
    exercise.locator("select.level").selectOption("3");
    page.waitForFunction("() => location.search.includes('level=3')");
    String task = exercise.locator(".task").innerText();
    assertThat(task).isNotEqualTo(before);
    page.reload();
    assertThat(live(page).locator(".task").innerText()).isEqualTo(task);
  }

  @Test
  void theKeyboardAloneIsEnough() {
    Page page = open(PAGE + "?seed=7&level=1");
    live(page).locator("select.level").focus();
    for (String expected : new String[] {"new", "embed", "link"}) {
      page.keyboard().press("Tab");
      assertThat(focused(page)).isEqualTo(expected);
    }
    page.keyboard().press("Tab");
    page.keyboard().type(right("7", 1).shown(0));
    page.keyboard().press("Enter");
    page.locator("conv-scope .verdict.right").waitFor();
    page.keyboard().press("Tab");
    page.keyboard().press("Tab");
    assertThat(focused(page)).isEqualTo("hint");
    page.keyboard().press("Enter");
    page.locator("conv-scope .hints > li").waitFor();
  }

  private static Object focused(Page page) {
    return page.evaluate(
        "() => document.querySelector('conv-scope').shadowRoot.activeElement?.dataset.do");
  }

  @Test
  void itStandsInAPageOfAnotherOriginWithTheSeedThatThePageWants() throws IOException {
    Files.writeString(
        folder.resolve("host.html"),
        "<!DOCTYPE html><html lang=en><meta charset=utf-8><link rel=icon href=data:,>"
            + "<style>* { color: red !important } button { all: unset }</style>"
            + "<conv-scope exercise=output-size seed=42 level=2 hints=off></conv-scope><script src='"
            + site().open.url()
            + "conv-scope.js'></script>");
    try (SiteServer host = new SiteServer(folder, 0, SiteServer.Options.DEFAULT.withoutPolicy())) {
      Page page = open(host, "host.html", new Browser.NewContextOptions());
      page.evaluate(
          "() => { window.told = []; addEventListener('convscope-answer', e => told.push(e.detail)); }");
      Locator exercise = live(page);
      assertThat(exercise.locator("[data-do=hint]").isVisible()).isFalse();
      answer(exercise, right("42", 2).shown(0));
      exercise.locator(".verdict.right").waitFor();
      assertThat(page.evaluate("() => [told[0].seed, told[0].right, told[0].attempts].join()"))
          .isEqualTo("42,true,1");
      page.evaluate("() => document.querySelector('conv-scope').setAttribute('seed', '43')");
      page.waitForFunction(
          "() => document.querySelector('conv-scope').shadowRoot.querySelector('#a-out').value === ''");
      answer(exercise, right("43", 2).shown(0));
      exercise.locator(".verdict.right").waitFor();
    }
  }

  @Test
  void aFrameTellsItsPageWhatWasAnsweredAsAnExperienceStatement() throws IOException {
    Files.writeString(
        folder.resolve("host.html"),
        "<!DOCTYPE html><html lang=en><meta charset=utf-8><link rel=icon href=data:,><script>told = [];"
            + "addEventListener('message', e => e.data.convscope === 'xapi' && told.push(e.data.statement))</script>"
            + "<iframe title=exercise width=700 height=600 src='"
            + site().open.url()
            + "embed/exercise-output-size.html?seed=42&amp;level=2'></iframe>");
    try (SiteServer host = new SiteServer(folder, 0, SiteServer.Options.DEFAULT.withoutPolicy())) {
      Page page = open(host, "host.html", new Browser.NewContextOptions());
      Locator field = page.frameLocator("iframe").locator("#a-out");
      page.frameLocator("iframe").locator(".exercise.live").waitFor();
      field.fill("99");
      field.press("Enter");
      page.waitForFunction("() => told.length === 1");
      assertThat(page.evaluate("() => told[0].verb.id"))
          .isEqualTo("http://adlnet.gov/expapi/verbs/answered");
      assertThat(
              page.evaluate(
                  "() => [told[0].result.success, told[0].result.score.raw, told[0].result.response].join()"))
          .isEqualTo("false,0,out: 99");
    }
  }

  @Test
  void theSingleFileWorksFromTheDiskAndHoldsTheSolutionsFigure() {
    Page page = newPage(new Browser.NewContextOptions());
    page.navigate(
        Site.FOLDER.resolve("embed/single/exercise-" + SLUG + ".html").toUri() + "?seed=5&level=2");
    Locator exercise = live(page);
    answer(exercise, right("5", 2).shown(0));
    exercise.locator(".verdict.right").waitFor();
    exercise.locator("[data-do=solution]").click();
    Locator figure = exercise.locator(".solution conv-scope");
    figure.locator(".figure.live").waitFor();
    assertThat(figure.locator(".drawing").boundingBox().width).isGreaterThan(300);
  }

  @Test
  void withoutScriptsTheQuestionStands() {
    Page page =
        open(site().strict, PAGE, new Browser.NewContextOptions().setJavaScriptEnabled(false));
    assertThat(page.locator("conv-scope .task").innerText()).contains("How many rows");
    assertThat(page.locator("conv-scope #a-out").isDisabled()).isTrue();
  }

  @Test
  void whatWasDoneIsKeptSavedOpenedAndForgotten() throws IOException {
    Page page = open(PAGE + "?seed=7&level=2");
    answer(live(page), right("7", 2).shown(0));
    page.locator("conv-scope .verdict.right").waitFor();
    page.navigate(site().strict.url() + "exercises/index.html");
    Locator line = page.locator("li[data-exercise=output-size] .levels > li >> nth=1");
    page.locator("li[data-exercise=output-size] .done >> text=1 of 1 right").waitFor();
    Download saved = page.waitForDownload(() -> page.locator("[data-progress-export]").click());
    saved.saveAs(folder.resolve("progress.json"));
    page.locator("[data-progress-clear]").click();
    page.locator("text=It is forgotten.").waitFor();
    assertThat(line.getAttribute("class")).isEmpty();
    choose(page, folder.resolve("progress.json"));
    page.locator("li[data-exercise=output-size] .done >> text=1 of 1 right").waitFor();
    Files.writeString(folder.resolve("foreign.json"), "{\"a\": 1}");
    choose(page, folder.resolve("foreign.json"));
    page.locator("text=holds no progress").waitFor();
    assertThat(line.innerText()).contains("1 of 1 right");
  }

  private static void choose(Page page, Path file) {
    FileChooser chooser =
        page.waitForFileChooser(() -> page.locator("[data-progress-import]").click());
    chooser.setFiles(file);
  }

  @Test
  void aBadLevelIsNamedAndThePageKeepsWorking() {
    Page page = open(PAGE + "?seed=7&level=9");
    page.locator("conv-scope .verdict.trouble >> text=there is no level 9; use 1 to 3").waitFor();
  }

  /** Requests about every exercise at every level, for a few seeds. */
  static List<String> requests() {
    List<String> requests = new ArrayList<>();
    for (Exercise exercise : Exercises.all()) {
      for (int level = 1; level <= exercise.levels().size(); level++) {
        for (String seed : new String[] {"42", "Zoë"}) {
          for (String op : new String[] {"exercise", "solution", "check"}) {
            requests.add(
                "{\"op\":\"%s\",\"exercise\":\"%s\",\"seed\":\"%s\",\"level\":%d,\"answers\":{\"%s\":\"3\"}}"
                    .formatted(
                        op,
                        exercise.slug(),
                        seed,
                        level,
                        exercise.question(seed, level).parts().get(0).param().name()));
          }
        }
      }
    }
    return requests;
  }

  @Test
  void aSeedGivesTheSameNumbersInTheBrowserAndOnTheJvm() {
    equalsTheJvm(open("index.html"));
  }

  /** Asks the module of the exercises in this page's browser, and compares its answers. */
  static void equalsTheJvm(Page page) {
    page.setDefaultTimeout(60_000);
    List<String> requests = requests();
    List<?> answers =
        (List<?>)
            page.evaluate(
                ParityTest.ASK,
                new Object[] {
                  Site.asset("worker.js"),
                  Site.asset(EngineModule.EXERCISES.asset()),
                  requests.toArray(),
                  List.of()
                });
    PracticeService service = new PracticeService();
    for (int i = 0; i < requests.size(); i++) {
      assertThat(answers.get(i))
          .as(requests.get(i))
          .isEqualTo(service.handle(requests.get(i)).json() + "#0");
    }
  }
}
