package convscope.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class UnaryTest {
  private static final double E = Math.E;

  /** Each function with its definition as written in the textbook, on the platform's own Math. */
  private record Row(Unary function, DoubleUnaryOperator definition) {}

  private static final List<Row> ROWS =
      List.of(
          new Row(Unary.RELU, x -> Math.max(x, 0)),
          new Row(Unary.leakyRelu(0.2), x -> Math.max(x, 0) + 0.2 * Math.min(x, 0)),
          new Row(Unary.elu(1.5), x -> x > 0 ? x : 1.5 * (Math.pow(E, x) - 1)),
          new Row(Unary.GELU, x -> x * normal(x)),
          new Row(
              Unary.GELU_TANH,
              x -> x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)))),
          new Row(Unary.SILU, x -> x / (1 + Math.pow(E, -x))),
          new Row(Unary.SIGMOID, x -> 1 / (1 + Math.pow(E, -x))),
          new Row(Unary.TANH, Math::tanh),
          new Row(Unary.SOFTPLUS, x -> Math.log(1 + Math.pow(E, x))),
          new Row(Unary.hardSigmoid(0.25, 0.6), x -> Math.max(0, Math.min(1, 0.25 * x + 0.6))),
          new Row(Unary.HARD_SWISH, x -> x * Math.max(0, Math.min(6, x + 3)) / 6),
          new Row(Unary.ERF, x -> 2 * normal(x * Math.sqrt(2)) - 1),
          new Row(Unary.EXP, x -> Math.pow(E, x)),
          new Row(Unary.LOG, Math::log),
          new Row(Unary.SQRT, x -> Math.pow(x, 0.5)),
          new Row(Unary.ABS, x -> Math.max(x, -x)),
          new Row(Unary.NEG, x -> 0 - x),
          new Row(Unary.SQUARE, x -> Math.pow(x, 2)),
          new Row(Unary.clip(-1.5, 2.5), x -> Math.min(2.5, Math.max(-1.5, x))));

  /** The normal distribution function by Simpson's rule over 2,000 pieces. */
  private static double normal(double x) {
    int pieces = 2000;
    double sum = 0;
    for (int i = 0; i <= pieces; i++) {
      double t = x * i / pieces;
      double weight = i == 0 || i == pieces ? 1 : i % 2 == 1 ? 4 : 2;
      sum += weight * Math.exp(-t * t / 2);
    }
    return 0.5 + sum * x / pieces / 3 / Math.sqrt(2 * Math.PI);
  }

  @Test
  void everyFunctionEqualsItsDefinitionAndEverySlopeItsDifferenceQuotient() {
    int checked = 0;
    for (Row row : ROWS) {
      for (double x = -4.03; x < 4.1; x += 0.17) {
        double want = row.definition.applyAsDouble(x);
        if (Double.isNaN(want)) {
          assertThat(row.function.value(x)).as(row.function.name()).isNaN();
          continue;
        }
        double slope =
            (row.definition.applyAsDouble(x + 1e-5) - row.definition.applyAsDouble(x - 1e-5))
                / 2e-5;
        assertThat(row.function.value(x)).as(row.function.name()).isCloseTo(want, within(1e-11));
        assertThat(row.function.slope(x))
            .as(row.function.name())
            .isCloseTo(slope, within(1e-7 * Math.max(1, slope)));
        checked++;
      }
    }
    assertThat(checked).isGreaterThan(800);
  }

  @Test
  void tensorsKeepTheirShapeAndRoundOnce() {
    Tensor x = new Rng(1).gaussian(2, 2, 1, 3);
    Tensor dy = new Rng(2).gaussian(1, 2, 1, 3);
    for (Row row : ROWS) {
      Tensor y = row.function.forward(x);
      Tensor dx = row.function.backward(dy, x);
      assertThat(y.shape()).isEqualTo(x.shape());
      assertThat(dx.shape()).isEqualTo(x.shape());
      for (int i = 0; i < x.size(); i++) {
        assertThat((Float) y.data()[i]).isEqualTo((Float) (float) row.function.value(x.data()[i]));
        double want = dy.data()[i] * row.function.slope(x.data()[i]);
        if (!Double.isNaN(want)) {
          assertThat((double) dx.data()[i]).isEqualTo(want, within(1e-6 * Math.abs(want)));
        }
      }
    }
  }

  @Test
  void cornersHaveTheDocumentedSlope() {
    assertThat(Unary.RELU.slope(0)).isZero();
    assertThat(Unary.leakyRelu(0.1).slope(0)).isEqualTo(0.1);
    assertThat(Unary.elu(0.5).slope(0)).isEqualTo(0.5);
    assertThat(Unary.ABS.slope(0)).isZero();
    assertThat(Unary.ABS.slope(-0.0)).isZero();
    assertThat(Unary.HARD_SWISH.slope(-3)).isZero();
    assertThat(Unary.HARD_SWISH.slope(3)).isEqualTo(1);
    assertThat(Unary.hardSigmoid(0.5, 0.5).slope(-1)).isZero();
    assertThat(Unary.hardSigmoid(0.5, 0.5).slope(1)).isZero();
    assertThat(Unary.clip(-1, 1).slope(-1)).isEqualTo(1);
    assertThat(Unary.clip(-1, 1).slope(1)).isEqualTo(1);
    assertThat(Unary.SQRT.slope(0)).isInfinite();
  }

  @Test
  void notANumberStaysNotANumberForwardAndBackward() {
    for (Row row : ROWS) {
      assertThat(row.function.value(Double.NaN)).as(row.function.name()).isNaN();
      assertThat(row.function.backward(Tensor.scalar(Float.NaN), Tensor.scalar(1)).at())
          .as(row.function.name())
          .isNaN();
    }
  }

  @Test
  void infinitiesFollowTheLimits() {
    double infinity = Double.POSITIVE_INFINITY;
    assertThat(Unary.RELU.value(-infinity)).isZero();
    assertThat(Unary.RELU.value(infinity)).isEqualTo(infinity);
    assertThat(Unary.elu(2).value(-infinity)).isEqualTo(-2);
    assertThat(Unary.SIGMOID.value(-infinity)).isZero();
    assertThat(Unary.SIGMOID.value(infinity)).isEqualTo(1);
    assertThat(Unary.SOFTPLUS.value(infinity)).isEqualTo(infinity);
    assertThat(Unary.EXP.value(-infinity)).isZero();
    assertThat(Unary.LOG.value(0)).isEqualTo(-infinity);
    assertThat(Unary.ERF.value(-infinity)).isEqualTo(-1);
    assertThat(Unary.clip(-1, 1).value(infinity)).isEqualTo(1);
  }

  @Test
  void crossedClipBoundsGiveTheUpperOne() {
    assertThat(Unary.clip(2, 1).value(-5)).isEqualTo(1);
    assertThat(Unary.clip(2, 1).value(5)).isEqualTo(1);
  }

  @Test
  void aClosedGateStopsEvenAnInfiniteGradient() {
    Tensor dy = Tensor.of(new float[] {Float.POSITIVE_INFINITY, Float.NaN}, 2);
    assertThat(Unary.RELU.backward(dy, Tensor.full(-1, 2)).data()).containsExactly(0, 0);
  }

  @Test
  void scalarsAndEmptyTensorsWork() {
    assertThat(Unary.SQUARE.forward(Tensor.scalar(3)).at()).isEqualTo(9);
    assertThat(Unary.SQUARE.forward(Tensor.zeros(0, 4)).shape()).isEqualTo(Shape.of(0, 4));
  }

  @Test
  void aGradientOfAnotherShapeIsRefused() {
    assertThatThrownBy(() -> Unary.RELU.backward(Tensor.zeros(2), Tensor.zeros(3)))
        .hasMessage("ReLU: gradient of shape 2 for an output of shape 3; give one of that shape");
  }
}
