package convscope.op;

import convscope.num.Maths;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The loss of class labels given log-probabilities (what {@link LogSoftmax} yields): {@code ℓ =
 * −w_t · input_t}, {@code ∂ℓ/∂input_c = −w_t [c = t]}. The mean divides by the sum of w_t over the
 * cells that are not ignored.
 */
public final class NegativeLogLikelihood {
  private NegativeLogLikelihood() {}

  /** Why these operands do not go together, or null if they do: the door's check. */
  public static @Nullable String problem(Shape input, int[] labels, ClassLabels spec) {
    return spec.smoothing() == 0
        ? spec.problem("NegativeLogLikelihood", input, labels)
        : "NegativeLogLikelihood: no label smoothing; use CrossEntropy for it";
  }

  /**
   * The loss: a scalar, or (N, d1, …) without reduction.
   *
   * @param input log-probabilities, (N, C) or (N, C, d1, …)
   * @param labels one class 0 … C−1 per cell, in row-major order of (N, d1, …)
   */
  public static Tensor forward(Tensor input, int[] labels, ClassLabels spec) {
    Check.door(problem(input.shape(), labels, spec));
    Lines cells = Lines.of("NegativeLogLikelihood", input.shape(), 1);
    double[] terms = new double[labels.length];
    for (int cell = 0; cell < terms.length; cell++) {
      if (labels[cell] != spec.ignoreIndex()) {
        double log = input.data()[cells.start(cell) + labels[cell] * cells.step()];
        terms[cell] = Maths.negate(spec.weight(labels[cell]) * log);
      }
    }
    return spec.reduced(terms, labels, input.shape());
  }

  /**
   * {@code ∂L/∂input}, of the shape of the input; 0 at ignored cells.
   *
   * @param dLoss {@code ∂L/∂loss}, of the shape {@link #forward} gave
   */
  public static Tensor backward(Tensor dLoss, Tensor input, int[] labels, ClassLabels spec) {
    Check.door(problem(input.shape(), labels, spec));
    Check.gradient("NegativeLogLikelihood", dLoss, spec.lossShape(input.shape()));
    Lines cells = Lines.of("NegativeLogLikelihood", input.shape(), 1);
    double divisor = spec.divisor(labels);
    Tensor dInput = Tensor.zeros(input.shape());
    for (int cell = 0; cell < labels.length; cell++) {
      if (labels[cell] != spec.ignoreIndex()) {
        dInput.data()[cells.start(cell) + labels[cell] * cells.step()] =
            (float) Maths.negate(spec.weight(labels[cell]) * spec.upstream(dLoss, cell, divisor));
      }
    }
    return dInput;
  }
}
