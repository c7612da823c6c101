package convscope.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openqa.selenium.MutableCapabilities;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.remote.HttpCommandExecutor;
import org.openqa.selenium.remote.RemoteWebDriver;

/**
 * WebKitGTK's small browser behind its WebDriver, on a display of its own where there is none. It
 * reaches no host but this machine.
 */
final class WebKit implements AutoCloseable {
  /**
   * Runs a program until the input ends, then ends it and all that it started. The input ends with
   * the tests, even when their JVM is killed.
   */
  private static final String GUARD = "setsid \"$@\" & cat > /dev/null; kill -- -$!; wait";

  private static final String LOOPBACK = "127.0.0.1";
  private static final String NOWHERE = LOOPBACK + ":1"; // a port on which nobody listens
  private static final int SECONDS_TO_START = 60;
  private static final int SECONDS_TO_END = 5;

  private final List<Process> programs = new ArrayList<>();
  private final RemoteWebDriver driver;

  /**
   * Starts the display, the WebDriver and through it the browser.
   *
   * @throws IllegalStateException if one of them does not start
   */
  WebKit(Path program) {
    try {
      Map<String, String> environment = new LinkedHashMap<>();
      if (System.getenv("DISPLAY") == null && System.getenv("WAYLAND_DISPLAY") == null) {
        environment.put("DISPLAY", display());
      }
      if (Browsers.ROOT) {
        environment.put("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1");
      }
      int port = freePort();
      run(environment, ProcessBuilder.Redirect.DISCARD, program.toString(), "--port=" + port);
      awaitListener(port, program);
      URI address = URI.create("http://" + LOOPBACK + ":" + port);
      driver = new RemoteWebDriver(new HttpCommandExecutor(address.toURL()), wishes());
    } catch (IOException | WebDriverException e) {
      endPrograms();
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private static MutableCapabilities wishes() {
    MutableCapabilities wishes = new MutableCapabilities();
    wishes.setCapability("browserName", "MiniBrowser");
    wishes.setCapability(
        "proxy",
        Map.of(
            "proxyType",
            "manual",
            "httpProxy",
            NOWHERE,
            "sslProxy",
            NOWHERE,
            "noProxy",
            List.of(LOOPBACK)));
    return wishes;
  }

  /** The browser. */
  RemoteWebDriver driver() {
    return driver;
  }

  /** The engine's version. */
  String version() {
    return driver.getCapabilities().getBrowserVersion();
  }

  @Override
  public void close() {
    try {
      driver.quit();
    } finally {
      endPrograms();
    }
  }

  /** Starts a display in memory, and names it. */
  private String display() throws IOException {
    if (Browsers.onPath("Xvfb") == null) {
      throw new IOException("there is no display, and no Xvfb on the path to make one");
    }
    Process server =
        run(
            Map.of(),
            ProcessBuilder.Redirect.PIPE,
            "Xvfb",
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1400x1000x24",
            "-nolisten",
            "tcp");
    try (BufferedReader output = server.inputReader()) {
      String number = output.readLine(); // as soon as it takes clients
      if (number == null) {
        throw new IOException("Xvfb did not start");
      }
      return ":" + number;
    }
  }

  private Process run(
      Map<String, String> environment, ProcessBuilder.Redirect output, String... command)
      throws IOException {
    ProcessBuilder guarded = new ProcessBuilder("sh", "-c", GUARD, "sh");
    guarded.command().addAll(List.of(command));
    guarded.environment().putAll(environment);
    Process program =
        guarded.redirectOutput(output).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    programs.add(program);
    return program;
  }

  private void endPrograms() {
    for (Process program : programs) {
      try {
        program.getOutputStream().close();
        program.waitFor(SECONDS_TO_END, TimeUnit.SECONDS);
      } catch (IOException e) {
        program.destroy(); // it has no input any more
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getByName(LOOPBACK))) {
      return any.getLocalPort();
    }
  }

  private static void awaitListener(int port, Path program) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_START);
    for (; ; ) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(LOOPBACK, port));
        return;
      } catch (IOException e) {
        if (System.nanoTime() > end) {
          throw new IOException(program + " did not listen within " + SECONDS_TO_START + " s", e);
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
    }
  }
}
