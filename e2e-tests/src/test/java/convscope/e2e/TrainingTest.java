package convscope.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import com.microsoft.playwright.Page;
import convscope.engine.Engine;
import convscope.engine.ScalarKernels;
import convscope.run.Trajectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Training in the browser. */
class TrainingTest extends SiteTest {
  private static final Path RUNS = Path.of("../core/src/test/resources/training/trajectories.json");
  private static final int EARLY = 10; // steps held to the narrow tolerance

  private static List<JsonObject> runs() throws IOException {
    List<JsonObject> runs = new ArrayList<>();
    for (JsonValue run : Json.parse(Files.readString(RUNS)).asObject().get("cases").asArray()) {
      runs.add(run.asObject());
    }
    assertThat(runs).hasSize(14);
    return runs;
  }

  private static JsonObject inBrowser(Page page, JsonObject run) {
    Object text =
        page.evaluate(
            "async run => JSON.stringify(await convscopeBench.trajectory(JSON.parse(run)))",
            run.toString());
    return Json.parse((String) text).asObject();
  }

  private static List<Double> numbers(JsonObject run, String name) {
    List<Double> numbers = new ArrayList<>();
    for (JsonValue number : run.get(name).asArray()) {
      numbers.add(number.asDouble());
    }
    return numbers;
  }

  @Test
  void thePlainEngineTrainsToTheSameBitsInTheBrowserAsOnTheJvm() throws IOException {
    Page page = open("bench/index.html");
    assertThat(KernelsTest.engine(page, "scalar")).isEqualTo("scalar");
    for (JsonObject run : runs()) {
      JsonObject there = inBrowser(page, run);
      JsonObject here = Json.parse(Trajectory.run(new Engine(new ScalarKernels()), run)).asObject();
      for (String name : List.of("losses", "eval_logits_first_3")) {
        assertThat(numbers(there, name))
            .as(run.getString("id", "") + " " + name)
            .isEqualTo(numbers(here, name));
      }
    }
  }

  @Test
  void theFastestEngineFollowsPyTorchsRuns() throws IOException {
    Page page = open("bench/index.html");
    page.evaluate("() => convscopeBench.ready");
    for (JsonObject run : runs()) {
      JsonObject there = inBrowser(page, run);
      String what = run.getString("id", "");
      near(numbers(there, "losses"), numbers(run, "losses"), 2e-4, 2e-3, what);
      near(
          numbers(there, "eval_logits_first_3"),
          numbers(run, "eval_logits_first_3"),
          2e-2,
          2e-2,
          what);
    }
  }

  /** Later a value within rounding of a ReLU's corner may fall on its other side. */
  @Test
  void plainSimdFollowsPyTorchsFirstSteps() throws IOException {
    Page page = open("bench/index.html");
    assertThat(KernelsTest.engine(page, "simd")).isEqualTo("simd");
    for (JsonObject run : runs()) {
      JsonObject there = inBrowser(page, run);
      near(
          numbers(there, "losses").subList(0, EARLY),
          numbers(run, "losses").subList(0, EARLY),
          2e-4,
          2e-4,
          run.getString("id", ""));
    }
  }

  private static final String SHARED =
      """
      async (threads) => {
        const images = Float32Array.from({length: 40 * 100}, (_, i) => (i * 7919 % 101) / 101);
        const labels = Int32Array.from({length: 40}, (_, n) => n % 3);
        for (let n = 0; n < 40; n++) images.fill(1, 100 * n + 30 * labels[n], 100 * n + 30 * labels[n] + 20);
        const text = `nn.Sequential(nn.Conv2d(1, 6, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
          nn.Dropout(0), nn.Linear(96, 3))`;
        const {ms, losses} = await convscopeBench.train(text, 16, 30, images, labels, {threads});
        if (!(ms > 0)) throw new Error(`${ms} ms a step`);
        return losses;
      }""";

  @SuppressWarnings("unchecked")
  private static List<Double> shared(Page page, int threads) {
    return ((List<Number>) page.evaluate(SHARED, threads))
        .stream().map(Number::doubleValue).toList();
  }

  @Test
  void workersThatShareABatchLearnAsOneDoesAndTheSameEveryTime() {
    Page page = open("bench/index.html");
    List<Double> alone = shared(page, 1);
    assertThat(alone).hasSize(30);
    assertThat(alone.get(29)).isLessThan(0.8 * alone.get(0));
    for (int threads : List.of(2, 3)) {
      List<Double> first = shared(page, threads);
      near(first, alone, 1e-5, 1e-3, threads + " workers");
      assertThat(shared(page, threads)).isEqualTo(first);
    }
  }

  @Test
  void aMistakeInTheTextIsToldWithItsPlace() {
    Page page = open("bench/index.html");
    Object told =
        page.evaluate(
            """
            () => convscopeBench.train("nn.Sequential(nn.Foo())", 1, 1, new Float32Array(4), new Int32Array(1))
              .catch((e) => e.message)""");
    assertThat((String) told).startsWith("line 1, column 15: Foo is not known here");
  }

  @Test
  void memoryStaysAsItIsOverTenThousandSteps() throws IOException {
    Page page = open("bench/index.html");
    JsonObject run = runs().get(2);
    assertThat(run.getString("id", "")).isEqualTo("conv_sgd_2");
    assertThat(numbers(inBrowser(page, run.set("steps", 50)), "losses")).hasSize(50);
    Object before = page.evaluate("() => convscopeBench.memory()");
    assertThat(numbers(inBrowser(page, run.set("steps", 10_000)), "losses")).hasSize(10_000);
    assertThat(page.evaluate("() => convscopeBench.memory()")).isEqualTo(before);
  }

  private static void near(
      List<Double> ours, List<Double> theirs, double early, double late, String what) {
    assertThat(ours).as(what).hasSameSizeAs(theirs);
    for (int i = 0; i < ours.size(); i++) {
      double want = theirs.get(i);
      assertThat(Math.abs(ours.get(i) - want))
          .as(what + ", number " + i + ": " + ours.get(i) + " for " + want)
          .isLessThanOrEqualTo((i < EARLY ? early : late) * (1 + Math.abs(want)));
    }
  }
}
