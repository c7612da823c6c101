package convscope.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * {@link SiteTest} notices what it promises to notice; a watch that sleeps would let every test
 * pass.
 */
class WatchTest extends SiteTest {
  private static final String IN_WORKER =
      """
      new Promise((resolve) => {
        const source = "fetch('http://convscope.example/from-worker').then(() => postMessage('answered'), () => postMessage('refused'))";
        const w = new Worker(URL.createObjectURL(new Blob([source])));
        w.onmessage = ({ data }) => resolve(data);
      })""";

  @Test
  void whatAPageLogsOrThrowsIsNoticed() {
    expectError("logged|thrown late|Content.Security.Policy");
    Page page = open("index.html");
    page.evaluate(
        "() => { console.error('logged'); setTimeout(() => { throw new Error('thrown late'); }); }");
    page.evaluate(
        "() => { document.head.append(Object.assign(document.createElement('style'), {textContent: 'p {}'})); }");
    for (String word : List.of("logged", "thrown late", "Content")) {
      page.waitForCondition(() -> errors().stream().anyMatch(e -> e.contains(word)));
    }
    assertThat(errors())
        .anyMatch(e -> e.contains("logged"))
        .anyMatch(e -> e.contains("thrown late"));
    assertThat(errors()).anyMatch(e -> e.contains("Content"));
  }

  @Test
  void requestsToOtherHostsAreNoticedAndRefused() {
    expectError("."); // the browser's own words on each refusal
    Page page = newPage(new Browser.NewContextOptions());
    page.navigate(site().open.url() + "index.html");
    String ask =
        "async (url) => { try { await fetch(url); return 'answered'; } catch (e) { return 'refused'; } }";
    assertThat(page.evaluate(ask, "http://convscope.example/from-page")).isEqualTo("refused");
    page.evaluate("() => { new Image().src = 'http://convscope.example/image.png'; }");
    assertThat(page.evaluate("() => " + IN_WORKER)).isEqualTo("refused");
    page.waitForCondition(() -> foreignRequests().contains("http://convscope.example/image.png"));
    assertThat(takeForeignRequests())
        .contains("http://convscope.example/from-page", "http://convscope.example/image.png");
  }

  private List<String> takeForeignRequests() {
    List<String> taken = List.copyOf(foreignRequests());
    foreignRequests().clear();
    return taken;
  }
}
