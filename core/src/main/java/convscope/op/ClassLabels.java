package convscope.op;

import convscope.num.Num;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * How a loss reads class labels: what a label weighs, which one is left out, and how the terms are
 * reduced. Shared by {@link CrossEntropy} and {@link NegativeLogLikelihood}.
 *
 * @param weights one per class, (C), or null for all 1
 * @param ignoreIndex a label whose cell neither costs nor counts; any number, also outside 0 … C−1
 * @param smoothing the share ε of each target that is spread evenly over all classes, 0 to 1
 */
public record ClassLabels(
    @Nullable Tensor weights, int ignoreIndex, double smoothing, Reduction reduction) {

  /** No weights, nothing smoothed, the mean, and PyTorch's ignore index. */
  public static final ClassLabels MEAN = new ClassLabels(null, -100, 0, Reduction.MEAN);

  public ClassLabels weights(@Nullable Tensor perClass) {
    return new ClassLabels(perClass, ignoreIndex, smoothing, reduction);
  }

  public ClassLabels ignore(int label) {
    return new ClassLabels(weights, label, smoothing, reduction);
  }

  public ClassLabels smooth(double share) {
    return new ClassLabels(weights, ignoreIndex, share, reduction);
  }

  public ClassLabels reduce(Reduction how) {
    return new ClassLabels(weights, ignoreIndex, smoothing, how);
  }

  /** Why these labels do not fit scores of shape (N, C, d1, …), or null if they do. */
  @Nullable String problem(String operation, Shape scores, int[] labels) {
    if (scores.rank() < 2 || scores.dim(1) < 1) {
      return operation
          + ": scores of shape "
          + scores
          + "; give (N, classes) or (N, classes, H, W)";
    }
    int cells = scores.dim(0) * scores.product(2, scores.rank());
    if (labels.length != cells) {
      return operation
          + ": "
          + labels.length
          + " labels for scores of shape "
          + scores
          + "; give "
          + cells
          + ", one per image or pixel";
    }
    int classes = scores.dim(1);
    if (weights != null && !weights.shape().equals(Shape.of(classes))) {
      return operation
          + ": weights of shape "
          + weights.shape()
          + " for "
          + classes
          + " classes; give one weight per class";
    }
    if (!(smoothing >= 0 && smoothing <= 1)) {
      return operation + ": label smoothing " + text(smoothing) + "; use 0 to 1";
    }
    for (int at = 0; at < labels.length; at++) {
      if (labels[at] != ignoreIndex && (labels[at] < 0 || labels[at] >= classes)) {
        return operation
            + ": label "
            + labels[at]
            + " at position "
            + at
            + "; use 0 to "
            + (classes - 1)
            + ", or "
            + ignoreIndex
            + " to leave it out";
      }
    }
    return null;
  }

  private static String text(double value) {
    return Num.plain(value, 6);
  }

  double weight(int label) {
    return weights == null ? 1 : weights.data()[label];
  }

  /** The weight of all classes together. */
  double totalWeight(int classes) {
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += weight(c);
    }
    return sum;
  }

  /**
   * What a cell's gradient is divided by: the weight of all targets that are not ignored for the
   * mean, else 1.
   */
  double divisor(int[] labels) {
    if (reduction != Reduction.MEAN) {
      return 1;
    }
    double sum = 0;
    for (int label : labels) {
      sum += label == ignoreIndex ? 0 : weight(label);
    }
    return sum;
  }

  /** The terms, or their sum over the divisor. */
  Tensor reduced(double[] terms, int[] labels, Shape scores) {
    if (reduction == Reduction.NONE) {
      return Broadcast.rounded(terms, lossShape(scores));
    }
    double sum = 0;
    for (double term : terms) {
      sum += term;
    }
    return Tensor.scalar((float) (sum / divisor(labels)));
  }

  /** (N, d1, …) for one loss per cell, else a scalar. */
  Shape lossShape(Shape scores) {
    if (reduction != Reduction.NONE) {
      return Shape.of();
    }
    int[] dims = new int[scores.rank() - 1];
    for (int axis = 0; axis < dims.length; axis++) {
      dims[axis] = scores.dim(axis == 0 ? 0 : axis + 1);
    }
    return Shape.of(dims);
  }

  /** The upstream gradient of the term of cell {@code cell}. */
  double upstream(Tensor dLoss, int cell, double divisor) {
    return dLoss.data()[reduction == Reduction.NONE ? cell : 0] / divisor;
  }
}
