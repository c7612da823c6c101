package convscope.op;

import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Puts a learned class token in front of the tokens of each image and adds a learned vector to each
 * position (Dosovitskiy et al. 2021):
 *
 * <pre>
 *   y[n,0] = cls + position[0]      y[n,t] = x[n,t−1] + position[t]
 *   dx[n,t−1] = dy[n,t]      dCls = Σ_n dy[n,0]      dPosition[t] = Σ_n dy[n,t]
 * </pre>
 *
 * <p>Loop indices: n image, t token, e feature.
 */
public final class TokenEmbedding {
  private TokenEmbedding() {}

  /** Why these operands do not go together, or null if they do: the door's check. */
  public static @Nullable String problem(Shape x, Shape classToken, Shape position) {
    if (x.rank() != 3) {
      return "TokenEmbedding: input of shape " + x + "; give (N, tokens, features)";
    }
    String problem =
        Check.shapeProblem("TokenEmbedding", "class token", classToken, Shape.of(x.dim(2)));
    return problem == null
        ? Check.shapeProblem(
            "TokenEmbedding", "positions", position, Shape.of(x.dim(1) + 1, x.dim(2)))
        : problem;
  }

  /**
   * The tokens with the class token at place 0, of shape (N, tokens + 1, D).
   *
   * @param x (N, tokens, D)
   * @param classToken (D)
   * @param position (tokens + 1, D)
   */
  public static Tensor forward(Tensor x, Tensor classToken, Tensor position) {
    Check.door(problem(x.shape(), classToken.shape(), position.shape()));
    int tokens = x.dim(1) + 1;
    int width = x.dim(2);
    Tensor y = Tensor.zeros(x.dim(0), tokens, width);
    for (int n = 0; n < x.dim(0); n++) {
      for (int t = 0; t < tokens; t++) {
        for (int e = 0; e < width; e++) {
          double token =
              t == 0 ? classToken.data()[e] : x.data()[(n * (tokens - 1) + t - 1) * width + e];
          y.data()[(n * tokens + t) * width + e] = (float) (token + position.data()[t * width + e]);
        }
      }
    }
    return y;
  }

  /** The gradients of a loss with respect to the operands, each of its operand's shape. */
  public record Gradients(Tensor dx, Tensor dClassToken, Tensor dPosition) {}

  /** All three gradients, given {@code dy = ∂L/∂y} of shape (N, tokens + 1, D). */
  public static Gradients backward(Tensor dy) {
    if (dy.rank() != 3 || dy.dim(1) < 1) {
      throw new IllegalArgumentException(
          "TokenEmbedding: gradient of shape " + dy.shape() + "; give (N, tokens + 1, features)");
    }
    int tokens = dy.dim(1);
    int width = dy.dim(2);
    Tensor dPosition = Reduce.SUM.forward(dy, false, 0); // (tokens + 1, D)
    Tensor dClassToken = Reshape.forward(SliceAxis.forward(dPosition, 0, 0, 1, 1), width);
    Tensor dx = SliceAxis.forward(dy, 1, 1, tokens, 1);
    return new Gradients(dx, dClassToken, dPosition);
  }
}
