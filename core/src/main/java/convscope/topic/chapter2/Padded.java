package convscope.topic.chapter2;

import convscope.op.Conv2d;
import convscope.op.Pad;
import convscope.op.PaddingMode;
import convscope.op.Window;
import convscope.param.NumberGrid;
import convscope.tensor.Tensor;
import convscope.topic.Cell;
import convscope.topic.EditableTopic;
import convscope.topic.ImageInput;
import convscope.topic.Kernels;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One convolution whose window reads beyond the edge, in two padding modes.
 *
 * @param padded (1, 1, top + H + bottom, left + W + right)
 * @param kernel (1, 1, kH, kW)
 * @param y the output by the operator's own padding
 * @param other the output in the mode to compare with
 * @param mistake whether the sides are mixed up beside the right ones
 */
record Padded(
    ImageInput input,
    Conv2d.Spec spec,
    PaddingMode against,
    Tensor padded,
    Tensor kernel,
    Tensor y,
    Tensor other,
    boolean mistake)
    implements EditableTopic.Shown {

  static Padded of(
      ImageInput input, Tensor kernel, Conv2d.Spec spec, PaddingMode against, boolean mistake) {
    int[] before = {0, 0, spec.padTop(), spec.padLeft()};
    int[] behind = {0, 0, spec.padBottom(), spec.padRight()};
    return new Padded(
        input,
        spec,
        against,
        Pad.forward(input.x(), before, behind, spec.mode(), 0),
        kernel,
        Conv2d.forward(input.x(), kernel, null, spec),
        Conv2d.forward(input.x(), kernel, null, spec.mode(against)),
        mistake);
  }

  Window rows() {
    return spec.vertical();
  }

  Window columns() {
    return spec.horizontal();
  }

  int height() {
    return input.height();
  }

  int width() {
    return input.width();
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
    for (int n = 0; n < padded.size(); n++) {
      int r = n / padded.dim(3) - spec.padTop();
      int c = n % padded.dim(3) - spec.padLeft();
      if (!inside(r, c)) {
        cells.add(new Cell("in", r, c));
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
  boolean copies(Cell cell, int row, int column) {
    return sourceRow(cell.row()) == row && sourceColumn(cell.column()) == column;
  }

  /** The value of a cell of the padded input. */
  float read(int row, int column) {
    return padded.at(0, 0, row + spec.padTop(), column + spec.padLeft());
  }

  /** Padding cells under the window of an output. */
  int paddingRead(int i, int j) {
    return kernel.size() - rows().taps(i, 0, height()) * columns().taps(j, 0, width());
  }

  /** y in this mode minus y in the other. */
  Tensor difference() {
    return y.minus(other);
  }

  /**
   * How many outputs read no padding, or do; on request only those that differ between the modes.
   */
  int count(boolean interior, boolean changed) {
    float[] difference = difference().data();
    int count = 0;
    for (int n = 0; n < difference.length; n++) {
      boolean inner = paddingRead(n / y.dim(3), n % y.dim(3)) == 0;
      count += inner == interior && (!changed || difference[n] != 0) ? 1 : 0;
    }
    return count;
  }

  /** The same window with (top, bottom, left, right) taken for (left, right, top, bottom). */
  Conv2d.Spec mixedUp() {
    return spec.padding(spec.padLeft(), spec.padTop(), spec.padRight(), spec.padBottom());
  }

  @Override
  public @Nullable NumberGrid inputGrid() {
    return input.grid();
  }

  @Override
  public NumberGrid kernelGrid() {
    return Kernels.grid(kernel);
  }
}
