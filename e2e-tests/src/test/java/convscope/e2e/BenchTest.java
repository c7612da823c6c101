package convscope.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import com.microsoft.playwright.Page;
import convscope.run.OpRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The benchmark page: the operators in the browser, and timed convolutions. */
class BenchTest extends SiteTest {
  private static final Path VECTORS = Path.of("../core/src/test/resources/vectors");
  private static final int CASES_PER_OPERATOR = 3;

  /** One case of each operator that those files do not have. */
  private static final List<String> MORE =
      List.of(
          one(
              "MaxUnpool",
              "'kernel_shape':[2,2],'strides':[2,2]",
              x("1,1,1,2", "3,-1") + "," + ints("I", "1,1,1,2", "1,6"),
              "float32",
              "1,1,2,4"),
          one(
              "Upsample",
              "'mode':'nearest','scales':[1.0,1.0,2.0,3.0]",
              x("1,1,1,2", "0.1,-7"),
              "float32",
              "1,1,2,6"),
          one("SpaceToDepth", "'blocksize':2", x("1,1,2,2", "1,2,3,4.5"), "float32", "1,4,1,1"),
          one("Flatten", "'axis':1", x("2,1,2", "1,2,3,4"), "float32", "2,2"),
          one(
              "Reshape",
              "",
              x("2,3", "1,2,3,4,5,6") + "," + ints("shape", "2", "3,-1"),
              "float32",
              "3,2"),
          one("Split", "'axis':0", x("2", "1,2.5"), "float32", "1")
              .replace("}]}", "},{\"name\":\"Z\",\"dtype\":\"float32\",\"shape\":[1]}]}"),
          one("Dropout", "", x("3", "1,-2,3"), "float32", "3"),
          one(
              "NonMaxSuppression",
              "",
              x("1,2,4", "0,0,1,1,0,0.1,1,1.1")
                  + ","
                  + x("1,1,2", "0.4,0.9")
                  + ","
                  + ints("max", "1", "2")
                  + ","
                  + x("1", "0.5")
                  + ","
                  + x("1", "0.1"),
              "int64",
              "1,3"));

  private static String one(
      String op, String attributes, String inputs, String dtype, String shape) {
    return ("{'op':'"
            + op
            + "','opset':"
            + (op.equals("Upsample") ? 7 : 13)
            + ",'domain':'','attributes':{"
            + attributes
            + "},'inputs':["
            + inputs
            + "],'outputs':[{'name':'Y','dtype':'"
            + dtype
            + "','shape':["
            + shape
            + "]}]}")
        .replace('\'', '"');
  }

  private static String x(String shape, String data) {
    return "{'name':'X','dtype':'float32','shape':[" + shape + "],'data':[" + data + "]}";
  }

  private static String ints(String name, String shape, String data) {
    return "{'name':'" + name + "','dtype':'int64','shape':[" + shape + "],'data':[" + data + "]}";
  }

  @Test
  void everyOperatorGivesTheSameBitsInTheBrowserAsOnTheJvm() throws IOException {
    Map<String, List<String>> cases = sample();
    for (String json : MORE) {
      cases.put(Json.parse(json).asObject().getString("op", ""), List.of(json));
    }
    for (String operator : OpRunner.operators()) {
      assertThat(cases).as("a case for " + operator).containsKey(operator);
      assertThat(cases.get(operator))
          .as(operator + " with a result")
          .anyMatch(json -> OpRunner.run(json).startsWith("{\"outputs\""));
    }
    Page page = open("bench/index.html");
    page.evaluate("() => convscopeBench.ready");
    int compared = 0;
    for (Map.Entry<String, List<String>> operator : cases.entrySet()) {
      for (String json : operator.getValue()) {
        Object there = page.evaluate("json => convscopeBench.runOp(json)", json);
        assertThat(there).as(operator.getKey() + ": " + json).isEqualTo(OpRunner.run(json));
        compared++;
      }
    }
    System.out.println(
        "Browser equals JVM to the bit: " + compared + " cases of " + cases.size() + " operators");
  }

  /**
   * A few cases of every operator that the committed reference results have, spread over the files.
   */
  private static Map<String, List<String>> sample() throws IOException {
    Map<String, List<String>> all = new TreeMap<>();
    List<Path> files;
    try (Stream<Path> list = Files.list(VECTORS)) {
      files = list.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
    for (Path file : files) {
      for (JsonValue value : Json.parse(Files.readString(file)).asObject().get("cases").asArray()) {
        JsonObject given = value.asObject();
        JsonArray wanted = new JsonArray();
        for (JsonValue output : given.get("outputs").asArray()) {
          wanted.add(output.isNull() ? Json.NULL : output.asObject().remove("data"));
        }
        given.set("outputs", wanted);
        all.computeIfAbsent(given.getString("op", ""), op -> new ArrayList<>())
            .add(given.toString());
      }
    }
    all.replaceAll(
        (op, list) ->
            Stream.iterate(0, n -> n + Math.max(1, list.size() / CASES_PER_OPERATOR))
                .limit(CASES_PER_OPERATOR)
                .filter(n -> n < list.size())
                .map(list::get)
                .toList());
    return all;
  }

  @Test
  void aTimedConvolutionReturnsTheOutputAndItsGradients() {
    Page page = open("bench/index.html");
    Object sums =
        page.evaluate(
            """
            async () => {
              const spec = {n: 1, c: 1, h: 3, w: 4, outChannels: 1, kernel: [2, 2], stride: [1, 1],
                padding: [0, 0, 0, 0], dilation: [1, 1], groups: 1};
              const x = Float32Array.from({length: 12}, (_, i) => i);
              const w = Float32Array.of(1, 2, 3, 4);
              const {ms, y} = await convscopeBench.conv2d(spec, x, w, Float32Array.of(0.5), 2);
              const g = await convscopeBench.conv2dBackward(spec, x, w, new Float32Array(6).fill(1), 2);
              return [ms >= 0, [...y].join(), [...g.dx].join(), [...g.dw].join(), [...g.db].join()].join(' | ');
            }""");
    assertThat(sums)
        .isEqualTo(
            "true | 34.5,44.5,54.5,74.5,84.5,94.5 | 1,3,3,2,4,10,10,6,3,7,7,4 | 18,24,42,48 | 6");
  }

  @Test
  void aBadCaseIsAnErrorThatNamesTheRemedy() {
    Page page = open("bench/index.html");
    Object answer = page.evaluate("() => convscopeBench.runOp({op: 'Fly'})");
    assertThat((String) answer).contains("unknown operator").contains("use one of");
  }

  @Test
  void theFormRunsTheCaseInItsBox() {
    Page page = open("bench/index.html");
    page.click("#run-op button");
    page.waitForFunction(
        "() => document.getElementById('answer').textContent.includes('[0,0,2.5]')");
  }
}
