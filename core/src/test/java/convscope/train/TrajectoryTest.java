package convscope.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import convscope.engine.Engine;
import convscope.engine.ScalarKernels;
import convscope.run.Trajectory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Runs of training follow those that PyTorch made in float64, step by step. */
class TrajectoryTest {
  private static final int CASES = 14 + 11;
  private static final int EARLY = 10; // steps held to the narrow tolerance

  private static List<JsonObject> cases() throws IOException {
    List<JsonObject> cases = new ArrayList<>();
    for (String name : List.of("trajectories", "more-trajectories")) {
      try (InputStream in =
          Objects.requireNonNull(
              TrajectoryTest.class.getResourceAsStream("/training/" + name + ".json"), name)) {
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        for (JsonValue c : Json.parse(text).asObject().get("cases").asArray()) {
          cases.add(c.asObject());
        }
      }
    }
    return cases;
  }

  @TestFactory
  Stream<DynamicTest> everyRunFollowsPyTorch() throws IOException {
    return cases().stream()
        .map(c -> DynamicTest.dynamicTest(c.getString("id", ""), () -> follows(c)));
  }

  @Test
  void allRunsAreThere() throws IOException {
    assertThat(cases()).hasSize(CASES);
  }

  private static void follows(JsonObject c) {
    Engine engine = new Engine(new ScalarKernels());
    int before = engine.mark();
    JsonObject ours = Json.parse(Trajectory.run(engine, c)).asObject();
    assertThat(engine.mark()).as("the run gives its memory back").isEqualTo(before);
    JsonArray losses = c.get("losses").asArray();
    assertThat(ours.get("losses").asArray()).hasSize(losses.size());
    for (int step = 0; step < losses.size(); step++) {
      near(
          ours.get("losses").asArray().get(step),
          losses.get(step),
          step < EARLY ? 2e-4 : 2e-3,
          "loss of step " + step);
    }
    JsonArray scores = c.get("eval_logits_first_3").asArray();
    assertThat(ours.get("eval_logits_first_3").asArray()).hasSize(scores.size());
    for (int i = 0; i < scores.size(); i++) {
      near(ours.get("eval_logits_first_3").asArray().get(i), scores.get(i), 2e-2, "score " + i);
    }
  }

  private static void near(JsonValue ours, JsonValue theirs, double tolerance, String what) {
    double want = theirs.asDouble();
    assertThat(Math.abs(ours.asDouble() - want))
        .as(what + ": " + ours + " for " + theirs)
        .isLessThanOrEqualTo(tolerance * (1 + Math.abs(want)));
  }
}
