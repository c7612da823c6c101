package convscope.topic.chapter2;

import convscope.op.Conv2d;
import convscope.op.ConvTranspose2d;
import convscope.op.Window;
import convscope.tensor.Tensor;

/**
 * A transposed convolution of one column of small numbers, computed in four ways that must agree.
 *
 * @param x the input, (in)
 * @param w the kernel, (K): tap u holds u + 1, so that equal weights are seen to be equal
 * @param flipped the kernel the other way round
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
    float[] flipped,
    float[] y,
    float[] stretched,
    float[] matrix,
    float difference) {

  static Transposed of(Axis axis) {
    Window window = axis.window();
    float[] x = new float[axis.in()];
    for (int p = 0; p < x.length; p++) {
      x[p] = 1 + (2 * p + 1) % 3;
    }
    float[] w = new float[window.kernel()];
    float[] flipped = new float[w.length];
    for (int u = 0; u < w.length; u++) {
      w[u] = u + 1;
      flipped[u] = w.length - u;
    }
    Conv2d.Spec spread = Conv2d.Spec.of(w.length, 1).dilation(window.dilation(), 1);
    Conv2d.Spec spec = spread.stride(window.stride(), 1).padding(window.padBefore(), 0);
    ConvTranspose2d.Spec back =
        ConvTranspose2d.Spec.of(spec).outputPadding(axis.outputPadding(), 0);
    float[] y = ConvTranspose2d.forward(column(x), column(w), null, back).data();
    float[] stretched = ConvTranspose2d.stretched(column(x), spec, y.length, 1).data();
    float[] slid = Conv2d.forward(column(stretched), column(flipped), null, spread).data();
    float[] matrix = new float[y.length * x.length];
    float difference = 0;
    for (int o = 0; o < y.length; o++) {
      float[] unit = new float[y.length];
      unit[o] = 1;
      // output padding of S or more (possible where D > S) adds windows that belong to no input
      float[] image = Conv2d.forward(column(unit), column(w), null, spec).data();
      System.arraycopy(image, 0, matrix, o * x.length, x.length);
      float product = 0; // small whole numbers: exact
      float scattered = 0;
      for (int p = 0; p < x.length; p++) {
        product += image[p] * x[p];
        int tap = window.tap(p, o);
        scattered += tap < 0 ? 0 : w[tap] * x[p];
      }
      difference = Math.max(difference, Math.abs(y[o] - slid[o]));
      difference = Math.max(difference, Math.abs(y[o] - product));
      difference = Math.max(difference, Math.abs(y[o] - scattered));
    }
    return new Transposed(axis, x, w, flipped, y, stretched, matrix, difference);
  }

  /** Whether an input cell sits at a place of the stretched input, and not a zero. */
  boolean filled(int place) {
    return stretched[place] != 0; // no input cell is 0
  }

  /** The tap by which an input cell adds to an output, or −1. */
  int tap(int cell, int output) {
    return axis.window().tap(cell, output);
  }

  /** What an input cell adds to an output. */
  float product(int cell, int output) {
    int tap = tap(cell, output);
    return tap < 0 ? 0 : x[cell] * w[tap];
  }

  /** The output after the input cells up to and with {@code last} have added their copies. */
  float[] partial(int last) {
    float[] sums = new float[y.length];
    for (int o = 0; o < sums.length; o++) {
      for (int p = 0; p <= last; p++) {
        sums[o] += product(p, o);
      }
    }
    return sums;
  }

  /** (1, 1, length, 1). */
  private static Tensor column(float[] values) {
    return Tensor.of(values, 1, 1, values.length, 1);
  }

  @Override
  public String toString() {
    return "Transposed " + axis;
  }
}
