package convscope.topic.chapter2;

import convscope.num.Num;
import convscope.scene.Box;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Line;
import convscope.scene.Paragraph;
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Text;
import convscope.scene.Title;
import convscope.scene.Twin;
import convscope.scene.Window;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.View;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Draws a {@link Strided}: the input with every window's start, its output, and that at stride 1.
 */
final class StrideFigure {
  private static final double MARGIN = 14;
  private static final double BETWEEN = 20;
  private static final double KERNEL_TITLE = Title.width("kernel w", "5 × 5");
  private static final double OUTPUT_TITLE = Title.width("output y", "12 × 12");
  private static final double RULER = 20; // the numbers of the windows beside the input

  private final Strided run;
  private final View view;
  private final @Nullable Cell pick;
  private final Axis h;
  private final Axis w;
  private final int i; // output row and column whose window is shown
  private final int j;

  StrideFigure(Strided run, View view) {
    this.run = run;
    this.view = view;
    h = run.h();
    w = run.w();
    Cell at = Cell.parse(view.pick());
    pick = at;
    int row = view.step() / w.out();
    int column = view.step() % w.out();
    if (at != null && at.within("out", h.out(), w.out())) {
      row = at.row();
      column = at.column();
    } else if (at != null && kept(at)) {
      row = at.row() / h.stride();
      column = at.column() / w.stride();
    }
    i = row;
    j = column;
  }

  /** Whether a cell of the stride-1 output is one of the strided output's. */
  private boolean kept(Cell cell) {
    return cell.within("one", run.one().dim(2), run.one().dim(3))
        && cell.row() % h.stride() == 0
        && cell.column() % w.stride() == 0;
  }

  Figure figure() {
    return new Figure(
        scene(), alt(), Derivation.brief(h, w), caption().html(), twin(caption().plain()));
  }

  private Scene scene() {
    double room = view.width() - 2 * MARGIN;
    double side = view.narrow() ? room : 300;
    double main = view.narrow() ? room : room - side - 40;
    Board board =
        new Board(Math.min(44, (main - RULER) / Math.max(w.padded(), view.narrow() ? 1 : 9)));
    int taps = run.kernel().dim(3);
    double cell = 34;
    while (Math.max(taps * cell, KERNEL_TITLE) + Math.max(w.out() * cell, OUTPUT_TITLE)
        > side - BETWEEN) {
      cell -= 0.5;
    }
    Grid kernel =
        new Grid("k", Role.KERNEL, run.kernel().dim(2), taps, cell, run.kernel().data())
            .title("kernel w", run.values().pair("kernel").toString())
            .part("w", "kernel w");
    Grid output = output(cell);
    Grid one = one(Math.min(30, side / run.one().dim(3)));
    Paragraph check = new Paragraph(comparison(), side, 13, Role.OUTPUT);
    Box outputs =
        Layout.column(16, Layout.row(BETWEEN, kernel, output), Layout.column(8, one, check));
    Scene scene =
        Scene.of(
            view.width(),
            MARGIN,
            view.narrow() ? Layout.column(18, board, outputs) : Layout.row(40, board, outputs));
    scene.add(output.around("target", Role.OUTPUT, i, j, 1, 1));
    scene.add(one.around("kept", Role.OUTPUT, i * h.stride(), j * w.stride(), 1, 1));
    return scene;
  }

  private String comparison() {
    return (h.stride() == w.stride()
            ? "Every " + nth(h.stride()) + "row and column"
            : "Every " + nth(h.stride()) + "row and " + nth(w.stride()) + "column")
        + " of it is y: largest difference "
        + Num.decimal(run.difference(), 6)
        + (run.difference() == 0 ? "\u00a0✓" : "\u00a0✗");
  }

  private static String nth(int n) {
    return n == 1 ? "" : n + (n == 2 ? "nd " : n == 3 ? "rd " : "th ");
  }

