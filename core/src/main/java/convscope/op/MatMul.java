package convscope.op;

import convscope.linalg.Gemm;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Matrix product over the last two axes, {@code y[…,i,j] = Σ_k a[…,i,k] · b[…,k,j]}, the leading
 * axes {@link Broadcast}. A vector counts as one row on the left and as one column on the right,
 * and the output lacks that axis (as in NumPy).
 *
 * <pre>
 *   dA = Σ dy bᵀ      dB = Σ aᵀ dy        sums over the repeated leading axes
 * </pre>
 *
 * <p>Loop indices: n matrix, i row, j column, k inner.
 */
public final class MatMul {
  private MatMul() {}

  /** Sizes of the product: matrices n = 0 … count − 1 and where each lies in a and b. */
  private record Plan(
      int rows, int inner, int columns, Shape y, int count, int[] matrixA, int[] matrixB) {

    static Plan of(Shape a, Shape b) {
      Check.door(problem(a, b));
      int rows = a.rank() == 1 ? 1 : a.dim(-2);
      int columns = b.rank() == 1 ? 1 : b.dim(-1);
      Shape leadA = leading(a);
      Shape leadB = leading(b);
      Shape lead = Broadcast.shape("MatMul", leadA, leadB);
      int rank = lead.rank() + (a.rank() == 1 ? 0 : 1) + (b.rank() == 1 ? 0 : 1);
      int[] dims = new int[rank];
      for (int axis = 0; axis < lead.rank(); axis++) {
        dims[axis] = lead.dim(axis);
      }
      int at = lead.rank();
      if (a.rank() > 1) {
        dims[at++] = rows;
      }
      if (b.rank() > 1) {
        dims[at] = columns;
      }
      return new Plan(
          rows,
          a.dim(-1),
          columns,
          Shape.of(dims),
          lead.size(),
          Broadcast.positions(leadA, lead),
          Broadcast.positions(leadB, lead));
    }
  }

  private static Shape leading(Shape shape) {
    int[] dims = new int[Math.max(0, shape.rank() - 2)];
    for (int axis = 0; axis < dims.length; axis++) {
      dims[axis] = shape.dim(axis);
    }
    return Shape.of(dims);
  }

  /** Why these operands do not go together, or null if they do: the door's check. */
  public static @Nullable String problem(Shape a, Shape b) {
    if (a.rank() == 0 || b.rank() == 0) {
      return "MatMul: operands of shape " + a + " and " + b + "; multiply scalars with Mul";
    }
    int inner = b.dim(b.rank() == 1 ? 0 : -2);
    if (a.dim(-1) != inner) {
      return "MatMul: "
          + a
          + " times "
          + b
          + " sums over "
          + a.dim(-1)
          + " against "
          + inner
          + " elements; give the second operand "
          + a.dim(-1)
          + " rows";
    }
    return Broadcast.problem("MatMul", leading(a), leading(b));
  }

  /**
   * The product.
   *
   * @param a (…, rows, inner) or (inner)
   * @param b (…, inner, columns) or (inner)
   */
  public static Tensor forward(Tensor a, Tensor b) {
    Plan plan = Plan.of(a.shape(), b.shape());
    int inner = plan.inner;
    int columns = plan.columns;
    Tensor y = Tensor.zeros(plan.y);
    for (int n = 0; n < plan.count; n++) {
      int startA = plan.matrixA[n] * plan.rows * inner;
      int startB = plan.matrixB[n] * inner * columns;
      for (int i = 0; i < plan.rows; i++) {
        for (int j = 0; j < columns; j++) {
          double sum = 0;
          for (int k = 0; k < inner; k++) {
            sum += (double) a.data()[startA + i * inner + k] * b.data()[startB + k * columns + j];
          }
          y.data()[(n * plan.rows + i) * columns + j] = (float) sum;
        }
      }
    }
    return y;
  }

  /** The same as products of {@code gemm}: faster, sums in float32. */
  public static Tensor forward(Tensor a, Tensor b, Gemm gemm) {
    Plan plan = Plan.of(a.shape(), b.shape());
    Tensor y = Tensor.zeros(plan.y);
    for (int n = 0; n < plan.count; n++) {
      gemm.multiply(
          false,
          false,
          plan.rows,
          plan.columns,
          plan.inner,
          a.data(),
          plan.matrixA[n] * plan.rows * plan.inner,
          b.data(),
          plan.matrixB[n] * plan.inner * plan.columns,
          y.data(),
          n * plan.rows * plan.columns,
          false);
    }
    return y;
  }

  /** The gradients of a loss with respect to the operands, each of its operand's shape. */
  public record Gradients(Tensor da, Tensor db) {}

  /** Both gradients, given {@code dy = ∂L/∂y} of the product's shape. */
  public static Gradients backward(Tensor dy, Tensor a, Tensor b) {
    Plan plan = Plan.of(a.shape(), b.shape());
    Check.gradient("MatMul", dy, plan.y);
    int inner = plan.inner;
    int columns = plan.columns;
    double[] da = new double[a.size()];
    double[] db = new double[b.size()];
    for (int n = 0; n < plan.count; n++) {
      int startA = plan.matrixA[n] * plan.rows * inner;
      int startB = plan.matrixB[n] * inner * columns;
      for (int i = 0; i < plan.rows; i++) {
        for (int j = 0; j < columns; j++) {
          double g = dy.data()[(n * plan.rows + i) * columns + j];
          for (int k = 0; k < inner; k++) {
            int atA = startA + i * inner + k;
            int atB = startB + k * columns + j;
            da[atA] += g * b.data()[atB];
            db[atB] += g * a.data()[atA];
          }
        }
      }
    }
    return new Gradients(Broadcast.rounded(da, a.shape()), Broadcast.rounded(db, b.shape()));
  }

  /** The same as products of {@code gemm}. */
  public static Gradients backward(Tensor dy, Tensor a, Tensor b, Gemm gemm) {
    Plan plan = Plan.of(a.shape(), b.shape());
    Check.gradient("MatMul", dy, plan.y);
    Tensor da = Tensor.zeros(a.shape());
    Tensor db = Tensor.zeros(b.shape());
    for (int n = 0; n < plan.count; n++) {
      int startA = plan.matrixA[n] * plan.rows * plan.inner;
      int startB = plan.matrixB[n] * plan.inner * plan.columns;
      int startY = n * plan.rows * plan.columns;
      gemm.multiply(
          false,
          true,
          plan.rows,
          plan.inner,
          plan.columns,
          dy.data(),
          startY,
          b.data(),
          startB,
          da.data(),
          startA,
          true);
      gemm.multiply(
          true,
          false,
          plan.inner,
          plan.columns,
          plan.rows,
          a.data(),
          startA,
          dy.data(),
          startY,
          db.data(),
          startB,
          true);
    }
    return new Gradients(da, db);
  }
}
