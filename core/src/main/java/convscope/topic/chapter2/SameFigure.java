package convscope.topic.chapter2;

import convscope.num.Num;
import convscope.op.Window;
import convscope.scene.Box;
import convscope.scene.Cells;
import convscope.scene.Equation;
import convscope.scene.Formula;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Line;
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Spans;
import convscope.scene.Text;
import convscope.scene.Title;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Draws a {@link Same}: an impulse, the windows from the side, and where the response sits. */
final class SameFigure {
  private static final int COMPARED = 4; // sizes: one of each remainder by the largest stride

  private final Same run;
  private final Axis axis;
  private final Window window;
  private final View view;
  private final Cells cells = Cells.pixels(40);
  private final Cells rows = cells.also(22);
  private final int impulse;
  private final @Nullable Cell output; // the picked output cell

  SameFigure(Same run, View view) {
    this.run = run;
    this.axis = run.axis();
    this.window = run.window();
    this.view = view;
    Cell input = view.cell("in", 1, axis.in());
    impulse = input != null ? input.column() : view.step();
    output = view.cell("out", 1, axis.out());
  }

  Figure figure() {
    return Figure.of(scene(), equation(axis), caption());
  }

  // ---- the drawing

  private Scene scene() {
    Box side = new Side();
    return window.stride() == 1 // then the padding is the same at every height
        ? cells.fit(view.stage(), side)
        : cells.fit(view.stage(), Layout.row(36, side, sizes()), Layout.column(14, side, sizes()));
  }

  /** Input, windows and output in the same columns, so that a shift is seen as one. */
  private final class Side implements Box {
    private static final double BELOW = 32; // the centre of mass, and its name
    private static final double NAMED = 140;

    private final String at = "an impulse at " + impulse;
    private final int before; // columns left of the input, a mistaken window included
    private final int columns;

    Side() {
      int wrong = run.mistake() ? run.wrong().padBefore() : 0;
      int last = axis.out() * window.stride(); // the output's cells may stand beyond the input
      before = Math.max(window.padBefore(), wrong);
      int wrongEnd = run.mistake() ? window.span() - wrong : 0;
      int end = Math.max(Math.max(axis.end(), axis.in() + wrong), Math.max(last, wrongEnd));
      columns = before + end;
    }

    @Override
    public double width() {
      return Math.max(columns * cells.size(), Math.max(NAMED, Title.width("input x", at)));
    }

    @Override
    public double height() {
      return 2 * Title.HEIGHT + 2 * cells.size() + axis.out() * rows.size() + 12 + BELOW;
    }

    @Override
    public void place(Scene scene, double x, double y0) {
      double cell = cells.size();
      double left = x + before * cell; // of the input
      double padded = left - window.padBefore() * cell;
      Grid in = input().title("input x", at);
      in.place(scene, padded, y0);
      double spansTop = in.top(1) + 6;
      spans().place(scene, padded, spansTop);
      double spansEnd = spansTop + axis.out() * rows.size() + 6;
      Grid y = outputs().title("output y", axis.in() + " → " + axis.out());
      y.place(scene, left + run.standsAt(0) * cell, spansEnd);
      double bottom = y.top(1) + 14;
      double from = left + (impulse + 0.5) * cell;
      scene.addBelow(new Line("impulse/in", Role.INPUT, "", from, in.top(1), from, spansEnd));
      scene.addBelow(new Line("impulse/out", Role.INPUT, "", from, y.top(0), from, bottom));
      double centre = run.centroid(impulse);
      if (!Double.isNaN(centre)) {
        double to = left + (centre + 0.5) * cell;
        scene.add(new Line("centre", Role.OUTPUT, "", to, y.top(1), to, bottom));
        scene.add(new Line("shift", Role.OUTPUT, "", from, bottom, to, bottom));
        double middle = Math.max(x + NAMED / 2, (from + to) / 2);
        Text name = new Text("centre of mass " + Num.value(centre), 12, Role.OUTPUT);
        name.anchor("middle").at(Math.min(x + width() - NAMED / 2, middle), bottom + 15);
        scene.add(name);
      }
      if (run.mistake()) {
        double start = left + run.wrong().start(0) * cell;
        double wide = window.span() * cell;
        scene.add(
            new convscope.scene.Window(
                "mistake", Role.GRADIENT, "dashed", start, spansTop, wide, rows.size()));
      }
    }
  }

  private Grid input() {
    float[] values = new float[window.padded(axis.in())];
    values[impulse + window.padBefore()] = 1;
    Grid grid =
        new Grid("in", Role.INPUT, 1, values.length, cells, values)
            .origin(0, -window.padBefore())
            .part("x", "padded input with an impulse at " + impulse);
    for (int place = -window.padBefore(); place < axis.end(); place++) {
      boolean linked = output != null && window.reads(output.column(), place);
      grid.mark(0, place, axis.inside(place) ? "" : "padding")
          .mark(0, place, linked ? "linked" : "");
    }
    return grid;
  }

