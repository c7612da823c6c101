package convscope.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Max, average, adaptive and global pooling, and unpooling. */
class PoolTest {
  private final Rng rng = new Rng(3);

  @Test
  void aHandComputedMaximumAndItsPositions() {
    Tensor x = Tensor.of(new float[] {1, 5, 2, 0, 3, 4, 4, 1, 9, 2, 0, 7}, 1, 1, 3, 4);
    MaxPool2d.Result result = MaxPool2d.forward(x, PoolSpec.of(2, 2));
    assertThat(result.y().data()).containsExactly(5, 4);
    assertThat(result.indices()).containsExactly(1, 6);
    MaxPool2d.Result overlapping = MaxPool2d.forward(x, PoolSpec.of(2, 2).stride(1));
    assertThat(overlapping.y().data()).containsExactly(5, 5, 4, 9, 4, 7);
    Tensor dx =
        MaxPool2d.backward(
            Tensor.of(new float[] {1, 2, 4, 8, 16, 32}, 1, 1, 2, 3),
            overlapping.indices(),
            x.shape());
    assertThat(dx.data()).containsExactly(0, 3, 0, 0, 0, 16, 4, 0, 8, 0, 0, 32);
  }

  @Test
  void theFirstOfEqualMaximaWinsAndNotANumberWinsOverAll() {
    Tensor equal = Tensor.full(7, 1, 1, 2, 2);
    assertThat(MaxPool2d.forward(equal, PoolSpec.of(2, 2)).indices()).containsExactly(0);
    Tensor nan =
        Tensor.of(new float[] {1, Float.NaN, Float.POSITIVE_INFINITY, Float.NaN}, 1, 1, 2, 2);
    MaxPool2d.Result result = MaxPool2d.forward(nan, PoolSpec.of(2, 2));
    assertThat(result.indices()).containsExactly(1);
    assertThat(result.y().data()).containsExactly(Float.NaN);
    Tensor low = Tensor.full(Float.NEGATIVE_INFINITY, 1, 1, 2, 2);
    assertThat(MaxPool2d.forward(low, PoolSpec.of(2, 2)).indices()).containsExactly(0);
  }

  @Test
  void paddingNeverWinsEvenAgainstNegativeNumbers() {
    Tensor x = Tensor.full(-3, 1, 1, 2, 2);
    assertThat(MaxPool2d.forward(x, PoolSpec.of(2, 2).padding(1)).y().data()).containsOnly(-3);
  }

  @Test
  void aWindowWhoseSpreadTapsMissTheInputHasNoMaximumAndAnAverageOfZero() {
    Tensor x = Tensor.full(5, 1, 1, 1, 1); // taps at −1 and 1 around a single cell
    PoolSpec spec = PoolSpec.of(2, 2).dilation(2).padding(1).stride(1);
    MaxPool2d.Result result = MaxPool2d.forward(x, spec);
    assertThat(result.y().data()).containsExactly(Float.NEGATIVE_INFINITY);
    assertThat(result.indices()).containsExactly(-1);
    assertThat(MaxPool2d.backward(Tensor.full(1, 1, 1, 1, 1), result.indices(), x.shape()).data())
        .containsExactly(0);
    assertThat(AveragePool2d.forward(x, spec, false).data()).containsExactly(0);
    assertThat(AveragePool2d.backward(x, x.shape(), spec, false).data()).containsExactly(0);
  }

  @Test
  void averagesDivideByWhatTheyCount() {
    Tensor x = Tensor.full(12, 1, 1, 2, 2);
    PoolSpec spec = PoolSpec.of(3, 3).stride(1).padding(1);
    assertThat(AveragePool2d.forward(x, spec, false).data()).containsOnly(12);
    assertThat(AveragePool2d.forward(x, spec, true).data()).containsOnly(12 * 4 / 9f);
    assertThat(AveragePool2d.divisor(0, 0, 2, 2, spec, false)).isEqualTo(4);
    assertThat(AveragePool2d.divisor(0, 1, 2, 2, spec, true)).isEqualTo(9);
    // a last window that hangs over the padded end counts only what is inside it
    PoolSpec ceil = PoolSpec.of(3, 3).stride(2).ceil(true);
    assertThat(AveragePool2d.divisor(1, 0, 4, 4, ceil, true)).isEqualTo(6);
    assertThat(AveragePool2d.divisor(1, 1, 4, 4, ceil, true)).isEqualTo(4);
  }

