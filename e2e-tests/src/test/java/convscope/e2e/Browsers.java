package convscope.e2e;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.impl.driver.Driver;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds a browser or obtains one, in this order: the environment variable {@code
 * CONVSCOPE_CHROMIUM}, {@code CONVSCOPE_FIREFOX} or {@code CONVSCOPE_WEBKIT}; a browser on the
 * path; Playwright's own build, downloaded; on Debian and its kin, as root, the system's package.
 * {@code CONVSCOPE_BROWSER_FROM=system|download|package} allows only one of the last three.
 */
final class Browsers {
  /** Which browser to drive. WebKit's program is its WebDriver, which knows its browser. */
  enum Kind {
    CHROMIUM("chromium", List.of("chromium", "chromium-browser", "google-chrome"), "chromium"),
    FIREFOX("firefox", List.of("firefox-esr", "firefox"), "firefox-esr"),
    WEBKIT("webkit", List.of("WebKitWebDriver"), "webkit2gtk-driver", "xvfb");

    final String title;
    final String variable = "CONVSCOPE_" + name();
    final List<String> commands;
    final List<String> debianPackages;

    Kind(String title, List<String> commands, String... debianPackages) {
      this.title = title;
      this.commands = commands;
      this.debianPackages = List.of(debianPackages);
    }
  }

  private static final List<String> PATH =
      List.of(
          System.getenv().getOrDefault("PATH", "").split(Pattern.quote(File.pathSeparator), -1));
  private static final int DOWNLOAD_MINUTES = 4;
  private static final int PACKAGE_MINUTES = 6;

  /** Whether the tests run as root, for whom browsers start only without their sandbox. */
  static final boolean ROOT = "root".equals(System.getProperty("user.name"));

  private Browsers() {}

  /**
   * Starts Playwright without letting it download browsers of its own accord: on a closed network
   * that takes minutes.
   */
  static Playwright playwright() {
    return Playwright.create(
        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
  }

  /** Launches Chromium or Firefox and prints which one it is and how it was found. */
  static Browser launch(Playwright playwright, Kind kind) {
    return new Search<>(kind, program -> start(playwright, kind, program), Browser::version).run();
  }

  /** Launches WebKit and prints which one it is and how it was found. */
  static WebKit webkit() {
    return new Search<>(
            Kind.WEBKIT, program -> new WebKit(Objects.requireNonNull(program)), WebKit::version)
        .run();
  }

  /** The way to a browser of one kind, and what was tried in vain on it. */
  private static final class Search<T> {
    private final Kind kind;
    private final Function<@Nullable Path, T> start; // null is Playwright's own build
    private final Function<T, String> version;
    private final List<String> tried = new ArrayList<>();

    Search(Kind kind, Function<@Nullable Path, T> start, Function<T, String> version) {
      this.kind = kind;
      this.start = start;
      this.version = version;
    }

    /** Looks, while no other JVM of the same run does: two could not install at a time. */
    T run() {
      Path lock = Path.of("target", "browsers.lock");
      try (FileChannel file =
              FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock held = file.lock()) {
        return search();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private T search() {
      String given = System.getenv(kind.variable);
      if (given != null && !given.isBlank()) {
        return announce(start.apply(Path.of(given)), given + ", named by " + kind.variable);
      }
      T browser = null;
      if (allowed("system")) {
        browser = fromPath("found on the path");
      }
      if (browser == null && allowed("download")) {
        browser = downloaded();
      }
      if (browser == null && allowed("package")) {
        browser = packaged();
      }
      if (browser == null) {
        throw new IllegalStateException(
            "No %s to test with. Install one (Debian: apt-get install %s), or let %s name its program, such as %s. Tried: %s"
                .formatted(
                    kind.title,
                    String.join(" ", kind.debianPackages),
                    kind.variable,
                    kind.commands.get(0),
                    String.join("; ", tried)));
      }
      return browser;
    }

    private static boolean allowed(String step) {
      String only = System.getenv("CONVSCOPE_BROWSER_FROM");
      return only == null || only.isBlank() || only.equals(step);
    }

    private @Nullable T fromPath(String how) {
      for (String command : kind.commands) {
        Path program = onPath(command);
        if (program != null) {
          T browser = attempt(program, program + ", " + how);
          if (browser != null) {
            return browser;
          }
        }
      }
      tried.add("the path has no working " + String.join(", ", kind.commands));
      return null;
    }

    private @Nullable T downloaded() {
      if (kind == Kind.WEBKIT) {
        tried.add("no download, since Playwright's own build comes without a WebDriver");
        return null;
      }
      ProcessBuilder install = Driver.ensureDriverInstalled(Map.of(), false).createProcessBuilder();
      install.command().addAll(List.of("install", kind.title));
      install.environment().put("PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT", "10000");
      System.out.println("Looking for " + kind.title + ": downloading Playwright's own build …");
      if (!Browsers.run(install, DOWNLOAD_MINUTES)) {
        tried.add("Playwright's download failed");
        return null;
      }
      return attempt(null, "Playwright's own build");
    }

    private @Nullable T packaged() {
      if (!ROOT || onPath("apt-get") == null) {
        tried.add("no package installed, since that needs root and apt-get");
        return null;
      }
      System.out.println("Looking for " + kind.title + ": installing the system's package …");
      ProcessBuilder install =
          new ProcessBuilder("apt-get", "install", "-y", "--no-install-recommends");
      install.command().addAll(kind.debianPackages);
      install.environment().put("DEBIAN_FRONTEND", "noninteractive");
      String packages = String.join(" ", kind.debianPackages);
      if (!Browsers.run(new ProcessBuilder("apt-get", "update"), PACKAGE_MINUTES)
          || !Browsers.run(install, PACKAGE_MINUTES)) {
        tried.add("apt-get could not install " + packages);
        return null;
      }
      return fromPath("installed by apt-get");
    }

    private @Nullable T attempt(@Nullable Path program, String description) {
      try {
        return announce(start.apply(program), description);
      } catch (PlaywrightException | IllegalStateException e) {
        String failure =
            description
                + " did not start: "
                + String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        System.out.println(failure);
        tried.add(failure);
        return null;
      }
    }

    private T announce(T browser, String description) {
      System.out.println(
          "Testing with " + kind.title + " " + version.apply(browser) + " (" + description + ")");
      return browser;
    }
  }

  private static Browser start(Playwright playwright, Kind kind, @Nullable Path program) {
    BrowserType.LaunchOptions options = new BrowserType.LaunchOptions().setHeadless(true);
    if (program != null) {
      options.setExecutablePath(program);
    }
    if (kind == Kind.FIREFOX) {
      if (program != null) {
        options.setChannel(
            "moz-firefox"); // a Firefox as Mozilla builds it, not Playwright's patched one
      }
      return playwright.firefox().launch(options);
    }
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--use-fake-device-for-media-stream",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"));
    if (ROOT) {
      flags.add("--no-sandbox");
    }
    return playwright.chromium().launch(options.setArgs(flags));
  }

  /** The program of this name, or null. */
  static @Nullable Path onPath(String command) {
    for (String folder : PATH) {
      for (String suffix : List.of("", ".exe")) {
        Path program = Path.of(folder, command + suffix);
        if (Files.isExecutable(program) && !Files.isDirectory(program)) {
          return program;
        }
      }
    }
    return null;
  }

  /** Runs a program to its end, or ends it and all that it started when the time is up. */
  private static boolean run(ProcessBuilder program, int minutes) {
    try {
      Process process =
          program.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
      if (process.waitFor(minutes, TimeUnit.MINUTES)) {
        return process.exitValue() == 0;
      }
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      return false;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
