package convscope.op;

import convscope.num.Num;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Batch normalization (Ioffe &amp; Szegedy 2015) of (N, C, H, W) and, just the same, of (N, C) and
 * any other (N, C, …): each channel is brought to mean 0 and variance 1 over the whole batch, then
 * scaled and shifted.
 *
 * <pre>
 *   x̂ = (x − mean[c])/√(variance[c] + ε)      y = scale[c] · x̂ + bias[c]
 * </pre>
 *
 * In training mean and variance are the batch's own (population variance, m = N·H·W elements), and
 * the gradient flows through them too; in evaluation they are the running ones, constants.
 *
 * <pre>
 *   training    dx = scale/√(variance + ε) · (dy − mean(dy) − x̂ · mean(dy · x̂))
 *   evaluation  dx = scale/√(variance + ε) · dy
 *   both        dScale = Σ dy · x̂      dBias = Σ dy
 * </pre>
 *
 * <p>Loop indices: n image, c channel, s cell of the plane.
 */
public final class BatchNorm2d {
  private BatchNorm2d() {}

  /** Why these operands do not go together, or null if they do: the door's check. */
  public static @Nullable String problem(
      Shape x, @Nullable Shape scale, @Nullable Shape bias, double epsilon, boolean training) {
    if (x.rank() < 2) {
      return "BatchNorm2d: input of shape " + x + "; give (N, C) or (N, C, H, W)";
    }
    int count = x.dim(0) * x.product(2, x.rank());
    if (training && count < 2) {
      return "BatchNorm2d: training on "
          + count
          + (count == 1 ? " value" : " values")
          + " per channel of "
          + x
          + " leaves no variance; give a larger batch or map, or evaluate";
    }
    Shape channels = Shape.of(x.dim(1));
    String problem = Check.shapeProblem("BatchNorm2d", "scale", scale, channels);
    if (problem == null) {
      problem = Check.shapeProblem("BatchNorm2d", "bias", bias, channels);
    }
    return problem == null ? Standardize.epsilonProblem("BatchNorm2d", epsilon) : problem;
  }

  private static void check(
      Tensor x, @Nullable Tensor scale, @Nullable Tensor bias, double epsilon, boolean training) {
    Check.door(problem(x.shape(), Check.shape(scale), Check.shape(bias), epsilon, training));
  }

  /**
   * Mean and variance per channel, each (C).
   *
   * @param variance population variance, the sum of squares over m: what normalizes the batch
   * @param unbiased over m − 1 (Bessel's correction): what PyTorch keeps as running variance
   */
  public record Statistics(Tensor mean, Tensor variance, Tensor unbiased) {}

  /** Mean and both variances of a batch x of shape (N, C, …). */
  public static Statistics statistics(Tensor x) {
    check(x, null, null, 0, true);
    Moments moments = Moments.of(x);
    double count = moments.count;
    Tensor unbiased = Tensor.zeros(x.dim(1));
    for (int c = 0; c < x.dim(1); c++) {
      unbiased.data()[c] = (float) (moments.variance[c] * count / (count - 1));
    }
    Shape channels = Shape.of(x.dim(1));
    return new Statistics(
        Broadcast.rounded(moments.mean, channels),
        Broadcast.rounded(moments.variance, channels),
        unbiased);
  }

  /**
   * The running statistic after one batch: {@code (1 − momentum) · running + momentum · batch}, as
   * in PyTorch. (In ONNX momentum is what is kept, 1 minus this one.)
   *
   * @param running (C)
   * @param batch (C): the batch's mean or its unbiased variance
   */
  public static Tensor updated(Tensor running, Tensor batch, double momentum) {
    Check.door(
        Check.shapeProblem("BatchNorm2d", "batch statistic", batch.shape(), running.shape()));
    if (!(momentum >= 0 && momentum <= 1)) {
      throw new IllegalArgumentException(
          "BatchNorm2d: momentum " + Num.plain(momentum, 6) + "; use 0 to 1");
    }
    Tensor out = Tensor.zeros(running.shape());
    for (int c = 0; c < out.size(); c++) {
      out.data()[c] = (float) ((1 - momentum) * running.data()[c] + momentum * batch.data()[c]);
    }
    return out;
  }

  /** Mean and population variance per channel in double. */
  private record Moments(double[] mean, double[] variance, int count) {
    static Moments of(Tensor x) {
      int channels = x.dim(1);
      int plane = x.shape().product(2, x.rank());
      int count = x.dim(0) * plane;
      double[] mean = new double[channels];
      double[] variance = new double[channels];
      for (int c = 0; c < channels; c++) {
        double sum = 0;
        for (int n = 0; n < x.dim(0); n++) {
          int start = (n * channels + c) * plane;
          for (int s = 0; s < plane; s++) {
            sum += x.data()[start + s];
          }
        }
        mean[c] = sum / count;
        double squares = 0;
        for (int n = 0; n < x.dim(0); n++) {
          int start = (n * channels + c) * plane;
          for (int s = 0; s < plane; s++) {
            double d = x.data()[start + s] - mean[c];
            squares += d * d;
          }
        }
        variance[c] = squares / count;
      }
      return new Moments(mean, variance, count);
    }

