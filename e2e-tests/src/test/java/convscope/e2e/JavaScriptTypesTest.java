package convscope.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts' types, as their JSDoc declares them, hold. */
class JavaScriptTypesTest {
  @Test
  void scriptsPassTheStrictTypeChecker(@TempDir Path folder) throws Exception {
    unpackCompiler(folder);
    Node.Result result =
        Node.run(
            folder.resolve("lib/tsc.js").toString(),
            "--pretty",
            "false",
            "-p",
            Site.SOURCE.resolve("js/jsconfig.json").toString());
    assertThat(result).isEqualTo(new Node.Result(0, ""));
  }

  private static void unpackCompiler(Path folder) throws Exception {
    String properties = "META-INF/maven/org.webjars.npm/typescript/pom.properties";
    ClassLoader loader = JavaScriptTypesTest.class.getClassLoader();
    String jar = String.valueOf(loader.getResource(properties)).replaceAll("^jar:(.*)!.*$", "$1");
    try (FileSystem files = FileSystems.newFileSystem(Path.of(java.net.URI.create(jar)));
        Stream<Path> versions =
            Files.list(files.getPath("META-INF/resources/webjars/typescript"))) {
      Path lib = versions.findFirst().orElseThrow().resolve("lib");
      Files.createDirectories(folder.resolve("lib"));
      try (Stream<Path> library = Files.list(lib)) {
        for (Path file : library.toList()) {
          String name = file.getFileName().toString();
          if (name.equals("tsc.js") || name.equals("_tsc.js") || name.endsWith(".d.ts")) {
            copy(file, folder.resolve("lib").resolve(name));
          }
        }
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (InputStream in = Files.newInputStream(from)) {
      Files.copy(in, to);
    }
  }
}
