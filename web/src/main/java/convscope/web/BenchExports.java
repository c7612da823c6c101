package convscope.web;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.ParseException;
import convscope.op.Conv2d;
import convscope.run.OpRunner;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;
import org.teavm.interop.Export;

/**
 * The module of the benchmark page: every operator by name, and timed convolutions. A module of its
 * own, so that topic pages stay small.
 *
 * <p>Requests: {@code {"op": "run", "case": …}}, answered with the text of {@link OpRunner#run};
 * {@code {"op": "conv2d" | "conv2dBackward", "spec": …, "bias": bool, "reps": n}} with the operands
 * as float32 bytes (x, weight, then bias or the gradient of the output), answered with {@code
 * {"ms": …}} (time of one call) and the results as bytes.
 */
public final class BenchExports {
  private BenchExports() {}

  /** TeaVM wants a main method; the host never calls it. */
  public static void main(String[] args) {}

  /** Answers the request that the host holds; a Java exception becomes {@code {"error": …}}. */
  @Export(name = "call")
  public static void call() {
    try {
      JsonObject request = Json.parse(Host.text()).asObject();
      String op = request.getString("op", "");
      switch (op) {
        case "run" -> Host.reply(OpRunner.run(request.getString("case", "")));
        case "conv2d" -> conv2d(request, new Floats(Host.bytes()));
        case "conv2dBackward" -> conv2dBackward(request, new Floats(Host.bytes()));
        default ->
            throw new IllegalArgumentException(
                "op: “" + op + "” is not known; use run, conv2d or conv2dBackward");
      }
    } catch (ParseException | UnsupportedOperationException | IllegalArgumentException e) {
      Host.reply(Json.object().add("error", Host.message(e)).toString());
    }
  }

  private static void conv2d(JsonObject request, Floats operands) {
    Layer layer = new Layer(request.get("spec").asObject());
    Tensor x = operands.tensor(layer.n, layer.c, layer.h, layer.w);
    Tensor weight = layer.weight(operands);
    Tensor bias = request.getBoolean("bias", false) ? operands.tensor(layer.outChannels) : null;
    int reps = request.getInt("reps", 1);
    Tensor y = forward(x, weight, bias, layer.spec);
    double start = Host.now();
    for (int rep = 0; rep < reps; rep++) {
      y = forward(x, weight, bias, layer.spec);
    }
    answer((Host.now() - start) / reps, y);
  }

  private static Tensor forward(Tensor x, Tensor weight, @Nullable Tensor bias, Conv2d.Spec spec) {
    return Conv2d.forward(x, weight, bias, spec);
  }

  private static void conv2dBackward(JsonObject request, Floats operands) {
    Layer layer = new Layer(request.get("spec").asObject());
    Tensor x = operands.tensor(layer.n, layer.c, layer.h, layer.w);
    Tensor weight = layer.weight(operands);
    Tensor dy =
        operands.tensor(
            layer.n,
            layer.outChannels,
            layer.spec.outputHeight(layer.h),
            layer.spec.outputWidth(layer.w));
    int reps = request.getInt("reps", 1);
    Conv2d.Gradients gradients = Conv2d.backward(dy, x, weight, layer.spec);
    double start = Host.now();
    for (int rep = 0; rep < reps; rep++) {
      gradients = Conv2d.backward(dy, x, weight, layer.spec);
    }
    answer((Host.now() - start) / reps, gradients.dx(), gradients.dWeight(), gradients.dBias());
  }

  private static void answer(double ms, Tensor... results) {
    JsonArray sizes = new JsonArray();
    for (Tensor result : results) {
      sizes.add(result.data().length);
      for (float value : result.data()) {
        int bits = Float.floatToRawIntBits(value);
        Host.reply(
            new byte[] {(byte) bits, (byte) (bits >> 8), (byte) (bits >> 16), (byte) (bits >> 24)});
      }
    }
    Host.reply(Json.object().add("ms", ms).add("sizes", sizes).toString());
  }

  /** The float32 numbers in the request's bytes, little-endian, taken in order. */
  private static final class Floats {
    private final byte[] bytes;
    private int at;

    Floats(byte[] bytes) {
      this.bytes = bytes;
    }

    Tensor tensor(int... dims) {
      Tensor tensor = Tensor.zeros(dims);
      float[] data = tensor.data();
      if (at + 4 * data.length > bytes.length) {
        throw new IllegalArgumentException(
            "bench: "
                + bytes.length / 4
                + " numbers given, "
                + (at / 4 + data.length)
                + " wanted; send every operand whole");
      }
      for (int i = 0; i < data.length; i++, at += 4) {
        data[i] =
            Float.intBitsToFloat(
                (bytes[at] & 255)
                    | (bytes[at + 1] & 255) << 8
                    | (bytes[at + 2] & 255) << 16
                    | (bytes[at + 3] & 255) << 24);
      }
      return tensor;
    }
  }

  /** A layer as the benchmark describes it. */
  private static final class Layer {
    final int n;
    final int c;
    final int h;
    final int w;
    final int outChannels;
    final Conv2d.Spec spec;

    Layer(JsonObject json) {
      n = json.get("n").asInt();
      c = json.get("c").asInt();
      h = json.get("h").asInt();
      w = json.get("w").asInt();
      outChannels = json.get("outChannels").asInt();
      JsonArray kernel = json.get("kernel").asArray();
      JsonArray stride = json.get("stride").asArray();
      JsonArray padding = json.get("padding").asArray();
      JsonArray dilation = json.get("dilation").asArray();
      spec =
          Conv2d.Spec.of(kernel.get(0).asInt(), kernel.get(1).asInt())
              .stride(stride.get(0).asInt(), stride.get(1).asInt())
              .padding(
                  padding.get(0).asInt(),
                  padding.get(1).asInt(),
                  padding.get(2).asInt(),
                  padding.get(3).asInt())
              .dilation(dilation.get(0).asInt(), dilation.get(1).asInt())
              .groups(json.getInt("groups", 1));
    }

    Tensor weight(Floats operands) {
      return operands.tensor(
          outChannels, c / Math.max(1, spec.groups()), spec.kernelHeight(), spec.kernelWidth());
    }
  }
}
