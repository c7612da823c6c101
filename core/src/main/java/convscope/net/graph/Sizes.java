package convscope.net.graph;

import org.jspecify.annotations.Nullable;

/** Whole numbers of shapes and costs, which must stay exact. */
public final class Sizes {
  private static final double MOST = 9e15; // what a double, and so JSON, holds exactly

  private Sizes() {}

  /** The product, refused where it would not be exact. */
  public static long product(long... factors) {
    double size = 1;
    long product = 1;
    for (long factor : factors) {
      size *= factor;
      if (Math.abs(size) > MOST) {
        throw new IllegalArgumentException(
            text(factors) + " is beyond what can be counted exactly; use smaller sizes");
      }
      product *= factor;
    }
    return product;
  }

  public static long sum(long a, long b) {
    if ((double) a + b > MOST) {
      throw new IllegalArgumentException("the counts are beyond what is exact; use smaller sizes");
    }
    return a + b;
  }

  /** The product of some axes, from one up to, not including, another. */
  public static long product(long[] shape, int from, int to) {
    long product = 1;
    for (int i = from; i < to; i++) {
      product = product(product, shape[i]);
    }
    return product;
  }

  /** {@code 2×16×5×5}. */
  public static String text(long @Nullable [] shape) {
    if (shape == null) {
      return "an unknown shape";
    }
    if (shape.length == 0) {
      return "a single number";
    }
    StringBuilder out = new StringBuilder();
    for (long size : shape) {
      out.append(out.length() > 0 ? "×" : "").append(size);
    }
    return out.toString();
  }
}
