package convscope.linalg;

import convscope.num.Maths;

/**
 * The discrete Fourier transform of a whole period, of any length:
 *
 * <pre>
 *   X[k] = Σ_n x[n] · e^(−2πi·kn/N)      x[n] = 1/N · Σ_k X[k] · e^(2πi·kn/N)
 * </pre>
 *
 * A length N = p·M is split into p interleaved parts of length M, and these again, down to primes,
 * which are summed as the definition has it (Cooley &amp; Tukey 1965).
 */
public final class Dft {
  private Dft() {}

  /**
   * The transform of one or two axes.
   *
   * @param re real parts, row-major (rows, columns)
   * @param im imaginary parts
   */
  public record Spectrum(int rows, int columns, double[] re, double[] im) {
    /** {@code |X[k]|} of a row and a column. */
    public double size(int row, int column) {
      int at = row * columns + column;
      return Math.sqrt(re[at] * re[at] + im[at] * im[at]);
    }

    @Override
    public String toString() {
      return "Spectrum " + rows + " × " + columns;
    }
  }

  /**
   * The transform of real numbers, along the rows and then along the columns.
   *
   * @param x row-major, (rows, columns); one row for a signal
   */
  public static Spectrum forward(float[] x, int rows, int columns) {
    if (rows < 1 || columns < 1 || x.length != rows * columns) {
      throw new IllegalArgumentException(
          "Dft: " + x.length + " values for " + rows + " × " + columns + "; give them all");
    }
    double[] re = new double[x.length];
    for (int at = 0; at < x.length; at++) {
      re[at] = x[at];
    }
    double[] im = new double[x.length];
    for (int row = 0; row < rows; row++) {
      line(re, im, row * columns, 1, columns);
    }
    for (int column = 0; column < columns; column++) {
      line(re, im, column, columns, rows);
    }
    return new Spectrum(rows, columns, re, im);
  }

  /** Transforms {@code count} numbers in place, {@code apart} from each other. */
  private static void line(double[] re, double[] im, int first, int apart, int count) {
    if (count == 1) {
      return;
    }
    double[] cos = new double[count];
    double[] sin = new double[count];
    for (int k = 0; k < count; k++) {
      cos[k] = Maths.cos(2 * Math.PI * k / count);
      sin[k] = Maths.sin(2 * Math.PI * k / count);
    }
    double[][] out = part(re, im, first, apart, count, cos, sin);
    for (int k = 0; k < count; k++) {
      re[first + k * apart] = out[0][k];
      im[first + k * apart] = out[1][k];
    }
  }

  /** The transform of one interleaved part; the tables are those of the whole line. */
  private static double[][] part(
      double[] re, double[] im, int first, int apart, int count, double[] cos, double[] sin) {
    double[][] out = new double[2][count];
    int factor = 2;
    while (factor * factor <= count && count % factor != 0) {
      factor++;
    }
    int parts = count % factor == 0 ? factor : count; // a prime length: into single numbers
    int length = count / parts;
    int turn = cos.length / count; // steps of the table for one step of this part
    for (int p = 0; p < parts; p++) {
      double[][] inner =
          length == 1
              ? new double[][] {{re[first + p * apart]}, {im[first + p * apart]}}
              : part(re, im, first + p * apart, apart * parts, length, cos, sin);
      for (int k = 0; k < count; k++) {
        int angle = p * k % count * turn;
        double a = inner[0][k % length];
        double b = inner[1][k % length];
        out[0][k] += a * cos[angle] + b * sin[angle];
        out[1][k] += b * cos[angle] - a * sin[angle];
      }
    }
    return out;
  }
}
