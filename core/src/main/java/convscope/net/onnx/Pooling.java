package convscope.net.onnx;

import convscope.engine.Kernels;
import convscope.net.graph.Graph.Window;
import convscope.net.graph.Sizes;
import org.jspecify.annotations.Nullable;

/** Pooling over any windows along one, two or three axes. */
final class Pooling {
  private Pooling() {}

  private interface Cell {
    float of(float[] x, int plane, int[] index);
  }

  static void max(Kernels kernels, Window w, long[] in, int x, long[] out, int y) {
    int n = w.kernel().length;
    run(
        kernels,
        in,
        x,
        out,
        y,
        (numbers, plane, index) -> {
          double[] best = {Double.NEGATIVE_INFINITY};
          visit(w, in, index, n, at -> best[0] = Math.max(best[0], numbers[plane + at]));
          return (float) best[0];
        });
  }

  /** {@code padding}: whether zeros of the padding count, though not those beyond it. */
  static void average(
      Kernels kernels, Window w, boolean padding, long[] in, int x, long[] out, int y) {
    int n = w.kernel().length;
    run(
        kernels,
        in,
        x,
        out,
        y,
        (numbers, plane, index) -> {
          double[] sum = new double[2];
          visit(
              w,
              in,
              index,
              n,
              at -> {
                sum[0] += numbers[plane + at];
                sum[1]++;
              });
          double count = sum[1];
          if (padding) {
            count = 1;
            for (int i = 0; i < n; i++) {
              long start = index[i] * w.stride()[i] - w.begin()[i];
              long stop =
                  Math.min(
                      start + (w.kernel()[i] - 1) * w.dilation()[i] + 1, in[2 + i] + w.end()[i]);
              count *= (double) ((stop - start + w.dilation()[i] - 1) / w.dilation()[i]);
            }
          }
          return (float) (sum[0] / count);
        });
  }

  /**
   * A convolution along any axes, directly.
   *
   * @param weight (O, C/groups, k…)
   */
  static float[] convolve(
      Window w,
      int groups,
      float[] x,
      long[] in,
      float[] weight,
      long[] kernel,
      float @Nullable [] bias,
      long[] out) {
    int n = w.kernel().length;
    int area = (int) Sizes.product(in, 2, in.length);
    int cells = (int) Sizes.product(out, 2, out.length);
    int taps = (int) Sizes.product(w.kernel(), 0, n);
    int inner = (int) kernel[1];
    int outputs = (int) kernel[0];
    float[] made = new float[(int) out[0] * outputs * cells];
    int[] index = new int[n];
    int[] place = new int[taps];
    for (int cell = 0; cell < cells; cell++) {
      for (int axis = n - 1, rest = cell; axis >= 0; axis--) {
        index[axis] = rest % (int) out[2 + axis];
        rest /= (int) out[2 + axis];
      }
      for (int tap = 0; tap < taps; tap++) {
        place[tap] = place(w, in, index, n, tap);
      }
      for (int o = 0; o < out[0] * outputs; o++) {
        int image = o / outputs;
        int channel = o % outputs;
        int first = image * (int) in[1] + channel / (outputs / groups) * inner;
        double sum = bias == null ? 0 : bias[channel];
        for (int c = 0; c < inner; c++) {
          for (int tap = 0; tap < taps; tap++) {
            if (place[tap] >= 0) {
              sum +=
                  (double) x[(first + c) * area + place[tap]]
                      * weight[(channel * inner + c) * taps + tap];
            }
          }
        }
        made[o * cells + cell] = (float) sum;
      }
    }
    return made;
  }

  /** Where a tap of a window reads in its plane; −1 in the padding. */
  private static int place(Window w, long[] in, int[] index, int n, int tap) {
    int rest = tap;
    int at = 0;
    int step = 1;
    boolean inside = true;
    for (int i = n - 1; i >= 0; i--) {
      long u = rest % w.kernel()[i];
      rest /= (int) w.kernel()[i];
      long place = index[i] * w.stride()[i] - w.begin()[i] + u * w.dilation()[i];
      inside &= place >= 0 && place < in[2 + i];
      at += (int) place * step;
      step *= (int) in[2 + i];
    }
    return inside ? at : -1;
  }

  private interface Visitor {
    void at(int place);
  }

  /** Goes through the places of the input under a window. */
  private static void visit(Window w, long[] in, int[] index, int n, Visitor visitor) {
    int taps = (int) Sizes.product(w.kernel(), 0, n);
    for (int tap = 0; tap < taps; tap++) {
      int at = place(w, in, index, n, tap);
      if (at >= 0) {
        visitor.at(at);
      }
    }
  }

  private static void run(Kernels kernels, long[] in, int x, long[] out, int y, Cell cell) {
    int n = in.length - 2;
    int planes = (int) (in[0] * in[1]);
    int area = (int) Sizes.product(in, 2, in.length);
    int cells = (int) Sizes.product(out, 2, out.length);
    float[] numbers = new float[planes * area];
    kernels.read(x, numbers, 0, numbers.length);
    float[] made = new float[planes * cells];
    int[] index = new int[n];
    for (int i = 0; i < made.length; i++) {
      int rest = i % cells;
      for (int axis = n - 1; axis >= 0; axis--) {
        index[axis] = rest % (int) out[2 + axis];
        rest /= (int) out[2 + axis];
      }
      made[i] = cell.of(numbers, i / cells * area, index);
    }
    kernels.write(y, made, 0, made.length);
  }
}
