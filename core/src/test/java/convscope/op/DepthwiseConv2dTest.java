package convscope.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import org.junit.jupiter.api.Test;

class DepthwiseConv2dTest {
  @Test
  void itEqualsTheGroupedConvolutionForAnyGeometry() {
    Rng rng = new Rng(8);
    int compared = 0;
    while (compared < 400) {
      int channels = 1 + rng.nextInt(3);
      Conv2d.Spec spec =
          Conv2d.Spec.of(1 + rng.nextInt(4), 1 + rng.nextInt(4))
              .stride(1 + rng.nextInt(3), 1 + rng.nextInt(3))
              .dilation(1 + rng.nextInt(3), 1 + rng.nextInt(3))
              .padding(rng.nextInt(4), rng.nextInt(4), rng.nextInt(4), rng.nextInt(4))
              .groups(channels);
      int height = 1 + rng.nextInt(7);
      int width = 1 + rng.nextInt(7);
      if (Conv2d.problem(height, width, spec) != null) {
        continue;
      }
      Tensor x = rng.uniform(-1, 1, 2, channels, height, width);
      Tensor w = rng.uniform(-1, 1, channels, 1, spec.kernelHeight(), spec.kernelWidth());
      Tensor expected = Conv2d.forward(x, w, null, spec);
      Tensor actual = DepthwiseConv2d.forward(x, w, spec);
      assertThat(actual.shape()).isEqualTo(expected.shape());
      assertThat(actual.data()).containsExactly(expected.data(), within(1e-5f));
      compared++;
    }
  }

  @Test
  void itRefusesWhatIsNotDepthwise() {
    Conv2d.Spec spec = Conv2d.Spec.of(1, 1).groups(2);
    assertThatThrownBy(
            () -> DepthwiseConv2d.forward(Tensor.zeros(1, 2, 3, 3), Tensor.zeros(4, 1, 1, 1), spec))
        .hasMessage(
            "DepthwiseConv2d: groups 2 and 4 kernels for 2 channels, padding zeros; make all three"
                + " equal and pad with zeros");
  }
}
