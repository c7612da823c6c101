package convscope.topic.chapter2;

import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.op.PaddingMode;
import convscope.op.Window;
import convscope.scene.Equation;
import convscope.scene.Formula;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Line;
import convscope.scene.Mark;
import convscope.scene.Markup;
import convscope.scene.Panel;
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Twin;
import convscope.tensor.Tensor;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.Sliding;
import convscope.topic.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Draws a {@link Padded}: the border with its sources, and the outputs that depend on it. The
 * window is that of the output under the pointer, or the first that reads the cell on show.
 */
final class PaddingFigure {
  private final Padded run;
  private final Axis h;
  private final Axis w;
  private final String mode;
  private final List<Cell> border;
  private final @Nullable Cell picked; // a cell of the input, without its padding
  private final @Nullable Cell shown; // the padding cell whose source is shown
  private final boolean output; // whether an output is picked
  private final Sliding at;

  PaddingFigure(Padded run, View view) {
    this.run = run;
    h = run.h();
    w = run.w();
    mode = run.spec().mode().text();
    border = run.border();
    Cell pick = Cell.parse(view.pick());
    Cell on = pick != null && pick.grid().equals("in") ? pick : null;
    Cell input = on != null && h.exists(on.row()) && w.exists(on.column()) ? on : null;
    output =
        view.cell("out", h.out(), w.out()) != null || view.cell("diff", h.out(), w.out()) != null;
    picked = input != null && run.inside(input.row(), input.column()) ? input : null;
    Cell step = border.isEmpty() ? null : border.get(view.step());
    shown = picked != null || output ? null : input != null ? input : step;
    Cell read = picked != null ? picked : shown;
    int row = read == null ? 0 : h.window().readers(read.row(), h.out())[0];
    int column = read == null ? 0 : w.window().readers(read.column(), w.out())[0];
    at = Sliding.still(run.input(), run.spec(), view, row, column);
  }

  Figure figure() {
    return Figure.of(scene(), equation(), caption());
  }

  // ---- the drawing

  private Scene scene() {
    Grid x = input();
    Panel kernel = at.kernel("kernel w", run.kernel());
    Panel y = map("out", "output y", mode, run.y());
    Panel diff = map("diff", "difference", "to " + run.against().text(), run.difference());
    Scene scene =
        at.scene(
            Layout.row(26, x, kernel, Layout.stack(10, y, diff)),
            Layout.row(20, Layout.stack(8, x, kernel), Layout.stack(8, y, diff)),
            Layout.column(6, Layout.row(12, x, kernel), Layout.row(12, y, diff)),
            Layout.column(6, x, Layout.row(12, kernel, y), diff));
    return shown == null ? scene : scene.addAbove(new Source(run, x, shown));
  }

  /** A map of one value an output; those whose windows read no padding are within dashes. */
  private Panel map(String key, String title, String more, Tensor values) {
    int top = h.window().padBefore();
    int left = w.window().padBefore();
    int high = h.in() - h.window().kernel() + 1;
    int wide = w.in() - w.window().kernel() + 1;
    Panel map = at.map(key, Role.OUTPUT, title, values).part("y", title + " " + more);
    map.title(title, more).outline("target/" + key, Role.OUTPUT, "", at.i, at.j, 1, 1);
    return high < 1 || wide < 1
        ? map
        : map.outline("inner/" + key, Role.NEUTRAL, "dashed", top, left, high, wide);
  }

  /** The padded input, and around it the room that mixed-up sides would take. */
  private Grid input() {
    Conv2d.Spec spec = run.spec();
    Grid grid =
        ((Grid) at.input())
            .title("input x", run.input().size() + " → " + run.size(spec))
            .outline("edge", Role.INPUT, "", 0, 0, h.in(), w.in());
    for (Cell cell : border) {
      if (picked != null && run.copies(cell, picked.row(), picked.column())) {
        grid.mark(cell.row(), cell.column(), "linked");
      }
    }
    if (shown != null) {
      grid.mark(shown.row(), shown.column(), "picked");
      grid.mark(run.sourceRow(shown.row()), run.sourceColumn(shown.column()), "linked");
    }
    if (run.mistake()) {
      int down = spec.padLeft() - spec.padTop(); // how much further the mixed-up sides reach
      int across = spec.padRight() - spec.padBottom();
      Window rows = run.mixedUp().vertical();
      Window columns = run.mixedUp().horizontal();
      int high = rows.padded(h.in());
      int wide = columns.padded(w.in());
      grid.around(Math.max(0, down), Math.max(0, -down), Math.max(0, across), Math.max(0, -across))
          .outline("mistake", Role.GRADIENT, "dashed", rows.start(0), columns.start(0), high, wide);
    }
    return grid;
  }

  /** The way from a padding cell to the cell that it copies, beside the numbers of others. */
  private record Source(Padded run, Panel grid, Cell cell) implements Mark {
    @Override
    public void write(Markup out) {
      int row = run.sourceRow(cell.row());
      int column = run.sourceColumn(cell.column());
      if (row >= 0) {
        double x = grid.left(side(cell.column(), column));
        double y = grid.top(side(row, cell.row()));
        double from = grid.top(side(cell.row(), row));
        double to = grid.left(side(column, cell.column()));
        new Line("source/rows", Role.NEUTRAL, "", x, from, x, y).write(out);
        new Line("source/columns", Role.NEUTRAL, "", x, y, to, y).write(out);
      }
    }

