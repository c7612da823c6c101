package convscope.op;

import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Broadcasting as in NumPy and ONNX: shapes are aligned at their last axes, and an axis of length 1
 * (or a missing leading one) is repeated along the other's. Its adjoint sums over what was
 * repeated.
 */
public final class Broadcast {
  private Broadcast() {}

  /** Why two shapes do not broadcast to a common one, or null if they do. */
  public static @Nullable String problem(String operation, Shape a, Shape b) {
    int rank = Math.max(a.rank(), b.rank());
    for (int back = 1; back <= rank; back++) {
      int lengthA = length(a, back);
      int lengthB = length(b, back);
      if (lengthA != lengthB && lengthA != 1 && lengthB != 1) {
        return operation
            + ": shapes "
            + a
            + " and "
            + b
            + " do not broadcast, "
            + lengthA
            + " against "
            + lengthB
            + " on axis "
            + (rank - back)
            + "; make them equal or one of them 1";
      }
    }
    return null;
  }

  /** The common shape of two shapes, checked. */
  public static Shape shape(String operation, Shape a, Shape b) {
    Check.door(problem(operation, a, b));
    int rank = Math.max(a.rank(), b.rank());
    int[] dims = new int[rank];
    for (int back = 1; back <= rank; back++) {
      int lengthA = length(a, back);
      dims[rank - back] = lengthA == 1 ? length(b, back) : lengthA;
    }
    return Shape.of(dims);
  }

  /** Length of the axis {@code back} from the end, 1 if there is none. */
  private static int length(Shape shape, int back) {
    return back > shape.rank() ? 1 : shape.dim(shape.rank() - back);
  }

  /** For each cell of {@code to} the cell of {@code from} it repeats. */
  public static int[] positions(Shape from, Shape to) {
    int[] strides = new int[to.rank()];
    int step = 1;
    for (int back = 1; back <= to.rank(); back++) {
      int length = length(from, back);
      strides[to.rank() - back] = length == 1 ? 0 : step;
      step *= length;
    }
    return Walk.positions(to.dims(), strides);
  }

  /** {@code x} repeated to shape {@code to}. */
  public static Tensor forward(Tensor x, Shape to) {
    checkOneWay(x.shape(), to);
    int[] source = positions(x.shape(), to);
    Tensor y = Tensor.zeros(to);
    for (int i = 0; i < source.length; i++) {
      y.data()[i] = x.data()[source[i]];
    }
    return y;
  }

  /** {@code dx = Σ dy} over the repetitions: {@code dy} summed to shape {@code xShape}. */
  public static Tensor backward(Tensor dy, Shape xShape) {
    checkOneWay(xShape, dy.shape());
    int[] source = positions(xShape, dy.shape());
    double[] sums = new double[xShape.size()];
    for (int i = 0; i < source.length; i++) {
      sums[source[i]] += dy.data()[i];
    }
    return rounded(sums, xShape);
  }

  private static void checkOneWay(Shape from, Shape to) {
    if (!shape("Broadcast", from, to).equals(to)) {
      throw new IllegalArgumentException(
          "Broadcast: shape " + from + " does not fit into " + to + "; give axes of 1 or equal");
    }
  }

  /** Double sums as a float32 tensor. */
  static Tensor rounded(double[] sums, Shape shape) {
    Tensor out = Tensor.zeros(shape);
    for (int i = 0; i < sums.length; i++) {
      out.data()[i] = (float) sums[i];
    }
    return out;
  }
}