  @Test
  void ceilModeKeepsTheRestAndDropsAWindowThatWouldStartOutside() {
    PoolSpec pairs = PoolSpec.of(2, 1).stride(2);
    assertThat(pairs.outputHeight(5)).isEqualTo(2);
    assertThat(pairs.ceil(true).outputHeight(5)).isEqualTo(3);
    assertThat(pairs.ceil(true).outputHeight(6)).isEqualTo(3);
    assertThat(pairs.ceil(true).outputWidth(2)).isEqualTo(1); // not 2
    assertThat(PoolSpec.of(3, 3).padding(1).ceil(true).outputWidth(2)).isEqualTo(1); // on padding
    // in ceil mode a kernel may hang over a small input
    assertThat(MaxPool2d.problem(4, 4, PoolSpec.of(5, 5).stride(2).ceil(true))).isNull();
    assertThat(MaxPool2d.problem(4, 4, PoolSpec.of(5, 5).stride(1).ceil(true)))
        .startsWith("MaxPool2d: kernel 5 (dilation 1) exceeds padded input 4");
  }

  @Test
  void forwardAndBackwardEqualNaiveWindowsOverEveryGeometry() {
    int checked = 0;
    for (int kernel = 1; kernel <= 3; kernel++) {
      for (int stride = 1; stride <= 4; stride++) {
        for (int dilation = 1; dilation <= 2; dilation++) {
          for (int pad = 0; pad < kernel; pad++) {
            for (int ceil = 0; ceil <= 1; ceil++) {
              PoolSpec spec =
                  PoolSpec.of(kernel, 2)
                      .stride(stride, 2)
                      .dilation(dilation, 1)
                      .padding(pad, 1, 0, pad == 2 ? 1 : 0)
                      .ceil(ceil == 1);
              if (MaxPool2d.problem(5, 4, spec) == null) {
                assertNaive(spec);
                checked++;
              }
            }
          }
        }
      }
    }
    assertThat(checked).isEqualTo(96);
  }

  private void assertNaive(PoolSpec spec) {
    Tensor x = rng.gaussian(1, 2, 3, 5, 4);
    Conv2d.Spec w = spec.window();
    MaxPool2d.Result max = MaxPool2d.forward(x, spec);
    Tensor mean = AveragePool2d.forward(x, spec, false);
    Tensor whole = AveragePool2d.forward(x, spec, true);
    Tensor dy = rng.gaussian(1, max.y().shape().dims());
    double[] dMax = new double[x.size()];
    int next = 0;
    for (int n = 0; n < 2; n++) {
      for (int c = 0; c < 3; c++) {
        for (int i = 0; i < max.y().dim(2); i++) {
          for (int j = 0; j < max.y().dim(3); j++, next++) {
            List<Integer> read = new ArrayList<>();
            int inPadded = 0;
            for (int u = 0; u < w.kernelHeight(); u++) {
              for (int v = 0; v < w.kernelWidth(); v++) {
                int p = i * w.strideH() + u * w.dilationH() - w.padTop();
                int q = j * w.strideW() + v * w.dilationW() - w.padLeft();
                inPadded += p < 5 + w.padBottom() && q < 4 + w.padRight() ? 1 : 0;
                if (p >= 0 && p < 5 && q >= 0 && q < 4) {
                  read.add(((n * 3 + c) * 5 + p) * 4 + q);
                }
              }
            }
            double sum = 0;
            int best = read.get(0);
            for (int at : read) {
              sum += x.data()[at];
              best = x.data()[at] > x.data()[best] ? at : best;
            }
            assertThat(max.indices()[next]).isEqualTo(best);
            assertThat(max.y().data()[next]).isEqualTo(x.data()[best]);
            assertThat(mean.data()[next]).isEqualTo((float) (sum / read.size()));
            assertThat(whole.data()[next]).isEqualTo((float) (sum / inPadded));
            dMax[best] += dy.data()[next];
          }
        }
      }
    }
    assertThat(next).isEqualTo(max.y().size());
    Numeric.assertClose(MaxPool2d.backward(dy, max.indices(), x.shape()), dMax, 1e-6);
    for (boolean count : new boolean[] {false, true}) {
      Adjoint.check(
          t -> AveragePool2d.forward(t, spec, count),
          g -> AveragePool2d.backward(g, x.shape(), spec, count),
          x.shape());
    }
  }

  @Test
  void adaptiveWindowsCoverTheInputAndOverlapByAtMostOne() {
    for (int in = 1; in <= 12; in++) {
      for (int out = 1; out <= 14; out++) {
        assertThat(AdaptivePool2d.start(0, in, out)).isZero();
        assertThat(AdaptivePool2d.end(out - 1, in, out)).isEqualTo(in);
        for (int i = 1; i < out; i++) {
          int overlap = AdaptivePool2d.end(i - 1, in, out) - AdaptivePool2d.start(i, in, out);
          assertThat(overlap).isBetween(0, 1);
        }
      }
    }
  }

