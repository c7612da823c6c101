package convscope.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OpRunnerTest {
  private static final String CONV =
      """
      {"op":"Conv","attributes":{%s},"inputs":[
        {"name":"X","dtype":"float32","shape":%s,"data":%s},
        {"name":"W","dtype":"float32","shape":[1,1,2],"data":[1,-1]}],
       "outputs":[{"name":"Y","dtype":"float32","shape":[1,1,2]}]}
      """;

  @Test
  void answersWithTheOutputsAskedFor() {
    assertThat(OpRunner.run(CONV.formatted("", "[1,1,3]", "[0.1,2,-0.0]")))
        .isEqualTo(
            "{\"outputs\":[{\"name\":\"Y\",\"dtype\":\"float32\",\"shape\":[1,1,2],"
                + "\"data\":[-1.9,2]}]}");
  }

  @Test
  void whatIsNotFiniteIsText() {
    assertThat(OpRunner.run(CONV.formatted("", "[1,1,3]", "[\"NaN\",1,\"Infinity\"]")))
        .contains("\"data\":[\"NaN\",\"-Infinity\"]");
  }

  @Test
  void samePaddingPutsTheOddCellAtTheEndOrTheBeginning() {
    assertThat(OpRunner.run(CONV.formatted("\"auto_pad\":\"SAME_UPPER\"", "[1,1,2]", "[5,3]")))
        .contains("\"data\":[2,3]");
    assertThat(OpRunner.run(CONV.formatted("\"auto_pad\":\"SAME_LOWER\"", "[1,1,2]", "[5,3]")))
        .contains("\"data\":[-5,2]");
  }

  @Test
  void errorsNameOperationValuesAndRemedy() {
    assertThat(OpRunner.run("{\"op\":\"Fold\"}"))
        .startsWith("{\"error\":\"OpRunner: unknown operator \\\"Fold\\\"; use one of [")
        .contains("Conv");
    assertThat(OpRunner.run("{")).startsWith("{\"error\":\"OpRunner: not JSON: ");
    assertThat(OpRunner.run("[]"))
        .isEqualTo("{\"error\":\"OpRunner: a case is a JSON object; give one\"}");
    assertThat(OpRunner.run("{}"))
        .isEqualTo("{\"error\":\"OpRunner: the case names no \\\"op\\\"; give one\"}");
    assertThat(OpRunner.run(CONV.formatted("\"padding\":1", "[1,1,1]", "[1]")))
        .isEqualTo(
            "{\"error\":\"Conv: attribute \\\"padding\\\" is not supported; use kernel_shape,"
                + " strides, pads, dilations, group, auto_pad\"}");
    assertThat(OpRunner.run(CONV.formatted("\"strides\":[1,1]", "[1,1,1]", "[1]")))
        .isEqualTo("{\"error\":\"Conv: attribute \\\"strides\\\" has 2 entries; give 1\"}");
    assertThat(OpRunner.run(CONV.formatted("\"strides\":1", "[1,1,1]", "[1]")))
        .isEqualTo("{\"error\":\"Conv: attribute \\\"strides\\\" is 1; give a list of integers\"}");
    assertThat(OpRunner.run(CONV.formatted("\"auto_pad\":\"SAME\"", "[1,1,1]", "[1]")))
        .isEqualTo(
            "{\"error\":\"Conv: auto_pad \\\"SAME\\\" is not supported; use one of NOTSET, VALID,"
                + " SAME_UPPER, SAME_LOWER\"}");
    assertThat(OpRunner.run(CONV.formatted("", "[1,1,1,1,1]", "[1]")))
        .isEqualTo(
            "{\"error\":\"Conv: input of shape 1×1×1×1×1 has 3 spatial axes; give 1 or 2, as"
                + " (N, C, L) or (N, C, H, W)\"}");
    assertThat(OpRunner.run(CONV.formatted("", "[1,1,1]", "[1,2]")))
        .isEqualTo(
            "{\"error\":\"OpRunner: \\\"X\\\" of shape 1×1×1 needs \\\"data\\\" of 1 elements\"}");
    assertThat(OpRunner.run(CONV.formatted("", "[1,1,1]", "[true]")))
        .isEqualTo(
            "{\"error\":\"OpRunner: \\\"X\\\" holds true; use numbers, \\\"NaN\\\","
                + " \\\"Infinity\\\" or \\\"-Infinity\\\"\"}");
    assertThat(OpRunner.run("{\"op\":\"Conv\"}"))
        .isEqualTo("{\"error\":\"Conv: input 0 is missing; give it\"}");
  }
}
