package convscope.net.graph;

import static org.assertj.core.api.Assertions.assertThat;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import convscope.net.text.Dialects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Networks as text against what PyTorch 2.13 and Keras 3 say of them: layers, shapes, parameters,
 * MACs, and where they fail.
 */
class NetworkReferencesTest {
  private static final Path FOLDER = Path.of("src/test/resources/networks");

  /**
   * Made with {@code ceil_mode=True}, which PyTorch's {@code print} leaves out for AvgPool2d: the
   * text alone cannot tell.
   */
  private static final String NOT_IN_THE_TEXT = "pytorch-print_092";

  @Test
  void stacksGiveWhatPyTorchAndKerasGive() throws IOException {
    assertThat(differences("sequential.json"))
        .allMatch(each -> each.startsWith(NOT_IN_THE_TEXT), "others than " + NOT_IN_THE_TEXT);
  }

  @Test
  void classesGiveWhatPyTorchGives() throws IOException {
    assertThat(differences("modules.json")).isEmpty();
  }

  private static List<String> differences(String name) throws IOException {
    List<String> wrong = new ArrayList<>();
    JsonArray cases =
        Json.parse(Files.readString(FOLDER.resolve(name))).asObject().get("cases").asArray();
    for (JsonValue each : cases) {
      JsonObject reference = each.asObject();
      String id = reference.getString("id", "");
      try {
        Graph graph = Dialects.read(reference.getString("text", ""), sizes(reference.get("input")));
        String problem = difference(reference, graph);
        if (!problem.isEmpty()) {
          wrong.add(id + ": " + problem);
        }
      } catch (RuntimeException e) {
        wrong.add(id + ": " + e);
      }
    }
    assertThat(cases.size()).isGreaterThan(10);
    return wrong;
  }

  static long[] sizes(JsonValue json) {
    JsonArray array = json.asArray();
    long[] sizes = new long[array.size()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = array.get(i).asLong();
    }
    return sizes;
  }

  private static String difference(JsonObject reference, Graph graph) {
    JsonArray layers = reference.get("layers").asArray();
    boolean keras = reference.getString("syntax", "").equals("keras");
    for (int i = 0; i < layers.size(); i++) {
      JsonObject wanted = layers.get(i).asObject();
      Graph.Layer layer = i < graph.layers().size() ? graph.layers().get(i) : null;
      if (layer == null) {
        return "layer " + i + " is missing: " + wanted + ", " + graph.fault();
      }
      String got =
          "{\"path\":\""
              + (keras ? wanted.getString("path", "") : layer.path())
              + "\",\"type\":\""
              + layer.type()
              + "\",\"output\":["
              + Sizes.text(layer.output()).replace("×", ",")
              + "],\"parameters\":"
              + layer.parameters()
              + "}";
      if (!got.equals(wanted.toString())) {
        return "layer " + i + ": " + wanted + " got " + got;
      }
    }
    if (reference.get("error") != null) {
      JsonObject error = reference.get("error").asObject();
      Graph.Fault fault = graph.fault();
      boolean same =
          fault != null
              && (error.get("line") != null
                  ? error.getInt("line", 0) == fault.line()
                  : error.getInt("index", -1) == fault.index()
                      && error.getString("path", "").equals(fault.path()));
      if (System.getProperty("show") != null) {
        System.out.println(error + "\n  " + fault);
      }
      return same ? "" : "wanted " + error + ", got " + fault;
    }
    if (graph.fault() != null) {
      return "fails: " + graph.fault();
    }
    return graph.parameters() == reference.getLong("parameters", 0)
            && (reference.get("macs") == null || graph.macs() == reference.getLong("macs", 0))
        ? ""
        : "wanted "
            + reference.get("parameters")
            + " parameters, "
            + reference.get("macs")
            + " MACs, got "
            + graph.parameters()
            + ", "
            + graph.macs();
  }
}
