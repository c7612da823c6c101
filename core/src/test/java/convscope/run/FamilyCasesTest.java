package convscope.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * What the reference files of the moment do not reach: other element types, older operator sets,
 * missing attributes, and what each family refuses.
 */
class FamilyCasesTest {
  private static String tensor(String name, String dtype, String shape, String data) {
    return "{\"name\":\"%s\",\"dtype\":\"%s\",\"shape\":[%s],\"data\":[%s]}"
        .formatted(name, dtype, shape, data);
  }

  private static String floats(String shape, String data) {
    return tensor("X", "float32", shape, data);
  }

  /** The data of each output (or the error) of a case with these attributes and inputs. */
  private static String run(String op, int opset, String attributes, String... inputs) {
    String json =
        "{\"op\":\"%s\"%s,\"attributes\":{%s},\"inputs\":[%s]}"
            .formatted(
                op, opset == 0 ? "" : ",\"opset\":" + opset, attributes, String.join(",", inputs));
    String answer = OpRunner.run(json);
    if (answer.startsWith("{\"error\":\"")) {
      return answer.substring(10, answer.length() - 2);
    }
    StringBuilder data = new StringBuilder();
    for (int at = answer.indexOf("\"data\":"); at >= 0; at = answer.indexOf("\"data\":", at + 1)) {
      data.append(data.length() == 0 ? "" : " ");
      data.append(answer, at + 7, answer.indexOf(']', at) + 1);
    }
    return data.toString();
  }

  @Test
  void wholeNumbersWrapAroundAndDivideTowardsZero() {
    String a = tensor("A", "int8", "3", "100,-7,7");
    String b = tensor("B", "int8", "3", "100,2,-2");
    assertThat(run("Add", 14, "", a, b)).isEqualTo("[-56,-5,5]");
    assertThat(run("Sub", 14, "", a, b)).isEqualTo("[0,-9,9]");
    assertThat(run("Mul", 14, "", a, b)).isEqualTo("[16,-14,-14]");
    assertThat(run("Div", 14, "", a, b)).isEqualTo("[1,-3,-3]");
    assertThat(run("Div", 14, "", a, tensor("B", "int8", "1", "0")))
        .isEqualTo("Div: division of a whole number by 0; use other divisors");
    String big = tensor("A", "uint64", "2", "18446744073709551615,6");
    assertThat(run("Div", 14, "", big, tensor("B", "uint64", "1", "2")))
        .isEqualTo("[9223372036854775807,3]");
    assertThat(run("Add", 14, "", big, tensor("B", "uint64", "1", "1"))).isEqualTo("[0,7]");
    assertThat(run("Pow", 15, "", tensor("A", "int32", "2", "2,-3"), floats("2", "3,2")))
        .isEqualTo("[8,9]");
    assertThat(run("Abs", 13, "", tensor("A", "int32", "2", "-5,4"))).isEqualTo("[5,4]");
  }

  @Test
  void doublesStayDoubles() {
    String a = tensor("A", "float64", "2", "0.5,0.1");
    assertThat(run("Add", 14, "", a, tensor("B", "float64", "", "0.2")))
        .isEqualTo("[0.7,0.30000000000000004]");
  }

  @Test
  void beforeOpsetSevenBroadcastingIsOnDemandAndMayStartAnywhere() {
    String a = floats("2,3", "0,0,0,0,0,0");
    String b = floats("2", "1,2");
    assertThat(run("Add", 6, "", a, b))
        .isEqualTo("Add: shapes 2×3 and 2 differ; set broadcast to 1");
    assertThat(run("Add", 6, "\"broadcast\":1,\"axis\":0", a, b)).isEqualTo("[1,1,1,2,2,2]");
    assertThat(run("Add", 6, "\"broadcast\":1,\"axis\":-2", a, b)).isEqualTo("[1,1,1,2,2,2]");
    assertThat(run("Add", 6, "\"broadcast\":1,\"axis\":2", a, b))
        .isEqualTo("Add: axis 2 for an input of shape 2×3; use one it has");
    assertThat(run("Add", 7, "", a, floats("3", "1,2,3"))).isEqualTo("[1,2,3,1,2,3]");
  }

