package convscope.topic.chapter1;

import convscope.op.Conv2d;
import convscope.op.MatMul;
import convscope.param.Values;
import convscope.tensor.Tensor;
import convscope.topic.EditableTopic;
import convscope.topic.ImageInput;
import convscope.topic.Kernels;

/**
 * One convolution of one channel twice: by sliding the window, and as the matrix T(w).
 *
 * @param kernel (1, 1, kH, kW)
 * @param output (1, 1, outH, outW), by the operator
 * @param matrix (outH · outW, H · W), written entry by entry
 * @param ties the kernel's tap u · kW + v in each entry of the matrix, or −1 where no tap is
 * @param product (1, 1, outH, outW), the matrix times the input as a column
 * @param lone the entry that the mistake changes alone, its place in the matrix; −1 without
 * @param mistake whether the mistake is shown, even where no entry could show it
 * @param names whether cells show the names of taps in place of their values
 * @param inChannels of the layer whose weights are counted
 * @param outChannels of that layer
 */
record SharedWeights(
    ImageInput input,
    Conv2d.Spec spec,
    Tensor kernel,
    Tensor output,
    Tensor matrix,
    int[] ties,
    Tensor product,
    int lone,
    boolean mistake,
    boolean names,
    int inChannels,
    int outChannels)
    implements EditableTopic.Convolved {

  static SharedWeights of(Values values, ImageInput input, Conv2d.Spec spec) {
    Tensor kernel = Kernels.of(values);
    boolean mistake = values.flag("mistake");
    Tensor output = Conv2d.forward(input.x(), kernel, null, spec);
    int columns = input.x().size();
    Tensor matrix = Tensor.zeros(output.size(), columns);
    int[] ties = new int[matrix.size()];
    int lone = -1;
    for (int at = 0; at < ties.length; at++) {
      int p = at / columns;
      int q = at % columns;
      int u = spec.vertical().tap(p / output.dim(3), q / input.width());
      int v = spec.horizontal().tap(p % output.dim(3), q % input.width());
      ties[at] = u < 0 || v < 0 ? -1 : u * spec.kernelWidth() + v;
      if (ties[at] >= 0) {
        matrix.data()[at] = kernel.data()[ties[at]];
        boolean read = input.x().data()[q] != 0; // a change over a zero would not show
        lone = mistake && read && lone < 0 ? at : lone;
      }
    }
    if (lone >= 0) {
      matrix.data()[lone] += 1;
    }
    Tensor product = MatMul.forward(matrix, input.x().reshaped(columns, 1));
    int[] dims = output.shape().dims();
    return new SharedWeights(
        input,
        spec,
        kernel,
        output,
        matrix,
        ties,
        product.reshaped(dims),
        lone,
        mistake,
        values.choice("show").equals("names"),
        values.integer("in-channels"),
        values.integer("out-channels"));
  }

  int inputs() {
    return matrix.dim(1);
  }

  int outputs() {
    return matrix.dim(0);
  }

  /** The tap in an entry of the matrix, or −1. */
  int tap(int p, int q) {
    return ties[p * inputs() + q];
  }

  /** How many entries of the matrix hold that tap. */
  int uses(int tap) {
    int count = 0;
    for (int tie : ties) {
      count += tie == tap ? 1 : 0;
    }
    return count;
  }

  /** How many entries of a row of the matrix hold a tap: {@code p·columns, + 1, …}. */
  int weights(int p) {
    return weights(p * inputs(), 1, inputs());
  }

  /** How many outputs read an input cell: weights in a column of the matrix. */
  int readers(int q) {
    return weights(q, inputs(), outputs());
  }

  private int weights(int from, int apart, int entries) {
    int count = 0;
    for (int n = 0; n < entries; n++) {
      count += ties[from + n * apart] >= 0 ? 1 : 0;
    }
    return count;
  }

  /** The largest |T x − conv|. */
  double difference() {
    return product.minus(output).largestSize();
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
  public String toString() {
    return "SharedWeights " + matrix.shape();
  }
}
