package convscope.tensor;

import java.util.Arrays;

/**
 * The sizes of a tensor's axes, outermost first: {@code (N, C, H, W)} for images. A shape of rank 0
 * is a scalar; an axis may be 0 long (an empty batch). Immutable.
 */
public final class Shape {
  private final int[] dims;
  private final int size;

  private Shape(int[] dims) {
    this.dims = dims;
    long product = 1;
    for (int dim : dims) {
      if (dim < 0) {
        throw new IllegalArgumentException(
            "Shape: axis of " + dim + " in " + text(dims) + "; use 0 or more");
      }
      product *= dim;
      if (product > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "Shape: "
                + text(dims)
                + " has more elements than an array can hold; use a smaller one");
      }
    }
    this.size = (int) product;
  }

  public static Shape of(int... dims) {
    return new Shape(dims.clone());
  }

  /** Number of axes. */
  public int rank() {
    return dims.length;
  }

  /** Length of axis {@code axis}; −1 is the last one. */
  public int dim(int axis) {
    return dims[axis < 0 ? dims.length + axis : axis];
  }

  /** Number of elements: the product of all axes, 1 for a scalar. */
  public int size() {
    return size;
  }

  /**
   * Product of the axes {@code from} (inclusive) to {@code to} (exclusive), 1 if there are none.
   */
  public int product(int from, int to) {
    int product = 1;
    for (int i = from; i < to; i++) {
      product *= dims[i];
    }
    return product;
  }

  /** A copy of the axis lengths. */
  public int[] dims() {
    return dims.clone();
  }

  /** The same shape with axis {@code axis} (−1 is the last) {@code length} long. */
  public Shape with(int axis, int length) {
    int[] changed = dims.clone();
    changed[axis < 0 ? dims.length + axis : axis] = length;
    return new Shape(changed);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  /** {@code 2×3×4}; {@code scalar} for rank 0. */
  @Override
  public String toString() {
    return text(dims);
  }

  private static String text(int[] dims) {
    if (dims.length == 0) {
      return "scalar";
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < dims.length; i++) {
      out.append(i == 0 ? "" : "×").append(dims[i]);
    }
    return out.toString();
  }
}
