package convscope.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TensorTest {
  @Test
  void theLastAxisIsTheFastest() {
    Tensor x = Tensor.of(new float[] {0, 1, 2, 3, 4, 5}, 1, 2, 1, 3);
    assertThat(x.at(0, 1, 0, 2)).isEqualTo(5);
    assertThat(x.at(0, 0, 0, 1)).isEqualTo(1);
    x.set(9, 0, 1, 0, 0);
    assertThat(x.data()[3]).isEqualTo(9);
    assertThat(x.dim(-1)).isEqualTo(3);
  }

  @Test
  void theLargestSizeStandsAtTheFirstOfEqualOnes() {
    Tensor x = Tensor.of(new float[] {1, -4, 4, 3}, 2, 2);
    assertThat(x.largestAt()).isEqualTo(1);
    assertThat(Math.abs(x.data()[x.largestAt()])).isEqualTo(x.largestSize());
  }

  @Test
  void aCopyAndAReshapedTensorShareNothing() {
    Tensor x = Tensor.full(1, 2, 3);
    x.copy().data()[0] = 5;
    x.reshaped(3, 2).data()[0] = 5;
    assertThat(x.data()).containsOnly(1);
    assertThat(x.reshaped(3, 2).shape()).isEqualTo(Shape.of(3, 2));
  }

  @Test
  void shapesCountCompareAndReadAsText() {
    Shape shape = Shape.of(2, 3, 4);
    assertThat(shape.size()).isEqualTo(24);
    assertThat(shape.product(1, 3)).isEqualTo(12);
    assertThat(shape)
        .hasToString("2×3×4")
        .isEqualTo(Shape.of(2, 3, 4))
        .hasSameHashCodeAs(Shape.of(2, 3, 4));
    assertThat(shape).isNotEqualTo(Shape.of(2, 12)).isNotEqualTo("2×3×4");
    assertThat(shape.with(-1, 7)).isEqualTo(Shape.of(2, 3, 7));
    assertThat(Shape.of()).hasToString("scalar");
    assertThat(Tensor.scalar(3).at()).isEqualTo(3);
    assertThat(Shape.of(0, 5).size()).isZero();
    int[] dims = {1, 2};
    Shape kept = Shape.of(dims);
    dims[0] = 9;
    assertThat(kept.dims()).containsExactly(1, 2);
  }

  @Test
  void aPlaneIsOneMatrixAndRollingMovesEachRoundItsEdges() {
    Tensor two = Tensor.of(new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 1, 2, 2, 3);
    assertThat(two.plane(1).shape()).isEqualTo(Shape.of(1, 1, 2, 3));
    assertThat(two.plane(1).data()).containsExactly(6, 7, 8, 9, 10, 11);
    assertThat(two.rolled(1, 2).data()).containsExactly(4, 5, 3, 1, 2, 0, 10, 11, 9, 7, 8, 6);
    assertThat(two.rolled(2, 3).data()).as("a full round").isEqualTo(two.data());
  }

  @Test
  void textShowsShapeAndFirstElements() {
    assertThat(Tensor.of(new float[] {1, -0.5f}, 2)).hasToString("Tensor 2 [1, −0.5]");
    assertThat(Tensor.zeros(9)).hasToString("Tensor 9 [0, 0, 0, 0, 0, 0, 0, 0, …]");
  }

  @Test
  void meanAndDeviationAreOverAllElements() {
    Tensor x = Tensor.of(new float[] {2, 4, 4, 4, 5, 5, 7, 9}, 2, 1, 2, 2);
    assertThat(x.mean()).isEqualTo(5);
    assertThat(x.deviation()).isEqualTo(2);
  }

  @Test
  void errorsNameValuesAndRemedy() {
    assertThatThrownBy(() -> Tensor.of(new float[3], 2, 2))
        .hasMessage("Tensor: shape 2×2 needs 4 elements, got 3; change one of them");
    assertThatThrownBy(() -> Tensor.zeros(2, 2).at(1))
        .hasMessage("Tensor: 1 indices for shape 2×2; give one per axis");
    assertThatThrownBy(() -> Tensor.zeros(2, 2).at(0, 2))
        .hasMessage("Tensor: index 2 on axis 1 of shape 2×2; use 0 to 1");
    assertThatThrownBy(() -> Shape.of(2, -1))
        .hasMessage("Shape: axis of -1 in 2×-1; use 0 or more");
    assertThatThrownBy(() -> Shape.of(70000, 70000))
        .hasMessage(
            "Shape: 70000×70000 has more elements than an array can hold; use a smaller one");
  }
}
