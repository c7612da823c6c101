package convscope.op;

import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The mean of each window.
 *
 * <pre>
 *   y[n,c,i,j] = 1/divisor · Σ_{u,v} x[n, c, i·S + u·D − P, j·S + v·D − P]
 * </pre>
 *
 * The divisor counts the taps that read input or, with {@code countPadding} (count_include_pad),
 * also those on the padding; taps that hang over the padded end in ceil mode never count. A window
 * whose spread taps all miss the input gives 0.
 */
public final class AveragePool2d {
  private AveragePool2d() {}

  /** Why this window cannot pool height × width, or null if it can. */
  public static @Nullable String problem(int height, int width, PoolSpec spec) {
    return spec.problem("AveragePool2d", height, width);
  }

  /** How many taps of window (i, j) count. */
  public static int divisor(
      int i, int j, int height, int width, PoolSpec spec, boolean countPadding) {
    return count(i, height, spec.window().vertical(), countPadding)
        * count(j, width, spec.window().horizontal(), countPadding);
  }

  /** How many taps count along one axis, by output: a divisor is rows times columns. */
  private static int[] counts(int size, Window axis, boolean countPadding, int outputs) {
    int[] counts = new int[outputs];
    for (int i = 0; i < outputs; i++) {
      counts[i] = count(i, size, axis, countPadding);
    }
    return counts;
  }

  private static int count(int i, int size, Window axis, boolean countPadding) {
    return countPadding
        ? axis.taps(i, axis.start(0), size + axis.padAfter())
        : axis.taps(i, 0, size);
  }

  /**
   * The means, of shape (N, C, outH, outW).
   *
   * @param x (N, C, H, W)
   */
  public static Tensor forward(Tensor x, PoolSpec spec, boolean countPadding) {
    Check.images("AveragePool2d", x.shape());
    Check.door(problem(x.dim(2), x.dim(3), spec));
    int height = x.dim(2);
    int width = x.dim(3);
    Taps rows = spec.rows(height);
    Taps columns = spec.columns(width);
    int[] rowCounts = counts(height, spec.window().vertical(), countPadding, rows.out);
    int[] columnCounts = counts(width, spec.window().horizontal(), countPadding, columns.out);
    Tensor y = Tensor.zeros(x.dim(0), x.dim(1), rows.out, columns.out);
    int next = 0;
    for (int plane = 0; plane < x.dim(0) * x.dim(1); plane++) {
      for (int i = 0; i < rows.out; i++) {
        for (int j = 0; j < columns.out; j++) {
          double sum = 0;
          for (int u = 0; u < spec.window().kernelHeight(); u++) {
            int row = rows.source(u, i);
            for (int v = 0; row >= 0 && v < spec.window().kernelWidth(); v++) {
              int column = columns.source(v, j);
              sum += column < 0 ? 0 : x.data()[(plane * height + row) * width + column];
            }
          }
          int divisor = rowCounts[i] * columnCounts[j];
          y.data()[next++] = (float) (sum / Math.max(1, divisor));
        }
      }
    }
    return y;
  }

  /**
   * {@code ∂L/∂x}: each element of dy, over its divisor, to every input of its window.
   *
   * @param dy (N, C, outH, outW)
   */
  public static Tensor backward(Tensor dy, Shape xShape, PoolSpec spec, boolean countPadding) {
    Check.images("AveragePool2d", xShape);
    int height = xShape.dim(2);
    int width = xShape.dim(3);
    Check.door(problem(height, width, spec));
    Taps rows = spec.rows(height);
    Taps columns = spec.columns(width);
    int[] rowCounts = counts(height, spec.window().vertical(), countPadding, rows.out);
    int[] columnCounts = counts(width, spec.window().horizontal(), countPadding, columns.out);
    Check.gradient(
        "AveragePool2d", dy, Shape.of(xShape.dim(0), xShape.dim(1), rows.out, columns.out));
    double[] sums = new double[xShape.size()];
    int next = 0;
    for (int plane = 0; plane < xShape.dim(0) * xShape.dim(1); plane++) {
      for (int i = 0; i < rows.out; i++) {
        for (int j = 0; j < columns.out; j++) {
          int divisor = rowCounts[i] * columnCounts[j];
          double share = (double) dy.data()[next++] / Math.max(1, divisor);
          for (int u = 0; u < spec.window().kernelHeight(); u++) {
            int row = rows.source(u, i);
            for (int v = 0; row >= 0 && v < spec.window().kernelWidth(); v++) {
              int column = columns.source(v, j);
              if (column >= 0) {
                sums[(plane * height + row) * width + column] += share;
              }
            }
          }
        }
      }
    }
    return Tensor.rounded(sums, xShape);
  }
}