  /** The padded input, with the number of each window where it starts. */
  private final class Board implements Box {
    private final double cell;
    private final double width;
    private final List<Paragraph> notes = new ArrayList<>();

    Board(double cell) {
      this.cell = cell;
      this.width = Math.max(RULER + w.padded() * cell, 306); // room for the notes
      note("Numbers at the edges: where windows start");
      for (String note : Notes.of(h, "row")) {
        note(note);
      }
      for (String note : Notes.of(w, "column")) {
        note(note);
      }
    }

    private void note(String text) {
      notes.add(new Paragraph(text, width - RULER, 12, Role.NEUTRAL));
    }

    @Override
    public double width() {
      return width;
    }

    @Override
    public double height() {
      double height = Title.HEIGHT + RULER + h.padded() * cell + 6;
      for (Paragraph note : notes) {
        height += note.height();
      }
      return height;
    }

    @Override
    public void place(Scene scene, double left, double y) {
      double top = y + Title.HEIGHT;
      scene.add(
          Title.above("input x", run.in() + padding(), Role.INPUT, "x", left + RULER, top + 2));
      Grid input = input(cell);
      input.place(scene, left + RULER, top + RULER);
      for (int n = 0; n < h.out(); n++) {
        number(scene, n, i, left + 7, input.top(h.start(n)) + cell / 2 + 4);
        if (n > 0) {
          hop(scene, "hop/h/" + n, n == i, left + 7, input.top(h.start(n - 1)), h.stride(), true);
        }
      }
      for (int n = 0; n < w.out(); n++) {
        number(scene, n, j, input.left(w.start(n)) + cell / 2, top + 13);
        if (n > 0) {
          hop(scene, "hop/w/" + n, n == j, top + 9, input.left(w.start(n - 1)), w.stride(), false);
        }
      }
      shade(scene, input);
      if (run.values().flag("mistake")) {
        mistake(scene, input);
      }
      scene.add(input.around("window", Role.KERNEL, h.start(i), w.start(j), h.span(), w.span()));
      double at = input.top(h.end()) + 6;
      for (Paragraph note : notes) {
        note.place(scene, left + RULER, at);
        at += note.height();
      }
    }

    private void number(Scene scene, int n, int current, double x, double y) {
      scene.add(
          new Text(String.valueOf(n), n == current ? 15 : 12, Role.OUTPUT)
              .anchor("middle")
              .at(x, y));
    }

    /** A line from one window's number to the next. */
    private void hop(
        Scene scene,
        String key,
        boolean current,
        double across,
        double from,
        int stride,
        boolean down) {
      double start = from + cell / 2 + 9;
      double end = start + stride * cell - 18;
      if (end <= start + 2) {
        return;
      }
      String css = current ? "" : "thin";
      scene.add(
          down
              ? new Line(key, Role.KERNEL, css, across, start, across, end)
              : new Line(key, Role.KERNEL, css, start, across, end, across));
    }

    /** What the floor drops. */
    private void shade(Scene scene, Grid input) {
      double left = input.left(-w.before());
      double top = input.top(-h.before());
      double wide = w.padded() * cell;
      double high = h.padded() * cell;
      if (h.dropped() > 0) {
        double y = input.top(h.reach());
        scene.add(new Window("dropped/h", Role.PADDING, "band", left, y, wide, h.dropped() * cell));
      }
      if (w.dropped() > 0) {
        double x = input.left(w.reach());
        scene.add(new Window("dropped/w", Role.PADDING, "band", x, top, w.dropped() * cell, high));
      }
    }

    /** The window that hopped by its own size, as far as it is on the input. */
    private void mistake(Scene scene, Grid input) {
      int row = run.wrongStart(h, i);
      int column = run.wrongStart(w, j);
      int high = Math.min(h.span(), h.end() - row);
      int wide = Math.min(w.span(), w.end() - column);
      if (high > 0 && wide > 0) {
        scene.add(
            new Window(
                "mistake",
                Role.GRADIENT,
                "dashed",
                input.left(column) + 2,
                input.top(row) + 2,
                wide * cell - 4,
                high * cell - 4));
      }
    }
  }

