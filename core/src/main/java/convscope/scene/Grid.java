package convscope.scene;

import convscope.num.Num;
import java.util.ArrayList;
import java.util.List;

/**
 * A matrix of numbers as cells. Each is filled with its role's colour by |value| / max |value|
 * (classes {@code l0} to {@code l10}); negative values take the negative hue and print their sign.
 * A cell's key is {@code key/row,column}, counted from the origin (padding cells have negative
 * places).
 */
public final class Grid implements Panel {
  /** The number of fill levels above zero. */
  public static final int LEVELS = 10;

  /** One cell: its value and what is said of it. */
  private static final class Cell {
    private double value;
    private boolean blank;
    private boolean omitted;
    private int level = -1; // by its value
    private String label = "";
    private String spoken = "";
    private String css = "";
    private String from = "";
  }

  private final String key;
  private final Role role;
  private final int rows;
  private final int columns;
  private Cells size;
  private final List<Cell> cells = new ArrayList<>();
  private final List<Mark> above = new ArrayList<>();
  private int rowOrigin;
  private int columnOrigin;
  private String title = "";
  private String detail = "";
  private String part = "";
  private String name = "";
  private boolean editable;
  private boolean steps;
  private boolean turns;
  private boolean framed = true;
  private double spread; // from a column to the next, or 0 for side by side
  private int[] room = {0, 0, 0, 0}; // around the cells, in cells: top, left, bottom, right
  private double max;
  private double x;
  private double y;

  /** Cells of a fixed size. Values are row-major, of length rows · columns. */
  public Grid(String key, Role role, int rows, int columns, double cellSize, float[] values) {
    this(key, role, rows, columns, Cells.of(cellSize), values);
  }

  /** Cells of the size that fits. Values are row-major, of length rows · columns. */
  public Grid(String key, Role role, int rows, int columns, Cells size, float[] values) {
    this.key = key;
    this.role = role;
    this.rows = rows;
    this.columns = columns;
    this.size = size;
    for (int i = 0; i < rows * columns; i++) {
      Cell cell = new Cell();
      cell.value = values[i];
      max = Double.isInfinite(values[i]) ? max : Math.max(max, Math.abs(cell.value));
      cells.add(cell);
    }
  }

  /** A title above the cells in the role's colour, and what follows it in quiet type. */
  @Override
  public Grid title(String text, String more) {
    title = text;
    detail = more;
    return this;
  }

  /** The part of the formula that this grid is, and its name for screen readers. */
  @Override
  public Grid part(String partName, String spoken) {
    part = partName;
    name = spoken;
    return this;
  }

  /** Cells of a size of its own, in the place of one that fits. */
  public Grid sized(double cell) {
    size = Cells.of(cell);
    return this;
  }

  /** The row and column numbers of the first cell, for grids that begin with padding. */
  public Grid origin(int row, int column) {
    rowOrigin = row;
    columnOrigin = column;
    return this;
  }

  /** Says that all but a block of so many rows and columns is padding: cells count from there. */
  public Grid padded(int top, int left, int high, int wide) {
    origin(-top, -left);
    for (int n = 0; n < rows * columns; n++) {
      int row = n / columns - top;
      int column = n % columns - left;
      if (row < 0 || column < 0 || row >= high || column >= wide) {
        mark(row, column, "padding");
      }
    }
    return this;
  }

  /** Says that the reader may type into the cells. */
  public Grid editable() {
    editable = true;
    return this;
  }

  /** The value whose fill is strongest, where several grids share a scale. */
  @Override
  public Grid scaledTo(double largest) {
    max = largest;
    return this;
  }

  /** Adds a class to one cell, counted from the origin; cells outside are ignored. */
  @Override
  public Grid mark(int row, int column, String css) {
    int r = row - rowOrigin;
    int c = column - columnOrigin;
    if (r >= 0 && r < rows && c >= 0 && c < columns) {
      Cell cell = cells.get(r * columns + c);
      if (!(" " + cell.css + " ").contains(" " + css + " ")) {
        cell.css = cell.css.isEmpty() ? css : cell.css + " " + css;
      }
    }
    return this;
  }

  /** Marks the cell of that key as the one under the pointer, if it is one of this grid's. */
  public Grid picked(String cellKey) {
    for (int n = 0; cellKey.startsWith(key + "/") && n < rows * columns; n++) {
      int r = n / columns + rowOrigin;
      int c = n % columns + columnOrigin;
      if (cellKey.equals(key + "/" + r + "," + c)) {
        mark(r, c, "picked");
      }
    }
    return this;
  }

