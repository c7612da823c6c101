package convscope.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AttentionTest {
  private static final @Nullable Tensor NO_MASK = null;

  @Test
  void hugeScoresDoNotOverflow() {
    Tensor q = Tensor.of(new float[] {1000}, 1, 1);
    Tensor k = Tensor.of(new float[] {1, 2}, 2, 1);
    Tensor v = Tensor.of(new float[] {5, 7}, 2, 1);
    assertThat(Attention.forward(q, k, v, null, false).y().data()).containsExactly(7);
  }

  @Test
  void equalKeysGiveTheMeanOfTheValues() {
    Tensor q = Tensor.of(new float[] {5, -1}, 1, 2);
    Tensor k = Tensor.full(1, 3, 2);
    Tensor v = Tensor.of(new float[] {1, 2, 6}, 3, 1);
    Attention.Result result = Attention.forward(q, k, v, NO_MASK, false);
    assertThat(result.y().shape()).isEqualTo(Shape.of(1, 1));
    assertThat((double) result.y().at(0, 0)).isCloseTo(3, within(1e-6));
    assertThat((double) result.weights().at(0, 2)).isCloseTo(1.0 / 3, within(1e-7));
  }

  /** Sizes of one case: leading cells, queries, keys, features, depth of the values. */
  private record Size(int cells, int queries, int keys, int features, int depth) {}

  @Test
  void everySizeMaskAndCausalityAgreesWithTheNaiveFormulaForwardAndBackward() {
    Rng rng = new Rng(16);
    int checked = 0;
    for (Size s :
        new Size[] {
          new Size(1, 1, 1, 1, 1),
          new Size(2, 3, 3, 2, 2),
          new Size(1, 2, 4, 3, 1),
          new Size(2, 4, 2, 1, 3),
          new Size(0, 2, 2, 2, 2)
        }) {
      for (boolean causal : new boolean[] {false, true}) {
        for (boolean masked : new boolean[] {false, true}) {
          Tensor q = rng.gaussian(1, 1, s.cells, s.queries, s.features);
          Tensor k = rng.gaussian(1, 1, s.cells, s.keys, s.features);
          Tensor v = rng.gaussian(1, 1, s.cells, s.keys, s.depth);
          @Nullable Tensor mask = masked ? rng.gaussian(2, s.queries, s.keys) : null;
          Tensor dy = rng.gaussian(1, 1, s.cells, s.queries, s.depth);
          double[] inQ = Numeric.doubles(q);
          double[] inK = Numeric.doubles(k);
          double[] inV = Numeric.doubles(v);
          Attention.Result result = Attention.forward(q, k, v, mask, causal);
          assertThat(result.y().shape()).isEqualTo(dy.shape());
          Numeric.assertClose(result.y(), naive(s, inQ, inK, inV, mask, causal), 1e-6);
          Attention.Gradients g = Attention.backward(dy, q, k, v, result.weights());
          checked +=
              Numeric.assertClose(
                  g.dq(),
                  Numeric.gradient(
                      d -> Numeric.dot(naive(s, d, inK, inV, mask, causal), dy), inQ.clone()),
                  1e-5);
          checked +=
              Numeric.assertClose(
                  g.dk(),
                  Numeric.gradient(
                      d -> Numeric.dot(naive(s, inQ, d, inV, mask, causal), dy), inK.clone()),
                  1e-5);
          checked +=
              Numeric.assertClose(
                  g.dv(),
                  Numeric.gradient(
                      d -> Numeric.dot(naive(s, inQ, inK, d, mask, causal), dy), inV.clone()),
                  1e-5);
        }
      }
    }
    assertThat(checked).isGreaterThan(300);
  }

  /** Exponentials without any shift, hidden keys simply left out. */
  private static double[] naive(
      Size s, double[] q, double[] k, double[] v, @Nullable Tensor mask, boolean causal) {
    double[] y = new double[s.cells * s.queries * s.depth];
    for (int b = 0; b < s.cells; b++) {
      for (int i = 0; i < s.queries; i++) {
        double total = 0;
        double[] sums = new double[s.depth];
        for (int j = 0; j < s.keys; j++) {
          if (causal && j > i) {
            continue;
          }
          double score = 0;
          for (int e = 0; e < s.features; e++) {
            score += q[(b * s.queries + i) * s.features + e] * k[(b * s.keys + j) * s.features + e];
          }
          score = score / Math.sqrt(s.features) + (mask == null ? 0 : mask.at(i, j));
          double weight = Math.exp(score);
          total += weight;
          for (int e = 0; e < s.depth; e++) {
            sums[e] += weight * v[(b * s.keys + j) * s.depth + e];
          }
        }
        for (int e = 0; e < s.depth; e++) {
          y[(b * s.queries + i) * s.depth + e] = sums[e] / total;
        }
      }
    }
    return y;
  }

  @Test
  void whatIsHiddenMayBeAnything() {
    float low = Float.NEGATIVE_INFINITY;
    Tensor one = Tensor.full(1, 2, 1);
    Tensor v = Tensor.of(new float[] {4, Float.NaN}, 2, 1);
    Tensor mask = Tensor.of(new float[] {0, low, low, low}, 2, 2);
    Attention.Result result = Attention.forward(one, one, v, mask, false);
    assertThat(result.y().data()).containsExactly(4, 0); // the second query sees nothing
    assertThat(result.weights().data()).containsExactly(1, 0, 0, 0);
    Attention.Gradients g = Attention.backward(Tensor.full(1, 2, 1), one, one, v, result.weights());
    assertThat(g.dq().data()).containsExactly(0, 0);
    assertThat(g.dv().data()).containsExactly(1, 0);
  }

  @Test
  void oneHeadIsPlainAttentionOfTheThreeProjections() {
    Rng rng = new Rng(17);
    Tensor x = rng.gaussian(1, 2, 3, 4);
    MultiHeadAttention.Weights weights = weights(rng, 4);
    MultiHeadAttention.Result result = MultiHeadAttention.forward(x, weights, 1, NO_MASK, false);
    Tensor qkv = Linear.forward(x, weights.qkv(), weights.qkvBias());
    Tensor[] three = Split.forward(qkv, 2, 4, 4, 4);
    Tensor mixed = Attention.forward(three[0], three[1], three[2], NO_MASK, false).y();
    Tensor want = Linear.forward(mixed, weights.out(), weights.outBias());
    assertThat(result.y().data()).isEqualTo(want.data());
    assertThat(result.attention().shape()).isEqualTo(Shape.of(2, 1, 3, 3));
  }

  @Test
  void headsSeeOnlyTheirOwnFeatures() {
    Rng rng = new Rng(18);
    Tensor x = rng.gaussian(1, 1, 3, 4);
    MultiHeadAttention.Weights weights = weights(rng, 4);
    Tensor base = MultiHeadAttention.forward(x, weights, 2, NO_MASK, false).attention();
    float[] changed = weights.qkv().data().clone();
    Arrays.fill(changed, 2 * 4, 4 * 4, 0); // the queries of head 1: rows 2 and 3
    MultiHeadAttention.Weights other =
        new MultiHeadAttention.Weights(
            Tensor.of(changed, 12, 4), weights.qkvBias(), weights.out(), weights.outBias());
    Tensor now = MultiHeadAttention.forward(x, other, 2, NO_MASK, false).attention();
    assertThat(Arrays.copyOf(now.data(), 9)).isEqualTo(Arrays.copyOf(base.data(), 9));
    assertThat(now.data()).isNotEqualTo(base.data());
  }

  @Test
  void causalTokensDoNotSeeTheFuture() {
    Rng rng = new Rng(19);
    MultiHeadAttention.Weights weights = weights(rng, 4);
    Tensor x = rng.gaussian(1, 1, 5, 4);
    Tensor y = MultiHeadAttention.forward(x, weights, 2, NO_MASK, true).y();
    Tensor later = x.copy();
    later.set(100, 0, 3, 0);
    Tensor z = MultiHeadAttention.forward(later, weights, 2, NO_MASK, true).y();
    assertThat(Arrays.copyOf(z.data(), 12)).isEqualTo(Arrays.copyOf(y.data(), 12));
    assertThat(z.at(0, 3, 0)).isNotEqualTo(y.at(0, 3, 0));
    assertThat(z.at(0, 4, 0)).isNotEqualTo(y.at(0, 4, 0));
  }

  @Test
  void multiHeadGradientsAgreeWithDifferences() {
    Rng rng = new Rng(20);
    Tensor x = rng.gaussian(1, 2, 3, 4);
    Tensor dy = rng.gaussian(1, 2, 3, 4);
    for (boolean causal : new boolean[] {false, true}) {
      MultiHeadAttention.Weights w = weights(rng, 4);
      MultiHeadAttention.Gradients g = MultiHeadAttention.backward(dy, x, w, 2, NO_MASK, causal);
      check(x, g.dx(), () -> loss(x, w, causal, dy));
      check(w.qkv(), g.dQkv(), () -> loss(x, w, causal, dy));
      check(
          java.util.Objects.requireNonNull(w.qkvBias()),
          g.dQkvBias(),
          () -> loss(x, w, causal, dy));
      check(w.out(), g.dOut(), () -> loss(x, w, causal, dy));
      check(
          java.util.Objects.requireNonNull(w.outBias()),
          g.dOutBias(),
          () -> loss(x, w, causal, dy));
    }
  }

  private static MultiHeadAttention.Weights weights(Rng rng, int width) {
    return new MultiHeadAttention.Weights(
        rng.gaussian(1, 3 * width, width),
        rng.gaussian(1, 3 * width),
        rng.gaussian(1, width, width),
        rng.gaussian(1, width));
  }

  private static double loss(
      Tensor x, MultiHeadAttention.Weights weights, boolean causal, Tensor dy) {
    return Numeric.dot(MultiHeadAttention.forward(x, weights, 2, NO_MASK, causal).y(), dy);
  }

  /** Float32 forwards: a wide step, and a tolerance for what it leaves. */
  private static void check(Tensor operand, Tensor gradient, java.util.function.DoubleSupplier f) {
    assertThat(gradient.shape()).isEqualTo(operand.shape());
    for (int i = 0; i < operand.size(); i++) {
      float kept = operand.data()[i];
      operand.data()[i] = kept + 0x1p-7f;
      double above = f.getAsDouble();
      operand.data()[i] = kept - 0x1p-7f;
      double below = f.getAsDouble();
      operand.data()[i] = kept;
      assertThat((double) gradient.data()[i])
          .isCloseTo((above - below) / 0x1p-6, within(4e-3 * Math.max(1, Math.abs(above - below))));
    }
  }

  @Test
  void errorsNameOperationValuesAndRemedy() {
    Shape q = Shape.of(2, 3, 4);
    assertThat(Attention.problem(Shape.of(4), Shape.of(4), Shape.of(4), null))
        .isEqualTo("Attention: q 4, k 4, v 4; give three of shape (…, length, d)");
    assertThat(Attention.problem(q, Shape.of(3, 4), q, null))
        .startsWith("Attention: q 2×3×4, k 3×4, v 2×3×4; give");
    assertThat(Attention.problem(q, Shape.of(2, 5, 3), Shape.of(2, 5, 3), null))
        .isEqualTo("Attention: queries of 4 and keys of 3 features; make them equal, 1 or more");
    assertThat(Attention.problem(q, Shape.of(2, 5, 4), Shape.of(2, 6, 4), null))
        .isEqualTo(
            "Attention: keys 2×5×4 and values 2×6×4 differ before the last axis; make them equal"
                + " there");
    assertThat(Attention.problem(q, Shape.of(1, 5, 4), Shape.of(1, 5, 4), null))
        .isEqualTo(
            "Attention: queries 2×3×4 and keys 1×5×4 differ in their leading axes; make them equal"
                + " there");
    assertThat(Attention.problem(q, q, q, Shape.of(4, 3)))
        .isEqualTo(
            "Attention: mask of shape 4×3 does not repeat to 2×3×3; give (queries, keys) or (…,"
                + " queries, keys)");
    assertThat(Attention.problem(q, q, q, Shape.of(5, 2, 3, 3))).contains("mask of shape 5×2×3×3");
    Tensor t = Tensor.zeros(2, 3, 4);
    assertThatThrownBy(() -> Attention.forward(t, t, Tensor.zeros(2, 4, 4), NO_MASK, false))
        .hasMessageStartingWith("Attention: keys 2×3×4");
    assertThatThrownBy(() -> Attention.backward(Tensor.zeros(3), t, t, t, Tensor.zeros(2, 3, 3)))
        .hasMessage(
            "Attention: gradient of shape 3 for an output of shape 2×3×4; give one of that shape");
    assertThatThrownBy(() -> Attention.backward(t, t, t, t, Tensor.zeros(3, 3)))
        .hasMessage("Attention: weights of shape 3×3; give one of shape 2×3×3");
    MultiHeadAttention.Weights w = weights(new Rng(1), 4);
    assertThat(MultiHeadAttention.problem(Shape.of(3, 4), w, 2))
        .isEqualTo("MultiHeadAttention: input of shape 3×4; give (N, tokens, features)");
    assertThat(MultiHeadAttention.problem(q, w, 3))
        .isEqualTo("MultiHeadAttention: 3 heads must divide 4 features; use a divisor");
    assertThat(MultiHeadAttention.problem(q, w, 0)).contains("0 heads must divide");
    assertThat(MultiHeadAttention.problem(Shape.of(1, 2, 6), w, 2))
        .isEqualTo("MultiHeadAttention: qkv of shape 12×4; give one of shape 18×6");
    Tensor four = Tensor.zeros(4);
    assertThat(problem(w.qkv(), four, w.out(), four))
        .isEqualTo("MultiHeadAttention: qkv bias of shape 4; give one of shape 12");
    assertThat(problem(w.qkv(), NO_MASK, w.qkv(), four))
        .isEqualTo("MultiHeadAttention: out of shape 12×4; give one of shape 4×4");
    assertThat(problem(w.qkv(), NO_MASK, w.out(), Tensor.zeros(12)))
        .isEqualTo("MultiHeadAttention: out bias of shape 12; give one of shape 4");
    assertThatThrownBy(() -> MultiHeadAttention.backward(Tensor.zeros(3), t, w, 2, NO_MASK, false))
        .hasMessageStartingWith("MultiHeadAttention: gradient of shape 3");
    assertThatThrownBy(() -> MultiHeadAttention.forward(four, w, 2, NO_MASK, false))
        .hasMessageStartingWith("MultiHeadAttention: input of shape 4");
  }

  private static @Nullable String problem(
      Tensor qkv, @Nullable Tensor qkvBias, Tensor out, @Nullable Tensor outBias) {
    return MultiHeadAttention.problem(
        Shape.of(1, 2, 4), new MultiHeadAttention.Weights(qkv, qkvBias, out, outBias), 2);
  }
}
