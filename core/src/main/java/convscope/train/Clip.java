package convscope.train;

import convscope.num.Num;
import convscope.tensor.Tensor;

/** Gradient clipping (Pascanu et al. 2013), as PyTorch's clip_grad_norm_ and clip_grad_value_. */
public final class Clip {
  private static final double EPSILON = 1e-6;

  /** No clipping. */
  public static final Clip NONE = new Clip(false, Double.POSITIVE_INFINITY);

  private final boolean byNorm;
  private final double most;

  private Clip(boolean byNorm, double most) {
    if (!(most > 0)) {
      throw new IllegalArgumentException("Clip: limit " + Num.plain(most, 6) + "; use more than 0");
    }
    this.byNorm = byNorm;
    this.most = most;
  }

  /** Shortens a gradient that is longer: {@code g · min(1, most/(|g| + 1e-6))}. */
  public static Clip norm(double most) {
    return new Clip(true, most);
  }

  /** Cuts every element to ±most. */
  public static Clip value(double most) {
    return new Clip(false, most);
  }

  /** Clips in place; gives the norm from before. */
  public double apply(Tensor gradient) {
    double norm = norm(gradient.data(), 0, gradient.size());
    double factor = most / (norm + EPSILON);
    for (int i = 0; most != Double.POSITIVE_INFINITY && i < gradient.size(); i++) {
      double g = gradient.data()[i];
      gradient.data()[i] =
          byNorm
              ? factor < 1 ? (float) (g * factor) : (float) g
              : (float) Math.max(-most, Math.min(most, g));
    }
    return norm;
  }

  /** {@code √Σ g²} over a part of an array. */
  static double norm(float[] values, int start, int count) {
    double sum = 0;
    for (int i = start; i < start + count; i++) {
      sum += (double) values[i] * values[i];
    }
    return Math.sqrt(sum);
  }
}
