package convscope.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.junit.jupiter.api.Test;

class DetectionTest {
  private static final double ALL = Double.NEGATIVE_INFINITY;

  private static Tensor boxes(float... corners) {
    return Tensor.of(corners, corners.length / 4, 4);
  }

  @Test
  void halfOverlappingSquaresShareAThird() {
    Tensor a = boxes(0, 0, 2, 2, 5, 5, 6, 6, 0, 0, 0, 0);
    Tensor b = boxes(1, 0, 3, 2, 0, 0, 2, 2, 2, 0, 4, 2, 2, 2, 0, 0);
    Tensor y = Iou.forward(a, b);
    assertThat(y.shape()).isEqualTo(Shape.of(3, 4));
    assertThat((double) y.at(0, 0)).isCloseTo(1.0 / 3, within(1e-7)); // 2 of 6
    assertThat(y.at(0, 1)).isEqualTo(1);
    assertThat(y.at(0, 2)).isZero(); // touching
    assertThat(y.at(0, 3)).isEqualTo(1); // the same square from its other corner
    assertThat(y.at(1, 0)).isZero();
    assertThat(y.at(2, 1)).isZero(); // no area
    assertThat(Iou.forward(boxes(0, 0, 0, 0), boxes(1, 1, 1, 1)).at(0, 0)).isZero(); // not 0/0
    assertThat(Iou.forward(boxes(0, 0, Float.NaN, 1), boxes(0, 0, 1, 1)).at(0, 0)).isNaN();
  }

  @Test
  void overlapEqualsTheShareOfGridCellsInBoth() {
    Rng rng = new Rng(22);
    for (int trial = 0; trial < 200; trial++) {
      float[] a = new float[4];
      float[] b = new float[4];
      for (int i = 0; i < 4; i++) {
        a[i] = rng.nextInt(7);
        b[i] = rng.nextInt(7);
      }
      int both = 0;
      int either = 0;
      for (int cell = 0; cell < 36; cell++) {
        boolean inA = inside(a, cell / 6, cell % 6);
        boolean inB = inside(b, cell / 6, cell % 6);
        both += inA && inB ? 1 : 0;
        either += inA || inB ? 1 : 0;
      }
      double want = either == 0 ? 0 : (double) both / either;
      assertThat((double) Iou.forward(boxes(a), boxes(b)).at(0, 0)).isCloseTo(want, within(1e-6));
      assertThat(Iou.forward(boxes(b), boxes(a)).at(0, 0))
          .isEqualTo(Iou.forward(boxes(a), boxes(b)).at(0, 0));
    }
  }

  private static boolean inside(float[] box, int x, int y) {
    return x >= Math.min(box[0], box[2])
        && x < Math.max(box[0], box[2])
        && y >= Math.min(box[1], box[3])
        && y < Math.max(box[1], box[3]);
  }

  @Test
  void deltasMoveByPartsOfTheAnchorAndScaleByPowersOfE() {
    Tensor anchors = boxes(10, 20, 14, 28);
    assertThat(BoxDecoding.forward(anchors, boxes(0, 0, 0, 0)).data())
        .containsExactly(10, 20, 14, 28);
    assertThat(BoxDecoding.forward(anchors, boxes(0.5f, -1, 0, 0)).data())
        .containsExactly(12, 12, 16, 20);
    Tensor twice = BoxDecoding.forward(anchors, boxes(0, 0, (float) Math.log(2), 0));
    assertThat((double) twice.at(0, 0)).isCloseTo(8, within(1e-5));
    assertThat((double) twice.at(0, 2)).isCloseTo(16, within(1e-5));
  }

  @Test
  void encodingUndoesDecoding() {
    Rng rng = new Rng(23);
    Tensor anchors = boxes(0, 0, 4, 2, 1, 5, 3, 9, -3, -2, 0.5f, 8);
    Tensor deltas = rng.gaussian(0.5, 3, 4);
    Tensor again = BoxDecoding.encode(anchors, BoxDecoding.forward(anchors, deltas));
    Numeric.assertClose(again, Numeric.doubles(deltas), 1e-5);
  }

  @Test
  void decodingGradientsAgreeWithDifferences() {
    Rng rng = new Rng(24);
    Tensor anchors = boxes(0, 0, 4, 2, 1, 5, 3, 9);
    Tensor deltas = rng.gaussian(0.5, 2, 4);
    Tensor dBoxes = rng.gaussian(1, 2, 4);
    double[] want =
        Numeric.gradient(v -> Numeric.dot(decoded(anchors, v), dBoxes), Numeric.doubles(deltas));
    assertThat(Numeric.assertClose(BoxDecoding.backward(dBoxes, anchors, deltas), want, 1e-4))
        .isEqualTo(8);
  }

