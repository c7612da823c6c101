package convscope.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/**
 * What files take on their way to a browser, as the build has compressed them; the smallest go as
 * they are.
 */
record Compressed(long brotli, long gzip) {
  /** The files of a folder together, by their paths in it. */
  static Compressed sum(Path folder, Collection<String> files) throws IOException {
    long brotli = 0;
    long gzip = 0;
    for (String file : files) {
      brotli += size(folder, file, ".br");
      gzip += size(folder, file, ".gz");
    }
    return new Compressed(brotli, gzip);
  }

  private static long size(Path folder, String file, String ending) throws IOException {
    Path compressed = folder.resolve(file + ending);
    return Files.size(Files.exists(compressed) ? compressed : folder.resolve(file));
  }
}
