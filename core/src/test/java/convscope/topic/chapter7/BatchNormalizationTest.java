package convscope.topic.chapter7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import convscope.num.Num;
import convscope.op.InstanceNorm;
import convscope.op.LayerNorm;
import convscope.tensor.Tensor;
import convscope.topic.Probe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchNormalizationTest {
  private static final Probe<Normalized> PROBE = Probe.of(new BatchNormalization());

  /** The numbers that share a mean with the one at (n, c), by asking each cell of the batch. */
  private static boolean shares(String norm, int groups, int channels, int[] one, int[] other) {
    boolean image = one[0] == other[0];
    boolean group = one[1] * groups / channels == other[1] * groups / channels;
    return switch (norm) {
      case "batch" -> one[1] == other[1];
      case "layer" -> image;
      case "group" -> image && group;
      default -> image && one[1] == other[1];
    };
  }

  @Test
  void everyOutputIsThatOfItsOwnMeanAndVarianceSummedCellByCell() {
    for (String norm : new String[] {"batch", "layer", "group", "instance"}) {
      String query = "&channels=4&batch=2&size=2x3&gamma=1.5&beta=-0.5&epsilon=0.1";
      Normalized result = PROBE.at("norm=" + norm + query).result();
      Tensor x = result.batches().get(11);
      Tensor y = result.output(11);
      Normalized.Moments moments = result.moments(x);
      for (int at = 0; at < x.size(); at++) {
        int[] place = {at / 24, at / 6 % 4};
        int count = 0;
        double sum = 0;
        double squares = 0;
        for (int n = 0; n < x.size(); n++) {
          if (shares(norm, 2, 4, place, new int[] {n / 24, n / 6 % 4})) {
            count++;
            sum += x.data()[n];
            squares += (double) x.data()[n] * x.data()[n];
          }
        }
        double mean = sum / count;
        double variance = squares / count - mean * mean;
        int set = result.set(place[0], place[1]);
        assertThat(moments.count()).isEqualTo(count);
        assertThat(moments.mean()[set]).isEqualTo(mean, within(1e-6));
        assertThat(moments.variance()[set]).isEqualTo(variance, within(1e-4));
        double normal = (x.data()[at] - mean) / Math.sqrt(variance + 0.1f);
        assertThat(y.data()[at]).isEqualTo((float) (1.5 * normal - 0.5), within(1e-4f));
      }
    }
  }

  @Test
  void layerAndInstanceNormAreTheGroupNormsWithOneGroupAndWithAsManyAsChannels() {
    Normalized layer = PROBE.at("norm=layer&channels=3").result();
    Tensor x = layer.batches().get(4);
    assertThat(layer.output(4).minus(LayerNorm.forward(x, 1, null, null, 1e-5)).largestSize())
        .isLessThan(1e-6f);
    Normalized instance = PROBE.at("norm=instance&channels=3").result();
    assertThat(instance.output(4).minus(InstanceNorm.forward(x, null, null, 1e-5)).largestSize())
        .isLessThan(1e-6f);
  }

  @Test
  void theRunningStatisticsAreTheWeightedSumsOfAllBatchesBefore() {
    Normalized result = PROBE.at("momentum=0.25&channels=3").result();
    int count = 3 * 4;
    for (int step : new int[] {0, 1, 29}) {
      double mean = 0; // its start has no part in it
      double variance = Math.pow(0.75, step + 1); // what is left of the 1 at the start
      for (int n = 0; n <= step; n++) {
        double weight = 0.25 * Math.pow(0.75, step - n);
        double sum = 0;
        double squares = 0;
        for (int at = 0; at < 36; at++) {
          double value = at / 4 % 3 == 2 ? result.batches().get(n).data()[at] : 0;
          sum += value;
          squares += value * value;
        }
        mean += weight * sum / count;
        variance += weight * (squares - sum * sum / count) / (count - 1);
      }
      assertThat(result.means().get(step).data()[2]).isEqualTo((float) mean, within(1e-4f));
      assertThat(result.variances().get(step).data()[2]).isEqualTo((float) variance, within(1e-4f));
    }
  }

  /** Reference results of PyTorch, whose running statistics start elsewhere than at 0 and 1. */
  @Test
  void theRunningStatisticsAreThoseThatPyTorchKeeps() throws IOException {
    Path file = Path.of("src/test/resources/vectors/torch_norm.json");
    int cases = 0;
    for (JsonValue each : Json.parse(Files.readString(file)).asObject().get("cases").asArray()) {
      JsonObject json = each.asObject();
      if (json.getString("name", "").startsWith("torch/batchnorm/train")) {
        cases++;
        JsonArray in = json.get("inputs").asArray();
        JsonArray out = json.get("outputs").asArray();
        // the attribute is ONNX's, the share that is kept
        double kept = json.get("attributes").asObject().getDouble("momentum", 0.9);
        List<Tensor> means = new ArrayList<>();
        List<Tensor> variances = new ArrayList<>();
        Normalized.run(List.of(tensor(in.get(0))), 1 - kept, means, variances);
        for (int c = 0; c < means.get(0).size(); c++) {
          double mean = means.get(0).data()[c] + kept * tensor(in.get(3)).data()[c];
          double variance = variances.get(0).data()[c] + kept * (tensor(in.get(4)).data()[c] - 1);
          double off = 2e-4 * Math.max(1, Math.abs(variance));
          assertThat(mean).isEqualTo(tensor(out.get(1)).data()[c], within(off));
          assertThat(variance).isEqualTo(tensor(out.get(3)).data()[c], within(off));
        }
      }
    }
    assertThat(cases).isGreaterThan(5);
  }

  private static Tensor tensor(JsonValue json) {
    JsonArray shape = json.asObject().get("shape").asArray();
    JsonArray data = json.asObject().get("data").asArray();
    int[] dims = new int[shape.size()];
    for (int n = 0; n < dims.length; n++) {
      dims[n] = shape.get(n).asInt();
    }
    float[] values = new float[data.size()];
    for (int n = 0; n < values.length; n++) {
      values[n] = data.get(n).asFloat();
    }
    return Tensor.of(values, dims);
  }

  @Test
  void trainingModeMakesAnImageDependOnItsCompanyAndNothingElseDoes() {
    assertThat(PROBE.at("mode=eval&mistake=on").result().company(3)).isGreaterThan(0.1);
    assertThat(PROBE.result().company(3)).isGreaterThan(0.1);
    for (String query : new String[] {"mode=eval", "norm=layer", "norm=group", "norm=instance"}) {
      Normalized result = PROBE.at(query).result();
      assertThat(result.company(3)).as(query).isZero();
      assertThat(result.output(7).data()[1]).as(query).isEqualTo(result.output(20).data()[1]);
    }
  }

  @Test
  void inTrainingEachChannelComesOutWithMeanBetaAndDeviationGamma() {
    Tensor y = PROBE.at("gamma=2&beta=3").result().output(8);
    double sum = 0;
    double squares = 0;
    for (int at = 0; at < y.size(); at++) {
      double value = at / 4 % 2 == 1 ? y.data()[at] : 0;
      sum += value;
      squares += value * value;
    }
    assertThat(sum / 12).isEqualTo(3, within(1e-5));
    assertThat(squares / 12 - 9).isEqualTo(4, within(1e-3));
  }

  @Test
  void theBackwardFormulaAgreesWithCentralDifferencesInEveryMode() {
    for (String query :
        new String[] {
          "", "mode=eval", "norm=layer", "norm=group&channels=4", "norm=instance&size=3", "gamma=-2"
        }) {
      Normalized result = PROBE.at(query + (query.isEmpty() ? "" : "&") + "show=gradient").result();
      assertThat(result.disagreement(5)).as(query).isLessThan(2e-3);
    }
  }

  @Test
  void gradientsOfNumbersThatShareAMeanAddUpToZeroAndSoDoTheirProductsWithTheNumbers() {
    Normalized result = PROBE.result();
    Tensor dx = result.back(2);
    double sum = 0;
    double dot = 0;
    for (int at = 0; at < dx.size(); at++) {
      boolean first = at / 4 % 2 == 0;
      sum += first ? dx.data()[at] : 0;
      dot += first ? dx.data()[at] * result.batches().get(2).data()[at] : 0;
    }
    assertThat(sum).isEqualTo(0, within(1e-5));
    assertThat(dot).isEqualTo(0, within(1e-3)); // ε keeps it from being exactly 0
    assertThat(PROBE.at("show=gradient").caption()).contains("add up to 0:");
  }

  @Test
  void aBatchOfOneValuePerChannelCannotTrainButCanBeEvaluated() {
    assertThat(PROBE.at("batch=1&size=1").problem())
        .isEqualTo(
            "BatchNorm2d: training on 1 value per channel of 1×2×1×1 leaves no variance; give"
                + " a larger batch or map, or evaluate");
    assertThat(PROBE.at("batch=1&size=1&mode=eval&mistake=on").problem()).contains("1 value");
    assertThat(PROBE.at("batch=1&size=1&mode=eval").problem()).isNull();
    assertThat(PROBE.at("batch=1&size=2").problem()).isNull();
    assertThat(PROBE.at("norm=group&channels=3").problem())
        .isEqualTo("GroupNorm: groups 2 must divide 3 channels; use a divisor");
  }

  @Test
  void pointingAtAMeanLooksAtTheNumbersThatShareIt() {
    assertThat(PROBE.pick("mean/0,1").caption()).contains("of channel 1");
    assertThat(PROBE.at("norm=layer").pick("mean/2,0").caption()).contains("all of image 2");
    assertThat(PROBE.pick("x21/1,0").svg()).contains("cell l");
    assertThat(PROBE.at("norm=instance").pick("x21/0,0").svg().split("linked", -1))
        .hasSize(2 * 4 + 2 + 1); // the cells of two maps and the two statistics
  }

  @Test
  void theCaptionTellsOfTheMistakeHowMuchTheCompanyChanges() {
    Probe<Normalized> probe = PROBE.at("mode=eval&mistake=on").step(5);
    Normalized result = probe.result();
    assertThat(probe.caption())
        .contains("the training mode that was left on")
        .contains("by up to " + Num.value(result.company(5)));
  }
}
