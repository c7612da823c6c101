package convscope.op;

import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Layer normalization (Ba, Kiros &amp; Hinton 2016): each row of the axes from {@code axis} to the
 * last is brought to mean 0 and variance 1, then scaled and shifted element by element.
 *
 * <pre>
 *   x̂ = (x − mean)/√(variance + ε)      y = scale · x̂ + bias      (population variance)
 *   g = scale · dy      dx = (g − mean(g) − x̂ · mean(g · x̂))/√(variance + ε)
 *   dScale = Σ dy · x̂      dBias = Σ dy      sums over the rows
 * </pre>
 */
public final class LayerNorm {
  private LayerNorm() {}

  /** Why these operands do not go together, or null if they do: the door's check. */
  public static @Nullable String problem(
      Shape x, int axis, @Nullable Shape scale, @Nullable Shape bias, double epsilon) {
    String problem = Check.axisProblem("LayerNorm", axis, x);
    if (problem != null) {
      return problem;
    }
    Shape row = row(x, axis);
    problem = Check.shapeProblem("LayerNorm", "scale", scale, row);
    if (problem == null) {
      problem = Check.shapeProblem("LayerNorm", "bias", bias, row);
    }
    return problem == null ? Standardize.epsilonProblem("LayerNorm", epsilon) : problem;
  }

  /** The axes of x from {@code axis} to the last: the shape of scale and bias. */
  public static Shape row(Shape x, int axis) {
    int first = Check.axis("LayerNorm", axis, x);
    int[] dims = new int[x.rank() - first];
    for (int i = 0; i < dims.length; i++) {
      dims[i] = x.dim(first + i);
    }
    return Shape.of(dims);
  }

  private static Standardize rows(Shape x, int axis, double epsilon) {
    int length = row(x, axis).size();
    return new Standardize(length, 1, length, epsilon);
  }

  /**
   * The output, of the shape of x.
   *
   * @param x (…, row), the row starting at {@code axis} (−1 is the last)
   * @param scale of the row's shape, or null for 1
   * @param bias of the row's shape, or null for 0
   */
  public static Tensor forward(
      Tensor x, int axis, @Nullable Tensor scale, @Nullable Tensor bias, double epsilon) {
    Check.door(problem(x.shape(), axis, Check.shape(scale), Check.shape(bias), epsilon));
    return rows(x.shape(), axis, epsilon).forward(x, scale, bias);
  }

  /** Mean and {@code 1/√(variance + ε)} of each row, the normalized axes kept with length 1. */
  public record Statistics(Tensor mean, Tensor inverseDeviation) {}

  /** What the rows of x are normalized with. */
  public static Statistics statistics(Tensor x, int axis, double epsilon) {
    Check.door(problem(x.shape(), axis, null, null, epsilon));
    Standardize rows = rows(x.shape(), axis, epsilon);
    Shape kept = x.shape();
    for (int i = Check.axis("LayerNorm", axis, x.shape()); i < x.rank(); i++) {
      kept = kept.with(i, 1);
    }
    Tensor mean = Tensor.zeros(kept);
    Tensor inverse = Tensor.zeros(kept);
    for (int row = 0; row * rows.length() < x.size(); row++) {
      double middle = rows.mean(x.data(), row * rows.length());
      mean.data()[row] = (float) middle;
      inverse.data()[row] = (float) rows.inverseDeviation(x.data(), row * rows.length(), middle);
    }
    return new Statistics(mean, inverse);
  }

  /** All three gradients, given {@code dy = ∂L/∂y} of the shape of x. */
  public static NormGradients backward(
      Tensor dy, Tensor x, int axis, @Nullable Tensor scale, double epsilon) {
    Check.door(problem(x.shape(), axis, Check.shape(scale), null, epsilon));
    Check.gradient("LayerNorm", dy, x.shape());
    return rows(x.shape(), axis, epsilon).backward(dy, x, scale, row(x.shape(), axis));
  }
}
