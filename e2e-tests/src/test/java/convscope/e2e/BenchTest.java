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

  @Test
  void everyOperatorGivesTheSameBitsInTheBrowserAsOnTheJvm() throws IOException {
    Map<String, List<String>> cases = sample();
    assertThat(cases).hasSizeGreaterThan(20);
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
    page.click("text=Run >> nth=-1");
    page.waitForFunction(
        "() => document.getElementById('answer').textContent.includes('[0,0,2.5]')");
  }
}
