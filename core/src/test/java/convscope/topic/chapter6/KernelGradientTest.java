package convscope.topic.chapter6;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.data.HeldOutDigits;
import convscope.tensor.Tensor;
import convscope.topic.DigitReader;
import convscope.topic.Probe;
import convscope.topic.Shipped;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelGradientTest {
  private static final Probe<Played> PROBE = Probe.of(new KernelGradient());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "size=5",
        "size=1&kernel=1&padding=0&stride=1",
        "size=4x7&stride=1",
        "size=2x3&kernel=5&padding=2", // the kernel is larger than the input
        "size=8x5&kernel=2&stride=3&padding=0", // the stride is longer than the kernel
        "size=7x8&kernel=2x3&dilation=2&padding=2&input=noise&preset=count",
        "layer=two&input=noise&preset=emboss",
        "layer=depthwise&mode=reflect&padding=2&size=6x4",
        "mode=circular&input=noise&stride=1",
        "mode=replicate&padding=2&kernel=4&taken=3&rate=0.002"
      })
  void everyGradientIsTheSumOfItsProductsAndTheSlopeOfTheRealLoss(String query) {
    Layer layer = PROBE.at(query).result().layer();
    Naive naive = new Naive(layer);
    double[] dw = naive.dw();
    Tensor gradient = KernelGradient.gradient(layer, layer.outputs() - 1);
    assertThat(gradient.size()).isEqualTo(dw.length).isPositive();
    assertThat(layer.loss()).isCloseTo(naive.loss(), within(1e-5 * (1 + naive.loss())));
    for (int n = 0; n < dw.length; n++) {
      double near = 1e-5 * (1 + Math.abs(dw[n]));
      assertThat((double) gradient.data()[n]).isCloseTo(dw[n], within(near));
      double slope = naive.slope(Layer.Operand.KERNEL, n);
      assertThat((double) gradient.data()[n]).isCloseTo(slope, within(near + 1e-4));
      assertThat(layer.slope(Layer.Operand.KERNEL, n))
          .isCloseTo(slope, within(1e-3 * (1 + naive.loss())));
    }
  }

  @Test
  void theSumGrowsWindowByWindow() {
    Layer layer = PROBE.at("").result().layer();
    double[] sum = new double[9];
    for (int last = 0; last < 9; last++) {
      for (int tap = 0; tap < 9; tap++) {
        int row = last / 3 * 2 + tap / 3 - 1;
        int column = last % 3 * 2 + tap % 3 - 1;
        boolean inside = row >= 0 && column >= 0 && row < 5 && column < 5;
        sum[tap] += inside ? layer.g().data()[last] * layer.x().at(0, 0, row, column) : 0;
      }
      assertThat(Naive.doubles(KernelGradient.gradient(layer, last))).containsExactly(sum);
    }
    assertThat(PROBE.step(3).caption()).contains("makes the sum −21, with 5 windows to come");
    assertThat(PROBE.step(8).equation()).contains("∂L/∂w[1, 2] =").endsWith("= −24");
  }

  @Test
  void aPointedGradientExplainsItselfByAllItsWindows() {
    assertThat(PROBE.step(0).pick("dw/1,0").equation())
        .startsWith("∂L/∂w[1, 0] = −5·0 + 2·1 + 5·1 + −9·0 ")
        .endsWith("= 36");
    assertThat(PROBE.step(0).pick("dw/1,0").caption()).startsWith("w[1, 0] has 9 products");
  }

  @Test
  void aStepMovesTheWeightsAgainstTheirGradientAndTheLossFalls() {
    Layer before = PROBE.at("").result().layer();
    Layer after = PROBE.at("taken=1").result().layer();
    for (int n = 0; n < 9; n++) {
      float moved = before.w().data()[n] - 0.01f * before.gradients().dWeight().data()[n];
      assertThat(after.w().data()[n]).isCloseTo(moved, within(1e-6f));
    }
    assertThat(after.before()).isEqualTo(before.loss());
    assertThat(after.loss()).isEqualTo(before.after()).isLessThan(before.loss() / 2);
    assertThat(PROBE.at("taken=10").result().layer().loss()).isLessThan(after.loss() / 4);
    assertThat(PROBE.step(8).caption()).contains("the loss falls from 155 to 69.79.");
  }

  @Test
  void tooLongAStepMakesTheLossRiseAndStopsBeforeNumbersOverflow() {
    Layer wild = PROBE.at("rate=0.1&taken=10&input=custom&x=9999,1,5;-9999,3,2").result().layer();
    assertThat(wild.loss()).isFinite().isGreaterThan(1e6 * wild.before());
    assertThat(wild.taken()).isLessThan(10);
    assertThat(PROBE.at("rate=0.1").step(8).caption()).contains("rises").contains("too long");
  }

  @Test
  void withTheStrideForgottenTheSumIsWrongAndTheLossSaysSo() {
    Layer layer = PROBE.at("mistake=on").result().layer();
    double sum = 0;
    for (int n = 0; n < 9; n++) { // w[1, 2] paired with x[i + 0, j + 1]
      sum += layer.g().data()[n] * layer.x().at(0, 0, n / 3, n % 3 + 1);
    }
    assertThat(KernelGradient.withoutStride(layer, 8).data()[5]).isEqualTo((float) sum);
    assertThat(PROBE.at("mistake=on").caption())
        .contains("is 10. Moved a little up and down, the weight changes the loss at the rate −24");
    assertThat(PROBE.at("mistake=on&stride=1").caption()).contains("cannot be seen");
  }

  @Test
  void onTheWayForwardNothingOfTheGradientIsKnown() {
    assertThat(PROBE.at("pass=forward&layer=two").step(1).caption())
        .contains("gives y[0, 1] = ")
        .contains("the other channel’s");
    assertThat(PROBE.at("pass=forward").step(1).pick("dw/0,0").svg())
        .doesNotContain("w[1, 0] has 9 products");
  }

  @Test
  void aKernelThatDoesNotFitIsRefusedInTheOperatorsWords() {
    assertThat(PROBE.at("size=2&kernel=5&padding=0").problem())
        .isEqualTo(
            "Conv2d: kernel 5 (dilation 1) exceeds padded input 2; raise padding to 2 or use kernel"
                + " ≤ 2");
  }

  @Test
  void theDigitReadersGradientIsTheSlopeOfItsRealLoss() {
    Layer layer = PROBE.at("layer=digit").result().layer();
    DigitReader reader = DigitReader.of(Shipped.GIVEN);
    HeldOutDigits digits = HeldOutDigits.of(Shipped.GIVEN);
    assertThat(digits.label(14)).isEqualTo(4);
    DigitReader.Pass pass = reader.pass(Tensor.of(digits.image(14), 28, 28), 4);
    assertThat(pass.answer()).isNotEqualTo(4);
    assertThat(layer.loss()).isEqualTo(pass.loss());
    Tensor gradient = KernelGradient.gradient(layer, layer.outputs() - 1);
    assertThat(gradient.data()).isEqualTo(pass.gradients().weights().w1().data());
    double[] naive = new Naive(layer).dw();
    for (int n = 0; n < naive.length; n++) {
      assertThat((double) gradient.data()[n]).isCloseTo(naive[n], within(1e-5));
    }
    for (int n = 3; n < naive.length; n += 20) { // nudge the weight and read the digit again
      float[] losses = new float[2];
      for (int side = 0; side < 2; side++) {
        Tensor w = reader.weights().w1().copy();
        w.data()[n] += side == 0 ? 0.002f : -0.002f;
        DigitReader.Weights all = reader.weights();
        losses[side] =
            new DigitReader(
                    new DigitReader.Weights(w, all.b1(), all.w2(), all.b2(), all.w3(), all.b3()))
                .pass(pass.x(), 4)
                .loss();
      }
      assertThat((losses[0] - losses[1]) / 0.004).isCloseTo(naive[n], within(0.02));
    }
    assertThat(layer.after()).isLessThan(layer.loss());
    assertThat(PROBE.at("layer=digit&digit=4").result().layer().loss()).isLessThan(0.01);
    assertThat(PROBE.at("layer=digit&taken=1&filter=2").step(575).caption())
        .contains("w[1, 2] has 576 products, one of each window, ")
        .contains("the loss falls from ");
  }
}
