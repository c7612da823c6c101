package convscope.e2e;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.impl.driver.Driver;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds a browser or obtains one, in this order: the environment variable {@code
 * CONVSCOPE_CHROMIUM} or {@code CONVSCOPE_FIREFOX}; a browser on the path; Playwright's own build,
 * downloaded; on Debian and its kin, as root, the system's package. {@code
 * CONVSCOPE_BROWSER_FROM=system|download|package} allows only one of the last three.
 */
final class Browsers {
  /** Which browser to drive. */
  enum Kind {
    CHROMIUM("CONVSCOPE_CHROMIUM", "chromium", "chromium"),
    FIREFOX("CONVSCOPE_FIREFOX", "firefox", "firefox-esr");

    final String variable;
    final String download;
    final String debianPackage;

    Kind(String variable, String download, String debianPackage) {
      this.variable = variable;
      this.download = download;
      this.debianPackage = debianPackage;
    }

    List<String> commands() {
      return this == CHROMIUM
          ? List.of("chromium", "chromium-browser", "google-chrome")
          : List.of("firefox-esr", "firefox");
    }
  }

  private static final List<String> PATH =
      List.of(
          System.getenv().getOrDefault("PATH", "").split(Pattern.quote(File.pathSeparator), -1));
  private static final int DOWNLOAD_MINUTES = 4;
  private static final int PACKAGE_MINUTES = 6;
  private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

  private Browsers() {}

  /**
   * Starts Playwright without letting it download browsers of its own accord: on a closed network
   * that takes minutes.
   */
  static Playwright playwright() {
    return Playwright.create(
        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
  }

  /** Launches a browser and prints which one it is and how it was found. */
  static Browser launch(Playwright playwright, Kind kind) {
    String given = System.getenv(kind.variable);
    if (given != null && !given.isBlank()) {
      return announce(
          kind, start(playwright, kind, Path.of(given)), given + ", named by " + kind.variable);
    }
    List<String> tried = new ArrayList<>();
    Browser browser = null;
    if (allowed("system")) {
      browser = fromPath(playwright, kind, "found on the path", tried);
    }
    if (browser == null && allowed("download")) {
      browser = downloaded(playwright, kind, tried);
    }
    if (browser == null && allowed("package")) {
      browser = packaged(playwright, kind, tried);
    }
    if (browser == null) {
      throw new IllegalStateException(
          "No %s to test with. Install one (Debian: apt-get install %s), or set %s to its program. Tried: %s"
              .formatted(
                  kind.download, kind.debianPackage, kind.variable, String.join("; ", tried)));
    }
    return browser;
  }

  private static boolean allowed(String step) {
    String only = System.getenv("CONVSCOPE_BROWSER_FROM");
    return only == null || only.isBlank() || only.equals(step);
  }

  private static @Nullable Browser fromPath(
      Playwright playwright, Kind kind, String how, List<String> tried) {
    for (String command : kind.commands()) {
      Path program = onPath(command);
      if (program != null) {
        Browser browser = attempt(playwright, kind, program, program + ", " + how, tried);
        if (browser != null) {
          return browser;
        }
      }
    }
    tried.add("the path has no working " + String.join(", ", kind.commands()));
    return null;
  }

  private static @Nullable Browser downloaded(
      Playwright playwright, Kind kind, List<String> tried) {
    ProcessBuilder install = Driver.ensureDriverInstalled(Map.of(), false).createProcessBuilder();
    install.command().addAll(List.of("install", kind.download));
    install.environment().put("PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT", "10000");
    System.out.println("Looking for " + kind.download + ": downloading Playwright's own build …");
    if (!run(install, DOWNLOAD_MINUTES)) {
      tried.add("Playwright's download failed");
      return null;
    }
    return attempt(playwright, kind, null, "Playwright's own build", tried);
  }

  private static @Nullable Browser packaged(Playwright playwright, Kind kind, List<String> tried) {
    if (!ROOT || onPath("apt-get") == null) {
      tried.add("no package installed, since that needs root and apt-get");
      return null;
    }
    System.out.println("Looking for " + kind.download + ": installing the system's package …");
    ProcessBuilder install =
        new ProcessBuilder(
            "apt-get", "install", "-y", "--no-install-recommends", kind.debianPackage);
    install.environment().put("DEBIAN_FRONTEND", "noninteractive");
    if (!run(new ProcessBuilder("apt-get", "update"), PACKAGE_MINUTES)
        || !run(install, PACKAGE_MINUTES)) {
      tried.add("apt-get could not install " + kind.debianPackage);
      return null;
    }
    return fromPath(playwright, kind, "installed as the package " + kind.debianPackage, tried);
  }

  private static @Nullable Browser attempt(
      Playwright playwright,
      Kind kind,
      @Nullable Path program,
      String description,
      List<String> tried) {
    try {
      return announce(kind, start(playwright, kind, program), description);
    } catch (PlaywrightException e) {
      tried.add(
          description
              + " did not start: "
              + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
      return null;
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

  private static Browser announce(Kind kind, Browser browser, String description) {
    System.out.println(
        "Testing with " + kind.download + " " + browser.version() + " (" + description + ")");
    return browser;
  }

  private static @Nullable Path onPath(String command) {
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
