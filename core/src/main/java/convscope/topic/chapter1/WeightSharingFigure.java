package convscope.topic.chapter1;

import static convscope.scene.Formula.op;
import static convscope.scene.Formula.paren;
import static convscope.scene.Formula.row;
import static convscope.scene.Formula.sub;
import static convscope.scene.Formula.sym;
import static convscope.scene.Formula.word;

import convscope.num.Num;
import convscope.scene.Box;
import convscope.scene.Formula;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Line;
import convscope.scene.Markup;
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

/** Draws {@link SharedWeights}: the sliding window above, the matrix that does the same below. */
final class WeightSharingFigure {
  private static final double MARGIN = 14;
  private static final int[] LEVELS = {8, 4, 2}; // of a tap by its column; its hue is its row's

  private final SharedWeights shared;
  private final View view;
  private final int p; // the output, and the row of the matrix, that is shown
  private final int q; // the input cell pointed at, or −1
  private final int tap; // the tap pointed at, or −1

  WeightSharingFigure(SharedWeights shared, View view) {
    this.shared = shared;
    this.view = view;
    Cell at = Cell.parse(view.pick());
    int row = view.step();
    int column = -1;
    int picked = -1;
    if (at != null && at.within("t", shared.outputs(), shared.inputs())) {
      row = at.row();
      column = at.column();
      picked = shared.tap(row, column);
    } else if (at != null && at.within("out", shared.outHeight(), shared.outWidth())) {
      row = at.row() * shared.outWidth() + at.column();
    } else if (at != null && at.within("y", shared.outputs(), 1)) {
      row = at.row();
    } else if (at != null && at.within("in", shared.height(), shared.width())) {
      column = at.row() * shared.width() + at.column();
    } else if (at != null && at.within("x", 1, shared.inputs())) {
      column = at.column();
    } else if (at != null
        && at.within("k", shared.spec().kernelHeight(), shared.spec().kernelWidth())) {
      picked = at.row() * shared.spec().kernelWidth() + at.column();
    }
    p = row;
    q = column;
    tap = picked;
  }

  Figure figure() {
    Prose caption = caption();
    return new Figure(scene(), equation(), caption, twin(caption), List.of());
  }

  // ---- the drawing

  private Scene scene() {
    boolean narrow = view.narrow();
    double cell = cell(narrow);
    double across = narrow ? View.NARROW - 12 : View.WIDE - 2 * MARGIN - 10;
    double columns = shared.inputs() + (narrow ? 0 : 1);
    double entry = Math.min(40, across / columns);
    Grid input = input("in", shared.height(), shared.width(), cell);
    input.title("input x", narrow ? "" : shared.height() + " × " + shared.width()).editable();
    Grid kernel = kernel(cell);
    Grid output = output("out", shared.outHeight(), shared.outWidth(), cell);
    output.title("output y", narrow ? "" : shared.outHeight() + " × " + shared.outWidth());
    Grid strip = input("x", 1, shared.inputs(), entry).title("x", "row after row");
    Grid matrix = matrix(entry);
    Grid column = output("y", shared.outputs(), 1, entry);
    Box row = Layout.row(narrow ? 7 : 24, input, sign("★"), kernel, sign("="), output);
    Box below = new Product(strip, matrix, narrow ? null : column);
    Scene scene = Scene.of(view.width(), MARGIN, Layout.column(narrow ? 18 : 22, row, below));
    blocks(scene, strip, matrix);
    int i = p / shared.outWidth();
    int j = p % shared.outWidth();
    int top = Math.max(0, i * shared.spec().strideH() - shared.spec().padTop());
    int left = Math.max(0, j * shared.spec().strideW() - shared.spec().padLeft());
    int bottom =
        i * shared.spec().strideH() - shared.spec().padTop() + shared.spec().kernelHeight();
    int right = j * shared.spec().strideW() - shared.spec().padLeft() + shared.spec().kernelWidth();
    int high = Math.max(0, Math.min(shared.height(), bottom) - top);
    int wide = Math.max(0, Math.min(shared.width(), right) - left);
    scene.add(input.around("window", Role.KERNEL, top, left, high, wide));
    scene.add(matrix.around("row", Role.KERNEL, p, 0, 1, shared.inputs()));
    scene.add(output.around("target", Role.OUTPUT, i, j, 1, 1));
    if (!narrow) {
      scene.add(column.around("target/y", Role.OUTPUT, p, 0, 1, 1));
    }
    if (shared.lone() >= 0) {
      int row0 = shared.lone() / shared.inputs();
      dashed(scene, "lone", matrix, row0, shared.lone() % shared.inputs());
      dashed(scene, "lone/out", output, row0 / shared.outWidth(), row0 % shared.outWidth());
    }
    return scene;
  }

