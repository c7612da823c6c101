package convscope.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.junit.jupiter.api.Test;

class DepthToSpaceTest {
  @Test
  void theTwoOrdersTakeTheirChannelsFromDifferentPlaces() {
    // one pixel of eight channels, two output channels of 2×2
    Tensor x = Tensor.of(new float[] {0, 1, 2, 3, 4, 5, 6, 7}, 1, 8, 1, 1);
    assertThat(DepthToSpace.forward(x, 2, true).data()).containsExactly(0, 2, 4, 6, 1, 3, 5, 7);
    assertThat(DepthToSpace.forward(x, 2, false).data()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
  }

  @Test
  void blocksInterleaveAlongBothAxes() {
    Tensor x = Tensor.of(new float[] {0, 1, 10, 11, 20, 21, 30, 31}, 1, 4, 1, 2);
    Tensor y = DepthToSpace.forward(x, 2, true);
    assertThat(y.shape()).isEqualTo(Shape.of(1, 1, 2, 4));
    assertThat(y.data()).containsExactly(0, 10, 1, 11, 20, 30, 21, 31);
  }

  @Test
  void eachIsTheInverseAndTheGradientOfTheOther() {
    Rng rng = new Rng(1);
    int checked = 0;
    for (boolean depthFirst : new boolean[] {true, false}) {
      for (int block = 1; block <= 3; block++) {
        int b = block;
        Tensor x = rng.gaussian(1, 2, 2 * b * b, 2, 3);
        Tensor y = DepthToSpace.forward(x, b, depthFirst);
        assertThat(DepthToSpace.back(y, b, depthFirst).data()).isEqualTo(x.data());
        checked +=
            Adjoint.check(
                t -> DepthToSpace.forward(t, b, depthFirst),
                dy -> DepthToSpace.back(dy, b, depthFirst),
                x.shape());
      }
    }
    assertThat(checked).isEqualTo(2 * (24 + 96 + 216));
  }

  @Test
  void errorsNameOperationValuesAndRemedy() {
    assertThat(DepthToSpace.problem(Shape.of(1, 6, 2, 2), 2))
        .isEqualTo("DepthToSpace: 6 channels do not make blocks of 2×2; give a multiple of 4");
    assertThat(DepthToSpace.problem(Shape.of(1, 4, 2, 2), 0))
        .isEqualTo("DepthToSpace: block 0 is not positive; use 1 or more");
    assertThat(DepthToSpace.problemBack(Shape.of(1, 4, 2, 3), 2))
        .isEqualTo("SpaceToDepth: map 2×3 does not divide into blocks of 2; give multiples of 2");
    assertThat(DepthToSpace.problemBack(Shape.of(1, 4, 3, 2), 2))
        .isEqualTo("SpaceToDepth: map 3×2 does not divide into blocks of 2; give multiples of 2");
    assertThat(DepthToSpace.problemBack(Shape.of(4, 2, 3), 2))
        .isEqualTo("SpaceToDepth: input of shape 4×2×3; give (N, C, H, W)");
    assertThatThrownBy(() -> DepthToSpace.forward(Tensor.zeros(1, 2, 1, 1), 2, true))
        .hasMessageStartingWith("DepthToSpace: 2 channels");
    assertThatThrownBy(() -> DepthToSpace.back(Tensor.zeros(1, 2, 1, 1), 2, true))
        .hasMessageStartingWith("SpaceToDepth: map 1×1");
  }
}
