package convscope.topic.chapter1;

import convscope.num.Num;
import convscope.scene.Box;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Markup;
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.scene.Room;
import convscope.scene.Scene;
import convscope.scene.Text;
import convscope.scene.Title;
import convscope.scene.Twin;
import convscope.scene.Window;
import convscope.tensor.Tensor;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Draws {@link TwoConventions}: one input, the kernel as it is and flipped, both outputs. */
final class CrossCorrelationFigure {
  private static final double MARGIN = 14;

  private final TwoConventions two;
  private final View view;
  private final boolean flip; // whether the convolution is written out
  private final int i; // row of the output whose window is shown
  private final int j;
  private final int u; // the tap of w pointed at, or −1
  private final int v;
  private final int high;
  private final int wide;

  CrossCorrelationFigure(TwoConventions two, View view) {
    this.two = two;
    this.view = view;
    high = two.spec().kernelHeight();
    wide = two.spec().kernelWidth();
    Cell at = Cell.parse(view.pick());
    boolean ours = at != null && at.within("out", two.outHeight(), two.outWidth());
    boolean theirs = at != null && at.within("conv", two.outHeight(), two.outWidth());
    flip = theirs || !ours && two.values().flag("flip");
    i = at != null && (ours || theirs) ? at.row() : view.step() / two.outWidth();
    j = at != null && (ours || theirs) ? at.column() : view.step() % two.outWidth();
    Cell tap = tap(at);
    u = tap == null ? -1 : tap.row();
    v = tap == null ? -1 : tap.column();
  }

  /** The tap of w that the cell pointed at stands for, or null. */
  private @Nullable Cell tap(@Nullable Cell at) {
    if (at != null && at.within("f", high, wide)) {
      return turned(at.row(), at.column());
    }
    if (at != null && at.grid().equals("in")) {
      int row = at.row() - i + two.spec().padTop();
      int column = at.column() - j + two.spec().padLeft();
      Cell place = new Cell("k", row, column);
      if (place.within("k", high, wide)) {
        return flip ? turned(row, column) : place;
      }
      return null;
    }
    return at != null && at.within("k", high, wide) ? at : null;
  }

  /** Where the flip takes a tap, and from where it brings it. */
  private Cell turned(int row, int column) {
    return new Cell("k", high - 1 - row, two.values().flag("mistake") ? column : wide - 1 - column);
  }

  Figure figure() {
    Prose caption = caption();
    return new Figure(scene(), equation(), caption, twin(caption), List.of());
  }

  private Scene scene() {
    boolean narrow = view.narrow();
    int padded = two.input().dim(3) + 2 * two.spec().padLeft();
    double kernelTitle = Title.width("kernel w", narrow ? "" : "rows only");
    double title = Title.width("not x ∗ w", narrow ? "" : "cross-correlation");
    double cell = 42;
    while (cell > 8) {
      double side = Math.max(kernelTitle, wide * cell) + Math.max(title, two.outWidth() * cell);
      if (narrow
          ? Math.max(padded * cell, side + 60) <= View.NARROW - 12
          : padded * cell + side + 120 <= View.WIDE - 2 * MARGIN) {
        break;
      }
      cell -= 0.5;
    }
    Grid input = input(cell);
    Grid kernel = kernel("k", "kernel w", "", two.kernel(), cell).editable();
    boolean half = two.values().flag("mistake");
    Grid flipped =
        kernel("f", "flip(w)", narrow ? "" : half ? "rows only" : "turned", two.flipped(), cell);
    Grid first = output("out", "x ★ w", narrow ? "" : "cross-correlation", two.correlation(), cell);
    Grid second =
        half
            ? output("conv", "not x ∗ w", "", two.second(), cell)
            : output("conv", "x ∗ w", narrow ? "" : "convolution", two.second(), cell);
    double kernels = Math.max(kernel.width(), flipped.width());
    double outputs = Math.max(first.width(), second.width());
    Box rows =
        Layout.column(
            narrow ? 14 : 26,
            Layout.row(
                narrow ? 10 : 20,
                sign("★"),
                new Room(kernel, kernels),
                sign("="),
                new Room(first, outputs)),
            Layout.row(
                narrow ? 10 : 20,
                sign("★"),
                new Room(flipped, kernels),
                sign("="),
                new Room(second, outputs)));
    Scene scene =
        narrow
            ? Scene.of(View.NARROW, MARGIN, Layout.column(14, input, rows))
            : Scene.of(View.WIDE, MARGIN, Layout.row(28, input, rows));
    int top = i - two.spec().padTop();
    int left = j - two.spec().padLeft();
    scene.add(input.around("window", Role.KERNEL, top, left, high, wide));
    scene.add((flip ? flipped : kernel).around("used", Role.KERNEL, 0, 0, high, wide));
    scene.add((flip ? second : first).around("target", Role.OUTPUT, i, j, 1, 1));
    if (half) {
      for (int n = 0; n < two.second().size(); n++) {
        if (two.wrong(two.second(), n) && !hidden(n)) {
          double x = second.left(n % two.outWidth()) + 2;
          double y = second.top(n / two.outWidth()) + 2;
          scene.add(new Window("wrong" + n, Role.GRADIENT, "dashed", x, y, cell - 4, cell - 4));
        }
      }
    }
    return scene;
  }

