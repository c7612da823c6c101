package convscope.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrecompressedTest {
  private static final String TEXT = "The same words again and again. ".repeat(100);

  @TempDir Path site;

  @Test
  void besideEachTextLiesWhatHostsSendOfIt() throws IOException {
    Path page = Files.createDirectories(site.resolve("a/b")).resolve("page.html");
    Files.writeString(page, TEXT);
    Precompressed.writeAll(site);
    for (String coding : new String[] {"br", "gzip"}) {
      byte[] bytes = Files.readAllBytes(beside(page, coding.equals("br") ? ".br" : ".gz"));
      assertThat(bytes.length).isLessThan(TEXT.length() / 10);
      assertThat(plain(coding, bytes)).isEqualTo(TEXT);
    }
  }

  @Test
  void whatIsSmallOrCompressedAlreadyIsLeftAlone() throws IOException {
    Files.writeString(site.resolve("small.js"), "let x;");
    Files.writeString(site.resolve("photo.png"), TEXT);
    Precompressed.writeAll(site);
    try (Stream<Path> files = Files.list(site)) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void theSameFileGivesTheSameBytesAtAnyTime() throws Exception {
    Path file = site.resolve("words.css");
    Files.writeString(file, TEXT);
    Precompressed.writeAll(site);
    List<byte[]> first =
        List.of(Files.readAllBytes(beside(file, ".br")), Files.readAllBytes(beside(file, ".gz")));
    assertThat(first.get(1)[4] | first.get(1)[5] | first.get(1)[6] | first.get(1)[7])
        .as("the time in the header")
        .isZero();
    Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(1));
    Precompressed.writeAll(site);
    assertThat(Files.readAllBytes(beside(file, ".br"))).isEqualTo(first.get(0));
    assertThat(Files.readAllBytes(beside(file, ".gz"))).isEqualTo(first.get(1));
  }

  private static Path beside(Path file, String ending) {
    return file.resolveSibling(file.getFileName() + ending);
  }

  /** What compressed bytes say, by the decoders that others wrote. */
  static String plain(String coding, byte[] bytes) throws IOException {
    Brotli4jLoader.ensureAvailability();
    InputStream in = new ByteArrayInputStream(bytes);
    try (InputStream text =
        coding.equals("br") ? new BrotliInputStream(in) : new GZIPInputStream(in)) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
