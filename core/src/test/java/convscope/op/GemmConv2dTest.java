package convscope.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import convscope.linalg.Gemm;
import convscope.linalg.ScalarGemm;
import convscope.op.Conv2d.Spec;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** The fast convolution against the direct one, and what makes it a convolution. */
class GemmConv2dTest {
  private final GemmConv2d fast = new GemmConv2d(new ScalarGemm());
  private final Rng rng = new Rng(2);

  @Test
  void im2colTimesKernelEqualsTheDirectVersionOverAllSmallGeometries() {
    int checked = 0;
    for (int size = 1; size <= 5; size++) {
      for (int kernel = 1; kernel <= 5; kernel++) {
        for (int stride = 1; stride <= 3; stride++) {
          for (int pad = 0; pad <= 2; pad++) {
            for (int dilation = 1; dilation <= 2; dilation++) {
              for (int groups = 1; groups <= 2; groups++) {
                Spec spec =
                    Spec.of(kernel, 1 + kernel % 3)
                        .stride(stride, 1 + stride % 2)
                        .padding(pad)
                        .dilation(dilation)
                        .groups(groups);
                if (Conv2d.problem(size, 6 - size, spec) == null) {
                  assertSame(spec, size, 6 - size, 2, 4);
                  checked++;
                }
              }
            }
          }
        }
      }
    }
    assertThat(checked).isEqualTo(552);
  }

  @Test
  void everyPaddingModeAndDepthwiseGroupsAgree() {
    for (PaddingMode mode : PaddingMode.values()) {
      assertSame(Spec.of(3, 3).padding(2, 1, 0, 2).mode(mode).groups(3), 4, 3, 3, 6);
      assertSame(Spec.of(2, 3).padding(1).stride(2).mode(mode), 3, 5, 3, 2);
    }
  }

  @Test
  void aPointwiseKernelNeedsNoColumns() {
    assertSame(Spec.of(1, 1), 3, 4, 4, 3);
    assertSame(Spec.of(1, 1).groups(2), 3, 4, 4, 6);
    assertSame(Spec.of(1, 1).padding(1), 3, 4, 2, 3);
    assertSame(Spec.of(1, 1).stride(2), 3, 4, 2, 3);
    assertSame(Spec.of(1, 1).stride(1, 2).padding(0, 1, 0, 1), 3, 4, 2, 3);
  }

  private void assertSame(Spec spec, int height, int width, int channels, int outChannels) {
    Tensor x = rng.gaussian(1, 2, channels, height, width);
    Tensor w =
        rng.gaussian(
            1, outChannels, channels / spec.groups(), spec.kernelHeight(), spec.kernelWidth());
    Tensor b = rng.gaussian(1, outChannels);
    Tensor y = Conv2d.forward(x, w, b, spec);
    Numeric.assertClose(fast.forward(x, w, b, spec), Numeric.doubles(y), 1e-5);
    Numeric.assertClose(
        fast.forward(x, w, null, spec), Numeric.doubles(Conv2d.forward(x, w, null, spec)), 1e-5);
    Tensor dy = rng.gaussian(1, y.shape().dims());
    Conv2d.Gradients want = Conv2d.backward(dy, x, w, spec);
    Conv2d.Gradients got = fast.backward(dy, x, w, spec);
    Numeric.assertClose(got.dx(), Numeric.doubles(want.dx()), 1e-5);
    Numeric.assertClose(got.dWeight(), Numeric.doubles(want.dWeight()), 1e-5);
    Numeric.assertClose(got.dBias(), Numeric.doubles(want.dBias()), 1e-5);
  }

  @Test
  void gradientsTakeSumsOnFromNothingWhateverTheScratchHeldBefore() {
    Gemm gemm = new ScalarGemm();
    GemmConv2d reused = new GemmConv2d(gemm);
    Tensor big = rng.gaussian(1, 1, 3, 6, 6);
    Tensor wide = rng.gaussian(1, 2, 3, 3, 3);
    reused.forward(big, wide, null, Spec.of(3, 3));
    Tensor x = rng.gaussian(1, 1, 1, 3, 3);
    Tensor w = rng.gaussian(1, 1, 1, 2, 2);
    Tensor dy = rng.gaussian(1, 1, 1, 2, 2);
    assertThat(reused.inputGradient(dy, w, x.shape(), Spec.of(2, 2)).data())
        .isEqualTo(new GemmConv2d(gemm).inputGradient(dy, w, x.shape(), Spec.of(2, 2)).data());
  }

  @Test
  void convolutionIsLinearInImageAndKernel() {
    Spec spec = Spec.of(3, 2).stride(2, 1).padding(1).dilation(1, 2);
    Tensor x = rng.gaussian(1, 1, 2, 6, 7);
    Tensor z = rng.gaussian(1, 1, 2, 6, 7);
    Tensor w = rng.gaussian(1, 3, 2, 3, 2);
    Tensor v = rng.gaussian(1, 3, 2, 3, 2);
    assertSum(
        Conv2d.forward(sum(x, z, 2.5f), w, null, spec),
        Conv2d.forward(x, w, null, spec),
        Conv2d.forward(z, w, null, spec),
        2.5f);
    assertSum(
        Conv2d.forward(x, sum(w, v, -0.5f), null, spec),
        Conv2d.forward(x, w, null, spec),
        Conv2d.forward(x, v, null, spec),
        -0.5f);
  }

