package convscope.topic.chapter2;

import convscope.op.Conv2d;
import convscope.op.ConvTranspose2d;
import convscope.tensor.Tensor;

/**
 * A transposed convolution of one column of small numbers, computed in four ways that must agree.
 *
 * @param x the input, (in)
 * @param w the kernel, (K): tap u holds u + 1, so that equal weights are seen to be equal
 * @param y the output of {@link ConvTranspose2d}, (out)
 * @param stretched the input with S − 1 zeros between its cells and d(k−1) − p at either end, (out
 *     + d(k−1))
 * @param matrix T(w)ᵀ, (out, in): T is the convolution from out to in cells, one column for each
 *     unit vector that {@link Conv2d} was given
 * @param difference the largest difference of any way from the operator
 */
record Transposed(
    Axis axis,
    float[] x,
    float[] w,
    float[] y,
    float[] stretched,
    float[] matrix,
    float difference) {

  static Transposed of(Axis axis) {
    float[] x = new float[axis.in()];
    for (int p = 0; p < x.length; p++) {
      x[p] = 1 + (2 * p + 1) % 3;
    }
    float[] w = new float[axis.kernel()];
    for (int u = 0; u < w.length; u++) {
      w[u] = u + 1;
    }
    Conv2d.Spec window =
        Conv2d.Spec.of(axis.kernel(), 1)
            .stride(axis.stride(), 1)
            .dilation(axis.dilation(), 1)
            .padding(axis.padding(), 0);
    float[] y =
        ConvTranspose2d.forward(
                column(x),
                column(w),
                null,
                ConvTranspose2d.Spec.of(window).outputPadding(axis.outputPadding(), 0))
            .data();
    float[] stretched = stretch(axis, x);
    float[] flipped = new float[w.length];
    for (int u = 0; u < w.length; u++) {
      flipped[u] = w[w.length - 1 - u];
    }
    float[] slid =
        Conv2d.forward(
                column(stretched),
                column(flipped),
                null,
                Conv2d.Spec.of(axis.kernel(), 1).dilation(axis.dilation(), 1))
            .data();
    float[] matrix = matrix(axis, w, window);
    float difference = 0;
    for (int o = 0; o < y.length; o++) {
      double product = 0;
      double scattered = 0;
      for (int p = 0; p < x.length; p++) {
        product += matrix[o * x.length + p] * x[p];
        int offset = o + axis.padding() - p * axis.stride();
        if (offset >= 0 && offset < axis.span() && offset % axis.dilation() == 0) {
          scattered += w[offset / axis.dilation()] * x[p];
        }
      }
      difference = Math.max(difference, Math.abs(y[o] - slid[o]));
      difference = Math.max(difference, Math.abs(y[o] - (float) product));
      difference = Math.max(difference, Math.abs(y[o] - (float) scattered));
    }
    return new Transposed(axis, x, w, y, stretched, matrix, difference);
  }

  /** The input cell that sits at a place of the stretched input, or −1 for a zero. */
  int source(int place) {
    return source(axis, place);
  }

  private static int source(Axis axis, int place) {
    int at = place - axis.span() + 1 + axis.padding();
    return at >= 0 && at % axis.stride() == 0 && at / axis.stride() < axis.in()
        ? at / axis.stride()
        : -1;
  }

  /** Whether a place of the stretched input is between input cells. */
  boolean inserted(int place) {
    int at = place - axis.span() + 1 + axis.padding();
    return at > 0 && at < (axis.in() - 1) * axis.stride() && at % axis.stride() != 0;
  }

  /** The tap by which an input cell adds to an output, or −1. */
  int tap(int cell, int output) {
    int offset = output + axis.padding() - cell * axis.stride();
    return offset >= 0 && offset < axis.span() && offset % axis.dilation() == 0
        ? offset / axis.dilation()
        : -1;
  }

  /** The output after the input cells up to and with {@code last} have added their copies. */
  float[] partial(int last) {
    float[] sums = new float[y.length];
    for (int o = 0; o < sums.length; o++) {
      for (int p = 0; p <= last; p++) {
        int tap = tap(p, o);
        sums[o] += tap < 0 ? 0 : x[p] * w[tap];
      }
    }
    return sums;
  }

  private static float[] stretch(Axis axis, float[] x) {
    float[] stretched = new float[axis.out() + axis.span() - 1];
    for (int place = 0; place < stretched.length; place++) {
      int cell = source(axis, place);
      stretched[place] = cell < 0 ? 0 : x[cell];
    }
    return stretched;
  }

  private static float[] matrix(Axis axis, float[] w, Conv2d.Spec window) {
    int out = axis.out();
    float[] matrix = new float[out * axis.in()];
    for (int o = 0; o < out; o++) {
      float[] unit = new float[out];
      unit[o] = 1;
      // output padding of S or more (possible where D > S) adds windows that belong to no input
      float[] image = Conv2d.forward(column(unit), column(w), null, window).data();
      System.arraycopy(image, 0, matrix, o * axis.in(), axis.in());
    }
    return matrix;
  }

  /** (1, 1, length, 1). */
  private static Tensor column(float[] values) {
    return Tensor.of(values, 1, 1, values.length, 1);
  }
}
