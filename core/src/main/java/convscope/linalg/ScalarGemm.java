package convscope.linalg;

import java.util.Arrays;

/**
 * Matrix product in plain Java, blocked so that 4×4 sums stay in registers: each element of A and B
 * loaded is used four times, and panels of both are packed so that the inner loop reads them in
 * order.
 *
 * <pre>
 *   C[i,j] = Σ_p A[i,p] · B[p,j]
 * </pre>
 *
 * Sums run in float32 in order of p, in stretches of {@link #STRETCH}; a stretch is added to C as a
 * whole. Not safe for use by several threads at once: the panels are kept between calls.
 */
public final class ScalarGemm implements Gemm {
  private static final int BLOCK = 4;

  /** Length of the packed panels: three of them fit a first-level cache many times over. */
  static final int STRETCH = 256;

  private final float[] rows = new float[BLOCK * STRETCH]; // [p·4 + i]
  private float[] columns = new float[0]; // [(panel·stretch + p)·4 + j]

  @Override
  public void multiply(
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
      boolean accumulate) {
    Gemm.check(m, n, k, a, aStart, b, bStart, c, cStart);
    if (!accumulate) {
      Arrays.fill(c, cStart, cStart + m * n, 0);
    }
    int panels = (n + BLOCK - 1) / BLOCK;
    if (columns.length < panels * BLOCK * Math.min(k, STRETCH)) {
      columns = new float[panels * BLOCK * Math.min(k, STRETCH)];
    }
    for (int from = 0; from < k; from += STRETCH) {
      int length = Math.min(STRETCH, k - from);
      packColumns(transposeB, n, k, from, length, b, bStart);
      for (int i = 0; i < m; i += BLOCK) {
        packRows(transposeA, i, m, k, from, length, a, aStart);
        for (int panel = 0; panel < panels; panel++) {
          block(
              length,
              panel * length * BLOCK,
              c,
              cStart + i * n + panel * BLOCK,
              n,
              Math.min(BLOCK, m - i),
              Math.min(BLOCK, n - panel * BLOCK));
        }
      }
    }
  }

  /** Rows i … i+3 of op(A), interleaved; zeros where there are fewer. */
  private void packRows(
      boolean transposed, int i, int m, int k, int from, int length, float[] a, int aStart) {
    for (int r = 0; r < BLOCK; r++) {
      if (i + r >= m) {
        for (int p = 0; p < length; p++) {
          rows[p * BLOCK + r] = 0;
        }
      } else if (transposed) {
        for (int p = 0; p < length; p++) {
          rows[p * BLOCK + r] = a[aStart + (from + p) * m + i + r];
        }
      } else {
        int at = aStart + (i + r) * k + from;
        for (int p = 0; p < length; p++) {
          rows[p * BLOCK + r] = a[at + p];
        }
      }
    }
  }

  /** Rows from … from+length−1 of op(B), as panels of four columns; zeros beyond the last. */
  private void packColumns(
      boolean transposed, int n, int k, int from, int length, float[] b, int bStart) {
    for (int j = 0; j < n; j += BLOCK) {
      int width = Math.min(BLOCK, n - j);
      int panel = j * length; // (j/4)·length·4
      for (int p = 0; p < length; p++) {
        for (int r = 0; r < BLOCK; r++) {
          columns[panel + p * BLOCK + r] =
              r >= width
                  ? 0
                  : transposed
                      ? b[bStart + (j + r) * k + from + p]
                      : b[bStart + (from + p) * n + j + r];
        }
      }
    }
  }

  /** Adds one 4×4 block, or the height×width corner of it that C has. */
  private void block(int length, int panel, float[] c, int at, int stride, int height, int width) {
    float c00 = 0;
    float c01 = 0;
    float c02 = 0;
    float c03 = 0;
    float c10 = 0;
    float c11 = 0;
    float c12 = 0;
    float c13 = 0;
    float c20 = 0;
    float c21 = 0;
    float c22 = 0;
    float c23 = 0;
    float c30 = 0;
    float c31 = 0;
    float c32 = 0;
    float c33 = 0;
    float[] left = rows;
    float[] right = columns;
    for (int p = 0; p < length * BLOCK; p += BLOCK) {
      float b0 = right[panel + p];
      float b1 = right[panel + p + 1];
      float b2 = right[panel + p + 2];
      float b3 = right[panel + p + 3];
      float a0 = left[p];
      c00 += a0 * b0;
      c01 += a0 * b1;
      c02 += a0 * b2;
      c03 += a0 * b3;
      float a1 = left[p + 1];
      c10 += a1 * b0;
      c11 += a1 * b1;
      c12 += a1 * b2;
      c13 += a1 * b3;
      float a2 = left[p + 2];
      c20 += a2 * b0;
      c21 += a2 * b1;
      c22 += a2 * b2;
      c23 += a2 * b3;
      float a3 = left[p + 3];
      c30 += a3 * b0;
      c31 += a3 * b1;
      c32 += a3 * b2;
      c33 += a3 * b3;
    }
    row(c, at, width, c00, c01, c02, c03);
    if (height > 1) {
      row(c, at + stride, width, c10, c11, c12, c13);
    }
    if (height > 2) {
      row(c, at + 2 * stride, width, c20, c21, c22, c23);
    }
    if (height > 3) {
      row(c, at + 3 * stride, width, c30, c31, c32, c33);
    }
  }

  private static void row(float[] c, int at, int width, float c0, float c1, float c2, float c3) {
    c[at] += c0;
    if (width > 1) {
      c[at + 1] += c1;
    }
    if (width > 2) {
      c[at + 2] += c2;
    }
    if (width > 3) {
      c[at + 3] += c3;
    }
  }
}
