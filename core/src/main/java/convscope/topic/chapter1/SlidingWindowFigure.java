package convscope.topic.chapter1;

import convscope.data.Picture;
import convscope.num.Num;
import convscope.op.Window;
import convscope.scene.Box;
import convscope.scene.Equation;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Lines;
import convscope.scene.Markup;
import convscope.scene.Panel;
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.Sliding;
import convscope.topic.View;
import org.jspecify.annotations.Nullable;

/** Draws a {@link SlidingWindow}: as numbers, as an image with a magnifier, or as a dense layer. */
final class SlidingWindowFigure {
  private static final int MOST_CONNECTIONS = 4000; // drawn at once; more would be a slab
  private static final int MOST_NAMES = 4;

  private final SlidingWindow window;
  private final boolean narrow;
  private final Sliding at;
  private final Window rows;
  private final Window columns;
  private final @Nullable Cell pick;

  SlidingWindowFigure(SlidingWindow window, View view) {
    this.window = window;
    narrow = view.narrow();
    at = new Sliding(window.input(), window.spec(), view);
    rows = window.spec().vertical();
    columns = window.spec().horizontal();
    pick = Cell.parse(view.pick());
  }

  Figure figure() {
    Equation equation =
        at.products(window.kernel(), window.bias(), window.output().at(0, 0, at.i, at.j));
    return Figure.of(scene(), equation, caption());
  }

  private Scene scene() {
    Panel x = at.input("input x", "size", "padding");
    Grid k = at.kernel("kernel w", window.kernel());
    k.resizes("kernel", rows.kernel(), columns.kernel());
    Panel y =
        at.output("out", Role.OUTPUT, "output y", window.output())
            .part("y", "output y, " + Num.size(window.output().dim(2), window.output().dim(3)));
    if (window.unstrided() != null) {
      int row = rows.stride(1).start(at.i);
      int column = columns.stride(1).start(at.j);
      x.outline("mistake", Role.GRADIENT, "dashed", row, column, rows.span(), columns.span());
    }
    if (window.dense()) {
      if (narrow) {
        k.title("kernel w", "");
        y.title("output y", "");
      }
      return at.scene(Layout.row(narrow ? 48 : 110, x, Layout.column(18, y, k)))
          .addBelow(out -> connections(out, x, y, false))
          .addAbove(out -> connections(out, x, y, true));
    }
    Grid lens = at.lens();
    Box kernel = Layout.column(10, lens, Sliding.sign("★"), k);
    Scene scene =
        at.picture()
            ? at.scene(
                Layout.row(26, x, kernel, y),
                Layout.column(14, Layout.row(16, x, y), Layout.row(16, lens, Sliding.sign("★"), k)))
            : at.scene(
                Layout.row(16, x, Sliding.sign("★"), k, Sliding.sign("="), y),
                Layout.row(30, x, Layout.column(14, k, y)),
                Layout.column(14, x, Layout.row(16, k, Sliding.sign("="), y)));
    if (!narrow) {
      scene.addBelow(at.link(x, at.picture() ? lens : k, rows.kernel(), columns.kernel()));
      scene.addBelow(at.linkToOutput(k, rows.kernel(), columns.kernel(), y));
    }
    return scene;
  }

  /**
   * What a dense layer has: a line from every cell of the input to every output. Those into the
   * output whose window is shown lie above the cells, so that each can be followed from cell to
   * cell, the others beneath them.
   */
  private void connections(Markup out, Panel x, Panel y, boolean current) {
    String key = current ? "dense/current" : "dense/other";
    String css = current ? "connection current" : "connection";
    Lines local = new Lines(key, css + " kernel");
    Lines absent = new Lines(key + "/absent", css);
    int width = window.input().width();
    for (int to = 0; to < window.output().size(); to++) {
      int i = to / window.output().dim(3);
      int j = to % window.output().dim(3);
      boolean shown = current ? to == at.n : to != at.n && drawsAll();
      for (int from = 0; shown && from < window.input().x().size(); from++) {
        int row = from / width;
        int column = from % width;
        Lines lines = at.reads(i, j, row, column) ? local : absent;
        lines.add(x.left(column + 0.85), x.top(row + 0.5), y.left(j), y.top(i + 0.5));
      }
    }
    absent.write(out);
    local.write(out);
  }