  private static Text sign(String text) {
    return new Text(text, 22, "sign");
  }

  private Grid input(double cell) {
    int pad = two.spec().padTop();
    int height = two.input().dim(2);
    int width = two.input().dim(3);
    int columns = width + 2 * pad;
    float[] values = new float[(height + 2 * pad) * columns];
    for (int n = 0; n < values.length; n++) {
      values[n] = two.read(n / columns - pad, n % columns - pad);
    }
    String size = height + " × " + width;
    Grid grid =
        new Grid("in", Role.INPUT, height + 2 * pad, columns, cell, values)
            .origin(-pad, -pad)
            .title("input x", size + (pad > 0 ? ", padding " + pad : ""))
            .part("x", "input x, " + size)
            .editable();
    for (int n = 0; n < values.length; n++) {
      int row = n / columns - pad;
      int column = n % columns - pad;
      if (row < 0 || column < 0 || row >= height || column >= width) {
        grid.mark(row, column, "padding");
      }
      if (row >= i - pad && row < i - pad + high && column >= j - pad && column < j - pad + wide) {
        grid.mark(row, column, "tap");
      }
    }
    if (u >= 0) {
      grid.mark(row(u), column(v), "linked");
    }
    return grid;
  }

  private Grid kernel(String key, String name, String detail, Tensor values, double cell) {
    Grid grid =
        new Grid(key, Role.KERNEL, high, wide, cell, values.data())
            .title(name, detail)
            .part("w", name + ", " + high + " × " + wide);
    if (u >= 0) {
      Cell there = key.equals("k") ? new Cell("k", u, v) : turned(u, v);
      grid.mark(there.row(), there.column(), "linked");
    }
    return grid;
  }

  private Grid output(String key, String name, String detail, Tensor values, double cell) {
    int columns = two.outWidth();
    Grid grid =
        new Grid(key, Role.OUTPUT, two.outHeight(), columns, cell, values.data())
            .title(name, detail)
            .part("y", name + ", " + two.outHeight() + " × " + columns);
    for (int n = 0; n < values.size(); n++) {
      if (hidden(n)) {
        grid.blank(n / columns, n % columns);
      }
    }
    return grid.mark(i, j, "target");
  }

  private boolean hidden(int output) {
    return view.pick().isEmpty() && output > view.step();
  }

  /** The row of the input that the tap's row meets. */
  private int row(int tapRow) {
    return i - two.spec().padTop() + (flip ? turned(tapRow, 0).row() : tapRow);
  }

  private int column(int tapColumn) {
    return j - two.spec().padLeft() + (flip ? turned(0, tapColumn).column() : tapColumn);
  }

  // ---- words

  private Tensor shown() {
    return flip ? two.second() : two.correlation();
  }

