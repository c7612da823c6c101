package convscope.site;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import convscope.topic.Topic;
import convscope.topic.Topics;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Assembles the site: {@code BuildSite <folder static> <folder of the modules> <folder to build
 * in>}.
 */
public final class BuildSite {
  /**
   * Scripts that pages, here and elsewhere, load. The worker goes before them, since they carry its
   * source.
   */
  private static final List<String> SCRIPTS =
      List.of(
          "practice",
          "conv-scope",
          "search",
          "page",
          "chapter",
          "exercises",
          "assign",
          "assignment",
          "grade",
          "lab",
          "workbench",
          "frame",
          "resize",
          "bench");

  /**
   * Scripts that foreign pages link to, and that therefore keep their name and place from release
   * to release.
   */
  private static final List<String> STABLE = List.of("conv-scope", "resize");

  private final Path source;
  private final Esbuild esbuild;
  private final Assets assets;
  private final List<String> data = new ArrayList<>(); // plain names of the data files
  private final List<String> sets = new ArrayList<>(); // of those the data sets, for the lab alone
  private final JsonObject engines = Json.object(); // hashes and topics of the modules, by name

  private BuildSite(Path source, Path work, Path site) throws IOException {
    this.source = source;
    this.esbuild = new Esbuild(work);
    this.assets = new Assets(site);
  }

  /**
   * Builds {@code site} in the work folder, and beside it {@code assets.json}, the list of hashed
   * names.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path source = Path.of(args[0]);
    Path modules = Path.of(args[1]);
    Path work = Path.of(args[2]);
    long start = System.nanoTime();
    Path site = work.resolve("site");
    deleteTree(site);
    BuildSite build = new BuildSite(source, work, site);
    build.addData();
    build.addStyles();
    for (EngineModule module : EngineModule.all()) {
      build.addEngine(module, Files.readAllBytes(modules.resolve(module.asset())));
    }
    for (EngineModule module :
        List.of(EngineModule.EXERCISES, EngineModule.LAB, EngineModule.WORKBENCH)) {
      build.addEngine(module, Files.readAllBytes(modules.resolve(module.asset())));
    }
    build.assets.add("bench.wasm", Files.readAllBytes(modules.resolve("bench.wasm")));
    build.assets.add("jszip.js", webjar("jszip", "dist/jszip.min.js"));
    build.addGiven();
    build.addScripts();
    new Pages(source, build.assets).writeAll();
    Precompressed.writeAll(site);
    build.writeManifest(work.resolve("assets.json"));
    Path java = source.resolve("../core/src/main/java/convscope");
    System.out.println(
        new TopicLines(java, source.resolve("content")).table(EngineModule.all(), modules));
    System.out.printf("Site built in %d ms: %s%n", (System.nanoTime() - start) / 1_000_000, site);
  }

  /** A file of a library from npm, as a jar brings it. */
  private static byte[] webjar(String name, String file) throws IOException {
    String place = "META-INF/resources/webjars/" + name + "/";
    Properties properties = new Properties();
    ClassLoader jars = BuildSite.class.getClassLoader();
    String described = "META-INF/maven/org.webjars.npm/" + name + "/pom.properties";
    try (InputStream text = Objects.requireNonNull(jars.getResourceAsStream(described), name)) {
      properties.load(text);
    }
    String path = place + properties.getProperty("version") + "/" + file;
    try (InputStream bytes = Objects.requireNonNull(jars.getResourceAsStream(path), path)) {
      return bytes.readAllBytes();
    }
  }

  private void addData() throws IOException {
    for (Path file : filesIn("data")) {
      String name = file.getFileName().toString();
      byte[] bytes = Files.readAllBytes(file);
      if (name.endsWith(".gz")) {
        // stored plain: hosts compress by themselves, and disagree on how to send a .gz
        name = name.substring(0, name.length() - ".gz".length());
        bytes = new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes();
        sets.add(name);
      }
      assets.add(name, bytes);
      data.add(name);
    }
  }

  private void addStyles() throws IOException, InterruptedException {
    for (Path file : filesIn("css")) {
      assets.add(file.getFileName().toString(), esbuild.bundleStyle(file));
    }
  }

