package convscope.op;

import convscope.num.Maths;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * {@code y_i = x_i − m − ln Σ_j e^(x_j − m)} along one axis, m the largest element: the logarithm
 * of {@link Softmax}, finite where that underflows to 0. {@code dx_i = dy_i − e^(y_i) Σ_j dy_j}.
 *
 * <p>Loop indices: o outer cell (axes before), i along the axis, s inner cell (axes after).
 */
public final class LogSoftmax {
  private LogSoftmax() {}

  /** Why there is no log-softmax of this shape along this axis, or null: the door's check. */
  public static @Nullable String problem(Shape x, int axis) {
    return Check.axisProblem("LogSoftmax", axis, x);
  }

  /** The logarithms of the probabilities along {@code axis} (−1 is the last), shaped like x. */
  public static Tensor forward(Tensor x, int axis) {
    int along = Check.axis("LogSoftmax", axis, x.shape());
    int outer = x.shape().product(0, along);
    int length = x.dim(along);
    int inner = x.shape().product(along + 1, x.rank());
    Tensor y = Tensor.zeros(x.shape());
    for (int o = 0; o < outer; o++) {
      for (int s = 0; s < inner; s++) {
        int start = o * length * inner + s;
        double log = logSumExp(x.data(), start, length, inner);
        for (int i = 0; i < length; i++) {
          y.data()[start + i * inner] = (float) (x.data()[start + i * inner] - log);
        }
      }
    }
    return y;
  }

  /**
   * {@code dx = dy − e^y Σ dy}.
   *
   * @param dy {@code ∂L/∂y}, of the shape of y
   * @param y what {@link #forward} gave
   */
  public static Tensor backward(Tensor dy, Tensor y, int axis) {
    int along = Check.axis("LogSoftmax", axis, y.shape());
    Check.gradient("LogSoftmax", dy, y.shape());
    int outer = y.shape().product(0, along);
    int length = y.dim(along);
    int inner = y.shape().product(along + 1, y.rank());
    Tensor dx = Tensor.zeros(y.shape());
    for (int o = 0; o < outer; o++) {
      for (int s = 0; s < inner; s++) {
        int start = o * length * inner + s;
        double sum = 0;
        for (int i = 0; i < length; i++) {
          sum += dy.data()[start + i * inner];
        }
        for (int i = 0; i < length; i++) {
          int at = start + i * inner;
          dx.data()[at] = (float) (dy.data()[at] - Maths.exp(y.data()[at]) * sum);
        }
      }
    }
    return dx;
  }

  /** {@code m + ln Σ e^(x − m)} of {@code length} elements, {@code step} apart. */
  static double logSumExp(float[] data, int start, int length, int step) {
    double max = Softmax.max(data, start, length, step);
    double sum = 0;
    for (int i = 0; i < length; i++) {
      sum += Maths.exp(data[start + i * step] - max);
    }
    return max + Maths.log(sum);
  }
}
