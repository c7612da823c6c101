package convscope.topic.chapter2;

import convscope.num.Num;
import convscope.op.Window;
import convscope.scene.Box;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Line;
import convscope.scene.Panel;
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Text;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.ImageInput;
import convscope.topic.Sliding;
import convscope.topic.View;
import org.jspecify.annotations.Nullable;

/**
 * Draws a {@link Strided}: the input with every window's start, its output, and that at stride 1.
 */
final class StrideFigure {
  private final Strided run;
  private final View view;
  private final @Nullable Cell skipped; // a picked output that the stride never computes
  private final Axis h;
  private final Axis w;
  private final Sliding at;

  StrideFigure(Strided run, View view) {
    this.run = run;
    this.view = view;
    h = run.h();
    w = run.w();
    Cell one = view.cell("one", run.one().dim(2), run.one().dim(3));
    Cell kept = one != null && run.keeps(one.row(), one.column()) ? one : null;
    skipped = kept == null ? one : null;
    int down = run.spec().strideH();
    int across = run.spec().strideW();
    String pick =
        kept == null ? view.pick() : "out/" + kept.row() / down + "," + kept.column() / across;
    ImageInput shown = run.counts() ? run.input().with(run.readings()) : run.input();
    at = new Sliding(shown, run.spec(), new View(view.step(), pick, view.stage()), "one");
  }

  Figure figure() {
    return Figure.of(scene(), Derivation.both(h, w), caption());
  }

  // ---- the drawing

  private Scene scene() {
    Box board = new Board(input());
    Panel kernel = at.kernel("kernel w", run.kernel());
    Panel y = at.output("out", Role.OUTPUT, "output y", run.y());
    Panel one = one();
    return at.scene(
        Layout.row(30, board, Layout.stack(12, Layout.row(26, kernel, y), one)),
        Layout.row(22, board, Layout.stack(8, kernel, y), one),
        Layout.column(8, board, Layout.row(14, one, Layout.stack(6, kernel, y))),
        Layout.column(8, Layout.row(10, board, kernel), Layout.row(10, one, y)));
  }

  /** The padded input: its values, or how often each is read; what no window reads is pale. */
  private Grid input() {
    String title = run.counts() ? "times read" : "input x";
    Grid grid = (Grid) at.input(title).title(title, run.input().size());
    int top = -h.window().padBefore();
    int left = -w.window().padBefore();
    int high = h.end() - top;
    int wide = w.end() - left;
    for (int n = 0; n < high * wide; n++) {
      int r = top + n / wide;
      int c = left + n % wide;
      int reads = run.reads(r, c);
      grid.mark(r, c, reads == 0 ? "dropped" : "");
      if (run.counts() && !(h.inside(r) && w.inside(c))) {
        grid.label(r, c, String.valueOf(reads), String.valueOf(reads));
      }
    }
    if (h.dropped() > 0) {
      grid.outline("dropped/h", Role.PADDING, "band", h.reach(), left, h.dropped(), wide);
    }
    if (w.dropped() > 0) {
      grid.outline("dropped/w", Role.PADDING, "band", top, w.reach(), high, w.dropped());
    }
    int row = run.wrong().vertical().start(at.i);
    int column = run.wrong().horizontal().start(at.j);
    if (run.mistake() && row < h.end() && column < w.end()) { // as far as it is on the input
      int rows = Math.min(h.window().span(), h.end() - row);
      int columns = Math.min(w.window().span(), w.end() - column);
      grid.outline("mistake", Role.GRADIENT, "dashed", row, column, rows, columns);
    }
    return grid;
  }

  /** The input, with the number of each window beside it and below it where it starts. */
  private final class Board implements Box {
    private static final double RULER = 20;

    private final Grid grid;

    Board(Grid grid) {
      this.grid = grid;
    }

    @Override
    public double width() {
      return RULER + grid.width();
    }

    @Override
    public double height() {
      return RULER + grid.height();
    }

    @Override
    public void place(Scene scene, double x, double y) {
      grid.place(scene, x + RULER, y);
      ruler(scene, h, at.i, x + RULER / 2);
      ruler(scene, w, at.j, grid.top(h.end()) + RULER / 2);
    }

