package convscope.e2e;

import static convscope.e2e.Figures.FIRST;
import static convscope.e2e.Figures.FIRST_PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import com.eclipsesource.json.Json;
import convscope.exercise.Exercises;
import convscope.figure.FigureService;
import convscope.figure.PracticeService;
import convscope.figure.Reply;
import convscope.site.EngineModule;
import convscope.site.SiteServer;
import convscope.topic.Topic;
import convscope.topic.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.remote.RemoteWebDriver;

/**
 * The main path again, in Safari's engine. Playwright cannot drive it, so that these tests speak
 * WebDriver. A test fails if its page, once open, logs an error, throws, breaks the policy, or asks
 * any other host for anything.
 */
@ExtendWith(SiteTest.Sharing.class)
class WebKitTest {
  private static final String PHOTO = "photo-camera";
  private static final int PATIENCE_MS = 10_000;
  private static final int SAMPLE = 12; // of so many requests of ParityTest, one is compared here

  private static final String WATCH =
      """
      () => {
        window.troubles = [];
        const note = (...what) => troubles.push(what.join(" "));
        addEventListener("error", (e) => note("error:", e.message ?? e.target.src ?? e.target.href), true);
        addEventListener("unhandledrejection", (e) => note("rejected:", e.reason));
        addEventListener("securitypolicyviolation", (e) => note("policy:", e.violatedDirective, e.blockedURI));
        console.error = (...what) => note("logged:", ...what);
      }""";

  private static final String FOREIGN =
      "() => performance.getEntriesByType('resource').map(e => e.name).filter(url => /^(http|ws)/.test(url) && new URL(url).hostname !== '127.0.0.1')";

  /** What scripts here call: the page's first figure, what is in it, and what has the focus. */
  private static final String WORDS =
      """
      const figure = () => document.querySelector("conv-scope");
      const part = (selector) => figure().shadowRoot.querySelector(selector);
      const focused = () => {
        let e = document.activeElement;
        while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
        return e?.dataset?.k || e?.dataset?.do || e?.name || "";
      };
      """;

  private static @Nullable WebKit webkit;

  @BeforeAll
  static void launch() {
    webkit = Browsers.webkit();
  }

  @AfterAll
  static void quit() {
    if (webkit != null) {
      webkit.close();
    }
  }

  @AfterEach
  void thePageIsCleanAndStaysOnThisMachine() {
    assertThat((List<?>) evaluate("() => troubles")).as("troubles").isEmpty();
    assertThat((List<?>) evaluate(FOREIGN)).as("requests to other hosts").isEmpty();
  }

  @Test
  void everyFigureComesAliveAndSteps() {
    int stepped = 0;
    for (Topic<?> topic : Topics.figures()) {
      open("embed/" + topic.slug() + ".html");
      await("() => part('.figure.live')");
      evaluate("() => part('[data-do=first]').click()");
      await("() => part('.count').textContent.startsWith('1 /') && !figure().busy");
      long steps = (long) evaluate("() => figure().steps");
      if (steps > 1) {
        Object first = evaluate("() => part('.composition.wide svg').innerHTML");
        evaluate("() => part('[data-do=forward]').click()");
        await("first => part('.composition.wide svg').innerHTML !== first", first);
        stepped++;
      }
    }
    assertThat(stepped).isGreaterThan(Topics.figures().size() / 2);
  }

  @Test
  void repliesEqualTheJvmsToTheByte() throws IOException {
    Map<String, byte[]> handed = ParityTest.handed(PHOTO);
    open("index.html");
    for (Topic<?> topic : Topics.figures()) {
      List<String> all = ParityTest.requests(topic);
      List<String> requests =
          IntStream.range(0, all.size()).filter(i -> i % SAMPLE == 0).mapToObj(all::get).toList();
      EngineModule module = EngineModule.of(topic);
      FigureService service = new FigureService(module.topics());
      handed.forEach(service::handle);
      Object answers =
          evaluate(
              ParityTest.ASK,
              List.of(
                  Site.asset("worker.js"),
                  Site.asset(module.asset()),
                  requests,
                  ParityTest.base64(handed)));
      assertThat(answers)
          .as(topic.slug())
          .isEqualTo(requests.stream().map(request -> answer(service, request)).toList());
    }
  }

