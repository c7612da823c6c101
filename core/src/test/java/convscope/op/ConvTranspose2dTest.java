package convscope.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import convscope.op.ConvTranspose2d.Spec;
import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConvTranspose2dTest {
  private final Rng rng = new Rng(4);

  @Test
  void eachInputCellScattersTheKernel() {
    Tensor x = Tensor.of(new float[] {1, 10}, 1, 1, 1, 2);
    Tensor w = Tensor.of(new float[] {1, 2, 3}, 1, 1, 1, 3);
    Spec spec = Spec.of(Conv2d.Spec.of(1, 3).stride(1, 2));
    Tensor y = ConvTranspose2d.forward(x, w, Tensor.of(new float[] {100}, 1), spec);
    assertThat(y.data()).containsExactly(101, 102, 113, 120, 130); // 3 + 10 overlap
  }

  @Test
  void negativePaddingAddsRowsOfBiasAndOutputPaddingAddsThemAtTheEnd() {
    Tensor x = Tensor.of(new float[] {1}, 1, 1, 1, 1);
    Tensor w = Tensor.of(new float[] {5}, 1, 1, 1, 1);
    Tensor bias = Tensor.of(new float[] {2}, 1);
    Spec negative = Spec.of(Conv2d.Spec.of(1, 1).padding(0, -1, 0, -2));
    assertThat(ConvTranspose2d.forward(x, w, bias, negative).data()).containsExactly(2, 7, 2, 2);
    Spec output = Spec.of(Conv2d.Spec.of(1, 1).stride(2)).outputPadding(0, 1);
    assertThat(ConvTranspose2d.forward(x, w, bias, output).data()).containsExactly(7, 2);
  }

  @Test
  void theSizeFormulaInvertsThatOfTheConvolutionUpToItsFloor() {
    for (int in = 1; in <= 9; in++) {
      for (int stride = 1; stride <= 3; stride++) {
        for (int kernel = 1; kernel <= 3; kernel++) {
          if (in + 2 >= kernel) {
            Conv2d.Spec window = Conv2d.Spec.of(kernel, kernel).stride(stride).padding(1);
            int dropped = (in + 2 - kernel) % stride; // what the floor lost
            Spec back = Spec.of(window).outputPadding(dropped);
            assertThat(back.outputHeight(window.outputHeight(in))).isEqualTo(in);
          }
        }
      }
    }
  }

  @Test
  void forwardAndBackwardEqualTheNaiveScatterOverEveryGeometry() {
    int checked = 0;
    for (int kernel = 1; kernel <= 3; kernel++) {
      for (int stride = 1; stride <= 3; stride++) {
        for (int dilation = 1; dilation <= 2; dilation++) {
          for (int pad = 0; pad <= 2; pad++) {
            for (int extra = 0; extra < Math.max(stride, dilation); extra++) {
              for (int groups = 1; groups <= 2; groups++) {
                Spec spec =
                    Spec.of(
                            Conv2d.Spec.of(kernel, 2)
                                .stride(stride, 2)
                                .dilation(dilation, 1)
                                .padding(pad, 1, 1, 0)
                                .groups(groups))
                        .outputPadding(extra, 1);
                if (ConvTranspose2d.problem(3, 2, spec) == null) {
                  assertNaive(spec, 3, 2, groups);
                  checked++;
                }
              }
            }
          }
        }
      }
    }
    assertThat(checked).isGreaterThan(170);
  }

  private void assertNaive(Spec spec, int height, int width, int groups) {
    Tensor x = rng.gaussian(1, 2, 4, height, width);
    Conv2d.Spec s = spec.window();
    Tensor w = rng.gaussian(1, 4, 3, s.kernelHeight(), s.kernelWidth());
    Tensor b = rng.gaussian(1, 3 * groups);
    Tensor y = ConvTranspose2d.forward(x, w, b, spec);
    double[][][][] sums = new double[2][3 * groups][y.dim(2)][y.dim(3)];
    for (int n = 0; n < 2; n++) {
      for (int o = 0; o < 3 * groups; o++) {
        for (double[] row : sums[n][o]) {
          Arrays.fill(row, b.at(o));
        }
      }
      for (int c = 0; c < 4; c++) {
        for (int o = 0; o < 3; o++) {
          for (int i = 0; i < height; i++) {
            for (int j = 0; j < width; j++) {
              for (int u = 0; u < s.kernelHeight(); u++) {
                for (int v = 0; v < s.kernelWidth(); v++) {
                  int p = i * s.strideH() + u * s.dilationH() - s.padTop();
                  int q = j * s.strideW() + v * s.dilationW() - s.padLeft();
                  if (p >= 0 && p < y.dim(2) && q >= 0 && q < y.dim(3)) {
                    sums[n][c / (4 / groups) * 3 + o][p][q] +=
                        (double) x.at(n, c, i, j) * w.at(c, o, u, v);
                  }
                }
              }
            }
          }
        }
      }
    }
    double[] want = new double[y.size()];
    int next = 0;
    for (double[][][] image : sums) {
      for (double[][] plane : image) {
        for (double[] row : plane) {
          for (double sum : row) {
            want[next++] = sum;
          }
        }
      }
    }
    Numeric.assertClose(y, want, 1e-5);
    Adjoint.check(
        t -> ConvTranspose2d.forward(t, w, null, spec),
        dy -> ConvTranspose2d.backward(dy, x, w, spec).dx(),
        x.shape());
    Adjoint.check(
        t -> ConvTranspose2d.forward(x, t, null, spec),
        dy -> ConvTranspose2d.backward(dy, x, w, spec).dWeight(),
        w.shape());
    Tensor none = Tensor.zeros(x.shape());
    Adjoint.check(
        t -> ConvTranspose2d.forward(none, w, t, spec),
        dy -> ConvTranspose2d.backward(dy, x, w, spec).dBias(),
        b.shape());
  }

  @Test
  void itIsTheGradientOfTheConvolutionWithTheSameWindow() {
    Conv2d.Spec window = Conv2d.Spec.of(3, 2).stride(2, 1).padding(1).groups(2);
    Shape image = Shape.of(1, 4, 5, 6);
    Tensor w = rng.gaussian(1, 6, 2, 3, 2);
    Tensor dy = rng.gaussian(1, 1, 6, window.outputHeight(5), window.outputWidth(6));
    Tensor y = ConvTranspose2d.forward(dy, w, null, Spec.of(window));
    assertThat(y.data()).isEqualTo(Conv2d.inputGradient(dy, w, image, window).data());
  }

  @Test
  void aPlainConvolutionOfTheStretchedInputByTheTurnedKernelIsTheSame() {
    Rng rng = new Rng(3);
    int checked = 0;
    for (int stride = 1; stride <= 3; stride++) {
      for (int padding = 0; padding <= 2; padding++) {
        for (int dilation = 1; dilation <= 2; dilation++) {
          Conv2d.Spec window =
              Conv2d.Spec.of(3, 4).stride(stride).padding(padding).dilation(dilation);
          Tensor x = Tensor.zeros(2, 1, 4, 3);
          Tensor w = Tensor.zeros(1, 1, 3, 4);
          Tensor turned = Tensor.zeros(1, 1, 3, 4);
          for (int n = 0; n < x.size(); n++) {
            x.data()[n] = rng.nextInt(9) - 4;
          }
          for (int n = 0; n < w.size(); n++) {
            w.data()[n] = rng.nextInt(9) - 4;
            turned.data()[w.size() - 1 - n] = w.data()[n];
          }
          Tensor y = ConvTranspose2d.forward(x, w, null, Spec.of(window));
          Tensor stretched = ConvTranspose2d.stretched(x, window, y.dim(2), y.dim(3));
          Tensor slid =
              Conv2d.forward(stretched, turned, null, Conv2d.Spec.of(3, 4).dilation(dilation));
          assertThat(slid.shape()).isEqualTo(y.shape());
          assertThat(slid.data()).as(window.toString()).isEqualTo(y.data());
          checked++;
        }
      }
    }
    assertThat(checked).isEqualTo(18);
  }

  @Test
  void errorsNameOperationValuesAndRemedy() {
    Conv2d.Spec three = Conv2d.Spec.of(3, 3).stride(2).padding(1);
    assertThat(ConvTranspose2d.problem(3, 3, Spec.of(three).outputPadding(2)))
        .isEqualTo("ConvTranspose2d: output padding 2 with stride 2 and dilation 1; use 0 to 1");
    assertThat(ConvTranspose2d.problem(3, 3, Spec.of(three).outputPadding(0, -1)))
        .isEqualTo("ConvTranspose2d: output padding -1 with stride 2 and dilation 1; use 0 to 1");
    assertThat(ConvTranspose2d.problem(1, 3, Spec.of(three.padding(2, 1))))
        .isEqualTo("ConvTranspose2d: padding leaves an output height of -1; lower it by 2 in all");
    assertThat(ConvTranspose2d.problem(3, 1, Spec.of(three.padding(1, 2))))
        .isEqualTo("ConvTranspose2d: padding leaves an output width of -1; lower it by 2 in all");
    assertThat(ConvTranspose2d.problem(0, 3, Spec.of(three)))
        .isEqualTo("ConvTranspose2d: input height is 0; give at least 1");
    assertThat(ConvTranspose2d.problem(3, 3, Spec.of(three.stride(1, 0))))
        .isEqualTo("ConvTranspose2d: stride 0 is not positive; use 1 or more");
    assertThat(ConvTranspose2d.problem(3, 3, Spec.of(three.mode(PaddingMode.REFLECT))))
        .isEqualTo("ConvTranspose2d: padding mode reflect is not possible; use zeros");
    assertThat(problem(Shape.of(3, 3), Shape.of(1, 1, 3, 3), null, three))
        .isEqualTo("ConvTranspose2d: input of shape 3×3; give (N, C, H, W)");
    assertThat(problem(Shape.of(1, 1, 3, 3), Shape.of(1, 3, 3), null, three))
        .isEqualTo(
            "ConvTranspose2d: weight of shape 1×3×3; give (inChannels, outChannels/groups, kH,"
                + " kW)");
    assertThat(problem(Shape.of(1, 2, 3, 3), Shape.of(3, 2, 3, 3), null, three))
        .isEqualTo(
            "ConvTranspose2d: weight 3×2×3×3 reads 3 channels, the input has 2; give the weight 2"
                + " rows");
    assertThat(problem(Shape.of(1, 2, 3, 3), Shape.of(2, 2, 3, 3), null, three.groups(3)))
        .isEqualTo(
            "ConvTranspose2d: groups 3 must divide 2 input and 6 output channels; use a common"
                + " divisor of both");
    assertThat(problem(Shape.of(1, 2, 3, 3), Shape.of(2, 2, 2, 3), null, three))
        .isEqualTo("ConvTranspose2d: kernel 3×3 does not match weight 2×2×2×3; use kernel 2×3");
    assertThat(problem(Shape.of(1, 2, 3, 3), Shape.of(2, 2, 3, 3), Shape.of(2), three.groups(2)))
        .isEqualTo(
            "ConvTranspose2d: bias of shape 2 for 4 output channels; give 4 elements or none");
    assertThatThrownBy(
            () ->
                ConvTranspose2d.backward(
                    Tensor.zeros(1, 2, 3, 3),
                    Tensor.zeros(1, 2, 3, 3),
                    Tensor.zeros(2, 2, 3, 3),
                    Spec.of(three)))
        .hasMessage(
            "ConvTranspose2d: gradient of shape 1×2×3×3 for an output of shape 1×2×5×5; give one of"
                + " that shape");
  }

  private static @Nullable String problem(
      Shape x, Shape weight, @Nullable Shape bias, Conv2d.Spec window) {
    return ConvTranspose2d.problem(x, weight, bias, Spec.of(window));
  }
}
