package convscope.topic.chapter2;

import static convscope.scene.Formula.op;
import static convscope.scene.Formula.row;

import convscope.num.Num;
import convscope.scene.Box;
import convscope.scene.Formula;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Line;
import convscope.scene.Paragraph;
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Spans;
import convscope.scene.Text;
import convscope.scene.Title;
import convscope.scene.Twin;
import convscope.scene.Window;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Draws a {@link Same}: an impulse, the windows from the side, and where the response sits. */
final class SameFigure {
  private static final double MARGIN = 14;
  private static final double ROW = 15; // of a window seen from the side
  private static final double SIZES = 250; // width of the sizes' pads in a wide drawing
  private static final int COMPARED = 4; // sizes: one of each remainder by the largest stride

  private final Same run;
  private final Axis axis;
  private final View view;
  private final int impulse;
  private final @Nullable Cell output; // the picked output cell
  private final float[] y;

  SameFigure(Same run, View view) {
    this.run = run;
    this.axis = run.axis();
    this.view = view;
    Cell at = Cell.parse(view.pick());
    impulse = at != null && at.within("in", 1, axis.in()) ? at.column() : view.step();
    output = at != null && at.within("out", 1, axis.out()) ? at : null;
    y = run.response(impulse);
  }

  Figure figure() {
    String equation = Derivation.same(axis, padding(axis));
    return new Figure(scene(), alt(), equation, caption().html(), twin());
  }

  // ---- the drawing

  private Scene scene() {
    double room = view.width() - 2 * MARGIN;
    double main = view.narrow() ? room : room - SIZES - 40;
    Side side = new Side(main);
    Sizes sizes = new Sizes(view.narrow() ? room : SIZES);
    return Scene.of(
        view.width(),
        MARGIN,
        view.narrow() ? Layout.column(24, side, sizes) : Layout.row(40, side, sizes));
  }

  /** Input, windows and output in the same columns, so that a shift is seen as one. */
  private final class Side implements Box {
    private final double width;
    private final double cell;
    private final int before; // columns left of the input, a mistaken window included
    private final int after;
    private final Paragraph note;

    Side(double width) {
      this.width = width;
      int wrong = run.mistake() ? run.wrong().padding() : 0;
      int last = axis.out() * axis.stride(); // the output's cells may stand beyond the input
      before = Math.max(axis.before(), wrong);
      after = Math.max(Math.max(axis.after(), wrong), last - axis.in());
      cell = Math.min(44, width / (before + axis.in() + after));
      note =
          new Paragraph(
              run.mistake() ? mistake() : finding(),
              width,
              13,
              run.mistake() ? Role.GRADIENT : Role.OUTPUT);
    }

    @Override
    public double width() {
      return width;
    }

    @Override
    public double height() {
      return 2 * Title.HEIGHT + 2 * cell + 12 + axis.out() * ROW + 34 + 3 * 13 * 1.35;
    }

    @Override
    public void place(Scene scene, double x, double y0) {
      double left = x + (width - (before + axis.in() + after) * cell) / 2 + before * cell;
      double top = y0 + Title.HEIGHT;
      scene.add(Title.above("input x", "an impulse at " + impulse, Role.INPUT, "x", x, top));
      input(cell).place(scene, left - axis.before() * cell, top);
      double spansTop = top + cell + 6;
      spans().place(scene, left - axis.before() * cell, spansTop);
      double outTop = spansTop + axis.out() * ROW + 6 + Title.HEIGHT;
      scene.add(
          Title.above("output y", axis.in() + " → " + axis.out(), Role.OUTPUT, "y", x, outTop));
      Grid out = outputs();
      out.place(scene, left + (run.standsAt(0) + 0.5) * cell - cell / 2, outTop);
      double bottom = outTop + cell + 16;
      double from = left + (impulse + 0.5) * cell;
      scene.addBelow(new Line("impulse", Role.INPUT, "", from, top + cell, from, bottom));
      double centre = run.centroid(impulse);
      if (!Double.isNaN(centre)) {
        double to = left + (centre + 0.5) * cell;
        scene.add(new Line("centre", Role.OUTPUT, "", to, outTop + cell, to, bottom));
        scene.add(new Line("shift", Role.OUTPUT, "", from, bottom, to, bottom));
        double at = Math.max(x + 60, Math.min(x + width - 60, (from + to) / 2));
        scene.add(
            new Text("centre of mass " + Num.decimal(centre, 2), 12, Role.OUTPUT)
                .anchor("middle")
                .at(at, bottom + 15));
      }
      if (run.mistake()) {
        scene.add(
            new Window(
                "mistake",
                Role.GRADIENT,
                "dashed",
                left - run.wrong().padding() * cell,
                spansTop,
                axis.span() * cell,
                ROW));
      }
      note.place(scene, x, bottom + 22);
    }
  }

