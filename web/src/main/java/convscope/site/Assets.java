package convscope.site;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The site's files. An asset is stored under a name that carries the hash of its content, {@code
 * assets/worker.1f0c….js}, so that browsers may keep it for ever; text refers to it by a
 * placeholder made of its plain name, {@code __WORKER_JS__}, which becomes the path from the
 * referring file. An asset can only refer to assets added before it, since its hash covers their
 * names.
 */
final class Assets {
  private static final String FOLDER = "assets/";
  private static final Pattern PLACEHOLDER =
      Pattern.compile("(?<!@)__([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)__");

  private final Path site;
  private final Map<String, String> paths =
      new LinkedHashMap<>(); // placeholder's name → path from the site's root
  private final Map<String, String> names =
      new LinkedHashMap<>(); // plain name → path from the site's root

  Assets(Path site) {
    this.site = site;
  }

  /**
   * Stores {@code bytes} under the hashed form of {@code name} and returns that path, relative to
   * the site's root.
   */
  String add(String name, byte[] bytes) {
    return add(name, hash(bytes), bytes);
  }

  /** The same under a hash that covers more than these bytes. */
  String add(String name, String hash, byte[] bytes) {
    int dot = name.indexOf('.');
    String path = FOLDER + name.substring(0, dot) + "." + hash + name.substring(dot);
    write(path, bytes);
    paths.put(plain(name), path);
    names.put(name, path);
    return path;
  }

  /** Stores text, its placeholders replaced. */
  String add(String name, String text) {
    return add(name, rewrite(text, FOLDER + name).getBytes(StandardCharsets.UTF_8));
  }

  /** What is stored under this path from the site's root. */
  String stored(String path) {
    try {
      return Files.readString(site.resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Stores text under just this path (a page, or a script that others link to by its name), its
   * placeholders replaced.
   */
  void put(String path, String text) {
    write(path, rewrite(text, path).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Replaces the placeholders in the text of the file at {@code path}; {@code __ROOT__} leads to
   * the site's root, {@code __ASSETS__} to the folder of the assets.
   */
  String rewrite(String text, String path) {
    String root = root(path);
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(
            match -> {
              String name = match.group(1);
              if (name.equals("ROOT")) {
                return root;
              }
              if (name.equals("ASSETS")) {
                return path.startsWith(FOLDER) ? "" : root + FOLDER;
              }
              String target = paths.get(name);
              if (target == null) {
                throw new IllegalArgumentException(
                    path
                        + ": no asset for "
                        + match.group()
                        + "; there are: "
                        + String.join(", ", paths.keySet()));
              }
              boolean neighbour = path.startsWith(FOLDER) && target.startsWith(FOLDER);
              return neighbour ? target.substring(FOLDER.length()) : root + target;
            });
  }

  /** The content of an asset that was added. */
  byte[] bytes(String name) {
    String path = names.get(name);
    if (path == null) {
      throw new IllegalArgumentException(
          "no asset " + name + "; there are: " + String.join(", ", names.keySet()));
    }
    try {
      return Files.readAllBytes(site.resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Plain names and the paths that they are stored under. */
  Map<String, String> manifest() {
    return Map.copyOf(names);
  }

  /** The way from a file up to the site's root: empty, or some {@code ../}. */
  static String root(String path) {
    return "../".repeat((int) path.chars().filter(c -> c == '/').count());
  }

  /** What stands for the path of the asset of that plain name: {@code __WORKER_JS__}. */
  static String placeholder(String name) {
    return "__" + plain(name) + "__";
  }

  private static String plain(String name) {
    return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]+", "_");
  }

  static String hash(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has SHA-256
    }
  }

  private void write(String path, byte[] bytes) {
    try {
      Path file = site.resolve(path);
      Files.createDirectories(file.getParent());
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
