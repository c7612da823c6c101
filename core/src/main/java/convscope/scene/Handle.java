package convscope.scene;

import convscope.num.Num;

/**
 * Something in a drawing that can be taken hold of: a window, which goes from stop to stop and sets
 * the step, or an edge, which makes a parameter larger or smaller. It has no look of its own but
 * for an edge's grip. The script finds it by its place and says which stop the pointer is nearest
 * to; the core decides what that means, as it does for the controls, which are the keyboard's way
 * to the same.
 */
public final class Handle implements Mark {
  /** What an edge answers to. */
  public enum Edge {
    RIGHT,
    BOTTOM,
    LEFT,
    TOP
  }

  private static final double GRIP = 22; // the most that a grip is long
  private static final double STROKE = 20; // how wide a place on an axis is

  private final Panel panel;
  private final String sets;
  private final Edge edge; // for a parameter
  private final int row;
  private final int column;
  private final int high;
  private final int wide;
  private final Stops rows; // for the step
  private final Stops columns;

  private Handle(
      Panel panel,
      String sets,
      Edge edge,
      int row,
      int column,
      int high,
      int wide,
      Stops rows,
      Stops columns) {
    this.panel = panel;
    this.sets = sets;
    this.edge = edge;
    this.row = row;
    this.column = column;
    this.high = high;
    this.wide = wide;
    this.rows = rows;
    this.columns = columns;
  }

  /** Where a window may stand along one axis: so many places, so far apart, from the first on. */
  public record Stops(int first, int apart, int count) {
    /** Every place of an axis of that size. */
    public static Stops all(int size) {
      return new Stops(0, 1, size);
    }
  }

  /**
   * A window over a panel, whose place in scan order is the step.
   *
   * @param i the stop along the rows at which it stands
   * @param j the same along the columns
   */
  static Handle step(Panel panel, Stops rows, Stops columns, int i, int j, int high, int wide) {
    int row = rows.first() + i * rows.apart();
    int column = columns.first() + j * columns.apart();
    return new Handle(panel, "step", Edge.RIGHT, row, column, high, wide, rows, columns);
  }

  /** An edge of a block of cells, which the parameter's value moves outwards cell by cell. */
  static Handle edge(
      Panel panel, String param, Edge edge, int row, int column, int high, int wide) {
    return new Handle(panel, param, edge, row, column, high, wide, Stops.all(0), Stops.all(0));
  }

  @Override
  public void write(Markup out) {
    double left = panel.left(column);
    double top = panel.top(row);
    double right = panel.left(column + wide - 1) + panel.cellSize();
    double bottom = panel.top(row + high - 1) + panel.cellSize();
    if (sets.equals("step")) {
      String from = pair(panel.left(columns.first()), panel.top(rows.first()));
      String pitch = pair(apart(columns, true), apart(rows, false));
      open(out, panel.key(), from, pitch, columns.count() + " " + rows.count());
      rectangle(out, left, top, right, bottom);
      return;
    }
    boolean upright = edge == Edge.RIGHT || edge == Edge.LEFT;
    double pitch = edge == Edge.RIGHT || edge == Edge.BOTTOM ? panel.cellSize() : -panel.cellSize();
    double x = edge == Edge.RIGHT ? right : left;
    double y = edge == Edge.BOTTOM ? bottom : top;
    out.open("g").attr("class", "handle grip").attr("data-sets", sets);
    out.attr("data-k", sets + "/" + panel.key() + (upright ? "/x" : "/y"));
    out.attr("data-pitch", upright ? pair(pitch, 0) : pair(0, pitch));
    out.open("rect").attr("class", "place");
    rectangle(out, x, y, upright ? x : right, upright ? bottom : y);
    double half = Math.min(GRIP, 0.5 * (upright ? bottom - top : right - left)) / 2;
    double middleX = upright ? x : (left + right) / 2;
    double middleY = upright ? (top + bottom) / 2 : y;
    out.open("path");
    out.attr(
        "d",
        upright
            ? "M" + pair(middleX, middleY - half) + "V" + Num.plain(middleY + half, 2)
            : "M" + pair(middleX - half, middleY) + "H" + Num.plain(middleX + half, 2));
    out.closeEmpty().close();
  }

  /** A stroke across a plot, whose place along the axis is the step. */
  static void onAxis(
      Markup out, String key, double first, double top, double high, double pitch, Stops stops) {
    double left = first - STROKE / 2;
    open(out, key, pair(left, top), pair(pitch, 0), stops.count() + " 1");
    left += stops.first() * pitch;
    rectangle(out, left, top, left + STROKE, top + high);
  }

  private static void open(Markup out, String over, String from, String pitch, String count) {
    out.open("rect").attr("class", "handle").attr("data-k", "step/" + over);
    out.attr("data-sets", "step").attr("data-panel", over);
    out.attr("data-from", from).attr("data-pitch", pitch).attr("data-count", count);
  }

  private double apart(Stops stops, boolean across) {
    return across
        ? panel.left(stops.first() + stops.apart()) - panel.left(stops.first())
        : panel.top(stops.first() + stops.apart()) - panel.top(stops.first());
  }

  private static void rectangle(Markup out, double left, double top, double right, double bottom) {
    out.attr("x", left).attr("y", top).attr("width", right - left);
    out.attr("height", bottom - top).closeEmpty();
  }

  private static String pair(double x, double y) {
    return Num.plain(x, 2) + " " + Num.plain(y, 2);
  }
}
