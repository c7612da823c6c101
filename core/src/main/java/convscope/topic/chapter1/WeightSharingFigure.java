package convscope.topic.chapter1;

import convscope.num.Num;
import convscope.scene.Box;
import convscope.scene.Equation;
import convscope.scene.Grid;
import convscope.scene.Handle;
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

/** Draws {@link SharedWeights}: the sliding window, and the matrix that does the same. */
final class WeightSharingFigure {
  private final SharedWeights shared;
  private final Sliding at;
  private final String pick;
  private final boolean narrow;
  private final int inputs;
  private final int columns; // of the kernel
  private final int p; // the output, and the row of the matrix, that is shown
  private final int q; // the input cell pointed at, or −1
  private final int tap; // the tap pointed at, or −1

  WeightSharingFigure(SharedWeights shared, View view) {
    this.shared = shared;
    pick = view.pick();
    narrow = view.narrow();
    inputs = shared.inputs();
    columns = shared.spec().kernelWidth();
    int width = shared.input().width();
    int entry = Cell.index(pick, "t", shared.outputs(), inputs);
    int output =
        Math.max(
            Cell.index(pick, "y", shared.outputs(), 1),
            Cell.index(pick, "out", shared.output().dim(2), shared.output().dim(3)));
    p = entry >= 0 ? entry / inputs : output >= 0 ? output : view.step();
    q =
        entry >= 0
            ? entry % inputs
            : Math.max(
                Cell.index(pick, "x", 1, inputs),
                Cell.index(pick, "in", shared.input().height(), width));
    tap =
        entry >= 0
            ? shared.ties()[entry]
            : Cell.index(pick, "k", shared.spec().kernelHeight(), columns);
    String cell = tap >= 0 ? Cell.key("k", tap, columns) : q >= 0 ? Cell.key("in", q, width) : "";
    at =
        new Sliding(shared.input(), shared.spec(), new View(p, cell, view.stage()))
            .reached(Math.max(p, view.step()));
  }

  Figure figure() {
    return Figure.of(scene(), equation(), caption());
  }

  // ---- the drawing

  private Scene scene() {
    Panel x = at.input("input x", "size", "padding");
    Grid w = at.kernel("kernel w", shared.kernel());
    w.resizes("kernel", shared.kernel().dim(2), columns);
    for (int n = 0; n < shared.kernel().size(); n++) {
      tie(w, n / columns, n % columns, n, shared.kernel().data()[n]);
    }
    String size = Num.size(shared.output().dim(2), shared.output().dim(3));
    Panel y =
        at.output("out", Role.OUTPUT, "output y", shared.product()).part("y", "output y, " + size);
    if (narrow) {
      x.title("input x", "");
      w.title("kernel w", "");
      y.title("output y", "");
    }
    Grid strip = strip();
    Grid matrix = matrix();
    Grid column = column();
    if (shared.lone() >= 0) {
      int row = shared.lone() / inputs;
      int width = shared.output().dim(3);
      matrix.outline("lone", Role.GRADIENT, "dashed", row, shared.lone() % inputs, 1, 1);
      y.outline("lone/out", Role.GRADIENT, "dashed", row / width, row % width, 1, 1);
    }
    Box sliding = Layout.row(16, x, Sliding.sign("★"), w, Sliding.sign("="), y);
    Box product = Layout.column(8, strip, matrix);
    Box whole = Layout.bottoms(8, product, column);
    return at.scene(
            Layout.column(18, sliding, whole),
            Layout.row(24, whole, Layout.column(12, x, w, y)),
            Layout.column(
                14, Layout.row(7, x, Sliding.sign("★"), w, Sliding.sign("="), y), product))
        .add(out -> blocks(out, strip, matrix));
  }

  /** Lines between the blocks of the matrix: a block a pair of an output row and an input row. */
  private void blocks(Markup out, Grid strip, Grid matrix) {
    Lines lines = new Lines("blocks", "line");
    for (int c = shared.input().width(); c < inputs; c += shared.input().width()) {
      lines.add(matrix.left(c), matrix.top(0), matrix.left(c), matrix.top(shared.outputs()));
      lines.add(strip.left(c), strip.top(0), strip.left(c), strip.top(1));
    }
    for (int r = shared.output().dim(3); r < shared.outputs(); r += shared.output().dim(3)) {
      lines.add(matrix.left(0), matrix.top(r), matrix.left(inputs), matrix.top(r));
    }
    lines.write(out);
  }

  /** The input as a column lying down. */
  private Grid strip() {
    Grid strip =
        new Grid("x", Role.INPUT, 1, inputs, at.cells(), shared.input().x().data())
            .title("x", "row after row")
            .part("x", "x as a column");
    for (int n = 0; n < inputs; n++) {
      strip.from(0, n, Cell.key("in", n, shared.input().width()));
      if (shared.tap(p, n) >= 0) {
        strip.mark(0, n, "tap");
      }
      if (n == q || tap >= 0 && shared.tap(p, n) == tap) {
        strip.mark(0, n, "linked");
      }
    }
    return strip;
  }