  private Grid input(double cell) {
    float[] values = new float[axis.padded()];
    values[impulse + axis.before()] = 1;
    Grid grid =
        new Grid("in", Role.INPUT, 1, axis.padded(), cell, values)
            .origin(0, -axis.before())
            .part("x", "padded input with an impulse at " + impulse);
    for (int place = -axis.before(); place < axis.end(); place++) {
      if (place < 0 || place >= axis.in()) {
        grid.mark(0, place, "padding");
      }
      if (output != null && axis.reads(output.column(), place)) {
        grid.mark(0, place, "linked");
      }
    }
    return grid;
  }

  private Spans spans() {
    double cell = cell();
    Spans spans =
        new Spans(
            "win",
            Role.KERNEL,
            axis.padded(),
            convscope.scene.Cells.of(cell),
            "windows along the height");
    for (int i = 0; i < axis.out(); i++) {
      int[] taps = new int[axis.kernel()];
      for (int u = 0; u < taps.length; u++) {
        taps[u] = i * axis.stride() + u * axis.dilation();
      }
      boolean current = output != null ? output.column() == i : axis.reads(i, impulse);
      spans.add(
          taps, "window " + i + " reads " + Notes.reads(axis, i, "row"), current ? "l9" : "l3");
    }
    return spans;
  }

  private Grid outputs() {
    double cell = cell();
    Grid grid =
        new Grid("out", Role.OUTPUT, 1, axis.out(), cell, y)
            .part("y", "output, the response to the impulse")
            .spread(axis.stride() * cell);
    if (output != null) {
      grid.mark(0, output.column(), "picked");
    }
    return grid;
  }

  private double cell() {
    double room = view.width() - 2 * MARGIN;
    return new Side(view.narrow() ? room : room - SIZES - 40).cell;
  }

  /** What SAME pads for this size and the next ones. */
  private final class Sizes implements Box {
    private final double width;

    Sizes(double width) {
      this.width = width;
    }

    @Override
    public double width() {
      return width;
    }

    @Override
    public double height() {
      return Title.HEIGHT + COMPARED * 46;
    }

    @Override
    public void place(Scene scene, double x, double y0) {
      int most = 1;
      boolean changes = false;
      for (int n = 0; n < COMPARED; n++) {
        Axis each = axis.sized(axis.in() + n);
        most = Math.max(most, each.padded());
        changes |= each.samePads() != axis.samePads();
      }
      scene.add(
          Title.above(
              "padding",
              changes ? "changes with the height" : "the same at every height",
              Role.PADDING,
              "P",
              x,
              y0 + Title.HEIGHT));
      double small = Math.min(18, width / most);
      for (int n = 0; n < COMPARED; n++) {
        Axis each = axis.sized(axis.in() + n);
        double top = y0 + Title.HEIGHT + n * 46;
        scene.add(
            new Text(
                    "H = "
                        + each.in()
                        + " → "
                        + each.out()
                        + ": padding "
                        + each.before()
                        + " + "
                        + each.after(),
                    12,
                    Role.NEUTRAL)
                .at(x, top + 14));
        Grid strip =
            new Grid("s" + n, Role.INPUT, 1, each.padded(), small, new float[each.padded()])
                .origin(0, -each.before())
                .part(
                    "",
                    "input of " + each.in() + ", padding " + each.before() + " + " + each.after());
        for (int place = -each.before(); place < each.end(); place++) {
          boolean inside = place >= 0 && place < each.in();
          strip
              .label(0, place, "", inside ? "row " + place : "padding")
              .level(0, place, inside ? 3 : 0);
          if (!inside) {
            strip.mark(0, place, "padding");
          }
        }
        strip.place(scene, x, top + 20);
      }
    }
  }

  // ---- words

