package convscope.e2e;

import com.eclipsesource.json.Json;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Playwright;
import convscope.site.SiteServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/** What all browser tests of one run share: the site on two origins, and the browsers. */
final class Site implements AutoCloseable {
  /** The folder {@code static} of the sources. */
  static final Path SOURCE =
      Path.of(System.getProperty("convscope.static", "../static")).normalize();

  /** The assembled site. */
  static final Path FOLDER = SOURCE.resolve("target/site").toAbsolutePath().normalize();

  /** The site under the strict policy. */
  final SiteServer strict;

  /** The same files on another origin (another port), without a policy. */
  final SiteServer open;

  private final Playwright playwright = Browsers.playwright();
  private final Map<Browsers.Kind, Browser> browsers = new EnumMap<>(Browsers.Kind.class);

  private final Map<Browsers.Kind, IllegalStateException> absent =
      new EnumMap<>(Browsers.Kind.class);

  Site() {
    try {
      strict = new SiteServer(FOLDER, 0, SiteServer.Options.DEFAULT);
      open = new SiteServer(FOLDER, 0, SiteServer.Options.DEFAULT.withoutPolicy());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The browser of this kind, launched at the first call. When there is none, that is found out
   * only once.
   */
  Browser browser(Browsers.Kind kind) {
    IllegalStateException reason = absent.get(kind);
    if (reason != null) {
      throw reason;
    }
    try {
      return browsers.computeIfAbsent(kind, k -> Browsers.launch(playwright, k));
    } catch (IllegalStateException e) {
      absent.put(kind, e);
      throw e;
    }
  }

  /**
   * The hashed path, relative to the site's root, of an asset's plain name such as {@code
   * worker.js}.
   */
  static String asset(String name) {
    try {
      String json = Files.readString(SOURCE.resolve("target/assets.json"));
      return Json.parse(json).asObject().get(name).asString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    playwright.close(); // and with it the browsers
    strict.close();
    open.close();
  }
}
