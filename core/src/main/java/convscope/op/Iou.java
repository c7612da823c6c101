package convscope.op;

import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Intersection over union of axis-parallel boxes: {@code |A ∩ B| / |A ∪ B|}, from 0 (apart) to 1
 * (equal). A box is two opposite corners (x1, y1, x2, y2) in any order. Two boxes without area have
 * 0.
 */
public final class Iou {
  private Iou() {}

  static @Nullable String problem(String operation, String operand, Shape boxes) {
    return boxes.rank() == 2 && boxes.dim(1) == 4
        ? null
        : operation + ": " + operand + " of shape " + boxes + "; give (count, 4)";
  }

  /** Every box of a with every box of b, of shape (A, B); a is (A, 4), b is (B, 4). */
  public static Tensor forward(Tensor a, Tensor b) {
    Check.door(problem("Iou", "first boxes", a.shape()));
    Check.door(problem("Iou", "second boxes", b.shape()));
    Tensor y = Tensor.zeros(a.dim(0), b.dim(0));
    for (int i = 0; i < a.dim(0); i++) {
      for (int j = 0; j < b.dim(0); j++) {
        y.data()[i * b.dim(0) + j] = (float) of(a.data(), 4 * i, b.data(), 4 * j);
      }
    }
    return y;
  }

  /** The box at place {@code i} of a against the one at place {@code j} of b. */
  static double of(float[] a, int i, float[] b, int j) {
    double wide = overlap(a[i], a[i + 2], b[j], b[j + 2]);
    double high = overlap(a[i + 1], a[i + 3], b[j + 1], b[j + 3]);
    double intersection = wide * high;
    double union = area(a, i) + area(b, j) - intersection;
    return union == 0 ? 0 : intersection / union;
  }

  private static double area(float[] box, int i) {
    return Math.abs((double) box[i + 2] - box[i]) * Math.abs((double) box[i + 3] - box[i + 1]);
  }

  /** Length of what two intervals have in common. */
  private static double overlap(double a1, double a2, double b1, double b2) {
    double from = Math.max(Math.min(a1, a2), Math.min(b1, b2));
    double to = Math.min(Math.max(a1, a2), Math.max(b1, b2));
    return to < from ? 0 : to - from; // NaN stays NaN
  }
}
