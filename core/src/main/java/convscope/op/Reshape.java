package convscope.op;

import convscope.tensor.Shape;
import convscope.tensor.Tensor;

/**
 * The same elements in row-major order under another shape; its gradient is reshaped back. One axis
 * may be −1: what the others leave.
 */
public final class Reshape {
  private Reshape() {}

  /**
   * The shape that {@code dims} means for an input of shape x, checked.
   *
   * @param zeroCopies whether a 0 stands for the input's axis in that place (as in ONNX)
   */
  public static Shape resolve(Shape x, int[] dims, boolean zeroCopies) {
    int[] out = dims.clone();
    int open = -1;
    long known = 1;
    for (int i = 0; i < out.length; i++) {
      if (out[i] == 0 && zeroCopies) {
        if (i >= x.rank()) {
          throw problem(x, dims, "a 0 in place " + i + " has no axis to copy");
        }
        out[i] = x.dim(i);
      }
      if (out[i] == -1 && open < 0) {
        open = i;
      } else if (out[i] < 0) {
        throw problem(x, dims, out[i] == -1 ? "a second -1" : "an axis of " + out[i]);
      } else {
        known *= out[i];
      }
    }
    if (open >= 0) {
      if (known == 0 || x.size() % known != 0) {
        throw problem(x, dims, known + " elements without the -1 do not divide " + x.size());
      }
      out[open] = (int) (x.size() / known);
    } else if (known != x.size()) {
      throw problem(x, dims, known + " elements against " + x.size());
    }
    return Shape.of(out);
  }

  private static IllegalArgumentException problem(Shape x, int[] dims, String what) {
    StringBuilder list = new StringBuilder();
    for (int dim : dims) {
      list.append(list.length() == 0 ? "" : ", ").append(dim);
    }
    return new IllegalArgumentException(
        "Reshape: "
            + x
            + " to ("
            + list
            + "), "
            + what
            + "; give axes whose product is "
            + x.size());
  }

  /** The elements of x under the axes {@code dims}, of which one may be −1. */
  public static Tensor forward(Tensor x, int... dims) {
    return Tensor.of(x.data().clone(), resolve(x.shape(), dims, false));
  }

  /** The first axis kept and all others made one: (N, C, H, W) to (N, C·H·W). */
  public static Tensor flatten(Tensor x) {
    return Tensor.of(x.data().clone(), flattened(x.shape(), 1));
  }

  /** The shape of two axes with the cut before {@code axis}, 0 to the rank, checked. */
  public static Shape flattened(Shape x, int axis) {
    if (axis < -x.rank() || axis > x.rank()) {
      throw new IllegalArgumentException(
          "Flatten: axis "
              + axis
              + " of an input of shape "
              + x
              + "; use "
              + -x.rank()
              + " to "
              + x.rank());
    }
    int cut = axis < 0 ? axis + x.rank() : axis;
    return Shape.of(x.product(0, cut), x.product(cut, x.rank()));
  }

  /** {@code dx}: the elements of dy under the shape of x. */
  public static Tensor backward(Tensor dy, Shape xShape) {
    return Tensor.of(dy.data().clone(), resolve(dy.shape(), xShape.dims(), false));
  }
}
