package convscope.op;

import convscope.num.Num;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What layer and group normalization share: rows of consecutive elements brought to mean 0 and
 * variance 1, then scaled and shifted.
 *
 * <pre>
 *   x̂ = (x − mean)/√(variance + ε)      y = scale · x̂ + bias      (population variance, m elements)
 *   g = scale · dy      dx = (g − mean(g) − x̂ · mean(g · x̂))/√(variance + ε)
 *   dScale = Σ dy · x̂      dBias = Σ dy
 * </pre>
 *
 * Element p of the tensor has the scale and bias number {@code p / step % count}.
 */
record Standardize(int length, int step, int count, double epsilon) {

  /** Why epsilon cannot be used, or null. */
  static @Nullable String epsilonProblem(String operation, double epsilon) {
    return epsilon >= 0
        ? null
        : operation + ": epsilon " + Num.plain(epsilon, 9) + "; use 0 or more";
  }

  double mean(float[] x, int start) {
    double sum = 0;
    for (int at = start; at < start + length; at++) {
      sum += x[at];
    }
    return sum / length;
  }

  /** {@code 1/√(variance + ε)}, the variance in a second pass: a large mean does not eat it. */
  double inverseDeviation(float[] x, int start, double mean) {
    double sum = 0;
    for (int at = start; at < start + length; at++) {
      sum += (x[at] - mean) * (x[at] - mean);
    }
    return 1 / Math.sqrt(sum / length + epsilon);
  }

  Tensor forward(Tensor x, @Nullable Tensor scale, @Nullable Tensor bias) {
    Tensor y = Tensor.zeros(x.shape());
    for (int start = 0; start < x.size(); start += length) {
      double mean = mean(x.data(), start);
      double inverse = inverseDeviation(x.data(), start, mean);
      for (int at = start; at < start + length; at++) {
        int c = at / step % count;
        double normal = (x.data()[at] - mean) * inverse;
        y.data()[at] =
            (float)
                (normal * (scale == null ? 1 : scale.data()[c])
                    + (bias == null ? 0 : bias.data()[c]));
      }
    }
    return y;
  }

  /** The gradients, those of scale and bias of shape {@code affine}. */
  NormGradients backward(Tensor dy, Tensor x, @Nullable Tensor scale, Shape affine) {
    Tensor dx = Tensor.zeros(x.shape());
    double[] dScale = new double[count];
    double[] dBias = new double[count];
    for (int start = 0; start < x.size(); start += length) {
      double mean = mean(x.data(), start);
      double inverse = inverseDeviation(x.data(), start, mean);
      double sum = 0; // Σ g
      double dot = 0; // Σ g · x̂
      for (int at = start; at < start + length; at++) {
        int c = at / step % count;
        double normal = (x.data()[at] - mean) * inverse;
        double g = dy.data()[at] * (scale == null ? 1.0 : scale.data()[c]);
        sum += g;
        dot += g * normal;
        dScale[c] += dy.data()[at] * normal;
        dBias[c] += dy.data()[at];
      }
      for (int at = start; at < start + length; at++) {
        int c = at / step % count;
        double normal = (x.data()[at] - mean) * inverse;
        double g = dy.data()[at] * (scale == null ? 1.0 : scale.data()[c]);
        dx.data()[at] = (float) ((g - sum / length - normal * dot / length) * inverse);
      }
    }
    return new NormGradients(
        dx, Broadcast.rounded(dScale, affine), Broadcast.rounded(dBias, affine));
  }
}