    /**
     * Just inside the edge of a place that is nearer to another, so that it is beside its number.
     */
    private static double side(int place, int other) {
      return place + (other > place ? 0.92 : 0.08);
    }

    /** Where each padding row and column comes from. */
    @Override
    public void tell(Twin twin) {
      for (Axis axis : List.of(run.h(), run.w())) {
        for (int place = axis.window().start(0); place < axis.end(); place++) {
          int source = run.spec().mode().source(place, axis.in());
          String unit = axis.unit() + " ";
          if (source >= 0 && !axis.inside(place)) {
            twin.say("Padding " + unit + Num.value(place) + " copies " + unit + source + ".");
          }
        }
      }
    }

    @Override
    public String toString() {
      return "Source";
    }
  }

  // ---- words

  /** The place that a padding cell copies, step by step. */
  static String sources(Padded run, int row, int column) {
    return Equation.lines(true, List.of(steps(run, row, column)));
  }

  private static List<Formula> steps(Padded run, int row, int column) {
    PaddingMode mode = run.spec().mode();
    String left = Num.at("x_{'pad'}", row, column) + " = ";
    String source = Num.at("x", run.sourceRow(row), run.sourceColumn(column));
    return mode == PaddingMode.ZEROS
        ? List.of(Formula.of(left + "0"))
        : List.of(
            source(mode, row, run.input().height()),
            source(mode, column, run.input().width()),
            Formula.of(left + source + " = " + Num.cell(run.read(row, column))));
  }

  /** {@code m(−1) = −(−1) = 1}. */
  private static Formula source(PaddingMode mode, int place, int size) {
    String p = Num.value(place);
    String rule = Padding.source(mode, place >= size, place < 0 ? "(" + p + ")" : p);
    String source = String.valueOf(mode.source(place, size));
    boolean plain = rule.equals(source) || (place >= 0 && place < size);
    return Formula.of(
        "m(" + p + ") = " + (plain ? "" : rule + " = ") + source, "H:input:x:" + size);
  }

  /** The source of the step's padding cell, and the output's size with each side's padding. */
  private String equation() {
    List<Formula> sizes = List.of(out("H", h), out("W", w));
    return shown == null
        ? Equation.lines(false, List.of(sizes))
        : Equation.lines(false, List.of(steps(run, shown.row(), shown.column()), sizes));
  }

  /** The output's size at stride 1. */
  private static Formula out(String letter, Axis axis) {
    return Formula.of(
        letter + "_{'out'} = x + p + q − w + 1 = y",
        letter + ":output:y",
        "x:input:x:" + axis.in(),
        "p:padding:P:" + axis.window().padBefore(),
        "q:padding:P:" + axis.window().padAfter(),
        "w:kernel:w:" + axis.window().kernel(),
        "y:output:y:" + axis.out());
  }

  private Prose caption() {
    Prose prose = new Prose();
    if (output) {
      return outputs(prose);
    }
    if (shown != null) {
      int row = run.sourceRow(shown.row());
      String source = Num.at("x", row, run.sourceColumn(shown.column()));
      prose.add("The padding cell at [padding {}]", Num.place(shown.row(), shown.column()));
      if (row < 0) {
        prose.add(" reads 0: it comes from nowhere in the input. ");
      } else {
        String value = Num.cell(run.read(shown.row(), shown.column()));
        prose.add(" is a copy of [input {} = {}]. ", source, value);
      }
    } else if (picked != null) {
      int copies = 0;
      for (Cell cell : border) {
        copies += run.copies(cell, picked.row(), picked.column()) ? 1 : 0;
      }
      String name = Num.at("x", picked.row(), picked.column());
      prose.add("[input {}] is copied into [padding {padding cell}]. ", name, copies);
    }
    if (run.mistake()) {
      String right = run.size(run.spec());
      String wrong = run.size(run.mixedUp());
      return prose.add(
          "With the sides mixed up the padded input would be [gradient {}]{}.",
          wrong,
          wrong.equals(right) ? ", the same size by luck" : ", not " + right);
    }
    int outer = run.count(false, false);
    int changed = run.count(false, true);
    if (outer == 0) {
      return prose.add("No window reads padding, so the mode does not matter.");
    }
    if (run.spec().mode() == run.against()) {
      return prose.add("Both modes are {}: choose another to compare with.", mode);
    }
    prose.add(
        run.count(true, false) == 0
            ? "Every output reads padding: "
            : "Inside the dashes no window reads padding, and both modes agree exactly; outside, ");
    String differ = changed == outer ? "all " + outer : changed + " of " + outer;
    return prose.add("{} differ between {} and {}.", differ, mode, run.against().text());
  }

  private Prose outputs(Prose prose) {
    int padding = run.paddingRead(at.i, at.j);
    int all = run.kernel().size();
    String value = Num.cell(run.y().at(0, 0, at.i, at.j));
    String other = Num.cell(run.other().at(0, 0, at.i, at.j));
    prose.add("The [kernel window] of [output {}] reads ", at.name());
    prose.add("[padding {padding cell}] of {}. ", padding, all);
    return padding == 0
        ? prose.add("Whatever the mode, it is {}.", value)
        : value.equals(other)
            ? prose.add("Both modes give {}.", value)
            : prose.add("{} gives {}, {} {}.", mode, value, run.against().text(), other);
  }
}
