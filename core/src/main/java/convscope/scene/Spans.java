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
  private final int columns;
  private final Cells size;
  private final Cells rows;
  private final String name;
  private final List<Span> spans = new ArrayList<>();
  private double x;
  private double y;

  /**
   * @param columns how many columns the strip has
   * @param size of the strip's cells: columns are as wide
   * @param rows the same for the rows' height
   * @param name what a screen reader calls the whole
   */
  public Spans(String key, Role role, int columns, Cells size, Cells rows, String name) {
    this.key = key;
    this.role = role;
    this.columns = columns;
    this.size = size;
    this.rows = rows;
    this.name = name;
  }

  /** Adds the next window. */
  public Spans add(int[] columns, String spoken, String css) {
    spans.add(new Span(columns, spoken, css));
    return this;
  }

  @Override
  public double width() {
    return columns * size.size();
  }

  @Override
  public double height() {
    return spans.size() * rows.size();
  }

  @Override
  public void place(Scene scene, double left, double top) {
    x = left;
    y = top;
    scene.add(this);
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
    double cell = size.size();
    double tap = Math.max(2, Math.min(13, Math.min(rows.size() - 4, cell - 2)));
    double middle = y + (row + 0.5) * rows.size();
    double right = x + (span.columns[span.columns.length - 1] + 1) * cell;
    out.open("g").attr("class", "cell " + span.css).attr("role", "gridcell");
    out.attr("data-k", key + "/" + row + ",0").attr("aria-label", span.spoken);
    out.open("line").attr("class", "line " + role.css());
    out.attr("x1", x + span.columns[0] * cell + 1).attr("y1", middle);
    out.attr("x2", right - 1).attr("y2", middle).closeEmpty();
    for (int column : span.columns) {
      out.open("rect").attr("x", x + column * cell + 1).attr("y", middle - tap / 2);
      out.attr("width", Math.max(1, cell - 2)).attr("height", tap).attr("rx", 2).closeEmpty();
    }
    out.close();
  }
}
