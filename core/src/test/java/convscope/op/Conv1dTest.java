package convscope.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import convscope.op.Conv1d.Spec;
import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.junit.jupiter.api.Test;

class Conv1dTest {
  @Test
  void aHandComputedSequence() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5}, 1, 1, 5);
    Tensor w = Tensor.of(new float[] {1, 0, -2}, 1, 1, 3);
    assertThat(Conv1d.forward(x, w, null, Spec.of(3)).data()).containsExactly(-5, -6, -7);
    assertThat(Conv1d.forward(x, w, null, Spec.of(3).stride(2).padding(1)).data())
        .containsExactly(-4, -6, 4);
    assertThat(Conv1d.forward(x, w, null, Spec.of(3).dilation(2)).data()).containsExactly(-9);
  }

  @Test
  void forwardEqualsTheNaiveSumAndBackwardIsItsTranspose() {
    Rng rng = new Rng(8);
    int checked = 0;
    for (PaddingMode mode : PaddingMode.values()) {
      for (int kernel = 1; kernel <= 4; kernel++) {
        for (int stride = 1; stride <= 5; stride += 2) {
          for (int groups = 1; groups <= 2; groups++) {
            Spec spec = Spec.of(kernel).stride(stride).padding(2, 1).mode(mode).groups(groups);
            Tensor x = rng.gaussian(1, 2, 2, 4);
            Tensor w = rng.gaussian(1, 4, 2 / groups, kernel);
            Tensor b = rng.gaussian(1, 4);
            Tensor y = Conv1d.forward(x, w, b, spec);
            assertThat(y.dim(2)).isEqualTo((4 + 3 - kernel) / stride + 1);
            double[] want = new double[y.size()];
            for (int at = 0; at < want.length; at++) {
              int o = at / y.dim(2) % 4;
              want[at] = b.at(o);
              for (int c = 0; c < 2 / groups; c++) {
                for (int v = 0; v < kernel; v++) {
                  int from = mode.source(at % y.dim(2) * stride + v - 2, 4);
                  int channel = o / (4 / groups) * (2 / groups) + c;
                  want[at] +=
                      from < 0
                          ? 0
                          : (double) w.at(o, c, v) * x.at(at / y.dim(2) / 4, channel, from);
                }
              }
            }
            checked += Numeric.assertClose(y, want, 1e-5);
            Adjoint.check(
                t -> Conv1d.forward(t, w, null, spec),
                dy -> Conv1d.backward(dy, x, w, spec).dx(),
                x.shape());
            Adjoint.check(
                t -> Conv1d.forward(x, t, null, spec),
                dy -> Conv1d.backward(dy, x, w, spec).dWeight(),
                w.shape());
          }
        }
      }
    }
    assertThat(checked).isGreaterThan(1500);
  }

  @Test
  void theSpecPredictsTheOutputLength() {
    Conv1d.Spec spec = Conv1d.Spec.of(3).stride(2).dilation(2).padding(1, 2);
    assertThat(spec.outputLength(9)).isEqualTo(4); // floor((9 + 3 − 4 − 1)/2) + 1
    assertThat(Conv1d.forward(Tensor.zeros(1, 1, 9), Tensor.zeros(1, 1, 3), null, spec).dim(2))
        .isEqualTo(4);
  }

  @Test
  void errorsNameOperationValuesAndRemedy() {
    assertThat(Conv1d.problem(3, Spec.of(5)))
        .isEqualTo(
            "Conv1d: kernel 5 (dilation 1) exceeds padded input 3; raise padding to 1 or use kernel"
                + " ≤ 3");
    assertThat(Conv1d.problem(0, Spec.of(1)))
        .isEqualTo("Conv1d: input length is 0; give at least 1");
    assertThat(Conv1d.problem(2, Spec.of(1).padding(0, 2).mode(PaddingMode.REFLECT)))
        .isEqualTo(
            "Conv1d: reflect padding 2 exceeds 1, all that an input length of 2 can give; lower"
                + " padding to 1 or use replicate");
    assertThat(Conv1d.problem(Shape.of(3), Shape.of(1, 1, 1), null, Spec.of(1)))
        .isEqualTo("Conv1d: input of shape 3; give (N, C, L)");
    assertThat(Conv1d.problem(Shape.of(1, 1, 3), Shape.of(1, 1), null, Spec.of(1)))
        .isEqualTo("Conv1d: weight of shape 1×1; give (outChannels, inChannels/groups, k)");
    assertThat(Conv1d.problem(Shape.of(1, 3, 3), Shape.of(2, 3, 1), null, Spec.of(1).groups(2)))
        .startsWith("Conv1d: groups 2 must divide 3 input and 2 output channels");
    assertThatThrownBy(
            () ->
                Conv1d.backward(
                    Tensor.zeros(3), Tensor.zeros(1, 1, 3), Tensor.zeros(1, 1, 1), Spec.of(1)))
        .hasMessage("Conv1d: gradient of shape 3; give (N, outChannels, outL)");
  }
}
