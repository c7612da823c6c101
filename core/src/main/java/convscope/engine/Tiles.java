package convscope.engine;

import static convscope.engine.Arena.FLOAT;

/**
 * Products of a packed matrix with rows that a table of distances finds, in blocks of rows as the
 * {@link Kernels} take them.
 */
final class Tiles {
  private static final int HEIGHT = Kernels.HEIGHT;

  private final Kernels kernels;
  private final int zeros; // as many as a block has rows

  Tiles(Arena arena) {
    kernels = arena.kernels;
    zeros = arena.allocate(HEIGHT);
    kernels.clear(zeros, HEIGHT);
  }

  /** Rows of the next block, when so many are left: two middling ones rather than a thin one. */
  private static int blockHeight(int left) {
    return left <= HEIGHT ? left : left <= HEIGHT + 2 ? 4 : HEIGHT;
  }

  /** How many blocks of that height come now. */
  private static int blocks(int left, int height) {
    return height < HEIGHT ? 1 : Math.max(1, (left - 3) / HEIGHT);
  }

  /** Packs the rows of a matrix for {@link #multiply}. */
  void pack(int to, int from, int table, int depth, int rowStride, int rows) {
    for (int done = 0; done < rows; ) {
      int height = blockHeight(rows - done);
      int blocks = blocks(rows - done, height);
      kernels.pack(
          height,
          to + FLOAT * done * depth,
          from + done * rowStride,
          table,
          depth,
          rowStride,
          blocks,
          height * rowStride);
      done += blocks * height;
    }
  }

  /** {@link Kernels#tiles} over all rows of a packed matrix. */
  void multiply(
      int rowsOfA,
      int length,
      int packed,
      int depth,
      int skip,
      int table,
      int x,
      int xRow,
      int y,
      int yRow,
      int yPlane,
      int rows,
      int columns,
      boolean accumulate,
      int bias,
      boolean relu) {
    int mode = (accumulate ? Kernels.ACCUMULATE : 0) + (relu ? Kernels.RELU : 0);
    for (int done = 0; done < rowsOfA; ) {
      int height = blockHeight(rowsOfA - done);
      int blocks = blocks(rowsOfA - done, height);
      kernels.tiles(
          height,
          blocks,
          length,
          packed + FLOAT * (done * depth + height * skip),
          FLOAT * height * depth,
          table,
          x,
          xRow,
          y + done * yPlane,
          yRow,
          yPlane,
          rows,
          columns,
          bias == 0 ? zeros : bias + FLOAT * done,
          bias == 0 ? 0 : FLOAT * height,
          mode);
      done += blocks * height;
    }
  }
}
