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
  void theFastEnginesFollowPyTorchsRuns() throws IOException {
    Page page = open("bench/index.html");
    for (String kind : List.of("simd", "relaxed-simd")) {
      assertThat(KernelsTest.engine(page, kind)).isEqualTo(kind);
      for (JsonObject run : runs()) {
        JsonObject there = inBrowser(page, run);
        String what = kind + " " + run.getString("id", "");
        near(numbers(there, "losses"), numbers(run, "losses"), 2e-4, 2e-3, what);
        near(
            numbers(there, "eval_logits_first_3"),
            numbers(run, "eval_logits_first_3"),
            2e-2,
            2e-2,
            what);
      }
    }
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
