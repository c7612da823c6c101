package convscope.diagnose;

import convscope.num.Num;
import convscope.op.ClassLabels;
import convscope.op.CrossEntropy;
import convscope.tensor.Tensor;

/**
 * How scores fit their labels.
 *
 * @param loss the mean cross-entropy
 * @param right how many images have the highest score at their label; the first of equal ones
 *     counts as the highest
 * @param confusion how many images of class [i] are taken for class [j]
 */
public record Evaluation(double loss, int right, int[][] confusion) {
  /**
   * Compares them.
   *
   * @param scores (N, classes), before any softmax
   */
  public static Evaluation of(Tensor scores, int[] labels) {
    int classes = scores.dim(1);
    int[][] confusion = new int[classes][classes];
    int right = 0;
    for (int n = 0; n < labels.length; n++) {
      int best = 0;
      for (int c = 1; c < classes; c++) {
        best = scores.at(n, c) > scores.at(n, best) ? c : best;
      }
      confusion[labels[n]][best]++;
      right += best == labels[n] ? 1 : 0;
    }
    double loss = CrossEntropy.forward(scores, labels, ClassLabels.MEAN).data()[0];
    return new Evaluation(loss, right, confusion);
  }

  @Override
  public String toString() {
    return "Evaluation: " + right + " right, loss " + Num.decimal(loss, 4);
  }
}
