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
import convscope.tensor.Tensor;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.Sliding;
import convscope.topic.View;
import org.jspecify.annotations.Nullable;

/**
 * Draws a transposed convolution along one axis, with numbers: scattered, as a convolution of the
 * stretched input, or as a matrix.
 */
final class TransposedFigure {
  private final OutputSize size;
  private final Transposed example;
  private final Window window;
  private final View view;
  private final Cells cells = Cells.pixels(34);
  private final int in;
  private final int out;
  private final boolean scatters;
  private final @Nullable Cell pick;
  private final int pickedOutput; // −1 for none
  private final int at; // the input cell (scatter) or the output (otherwise) that is shown

  TransposedFigure(OutputSize size, Transposed example, View view) {
    this.size = size;
    this.example = example;
    this.view = view;
    window = example.axis().window();
    in = example.axis().in();
    out = example.axis().out();
    scatters = size.way().equals("scatter");
    pick = Cell.parse(view.pick());
    Cell entry = view.cell("t", out, in);
    Cell below = view.cell("y", 1, out);
    pickedOutput =
        below != null ? below.column() : entry != null ? entry.row() : view.row("y", out);
    boolean copies = pick != null && (pick.within("x", in, 1) || pick.grid().equals("copy"));
    Cell source = copies ? pick : null;
    at =
        scatters
            ? source != null ? Math.max(0, Math.min(in - 1, source.row())) : view.step()
            : pickedOutput < 0 ? view.step() : pickedOutput;
  }

  Figure figure() {
    return Figure.of(scene(), size.equation(view.narrow()), caption());
  }

  private Scene scene() {
    boolean zeros = size.way().equals("zeros");
    Box drawing = zeros ? zeros() : scatters ? scatter() : matrix();
    float[] weights = zeros ? example.flipped() : example.w();
    Grid kernel =
        new Grid("k", Role.KERNEL, 1, window.kernel(), cells.also(30), weights)
            .title("kernel w", zeros ? "flipped" : "")
            .part("w", "kernel w");
    Box table = size.table(cells.also(28), view);
    Box above = table == null ? kernel : Layout.column(12, table, kernel);
    Box beside = table == null ? kernel : Layout.row(24, table, kernel);
    return cells.fit(
        view.stage(),
        Layout.column(12, above, drawing),
        Layout.column(12, beside, drawing),
        Layout.row(20, above, drawing));
  }

  private Grid row(String key, Role role, String title, String more, float[] values) {
    return new Grid(key, role, 1, values.length, cells, values).title(title, more).part(key, title);
  }

  private Grid column(String key, Role role, String title, float[] values) {
    return new Grid(key, role, values.length, 1, cells, values).title(title, "").part(key, title);
  }

  /** The input as a column; those cells are linked that reach the output on show. */
  private Grid input() {
    Grid x = column("x", Role.INPUT, "x", example.x());
    int output = scatters ? pickedOutput : at;
    for (int p = 0; p < in && output >= 0; p++) {
      x.mark(p, 0, example.tap(p, output) >= 0 ? "linked" : "");
    }
    return x;
  }

  // ---- scatter

  /** One copy of the kernel for each input cell, and below them the sums of their columns. */
  private Box scatter() {
    int first = -window.padBefore() - 1; // and a free column, so that all are in one raster
    int full = Math.max(window.reach(in), out + window.padAfter()) - first;
    float[] products = new float[in * full];
    for (int n = 0; n < products.length; n++) {
      products[n] = example.product(n / full, first + n % full);
    }
    Grid copies =
        new Grid("copy", Role.KERNEL, in, full, cells, products)
            .origin(0, first)
            .title("x · w", "a copy for each input cell")
            .part("w", "scaled copies of the kernel")
            .frameless()
            .outline("copy", Role.KERNEL, "", at, window.start(at), 1, window.span());
    for (int n = 0; n < products.length; n++) {
      int p = n / full;
      int o = first + n % full;
      if (example.tap(p, o) < 0) {
        copies.omit(p, o);
      } else if (pick == null && p > at) {
        copies.blank(p, o);
      }
      copies.mark(p, o, o < 0 || o >= out ? "padding" : o == pickedOutput ? "linked" : "");
    }
    float[] sums = new float[full + 1];
    System.arraycopy(example.partial(pick == null ? at : in - 1), 0, sums, 1 - first, out);
    Grid y =
        row("y", Role.OUTPUT, "y", "the sum of each column", sums)
            .origin(0, first - 1)
            .frameless()
            .omit(0, first - 1)
            .omit(0, first)
            .scaledTo(Tensor.of(example.y(), out).largestSize())
            .outline("target", Role.OUTPUT, "", 0, 0, 1, out);
    for (int o = first + 1; o < first + full; o++) {
      if (o < 0 || o >= out) {
        y.label(0, o, "×", "cut away by the padding").mark(0, o, "padding");
      }
      boolean above = pick != null && pick.grid().equals("copy") && pick.column() == o;
      y.mark(0, o, above ? "linked" : "");
    }
    Grid x = input().outline("window", Role.INPUT, "", at, 0, 1, 1);
    return Layout.stack(8, Layout.row(0, x, copies.picked(view.pick())), y);
  }

