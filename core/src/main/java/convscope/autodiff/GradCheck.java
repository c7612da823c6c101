package convscope.autodiff;

import convscope.num.Num;
import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Backward against differences: every element of every operand is moved a little, and what the loss
 * does is held against the gradient.
 *
 * <pre>
 *   L = Σ_k r_k y_k               r fixed random weights, so that no error of an output cancels
 *   D(ε) = (L(θ+ε) − L(θ−ε)) / 2ε
 *   ∂L/∂θ ≈ (4 D(ε/2) − D(ε)) / 3       Richardson: the ε² error of both cancels, ε⁴/480 · L⁽⁵⁾ is left
 * </pre>
 *
 * The tensors are float32, so ε cannot be small: each output is rounded to 24 bits, which a
 * difference quotient magnifies by 1/ε. With ε = 1/16 the truncation of a smooth function is about
 * 10⁻⁷ of L⁽⁵⁾ and that of a linear one nothing, while rounding gives about 10⁻⁶ of the outputs
 * that moved. Differences are summed in double. An element agrees if it is within
 *
 * <pre>
 *   10⁻⁴ · (largest gradient of its operand)  +  8 · 2⁻²⁴/ε · √(Σ over moved outputs (r_k y_k)²)
 * </pre>
 *
 * The first part is small against any bug in a formula, which errs by about the gradient itself;
 * the second is the rounding, eightfold because outputs of several operators in a row are rounded
 * several times. A function must be smooth within ε of the operands: a kink there (ReLU at 0, a tie
 * in max pooling) is reported, and rightly.
 */
public final class GradCheck {
  private static final double STEP = 1.0 / 16;
  private static final double RELATIVE = 1e-4;
  private static final double ROUNDING = 8 * 0x1p-24;

  private GradCheck() {}

  /** A function of Vars of one tape. */
  public interface Function {
    Var of(Var... operands);
  }

  /**
   * What a check found.
   *
   * @param checked how many elements were moved
   * @param operand the operand that holds the worst element
   * @param position its index on each axis, empty for a scalar
   * @param backward its gradient by backward
   * @param numeric its gradient by differences
   * @param allowed by how much the two may differ
   */
  public record Report(
      int checked, int operand, int[] position, double backward, double numeric, double allowed) {

    public boolean passes() {
      return Math.abs(backward - numeric) <= allowed; // false for NaN
    }

    @Override
    public String toString() {
      StringBuilder at = new StringBuilder();
      for (int index : position) {
        at.append(at.length() == 0 ? "" : ", ").append(index);
      }
      return "GradCheck: "
          + (passes() ? "all " + checked + " elements agree" : "backward is wrong")
          + "; the worst of "
          + checked
          + " is operand "
          + operand
          + " ["
          + at
          + "]: backward "
          + Num.shortest((float) backward)
          + ", differences "
          + Num.shortest((float) numeric)
          + ", allowed difference "
          + Num.shortest((float) allowed);
    }
  }

  /** Checks every element of every operand of {@code function} at {@code operands}. */
  public static Report check(Function function, Tensor... operands) {
    Var[] variables = variables(operands);
    Var y = function.of(variables);
    Tensor weights = weights(y.shape());
    y.backward(weights);
    Report worst = new Report(0, 0, new int[0], 0, 0, 0);
    double worstRatio = -1;
    int checked = 0;
    for (int o = 0; o < operands.length; o++) {
      float[] gradient = variables[o].gradient().data();
      double scale = largest(gradient);
      for (int i = 0; i < gradient.length; i++) {
        Slope wide = slope(function, operands, o, i, STEP, weights);
        Slope narrow = slope(function, operands, o, i, STEP / 2, weights);
        double numeric = (4 * narrow.value - wide.value) / 3;
        double allowed = RELATIVE * scale + ROUNDING / STEP * Math.sqrt(wide.moved);
        double ratio = ratio(Math.abs(gradient[i] - numeric), allowed);
        checked++;
        if (ratio > worstRatio) {
          worstRatio = ratio;
          worst = new Report(0, o, position(i, operands[o].shape()), gradient[i], numeric, allowed);
        }
      }
    }
    return new Report(
        checked, worst.operand, worst.position, worst.backward, worst.numeric, worst.allowed);
  }

  /** {@code D(ε)}, and {@code Σ (r_k y_k)²} over the outputs that moved. */
  private record Slope(double value, double moved) {}

  private static Slope slope(
      Function function, Tensor[] operands, int operand, int element, double step, Tensor weights) {
    Tensor[] moved = operands.clone();
    moved[operand] = operands[operand].copy();
    float[] elements = moved[operand].data();
    float at = elements[element];
    float above = (float) (at + step);
    float below = (float) (at - step);
    elements[element] = above;
    float[] up = function.of(variables(moved)).value().data();
    elements[element] = below;
    float[] down = function.of(variables(moved)).value().data();
    double sum = 0;
    double squares = 0;
    for (int k = 0; k < up.length; k++) {
      if (up[k] != down[k]) {
        double weight = weights.data()[k];
        sum += weight * ((double) up[k] - down[k]);
        squares += weight * weight * Math.max((double) up[k] * up[k], (double) down[k] * down[k]);
      }
    }
    return new Slope(sum / ((double) above - below), squares);
  }

  private static Var[] variables(Tensor[] operands) {
    Tape tape = new Tape();
    List<Var> variables = new ArrayList<>();
    for (int o = 0; o < operands.length; o++) {
      variables.add(tape.variable("operand " + o, operands[o]));
    }
    return variables.toArray(new Var[0]);
  }

  /** ±½ to ±1½ in eighths; 1 for a single output, which is a loss itself. */
  private static Tensor weights(Shape shape) {
    Rng rng = new Rng(1);
    Tensor weights = Tensor.zeros(shape);
    for (int k = 0; k < weights.size(); k++) {
      float size = 0.5f + rng.nextInt(9) / 8f;
      weights.data()[k] = weights.size() == 1 ? 1 : rng.nextInt(2) == 0 ? size : -size;
    }
    return weights;
  }

  private static double largest(float[] values) {
    double largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  /** Error in terms of what is allowed; NaN is the worst error of all. */
  private static double ratio(double error, double allowed) {
    if (error == 0) {
      return 0;
    }
    return error / allowed >= 0 ? error / allowed : Double.POSITIVE_INFINITY;
  }

  private static int[] position(int element, Shape shape) {
    int[] position = new int[shape.rank()];
    int rest = element;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      position[axis] = rest % shape.dim(axis);
      rest /= shape.dim(axis);
    }
    return position;
  }
}
