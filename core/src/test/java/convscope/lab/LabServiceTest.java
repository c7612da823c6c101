package convscope.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import convscope.engine.Engine;
import convscope.engine.ScalarKernels;
import convscope.figure.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** The training lab: requests and what is answered. */
class LabServiceTest {
  private static final byte[] DIGITS = digits();

  private final LabService lab = new LabService(() -> new Engine(new ScalarKernels()), () -> 0);

  private static byte[] digits() {
    try (InputStream in =
        new GZIPInputStream(Files.newInputStream(Path.of("../static/data/digits.csv.gz")))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Reply ask(JsonObject request, byte[] bytes) {
    return lab.handle(request.toString(), bytes);
  }

  private JsonObject ask(String op, String query) {
    JsonObject request = Json.object().add("op", op).add("query", query);
    return Json.parse(ask(request, new byte[0]).json()).asObject();
  }

  private void give() {
    ask(Json.object().add("op", "give").add("name", "digits"), DIGITS);
  }

  private JsonObject begun(String query) {
    give();
    JsonObject answer = ask("begin", query);
    assertThat(answer.get("error")).as(query).isNull();
    return answer;
  }

  private JsonObject advance(int limit, boolean measure) {
    JsonObject request = Json.object().add("op", "advance").add("ms", 20).add("limit", limit);
    // the clock stands, so one call goes all the way
    return Json.parse(ask(request.add("measure", measure), new byte[0]).json()).asObject();
  }

  private String view(String panel) {
    JsonObject request =
        Json.object().add("op", "view").add("panels", Json.array(panel)).add("width", 640);
    return ask(request, new byte[0]).json();
  }

  private static double accuracy(String json) {
    return Json.parse(json).asObject().get("heldOut").asObject().getDouble("accuracy", 0);
  }

  private String export(String kind) {
    return new String(
        ask(Json.object().add("op", "export").add("kind", kind), new byte[0]).bytes(),
        StandardCharsets.UTF_8);
  }

  @Test
  void aRunNamesTheFilesThatItNeedsBeforeItBegins() {
    assertThat(ask("begin", "data=digits").get("needs").toString()).isEqualTo("[\"digits\"]");
    assertThat(ask("begin", "").get("needs").asArray()).hasSize(2);
  }

  private void giveShipped() throws IOException {
    for (String file :
        new String[] {"digit-reader.safetensors", "digits-28.idx", "networks.json"}) {
      String name = file.substring(0, file.indexOf('.'));
      ask(
          Json.object().add("op", "give").add("name", name),
          Files.readAllBytes(Path.of("../static/data").resolve(file)));
    }
  }

  @Test
  void beforeARunTheDigitReaderThatShipsIsAtWork() throws IOException {
    assertThat(view("maps")).contains("There is no run yet");
    assertThat(ask("show", "").get("needs").asArray()).hasSize(3);
    giveShipped();
    assertThat(ask("show", "").toString()).isEqualTo("{}");
    assertThat(view("maps"))
        .contains("The course’s digit reader takes this 0 for 0 (100")
        .contains("trained beforehand, and reads 98.7")
        .contains("8 × 12 × 12");
    assertThat(view("filters")).contains("8 of 8");
    assertThat(view("prediction")).contains("A held-out 0, taken for 0: 100");
    assertThat(view("statistics")).contains("There is no run yet");
    byte[] rgba = new byte[4 * 40 * 40];
    for (int at = 0; at < rgba.length; at++) { // a white stroke down the middle, on black
      boolean stroke = Math.abs(at / 4 % 40 - 20) < 3 && Math.abs(at / 160 - 20) < 15;
      rgba[at] = (byte) (at % 4 == 3 || stroke ? 255 : 0);
    }
    JsonObject drawing = Json.object().add("op", "predict").add("width", 40).add("height", 40);
    assertThat(ask(drawing, rgba).json()).contains("Taken for 1:");
  }

  @Test
  void aRunTakesThePlaceOfTheReaderThatShips() throws IOException {
    giveShipped();
    ask("show", "");
    begun("data=digits&epochs=1");
    assertThat(view("maps")).contains("The network takes this").doesNotContain("beforehand");
    assertThat(view("filters")).doesNotContain("No layer");
    assertThat(ask("show", "").toString()).isEqualTo("{}"); // too late, and no harm
    assertThat(view("maps")).contains("The network takes this");
    begun("data=digits&epochs=1&seed=2"); // the engine's memory is as it would be without
    assertThat(advance(3, false).getInt("step", 0)).isEqualTo(3);
  }

  @Test
  void theDigitReaderHasFewerThanSixThousandWeights() {
    assertThat(ask("check", "").getString("weights", "")).isEqualTo("5,994 weights");
  }

  @Test
  void everyNetworkFitsEveryDataSet() {
    for (String data : new String[] {"mnist", "fashion", "digits"}) {
      for (String net : new String[] {"reader", "convnetjs", "norm", "mlp"}) {
        JsonObject answer = ask("check", "data=" + data + "&net=" + net);
        assertThat(answer.get("error")).as(data + " " + net).isNull();
        assertThat(answer.getString("table", "")).contains("Linear");
      }
    }
  }

  @Test
  void oneEpochReadsMostHeldOutSmallDigitsAndTheSameSeedReadsTheSame() {
    begun("data=digits&rate=0.05&epochs=1");
    JsonObject answer = advance(1_000_000, true);
    assertThat(answer.getInt("step", 0)).isEqualTo(answer.getInt("total", -1)).isEqualTo(47);
    assertThat(answer.getBoolean("more", true)).isFalse();
    String first = export("json");
    assertThat(accuracy(first)).isGreaterThan(0.7);
    begun("data=digits&rate=0.05&epochs=1");
    for (int step = 1; step <= 47; step++) {
      advance(step, false);
    }
    advance(47, true);
    assertThat(accuracy(export("json"))).isEqualTo(accuracy(first));
  }

  @Test
  void everyPanelShowsARun() {
    begun("data=digits&epochs=2");
    advance(20, true);
    assertThat(view("summary")).contains("Right, held out");
    assertThat(view("curves")).contains("held out").contains("training");
    assertThat(view("filters")).contains("signed");
    assertThat(view("maps")).contains("map-0");
    assertThat(view("statistics")).contains("Conv2d");
    assertThat(view("confusion")).contains("Found");
    assertThat(view("mistakes")).contains("mistake-0");
  }

  @Test
  void aRateOfAMillionIsExplainedAndGoesBackToTheLastGoodState() {
    begun("data=digits&rate=1e6");
    JsonObject answer = advance(40, true);
    assertThat(answer.getString("diverged", ""))
        .contains("Diverged at step ")
        .contains("first layer whose outputs burst is <b>layer ")
        .contains("data-change=\"rate=0.02\"");
    assertThat(answer.getInt("step", -1)).isZero();
    assertThat(ask("change", "data=digits&rate=0.05").get("error")).isNull();
    answer = advance(47, true);
    assertThat(answer.get("diverged")).isNull();
    assertThat(answer.getInt("step", 0)).isEqualTo(47);
    assertThat(accuracy(export("json"))).isGreaterThan(0.7);
  }

  @Test
  void aBadNetworkIsNamedByItsLine() {
    String text = "text=nn.Sequential(%0A nn.Flatten(),%0A nn.Linaer(64, 10))";
    JsonObject answer = ask("check", "data=digits&net=own&" + text);
    assertThat(answer.getInt("line", 0)).isEqualTo(3);
    assertThat(answer.getString("error", "")).contains("Linaer");
    text = "text=nn.Sequential(%0A nn.Flatten(),%0A nn.Linear(63, 10))";
    answer = ask("begin", "data=digits&net=own&" + text);
    assertThat(answer.getInt("line", 0)).isEqualTo(3);
    assertThat(answer.getString("error", "")).contains("63");
    text = "text=nn.Sequential(%0A nn.Flatten(),%0A nn.Linear(64, 9))";
    answer = ask("check", "data=digits&net=own&" + text);
    assertThat(answer.getString("error", "")).contains("10 classes");
  }

  @Test
  void fiftyMillionWeightsAreRefusedAndTheRunUnderWayStays() {
    begun("data=digits");
    advance(5, false);
    String text =
        "text=nn.Sequential(nn.Flatten(), nn.Linear(64, 700000), nn.ReLU(), nn.Linear(700000, 10))";
    JsonObject answer = ask("begin", "data=digits&net=own&" + text);
    assertThat(answer.getString("error", "")).contains("52,500,010 weights").contains("GB");
    assertThat(advance(5, false).getInt("step", 0)).isEqualTo(5);
  }

  @Test
  void aBatchLargerThanTheSetTakesAllOfItAndSaysSo() {
    JsonObject answer = begun("data=digits&batch=4000&epochs=2");
    assertThat(answer.get("notes").toString()).contains("4,000").contains("1,500");
    assertThat(answer.getInt("total", 0)).isEqualTo(2);
    assertThat(advance(2, true).getInt("step", 0)).isEqualTo(2);
  }

  @Test
  void aSavedRunGoesOnElsewhereAsItWouldHaveHere() {
    begun("data=digits&optimizer=adam&rate=0.002&epochs=1");
    advance(20, false);
    byte[] file = ask(Json.object().add("op", "save"), new byte[0]).bytes();
    advance(47, true);
    String here = export("safetensors");
    LabService other = new LabService(() -> new Engine(new ScalarKernels()), () -> 0);
    String request = Json.object().add("op", "open").toString();
    assertThat(other.handle(request, file).json()).contains("needs");
    other.handle(Json.object().add("op", "give").add("name", "digits").toString(), DIGITS);
    assertThat(other.handle(request, file).json()).contains("\"step\":20");
    other.handle("{\"op\":\"advance\",\"ms\":20,\"limit\":47,\"measure\":true}", new byte[0]);
    Reply there = other.handle("{\"op\":\"export\",\"kind\":\"safetensors\"}", new byte[0]);
    assertThat(new String(there.bytes(), StandardCharsets.UTF_8)).isEqualTo(here);
  }

  @Test
  void filesThatAreNoRunAreRefusedAndTheRunUnderWayStays() {
    begun("data=digits");
    advance(3, false);
    byte[] file = ask(Json.object().add("op", "save"), new byte[0]).bytes();
    for (int length : new int[] {0, 5, 8, 40, file.length - 1}) {
      byte[] cut = java.util.Arrays.copyOf(file, length);
      assertThat(ask(Json.object().add("op", "open"), cut).json())
          .as(length + " bytes")
          .contains("error");
    }
    assertThat(advance(3, false).getInt("step", 0)).isEqualTo(3);
  }

  @Test
  void aDrawingIsReadLikeADigit() {
    begun("data=digits&rate=0.05&epochs=8");
    advance(1_000_000, false);
    byte[] rgba = new byte[4 * 32 * 32]; // a one: a vertical stroke
    for (int i = 0; i < 32 * 32; i++) {
      boolean stroke = i / 32 > 4 && i / 32 < 28 && i % 32 > 13 && i % 32 < 18;
      for (int c = 0; c < 4; c++) {
        rgba[4 * i + c] = (byte) (c == 3 || stroke ? 255 : 0);
      }
    }
    JsonObject request = Json.object().add("op", "predict").add("width", 32).add("height", 32);
    assertThat(ask(request, rgba).json()).contains("Taken for 1");
  }

  @Test
  void ownClassesWithOneExampleEachAreLearnedAndMissingOnesNamed() {
    assertThat(ask("begin", "data=own").getString("error", "")).contains("“A” has no example");
    ask(Json.object().add("op", "own-names").add("names", Json.array("bar", "line")), new byte[0]);
    for (int label = 0; label < 2; label++) {
      byte[] rgba = new byte[4 * 32 * 32];
      for (int i = 0; i < 32 * 32; i++) {
        boolean ink = Math.abs((label == 0 ? i / 32 : i % 32) - 15) < 2;
        for (int c = 0; c < 4; c++) {
          rgba[4 * i + c] = (byte) (c == 3 || ink ? 255 : 0);
        }
      }
      JsonObject example = Json.object().add("op", "own").add("id", "x" + label);
      example.add("label", label).add("width", 32).add("height", 32).add("drawn", true);
      assertThat(ask(example, rgba).json()).isEqualTo("{}");
      for (int i = 0; i < rgba.length; i++) {
        rgba[i] = (byte) (i % 4 == 3 ? 255 : 0);
      }
      assertThat(ask(example, rgba).json()).contains("Nothing is drawn");
    }
    assertThat(ask("begin", "data=own&epochs=30").get("error")).isNull();
    advance(1000, true);
    assertThat(view("confusion")).contains("Nothing is held out");
    assertThat(view("own")).contains("bar").contains("1 example");
    assertThat(export("pytorch")).contains("nn.Linear(256, 2)");
    JsonObject curves = Json.parse(export("json")).asObject().get("curves").asObject();
    assertThat(curves.get("losses").asArray().get(29).asDouble()).isLessThan(0.2);
  }

  @Test
  void settingsThatMakeAnotherRunDoNotChangeThisOne() {
    begun("data=digits");
    assertThat(ask("change", "data=digits&net=mlp").getString("error", "")).contains("Start anew");
    assertThat(ask("change", "data=digits&rate=0.001").get("error")).isNull();
  }

  @Test
  void earlierRunsStayToCompareWith() {
    for (String rate : new String[] {"0.01", "0.03", "0.05", "0.07", "0.09"}) {
      begun("data=digits&rate=" + rate);
      advance(12, true);
    }
    assertThat(view("curves"))
        .contains("run 4: Learning rate 0.07")
        .contains("run 2: Learning rate 0.03")
        .doesNotContain("run 1:");
  }

  @Test
  void nonsenseIsAnsweredWithAnError() {
    for (String request :
        new String[] {
          "",
          "[]",
          "{}",
          "{\"op\":\"fly\"}",
          "{\"op\":\"advance\"}",
          "{\"op\":\"view\"}",
          "{\"op\":\"predict\"}",
          "{\"op\":\"export\",\"kind\":\"x\"}",
          "{\"op\":\"save\"}"
        }) {
      assertThat(lab.handle(request, new byte[0]).json()).as(request).contains("error");
    }
    assertThat(ask("check", "rate=-1&batch=x&net=vgg").get("problems").asArray()).hasSize(3);
  }
}
