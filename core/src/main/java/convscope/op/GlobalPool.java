package convscope.op;

import convscope.tensor.Shape;
import convscope.tensor.Tensor;

/**
 * One number per channel, whatever the size of the map: {@code y[n,c] = (1/HW) Σ x[n,c]}, or the
 * maximum. Any number of spatial axes; each becomes 1 long.
 */
public final class GlobalPool {
  private GlobalPool() {}

  private static Shape pooled(Shape x) {
    if (x.rank() < 3) {
      throw new IllegalArgumentException(
          "GlobalPool: input of shape " + x + "; give (N, C, …) with a spatial axis");
    }
    if (x.product(2, x.rank()) == 0) {
      throw new IllegalArgumentException(
          "GlobalPool: input of shape " + x + " has empty maps; give at least one element each");
    }
    int[] dims = x.dims();
    for (int axis = 2; axis < dims.length; axis++) {
      dims[axis] = 1;
    }
    return Shape.of(dims);
  }

  /**
   * The mean of each channel, of shape (N, C, 1, …, 1).
   *
   * @param x (N, C, …)
   */
  public static Tensor average(Tensor x) {
    Tensor y = Tensor.zeros(pooled(x.shape()));
    int area = x.shape().product(2, x.rank());
    for (int plane = 0; plane < y.size(); plane++) {
      double sum = 0;
      for (int at = plane * area; at < (plane + 1) * area; at++) {
        sum += x.data()[at];
      }
      y.data()[plane] = (float) (sum / area);
    }
    return y;
  }

  /**
   * {@code ∂L/∂x} of {@link #average}: dy over the map's area, everywhere.
   *
   * @param dy (N, C, 1, …, 1)
   */
  public static Tensor averageBackward(Tensor dy, Shape xShape) {
    Check.gradient("GlobalPool", dy, pooled(xShape));
    Tensor dx = Tensor.zeros(xShape);
    int area = xShape.product(2, xShape.rank());
    for (int at = 0; at < dx.size(); at++) {
      dx.data()[at] = (float) ((double) dy.data()[at / area] / area);
    }
    return dx;
  }

  /**
   * The first maximum of each channel, of shape (N, C, 1, …, 1), and where in the whole input it
   * was. Backward is {@link MaxPool2d#backward}.
   *
   * @param x (N, C, …)
   */
  public static MaxPool2d.Result max(Tensor x) {
    Tensor y = Tensor.zeros(pooled(x.shape()));
    int[] indices = new int[y.size()];
    int area = x.shape().product(2, x.rank());
    for (int plane = 0; plane < y.size(); plane++) {
      int best = plane * area;
      for (int at = best + 1; at < (plane + 1) * area; at++) {
        if (MaxPool2d.wins(x.data()[at], x.data()[best])) {
          best = at;
        }
      }
      y.data()[plane] = x.data()[best];
      indices[plane] = best;
    }
    return new MaxPool2d.Result(y, indices);
  }
}
