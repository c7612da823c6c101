package convscope.topic.chapter4;

import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.scene.Grid;
import convscope.scene.Line;
import convscope.scene.Mark;
import convscope.scene.Raster;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Title;
import convscope.scene.Twin;
import convscope.scene.Window;
import convscope.tensor.Tensor;
import convscope.topic.Cell;
import convscope.topic.ImageInput;
import convscope.topic.View;
import org.jspecify.annotations.Nullable;

/**
 * One window over the input, and the grids and images that the figures of this chapter draw around
 * it. The window is the step's, or that of the output under the pointer.
 */
final class WindowView {
  static final double MARGIN = 14;

  /** A cell in which two digits can be read. */
  static final double READABLE = 20;

  final ImageInput input;
  final Conv2d.Spec spec;
  final int outHeight;
  final int outWidth;
  final View view;
  final @Nullable Cell pick;
  final int i; // row of the output whose window is shown
  final int j;

  /**
   * @param outputs the keys of the grids whose cells stand for an output, each between spaces
   */
  WindowView(
      ImageInput input, Conv2d.Spec spec, int outHeight, int outWidth, View view, String outputs) {
    this.input = input;
    this.spec = spec;
    this.outHeight = outHeight;
    this.outWidth = outWidth;
    this.view = view;
    Cell at = Cell.parse(view.pick());
    pick = at;
    int row = view.step() / outWidth;
    int column = view.step() % outWidth;
    if (at != null
        && outputs.contains(" " + at.grid() + " ")
        && at.within(at.grid(), outHeight, outWidth)) {
      row = at.row();
      column = at.column();
    } else if (at != null && input.picture() != null && at.grid().equals("in")) {
      row = nearest(at.row(), spec.kernelHeight(), spec.strideH(), spec.padTop(), outHeight);
      column = nearest(at.column(), spec.kernelWidth(), spec.strideW(), spec.padLeft(), outWidth);
    }
    i = row;
    j = column;
  }

  /** The output whose window is centred nearest to a place of the input. */
  private static int nearest(int place, int kernel, int stride, int padding, int outputs) {
    long at = Num.round((place + padding - (kernel - 1) / 2.0) / stride);
    return (int) Math.max(0, Math.min(outputs - 1, at));
  }

  /** The first row of the window, counted from the input's. */
  int top() {
    return i * spec.strideH() - spec.padTop();
  }

  int left() {
    return j * spec.strideW() - spec.padLeft();
  }

  /** Whether the pointer is on that cell. */
  boolean picked(String grid, int row, int column) {
    return pick != null && pick.grid().equals(grid) && pick.row() == row && pick.column() == column;
  }

  /** The cell of the input under the pointer, or null. */
  @Nullable Cell pickedInput(String key) {
    return pick != null && pick.within(key, input.height(), input.width()) ? pick : null;
  }

  /** Whether the window of output (r, c) covers a cell of the input. */
  boolean reads(int r, int c, Cell cell) {
    int u = cell.row() - r * spec.strideH() + spec.padTop();
    int v = cell.column() - c * spec.strideW() + spec.padLeft();
    return u >= 0 && v >= 0 && u < spec.kernelHeight() && v < spec.kernelWidth();
  }

  /** Columns of the input with its padding. */
  int paddedColumns() {
    return input.width() + spec.padLeft() + spec.padRight();
  }

  boolean inside(int row, int column) {
    return row >= 0 && column >= 0 && row < input.height() && column < input.width();
  }

