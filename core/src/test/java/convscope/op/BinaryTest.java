package convscope.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;

class BinaryTest {
  private record Row(Binary function, DoubleBinaryOperator definition) {}

  private static final List<Row> ROWS =
      List.of(
          new Row(Binary.ADD, (a, b) -> a + b),
          new Row(Binary.SUB, (a, b) -> a - b),
          new Row(Binary.MUL, (a, b) -> a * b),
          new Row(Binary.DIV, (a, b) -> a / b),
          new Row(Binary.POW, Math::pow));

  private static final int[][][] SHAPES = {
    {{3}, {3}, {3}},
    {{2, 3}, {3}, {2, 3}},
    {{3}, {2, 3}, {2, 3}},
    {{2, 1}, {1, 3}, {2, 3}},
    {{}, {2, 2}, {2, 2}},
    {{1, 3, 1, 2}, {2, 1, 4, 1}, {2, 3, 4, 2}},
    {{2, 3, 4, 5}, {3, 1, 1}, {2, 3, 4, 5}},
    {{1}, {1}, {1}},
    {{0, 3}, {3}, {0, 3}},
    {{1, 3}, {0, 1}, {0, 3}},
  };

  @Test
  void everyShapePairBroadcastsAndGradientsSumOverWhatWasRepeated() {
    Rng rng = new Rng(3);
    int checked = 0;
    for (Row row : ROWS) {
      for (int[][] shapes : SHAPES) {
        Tensor a = rng.uniform(0.5f, 2, shapes[0]);
        Tensor b = rng.uniform(0.5f, 2, shapes[1]);
        Tensor dy = rng.gaussian(1, shapes[2]);
        Tensor y = row.function.forward(a, b);
        assertThat(y.shape()).isEqualTo(Shape.of(shapes[2]));
        double[] inA = Numeric.doubles(a);
        double[] inB = Numeric.doubles(b);
        Numeric.assertClose(y, naive(row, a, inA, b, inB, shapes[2]), 1e-6);
        Binary.Gradients gradients = row.function.backward(dy, a, b);
        assertThat(gradients.da().shape()).isEqualTo(a.shape());
        assertThat(gradients.db().shape()).isEqualTo(b.shape());
        checked +=
            Numeric.assertClose(
                gradients.da(),
                Numeric.gradient(v -> Numeric.dot(naive(row, a, v, b, inB, shapes[2]), dy), inA),
                1e-4);
        checked +=
            Numeric.assertClose(
                gradients.db(),
                Numeric.gradient(v -> Numeric.dot(naive(row, a, inA, b, v, shapes[2]), dy), inB),
                1e-4);
      }
    }
    assertThat(checked).isGreaterThan(600);
  }

  /** Every output cell by its own index, axes aligned at the end. */
  private static double[] naive(
      Row row, Tensor a, double[] inA, Tensor b, double[] inB, int[] shape) {
    double[] y = new double[Shape.of(shape).size()];
    for (int cell = 0; cell < y.length; cell++) {
      y[cell] =
          row.definition.applyAsDouble(
              inA[source(cell, shape, a.shape())], inB[source(cell, shape, b.shape())]);
    }
    return y;
  }

  private static int source(int cell, int[] shape, Shape from) {
    int rest = cell;
    int step = 1;
    int at = 0;
    for (int back = 1; back <= from.rank(); back++) {
      int index = rest % shape[shape.length - back];
      rest /= shape[shape.length - back];
      at += (from.dim(-back) == 1 ? 0 : index) * step;
      step *= from.dim(-back);
    }
    return at;
  }

