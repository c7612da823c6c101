package convscope.op;

import convscope.num.Num;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Inverted dropout (Srivastava et al. 2014): in training each element is zeroed with probability p
 * and the others grow by {@code 1/(1 − p)}, so that the expectation stays; in evaluation nothing
 * happens. {@code y = x · mask/(1 − p)}, {@code dx = dy · mask/(1 − p)}.
 */
public final class Dropout {
  private Dropout() {}

  /** Why p is no probability of dropping, or null if it is: the door's check. */
  public static @Nullable String problem(double p) {
    return p >= 0 && p <= 1 ? null : "Dropout: probability " + Num.plain(p, 6) + "; use 0 to 1";
  }

  /**
   * Output and mask, both of the shape of x.
   *
   * @param mask 1 where an element was kept, 0 where it was dropped
   */
  public record Result(Tensor y, Tensor mask) {}

  /** The output in training; the same seed drops the same elements. */
  public static Result forward(Tensor x, double p, long seed) {
    Check.door(problem(p));
    Rng rng = new Rng(seed);
    Tensor mask = Tensor.zeros(x.shape());
    for (int i = 0; i < x.size(); i++) {
      mask.data()[i] = rng.nextDouble() >= p ? 1 : 0;
    }
    return new Result(scaled(x, mask, p), mask);
  }

  /** {@code dx}, given {@code dy = ∂L/∂y} and the mask that {@link #forward} gave. */
  public static Tensor backward(Tensor dy, Tensor mask, double p) {
    Check.door(problem(p));
    Check.gradient("Dropout", dy, mask.shape());
    return scaled(dy, mask, p);
  }

  /** Everything dropped (p = 1) is 0, not 0/0. */
  private static Tensor scaled(Tensor x, Tensor mask, double p) {
    Tensor out = Tensor.zeros(x.shape());
    double scale = p == 1 ? 0 : 1 / (1 - p);
    for (int i = 0; i < x.size(); i++) {
      out.data()[i] = (float) (x.data()[i] * mask.data()[i] * scale);
    }
    return out;
  }
}