    /** Fixed statistics; {@code count} has no meaning. */
    static Moments of(Tensor x, Tensor mean, Tensor variance) {
      Shape channels = Shape.of(x.dim(1));
      Check.door(Check.shapeProblem("BatchNorm2d", "mean", mean.shape(), channels));
      Check.door(Check.shapeProblem("BatchNorm2d", "variance", variance.shape(), channels));
      double[] middle = new double[mean.size()];
      double[] spread = new double[mean.size()];
      for (int c = 0; c < middle.length; c++) {
        middle[c] = mean.data()[c];
        spread[c] = variance.data()[c];
      }
      return new Moments(middle, spread, 0);
    }
  }

  /**
   * The output in training, of the shape of x, normalized with the batch's own statistics.
   *
   * @param x (N, C, …)
   * @param scale (C), or null for 1
   * @param bias (C), or null for 0
   */
  public static Tensor train(
      Tensor x, @Nullable Tensor scale, @Nullable Tensor bias, double epsilon) {
    check(x, scale, bias, epsilon, true);
    return normalize(x, scale, bias, Moments.of(x), epsilon);
  }

  /**
   * The output in evaluation, of the shape of x, normalized with running statistics.
   *
   * @param x (N, C, …)
   * @param scale (C), or null for 1
   * @param bias (C), or null for 0
   * @param mean (C)
   * @param variance (C)
   */
  public static Tensor evaluate(
      Tensor x,
      @Nullable Tensor scale,
      @Nullable Tensor bias,
      Tensor mean,
      Tensor variance,
      double epsilon) {
    check(x, scale, bias, epsilon, false);
    return normalize(x, scale, bias, Moments.of(x, mean, variance), epsilon);
  }

  private static Tensor normalize(
      Tensor x, @Nullable Tensor scale, @Nullable Tensor bias, Moments moments, double epsilon) {
    int channels = x.dim(1);
    int plane = x.shape().product(2, x.rank());
    Tensor y = Tensor.zeros(x.shape());
    for (int c = 0; c < channels; c++) {
      double inverse = 1 / Math.sqrt(moments.variance[c] + epsilon);
      double factor = inverse * (scale == null ? 1 : scale.data()[c]);
      double shift = bias == null ? 0 : bias.data()[c];
      for (int n = 0; n < x.dim(0); n++) {
        int start = (n * channels + c) * plane;
        for (int at = start; at < start + plane; at++) {
          y.data()[at] = (float) ((x.data()[at] - moments.mean[c]) * factor + shift);
        }
      }
    }
    return y;
  }

  /** All three gradients in training, given {@code dy = ∂L/∂y} of the shape of x. */
  public static NormGradients trainBackward(
      Tensor dy, Tensor x, @Nullable Tensor scale, double epsilon) {
    check(x, scale, null, epsilon, true);
    return backward(dy, x, scale, Moments.of(x), epsilon, true);
  }

  /** All three gradients in evaluation, where mean and variance, each (C), are constants. */
  public static NormGradients evaluateBackward(
      Tensor dy, Tensor x, @Nullable Tensor scale, Tensor mean, Tensor variance, double epsilon) {
    check(x, scale, null, epsilon, false);
    return backward(dy, x, scale, Moments.of(x, mean, variance), epsilon, false);
  }

  private static NormGradients backward(
      Tensor dy,
      Tensor x,
      @Nullable Tensor scale,
      Moments moments,
      double epsilon,
      boolean throughStatistics) {
    Check.gradient("BatchNorm2d", dy, x.shape());
    int channels = x.dim(1);
    int plane = x.shape().product(2, x.rank());
    Tensor dx = Tensor.zeros(x.shape());
    Tensor dScale = Tensor.zeros(channels);
    Tensor dBias = Tensor.zeros(channels);
    for (int c = 0; c < channels; c++) {
      double mean = moments.mean[c];
      double inverse = 1 / Math.sqrt(moments.variance[c] + epsilon);
      double sum = 0; // Σ dy
      double dot = 0; // Σ dy · x̂
      for (int n = 0; n < x.dim(0); n++) {
        int start = (n * channels + c) * plane;
        for (int at = start; at < start + plane; at++) {
          sum += dy.data()[at];
          dot += dy.data()[at] * (x.data()[at] - mean) * inverse;
        }
      }
      dScale.data()[c] = (float) dot;
      dBias.data()[c] = (float) sum;
      double factor = inverse * (scale == null ? 1 : scale.data()[c]);
      double meanShare = throughStatistics ? sum / moments.count : 0;
      double varianceShare = throughStatistics ? dot / moments.count : 0;
      for (int n = 0; n < x.dim(0); n++) {
        int start = (n * channels + c) * plane;
        for (int at = start; at < start + plane; at++) {
          double normal = (x.data()[at] - mean) * inverse;
          dx.data()[at] = (float) (factor * (dy.data()[at] - meanShare - normal * varianceShare));
        }
      }
    }
    return new NormGradients(dx, dScale, dBias);
  }
}