  private static double[] decoded(Tensor anchors, double[] deltas) {
    double[] boxes = new double[deltas.length];
    for (int i = 0; i < boxes.length; i++) {
      int row = i / 4;
      int axis = i % 2;
      double size = anchors.at(row, axis + 2) - anchors.at(row, axis);
      double centre = (anchors.at(row, axis + 2) + anchors.at(row, axis)) / 2;
      centre += deltas[row * 4 + axis] * size;
      double side = i % 4 < 2 ? -0.5 : 0.5;
      boxes[i] = centre + side * size * Math.exp(deltas[row * 4 + axis + 2]);
    }
    return boxes;
  }

  @Test
  void theBestOfACrowdStays() {
    Tensor b = boxes(0, 0, 10, 10, 1, 0, 11, 10, 0, 1, 10, 11, 20, 20, 30, 30, 21, 20, 31, 30);
    Tensor scores = Tensor.of(new float[] {0.6f, 0.9f, 0.7f, 0.3f, 0.3f}, 5);
    assertThat(NonMaxSuppression.select(b, scores, 0.5, ALL, 9)).containsExactly(1, 3);
    assertThat(NonMaxSuppression.select(b, scores, 1, ALL, 9)).containsExactly(1, 2, 0, 3, 4);
    assertThat(NonMaxSuppression.select(b, scores, 1, 0.3f, 9)).containsExactly(1, 2, 0);
    assertThat(NonMaxSuppression.select(b, scores, 1, ALL, 2)).containsExactly(1, 2);
    assertThat(NonMaxSuppression.select(b, scores, 1, ALL, 0)).isEmpty();
    Tensor none = Tensor.zeros(0, 4);
    assertThat(NonMaxSuppression.select(none, Tensor.zeros(0), 0.5, ALL, 3)).isEmpty();
  }

  @Test
  void anOverlapOfExactlyTheThresholdStays() {
    Tensor b = boxes(0, 0, 2, 2, 0, 0, 1, 2); // overlap 1/2
    Tensor scores = Tensor.of(new float[] {1, 0.5f}, 2);
    assertThat(NonMaxSuppression.select(b, scores, 0.5, ALL, 2)).containsExactly(0, 1);
    assertThat(NonMaxSuppression.select(b, scores, 0.49, ALL, 2)).containsExactly(0);
  }

  @Test
  void aScoreThatIsNoNumberIsNeverChosen() {
    Tensor b = boxes(0, 0, 1, 1, 5, 5, 6, 6);
    Tensor scores = Tensor.of(new float[] {Float.NaN, 0.5f}, 2);
    assertThat(NonMaxSuppression.select(b, scores, 0.5, ALL, 2)).containsExactly(1);
  }

  @Test
  void errorsNameOperationValuesAndRemedy() {
    assertThatThrownBy(() -> Iou.forward(Tensor.zeros(4), boxes(0, 0, 1, 1)))
        .hasMessage("Iou: first boxes of shape 4; give (count, 4)");
    assertThatThrownBy(() -> Iou.forward(boxes(0, 0, 1, 1), Tensor.zeros(2, 3)))
        .hasMessage("Iou: second boxes of shape 2×3; give (count, 4)");
    assertThat(BoxDecoding.problem(Shape.of(3), Shape.of(3)))
        .isEqualTo("BoxDecoding: anchors of shape 3; give (count, 4)");
    assertThatThrownBy(() -> BoxDecoding.forward(Tensor.zeros(2, 4), Tensor.zeros(3, 4)))
        .hasMessage("BoxDecoding: deltas of shape 3×4; give one of shape 2×4");
    assertThatThrownBy(() -> BoxDecoding.encode(Tensor.zeros(2, 4), Tensor.zeros(3, 4)))
        .hasMessageStartingWith("BoxDecoding: deltas of shape 3×4");
    Tensor two = Tensor.zeros(2, 4);
    assertThatThrownBy(() -> BoxDecoding.backward(Tensor.zeros(3), two, two))
        .hasMessageStartingWith("BoxDecoding: gradient of shape 3");
    Shape four = Shape.of(2, 4);
    assertThat(NonMaxSuppression.problem(Shape.of(2), Shape.of(2), 0.5, 1))
        .isEqualTo("NonMaxSuppression: boxes of shape 2; give (count, 4)");
    assertThat(NonMaxSuppression.problem(four, Shape.of(3), 0.5, 1))
        .isEqualTo("NonMaxSuppression: scores of shape 3; give one of shape 2");
    assertThat(NonMaxSuppression.problem(four, Shape.of(2), 1.5, 1))
        .isEqualTo("NonMaxSuppression: threshold 1.5; use 0 to 1");
    assertThat(NonMaxSuppression.problem(four, Shape.of(2), 0.5, -1))
        .isEqualTo("NonMaxSuppression: at most -1 boxes; use 0 or more");
    assertThatThrownBy(() -> NonMaxSuppression.select(two, Tensor.zeros(2), Double.NaN, ALL, 1))
        .hasMessage("NonMaxSuppression: threshold NaN; use 0 to 1");
  }
}
