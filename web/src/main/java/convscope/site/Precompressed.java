package convscope.site;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.Encoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Writes beside each file what hosts send of it to browsers that accept it: {@code page.html.br}
 * and {@code page.html.gz}. The bytes depend on those of the file alone.
 */
final class Precompressed {
  private static final int LEAST = 1024; // bytes; what is smaller fits into a packet or two anyway

  /** What is worth it; pictures are compressed already. */
  private static final List<String> ENDINGS =
      List.of(
          ".html", ".js", ".mjs", ".css", ".svg", ".json", ".csv", ".idx", ".safetensors", ".wasm");

  /**
   * What has more bytes is a data set, or carries a module in base64: single files, and the scripts
   * for pages that may not fetch one. At the best quality these would take longer than all the
   * rest.
   */
  private static final int LARGE = 300_000;

  private Precompressed() {}

  /** Does so for all files of a folder and those below. */
  static void writeAll(Path folder) throws IOException {
    boolean brotli = Brotli4jLoader.isAvailable();
    if (!brotli) {
      System.out.println("No brotli for this system: files get only a .gz beside them.");
    }
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(file -> ENDINGS.stream().anyMatch(file.toString()::endsWith)).toList();
    }
    files.parallelStream().forEach(file -> write(file, brotli));
  }

  private static void write(Path file, boolean brotli) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      if (bytes.length < LEAST) {
        return;
      }
      Files.write(file.resolveSibling(file.getFileName() + ".gz"), gzip(bytes));
      if (brotli) {
        boolean best = bytes.length < LARGE || file.toString().endsWith(".wasm");
        Files.write(file.resolveSibling(file.getFileName() + ".br"), brotli(bytes, best));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] brotli(byte[] bytes, boolean best) throws IOException {
    return Encoder.compress(bytes, new Encoder.Parameters().setQuality(best ? 11 : 9));
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new BestGzip(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private static final class BestGzip extends GZIPOutputStream {
    BestGzip(ByteArrayOutputStream out) throws IOException {
      super(out);
      def.setLevel(Deflater.BEST_COMPRESSION);
    }
  }
}
