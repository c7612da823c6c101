package convscope.op;

import convscope.linalg.Gemm;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The fully connected layer: {@code y[r,o] = b[o] + Σ_i x[r,i] · w[o,i]}, that is {@code y = x wᵀ +
 * b}, for every row r of the leading axes of x.
 *
 * <pre>
 *   dx = dy w      dw = dyᵀ x      db = Σ_r dy[r]
 * </pre>
 *
 * <p>Loop indices: r row, o output feature, i input feature.
 */
public final class Linear {
  private Linear() {}

  /** Why these operands do not go together, or null if they do: the door's check. */
  public static @Nullable String problem(Shape x, Shape weight, @Nullable Shape bias) {
    if (weight.rank() != 2) {
      return "Linear: weight of shape " + weight + "; give (outFeatures, inFeatures)";
    }
    if (x.rank() < 1 || x.dim(-1) != weight.dim(1)) {
      return "Linear: input of shape "
          + x
          + " for weight "
          + weight
          + "; give the input a last axis of "
          + weight.dim(1);
    }
    return Check.shapeProblem("Linear", "bias", bias, Shape.of(weight.dim(0)));
  }

  /**
   * The output, of shape (…, outFeatures).
   *
   * @param x (…, inFeatures)
   * @param weight (outFeatures, inFeatures)
   * @param bias (outFeatures) or null
   */
  public static Tensor forward(Tensor x, Tensor weight, @Nullable Tensor bias) {
    Check.door(problem(x.shape(), weight.shape(), Check.shape(bias)));
    int inFeatures = weight.dim(1);
    int outFeatures = weight.dim(0);
    int rows = x.shape().product(0, x.rank() - 1);
    Tensor y = Tensor.zeros(x.shape().with(-1, outFeatures));
    for (int r = 0; r < rows; r++) {
      for (int o = 0; o < outFeatures; o++) {
        double sum = bias == null ? 0 : bias.data()[o];
        for (int i = 0; i < inFeatures; i++) {
          sum += (double) x.data()[r * inFeatures + i] * weight.data()[o * inFeatures + i];
        }
        y.data()[r * outFeatures + o] = (float) sum;
      }
    }
    return y;
  }

  /** The same as one product of {@code gemm}: faster, sums in float32. */
  public static Tensor forward(Tensor x, Tensor weight, @Nullable Tensor bias, Gemm gemm) {
    Check.door(problem(x.shape(), weight.shape(), Check.shape(bias)));
    int outFeatures = weight.dim(0);
    int rows = x.shape().product(0, x.rank() - 1);
    Tensor y = Tensor.zeros(x.shape().with(-1, outFeatures));
    for (int r = 0; bias != null && r < rows; r++) {
      System.arraycopy(bias.data(), 0, y.data(), r * outFeatures, outFeatures);
    }
    gemm.multiply(
        false,
        true,
        rows,
        outFeatures,
        weight.dim(1),
        x.data(),
        0,
        weight.data(),
        0,
        y.data(),
        0,
        true);
    return y;
  }

  /** The gradients of a loss with respect to the operands, each of its operand's shape. */
  public record Gradients(Tensor dx, Tensor dWeight, Tensor dBias) {}

  /**
   * All three gradients.
   *
   * @param dy {@code ∂L/∂y}, (…, outFeatures)
   * @param x (…, inFeatures)
   * @param weight (outFeatures, inFeatures)
   */
  public static Gradients backward(Tensor dy, Tensor x, Tensor weight) {
    Check.door(problem(x.shape(), weight.shape(), null));
    int inFeatures = weight.dim(1);
    int outFeatures = weight.dim(0);
    int rows = x.shape().product(0, x.rank() - 1);
    Check.gradient("Linear", dy, x.shape().with(-1, outFeatures));
    Tensor dx = Tensor.zeros(x.shape());
    double[] dWeight = new double[weight.size()];
    double[] dBias = new double[outFeatures];
    double[] dRow = new double[inFeatures]; // one row of dx
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < inFeatures; i++) {
        dRow[i] = 0;
      }
      for (int o = 0; o < outFeatures; o++) {
        double g = dy.data()[r * outFeatures + o];
        dBias[o] += g;
        for (int i = 0; i < inFeatures; i++) {
          dRow[i] += g * weight.data()[o * inFeatures + i];
          dWeight[o * inFeatures + i] += g * x.data()[r * inFeatures + i];
        }
      }
      for (int i = 0; i < inFeatures; i++) {
        dx.data()[r * inFeatures + i] = (float) dRow[i];
      }
    }
    return new Gradients(
        dx,
        Broadcast.rounded(dWeight, weight.shape()),
        Broadcast.rounded(dBias, Shape.of(outFeatures)));
  }

  /** The same as products of {@code gemm}. */
  public static Gradients backward(Tensor dy, Tensor x, Tensor weight, Gemm gemm) {
    Check.door(problem(x.shape(), weight.shape(), null));
    int in = weight.dim(1);
    int out = weight.dim(0);
    int rows = x.shape().product(0, x.rank() - 1);
    Check.gradient("Linear", dy, x.shape().with(-1, out));
    Tensor dx = Tensor.zeros(x.shape());
    Tensor dWeight = Tensor.zeros(weight.shape());
    double[] dBias = new double[out];
    gemm.multiply(false, false, rows, in, out, dy.data(), 0, weight.data(), 0, dx.data(), 0, false);
    gemm.multiply(true, false, out, in, rows, dy.data(), 0, x.data(), 0, dWeight.data(), 0, false);
    for (int at = 0; at < dy.size(); at++) {
      dBias[at % out] += dy.data()[at];
    }
    return new Gradients(dx, dWeight, Broadcast.rounded(dBias, Shape.of(out)));
  }
}
