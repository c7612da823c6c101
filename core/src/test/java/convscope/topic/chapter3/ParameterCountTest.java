package convscope.topic.chapter3;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.op.Conv2d;
import convscope.op.Linear;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import convscope.topic.Probe;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ParameterCountTest {
  private static final Probe<KernelBank> PROBE = Probe.of(new ParameterCount());

  private static Conv2d.Spec spec(KernelBank bank) {
    int h = bank.kernel().height();
    int w = bank.kernel().width();
    return Conv2d.Spec.of(h, w).padding(h / 2, w / 2).groups(bank.groups());
  }

  /** The oracle changes one number at a time and looks whether any output moves. */
  @Test
  void theCountIsThatOfTheNumbersWhoseChangeMovesAnOutput() {
    for (String groups : new String[] {"1", "2", "4"}) {
      KernelBank bank =
          PROBE.at("in-channels=4&out-channels=8&kernel=2x3&groups=" + groups).result();
      Rng rng = new Rng(1);
      Tensor x = rng.uniform(1, 2, 1, 4, 3, 4);
      Tensor w = rng.uniform(1, 2, 8, bank.depth(), 2, 3);
      Tensor b = rng.uniform(1, 2, 8);
      float[] before = Conv2d.forward(x, w, b, spec(bank)).data();
      int moved = 0;
      for (Tensor parameters : new Tensor[] {w, b}) {
        for (int n = 0; n < parameters.size(); n++) {
          float kept = parameters.data()[n];
          parameters.data()[n] = kept + 1;
          float[] after = Conv2d.forward(x, w, b, spec(bank)).data();
          moved += Arrays.equals(before, after) ? 0 : 1;
          parameters.data()[n] = kept;
        }
      }
      assertThat(bank.parameters()).isEqualTo(moved).isEqualTo(w.size() + b.size());
    }
  }

  /** The oracle makes the dense layer and runs it. */
  @Test
  void theDenseCountIsThatOfADenseLayerReallyMade() {
    for (int size = 1; size <= 4; size++) {
      KernelBank bank = PROBE.at("in-channels=2&out-channels=3&image=" + size).result();
      Tensor x = Tensor.zeros(1, 2 * size * size);
      Tensor w = Tensor.zeros(3 * size * size, 2 * size * size);
      Tensor b = Tensor.zeros(3 * size * size);
      assertThat(Linear.forward(x, w, b).size()).isEqualTo(3 * size * size);
      assertThat(bank.dense()).isEqualTo(w.size() + b.size());
    }
  }

  @Test
  void theSameTensorsRunAtEverySizeAndOnlyTheDenseCountGrows() {
    KernelBank small = PROBE.at("image=7").result();
    KernelBank large = PROBE.at("image=100").result();
    Tensor w = Tensor.zeros(8, 3, 3, 3);
    Tensor b = Tensor.zeros(8);
    for (KernelBank bank : new KernelBank[] {small, large}) {
      int side = bank.image();
      assertThat(Conv2d.forward(Tensor.zeros(1, 3, side, side), w, b, spec(bank)).shape().dims())
          .containsExactly(1, 8, side, side);
      assertThat(bank.parameters()).isEqualTo(w.size() + b.size()).isEqualTo(224);
    }
    assertThat(large.dense()).isGreaterThan(10_000 * small.dense());
    assertThat(PROBE.step(7).caption()).contains("8 · 28 = 224 in all");
  }

  @Test
  void countsAreThoseOfKnownLayers() {
    assertThat(PROBE.at("in-channels=64&out-channels=128&bias=off").result().parameters())
        .isEqualTo(73_728);
    assertThat(PROBE.topic().facts())
        .containsEntry("vggFirst", "1,792") // VGG-16 conv1_1
        .containsEntry("vgg", "2,359,808") // conv5_3
        .containsEntry("resnext", "4,608"); // ResNeXt-50 32x4d, layer1 conv2
  }

  @Test
  void theImageMovesOnlyTheDenseDot() {
    String small = PROBE.at("image=8").step(6).svg();
    String large = PROBE.at("image=200").step(6).svg();
    assertThat(row(small, 0)).contains("class=\"dot\"").isEqualTo(row(large, 0));
    assertThat(row(small, 1)).isNotEqualTo(row(large, 1));
    assertThat(small.substring(small.indexOf("bar/axis")))
        .isEqualTo(large.substring(large.indexOf("bar/axis")))
        .isNotEmpty();
  }

  private static String row(String svg, int n) {
    int from = svg.indexOf("data-k=\"bar/" + n + ",0\"");
    return svg.substring(from, svg.indexOf("</g>", from));
  }

  @Test
  void miscountsAreWrongAndWhereTheyAreRightItIsSaid() {
    assertThat(PROBE.at("mistake=flat").caption())
        .contains("Without depth the count would be 80; the actual tensors hold 224.");
    assertThat(PROBE.at("mistake=flat&in-channels=1").caption()).contains("right by luck");
  }

  @Test
  void pointingAtADotExplainsItsCount() {
    assertThat(PROBE.pick("bar/1,0").caption())
        .contains("from each of 3,072 inputs to each of 8,192 outputs, and a bias")
        .contains("25,174,016, 112,384 times as many as the convolution.");
  }

  @Test
  void groupsThatDoNotDivideAreRefusedInTheOperatorsWords() {
    assertThat(PROBE.at("groups=2").problem())
        .isEqualTo(
            "Conv2d: groups 2 must divide 3 input and 8 output channels; use a common divisor of"
                + " both");
  }

  @Test
  void theRelationsSymbolsLightTheirParts() {
    assertThat(PROBE.topic().relation().inline())
        .contains("<msub><mi class=\"output\" data-part=\"C_out\">C</mi><mtext>out</mtext></msub>")
        .contains("<msub><mi class=\"kernel\" data-part=\"K_h\">K</mi><mi>h</mi></msub>")
        .contains("<msub><mi data-part=\"b\">1</mi><mtext>bias</mtext></msub>");
  }
}