  @Test
  void anExerciseIsAnsweredAndItsNumbersAreTheJvms() {
    String page = "exercises/output-size/index.html?seed=7&level=2";
    open(page);
    await("() => part('.exercise.live')");
    String right = Exercises.get("output-size").question("7", 2).parts().get(0).right().shown(0);
    for (String text : List.of("40", right)) {
      evaluate("text => { part('#a-out').value = text; part('[data-do=check]').click(); }", text);
      await(text.equals(right) ? "() => part('.verdict.right')" : "() => part('.part.wrong')");
    }
    open("index.html");
    List<String> requests = PracticeTest.requests();
    PracticeService service = new PracticeService();
    Object answers =
        evaluate(
            ParityTest.ASK,
            List.of(
                Site.asset("worker.js"),
                Site.asset(EngineModule.EXERCISES.asset()),
                requests,
                List.of()));
    assertThat(answers)
        .isEqualTo(
            requests.stream().map(request -> service.handle(request).json() + "#0").toList());
  }

  /** What {@link ParityTest#ASK} makes of the JVM's reply. */
  private static String answer(FigureService service, String request) {
    Reply reply = service.handle(request, new byte[0]);
    CRC32 crc = new CRC32();
    crc.update(reply.bytes());
    return reply.json() + "#" + crc.getValue();
  }

  @Test
  void itsKernelsAgreeWithThePlainOperators() {
    open("bench/index.html");
    Object fastest = evaluate("async () => (await convscopeBench.ready).engine");
    for (String kind : new LinkedHashSet<>(List.of("simd", (String) fastest))) {
      assertThat(evaluate("async kind => (await convscopeBench.use(kind)).engine", kind))
          .isEqualTo(kind);
      for (String what :
          List.of("large-products", "products-with-nan", "small-convolutions", "between-layers")) {
        Object report = evaluate("what => convscopeBench.check(what)", what);
        KernelsTest.agrees((Map<?, ?>) report, kind, what);
      }
    }
  }

  @Test
  void theFigureIsWorkedByKeyboardAlone() {
    open(FIRST_PAGE);
    await("() => part('.figure.live')");
    tabTo("in/0,0");
    press(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_RIGHT);
    awaitCaption("x[2, 1]");
    press("8", Keys.ENTER);
    await("() => part('.composition.wide [data-k=\"in/2,1\"]').textContent === '8'");
    assertThat(evaluate("() => focused()")).isEqualTo("in/2,1");
    awaitCaption("x[2, 1] = 8");
    tabTo("play");
    press(Keys.HOME);
    awaitCount("1 / 16");
    press(Keys.ARROW_RIGHT);
    awaitCount("2 / 16");
    press(Keys.END);
    awaitCount("16 / 16");
    tabTo("stride");
    press(Keys.ARROW_LEFT);
    await("() => part('.count').textContent.endsWith('/ 49')");
    assertThat(evaluate("() => figure().problems")).isEqualTo(List.of());
  }

  @Test
  void aPhotographAndTheReadersOwnFileReadAsOnTheJvm() throws IOException {
    open(FIRST_PAGE);
    await("() => part('.figure.live')");
    choose("input", PHOTO);
    await(
        "() => [...figure().shadowRoot.querySelectorAll('canvas')].filter(c =>"
            + " new Set(c.getContext('2d').getImageData(0, 0, c.width, c.height).data).size > 20).length >= 2");
    String shipped = caption();
    assertThat(shipped).isEqualTo(captionOnTheJvm());
    choose("input", "own");
    await("() => part('.panel input[type=file]')");
    Path file = Site.SOURCE.resolve("data").resolve(PHOTO + ".png").toAbsolutePath().normalize();
    driver()
        .findElement(By.cssSelector("conv-scope"))
        .getShadowRoot()
        .findElement(By.cssSelector(".panel input[type=file]"))
        .sendKeys(file.toString());
    await("() => figure().values.input === 'own' && !figure().busy");
    assertThat(caption()).isEqualTo(shipped);
  }

