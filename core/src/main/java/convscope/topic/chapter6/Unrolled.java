package convscope.topic.chapter6;

import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.op.Im2col;
import convscope.op.MatMul;
import convscope.tensor.Tensor;
import convscope.topic.EditableTopic;
import convscope.topic.ImageInput;

/**
 * Windows as columns: an input, its columns, and the way back of a matrix of columns.
 *
 * @param x (1, C_in, H, W)
 * @param w (C_out, C_in, K_h, K_w)
 * @param cols (1, C_in·K_h·K_w, H_out·W_out), in the order of the weights
 * @param y (1, C_out, H_out, W_out), by the convolution
 * @param order which row of cols stands in each row of those on show: a permutation, by the mistake
 * @param back whether col2im is on show
 * @param columns what the columns c are: copies, ones or gradient
 * @param c what col2im adds up, of the shape of cols
 * @param g the gradient of Y, (C_out, H_out·W_out), of which c may be Wᵀ·g
 */
record Unrolled(
    Tensor x,
    Tensor w,
    Conv2d.Spec spec,
    Tensor cols,
    Tensor y,
    int[] order,
    boolean back,
    String columns,
    Tensor c,
    Tensor g)
    implements EditableTopic.Shown {

  /**
   * The rows of somebody who reads the taps column by column, or all channels at each tap, by the
   * row in which they belong.
   */
  static int[] order(String mistake, int channels, Conv2d.Spec spec) {
    int high = spec.kernelHeight();
    int wide = spec.kernelWidth();
    int[] order = new int[channels * high * wide];
    for (int r = 0; r < order.length; r++) {
      int t = r % (high * wide);
      order[r] =
          switch (mistake) {
            case "down" -> r - t + t % high * wide + t / high;
            case "mixed" -> r % channels * high * wide + r / channels;
            default -> r;
          };
    }
    return order;
  }

  int channels() {
    return x.dim(1);
  }

  int height() {
    return x.dim(2);
  }

  int width() {
    return x.dim(3);
  }

  /** Rows of cols: a tap of a channel each. */
  int rows() {
    return cols.dim(1);
  }

  /** Columns of cols: a window each. */
  int count() {
    return cols.dim(2);
  }

  /** The channel that a row on show reads. */
  int channel(int row) {
    return order[row] / (spec.kernelHeight() * spec.kernelWidth());
  }

  /** The row of the input that it reads for the k-th window. */
  int row(int row, int k) {
    int tap = order[row] / spec.kernelWidth() % spec.kernelHeight();
    return spec.vertical().place(k / y.dim(3), tap);
  }

  int column(int row, int k) {
    return spec.horizontal().place(k % y.dim(3), order[row] % spec.kernelWidth());
  }

  /** The matrix on show, with its rows in the order of the mistake. */
  Tensor shown() {
    Tensor from = back ? c : cols;
    Tensor shown = Tensor.zeros(rows(), count());
    for (int r = 0; r < rows(); r++) {
      System.arraycopy(from.data(), order[r] * count(), shown.data(), r * count(), count());
    }
    return shown;
  }

  /** W times the matrix on show, (C_out, H_out·W_out). */
  Tensor product() {
    return MatMul.forward(w.reshaped(w.dim(0), rows()), shown());
  }

  /** How many outputs the mistake changes. */
  int spoilt() {
    int count = 0;
    float[] made = product().data();
    for (int n = 0; n < made.length; n++) {
      count += made[n] == y.data()[n] ? 0 : 1;
    }
    return count;
  }

  /** col2im of the columns up to the k-th, (1, C_in, H, W). */
  Tensor scattered(Tensor columns, int k) {
    Tensor first = columns.copy();
    for (int n = 0; n < first.size(); n++) {
      first.data()[n] = n % count() > k ? 0 : first.data()[n];
    }
    return Im2col.col2im(first, x.shape(), spec);
  }

  /** How many windows read each cell, (1, C_in, H, W): what col2im makes of ones. */
  Tensor readers() {
    return Im2col.col2im(Tensor.full(1, 1, rows(), count()), x.shape(), spec);
  }

  /** How many times as many numbers cols holds as the input. */
  double blowUp() {
    return (double) cols.size() / x.size();
  }

  /** {@code Σ a·b}, in double. */
  static double inner(Tensor a, Tensor b) {
    double sum = 0;
    for (int n = 0; n < a.size(); n++) {
      sum += (double) a.data()[n] * b.data()[n];
    }
    return sum;
  }

  /** The output of the k-th window: {@code y[1, 0]}. */
  String name(int k) {
    return Num.at("y", k / y.dim(3), k % y.dim(3));
  }

  @Override
  public ImageInput input() {
    return new ImageInput(x.plane(0).reshaped(1, 1, height(), width()), null);
  }

  @Override
  public String toString() {
    return "Unrolled " + cols.shape();
  }
}