  /**
   * A module, and for pages that may not fetch it (other hosts without CORS, files) the same as a
   * classic script. Both names carry the same hash, so that scripts need only one.
   */
  private void addEngine(EngineModule module, byte[] wasm) {
    String text =
        "(globalThis.convscopeEngines??={})[\""
            + module.name()
            + "\"]=\""
            + Base64.getEncoder().encodeToString(wasm)
            + "\";\n";
    byte[] script = text.getBytes(StandardCharsets.UTF_8);
    String hash = Assets.hash(script);
    assets.add(module.asset(), hash, wasm);
    assets.add(module.script(), hash, script);
    JsonArray topics = new JsonArray();
    module.topics().forEach(topic -> topics.add(topic.slug()));
    engines.add(module.name(), Json.object().add("hash", hash).add("topics", topics));
  }

  private void addScripts() throws IOException, InterruptedException {
    String worker = esbuild.bundleScript(source.resolve("js/worker.js"));
    assets.add("worker.js", worker);
    assets.add("trainer.js", esbuild.bundleScript(source.resolve("js/trainer.js")));
    Path figureCss = source.resolve("css/figure.css");
    String style = Files.exists(figureCss) ? esbuild.bundleStyle(figureCss) : "";
    String index =
        SearchIndex.json(
            new Prose(source),
            Json.parse(Files.readString(source.resolve("search.json"))).asObject());
    String exerciseStyle = esbuild.bundleStyle(source.resolve("css/exercise.css"));
    for (String name : SCRIPTS) {
      String script = esbuild.bundleScript(source.resolve("js/" + name + ".js"));
      script = embed(script, "__WORKER_SOURCE__", worker);
      script = embed(script, "__EXERCISE_STYLE__", exerciseStyle);
      script = embed(script, "__GIVEN__", given(name.equals("lab")));
      script = embed(script, "__ENGINES__", engines.toString());
      script = embed(script, "__INDEX__", index);
      script = embed(script, "__PARAMETERS__", parameters());
      // the site's pages link the style; foreign ones get it with the script
      assets.add(name + ".js", embed(script, "__FIGURE_CSS__", ""));
      if (STABLE.contains(name)) {
        assets.put(name + ".js", embed(script, "__FIGURE_CSS__", style));
      }
    }
  }

  /** The names of all topics' parameters, as JSON. */
  private static String parameters() {
    Set<String> names = new TreeSet<>();
    for (Topic<?> topic : Topics.figures()) {
      topic.schema().params().forEach(param -> names.add(param.name()));
    }
    JsonArray list = Json.array();
    names.forEach(list::add);
    return list.toString();
  }

  /**
   * A script that carries the small ones of the data files as data URIs, by the names by which
   * figures need them, for pages that may not fetch them.
   */
  private void addGiven() {
    List<String> small =
        data.stream().filter(file -> assets.bytes(file).length <= Pages.SMALL).toList();
    JsonObject files = Json.object();
    small.forEach(file -> files.add(named(file), Pages.dataUri(file, assets.bytes(file))));
    assets.add("given.js", "globalThis.convscopeGiven=" + files + ";");
  }

  private static String named(String file) {
    return file.substring(0, file.indexOf('.'));
  }

  /**
   * The names by which figures need the data files and, as placeholders, their paths.
   *
   * @param lab whether the data sets are among them, which are stored as {@code .gz}
   */
  private String given(boolean lab) {
    JsonObject json = Json.object();
    List<String> files = new ArrayList<>(data);
    if (!lab) {
      files.removeAll(sets);
    }
    files.forEach(file -> json.add(named(file), Assets.placeholder(file)));
    return json.toString();
  }

  /** Puts a whole file into a script, in place of the string literal that names it. */
  private static String embed(String script, String placeholder, String content) {
    return script.replace("\"" + placeholder + "\"", Json.value(content).toString());
  }

  private void writeManifest(Path file) throws IOException {
    JsonObject json = Json.object();
    new TreeMap<>(assets.manifest()).forEach(json::add);
    Files.write(file, json.toString().getBytes(StandardCharsets.UTF_8));
  }

  private List<Path> filesIn(String folder) throws IOException {
    Path path = source.resolve(folder);
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static void deleteTree(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
