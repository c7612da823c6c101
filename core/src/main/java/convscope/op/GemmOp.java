package convscope.op;

import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The general matrix product as an operator (ONNX Gemm): {@code y = α A′B′ + β C}, where A′ is a or
 * its transpose, B′ likewise, and C is {@link Broadcast} to (rows, columns).
 *
 * <pre>
 *   dA′ = α dy B′ᵀ      dB′ = α A′ᵀ dy      dC = β Σ dy
 * </pre>
 *
 * <p>Loop indices: i row, j column, k inner.
 */
public final class GemmOp {
  private GemmOp() {}

  /** The scalars and transposes; {@code Spec.PLAIN} is {@code AB + C}. */
  public record Spec(double alpha, double beta, boolean transposeA, boolean transposeB) {
    public static final Spec PLAIN = new Spec(1, 1, false, false);

    int rows(Shape a) {
      return a.dim(transposeA ? 1 : 0);
    }

    int inner(Shape a) {
      return a.dim(transposeA ? 0 : 1);
    }

    int columns(Shape b) {
      return b.dim(transposeB ? 0 : 1);
    }

    /** Position of A′[i, k]. */
    int atA(Shape a, int i, int k) {
      return transposeA ? k * a.dim(1) + i : i * a.dim(1) + k;
    }

    /** Position of B′[k, j]. */
    int atB(Shape b, int k, int j) {
      return transposeB ? j * b.dim(1) + k : k * b.dim(1) + j;
    }
  }

  /** Why these operands do not go together, or null if they do: the door's check. */
  public static @Nullable String problem(Shape a, Shape b, @Nullable Shape c, Spec spec) {
    if (a.rank() != 2 || b.rank() != 2) {
      return "Gemm: operands of shape " + a + " and " + b + "; give two matrices";
    }
    int innerB = b.dim(spec.transposeB ? 1 : 0);
    if (spec.inner(a) != innerB) {
      return "Gemm: "
          + a
          + (spec.transposeA ? " transposed" : "")
          + " times "
          + b
          + (spec.transposeB ? " transposed" : "")
          + " sums over "
          + spec.inner(a)
          + " against "
          + innerB
          + " elements; make them equal";
    }
    if (c == null) {
      return null;
    }
    Shape y = Shape.of(spec.rows(a), spec.columns(b));
    boolean fits =
        Broadcast.problem("Gemm", c, y) == null && Broadcast.shape("Gemm", c, y).equals(y);
    return fits
        ? null
        : "Gemm: C of shape " + c + " does not repeat to " + y + "; give axes of 1 or equal";
  }

  /**
   * The output, of shape (rows, columns).
   *
   * @param a (rows, inner), or (inner, rows) transposed
   * @param b (inner, columns), or (columns, inner) transposed
   * @param c a shape that repeats to (rows, columns), or null
   */
  public static Tensor forward(Tensor a, Tensor b, @Nullable Tensor c, Spec spec) {
    Check.door(problem(a.shape(), b.shape(), Check.shape(c), spec));
    int rows = spec.rows(a.shape());
    int inner = spec.inner(a.shape());
    int columns = spec.columns(b.shape());
    Tensor y = Tensor.zeros(rows, columns);
    int[] atC = c == null ? new int[0] : Broadcast.positions(c.shape(), y.shape());
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        double sum = 0;
        for (int k = 0; k < inner; k++) {
          sum += (double) a.data()[spec.atA(a.shape(), i, k)] * b.data()[spec.atB(b.shape(), k, j)];
        }
        int cell = i * columns + j;
        double added = c == null ? 0 : spec.beta * c.data()[atC[cell]];
        y.data()[cell] = (float) (spec.alpha * sum + added);
      }
    }
    return y;
  }

  /** The gradients of a loss with respect to the operands; dC is null where there was no C. */
  public record Gradients(Tensor da, Tensor db, @Nullable Tensor dc) {}

  /** All gradients, given {@code dy = ∂L/∂y} of shape (rows, columns). */
  public static Gradients backward(
      Tensor dy, Tensor a, Tensor b, @Nullable Shape cShape, Spec spec) {
    Check.door(problem(a.shape(), b.shape(), cShape, spec));
    int rows = spec.rows(a.shape());
    int inner = spec.inner(a.shape());
    int columns = spec.columns(b.shape());
    Check.gradient("Gemm", dy, Shape.of(rows, columns));
    double[] da = new double[a.size()];
    double[] db = new double[b.size()];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        double g = spec.alpha * dy.data()[i * columns + j];
        for (int k = 0; k < inner; k++) {
          int atA = spec.atA(a.shape(), i, k);
          int atB = spec.atB(b.shape(), k, j);
          da[atA] += g * b.data()[atB];
          db[atB] += g * a.data()[atA];
        }
      }
    }
    Tensor dc = null;
    if (cShape != null) {
      int[] atC = Broadcast.positions(cShape, dy.shape());
      double[] sums = new double[cShape.size()];
      for (int cell = 0; cell < atC.length; cell++) {
        sums[atC[cell]] += spec.beta * dy.data()[cell];
      }
      dc = Broadcast.rounded(sums, cShape);
    }
    return new Gradients(Broadcast.rounded(da, a.shape()), Broadcast.rounded(db, b.shape()), dc);
  }
}
