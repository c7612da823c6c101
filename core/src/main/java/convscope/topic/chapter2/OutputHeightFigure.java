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
    Cell aim = Cell.parse(view.pick());
    pick = aim;
    int row = view.step() / w.out();
    int column = view.step() % w.out();
    if (aim != null && aim.within("out", h.out(), w.out())) {
      row = aim.row();
      column = aim.column();
    } else if (aim != null && (on("hw", h) || on("ho", h))) {
      row = aim.row();
    } else if (aim != null && (on("ww", w) || on("wo", w))) {
      column = aim.row();
    }
    i = row;
    j = column;
  }

  /** Whether a window of an axis is picked, or its output. */
  private boolean on(String grid, Axis axis) {
    return pick != null && pick.within(grid, axis.out(), 1);
  }

  Figure figure() {
    return Figure.of(scene(), size.equation(view.narrow()), caption());
  }

  private Scene scene() {
    Box high = side(h, i);
    Box wide = side(w, j);
    Box first = size.alongHeight() ? high : wide;
    Box sides = Layout.stack(14, first, size.alongHeight() ? wide : high);
    Search search = size.search();
    if (search != null) {
      Box table = search.table(cells.also(30), size.alongHeight()).picked(view.pick());
      return cells.fit(
          view.stage(),
          Layout.row(30, sides, table),
          Layout.column(14, table, Layout.row(30, high, wide)),
          Layout.row(30, first, table),
          Layout.column(14, table, first));
    }
    Cells small = cells.also(20);
    Box above = Layout.column(14, input(small), output(small));
    Box beside = Layout.row(24, input(small), output(small));
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
    Window window = axis.window();
    int out = axis.out();
    int wrong = axis.wrong(size.mistake());
    int rows = out + (wrong > out ? 1 : 0); // with the first window that the mistake adds
    int last = Math.max(axis.end(), window.reach(rows));
    Grid strip = strip(axis, last, current);
    for (int from = -window.padBefore(); from < axis.end(); from++) {
      int to = from;
      while (to < axis.end() && axis.readers(to) == 0) {
        to++;
      }
      if (to > from) { // no row of windows enters what none reads
        String key = key(axis) + "/unread/" + from;
        strip.outline(key, Role.PADDING, "band", 1, from, rows, to - from);
        from = to;
      }
    }
    if (wrong != out) {
      int first = Math.max(0, Math.min(wrong, out));
      int wide = (rows - 1 - first) * window.stride() + window.span();
      String key = key(axis) + "/mistake";
      int start = window.start(first);
      strip.outline(key, Role.GRADIENT, "dashed", first + 1, start, rows - first, wide);
    }
    strip.outline(
        key(axis) + "/window", Role.KERNEL, "", 0, window.start(current), 1, window.span());
    String name = "windows along the " + axis.name();
    int columns = last + window.padBefore();
    Spans spans = new Spans(key(axis) + "w", Role.KERNEL, columns, cells, cells, name);
    Grid outputs =
        new Grid(key(axis) + "o", Role.OUTPUT, rows, 1, cells, new float[rows])
            .part("y", "output " + axis.unit() + "s")
            .frameless();
    for (int n = 0; n < rows; n++) {
      boolean linked =
          pick != null && pick.grid().equals(key(axis)) && window.reads(n, pick.column());
      span(
          spans,
          axis,
          n,
          (n == current ? "l9 current" : n < out ? "l3" : "l0") + (linked ? " linked" : ""));
      if (n == out) {
        outputs.omit(n, 0);
        continue;
      }
      outputs.label(n, 0, String.valueOf(n), "output " + axis.unit() + " " + n);
      outputs.level(n, 0, n == current ? 8 : 2);
      if (linked) {
        outputs.mark(n, 0, "linked");
      }
    }
    String padding = window.padBefore() + " + " + window.padAfter();
    String title =
        axis.name() + " " + axis.in() + (padding.equals("0 + 0") ? "" : ", padding " + padding);
    return Layout.stack(
        5,
        new Text(title + " → " + out, 13, Role.INPUT).part("x"),
        Layout.stack(0, strip, Layout.row(10, spans, outputs.mark(current, 0, "target"))));
  }

  private static String key(Axis axis) {
    return axis.height() ? "h" : "w";
  }

  /** Adds a window to those seen from the side. */
  static void span(Spans spans, Axis axis, int i, String css) {
    int[] taps = new int[axis.window().kernel()];
    for (int u = 0; u < taps.length; u++) {
      taps[u] = i * axis.window().stride() + u * axis.window().dilation();
    }
    String does = i < axis.out() ? " reads " : " would need ";
    spans.add(taps, "window " + i + does + axis.reads(i), css);
  }

  private Grid strip(Axis axis, int last, int current) {
    int before = axis.window().padBefore();
    Grid strip =
        new Grid(key(axis), Role.INPUT, 1, before + last, cells, new float[before + last])
            .origin(0, -before)
            .frameless()
            .part("x", "input " + axis.unit() + "s");
    for (int place = -before; place < last; place++) {
      String name = axis.inside(place) ? axis.unit() + " " + place : "";
      boolean tap = axis.window().reads(current, place);
      describe(strip, 0, place, name, place >= axis.end(), axis.readers(place) > 0, tap);
      if (pick != null && on(key(axis) + "w", axis) && axis.window().reads(pick.row(), place)) {
        strip.mark(0, place, "linked");
      }
      if (place >= Math.max(axis.end(), axis.reach())) {
        strip.omit(0, place); // only the mistake's window reaches it
      }
    }
    return strip.picked(view.pick());
  }

  /** Says of an input's cell what it is, and marks padding, taps and what no window reads. */
  private static void describe(
      Grid grid, int row, int column, String name, boolean beyond, boolean read, boolean tap) {
    boolean inside = !name.isEmpty();
    String spoken = inside ? name : beyond ? "beyond the edge" : "padding";
    String text = inside && grid.height() < 2 * grid.cellSize() ? String.valueOf(column) : "";
    grid.label(row, column, text, spoken + (read ? "" : ", never read"));
    grid.level(row, column, !inside || !read ? 0 : tap ? 5 : 2);
    grid.mark(row, column, inside ? "" : beyond ? "padding beyond" : "padding");
    grid.mark(row, column, read ? "" : "dropped").mark(row, column, tap ? "tap" : "");
  }

  // ---- from above

  /** The padded input from above; what no window reads is left pale. */
  private Grid input(Cells small) {
    int top = h.window().padBefore();
    int left = w.window().padBefore();
    int rows = top + Math.max(h.end(), h.reach());
    int columns = left + Math.max(w.end(), w.reach());
    Grid grid =
        new Grid("in", Role.INPUT, rows, columns, small, new float[rows * columns])
            .origin(-top, -left)
            .title("input", h.in() + " × " + w.in())
            .part("x", "input, " + h.in() + " × " + w.in())
            .outline(
                "window",
                Role.KERNEL,
                "",
                h.window().start(i),
                w.window().start(j),
                h.window().span(),
                w.window().span());
    for (int r = -top; r < rows - top; r++) {
      for (int c = -left; c < columns - left; c++) {
        String name = h.inside(r) && w.inside(c) ? "row " + r + ", column " + c : "";
        boolean read = h.readers(r) * w.readers(c) > 0;
        boolean tap = h.window().reads(i, r) && w.window().reads(j, c);
        describe(grid, r, c, name, r >= h.end() || c >= w.end(), read, tap);
      }
    }
    return grid.picked(view.pick());
  }

  private Grid output(Cells small) {
    Grid grid =
        new Grid("out", Role.OUTPUT, h.out(), w.out(), small, new float[h.out() * w.out()])
            .title("output", size.out().toString())
            .part("y", "output, " + size.out())
            .outline("target", Role.OUTPUT, "", i, j, 1, 1);
    for (int r = 0; r < h.out(); r++) {
      for (int c = 0; c < w.out(); c++) {
        boolean done = pick != null || r * w.out() + c <= view.step();
        grid.label(r, c, "", Num.at("y", r, c)).level(r, c, done ? 3 : 0);
        if (pick != null
            && pick.grid().equals("in")
            && h.window().reads(r, pick.row())
            && w.window().reads(c, pick.column())) {
          grid.mark(r, c, "linked");
        }
      }
    }
    return grid.mark(i, j, "target");
  }

  // ---- words

  private Prose caption() {
    Search search = size.search();
    String tried = search == null ? null : search.said(pick);
    if (tried != null) {
      return Prose.of("[output {}]", tried);
    }
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
        Prose.of(
            "The [kernel window] of [output {}] starts at row {} and reads [input {} and {}]. ",
            Num.at("y", i, j),
            h.start(i),
            h.reads(i),
            w.reads(j)));
  }
}