  /** The input as numbers in its padding, the window's cells marked. */
  Grid numbers(double cell, float padding) {
    int rows = input.height() + spec.padTop() + spec.padBottom();
    int columns = paddedColumns();
    float[] values = new float[rows * columns];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        int row = r - spec.padTop();
        int column = c - spec.padLeft();
        values[r * columns + c] = inside(row, column) ? input.at(row, column) : padding;
      }
    }
    Grid grid =
        new Grid("in", Role.INPUT, rows, columns, cell, values)
            .origin(-spec.padTop(), -spec.padLeft())
            .title("input x", input.size())
            .part("x", "input x, " + input.size())
            .editable();
    for (int r = -spec.padTop(); r < rows - spec.padTop(); r++) {
      for (int c = -spec.padLeft(); c < columns - spec.padLeft(); c++) {
        if (!inside(r, c)) {
          grid.mark(r, c, "padding");
        }
      }
    }
    for (int u = 0; u < spec.kernelHeight(); u++) {
      for (int v = 0; v < spec.kernelWidth(); v++) {
        grid.mark(top() + u, left() + v, "tap");
      }
    }
    Cell at = pickedInput("in");
    return at == null ? grid : grid.mark(at.row(), at.column(), "picked");
  }

  /** The window's outline over {@link #numbers}. */
  Mark outline(Grid numbers) {
    return numbers.around(
        "window", Role.KERNEL, top(), left(), spec.kernelHeight(), spec.kernelWidth());
  }

  /** The window's outline over the input as an image. */
  Mark outline(Raster picture) {
    return picture.around(
        "window", Role.KERNEL, top(), left(), spec.kernelHeight(), spec.kernelWidth(), 9);
  }

  /** Dashes inside a cell, for what a mistake would make of it. */
  static Mark dashes(Grid grid, int row, int column) {
    return new Window(
        "mistake/" + row + "," + column,
        Role.GRADIENT,
        "dashed",
        grid.left(column) + 2,
        grid.top(row) + 2,
        grid.cellSize() - 4,
        grid.cellSize() - 4);
  }

  /** Marks the outputs whose window covers the input's cell under the pointer. */
  void linkReaders(Grid outputs) {
    Cell cell = pickedInput("in");
    for (int n = 0; cell != null && n < outHeight * outWidth; n++) {
      if (reads(n / outWidth, n % outWidth, cell)) {
        outputs.mark(n / outWidth, n % outWidth, "linked");
      }
    }
  }

  /** What the window reads, large: beside an image. Its keys are those of the window. */
  Grid lens(float padding) {
    double cell = Math.min(36, 110.0 / spec.kernelWidth());
    float[] values = lensValues(padding);
    Grid lens =
        new Grid("lens", Role.INPUT, spec.kernelHeight(), spec.kernelWidth(), cell, values)
            .title("window", "")
            .part("x", "what the window reads")
            .scaledTo(255);
    for (int n = 0; n < values.length; n++) {
      int u = n / spec.kernelWidth();
      int v = n % spec.kernelWidth();
      if (!inside(top() + u, left() + v)) {
        lens.mark(u, v, "padding");
      }
    }
    return lens;
  }

  /** What the window reads, as a table. */
  void tell(Twin twin, float padding) {
    twin.table("The window", spec.kernelHeight(), spec.kernelWidth(), lensValues(padding));
  }

  private float[] lensValues(float padding) {
    float[] values = new float[spec.kernelHeight() * spec.kernelWidth()];
    for (int n = 0; n < values.length; n++) {
      int row = top() + n / spec.kernelWidth();
      int column = left() + n % spec.kernelWidth();
      values[n] = inside(row, column) ? input.at(row, column) : padding;
    }
    return values;
  }

  /** A map of numbers beside the input. */
  Grid map(String key, Role role, String title, Tensor map, double cell) {
    String size = map.dim(2) + " × " + map.dim(3);
    return new Grid(key, role, map.dim(2), map.dim(3), cell, map.data())
        .title(title, size)
        .part(key, title + ", " + size);
  }

  /** A map as an image: {@code full} is white; with negative values, the strongest colour. */
  Raster image(String key, Role role, String title, Tensor map, double full, double scale) {
    boolean signed = false;
    for (float value : map.data()) {
      signed |= value < 0;
    }
    byte[] levels = new byte[map.size()];
    double unit = full == 0 ? 0 : (signed ? 127 : 255) / full;
    for (int n = 0; n < levels.length; n++) {
      long level = (signed ? 128 : 0) + Num.round(map.data()[n] * unit);
      levels[n] = (byte) Math.max(0, Math.min(255, level));
    }
    String size = map.dim(2) + " × " + map.dim(3);
    return new Raster(key, role, map.dim(2), map.dim(3), levels, signed ? "signed" : "grey", scale)
        .title(title, size)
        .part(key, title + ", image of " + size);
  }

  /** Pixels of the drawing for a pixel of the image, so that its longer side takes {@code room}. */
  double scale(double room) {
    return room / Math.max(input.height(), input.width());
  }

  /** The width of the titles that grids in a row must leave room for. */
  static final double TITLE = Title.width("input x", "10 × 10");

  /** The largest cell, at most {@code most}, with which grids of so many columns fit into a row. */
  static double cell(double room, double most, int... columns) {
    double cell = most;
    while (cell > 6 && width(cell, columns) > room) {
      cell -= 0.5;
    }
    return cell;
  }

  private static double width(double cell, int... columns) {
    double width = 0;
    for (int count : columns) {
      width += Math.max(count * cell, TITLE);
    }
    return width;
  }

  /** A thin line from the middle of one cell to the middle of another. */
  static void link(
      Scene scene, String key, Role role, Grid from, int r, int c, Grid to, int row, int column) {
    scene.add(
        new Line(
            key,
            role,
            "thin",
            from.left(c) + from.cellSize(),
            from.top(r) + from.cellSize() / 2,
            to.left(column),
            to.top(row) + to.cellSize() / 2));
  }

  /** {@code y[2, 1]}. */
  static String name(String letter, int row, int column) {
    return letter + "[" + Num.decimal(row, 0) + ", " + Num.decimal(column, 0) + "]";
  }

  /** Two decimals, or four for what would otherwise look like zero. */
  static String value(double value) {
    return Num.decimal(value, Math.abs(value) < 0.095 ? 4 : 2);
  }
}
