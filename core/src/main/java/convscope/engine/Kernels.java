package convscope.engine;

/**
 * The innermost loops of the {@link Engine}, on a linear memory of float32 numbers and int32
 * tables. Addresses and distances count bytes and are multiples of 4. Loops read, but never write,
 * up to {@link #SLACK} bytes beyond their operands.
 */
public interface Kernels {
  /** Bytes that may be read beyond an operand's end. */
  int SLACK = 64;

  /** Rows of a block of A at most. */
  int HEIGHT = 6;

  /** {@link #tiles}: add to what the output holds instead of starting from the bias. */
  int ACCUMULATE = 1;

  /** {@link #tiles}: replace negative results by zero. */
  int RELU = 2;

  /** {@code scalar}, {@code simd} or {@code relaxed-simd}. */
  String name();

  /** The first address that the engine may use. */
  int base();

  /**
   * Makes the memory below {@code end} usable. New memory is zero.
   *
   * @throws IllegalStateException if the host gives no more memory
   */
  void reserve(int end);

  /** Copies numbers into the memory. */
  void write(int at, float[] from, int start, int count);

  /** Copies numbers out of the memory. */
  void read(int at, float[] to, int start, int count);

  /** Copies a table into the memory. */
  void table(int at, int[] values);

  /** Sets {@code count} numbers to zero. */
  void clear(int at, int count);

  /**
   * Interleaves rows so that {@link #tiles} reads them in order: {@code to[(block·taps + p)·height
   * + r] = from[block·blockStride + table[p] + r·rowStride]}.
   *
   * @param height rows of a block, 1 to {@link #HEIGHT}
   * @param table (taps) of distances
   */
  void pack(
      int height,
      int to,
      int from,
      int table,
      int taps,
      int rowStride,
      int blocks,
      int blockStride);

  /**
   * A matrix product whose second matrix is read where it lies: {@code y[b·height + r][i][j] =
   * start + Σ_p a[b][p][r] · x[i·xRow + j + table[p]]}.
   *
   * @param height rows of a block of A, 1 to {@link #HEIGHT}
   * @param blocks how many such blocks
   * @param taps length of the sums, at least 1
   * @param a the first block as {@link #pack} leaves it, the next one {@code aBlock} further
   * @param table (taps) of distances from x
   * @param xRow from one row of windows to the next
   * @param y the output, rows {@code yRow} and rows of A {@code yPlane} apart
   * @param rows rows of windows
   * @param columns windows in a row
   * @param bias (blocks · height) starting values; unused with {@link #ACCUMULATE}
   * @param biasBlock from one block's starting values to the next's
   * @param mode sum of {@link #ACCUMULATE} and {@link #RELU}, or 0
   */
  void tiles(
      int height,
      int blocks,
      int taps,
      int a,
      int aBlock,
      int table,
      int x,
      int xRow,
      int y,
      int yRow,
      int yPlane,
      int rows,
      int columns,
      int bias,
      int biasBlock,
      int mode);

  /**
   * Adds inner products over images and windows: {@code out[r][t] += Σ_n Σ_i Σ_j a[r][n][i][j] ·
   * x[n][i][j + table[t]]}.
   *
   * @param height rows of A, 1 to {@link #HEIGHT}, {@code aPlane} apart
   * @param a (height, images, rows, columns), images {@code aImage} and rows {@code aRow} apart
   * @param table (taps) of distances from x
   * @param out (height, taps), rows {@code outRow} apart
   */
  void dots(
      int height,
      int taps,
      int a,
      int aRow,
      int aPlane,
      int aImage,
      int x,
      int xRow,
      int xImage,
      int table,
      int out,
      int outRow,
      int rows,
      int columns,
      int images);

  /** Copies the matrices of a stack, {@code columns} numbers of each row. */
  void copy(
      int to,
      int toRow,
      int toPlane,
      int from,
      int fromRow,
      int fromPlane,
      int planes,
      int rows,
      int columns);

  /**
   * {@code to[plane][i][j] = from[plane][rowTable[i] + columnTable[j]]}, 0 where either is
   * negative.
   */
  void gather(
      int to,
      int toRow,
      int toPlane,
      int from,
      int fromPlane,
      int planes,
      int rowTable,
      int rows,
      int columnTable,
      int columns);