  @Test
  void anOldSlopeIsOnePerChannel() {
    String x = floats("1,2,2", "-1,-1,-1,1");
    String slope = tensor("S", "float32", "2", "2,3");
    assertThat(run("PRelu", 6, "", x, slope)).isEqualTo("[-2,-2,-3,1]");
    assertThat(run("PRelu", 7, "", x, slope)).isEqualTo("[-2,-3,-2,1]"); // the last axis
  }

  @Test
  void boundsMayBeAttributesOrInputs() {
    String x = floats("3", "-2,0,2");
    assertThat(run("Clip", 6, "\"max\":1.0", x)).isEqualTo("[-2,0,1]");
    assertThat(run("Clip", 13, "", x, "null", floats("", "1"))).isEqualTo("[-2,0,1]");
    assertThat(run("Clip", 13, "", x, floats("1", "-1"))).isEqualTo("[-1,0,2]");
    assertThat(run("Clip", 13, "", x, floats("2", "0,0")))
        .isEqualTo("OpRunner: \\\"X\\\" has shape 2; give one element");
  }

  @Test
  void missingAttributesHaveTheirDefaults() {
    assertThat(run("LeakyRelu", 16, "", floats("1", "-100"))).isEqualTo("[-1]");
    assertThat(run("HardSigmoid", 22, "", floats("2", "1,-9"))).isEqualTo("[0.7,0]");
    assertThat(run("Elu", 22, "", floats("1", "-100"))).isEqualTo("[-1]");
    assertThat(run("Gelu", 20, "\"approximate\":\"erf\"", floats("1", "0")))
        .isEqualTo("Gelu: approximate \\\"erf\\\" is not supported; use one of none, tanh");
    assertThat(run("Transpose", 25, "", floats("1,2,1", "1,2"))).isEqualTo("[1,2]");
    assertThat(run("Concat", 13, "", floats("1", "1")))
        .isEqualTo("Concat: axis is missing; give it");
    assertThat(run("Concat", 1, "", floats("1,1", "1"), floats("1,1", "2"))).isEqualTo("[1,2]");
    assertThat(run("ReduceSum", 13, "", floats("2,2", "1,2,3,4"))).isEqualTo("[10]");
    assertThat(run("ReduceSum", 13, "\"noop_with_empty_axes\":1", floats("2,2", "1,2,3,4")))
        .isEqualTo("[1,2,3,4]");
    assertThat(run("SliceAxis", 0, "", floats("3", "1,2,3"))).isEqualTo("[1,2,3]");
  }

  @Test
  void softmaxFlattensBeforeOpsetThirteen() {
    String x = floats("1,2,2", "0,0,0,0");
    assertThat(run("Softmax", 12, "", x)).isEqualTo("[0.25,0.25,0.25,0.25]");
    assertThat(run("Softmax", 13, "", x)).isEqualTo("[0.5,0.5,0.5,0.5]");
    assertThat(run("Softmax", 12, "\"axis\":-1", x)).isEqualTo("[0.5,0.5,0.5,0.5]");
    assertThat(run("LogSoftmax", 12, "\"axis\":0", floats("1,1", "3"))).isEqualTo("[0]");
    assertThat(run("LogSoftmax", 12, "\"axis\":2", floats("1,1", "3")))
        .isEqualTo("LogSoftmax: axis 2 of an input of shape 1×1; use -2 to 1");
  }

  @Test
  void labelsMustHaveTheScoresAxesWithoutTheClasses() {
    String labels = tensor("L", "int64", "4", "0,0,0,0");
    assertThat(run("SoftmaxCrossEntropyLoss", 13, "", floats("2,1,2", "1,1,1,1"), labels))
        .isEqualTo(
            "SoftmaxCrossEntropyLoss: labels of shape 4 for scores of shape 2×1×2; give the labels"
                + " the scores' axes without axis 1");
    assertThat(run("NegativeLogLikelihoodLoss", 13, "", floats("4", "1,1,1,1"), labels))
        .startsWith("NegativeLogLikelihoodLoss: labels of shape 4 for scores of shape 4");
    assertThat(
            run(
                "NegativeLogLikelihoodLoss",
                13,
                "\"ignore_index\":0",
                floats("4,1", "1,1,1,1"),
                labels))
        .isEqualTo("[\"NaN\"]"); // the mean of nothing
  }

