package convscope.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import com.microsoft.playwright.Page;
import convscope.net.graph.Report;
import convscope.net.onnx.OnnxGraph;
import convscope.net.onnx.Source;
import convscope.net.text.Dialects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Networks that people bring, on the benchmark page: as the JVM reads them, and run with SIMD. */
class NetworksTest extends SiteTest {
  private static final Path FOLDER = Path.of("../core/src/test/resources/networks");

  private static long[] sizes(JsonArray array) {
    long[] sizes = new long[array.size()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = array.get(i).asLong();
    }
    return sizes;
  }

  @Test
  void codeIsReadInTheBrowserAsOnTheJvm() throws IOException {
    Page page = open("bench/index.html");
    for (String list : List.of("sequential.json", "modules.json")) {
      String text = Files.readString(FOLDER.resolve(list));
      for (JsonValue each : Json.parse(text).asObject().get("cases").asArray()) {
        JsonObject given = each.asObject();
        Object there =
            page.evaluate(
                """
                async (given) => {
                  const {text, input} = JSON.parse(given);
                  return JSON.stringify(await convscopeBench.readNetwork({text}, input));
                }\
                """,
                given.toString());
        String here =
            Report.json(
                    Dialects.read(given.getString("text", ""), sizes(given.get("input").asArray())))
                .toString();
        assertThat(Json.parse((String) there))
            .as(given.getString("id", ""))
            .isEqualTo(Json.parse(here));
      }
    }
  }

  @Test
  void onnxFilesAreReadAndRunInTheBrowser() throws IOException {
    Page page = open("bench/index.html");
    for (String name : List.of("mobilenet_v3", "regnet", "unet", "densenet")) {
      byte[] file = Files.readAllBytes(FOLDER.resolve(name + ".onnx"));
      JsonObject reference =
          Json.parse(Files.readString(FOLDER.resolve(name + ".json"))).asObject();
      long[] input = sizes(reference.get("input").asObject().get("shape").asArray());
      Object there =
          page.evaluate(
              """
              async ([file, about]) => {
                const {input, outputs, tolerance} = JSON.parse(about);
                const bytes = Uint8Array.from(atob(file), (c) => c.charCodeAt(0));
                const n = input.shape.reduce((a, b) => a * b, 1);
                const data = Float32Array.from({length: n}, (_, i) => 1.5 * Math.sin(-1 + (2 * i) / (n - 1)));
                const names = outputs.map((o) => o.name);
                const run = await convscopeBench.runNetwork(bytes, {shape: input.shape, data}, names);
                const wrong = outputs.filter((o, k) =>
                  o.shape.join() !== run.outputs[k].shape.join()
                  || o.first.some((v, i) =>
                    !(Math.abs(v - run.outputs[k].data[i]) <= tolerance.rtol * Math.abs(v) + tolerance.atol)));
                const read = await convscopeBench.readNetwork({bytes}, input.shape);
                return JSON.stringify({wrong: wrong.map((o) => o.name), read});
              }\
              """,
              List.of(Base64.getEncoder().encodeToString(file), reference.toString()));
      JsonObject answer = Json.parse((String) there).asObject();
      assertThat(answer.get("wrong").asArray().isEmpty())
          .as(name + ": " + answer.get("wrong"))
          .isTrue();
      assertThat(answer.get("read"))
          .isEqualTo(Json.parse(Report.json(OnnxGraph.read(Source.of(file), input)).toString()));
    }
  }

  @Test
  void aDamagedFileIsAnErrorThatSaysSo() {
    Page page = open("bench/index.html");
    Object answer =
        page.evaluate(
            """
            async () => (await convscopeBench.readNetwork({bytes: Uint8Array.of(58, 99, 1)}, null)).error.message\
            """);
    assertThat((String) answer).contains("cut off");
  }
}
