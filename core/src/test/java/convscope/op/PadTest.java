package convscope.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.junit.jupiter.api.Test;

class PadTest {
  @Test
  void eachModeOnAHandComputedRow() {
    Tensor x = Tensor.of(new float[] {1, 2, 3}, 3);
    assertThat(row(x, 2, 1, PaddingMode.ZEROS)).containsExactly(9, 9, 1, 2, 3, 9);
    assertThat(row(x, 2, 1, PaddingMode.REFLECT)).containsExactly(3, 2, 1, 2, 3, 2);
    assertThat(row(x, 2, 1, PaddingMode.REPLICATE)).containsExactly(1, 1, 1, 2, 3, 3);
    assertThat(row(x, 2, 1, PaddingMode.CIRCULAR)).containsExactly(2, 3, 1, 2, 3, 1);
  }

  @Test
  void negativeAmountsCrop() {
    Tensor x = Tensor.of(new float[] {1, 2, 3}, 3);
    assertThat(row(x, -1, 2, PaddingMode.ZEROS)).containsExactly(2, 3, 9, 9);
    assertThat(row(x, 0, -2, PaddingMode.REPLICATE)).containsExactly(1);
    assertThat(row(x, -1, -2, PaddingMode.ZEROS)).isEmpty();
  }

  private static float[] row(Tensor x, int before, int after, PaddingMode mode) {
    return Pad.forward(x, new int[] {before}, new int[] {after}, mode, 9).data();
  }

  @Test
  void everyAxisIsPaddedByItsOwnAmountsAndBackwardIsTheTranspose() {
    Rng rng = new Rng(1);
    Tensor x = rng.gaussian(1, 2, 3, 4);
    int[] before = {1, -1, 2};
    int[] after = {0, 2, 3};
    for (PaddingMode mode : PaddingMode.values()) {
      Tensor y = Pad.forward(x, before, after, mode, 5);
      assertThat(y.shape()).isEqualTo(Shape.of(3, 4, 9));
      for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 4; j++) {
          for (int k = 0; k < 9; k++) {
            int a = mode.source(i - 1, 2);
            int b = mode.source(j + 1, 3);
            int c = mode.source(k - 2, 4);
            float want = a < 0 || b < 0 || c < 0 ? 5 : x.at(a, b, c);
            assertThat(y.at(i, j, k)).isEqualTo(want);
          }
        }
      }
      int checked =
          Adjoint.check(
              t -> Pad.forward(t, before, after, mode, 0),
              dy -> Pad.backward(dy, x.shape(), before, after, mode),
              x.shape());
      assertThat(checked).isEqualTo(24);
    }
  }

  @Test
  void anEmptyAxisCanOnlyGetZeros() {
    int[] one = {1};
    assertThat(Pad.forward(Tensor.zeros(0), one, one, PaddingMode.ZEROS, 3).data())
        .containsExactly(3, 3);
    assertThat(Pad.problem(Shape.of(0), one, one, PaddingMode.REPLICATE))
        .isEqualTo("Pad: axis 0 is empty, nothing to repeat; use zeros");
  }

  @Test
  void croppingAllLeavesNothing() {
    Tensor y = Pad.forward(Tensor.zeros(3), new int[] {-1}, new int[] {-2}, PaddingMode.ZEROS, 0);
    assertThat(y.shape()).isEqualTo(Shape.of(0));
  }

  @Test
  void errorsNameOperationValuesAndRemedy() {
    assertThat(Pad.problem(Shape.of(2, 2), new int[1], new int[2], PaddingMode.ZEROS))
        .isEqualTo("Pad: 1 and 2 amounts for shape 2×2; give one of each per axis");
    assertThat(Pad.problem(Shape.of(3), new int[] {-2}, new int[] {-2}, PaddingMode.ZEROS))
        .isEqualTo("Pad: amounts -2 and -2 crop more than axis 0 of 3; crop at most 3");
    assertThat(Pad.problem(Shape.of(3), new int[] {0}, new int[] {3}, PaddingMode.REFLECT))
        .isEqualTo(
            "Pad: reflect padding 3 exceeds 2, all that an input axis of 3 can give; lower padding"
                + " to 2 or use replicate");
    assertThatThrownBy(
            () ->
                Pad.backward(
                    Tensor.zeros(3), Shape.of(3), new int[1], new int[] {1}, PaddingMode.ZEROS))
        .hasMessage("Pad: gradient of shape 3 for an output of shape 4; give one of that shape");
    assertThatThrownBy(
            () -> Pad.forward(Tensor.zeros(3), new int[2], new int[1], PaddingMode.ZEROS, 0))
        .hasMessage("Pad: 2 and 1 amounts for shape 3; give one of each per axis");
    assertThatThrownBy(
            () ->
                Pad.backward(
                    Tensor.zeros(6), Shape.of(3), new int[1], new int[] {3}, PaddingMode.REFLECT))
        .hasMessageStartingWith("Pad: reflect padding 3 exceeds 2");
  }
}
