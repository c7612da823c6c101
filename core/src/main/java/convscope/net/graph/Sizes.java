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

  /** What may help where two shapes differ. */
  public interface Remedy {
    /**
     * A sentence's end.
     *
     * @param axis in which they differ, of the common shape
     * @param rank of the common shape
     * @param x the one's size
     * @param y the other's
     */
    String of(int axis, int rank, long x, long y);
  }

  /**
   * The common shape of two, aligned at their last axes, a size of 1 stretched (NumPy's rules,
   * which PyTorch, Keras and ONNX follow).
   *
   * @throws IllegalArgumentException naming operation, shapes and axis, where a size differs
   */
  public static long[] broadcast(String operation, long[] a, long[] b, Remedy remedy) {
    int rank = Math.max(a.length, b.length);
    long[] out = new long[rank];
    for (int i = 0; i < rank; i++) {
      int p = i - (rank - a.length);
      int q = i - (rank - b.length);
      long x = p < 0 ? 1 : a[p];
      long y = q < 0 ? 1 : b[q];
      if (x != y && x != 1 && y != 1) {
        String where = " differ in dimension " + i + ": " + x + " against " + y + "; ";
        throw new IllegalArgumentException(
            operation + ": " + text(a) + " and " + text(b) + where + remedy.of(i, rank, x, y));
      }
      out[i] = x == 1 ? y : x;
    }
    return out;
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
