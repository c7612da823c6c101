package convscope.op;

import convscope.num.Maths;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * {@code y_i = x_i − m − ln Σ_j e^(x_j − m)} along one axis, m the largest element: the logarithm
 * of {@link Softmax}, finite where that underflows to 0. {@code dx_i = dy_i − e^(y_i) Σ_j dy_j}.
 */
public final class LogSoftmax {
  private LogSoftmax() {}

  /** Why there is no log-softmax of this shape along this axis, or null: the door's check. */
  public static @Nullable String problem(Shape x, int axis) {
    return Check.axisProblem("LogSoftmax", axis, x);
  }

  /** The logarithms of the probabilities along {@code axis} (−1 is the last), shaped like x. */
  public static Tensor forward(Tensor x, int axis) {
    Lines lines = Lines.of("LogSoftmax", x.shape(), axis);
    Tensor y = Tensor.zeros(x.shape());
    for (int line = 0; line < lines.count(); line++) {
      int start = lines.start(line);
      double log = logSumExp(x.data(), start, lines);
      for (int i = 0, at = start; i < lines.length(); i++, at += lines.step()) {
        y.data()[at] = (float) (x.data()[at] - log);
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
    Lines lines = Lines.of("LogSoftmax", y.shape(), axis);
    Check.gradient("LogSoftmax", dy, y.shape());
    Tensor dx = Tensor.zeros(y.shape());
    for (int line = 0; line < lines.count(); line++) {
      int start = lines.start(line);
      double sum = 0;
      for (int i = 0, at = start; i < lines.length(); i++, at += lines.step()) {
        sum += dy.data()[at];
      }
      for (int i = 0, at = start; i < lines.length(); i++, at += lines.step()) {
        dx.data()[at] = (float) (dy.data()[at] - Maths.exp(y.data()[at]) * sum);
      }
    }
    return dx;
  }

  /** {@code m + ln Σ e^(x − m)} of the line that begins at {@code start}. */
  static double logSumExp(float[] data, int start, Lines lines) {
    double max = Softmax.max(data, start, lines);
    double sum = 0;
    for (int i = 0, at = start; i < lines.length(); i++, at += lines.step()) {
      sum += Maths.exp(data[at] - max);
    }
    return max + Maths.log(sum);
  }
}