  @Test
  void batchNormalizationTrainsWhereTheOperatorSetSaysSo() {
    String x = floats("2,1", "1,3");
    String one = tensor("one", "float32", "1", "1");
    String zero = tensor("zero", "float32", "1", "0");
    String[] inputs = {x, one, zero, zero, one};
    String plain = "\"epsilon\":0.0";
    assertThat(run("BatchNormalization", 14, plain, inputs)).isEqualTo("[1,3]");
    assertThat(run("BatchNormalization", 9, plain, inputs)).isEqualTo("[1,3]");
    assertThat(run("BatchNormalization", 6, plain + ",\"is_test\":1", inputs)).isEqualTo("[1,3]");
    assertThat(run("BatchNormalization", 6, plain, inputs)).startsWith("[-1,1]");
    // Y, running mean and variance (0.9 kept), the unbiased one, batch mean and variance
    assertThat(run("BatchNormalization", 14, plain + ",\"training_mode\":1", inputs))
        .isEqualTo("[-1,1] [0.2] [1] [1.1] [2] [1]");
    assertThat(run("BatchNormalization", 6, "\"spatial\":0", inputs))
        .isEqualTo("BatchNormalization: spatial 0 is one statistic per element; use 1");
  }

  @Test
  void anOldGroupNormalizationScalesPerGroup() {
    String x = floats("1,4", "-1,1,-1,1");
    String scale = tensor("S", "float32", "2", "2,3");
    String bias = tensor("B", "float32", "2", "0,1");
    String attributes = "\"num_groups\":2,\"epsilon\":0.0";
    assertThat(run("GroupNormalization", 18, attributes, x, scale, bias)).isEqualTo("[-2,2,-2,4]");
    assertThat(run("GroupNormalization", 21, attributes, x, scale, bias))
        .isEqualTo("GroupNorm: scale of shape 2; give one of shape 4");
    assertThat(run("GroupNormalization", 18, "", x, scale, bias))
        .isEqualTo("GroupNorm: groups 0 must divide 4 channels; use a divisor");
  }

  @Test
  void dropoutDropsOnlyInTraining() {
    String x = floats("4", "1,1,1,1");
    String all = tensor("r", "float32", "", "1");
    String yes = tensor("t", "bool", "", "true");
    assertThat(run("Dropout", 13, "", x, all)).isEqualTo("[1,1,1,1] [true,true,true,true]");
    assertThat(run("Dropout", 13, "", x, all, yes))
        .isEqualTo("[0,0,0,0] [false,false,false,false]");
    assertThat(run("Dropout", 13, "", x, tensor("r", "float32", "", "0"), yes))
        .startsWith("[1,1,1,1]");
    assertThat(run("Dropout", 10, "\"ratio\":0.9", x)).startsWith("[1,1,1,1]");
    assertThat(run("Dropout", 6, "\"ratio\":1.0,\"is_test\":1", x)).startsWith("[1,1,1,1]");
    assertThat(run("Dropout", 6, "\"ratio\":1.0", x)).startsWith("[0,0,0,0]");
  }