  /** Leaves a cell empty: its value is still to come. */
  @Override
  public Grid blank(int row, int column) {
    cell(row, column).blank = true;
    return this;
  }

  /** Writes a word in a cell instead of its value, and what a screen reader says of it. */
  public Grid label(int row, int column, String text, String spoken) {
    cell(row, column).label = text;
    cell(row, column).spoken = spoken;
    return this;
  }

  /** Fills a cell by this level, 0 to {@link #LEVELS}, whatever its value. */
  public Grid level(int row, int column, int level) {
    cell(row, column).level = level;
    return this;
  }

  /** Draws no cell at this place. */
  public Grid omit(int row, int column) {
    cell(row, column).omitted = true;
    return this;
  }

  /** Draws no frame around the whole. */
  public Grid frameless() {
    framed = false;
    return this;
  }

  /** Sets the columns further apart than the cells are wide, as a stride does with its outputs. */
  public Grid spread(double fromColumnToColumn) {
    spread = fromColumnToColumn;
    return frameless();
  }

  /** Keeps room around the cells, measured in cells, for outlines that reach further. */
  public Grid around(int top, int left, int bottom, int right) {
    room = new int[] {top, left, bottom, right};
    return this;
  }

  private double pitch() {
    return spread > 0 ? spread : cellSize();
  }

