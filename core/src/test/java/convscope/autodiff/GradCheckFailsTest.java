package convscope.autodiff;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.op.Conv2d;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A check that cannot fail proves nothing: bugs are planted here, and must be found. */
class GradCheckFailsTest {
  private static final @Nullable Var NO_BIAS = null;
  private static final Conv2d.Spec STRIDED = Conv2d.Spec.of(3, 2).stride(2, 1).padding(1, 0);

  private final Rng rng = new Rng(7);
  private final Tensor x = rng.gaussian(1, 2, 2, 5, 4);
  private final Tensor w = rng.gaussian(1, 3, 2, 3, 2);

  @Test
  void theRightBackwardPassesAndEveryElementIsChecked() {
    GradCheck.Report report =
        GradCheck.check(v -> v[0].conv2d(v[1], v[2], STRIDED), x, w, rng.gaussian(1, 3));
    assertThat(report.passes()).as(report.toString()).isTrue();
    assertThat(report.checked()).isEqualTo(80 + 36 + 3);
    assertThat(report.toString()).startsWith("GradCheck: all 119 elements agree; the worst of 119");
  }

  @Test
  void aForgottenStrideIsFound() {
    GradCheck.Report report =
        GradCheck.check(
            v -> {
              Var y = v[0].conv2d(v[1], NO_BIAS, STRIDED);
              return v[0].tape()
                  .record(
                      "Conv2d",
                      y.value(),
                      Tape.edge(v[0], dy -> Conv2d.inputGradient(dy, w, x.shape(), STRIDED)),
                      Tape.edge(v[1], dy -> withoutStride(dy, v[0].value())));
            },
            x,
            w);
    assertRed(report, 1);
  }

  /** dW as if neighbouring outputs had read neighbouring inputs, so the last rows none. */
  private Tensor withoutStride(Tensor dy, Tensor input) {
    Tensor top = Tensor.zeros(2, 2, 3, 4); // the rows that three outputs of stride 1 read
    for (int plane = 0; plane < 4; plane++) {
      System.arraycopy(input.data(), plane * 20, top.data(), plane * 12, 12);
    }
    return Conv2d.weightGradient(dy, top, w.shape(), STRIDED.stride(1));
  }

  @Test
  void aKernelThatIsNotFlippedOnTheWayBackIsFound() {
    Conv2d.Spec same = Conv2d.Spec.of(3, 3).padding(1);
    Tensor kernel = rng.gaussian(1, 2, 2, 3, 3);
    GradCheck.Report report =
        GradCheck.check(
            v -> {
              Tensor y = Conv2d.forward(v[0].value(), kernel, null, same);
              // the input's gradient is the convolution of dy with the flipped kernel
              return v[0].tape()
                  .record(
                      "Conv2d",
                      y,
                      Tape.edge(v[0], dy -> Conv2d.forward(dy, swapped(kernel), null, same)));
            },
            x);
    assertRed(report, 0);
  }

  /** (out, in, kH, kW) to (in, out, kH, kW), and no flip. */
  private static Tensor swapped(Tensor kernel) {
    Tensor swapped = Tensor.zeros(kernel.dim(1), kernel.dim(0), 3, 3);
    for (int o = 0; o < kernel.dim(0); o++) {
      for (int c = 0; c < kernel.dim(1); c++) {
        for (int tap = 0; tap < 9; tap++) {
          swapped.set(kernel.at(o, c, tap / 3, tap % 3), c, o, tap / 3, tap % 3);
        }
      }
    }
    return swapped;
  }

  @Test
  void aReluAtItsKinkIsFound() {
    Tensor away = Tensor.of(new float[] {-1, 0.5f, 2}, 3);
    assertThat(GradCheck.check(GradCheckFailsTest::relu, away).passes()).isTrue();
    Tensor atKink = Tensor.of(new float[] {-1, 0, 2}, 3);
    GradCheck.Report report = GradCheck.check(GradCheckFailsTest::relu, atKink);
    assertRed(report, 0);
    assertThat(report.position()).containsExactly(1);
    assertThat(report.backward()).isZero();
    assertThat(Math.abs(report.numeric())).isBetween(0.25, 0.75); // half of the weight
  }

  private static Var relu(Var... v) {
    return elementwise(v[0], x -> Math.max(x, 0), x -> x > 0 ? 1 : 0);
  }