  private boolean drawsAll() {
    return window.denseWeights() <= MOST_CONNECTIONS;
  }

  // ---- words

  private Prose caption() {
    if (pick != null && pick.grid().equals("in") && !at.picture()) {
      return inputCaption(pick);
    }
    if (pick != null && pick.within("k", rows.kernel(), columns.kernel())) {
      return kernelCaption(pick);
    }
    Prose prose =
        Prose.of(
            "The [kernel:w {} window] reads {} and {} of the [input input] and gives [output {} = {}]."
                + " ",
            Num.size(rows.kernel(), columns.kernel()),
            span("row", rows.start(at.i), rows),
            span("column", columns.start(at.j), columns),
            at.name(),
            window.output().at(0, 0, at.i, at.j));
    Picture picture = window.input().picture();
    if (window.unstrided() != null) {
      int row = rows.stride(1).start(at.i);
      int column = columns.stride(1).start(at.j);
      return row == rows.start(at.i) && column == columns.start(at.j)
          ? prose.add(
              "Without the stride the window would start at the same place here: the mistake hides"
                  + " until i or j grows.")
          : prose.add(
              "Without the stride the dashed window would start at row {}, column {} and give {}.",
              row,
              column,
              window.withoutStride(at.i, at.j));
    }
    if (picture != null) {
      return picture.origin().isEmpty()
          ? prose.add("Point at the image to move the window.")
          : prose.add("Your image was {}.", picture.origin());
    }
    if (!window.dense()) {
      return prose.add(
          "Nothing outside the window can change it; windows start [neutral:S {cell}] apart.",
          rows.stride());
    }
    return prose.add(
        "A dense layer would have {} weights, {} into each of {} outputs; here {} connections remain,"
            + " and they share {}.{}",
        window.denseWeights(),
        window.input().x().size(),
        window.output().size(),
        window.connections(),
        Prose.of("{weight}", window.kernel().size()).plain(),
        drawsAll() ? "" : " Only the lines into this output are drawn.");
  }

  private Prose inputCaption(Cell cell) {
    int readers = 0;
    StringBuilder names = new StringBuilder();
    for (int n = 0; n < window.output().size(); n++) {
      int i = n / window.output().dim(3);
      int j = n % window.output().dim(3);
      if (at.reads(i, j, cell.row(), cell.column())) {
        names.append(readers > MOST_NAMES ? "" : readers == 0 ? "" : ", ");
        names.append(readers < MOST_NAMES ? Num.at("y", i, j) : readers == MOST_NAMES ? "…" : "");
        readers++;
      }
    }
    boolean inside = cell.within("in", window.input().height(), window.input().width());
    Prose prose =
        Prose.of(
            inside ? "[input {} = {}]" : "The padding cell [padding {} = {}]",
            Num.at("x", cell.row(), cell.column()),
            at.read(cell.row(), cell.column()));
    return readers == 0
        ? prose.add(" is read by no output: no window covers it.")
        : prose.add(
            " is read by [output {} of the {output}] ({}); it can change only {this one|these}.",
            readers,
            window.output().size(),
            names.toString(),
            readers == 1);
  }

  private Prose kernelCaption(Cell tap) {
    int n = tap.row() * columns.kernel() + tap.column();
    float weight = window.kernel().data()[n];
    float read = at.read(at.tapRow(n), at.tapColumn(n));
    return Prose.of(
        "[kernel {} = {}] multiplies [input {} = {}] here and adds {} to [output {}]. The same weight"
            + " serves {}.",
        Num.at("w", tap.row(), tap.column()),
        weight,
        Num.at("x", at.tapRow(n), at.tapColumn(n)),
        read,
        (double) weight * read,
        at.name(),
        window.output().size() == 1
            ? "this one window"
            : Prose.of("all {window}", window.output().size()).plain());
  }

  /** The places that a window reads: {@code rows −1 to 3 (every 2nd)}. */
  private static String span(String axis, int from, Window window) {
    String every =
        window.dilation() == 1 ? "" : window.dilation() == 2 ? " (every 2nd)" : " (every 3rd)";
    return (window.kernel() == 1
            ? Prose.of(axis + " {}", from)
            : Prose.of(axis + "s {} to {}{}", from, from + window.span() - 1, every))
        .plain();
  }
}
