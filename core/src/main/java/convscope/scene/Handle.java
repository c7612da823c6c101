package convscope.scene;

import convscope.num.Num;
import java.util.List;

/**
 * Marks for what can be taken hold of in a drawing: a window, which goes from stop to stop and sets
 * the step, an edge, which makes a parameter larger or smaller, or something with a stop for each
 * text that a parameter can have. They have no look of their own but for a grip. The script finds
 * one by its place and says which stop the pointer is nearest to; the core decides what that means,
 * as it does for the controls, which are the keyboard's way to the same.
 */
public final class Handle {
  /** What an edge answers to. */
  public enum Edge {
    RIGHT,
    BOTTOM,
    LEFT,
    TOP
  }

  private static final double GRIP = 22; // the most that a grip is long
  private static final double STROKE = 20; // how wide a place on an axis is

  private Handle() {}

  /** Where a window may stand along one axis: so many places, so far apart, from the first on. */
  public record Stops(int first, int apart, int count) {
    /** Every place of an axis of that size. */
    public static Stops all(int size) {
      return new Stops(0, 1, size);
    }
  }

  /** A place along an axis, in pixels, at which a parameter has that text. */
  public record Stop(double place, String text) {
    @Override
    public String toString() {
      return text; // no doubles: printing them brings 9 KB of tables into the module
    }
  }

  /**
   * Something that sets a parameter to the text of the stop nearest to where it is dropped.
   *
   * @param over what it stands on, for its key
   * @param across whether its stops are along the horizontal axis
   * @param gripX the middle of its grip, which is upright
   */
  public static Mark among(
      String param,
      String over,
      boolean across,
      List<Stop> stops,
      Area place,
      double gripX,
      double gripHeight) {
    StringBuilder texts = new StringBuilder();
    for (Stop stop : stops) {
      texts.append(texts.isEmpty() ? "" : "|").append(Num.plain(stop.place(), 1));
      texts.append(' ').append(stop.text());
    }
    return out -> {
      out.open("g").attr("class", "handle grip").attr("data-sets", param);
      out.attr("data-k", param + "/" + over).attr("data-pitch", across ? "1 0" : "0 1");
      out.attr("data-stops", texts.toString());
      out.open("rect").attr("class", "place");
      rectangle(out, place.left, place.top, place.right, place.bottom);
      double middle = (place.top + place.bottom) / 2;
      String grip = "M" + pair(gripX, middle - gripHeight / 2);
      out.open("path").attr("d", grip + "V" + Num.plain(middle + gripHeight / 2, 2));
      out.closeEmpty().close();
    };
  }

  /** Where something can be taken hold of, in pixels. */
  public record Area(double left, double top, double right, double bottom) {
    @Override
    public String toString() {
      return "Area";
    }
  }

  /**
   * A window over a panel, whose place in scan order is the step.
   *
   * @param i the stop along the rows at which it stands
   * @param j the same along the columns
   */
  static Mark step(Panel panel, Stops rows, Stops columns, int i, int j, int high, int wide) {
    return out -> {
      double left = panel.left(columns.first());
      double top = panel.top(rows.first());
      double right = panel.left(columns.first() + columns.apart()) - left;
      double down = panel.top(rows.first() + rows.apart()) - top;
      String count = columns.count() + " " + rows.count();
      open(out, panel.key(), pair(left, top), pair(right, down), count);
      int row = rows.first() + i * rows.apart();
      int column = columns.first() + j * columns.apart();
      Sides at = new Sides(panel, row, column, high, wide);
      rectangle(out, at.left, at.top, at.right, at.bottom);
    };
  }

  /** An edge of a block of cells, which the parameter's value moves outwards cell by cell. */
  static Mark edge(Panel panel, String param, Edge edge, int row, int column, int high, int wide) {
    return out -> {
      Sides at = new Sides(panel, row, column, high, wide);
      boolean upright = edge == Edge.RIGHT || edge == Edge.LEFT;
      boolean grows = edge == Edge.RIGHT || edge == Edge.BOTTOM;
      double pitch = grows ? panel.cellSize() : -panel.cellSize();
      double x = edge == Edge.RIGHT ? at.right : at.left;
      double y = edge == Edge.BOTTOM ? at.bottom : at.top;
      out.open("g").attr("class", "handle grip").attr("data-sets", param);
      out.attr("data-k", param + "/" + panel.key() + (upright ? "/x" : "/y"));
      out.attr("data-pitch", upright ? pair(pitch, 0) : pair(0, pitch));
      out.open("rect").attr("class", "place");
      rectangle(out, x, y, upright ? x : at.right, upright ? at.bottom : y);
      double half = Math.min(GRIP, 0.5 * (upright ? at.bottom - at.top : at.right - at.left)) / 2;
      double middleX = (at.left + at.right) / 2;
      double middleY = (at.top + at.bottom) / 2;
      out.open("path");
      out.attr(
          "d",
          upright
              ? "M" + pair(x, middleY - half) + "V" + Num.plain(middleY + half, 2)
              : "M" + pair(middleX - half, y) + "H" + Num.plain(middleX + half, 2));
      out.closeEmpty().close();
    };
  }

  /** Where the sides of a block of a panel's cells are, once the panel is placed. */
  private static final class Sides {
    private final double left;
    private final double top;
    private final double right;
    private final double bottom;

    Sides(Panel panel, int row, int column, int high, int wide) {
      left = panel.left(column);
      top = panel.top(row);
      right = panel.left(column + wide - 1) + panel.cellSize();
      bottom = panel.top(row + high - 1) + panel.cellSize();
    }
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

  private static void rectangle(Markup out, double left, double top, double right, double bottom) {
    out.attr("x", left).attr("y", top).attr("width", right - left);
    out.attr("height", bottom - top).closeEmpty();
  }

  private static String pair(double x, double y) {
    return Num.plain(x, 2) + " " + Num.plain(y, 2);
  }
}
