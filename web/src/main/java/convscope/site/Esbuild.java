package convscope.site;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;

/**
 * Runs esbuild, which bundles and minifies scripts and styles. Its program for this operating
 * system comes as a dependency from Maven Central; elsewhere, the environment variable {@value
 * #OVERRIDE} names one.
 */
final class Esbuild {
  static final String OVERRIDE = "CONVSCOPE_ESBUILD";

  private final Path program;

  /**
   * Makes the program ready to run.
   *
   * @param work a folder to unpack it into
   */
  Esbuild(Path work) throws IOException {
    String given = System.getenv(OVERRIDE);
    program = given != null ? Path.of(given) : unpack(work);
  }

  /** A script and all that it imports, as one classic script. */
  String bundleScript(Path entry) throws IOException, InterruptedException {
    return run(
        entry.toString(),
        "--bundle",
        "--format=iife",
        "--minify",
        "--target=es2022",
        "--legal-comments=none",
        "--log-level=warning");
  }

  /** A style sheet and all that it imports. */
  String bundleStyle(Path entry) throws IOException, InterruptedException {
    return run(
        entry.toString(), "--bundle", "--minify", "--legal-comments=none", "--log-level=warning");
  }

  private String run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("esbuild failed on " + arguments[0] + "; its message is above");
    }
    return output;
  }

  private static Path unpack(Path work) throws IOException {
    String platform =
        platform(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
    String version = version(platform);
    String file = platform.startsWith("win32") ? "esbuild.exe" : "bin/esbuild";
    Path program = work.resolve("esbuild-" + version + (file.endsWith(".exe") ? ".exe" : ""));
    if (!Files.exists(program)) {
      Files.createDirectories(work);
      Path part = Files.createTempFile(work, "esbuild", ".part");
      try (InputStream in =
          resource(
              "META-INF/resources/_static/" + platform + "/" + version + "/" + file, platform)) {
        Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
      }
      part.toFile().setExecutable(true);
      Files.move(part, program, StandardCopyOption.REPLACE_EXISTING);
    }
    return program;
  }

  private static String version(String platform) throws IOException {
    Properties properties = new Properties();
    try (InputStream in =
        resource("META-INF/maven/org.mvnpm.at.esbuild/" + platform + "/pom.properties", platform)) {
      properties.load(in);
    }
    return properties.getProperty("version");
  }

  private static InputStream resource(String name, String platform) {
    InputStream in = Esbuild.class.getClassLoader().getResourceAsStream(name);
    if (in == null) {
      throw new IllegalStateException(
          "Maven Central has no esbuild for "
              + platform
              + "; install it and set "
              + OVERRIDE
              + " to its program");
    }
    return in;
  }

  private static String platform(String osName, String osArch) {
    String os = osName.toLowerCase(Locale.ROOT);
    String system = os.startsWith("windows") ? "win32" : os.startsWith("mac") ? "darwin" : "linux";
    String machine = osArch.equals("aarch64") ? "arm64" : "x64";
    return system + "-" + machine;
  }
}
