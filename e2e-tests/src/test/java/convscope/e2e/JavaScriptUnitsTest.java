package convscope.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The scripts' parts that need no browser, tested in {@code static/js/test} with Node's own runner.
 */
class JavaScriptUnitsTest {
  @Test
  void scriptsPassTheirTestsInNode() throws Exception {
    List<String> arguments = new ArrayList<>(List.of("--test", "--test-reporter=tap"));
    try (Stream<Path> files = Files.list(Site.SOURCE.resolve("js/test"))) {
      files.map(Path::toString).filter(file -> file.endsWith(".test.js")).forEach(arguments::add);
    }
    Node.Result result = Node.run(arguments.toArray(String[]::new));
    assertThat(result.exit()).as(result.output()).isZero();
    assertThat(result.output()).contains("# fail 0").containsPattern("# pass [1-9]");
  }
}
