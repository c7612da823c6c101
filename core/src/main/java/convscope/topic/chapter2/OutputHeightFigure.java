package convscope.topic.chapter2;

import convscope.param.Pair;
import convscope.scene.Box;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Paragraph;
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Twin;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.View;
import org.jspecify.annotations.Nullable;

/**
 * Draws an {@link OutputSize}: both axes from the side with all their windows, and from above with
 * the current one.
 */
final class OutputHeightFigure {
  private static final double MARGIN = 14;
  private static final double LARGEST_CELL = 44;
  private static final double ABOVE = 250; // width of the view from above in a wide drawing
  private static final double BETWEEN = 34;

  private final OutputSize size;
  private final View view;
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
    Cell at = Cell.parse(view.pick());
    pick = at;
    int row = view.step() / w.out();
    int column = view.step() % w.out();
    if (at != null && at.within("out", h.out(), w.out())) {
      row = at.row();
      column = at.column();
    } else if (at != null && (at.within("hw", h.out(), 1) || at.within("ho", h.out(), 1))) {
      row = at.row();
    } else if (at != null && (at.within("ww", w.out(), 1) || at.within("wo", w.out(), 1))) {
      column = at.row();
    }
    i = row;
    j = column;
  }

  Figure figure() {
    return new Figure(scene(), Findings.alt(size), Derivation.html(size), caption().html(), twin());
  }

  private Scene scene() {
    double room = view.width() - 2 * MARGIN;
    double side = view.narrow() ? room : room - ABOVE - BETWEEN;
    int columns = Math.max(AxisPanel.columns(size, true), AxisPanel.columns(size, false));
    double cell = Math.min(LARGEST_CELL, (side - AxisPanel.beside()) / columns);
    Box panels =
        Layout.column(
            20,
            new AxisPanel(size, true, cell, side, i, pick),
            new AxisPanel(size, false, cell, side, j, pick));
    Pair seen = new Pair(h.padded() + h.overhang(), w.padded() + w.overhang());
    double across = view.narrow() ? room * 0.56 : ABOVE;
    double small = Math.min(18, across / Math.max(seen.width(), Math.max(w.out(), seen.height())));
    if (view.narrow()) {
      small = Math.min(small, (room - 24) / (Math.max(9, seen.width()) + Math.max(7, w.out())));
    }
    Grid input = input(small);
    Grid output = output(small);
    double checkWidth = view.narrow() ? room : ABOVE;
    Paragraph check =
        new Paragraph(size.check(), checkWidth, 13, size.agrees() ? Role.OUTPUT : Role.GRADIENT);
    Box above =
        view.narrow()
            ? Layout.column(12, Layout.row(20, input, output), check)
            : Layout.column(18, input, output, check);
    Box drawing =
        view.narrow() ? Layout.column(22, panels, above) : Layout.row(BETWEEN, panels, above);
    Search search = size.search();
    Box all =
        search == null ? drawing : Layout.column(24, new SearchTable(search, room, pick), drawing);
    Scene scene = Scene.of(view.width(), MARGIN, all);
    scene.add(input.around("window", Role.KERNEL, h.start(i), w.start(j), h.span(), w.span()));
    scene.add(output.around("target", Role.OUTPUT, i, j, 1, 1));
    return scene;
  }

  /** The padded input from above; what no window reads is left pale. */
  private Grid input(double cell) {
    int rows = h.padded() + h.overhang();
    int columns = w.padded() + w.overhang();
    Grid grid =
        new Grid("in", Role.INPUT, rows, columns, cell, new float[rows * columns])
            .origin(-h.before(), -w.before())
            .title("input", h.in() + " × " + w.in())
            .part("x", "input, " + h.in() + " × " + w.in());
    for (int r = -h.before(); r < rows - h.before(); r++) {
      for (int c = -w.before(); c < columns - w.before(); c++) {
        boolean inside = r >= 0 && c >= 0 && r < h.in() && c < w.in();
        boolean read = h.read(r) && w.read(c);
        boolean beyond = r >= h.end() || c >= w.end();
        String name =
            beyond
                ? "beyond the edge"
                : (inside ? "row " + r + ", column " + c : "padding")
                    + (read ? "" : ", never read");
        boolean tap = h.reads(i, r) && w.reads(j, c);
        grid.label(r, c, "", name).level(r, c, !inside || !read ? 0 : tap ? 6 : 2);
        if (!inside) {
          grid.mark(r, c, beyond ? "padding beyond" : "padding");
        }
        if (!read) {
          grid.mark(r, c, "dropped");
        }
        if (tap) {
          grid.mark(r, c, "tap");
        }
      }
    }
    if (pick != null && pick.grid().equals("in")) {
      grid.mark(pick.row(), pick.column(), "picked");
    }
    return grid;
  }

  private Grid output(double cell) {
    Grid grid =
        new Grid("out", Role.OUTPUT, h.out(), w.out(), cell, new float[h.out() * w.out()])
            .title("output", size.out().toString())
            .part("y", "output, " + size.out().toString());
    for (int r = 0; r < h.out(); r++) {
      for (int c = 0; c < w.out(); c++) {
        boolean done = pick != null || r * w.out() + c <= view.step();
        grid.label(r, c, "", "y[" + r + ", " + c + "]").level(r, c, done ? 3 : 0);
        if (pick != null
            && pick.grid().equals("in")
            && h.reads(r, pick.row())
            && w.reads(c, pick.column())) {
          grid.mark(r, c, "linked");
        }
      }
    }
    return grid.mark(i, j, "target");
  }

  // ---- words

  private Prose caption() {
    Prose prose = new Prose();
    Search search = size.search();
    String tried = search == null ? null : SearchTable.said(search, pick);
    if (tried != null) {
      return prose.say(Role.OUTPUT, tried);
    }
    if (pick != null && (pick.grid().equals("h") || pick.grid().equals("w"))) {
      boolean height = pick.grid().equals("h");
      return place(prose, height ? h : w, pick.column(), height ? "row" : "column");
    }
    if (pick != null && pick.grid().equals("in")) {
      return cell(prose, pick);
    }
    prose
        .say("The ")
        .say(Role.KERNEL, "window")
        .say(" of ")
        .say(Role.OUTPUT, "y[" + i + ", " + j + "]")
        .say(" starts at row ")
        .say(i + "·" + h.stride() + " − " + h.before() + " = " + Notes.number(h.start(i)))
        .say(" and reads ")
        .say(Role.INPUT, Notes.reads(h, i, "row") + " and " + Notes.reads(w, j, "column"))
        .say(". ");
    return prose.say(search == null ? Findings.sizes(size) : SearchWords.answer(search) + ".");
  }

  private Prose place(Prose prose, Axis axis, int place, String unit) {
    boolean inside = place >= 0 && place < axis.in();
    if (place < -axis.before() || place >= axis.end()) {
      return prose.say("There is nothing here: the padded input ends before.");
    }
    prose
        .say(inside ? "Input " : "The padding ")
        .say(inside ? Role.INPUT : Role.PADDING, unit + " " + Notes.number(place))
        .say(" is read by ")
        .say(Role.KERNEL, Notes.readers(axis, place));
    if (axis.read(place)) {
      return prose.say(" of " + axis.out() + ".");
    }
    return prose.say(
        place >= axis.reach()
            ? ": the next window would start at "
                + Notes.number(axis.start(axis.out()))
                + " and reach "
                + Notes.number(axis.start(axis.out()) + axis.span() - 1)
                + ", past the end at "
                + (axis.end() - 1)
                + "."
            : ": the taps of all windows step over it.");
  }

  private Prose cell(Prose prose, Cell cell) {
    boolean inside = cell.within("in", h.in(), w.in());
    int readers = h.readers(cell.row()) * w.readers(cell.column());
    prose
        .say(inside ? "The cell at " : "The padding cell at ")
        .say(
            inside ? Role.INPUT : Role.PADDING,
            "row " + Notes.number(cell.row()) + ", column " + Notes.number(cell.column()))
        .say(" is read by ");
    return prose
        .say(Role.OUTPUT, readers + " of the " + h.out() * w.out() + " outputs")
        .say(
            ": "
                + Notes.readers(h, cell.row())
                + " along the height, "
                + Notes.readers(w, cell.column())
                + " along the width.");
  }

  private String twin() {
    Twin twin = new Twin().say(caption().plain()).say(Findings.alt(size));
    Findings.addTo(twin, size);
    Notes.windows(twin, "Windows along the height", h, "row");
    Notes.windows(twin, "Windows along the width", w, "column");
    return twin.toString();
  }
}