  /** The dot product of the window, in the order of w. */
  String sum() {
    String name = flip ? two.values().flag("mistake") ? "y" : "(x ∗ w)" : "(x ★ w)";
    name += "[" + i + ", " + j + "]";
    Terms terms = new Terms(name, two.kernel().data(), two.input().data());
    for (int a = 0; a < high; a++) {
      for (int b = 0; b < wide; b++) {
        float weight = two.kernel().at(0, 0, a, b);
        terms.add(weight, two.read(row(a), column(b)), "k/" + a + "," + b, a == u && b == v);
      }
    }
    return terms.sum(shown().at(0, 0, i, j));
  }

  private String equation() {
    Markup out = new Markup().raw(sum()).open("div");
    out.text("max |conv(").span("b", "input", "x").text(", ").span("b", "kernel", "w");
    out.text(") − corr(").span("b", "input", "x");
    out.text(two.values().flag("mistake") ? ", flipRows(" : ", flip(").span("b", "kernel", "w");
    return out.text("))| = " + Terms.difference(two.disagreement())).close().toString();
  }

  private Prose caption() {
    Prose prose = new Prose();
    if (u >= 0) {
      prose.say(
          Role.KERNEL, "w[" + u + ", " + v + "] = " + Terms.value(two.kernel().at(0, 0, u, v)));
      Cell there = turned(u, v);
      prose.say(
          " goes to row " + there.row() + ", column " + there.column() + " of the flipped kernel.");
      prose.say(flip ? " Flipped, it" : " As it is, it").say(" meets ");
      String place = "x[" + number(row(u)) + ", " + number(column(v)) + "]";
      return prose
          .say(Role.INPUT, place + " = " + Terms.value(two.read(row(u), column(v))))
          .say(".");
    }
    boolean half = flip && two.values().flag("mistake");
    prose.say(
        half
            ? "Flipped only in its rows, the "
            : flip ? "The convolution turns the " : "The cross-correlation lays the ");
    prose.say(Role.KERNEL, "kernel");
    prose.say(
        half
            ? " gives "
            : flip
                ? " by 180° before it multiplies and gives "
                : " on the window as it is and gives ");
    prose.say(Role.OUTPUT, Terms.value(shown().at(0, 0, i, j)));
    prose.say(" at [" + i + ", " + j + "]. ");
    return prose.say(finding());
  }

  private String finding() {
    int outputs = two.second().size();
    if (two.values().flag("mistake")) {
      int wrong = two.wrong(two.second());
      return wrong == 0
          ? "Flipping only the rows is right by luck here: turn the columns, too, and nothing changes."
          : wrong + " of " + outputs + " outputs (dashed) are not those of the convolution.";
    }
    int differ = two.wrong(two.correlation());
    if (differ == 0) {
      return "Both give the same here: the flip changes nothing that this input shows.";
    }
    if (two.printsTheKernel()) {
      return "On one pixel the convolution prints the kernel, the cross-correlation prints it turned by 180°.";
    }
    if (two.oppositeness() < 1e-6) {
      return "The flip only changes this kernel’s sign, so the outputs are each other’s negatives.";
    }
    return "The two differ in "
        + (differ == outputs ? "all " + outputs : differ + " of " + outputs)
        + " outputs.";
  }

  private static String number(int value) {
    return Num.decimal(value, 0);
  }

  private String twin(Prose caption) {
    int columns = two.outWidth();
    return new Twin()
        .say(caption.plain())
        .say(
            "The convolution, summed as it is defined, and the cross-correlation with the flipped kernel"
                + " differ by at most "
                + Terms.difference(two.disagreement())
                + ".")
        .table("Input x", two.input().dim(2), two.input().dim(3), two.input().data())
        .table("Kernel w", high, wide, two.kernel().data())
        .table("Flipped kernel", high, wide, two.flipped().data())
        .table("Cross-correlation of x and w", two.outHeight(), columns, two.correlation().data())
        .table("Cross-correlation of x and flip(w)", two.outHeight(), columns, two.second().data())
        .table("Convolution by its definition", two.outHeight(), columns, two.convolution().data())
        .toString();
  }
}
