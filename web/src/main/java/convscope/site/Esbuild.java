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
import java.util.zip.GZIPInputStream;

/**
 * Runs esbuild, which bundles and minifies scripts and styles. A dependency, io.mvnpm:esbuild-java,
 * brings its programs for Linux, macOS and Windows as npm's own archives; elsewhere, the
 * environment variable {@value #OVERRIDE} names one.
 */
final class Esbuild {
  static final String OVERRIDE = "CONVSCOPE_ESBUILD";

  /** The version that the dependency brings. */
  private static final String VERSION = "0.19.2";

  private static final int BLOCK = 512;

  private final Path program;

  /**
   * Makes the program ready to run.
   *
   * @param work a folder to unpack it into
   */
  Esbuild(Path work) throws IOException {
    String given = System.getenv(OVERRIDE);
    program =
        given != null
            ? Path.of(given)
            : unpack(work, System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
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

  /**
   * The program for the machine that Java names so, unpacked into {@code work} unless it is there.
   */
  static Path unpack(Path work, String osName, String osArch) throws IOException {
    String platform = platform(osName, osArch);
    String suffix = platform.startsWith("win32") ? ".exe" : "";
    Path program = work.resolve("esbuild-" + platform + "-" + VERSION + suffix);
    if (!Files.exists(program)) {
      Files.createDirectories(work);
      Path part = Files.createTempFile(work, "esbuild", ".part");
      try (InputStream archive = archive(platform)) {
        Files.write(part, entry(new GZIPInputStream(archive), "/esbuild" + suffix));
      }
      part.toFile().setExecutable(true);
      Files.move(part, program, StandardCopyOption.REPLACE_EXISTING);
    }
    return program;
  }

  private static InputStream archive(String platform) {
    InputStream in = Esbuild.class.getResourceAsStream("/" + platform + "-" + VERSION + ".tgz");
    if (in == null) {
      throw new IllegalStateException(
          "Maven Central has no esbuild for %s; install it and set %s to its program"
              .formatted(platform, OVERRIDE));
    }
    return in;
  }

  /**
   * The content of a tar archive's first file whose name ends so. An entry is a header of {@value
   * #BLOCK} bytes (its name from byte 0, its size in octal digits from byte 124) and its content,
   * filled up to whole blocks.
   */
  private static byte[] entry(InputStream tar, String name) throws IOException {
    byte[] header = tar.readNBytes(BLOCK);
    while (header.length == BLOCK && header[0] != 0) {
      String text = new String(header, StandardCharsets.ISO_8859_1);
      int size = Integer.parseInt(text.substring(124, 135).trim(), 8);
      byte[] content = tar.readNBytes(size);
      if (text.substring(0, text.indexOf(0)).endsWith(name)) {
        return content;
      }
      tar.skipNBytes(Math.floorMod(-size, BLOCK));
      header = tar.readNBytes(BLOCK);
    }
    throw new IOException("esbuild's archive has no file " + name);
  }

  /** The machine in esbuild's words; Windows on ARM runs the program for x64. */
  private static String platform(String osName, String osArch) {
    String os = osName.toLowerCase(Locale.ROOT);
    String system = os.startsWith("windows") ? "win32" : os.startsWith("mac") ? "darwin" : os;
    String machine =
        switch (osArch) {
          case "amd64", "x86_64" -> "x64";
          case "aarch64" -> system.equals("win32") ? "x64" : "arm64";
          default -> osArch;
        };
    return system + "-" + machine;
  }
}
