package convscope.topic.chapter1;

import convscope.data.Picture;
import convscope.op.Conv2d;
import convscope.op.PaddingMode;
import convscope.param.NumberGrid;
import convscope.param.Values;
import convscope.tensor.Tensor;
import convscope.topic.EditableTopic;
import org.jspecify.annotations.Nullable;

/**
 * One convolution of one channel with everything the figure says about it.
 *
 * @param input (1, 1, H, W)
 * @param kernel (1, 1, kH, kW)
 * @param output (1, 1, outH, outW)
 * @param picture the image that the input came from, or null for a matrix of numbers
 */
record SlidingWindow(
    Values values,
    Conv2d.Spec spec,
    Tensor input,
    Tensor kernel,
    float bias,
    Tensor output,
    @Nullable Picture picture)
    implements EditableTopic.Shown {

  int height() {
    return input.dim(2);
  }

  int width() {
    return input.dim(3);
  }

  int outHeight() {
    return output.dim(2);
  }

  int outWidth() {
    return output.dim(3);
  }

  int outputs() {
    return outHeight() * outWidth();
  }

  /**
   * The row of the (unpadded) input at which the window of output row i begins; may be negative.
   */
  int windowRow(int i) {
    return i * spec.strideH() - spec.padTop();
  }

  int windowColumn(int j) {
    return j * spec.strideW() - spec.padLeft();
  }

  /** Rows that the dilated kernel spans: {@code D(K − 1) + 1}. */
  int spanRows() {
    return spec.dilationH() * (spec.kernelHeight() - 1) + 1;
  }

  int spanColumns() {
    return spec.dilationW() * (spec.kernelWidth() - 1) + 1;
  }

  /** What the convolution reads at a place of the input, padding included. */
  float read(int row, int column) {
    PaddingMode mode = spec.mode();
    int r = mode.source(row, height());
    int c = mode.source(column, width());
    return r < 0 || c < 0 ? 0 : input.data()[r * width() + c];
  }

  float weight(int u, int v) {
    return kernel.data()[u * spec.kernelWidth() + v];
  }

  float out(int i, int j) {
    return output.data()[i * outWidth() + j];
  }

  /** The product that the tap (u, v) adds to the output (i, j). */
  double term(int i, int j, int u, int v) {
    return (double) weight(u, v)
        * read(windowRow(i) + u * spec.dilationH(), windowColumn(j) + v * spec.dilationW());
  }

  /**
   * What the output (i, j) would be if the window began at (i − P, j − P): the stride forgotten.
   */
  float withoutStride(int i, int j) {
    double sum = bias;
    for (int u = 0; u < spec.kernelHeight(); u++) {
      for (int v = 0; v < spec.kernelWidth(); v++) {
        sum +=
            (double) weight(u, v)
                * read(
                    i - spec.padTop() + u * spec.dilationH(),
                    j - spec.padLeft() + v * spec.dilationW());
      }
    }
    return (float) sum;
  }

  /** Whether the output (i, j) reads that place of the input, directly or through the padding. */
  boolean reads(int i, int j, int row, int column) {
    return reads(windowRow(i), row, height(), spec.kernelHeight(), spec.dilationH())
        && reads(windowColumn(j), column, width(), spec.kernelWidth(), spec.dilationW());
  }

  /** The same along one axis; windows are products of rows and columns. */
  private boolean reads(int start, int place, int size, int taps, int dilation) {
    boolean inside = place >= 0 && place < size;
    for (int tap = 0; tap < taps; tap++) {
      int at = start + tap * dilation;
      if (at == place || (inside && spec.mode().source(at, size) == place)) {
        return true;
      }
    }
    return false;
  }

  /**
   * How many connections there are: pairs of an output and an input cell that it reads by a tap.
   */
  long connections() {
    return along(outHeight(), height(), true) * along(outWidth(), width(), false);
  }

  private long along(int out, int size, boolean rows) {
    long count = 0;
    for (int i = 0; i < out; i++) {
      int taps = rows ? spec.kernelHeight() : spec.kernelWidth();
      for (int tap = 0; tap < taps; tap++) {
        int at =
            rows ? windowRow(i) + tap * spec.dilationH() : windowColumn(i) + tap * spec.dilationW();
        count += spec.mode().source(at, size) >= 0 ? 1 : 0;
      }
    }
    return count;
  }

  /** The weights of a dense layer from the whole input to the whole output. */
  long denseWeights() {
    return (long) height() * width() * outputs();
  }

  @Override
  public @Nullable NumberGrid inputGrid() {
    return picture != null ? null : new NumberGrid(height(), width(), input.data().clone());
  }

  @Override
  public NumberGrid kernelGrid() {
    return new NumberGrid(spec.kernelHeight(), spec.kernelWidth(), kernel.data().clone());
  }

  /** The same computation in PyTorch, with the shape to assert. */
  String pytorch() {
    String padding = spec.padTop() > 0 ? ", padding=" + spec.padTop() : "";
    String dilation = spec.dilationH() > 1 ? ", dilation=" + spec.dilationH() : "";
    return "y = torch.nn.functional.conv2d(x, w, stride="
        + spec.strideH()
        + padding
        + dilation
        + ")  # x: (1, 1, "
        + height()
        + ", "
        + width()
        + ")\nassert y.shape == (1, 1, "
        + outHeight()
        + ", "
        + outWidth()
        + ")";
  }
}
