package convscope.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.junit.jupiter.api.Test;

class SoftmaxTest {
  @Test
  void logarithmsOfThreeToOneGiveThreeQuarters() {
    Tensor x = Tensor.of(new float[] {(float) Math.log(3), 0}, 2);
    assertThat(Softmax.forward(x, 0).data()).containsExactly(0.75f, 0.25f);
    assertThat((double) LogSoftmax.forward(x, 0).at(1)).isCloseTo(-Math.log(4), within(1e-7));
  }

  @Test
  void anyAxisOfAnyRankAgreesWithTheNaiveQuotientForwardAndBackward() {
    Rng rng = new Rng(8);
    int checked = 0;
    for (int[] dims : new int[][] {{4}, {1}, {3, 5}, {2, 3, 4}, {2, 1, 3, 2}, {0, 3}}) {
      for (int axis = -dims.length; axis < dims.length; axis++) {
        int along = Math.floorMod(axis, dims.length);
        Tensor x = rng.gaussian(2, dims);
        Tensor dy = rng.gaussian(1, dims);
        double[] in = Numeric.doubles(x);
        Tensor y = Softmax.forward(x, axis);
        Tensor log = LogSoftmax.forward(x, axis);
        Numeric.assertClose(y, naive(in, x.shape(), along, false), 1e-6);
        Numeric.assertClose(log, naive(in, x.shape(), along, true), 1e-6);
        checked +=
            Numeric.assertClose(
                Softmax.backward(dy, y, axis),
                Numeric.gradient(v -> Numeric.dot(naive(v, x.shape(), along, false), dy), in),
                1e-5);
        checked +=
            Numeric.assertClose(
                LogSoftmax.backward(dy, log, axis),
                Numeric.gradient(v -> Numeric.dot(naive(v, x.shape(), along, true), dy), in),
                1e-5);
      }
    }
    assertThat(checked).isGreaterThan(350);
  }

  private static double[] naive(double[] x, Shape shape, int axis, boolean log) {
    int step = shape.product(axis + 1, shape.rank());
    double[] y = new double[x.length];
    for (int at = 0; at < x.length; at++) {
      int first = at - at / step % shape.dim(axis) * step;
      double sum = 0;
      for (int i = 0; i < shape.dim(axis); i++) {
        sum += Math.exp(x[first + i * step]);
      }
      y[at] = log ? Math.log(Math.exp(x[at]) / sum) : Math.exp(x[at]) / sum;
    }
    return y;
  }

  @Test
  void hugeScoresDoNotOverflow() {
    Tensor x = Tensor.of(new float[] {1e30f, 1e30f, -1e30f}, 3);
    assertThat(Softmax.forward(x, 0).data()).containsExactly(0.5f, 0.5f, 0);
    assertThat(LogSoftmax.forward(x, 0).at(2)).isEqualTo(-2e30f);
  }

  @Test
  void hugeScoresDoNotOverflowOnAnInnerAxisEither() {
    Tensor x = Tensor.of(new float[] {0, 2000, 1000, 0, 2000, 0}, 3, 2);
    assertThat(Softmax.forward(x, 0).data()).containsExactly(0, 1, 0, 0, 1, 0);
    assertThat(LogSoftmax.forward(x, 0).data()).containsExactly(-2000, 0, -1000, -2000, 0, -2000);
  }

  @Test
  void addingAConstantChangesNothing() {
    Tensor x = Tensor.of(new float[] {1, 2, 4}, 3);
    Tensor shifted = Tensor.of(new float[] {-99, -98, -96}, 3);
    assertThat(Softmax.forward(shifted, 0).data()).containsExactly(Softmax.forward(x, 0).data());
  }

  @Test
  void notANumberAndNothingButMinusInfinityGiveNotANumber() {
    float low = Float.NEGATIVE_INFINITY;
    assertThat(Softmax.forward(Tensor.of(new float[] {1, Float.NaN}, 2), 0).data())
        .containsOnly(Float.NaN);
    assertThat(Softmax.forward(Tensor.of(new float[] {low, low}, 2), 0).data())
        .containsOnly(Float.NaN);
    assertThat(Softmax.forward(Tensor.of(new float[] {0, low}, 2), 0).data()).containsExactly(1, 0);
    assertThat(LogSoftmax.forward(Tensor.of(new float[] {0, low}, 2), 0).data())
        .containsExactly(0, low);
  }

  @Test
  void errorsNameOperationValuesAndRemedy() {
    assertThat(Softmax.problem(Shape.of(2, 3), 2))
        .isEqualTo("Softmax: axis 2 of an input of shape 2×3; use -2 to 1");
    assertThat(LogSoftmax.problem(Shape.of(2, 3), -3))
        .isEqualTo("LogSoftmax: axis -3 of an input of shape 2×3; use -2 to 1");
    assertThatThrownBy(() -> Softmax.forward(Tensor.scalar(1), 0))
        .hasMessage("Softmax: axis 0 of a scalar; give an input with at least one axis");
    assertThatThrownBy(() -> Softmax.backward(Tensor.zeros(2), Tensor.zeros(3), 0))
        .hasMessage(
            "Softmax: gradient of shape 2 for an output of shape 3; give one of that shape");
    assertThatThrownBy(() -> LogSoftmax.backward(Tensor.zeros(2), Tensor.zeros(3), 0))
        .hasMessageStartingWith("LogSoftmax: gradient of shape 2");
  }
}
