package convscope.scene;

/**
 * A matrix on show: as numbers in a {@link Grid}, or as an image in a {@link Raster}. Rows and
 * columns are counted from the matrix's own first cell; padding has negative places.
 */
public interface Panel extends Box, Mark {
  /** A title above the matrix in its role's colour, and what follows it in quiet type. */
  Panel title(String text, String more);

  /** The part of the formula that this is, and its name for screen readers. */
  Panel part(String partName, String spoken);

  /** Adds a class to a cell; an image has none, and cells outside are ignored. */
  Panel mark(int row, int column, String css);

  /** Leaves a cell empty, its value still to come; an image shows all. */
  Panel blank(int row, int column);

  /** Leaves the n-th cell in scan order and all after it empty. */
  default Panel blankFrom(int n) {
    int[] bounds = bounds();
    int wide = bounds[3] - bounds[1];
    for (int cell = n; cell < (bounds[2] - bounds[0]) * wide; cell++) {
      blank(bounds[0] + cell / wide, bounds[1] + cell % wide);
    }
    return this;
  }

  /** The value whose fill is strongest, where several matrices share a scale. */
  Panel scaledTo(double largest);

  /**
   * An outline around a block of cells, above all that is drawn; it glides to its next place.
   *
   * @param style {@code dashed} for what is not so, or the empty string
   */
  default Panel outline(
      String key, Role role, String style, int row, int column, int high, int wide) {
    return above(new Outline(this, key, role, style, row, column, high, wide, smallest()));
  }

  /** The least that an outline is wide and high, so that it is seen on small pixels. */
  default double smallest() {
    return 0;
  }

  /** The first part of its cells' keys. */
  String key();

  /** Adds what stands above all that is drawn and finds its place once the panel has one. */
  Panel above(Mark mark);

  /**
   * Lets the reader drag a block of cells over the panel: its place in scan order is the step.
   *
   * @param i at which stop along the rows it stands
   * @param j the same along the columns
   */
  default Panel drags(Handle.Stops rows, Handle.Stops columns, int i, int j, int high, int wide) {
    return above(Handle.step(this, rows, columns, i, j, high, wide));
  }

  /** The same of one cell, over all of a matrix without padding. */
  default Panel drags(int i, int j) {
    int[] bounds = bounds();
    return drags(Handle.Stops.all(bounds[2]), Handle.Stops.all(bounds[3]), i, j, 1, 1);
  }

  /** The same of a whole column. */
  default Panel dragsColumn(int j) {
    int[] bounds = bounds();
    return drags(Handle.Stops.all(1), Handle.Stops.all(bounds[3]), 0, j, bounds[2], 1);
  }

  /**
   * Lets the reader pull the right and the lower edge of the panel's own cells, whose number is the
   * parameter. Those of an image stay where they are.
   */
  default Panel resizes(String param, int high, int wide) {
    return resizes(param, 0, 0, high, wide);
  }

  /** The same of a block of cells, such as a window. */
  default Panel resizes(String param, int row, int column, int high, int wide) {
    return this;
  }

  /** Lets the reader pull the outer edges of the padding, whose width is the parameter. */
  default Panel pads(String param) {
    return this;
  }

  /** The same around what of the block lies in the matrix or its padding. */
  default Panel outlineInside(
      String key, Role role, String style, int row, int column, int high, int wide) {
    int[] bounds = bounds();
    int top = Math.max(row, bounds[0]);
    int left = Math.max(column, bounds[1]);
    int bottom = Math.min(row + high, bounds[2]);
    int right = Math.min(column + wide, bounds[3]);
    return bottom > top && right > left
        ? outline(key, role, style, top, left, bottom - top, right - left)
        : this;
  }

  /** The left edge of a column, once placed. */
  double left(double column);

  /** The upper edge of a row, once placed. */
  double top(double row);

  /** From a row to the next. */
  double cellSize();

  /** The first row and column, and those after the last; padding counts. */
  int[] bounds();
}
