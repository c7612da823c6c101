package convscope.op;

import convscope.linalg.Gemm;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head self-attention (Vaswani et al. 2017): one {@link Linear} layer makes queries, keys and
 * values of each token, {@link Attention} mixes the tokens in every head on its own, another Linear
 * layer mixes the heads.
 *
 * <pre>
 *   (q, k, v) = x Wqkvᵀ + bqkv      rows of Wqkv in the order q, k, v, each heads · d rows
 *   y = concat over heads(attention(q_h, k_h, v_h)) Woutᵀ + bout
 * </pre>
 *
 * Its backward is the backward of these steps in the opposite order.
 */
public final class MultiHeadAttention {
  private MultiHeadAttention() {}

  /**
   * The learned parameters.
   *
   * @param qkv (3·D, D)
   * @param qkvBias (3·D) or null
   * @param out (D, D)
   * @param outBias (D) or null
   */
  public record Weights(
      Tensor qkv, @Nullable Tensor qkvBias, Tensor out, @Nullable Tensor outBias) {}

  /** Why these operands do not go together, or null if they do: the door's check. */
  public static @Nullable String problem(Shape x, Weights weights, int heads) {
    if (x.rank() != 3) {
      return "MultiHeadAttention: input of shape " + x + "; give (N, tokens, features)";
    }
    int width = x.dim(2);
    if (heads < 1 || width < 1 || width % heads != 0) {
      return "MultiHeadAttention: "
          + heads
          + " heads must divide "
          + width
          + " features; use a divisor";
    }
    String problem =
        Check.shapeProblem(
            "MultiHeadAttention", "qkv", weights.qkv.shape(), Shape.of(3 * width, width));
    if (problem == null) {
      problem =
          Check.shapeProblem(
              "MultiHeadAttention", "qkv bias", Check.shape(weights.qkvBias), Shape.of(3 * width));
    }
    if (problem == null) {
      problem =
          Check.shapeProblem(
              "MultiHeadAttention", "out", weights.out.shape(), Shape.of(width, width));
    }
    return problem == null
        ? Check.shapeProblem(
            "MultiHeadAttention", "out bias", Check.shape(weights.outBias), Shape.of(width))
        : problem;
  }

  /**
   * The output and what each head looks at.
   *
   * @param y (N, tokens, D)
   * @param attention (N, heads, tokens, tokens)
   */
  public record Result(Tensor y, Tensor attention) {}

  /**
   * What the forward pass makes on its way: q, k, v per head, their attention, the joined heads.
   */
  private record Steps(Tensor[] heads, Attention.Result attention, Tensor joined) {
    static Steps of(
        Tensor x,
        Weights weights,
        int heads,
        @Nullable Tensor mask,
        boolean causal,
        @Nullable Gemm gemm) {
      Tensor[] qkv = split(linear(x, weights.qkv, weights.qkvBias, gemm), heads);
      Attention.Result attention =
          gemm == null
              ? Attention.forward(qkv[0], qkv[1], qkv[2], mask, causal)
              : Attention.forward(qkv[0], qkv[1], qkv[2], mask, causal, gemm);
      return new Steps(qkv, attention, join(attention.y()));
    }
  }

  /** (N, T, 3·D) to q, k and v of shape (N, heads, T, D/heads). */
  private static Tensor[] split(Tensor qkv, int heads) {
    int depth = qkv.dim(2) / 3 / heads;
    Tensor parts = Reshape.forward(qkv, qkv.dim(0), qkv.dim(1), 3, heads, depth);
    Tensor ordered = Transpose.forward(parts, 2, 0, 3, 1, 4);
    Tensor[] out = Split.forward(ordered, 0, 1, 1, 1);
    for (int i = 0; i < 3; i++) {
      out[i] = Reshape.forward(out[i], qkv.dim(0), heads, qkv.dim(1), depth);
    }
    return out;
  }

