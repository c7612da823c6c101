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
import java.util.Set;
import java.util.TreeSet;
import org.teavm.diagnostics.DefaultProblemTextConsumer;
import org.teavm.diagnostics.Problem;
import org.teavm.tooling.TeaVMTargetType;
import org.teavm.tooling.TeaVMTool;
import org.teavm.tooling.TeaVMToolException;
import org.teavm.vm.TeaVMOptimizationLevel;

/** The compiler from class files to WebAssembly, with the project's settings. */
public final class TeaVm {
  private TeaVm() {}

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
      throws IOException, TeaVMToolException {
    // never closed: that would close the jars that it shares with the other thread's
    Recorder classes = new Recorder(entries);
    TeaVMTool tool = new TeaVMTool();
    tool.setTargetType(TeaVMTargetType.WEBASSEMBLY_GC);
    tool.setMainClass(mainClass);
    tool.setTargetDirectory(out.toFile());
    tool.setTargetFileName(file);
    tool.setOptimizationLevel(TeaVMOptimizationLevel.ADVANCED);
    tool.setObfuscated(true);
    tool.setStrict(true);
    tool.setClassLoader(classes);
    tool.generate();
    Collection<Problem> problems = tool.getProblemProvider().getSevereProblems();
    if (!problems.isEmpty()) {
      throw new IllegalStateException(text(problems));
    }
    return List.copyOf(classes.read);
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
