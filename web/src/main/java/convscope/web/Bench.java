package convscope.web;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import convscope.engine.Engine;
import convscope.engine.EngineCheck;
import convscope.engine.EngineConv2d;
import convscope.engine.EngineGemm;
import convscope.engine.Kernels;
import convscope.engine.Layer;
import convscope.engine.ScalarKernels;
import convscope.linalg.Gemm;
import convscope.linalg.ScalarGemm;
import convscope.num.Num;
import convscope.run.Trajectory;
import convscope.tensor.Rng;
import convscope.web.simd.KernelSet;
import convscope.web.simd.SimdKernels;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Times the engine, and compares it with the plain operators, in the browser at hand. */
final class Bench {
  private static final double WARM = 30; // ms; the browser compiles hot loops again, faster
  private static final double LONG_ENOUGH = 40; // ms of one measurement
  private static final int SPINS = 10_000;
  private static final int MEASUREMENTS = 5; // the best counts: what disturbs only slows

  private @Nullable Engine engine;
  private @Nullable Kernels kernels;
  private byte[] given = new byte[0];
  private int taken;

  /**
   * Takes the fastest engine that the browser has, or the one of that name; answers {@code
   * {"engine": name, "threads": 1}}, or an error where the browser lacks it.
   */
  String use(String kind) {
    Kernels made =
        switch (kind) {
          case "" -> SimdKernels.fastest(KernelSet.networks());
          case "scalar" -> new ScalarKernels();
          case "simd" -> SimdKernels.create(false, KernelSet.networks());
          case "relaxed-simd" -> SimdKernels.create(true, KernelSet.networks());
          default ->
              throw new IllegalArgumentException(
                  "engine: “"
                      + kind
                      + "” is not known; use scalar, simd, relaxed-simd, or none for the fastest");
        };
    if (made == null) {
      throw new IllegalArgumentException(
          "engine: this browser has no "
              + kind
              + "; use one of the others, or none for the fastest");
    }
    kernels = made;
    engine = new Engine(made);
    return Json.object().add("engine", made.name()).add("threads", 1).toString();
  }

  Engine engine() {
    if (engine == null) {
      use("");
    }
    return Objects.requireNonNull(engine);
  }

  /** Room for the next operand of the request, with it in. */
  int operand(int count) {
    int address = engine().allocate(count);
    int bytes = 4 * count;
    if (taken + bytes > Host.inBytes()) {
      throw new IllegalArgumentException(
          "bench: "
              + Host.inBytes() / 4
              + " numbers given, "
              + (taken + bytes) / 4
              + " wanted; send every operand whole");
    }
    if (kernels instanceof SimdKernels) {
      Host.toMemory(address, taken, bytes);
    } else {
      if (given.length == 0) {
        given = Host.bytes();
      }
      float[] values = new float[count];
      for (int i = 0, at = taken; i < count; i++, at += 4) {
        values[i] =
            Float.intBitsToFloat(
                (given[at] & 255)
                    | (given[at + 1] & 255) << 8
                    | (given[at + 2] & 255) << 16
                    | (given[at + 3] & 255) << 24);
      }
      engine().kernels().write(address, values, 0, count);
    }
    taken += bytes;
    return address;
  }

  void begin() {
    given = new byte[0];
    taken = 0;
  }

  void result(JsonArray sizes, int address, int count) {
    sizes.add(count);
    if (kernels instanceof SimdKernels) {
      Host.fromMemory(address, 4 * count);
      return;
    }
    float[] values = new float[count];
    engine().get(address, values, 0, count);
    for (float value : values) {
      int bits = Float.floatToRawIntBits(value);
      Host.reply(
          new byte[] {(byte) bits, (byte) (bits >> 8), (byte) (bits >> 16), (byte) (bits >> 24)});
    }
  }

  /** {@code reps} convolutions; the operands x, weight and, if {@code bias}, bias. */
  void conv2d(Layer layer, JsonObject request) {
    begin();
    int mark = engine().mark();
    try {
      int x = operand(layer.inputs());
      int weight = operand(layer.weights());
      int bias = request.getBoolean("bias", false) ? operand(layer.outChannels()) : 0;
      int y = engine().allocate(layer.outputs());
      int reps = request.getInt("reps", 1);
      engine().conv2d(layer, x, weight, bias, y, false);
      double start = Host.now();
      for (int rep = 0; rep < reps; rep++) {
        engine().conv2d(layer, x, weight, bias, y, false);
      }
      double ms = (Host.now() - start) / reps;
      JsonArray sizes = new JsonArray();
      result(sizes, y, layer.outputs());
      Host.reply(Json.object().add("ms", ms).add("sizes", sizes).toString());
    } finally {
      engine().release(mark);
    }
  }

