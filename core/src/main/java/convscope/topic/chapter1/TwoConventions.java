package convscope.topic.chapter1;

import convscope.op.Conv2d;
import convscope.param.Values;
import convscope.tensor.Tensor;
import convscope.topic.EditableTopic;
import convscope.topic.ImageInput;
import convscope.topic.Kernels;
import java.util.Arrays;

/**
 * One input and one kernel under both definitions, at the same windows.
 *
 * @param kernel (1, 1, kH, kW)
 * @param flipped the kernel turned by 180°, or upside down only if that mistake is shown
 * @param correlation (1, 1, outH, outW), of the input and the kernel, by the operator
 * @param convolution the same of the convolution, summed as it is defined, without a flipped kernel
 * @param second correlation of the input and the flipped kernel, by the operator
 * @param flip whether the convolution is written out
 * @param mistake whether only the rows are flipped
 */
record TwoConventions(
    ImageInput input,
    Conv2d.Spec spec,
    Tensor kernel,
    Tensor flipped,
    Tensor correlation,
    Tensor convolution,
    Tensor second,
    boolean flip,
    boolean mistake)
    implements EditableTopic.Convolved {

  static TwoConventions of(Values values, ImageInput input, Conv2d.Spec spec) {
    Tensor kernel = Kernels.of(values);
    boolean mistake = values.flag("mistake");
    Tensor flipped = Tensor.zeros(kernel.shape());
    for (int n = 0; n < kernel.size(); n++) {
      flipped.data()[turned(n, kernel, mistake)] = kernel.data()[n];
    }
    Tensor correlation = Conv2d.forward(input.x(), kernel, null, spec);
    return new TwoConventions(
        input,
        spec,
        kernel,
        flipped,
        correlation,
        convolve(input.x(), kernel, spec, Tensor.zeros(correlation.shape())),
        Conv2d.forward(input.x(), flipped, null, spec),
        values.flag("flip"),
        mistake);
  }

  /** The place in scan order to which the flip takes a tap, and from where it brings it. */
  int turned(int tap) {
    return turned(tap, kernel, mistake);
  }

  private static int turned(int tap, Tensor kernel, boolean rowsOnly) {
    int wide = kernel.dim(3);
    int row = kernel.dim(2) - 1 - tap / wide;
    return row * wide + (rowsOnly ? tap % wide : wide - 1 - tap % wide);
  }

  /**
   * {@code Σ w[u,v] · x[i+kH−1−u, j+kW−1−v]}: the indices of the output are counted from the first
   * window, so that both definitions see the same one.
   */
  private static Tensor convolve(Tensor x, Tensor kernel, Conv2d.Spec spec, Tensor y) {
    int wide = kernel.dim(3);
    for (int n = 0; n < y.size(); n++) {
      double sum = 0;
      for (int tap = 0; tap < kernel.size(); tap++) {
        int row = n / y.dim(3) + kernel.dim(2) - 1 - spec.padTop() - tap / wide;
        int column = n % y.dim(3) + wide - 1 - spec.padLeft() - tap % wide;
        boolean inside = row >= 0 && row < x.dim(2) && column >= 0 && column < x.dim(3);
        sum += inside ? (double) kernel.data()[tap] * x.at(0, 0, row, column) : 0;
      }
      y.data()[n] = (float) sum;
    }
    return y;
  }

  /** The largest |conv(x, w) − corr(x, flip(w))|. */
  float disagreement() {
    return convolution.minus(second).largestSize();
  }

  /** The largest |conv(x, w) + corr(x, w)|: zero for a kernel that the flip only negates. */
  float oppositeness() {
    float most = 0;
    for (int n = 0; n < second.size(); n++) {
      most = Math.max(most, Math.abs(convolution.data()[n] + correlation.data()[n]));
    }
    return most;
  }

  /** Whether the convolution's output is the kernel itself. */
  boolean printsTheKernel() {
    return convolution.shape().equals(kernel.shape())
        && Arrays.equals(convolution.data(), kernel.data());
  }

  /** Whether that output is another than the convolution's; sums in another order may round. */
  boolean wrong(Tensor outputs, int n) {
    double difference = Math.abs((double) outputs.data()[n] - convolution.data()[n]);
    return difference > 1e-6 * (1 + Math.abs(convolution.data()[n]));
  }

  /** How many of these outputs are not those of the convolution. */
  int wrong(Tensor outputs) {
    int count = 0;
    for (int n = 0; n < outputs.size(); n++) {
      count += wrong(outputs, n) ? 1 : 0;
    }
    return count;
  }

  @Override
  public String toString() {
    return "TwoConventions " + correlation.shape();
  }
}