  private String padding() {
    return h.before() == 0 ? "" : ", padding " + h.before();
  }

  private Grid input(double cell) {
    boolean counts = run.values().choice("cells").equals("reads");
    float[] values = new float[h.padded() * w.padded()];
    float most = 0;
    for (int n = 0; n < values.length; n++) {
      int r = n / w.padded() - h.before();
      int c = n % w.padded() - w.before();
      boolean inside = r >= 0 && c >= 0 && r < h.in() && c < w.in();
      values[n] = counts ? run.reads(r, c) : inside ? run.x().data()[r * w.in() + c] : 0;
      most = Math.max(most, values[n]);
    }
    Grid grid =
        new Grid("in", Role.INPUT, h.padded(), w.padded(), cell, values)
            .origin(-h.before(), -w.before())
            .part("x", "input x, " + run.in() + (counts ? ", how often each cell is read" : ""))
            .scaledTo(Math.max(1, most));
    for (int r = -h.before(); r < h.end(); r++) {
      for (int c = -w.before(); c < w.end(); c++) {
        if (r < 0 || c < 0 || r >= h.in() || c >= w.in()) {
          grid.mark(r, c, "padding");
        }
        if (run.reads(r, c) == 0) {
          grid.mark(r, c, "dropped");
        }
        if (h.reads(i, r) && w.reads(j, c)) {
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
        new Grid("out", Role.OUTPUT, h.out(), w.out(), cell, run.y().data())
            .title("output y", run.out().toString())
            .part("y", "output y, " + run.out());
    for (int r = 0; r < h.out(); r++) {
      for (int c = 0; c < w.out(); c++) {
        if (pick == null && r * w.out() + c > view.step()) {
          grid.blank(r, c);
        }
        if (reads(r, c)) {
          grid.mark(r, c, "linked");
        }
      }
    }
    return grid.mark(i, j, "target");
  }

  private boolean reads(int r, int c) {
    return pick != null
        && pick.grid().equals("in")
        && h.reads(r, pick.row())
        && w.reads(c, pick.column());
  }

  /** The output at stride 1: what the stride keeps in colour, the rest pale. */
  private Grid one(double cell) {
    int rows = run.one().dim(2);
    int columns = run.one().dim(3);
    Grid grid =
        new Grid("one", Role.OUTPUT, rows, columns, cell, run.one().data())
            .title("output at stride 1", run.outOne().toString())
            .part("y", "output at stride 1, " + run.outOne());
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        if (r % h.stride() != 0 || c % w.stride() != 0) {
          grid.mark(r, c, "dropped");
        }
      }
    }
    if (pick != null && pick.grid().equals("one")) {
      grid.mark(pick.row(), pick.column(), "picked");
    }
    return grid;
  }

  // ---- words

  private Prose caption() {
    Prose prose = new Prose();
    if (pick != null && pick.grid().equals("in")) {
      return inputCaption(prose, pick);
    }
    if (pick != null && pick.within("one", run.one().dim(2), run.one().dim(3)) && !kept(pick)) {
      return prose
          .say("At stride 1 ")
          .say(Role.OUTPUT, "this output")
          .say(
              " would be "
                  + Num.cell(run.one().data()[pick.row() * run.one().dim(3) + pick.column()]))
          .say("; the stride never computes it.");
    }
    prose
        .say("The ")
        .say(Role.KERNEL, "window")
        .say(" of ")
        .say(Role.OUTPUT, "y[" + i + ", " + j + "]")
        .say(" starts at row " + start(h, i) + ", column " + start(w, j) + ". ");
    if (run.values().flag("mistake")) {
      return mistakeCaption(prose);
    }
    return prose.say(finding());
  }

  private static String start(Axis axis, int n) {
    return n
        + "·"
        + axis.stride()
        + (axis.before() > 0 ? " − " + axis.before() : "")
        + " = "
        + Notes.number(axis.start(n));
  }

  private Prose inputCaption(Prose prose, Cell cell) {
    if (cell.row() < -h.before()
        || cell.column() < -w.before()
        || cell.row() >= h.end()
        || cell.column() >= w.end()) {
      return prose.say("There is nothing here: the padded input ends before.");
    }
    boolean inside = cell.within("in", h.in(), w.in());
    prose
        .say(inside ? "The cell at " : "The padding cell at ")
        .say(
            inside ? Role.INPUT : Role.PADDING,
            "row " + Notes.number(cell.row()) + ", column " + Notes.number(cell.column()));
    int reads = run.reads(cell.row(), cell.column());
    if (reads > 0) {
      return prose
          .say(" is read by ")
          .say(Role.OUTPUT, reads + " of the " + h.out() * w.out() + " outputs")
          .say(".");
    }
    boolean row = h.readers(cell.row()) == 0;
    Axis axis = row ? h : w;
    int place = row ? cell.row() : cell.column();
    return prose.say(
        place >= axis.reach()
            ? " is dropped by the floor: the next window would need "
                + (row ? "row " : "column ")
                + Notes.number(axis.start(axis.out()) + axis.span() - 1)
                + ", and the last is "
                + (axis.end() - 1)
                + "."
            : " is stepped over: it lies between the taps of all windows.");
  }

  private Prose mistakeCaption(Prose prose) {
    int row = run.wrongStart(h, i);
    int column = run.wrongStart(w, j);
    if (row == h.start(i) && column == w.start(j)) {
      return prose.say(
          h.span() == h.stride() && w.span() == w.stride()
              ? "Here the stride is the kernel’s size: the mistake is right by luck, everywhere."
              : "Hopping by the kernel’s size starts at the same place: at the first window the mistake is right by luck.");
    }
    return prose
        .say("Hopping by the kernel’s size would start it at ")
        .say(Role.GRADIENT, "row " + Notes.number(row) + ", column " + Notes.number(column))
        .say(
            row + h.span() > h.end() || column + w.span() > w.end()
                ? ", where it does not fit."
                : ".")
        .say(" It promises " + run.wrongOut() + " outputs; there are " + run.out() + ".");
  }

  private String finding() {
    int unread = run.unread();
    int all = h.in() * w.in();
    if (unread > 0) {
      return unread
          + " of "
          + all
          + " input cells "
          + (unread == 1 ? "is" : "are")
          + " never read: whatever they hold, the output stays the same.";
    }
    return "All " + all + " input cells are read.";
  }

  private String alt() {
    StringBuilder notes = new StringBuilder();
    for (String unit : new String[] {"row", "column"}) {
      for (String note : Notes.of(unit.equals("row") ? h : w, unit)) {
        notes.append(' ').append(note).append('.');
      }
    }
    return "Input "
        + run.in()
        + ", kernel "
        + run.values().pair("kernel").toString()
        + ", stride "
        + run.values().pair("stride").toString()
        + padding()
        + ": output "
        + run.out()
        + ", where stride 1 gives "
        + run.outOne()
        + ". "
        + finding()
        + notes;
  }

  private String twin(String caption) {
    Twin twin = new Twin().say(caption).say(alt()).say("At stride 1: " + comparison() + ".");
    Notes.windows(twin, "Windows along the height", h, "row");
    Notes.windows(twin, "Windows along the width", w, "column");
    twin.table("Input x", h.in(), w.in(), run.x().data());
    twin.table("Output y", h.out(), w.out(), run.y().data());
    twin.table("Output at stride 1", run.one().dim(2), run.one().dim(3), run.one().data());
    return twin.toString();
  }
}
