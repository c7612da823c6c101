package convscope.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.tensor.Tensor;
import java.util.function.ToDoubleFunction;

/**
 * Numerical differentiation in double of a reference that shares no code with the operators: the
 * oracle of their backwards.
 */
final class Numeric {
  private static final double STEP = 1e-5;

  private Numeric() {}

  /** {@code ∂f/∂x[i]} by central differences. */
  static double[] gradient(ToDoubleFunction<double[]> f, double[] x) {
    double[] gradient = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double kept = x[i];
      x[i] = kept + STEP;
      double above = f.applyAsDouble(x);
      x[i] = kept - STEP;
      double below = f.applyAsDouble(x);
      x[i] = kept;
      gradient[i] = (above - below) / (2 * STEP);
    }
    return gradient;
  }

  static double[] doubles(Tensor x) {
    double[] out = new double[x.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = x.data()[i];
    }
    return out;
  }

  /** {@code Σ a[i] · b[i]}, the scalar product that makes a loss of an output. */
  static double dot(double[] a, Tensor b) {
    assertThat(a.length).isEqualTo(b.size());
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b.data()[i];
    }
    return sum;
  }

  static double dot(Tensor a, Tensor b) {
    assertThat(a.shape()).isEqualTo(b.shape());
    return dot(doubles(a), b);
  }

  /** Compares with an absolute and relative tolerance; gives the number of elements compared. */
  static int assertClose(Tensor got, double[] want, double tolerance) {
    assertThat(got.size()).isEqualTo(want.length);
    for (int i = 0; i < want.length; i++) {
      assertThat((double) got.data()[i])
          .as("element " + i)
          .isCloseTo(want[i], within(tolerance * Math.max(1, Math.abs(want[i]))));
    }
    return want.length;
  }
}
