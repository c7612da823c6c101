package convscope.e2e;

import static convscope.e2e.Figures.FIRST;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import convscope.figure.FigureService;
import convscope.site.EngineModule;
import convscope.topic.Topics;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The way from a page through its worker into Java and back. */
class EngineTest extends SiteTest {
  private static final String ASK =
      """
      ([worker, wasm, requests]) => new Promise((resolve, reject) => {
        const w = new Worker(worker);
        const replies = [];
        w.onmessage = ({ data }) => {
          replies[data.id] = data.trapped ? 'trapped: ' + data.trapped : data.text;
          if (replies.length === requests.length) {
            resolve(replies);
          }
        };
        w.onerror = (e) => reject(new Error(e.message));
        w.postMessage({ wasm: new URL(wasm, location.href).href });
        requests.forEach((request, id) => w.postMessage({ id, request, payload: new Uint8Array([1, 2, 3]) }));
      })""";

  @Test
  void workerAnswersAsTheJvmDoesUnderTheStrictPolicy() {
    List<String> requests =
        List.of(
            "{\"op\":\"figure\",\"topic\":\"local-receptive-field\",\"layout\":\"wide\",\"fallback\":true,\"shell\":true}",
            "{\"op\":\"figure\",\"topic\":\"local-receptive-field\",\"params\":{\"step\":\"3\",\"kernel\":\"2\"},\"layout\":\"narrow\"}",
            "{\"op\":\"figure\",\"topic\":\"<ü✓😀>\"}",
            "no request",
            "");
    EngineModule module = EngineModule.of(Topics.get(FIRST));
    FigureService service = new FigureService(module.topics());
    List<String> expected =
        requests.stream().map(r -> service.handle(r, new byte[] {1, 2, 3}).json()).toList();
    assertThat(expected.get(0)).contains("<svg");

    assertThat(ask(Site.asset(module.asset()), requests)).isEqualTo(expected);
  }

  @Test
  void anEngineThatCannotBeLoadedIsToldToWhoeverAsks() {
    expectError("404");
    assertThat(ask("nowhere.wasm", List.of("{}")))
        .singleElement()
        .asString()
        .startsWith("trapped: The engine could not be loaded: ")
        .endsWith("nowhere.wasm answered 404.");
  }

  private List<?> ask(String wasm, List<String> requests) {
    Page page = open("index.html");
    return (List<?>)
        page.evaluate(ASK, new Object[] {Site.asset("worker.js"), wasm, requests.toArray()});
  }
}
