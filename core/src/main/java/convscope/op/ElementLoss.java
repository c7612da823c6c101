package convscope.op;

import convscope.num.Maths;
import convscope.num.Num;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.function.DoubleBinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Losses that compare element with element, as a table: {@code ℓ[i] = f(x[i], t[i])}, then {@link
 * Reduction}, and both derivatives. d is x − t. Where |d| has a corner, the derivative at 0 is 0.
 */
public final class ElementLoss {
  /** {@code d²}. */
  public static final ElementLoss MSE =
      ofDifference("MSELoss", (x, t) -> (x - t) * (x - t), (x, t) -> 2 * (x - t));

  /** {@code |d|}. */
  public static final ElementLoss L1 =
      ofDifference("L1Loss", (x, t) -> Math.abs(x - t), (x, t) -> Unary.sign(x - t));

  /**
   * {@code −t ln σ(x) − (1−t) ln(1−σ(x)) = ln(1 + e^x) − t·x}: binary cross-entropy of the score x,
   * t from 0 to 1. {@code ∂/∂x = σ(x) − t}, {@code ∂/∂t = −x}.
   */
  public static final ElementLoss BCE_WITH_LOGITS =
      new ElementLoss(
          "BinaryCrossEntropyWithLogits",
          ElementLoss::binaryCrossEntropy,
          (x, t) -> Maths.sigmoid(x) - t,
          (x, t) -> Maths.negate(x));

  /** {@code d²/(2β)} for |d| &lt; β, else {@code |d| − β/2} (Girshick 2015); β = 0 is L1. */
  public static ElementLoss smoothL1(double beta) {
    Check.door(beta >= 0 ? null : "SmoothL1Loss: beta " + Num.plain(beta, 6) + "; use 0 or more");
    return ofDifference(
        "SmoothL1Loss",
        (x, t) -> {
          double size = Math.abs(x - t);
          return size < beta ? size * size / 2 / beta : size - beta / 2;
        },
        (x, t) -> Math.abs(x - t) < beta ? (x - t) / beta : Unary.sign(x - t));
  }

  /** {@code d²/2} for |d| ≤ δ, else {@code δ(|d| − δ/2)} (Huber 1964): δ times smooth L1. */
  public static ElementLoss huber(double delta) {
    Check.door(delta > 0 ? null : "HuberLoss: delta " + Num.plain(delta, 6) + "; use more than 0");
    return ofDifference(
        "HuberLoss",
        (x, t) -> {
          double size = Math.abs(x - t);
          return size <= delta ? size * size / 2 : delta * (size - delta / 2);
        },
        (x, t) -> Math.abs(x - t) <= delta ? x - t : delta * Unary.sign(x - t));
  }

  private final String name;
  private final DoubleBinaryOperator value;
  private final DoubleBinaryOperator byX; // ∂f/∂x
  private final DoubleBinaryOperator byTarget; // ∂f/∂t

  private ElementLoss(
      String name,
      DoubleBinaryOperator value,
      DoubleBinaryOperator byX,
      DoubleBinaryOperator byTarget) {
    this.name = name;
    this.value = value;
    this.byX = byX;
    this.byTarget = byTarget;
  }

  private static ElementLoss ofDifference(
      String name, DoubleBinaryOperator value, DoubleBinaryOperator byX) {
    return new ElementLoss(name, value, byX, (x, t) -> Maths.negate(byX.applyAsDouble(x, t)));
  }

  /**
   * {@code ln(1 + e^x) − t·x}, with the larger half of t·x taken out of the logarithm first, so
   * that a right and certain answer costs e^−|x| and not a difference of large numbers.
   */
  private static double binaryCrossEntropy(double x, double t) {
    return x > 0 ? (1 - t) * x + Maths.softplus(-x) : Maths.softplus(x) - t * x;
  }

  /** The operation's name, as errors give it. */
  public String name() {
    return name;
  }

  /** The loss of one element, not rounded to float32: what a curve draws. */
  public double value(double x, double target) {
    return value.applyAsDouble(x, target);
  }

  /** Why these operands do not go together, or null if they do: the door's check. */
  public @Nullable String problem(Shape x, Shape target) {
    return Check.shapeProblem(name, "target", target, x);
  }

  private static Shape lossShape(Shape x, Reduction reduction) {
    return reduction == Reduction.NONE ? x : Shape.of();
  }

  /** The loss: a scalar, or of the shape of x without reduction; x and target have one shape. */
  public Tensor forward(Tensor x, Tensor target, Reduction reduction) {
    Check.door(problem(x.shape(), target.shape()));
    Tensor terms = Tensor.zeros(x.shape());
    double sum = 0;
    for (int i = 0; i < x.size(); i++) {
      double term = value.applyAsDouble(x.data()[i], target.data()[i]);
      terms.data()[i] = (float) term;
      sum += term;
    }
    return reduction == Reduction.NONE
        ? terms
        : Tensor.scalar((float) (reduction == Reduction.SUM ? sum : sum / x.size()));
  }

  /** The gradients of a loss with respect to the operands, each of its operand's shape. */
  public record Gradients(Tensor dx, Tensor dTarget) {}

  /** Both gradients, given {@code dLoss} of the shape {@link #forward} gave. */
  public Gradients backward(Tensor dLoss, Tensor x, Tensor target, Reduction reduction) {
    Check.door(problem(x.shape(), target.shape()));
    Check.gradient(name, dLoss, lossShape(x.shape(), reduction));
    Tensor dx = Tensor.zeros(x.shape());
    Tensor dTarget = Tensor.zeros(x.shape());
    double divisor = reduction == Reduction.MEAN ? x.size() : 1;
    for (int i = 0; i < x.size(); i++) {
      double g = dLoss.data()[reduction == Reduction.NONE ? i : 0] / divisor;
      dx.data()[i] = (float) (g * byX.applyAsDouble(x.data()[i], target.data()[i]));
      dTarget.data()[i] = (float) (g * byTarget.applyAsDouble(x.data()[i], target.data()[i]));
    }
    return new Gradients(dx, dTarget);
  }
}
