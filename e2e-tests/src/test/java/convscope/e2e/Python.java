package convscope.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Python, where there is one: the program that {@code CONVSCOPE_PYTHON} names, or {@code python3}.
 */
final class Python {
  private static final int MINUTES = 4;

  private Python() {}

  /**
   * Runs every file of a folder, or compiles those whose imports are not installed.
   *
   * @return what {@code run_python.py} printed, a line for each file after one of versions; null if
   *     there is no Python
   */
  static @Nullable String runAll(Path folder) throws IOException, InterruptedException {
    String named = System.getenv("CONVSCOPE_PYTHON");
    Path log = Files.createTempFile("python", ".log");
    Process process;
    try {
      process =
          new ProcessBuilder(
                  named == null ? "python3" : named,
                  Path.of("src/test/resources/run_python.py").toAbsolutePath().toString(),
                  folder.toAbsolutePath().toString())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
    } catch (IOException e) {
      if (named != null) {
        throw e;
      }
      return null;
    }
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new IOException("Python took more than " + MINUTES + " minutes for " + folder);
    }
    return Files.readString(log, StandardCharsets.UTF_8);
  }
}
