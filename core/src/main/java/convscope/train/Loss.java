package convscope.train;

import convscope.op.ClassLabels;
import convscope.op.CrossEntropy;
import convscope.op.ElementLoss;
import convscope.op.Reduction;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;

/**
 * What training makes small: a mean over the images of a batch.
 *
 * @param squared the squared distance from the label's corner (0, …, 1, …, 0), else cross-entropy
 * @param smoothing the share of each label that cross-entropy spreads over all classes
 */
public record Loss(boolean squared, double smoothing) {
  public static final Loss CROSS_ENTROPY = new Loss(false, 0);
  public static final Loss SQUARED = new Loss(true, 0);

  /** Cross-entropy with smoothed labels (Szegedy et al. 2016). */
  public static Loss smoothed(double share) {
    return new Loss(false, share);
  }

  /** The loss and its gradient by the scores, (N, classes). */
  public record Value(double loss, Tensor gradient) {
    @Override
    public String toString() {
      return "Loss.Value";
    }
  }

  /**
   * The loss of scores.
   *
   * @param scores (N, classes)
   * @param labels N classes
   * @param share what the gradient is multiplied by: the part's share where a batch is divided
   */
  public Value of(Tensor scores, int[] labels, double share) {
    Tensor upstream = Tensor.scalar((float) share);
    if (!squared) {
      ClassLabels spec = ClassLabels.MEAN.smooth(smoothing);
      return new Value(
          CrossEntropy.forward(scores, labels, spec).data()[0],
          CrossEntropy.backward(upstream, scores, labels, spec));
    }
    Tensor target = corners(scores.shape(), labels);
    return new Value(
        ElementLoss.MSE.forward(scores, target, Reduction.MEAN).data()[0],
        ElementLoss.MSE.backward(upstream, scores, target, Reduction.MEAN).dx());
  }

  /** The same for two labels an image, the first of which weighs {@code first}: for mixup. */
  public Value of(Tensor scores, int[] labels, int[] others, double first, double share) {
    Value one = of(scores, labels, share * first);
    Value other = of(scores, others, share * (1 - first));
    for (int i = 0; i < scores.size(); i++) {
      one.gradient.data()[i] += other.gradient.data()[i];
    }
    return new Value(first * one.loss + (1 - first) * other.loss, one.gradient);
  }

  private static Tensor corners(Shape scores, int[] labels) {
    if (scores.rank() != 2 || scores.dim(0) != labels.length) {
      throw new IllegalArgumentException(
          "Loss: scores of shape "
              + scores
              + " for "
              + labels.length
              + " labels; give (images, classes)");
    }
    Tensor target = Tensor.zeros(scores);
    for (int n = 0; n < labels.length; n++) {
      if (labels[n] < 0 || labels[n] >= scores.dim(1)) {
        throw new IllegalArgumentException(
            "Loss: label " + labels[n] + "; use 0 to " + (scores.dim(1) - 1));
      }
      target.data()[n * scores.dim(1) + labels[n]] = 1;
    }
    return target;
  }

  @Override
  public String toString() {
    return squared ? "mean squared error" : "cross-entropy";
  }
}
