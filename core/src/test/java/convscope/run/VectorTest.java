package convscope.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every case of every file of reference results that nobody here wrote. The {@code torch_*} files
 * are test resources; a folder with more is named by the system property {@code convscope.vectors}
 * or the environment variable {@code CONVSCOPE_VECTORS}.
 */
class VectorTest {
  private static final Set<String> IN_SCOPE =
      words(
          """
          Conv ConvTranspose Im2Col Col2Im MaxPool AveragePool GlobalAveragePool GlobalMaxPool
          AdaptiveAveragePool AdaptiveMaxPool MaxUnpool Pad Resize Upsample DepthToSpace SpaceToDepth
          BatchNormalization LayerNormalization GroupNormalization InstanceNormalization Softmax
          LogSoftmax SoftmaxCrossEntropyLoss NegativeLogLikelihoodLoss BinaryCrossEntropyWithLogits
          MSELoss L1Loss SmoothL1Loss HuberLoss Relu LeakyRelu PRelu Elu Gelu Silu Sigmoid Tanh
          Softplus HardSigmoid HardSwish Erf Exp Log Sqrt Abs Neg Clip Add Sub Mul Div Pow MatMul Gemm
          Linear Concat Flatten Reshape Transpose SliceAxis Split ReduceMean ReduceSum ReduceMax
          ReduceL2 Dropout NonMaxSuppression ScaledDotProductAttention Net.ConvReluLinearCE
          Gather Square RMSNormalization Net.ConvBnReluMaxPoolLinearCE Net.ConvReluGapLinearCE Net.Conv1dReluGmpLinearCE Net.MlpCE
          Net.ResidualBlock Net.DepthwiseSeparable Net.FpnTopDown Net.PatchEmbed Net.UNetStep
          Net.MultiHeadSelfAttention Net.TransformerBlock Optim.SGD Optim.Adam Optim.AdamW
          Optim.RMSprop
          """);

  /** Operators of the reference files that this project does without. */
  private static final Set<String> OUT_OF_SCOPE =
      words(
          """
          Acos Acosh Adagrad Adam AffineGrid And ArgMax ArgMin Asin Asinh Atan Atanh Attention
          CausalConvWithState Ceil CenterCropPad Compress ConstantOfShape ConvInteger Cos Cosh CumSum
          DeformConv Einsum Equal Expand EyeLike Floor GRU GatherElements GatherND Greater
          GreaterOrEqual GridSample Hardmax IsInf LRN LSTM Less LessOrEqual LpNormalization LpPool Max
          Mean MeanVarianceNormalization Min Mish Mod Momentum Not OneHot Or RNN Range
          Reciprocal ReduceL1 ReduceLogSum ReduceLogSumExp ReduceMin ReduceProd ReduceSumSquare
          ReverseSequence RoiAlign RotaryEmbedding Round ScatterElements ScatterND Selu Shape Shrink
          Sign Sin Sinh Slice Softsign Squeeze Sum Tan ThresholdedRelu Tile TopK Trilu Unique
          Unsqueeze Where Xor
          """);

  /** Operators whose cases with three spatial axes must be refused. */
  private static final Set<String> ONE_OR_TWO_AXES =
      words("Conv ConvTranspose MaxPool AveragePool Col2Im");

  private final Map<String, Integer> ran = new TreeMap<>();
  private final Map<String, Integer> refused = new TreeMap<>(); // three axes, rightly refused
  private final Map<String, Integer> left = new TreeMap<>(); // out of scope
  private final List<String> failures = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  @Test
  void everyCaseAgreesWithTheReference() throws IOException {
    List<Path> files = files();
    for (Path file : files) {
      JsonArray cases = Json.parse(Files.readString(file)).asObject().get("cases").asArray();
      assertThat(cases).as(file.toString()).isNotEmpty();
      for (JsonValue each : cases) {
        JsonObject json = each.asObject();
        if (names.add(json.getString("name", ""))) { // a folder may hold the resources again
          check(json);
        }
      }
    }
    System.out.println(
        "Reference cases in " + files.size() + " files agree: " + total(ran) + " " + ran);
    System.out.println("Three spatial axes, refused: " + refused);
    System.out.println("Out of scope: " + total(left) + " " + left);
    assertThat(failures).isEmpty();
    Set<String> missing = new TreeSet<>(IN_SCOPE);
    missing.removeAll(ran.keySet());
    if (folder() == null) {
      missing.removeAll(
          words("MaxUnpool Upsample SpaceToDepth Dropout NonMaxSuppression Flatten Reshape Split"));
    }
    assertThat(missing).as("operators in scope of which no case ran").isEmpty();
  }

  @Test
  void theRunnerKnowsWhatIsInScopeAndNothingThatIsLeftOut() {
    assertThat(OpRunner.operators()).containsExactlyInAnyOrderElementsOf(IN_SCOPE);
    assertThat(IN_SCOPE).doesNotContainAnyElementsOf(OUT_OF_SCOPE);
  }

