package convscope.net.onnx;

import convscope.net.graph.Sizes;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a tensor: its shape, and its numbers where they follow from shapes and
 * constants, or where the network runs.
 *
 * @param type of its elements, as ONNX numbers them
 * @param shape null if unknown
 */
record Value(int type, long @Nullable [] shape, double @Nullable [] data) {
  static final Value UNKNOWN = new Value(Onnx.FLOAT, null, null);

  static Value shaped(int type, long... shape) {
    Sizes.product(shape, 0, shape.length);
    return new Value(type, shape, null);
  }

  static Value integers(long... values) {
    double[] data = new double[values.length];
    for (int i = 0; i < data.length; i++) {
      data[i] = values[i];
    }
    return new Value(Onnx.INT64, new long[] {values.length}, data);
  }

  boolean isFloat() {
    return type == Onnx.FLOAT || type == 10 || type == 11 || type == 16;
  }

  /** The shape, which must be known. */
  long[] known() {
    if (shape == null) {
      throw new IllegalStateException("unknown shape"); // callers ask first
    }
    return shape;
  }

  int rank() {
    return known().length;
  }

  int count() {
    long count = Sizes.product(known(), 0, rank());
    if (count > 1 << 28) {
      throw new IllegalArgumentException(
          "ONNX: a tensor of " + Sizes.text(shape) + " numbers; use a smaller input");
    }
    return (int) count;
  }

  /** The same numbers in another shape. */
  Value reshaped(long... other) {
    return new Value(type, other, data);
  }

  /** The numbers as whole ones, or null where they are not known. */
  long @Nullable [] longs() {
    if (data == null) {
      return null;
    }
    long[] all = new long[data.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = (long) data[i];
    }
    return all;
  }

  @Override
  public String toString() {
    return Sizes.text(shape);
  }
}
