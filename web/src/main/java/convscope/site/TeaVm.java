package convscope.site;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Enumeration;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.teavm.backend.wasm.WasmGCTarget;
import org.teavm.common.ServiceRepository;
import org.teavm.dependency.PreciseDependencyAnalyzer;
import org.teavm.diagnostics.DefaultProblemTextConsumer;
import org.teavm.diagnostics.Diagnostics;
import org.teavm.diagnostics.Problem;
import org.teavm.model.ClassReaderSource;
import org.teavm.model.PreOptimizingClassHolderSource;
import org.teavm.model.ReferenceCache;
import org.teavm.parsing.ClasspathClassHolderSource;
import org.teavm.parsing.ClasspathResourceProvider;
import org.teavm.parsing.resource.ResourceProvider;
import org.teavm.vm.DirectoryBuildTarget;
import org.teavm.vm.TeaVM;
import org.teavm.vm.TeaVMBuilder;
import org.teavm.vm.TeaVMOptimizationLevel;

/** The compiler from class files to WebAssembly, with the project's settings. */
public final class TeaVm {
  /** What a module depends on besides its own class files: the settings in these. */
  static final List<String> CLASS_FILES =
      List.of("convscope/site/TeaVm.class", "convscope/site/TeaVm$InOrder.class");

  private TeaVm() {}

  private static final String BENCH = "convscope.web.BenchExports";

  /**
   * Compiles a module.
   *
   * @param mainClass its entry
   * @param entries a folder of classes beside the class path
   * @param out the folder to put it in
   * @param file its name there
   * @return the names of the class files that this took, TeaVM's own and Java's aside
   */
  public static List<String> compile(String mainClass, Path entries, Path out, String file)
      throws IOException {
    // never closed: that would close the jars that it shares with the other thread's
    Recorder classes = new Recorder(entries);
    WasmGCTarget target = new WasmGCTarget();
    target.setObfuscated(true);
    // A null or an index out of bounds, which only a fault of ours makes, traps in WebAssembly by
    // itself. Testing for both in code as well, for an exception in their place, makes modules a
    // tenth larger; the bench, which runs whatever it is given, has it.
    boolean strict = mainClass.equals(BENCH);
    target.setStrict(strict);
    ReferenceCache references = new ReferenceCache();
    TeaVM vm;
    try (ResourceProvider resources = new ClasspathResourceProvider(classes)) {
      vm =
          new TeaVMBuilder(target)
              .setReferenceCache(references)
              .setClassLoader(classes)
              .setClassSource(
                  new PreOptimizingClassHolderSource(
                      new ClasspathClassHolderSource(resources, references, classes)))
              .setResourceProvider(resources)
              .setDependencyAnalyzerFactory(InOrder::new)
              .setObfuscated(true)
              .setStrict(strict)
              .build();
      vm.setOptimizationLevel(TeaVMOptimizationLevel.ADVANCED);
      vm.installPlugins();
      vm.setEntryPoint(mainClass);
      vm.build(new DirectoryBuildTarget(out.toFile()), file);
    }
    Collection<Problem> problems = vm.getProblemProvider().getSevereProblems();
    if (!problems.isEmpty()) {
      throw new IllegalStateException(text(problems));
    }
    return List.copyOf(classes.read);
  }

  /**
   * Hands on the classes that the analysis reached in the order of their names. It finds them in an
   * order that depends on identity hash codes and on a counter of all hash tables made before, that
   * is, on what this thread compiled before; and the compiler numbers classes, for its type tests,
   * in the order in which it gets them.
   */
  private static final class InOrder extends PreciseDependencyAnalyzer {
    InOrder(
        ClassReaderSource classes,
        ResourceProvider resources,
        ClassLoader loader,
        ServiceRepository services,
        Diagnostics diagnostics,
        ReferenceCache references,
        String[] platformTags,
        Supplier<Properties> properties) {
      super(
          classes, resources, loader, services, diagnostics, references, platformTags, properties);
    }

    @Override
    public Collection<String> getReachableClasses() {
      return new TreeSet<>(super.getReachableClasses());
    }
  }

  private static String text(Collection<Problem> problems) {
    StringBuilder text = new StringBuilder();
    for (Problem problem : problems) {
      DefaultProblemTextConsumer words = new DefaultProblemTextConsumer();
      problem.render(words);
      text.append(words.getText());
      if (problem.getLocation() != null) {
        text.append("\n    at ").append(problem.getLocation().getMethod());
        text.append(" ").append(problem.getLocation().getSourceLocation());
      }
      text.append('\n');
    }
    return text.toString();
  }

  /** Gives TeaVM its classes, and remembers which it asked for, its own and Java's aside. */
  private static final class Recorder extends URLClassLoader {
    final Set<String> read = new TreeSet<>();

    Recorder(Path entries) {
      super(new URL[] {url(entries)}, TeaVm.class.getClassLoader());
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      if (!name.startsWith("java/") && !name.startsWith("org/teavm/")) {
        read.add(name);
      }
      return super.getResources(name);
    }

    private static URL url(Path folder) {
      try {
        return folder.toUri().toURL();
      } catch (MalformedURLException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
