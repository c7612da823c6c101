package convscope.topic.chapter1;

import convscope.num.Num;
import convscope.scene.Box;
import convscope.scene.Equation;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Panel;
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Table;
import convscope.tensor.Tensor;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.Sliding;
import convscope.topic.View;

/** Draws {@link TwoConventions}: one input, the kernel as it is and flipped, both outputs. */
final class CrossCorrelationFigure {
  private final TwoConventions two;
  private final boolean narrow;
  private final boolean flip; // whether the convolution is written out
  private final Sliding at;
  private final int high; // of the kernel
  private final int wide;
  private final int met; // the place of the window, in scan order, that is pointed at, or −1
  private final int tap; // the tap of w that meets it, or −1

  CrossCorrelationFigure(TwoConventions two, View view) {
    this.two = two;
    narrow = view.narrow();
    high = two.spec().kernelHeight();
    wide = two.spec().kernelWidth();
    int rows = two.correlation().dim(2);
    int columns = two.correlation().dim(3);
    int ours = Cell.index(view.pick(), "out", rows, columns);
    int theirs = Cell.index(view.pick(), "conv", rows, columns);
    flip = theirs >= 0 || ours < 0 && two.flip();
    int output = ours >= 0 || theirs >= 0 ? Math.max(ours, theirs) : view.step();
    int kernel = Cell.index(view.pick(), "k", high, wide);
    int flipped = Cell.index(view.pick(), "f", high, wide);
    Cell cell = Cell.parse(view.pick());
    String pick = "";
    if (kernel >= 0 || flipped >= 0) {
      int w = kernel >= 0 ? kernel : two.turned(flipped);
      pick = Cell.key("k", flip ? two.turned(w) : w, wide);
    } else if (cell != null && cell.grid().equals("in")) {
      pick = view.pick();
    }
    at =
        new Sliding(two.input(), two.spec(), new View(output, pick, view.stage()))
            .reached(Math.max(output, view.step()));
    int place = -1;
    for (int t = 0; t < high * wide; t++) {
      boolean picked =
          at.picked("k", t / wide, t % wide) || at.picked("in", at.tapRow(t), at.tapColumn(t));
      place = picked ? t : place;
    }
    met = place;
    tap = place < 0 || !flip ? place : two.turned(place);
  }

  Figure figure() {
    return Figure.of(scene(), equation(), caption());
  }

  private Scene scene() {
    Panel x = at.input("input x", "size", "padding");
    Grid k = kernel("k", "kernel w", "", two.kernel(), tap).editable();
    k.resizes("kernel", high, wide);
    String how = narrow ? "" : two.mistake() ? "rows only" : "turned";
    int there = tap < 0 ? -1 : two.turned(tap);
    Grid f = kernel("f", "flip(w)", how, two.flipped(), there);
    if (two.mistake()) {
      for (int n = 0; n < high * wide; n++) {
        f.from(two.turned(n) / wide, two.turned(n) % wide, Cell.key("k", n, wide));
      }
    } else if (two.flip()) {
      f.turns();
    }
    Panel first = output("out", "x ★ w", "correlation", two.correlation());
    Panel second =
        two.mistake()
            ? output("conv", "not x ∗ w", "", two.second())
            : output("conv", "x ∗ w", "convolution", two.second());
    (flip ? f : k).outline("used", Role.KERNEL, "", 0, 0, high, wide);
    (flip ? second : first).outline("target", Role.OUTPUT, "", at.i, at.j, 1, 1);
    int columns = two.second().dim(3);
    for (int n = 0; two.mistake() && n <= at.last() && n < two.second().size(); n++) {
      if (two.wrong(two.second(), n)) {
        String key = "wrong" + n;
        second.outline(key, Role.GRADIENT, "dashed", n / columns, n % columns, 1, 1);
      }
    }
    Box table =
        new Table(
            12,
            14,
            new Box[] {Sliding.sign("★"), k, Sliding.sign("="), first},
            new Box[] {Sliding.sign("★"), f, Sliding.sign("="), second});
    return at.scene(
        Layout.row(24, x, table),
        Layout.column(12, x, table),
        Layout.row(14, x, Layout.column(14, k, f), first, second),
        Layout.row(14, x, Layout.column(14, k, first), Layout.column(14, f, second)));
  }

