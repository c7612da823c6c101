package convscope.topic.chapter2;

import convscope.num.Num;
import convscope.op.Window;
import convscope.scene.Box;
import convscope.scene.Cells;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Spans;
import convscope.scene.Text;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.View;
import org.jspecify.annotations.Nullable;

/**
 * Draws an {@link OutputSize}: its axes from the side with all their windows, and from above with
 * the current one, or in its place the table of a search.
 */
final class OutputHeightFigure {
  private final OutputSize size;
  private final View view;
  private final Cells cells = Cells.pixels(36);
  private final Cells small = cells.also(20); // seen from above
  private final @Nullable Cell pick;
  private final Axis h;
  private final Axis w;
  private final int i; // output row and column whose window is shown
  private final int j;

  OutputHeightFigure(OutputSize size, View view) {
    this.size = size;
    this.view = view;
    h = size.height();
    w = size.width();
    pick = Cell.parse(view.pick());
    Cell output = view.cell("out", h.out(), w.out());
    int row = picked(h);
    int column = picked(w);
    i = output != null ? output.row() : row >= 0 ? row : view.step() / w.out();
    j = output != null ? output.column() : column >= 0 ? column : view.step() % w.out();
  }

  private static String key(Axis axis) {
    return axis.height() ? "h" : "w";
  }

  /** The window of an axis that is picked, or whose output is; −1 if none is. */
  private int picked(Axis axis) {
    return Math.max(view.row(key(axis) + "w", axis.out()), view.row(key(axis) + "o", axis.out()));
  }

  Figure figure() {
    return Figure.of(scene(), size.equation(view.narrow()), caption());
  }

  private Scene scene() {
    Box high = side(h, i);
    Box wide = side(w, j);
    Box first = size.alongHeight() ? high : wide;
    Box sides = Layout.stack(14, first, size.alongHeight() ? wide : high);
    Box table = size.table(cells.also(30), view);
    Box above = table != null ? table : Layout.column(14, input(), output());
    Box beside = table != null ? table : Layout.row(24, input(), output());
    return cells.fit(
        view.stage(),
        Layout.row(36, sides, above),
        Layout.column(14, sides, beside),
        Layout.row(30, first, above),
        Layout.column(14, first, beside));
  }

  // ---- from the side

  /**
   * An axis from the side: its cells as a strip, under it a row for every window, and at the end of
   * the row the output that the window gives. Outlines count the strip as row 0, window n as row n
   * + 1.
   */
  private Box side(Axis axis, int current) {
    String key = key(axis);
    Window window = axis.window();
    int out = axis.out();
    int wrong = axis.wrong(size.mistake());
    int rows = out + (wrong > out ? 1 : 0); // with the first window that the mistake adds
    int last = Math.max(axis.end(), window.reach(rows));
    int columns = window.padBefore() + last;
    Grid strip = strip(axis, columns, current);
    for (int from = -window.padBefore(); from < axis.end(); from++) {
      int to = from;
      while (to < axis.end() && axis.readers(to) == 0) {
        to++;
      }
      if (to > from) { // no row of windows enters what none reads
        strip.outline(key + "/unread/" + from, Role.PADDING, "band", 1, from, rows, to - from);
        from = to;
      }
    }
    if (wrong != out) {
      int first = Math.max(0, Math.min(wrong, out));
      int wide = (rows - 1 - first) * window.stride() + window.span();
      int start = window.start(first);
      strip.outline(
          key + "/mistake", Role.GRADIENT, "dashed", first + 1, start, rows - first, wide);
    }
    strip.outline(key + "/window", Role.KERNEL, "", 0, window.start(current), 1, window.span());
    String name = "windows along the " + axis.name();
    Spans spans = new Spans(key + "w", Role.KERNEL, columns, cells, cells, name);
    Grid outputs =
        new Grid(key + "o", Role.OUTPUT, rows, 1, cells, new float[rows])
            .part("y", "output " + axis.unit() + "s")
            .frameless();
    for (int n = 0; n < rows; n++) {
      boolean linked = pick != null && pick.grid().equals(key) && window.reads(n, pick.column());
      String css = n == current ? "l9 current" : n < out ? "l3" : "l0";
      span(spans, axis, n, css + (linked ? " linked" : ""));
      outputs.label(n, 0, String.valueOf(n), "output " + axis.unit() + " " + n);
      outputs.level(n, 0, n == current ? 8 : 2).mark(n, 0, linked ? "linked" : "");
    }
    if (rows > out) {
      outputs.omit(out, 0);
    }
    String padding = window.padded(0) == 0 ? "" : ", padding " + axis.pads();
    return Layout.stack(
        5,
        new Text(axis.name() + " " + axis.in() + padding + " → " + out, 13, Role.INPUT).part("x"),
        Layout.stack(0, strip, Layout.row(10, spans, outputs.mark(current, 0, "target"))));
  }

