package convscope.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import convscope.op.Conv2d.Spec;
import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class Conv2dTest {
  private static final @Nullable Tensor NO_BIAS = null;

  @Test
  void aHandComputedCrossCorrelationDoesNotFlipTheKernel() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, 1, 1, 3, 3);
    Tensor w = Tensor.of(new float[] {1, 0, 0, -1}, 1, 1, 2, 2);
    Tensor y = Conv2d.forward(x, w, Tensor.of(new float[] {10}, 1), Spec.of(2, 2));
    // 1−5, 2−6, 4−8, 5−9, each plus 10
    assertThat(y.data()).containsExactly(6, 6, 6, 6);
    assertThat(y.shape()).isEqualTo(Shape.of(1, 1, 2, 2));
  }

  @Test
  void strideTwoHalvesAnEvenInputWithSamePadding() {
    assertThat(Spec.of(3, 7).stride(2).padding(1, 3).outputHeight(8)).isEqualTo(4);
    assertThat(Spec.of(3, 7).stride(2).padding(1, 3).outputWidth(224)).isEqualTo(112);
  }

  @Test
  void forwardAndBackwardEqualTheNaiveSumOverEveryGeometryAndMode() {
    Rng rng = new Rng(1);
    int checked = 0;
    for (PaddingMode mode : PaddingMode.values()) {
      for (int kernel = 1; kernel <= 4; kernel++) {
        for (int stride = 1; stride <= 3; stride++) {
          for (int dilation = 1; dilation <= 2; dilation++) {
            for (int pad = 0; pad <= 3; pad++) {
              for (int groups = 1; groups <= 4; groups *= 2) {
                Spec spec =
                    Spec.of(kernel, 2)
                        .stride(stride, 2)
                        .dilation(dilation, 1)
                        .padding(pad, 1, 2, pad)
                        .mode(mode)
                        .groups(groups);
                if (Conv2d.problem(4, 5, spec) != null) {
                  continue;
                }
                Tensor x = rng.gaussian(1, 2, 4, 4, 5);
                Tensor w = rng.gaussian(1, 4, 4 / groups, kernel, 2);
                Tensor b = rng.gaussian(1, 4);
                Tensor y = Conv2d.forward(x, w, b, spec);
                Tensor dy = rng.gaussian(1, 2, 4, y.dim(2), y.dim(3));
                assertClose(y, naive(x, w, b, spec));
                assertBackwardIsTheAdjoint(x, w, dy, spec);
                checked++;
              }
            }
          }
        }
      }
    }
    assertThat(checked).isGreaterThan(700);
  }

  @Test
  void anEmptyBatchGivesAnEmptyOutputAndZeroGradients() {
    Tensor x = Tensor.zeros(0, 2, 3, 3);
    Tensor w = Tensor.full(1, 1, 2, 3, 3);
    Tensor y = Conv2d.forward(x, w, NO_BIAS, Spec.of(3, 3));
    assertThat(y.shape()).isEqualTo(Shape.of(0, 1, 1, 1));
    assertThat(Conv2d.backward(y, x, w, Spec.of(3, 3)).dWeight().data()).containsOnly(0f);
  }

  @Test
  void aOneByOneMapWorksWithPaddingOnly() {
    Tensor x = Tensor.of(new float[] {3}, 1, 1, 1, 1);
    Tensor w = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, 1, 1, 3, 3);
    assertThat(Conv2d.forward(x, w, NO_BIAS, Spec.of(3, 3).padding(1)).data()).containsExactly(15);
  }

  @Test
  void notANumberReachesExactlyTheOutputsThatReadIt() {
    Tensor x = Tensor.zeros(1, 1, 1, 5);
    x.data()[0] = Float.NaN;
    x.data()[4] = Float.POSITIVE_INFINITY;
    Tensor y = Conv2d.forward(x, Tensor.full(2, 1, 1, 1, 2), NO_BIAS, Spec.of(1, 2));
    assertThat(y.data()).containsExactly(Float.NaN, 0, 0, Float.POSITIVE_INFINITY);
  }

  @Test
  void errorsNameOperationValuesAndRemedy() {
    assertThat(Conv2d.problem(5, 9, Spec.of(7, 3)))
        .isEqualTo(
            "Conv2d: kernel 7 (dilation 1) exceeds padded input 5; raise padding to 1 or use kernel"
                + " ≤ 5");
    assertThat(Conv2d.problem(9, 4, Spec.of(3, 3).padding(1).dilation(3)))
        .isEqualTo(
            "Conv2d: kernel 3 (dilation 3) exceeds padded input 6; raise padding to 2 or use kernel"
                + " ≤ 2");
    assertThat(Conv2d.problem(0, 4, Spec.of(3, 3)))
        .isEqualTo("Conv2d: input height is 0; give at least 1");
    assertThat(Conv2d.problem(4, 4, Spec.of(0, 3)))
        .isEqualTo("Conv2d: kernel 0 is not positive; use 1 or more");
    assertThat(Conv2d.problem(4, 4, Spec.of(3, 3).stride(1, -1)))
        .isEqualTo("Conv2d: stride -1 is not positive; use 1 or more");
    assertThat(Conv2d.problem(4, 4, Spec.of(3, 3).dilation(0)))
        .isEqualTo("Conv2d: dilation 0 is not positive; use 1 or more");
    assertThat(Conv2d.problem(4, 4, Spec.of(3, 3).padding(0, 0, 0, -2)))
        .isEqualTo("Conv2d: padding -2 is negative; use 0 or more");
    assertThat(Conv2d.problem(4, 4, Spec.of(3, 3).padding(4).mode(PaddingMode.REFLECT)))
        .isEqualTo(
            "Conv2d: reflect padding 4 exceeds 3, all that an input height of 4 can give; lower"
                + " padding to 3 or use replicate");
    assertThat(Conv2d.problem(9, 4, Spec.of(3, 3).padding(5).mode(PaddingMode.CIRCULAR)))
        .isEqualTo(
            "Conv2d: circular padding 5 exceeds 4, all that an input width of 4 can give; lower"
                + " padding to 4 or use replicate");
    assertThat(Conv2d.problem(4, 4, Spec.of(1, 1).padding(0, Integer.MAX_VALUE)))
        .isEqualTo("Conv2d: padding 2147483647 is too large; use at most 268435456");
    assertThat(Conv2d.problem(4, 4, Spec.of(3, 3).dilation(Integer.MAX_VALUE)))
        .isEqualTo(
            "Conv2d: kernel 3, dilation 2147483647 and stride 1 reach too far for an input height of"
                + " 4; use smaller ones");
    assertThat(Conv2d.problem(4, 4, Spec.of(3, 3).stride(1, Integer.MAX_VALUE)))
        .isEqualTo(
            "Conv2d: kernel 3, dilation 1 and stride 2147483647 reach too far for an input width of"
                + " 4; use smaller ones");
    assertThat(Conv2d.problem(4, 6, 4))
        .isEqualTo(
            "Conv2d: groups 4 must divide 4 input and 6 output channels; use a common divisor of"
                + " both");
    assertThat(Conv2d.problem(4, 4, 0))
        .isEqualTo("Conv2d: groups 0 is not positive; use 1 or more");
    assertThat(Conv2d.problem(0, 4, 1))
        .isEqualTo("Conv2d: 0 input and 4 output channels; use 1 or more of each");
    assertThat(problem(Shape.of(5, 5), Shape.of(1, 1, 3, 3), null))
        .isEqualTo("Conv2d: input of shape 5×5; give (N, C, H, W)");
    assertThat(problem(Shape.of(1, 1, 5, 5), Shape.of(3, 3), null))
        .isEqualTo("Conv2d: weight of shape 3×3; give (outChannels, inChannels/groups, kH, kW)");
    assertThat(problem(Shape.of(1, 3, 5, 5), Shape.of(2, 4, 3, 3), null))
        .isEqualTo(
            "Conv2d: weight 2×4×3×3 with groups 1 reads 4 channels, the input has 3; give the"
                + " weight 3 channels");
    assertThat(
            Conv2d.problem(
                Shape.of(1, 6, 5, 5), Shape.of(2, 2, 3, 3), null, Spec.of(3, 3).groups(2)))
        .isEqualTo(
            "Conv2d: weight 2×2×3×3 with groups 2 reads 4 channels, the input has 6; give the"
                + " weight 3 channels");
    assertThat(problem(Shape.of(1, 1, 5, 5), Shape.of(1, 1, 2, 3), null))
        .isEqualTo("Conv2d: kernel 3×3 does not match weight 1×1×2×3; use kernel 2×3");
    assertThat(problem(Shape.of(1, 2, 5, 5), Shape.of(3, 2, 3, 3), Shape.of(2)))
        .isEqualTo("Conv2d: bias of shape 2 for 3 output channels; give 3 elements or none");
    assertThatThrownBy(
            () ->
                Conv2d.forward(
                    Tensor.zeros(1, 1, 2, 2), Tensor.zeros(1, 1, 3, 3), NO_BIAS, Spec.of(3, 3)))
        .hasMessageStartingWith("Conv2d: kernel 3 (dilation 1) exceeds padded input 2");
    assertThatThrownBy(
            () ->
                Conv2d.inputGradient(
                    Tensor.zeros(1, 1, 2, 2),
                    Tensor.zeros(1, 1, 3, 3),
                    Shape.of(1, 1, 3, 3),
                    Spec.of(3, 3)))
        .hasMessage(
            "Conv2d: gradient of shape 1×1×2×2 for an output of shape 1×1×1×1; give one of that"
                + " shape");
    assertThatThrownBy(() -> Conv2d.biasGradient(Tensor.zeros(3)))
        .hasMessage("Conv2d: gradient of shape 3; give (N, outChannels, outH, outW)");
  }

  private static @Nullable String problem(Shape x, Shape weight, @Nullable Shape bias) {
    return Conv2d.problem(x, weight, bias, Spec.of(3, 3));
  }

  /** The definition, one output cell at a time, in a padded copy that knows nothing of Taps. */
  private static double[] naive(Tensor x, Tensor w, Tensor b, Spec s) {
    int outH = (x.dim(2) + s.padTop() + s.padBottom() - s.dilationH() * (w.dim(2) - 1) - 1);
    int outW = (x.dim(3) + s.padLeft() + s.padRight() - s.dilationW() * (w.dim(3) - 1) - 1);
    outH = outH / s.strideH() + 1;
    outW = outW / s.strideW() + 1;
    double[] y = new double[x.dim(0) * w.dim(0) * outH * outW];
    int at = 0;
    int outPerGroup = w.dim(0) / s.groups();
    for (int n = 0; n < x.dim(0); n++) {
      for (int o = 0; o < w.dim(0); o++) {
        for (int i = 0; i < outH; i++) {
          for (int j = 0; j < outW; j++) {
            double sum = b.at(o);
            for (int c = 0; c < w.dim(1); c++) {
              for (int u = 0; u < w.dim(2); u++) {
                for (int v = 0; v < w.dim(3); v++) {
                  int p = i * s.strideH() + u * s.dilationH() - s.padTop();
                  int q = j * s.strideW() + v * s.dilationW() - s.padLeft();
                  sum +=
                      (double) w.at(o, c, u, v)
                          * padded(x, n, o / outPerGroup * w.dim(1) + c, p, q, s.mode());
                }
              }
            }
            y[at++] = sum;
          }
        }
      }
    }
    return y;
  }

  private static double padded(Tensor x, int n, int c, int p, int q, PaddingMode mode) {
    int row = walk(p, x.dim(2), mode);
    int column = walk(q, x.dim(3), mode);
    return row < 0 || column < 0 ? 0 : x.at(n, c, row, column);
  }

  /** Steps into the input cell by cell. */
  private static int walk(int index, int size, PaddingMode mode) {
    int at = index;
    while (at < 0 || at >= size) {
      switch (mode) {
        case REFLECT:
          at = at < 0 ? -at : 2 * (size - 1) - at;
          break;
        case REPLICATE:
          at += at < 0 ? 1 : -1;
          break;
        case CIRCULAR:
          at += at < 0 ? size : -size;
          break;
        default:
          return -1;
      }
    }
    return at;
  }

  /** ⟨conv(x, w), dy⟩ = ⟨x, dx⟩ = ⟨w, dw⟩, and the gradient of one element is a probe of it. */
  private static void assertBackwardIsTheAdjoint(Tensor x, Tensor w, Tensor dy, Spec spec) {
    Conv2d.Gradients gradients = Conv2d.backward(dy, x, w, spec);
    Tensor zero = Tensor.zeros(w.dim(0));
    double[] y = naive(x, w, zero, spec);
    double inner = 0;
    for (int i = 0; i < y.length; i++) {
      inner += y[i] * dy.data()[i];
    }
    assertThat(dot(x, gradients.dx())).isCloseTo(inner, within(1e-4));
    assertThat(dot(w, gradients.dWeight())).isCloseTo(inner, within(1e-4));
    int probe = (x.size() * 7 + w.size() * 3 + dy.size()) % x.size();
    Tensor one = Tensor.zeros(x.shape());
    one.data()[probe] = 1;
    double[] column = naive(one, w, zero, spec);
    double want = 0;
    for (int i = 0; i < column.length; i++) {
      want += column[i] * dy.data()[i];
    }
    assertThat((double) gradients.dx().data()[probe]).isCloseTo(want, within(1e-5));
    double sum = 0;
    for (int n = 0; n < dy.dim(0); n++) {
      for (int i = 0; i < dy.dim(2); i++) {
        for (int j = 0; j < dy.dim(3); j++) {
          sum += dy.at(n, 1, i, j);
        }
      }
    }
    assertThat((double) gradients.dBias().at(1)).isCloseTo(sum, within(1e-5));
  }

  private static double dot(Tensor a, Tensor b) {
    assertThat(a.shape()).isEqualTo(b.shape());
    double sum = 0;
    for (int i = 0; i < a.size(); i++) {
      sum += (double) a.data()[i] * b.data()[i];
    }
    return sum;
  }

  private static void assertClose(Tensor got, double[] want) {
    assertThat(got.size()).isEqualTo(want.length);
    for (int i = 0; i < want.length; i++) {
      assertThat((double) got.data()[i]).isCloseTo(want[i], within(1e-5));
    }
  }
}
