package convscope.net.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import convscope.engine.Engine;
import convscope.engine.ScalarKernels;
import convscope.net.graph.Graph;
import convscope.net.graph.Sizes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * ONNX files as PyTorch exports them against what ONNX Runtime 1.30 and PyTorch 2.13 say:
 * parameters, MACs, shapes.
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
      Graph graph =
          OnnxGraph.read(Source.of(Files.readAllBytes(file)), sizes(reference.get("input")));
      if (System.getProperty("show") != null) {
        System.out.println(
            file.getFileName()
                + " "
                + (System.nanoTime() - start) / 1_000_000
                + " ms "
                + graph.remarks());
      }
      if (graph.fault() != null) {
        wrong.add(file.getFileName() + ": " + graph.fault());
        continue;
      }
      if (graph.parameters() != reference.getLong("initializer_elements", -1)
          || graph.macs() != reference.getLong("macs", -1)) {
        wrong.add(
            file.getFileName()
                + ": wanted "
                + reference.get("initializer_elements")
                + ", "
                + reference.get("macs")
                + ", got "
                + graph.parameters()
                + ", "
                + graph.macs());
      }
      Map<String, Graph.Layer> layers = new HashMap<>();
      graph.layers().forEach(layer -> layers.put(layer.path(), layer));
      if (reference.get("layers") != null) {
        for (JsonValue each : reference.get("layers").asArray()) {
          JsonObject layer = each.asObject();
          Graph.Layer got = layers.get(layer.getString("name", ""));
          String wanted = layer.get("output").toString();
          String shape = got == null ? "" : "[" + Sizes.text(got.output()).replace("×", ",") + "]";
          boolean open = wanted.contains("\""); // a size that the reference leaves open
          if (!open && !shape.equals(wanted)) {
            wrong.add(file.getFileName() + ": " + layer + " got " + got);
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void resultsAreThoseOfOnnxRuntime() throws IOException {
    List<String> wrong = new ArrayList<>();
    int run = 0;
    for (Path file : files()) {
      JsonObject reference = reference(file);
      if (reference.get("outputs") == null) {
        continue; // its weights are not at hand
      }
      run++;
      byte[] bytes = Files.readAllBytes(file);
      Engine engine = new Engine(new ScalarKernels());
      List<String> names = new ArrayList<>();
      reference
          .get("outputs")
          .asArray()
          .forEach(each -> names.add(each.asObject().getString("name", "")));
      try {
        Runner runner =
            new Runner(
                engine,
                Onnx.read(Source.of(bytes)),
                weights(engine, bytes),
                sizes(reference.get("input")),
                names);
        float[] x = new float[runner.inputCount()];
        for (int i = 0; i < x.length; i++) {
          x[i] = (float) (1.5 * Math.sin(-1 + 2.0 * i / (x.length - 1)));
        }
        engine.kernels().write(runner.inputAddress(), x, 0, x.length);
        runner.run();
        runner.run(); // nothing of the first run may be left
        for (JsonValue each : reference.get("outputs").asArray()) {
          String problem =
              difference(each.asObject(), reference.get("tolerance").asObject(), runner, engine);
          if (!problem.isEmpty()) {
            wrong.add(file.getFileName() + ": " + problem);
          }
        }
      } catch (RuntimeException e) {
        wrong.add(file.getFileName() + ": " + e);
        if (System.getProperty("show") != null) {
          e.printStackTrace();
        }
      }
    }
    assertThat(run).isGreaterThan(2);
    assertThat(wrong).isEmpty();
  }

  private static String difference(
      JsonObject wanted, JsonObject tolerance, Runner runner, Engine engine) {
    String name = wanted.getString("name", "");
    long[] shape = sizes(wanted.get("shape"));
    if (!Arrays.equals(shape, runner.shape(name))) {
      return name + " is " + Sizes.text(runner.shape(name)) + ", not " + Sizes.text(shape);
    }
    float[] y = new float[(int) Sizes.product(shape, 0, shape.length)];
    engine.kernels().read(runner.address(name), y, 0, y.length);
    double sum = 0;
    for (float value : y) {
      sum += Math.abs(value);
    }
    double rtol = tolerance.getDouble("rtol", 0);
    double atol = tolerance.getDouble("atol", 0);
    double abs = wanted.getDouble("abs_sum", 0);
    boolean same = Math.abs(sum - abs) <= rtol * abs + atol * Math.sqrt(y.length);
    JsonArray first = wanted.get("first").asArray();
    for (int i = 0; i < first.size(); i++) {
      double v = first.get(i).asDouble();
      same &= Math.abs(v - y[i]) <= rtol * Math.abs(v) + atol;
    }
    return same
        ? ""
        : name + ": sum " + sum + ", not " + abs + "; " + y[0] + ", not " + first.get(0);
  }

  static Runner.Weights weights(Engine engine, byte[] bytes) {
    return (address, external, offset, count) -> {
      float[] numbers = new float[count];
      ByteBuffer.wrap(bytes, (int) offset, 4 * count)
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .get(numbers);
      engine.kernels().write(address, numbers, 0, count);
    };
  }
}
