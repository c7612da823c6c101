package convscope.linalg;

/** General matrix product of row-major float32 matrices that lie in larger arrays. */
public interface Gemm {
  /**
   * {@code C = op(A)·op(B)}, or {@code C += op(A)·op(B)}, where op transposes if asked to.
   *
   * @param transposeA whether A is stored as (k, m) instead of (m, k)
   * @param transposeB whether B is stored as (n, k) instead of (k, n)
   * @param m rows of C
   * @param n columns of C
   * @param k length of the sums; 0 gives zeros
   * @param a holds A from {@code aStart} on, without gaps
   * @param b holds B from {@code bStart} on, without gaps
   * @param c holds C, (m, n), from {@code cStart} on, without gaps
   * @param accumulate whether C is added to instead of overwritten
   */
  void multiply(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      float[] a,
      int aStart,
      float[] b,
      int bStart,
      float[] c,
      int cStart,
      boolean accumulate);

  /**
   * The door's check, the same for all.
   *
   * @throws IllegalArgumentException if a size is negative or a matrix exceeds its array
   */
  static void check(
      int m, int n, int k, float[] a, int aStart, float[] b, int bStart, float[] c, int cStart) {
    if (m < 0 || n < 0 || k < 0) {
      throw new IllegalArgumentException(
          "Gemm: sizes " + m + "×" + n + "×" + k + "; use 0 or more for each");
    }
    require("A", a.length, aStart, (long) m * k);
    require("B", b.length, bStart, (long) k * n);
    require("C", c.length, cStart, (long) m * n);
  }

  private static void require(String name, int length, int start, long size) {
    if (start < 0 || start + size > length) {
      throw new IllegalArgumentException(
          "Gemm: "
              + name
              + " needs "
              + size
              + " elements from "
              + start
              + " on, the array has "
              + length
              + "; give a larger one");
    }
  }
}