  private static Tensor sum(Tensor a, Tensor b, float factor) {
    Tensor out = a.copy();
    for (int at = 0; at < out.size(); at++) {
      out.data()[at] += factor * b.data()[at];
    }
    return out;
  }

  private static void assertSum(Tensor got, Tensor a, Tensor b, float factor) {
    Numeric.assertClose(got, Numeric.doubles(sum(a, b, factor)), 1e-5);
  }

  @Test
  void shiftingTheImageShiftsTheMapWithCircularPaddingAndBreaksAtZeroPaddedBorders() {
    Tensor x = rng.gaussian(1, 1, 1, 6, 8);
    Tensor w = rng.gaussian(1, 1, 1, 3, 3);
    Spec circular = Spec.of(3, 3).padding(1).mode(PaddingMode.CIRCULAR);
    for (int shift = 0; shift < 8; shift++) {
      Tensor mapThenShift = shifted(Conv2d.forward(x, w, null, circular), shift);
      Tensor shiftThenMap = Conv2d.forward(shifted(x, shift), w, null, circular);
      assertThat(shiftThenMap.data()).isEqualTo(mapThenShift.data()); // to the bit
    }
    Tensor zeroMapThenShift = shifted(Conv2d.forward(x, w, null, Spec.of(3, 3).padding(1)), 1);
    Tensor zeroShiftThenMap = Conv2d.forward(shifted(x, 1), w, null, Spec.of(3, 3).padding(1));
    assertThat(zeroShiftThenMap.data()).isNotEqualTo(zeroMapThenShift.data());
    assertThat(zeroShiftThenMap.at(0, 0, 2, 4)).isEqualTo(zeroMapThenShift.at(0, 0, 2, 4));
    // stride 2 keeps even shifts only
    Spec strided = circular.stride(2);
    assertThat(Conv2d.forward(shifted(x, 2), w, null, strided).data())
        .isEqualTo(shifted(Conv2d.forward(x, w, null, strided), 1).data());
    assertThat(Conv2d.forward(shifted(x, 1), w, null, strided).data())
        .isNotEqualTo(shifted(Conv2d.forward(x, w, null, strided), 1).data());
  }

  /** Columns moved right, round the end. */
  private static Tensor shifted(Tensor x, int by) {
    Tensor out = Tensor.zeros(x.shape());
    int width = x.dim(3);
    for (int at = 0; at < x.size(); at++) {
      int column = at % width;
      out.data()[at - column + (column + by) % width] = x.data()[at];
    }
    return out;
  }

  @Test
  void convolutionIsADoublyBlockToeplitzMatrix() {
    Tensor w = rng.gaussian(1, 1, 1, 2, 3);
    int height = 4;
    int width = 5;
    double[][] matrix = new double[3 * 3][height * width];
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        for (int u = 0; u < 2; u++) {
          for (int v = 0; v < 3; v++) {
            matrix[i * 3 + j][(i + u) * width + j + v] = w.at(0, 0, u, v);
          }
        }
      }
    }
    Tensor x = rng.gaussian(1, 1, 1, height, width);
    Tensor y = Conv2d.forward(x, w, null, Spec.of(2, 3));
    Tensor dy = rng.gaussian(1, 1, 1, 3, 3);
    Tensor dx = Conv2d.inputGradient(dy, w, x.shape(), Spec.of(2, 3));
    for (int p = 0; p < 9; p++) {
      double sum = 0;
      for (int q = 0; q < 20; q++) {
        sum += matrix[p][q] * x.data()[q];
      }
      assertThat((double) y.data()[p]).isCloseTo(sum, within(1e-6));
    }
    for (int q = 0; q < 20; q++) { // backward multiplies by the transpose
      double sum = 0;
      for (int p = 0; p < 9; p++) {
        sum += matrix[p][q] * dy.data()[p];
      }
      assertThat((double) dx.data()[q]).isCloseTo(sum, within(1e-6));
    }
  }

  @Test
  void errorsAreThoseOfTheDirectVersion() {
    Tensor x = Tensor.zeros(1, 1, 2, 2);
    Tensor w = Tensor.zeros(1, 1, 3, 3);
    String text =
        "Conv2d: kernel 3 (dilation 1) exceeds padded input 2; raise padding to 1 or use kernel ≤ 2";
    assertThatThrownBy(() -> fast.forward(x, w, null, Spec.of(3, 3))).hasMessage(text);
    assertThatThrownBy(() -> fast.inputGradient(x, w, x.shape(), Spec.of(3, 3))).hasMessage(text);
    assertThatThrownBy(() -> fast.weightGradient(x, x, w.shape(), Spec.of(3, 3))).hasMessage(text);
    Tensor large = Tensor.zeros(1, 1, 3, 3);
    String gradient =
        "Conv2d: gradient of shape 1×1×2×2 for an output of shape 1×1×1×1; give one of that shape";
    assertThatThrownBy(() -> fast.inputGradient(x, w, large.shape(), Spec.of(3, 3)))
        .hasMessage(gradient);
    assertThatThrownBy(() -> fast.weightGradient(x, large, w.shape(), Spec.of(3, 3)))
        .hasMessage(gradient);
  }
}