  @Test
  void adaptivePoolingOfAHandComputedRow() {
    Tensor x = Tensor.of(new float[] {1, 2, 6, 3, 5}, 1, 1, 1, 5);
    assertThat(AdaptivePool2d.average(x, 1, 2).data()).containsExactly(3, 14 / 3f);
    assertThat(AdaptivePool2d.max(x, 1, 2).indices()).containsExactly(2, 2);
    assertThat(AdaptivePool2d.max(x, 2, 5).y().data())
        .containsExactly(1, 2, 6, 3, 5, 1, 2, 6, 3, 5);
    Adjoint.check(
        t -> AdaptivePool2d.average(t, 3, 2),
        dy -> AdaptivePool2d.averageBackward(dy, Shape.of(2, 2, 5, 3)),
        Shape.of(2, 2, 5, 3));
    Tensor planes = rng.gaussian(1, 2, 2, 4, 4);
    assertThat(AdaptivePool2d.average(planes, 2, 2).data())
        .isEqualTo(AveragePool2d.forward(planes, PoolSpec.of(2, 2), false).data());
    assertThat(AdaptivePool2d.max(planes, 2, 2).indices())
        .isEqualTo(MaxPool2d.forward(planes, PoolSpec.of(2, 2)).indices());
  }

  @Test
  void globalPoolingGivesOneNumberPerChannelForAnyNumberOfAxes() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 6, -5, -1, -1, -3}, 1, 2, 2, 2);
    assertThat(GlobalPool.average(x).data()).containsExactly(3, -2.5f);
    assertThat(GlobalPool.average(x).shape()).isEqualTo(Shape.of(1, 2, 1, 1));
    assertThat(GlobalPool.max(x).y().data()).containsExactly(6, -1);
    assertThat(GlobalPool.max(x).indices()).containsExactly(3, 5);
    assertThat(GlobalPool.max(x.reshaped(1, 2, 4)).y().shape()).isEqualTo(Shape.of(1, 2, 1));
    Adjoint.check(
        GlobalPool::average,
        dy -> GlobalPool.averageBackward(dy, Shape.of(2, 2, 3, 2, 2)),
        Shape.of(2, 2, 3, 2, 2));
  }

  @Test
  void unpoolingPutsEachMaximumBackWhereItWas() {
    Tensor x = rng.gaussian(1, 2, 2, 4, 6);
    MaxPool2d.Result pooled = MaxPool2d.forward(x, PoolSpec.of(2, 3));
    Tensor y = MaxUnpool.forward(pooled.y(), pooled.indices(), x.shape());
    int kept = 0;
    for (int at = 0; at < x.size(); at++) {
      kept += y.data()[at] == x.data()[at] ? 1 : 0;
      assertThat(y.data()[at] == 0 || y.data()[at] == x.data()[at]).isTrue();
    }
    assertThat(kept).isEqualTo(pooled.y().size());
    Adjoint.check(
        t -> MaxUnpool.forward(t, pooled.indices(), x.shape()),
        dy -> MaxUnpool.backward(dy, pooled.indices(), pooled.y().shape()),
        pooled.y().shape());
  }

  @Test
  void theLastOfRepeatedIndicesStaysAndTakesTheGradient() {
    Tensor x = Tensor.of(new float[] {1, 2, 3}, 3);
    int[] indices = {1, 0, 1};
    assertThat(MaxUnpool.forward(x, indices, Shape.of(2)).data()).containsExactly(2, 3);
    assertThat(MaxUnpool.backward(Tensor.of(new float[] {10, 20}, 2), indices, Shape.of(3)).data())
        .containsExactly(0, 10, 20);
  }

  @Test
  void errorsNameOperationValuesAndRemedy() {
    assertThat(MaxPool2d.problem(4, 4, PoolSpec.of(2, 2).padding(2)))
        .isEqualTo(
            "MaxPool2d: padding 2 leaves windows of kernel 2 (dilation 1) without input; use padding"
                + " ≤ 1");
    assertThat(AveragePool2d.problem(4, 4, PoolSpec.of(2, 2).padding(0, 0, 0, 3).dilation(1, 2)))
        .isEqualTo(
            "AveragePool2d: padding 3 leaves windows of kernel 2 (dilation 2) without input; use"
                + " padding ≤ 2");
    assertThat(AveragePool2d.problem(4, 4, PoolSpec.of(2, 5)))
        .isEqualTo(
            "AveragePool2d: kernel 5 (dilation 1) exceeds padded input 4; raise padding to 1 or use"
                + " kernel ≤ 4");
    assertThat(MaxPool2d.problem(4, 0, PoolSpec.of(2, 2)))
        .isEqualTo("MaxPool2d: input width is 0; give at least 1");
    assertThat(MaxPool2d.problem(4, 4, PoolSpec.of(2, 2).padding(0, -1, 0, 0).ceil(true)))
        .isEqualTo("MaxPool2d: padding -1 is negative; use 0 or more");
    assertThat(MaxPool2d.problem(4, 4, PoolSpec.of(2, 2).padding(0, 0, 0, -1).ceil(true)))
        .isEqualTo("MaxPool2d: padding -1 is negative; use 0 or more");
    assertThatThrownBy(() -> MaxPool2d.forward(Tensor.zeros(4, 4), PoolSpec.of(2, 2)))
        .hasMessage("MaxPool2d: input of shape 4×4; give (N, C, H, W)");
    assertThatThrownBy(() -> MaxPool2d.forward(Tensor.zeros(1, 1, 1, 1), PoolSpec.of(2, 2)))
        .hasMessageStartingWith("MaxPool2d: kernel 2 (dilation 1) exceeds padded input 1");
    assertThatThrownBy(() -> MaxPool2d.backward(Tensor.zeros(2), new int[3], Shape.of(4)))
        .hasMessage(
            "MaxPool2d: 3 indices for a gradient of shape 2; give the indices of its forward pass");
    assertThatThrownBy(() -> AveragePool2d.forward(Tensor.zeros(4), PoolSpec.of(2, 2), true))
        .hasMessage("AveragePool2d: input of shape 4; give (N, C, H, W)");
    assertThatThrownBy(
            () ->
                AveragePool2d.backward(
                    Tensor.zeros(1, 1, 1, 1), Shape.of(1, 1, 4, 4), PoolSpec.of(2, 2), true))
        .hasMessage(
            "AveragePool2d: gradient of shape 1×1×1×1 for an output of shape 1×1×2×2; give one of"
                + " that shape");
    assertThat(AdaptivePool2d.problem(Shape.of(1, 2, 3, 3), 0, 2))
        .isEqualTo("AdaptivePool2d: output 0×2; use 1 or more for both");
    assertThat(AdaptivePool2d.problem(Shape.of(1, 2, 0, 3), 1, 2))
        .isEqualTo("AdaptivePool2d: input of shape 1×2×0×3; give at least one row and column");
    assertThat(AdaptivePool2d.problem(Shape.of(3, 3), 1, 2))
        .isEqualTo("AdaptivePool2d: input of shape 3×3; give (N, C, H, W)");
    assertThatThrownBy(
            () -> AdaptivePool2d.averageBackward(Tensor.zeros(1, 1, 1, 1), Shape.of(1, 2, 3, 3)))
        .hasMessageStartingWith("AdaptivePool2d: gradient of shape 1×1×1×1 for an output of");
    assertThatThrownBy(() -> GlobalPool.average(Tensor.zeros(2, 2)))
        .hasMessage("GlobalPool: input of shape 2×2; give (N, C, …) with a spatial axis");
    assertThatThrownBy(() -> GlobalPool.max(Tensor.zeros(2, 2, 0)))
        .hasMessage(
            "GlobalPool: input of shape 2×2×0 has empty maps; give at least one element each");
    assertThatThrownBy(() -> GlobalPool.averageBackward(Tensor.zeros(1), Shape.of(1, 1, 2)))
        .hasMessageStartingWith("GlobalPool: gradient of shape 1 for an output of shape 1×1×1");
    assertThatThrownBy(() -> MaxUnpool.forward(Tensor.zeros(2), new int[] {0, 4}, Shape.of(4)))
        .hasMessage("MaxUnpool: index 4 is outside an output of shape 4; use 0 to 3");
    assertThatThrownBy(() -> MaxUnpool.backward(Tensor.zeros(4), new int[] {0, -1}, Shape.of(2)))
        .hasMessage("MaxUnpool: index -1 is outside an output of shape 4; use 0 to 3");
    assertThatThrownBy(() -> MaxUnpool.forward(Tensor.zeros(2), new int[1], Shape.of(4)))
        .hasMessage("MaxUnpool: 1 indices for an input of shape 2; give one per element");
  }
}
