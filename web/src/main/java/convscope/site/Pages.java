package convscope.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Writes the site's pages from the templates in {@code static/pages} and the prose in {@code
 * static/content}.
 */
final class Pages {
  private final Path source;
  private final Assets assets;

  Pages(Path source, Assets assets) {
    this.source = source;
    this.assets = assets;
  }

  void writeAll() throws IOException {
    write("index.html", "home.html", Map.of("title", "Convscope"));
    write("bench/index.html", "bench.html", Map.of());
  }

  private void write(String path, String template, Map<String, String> values) throws IOException {
    String text = Files.readString(source.resolve("pages").resolve(template));
    assets.put(path, Template.fill(template, text, values));
  }
}