  private static String captionOnTheJvm() throws IOException {
    FigureService service = new FigureService(List.of(Topics.get(FIRST)));
    service.handle(
        "{\"op\":\"picture\",\"name\":\"%s\",\"height\":256,\"width\":256}".formatted(PHOTO),
        ParityTest.rgba(PHOTO + ".png"));
    String request =
        "{\"op\":\"figure\",\"topic\":\"%s\",\"params\":{\"input\":\"%s\"},\"layout\":\"wide\"}"
            .formatted(FIRST, PHOTO);
    String json = service.handle(request, new byte[0]).json();
    return Json.parse(json).asObject().get("caption").asString().replaceAll("<[^>]*>", "");
  }

  @Test
  void figuresLiveInFramesInForeignPagesAndInFiles(@TempDir Path folder) throws IOException {
    String site = SiteTest.site().open.url();
    Files.writeString(
        folder.resolve("host.html"),
        """
        <!DOCTYPE html><html lang=en><meta charset=utf-8><link rel=icon href=data:,>
        <iframe src="%1$sembed/%2$s.html"></iframe>
        <iframe sandbox="allow-scripts" src="%1$sembed/single/%2$s.html"></iframe>
        <conv-scope topic="%2$s"></conv-scope><script src="%1$sconv-scope.js"></script>
        """
            .formatted(site, FIRST));
    try (SiteServer host = new SiteServer(folder, 0, SiteServer.Options.DEFAULT.withoutPolicy())) {
      show(host.url() + "host.html");
      await("() => part('.figure.live')");
      for (int frame : new int[] {0, 1}) {
        driver().switchTo().frame(frame);
        await("() => part('.figure.live')");
        driver().switchTo().defaultContent();
      }
    }
    for (String path : List.of("embed/single/" + FIRST + ".html", "embed/" + FIRST + ".html")) {
      show(Site.FOLDER.resolve(path).toUri().toString()); // the second gets its engine as a script
      await("() => part('.figure.live')");
    }
  }

  private static RemoteWebDriver driver() {
    return Objects.requireNonNull(webkit).driver();
  }

  /** Shows a page of the site, under the strict policy. */
  private static void open(String path) {
    show(SiteTest.site().strict.url() + path);
  }

  private static void show(String address) {
    driver().get(address);
    evaluate(WATCH);
  }

  /** The value of a function in the page, or what its promise is kept with; "" for none. */
  private static Object evaluate(String function, Object... given) {
    Object answer =
        driver()
            .executeAsyncScript(
                WORDS
                    + "const given = [...arguments], done = given.pop();"
                    + "(async () => (\n"
                    + function
                    + "\n)(...given))().then((value) => done(value ?? ''), (e) => done({ failed: String(e) }));",
                given);
    if (answer instanceof Map<?, ?> map && map.containsKey("failed")) {
      throw new AssertionError(map.get("failed") + " in " + function);
    }
    return Objects.requireNonNull(answer);
  }

  /** Waits until a function's value holds. */
  private static void await(String condition, Object... given) {
    evaluate(
        """
        async (...given) => {
          const holds = %s;
          for (const end = performance.now() + %d; !holds(...given); await new Promise((r) => setTimeout(r, 20))) {
            if (performance.now() > end) throw new Error("not in time: " + figure()?.shadowRoot?.querySelector(".status")?.textContent);
          }
        }"""
            .formatted(condition, PATIENCE_MS),
        given);
  }

  private static void awaitCount(String count) {
    await("count => part('.count').textContent === count", count);
  }

  private static void awaitCaption(String words) {
    await("words => part('.caption').textContent.includes(words)", words);
  }

  private static String caption() {
    return (String) evaluate("() => part('.caption').textContent");
  }

  private static void choose(String name, String value) {
    evaluate(
        "(name, value) => { const field = part(`select[name=${name}]`); field.value = value;"
            + " field.dispatchEvent(new Event('input', { bubbles: true })); }",
        name,
        value);
  }

  private static void press(CharSequence... keys) {
    new Actions(driver()).sendKeys(keys).perform();
  }

  /** Presses Tab until the focus is where the test wants it. */
  private static void tabTo(String wanted) {
    for (int i = 0; i < 80; i++) {
      press(Keys.TAB);
      if (wanted.equals(evaluate("() => focused()"))) {
        return;
      }
    }
    throw new AssertionError("Tab never reached " + wanted);
  }
}