  @Test
  void divisionAndPowerFollowIeee() {
    assertThat(Binary.DIV.value(1, 0)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(Binary.DIV.value(0, 0)).isNaN();
    assertThat(Binary.POW.value(-2, 3)).isEqualTo(-8);
    assertThat(Binary.POW.value(-2, 0.5)).isNaN();
    assertThat(Binary.POW.value(0, 0)).isEqualTo(1);
    assertThat(Binary.ADD.value(Double.NaN, 1)).isNaN();
  }

  @Test
  void powerGradientsAreZeroWhereTheFormulaIsNot() {
    Binary.Gradients atZero = pow(0, 2);
    assertThat(atZero.da().at()).isZero();
    assertThat(atZero.db().at()).isZero(); // 0² ln 0 would be NaN
    assertThat(pow(0, 0).da().at()).isZero(); // 0 · 0^−1 would be NaN
    assertThat(pow(0, 0).db().at()).isZero();
    assertThat(pow(-3, 2).da().at()).isEqualTo(-6);
    assertThat(pow(-3, 2).db().at()).isNaN();
  }

  private static Binary.Gradients pow(float a, float b) {
    return Binary.POW.backward(Tensor.scalar(1), Tensor.scalar(a), Tensor.scalar(b));
  }

  @Test
  void preluHasOneSlopePerChannel() {
    Tensor x = Tensor.of(new float[] {-1, 2, -3, 4, -5, 0}, 1, 2, 3);
    Tensor slope = Tensor.of(new float[] {0.5f, 2}, 2, 1);
    assertThat(PRelu.forward(x, slope).data()).containsExactly(-0.5f, 2, -1.5f, 4, -10, 0);
    PRelu.Gradients gradients = PRelu.backward(Tensor.full(1, 1, 2, 3), x, slope);
    assertThat(gradients.dx().data()).containsExactly(0.5f, 1, 0.5f, 1, 2, 2);
    assertThat(gradients.dSlope().data()).containsExactly(-4, -5); // Σ of x where x ≤ 0
    assertThat(gradients.dSlope().shape()).isEqualTo(Shape.of(2, 1));
  }

  @Test
  void broadcastingAndSummingAreAdjoint() {
    Rng rng = new Rng(4);
    for (int[][] shapes : SHAPES) {
      Tensor x = rng.gaussian(1, shapes[0]);
      Tensor dy = rng.gaussian(1, shapes[2]);
      double left = Numeric.dot(Broadcast.forward(x, dy.shape()), dy);
      double right = Numeric.dot(x, Broadcast.backward(dy, x.shape()));
      assertThat(right).isCloseTo(left, org.assertj.core.api.Assertions.within(1e-5));
    }
  }

  @Test
  void errorsNameOperationValuesAndRemedy() {
    assertThat(Binary.MUL.problem(Shape.of(2, 3), Shape.of(4, 3)))
        .isEqualTo(
            "Mul: shapes 2×3 and 4×3 do not broadcast, 2 against 4 on axis 0; make them equal or"
                + " one of them 1");
    assertThat(Binary.MUL.problem(Shape.of(2, 3), Shape.of(0, 3))).contains("2 against 0");
    assertThatThrownBy(() -> Binary.ADD.forward(Tensor.zeros(2), Tensor.zeros(5, 3)))
        .hasMessage(
            "Add: shapes 2 and 5×3 do not broadcast, 2 against 3 on axis 1; make them equal or one"
                + " of them 1");
    assertThatThrownBy(
            () -> Binary.ADD.backward(Tensor.zeros(2), Tensor.zeros(2, 1), Tensor.zeros(2)))
        .hasMessage("Add: gradient of shape 2 for an output of shape 2×2; give one of that shape");
    assertThat(PRelu.problem(Shape.of(2, 3), Shape.of(5))).startsWith("PReLU: shapes 2×3 and 5 do");
    assertThatThrownBy(() -> PRelu.forward(Tensor.zeros(3), Tensor.zeros(2, 1)))
        .hasMessage(
            "PReLU: slope of shape 2×1 is larger than the input of shape 3; give one element, or"
                + " one per channel as (C, 1, 1)");
    assertThatThrownBy(() -> Broadcast.forward(Tensor.zeros(2, 3), Shape.of(3)))
        .hasMessage("Broadcast: shape 2×3 does not fit into 3; give axes of 1 or equal");
  }
}
