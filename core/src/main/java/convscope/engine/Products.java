package convscope.engine;

import static convscope.engine.Arena.ALIGN;
import static convscope.engine.Arena.FLOAT;

/** Products of matrices. */
final class Products {
  /** Columns of B at a time. */
  private static final int COLUMNS = 1024;

  /** Length of the stretches in which sums run. */
  private static final int STRETCH = 256;

  /** Length of the stretches where both factors are read along their rows. */
  private static final int LONG_STRETCH = 768;

  private static final int HEIGHT = Kernels.HEIGHT;

  private final Arena arena;
  private final Tiles tiles;
  private final Kernels kernels;

  Products(Arena arena, Tiles tiles) {
    this.arena = arena;
    this.tiles = tiles;
    kernels = arena.kernels;
  }

  /** See {@link Engine#multiply}. */
  void multiply(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      int a,
      int b,
      int c,
      boolean accumulate) {
    if (m == 0 || n == 0) {
      return;
    }
    if (k == 0 || (transposeB && !transposeA)) {
      if (!accumulate) {
        kernels.clear(c, m * n);
      }
      if (k > 0) {
        innerProducts(m, n, k, a, b, c);
      }
      return;
    }
    int mark = arena.mark();
    int right = b;
    if (transposeB) {
      right = arena.allocate((long) k * n);
      kernels.gather(
          right,
          FLOAT * n,
          0,
          b,
          0,
          1,
          arena.table(multiples(FLOAT, k)),
          k,
          arena.table(multiples(FLOAT * k, n)),
          n);
    }
    int packed = arena.allocate((long) m * k);
    int rowStride = transposeA ? FLOAT : FLOAT * k;
    tiles.pack(
        packed, a, arena.table(multiples(transposeA ? FLOAT * m : FLOAT, k)), k, rowStride, m);
    int stretch = Math.min(k, STRETCH);
    int width = Math.min(n, COLUMNS);
    // lines one row of B apart may all want the same place in the cache: then read a copy
    boolean copy = m > 2 * HEIGHT && k > 8 && !Planes.spreads(FLOAT * n);
    int pitch = FLOAT * (copy ? width + ALIGN / FLOAT : n);
    int scratch = copy ? arena.allocate((long) stretch * pitch / FLOAT) : 0;
    int table = arena.table(multiples(pitch, stretch));
    for (int j = 0; j < n; j += width) {
      int columns = Math.min(width, n - j);
      for (int p = 0; p < k; p += stretch) {
        int length = Math.min(stretch, k - p);
        int x = right + FLOAT * (p * n + j);
        if (copy) {
          kernels.copy(scratch, pitch, 0, x, FLOAT * n, 0, 1, length, columns);
          x = scratch;
        }
        tiles.multiply(
            m,
            length,
            packed,
            k,
            p,
            table,
            x,
            0,
            c + FLOAT * j,
            0,
            FLOAT * n,
            1,
            columns,
            accumulate || p > 0,
            0,
            false);
      }
    }
    arena.release(mark);
  }

  /** {@code C += A·Bᵀ}: both are read along their rows. */
  private void innerProducts(int m, int n, int k, int a, int b, int c) {
    int mark = arena.mark();
    int table = arena.table(multiples(FLOAT * k, n));
    for (int p = 0; p < k; p += LONG_STRETCH) {
      for (int i = 0; i < m; i += HEIGHT) {
        kernels.dots(
            Math.min(HEIGHT, m - i),
            n,
            a + FLOAT * (i * k + p),
            0,
            FLOAT * k,
            0,
            b + FLOAT * p,
            0,
            0,
            table,
            c + FLOAT * i * n,
            FLOAT * n,
            1,
            Math.min(LONG_STRETCH, k - p),
            1);
      }
    }
    arena.release(mark);
  }

  private static int[] multiples(int distance, int count) {
    int[] table = new int[count];
    for (int i = 0; i < count; i++) {
      table[i] = i * distance;
    }
    return table;
  }
}
