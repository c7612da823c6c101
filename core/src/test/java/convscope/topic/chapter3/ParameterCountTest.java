package convscope.topic.chapter3;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.data.Given;
import convscope.op.Conv2d;
import convscope.op.Linear;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.SvgWriter;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import convscope.topic.View;
import org.junit.jupiter.api.Test;

class ParameterCountTest {
  private final ParameterCount topic = new ParameterCount();

  private Values values(String... pairs) {
    Values values = topic.schema().defaults();
    for (int i = 0; i < pairs.length; i += 2) {
      values = values.with(pairs[i], pairs[i + 1]);
    }
    return values;
  }

  /** The oracle changes one number at a time and looks whether any output moves. */
  @Test
  void theCountIsThatOfTheNumbersWhoseChangeMovesAnOutput() {
    for (String groups : new String[] {"1", "2", "4"}) {
      KernelBank bank =
          KernelBank.of(
              values("in-channels", "4", "out-channels", "8", "groups", groups, "kernel", "2x3"));
      Rng rng = new Rng(1);
      Tensor x = rng.uniform(1, 2, 1, 4, 3, 4);
      Tensor w = rng.uniform(1, 2, 8, bank.depth(), 2, 3);
      Tensor b = rng.uniform(1, 2, 8);
      float[] before = Conv2d.forward(x, w, b, bank.spec()).data();
      int moved = 0;
      for (Tensor parameters : new Tensor[] {w, b}) {
        for (int n = 0; n < parameters.size(); n++) {
          float kept = parameters.data()[n];
          parameters.data()[n] = kept + 1;
          float[] after = Conv2d.forward(x, w, b, bank.spec()).data();
          moved += java.util.Arrays.equals(before, after) ? 0 : 1;
          parameters.data()[n] = kept;
        }
      }
      assertThat(bank.parameters()).isEqualTo(moved).isEqualTo(bank.made());
    }
  }

  /** The oracle makes the dense layer and runs it. */
  @Test
  void theDenseCountIsThatOfADenseLayerReallyMade() {
    for (int size = 1; size <= 4; size++) {
      KernelBank bank =
          KernelBank.of(
              values("in-channels", "2", "out-channels", "3", "image", String.valueOf(size)));
      Tensor x = Tensor.zeros(1, 2 * size * size);
      Tensor w = Tensor.zeros(3 * size * size, 2 * size * size);
      Tensor b = Tensor.zeros(3 * size * size);
      assertThat(Linear.forward(x, w, b).size()).isEqualTo(3 * size * size);
      assertThat(bank.dense()).isEqualTo(w.size() + b.size());
    }
  }

  @Test
  void theSameTensorsRunAtEverySizeAndOnlyTheDenseCountGrows() {
    KernelBank small = KernelBank.of(values("image", "7"));
    KernelBank large = KernelBank.of(values("image", "100"));
    assertThat(small.ranOn()).containsExactly(4, 7);
    assertThat(large.ranOn()).containsExactly(50, 100);
    assertThat(large.made()).isEqualTo(small.made()).isEqualTo(224);
    assertThat(large.dense()).isGreaterThan(10_000 * small.dense());
  }

  @Test
  void countsAreThoseOfKnownLayers() {
    assertThat(
            KernelBank.of(values("in-channels", "64", "out-channels", "128", "bias", "off")).made())
        .isEqualTo(73_728);
    assertThat(topic.facts())
        .containsEntry("vggFirst", "1,792") // VGG-16 conv1_1
        .containsEntry("vgg", "2,359,808") // conv5_3
        .containsEntry("resnext", "4,608"); // ResNeXt-50 32x4d, layer1 conv2
  }

  @Test
  void theImageMovesOnlyTheDenseBar() {
    String small = drawn("image", "8");
    String large = drawn("image", "200");
    assertThat(row(small, 0)).isEqualTo(row(large, 0));
    assertThat(row(small, 1)).isNotEqualTo(row(large, 1));
    assertThat(small.substring(small.indexOf("bar/axis")))
        .isEqualTo(large.substring(large.indexOf("bar/axis")).replace("4 × 4", "100 × 100"))
        .isNotEmpty();
  }

  private String drawn(String... pairs) {
    KernelBank bank = KernelBank.of(values(pairs));
    String svg =
        SvgWriter.write(
            topic.figure(bank, new View(7, "", new ParameterCount().head().wide())).scene(), "alt");
    return svg.substring(0, svg.indexOf("Made and counted"));
  }

  private static String row(String svg, int n) {
    int from = svg.indexOf("data-k=\"bar/" + n + ",0\"");
    return svg.substring(from, svg.indexOf("</g>", from));
  }

  @Test
  void miscountsAreWrongAndWhereTheyAreRightItIsSaid() {
    KernelBank flat = KernelBank.of(values("mistake", "flat"));
    assertThat(flat.counted("flat")).isEqualTo(80);
    assertThat(caption(flat)).contains("would be 80: the tensors really made hold 224");
    KernelBank lucky = KernelBank.of(values("mistake", "flat", "in-channels", "1"));
    assertThat(caption(lucky)).contains("right by luck");
  }

  private String caption(KernelBank bank) {
    return topic
        .figure(bank, new View(0, "", new ParameterCount().head().wide()))
        .caption()
        .replaceAll("<[^>]*>", "");
  }

  @Test
  void groupsThatDoNotDivideAreRefusedInTheOperatorsWords() {
    Problem problem = topic.check(values("groups", "2"), Given.NOTHING);
    assertThat(problem).isNotNull();
    assertThat(problem.text())
        .isEqualTo(
            "Conv2d: groups 2 must divide 3 input and 8 output channels; use a common divisor of"
                + " both");
    assertThat(problem.param()).isEqualTo("groups");
  }
}