  /** Adds a window to those seen from the side. */
  static void span(Spans spans, Axis axis, int i, String css) {
    int[] taps = new int[axis.window().kernel()];
    for (int u = 0; u < taps.length; u++) {
      taps[u] = axis.window().place(i, u) + axis.window().padBefore();
    }
    String does = i < axis.out() ? " reads " : " would need ";
    spans.add(taps, "window " + i + does + axis.reads(i), css);
  }

  private Grid strip(Axis axis, int columns, int current) {
    int before = axis.window().padBefore();
    Grid strip =
        new Grid(key(axis), Role.INPUT, 1, columns, cells, new float[columns])
            .origin(0, -before)
            .frameless()
            .part("x", "input " + axis.unit() + "s");
    for (int place = -before; place < columns - before; place++) {
      describe(strip, 0, place, axis);
      boolean linked = picked(axis) >= 0 && axis.window().reads(current, place);
      strip.mark(0, place, linked ? "linked" : "");
      if (place >= Math.max(axis.end(), axis.reach())) {
        strip.omit(0, place); // only the mistake's window reaches it
      }
    }
    return strip.picked(view.pick());
  }

  /** Says what a cell of the input is, along one axis or both, and whether windows read it. */
  private void describe(Grid grid, int row, int column, Axis... axes) {
    boolean inside = true;
    boolean beyond = false;
    boolean read = true;
    boolean tap = true;
    String name = "";
    for (Axis axis : axes) {
      int place = axis.height() && axes.length > 1 ? row : column;
      inside &= axis.inside(place);
      beyond |= place >= axis.end();
      read &= axis.readers(place) > 0;
      tap &= axis.window().reads(axis.height() ? i : j, place);
      name += (name.isEmpty() ? "" : ", ") + axis.unit() + " " + place;
    }
    String text = inside && axes.length == 1 ? String.valueOf(column) : "";
    String spoken = inside ? name : beyond ? "beyond the edge" : "padding";
    grid.label(row, column, text, spoken + (read ? "" : ", never read"));
    grid.level(row, column, !inside || !read ? 0 : tap ? 5 : 2);
    grid.mark(row, column, inside ? "" : beyond ? "padding beyond" : "padding");
    grid.mark(row, column, read ? "" : "dropped").mark(row, column, tap ? "tap" : "");
  }

  // ---- from above

  /** The padded input from above; what no window reads is left pale. */
  private Grid input() {
    Window high = h.window();
    Window wide = w.window();
    int top = high.padBefore();
    int left = wide.padBefore();
    int rows = top + Math.max(h.end(), h.reach());
    int columns = left + Math.max(w.end(), w.reach());
    Grid grid =
        new Grid("in", Role.INPUT, rows, columns, small, new float[rows * columns])
            .origin(-top, -left)
            .title("input", h.in() + " × " + w.in())
            .part("x", "input, " + h.in() + " × " + w.in());
    for (int n = 0; n < rows * columns; n++) {
      describe(grid, n / columns - top, n % columns - left, h, w);
    }
    return grid.picked(view.pick())
        .outline("window", Role.KERNEL, "", high.start(i), wide.start(j), high.span(), wide.span());
  }

  private Grid output() {
    int columns = w.out();
    Grid grid =
        new Grid("out", Role.OUTPUT, h.out(), columns, small, new float[h.out() * columns])
            .title("output", size.out().toString())
            .part("y", "output, " + size.out())
            .outline("target", Role.OUTPUT, "", i, j, 1, 1);
    Cell on = pick != null && pick.grid().equals("in") ? pick : null;
    for (int n = 0; n < h.out() * columns; n++) {
      int r = n / columns;
      int c = n % columns;
      boolean done = pick != null || n <= view.step();
      grid.label(r, c, "", Num.at("y", r, c)).level(r, c, done ? 3 : 0);
      if (on != null && h.window().reads(r, on.row()) && w.window().reads(c, on.column())) {
        grid.mark(r, c, "linked");
      }
    }
    return grid.mark(i, j, "target");
  }

  // ---- words

  private Prose caption() {
    if (pick != null && pick.grid().equals("h") && h.exists(pick.column())) {
      return h.place(pick.column());
    }
    if (pick != null && pick.grid().equals("w") && w.exists(pick.column())) {
      return w.place(pick.column());
    }
    if (pick != null && pick.grid().equals("in")) {
      return Axis.cell(h, w, pick.row(), pick.column());
    }
    return size.finding(
        pick,
        Prose.of(
            "The [kernel window] of [output {}] starts at row {} and reads [input {} and {}]. ",
            Num.at("y", i, j),
            h.start(i),
            h.reads(i),
            w.reads(j)));
  }
}
