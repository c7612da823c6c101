package convscope.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NetCasesTest {
  private static final String DEPTHWISE =
      """
      {"op":"Net.DepthwiseSeparable","attributes":{"stride":1},"inputs":[
        {"name":"X","dtype":"float32","shape":[1,1,1,1],"data":[2]},
        {"name":"Wd","dtype":"float32","shape":[1,1,3,3],"data":[0,0,0,0,3,0,0,0,0]},
        {"name":"Bd","dtype":"float32","shape":[1],"data":[-1]},
        {"name":"Wp","dtype":"float32","shape":[1,1,1,1],"data":[10]},
        {"name":"Bp","dtype":"float32","shape":[1],"data":[7]}%s]}
      """;

  @Test
  void gradientsOfEveryOperandFollowTheOutputInTheOrderOfUse() {
    String dy = ",{\"name\":\"dY\",\"dtype\":\"float32\",\"shape\":[1,1,1,1],\"data\":[1]}";
    assertThat(OpRunner.run(DEPTHWISE.formatted(dy)))
        .startsWith("{\"outputs\":[{\"name\":\"Y\",\"dtype\":\"float32\",\"shape\":[1,1,1,1],")
        .contains(tensor("Y", "1,1,1,1", "57"), tensor("dX", "1,1,1,1", "30"))
        .contains(tensor("dWd", "1,1,3,3", "0,0,0,0,20,0,0,0,0"), tensor("dBd", "1", "10"))
        .contains(tensor("dWp", "1,1,1,1", "5"), tensor("dBp", "1", "1"));
  }

  @Test
  void withoutAnUpstreamGradientThereAreNoGradients() {
    assertThat(OpRunner.run(DEPTHWISE.formatted("")))
        .isEqualTo("{\"outputs\":[" + tensor("Y", "1,1,1,1", "57") + "]}");
  }

  private static String tensor(String name, String shape, String data) {
    return "{\"name\":\""
        + name
        + "\",\"dtype\":\"float32\",\"shape\":["
        + shape
        + "],\"data\":["
        + data
        + "]}";
  }

  @Test
  void errorsNameTheNetworkOrTheOperatorInIt() {
    assertThat(OpRunner.run("{\"op\":\"Net.MlpCE\"}"))
        .isEqualTo("{\"error\":\"Net.MlpCE: input \\\"X\\\" is missing; give it\"}");
    assertThat(OpRunner.run("{\"op\":\"Net.MlpCE\",\"attributes\":{\"group\":1}}"))
        .isEqualTo(
            "{\"error\":\"Net.MlpCE: attribute \\\"group\\\" is not supported; use no attributes\"}");
    assertThat(
            OpRunner.run(
                DEPTHWISE.replace("\"shape\":[1,1,3,3]", "\"shape\":[1,1,1,9]").formatted("")))
        .isEqualTo(
            "{\"error\":\"Conv2d: kernel 3×3 does not match weight 1×1×1×9; use kernel 1×9\"}");
    assertThat(
            OpRunner.run(
                """
                {"op":"Net.PatchEmbed","attributes":{"patch":2},"inputs":[
                  {"name":"W","dtype":"float32","shape":[1,1,1,1],"data":[2]}]}
                """))
        .isEqualTo(
            "{\"error\":\"Net.PatchEmbed: patch 2 for W of shape 1×1×1×1; give its kernel size\"}");
  }
}