  @Override
  public Grid outline(
      String outlineKey, Role color, String style, int row, int column, int high, int wide) {
    return above(new Outline(this, outlineKey, color, style, row, column, high, wide, smallest()));
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public Grid above(Mark mark) {
    above.add(mark);
    return this;
  }

  @Override
  public Grid resizes(String param, int row, int column, int high, int wide) {
    above(Handle.edge(this, param, Handle.Edge.RIGHT, row, column, high, wide));
    return above(Handle.edge(this, param, Handle.Edge.BOTTOM, row, column, high, wide));
  }

  @Override
  public Grid pads(String param) {
    return pulls(param, Handle.Edge.LEFT).pulls(param, Handle.Edge.TOP);
  }

  /** Lets the reader pull one outer edge, whose parameter is this one. */
  public Grid pulls(String param, Handle.Edge edge) {
    return above(Handle.edge(this, param, edge, rowOrigin, columnOrigin, rows, columns));
  }

  /** Says of which cell's number this is a copy: when parameters change, it flies from there. */
  public Grid from(int row, int column, String cellKey) {
    cell(row, column).from = cellKey;
    return this;
  }

  /** Says that these are another grid's cells turned by half: they turn when parameters change. */
  public Grid turns() {
    turns = true;
    return this;
  }

  /** Says that a click on a cell goes to a step: the cell's number in scan order. */
  public Grid steps() {
    steps = true;
    return this;
  }

  /** As a table, with the row and column numbers that the cells have. */
  @Override
  public void tell(Twin twin) {
    if (title.isEmpty() && name.isEmpty()) {
      return;
    }
    String[][] texts = new String[rows][columns];
    for (int n = 0; n < rows * columns; n++) {
      Cell cell = cells.get(n);
      texts[n / columns][n % columns] =
          cell.omitted || cell.blank
              ? ""
              : cell.spoken.isEmpty() ? Num.cell(cell.value) : cell.spoken;
    }
    twin.table(name.isEmpty() ? title : name, rowOrigin, columnOrigin, texts);
  }

  /** From the first column's left edge to the last one's right edge. */
  private double across() {
    return (columns - 1) * pitch() + cellSize();
  }

  private Cell cell(int row, int column) {
    return cells.get((row - rowOrigin) * columns + column - columnOrigin);
  }

  @Override
  public double width() {
    double cells = across() + (room[1] + room[3]) * cellSize();
    return Math.max(cells, title.isEmpty() ? 0 : Title.width(title, detail));
  }

  @Override
  public double height() {
    return (room[0] + rows + room[2]) * cellSize() + (title.isEmpty() ? 0 : Title.HEIGHT);
  }

  @Override
  public void place(Scene scene, double left, double top) {
    x = left + room[1] * cellSize();
    y = top + room[0] * cellSize() + (title.isEmpty() ? 0 : Title.HEIGHT);
    scene.add(this);
    for (Mark mark : above) {
      scene.addAbove(mark);
    }
  }

  @Override
  public double left(double column) {
    return x + (column - columnOrigin) * pitch();
  }

  @Override
  public double top(double row) {
    return y + (row - rowOrigin) * cellSize();
  }

  @Override
  public double cellSize() {
    return size.size();
  }

  @Override
  public int[] bounds() {
    return new int[] {rowOrigin, columnOrigin, rowOrigin + rows, columnOrigin + columns};
  }

  /** The fill level, 0 to {@link #LEVELS}, of a value where {@code max} is the strongest. */
  public static int level(double value, double max) {
    double share = Math.abs(value) / max;
    if (!(share > 0)) {
      return 0;
    }
    return (int) Math.max(1, Math.min(LEVELS, Num.round(share * LEVELS)));
  }

  @Override
  public void write(Markup out) {
    if (!title.isEmpty()) {
      double left = x - room[1] * cellSize();
      Title.above(title, detail, role, part, left, y - room[0] * cellSize()).write(out);
    }
    out.open("g").attr("class", "grid " + role.css() + (turns ? " turns" : ""));
    out.attr("data-k", key).attrIf("data-part", part);
    out.attr("role", "grid").attr("aria-label", name.isEmpty() ? title : name);
    out.flag("data-editable", editable);
    double textSize = textSize();
    for (int r = 0; r < rows; r++) {
      out.open("g").attr("role", "row");
      for (int c = 0; c < columns; c++) {
        writeCell(out, r, c, textSize);
      }
      out.close();
    }
    if (framed) {
      out.open("rect").attr("class", "frame").attr("x", x).attr("y", y);
      out.attr("width", columns * cellSize()).attr("height", rows * cellSize()).closeEmpty();
    }
    out.close();
  }

  private void writeCell(Markup out, int r, int c, double textSize) {
    Cell cell = cells.get(r * columns + c);
    if (cell.omitted) {
      return;
    }
    boolean labelled = !cell.spoken.isEmpty();
    StringBuilder css = new StringBuilder("cell l");
    css.append(cell.blank ? 0 : cell.level >= 0 ? cell.level : level(cell.value, max));
    if (cell.value < 0 && !cell.blank && !labelled) {
      css.append(" negative");
    }
    if (!cell.css.isEmpty()) {
      css.append(' ').append(cell.css);
    }
    CellText text =
        cell.blank
            ? CellText.NONE
            : labelled && CellText.reads(cell.label, cellSize(), size.zoom())
                ? CellText.word(cell.label, cellSize(), size.zoom())
                : number(cell, textSize);
    out.open("g").attr("class", css.toString()).attr("role", "gridcell");
    out.attr("data-k", key + "/" + (r + rowOrigin) + "," + (c + columnOrigin));
    out.attrIf("data-step", steps ? String.valueOf(r * columns + c) : "");
    out.attrIf("data-from", cell.from);
    if (cell.blank) {
      out.attr("aria-label", "not computed yet");
    } else if (labelled) {
      out.attr("aria-label", cell.spoken);
    } else if (text.shortened()) {
      out.attr("aria-label", Num.cell(cell.value)); // and what the pointer shows
    }
    out.open("rect").attr("x", x + c * pitch()).attr("y", y + r * cellSize());
    out.attr("width", cellSize()).attr("height", cellSize()).closeEmpty();
    if (!text.text().isEmpty()) {
      out.open("text").attr("x", x + c * pitch() + cellSize() / 2);
      out.attr("y", y + (r + 0.5) * cellSize() + text.size() * 0.35);
      out.attr("font-size", text.size()).text(text.text()).close();
    }
    out.close();
  }

  /** The cell's number, in the place of a word for which there is no room. */
  private CellText number(Cell cell, double textSize) {
    double said = cell.spoken.isEmpty() ? cell.value : Num.parse(cell.label);
    double number = Double.isNaN(said) ? cell.value : said;
    boolean word = Double.isNaN(said) && number == 0; // which says nothing of a number
    return word && !cell.spoken.isEmpty()
        ? CellText.mark(cellSize(), size.zoom())
        : CellText.number(number, textSize, cellSize(), size.zoom());
  }

  /** One type size for all numbers of the grid: that of the longest, but readable. */
  private double textSize() {
    double fits = CellText.largest(cellSize());
    for (Cell cell : cells) {
      if (!cell.omitted && cell.spoken.isEmpty()) {
        fits = Math.min(fits, CellText.fits(Num.cell(cell.value), cellSize()));
      }
    }
    return Math.max(fits, CellText.READABLE * size.zoom());
  }
}
