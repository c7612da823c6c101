package convscope.op;

import convscope.num.Maths;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a detector predicts per anchor into boxes (Girshick et al. 2014): the centre moves by
 * parts of the anchor's size, the size changes by a factor.
 *
 * <pre>
 *   cx = ax + dx · aw      cy = ay + dy · ah      w = aw · e^dw      h = ah · e^dh
 *   box = (cx − w/2, cy − h/2, cx + w/2, cy + h/2)
 * </pre>
 *
 * with (ax, ay) the anchor's centre and (aw, ah) its size. Anchors and boxes are (x1, y1, x2, y2).
 */
public final class BoxDecoding {
  private BoxDecoding() {}

  /** Why these operands do not go together, or null if they do: the door's check. */
  public static @Nullable String problem(Shape anchors, Shape deltas) {
    String problem = Iou.problem("BoxDecoding", "anchors", anchors);
    return problem == null ? Check.shapeProblem("BoxDecoding", "deltas", deltas, anchors) : problem;
  }

  /**
   * The boxes, (count, 4); anchors (count, 4) are corners, deltas (count, 4) are dx, dy, dw, dh.
   */
  public static Tensor forward(Tensor anchors, Tensor deltas) {
    Check.door(problem(anchors.shape(), deltas.shape()));
    Tensor boxes = Tensor.zeros(anchors.shape());
    for (int i = 0; i < boxes.size(); i += 4) {
      for (int axis = 0; axis < 2; axis++) { // x, then y
        double low = anchors.data()[i + axis];
        double size = anchors.data()[i + axis + 2] - low;
        double centre = low + size / 2 + deltas.data()[i + axis] * size;
        double half = size * Maths.exp(deltas.data()[i + axis + 2]) / 2;
        boxes.data()[i + axis] = (float) (centre - half);
        boxes.data()[i + axis + 2] = (float) (centre + half);
      }
    }
    return boxes;
  }

  /**
   * {@code ∂L/∂deltas}, given {@code dBoxes} of shape (count, 4): the centre's gradient is the sum
   * of both corners', the half size's their difference.
   */
  public static Tensor backward(Tensor dBoxes, Tensor anchors, Tensor deltas) {
    Check.door(problem(anchors.shape(), deltas.shape()));
    Check.gradient("BoxDecoding", dBoxes, anchors.shape());
    Tensor dDeltas = Tensor.zeros(anchors.shape());
    for (int i = 0; i < dDeltas.size(); i += 4) {
      for (int axis = 0; axis < 2; axis++) {
        double size = (double) anchors.data()[i + axis + 2] - anchors.data()[i + axis];
        double low = dBoxes.data()[i + axis];
        double high = dBoxes.data()[i + axis + 2];
        double half = size * Maths.exp(deltas.data()[i + axis + 2]) / 2;
        dDeltas.data()[i + axis] = (float) ((low + high) * size);
        dDeltas.data()[i + axis + 2] = (float) ((high - low) * half);
      }
    }
    return dDeltas;
  }

  /** The deltas that decode to {@code boxes}: what a detector is trained to predict. */
  public static Tensor encode(Tensor anchors, Tensor boxes) {
    Check.door(problem(anchors.shape(), boxes.shape()));
    Tensor deltas = Tensor.zeros(anchors.shape());
    for (int i = 0; i < deltas.size(); i += 4) {
      for (int axis = 0; axis < 2; axis++) {
        double low = anchors.data()[i + axis];
        double size = anchors.data()[i + axis + 2] - low;
        double boxLow = boxes.data()[i + axis];
        double boxSize = boxes.data()[i + axis + 2] - boxLow;
        deltas.data()[i + axis] = (float) ((boxLow + boxSize / 2 - low - size / 2) / size);
        deltas.data()[i + axis + 2] = (float) Maths.log(boxSize / size);
      }
    }
    return deltas;
  }
}
