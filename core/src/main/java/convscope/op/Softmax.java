package convscope.op;

import convscope.num.Maths;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * {@code y_i = e^(x_i − m) / Σ_j e^(x_j − m)} along one axis, m the largest element: the shift
 * changes nothing but keeps every exponential at most 1. {@code dx_i = y_i (dy_i − Σ_j y_j dy_j)}.
 */
public final class Softmax {
  private Softmax() {}

  /** Why there is no softmax of this shape along this axis, or null: the door's check. */
  public static @Nullable String problem(Shape x, int axis) {
    return Check.axisProblem("Softmax", axis, x);
  }

  /** The probabilities, of the shape of x; they add up to 1 along {@code axis} (−1 is the last). */
  public static Tensor forward(Tensor x, int axis) {
    Lines lines = Lines.of("Softmax", x.shape(), axis);
    Tensor y = Tensor.zeros(x.shape());
    double[] exponentials = new double[lines.length()];
    for (int line = 0; line < lines.count(); line++) {
      int start = lines.start(line);
      double max = max(x.data(), start, lines);
      double sum = 0;
      for (int i = 0; i < exponentials.length; i++) {
        exponentials[i] = Maths.exp(x.data()[start + i * lines.step()] - max);
        sum += exponentials[i];
      }
      for (int i = 0; i < exponentials.length; i++) {
        y.data()[start + i * lines.step()] = (float) (exponentials[i] / sum);
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
    Lines lines = Lines.of("Softmax", y.shape(), axis);
    Check.gradient("Softmax", dy, y.shape());
    Tensor dx = Tensor.zeros(y.shape());
    for (int line = 0; line < lines.count(); line++) {
      int start = lines.start(line);
      double dot = 0;
      for (int i = 0, at = start; i < lines.length(); i++, at += lines.step()) {
        dot += (double) y.data()[at] * dy.data()[at];
      }
      for (int i = 0, at = start; i < lines.length(); i++, at += lines.step()) {
        dx.data()[at] = (float) (y.data()[at] * (dy.data()[at] - dot));
      }
    }
    return dx;
  }

  /** The largest element of the line that begins at {@code start}; NaN does not count. */
  static double max(float[] data, int start, Lines lines) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0, at = start; i < lines.length(); i++, at += lines.step()) {
      max = data[at] > max ? data[at] : max;
    }
    return max;
  }
}