    /** Each window's number where it starts, as far as there is room, and a line to the next. */
    private void ruler(Scene scene, Axis axis, int current, double beside) {
      boolean down = axis.height();
      double hop = axis.window().stride() * grid.cellSize();
      int every = Window.ceilDiv(down ? 14 : 17, Math.max(1, (int) hop));
      for (int n = 0; n < axis.out(); n++) {
        int start = axis.window().start(n);
        double along = (down ? grid.top(start) : grid.left(start)) + grid.cellSize() / 2;
        double size = n == current ? 15 : 12;
        if (n == current || (n % every == 0 && Math.abs(n - current) >= every)) {
          Text number = new Text(String.valueOf(n), size, Role.OUTPUT).anchor("middle");
          double base = (down ? along : beside) + size * 0.35;
          scene.add(number.at(down ? beside : along, base));
        }
        if (n + 1 < axis.out() && hop > 20) {
          String key = "hop/" + axis.name() + "/" + n;
          String css = n == current ? "" : "thin";
          double from = along + 9;
          double to = along + hop - 9;
          scene.add(
              down
                  ? new Line(key, Role.KERNEL, css, beside, from, beside, to)
                  : new Line(key, Role.KERNEL, css, from, beside, to, beside));
        }
      }
    }
  }

  /** The output at stride 1: what the stride keeps in colour, the rest pale. */
  private Panel one() {
    int columns = run.one().dim(3);
    String size = Num.size(run.one().dim(2), columns);
    Grid grid = (Grid) at.inputMap("one", Role.OUTPUT, "", run.one());
    grid.title("at stride 1", size).part("y", "output at stride 1, " + size).picked(view.pick());
    for (int n = 0; n < run.one().size(); n++) {
      boolean kept = run.keeps(n / columns, n % columns);
      grid.mark(n / columns, n % columns, kept ? "" : "dropped");
    }
    int row = at.i * run.spec().strideH();
    return grid.outline("kept", Role.OUTPUT, "", row, at.j * run.spec().strideW(), 1, 1);
  }

  // ---- words

  private Prose caption() {
    Cell pick = Cell.parse(view.pick());
    if (pick != null && pick.grid().equals("in")) {
      return Axis.cell(h, w, pick.row(), pick.column());
    }
    if (skipped != null) {
      return Prose.of(
          "At stride 1 [output this output] would be {}; the stride never computes it.",
          Num.cell(run.one().at(0, 0, skipped.row(), skipped.column())));
    }
    Prose prose =
        Prose.of(
            "The [kernel window] of [output {}] starts at row {}, column {}. ",
            at.name(),
            h.start(at.i),
            w.start(at.j));
    if (run.mistake()) {
      return mistake(prose);
    }
    int unread = run.unread();
    int all = run.input().x().size();
    prose.say(unread == 0 ? "All " + all + " input cells are read." : unread + " of " + all);
    if (unread > 0) {
      prose.add(" input cells {is|are} never read: whatever they hold,", unread == 1);
      prose.say(" the output stays the same.");
    }
    prose.say(dropped(h) + dropped(w) + h.steppedOverPlaces() + w.steppedOverPlaces());
    int down = run.spec().strideH();
    int across = run.spec().strideW();
    return run.difference() != 0 || down * across == 1
        ? prose
        : prose.add(
            " The output is every {}row and {}column of that at stride 1, exactly.",
            nth(down),
            down == across ? "" : nth(across));
  }

  private static String dropped(Axis axis) {
    return axis.dropped() == 0 ? "" : " Dropped by the floor: " + axis.droppedPlaces() + ".";
  }

  private static String nth(int n) {
    return n == 1 ? "" : n + (n == 2 ? "nd " : n == 3 ? "rd " : "th ");
  }

  private Prose mistake(Prose prose) {
    Window rows = run.wrong().vertical();
    Window columns = run.wrong().horizontal();
    int row = rows.start(at.i);
    int column = columns.start(at.j);
    if (row == h.window().start(at.i) && column == w.window().start(at.j)) {
      return prose.add(
          rows.equals(h.window()) && columns.equals(w.window())
              ? "Here the stride is the kernel’s size: the mistake is right by luck, everywhere."
              : "Hopping by the kernel’s size starts at the same place: at the first window the"
                  + " mistake is right by luck.");
    }
    boolean fits = row + rows.span() <= h.end() && column + columns.span() <= w.end();
    return prose.add(
        "Hopping by the kernel’s size would start it at [gradient {}]{}. It promises {} outputs;"
            + " there are {}.",
        Num.place(row, column),
        fits ? "" : ", where it does not fit",
        run.out(run.wrong()),
        run.out(run.spec()));
  }
}
