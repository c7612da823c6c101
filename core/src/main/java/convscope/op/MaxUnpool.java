package convscope.op;

import convscope.tensor.Shape;
import convscope.tensor.Tensor;

/**
 * Puts each pooled value back where its maximum was, zeros elsewhere: {@code y[indices[k]] = x[k]},
 * indices into the whole output, flattened. Where an index repeats, the last one stays.
 */
public final class MaxUnpool {
  private MaxUnpool() {}

  /**
   * The output, of shape {@code output}.
   *
   * @param x any shape
   * @param indices one per element of x
   */
  public static Tensor forward(Tensor x, int[] indices, Shape output) {
    check(x.shape(), indices, output);
    Tensor y = Tensor.zeros(output);
    for (int k = 0; k < indices.length; k++) {
      y.data()[indices[k]] = x.data()[k];
    }
    return y;
  }

  /**
   * {@code ∂L/∂x[k] = dy[indices[k]]}; 0 where a later element took the place.
   *
   * @param dy of the shape of the output
   * @param xShape of the shape of x
   */
  public static Tensor backward(Tensor dy, int[] indices, Shape xShape) {
    check(xShape, indices, dy.shape());
    Tensor dx = Tensor.zeros(xShape);
    boolean[] taken = new boolean[dy.size()];
    for (int k = indices.length - 1; k >= 0; k--) {
      dx.data()[k] = taken[indices[k]] ? 0 : dy.data()[indices[k]];
      taken[indices[k]] = true;
    }
    return dx;
  }

  private static void check(Shape x, int[] indices, Shape output) {
    if (indices.length != x.size()) {
      throw new IllegalArgumentException(
          "MaxUnpool: "
              + indices.length
              + " indices for an input of shape "
              + x
              + "; give one per"
              + " element");
    }
    for (int index : indices) {
      if (index < 0 || index >= output.size()) {
        throw new IllegalArgumentException(
            "MaxUnpool: index "
                + index
                + " is outside an output of shape "
                + output
                + "; use 0 to "
                + (output.size() - 1));
      }
    }
  }
}
