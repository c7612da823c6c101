package convscope.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EmbeddingTest {
  private static final @Nullable Tensor NO_BIAS = null;

  @Test
  void patchesAreTakenRowByRow() {
    float[] pixels = new float[16];
    for (int i = 0; i < 16; i++) {
      pixels[i] = i;
    }
    Tensor x = Tensor.of(pixels, 1, 1, 4, 4);
    Tensor first = Tensor.of(new float[] {1, 0, 0, 0}, 1, 1, 2, 2); // the corner of each patch
    Tensor y = PatchEmbedding.forward(x, first, Tensor.of(new float[] {100}, 1));
    assertThat(y.shape()).isEqualTo(Shape.of(1, 4, 1));
    assertThat(y.data()).containsExactly(100, 102, 108, 110);
  }

  @Test
  void convolutionEqualsUnfoldAndLinearAndBackwardIsTheAdjoint() {
    Rng rng = new Rng(21);
    int checked = 0;
    for (int patch = 1; patch <= 3; patch++) {
      for (int[] size : new int[][] {{3, 3}, {4, 6}, {7, 5}, {6, 3}}) {
        for (int n = 0; n <= 2; n++) {
          Tensor x = rng.gaussian(1, n, 2, size[0], size[1]);
          Tensor w = rng.gaussian(1, 3, 2, patch, patch);
          Tensor b = rng.gaussian(1, 3);
          Tensor y = PatchEmbedding.forward(x, w, b);
          assertThat(y.shape()).isEqualTo(Shape.of(n, (size[0] / patch) * (size[1] / patch), 3));
          Tensor other = PatchEmbedding.unfolded(x, w, b);
          assertThat(other.shape()).isEqualTo(y.shape());
          Numeric.assertClose(other, Numeric.doubles(y), 1e-6);
          Tensor dy = rng.gaussian(1, y.shape().dims());
          Conv2d.Gradients g = PatchEmbedding.backward(dy, x, w);
          double inner = Numeric.dot(PatchEmbedding.forward(x, w, NO_BIAS), dy);
          assertThat(Numeric.dot(g.dx(), x)).isCloseTo(inner, within(1e-4));
          assertThat(Numeric.dot(g.dWeight(), w)).isCloseTo(inner, within(1e-4));
          double ones = 0;
          for (int i = 2; i < dy.size(); i += 3) {
            ones += dy.data()[i];
          }
          assertThat((double) g.dBias().at(2)).isCloseTo(ones, within(1e-4));
          checked += y.size();
        }
      }
    }
    assertThat(checked).isGreaterThan(500);
  }

  @Test
  void theClassTokenComesFirstAndPositionsAreAdded() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, 2, 2);
    Tensor cls = Tensor.of(new float[] {10, 20}, 2);
    Tensor position = Tensor.of(new float[] {.1f, .2f, .3f, .4f, .5f, .6f}, 3, 2);
    Tensor y = TokenEmbedding.forward(x, cls, position);
    assertThat(y.shape()).isEqualTo(Shape.of(2, 3, 2));
    assertThat(y.data())
        .containsExactly(
            10.1f, 20.2f, 1.3f, 2.4f, 3.5f, 4.6f, 10.1f, 20.2f, 5.3f, 6.4f, 7.5f, 8.6f);
    Tensor dy = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 2, 3, 2);
    TokenEmbedding.Gradients g = TokenEmbedding.backward(dy);
    assertThat(g.dx().data()).containsExactly(3, 4, 5, 6, 9, 10, 11, 12);
    assertThat(g.dx().shape()).isEqualTo(x.shape());
    assertThat(g.dClassToken().data()).containsExactly(8, 10);
    assertThat(g.dPosition().data()).containsExactly(8, 10, 12, 14, 16, 18);
    assertThat(g.dPosition().shape()).isEqualTo(position.shape());
  }

  @Test
  void errorsNameOperationValuesAndRemedy() {
    Shape x = Shape.of(1, 2, 4, 4);
    assertThat(PatchEmbedding.problem(x, Shape.of(3, 2, 2, 3), null))
        .isEqualTo("PatchEmbedding: weight of shape 3×2×2×3; give (D, C, patch, patch)");
    assertThat(PatchEmbedding.problem(x, Shape.of(3, 2), null))
        .isEqualTo("PatchEmbedding: weight of shape 3×2; give (D, C, patch, patch)");
    assertThat(PatchEmbedding.problem(x, Shape.of(3, 2, 5, 5), null))
        .startsWith("PatchEmbedding: kernel 5 (dilation 1) exceeds padded input 4");
    assertThat(PatchEmbedding.problem(x, Shape.of(3, 2, 0, 0), null))
        .isEqualTo("PatchEmbedding: kernel 0 is not positive; use 1 or more");
    assertThat(PatchEmbedding.problem(x, Shape.of(3, 1, 2, 2), null))
        .startsWith("PatchEmbedding: weight 3×1×2×2 with groups 1 reads 1 channels");
    Tensor image = Tensor.zeros(1, 1, 2, 2);
    assertThatThrownBy(() -> PatchEmbedding.forward(image, Tensor.zeros(2), NO_BIAS))
        .hasMessageStartingWith("PatchEmbedding: weight of shape 2");
    assertThatThrownBy(() -> PatchEmbedding.unfolded(image, Tensor.zeros(2), NO_BIAS))
        .hasMessageStartingWith("PatchEmbedding: weight of shape 2");
    assertThatThrownBy(
            () -> PatchEmbedding.backward(Tensor.zeros(3), image, Tensor.zeros(3, 1, 2, 2)))
        .hasMessage(
            "PatchEmbedding: gradient of shape 3 for an output of shape 1×1×3; give one of that"
                + " shape");
    assertThat(TokenEmbedding.problem(Shape.of(2, 2), Shape.of(2), Shape.of(3, 2)))
        .isEqualTo("TokenEmbedding: input of shape 2×2; give (N, tokens, features)");
    assertThat(TokenEmbedding.problem(Shape.of(1, 2, 2), Shape.of(3), Shape.of(3, 2)))
        .isEqualTo("TokenEmbedding: class token of shape 3; give one of shape 2");
    assertThat(TokenEmbedding.problem(Shape.of(1, 2, 2), Shape.of(2), Shape.of(2, 2)))
        .isEqualTo("TokenEmbedding: positions of shape 2×2; give one of shape 3×2");
    assertThatThrownBy(() -> TokenEmbedding.forward(image, image, image))
        .hasMessageStartingWith("TokenEmbedding: input of shape 1×1×2×2");
    assertThatThrownBy(() -> TokenEmbedding.backward(Tensor.zeros(2, 0, 3)))
        .hasMessage("TokenEmbedding: gradient of shape 2×0×3; give (N, tokens + 1, features)");
  }
}
