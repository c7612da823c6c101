package convscope.net.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import convscope.net.graph.Graph;
import convscope.net.graph.Sizes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * ONNX files as PyTorch exports them against what ONNX Runtime 1.30 and PyTorch 2.13 say: parameters,
 * MACs, shapes.
 */
class OnnxReferencesTest {
  static final Path FOLDER = Path.of("src/test/resources/networks");

  /** More of them, where they are at hand. */
  private static final Path MORE = Path.of("../../shared/networks");

  static List<Path> files() throws IOException {
    Path folder = Files.isDirectory(MORE) ? MORE : FOLDER;
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(path -> path.toString().endsWith(".onnx")).sorted().toList();
    }
  }

  static JsonObject reference(Path onnx) throws IOException {
    String name = onnx.getFileName().toString().replace(".onnx", ".json");
    return Json.parse(Files.readString(onnx.resolveSibling(name))).asObject();
  }

  static long[] sizes(JsonValue json) {
    JsonArray array = json.isArray() ? json.asArray() : json.asObject().get("shape").asArray();
    long[] sizes = new long[array.size()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = array.get(i).asLong();
    }
    return sizes;
  }

  @Test
  void countsAndShapesAreThoseOfTheReference() throws IOException {
    List<String> wrong = new ArrayList<>();
    assertThat(files()).isNotEmpty();
    for (Path file : files()) {
      JsonObject reference = reference(file);
      long start = System.nanoTime();
      Graph graph = OnnxGraph.read(Source.of(Files.readAllBytes(file)), sizes(reference.get("input")));
      if (System.getProperty("show") != null) {
        System.out.println(file.getFileName() + " " + (System.nanoTime() - start) / 1_000_000 + " ms " + graph.remarks());
      }
      if (graph.fault() != null) {
        wrong.add(file.getFileName() + ": " + graph.fault());
        continue;
      }
      if (graph.parameters() != reference.getLong("initializer_elements", -1)
          || graph.macs() != reference.getLong("macs", -1)) {
        wrong.add(
            file.getFileName() + ": wanted " + reference.get("initializer_elements") + ", "
                + reference.get("macs") + ", got " + graph.parameters() + ", " + graph.macs());
      }
      Map<String, Graph.Layer> layers = new HashMap<>();
      graph.layers().forEach(layer -> layers.put(layer.path(), layer));
      if (reference.get("layers") != null) {
        for (JsonValue each : reference.get("layers").asArray()) {
          JsonObject layer = each.asObject();
          Graph.Layer got = layers.get(layer.getString("name", ""));
          String wanted = layer.get("output").toString();
          String shape =
              got == null ? "" : "[" + Sizes.text(got.output()).replace("×", ",") + "]";
          boolean open = wanted.contains("\""); // a size that the reference leaves open
          if (!open && !shape.equals(wanted)) {
            wrong.add(file.getFileName() + ": " + layer + " got " + got);
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
  }
}