  private Grid matrix() {
    String size = Num.size(shared.outputs(), inputs);
    Grid matrix =
        new Grid("t", Role.KERNEL, shared.outputs(), inputs, at.cells(), shared.matrix().data())
            .title("T(w)", size)
            .part("T", "matrix T of w, " + size)
            .editable()
            .outline("row", Role.KERNEL, "", p, 0, 1, inputs);
    matrix.drags(Handle.Stops.all(shared.outputs()), Handle.Stops.all(1), p, 0, 1, inputs);
    for (int n = 0; n < shared.ties().length; n++) {
      int tie = shared.ties()[n];
      if (tie < 0) {
        matrix.mark(n / inputs, n % inputs, "padding");
        continue;
      }
      tie(matrix, n / inputs, n % inputs, tie, shared.matrix().data()[n]);
      if (n == p * inputs + q) {
        matrix.mark(n / inputs, n % inputs, "picked");
      } else if (tie == tap || tap < 0 && n % inputs == q) {
        matrix.mark(n / inputs, n % inputs, "linked");
      }
    }
    return matrix;
  }

  /** The tap's shade, the paler the later it comes, and its name where names are shown. */
  private void tie(Grid grid, int row, int column, int n, float value) {
    grid.level(row, column, 10 - 8 * n / Math.max(1, shared.kernel().size() - 1));
    if (shared.names()) {
      String name = String.valueOf((char) ('a' + n)); // a, b, c, …
      grid.label(row, column, name, name + " = " + Num.cell(value));
    }
  }

  /** The output as a column beside the matrix. */
  private Grid column() {
    Grid column =
        new Grid("y", Role.OUTPUT, shared.outputs(), 1, at.cells(), shared.product().data())
            .title("y", "")
            .part("y", "y as a column")
            .steps()
            .mark(p, 0, "target")
            .outline("target/y", Role.OUTPUT, "", p, 0, 1, 1);
    for (int n = 0; n < shared.outputs(); n++) {
      column.from(n, 0, Cell.key("out", n, shared.output().dim(3)));
      if (n > at.last()) {
        column.blank(n, 0);
      }
      if (q >= 0 && tap < 0 && shared.tap(n, q) >= 0) {
        column.mark(n, 0, "linked");
      }
    }
    return column;
  }

  // ---- words

  private Equation equation() {
    Equation sum = Equation.sum("[output {}]", at.name());
    for (int n = 0; n < inputs; n++) {
      int tie = shared.tap(p, n);
      if (tie >= 0) {
        double weight = shared.matrix().data()[p * inputs + n];
        boolean linked = n == q || tie == tap;
        sum.term(weight, shared.input().x().data()[n], Cell.key("k", tie, columns), linked);
      }
    }
    int in = shared.inChannels();
    int out = shared.outChannels();
    int high = shared.output().dim(2);
    int wide = shared.output().dim(3);
    int height = shared.input().height();
    int width = shared.input().width();
    return sum.total(shared.product().data()[p])
        .line()
        .together(
            "dense layer: [input {}·{}·{}] × [output {}·{}·{}]", in, height, width, out, high, wide)
        .say(" ")
        .together("= {} weights;", SharedWeights.denseWeights(in, height, width, out, high, wide))
        .say(" ")
        .together(
            "convolution: [output {}]·[input {}]·[kernel {}·{}] = {}",
            out,
            in,
            shared.spec().kernelHeight(),
            columns,
            (long) in * out * shared.kernel().size());
  }

  private String output(int n) {
    return Num.at("y", n / shared.output().dim(3), n % shared.output().dim(3));
  }

  private Prose caption() {
    String cell = Num.at("x", q / shared.input().width(), q % shared.input().width());
    if (q >= 0 && tap < 0 && pick.startsWith("t/")) {
      return Prose.of(
          "This entry is zero for every kernel: [output {}] does not read [input {}].",
          at.name(),
          cell);
    }
    if (tap >= 0) {
      int uses = shared.uses(tap);
      return Prose.of(
              "[kernel {} = {}] stands in {entry of T|entries of T}",
              Num.at("w", tap / columns, tap % columns),
              shared.kernel().data()[tap],
              uses)
          .add(
              uses == 1
                  ? "."
                  : ", once for each window that has it over the input. Edit one, and all change.");
    }
    if (q >= 0) {
      int readers = shared.readers(q);
      return Prose.of(
          "[input {}] multiplies column {} of T: [output {output reads|outputs read}] it{}.",
          cell,
          q,
          readers,
          readers > 1 ? ", each with another weight" : "");
    }
    if (shared.mistake()) {
      return mistake();
    }
    int mine = shared.weights(p);
    return Prose.of(
        "[kernel Row {} of T] makes [output {}]: {} of its {} entries {is a weight|are weights},"
            + " where the [kernel window] stands; the rest are zero. All rows share"
            + " [kernel:w {weight}]. T x and the sliding window agree {}. ✓",
        p,
        at.name(),
        mine,
        inputs,
        mine == 1,
        shared.kernel().size(),
        Num.agreement(shared.difference()));
  }

  private Prose mistake() {
    if (shared.lone() < 0) {
      return Prose.of("No entry reads anything but zeros, so a change would not show here.");
    }
    int row = shared.lone() / inputs;
    return Prose.of(
        "[gradient One entry of row {} was raised by 1 alone.] Now T is no convolution of any"
            + " kernel: [output {} = {}], where the window gives {}.",
        row,
        output(row),
        shared.product().data()[row],
        shared.output().data()[row]);
  }
}
