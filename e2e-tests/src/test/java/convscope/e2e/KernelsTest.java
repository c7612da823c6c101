package convscope.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The engine's SIMD kernels, where they run: compared with the plain operators in the browser. */
class KernelsTest extends SiteTest {
  /** Comparisons by name: how many cases each has, and the largest relative error. */
  private static final Map<String, List<Double>> CHECKS =
      Map.of(
          "small-products", List.of(20216.0, 1e-5),
          "large-products", List.of(96.0, 2e-4),
          "products-with-nan", List.of(1320.0, 1e-5),
          "small-convolutions", List.of(1458.0, 1e-5),
          "between-layers", List.of(4761.0, 1e-5),
          "large-convolutions", List.of(18.0, 1e-4));

  @Test
  void everyKernelAgreesWithThePlainOperatorsOverAllRemaindersTranspositionsAndNaN() {
    Page page = open("bench/index.html");
    for (String kind : List.of("simd", "relaxed-simd", "scalar")) {
      assertThat(engine(page, kind)).isEqualTo(kind);
      for (String what : CHECKS.keySet()) {
        if (!kind.equals("scalar")
            || !what.startsWith("small")) { // the core's own tests have those
          agrees(page, kind, what);
        }
      }
    }
  }

  /** Fails unless the engine in use gives what the plain operators give. */
  static void agrees(Page page, String kind, String what) {
    agrees((Map<?, ?>) page.evaluate("what => convscopeBench.check(what)", what), kind, what);
  }

  /** The same for a report from elsewhere. */
  static void agrees(Map<?, ?> report, String kind, String what) {
    List<Double> want = Objects.requireNonNull(CHECKS.get(what), what);
    assertThat(((Number) Objects.requireNonNull(report.get("cases"))).intValue())
        .as(what)
        .isEqualTo(want.get(0).intValue());
    assertThat(Double.parseDouble((String) report.get("worst")))
        .as(kind + " " + what)
        .isLessThan(want.get(1));
  }

  static String engine(Page page, String kind) {
    return (String) page.evaluate("async kind => (await convscopeBench.use(kind)).engine", kind);
  }

  @Test
  void theFastestEngineThatTheBrowserHasIsTaken() {
    Page page = open("bench/index.html");
    Object known = page.evaluate("async () => (await convscopeBench.ready).engine");
    assertThat(known).isEqualTo(engine(page, "relaxed-simd")); // Chromium has it
    assertThat((String) page.evaluate("() => convscopeBench.use('turbo').catch(e => e.message)"))
        .isEqualTo(
            "engine: “turbo” is not known; use scalar, simd, relaxed-simd, or none for the fastest");
  }

  private static final String STEP =
      """
      async ([n, c, size, out]) => {
        const spec = {n, c, h: size, w: size, outChannels: out, kernel: [3, 3], stride: [1, 1],
          padding: [1, 1, 1, 1], dilation: [1, 1], groups: 1};
        const numbers = (count) => Float32Array.from({length: count}, (_, i) => (i * 7 % 13) / 13 - 0.5);
        const x = numbers(n * c * size * size);
        const w = numbers(out * c * 9);
        const dy = numbers(n * out * size * size);
        await convscopeBench.conv2d(spec, x, w, null, 2);
        await convscopeBench.conv2dBackward(spec, x, w, dy, 2);
        return convscopeBench.memory();
      }""";

  @Test
  void memoryGrowsWithTheProblemAndNeverWithRepetition() {
    Page page = open("bench/index.html");
    page.evaluate("() => convscopeBench.ready");
    int small = (int) page.evaluate(STEP, List.of(1, 2, 8, 3));
    int large = (int) page.evaluate(STEP, List.of(4, 8, 128, 16));
    assertThat(large).isGreaterThan(small + 8_000_000);
    for (int step = 0; step < 5; step++) {
      assertThat((int) page.evaluate(STEP, List.of(4, 8, 128, 16))).isEqualTo(large);
      assertThat((int) page.evaluate(STEP, List.of(1, 2, 8, 3))).isEqualTo(large);
    }
  }

  @Test
  void aProblemThatDoesNotFitIsRefusedInWordsAndTheEngineGoesOn() {
    Page page = open("bench/index.html");
    String refused =
        (String)
            page.evaluate(
                """
                () => convscopeBench.conv2d({n: 64, c: 64, h: 512, w: 512, outChannels: 64, kernel: [3, 3],
                  stride: [1, 1], padding: [1, 1, 1, 1], dilation: [1, 1], groups: 1},
                  new Float32Array(1), new Float32Array(1), null, 1).catch(e => e.message)""");
    assertThat(refused)
        .isEqualTo(
            "Engine: an operand of 1024 Mi numbers; the engine takes 256 Mi; use a smaller batch or"
                + " image");
    String tooMuch =
        (String)
            page.evaluate(
                """
                () => convscopeBench.conv2d({n: 1, c: 4, h: 8192, w: 8000, outChannels: 2, kernel: [3, 3],
                  stride: [1, 1], padding: [1, 1, 1, 1], dilation: [1, 1], groups: 1},
                  new Float32Array(1), new Float32Array(1), null, 1).catch(e => e.message)""");
    assertThat(tooMuch).contains("numbers given").contains("send every operand whole");
    assertThat((int) page.evaluate(STEP, List.of(1, 2, 8, 3))).isPositive();
  }

  @Test
  void theBenchmarkForPeopleFillsItsTableAndItsChart() {
    // without the policy, since axe puts a style of its own into the page
    Page page = open(site().open, "bench/index.html", new Browser.NewContextOptions());
    page.click("#run-speed:enabled");
    page.waitForFunction(
        "() => document.getElementById('speed-told').textContent.startsWith('Done')",
        null,
        new Page.WaitForFunctionOptions().setTimeout(120_000));
    assertThat(page.locator("#speed-table tbody tr").count()).isEqualTo(11);
    assertThat(page.locator("#speed-table td").allTextContents()).allMatch(t -> !t.contains("NaN"));
    assertThat(page.locator("#speed-table tbody tr").first().locator("td").allTextContents())
        .noneMatch(text -> text.equals("–"));
    assertThat(page.locator("#speed-chart .composition.wide .bars .cell").count()).isEqualTo(33);
    assertThat(new AxeBuilder(page).analyze().getViolations()).isEmpty();
  }
}