  private Spans spans() {
    int columns = window.padded(axis.in());
    Spans spans = new Spans("win", Role.KERNEL, columns, cells, rows, "windows along the height");
    for (int i = 0; i < axis.out(); i++) {
      boolean current = output == null ? window.reads(i, impulse) : output.column() == i;
      OutputHeightFigure.span(spans, axis, i, current ? "l9" : "l3");
    }
    return spans;
  }

  private Grid outputs() {
    return new Grid("out", Role.OUTPUT, 1, axis.out(), cells, run.response(impulse))
        .part("y", "output, the response to the impulse")
        .spread(window.stride() * cells.size())
        .picked(view.pick());
  }

  /** What SAME pads for this size and the next ones. */
  private Box sizes() {
    Box[] strips = new Box[COMPARED];
    for (int n = 0; n < COMPARED; n++) {
      Axis each = Axis.of(axis.convention(), true, axis.in() + n, window);
      int before = each.window().padBefore();
      int columns = each.end() + before;
      String padding = "padding " + each.pads();
      Grid strip =
          new Grid("s" + n, Role.INPUT, 1, columns, cells.also(15), new float[columns])
              .origin(0, -before)
              .title("H = " + each.in() + " → " + each.out(), padding)
              .part("", "input of " + each.in() + ", " + padding);
      for (int place = -before; place < each.end(); place++) {
        boolean inside = each.inside(place);
        strip.label(0, place, "", inside ? "row " + place : "padding");
        strip.level(0, place, inside ? 3 : 0).mark(0, place, inside ? "" : "padding");
      }
      strips[n] = strip;
    }
    return Layout.stack(10, strips);
  }

  // ---- words

  /** The padding of either side, the size, and what is padded altogether. */
  static String equation(Axis axis) {
    Window window = axis.window();
    double half = (window.span() - 1) / 2.0;
    String whole = Num.value(half) + (half % 1 == 0 ? "" : "': not an integer'");
    Formula padding =
        Formula.of(
            "P = frac{D·(K − 1)}{2} = " + whole,
            "D:neutral:D:" + window.dilation(),
            "K:kernel:w:" + window.kernel());
    List<Formula> steps = Derivation.steps(axis);
    return Equation.lines(
        false,
        List.of(List.of(padding, steps.get(0), steps.get(1)), List.of(steps.get(2), steps.get(3))));
  }

  private Prose caption() {
    if (output != null) {
      int i = output.column();
      double centre = run.centre(i);
      Prose prose = Prose.of("[output y[{}]] reads [input {}]", i, axis.reads(i));
      return Double.isNaN(centre)
          ? prose.add(", padding among them.")
          : prose.add(". Their mean is {}; the output stands at {}.", centre, run.standsAt(i));
    }
    double centre = run.centroid(impulse);
    Prose prose = Prose.of("The impulse at [input row {}]", impulse);
    if (Double.isNaN(centre)) {
      return prose.add(" is read by no window.");
    }
    prose.add(" comes out around [output {}]. ", centre);
    if (run.cutOff(impulse)) {
      prose.add("Part of its response is cut off at the edge, which moves the centre too. ");
    }
    return run.mistake() ? mistake(prose) : finding(prose);
  }

  /** What the shift is, in words. */
  private Prose finding(Prose prose) {
    double shift = run.shift();
    double size = Math.abs(shift);
    String cells = size == 0.5 ? "half a cell" : Num.value(size) + (size == 1 ? " cell" : " cells");
    if (window.stride() > 1) {
      return prose.add(
          "Every window is centred {} the middle of the {} cells that its output stands for{}.",
          shift == 0 ? "on" : cells + " off",
          window.stride(),
          shift == 0 ? "" : shift < 0 ? ", towards the end" : ", towards the beginning");
    }
    return shift == 0
        ? prose.add(
            "No shift: {} cells of padding leave every window centred on its output.", axis.pads())
        : prose.add(
            "Shift: {} towards the {beginning|end}, since {} cells of padding are uneven{}.",
            cells,
            shift < 0,
            axis.pads(),
            run.layers() > 1 ? " in each of " + run.layers() + " layers" : "");
  }

  private Prose mistake(Prose prose) {
    prose.add(
        "[gradient ⌊K/2⌋ = {} on both sides gives {output}]",
        run.wrong().padBefore(),
        Math.max(0, run.wrongOut()));
    return run.wrongOut() != axis.out()
        ? prose.add(", not {}.", axis.out())
        : run.wrongBy() == 0
            ? prose.add(" and the same values: right by luck.")
            : prose.add(
                ", as many as SAME, but its windows start elsewhere: on noise they differ by up"
                    + " to {}.",
                run.wrongBy());
  }
}
