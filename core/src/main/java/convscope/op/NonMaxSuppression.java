package convscope.op;

import convscope.num.Num;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Greedy non-maximum suppression: the box with the highest score stays, every box that overlaps it
 * by more than a threshold goes, and so on with what is left. Equal scores go by their place.
 */
public final class NonMaxSuppression {
  private NonMaxSuppression() {}

  /** Why these operands do not go together, or null if they do: the door's check. */
  public static @Nullable String problem(Shape boxes, Shape scores, double iouThreshold, int most) {
    String problem = Iou.problem("NonMaxSuppression", "boxes", boxes);
    if (problem == null) {
      problem = Check.shapeProblem("NonMaxSuppression", "scores", scores, Shape.of(boxes.dim(0)));
    }
    if (problem != null) {
      return problem;
    }
    if (!(iouThreshold >= 0 && iouThreshold <= 1)) {
      return "NonMaxSuppression: threshold " + Num.plain(iouThreshold, 6) + "; use 0 to 1";
    }
    return most >= 0 ? null : "NonMaxSuppression: at most " + most + " boxes; use 0 or more";
  }

  /**
   * Places of the boxes that stay, best first.
   *
   * @param boxes (count, 4), corners
   * @param scores (count)
   * @param iouThreshold boxes overlapping a chosen one by more than this go
   * @param scoreThreshold boxes must score more than this; −∞ for all
   * @param most how many to choose at most
   */
  public static int[] select(
      Tensor boxes, Tensor scores, double iouThreshold, double scoreThreshold, int most) {
    Check.door(problem(boxes.shape(), scores.shape(), iouThreshold, most));
    boolean[] gone = new boolean[scores.size()];
    for (int i = 0; i < gone.length; i++) {
      gone[i] = !(scores.data()[i] > scoreThreshold);
    }
    int[] chosen = new int[Math.min(most, gone.length)];
    int count = 0;
    while (count < chosen.length) {
      int best = -1;
      for (int i = 0; i < gone.length; i++) {
        if (!gone[i] && (best < 0 || scores.data()[i] > scores.data()[best])) {
          best = i;
        }
      }
      if (best < 0) {
        break;
      }
      chosen[count++] = best;
      gone[best] = true;
      for (int i = 0; i < gone.length; i++) {
        gone[i] |= Iou.of(boxes.data(), 4 * best, boxes.data(), 4 * i) > iouThreshold;
      }
    }
    return Arrays.copyOf(chosen, count);
  }
}
