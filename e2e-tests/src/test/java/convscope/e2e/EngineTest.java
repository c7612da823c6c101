package convscope.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import org.junit.jupiter.api.Test;

/** The way from a page through its worker into Java and back. */
class EngineTest extends SiteTest {
  private static final String ASK =
      """
      ([worker, wasm, request]) => new Promise((resolve, reject) => {
        const w = new Worker(worker);
        w.onmessage = ({ data }) => resolve(data.trapped ? 'trapped: ' + data.trapped : data.text);
        w.onerror = (e) => reject(new Error(e.message));
        w.postMessage({ wasm: new URL(wasm, location.href).href });
        w.postMessage({ id: 1, request });
      })""";

  @Test
  void workerAnswersARequestUnderTheStrictPolicy() {
    Page page = open("index.html");
    Object reply =
        page.evaluate(
            ASK,
            new Object[] {Site.asset("worker.js"), Site.asset("engine.wasm"), "{\"ü\":\"✓\"}"});
    assertThat((String) reply).startsWith("{").doesNotContain("trapped");
  }
}
