package convscope.web;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import convscope.engine.Kernels;
import convscope.net.graph.Graph;
import convscope.net.graph.Report;
import convscope.net.graph.Sizes;
import convscope.net.onnx.Onnx;
import convscope.net.onnx.OnnxGraph;
import convscope.net.onnx.Runner;
import convscope.net.text.Dialects;
import convscope.web.simd.SimdKernels;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Networks that people bring: {@code {"op": "read-network", "text": … or "model": bytes, "input":
 * shape or null}}, answered as {@link Report} has it; {@code {"op": "run-network", "model": bytes,
 * "data": bytes, "input": shape, "names": […], "reps": n}}, answered with {@code {"ms": …,
 * "outputs": [{"name", "shape"}]}} and the numbers as bytes. The request's bytes are the ONNX file,
 * its external weights and the input's numbers, in this order.
 */
final class BenchNetworks {
  private final Bench bench;

  BenchNetworks(Bench bench) {
    this.bench = bench;
  }

  private static long @Nullable [] shape(@Nullable JsonValue json) {
    if (json == null || json.isNull()) {
      return null;
    }
    JsonArray array = json.asArray();
    long[] shape = new long[array.size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = array.get(i).asLong();
    }
    return shape;
  }

  static String read(JsonObject request) {
    long[] input = shape(request.get("input"));
    JsonValue text = request.get("text");
    Graph graph =
        text == null
            ? file(request.getInt("model", 0), input)
            : Dialects.read(text.asString(), input);
    return Report.json(graph).toString();
  }

  private static Graph file(int bytes, long @Nullable [] input) {
    try {
      return OnnxGraph.read(Host.source(bytes), input);
    } catch (IllegalArgumentException e) {
      return Graph.broken(0, 0, Host.message(e));
    }
  }

  void run(JsonObject request) {
    int model = request.getInt("model", 0);
    int data = request.getInt("data", 0);
    List<String> names = new ArrayList<>();
    request.get("names").asArray().forEach(name -> names.add(name.asString()));
    Kernels kernels = bench.engine().kernels();
    Runner.Weights weights =
        (address, external, offset, count) -> {
          long from = external ? model + offset : offset;
          if (from < 0 || from + 4L * count > (external ? (long) model + data : model)) {
            throw new IllegalArgumentException(
                external
                    ? "ONNX: the external file holds "
                        + data
                        + " bytes, weights lie beyond; give the whole file"
                    : "ONNX: weights lie beyond the file's end; save it again");
          }
          copy(kernels, address, (int) from, count);
        };
    Runner runner =
        new Runner(
            bench.engine(),
            Onnx.read(Host.source(model)),
            weights,
            shape(request.get("input")),
            names);
    try {
      if (Host.inBytes() != model + data + 4L * runner.inputCount()) {
        throw new IllegalArgumentException(
            "bench: the input wants " + runner.inputCount() + " numbers; send as many");
      }
      int reps = request.getInt("reps", 1);
      copy(kernels, runner.inputAddress(), model + data, runner.inputCount());
      runner.run();
      double start = Host.now();
      for (int rep = 0; rep < reps; rep++) {
        runner.run();
      }
      double ms = (Host.now() - start) / reps;
      JsonArray outputs = new JsonArray();
      for (String name : names) {
        JsonArray shape = new JsonArray();
        for (long size : runner.shape(name)) {
          shape.add(size);
        }
        outputs.add(Json.object().add("name", name).add("shape", shape));
        int count = (int) Sizes.product(runner.shape(name), 0, runner.shape(name).length);
        bench.result(new JsonArray(), runner.address(name), count);
      }
      Host.reply(Json.object().add("ms", ms).add("outputs", outputs).toString());
    } finally {
      runner.close();
    }
  }

  private static void copy(Kernels kernels, int address, int from, int count) {
    if (kernels instanceof SimdKernels) {
      Host.toMemory(address, from, 4 * count);
      return;
    }
    float[] numbers = new float[count];
    for (int i = 0, at = from; i < count; i++, at += 4) {
      numbers[i] =
          Float.intBitsToFloat(
              Host.inByte(at)
                  | Host.inByte(at + 1) << 8
                  | Host.inByte(at + 2) << 16
                  | Host.inByte(at + 3) << 24);
    }
    kernels.write(address, numbers, 0, count);
  }
}
