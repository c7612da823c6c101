package convscope.op;

import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Root-mean-square normalization (Zhang &amp; Sennrich 2019): layer normalization without the mean.
 *
 * <pre>
 *   r = 1/√(mean(x²) + ε)      y = scale · x · r      rows of the axes from axis to the last
 *   g = scale · dy      dx = r · (g − x · r² · mean(g · x))      dScale = Σ dy · x · r
 * </pre>
 */
public final class RmsNorm {
  private RmsNorm() {}

  /** Why these operands do not go together, or null if they do: the door's check. */
  public static @Nullable String problem(Shape x, int axis, @Nullable Shape scale, double epsilon) {
    String problem = Check.axisProblem("RmsNorm", axis, x);
    if (problem == null) {
      problem = Check.shapeProblem("RmsNorm", "scale", scale, LayerNorm.row(x, axis));
    }
    return problem == null ? Standardize.epsilonProblem("RmsNorm", epsilon) : problem;
  }

  /**
   * The output, of the shape of x.
   *
   * @param x (…, row), the row starting at {@code axis} (−1 is the last)
   * @param scale of the row's shape, or null for 1
   */
  public static Tensor forward(Tensor x, int axis, @Nullable Tensor scale, double epsilon) {
    Check.door(problem(x.shape(), axis, Check.shape(scale), epsilon));
    int length = LayerNorm.row(x.shape(), axis).size();
    Tensor y = Tensor.zeros(x.shape());
    for (int start = 0; start < x.size(); start += length) {
      double r = inverse(x.data(), start, length, epsilon);
      for (int i = 0; i < length; i++) {
        y.data()[start + i] =
            (float) (x.data()[start + i] * r * (scale == null ? 1 : scale.data()[i]));
      }
    }
    return y;
  }

  /** The gradients of a loss with respect to the operands, each of its operand's shape. */
  public record Gradients(Tensor dx, Tensor dScale) {}

  /** Both gradients, given {@code dy = ∂L/∂y} of the shape of x. */
  public static Gradients backward(
      Tensor dy, Tensor x, int axis, @Nullable Tensor scale, double epsilon) {
    Check.door(problem(x.shape(), axis, Check.shape(scale), epsilon));
    Check.gradient("RmsNorm", dy, x.shape());
    Shape row = LayerNorm.row(x.shape(), axis);
    int length = row.size();
    Tensor dx = Tensor.zeros(x.shape());
    double[] dScale = new double[length];
    for (int start = 0; start < x.size(); start += length) {
      double r = inverse(x.data(), start, length, epsilon);
      double dot = 0; // Σ g · x
      for (int i = 0; i < length; i++) {
        double product = (double) dy.data()[start + i] * x.data()[start + i];
        dot += product * (scale == null ? 1 : scale.data()[i]);
        dScale[i] += product * r;
      }
      for (int i = 0; i < length; i++) {
        double g = dy.data()[start + i] * (scale == null ? 1.0 : scale.data()[i]);
        dx.data()[start + i] = (float) (r * (g - x.data()[start + i] * r * r * dot / length));
      }
    }
    return new Gradients(dx, Broadcast.rounded(dScale, row));
  }

  private static double inverse(float[] x, int start, int length, double epsilon) {
    double sum = 0;
    for (int at = start; at < start + length; at++) {
      sum += (double) x[at] * x[at];
    }
    return 1 / Math.sqrt(sum / length + epsilon);
  }
}
