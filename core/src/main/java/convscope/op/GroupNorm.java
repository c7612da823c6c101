package convscope.op;

import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Group normalization (Wu &amp; He 2018): in each image, the cells of {@code C/groups} neighbouring
 * channels together are brought to mean 0 and variance 1, then scaled and shifted per channel. One
 * group is layer normalization of whole images, C groups are {@link InstanceNorm}.
 *
 * <pre>
 *   x̂ = (x − mean)/√(variance + ε)      y = scale[c] · x̂ + bias[c]      (population variance)
 *   g = scale[c] · dy      dx = (g − mean(g) − x̂ · mean(g · x̂))/√(variance + ε)
 *   dScale[c] = Σ dy · x̂      dBias[c] = Σ dy
 * </pre>
 */
public final class GroupNorm {
  private GroupNorm() {}

  /** Why these operands do not go together, or null if they do: the door's check. */
  public static @Nullable String problem(
      Shape x, int groups, @Nullable Shape scale, @Nullable Shape bias, double epsilon) {
    return problem("GroupNorm", x, groups, scale, bias, epsilon);
  }

  static @Nullable String problem(
      String operation,
      Shape x,
      int groups,
      @Nullable Shape scale,
      @Nullable Shape bias,
      double epsilon) {
    if (x.rank() < 2) {
      return operation + ": input of shape " + x + "; give (N, C) or (N, C, H, W)";
    }
    if (groups < 1 || x.dim(1) % groups != 0) {
      return operation
          + ": groups "
          + groups
          + " must divide "
          + x.dim(1)
          + " channels; use a divisor";
    }
    String problem = Check.shapeProblem(operation, "scale", scale, Shape.of(x.dim(1)));
    if (problem == null) {
      problem = Check.shapeProblem(operation, "bias", bias, Shape.of(x.dim(1)));
    }
    return problem == null ? Standardize.epsilonProblem(operation, epsilon) : problem;
  }

  static Standardize rows(Shape x, int groups, double epsilon) {
    int plane = x.product(2, x.rank());
    return new Standardize(x.dim(1) / groups * plane, plane, x.dim(1), epsilon);
  }

  /**
   * The output, of the shape of x.
   *
   * @param x (N, C, …)
   * @param scale (C), or null for 1
   * @param bias (C), or null for 0
   */
  public static Tensor forward(
      Tensor x, int groups, @Nullable Tensor scale, @Nullable Tensor bias, double epsilon) {
    Check.door(problem(x.shape(), groups, Check.shape(scale), Check.shape(bias), epsilon));
    return rows(x.shape(), groups, epsilon).forward(x, scale, bias);
  }

  /** All three gradients, given {@code dy = ∂L/∂y} of the shape of x. */
  public static NormGradients backward(
      Tensor dy, Tensor x, int groups, @Nullable Tensor scale, double epsilon) {
    Check.door(problem(x.shape(), groups, Check.shape(scale), null, epsilon));
    Check.gradient("GroupNorm", dy, x.shape());
    return rows(x.shape(), groups, epsilon).backward(dy, x, scale, Shape.of(x.dim(1)));
  }
}
