package convscope.topic.chapter3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.op.BatchNorm2d;
import convscope.op.Conv2d;
import convscope.op.Unary;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import convscope.topic.Probe;
import org.junit.jupiter.api.Test;

class OutputElementsTest {
  private static final Probe<Activations> PROBE = Probe.of(new OutputElements());

  @Test
  void elementsAreThoseOfAnOutputReallyMade() {
    Rng rng = new Rng(4);
    int checked = 0;
    while (checked < 60) {
      Probe<Activations> probe =
          PROBE.at(
              "batch="
                  + (1 + rng.nextInt(3))
                  + "&in-channels="
                  + (1 + rng.nextInt(3))
                  + "&out-channels="
                  + (1 + rng.nextInt(4))
                  + "&size="
                  + (1 + rng.nextInt(9))
                  + "x"
                  + (1 + rng.nextInt(9))
                  + "&kernel="
                  + (1 + rng.nextInt(5))
                  + "&stride="
                  + (1 + rng.nextInt(4))
                  + "&padding="
                  + rng.nextInt(4));
      if (probe.problem() != null) {
        continue;
      }
      Activations found = probe.result();
      Tensor x =
          Tensor.zeros(
              found.batch(), found.inChannels(), found.size().height(), found.size().width());
      int k = found.spec().kernelHeight();
      Tensor w = Tensor.zeros(found.outChannels(), found.inChannels(), k, k);
      assertThat(found.elements()).isEqualTo(Conv2d.forward(x, w, null, found.spec()).size());
      assertThat(found.elements(0)).isEqualTo(x.size());
      checked++;
    }
  }

  /**
   * The claim about what is kept: from those tensors alone (and the parameters) come the gradients
   * that finite differences of the whole forward pass give.
   */
  @Test
  void theTensorsKeptSufficeForTheBackwardPass() {
    assertThat(kept("bn-relu")).isEqualTo("1101"); // x, conv output, not BN output, ReLU output
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

  private static String kept(String block) {
    Activations found = PROBE.at("block=" + block).result();
    StringBuilder out = new StringBuilder();
    for (int tensor = 0; tensor <= found.last(); tensor++) {
      out.append(found.saved(tensor) ? 1 : 0);
    }
    return out.toString();
  }

  @Test
  void aConvolutionAloneKeepsItsInputAndAReluSparesItsOwn() {
    assertThat(kept("conv")).isEqualTo("10");
    assertThat(kept("relu")).isEqualTo("101");
  }

  /** ResNet-50's stem on 32 images, counted by hand. */
  @Test
  void theStemOfResNetTakes98MebibytesForItsOutput() {
    Activations stem = PROBE.result();
    assertThat(stem.elements()).isEqualTo(32L * 64 * 112 * 112);
    assertThat(PROBE.equation()).endsWith("25,690,112 elements of 4 bytes: 98 MiB");
    long x = 32L * 3 * 224 * 224;
    assertThat(stem.kept()).isEqualTo(4 * (x + 2 * stem.elements()));
    assertThat(stem.peak()).isEqualTo(4 * 2 * stem.elements());
    assertThat(stem.parameterBytes()).isEqualTo(4 * (64 * 147 + 128));
    assertThat(PROBE.at("show=amounts").caption())
        .isEqualTo(
            "Forward only, a batch of 32 takes at most 196 MiB at once. Kept for the backward pass: x, conv"
                + " output, ReLU output, 214 MiB.");
  }

  @Test
  void halfThePrecisionIsHalfTheBytesAndInt8IsNotTrained() {
    Activations full = PROBE.result();
    assertThat(PROBE.at("format=fp16").result().kept()).isEqualTo(full.kept() / 2);
    assertThat(PROBE.at("format=int8").result().kept()).isEqualTo(full.kept());
    assertThat(PROBE.at("format=int8").result().peak()).isEqualTo(full.peak() / 4);
  }

  @Test
  void pointingAtATensorTellsWhyItIsKept() {
    assertThat(PROBE.pick("train/2,0").caption())
        .contains("BN output, 25,690,112 elements: not kept");
  }

  @Test
  void theTextTwinTellsWhatIsInMemoryWhen() {
    assertThat(PROBE.twin())
        .contains("training, MiB: tensors in memory while each layer runs; together conv 116, ")
        .contains("<td>x kept by the convolution: the gradient of W is made of it</td>")
        .contains("<td>BN output not in memory</td>");
  }

  @Test
  void aKernelThatDoesNotFitIsRefusedInTheOperatorsWords() {
    assertThat(PROBE.at("size=3&padding=0").problem())
        .startsWith("Conv2d: kernel 7 (dilation 1) exceeds padded input 3");
  }

  @Test
  void forgettingTheBatchIsRightForOneImage() {
    Activations one = PROBE.at("batch=1&mistake=batch").result();
    assertThat(one.miscounted()).isEqualTo(one.kept());
    assertThat(PROBE.at("batch=1&mistake=batch").caption()).contains("right by luck");
    Activations many = PROBE.at("mistake=batch").result();
    assertThat(many.miscounted() * 32).isEqualTo(many.kept());
    Activations strided = PROBE.at("mistake=stride").result();
    assertThat(strided.miscounted()).isGreaterThan(strided.kept() * 3);
  }
}
