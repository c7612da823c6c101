package convscope.e2e;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a file takes on its way to a browser.
 *
 * @param brotli bytes at quality 11, as hosts of static files have them
 * @param gzip bytes at zlib's usual level
 */
record Compressed(int brotli, int gzip) {
  private static final String SCRIPT =
      """
      const { readFileSync } = require("fs");
      const { brotliCompressSync, gzipSync } = require("zlib");
      for (const file of process.argv.slice(1)) {
        const bytes = readFileSync(file);
        console.log(brotliCompressSync(bytes).length, gzipSync(bytes).length);
      }
      """;

  /** The sizes of files in the folder, by their path in it; brotli takes about a second for all. */
  static Map<String, Compressed> sizes(Path folder, Collection<String> files)
      throws IOException, InterruptedException {
    List<String> names = List.copyOf(files);
    List<String> arguments = new ArrayList<>(List.of("-e", SCRIPT));
    names.forEach(name -> arguments.add(folder.resolve(name).toString()));
    Node.Result run = Node.run(arguments.toArray(String[]::new)); // Java itself has no brotli
    String[] lines = run.output().split("\n", -1);
    if (run.exit() != 0 || lines.length != names.size() + 1) {
      throw new IllegalStateException("Node could not compress the files: " + run.output());
    }
    Map<String, Compressed> sizes = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      String[] numbers = lines[i].split(" ", -1);
      sizes.put(
          names.get(i), new Compressed(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1])));
    }
    return sizes;
  }

  /** What these files take together, each of which is among the sizes. */
  static Compressed sum(Map<String, Compressed> sizes, Collection<String> files) {
    int brotli = 0;
    int gzip = 0;
    for (String file : files) {
      Compressed size = Objects.requireNonNull(sizes.get(file), file);
      brotli += size.brotli;
      gzip += size.gzip;
    }
    return new Compressed(brotli, gzip);
  }
}