  /** {@code reps} times all three gradients; the operands x, weight and the output's gradient. */
  void conv2dBackward(Layer layer, JsonObject request) {
    begin();
    int mark = engine().mark();
    try {
      int x = operand(layer.inputs());
      int weight = operand(layer.weights());
      int dy = operand(layer.outputs());
      Gradients gradients = new Gradients(layer);
      int reps = request.getInt("reps", 1);
      gradients.run(layer, x, weight, dy);
      double start = Host.now();
      for (int rep = 0; rep < reps; rep++) {
        gradients.run(layer, x, weight, dy);
      }
      double ms = (Host.now() - start) / reps;
      JsonArray sizes = new JsonArray();
      result(sizes, gradients.dx, layer.inputs());
      result(sizes, gradients.dWeight, layer.weights());
      result(sizes, gradients.dBias, layer.outChannels());
      Host.reply(Json.object().add("ms", ms).add("sizes", sizes).toString());
    } finally {
      engine().release(mark);
    }
  }

  private final class Gradients {
    final int dx;
    final int dWeight;
    final int dBias;

    Gradients(Layer layer) {
      dx = engine().allocate(layer.inputs());
      dWeight = engine().allocate(layer.weights());
      dBias = engine().allocate(layer.outChannels());
    }

    void run(Layer layer, int x, int weight, int dy) {
      engine().conv2dInputGradient(layer, dy, weight, dx);
      engine().conv2dWeightGradient(layer, dy, x, dWeight);
      engine().conv2dBiasGradient(layer, dy, dBias);
    }
  }

  /**
   * How fast a layer runs, in GFLOP/s.
   *
   * @param forward the output
   * @param backward all gradients, of which only the products for the input and the weight count
   */
  record Speed(double forward, double backward) {
    @Override
    public String toString() {
      return "Speed";
    }
  }

  /** How fast a layer runs on numbers from a seed. */
  Speed measure(Layer layer) {
    int mark = engine().mark();
    try {
      Rng rng = new Rng(1);
      int x = random(rng, layer.inputs());
      int weight = random(rng, layer.weights());
      int bias = random(rng, layer.outChannels());
      int y = engine().allocate(layer.outputs());
      Gradients gradients = new Gradients(layer);
      double forward = best(MEASUREMENTS, () -> engine().conv2d(layer, x, weight, bias, y, false));
      double backward = best(MEASUREMENTS, () -> gradients.run(layer, x, weight, y));
      return new Speed(layer.flops() / forward / 1e6, 2 * layer.flops() / backward / 1e6);
    } finally {
      engine().release(mark);
    }
  }

  private int random(Rng rng, int count) {
    return engine().put(rng.gaussian(1, count).data(), 0, count);
  }

  /** GFLOP/s of a loop that touches no memory. */
  double peak() {
    return Engine.spinFlops(SPINS) / best(1, () -> engine().spin(SPINS)) / 1e6;
  }

  /** Milliseconds of one run: the best of several measurements, each long enough for the clock. */
  private static double best(int measurements, Runnable work) {
    double start = Host.now();
    int runs = 0;
    while (Host.now() - start < WARM) {
      work.run();
      runs++;
    }
    int reps = Math.max(1, (int) (runs * LONG_ENOUGH / WARM));
    double best = Double.POSITIVE_INFINITY;
    for (int i = 0; i < measurements; i++) {
      double from = Host.now();
      for (int rep = 0; rep < reps; rep++) {
        work.run();
      }
      best = Math.min(best, (Host.now() - from) / reps);
    }
    return best;
  }

  /** Compares the engine with the plain operators: {@code {"cases": n, "worst": error}}. */
  String check(String what) {
    Gemm gemm = new EngineGemm(engine());
    EngineConv2d convolution = new EngineConv2d(engine());
    EngineCheck.Report report =
        switch (what) {
          case "small-products" -> EngineCheck.smallProducts(gemm, new ScalarGemm());
          case "large-products" -> EngineCheck.largeProducts(gemm, new ScalarGemm());
          case "products-with-nan" -> EngineCheck.productsWithNaN(gemm, new ScalarGemm());
          case "small-convolutions" -> EngineCheck.smallConvolutions(convolution);
          case "between-layers" -> EngineCheck.betweenLayers(engine());
          case "large-convolutions" -> EngineCheck.largeConvolutions(convolution);
          default ->
              throw new IllegalArgumentException(
                  "check: “"
                      + what
                      + "” is not known; use small-products, large-products, products-with-nan,"
                      + " small-convolutions, large-convolutions or between-layers");
        };
    return Json.object()
        .add("cases", report.cases())
        .add("worst", Num.shortest((float) report.worst()))
        .toString();
  }

  /** A run of training, as {@link Trajectory} has it. */
  String trajectory(JsonObject run) {
    return Trajectory.run(engine(), run);
  }

  /** Bytes of linear memory, which grows with the largest problem and never with repetition. */
  String memory() {
    return Json.object().add("bytes", Host.memoryBytes()).toString();
  }
}
