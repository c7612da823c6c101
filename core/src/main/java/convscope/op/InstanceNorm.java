package convscope.op;

import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Instance normalization (Ulyanov, Vedaldi &amp; Lempitsky 2016): each channel of each image is
 * brought to mean 0 and variance 1 by itself, then scaled and shifted per channel. This is {@link
 * GroupNorm} with one channel per group; the formulas stand there. A 1×1 map becomes its bias.
 */
public final class InstanceNorm {
  private InstanceNorm() {}

  /** Why these operands do not go together, or null if they do: the door's check. */
  public static @Nullable String problem(
      Shape x, @Nullable Shape scale, @Nullable Shape bias, double epsilon) {
    if (x.rank() < 3) {
      return "InstanceNorm: input of shape " + x + "; give (N, C, L) or (N, C, H, W)";
    }
    return x.dim(1) == 0
        ? "InstanceNorm: input of shape " + x + " has no channels; give 1 or more"
        : GroupNorm.problem("InstanceNorm", x, x.dim(1), scale, bias, epsilon);
  }

  /**
   * The output, of the shape of x.
   *
   * @param x (N, C, …)
   * @param scale (C), or null for 1
   * @param bias (C), or null for 0
   */
  public static Tensor forward(
      Tensor x, @Nullable Tensor scale, @Nullable Tensor bias, double epsilon) {
    Check.door(problem(x.shape(), Check.shape(scale), Check.shape(bias), epsilon));
    return GroupNorm.rows(x.shape(), x.dim(1), epsilon).forward(x, scale, bias);
  }

  /** All three gradients, given {@code dy = ∂L/∂y} of the shape of x. */
  public static NormGradients backward(
      Tensor dy, Tensor x, @Nullable Tensor scale, double epsilon) {
    Check.door(problem(x.shape(), Check.shape(scale), null, epsilon));
    Check.gradient("InstanceNorm", dy, x.shape());
    return GroupNorm.rows(x.shape(), x.dim(1), epsilon).backward(dy, x, scale, Shape.of(x.dim(1)));
  }
}
