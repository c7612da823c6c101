package convscope.engine;

import convscope.linalg.Gemm;
import convscope.op.Conv2d;
import convscope.op.Conv2d.Spec;
import convscope.op.FastConv2d;
import convscope.op.MaxPool2d;
import convscope.op.PaddingMode;
import convscope.op.PoolSpec;
import convscope.op.Unary;
import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.Arrays;

/**
 * Compares an engine with the plain operators over many sizes, wherever it runs: a browser's SIMD
 * is compiled there, so there it must be checked.
 */
public final class EngineCheck {
  /**
   * How a comparison went.
   *
   * @param cases results compared
   * @param worst the largest |difference| / (1 + |expected|); NaN if one side alone was NaN
   */
  public record Report(int cases, double worst) {
    @Override
    public String toString() {
      return cases + " cases";
    }
  }

  private int cases;
  private double worst;
  private final Rng rng = new Rng(11);

  private EngineCheck() {}

  private Report report() {
    return new Report(cases, worst);
  }

  private void compare(float[] got, float[] want) {
    for (int at = 0; at < want.length; at++) {
      double off = Math.abs((double) got[at] - want[at]) / (1 + Math.abs((double) want[at]));
      boolean same = got[at] == want[at] || (Float.isNaN(got[at]) && Float.isNaN(want[at]));
      worst = same || off <= worst ? worst : off; // a lone NaN makes it NaN, for good
    }
  }

  // ---- matrix products

  /** All sizes up to 18×18×6, in every transposition, with offsets, added or not. */
  public static Report smallProducts(Gemm candidate, Gemm oracle) {
    EngineCheck check = new EngineCheck();
    for (int m = 0; m <= 18; m++) {
      for (int n = 0; n <= 18; n++) {
        for (int k = 0; k <= 6; k++) {
          check.products(candidate, oracle, m, n, k, 1 + (m + n) % 3);
        }
      }
    }
    return check.report();
  }

  /** Sizes beyond every block, and some that are one less or more. */
  public static Report largeProducts(Gemm candidate, Gemm oracle) {
    EngineCheck check = new EngineCheck();
    int[][] sizes = {
      {1, 1, 2000}, {1, 1030, 1}, {1, 1, 1}, {67, 1, 300}, {1, 257, 300}, {5, 1025, 257},
      {33, 256, 511}, {130, 130, 130}, {64, 1024, 256}, {3, 2050, 9}, {100, 7, 769}, {17, 96, 1537}
    };
    for (int[] size : sizes) {
      check.products(candidate, oracle, size[0], size[1], size[2], 0);
    }
    return check.report();
  }

  /** Products in which a row of A or a column of B holds NaN or an infinity. */
  public static Report productsWithNaN(Gemm candidate, Gemm oracle) {
    EngineCheck check = new EngineCheck();
    float[] special = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
    for (int n = 1; n <= 11; n++) {
      for (int place = 0; place < 5 * n; place++) {
        float[] a = check.rng.gaussian(1, 6 * 5).data();
        float[] b = check.rng.gaussian(1, 5 * n).data();
        b[place] = special[place % 3];
        for (int variant = 0; variant < 4; variant++) {
          float[] got = new float[6 * n];
          float[] want = new float[6 * n];
          boolean left = (variant & 1) != 0;
          boolean right = (variant & 2) != 0;
          candidate.multiply(left, right, 6, n, 5, a, 0, b, 0, got, 0, false);
          oracle.multiply(left, right, 6, n, 5, a, 0, b, 0, want, 0, false);
          check.compare(got, want);
          check.cases++;
        }
      }
    }
    return check.report();
  }

  private void products(Gemm candidate, Gemm oracle, int m, int n, int k, int start) {
    for (int variant = 0; variant < 8; variant++) {
      float[] a = rng.gaussian(1, m * k + start).data();
      float[] b = rng.gaussian(1, k * n + start).data();
      float[] got = rng.gaussian(1, m * n + start + 5).data();
      float[] want = got.clone(); // what lies beside the product must stay, too
      boolean left = (variant & 1) != 0;
      boolean right = (variant & 2) != 0;
      boolean more = (variant & 4) != 0;
      candidate.multiply(left, right, m, n, k, a, start, b, start, got, start, more);
      oracle.multiply(left, right, m, n, k, a, start, b, start, want, start, more);
      compare(got, want);
      cases++;
    }
  }

  // ---- between layers

  /**
   * ReLU, max pooling and batch normalization, forward and backward, over every remainder of a
   * vector; what lies behind a result must stay. Values repeat, so that windows have ties.
   */
  public static Report betweenLayers(Engine engine) {
    EngineCheck check = new EngineCheck();
    for (int height = 1; height <= 9; height++) {
      for (int width = 1; width <= 19; width++) {
        check.elements(engine, height * width);
        for (int kernel = 1; kernel <= 3; kernel++) {
          for (int stride = 1; stride <= 3; stride++) {
            if (kernel <= height && kernel <= width) {
              check.pooling(engine, Tensor.zeros(2, 3, height, width), kernel, stride);
            }
          }
        }
        check.normalization(engine, Tensor.zeros(2, 3, height, width));
      }
    }
    return check.report();
  }

