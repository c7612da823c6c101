package convscope.topic.chapter1;

import convscope.op.Conv2d;
import convscope.op.MatMul;
import convscope.param.NumberGrid;
import convscope.param.Pair;
import convscope.param.Values;
import convscope.tensor.Tensor;
import convscope.topic.EditableTopic;
import java.util.Arrays;

/**
 * One convolution of one channel twice: by sliding the window, and as the matrix T(w).
 *
 * @param input (1, 1, H, W)
 * @param kernel (1, 1, kH, kW)
 * @param output (1, 1, outH, outW), by the operator
 * @param matrix (outH · outW, H · W), written entry by entry
 * @param ties the kernel's tap u · kW + v in each entry of the matrix, or −1 where no tap is
 * @param product (outH · outW, 1), the matrix times the input as a column
 * @param lone the entry that the mistake changes alone, its place in the matrix; −1 without
 */
record SharedWeights(
    Values values,
    Conv2d.Spec spec,
    Tensor input,
    Tensor kernel,
    Tensor output,
    Tensor matrix,
    int[] ties,
    Tensor product,
    int lone)
    implements EditableTopic.Shown {

  static SharedWeights of(Values values, Conv2d.Spec spec, Pair size, float[] x, float[] w) {
    int height = size.height();
    int width = size.width();
    Tensor input = Tensor.of(x, 1, 1, height, width);
    Tensor kernel = Tensor.of(w, 1, 1, spec.kernelHeight(), spec.kernelWidth());
    Tensor output = Conv2d.forward(input, kernel, null, spec);
    int outWidth = output.dim(3);
    int columns = height * width;
    Tensor matrix = Tensor.zeros(output.size(), columns);
    int[] ties = new int[matrix.size()];
    Arrays.fill(ties, -1);
    int lone = -1;
    for (int p = 0; p < output.size(); p++) {
      for (int tap = 0; tap < w.length; tap++) {
        int row = p / outWidth * spec.strideH() + tap / spec.kernelWidth() - spec.padTop();
        int column = p % outWidth * spec.strideW() + tap % spec.kernelWidth() - spec.padLeft();
        if (row >= 0 && row < height && column >= 0 && column < width) {
          int at = p * columns + row * width + column;
          matrix.data()[at] = w[tap];
          ties[at] = tap;
          boolean read = x[row * width + column] != 0; // a change over a zero would not show
          lone = values.flag("mistake") && read && lone < 0 ? at : lone;
        }
      }
    }
    if (lone >= 0) {
      matrix.data()[lone] += 1;
    }
    Tensor product = MatMul.forward(matrix, input.reshaped(columns, 1));
    return new SharedWeights(values, spec, input, kernel, output, matrix, ties, product, lone);
  }

  int height() {
    return input.dim(2);
  }

  int width() {
    return input.dim(3);
  }

  int inputs() {
    return height() * width();
  }

  int outHeight() {
    return output.dim(2);
  }

  int outWidth() {
    return output.dim(3);
  }

  int outputs() {
    return output.size();
  }

  int taps() {
    return kernel.size();
  }

  /** The tap in an entry of the matrix, or −1. */
  int tap(int p, int q) {
    return ties[p * inputs() + q];
  }

  /** A tap's place in the kernel: {@code u,v}. */
  String place(int tap) {
    return tap / spec.kernelWidth() + "," + tap % spec.kernelWidth();
  }

  /** How many entries of the matrix hold that tap. */
  int uses(int tap) {
    int count = 0;
    for (int tie : ties) {
      count += tie == tap ? 1 : 0;
    }
    return count;
  }

  /** How many entries of the matrix hold a tap at all. */
  int tied() {
    return ties.length - uses(-1);
  }

  /** The largest |T x − conv|. */
  double difference() {
    double most = 0;
    for (int p = 0; p < outputs(); p++) {
      most = Math.max(most, Math.abs((double) product.data()[p] - output.data()[p]));
    }
    return most;
  }

  /**
   * Weights of the dense layer with the same input and output: {@code (C·H·W)·(C_out·H_out·W_out)}.
   */
  static long denseWeights(int in, int height, int width, int out, int outHeight, int outWidth) {
    return (long) in * height * width * out * outHeight * outWidth;
  }

  /** Weights of a convolution with a square kernel: {@code C_out·C_in·K²}. */
  static long layerWeights(int in, int out, int kernel) {
    return (long) out * in * kernel * kernel;
  }

  @Override
  public NumberGrid inputGrid() {
    return new NumberGrid(height(), width(), input.data().clone());
  }

  @Override
  public NumberGrid kernelGrid() {
    return new NumberGrid(spec.kernelHeight(), spec.kernelWidth(), kernel.data().clone());
  }
}
