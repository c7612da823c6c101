package convscope.op;

import convscope.tensor.Tensor;

/**
 * A convolution in which every channel has one kernel of its own ({@code groups = channels}), by a
 * direct path: row by row, one tap at a time. A matrix product would have a single row per group.
 *
 * <pre>
 *   y[n,c,i,j] = Σ_u Σ_v w[c,0,u,v] · x[n, c, i·S + u·D − P, j·S + v·D − P]
 * </pre>
 *
 * Sums run in float32, so results differ from {@link Conv2d}'s by rounding. Padding is zeros.
 */
public final class DepthwiseConv2d {
  private DepthwiseConv2d() {}

  /**
   * The output, as of {@link Conv2d#forward}.
   *
   * @param x (N, C, H, W)
   * @param weight (C, 1, kH, kW)
   * @param spec with {@code groups = C} and zeros for padding
   */
  public static Tensor forward(Tensor x, Tensor weight, Conv2d.Spec spec) {
    Check.door(Conv2d.problem(x.shape(), weight.shape(), null, spec));
    int channels = x.dim(1);
    if (spec.groups() != channels
        || weight.dim(0) != channels
        || spec.mode() != PaddingMode.ZEROS) {
      throw new IllegalArgumentException(
          "DepthwiseConv2d: groups "
              + spec.groups()
              + " and "
              + weight.dim(0)
              + " kernels for "
              + channels
              + " channels, padding "
              + spec.mode().text()
              + "; make all three equal and pad with zeros");
    }
    int height = x.dim(2);
    int width = x.dim(3);
    int outHeight = spec.outputHeight(height);
    int outWidth = spec.outputWidth(width);
    Tensor y = Tensor.zeros(x.dim(0), channels, outHeight, outWidth);
    for (int plane = 0; plane < x.dim(0) * channels; plane++) {
      for (int u = 0; u < spec.kernelHeight(); u++) {
        for (int v = 0; v < spec.kernelWidth(); v++) {
          int tap = (plane % channels * spec.kernelHeight() + u) * spec.kernelWidth() + v;
          float w = weight.data()[tap];
          int shift = v * spec.dilationW() - spec.padLeft();
          int first = shift >= 0 ? 0 : (-shift + spec.strideW() - 1) / spec.strideW();
          int end =
              width <= shift ? 0 : Math.min(outWidth, (width - 1 - shift) / spec.strideW() + 1);
          for (int i = 0; i < outHeight; i++) {
            int row = i * spec.strideH() + u * spec.dilationH() - spec.padTop();
            if (row >= 0 && row < height) {
              int to = (plane * outHeight + i) * outWidth;
              int from = (plane * height + row) * width + shift;
              add(w, x.data(), from, spec.strideW(), y.data(), to, first, end);
            }
          }
        }
      }
    }
    return y;
  }

  private static void add(
      float w, float[] x, int from, int stride, float[] y, int to, int first, int end) {
    for (int j = first; j < end; j++) {
      y[to + j] += w * x[from + j * stride];
    }
  }
}
