package convscope.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.junit.jupiter.api.Test;

class BlurPool2dTest {
  @Test
  void theFilterIsARowOfPascalsTriangleThatSumsToOne() {
    assertThat(BlurPool2d.binomial(1)).containsExactly(1);
    assertThat(BlurPool2d.binomial(2)).containsExactly(0.5, 0.5);
    assertThat(BlurPool2d.binomial(3)).containsExactly(0.25, 0.5, 0.25);
    assertThat(BlurPool2d.binomial(5))
        .containsExactly(1 / 16.0, 4 / 16.0, 6 / 16.0, 4 / 16.0, 1 / 16.0);
    assertThat(BlurPool2d.binomial(7)[3]).isEqualTo(20 / 64.0);
  }

  @Test
  void aConstantStaysAndTheHighestFrequencyFades() {
    Tensor flat = Tensor.full(3, 1, 2, 4, 6);
    assertThat(BlurPool2d.forward(flat, 3, 2).data()).containsOnly(3);
    assertThat(BlurPool2d.forward(flat, 3, 2).shape()).isEqualTo(Shape.of(1, 2, 2, 3));
    Tensor stripes = Tensor.zeros(1, 1, 6, 6);
    for (int at = 0; at < 36; at++) {
      stripes.data()[at] = at % 2 == 0 ? 1 : -1;
    }
    assertThat(BlurPool2d.forward(stripes, 3, 2).data()).containsOnly(0);
  }

  @Test
  void aHandComputedRowMirrorsItsBorderAndKeepsChannelsApart() {
    Tensor x =
        Tensor.of(new float[] {0, 4, 8, 0, 0, 0, 0, 0, 0, 4, 8, 0, 0, 0, 0, 0, 0, 0}, 1, 2, 3, 3);
    // rows of the first channel 0 4 8 / 0 0 0 / 0 0 0; horizontally 2 4 6; vertically ½, then ¼ of
    // it;
    // the second one begins 4 8 0, horizontally 6 5 4
    assertThat(BlurPool2d.forward(x, 3, 1).data())
        .containsExactly(1, 2, 3, 0.5f, 1, 1.5f, 0, 0, 0, 3, 2.5f, 2, 1.5f, 1.25f, 1, 0, 0, 0);
  }

  @Test
  void backwardIsTheTransposeForEverySizeAndStride() {
    int checked = 0;
    for (int size = 1; size <= 7; size++) {
      for (int stride = 1; stride <= 3; stride++) {
        int filter = size;
        int step = stride;
        Shape shape = Shape.of(1, 2, 4, 5);
        checked +=
            Adjoint.check(
                t -> BlurPool2d.forward(t, filter, step),
                dy -> BlurPool2d.backward(dy, shape, filter, step),
                shape);
      }
    }
    assertThat(checked).isEqualTo(7 * 3 * 40);
  }

  @Test
  void errorsNameOperationValuesAndRemedy() {
    assertThatThrownBy(() -> BlurPool2d.binomial(0)).hasMessage("BlurPool2d: filter 0; use 1 to 7");
    assertThatThrownBy(() -> BlurPool2d.binomial(8)).hasMessage("BlurPool2d: filter 8; use 1 to 7");
    assertThatThrownBy(() -> BlurPool2d.forward(Tensor.zeros(1, 1, 1, 4), 3, 2))
        .hasMessage(
            "BlurPool2d: reflect padding 1 exceeds 0, all that an input height of 1 can give; lower"
                + " padding to 0 or use replicate");
    assertThatThrownBy(() -> BlurPool2d.forward(Tensor.zeros(1, 1, 4, 4), 3, 0))
        .hasMessage("BlurPool2d: stride 0 is not positive; use 1 or more");
    assertThatThrownBy(() -> BlurPool2d.forward(Tensor.zeros(4, 4), 3, 1))
        .hasMessage("BlurPool2d: input of shape 4×4; give (N, C, H, W)");
    assertThatThrownBy(() -> BlurPool2d.backward(Tensor.zeros(1), Shape.of(1), 3, 1))
        .hasMessage("BlurPool2d: input of shape 1; give (N, C, H, W)");
  }
}
