package convscope.topic.chapter3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.data.Given;
import convscope.op.BatchNorm2d;
import convscope.op.Conv2d;
import convscope.op.Unary;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import convscope.topic.View;
import org.junit.jupiter.api.Test;

class OutputElementsTest {
  private final OutputElements topic = new OutputElements();

  private Values values(String... pairs) {
    Values values = topic.schema().defaults();
    for (int i = 0; i < pairs.length; i += 2) {
      values = values.with(pairs[i], pairs[i + 1]);
    }
    return values;
  }

  @Test
  void elementsAreThoseOfAnOutputReallyMade() {
    Rng rng = new Rng(4);
    int checked = 0;
    while (checked < 60) {
      Values values =
          values(
              "batch", text(1 + rng.nextInt(3)),
              "in-channels", text(1 + rng.nextInt(3)),
              "out-channels", text(1 + rng.nextInt(4)),
              "size", (1 + rng.nextInt(9)) + "x" + (1 + rng.nextInt(9)),
              "kernel", text(1 + rng.nextInt(5)),
              "stride", text(1 + rng.nextInt(4)),
              "padding", text(rng.nextInt(4)));
      if (topic.check(values, Given.NOTHING) != null) {
        continue;
      }
      Activations found = Activations.of(values);
      Tensor x =
          Tensor.zeros(
              found.batch(), found.inChannels(), found.size().height(), found.size().width());
      int k = found.spec().kernelHeight();
      Tensor w = Tensor.zeros(found.outChannels(), found.inChannels(), k, k);
      assertThat(found.elements()).isEqualTo(Conv2d.forward(x, w, null, found.spec()).size());
      assertThat(found.inputElements()).isEqualTo(x.size());
      assertThat(found.check()).endsWith("as the formula says.");
      checked++;
    }
  }

  private static String text(int value) {
    return String.valueOf(value);
  }

  /**
   * The claim about what is kept: from those tensors alone (and the parameters) come the gradients
   * that finite differences of the whole forward pass give.
   */
  @Test
  void theTensorsKeptSufficeForTheBackwardPass() {
    Activations found = Activations.of(values("block", "bn-relu"));
    assertThat(kept(found)).isEqualTo("1101"); // x, conv output, not BN output, ReLU output
    Rng rng = new Rng(9);
    Conv2d.Spec spec = Conv2d.Spec.of(3, 3).padding(1);
    Tensor x = rng.uniform(-1, 1, 2, 2, 4, 4);
    Tensor w = rng.uniform(-1, 1, 3, 2, 3, 3);
    Tensor gamma = rng.uniform(1, 2, 3);
    Tensor beta = rng.uniform(-1, 1, 3);
    Tensor weights =
        rng.uniform(-1, 1, 2, 3, 4, 4); // the loss is their dot product with the output
    Tensor conv = Conv2d.forward(x, w, null, spec);
    Tensor relu = Unary.RELU.forward(BatchNorm2d.train(conv, gamma, beta, 1e-5));

    // backward, from x, conv and relu; the BN output is never looked at
    Tensor dNorm = weights.copy();
    for (int i = 0; i < dNorm.size(); i++) {
      dNorm.data()[i] *= relu.data()[i] > 0 ? 1 : 0;
    }
    Tensor dConv = BatchNorm2d.trainBackward(dNorm, conv, gamma, 1e-5).dx();
    Tensor dw = Conv2d.weightGradient(dConv, x, w.shape(), spec);

    for (int n = 0; n < w.size(); n += 5) {
      double slope = 0;
      float kept = w.data()[n];
      for (int sign : new int[] {1, -1}) {
        w.data()[n] = kept + sign * 0.002f;
        Tensor y =
            Unary.RELU.forward(
                BatchNorm2d.train(Conv2d.forward(x, w, null, spec), gamma, beta, 1e-5));
        double loss = 0;
        for (int i = 0; i < y.size(); i++) {
          loss += (double) y.data()[i] * weights.data()[i];
        }
        slope += sign * loss / 0.004;
      }
      w.data()[n] = kept;
      assertThat((double) dw.data()[n]).isEqualTo(slope, within(0.03));
    }
  }

  private static String kept(Activations found) {
    StringBuilder out = new StringBuilder();
    for (int tensor = 0; tensor <= found.layers().size(); tensor++) {
      out.append(found.saved(tensor) ? 1 : 0);
    }
    return out.toString();
  }

  @Test
  void aConvolutionAloneKeepsItsInputAndAReluSparesItsOwn() {
    assertThat(kept(Activations.of(values("block", "conv")))).isEqualTo("10");
    assertThat(kept(Activations.of(values("block", "relu")))).isEqualTo("101");
  }

  /** ResNet-50's stem on 32 images, counted by hand. */
  @Test
  void theStemOfResNetTakes98MebibytesForItsOutput() {
    Activations stem = Activations.of(values());
    assertThat(stem.elements()).isEqualTo(32L * 64 * 112 * 112);
    assertThat(Bytes.text(stem.bytes(stem.elements()))).isEqualTo("98 MiB");
    long x = 32L * 3 * 224 * 224;
    assertThat(stem.keptBytes()).isEqualTo(4 * (x + 2 * stem.elements()));
    assertThat(stem.peak()).isEqualTo(4 * 2 * stem.elements());
    assertThat(stem.parameters()).isEqualTo(64 * 147 + 128);
  }

  @Test
  void halfThePrecisionIsHalfTheBytesAndInt8IsNotTrained() {
    long full = Activations.of(values()).keptBytes();
    assertThat(Activations.of(values("format", "fp16")).keptBytes()).isEqualTo(full / 2);
    assertThat(Activations.of(values("format", "int8")).keptBytes()).isEqualTo(full);
    assertThat(Activations.of(values("format", "int8")).peak())
        .isEqualTo(Activations.of(values()).peak() / 4);
  }

  @Test
  void pointingAtATensorTellsWhyItIsKept() {
    Activations found = Activations.of(values());
    String alt =
        topic.figure(found, new View(1, "train/2,0", new OutputElements().head().wide())).alt();
    assertThat(alt).contains("BN output, 25,690,112 elements: not kept");
  }

  @Test
  void aKernelThatDoesNotFitIsRefusedInTheOperatorsWords() {
    Problem problem = topic.check(values("size", "3", "padding", "0"), Given.NOTHING);
    assertThat(problem).isNotNull();
    assertThat(problem.text()).startsWith("Conv2d: kernel 7 (dilation 1) exceeds padded input 3");
  }

  @Test
  void forgettingTheBatchIsRightForOneImage() {
    Activations one = Activations.of(values("batch", "1", "mistake", "batch"));
    assertThat(one.counted("batch")).isEqualTo(one.keptBytes());
    Activations many = Activations.of(values("mistake", "batch"));
    assertThat(many.counted("batch") * 32).isEqualTo(many.keptBytes());
    assertThat(many.counted("stride")).isGreaterThan(many.keptBytes() * 3);
  }
}