  /** The largest cell with which input, kernel and output stand in a row, titles included. */
  private double cell(boolean narrow) {
    double title = Title.width("output y", "");
    double cell = narrow ? 32 : 34;
    while (narrow
        && Math.max(title, shared.width() * cell)
                + Math.max(title, shared.spec().kernelWidth() * cell)
                + Math.max(title, shared.outWidth() * cell)
            > View.NARROW - 60) {
      cell -= 0.5;
    }
    return cell;
  }

  private static void dashed(Scene scene, String key, Grid grid, int row, int column) {
    double size = grid.cellSize();
    double in = Math.min(3, size / 8);
    double x = grid.left(column) + in;
    double y = grid.top(row) + in;
    scene.add(new Window(key, Role.GRADIENT, "dashed", x, y, size - 2 * in, size - 2 * in));
  }

  private static Text sign(String text) {
    return new Text(text, 20, "sign");
  }

  /** The input as a column lying down, the matrix under it, the output column beside it. */
  private record Product(Grid strip, Grid matrix, @Nullable Grid column) implements Box {
    private static final double GAP = 8;

    @Override
    public double width() {
      return matrix.width() + (column == null ? 0 : GAP + column.cellSize());
    }

    @Override
    public double height() {
      return strip.height() + GAP + matrix.height();
    }

    @Override
    public void place(Scene scene, double x, double y) {
      double left = x + (matrix.width() - strip.width()) / 2;
      strip.place(scene, left, y);
      matrix.place(scene, x, y + strip.height() + GAP);
      if (column != null) {
        double top = matrix.top(0);
        column.place(scene, x + matrix.width() + GAP, top);
        scene.add(new Title("y", "", Role.OUTPUT, "y", x + matrix.width() + GAP + 2, top - 9));
      }
    }

    @Override
    public String toString() {
      return "Product";
    }
  }

  /**
   * Lines between the blocks of the matrix: one for each pair of an output row and an input row.
   */
  private void blocks(Scene scene, Grid strip, Grid matrix) {
    for (int r = 1; r < shared.height(); r++) {
      double x = matrix.left(r * shared.width());
      double bottom = matrix.top(shared.outputs());
      scene.add(new Line("block/column" + r, Role.NEUTRAL, "", x, matrix.top(0), x, bottom));
      double under = strip.top(1);
      scene.add(new Line("block/strip" + r, Role.NEUTRAL, "", x, strip.top(0), x, under));
    }
    for (int i = 1; i < shared.outHeight(); i++) {
      double y = matrix.top(i * shared.outWidth());
      double right = matrix.left(shared.inputs());
      scene.add(new Line("block/row" + i, Role.NEUTRAL, "", matrix.left(0), y, right, y));
    }
  }

  private Grid input(String key, int rows, int columns, double cell) {
    Grid grid =
        new Grid(key, Role.INPUT, rows, columns, cell, shared.input().data())
            .part("x", "input x, " + rows + " × " + columns);
    for (int n = 0; n < shared.inputs(); n++) {
      int row = n / columns;
      int column = n % columns;
      if (shared.tap(p, n) >= 0) {
        grid.mark(row, column, "tap");
      }
      if (n == q || tap >= 0 && shared.tap(p, n) == tap) {
        grid.mark(row, column, "linked");
      }
    }
    return grid;
  }

  private Grid kernel(double cell) {
    int rows = shared.spec().kernelHeight();
    int columns = shared.spec().kernelWidth();
    Grid grid =
        new Grid("k", Role.KERNEL, rows, columns, cell, shared.kernel().data())
            .title("kernel w", view.narrow() ? "" : rows + " × " + columns)
            .part("w", "kernel w, " + rows + " × " + columns)
            .editable();
    for (int n = 0; n < shared.taps(); n++) {
      tie(grid, n / columns, n % columns, n, shared.kernel().data()[n]);
      if (n == tap || q >= 0 && shared.tap(p, q) == n) {
        grid.mark(n / columns, n % columns, "linked");
      }
    }
    return grid;
  }