  /** The adjoint: {@code to[plane][rowTable[i] + columnTable[j]] += from[plane][i][j]}. */
  void scatter(
      int to,
      int toPlane,
      int from,
      int fromRow,
      int fromPlane,
      int planes,
      int rowTable,
      int rows,
      int columnTable,
      int columns);

  /** {@code to[plane] += Σ_image Σ_i from[image][plane][i]}. */
  void sums(int to, int from, int count, int planes, int plane, int images, int image);

  /** {@code y[i] = max(x[i], 0)}; NaN stays. */
  void relu(int y, int x, int count);

  /** {@code dy[i] = 0} where {@code y[i]} is not above 0: ReLU's gradient, in place. */
  void gate(int dy, int y, int count);

  /**
   * The maximum of each window that lies inside its plane: {@code y[plane][i][j] = max x[plane][i·s
   * + u][j·s + v]} over u and v below {@code kernel}.
   *
   * @param x (planes, height, width)
   * @param y (planes, rows, columns), the windows that fit
   */
  void maxPool(int y, int x, int planes, int height, int width, int kernel, int stride);

  /**
   * Its gradient: dy goes to the first element of the window that equals the maximum.
   *
   * @param dx (planes, height, width), overwritten
   * @param dy (planes, rows, columns)
   * @param gated whether only windows whose maximum is above 0 hand it on, as with a ReLU before
   *     the pooling
   */
  void maxPoolGradient(
      int dx,
      int dy,
      int x,
      int y,
      int planes,
      int height,
      int width,
      int kernel,
      int stride,
      boolean gated);

  /**
   * {@code to[plane] = Σ_image Σ_i (a[image][plane][i] − aShift[plane]) · (b[image][plane][i] −
   * bShift[plane])}.
   *
   * @param count numbers of a plane, which lie together; planes follow each other
   */
  void moments(int to, int a, int aShift, int b, int bShift, int count, int planes, int images);

  /**
   * {@code y[image][plane][i] = a[image][plane][i] · aFactor[plane] + (b[image][plane][i] −
   * bShift[plane]) · bFactor[plane] + shift[plane]}, negative results 0 if {@code relu}; y may be a
   * or b. That b is shifted first keeps what lies near its mean exact.
   */
  void blend(
      int y,
      int a,
      int aFactor,
      int b,
      int bShift,
      int bFactor,
      int shift,
      int count,
      int planes,
      int images,
      boolean relu);

  /** {@code y[i] = min(max(x[i], low), high)}; NaN stays. */
  void clamp(int y, int x, int count, float low, float high);

  /**
   * {@code y[i] = x[i]/2 · (1 + erf(x[i]/√2))}, erf as a quotient of two polynomials (Eigen's,
   * error below 1e-7).
   */
  void gelu(int y, int x, int count);

  /**
   * Standardizes each row: {@code y[r][i] = (x[r][i] − mean) / √(variance + epsilon) · scale[i] +
   * shift[i]}.
   *
   * @param x (rows, columns); y may be x
   */
  void standardize(int y, int x, int scale, int shift, int rows, int columns, float epsilon);

  /**
   * Numbers of {@link #gelu}: erf's numerator, odd powers from 1, then its denominator, even ones.
   */
  float[] ERF = {
    -1.60960333262415e-02f, -2.95459980854025e-03f, -7.34990630326855e-04f, -5.69250639462346e-05f,
    -2.10102402082508e-06f, 2.77068142495902e-08f, -2.72614225801306e-10f, -1.42647390514189e-02f,
    -7.37332916720468e-03f, -1.68282697438203e-03f, -2.13374055278905e-04f, -1.45660718464996e-05f
  };

  /**
   * Multiplies and adds {@code rounds} × {@link #SPIN_FLOPS}/2 times in registers only: the most
   * that this machine could do.
   */
  void spin(int rounds);

  /** Floating-point operations of one round of {@link #spin}. */
  int SPIN_FLOPS = 12 * 4 * 2;
}
