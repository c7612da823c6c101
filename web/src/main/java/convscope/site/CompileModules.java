package convscope.site;

import convscope.topic.Topic;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * Compiles the WebAssembly modules, one for each chapter, one for the home page, and one each for
 * the exercises, the training lab, the workbench and the bench page: {@code CompileModules <folder
 * to put them in>}. A page then loads one module for all of its figures, and not the code of the
 * whole course.
 *
 * <p>All are compiled in this one JVM, two at a time; a warm compilation takes a second or two. A
 * module is compiled anew only when a class file that its compilation read has changed.
 */
public final class CompileModules {
  private static final int AT_A_TIME = 2;
  private static final String BENCH = "convscope.web.BenchExports";
  private static final String EXERCISES = "convscope.web.PracticeExports";
  private static final String LAB = "convscope.web.LabExports";
  private static final String WORKBENCH = "convscope.web.WorkbenchExports";
  private static final String INDENT = " ".repeat(18);

  /** The entry of a module of figures; the package is that of the classes that it calls. */
  private static final String ENTRY =
      """
      package convscope.web;

      import convscope.figure.FigureService;
      import java.util.List;
      import org.teavm.interop.Export;

      public final class %1$s {
        private static final FigureService SERVICE =
            %2$s(
                new FigureService(
                    List.of(
                        %3$s)));

        public static void main(String[] args) {}

        @Export(name = "call")
        public static void call() {
          Exports.answer(SERVICE);
        }
      }
      """;

  /**
   * The compiler, once for each thread: it keeps tables in static fields that it fills without a
   * guard, so two threads in the same one disturb each other.
   */
  private static final ThreadLocal<ClassLoader> TEAVM =
      ThreadLocal.withInitial(
          () -> new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader()));

  private final Path out;
  private final Path entries;

  private CompileModules(Path out) {
    this.out = out;
    this.entries = out.resolve("entries");
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    new CompileModules(Path.of(args[0])).run();
  }

  private void run() throws IOException, InterruptedException {
    long start = System.nanoTime();
    Files.createDirectories(entries);
    writeEntries();
    ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
    List<Future<Boolean>> compiled = new ArrayList<>();
    compiled.add(threads.submit(() -> module(BENCH, "bench.wasm"))); // it takes longest
    compiled.add(threads.submit(() -> module(LAB, EngineModule.LAB.asset())));
    compiled.add(threads.submit(() -> module(WORKBENCH, EngineModule.WORKBENCH.asset())));
    compiled.add(threads.submit(() -> module(EXERCISES, EngineModule.EXERCISES.asset())));
    for (EngineModule module : EngineModule.all()) {
      compiled.add(threads.submit(() -> module("convscope.web." + entry(module), module.asset())));
    }
    threads.shutdown();
    int fresh = 0;
    for (Future<Boolean> module : compiled) {
      try {
        fresh += module.get() ? 1 : 0;
      } catch (ExecutionException e) {
        threads.shutdownNow();
        throw new IllegalStateException("a module could not be compiled", e.getCause());
      }
    }
    System.out.printf(
        "Modules: %d compiled, %d as they were, in %d ms%n",
        fresh, compiled.size() - fresh, (System.nanoTime() - start) / 1_000_000);
  }

  private static String entry(EngineModule module) {
    return "Engine_" + module.name().replace('-', '_');
  }

  /** The source of the module's entry; it carries the engine only if a topic times anything. */
  private static String source(EngineModule module) {
    List<String> made = new ArrayList<>();
    boolean measures = false;
    for (Topic<?> topic : module.topics()) {
      made.add("new " + topic.getClass().getCanonicalName() + "()");
      for (Method method : topic.getClass().getDeclaredMethods()) {
        measures |= method.getName().equals("measurement");
      }
    }
    return ENTRY.formatted(
        entry(module), measures ? "Measuring.timed" : "", String.join(",\n" + INDENT, made));
  }

  private void writeEntries() throws IOException {
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    if (javac == null) {
      throw new IllegalStateException("this Java has no compiler; run the build with a JDK");
    }
    List<String> arguments = new ArrayList<>(List.of("-proc:none", "-nowarn", "--release", "17"));
    arguments.addAll(
        List.of("-cp", System.getProperty("java.class.path"), "-d", entries.toString()));
    for (EngineModule module : EngineModule.all()) {
      Path source = entries.resolve(entry(module) + ".java");
      String text = source(module);
      if (!Files.exists(source) || !Files.readString(source).equals(text)) {
        Files.writeString(source, text);
      }
      arguments.add(source.toString());
    }
    if (javac.run(null, null, null, arguments.toArray(String[]::new)) != 0) {
      throw new IllegalStateException(
          "the modules' entries do not compile (the messages are above); every topic needs a public"
              + " constructor without parameters");
    }
  }

  /** Whether the module had to be compiled. */
  private boolean module(String mainClass, String file) throws IOException {
    long start = System.nanoTime();
    Path stamp = out.resolve(file + ".stamp");
    if (Files.exists(stamp) && Files.exists(out.resolve(file))) {
      List<String> lines = Files.readAllLines(stamp);
      if (lines.get(0).equals(state(lines.subList(1, lines.size())))) {
        return false;
      }
    }
    Files.deleteIfExists(stamp);
    List<String> read = compile(mainClass, file);
    List<String> lines = new ArrayList<>(List.of(state(read)));
    lines.addAll(read);
    Files.write(stamp, lines);
    System.out.printf(
        "Module %s: %d bytes compressed, %d ms%n",
        file, compressed(out.resolve(file)), (System.nanoTime() - start) / 1_000_000);
    return true;
  }

  /** Compiles a module and returns the names of the class files that this took. */
  private List<String> compile(String mainClass, String file) throws IOException {
    try {
      Object read =
          TEAVM
              .get()
              .loadClass("convscope.site.TeaVm")
              .getMethod("compile", String.class, Path.class, Path.class, String.class)
              .invoke(null, mainClass, entries, out, file);
      List<String> names = new ArrayList<>(TeaVm.CLASS_FILES);
      for (Object name : (List<?>) read) {
        names.add((String) name);
      }
      return names;
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(file + ": " + e.getCause(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e); // the class is in this package
    }
  }

  /** A hash of those class files, the compiler's settings and its version. */
  private String state(List<String> classFiles) throws IOException {
    // never closed: that would close the jars that it shares with the compilers'
    URLClassLoader classes =
        new URLClassLoader(
            new URL[] {entries.toUri().toURL()}, CompileModules.class.getClassLoader());
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (URL url : classPath()) {
        String jar = Path.of(url.getPath()).getFileName().toString();
        digest.update((jar.startsWith("teavm") ? jar : "").getBytes(StandardCharsets.UTF_8));
      }
      for (String name : classFiles) {
        digest.update(name.getBytes(StandardCharsets.UTF_8));
        try (InputStream in = classes.getResourceAsStream(name)) {
          digest.update(in == null ? new byte[0] : in.readAllBytes());
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has SHA-256
    }
  }

  private static URL[] classPath() {
    List<URL> urls = new ArrayList<>();
    for (String file : System.getProperty("java.class.path").split(File.pathSeparator)) {
      try {
        urls.add(Path.of(file).toUri().toURL());
      } catch (MalformedURLException e) {
        throw new UncheckedIOException(e);
      }
    }
    return urls.toArray(URL[]::new);
  }

  private static int compressed(Path file) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(Files.readAllBytes(file));
    }
    return bytes.size();
  }
}
