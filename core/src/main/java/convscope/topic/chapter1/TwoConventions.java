package convscope.topic.chapter1;

import convscope.op.Conv2d;
import convscope.param.NumberGrid;
import convscope.param.Pair;
import convscope.param.Values;
import convscope.tensor.Tensor;
import convscope.topic.EditableTopic;
import java.util.Arrays;

/**
 * One input and one kernel under both definitions, at the same windows.
 *
 * @param input (1, 1, H, W)
 * @param kernel (1, 1, kH, kW)
 * @param flipped the kernel turned by 180°, or upside down only if that mistake is shown
 * @param correlation (1, 1, outH, outW), of the input and the kernel, by the operator
 * @param convolution the same of the convolution, summed as it is defined, without a flipped kernel
 * @param second correlation of the input and the flipped kernel, by the operator
 */
record TwoConventions(
    Values values,
    Conv2d.Spec spec,
    Tensor input,
    Tensor kernel,
    Tensor flipped,
    Tensor correlation,
    Tensor convolution,
    Tensor second)
    implements EditableTopic.Shown {

  static TwoConventions of(Values values, Conv2d.Spec spec, Pair size, float[] x, float[] w) {
    Tensor input = Tensor.of(x, 1, 1, size.height(), size.width());
    Tensor kernel = Tensor.of(w, 1, 1, spec.kernelHeight(), spec.kernelWidth());
    Tensor flipped = Tensor.zeros(kernel.shape());
    for (int u = 0; u < spec.kernelHeight(); u++) {
      for (int v = 0; v < spec.kernelWidth(); v++) {
        int column = values.flag("mistake") ? v : spec.kernelWidth() - 1 - v;
        flipped.set(kernel.at(0, 0, u, v), 0, 0, spec.kernelHeight() - 1 - u, column);
      }
    }
    Tensor correlation = Conv2d.forward(input, kernel, null, spec);
    return new TwoConventions(
        values,
        spec,
        input,
        kernel,
        flipped,
        correlation,
        convolve(input, kernel, spec, correlation.dim(2), correlation.dim(3)),
        Conv2d.forward(input, flipped, null, spec));
  }

  /**
   * {@code Σ w[u,v] · x[i−u, j−v]}, where i and j count from the cell that the window's last row
   * and column read, so that both definitions see the same window.
   */
  private static Tensor convolve(
      Tensor input, Tensor kernel, Conv2d.Spec spec, int outHeight, int outWidth) {
    Tensor y = Tensor.zeros(1, 1, outHeight, outWidth);
    for (int i = 0; i < outHeight; i++) {
      for (int j = 0; j < outWidth; j++) {
        double sum = 0;
        for (int u = 0; u < spec.kernelHeight(); u++) {
          for (int v = 0; v < spec.kernelWidth(); v++) {
            int row = i + spec.kernelHeight() - 1 - spec.padTop() - u;
            int column = j + spec.kernelWidth() - 1 - spec.padLeft() - v;
            sum += (double) kernel.at(0, 0, u, v) * read(input, row, column);
          }
        }
        y.set((float) sum, 0, 0, i, j);
      }
    }
    return y;
  }

  private static float read(Tensor input, int row, int column) {
    boolean inside = row >= 0 && row < input.dim(2) && column >= 0 && column < input.dim(3);
    return inside ? input.at(0, 0, row, column) : 0;
  }

  /** What is read at a place of the input, padding included. */
  float read(int row, int column) {
    return read(input, row, column);
  }

  int outHeight() {
    return correlation.dim(2);
  }

  int outWidth() {
    return correlation.dim(3);
  }

  /** The largest |conv(x, w) − corr(x, flip(w))|. */
  double disagreement() {
    double most = 0;
    for (int n = 0; n < second.size(); n++) {
      most = Math.max(most, Math.abs((double) convolution.data()[n] - second.data()[n]));
    }
    return most;
  }

  /** The largest |conv(x, w) + corr(x, w)|: zero for a kernel that the flip only negates. */
  double oppositeness() {
    double most = 0;
    for (int n = 0; n < second.size(); n++) {
      most = Math.max(most, Math.abs((double) convolution.data()[n] + correlation.data()[n]));
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
  public NumberGrid inputGrid() {
    return new NumberGrid(input.dim(2), input.dim(3), input.data().clone());
  }

  @Override
  public NumberGrid kernelGrid() {
    return new NumberGrid(spec.kernelHeight(), spec.kernelWidth(), kernel.data().clone());
  }

  /** The same in PyTorch and SciPy. */
  String pytorch() {
    int height = spec.kernelHeight();
    int width = spec.kernelWidth();
    return "x = torch.zeros("
        + input.dim(2)
        + ", "
        + input.dim(3)
        + ")\nx[2, 2] = 1\nw = torch.arange(1., "
        + (height * width + 1)
        + ").reshape("
        + height
        + ", "
        + width
        + ")\n\ndef conv2d(w):\n    return torch.nn.functional.conv2d(x[None, None], w[None, None])[0, 0]\n\n"
        + "assert torch.equal(conv2d(w), w.flip(0, 1))  # PyTorch correlates\n"
        + "truth = scipy.signal.convolve2d(x, w, mode=\"valid\")\n"
        + "assert numpy.array_equal(conv2d(w.flip(0, 1)), truth)";
  }
}