  private void check(JsonObject json) {
    String op = json.getString("op", "");
    String name = json.getString("name", "");
    String error = Json.parse(OpRunner.run(question(json))).asObject().getString("error", "");
    if (OUT_OF_SCOPE.contains(op)) {
      count(left, op);
      expect(error.contains("unknown operator \"" + op + "\""), name + ": not refused by name");
    } else if (!IN_SCOPE.contains(op)) {
      failures.add(name + ": operator " + op + " is neither in scope nor left out");
    } else if (ONE_OR_TWO_AXES.contains(op) && threeAxes(json)) {
      count(refused, op);
      expect(error.startsWith(op + ": ") && error.contains("spatial axes"), name + ": " + error);
    } else if (json.getBoolean("expect_error", false)) {
      count(ran, op);
      expect(isClear(error), name + ": " + error);
    } else {
      count(ran, op);
      compare(json, name);
    }
  }

  /** Operation, what is wrong, and a remedy after the semicolon; no crash, no missing feature. */
  private static boolean isClear(String error) {
    return error.matches("[A-Z]\\w+: [^;]+; .+")
        && !error.contains("unexpectedly")
        && !error.contains("unknown operator")
        && !error.contains("not supported");
  }

  private static boolean threeAxes(JsonObject json) {
    JsonArray output = json.get("outputs").asArray();
    JsonObject either =
        output.isEmpty()
            ? json.get("inputs").asArray().get(0).asObject()
            : output.get(0).asObject();
    return either.get("shape").asArray().size() == 5;
  }

  /** The case without its answers: of the outputs only name, element type and shape. */
  private static String question(JsonObject json) {
    JsonArray wanted = new JsonArray();
    for (JsonValue output : json.get("outputs").asArray()) {
      wanted.add(output.isNull() ? Json.NULL : new JsonObject(output.asObject()).remove("data"));
    }
    return new JsonObject(json).set("outputs", wanted).toString();
  }

  private void compare(JsonObject json, String name) {
    JsonObject answer = Json.parse(OpRunner.run(question(json))).asObject();
    JsonArray wanted = json.get("outputs").asArray();
    if (answer.get("outputs") == null) {
      failures.add(name + ": " + answer);
      return;
    }
    JsonArray got = answer.get("outputs").asArray();
    if (got.size() != wanted.size()) {
      failures.add(name + ": " + got.size() + " outputs");
      return;
    }
    for (int i = 0; i < wanted.size(); i++) {
      if (!wanted.get(i).isNull()) {
        compare(json, name, got.get(i).asObject(), wanted.get(i).asObject());
      }
    }
  }

  private void compare(JsonObject json, String name, JsonObject got, JsonObject want) {
    for (String key : List.of("name", "dtype", "shape")) {
      if (!got.get(key).equals(want.get(key))) {
        failures.add(name + ": " + key + " " + got.get(key) + " instead of " + want.get(key));
        return;
      }
    }
    double atol = 1e-6;
    double rtol = 1e-4;
    if (name.startsWith("torch/")) {
      atol = json.getDouble("atol", 0);
      rtol = json.getDouble("rtol", 0);
    } else if (name.startsWith("wpt/")) {
      rtol = 1e-5;
    } else if (name.equals("onnx/averagepool_2d_ceil_last_window_starts_on_pad")) {
      atol = 1e-3; // given to four decimals
    }
    boolean real = want.getString("dtype", "").startsWith("float");
    JsonArray gotData = got.get("data").asArray();
    JsonArray wantData = want.get("data").asArray();
    for (int i = 0; i < wantData.size(); i++) {
      JsonValue a = gotData.get(i);
      JsonValue b = wantData.get(i);
      if (real ? !close(number(a), number(b), atol, rtol) : !a.equals(b)) {
        failures.add(
            name + " " + want.getString("name", "") + "[" + i + "]: " + a + " instead of " + b);
        return;
      }
    }
  }

  private static boolean close(double got, double want, double atol, double rtol) {
    return Double.compare(got, want) == 0
        || got == want
        || Math.abs(got - want) <= atol + rtol * Math.abs(want);
  }

  private static double number(JsonValue json) {
    return Double.parseDouble(json.isString() ? json.asString() : json.toString());
  }

  private void expect(boolean holds, String otherwise) {
    if (!holds) {
      failures.add(otherwise);
    }
  }

  private static void count(Map<String, Integer> counts, String op) {
    counts.merge(op, 1, Integer::sum);
  }

  private static int total(Map<String, Integer> counts) {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  private static List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path folder : new Path[] {Path.of("src/test/resources/vectors"), folder()}) {
      if (folder != null) {
        try (Stream<Path> list = Files.list(folder)) {
          list.filter(path -> path.toString().endsWith(".json")).sorted().forEach(files::add);
        }
      }
    }
    return files;
  }

  /** The folder of more reference files, or null if there is none. */
  private static @Nullable Path folder() {
    String given = System.getProperty("convscope.vectors", System.getenv("CONVSCOPE_VECTORS"));
    if (given != null && !given.isEmpty()) {
      assertThat(Path.of(given)).isDirectory();
      return Path.of(given);
    }
    Path beside = Path.of("../../shared/vectors");
    return Files.isDirectory(beside) ? beside : null;
  }

  private static Set<String> words(String text) {
    return new TreeSet<>(List.of(text.trim().split("\\s+")));
  }
}
