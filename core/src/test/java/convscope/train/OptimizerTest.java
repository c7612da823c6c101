package convscope.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import convscope.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class OptimizerTest {
  /** The parameter after each step from 1 with these gradients. */
  private static double[] path(Optimizer optimizer, float... gradients) {
    Tensor p = Tensor.full(1, 1);
    double[] path = new double[gradients.length];
    for (int t = 0; t < path.length; t++) {
      optimizer.step(p, Tensor.full(gradients[t], 1));
      path[t] = p.data()[0];
    }
    return path;
  }

  private static void assertPath(double[] got, double... want) {
    assertThat(got).hasSameSizeAs(want);
    for (int t = 0; t < want.length; t++) {
      assertThat(got[t]).as("step " + (t + 1)).isCloseTo(want[t], within(1e-6));
    }
  }

  @Test
  void gradientDescentByHand() {
    assertPath(path(new Sgd(0.5), 1, -2), 0.5, 1.5);
    assertPath(path(new Sgd(0.5).weightDecay(0.1), 1, 0), 0.45, 0.4275); // 1 − ½(1 + 0.1)
    // buf: 1, ½·1 + 1 = 1.5, ½·1.5 + 0 = 0.75
    assertPath(path(new Sgd(0.1).momentum(0.5), 1, 1, 0), 0.9, 0.75, 0.675);
    // the first buffer is not dampened: 1, ½·1 + ½·1 = 1
    assertPath(path(new Sgd(0.1).momentum(0.5).dampening(0.5), 1, 1), 0.9, 0.8);
    // g + ½ buf: 1.5, 1 + ½·1.5 = 1.75
    assertPath(path(new Sgd(0.1).momentum(0.5).nesterov(true), 1, 1), 0.85, 0.675);
  }

  @Test
  void adamByHand() {
    // whatever the size of g, the first step is the learning rate
    assertPath(path(new Adam(0.1), 5), 0.9);
    assertPath(path(new Adam(0.1), -0.1f), 1.1);
    // betas ½: m = ½, ¼ + 0 → m/(1−¼) = 1/3; v = ½, ¼ → √(¼/¾) = √(1/3)
    assertPath(path(new Adam(0.1).betas(0.5, 0.5), 1, 0), 0.9, 0.9 - 0.1 / 3 / Math.sqrt(1.0 / 3));
    // AMSGrad keeps v = ½ at the second step: √½/√¾
    assertPath(
        path(new Adam(0.1).betas(0.5, 0.5).amsGrad(true), 1, 0),
        0.9,
        0.9 - 0.1 / 3 / Math.sqrt(2.0 / 3));
    assertPath(path(new Adam(0.1).epsilon(1), 1), 0.95);
    assertPath(path(new Adam(0.1).weightDecay(0.5), 0), 0.9); // the decay is the gradient
    assertPath(path(new AdamW(0.1).weightDecay(0.5), 0), 0.95); // the decay is apart
    assertPath(path(new AdamW(0.1), 3), 0.9 - 0.1 * 0.01); // PyTorch's default decay
    assertPath(
        path(new AdamW(0.1).weightDecay(0).betas(0.5, 0.5).amsGrad(true).epsilon(0), 1, 0),
        0.9,
        0.9 - 0.1 / 3 / Math.sqrt(2.0 / 3));
  }

  @Test
  void rmsPropByHand() {
    // s = ¼·4 = 1, u = 2; then s = ¾, u = 0
    assertPath(path(new RmsProp(0.1).alpha(0.75), 2, 0), 0.8, 0.8);
    assertPath(path(new RmsProp(0.1).alpha(0.75).momentum(0.5), 2, 0), 0.8, 0.7);
    // a = ½, s − a² = 1 − ¼
    assertPath(path(new RmsProp(0.1).alpha(0.75).centred(true), 2), 1 - 0.2 / Math.sqrt(0.75));
    assertPath(path(new RmsProp(0.1).alpha(0.75).epsilon(1), 2), 0.9);
    assertPath(path(new RmsProp(0.1).alpha(0.75).weightDecay(1), 1), 0.8);
  }

  private static final List<Supplier<Optimizer>> ALL =
      List.of(
          () -> new Sgd(0.1).momentum(0.9),
          () -> new Adam(0.1),
          () -> new AdamW(0.1),
          () -> new RmsProp(0.1).momentum(0.5));

  @Test
  void everyParameterHasAMemoryOfItsOwn() {
    for (Supplier<Optimizer> each : ALL) {
      Optimizer both = each.get();
      Optimizer alone = each.get();
      Tensor a = Tensor.full(1, 2);
      Tensor b = Tensor.full(1, 3);
      Tensor c = Tensor.full(1, 2);
      for (int t = 0; t < 3; t++) {
        both.step(a, Tensor.full(t + 1, 2));
        both.step(b, Tensor.full(-1, 3));
        alone.step(c, Tensor.full(t + 1, 2));
      }
      assertThat(a.data()).isEqualTo(c.data());
    }
  }

  @Test
  void aChangedLearningRateCountsFromTheNextStep() {
    for (Supplier<Optimizer> each : ALL) {
      Optimizer optimizer = each.get();
      Tensor p = Tensor.full(1, 1);
      optimizer.step(p, Tensor.full(1, 1));
      float before = p.at(0);
      optimizer.learningRate(0);
      optimizer.step(p, Tensor.full(1, 1));
      assertThat(p.at(0)).isEqualTo(before).isNotEqualTo(1);
    }
  }

  @Test
  void everyOptimizerFindsTheBottomOfABowl() {
    for (Supplier<Optimizer> each : ALL) {
      Optimizer optimizer = each.get();
      Tensor p = Tensor.of(new float[] {3, -2}, 2);
      for (int t = 0; t < 400; t++) {
        optimizer.learningRate(0.1 / (1 + t / 20.0));
        optimizer.step(p, Tensor.of(new float[] {2 * p.at(0), p.at(1)}, 2)); // of x² + y²/2
      }
      assertThat((double) p.at(0)).isCloseTo(0, within(0.05));
      assertThat((double) p.at(1)).isCloseTo(0, within(0.05));
    }
  }

  @Test
  void errorsNameOptimizerValuesAndRemedy() {
    assertThatThrownBy(() -> new Sgd(-1)).hasMessage("Sgd: learning rate -1; use 0 or more");
    assertThatThrownBy(() -> new Sgd(1).learningRate(Double.NaN))
        .hasMessage("Sgd: learning rate NaN; use 0 or more");
    assertThatThrownBy(() -> new Sgd(1).momentum(-0.5))
        .hasMessage("Sgd: momentum -0.5; use 0 or more");
    assertThatThrownBy(() -> new Sgd(1).dampening(2)).hasMessage("Sgd: dampening 2; use 0 to 1");
    assertThatThrownBy(() -> new Sgd(1).weightDecay(-1))
        .hasMessage("Sgd: weight decay -1; use 0 or more");
    Tensor one = Tensor.full(1, 1);
    assertThatThrownBy(() -> new Sgd(1).nesterov(true).step(one, one))
        .hasMessage(
            "Sgd: Nesterov needs momentum and no dampening; set momentum above 0 and dampening to"
                + " 0");
    assertThatThrownBy(() -> new Sgd(1).momentum(0.9).dampening(0.1).nesterov(true).step(one, one))
        .hasMessageStartingWith("Sgd: Nesterov needs");
    assertThatThrownBy(() -> new Adam(0.1).betas(1, 0.9))
        .hasMessage("Adam: beta1 1; use 0 to 0.999999999");
    assertThatThrownBy(() -> new AdamW(0.1).betas(0.9, -1))
        .hasMessage("AdamW: beta2 -1; use 0 to 0.999999999");
    assertThatThrownBy(() -> new Adam(0.1).epsilon(-1))
        .hasMessage("Adam: epsilon -1; use 0 or more");
    assertThatThrownBy(() -> new Adam(0.1).weightDecay(-1))
        .hasMessage("Adam: weight decay -1; use 0 or more");
    assertThatThrownBy(() -> new AdamW(-0.1))
        .hasMessage("AdamW: learning rate -0.1; use 0 or more");
    assertThatThrownBy(() -> new RmsProp(0.1).alpha(2)).hasMessage("RmsProp: alpha 2; use 0 to 1");
    assertThatThrownBy(() -> new RmsProp(0.1).epsilon(-1)).hasMessageContaining("epsilon -1");
    assertThatThrownBy(() -> new RmsProp(0.1).momentum(-1)).hasMessageContaining("momentum -1");
    assertThatThrownBy(() -> new RmsProp(0.1).weightDecay(-1)).hasMessageContaining("decay -1");
    assertThatThrownBy(() -> new Adam(0.1).step(one, Tensor.zeros(2)))
        .hasMessage("Adam: gradient of shape 2 for a parameter of shape 1; give one of that shape");
  }
}
