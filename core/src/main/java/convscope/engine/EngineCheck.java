package convscope.engine;

import convscope.linalg.Gemm;
import convscope.op.Conv2d;
import convscope.op.Conv2d.Spec;
import convscope.op.FastConv2d;
import convscope.op.PaddingMode;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;

/**
 * Compares an engine with the plain operators over many sizes, wherever it runs: a browser's SIMD
 * is compiled there, so there it must be checked.
 */
public final class EngineCheck {
  /**
   * How a comparison went.
   *
   * @param cases products or convolutions compared
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