  private Grid kernel(String key, String name, String detail, Tensor values, int linked) {
    Grid grid =
        new Grid(key, Role.KERNEL, high, wide, at.cells(), values.data())
            .title(name, detail)
            .part("w", name + ", " + Num.size(high, wide));
    return linked < 0 ? grid : grid.mark(linked / wide, linked % wide, "linked");
  }

  private Panel output(String key, String name, String detail, Tensor values) {
    return at.map(key, Role.OUTPUT, name, values)
        .title(name, narrow ? "" : detail)
        .part("y", name + ", " + Num.size(values.dim(2), values.dim(3)))
        .drags(at.i, at.j);
  }

  // ---- words

  private float shown() {
    return (flip ? two.second() : two.correlation()).data()[at.n];
  }

  /** The dot product of the window, in the order of w. */
  Equation sum() {
    String name = !flip ? "(x ★ w)" : two.mistake() ? "y" : "(x ∗ w)";
    Equation sum = Equation.sum("[output {}]", Num.at(name, at.i, at.j));
    for (int n = 0; n < high * wide; n++) {
      float read = at.taps()[flip ? two.turned(n) : n];
      sum.term(two.kernel().data()[n], read, Cell.key("k", n, wide), n == tap);
    }
    return sum.total(shown());
  }

  private Equation equation() {
    boolean same = two.wrong(two.second()) == 0;
    return sum()
        .line()
        .say(
            "conv([input x], [kernel w]) {=|≠} corr([input x], {}([kernel w])) {}",
            same,
            two.mistake() ? "flipRows" : "flip",
            same ? Num.agreement(two.disagreement()) + " ✓" : "");
  }

  private Prose caption() {
    if (tap >= 0) {
      int there = two.turned(tap);
      return Prose.of(
          "[kernel {} = {}] goes to row {}, column {} of the flipped kernel. {Flipped|As it is}, it"
              + " meets [input {} = {}].",
          Num.at("w", tap / wide, tap % wide),
          two.kernel().data()[tap],
          there / wide,
          there % wide,
          flip,
          Num.at("x", at.tapRow(met), at.tapColumn(met)),
          at.taps()[met]);
    }
    return finding(
        Prose.of(
            !flip
                ? "The cross-correlation lays the [kernel:w {} kernel] on the window as it is and"
                    + " gives [output {}] at {}. "
                : two.mistake()
                    ? "Flipped only in its rows, the [kernel:w {} kernel] gives [output {}] at {}. "
                    : "The convolution turns the [kernel:w {} kernel] by 180° before it multiplies"
                        + " and gives [output {}] at {}. ",
            Num.size(high, wide),
            shown(),
            Num.at("", at.i, at.j)));
  }

  private Prose finding(Prose prose) {
    int outputs = two.second().size();
    if (two.mistake()) {
      int wrong = two.wrong(two.second());
      return wrong == 0
          ? prose.add(
              "Flipping only the rows is right by luck here: turn the columns, too, and nothing"
                  + " changes.")
          : prose.add(
              "{} of {} outputs (dashed) are not those of the convolution, by up to {}.",
              wrong,
              outputs,
              Num.difference(two.disagreement()));
    }
    int differ = two.wrong(two.correlation());
    if (differ == 0) {
      return prose.add("Both give the same here: the flip changes nothing that this input shows.");
    }
    if (two.printsTheKernel()) {
      return prose.add(
          "On one pixel the convolution prints the kernel, the cross-correlation prints it turned"
              + " by 180°.");
    }
    if (two.oppositeness() < 1e-6) {
      return prose.add(
          "The flip only changes this kernel’s sign, so the outputs are each other’s negatives.");
    }
    return differ == outputs
        ? prose.add("The two differ in all {} outputs.", outputs)
        : prose.add("The two differ in {} of {} outputs.", differ, outputs);
  }
}