  private static final int GUARD = 3; // numbers behind a result

  /** Numbers of which many are equal, and many 0. */
  private Tensor coarse(Shape shape) {
    Tensor tensor = Tensor.zeros(shape);
    for (int i = 0; i < tensor.size(); i++) {
      tensor.data()[i] = rng.nextInt(5) - 2;
    }
    return tensor;
  }

  private static int put(Engine engine, Tensor tensor) {
    return engine.put(tensor.data(), 0, tensor.size());
  }

  /** Room for a result with a guard behind it. */
  private static int room(Engine engine, int count) {
    int address = engine.allocate(count + GUARD);
    engine.kernels().write(address + 4 * count, new float[] {7, 8, 9}, 0, GUARD);
    return address;
  }

  /** Compares a result, and its guard. */
  private void compare(Engine engine, int address, float[] want) {
    float[] got = new float[want.length + GUARD];
    engine.get(address, got, 0, got.length);
    float[] all = Arrays.copyOf(want, got.length);
    for (int i = 0; i < GUARD; i++) {
      all[want.length + i] = 7 + i;
    }
    compare(got, all);
    cases++;
  }

  private void elements(Engine engine, int count) {
    int mark = engine.mark();
    Tensor x = coarse(Shape.of(count));
    x.data()[count / 2] = Float.NaN;
    int y = room(engine, count);
    engine.kernels().relu(y, put(engine, x), count);
    compare(engine, y, Unary.RELU.forward(x).data());
    Tensor z = coarse(Shape.of(count));
    Tensor dy = rng.gaussian(1, count);
    int gradient = room(engine, count);
    engine.kernels().write(gradient, dy.data(), 0, count);
    engine.kernels().gate(gradient, put(engine, z), count);
    compare(engine, gradient, Unary.RELU.backward(dy, z).data());
    engine.release(mark);
  }

  private void pooling(Engine engine, Tensor like, int kernel, int stride) {
    int mark = engine.mark();
    Kernels kernels = engine.kernels();
    Tensor x = coarse(like.shape());
    int planes = x.dim(0) * x.dim(1);
    int height = x.dim(2);
    int width = x.dim(3);
    MaxPool2d.Result want = MaxPool2d.forward(x, PoolSpec.of(kernel, kernel).stride(stride));
    int from = put(engine, x);
    int y = room(engine, want.y().size());
    kernels.maxPool(y, from, planes, height, width, kernel, stride);
    compare(engine, y, want.y().data());
    Tensor dy = Tensor.of(rng.gaussian(1, want.y().size()).data(), want.y().shape());
    int gradient = put(engine, dy);
    for (int gated = 0; gated < 2; gated++) {
      Tensor let = gated == 0 ? dy : Unary.RELU.backward(dy, want.y());
      int dx = room(engine, x.size());
      kernels.maxPoolGradient(
          dx, gradient, from, y, planes, height, width, kernel, stride, gated == 1);
      compare(engine, dx, MaxPool2d.backward(let, want.indices(), x.shape()).data());
    }
    engine.release(mark);
  }

  private void normalization(Engine engine, Tensor like) {
    int mark = engine.mark();
    Kernels kernels = engine.kernels();
    Tensor x = Tensor.of(rng.gaussian(1, like.size()).data(), like.shape());
    Tensor z = Tensor.of(rng.gaussian(1, like.size()).data(), like.shape());
    int images = x.dim(0);
    int channels = x.dim(1);
    int count = x.size() / images / channels;
    float[][] tables = new float[3][];
    int[] addresses = new int[3];
    for (int t = 0; t < 3; t++) {
      tables[t] = rng.gaussian(1, channels).data();
      addresses[t] = engine.put(tables[t], 0, channels);
    }
    int a = put(engine, x);
    int b = put(engine, z);
    int sums = room(engine, channels);
    kernels.moments(sums, a, addresses[0], b, addresses[1], count, channels, images);
    float[] want = new float[channels];
    Tensor blend = Tensor.zeros(x.shape());
    for (int c = 0; c < channels; c++) {
      double sum = 0;
      for (int n = 0; n < images; n++) {
        for (int i = 0; i < count; i++) {
          int at = (n * channels + c) * count + i;
          double left = x.data()[at];
          double right = z.data()[at];
          sum += (left - tables[0][c]) * (right - tables[1][c]);
          blend.data()[at] =
              (float) (left * tables[0][c] + (right - tables[2][c]) * tables[1][c] + tables[0][c]);
        }
      }
      want[c] = (float) sum;
    }
    compare(engine, sums, want);
    for (int relu = 0; relu < 2; relu++) {
      int y = room(engine, x.size());
      kernels.blend(
          y,
          a,
          addresses[0],
          b,
          addresses[2],
          addresses[1],
          addresses[0],
          count,
          channels,
          images,
          relu == 1);
      compare(engine, y, (relu == 1 ? Unary.RELU.forward(blend) : blend).data());
    }
    engine.release(mark);
  }

