package convscope.op;

import convscope.num.Maths;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Cross-entropy of class labels against scores (logits), {@link LogSoftmax} and {@link
 * NegativeLogLikelihood} in one. For a cell with label t among C classes, weights w and smoothing
 * ε, p the softmax of its scores:
 *
 * <pre>
 *   ℓ = −Σ_c q_c ln p_c        q_c = (1 − ε) w_t [c = t] + ε w_c / C
 *   ∂ℓ/∂score_c = p_c Σ_j q_j − q_c        (p − onehot(t) without weights and smoothing)
 * </pre>
 *
 * The mean divides by the sum of w_t over the cells that are not ignored, as PyTorch does; with
 * every cell ignored it is 0/0, NaN.
 *
 * <p>Loop index: c class.
 */
public final class CrossEntropy {
  private CrossEntropy() {}

  /** Why these operands do not go together, or null if they do: the door's check. */
  public static @Nullable String problem(Shape scores, int[] labels, ClassLabels spec) {
    return spec.problem("CrossEntropy", scores, labels);
  }

  /**
   * The loss: a scalar, or (N, d1, …) without reduction.
   *
   * @param scores (N, C) or (N, C, d1, …)
   * @param labels one class 0 … C−1 per cell, in row-major order of (N, d1, …)
   */
  public static Tensor forward(Tensor scores, int[] labels, ClassLabels spec) {
    Check.door(problem(scores.shape(), labels, spec));
    Lines cells = Lines.of("CrossEntropy", scores.shape(), 1);
    int classes = scores.dim(1);
    double share = spec.smoothing() / classes;
    double[] terms = new double[labels.length];
    for (int cell = 0; cell < terms.length; cell++) {
      int label = labels[cell];
      if (label == spec.ignoreIndex()) {
        continue;
      }
      int start = cells.start(cell);
      double log = LogSoftmax.logSumExp(scores.data(), start, cells);
      double loss =
          (1 - spec.smoothing())
              * spec.weight(label)
              * (log - scores.data()[start + label * cells.step()]);
      for (int c = 0; spec.smoothing() > 0 && c < classes; c++) {
        loss += share * spec.weight(c) * (log - scores.data()[start + c * cells.step()]);
      }
      terms[cell] = loss;
    }
    return spec.reduced(terms, labels, scores.shape());
  }

  /**
   * {@code ∂L/∂scores}, of the shape of the scores; 0 at ignored cells.
   *
   * @param dLoss {@code ∂L/∂loss}, of the shape {@link #forward} gave
   */
  public static Tensor backward(Tensor dLoss, Tensor scores, int[] labels, ClassLabels spec) {
    Check.door(problem(scores.shape(), labels, spec));
    Check.gradient("CrossEntropy", dLoss, spec.lossShape(scores.shape()));
    Lines cells = Lines.of("CrossEntropy", scores.shape(), 1);
    int classes = scores.dim(1);
    double divisor = spec.divisor(labels);
    double share = spec.smoothing() / classes;
    double shared = share * spec.totalWeight(classes);
    Tensor dScores = Tensor.zeros(scores.shape());
    for (int cell = 0; cell < labels.length; cell++) {
      int label = labels[cell];
      if (label == spec.ignoreIndex()) {
        continue;
      }
      int start = cells.start(cell);
      double log = LogSoftmax.logSumExp(scores.data(), start, cells);
      double onTarget = (1 - spec.smoothing()) * spec.weight(label);
      double upstream = spec.upstream(dLoss, cell, divisor);
      for (int c = 0; c < classes; c++) {
        int at = start + c * cells.step();
        double p = Maths.exp(scores.data()[at] - log);
        double q = share * spec.weight(c) + (c == label ? onTarget : 0);
        dScores.data()[at] = (float) (upstream * (p * (onTarget + shared) - q));
      }
    }
    return dScores;
  }
}