  /** The tap's hue and strength, and its name where names are shown. */
  private void tie(Grid grid, int row, int column, int n, float value) {
    int u = n / shared.spec().kernelWidth();
    int v = n % shared.spec().kernelWidth();
    grid.mark(row, column, "tie" + u).level(row, column, LEVELS[v]);
    if (shared.values().choice("show").equals("names")) {
      grid.label(row, column, name(n), name(n) + " = " + Num.cell(value));
    }
  }

  /** Taps are named a, b, c, … */
  private static String name(int tap) {
    return String.valueOf((char) ('a' + tap));
  }

  private Grid matrix(double cell) {
    int columns = shared.inputs();
    String size = shared.outputs() + " × " + columns;
    Grid grid =
        new Grid("t", Role.KERNEL, shared.outputs(), columns, cell, shared.matrix().data())
            .title("T(w)", size)
            .part("T", "matrix T of w, " + size)
            .editable();
    for (int n = 0; n < shared.ties().length; n++) {
      int tie = shared.ties()[n];
      if (tie < 0) {
        grid.mark(n / columns, n % columns, "padding");
        continue;
      }
      tie(grid, n / columns, n % columns, tie, shared.matrix().data()[n]);
      if (n == p * columns + q) {
        grid.mark(n / columns, n % columns, "picked");
      } else if (tie == tap || tap < 0 && n % columns == q) {
        grid.mark(n / columns, n % columns, "linked");
      }
    }
    return grid;
  }

  private Grid output(String key, int rows, int columns, double cell) {
    Grid grid =
        new Grid(key, Role.OUTPUT, rows, columns, cell, shared.product().data())
            .part("y", "output y, " + rows + " × " + columns);
    for (int n = 0; n < shared.outputs(); n++) {
      if (view.pick().isEmpty() && n > view.step()) {
        grid.blank(n / columns, n % columns);
      }
      if (q >= 0 && tap < 0 && shared.tap(n, q) >= 0) {
        grid.mark(n / columns, n % columns, "linked");
      }
    }
    return grid.mark(p / columns, p % columns, "target");
  }

  // ---- words

  /** Weights of a dense layer and of a convolution, as symbols. */
  static Formula counts() {
    Formula in = sub(sym("C", "cin", Role.INPUT), word("in"));
    Formula out = sub(sym("C", "cout", Role.OUTPUT), word("out"));
    return row(
        word("dense: "),
        paren(row(in, op("·"), sym("H", "h", Role.INPUT), op("·"), sym("W", "w-in", Role.INPUT))),
        op("·"),
        paren(
            row(
                out,
                op("·"),
                sub(sym("H", "hout", Role.OUTPUT), word("out")),
                op("·"),
                sub(sym("W", "wout", Role.OUTPUT), word("out")))),
        word("   shared: "),
        out,
        op("·"),
        in,
        op("·"),
        sub(sym("K", "kh", Role.KERNEL), Formula.index("h")),
        op("·"),
        sub(sym("K", "kw", Role.KERNEL), Formula.index("w")));
  }

  private String equation() {
    Terms terms = new Terms(place(p), shared.kernel().data(), shared.input().data());
    for (int n = 0; n < shared.inputs(); n++) {
      int at = p * shared.inputs() + n;
      if (shared.ties()[at] >= 0) {
        boolean linked = n == q || shared.ties()[at] == tap;
        String key = "k/" + shared.place(shared.ties()[at]);
        terms.add(shared.matrix().data()[at], shared.input().data()[n], key, linked);
      }
    }
    int in = shared.values().integer("in-channels");
    int out = shared.values().integer("out-channels");
    long dense =
        SharedWeights.denseWeights(
            in, shared.height(), shared.width(), out, shared.outHeight(), shared.outWidth());
    Markup markup = new Markup();
    markup.raw(terms.sum(shared.product().data()[p]));
    markup.open("div").text("dense layer: ");
    markup.span("b", "input", in + "·" + shared.height() + "·" + shared.width()).text(" × ");
    markup.span("b", "output", out + "·" + shared.outHeight() + "·" + shared.outWidth());
    markup.text(" = " + Num.count(dense) + " weights; convolution: ");
    markup.span("b", "output", String.valueOf(out)).text("·");
    markup.span("b", "input", String.valueOf(in)).text("·");
    markup.span("b", "kernel", shared.spec().kernelHeight() + "·" + shared.spec().kernelWidth());
    markup.text(" = " + Num.count((long) in * out * shared.taps()));
    return markup.close().toString();
  }

