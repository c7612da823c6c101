package convscope.scene;

import java.util.ArrayList;
import java.util.List;

/**
 * Windows seen from the side: a row for each, with a line from its first to its last tap and a
 * block for every tap, in the columns of the strip that they slide over. A row's key is {@code
 * key/row,0}.
 */
public final class Spans implements Mark, Box {
  /** One window: its taps' columns, counted from the strip's first, and what is said of it. */
  private record Span(int[] columns, String spoken, String css) {}

  private final String key;
  private final Role role;
  private final double width;
  private final double columnWidth;
  private final double rowHeight;
  private final String name;
  private final List<Span> spans = new ArrayList<>();
  private double x;
  private double y;

  /**
   * @param columns how many columns the strip has
   * @param name what a screen reader calls the whole
   */
  public Spans(
      String key, Role role, int columns, double columnWidth, double rowHeight, String name) {
    this.key = key;
    this.role = role;
    this.width = columns * columnWidth;
    this.columnWidth = columnWidth;
    this.rowHeight = rowHeight;
    this.name = name;
  }

  /** Adds the next window. */
  public Spans add(int[] columns, String spoken, String css) {
    spans.add(new Span(columns, spoken, css));
    return this;
  }

  @Override
  public double width() {
    return width;
  }

  @Override
  public double height() {
    return spans.size() * rowHeight;
  }

  @Override
  public void place(Scene scene, double left, double top) {
    x = left;
    y = top;
    scene.add(this);
  }

  /** The middle of a row's height. */
  public double middle(int row) {
    return y + (row + 0.5) * rowHeight;
  }

  /** The right end of a row's window. */
  public double right(int row) {
    int[] columns = spans.get(row).columns;
    return x + (columns[columns.length - 1] + 1) * columnWidth;
  }

  @Override
  public void tell(Twin twin) {
    for (Span span : spans) {
      twin.say(span.spoken);
    }
  }

  @Override
  public void write(Markup out) {
    out.open("g").attr("class", "grid spans " + role.css()).attr("data-k", key);
    out.attr("role", "grid").attr("aria-label", name);
    for (int row = 0; row < spans.size(); row++) {
      out.open("g").attr("role", "row");
      write(out, row, spans.get(row));
      out.close();
    }
    out.close();
  }

  private void write(Markup out, int row, Span span) {
    double tap = Math.min(rowHeight - 5, columnWidth - 2);
    out.open("g").attr("class", "cell " + span.css).attr("role", "gridcell");
    out.attr("data-k", key + "/" + row + ",0").attr("aria-label", span.spoken);
    out.open("line").attr("class", "line " + role.css());
    out.attr("x1", x + span.columns[0] * columnWidth + 1).attr("y1", middle(row));
    out.attr("x2", right(row) - 1).attr("y2", middle(row)).closeEmpty();
    for (int column : span.columns) {
      out.open("rect").attr("x", x + column * columnWidth + 1).attr("y", middle(row) - tap / 2);
      out.attr("width", columnWidth - 2).attr("height", tap).attr("rx", 2).closeEmpty();
    }
    out.close();
  }
}