  @Test
  void oneWrongElementAmongManyIsNamed() {
    Tensor many = rng.uniform(-2, 2, 3, 4, 5);
    GradCheck.Report report =
        GradCheck.check(
            v -> {
              Var x = v[0];
              return x.tape()
                  .record(
                      "Twice",
                      map(x.value(), a -> 2 * a),
                      Tape.edge(
                          x,
                          dy -> {
                            Tensor dx = map(dy, a -> 2 * a);
                            dx.set(dx.at(1, 2, 3) * 1.01f, 1, 2, 3);
                            return dx;
                          }));
            },
            many);
    assertThat(report.passes()).isFalse();
    assertThat(report.checked()).isEqualTo(60);
    assertThat(report.operand()).isZero();
    assertThat(report.position()).containsExactly(1, 2, 3);
    assertThat(report.backward()).isEqualTo((float) report.numeric() * 1.01f);
    assertThat(report.toString())
        .startsWith(
            "GradCheck: backward is wrong; the worst of 60 is operand 0 [1, 2, 3]: backward ")
        .contains(", differences ", ", allowed difference 0.000");
  }

  @Test
  void aSlopeOnePerMilleTooSteepIsFound() {
    Tensor at = rng.uniform(-1, 1, 20);
    assertThat(GradCheck.check(v -> elementwise(v[0], Math::exp, Math::exp), at).passes()).isTrue();
    assertRed(GradCheck.check(v -> elementwise(v[0], Math::exp, x -> 1.001 * Math.exp(x)), at), 0);
  }

  @Test
  void aGradientThatIsNotANumberIsTheWorst() {
    Tensor at = Tensor.of(new float[] {1, 2, 3, 4}, 4);
    GradCheck.Report report =
        GradCheck.check(
            v -> elementwise(v[0], x -> x, x -> x == 2 ? Double.NaN : x == 3 ? 2 : 1), at);
    assertThat(report.passes()).isFalse();
    assertThat(report.position()).containsExactly(1);
    assertThat(report.backward()).isNaN();
  }

  @Test
  void aForgottenTermOfASharedOperandIsFound() {
    Tensor at = rng.uniform(-1, 1, 4);
    assertRed(
        GradCheck.check(
            v ->
                v[0].tape()
                    .record(
                        "Square",
                        map(v[0].value(), a -> a * a),
                        Tape.edge(v[0], dy -> v[0].value())),
            at),
        0);
  }

  @Test
  void aSmallGradientIsNotHiddenByAnAbsoluteTolerance() {
    Tensor at = rng.uniform(-1, 1, 8);
    assertThat(GradCheck.check(v -> elementwise(v[0], x -> 1e-5 * x, x -> 1e-5), at).passes())
        .isTrue();
    assertRed(GradCheck.check(v -> elementwise(v[0], x -> 1e-5 * x, x -> 1.01e-5), at), 0);
  }

  @Test
  void aConstantFunctionHasNoGradientAndNoDifferences() {
    GradCheck.Report report =
        GradCheck.check(v -> elementwise(v[0], x -> 3, x -> 0), rng.uniform(-1, 1, 2, 2));
    assertThat(report.passes()).as(report.toString()).isTrue();
    assertThat(report.allowed()).isZero();
    assertRed(GradCheck.check(v -> elementwise(v[0], x -> 3, x -> 1e-6), Tensor.scalar(1)), 0);
  }

  private static void assertRed(GradCheck.Report report, int operand) {
    assertThat(report.passes()).as(report.toString()).isFalse();
    assertThat(report.operand()).isEqualTo(operand);
  }

  private static Var elementwise(Var x, DoubleUnaryOperator value, DoubleUnaryOperator slope) {
    return x.tape()
        .record(
            "Elementwise",
            map(x.value(), value),
            Tape.edge(
                x,
                dy -> {
                  Tensor dx = Tensor.zeros(x.shape());
                  for (int i = 0; i < dx.size(); i++) {
                    dx.data()[i] =
                        (float) (dy.data()[i] * slope.applyAsDouble(x.value().data()[i]));
                  }
                  return dx;
                }));
  }

  private static Tensor map(Tensor x, DoubleUnaryOperator value) {
    Tensor y = Tensor.zeros(x.shape());
    for (int i = 0; i < y.size(); i++) {
      y.data()[i] = (float) value.applyAsDouble(x.data()[i]);
    }
    return y;
  }
}
