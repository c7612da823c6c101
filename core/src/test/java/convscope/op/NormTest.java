package convscope.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NormTest {
  private static final @Nullable Tensor NONE = null;
  private static final double EPSILON = 0.01;

  /** Which elements are normalized together, and which scale and bias an element has. */
  private record Grouping(int groups, IntUnaryOperator group, IntUnaryOperator affine) {}

  /** Mean and variance of the elements of each group by their plain sums. */
  private static double[] naive(
      double[] x, @Nullable Tensor scale, @Nullable Tensor bias, Grouping g, boolean centred) {
    double[] sums = new double[g.groups];
    double[] squares = new double[g.groups];
    int[] counts = new int[g.groups];
    for (int i = 0; i < x.length; i++) {
      int group = g.group.applyAsInt(i);
      sums[group] += x[i];
      squares[group] += x[i] * x[i];
      counts[group]++;
    }
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      int group = g.group.applyAsInt(i);
      double mean = centred ? sums[group] / counts[group] : 0;
      double variance = squares[group] / counts[group] - mean * mean;
      y[i] = (x[i] - mean) / Math.sqrt(variance + EPSILON);
      y[i] *= scale == null ? 1 : scale.data()[g.affine.applyAsInt(i)];
      y[i] += bias == null ? 0 : bias.data()[g.affine.applyAsInt(i)];
    }
    return y;
  }

  /** Compares dx with differences; scale and bias enter linearly, so their gradients are sums. */
  private static int checkGradients(
      Tensor x,
      @Nullable Tensor scale,
      @Nullable Tensor bias,
      Tensor dy,
      Grouping grouping,
      Tensor dx,
      Tensor dScale,
      Tensor dBias) {
    double[] in = Numeric.doubles(x);
    double[] normal = naive(in, null, null, grouping, true);
    double[] wantScale = new double[dScale.size()];
    double[] wantBias = new double[dBias.size()];
    for (int i = 0; i < in.length; i++) {
      wantScale[grouping.affine.applyAsInt(i)] += normal[i] * dy.data()[i];
      wantBias[grouping.affine.applyAsInt(i)] += dy.data()[i];
    }
    Numeric.assertClose(dScale, wantScale, 1e-5);
    Numeric.assertClose(dBias, wantBias, 1e-5);
    return Numeric.assertClose(
        dx,
        Numeric.gradient(v -> Numeric.dot(naive(v, scale, bias, grouping, true), dy), in),
        1e-5);
  }

  @Test
  void layerNormAgreesWithPlainSumsOnEveryAxisForwardAndBackward() {
    Rng rng = new Rng(11);
    int checked = 0;
    for (int[] dims : new int[][] {{5}, {3, 4}, {2, 1, 3}, {2, 3, 1, 4}, {4, 1}, {0, 3}}) {
      for (int axis = -dims.length; axis < dims.length; axis++) {
        Tensor x = rng.gaussian(1, dims);
        int[] row = LayerNorm.row(x.shape(), axis).dims();
        for (boolean affine : new boolean[] {false, true}) {
          @Nullable Tensor scale = affine ? rng.gaussian(1, row) : null;
          @Nullable Tensor bias = affine ? rng.gaussian(1, row) : null;
          Tensor dy = rng.gaussian(1, dims);
          int length = Math.max(1, Shape.of(row).size());
          Grouping grouping = new Grouping(x.size() / length, i -> i / length, i -> i % length);
          Numeric.assertClose(
              LayerNorm.forward(x, axis, scale, bias, EPSILON),
              naive(Numeric.doubles(x), scale, bias, grouping, true),
              1e-5);
          NormGradients g = LayerNorm.backward(dy, x, axis, scale, EPSILON);
          assertThat(g.dScale().shape()).isEqualTo(Shape.of(row));
          checked += checkGradients(x, scale, bias, dy, grouping, g.dx(), g.dScale(), g.dBias());
        }
      }
    }
    assertThat(checked).isGreaterThan(250);
  }

  @Test
  void groupAndInstanceNormAgreeWithPlainSumsForwardAndBackward() {
    Rng rng = new Rng(12);
    int checked = 0;
    for (int[] dims : new int[][] {{2, 6, 3}, {2, 4, 2, 3}, {1, 6}, {1, 2, 1, 1}, {0, 2, 2, 2}}) {
      int channels = dims[1];
      Tensor x = rng.gaussian(1, dims);
      int plane = x.shape().product(2, dims.length);
      for (int groups = 1; groups <= channels; groups++) {
        if (channels % groups != 0) {
          continue;
        }
        int length = channels / groups * plane;
        Grouping grouping =
            new Grouping(dims[0] * groups, i -> i / length, i -> i / plane % channels);
        Tensor scale = rng.gaussian(1, channels);
        Tensor bias = rng.gaussian(1, channels);
        Tensor dy = rng.gaussian(1, dims);
        double[] want = naive(Numeric.doubles(x), scale, bias, grouping, true);
        Numeric.assertClose(GroupNorm.forward(x, groups, scale, bias, EPSILON), want, 1e-5);
        NormGradients g = GroupNorm.backward(dy, x, groups, scale, EPSILON);
        checked += checkGradients(x, scale, bias, dy, grouping, g.dx(), g.dScale(), g.dBias());
        if (groups == channels && dims.length > 2) {
          Numeric.assertClose(InstanceNorm.forward(x, scale, bias, EPSILON), want, 1e-5);
          NormGradients i = InstanceNorm.backward(dy, x, scale, EPSILON);
          checked += checkGradients(x, scale, bias, dy, grouping, i.dx(), i.dScale(), i.dBias());
        }
      }
    }
    assertThat(checked).isGreaterThan(300);
  }

  @Test
  void batchNormAgreesWithPlainSumsForwardAndBackward() {
    Rng rng = new Rng(13);
    int checked = 0;
    for (int[] dims : new int[][] {{4, 3}, {2, 3, 5}, {2, 1, 3, 2}, {1, 2, 2, 3}, {2, 2, 1, 1}}) {
      Tensor x = rng.gaussian(1, dims);
      int channels = dims[1];
      int plane = x.shape().product(2, dims.length);
      Grouping grouping =
          new Grouping(channels, i -> i / plane % channels, i -> i / plane % channels);
      for (boolean affine : new boolean[] {false, true}) {
        @Nullable Tensor scale = affine ? rng.gaussian(1, channels) : null;
        @Nullable Tensor bias = affine ? rng.gaussian(1, channels) : null;
        Tensor dy = rng.gaussian(1, dims);
        double[] want = naive(Numeric.doubles(x), scale, bias, grouping, true);
        Numeric.assertClose(BatchNorm2d.train(x, scale, bias, EPSILON), want, 1e-5);
        NormGradients g = BatchNorm2d.trainBackward(dy, x, scale, EPSILON);
        checked += checkGradients(x, scale, bias, dy, grouping, g.dx(), g.dScale(), g.dBias());
        // evaluating with the batch's own statistics is the same map, with constants for them
        BatchNorm2d.Statistics own = BatchNorm2d.statistics(x);
        Numeric.assertClose(
            BatchNorm2d.evaluate(x, scale, bias, own.mean(), own.variance(), EPSILON), want, 1e-5);
        NormGradients e =
            BatchNorm2d.evaluateBackward(dy, x, scale, own.mean(), own.variance(), EPSILON);
        Numeric.assertClose(e.dScale(), Numeric.doubles(g.dScale()), 1e-5);
        Numeric.assertClose(e.dBias(), Numeric.doubles(g.dBias()), 1e-5);
        double[] wantDx = new double[x.size()];
        for (int i = 0; i < wantDx.length; i++) {
          int c = i / plane % channels;
          wantDx[i] =
              dy.data()[i]
                  * (scale == null ? 1 : scale.at(c))
                  / Math.sqrt(own.variance().at(c) + EPSILON);
        }
        checked += Numeric.assertClose(e.dx(), wantDx, 1e-5);
      }
    }
    assertThat(checked).isGreaterThan(250);
  }

  @Test
  void batchStatisticsByHand() {
    Tensor x = Tensor.of(new float[] {1, 3, 10, 10, 5, 7, 10, 14}, 2, 2, 1, 2);
    BatchNorm2d.Statistics s = BatchNorm2d.statistics(x);
    assertThat(s.mean().data()).containsExactly(4, 11);
    assertThat(s.variance().data()).containsExactly(5, 3); // (9+1+1+9)/4, (1+1+1+9)/4
    assertThat(s.unbiased().data()).containsExactly(20f / 3, 4); // over 3
    Tensor running = Tensor.of(new float[] {0, 1}, 2);
    assertThat(BatchNorm2d.updated(running, s.mean(), 0.1).data()).containsExactly(0.4f, 2);
    assertThat(BatchNorm2d.updated(running, s.mean(), 0).data()).containsExactly(0, 1);
    assertThat(BatchNorm2d.updated(running, s.mean(), 1).data()).containsExactly(4, 11);
  }

  @Test
  void aLargeMeanDoesNotEatTheVariance() {
    Tensor x = Tensor.of(new float[] {100_000, 100_001, 100_002, 100_003}, 4, 1);
    assertThat(BatchNorm2d.statistics(x).variance().at(0)).isEqualTo(1.25f);
    Tensor y = LayerNorm.forward(x.reshaped(4), 0, NONE, NONE, 0);
    assertThat((double) y.at(3)).isCloseTo(1.5 / Math.sqrt(1.25), within(1e-6));
  }

  @Test
  void layerStatisticsKeepTheNormalizedAxes() {
    Tensor x = Tensor.of(new float[] {1, 3, 2, 2}, 2, 1, 2);
    LayerNorm.Statistics s = LayerNorm.statistics(x, 1, 0.25);
    assertThat(s.mean().shape()).isEqualTo(Shape.of(2, 1, 1));
    assertThat(s.mean().data()).containsExactly(2, 2);
    assertThat((double) s.inverseDeviation().at(0, 0, 0))
        .isCloseTo(1 / Math.sqrt(1.25), within(1e-7));
    assertThat(s.inverseDeviation().at(1, 0, 0)).isEqualTo(2);
  }

  @Test
  void rmsNormAgreesWithPlainSumsForwardAndBackward() {
    Rng rng = new Rng(14);
    int checked = 0;
    for (int[] dims : new int[][] {{5}, {3, 4}, {2, 1, 3}, {2, 3, 1, 2}}) {
      for (int axis = -dims.length; axis < dims.length; axis++) {
        Tensor x = rng.gaussian(1, dims);
        Shape row = LayerNorm.row(x.shape(), axis);
        int length = row.size();
        Grouping grouping = new Grouping(x.size() / length, i -> i / length, i -> i % length);
        for (boolean affine : new boolean[] {false, true}) {
          @Nullable Tensor scale = affine ? rng.gaussian(1, row.dims()) : null;
          Tensor dy = rng.gaussian(1, dims);
          double[] in = Numeric.doubles(x);
          Numeric.assertClose(
              RmsNorm.forward(x, axis, scale, EPSILON),
              naive(in, scale, null, grouping, false),
              1e-5);
          RmsNorm.Gradients g = RmsNorm.backward(dy, x, axis, scale, EPSILON);
          double[] normal = naive(in, null, null, grouping, false);
          double[] wantScale = new double[length];
          for (int i = 0; i < in.length; i++) {
            wantScale[i % length] += normal[i] * dy.data()[i];
          }
          Numeric.assertClose(g.dScale(), wantScale, 1e-5);
          checked +=
              Numeric.assertClose(
                  g.dx(),
                  Numeric.gradient(
                      v -> Numeric.dot(naive(v, scale, null, grouping, false), dy), in),
                  1e-5);
        }
      }
    }
    assertThat(checked).isGreaterThan(150);
  }

  @Test
  void notANumberSpoilsItsOwnChannelOnly() {
    Tensor x = Tensor.of(new float[] {1, 2, Float.NaN, 4}, 1, 2, 1, 2);
    Tensor y = InstanceNorm.forward(x, NONE, NONE, EPSILON);
    assertThat(y.at(0, 0, 0, 0)).isNotNaN();
    assertThat(y.at(0, 1, 0, 1)).isNaN();
    Tensor z = BatchNorm2d.train(x, NONE, NONE, EPSILON);
    assertThat(z.at(0, 0, 0, 0)).isNotNaN();
    assertThat(z.at(0, 1, 0, 1)).isNaN();
  }

  @Test
  void aOneByOneMapBecomesItsBias() {
    Tensor bias = Tensor.of(new float[] {3, 4}, 2);
    Tensor x = Tensor.of(new float[] {7, 8}, 1, 2, 1, 1);
    assertThat(InstanceNorm.forward(x, NONE, bias, EPSILON).data()).containsExactly(3, 4);
  }

  @Test
  void anEmptyBatchWorksInEvaluation() {
    Tensor one = Tensor.full(1, 2);
    Tensor y = BatchNorm2d.evaluate(Tensor.zeros(0, 2, 3, 3), one, one, one, one, EPSILON);
    assertThat(y.shape()).isEqualTo(Shape.of(0, 2, 3, 3));
  }

  @Test
  void dropoutKeepsTheShareAndTheExpectation() {
    Tensor x = Tensor.full(2, 10, 1000);
    Dropout.Result result = Dropout.forward(x, 0.25, 7);
    double kept = 0;
    for (int i = 0; i < x.size(); i++) {
      float mask = result.mask().data()[i];
      assertThat(result.y().data()[i]).isEqualTo(mask == 1 ? (float) (2 / 0.75) : 0);
      kept += mask;
    }
    assertThat(kept / x.size()).isCloseTo(0.75, within(0.02));
    assertThat(Dropout.forward(x, 0.25, 7).mask().data()).isEqualTo(result.mask().data());
    assertThat(Dropout.forward(x, 0.25, 8).mask().data()).isNotEqualTo(result.mask().data());
    Tensor dy = new Rng(1).gaussian(1, 10, 1000);
    // linear in x for a fixed mask: ⟨dy, y⟩ = ⟨dx, x⟩
    assertThat(Numeric.dot(Dropout.backward(dy, result.mask(), 0.25), x))
        .isCloseTo(Numeric.dot(result.y(), dy), within(1e-3));
  }

  @Test
  void dropoutOfNothingAndOfEverything() {
    Tensor x = Tensor.of(new float[] {1, -2}, 2);
    assertThat(Dropout.forward(x, 0, 1).y().data()).containsExactly(1, -2);
    assertThat(Dropout.forward(x, 1, 1).y().data()).containsExactly(0, -0f);
    assertThat(Dropout.forward(x, 1, 1).mask().data()).containsExactly(0, 0);
  }

  @Test
  void errorsNameOperationValuesAndRemedy() {
    Shape x = Shape.of(2, 4, 3, 3);
    assertThat(LayerNorm.problem(x, 4, null, null, 0))
        .isEqualTo("LayerNorm: axis 4 of an input of shape 2×4×3×3; use -4 to 3");
    assertThat(LayerNorm.problem(x, -2, Shape.of(3), null, 0))
        .isEqualTo("LayerNorm: scale of shape 3; give one of shape 3×3");
    assertThat(LayerNorm.problem(x, -1, Shape.of(3), Shape.of(4), 0))
        .isEqualTo("LayerNorm: bias of shape 4; give one of shape 3");
    assertThat(LayerNorm.problem(x, -1, null, null, -1))
        .isEqualTo("LayerNorm: epsilon -1; use 0 or more");
    assertThat(RmsNorm.problem(x, -5, null, 0)).startsWith("RmsNorm: axis -5 of");
    assertThat(RmsNorm.problem(x, -1, Shape.of(4), 0))
        .isEqualTo("RmsNorm: scale of shape 4; give one of shape 3");
    assertThat(RmsNorm.problem(x, -1, null, Double.NaN))
        .isEqualTo("RmsNorm: epsilon NaN; use 0 or more");
    assertThat(GroupNorm.problem(Shape.of(4), 2, null, null, 0))
        .isEqualTo("GroupNorm: input of shape 4; give (N, C) or (N, C, H, W)");
    assertThat(GroupNorm.problem(x, 3, null, null, 0))
        .isEqualTo("GroupNorm: groups 3 must divide 4 channels; use a divisor");
    assertThat(GroupNorm.problem(x, 0, null, null, 0)).contains("groups 0 must divide");
    assertThat(GroupNorm.problem(x, 2, Shape.of(2), null, 0))
        .isEqualTo("GroupNorm: scale of shape 2; give one of shape 4");
    assertThat(GroupNorm.problem(x, 2, null, Shape.of(2), 0))
        .isEqualTo("GroupNorm: bias of shape 2; give one of shape 4");
    assertThat(InstanceNorm.problem(Shape.of(2, 4), null, null, 0))
        .isEqualTo("InstanceNorm: input of shape 2×4; give (N, C, L) or (N, C, H, W)");
    assertThat(InstanceNorm.problem(Shape.of(2, 0, 3), null, null, 0))
        .isEqualTo("InstanceNorm: input of shape 2×0×3 has no channels; give 1 or more");
    assertThat(InstanceNorm.problem(x, null, Shape.of(1), 0))
        .isEqualTo("InstanceNorm: bias of shape 1; give one of shape 4");
    assertThat(BatchNorm2d.problem(Shape.of(4), null, null, 0, false))
        .isEqualTo("BatchNorm2d: input of shape 4; give (N, C) or (N, C, H, W)");
    assertThat(BatchNorm2d.problem(Shape.of(1, 4, 1, 1), null, null, 0, true))
        .isEqualTo(
            "BatchNorm2d: training on 1 value per channel of 1×4×1×1 leaves no variance; give a"
                + " larger batch or map, or evaluate");
    assertThat(BatchNorm2d.problem(Shape.of(0, 4), null, null, 0, true))
        .startsWith("BatchNorm2d: training on 0 values per channel of 0×4");
    assertThat(BatchNorm2d.problem(x, Shape.of(3), null, 0, true))
        .isEqualTo("BatchNorm2d: scale of shape 3; give one of shape 4");
    assertThat(BatchNorm2d.problem(x, null, Shape.of(3), 0, true))
        .isEqualTo("BatchNorm2d: bias of shape 3; give one of shape 4");
    assertThat(BatchNorm2d.problem(x, null, null, -0.5, true))
        .isEqualTo("BatchNorm2d: epsilon -0.5; use 0 or more");
    Tensor four = Tensor.zeros(4);
    assertThatThrownBy(
            () -> BatchNorm2d.evaluate(Tensor.zeros(1, 4), NONE, NONE, Tensor.zeros(3), four, 0))
        .hasMessage("BatchNorm2d: mean of shape 3; give one of shape 4");
    assertThatThrownBy(
            () -> BatchNorm2d.evaluate(Tensor.zeros(1, 4), NONE, NONE, four, Tensor.zeros(3), 0))
        .hasMessage("BatchNorm2d: variance of shape 3; give one of shape 4");
    assertThatThrownBy(() -> BatchNorm2d.updated(four, Tensor.zeros(3), 0.1))
        .hasMessage("BatchNorm2d: batch statistic of shape 3; give one of shape 4");
    assertThatThrownBy(() -> BatchNorm2d.updated(four, four, 1.5))
        .hasMessage("BatchNorm2d: momentum 1.5; use 0 to 1");
    Tensor two = Tensor.zeros(2, 4, 1);
    assertThatThrownBy(() -> BatchNorm2d.trainBackward(Tensor.zeros(3), two, NONE, 0))
        .hasMessage(
            "BatchNorm2d: gradient of shape 3 for an output of shape 2×4×1; give one of that"
                + " shape");
    assertThatThrownBy(() -> LayerNorm.backward(Tensor.zeros(3), two, -1, NONE, 0))
        .hasMessageStartingWith("LayerNorm: gradient of shape 3");
    assertThatThrownBy(() -> RmsNorm.backward(Tensor.zeros(3), two, -1, NONE, 0))
        .hasMessageStartingWith("RmsNorm: gradient of shape 3");
    assertThatThrownBy(() -> GroupNorm.backward(Tensor.zeros(3), two, 1, NONE, 0))
        .hasMessageStartingWith("GroupNorm: gradient of shape 3");
    assertThatThrownBy(() -> InstanceNorm.backward(Tensor.zeros(3), two, NONE, 0))
        .hasMessageStartingWith("InstanceNorm: gradient of shape 3");
    assertThat(Dropout.problem(1.25)).isEqualTo("Dropout: probability 1.25; use 0 to 1");
    assertThatThrownBy(() -> Dropout.forward(two, -0.1, 0))
        .hasMessage("Dropout: probability -0.1; use 0 to 1");
    assertThatThrownBy(() -> Dropout.backward(Tensor.zeros(3), two, 0.5))
        .hasMessageStartingWith("Dropout: gradient of shape 3");
  }
}
