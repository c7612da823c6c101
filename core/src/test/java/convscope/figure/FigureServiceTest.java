package convscope.figure;

import static org.assertj.core.api.Assertions.assertThat;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import convscope.linalg.ScalarGemm;
import convscope.op.GemmConv2d;
import convscope.topic.Topics;
import org.junit.jupiter.api.Test;

class FigureServiceTest {
  private final FigureService service = new FigureService(Topics.all());

  private JsonObject ask(String params, String more) {
    String request =
        "{\"op\":\"figure\",\"topic\":\"local-receptive-field\",\"params\":{"
            + params
            + "}"
            + more
            + "}";
    return Json.parse(service.handle(request, new byte[0]).json()).asObject();
  }

  @Test
  void anUnknownTopicNamesTheKnownOnes() {
    JsonObject reply =
        Json.parse(service.handle("{\"op\":\"figure\",\"topic\":\"x\"}", new byte[0]).json())
            .asObject();
    assertThat(reply.getString("error", ""))
        .startsWith("topic: there is no “x”; use one of local-receptive-field");
  }

  @Test
  void anUnreadableRequestIsAnErrorNotAnException() {
    for (String request :
        new String[] {
          "", "[]", "{", "{\"op\":1}", "{\"op\":\"fly\"}", "{\"op\":\"figure\",\"params\":3}"
        }) {
      assertThat(
              Json.parse(service.handle(request, new byte[0]).json())
                  .asObject()
                  .getString("error", ""))
          .as(request)
          .isNotEmpty();
    }
  }

  @Test
  void aKernelThatDoesNotFitIsRefusedWithTheOperatorsOwnWords() {
    JsonObject reply = ask("\"size\":\"5\",\"kernel\":\"7\",\"padding\":\"0\"", "");
    assertThat(reply.get("svg")).isNull();
    assertThat(reply.get("problems").asArray().get(0).asObject().getString("text", ""))
        .isEqualTo(
            "Conv2d: kernel 7 (dilation 1) exceeds padded input 5; raise padding to 1 or use kernel ≤ 5");
  }

  @Test
  void aSliderStopsAtTheLastValueThatFitsAndSaysWhatIsWrongWithTheNext() {
    String near = ",\"change\":{\"key\":\"kernel\",\"text\":\"%s\",\"near\":true}";
    JsonObject reply =
        ask("\"size\":\"4x6\",\"kernel\":\"2\",\"padding\":\"0\"", near.formatted("7"));
    assertThat(reply.get("svg")).isNotNull();
    assertThat(reply.get("values").asObject().getString("kernel", "")).isEqualTo("4");
    assertThat(reply.get("problems").asArray().get(0).asObject().getString("text", ""))
        .startsWith("Conv2d: kernel 7 (dilation 1) exceeds padded input 4");
    reply = ask("\"size\":\"4x6\",\"kernel\":\"2\",\"padding\":\"0\"", near.formatted("3"));
    assertThat(reply.get("values").asObject().getString("kernel", "")).isEqualTo("3");
    assertThat(reply.get("problems").asArray()).isEmpty();
    reply = ask("\"size\":\"4\",\"kernel\":\"4\",\"padding\":\"0\"", near.formatted("5x5"));
    assertThat(reply.get("svg")).isNotNull();
    assertThat(reply.get("values").asObject().getString("kernel", "")).isEqualTo("4");
    assertThat(reply.get("problems").asArray()).hasSize(1);
  }

  @Test
  void withFallbackARefusedCombinationShowsTheDefaultsAndSaysSo() {
    JsonObject reply =
        ask("\"size\":\"5\",\"kernel\":\"7\",\"padding\":\"0\"", ",\"fallback\":true");
    assertThat(reply.getString("svg", "")).startsWith("<svg");
    assertThat(reply.get("problems").asArray()).hasSize(1);
  }

