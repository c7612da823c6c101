package convscope.topic.chapter2;

import convscope.op.Conv2d;
import convscope.op.Pad;
import convscope.op.PaddingMode;
import convscope.param.Pair;
import convscope.tensor.Tensor;
import convscope.topic.Cell;
import java.util.ArrayList;
import java.util.List;

/**
 * One convolution whose window reads beyond the edge, in two padding modes.
 *
 * @param x (1, 1, H, W)
 * @param padded (1, 1, top + H + bottom, left + W + right)
 * @param kernel (1, 1, kH, kW)
 * @param y the output by the operator's own padding
 * @param after the output of the padded input without any padding: the same in another way
 * @param other the output in the mode to compare with
 * @param mistake whether the sides are mixed up beside the right ones
 */
record Padded(
    Conv2d.Spec spec,
    PaddingMode against,
    Tensor x,
    Tensor padded,
    Tensor kernel,
    Tensor y,
    Tensor after,
    Tensor other,
    boolean mistake) {

  static Padded of(
      float[] x, Pair size, float[] w, Conv2d.Spec spec, PaddingMode against, boolean mistake) {
    Tensor input = Tensor.of(x, 1, 1, size.height(), size.width());
    Tensor kernel = Tensor.of(w, 1, 1, spec.kernelHeight(), spec.kernelWidth());
    int[] before = {0, 0, spec.padTop(), spec.padLeft()};
    int[] behind = {0, 0, spec.padBottom(), spec.padRight()};
    Tensor padded = Pad.forward(input, before, behind, spec.mode(), 0);
    return new Padded(
        spec,
        against,
        input,
        padded,
        kernel,
        Conv2d.forward(input, kernel, null, spec),
        Conv2d.forward(padded, kernel, null, spec.padding(0)),
        Conv2d.forward(input, kernel, null, spec.mode(against)),
        mistake);
  }

  int height() {
    return x.dim(2);
  }

  int width() {
    return x.dim(3);
  }

  int paddedHeight() {
    return padded.dim(2);
  }

  int paddedWidth() {
    return padded.dim(3);
  }

  int outHeight() {
    return y.dim(2);
  }

  int outWidth() {
    return y.dim(3);
  }

  boolean inside(int row, int column) {
    return row >= 0 && row < height() && column >= 0 && column < width();
  }

  /** Whether there is such a cell of the padded input. */
  boolean exists(int row, int column) {
    return row >= -spec.padTop()
        && row < height() + spec.padBottom()
        && column >= -spec.padLeft()
        && column < width() + spec.padRight();
  }

  /** The padding cells in scan order. */
  List<Cell> border() {
    List<Cell> cells = new ArrayList<>();
    for (int r = -spec.padTop(); r < height() + spec.padBottom(); r++) {
      for (int c = -spec.padLeft(); c < width() + spec.padRight(); c++) {
        if (!inside(r, c)) {
          cells.add(new Cell("in", r, c));
        }
      }
    }
    return cells;
  }

  /** The input row that a row of the padded input copies, −1 for none. */
  int sourceRow(int row) {
    return spec.mode().source(row, height());
  }

  int sourceColumn(int column) {
    return spec.mode().source(column, width());
  }

  /** Whether a cell of the padded input copies that input cell. */
  boolean copies(int row, int column, int sourceRow, int sourceColumn) {
    return sourceRow(row) == sourceRow && sourceColumn(column) == sourceColumn;
  }

  /** The value of a cell of the padded input. */
  float read(int row, int column) {
    return padded.data()[(row + spec.padTop()) * paddedWidth() + column + spec.padLeft()];
  }

  /** y in this mode minus y in the other. */
  float difference(int i, int j) {
    int at = i * outWidth() + j;
    return y.data()[at] - other.data()[at];
  }

  /** How many outputs have windows that lie wholly on the input, down and across. */
  Pair interior() {
    return new Pair(
        Math.max(0, height() - spec.kernelHeight() + 1),
        Math.max(0, width() - spec.kernelWidth() + 1));
  }

  /** Whether the window of that output reads no padding. */
  boolean interior(int i, int j) {
    return i >= spec.padTop()
        && i < spec.padTop() + interior().height()
        && j >= spec.padLeft()
        && j < spec.padLeft() + interior().width();
  }

  /** How many outputs differ between the modes. */
  int changed() {
    int count = 0;
    for (int n = 0; n < y.size(); n++) {
      count += y.data()[n] != other.data()[n] ? 1 : 0;
    }
    return count;
  }

  /** The largest |difference| between the modes among the interior outputs: 0. */
  double inside() {
    double most = 0;
    for (int i = 0; i < outHeight(); i++) {
      for (int j = 0; j < outWidth(); j++) {
        most = interior(i, j) ? Math.max(most, Math.abs(difference(i, j))) : most;
      }
    }
    return most;
  }

  /** The largest |difference| between padding within the operator and padding first. */
  double twoWays() {
    double most = 0;
    for (int n = 0; n < y.size(); n++) {
      most = Math.max(most, Math.abs(y.data()[n] - after.data()[n]));
    }
    return most;
  }

  /** The padded size if top, bottom, left, right are taken for left, right, top, bottom. */
  Pair mixedUp() {
    return new Pair(
        height() + spec.padLeft() + spec.padRight(), width() + spec.padTop() + spec.padBottom());
  }
}
