package convscope.op;

import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Orders the axes anew: axis a of y is axis {@code order[a]} of x. Its gradient orders them back.
 */
public final class Transpose {
  private Transpose() {}

  /** Why {@code order} does not order the axes of x, or null if it does: the door's check. */
  public static @Nullable String problem(Shape x, int... order) {
    boolean[] seen = new boolean[x.rank()];
    boolean valid = order.length == x.rank();
    for (int i = 0; valid && i < order.length; i++) {
      valid = order[i] >= 0 && order[i] < x.rank() && !seen[order[i]];
      if (valid) {
        seen[order[i]] = true;
      }
    }
    if (valid) {
      return null;
    }
    StringBuilder list = new StringBuilder();
    for (int axis : order) {
      list.append(list.length() == 0 ? "" : ", ").append(axis);
    }
    return "Transpose: order ("
        + list
        + ") for an input of shape "
        + x
        + "; name each axis 0 to "
        + (x.rank() - 1)
        + " once";
  }

  /** The axes of x in the order {@code order}. */
  public static Tensor forward(Tensor x, int... order) {
    Check.door(problem(x.shape(), order));
    int[] from = Walk.strides(x.shape().dims());
    int[] dims = new int[order.length];
    int[] strides = new int[order.length];
    for (int axis = 0; axis < order.length; axis++) {
      dims[axis] = x.dim(order[axis]);
      strides[axis] = from[order[axis]];
    }
    int[] source = Walk.positions(dims, strides);
    Tensor y = Tensor.zeros(dims);
    for (int i = 0; i < source.length; i++) {
      y.data()[i] = x.data()[source[i]];
    }
    return y;
  }

  /** {@code dx}: the axes of dy in the inverse order. */
  public static Tensor backward(Tensor dy, int... order) {
    Check.door(problem(dy.shape(), order));
    int[] inverse = new int[order.length];
    for (int axis = 0; axis < order.length; axis++) {
      inverse[order[axis]] = axis;
    }
    return forward(dy, inverse);
  }
}