  // ---- convolutions

  /** All small geometries: H ≠ W, K &gt; H, stride &gt; K, every padding mode, groups. */
  public static Report smallConvolutions(FastConv2d candidate) {
    EngineCheck check = new EngineCheck();
    for (int height = 1; height <= 5; height++) {
      for (int kernel = 1; kernel <= 5; kernel++) {
        for (int stride = 1; stride <= 3; stride++) {
          for (int pad = 0; pad <= 2; pad++) {
            for (int dilation = 1; dilation <= 2; dilation++) {
              for (int width = 6 - height; width <= 20; width += 7) {
                PaddingMode mode = PaddingMode.values()[(height + kernel + width) % 4];
                Spec spec =
                    Spec.of(kernel, 1 + kernel % 3)
                        .stride(stride, 1 + stride % 2)
                        .padding(pad, (pad + 1) % 3, pad / 2, pad)
                        .dilation(dilation, 1 + kernel % 2)
                        .mode(mode)
                        .groups(1 + (height + stride) % 2);
                int outputs = 2 * (1 + (kernel + width) % 4);
                check.convolution(candidate, spec, 1 + pad, 2, height, width, outputs);
                check.convolution(
                    candidate, spec.groups(4), 1, 4, height, width, 4 * (1 + stride % 2));
              }
            }
          }
        }
      }
    }
    return check.report();
  }

  /** Layers that need several blocks of channels, rows and images, and layers of real networks. */
  public static Report largeConvolutions(FastConv2d candidate) {
    EngineCheck check = new EngineCheck();
    Spec same = Spec.of(3, 3).padding(1);
    check.convolution(candidate, same, 1, 150, 9, 13, 6);
    check.convolution(candidate, same, 1, 5, 150, 70, 5);
    check.convolution(candidate, same, 2, 16, 16, 16, 7);
    check.convolution(candidate, same.stride(2), 1, 70, 17, 15, 5);
    check.convolution(candidate, same.dilation(2).padding(2), 1, 20, 30, 31, 9);
    check.convolution(candidate, same.groups(24), 2, 24, 14, 14, 24);
    check.convolution(candidate, same.groups(8), 1, 8, 29, 28, 16);
    check.convolution(candidate, Spec.of(5, 5).padding(2), 9, 1, 28, 28, 8);
    check.convolution(candidate, Spec.of(5, 5).padding(2), 9, 8, 14, 14, 16);
    check.convolution(candidate, Spec.of(7, 7).stride(2).padding(3), 1, 3, 65, 64, 10);
    check.convolution(candidate, Spec.of(1, 1), 1, 40, 16, 16, 12);
    check.convolution(candidate, Spec.of(1, 1), 1, 300, 14, 14, 9);
    check.convolution(candidate, Spec.of(1, 1).stride(2), 2, 12, 15, 14, 9);
    check.convolution(candidate, Spec.of(3, 1), 3, 10, 40, 33, 4);
    check.convolution(candidate, Spec.of(1, 7).padding(0, 3, 0, 3), 1, 6, 5, 600, 3);
    check.convolution(candidate, Spec.of(4, 4).stride(4), 2, 3, 32, 32, 24);
    check.convolution(candidate, Spec.of(2, 2).stride(5), 2, 3, 32, 31, 6);
    check.convolution(candidate, same.mode(PaddingMode.CIRCULAR), 1, 9, 33, 40, 8);
    return check.report();
  }

  private void convolution(
      FastConv2d candidate, Spec spec, int images, int channels, int height, int width, int out) {
    if (Conv2d.problem(height, width, spec) != null
        || Conv2d.problem(channels, out, spec.groups()) != null) {
      return;
    }
    Tensor x = rng.gaussian(1, images, channels, height, width);
    Tensor w =
        rng.gaussian(1, out, channels / spec.groups(), spec.kernelHeight(), spec.kernelWidth());
    Tensor b = rng.gaussian(1, out);
    Tensor y = Conv2d.forward(x, w, b, spec);
    compare(candidate.forward(x, w, b, spec).data(), y.data());
    compare(candidate.forward(x, w, null, spec).data(), Conv2d.forward(x, w, null, spec).data());
    Tensor dy = rng.gaussian(1, y.shape().dims());
    Conv2d.Gradients want = Conv2d.backward(dy, x, w, spec);
    Conv2d.Gradients got = candidate.backward(dy, x, w, spec);
    compare(got.dx().data(), want.dx().data());
    compare(got.dWeight().data(), want.dWeight().data());
    compare(got.dBias().data(), want.dBias().data());
    cases++;
  }
}
