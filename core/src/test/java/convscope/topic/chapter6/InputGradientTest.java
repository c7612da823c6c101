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

class InputGradientTest {
  private static final Probe<Played> PROBE = Probe.of(new InputGradient());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "size=5",
        "size=1&kernel=1&padding=0&stride=1",
        "size=4x7&stride=1",
        "size=2x3&kernel=5&padding=2", // the kernel is larger than the input
        "size=8x5&kernel=2&stride=3&padding=0", // the stride is longer than the kernel
        "size=8x6&kernel=2&stride=3&padding=1", // the floor drops rows
        "size=7x8&kernel=2x3&dilation=2&padding=2&input=noise&preset=count",
        "layer=two&input=noise&preset=emboss&channel=1",
        "layer=depthwise&mode=reflect&padding=2&size=6x4&filter=1",
        "mode=circular&input=noise&stride=1",
        "mode=replicate&padding=2&kernel=4"
      })
  void scatterAndGatherAreTheSumOfTheirProductsAndTheSlopeOfTheRealLossToTheBit(String query) {
    Layer layer = PROBE.at(query).result().layer();
    Naive naive = new Naive(layer);
    Tensor scattered = InputGradient.scattered(layer, layer.outputs() - 1);
    Tensor gathered = Gathered.of(layer, layer.g(), true).dx();
    assertThat(gathered.data()).isEqualTo(scattered.data());
    assertThat(Naive.doubles(scattered)).containsExactly(naive.dx()); // small whole numbers
    for (int n = 0; n < scattered.size(); n++) {
      double slope = naive.slope(Layer.Operand.INPUT, n);
      assertThat((double) scattered.data()[n]).isCloseTo(slope, within(1e-6 * (1 + naive.loss())));
      assertThat(layer.slope(Layer.Operand.INPUT, n))
          .isCloseTo(slope, within(1e-3 * (1 + naive.loss())));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-hard"})
  void bothWaysAgreeToTheBitOnTheDigitReadersRealGradient(String kind) {
    HeldOutDigits digits = HeldOutDigits.of(Shipped.GIVEN);
    for (int label = 0; label < 10; label++) {
      Layer layer = PROBE.at("layer=digit&digit=" + label + kind).result().layer();
      int number = 3 * label + (kind.isEmpty() ? 0 : 2);
      DigitReader.Pass pass =
          DigitReader.of(Shipped.GIVEN)
              .pass(Tensor.of(digits.image(number), 28, 28), digits.label(number));
      assertThat(digits.label(number)).isEqualTo(label);
      Tensor scattered = InputGradient.scattered(layer, layer.outputs() - 1);
      assertThat(scattered.data()).isEqualTo(pass.gradients().x().data());
      assertThat(Gathered.of(layer, layer.g(), true).dx().data()).isEqualTo(scattered.data());
      double[] naive = new Naive(layer).dx();
      for (int n = 0; n < naive.length; n++) {
        assertThat((double) scattered.data()[n]).isCloseTo(naive[n], within(1e-5));
      }
    }
    assertThat(PROBE.at("layer=digit&view=gather").svg()).contains("agree exactly");
  }

  @Test
  void thePixelsOfADigitAreNudgedAndTheLossAnswers() {
    DigitReader reader = DigitReader.of(Shipped.GIVEN);
    HeldOutDigits digits = HeldOutDigits.of(Shipped.GIVEN);
    Layer layer = PROBE.at("layer=digit").result().layer();
    float[] gradient = InputGradient.scattered(layer, layer.outputs() - 1).data();
    float largest = 0;
    for (int n = 0; n < gradient.length; n++) {
      if (digits.image(14)[n]
          < 0.3f) { // beside the strokes maxima are tied, and the loss has kinks
        continue;
      }
      Tensor up = Tensor.of(digits.image(14), 28, 28);
      Tensor down = Tensor.of(digits.image(14), 28, 28);
      up.data()[n] += 0.001f;
      down.data()[n] -= 0.001f;
      double slope = (reader.pass(up, 4).loss() - reader.pass(down, 4).loss()) / 0.002;
      assertThat((double) gradient[n]).isCloseTo(slope, within(0.02));
      largest = Math.max(largest, Math.abs(gradient[n]));
    }
    assertThat(largest).isGreaterThan(0.1f);
  }

  @Test
  void anOutputSendsItsGradientTimesTheKernelAndWhatFallsOnThePaddingIsLost() {
    assertThat(PROBE.step(0).caption())
        .startsWith("y[0, 0] sends its g = 2 back the way it came: each of the 9 cells")
        .contains("5 of them lie on the padding, where it is lost");
    assertThat(PROBE.at("mode=reflect").step(0).caption())
        .contains("pass it on to the cell that was copied there");
    assertThat(PROBE.at("padding=0").step(0).caption()).doesNotContain("padding");
  }

  @Test
  void aPointedPixelTellsEveryOutputAndTapThatReachIt() {
    assertThat(PROBE.step(0).pick("dx/1,1").caption())
        .startsWith("x[1, 1] has gone into 4 products")
        .contains("(g[0, 0]·w[2, 2], g[0, 1]·w[2, 0], g[1, 0]·w[0, 2], g[1, 1]·w[0, 0])");
    assertThat(PROBE.step(0).pick("dx/2,2").equation()).isEqualTo("∂L/∂x[2, 2] = 0·1 = 0");
    assertThat(PROBE.step(0).pick("dx/2,2").svg()).contains("data-k=\"path/1,1\"");
    assertThat(PROBE.at("kernel=1&stride=2&padding=0").pick("dx/1,1").caption())
        .contains("is read by no output");
    assertThat(PROBE.at("layer=two&stride=1").pick("dx/2,2").equation()).contains("18 products");
  }

  @Test
  void aStepOfTheInputLowersTheLoss() {
    Layer before = PROBE.at("").result().layer();
    Layer after = PROBE.at("taken=1").result().layer();
    double[] dx = new Naive(before).dx();
    for (int n = 0; n < dx.length; n++) {
      double moved = before.x().data()[n] - 0.04 * dx[n];
      assertThat((double) after.x().data()[n]).isCloseTo(moved, within(1e-6));
    }
    assertThat(after.loss()).isEqualTo(before.after()).isLessThan(before.loss());
    assertThat(after.w().data()).isEqualTo(before.w().data());
  }

  @Test
  void withoutTheFlipTheGradientIsWrongUnlessTheKernelIsItsOwnMirrorImage() {
    Layer layer = PROBE.at("").result().layer();
    float[] g = layer.g().data();
    float[] w = layer.w().data();
    float wrong = g[0] * w[0] + g[1] * w[2] + g[3] * w[6] + g[4] * w[8]; // corners, not turned
    assertThat(Gathered.of(layer, layer.g(), false).dx().at(0, 0, 1, 1)).isEqualTo(wrong);
    assertThat(PROBE.at("view=gather&mistake=on").caption())
        .startsWith("With the kernel as it is, ∂L/∂x[1, 1] = −4.")
        .contains("changes the loss at the rate 4.");
    assertThat(PROBE.at("view=gather&mistake=on&preset=gaussian").caption())
        .contains("cannot be seen here");
  }
}
