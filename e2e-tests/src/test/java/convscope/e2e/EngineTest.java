package convscope.e2e;

import static convscope.e2e.Figures.FIRST;
import static convscope.e2e.Figures.FIRST_PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import convscope.figure.FigureService;
import convscope.site.EngineModule;
import convscope.topic.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;

/** The way from a page through its worker into Java and back. */
class EngineTest extends SiteTest {
  private static final String ASK =
      """
      ([worker, wasm, requests]) => new Promise((resolve, reject) => {
        const trust = globalThis.trustedTypes?.createPolicy('convscope', { createScriptURL: (url) => url });
        const w = new Worker(trust ? trust.createScriptURL(worker) : worker);
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

  @Test
  void whatAFigureNeedsAndIsNoPictureIsHandedOverAsTheFileThatItIs() throws IOException {
    Page page = open(FIRST_PAGE);
    Figures.ready(page, FIRST);
    Object handed =
        page.evaluate(
            "async (topic) => { const { engine } = customElements.get('conv-scope'); const { worker } = engine;"
                + " const post = worker.postMessage.bind(worker);"
                + " const handed = new Promise((resolve) => { worker.postMessage = (message, ...more) => {"
                + " if (message.request?.includes('\"give\"')) { resolve(message); } post(message, ...more); }; });"
                + " await engine.bring('digits-28', topic);"
                + " const { module, request, payload } = await handed;"
                + " return [module, request, [...payload].join(' ')]; }",
            FIRST);
    StringJoiner digits = new StringJoiner(" ");
    for (byte level : Files.readAllBytes(Site.FOLDER.resolve(Site.asset("digits-28.idx")))) {
      digits.add(String.valueOf(level & 0xff));
    }
    assertThat(handed)
        .isEqualTo(
            List.of("chapter-1", "{\"op\":\"give\",\"name\":\"digits-28\"}", digits.toString()));
  }

  @Test
  void aFigureWhoseNeedCannotBeMetSaysSoAndDoesNotAskOnAndOn() {
    Page page = newPage(new Browser.NewContextOptions());
    page.route(
        "**/worker.*.js",
        route ->
            route.fulfill(
                new Route.FulfillOptions()
                    .setContentType("text/javascript")
                    .setBody(
                        "let figures = 0; onmessage = ({ data: { id, request = '{}' } }) => {"
                            + " figures += JSON.parse(request).op === 'figure' ? 1 : 0;"
                            + " const text = JSON.stringify({ figures, values: {}, hidden: [], query: '', problems: [], needs: ['nothing'] });"
                            + " postMessage({ id, text, bytes: new Uint8Array(0) }); };")));
    page.navigate(site().strict.url() + "embed/" + FIRST + ".html");
    page.locator("conv-scope .status >> text=“nothing” is not in this copy of the figure")
        .waitFor();
    Object figures =
        page.evaluate(
            "async (topic) => { const { engine } = customElements.get('conv-scope'); let figures;"
                + " for (let i = 0; i < 9; i++) { ({ figures } = (await engine.ask(topic, { op: 'count' })).reply); }"
                + " return figures; }",
            FIRST);
    assertThat((int) figures).isLessThanOrEqualTo(2);
  }

  private List<?> ask(String wasm, List<String> requests) {
    Page page = open("index.html");
    return (List<?>)
        page.evaluate(ASK, new Object[] {Site.asset("worker.js"), wasm, requests.toArray()});
  }
}
