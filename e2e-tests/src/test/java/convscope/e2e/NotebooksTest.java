package convscope.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** The companion notebooks, as the site serves them, run by Python where that is installed. */
class NotebooksTest {
  @TempDir Path folder;

  /** The code of a notebook, cell after cell. */
  private static String code(String name) throws IOException {
    JsonObject notebook =
        Json.parse(Files.readString(Site.FOLDER.resolve("notebooks/" + name + ".ipynb")))
            .asObject();
    assertThat(notebook.getInt("nbformat", 0)).isEqualTo(4);
    StringBuilder code = new StringBuilder();
    for (JsonValue cell : notebook.get("cells").asArray()) {
      if (cell.asObject().getString("cell_type", "").equals("code")) {
        for (JsonValue line : cell.asObject().get("source").asArray()) {
          code.append(line.asString());
        }
        code.append("\n\n");
      }
    }
    return code.toString();
  }

  /** Runs the code with a last part of ours, and returns what Python said of it. */
  private String run(String name, String code) throws Exception {
    Files.writeString(folder.resolve(name + ".py"), code);
    String said = Python.runAll(folder);
    if (said == null) {
      throw new TestAbortedException("no Python here: the notebooks were not run");
    }
    System.out.println("Notebooks: " + said.replaceFirst("(?s)\n.*", ""));
    return said;
  }

  @Test
  void theTheoryInPlainNumPyAgreesWithTheCore() throws Exception {
    assertThat(run("theory", code("theory"))).doesNotContain("FAILED").contains(" theory");
  }

  @Test
  void theExercisesAcceptTheirRightAnswersAndRefuseOthers() throws Exception {
    String code = code("exercises");
    assertThat(code.split(" = None\n", -1).length - 1).isGreaterThanOrEqualTo(10);
    String last =
        """
        for name, right in RIGHT.items():
            assert name in globals() and globals()[name] is None
            assert check(name, None) is None
            assert check(name, right)
            wrong = right[::-1] + ["x"] if isinstance(right[0], str) else [v + 1 for v in right]
            assert not check(name, wrong)
        assert len({name.rsplit("_", 1)[0] for name in RIGHT}) >= 10
        """;
    assertThat(run("exercises", code + last)).doesNotContain("FAILED").contains(" exercises");
  }
}
