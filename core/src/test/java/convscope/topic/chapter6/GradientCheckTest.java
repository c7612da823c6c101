package convscope.topic.chapter6;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.op.ClassLabels;
import convscope.op.Conv2d;
import convscope.op.CrossEntropy;
import convscope.op.Unary;
import convscope.tensor.Tensor;
import convscope.topic.Probe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GradientCheckTest {
  private static final Probe<Checked> PROBE = Probe.of(new GradientCheck());

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void lossAndGradientAreThoseOfTheOperators(int stride) {
    SmallLayer layer = new SmallLayer(stride, "none");
    Tensor w = layer.w();
    Tensor b = layer.b();
    Tensor x = layer.x();
    assertThat(Naive.doubles(w)).containsExactly(layer.theta[0]); // float32 holds them
    assertThat(Naive.doubles(b)).containsExactly(layer.theta[1]);
    assertThat(Naive.doubles(x)).containsExactly(layer.theta[2]);
    Conv2d.Spec spec = Conv2d.Spec.of(3, 3).stride(stride).padding(1);
    Tensor a = Conv2d.forward(x, w, b, spec);
    assertThat(a.shape().dims()).containsExactly(1, 3, 2, 3);
    Tensor logits = Tensor.zeros(1, 3);
    for (int n = 0; n < a.size(); n++) {
      logits.data()[n / 6] += Math.max(a.data()[n], 0) / 6;
    }
    int[] label = {0};
    float loss = CrossEntropy.forward(logits, label, ClassLabels.MEAN).data()[0];
    assertThat(layer.loss(0, 0, 0, false)).isEqualTo(loss, within(1e-6));
    assertThat(layer.loss(0, 0, 0, true)).isEqualTo(loss, within(1e-6));
    Tensor scores = CrossEntropy.backward(Tensor.scalar(1), logits, label, ClassLabels.MEAN);
    Tensor dy = Tensor.zeros(a.shape());
    for (int n = 0; n < a.size(); n++) {
      dy.data()[n] = scores.data()[n / 6] / 6;
    }
    Conv2d.Gradients g = Conv2d.backward(Unary.RELU.backward(dy, a), x, w, spec);
    Tensor[] gradients = {g.dWeight(), g.dBias(), g.dx()};
    for (int p = 0; p < 3; p++) {
      for (int n = 0; n < gradients[p].size(); n++) {
        assertThat(layer.gradient()[p][n]).isEqualTo(gradients[p].data()[n], within(1e-6));
      }
    }
  }

  @Test
  void float32LossesAreFloats() {
    Checked it = PROBE.result();
    int rounded = 0;
    for (double epsilon : it.epsilons()) {
      for (int n = 0; n < it.backward()[0].length; n++) {
        double loss = it.model().loss(0, n, epsilon, true);
        assertThat((double) (float) loss).isEqualTo(loss);
        double twice = it.model().loss(0, n, epsilon, false);
        rounded += (float) twice == twice ? 0 : 1;
      }
    }
    assertThat(rounded).isGreaterThan(300); // of 405: float64 has more digits
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void theErrorIsAVWithItsLeastWhereTheoryHasIt(int stride) {
    Checked it = PROBE.at("stride=" + stride).result();
    // ε³ = u·L/(2T): where u·L/ε + T·ε² is least; half a decade either way is noise
    double[][][] single = it.single();
    double best = it.epsilons()[it.best(single)];
    double rounding = it.rounding(it.at(-2)) * 1e-2;
    double truncation = it.truncation(it.at(-2)) * 1e4;
    double expected = Math.cbrt(rounding / (2 * truncation));
    assertThat(best).isBetween(expected / 4, expected * 4).isBetween(3e-3, 1e-1);
    // rounding falls as 1/ε, and is of the size that 24 bits have
    for (int exponent = -6; exponent <= -3; exponent++) {
      int e = it.at(exponent);
      assertThat(it.error(single, e)).isBetween(it.rounding(e) / 3, it.rounding(e) * 6);
    }
    // truncation grows as ε²
    double[][][] twice = it.twice();
    double growth = it.error(twice, it.at(-1)) / it.error(twice, it.at(-3));
    assertThat(growth).isBetween(0.9e4, 1.1e4);
    assertThat(it.error(twice, it.best(twice))).isLessThan(1e-9);
    assertThat(it.epsilons()[it.best(twice)]).isBetween(1e-6, 1e-4);
    // and an ε below half a unit in the last place is lost where it is added
    assertThat(single[0][0][0]).isZero();
    assertThat(it.error(single, 0)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "none, 1, ''", "none, 2, ''", "none, 3, ''",
    "stride, 1, ''", "stride, 2, 02", "stride, 3, 02",
    "flip, 1, 2", "flip, 2, 2", "flip, 3, 2",
    "axis, 1, 1", "axis, 2, 1", "axis, 3, 1",
    "kink, 1, 012", "kink, 2, 012", "kink, 3, 012",
  })
  void whatFailsTellsTheMistake(String mistake, int stride, String failing) {
    for (String precision : new String[] {"float32", "float64"}) {
      String query = "mistake=" + mistake + "&stride=" + stride + "&precision=" + precision;
      Checked it = PROBE.at(query).result();
      StringBuilder found = new StringBuilder();
      it.failing(it.at(-3)).forEach(found::append);
      assertThat(found.toString()).as(query).isEqualTo(failing);
    }
  }

  @Test
  void everyMistakeIsRedAndSaidAndACorrectPassIsGreen() {
    assertThat(PROBE.caption()).contains("all three parameters pass").contains("Rounding rules");
    assertThat(PROBE.svg()).doesNotContain("✗");
    assertThat(PROBE.at("mistake=stride").caption())
        .contains("weights and input fail")
        .contains("Without the stride");
    assertThat(PROBE.at("mistake=stride&stride=1").caption()).contains("right by luck");
    assertThat(PROBE.at("mistake=flip").caption()).contains("input fails").contains("w[2 − u");
    assertThat(PROBE.at("mistake=axis").caption()).contains("bias fails").contains("3 numbers");
    assertThat(PROBE.at("mistake=kink").caption()).contains("No code is wrong");
    assertThat(PROBE.at("mistake=axis").svg()).contains("✗ 0.97");
    assertThat(PROBE.step(0).caption()).contains("θ + ε is θ");
    assertThat(PROBE.step(14).caption()).contains("Truncation rules");
  }

  @Test
  void atABendTheDifferenceIsTheMeanOfTheSlopesOnBothSides() {
    SmallLayer layer = new SmallLayer(2, "kink");
    assertThat(layer.activations(layer.theta, false)[1]).isZero();
    double step = 1e-6;
    double here = layer.loss(1, 0, 0, false);
    double right = (layer.loss(1, 0, step, false) - here) / step;
    double left = (here - layer.loss(1, 0, -step, false)) / step;
    double central = (layer.loss(1, 0, step, false) - layer.loss(1, 0, -step, false)) / (2 * step);
    assertThat(layer.gradient()[1][0]).isEqualTo(left, within(1e-5));
    assertThat(central).isEqualTo((left + right) / 2, within(1e-9));
    assertThat(Math.abs(right - left)).isGreaterThan(0.05);
  }

  @Test
  void nearABendANarrowDifferencePassesAndAWideOneFails() {
    Probe<Checked> near = PROBE.at("mistake=near&precision=float64");
    Checked it = near.result();
    assertThat(it.failing(it.at(-5))).isEmpty();
    assertThat(it.failing(it.at(-2))).containsExactly(0, 1, 2);
    assertThat(near.step(it.at(-5)).caption()).contains("does not step over the bend");
    assertThat(near.step(it.at(-2)).caption()).contains("steps over the bend");
  }

  @Test
  void pointingAtANumberShowsItsLosses() {
    Probe<Checked> bias = PROBE.pick("b/1,0").at("precision=float64").pick("b/1,0").step(10);
    Checked it = bias.result();
    SmallLayer layer = (SmallLayer) it.model();
    double above = layer.loss(1, 1, 1e-3, false);
    double below = layer.loss(1, 1, -1e-3, false);
    assertThat(bias.equation().replace('−', '-'))
        .startsWith("∂L/∂b[1] ≈ (" + above)
        .contains(below + ") / 2e-3");
  }

  @Test
  void theReadersGradientsAreTheLargestAndBendsExplainItsErrors() {
    Checked it = PROBE.at("network=reader&tolerance=1e-2").result();
    ReaderLayer layer = (ReaderLayer) it.model();
    for (int p = 0; p < 3; p++) {
      float most = layer.gradients()[p].largestSize();
      assertThat(Math.abs(it.backward()[p][0])).isEqualTo(most);
    }
    assertThat(it.failing(it.at(-4))).isEmpty();
    assertThat(it.error(it.single(), it.at(-8))).isGreaterThan(0.5);
    assertThat(layer.bends(1, 0, 1e-7)).isZero();
    assertThat(layer.bends(1, 0, 0.1)).isPositive();
    assertThat(PROBE.at("network=reader").step(7).caption()).contains("place in a max pooling");
  }
}