  /** The adjoint of {@link #split}: three of (N, heads, T, d) to (N, T, 3·D). */
  private static Tensor unsplit(Tensor... parts) {
    Tensor q = parts[0];
    Tensor[] rows = new Tensor[3];
    for (int i = 0; i < 3; i++) {
      rows[i] = Reshape.forward(parts[i], 1, q.dim(0), q.dim(1), q.dim(2), q.dim(3));
    }
    Tensor back = Transpose.backward(Concat.forward(0, rows), 2, 0, 3, 1, 4);
    return Reshape.forward(back, q.dim(0), q.dim(2), 3 * q.dim(1) * q.dim(3));
  }

  /** (N, heads, T, d) to (N, T, heads·d). */
  private static Tensor join(Tensor heads) {
    return Reshape.forward(
        Transpose.forward(heads, 0, 2, 1, 3),
        heads.dim(0),
        heads.dim(2),
        heads.dim(1) * heads.dim(3));
  }

  /** The adjoint of {@link #join}, for heads of shape {@code heads}. */
  private static Tensor unjoin(Tensor joined, Shape heads) {
    Tensor parts = Reshape.forward(joined, heads.dim(0), heads.dim(2), heads.dim(1), heads.dim(3));
    return Transpose.backward(parts, 0, 2, 1, 3);
  }

  /**
   * Self-attention of the tokens of each image.
   *
   * @param x (N, tokens, D)
   * @param mask added to the scores (−∞ hides), repeated to (N, heads, tokens, tokens), or null
   */
  public static Result forward(
      Tensor x, Weights weights, int heads, @Nullable Tensor mask, boolean causal) {
    return forward(x, weights, heads, mask, causal, null);
  }

  /** The same with the products of {@code gemm}, if there is one. */
  public static Result forward(
      Tensor x,
      Weights weights,
      int heads,
      @Nullable Tensor mask,
      boolean causal,
      @Nullable Gemm gemm) {
    Check.door(problem(x.shape(), weights, heads));
    Steps steps = Steps.of(x, weights, heads, mask, causal, gemm);
    return new Result(
        linear(steps.joined, weights.out, weights.outBias, gemm), steps.attention.weights());
  }

  private static Tensor linear(
      Tensor x, Tensor weight, @Nullable Tensor bias, @Nullable Gemm gemm) {
    return gemm == null ? Linear.forward(x, weight, bias) : Linear.forward(x, weight, bias, gemm);
  }

  private static Linear.Gradients linearBackward(
      Tensor dy, Tensor x, Tensor weight, @Nullable Gemm gemm) {
    return gemm == null ? Linear.backward(dy, x, weight) : Linear.backward(dy, x, weight, gemm);
  }

  /** The gradients of a loss with respect to the operands, each of its operand's shape. */
  public record Gradients(Tensor dx, Tensor dQkv, Tensor dQkvBias, Tensor dOut, Tensor dOutBias) {}

  /** All gradients, given {@code dy = ∂L/∂y} of shape (N, tokens, D). */
  public static Gradients backward(
      Tensor dy, Tensor x, Weights weights, int heads, @Nullable Tensor mask, boolean causal) {
    return backward(dy, x, weights, heads, mask, causal, null);
  }

  /** The same with the products of {@code gemm}, if there is one. */
  public static Gradients backward(
      Tensor dy,
      Tensor x,
      Weights weights,
      int heads,
      @Nullable Tensor mask,
      boolean causal,
      @Nullable Gemm gemm) {
    Check.door(problem(x.shape(), weights, heads));
    Check.gradient("MultiHeadAttention", dy, x.shape());
    Steps steps = Steps.of(x, weights, heads, mask, causal, gemm);
    Linear.Gradients out = linearBackward(dy, steps.joined, weights.out, gemm);
    Tensor[] qkv = steps.heads;
    Tensor mixed = unjoin(out.dx(), qkv[0].shape());
    Tensor seen = steps.attention.weights();
    Attention.Gradients inner =
        gemm == null
            ? Attention.backward(mixed, qkv[0], qkv[1], qkv[2], seen)
            : Attention.backward(mixed, qkv[0], qkv[1], qkv[2], seen, gemm);
    Linear.Gradients in =
        linearBackward(unsplit(inner.dq(), inner.dk(), inner.dv()), x, weights.qkv, gemm);
    return new Gradients(in.dx(), in.dWeight(), in.dBias(), out.dWeight(), out.dBias());
  }
}