  @Test
  void lengthsAxesAndShapesMayBeAttributesOrInputs() {
    String x = floats("4", "1,2,3,4");
    assertThat(run("Split", 2, "\"split\":[1,3]", x)).isEqualTo("[1] [2,3,4]");
    assertThat(run("Split", 13, "", x, tensor("s", "int64", "2", "3,1"))).isEqualTo("[1,2,3] [4]");
    assertThat(run("Split", 18, "\"num_outputs\":3", x)).isEqualTo("[1,2] [3,4] []");
    assertThat(run("Split", 18, "", x)).isEqualTo("Split: 0 parts; use 1 or more");
    assertThat(run("Split", 18, "\"num_outputs\":2,\"axis\":1", x))
        .isEqualTo("Split: axis 1 of an input of shape 4; use -1 to 0");
    assertThat(run("Reshape", 1, "\"shape\":[2,2]", x)).isEqualTo("[1,2,3,4]");
    assertThat(run("ReduceMean", 13, "\"axes\":[0],\"keepdims\":0", x)).isEqualTo("[2.5]");
    assertThat(run("ReduceMean", 18, "", x, tensor("a", "int64", "1", "-1"))).isEqualTo("[2.5]");
    assertThat(run("Gather", 13, "", x, tensor("i", "int64", "1", "-4"))).isEqualTo("[1]");
  }

  @Test
  void boxesAreChosenPerImageAndClass() {
    // two boxes apart, two classes, one of the scores below the threshold
    String boxes = floats("1,2,4", "0,0,1,1,5,5,6,6");
    String scores = floats("1,2,2", "0.5,0.9,0.1,0.8");
    String two = tensor("m", "int64", "1", "2");
    String half = tensor("i", "float32", "1", "0.5");
    String low = tensor("s", "float32", "1", "0.2");
    assertThat(run("NonMaxSuppression", 11, "", boxes, scores, two, half, low))
        .isEqualTo("[0,0,1,0,0,0,0,1,1]");
    assertThat(run("NonMaxSuppression", 11, "", boxes, scores)).isEqualTo("[]"); // 0 at most
    String centred = floats("1,2,4", "0,0,2,2,0.5,0,2,2");
    String one = floats("1,1,2", "1,2");
    assertThat(run("NonMaxSuppression", 11, "\"center_point_box\":1", centred, one, two, half))
        .isEqualTo("[0,0,1]"); // they share 3 of 5
    assertThat(run("NonMaxSuppression", 11, "", floats("2,4", "0,0,1,1,0,0,1,1"), scores))
        .isEqualTo(
            "NonMaxSuppression: boxes of shape 2×4 and scores of shape 1×2×2; give (images, count,"
                + " 4) and (images, classes, count)");
  }

  @Test
  void attentionTakesAMaskAsFourthOperand() {
    String one = floats("1,1,2,1", "0,0");
    String v = floats("1,1,2,1", "3,5");
    String mask = tensor("attn_mask", "float32", "2,2", "0,\"-Infinity\",0,0");
    assertThat(run("ScaledDotProductAttention", 0, "", one, one, v, mask)).isEqualTo("[3,4]");
    assertThat(run("ScaledDotProductAttention", 0, "\"is_causal\":1", one, one, v))
        .isEqualTo("[3,4]");
  }

  @Test
  void optimizersWantOneRowOfGradientsPerStep() {
    String p = tensor("P0", "float32", "2", "1,2");
    String g = tensor("G", "float32", "2,2", "1,1,0,2");
    assertThat(run("Optim.SGD", 0, "\"lr\":0.5", p, g)).isEqualTo("[0.5,1.5,0.5,0.5]");
    assertThat(run("Optim.SGD", 0, "", p, tensor("G", "float32", "2", "1,1")))
        .isEqualTo("Optim.SGD: P0 of shape 2 and G of shape 2; give (n) and (steps, n)");
    assertThat(run("Optim.Adam", 0, "\"lr\":0.5,\"eps\":0.0", p, g)).startsWith("[0.5,1.5,");
    assertThat(run("Optim.AdamW", 0, "\"lr\":0.5,\"eps\":0.0,\"weight_decay\":0.0", p, g))
        .startsWith("[0.5,1.5,");
    assertThat(run("Optim.RMSprop", 0, "\"lr\":0.5,\"eps\":0.0,\"alpha\":0.0", p, g))
        .startsWith("[0.5,1.5,");
    assertThat(run("Optim.RMSprop", 0, "\"rho\":0.9", p, g))
        .startsWith("Optim.RMSprop: attribute \\\"rho\\\" is not supported; use lr, alpha");
  }
}