  @Test
  void aRefusedTextNamesWhatIsKeptInAChangeAndWhatIsUsedInAnAddress() {
    assertThat(problem(ask("\"bias\":\"5\"", change("bias", "999"))))
        .isEqualTo("bias: “999” is not a number from −20 to 20; keeping 5");
    assertThat(problem(ask("\"kernel\":\"3x5\"", change("kernel", "x"))))
        .isEqualTo(
            "kernel: “x” is not a whole number from 1 to 7, or two of them as height x width, such as 3x5;"
                + " keeping 3x5");
    assertThat(problem(ask("\"bias\":\"999\"", "")))
        .isEqualTo("bias: “999” is not a number from −20 to 20; using 0");
  }

  private static String change(String key, String text) {
    return ",\"change\":{\"key\":\"" + key + "\",\"text\":\"" + text + "\"}";
  }

  private static String problem(JsonObject reply) {
    return reply.get("problems").asArray().get(0).asObject().getString("text", "");
  }

  @Test
  void editingAnInputCellMakesTheInputCustomAndChangesOnlyThatNumber() {
    JsonObject before = ask("", "").get("values").asObject();
    JsonObject after =
        ask("", ",\"change\":{\"key\":\"in/0,0\",\"text\":\"-2.5\"}").get("values").asObject();
    assertThat(before.getString("input", "")).isEqualTo("ring");
    assertThat(after.getString("input", "")).isEqualTo("custom");
    assertThat(after.getString("x", "")).startsWith("-2.5,");
    assertThat(after.getString("x", "").split("[,;]")).hasSize(49);
  }

  @Test
  void aPhotographIsAskedForAndThenItsPixelsCrossBesideTheDrawing() {
    assertThat(ask("\"input\":\"photo-camera\"", "").get("needs").asArray().get(0).asString())
        .isEqualTo("photo-camera");
    byte[] rgba = new byte[4 * 20 * 30];
    service.handle(
        "{\"op\":\"picture\",\"name\":\"photo-camera\",\"height\":20,\"width\":30}", rgba);
    String request =
        "{\"op\":\"figure\",\"topic\":\"local-receptive-field\",\"params\":{\"input\":\"photo-camera\",\"stride\":\"1\"}}";
    Reply reply = service.handle(request, new byte[0]);
    assertThat(reply.bytes()).hasSize(20 * 30 * 2);
    assertThat(Json.parse(reply.json()).asObject().get("rasters").asArray()).hasSize(2);
  }

  private JsonObject measure(FigureService asked, String topic, String params) {
    String request = "{\"op\":\"measure\",\"topic\":\"" + topic + "\",\"params\":{" + params + "}}";
    return Json.parse(asked.handle(request, new byte[0]).json()).asObject();
  }

  @Test
  void aMeasurementGivesTheValueOfAParameterThatTheFigureThenShows() {
    double[] now = {0};
    service.timedBy(() -> now[0] += 5, new GemmConv2d(new ScalarGemm()));
    String small = "\"in-channels\":\"2\",\"out-channels\":\"2\",\"size\":\"3\"";
    JsonObject reply = measure(service, "depthwise-separable", small);
    assertThat(reply.getString("param", "")).isEqualTo("measured");
    assertThat(reply.getString("text", "")).isEqualTo("2,2,3,3,5,5");
  }

  @Test
  void whatCannotBeMeasuredIsToldInASentence() {
    assertThat(measure(service, "depthwise-separable", "").getString("error", ""))
        .isEqualTo("depthwise-separable: there is no clock here to measure with");
    service.timedBy(() -> 0, new GemmConv2d(new ScalarGemm()));
    assertThat(measure(service, "local-receptive-field", "").getString("error", ""))
        .isEqualTo("local-receptive-field: this figure measures nothing");
    String bad = "\"size\":\"5\",\"kernel\":\"7\",\"padding\":\"0\"";
    assertThat(measure(service, "local-receptive-field", bad).getString("error", ""))
        .startsWith("Conv2d: kernel 7 (dilation 1) exceeds padded input 5");
  }
}
