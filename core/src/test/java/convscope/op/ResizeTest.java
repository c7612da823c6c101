package convscope.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import convscope.op.Resize.Axis;
import convscope.op.Resize.Coordinates;
import convscope.op.Resize.Nearest;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ResizeTest {
  private static final Tensor ROW = Tensor.of(new float[] {0, 10, 20, 30}, 4);

  @Test
  void nearestUpsamplingRepeatsEachPixelAndItsGradientSumsTheBlock() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 1, 1, 2, 2);
    assertThat(Resize.nearestUpsample(x, 2).data())
        .containsExactly(1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4);
    assertThat(Resize.nearestUpsampleBackward(Tensor.full(1, 1, 1, 4, 6), 2).data())
        .containsOnly(4);
  }

  @Test
  void bilinearUpsamplingOfAHandComputedRow() {
    Tensor x = Tensor.of(new float[] {0, 4}, 1, 1, 1, 2);
    assertThat(Resize.bilinearUpsample(x, 2).data()).containsExactly(0, 1, 3, 4, 0, 1, 3, 4);
    Tensor ramp = Tensor.of(new float[] {0, 1, 2, 3}, 1, 1, 2, 2);
    assertThat(Resize.bilinearUpsample(ramp, 1).data()).isEqualTo(ramp.data());
  }

  @Test
  void eachCoordinateModeFindsItsOwnNeighbours() {
    // 4 → 6 cells: scale 1.5, linear interpolation of a ramp gives 10·coordinate inside it
    assertRamp(Coordinates.HALF_PIXEL, 0, 5, 35 / 3.0, 55 / 3.0, 25, 30);
    assertRamp(Coordinates.ASYMMETRIC, 0, 20 / 3.0, 40 / 3.0, 20, 80 / 3.0, 30);
    assertRamp(Coordinates.ALIGN_CORNERS, 0, 6, 12, 18, 24, 30);
    assertRamp(Coordinates.PYTORCH_HALF_PIXEL, 0, 5, 35 / 3.0, 55 / 3.0, 25, 30);
    assertRamp(Coordinates.HALF_PIXEL_SYMMETRIC, 0, 5, 35 / 3.0, 55 / 3.0, 25, 30);
  }

  private static void assertRamp(Coordinates coordinates, double... want) {
    Tensor y = Resize.forward(ROW, 0, Axis.linear(4, 6, 1.5, coordinates, false));
    for (int j = 0; j < want.length; j++) {
      assertThat((double) y.data()[j]).as(coordinates + " " + j).isCloseTo(want[j], within(1e-5));
    }
  }

  @Test
  void anOutputOfOneReadsTheCentreOrTheFirstPixel() {
    assertThat(one(Coordinates.HALF_PIXEL)).isEqualTo(15);
    assertThat(one(Coordinates.PYTORCH_HALF_PIXEL)).isZero();
    assertThat(one(Coordinates.ALIGN_CORNERS)).isZero();
    assertThat(one(Coordinates.ASYMMETRIC)).isZero();
  }

  private static float one(Coordinates coordinates) {
    return Resize.forward(ROW, 0, Axis.linear(4, 1, 0.25, coordinates, false)).data()[0];
  }

  @Test
  void symmetricCoordinatesKeepTheCentreWhereTheSizeWasRounded() {
    // scale 0.6 of 4 is 2.4, rounded down to 2: the outputs lie evenly around the middle, 1.5
    Tensor y =
        Resize.forward(ROW, 0, Axis.linear(4, 2, 0.6, Coordinates.HALF_PIXEL_SYMMETRIC, false));
    assertThat((double) y.data()[0] + y.data()[1]).isCloseTo(30, within(1e-5));
    assertThat((double) y.data()[1] - y.data()[0]).isCloseTo(10 / 0.6, within(1e-5));
  }

  @Test
  void halfwayPixelsGoWhereTheNearestModeSays() {
    // scale 0.5, asymmetric + ½ would be exact; half-pixel coordinates are ½ and 2½
    assertThat(nearest(Nearest.ROUND_PREFER_FLOOR)).containsExactly(0, 20);
    assertThat(nearest(Nearest.ROUND_PREFER_CEIL)).containsExactly(10, 30);
    assertThat(nearest(Nearest.FLOOR)).containsExactly(0, 20);
    assertThat(nearest(Nearest.CEIL)).containsExactly(10, 30);
    // ceil of a coordinate beyond the end is the last pixel
    assertThat(
            Resize.forward(ROW, 0, Axis.nearest(4, 8, 2, Coordinates.ASYMMETRIC, Nearest.CEIL))
                .data())
        .containsExactly(0, 10, 10, 20, 20, 30, 30, 30);
    assertThat(
            Resize.forward(ROW, 0, Axis.nearest(4, 3, 0.75, Coordinates.ASYMMETRIC, Nearest.FLOOR))
                .data())
        .containsExactly(0, 10, 20);
  }

  private static float[] nearest(Nearest nearest) {
    return Resize.forward(ROW, 0, Axis.nearest(4, 2, 0.5, Coordinates.HALF_PIXEL, nearest)).data();
  }

  @Test
  void antialiasingLetsEveryInputCountWhenShrinking() {
    Tensor x = Tensor.of(new float[] {0, 0, 0, 8, 0, 0, 0, 0}, 8);
    float[] plain =
        Resize.forward(x, 0, Axis.linear(8, 2, 0.25, Coordinates.HALF_PIXEL, false)).data();
    assertThat(plain).containsExactly(0, 0);
    float[] smooth =
        Resize.forward(x, 0, Axis.linear(8, 2, 0.25, Coordinates.HALF_PIXEL, true)).data();
    assertThat(smooth[0]).isGreaterThan(1);
    assertThat(smooth[1]).isGreaterThan(0).isLessThan(smooth[0]);
  }

  @Test
  void cubicWeightsReproduceAParabolaInTheInterior() {
    float[] squares = new float[9];
    for (int i = 0; i < 9; i++) {
      squares[i] = i * i;
    }
    Tensor y =
        Resize.forward(
            Tensor.of(squares, 9),
            0,
            Axis.cubic(9, 18, 2, Coordinates.ASYMMETRIC, false, -0.5, false));
    for (int j = 2; j < 14; j++) {
      assertThat((double) y.data()[j]).isCloseTo(j * j / 4.0, within(1e-5));
    }
    // outside neighbours left out, the rest weighs one again: a constant stays
    Tensor flat =
        Resize.forward(
            Tensor.full(3, 4),
            0,
            Axis.cubic(4, 7, 1.75, Coordinates.HALF_PIXEL, false, -0.75, true));
    for (float value : flat.data()) {
      assertThat(value).isCloseTo(3, within(1e-6f));
    }
  }

  @Test
  void coordinatesOfOnesOwnAreInterpolatedAndHeldAtTheBorder() {
    Axis axis = Axis.linear(3, new double[] {-2, 0.25, 1, 1.5, 9});
    Tensor y = Resize.forward(Tensor.of(new float[] {10, 20, 40}, 3), 0, axis);
    assertThat(y.data()).containsExactly(10, 12.5f, 20, 30, 40);
  }

  @Test
  void excludedNeighboursOutsideLeaveTheirWeightToTheOthers() {
    Tensor x = Tensor.of(new float[] {0, 1, 0, 0}, 4);
    for (boolean exclude : new boolean[] {false, true}) {
      Axis axis = Axis.cubic(4, 8, 2, Coordinates.HALF_PIXEL, false, -0.5, exclude);
      // output 1 lies at 0.25: Keys' weights of inputs −1, 0, 1, 2 with a = −1/2
      double[] w = {-0.0703125, 0.8671875, 0.2265625, -0.0234375};
      double want = exclude ? w[2] / (w[1] + w[2] + w[3]) : w[2];
      assertThat((double) Resize.forward(x, 0, axis).data()[1]).isCloseTo(want, within(1e-7));
    }
  }

  @Test
  void weightsSumToOneAndBackwardIsTheTransposeForEveryKind() {
    int checked = 0;
    for (Coordinates coordinates : Coordinates.values()) {
      for (int in = 1; in <= 5; in++) {
        for (int out = 1; out <= 7; out++) {
          double scale = (double) out / in;
          Axis[] axes = {
            Axis.nearest(in, out, scale, coordinates, Nearest.ROUND_PREFER_FLOOR),
            Axis.linear(in, out, scale, coordinates, false),
            Axis.linear(in, out, scale, coordinates, true),
            Axis.cubic(in, out, scale, coordinates, false, -0.75, false),
            Axis.cubic(in, out, scale, coordinates, true, -0.5, true),
          };
          for (Axis axis : axes) {
            for (int j = 0; j < out; j++) {
              double sum = 0;
              for (int t = 0; t < axis.taps(); t++) {
                sum += axis.weights()[j * axis.taps() + t];
                assertThat(axis.sources()[j * axis.taps() + t]).isBetween(0, in - 1);
              }
              assertThat(sum).isCloseTo(1, within(1e-12));
            }
            checked +=
                Adjoint.check(
                    t -> Resize.forward(t, 1, axis),
                    dy -> Resize.backward(dy, 1, axis),
                    Shape.of(2, in, 2));
          }
        }
      }
    }
    assertThat(checked).isEqualTo(5 * 7 * 5 * (1 + 2 + 3 + 4 + 5) * 4);
    Shape map = Shape.of(1, 2, 2, 3);
    Adjoint.check(
        t -> Resize.nearestUpsample(t, 3), dy -> Resize.nearestUpsampleBackward(dy, 3), map);
    Adjoint.check(
        t -> Resize.bilinearUpsample(t, 2), dy -> Resize.bilinearUpsampleBackward(dy, 2), map);
  }

  @Test
  void errorsNameOperationValuesAndRemedy() {
    assertThatThrownBy(() -> Axis.linear(0, 3, 1, Coordinates.HALF_PIXEL, false))
        .hasMessage("Resize: from 0 to 3 cells; use 1 or more for both");
    assertThatThrownBy(() -> Axis.nearest(3, 0, 1, Coordinates.HALF_PIXEL, Nearest.FLOOR))
        .hasMessage("Resize: from 3 to 0 cells; use 1 or more for both");
    Axis axis = Axis.linear(3, 6, 2, Coordinates.HALF_PIXEL, false);
    assertThatThrownBy(() -> Resize.forward(ROW, 0, axis))
        .hasMessage("Resize: axis 0 of shape 4 is not 3 long; make the axis for that length");
    assertThatThrownBy(() -> Resize.backward(ROW, 0, axis))
        .hasMessage("Resize: axis 0 of shape 4 is not 6 long; make the axis for that length");
    assertThatThrownBy(() -> Resize.forward(ROW, 1, axis))
        .hasMessage("Resize: axis 1 of shape 4 is not 3 long; make the axis for that length");
    assertThatThrownBy(() -> Resize.nearestUpsample(Tensor.zeros(1, 1, 2, 2), 0))
        .hasMessage("Resize: factor 0; use 1 or more");
    assertThatThrownBy(() -> Resize.bilinearUpsample(Tensor.zeros(2, 2), 2))
        .hasMessage("Resize: input of shape 2×2; give (N, C, H, W)");
  }
}
