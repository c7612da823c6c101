package convscope.topic.chapter2;

import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.op.PaddingMode;
import convscope.tensor.Tensor;
import convscope.topic.Cell;
import convscope.topic.ImageInput;
import java.util.ArrayList;
import java.util.List;

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
    implements Ruled {

  boolean inside(int row, int column) {
    return h().inside(row) && w().inside(column);
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
    return spec.mode().source(row, input.height());
  }

  int sourceColumn(int column) {
    return spec.mode().source(column, input.width());
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
    int rows = spec.vertical().taps(i, 0, input.height());
    return kernel.size() - rows * spec.horizontal().taps(j, 0, input.width());
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

  /** The size of the padded input, with that or another padding. */
  String size(Conv2d.Spec with) {
    return Num.size(
        with.vertical().padded(input.height()), with.horizontal().padded(input.width()));
  }

  /** The same window with (top, bottom, left, right) taken for (left, right, top, bottom). */
  Conv2d.Spec mixedUp() {
    return spec.padding(spec.padLeft(), spec.padTop(), spec.padRight(), spec.padBottom());
  }
}