  /** {@code P = D(K − 1)/2} with numbers. */
  static String padding(Axis axis) {
    Formula live =
        SameConvolution.relation("·")
            .with(Map.of("D", String.valueOf(axis.dilation()), "w", String.valueOf(axis.kernel())));
    double half = axis.dilation() * (axis.kernel() - 1) / 2.0;
    return row(
            live,
            op("="),
            Formula.num(Num.decimal(half, 1)),
            half == Math.floor(half) ? Formula.word("") : Formula.word("\u00a0: no whole number"))
        .line();
  }

  private static String cells(double count) {
    double size = Math.abs(count);
    return size == 0.5 ? "half a cell" : Num.decimal(size, 1) + (size == 1 ? " cell" : " cells");
  }

  /** What the shift is, in words. */
  private String finding() {
    double shift = run.shift();
    String where = shift < 0 ? "the beginning" : "the end";
    if (axis.stride() > 1) {
      String stands = "the middle of the " + axis.stride() + " cells that its output stands for";
      return shift == 0
          ? "Every window is centred on " + stands + "."
          : "Every window is centred "
              + cells(shift)
              + " off "
              + stands
              + ", towards "
              + (shift < 0 ? "the end." : "the beginning.");
    }
    return shift == 0
        ? "No shift: "
            + axis.before()
            + " + "
            + axis.after()
            + " cells of padding leave every window centred on its output."
        : "Shift: "
            + cells(shift)
            + " towards "
            + where
            + ", since "
            + axis.before()
            + " + "
            + axis.after()
            + " cells of padding are uneven"
            + (run.layers() > 1 ? " in each of " + run.layers() + " layers." : ".");
  }

  private String mistake() {
    Same.Wrong wrong = run.wrong();
    String start =
        "⌊K/2⌋ = " + wrong.padding() + " on both sides gives " + wrong.size() + " outputs";
    if (wrong.size() != axis.out()) {
      return start + ", not " + axis.out() + ".";
    }
    return start
        + (wrong.difference() == 0
            ? " and the same values: right by luck."
            : ", as many as SAME, but its windows start elsewhere: on noise they differ by up to "
                + Num.decimal(wrong.difference(), 2)
                + ".");
  }

  private Prose caption() {
    Prose prose = new Prose();
    if (output != null) {
      int i = output.column();
      double centre = run.centre(i);
      prose
          .say(Role.OUTPUT, "y[" + i + "]")
          .say(" reads ")
          .say(Role.INPUT, Notes.reads(axis, i, "row"));
      return Double.isNaN(centre)
          ? prose.say(", padding among them.")
          : prose.say(
              ". Their mean is "
                  + Num.decimal(centre, 2)
                  + "; the output stands at "
                  + Num.decimal(run.standsAt(i), 2)
                  + ".");
    }
    double centre = run.centroid(impulse);
    prose.say("The impulse at ").say(Role.INPUT, "row " + impulse);
    if (Double.isNaN(centre)) {
      return prose.say(" is read by no window.");
    }
    prose.say(" comes out around ").say(Role.OUTPUT, Num.decimal(centre, 2)).say(". ");
    if (run.cutOff(impulse)) {
      prose.say("Part of its response is cut off at the edge, which moves the centre too. ");
    }
    return prose.say(run.mistake() ? mistake() : finding());
  }

  private String alt() {
    return "Kernel "
        + axis.kernel()
        + ", stride "
        + axis.stride()
        + ", dilation "
        + axis.dilation()
        + " on height "
        + axis.in()
        + ": SAME pads "
        + axis.before()
        + " + "
        + axis.after()
        + " and gives "
        + axis.out()
        + "; running it gives "
        + run.ran()
        + ". "
        + (run.mistake() ? mistake() : finding());
  }

  private String twin() {
    Twin twin = new Twin().say(caption().plain()).say(alt());
    twin.table("Response to the impulse", 1, axis.out(), y);
    List<List<String>> sizes = new ArrayList<>();
    for (int n = 0; n < COMPARED; n++) {
      Axis each = axis.sized(axis.in() + n);
      sizes.add(
          List.of(
              String.valueOf(each.in()),
              String.valueOf(each.out()),
              String.valueOf(each.before()),
              String.valueOf(each.after())));
    }
    twin.table("Padding by input height", List.of("H", "output", "before", "after"), sizes);
    Notes.windows(twin, "Windows along the height", axis, "row");
    return twin.toString();
  }
}
