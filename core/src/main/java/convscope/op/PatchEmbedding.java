package convscope.op;

import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Cuts an image into patch × patch squares and maps each to a token of D features (Dosovitskiy et
 * al. 2021). Tokens are in row-major order of the patches; what the last full patch leaves at the
 * right and bottom is not read. Two ways that give the same numbers:
 *
 * <pre>
 *   as convolution       y = tokens(conv(x, w, b; kernel = stride = patch))
 *   as unfold + linear   y = linear(patches(x), w as (D, C·patch·patch), b)
 * </pre>
 */
public final class PatchEmbedding {
  private PatchEmbedding() {}

  /** Why these operands do not go together, or null if they do: the door's check. */
  public static @Nullable String problem(Shape x, Shape weight, @Nullable Shape bias) {
    if (weight.rank() != 4 || weight.dim(2) != weight.dim(3)) {
      return "PatchEmbedding: weight of shape " + weight + "; give (D, C, patch, patch)";
    }
    return Conv2d.problem("PatchEmbedding", x, weight, bias, spec(weight));
  }

  private static Conv2d.Spec spec(Shape weight) {
    return Conv2d.Spec.of(weight.dim(2), weight.dim(2)).stride(Math.max(1, weight.dim(2)));
  }

  /**
   * The tokens, of shape (N, (H/patch)·(W/patch), D).
   *
   * @param x (N, C, H, W)
   * @param weight (D, C, patch, patch)
   * @param bias (D) or null
   */
  public static Tensor forward(Tensor x, Tensor weight, @Nullable Tensor bias) {
    Check.door(problem(x.shape(), weight.shape(), Check.shape(bias)));
    return tokens(Conv2d.forward(x, weight, bias, spec(weight.shape())));
  }

  /** The same by cutting the patches out first, each a row of C·patch·patch elements. */
  public static Tensor unfolded(Tensor x, Tensor weight, @Nullable Tensor bias) {
    Check.door(problem(x.shape(), weight.shape(), Check.shape(bias)));
    Tensor columns = Im2col.forward(x, spec(weight.shape())); // (N, C·patch·patch, tokens)
    Tensor rows = Transpose.forward(columns, 0, 2, 1);
    return Linear.forward(rows, Reshape.flatten(weight), bias);
  }

  /** All three gradients, given {@code dy = ∂L/∂y} of shape (N, tokens, D). */
  public static Conv2d.Gradients backward(Tensor dy, Tensor x, Tensor weight) {
    Check.door(problem(x.shape(), weight.shape(), null));
    Conv2d.Spec spec = spec(weight.shape());
    int high = spec.outputHeight(x.dim(2));
    int wide = spec.outputWidth(x.dim(3));
    int depth = weight.dim(0);
    Check.gradient("PatchEmbedding", dy, Shape.of(x.dim(0), high * wide, depth));
    Tensor map = Reshape.forward(Transpose.forward(dy, 0, 2, 1), x.dim(0), depth, high, wide);
    return Conv2d.backward(map, x, weight, spec);
  }

  /** (N, D, high, wide) to (N, high·wide, D). */
  private static Tensor tokens(Tensor map) {
    Tensor flat = Reshape.forward(map, map.dim(0), map.dim(1), map.dim(2) * map.dim(3));
    return Transpose.forward(flat, 0, 2, 1);
  }
}