  // ---- zero insertion

  /** The stretched input, the flipped kernel under its window, and the output below. */
  private Box zeros() {
    float[] z = example.stretched();
    Grid stretched =
        row("z", Role.INPUT, "x", "with zeros between and around", z)
            .part("x", "stretched input")
            .outline("window", Role.KERNEL, "", 0, at, 1, window.span());
    Grid slid = new Grid("slid", Role.KERNEL, 1, z.length, cells, new float[z.length]).frameless();
    Grid y =
        row("y", Role.OUTPUT, "y", "one output for each place of the window", example.y())
            .outline("target", Role.OUTPUT, "", 0, at, 1, 1);
    for (int place = 0; place < z.length; place++) {
      int tap = Window.of(window.kernel()).dilation(window.dilation()).tap(at, place);
      stretched.mark(0, place, example.filled(place) ? "" : "padding");
      if (tap < 0) {
        slid.omit(0, place);
      } else {
        String weight = Num.cell(example.flipped()[tap]);
        slid.label(0, place, weight, weight).level(0, place, 5);
        stretched.mark(0, place, "tap");
      }
      if (place < out && pick == null && place > at) {
        y.blank(0, place);
      }
    }
    return Layout.stack(10, Layout.stack(3, stretched.picked(view.pick()), slid), y);
  }

  // ---- matrix

  private Box matrix() {
    Grid y =
        column("y", Role.OUTPUT, "y", example.y()).outline("target", Role.OUTPUT, "", at, 0, 1, 1);
    Grid t =
        new Grid("t", Role.KERNEL, out, in, cells, example.matrix())
            .title("T(w)ᵀ", "")
            .part("w", "matrix T(w) transposed")
            .outline("window", Role.KERNEL, "", at, 0, 1, in);
    Cell entry = view.cell("t", out, in);
    Cell weight = view.cell("k", 1, window.kernel());
    int linked = // the tap under the pointer
        entry != null
            ? example.tap(entry.column(), entry.row())
            : weight != null ? weight.column() : -1;
    for (int n = 0; n < out * in; n++) {
      int o = n / in;
      int tap = example.tap(n % in, o);
      if (pick == null && o > at) {
        y.blank(o, 0);
      }
      if (tap < 0) {
        t.label(o, n % in, "", "no weight");
      } else {
        t.mark(o, n % in, tap == linked ? "linked" : "");
      }
    }
    return Layout.row(14, y, Sliding.sign("="), t, Sliding.sign("·"), input());
  }

  // ---- words

  private Prose caption() {
    Prose prose = scatters && pickedOutput < 0 ? scattered() : sum(scatters ? pickedOutput : at);
    return size.finding(pick, prose.say(" "));
  }

  private Prose scattered() {
    float value = example.x()[at];
    int[] outputs = new int[window.taps(at, 0, out)];
    int first = window.taps(at, window.start(at), 0); // those before it write into the padding
    for (int n = 0; n < outputs.length; n++) {
      outputs[n] = window.place(at, first + n);
    }
    Prose prose =
        Prose.of("Input cell [input x[{}] = {}] adds [kernel {}·w] to ", at, value, value);
    String reached = outputs.length == 0 ? "no output" : "y at " + Prose.list(" and ", outputs);
    int cut = window.kernel() - outputs.length;
    prose.say(Role.OUTPUT, reached);
    return prose.say(cut == 0 ? "." : "; the padding cuts " + cut + " of its taps away.");
  }

  /** {@code y[3] = 1·2 + 3·1 = 5} and how many copies overlap there. */
  private Prose sum(int o) {
    int terms = 0;
    Prose prose = Prose.of("[output y[{}]] = ", o);
    for (int p = 0; p < in; p++) {
      int tap = example.tap(p, o);
      if (tap >= 0) {
        prose.say(terms++ == 0 ? "" : " + ");
        prose.add("[kernel {}]·[input {}]", example.w()[tap], example.x()[p]);
      }
    }
    if (terms > 1) {
      prose.add(" = [output {}]", example.y()[o]);
    }
    return terms == 0
        ? prose.say("0: no input cell reaches it.")
        : prose.say(
            terms == 1 ? ": one input cell reaches it." : ": " + terms + " input cells reach it.");
  }
}
