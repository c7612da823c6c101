package convscope.op;

import convscope.num.Maths;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * {@code y_i = e^(x_i − m) / Σ_j e^(x_j − m)} along one axis, m the largest element: the shift
 * changes nothing but keeps every exponential at most 1. {@code dx_i = y_i (dy_i − Σ_j y_j dy_j)}.
 *
 * <p>Loop indices: o outer cell (axes before), i along the axis, s inner cell (axes after).
 */
public final class Softmax {
  private Softmax() {}

  /** Why there is no softmax of this shape along this axis, or null: the door's check. */
  public static @Nullable String problem(Shape x, int axis) {
    return Check.axisProblem("Softmax", axis, x);
  }

  /** The probabilities, of the shape of x; they add up to 1 along {@code axis} (−1 is the last). */
  public static Tensor forward(Tensor x, int axis) {
    int along = Check.axis("Softmax", axis, x.shape());
    int outer = x.shape().product(0, along);
    int length = x.dim(along);
    int inner = x.shape().product(along + 1, x.rank());
    Tensor y = Tensor.zeros(x.shape());
    double[] exponentials = new double[length];
    for (int o = 0; o < outer; o++) {
      for (int s = 0; s < inner; s++) {
        int start = o * length * inner + s;
        double max = max(x.data(), start, length, inner);
        double sum = 0;
        for (int i = 0; i < length; i++) {
          exponentials[i] = Maths.exp(x.data()[start + i * inner] - max);
          sum += exponentials[i];
        }
        for (int i = 0; i < length; i++) {
          y.data()[start + i * inner] = (float) (exponentials[i] / sum);
        }
      }
    }
    return y;
  }

  /**
   * {@code dx = y ∘ (dy − Σ y ∘ dy)}.
   *
   * @param dy {@code ∂L/∂y}, of the shape of y
   * @param y what {@link #forward} gave
   */
  public static Tensor backward(Tensor dy, Tensor y, int axis) {
    int along = Check.axis("Softmax", axis, y.shape());
    Check.gradient("Softmax", dy, y.shape());
    int outer = y.shape().product(0, along);
    int length = y.dim(along);
    int inner = y.shape().product(along + 1, y.rank());
    Tensor dx = Tensor.zeros(y.shape());
    for (int o = 0; o < outer; o++) {
      for (int s = 0; s < inner; s++) {
        int start = o * length * inner + s;
        double dot = 0;
        for (int i = 0; i < length; i++) {
          dot += (double) y.data()[start + i * inner] * dy.data()[start + i * inner];
        }
        for (int i = 0; i < length; i++) {
          int at = start + i * inner;
          dx.data()[at] = (float) (y.data()[at] * (dy.data()[at] - dot));
        }
      }
    }
    return dx;
  }

  /** The largest of {@code length} elements, {@code step} apart; NaN does not count. */
  static double max(float[] data, int start, int length, int step) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < length; i++) {
      max = data[start + i * step] > max ? data[start + i * step] : max;
    }
    return max;
  }
}
