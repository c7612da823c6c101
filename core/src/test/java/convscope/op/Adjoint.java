package convscope.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.function.UnaryOperator;

/** The backward of a linear map A is its transpose: {@code ⟨A x, y⟩ = ⟨x, Aᵀ y⟩}. */
final class Adjoint {
  private Adjoint() {}

  /**
   * Probes {@code forward} with every unit vector e of shape {@code x} and compares {@code ⟨A e,
   * dy⟩} with that element of {@code backward(dy)}; gives the number of elements compared.
   */
  static int check(UnaryOperator<Tensor> forward, UnaryOperator<Tensor> backward, Shape x) {
    Rng rng = new Rng(x.size());
    Tensor dy = rng.gaussian(1, forward.apply(Tensor.zeros(x)).shape().dims());
    Tensor dx = backward.apply(dy);
    assertThat(dx.shape()).isEqualTo(x);
    for (int at = 0; at < x.size(); at++) {
      Tensor unit = Tensor.zeros(x);
      unit.data()[at] = 1;
      double want = Numeric.dot(forward.apply(unit), dy);
      assertThat((double) dx.data()[at]).as("element " + at).isCloseTo(want, within(1e-5));
    }
    Tensor a = rng.gaussian(1, x.dims());
    assertThat(Numeric.dot(forward.apply(a), dy))
        .isCloseTo(Numeric.dot(a, dx), within(1e-5 * (1 + x.size())));
    return x.size();
  }
}