  private String place(int output) {
    return "y[" + output / shared.outWidth() + ", " + output % shared.outWidth() + "]";
  }

  private String cell(int input) {
    return "x[" + input / shared.width() + ", " + input % shared.width() + "]";
  }

  private Prose caption() {
    Prose prose = new Prose();
    if (q >= 0 && tap < 0 && view.pick().startsWith("t/")) {
      prose.say("This entry is zero for every kernel: ").say(Role.OUTPUT, place(p));
      return prose.say(" does not read ").say(Role.INPUT, cell(q)).say(".");
    }
    if (tap >= 0) {
      String weight = "w[" + shared.place(tap).replace(",", ", ") + "]";
      prose.say(Role.KERNEL, weight + " = " + Terms.value(shared.kernel().data()[tap]));
      int uses = shared.uses(tap);
      prose.say(uses == 1 ? " stands in one entry of T" : " stands in " + uses + " entries of T");
      return prose.say(
          uses == 1
              ? "."
              : ", once for each window that has it over the input. Edit one, and all change.");
    }
    if (q >= 0) {
      int readers = 0;
      for (int n = 0; n < shared.outputs(); n++) {
        readers += shared.tap(n, q) >= 0 ? 1 : 0;
      }
      prose.say(Role.INPUT, cell(q)).say(" multiplies column " + q + " of T: ");
      return prose
          .say(Role.OUTPUT, readers == 1 ? "1 output reads" : readers + " outputs read")
          .say(" it, each with another weight.");
    }
    if (shared.values().flag("mistake")) {
      return mistake(prose);
    }
    int mine = 0;
    for (int n = 0; n < shared.inputs(); n++) {
      mine += shared.tap(p, n) >= 0 ? 1 : 0;
    }
    prose.say(Role.KERNEL, "Row " + p + " of T").say(" makes ").say(Role.OUTPUT, place(p));
    prose.say(": " + mine + " of its " + shared.inputs() + " entries are weights, where the ");
    prose.say(Role.KERNEL, "window").say(" stands; the rest are zero. All rows share ");
    prose.say(Role.KERNEL, shared.taps() == 1 ? "one weight" : shared.taps() + " weights");
    return prose.say(". " + agreement());
  }

  private Prose mistake(Prose prose) {
    if (shared.lone() < 0) {
      return prose.say("No entry reads anything but zeros, so a change would not show here.");
    }
    int row = shared.lone() / shared.inputs();
    prose.say(Role.GRADIENT, "One entry of row " + row + " was raised by 1 alone.");
    prose.say(" Now T is no convolution of any kernel: ");
    prose.say(Role.OUTPUT, place(row) + " = " + Terms.value(shared.product().data()[row]));
    return prose.say(", where the window gives " + Terms.value(shared.output().data()[row]) + ".");
  }

  private String agreement() {
    return "T x and the sliding window differ by at most "
        + Terms.difference(shared.difference())
        + ".";
  }

  private String twin(Prose caption) {
    Twin twin = new Twin().say(caption.plain()).say(agreement());
    List<List<String>> rows = new ArrayList<>();
    for (int n = 0; n < shared.taps(); n++) {
      rows.add(
          List.of(
              name(n),
              shared.place(n).replace(",", ", "),
              Terms.value(shared.kernel().data()[n]),
              String.valueOf(shared.uses(n))));
    }
    twin.table("The weights", List.of("tap", "u, v", "value", "entries of T"), rows);
    twin.table("Input x", shared.height(), shared.width(), shared.input().data());
    twin.table("Matrix T", shared.outputs(), shared.inputs(), shared.matrix().data());
    twin.table("T x", shared.outHeight(), shared.outWidth(), shared.product().data());
    return twin.table(
            "The sliding window", shared.outHeight(), shared.outWidth(), shared.output().data())
        .toString();
  }
}
