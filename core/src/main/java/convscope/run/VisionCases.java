package convscope.run;

import convscope.op.Attention;
import convscope.op.NonMaxSuppression;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.Map;

/** Attention and detection. */
final class VisionCases {
  private VisionCases() {}

  static void addTo(Map<String, OpRunner.Handler> table) {
    table.put("ScaledDotProductAttention", VisionCases::attention);
    table.put("NonMaxSuppression", VisionCases::nonMaxSuppression);
  }

  private static void attention(Case c) {
    c.attributes("is_causal");
    Tensor q = c.input(0);
    Tensor k = c.input(1);
    Tensor v = c.input(2);
    Attention.Result result = Attention.forward(q, k, v, c.optional(3), c.flag("is_causal", false));
    c.output("Y", result.y());
    Tensor dy = c.upstream();
    if (dy != null) {
      Attention.Gradients gradients = Attention.backward(dy, q, k, v, result.weights());
      c.gradient(0, gradients.dq());
      c.gradient(1, gradients.dk());
      c.gradient(2, gradients.dv());
    }
  }

  /**
   * Boxes (images, count, 4), scores (images, classes, count): rows (image, class, box) of every
   * image and class in turn. No box at most without the third input; corners in any order, or with
   * {@code center_point_box} centre and size.
   */
  private static void nonMaxSuppression(Case c) {
    c.attributes("center_point_box");
    Tensor boxes = c.input(0);
    Tensor scores = c.input(1);
    Value most = c.optionalValue(2);
    Value iou = c.optionalValue(3);
    Value lowest = c.optionalValue(4);
    boolean valid = boxes.rank() == 3 && scores.rank() == 3 && boxes.dim(2) == 4;
    if (!valid || boxes.dim(0) != scores.dim(0) || boxes.dim(1) != scores.dim(2)) {
      throw c.problem(
          "boxes of shape "
              + boxes.shape()
              + " and scores of shape "
              + scores.shape()
              + "; give (images, count, 4) and (images, classes, count)");
    }
    int count = boxes.dim(1);
    int classes = scores.dim(1);
    long[] rows = new long[boxes.dim(0) * classes * count * 3];
    int at = 0;
    for (int image = 0; image < boxes.dim(0); image++) {
      Tensor own = part(boxes, image * count * 4, Shape.of(count, 4));
      if (c.flag("center_point_box", false)) {
        own = corners(own);
      }
      for (int kind = 0; kind < classes; kind++) {
        Tensor score = part(scores, (image * classes + kind) * count, Shape.of(count));
        int[] chosen =
            NonMaxSuppression.select(
                own,
                score,
                iou == null ? 0 : iou.only(),
                lowest == null ? Double.NEGATIVE_INFINITY : lowest.only(),
                most == null ? 0 : (int) Math.min(count, most.only()));
        for (int box : chosen) {
          rows[at++] = image;
          rows[at++] = kind;
          rows[at++] = box;
        }
      }
    }
    long[] found = new long[at];
    System.arraycopy(rows, 0, found, 0, at);
    c.output("selected_indices", Value.of(found, Shape.of(at / 3, 3)));
  }

  private static Tensor part(Tensor whole, int from, Shape shape) {
    Tensor out = Tensor.zeros(shape);
    System.arraycopy(whole.data(), from, out.data(), 0, out.size());
    return out;
  }

  /** (centre, size) as corners. */
  private static Tensor corners(Tensor boxes) {
    Tensor out = Tensor.zeros(boxes.shape());
    for (int i = 0; i < out.size(); i += 4) {
      for (int axis = 0; axis < 2; axis++) {
        float half = boxes.data()[i + axis + 2] / 2;
        out.data()[i + axis] = boxes.data()[i + axis] - half;
        out.data()[i + axis + 2] = boxes.data()[i + axis] + half;
      }
    }
    return out;
  }
}
