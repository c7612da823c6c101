package convscope.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ReducedMotion;
import convscope.site.SiteServer;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A test of the built site in a browser. Each test gets contexts of its own; it fails if a page
 * logs an error or a warning about the policy, throws, or asks any other host for anything.
 */
@ExtendWith(SiteTest.Sharing.class)
abstract class SiteTest {
  private static @Nullable Site shared;

  private final List<BrowserContext> contexts = new ArrayList<>();
  private final List<String> errors = new ArrayList<>();
  private final List<String> foreignRequests = new ArrayList<>();
  private final List<Pattern> expected = new ArrayList<>();

  /** Starts the site at the first test that needs it, and ends it after the last. */
  static final class Sharing implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
      shared =
          context
              .getRoot()
              .getStore(ExtensionContext.Namespace.GLOBAL)
              .getOrComputeIfAbsent(Site.class, key -> new Site(), Site.class);
    }
  }

  static Site site() {
    if (shared == null) {
      throw new IllegalStateException("The site is not there before the tests begin");
    }
    return shared;
  }

  /** Which browser this class's tests run in. */
  protected Browsers.Kind kind() {
    return Browsers.Kind.CHROMIUM;
  }

  /**
   * A new page, in a context of its own, that shows {@code path} of the site under the strict
   * policy.
   */
  protected Page open(String path) {
    return open(site().strict, path, new Browser.NewContextOptions());
  }

  /** The same with options: colour scheme, scripts off, narrow screen, … */
  protected Page open(SiteServer server, String path, Browser.NewContextOptions options) {
    Page page = newPage(options);
    page.navigate(server.url() + path);
    return page;
  }

  /**
   * An empty page in a watched context of its own. Nothing moves by itself in it, unless the
   * options say otherwise.
   */
  protected Page newPage(Browser.NewContextOptions options) {
    if (options.reducedMotion == null) {
      options.setReducedMotion(ReducedMotion.REDUCE);
    }
    BrowserContext context = site().browser(kind()).newContext(options);
    contexts.add(context);
    context.setDefaultTimeout(10_000);
    context.onConsoleMessage(this::watch);
    context.onWebError(error -> errors.add("thrown: " + error.error()));
    context.route(
        url -> !local(url),
        route -> {
          foreignRequests.add(route.request().url());
          route.abort();
        });
    return context.newPage();
  }

  /** Lets this test's pages log errors that match. */
  protected void expectError(String regex) {
    expected.add(Pattern.compile(regex));
  }

  /** Everything that the pages asked of other hosts so far; always refused. */
  protected List<String> foreignRequests() {
    return foreignRequests;
  }

  /** Everything that the pages logged as an error or threw so far. */
  protected List<String> errors() {
    return errors;
  }

  @AfterEach
  void pagesAreCleanAndStayOnThisMachine() {
    contexts.forEach(BrowserContext::close);
    errors.removeIf(error -> expected.stream().anyMatch(pattern -> pattern.matcher(error).find()));
    assertThat(errors).as("errors that pages logged or threw").isEmpty();
    assertThat(foreignRequests).as("requests to other hosts").isEmpty();
  }

  private void watch(ConsoleMessage message) {
    if (message.type().equals("error") || message.text().contains("Content-Security-Policy")) {
      errors.add(message.text() + " (" + message.location() + ")");
    }
  }

  private static boolean local(String url) {
    URI uri = URI.create(url.contains(",") || url.startsWith("data:") ? "data:," : url);
    return !Set.of("http", "https", "ws", "wss").contains(uri.getScheme())
        || "127.0.0.1".equals(uri.getHost());
  }
}
