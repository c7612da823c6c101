package convscope.op;

import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The largest value of each window; padding never wins.
 *
 * <pre>
 *   y[n,c,i,j] = max over (u,v) of x[n, c, i·S + u·D − P, j·S + v·D − P]
 * </pre>
 *
 * The first maximum in row-major order of the window counts; a NaN wins over any number. A window
 * whose spread taps all fall into padding gives −∞ and index −1.
 */
public final class MaxPool2d {
  private MaxPool2d() {}

  /**
   * The pooled map and, for each of its elements, where in the whole input (flattened) the maximum
   * was.
   */
  public record Result(Tensor y, int[] indices) {}

  /** Why this window cannot pool height × width, or null if it can. */
  public static @Nullable String problem(int height, int width, PoolSpec spec) {
    return spec.problem("MaxPool2d", height, width);
  }

  /**
   * The maxima, of shape (N, C, outH, outW).
   *
   * @param x (N, C, H, W)
   */
  public static Result forward(Tensor x, PoolSpec spec) {
    Check.images("MaxPool2d", x.shape());
    Check.door(problem(x.dim(2), x.dim(3), spec));
    int height = x.dim(2);
    int width = x.dim(3);
    Taps rows = spec.rows(height);
    Taps columns = spec.columns(width);
    Tensor y = Tensor.zeros(x.dim(0), x.dim(1), rows.out, columns.out);
    int[] indices = new int[y.size()];
    float[] in = x.data();
    int next = 0;
    for (int plane = 0; plane < x.dim(0) * x.dim(1); plane++) {
      for (int i = 0; i < rows.out; i++) {
        for (int j = 0; j < columns.out; j++) {
          int best = -1;
          for (int u = 0; u < spec.window().kernelHeight(); u++) {
            int row = rows.source(u, i);
            for (int v = 0; row >= 0 && v < spec.window().kernelWidth(); v++) {
              int column = columns.source(v, j);
              if (column >= 0) {
                int at = (plane * height + row) * width + column;
                if (best < 0 || wins(in[at], in[best])) {
                  best = at;
                }
              }
            }
          }
          y.data()[next] = best < 0 ? Float.NEGATIVE_INFINITY : in[best];
          indices[next++] = best;
        }
      }
    }
    return new Result(y, indices);
  }

  /** Whether {@code value} replaces {@code best}: larger, or the first NaN. */
  static boolean wins(float value, float best) {
    return value > best || (Float.isNaN(value) && !Float.isNaN(best));
  }

  /**
   * {@code ∂L/∂x}: each element of dy goes to the one input that won its window.
   *
   * @param dy (N, C, outH, outW)
   * @param indices as the forward pass gave them
   */
  public static Tensor backward(Tensor dy, int[] indices, Shape xShape) {
    if (indices.length != dy.size()) {
      throw new IllegalArgumentException(
          "MaxPool2d: "
              + indices.length
              + " indices for a gradient of shape "
              + dy.shape()
              + "; give the indices of its forward pass");
    }
    double[] sums = new double[xShape.size()];
    for (int at = 0; at < indices.length; at++) {
      if (indices[at] >= 0) {
        sums[indices[at]] += dy.data()[at];
      }
    }
    return Tensor.rounded(sums, xShape);
  }
}
