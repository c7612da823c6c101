package convscope.op;

import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * ReLU with a learned slope on the left: {@code y = x} above 0, {@code slope · x} up to 0; {@code
 * dSlope = Σ x · dy} over the cells at or below 0 that share it (He et al. 2015). The slope is
 * repeated to the shape of x by {@link Broadcast}: (C, 1, 1) is one slope per channel.
 */
public final class PRelu {
  private static final Binary RULE =
      new Binary(
          "PReLU",
          (x, slope) -> x > 0 ? x : slope * x,
          (x, slope) -> x > 0 ? 1 : slope,
          (x, slope) -> x > 0 ? 0 : x);

  private PRelu() {}

  /** Why this slope does not fit this input, or null if it does: the door's check. */
  public static @Nullable String problem(Shape x, Shape slope) {
    String problem = RULE.problem(x, slope);
    if (problem != null) {
      return problem;
    }
    return Broadcast.shape("PReLU", x, slope).equals(x)
        ? null
        : "PReLU: slope of shape "
            + slope
            + " is larger than the input of shape "
            + x
            + "; give one element, or one per channel as (C, 1, 1)";
  }

  /**
   * The output, of the shape of x.
   *
   * @param x any shape
   * @param slope a shape that repeats to that of x
   */
  public static Tensor forward(Tensor x, Tensor slope) {
    Check.door(problem(x.shape(), slope.shape()));
    return RULE.forward(x, slope);
  }

  /** The gradients of a loss with respect to the operands, each of its operand's shape. */
  public record Gradients(Tensor dx, Tensor dSlope) {}

  /** Both gradients, given {@code dy = ∂L/∂y} of the shape of x. */
  public static Gradients backward(Tensor dy, Tensor x, Tensor slope) {
    Check.door(problem(x.shape(), slope.shape()));
    Binary.Gradients both = RULE.backward(dy, x, slope);
    return new Gradients(both.da(), both.db());
  }
}
