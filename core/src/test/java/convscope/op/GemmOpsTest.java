package convscope.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import convscope.engine.Engine;
import convscope.engine.EngineGemm;
import convscope.engine.ScalarKernels;
import convscope.linalg.Gemm;
import convscope.linalg.ScalarGemm;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The operators on a Gemm against the direct ones, with both Gemms. */
class GemmOpsTest {
  private static final Gemm[] GEMMS = {
    new ScalarGemm(), new EngineGemm(new Engine(new ScalarKernels()))
  };

  private final Rng rng = new Rng(8);

  private static void assertSame(Tensor got, Tensor want) {
    assertThat(got.shape()).isEqualTo(want.shape());
    Numeric.assertClose(got, Numeric.doubles(want), 1e-5);
  }

  @Test
  void aLinearLayerAndItsGradientsEqualTheDirectOnes() {
    for (Gemm gemm : GEMMS) {
      for (int[] size : new int[][] {{1, 1, 1}, {1, 5, 3}, {7, 1, 4}, {3, 9, 1}, {9, 33, 21}}) {
        Tensor x = rng.gaussian(1, 2, size[0], size[1]);
        Tensor w = rng.gaussian(1, size[2], size[1]);
        Tensor b = rng.gaussian(1, size[2]);
        Tensor dy = rng.gaussian(1, 2, size[0], size[2]);
        assertSame(Linear.forward(x, w, b, gemm), Linear.forward(x, w, b));
        assertSame(Linear.forward(x, w, null, gemm), Linear.forward(x, w, null));
        Linear.Gradients got = Linear.backward(dy, x, w, gemm);
        Linear.Gradients want = Linear.backward(dy, x, w);
        assertSame(got.dx(), want.dx());
        assertSame(got.dWeight(), want.dWeight());
        assertSame(got.dBias(), want.dBias());
      }
    }
  }

  @Test
  void aProductOfRepeatedMatricesAndOfVectorsEqualsTheDirectOne() {
    int[][][] shapes = {
      {{3, 4}, {4, 5}}, {{2, 3, 4}, {4, 5}}, {{3, 4}, {2, 4, 1}}, {{2, 1, 3, 4}, {1, 3, 4, 2}},
      {{4}, {4, 3}}, {{3, 4}, {4}}, {{4}, {4}}, {{2, 1, 7}, {7, 1}}
    };
    for (Gemm gemm : GEMMS) {
      for (int[][] shape : shapes) {
        Tensor a = rng.gaussian(1, shape[0]);
        Tensor b = rng.gaussian(1, shape[1]);
        Tensor y = MatMul.forward(a, b);
        assertSame(MatMul.forward(a, b, gemm), y);
        Tensor dy = Tensor.of(rng.gaussian(1, y.size()).data(), y.shape());
        assertSame(MatMul.backward(dy, a, b, gemm).da(), MatMul.backward(dy, a, b).da());
        assertSame(MatMul.backward(dy, a, b, gemm).db(), MatMul.backward(dy, a, b).db());
      }
    }
  }

  @Test
  void attentionMaskedCausalOrNeitherEqualsTheDirectOne() {
    Tensor mask = Tensor.zeros(5, 5);
    for (int at = 0; at < 5; at++) {
      mask.data()[at * 5 + 2] = Float.NEGATIVE_INFINITY; // nobody sees key 2
      mask.data()[15 + at] = Float.NEGATIVE_INFINITY; // query 3 sees nothing
    }
    for (Gemm gemm : GEMMS) {
      for (boolean causal : new boolean[] {false, true}) {
        assertAttention(gemm, null, causal, 5);
        assertAttention(gemm, mask, causal, 5);
      }
      assertAttention(gemm, null, false, 1);
      assertAttention(gemm, null, false, 9);
    }
  }

  private void assertAttention(Gemm gemm, @Nullable Tensor mask, boolean causal, int keys) {
    Tensor q = rng.gaussian(1, 2, 3, 5, 6);
    Tensor k = rng.gaussian(1, 2, 3, keys, 6);
    Tensor v = rng.gaussian(1, 2, 3, keys, 4);
    Tensor dy = rng.gaussian(1, 2, 3, 5, 4);
    Attention.Result want = Attention.forward(q, k, v, mask, causal);
    Attention.Result got = Attention.forward(q, k, v, mask, causal, gemm);
    assertSame(got.y(), want.y());
    assertSame(got.weights(), want.weights());
    Attention.Gradients expected = Attention.backward(dy, q, k, v, want.weights());
    Attention.Gradients gradients = Attention.backward(dy, q, k, v, want.weights(), gemm);
    assertSame(gradients.dq(), expected.dq());
    assertSame(gradients.dk(), expected.dk());
    assertSame(gradients.dv(), expected.dv());
  }

  @Test
  void multiHeadAttentionEqualsTheDirectOne() {
    Tensor x = rng.gaussian(1, 2, 7, 8);
    MultiHeadAttention.Weights weights =
        new MultiHeadAttention.Weights(
            rng.gaussian(0.3f, 24, 8), rng.gaussian(1, 24), rng.gaussian(0.3f, 8, 8), null);
    Tensor dy = rng.gaussian(1, 2, 7, 8);
    for (Gemm gemm : GEMMS) {
      assertSame(
          MultiHeadAttention.forward(x, weights, 2, null, true, gemm).y(),
          MultiHeadAttention.forward(x, weights, 2, null, true).y());
      MultiHeadAttention.Gradients got =
          MultiHeadAttention.backward(dy, x, weights, 2, null, true, gemm);
      MultiHeadAttention.Gradients want =
          MultiHeadAttention.backward(dy, x, weights, 2, null, true);
      assertSame(got.dx(), want.dx());
      assertSame(got.dQkv(), want.dQkv());
      assertSame(got.dOut(), want.dOut());
      assertSame(got.dOutBias(), want.dOutBias());
    }
  }

  @Test
  void errorsAreThoseOfTheDirectVersions() {
    Gemm gemm = GEMMS[0];
    Tensor x = Tensor.zeros(2, 3);
    Tensor w = Tensor.zeros(4, 5);
    assertThatThrownBy(() -> Linear.forward(x, w, null, gemm))
        .hasMessage(Linear.problem(x.shape(), w.shape(), null));
    assertThatThrownBy(() -> MatMul.forward(x, w, gemm))
        .hasMessage(MatMul.problem(x.shape(), w.shape()));
    assertThatThrownBy(() -> Attention.forward(x, w, w, null, false, gemm))
        .hasMessage(Attention.problem(x.shape(), w.shape(), w.shape(), null));
  }
}
