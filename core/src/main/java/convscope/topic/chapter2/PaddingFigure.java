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
  private final List<Cell> border;
  private final @Nullable Cell picked; // a cell of the input, without its padding
  private final @Nullable Cell shown; // the padding cell whose source is shown
  private final boolean output; // whether an output is picked
  private final Sliding at;

  PaddingFigure(Padded run, View view) {
    this.run = run;
    border = run.border();
    Cell pick = Cell.parse(view.pick());
    int high = run.y().dim(2);
    int wide = run.y().dim(3);
    boolean input =
        pick != null && pick.grid().equals("in") && run.exists(pick.row(), pick.column());
    output = view.cell("out", high, wide) != null || view.cell("diff", high, wide) != null;
    picked = input && run.inside(pick.row(), pick.column()) ? pick : null;
    Cell step = border.isEmpty() ? null : border.get(view.step());
    shown = picked != null || output ? null : input ? pick : step;
    Cell read = picked != null ? picked : shown;
    int row = read == null ? 0 : run.rows().readers(read.row(), high)[0];
    int column = read == null ? 0 : run.columns().readers(read.column(), wide)[0];
    at = Sliding.still(run.input(), run.spec(), view, row, column);
  }

  Figure figure() {
    return Figure.of(scene(), equation(), caption());
  }

  // ---- the drawing

  private Scene scene() {
    String mode = run.spec().mode().text();
    Grid x = input();
    Panel w = at.kernel("kernel w", run.kernel());
    Panel y = map("out", "output y", mode, run.y());
    Panel diff = map("diff", "difference", "to " + run.against().text(), run.difference());
    Scene scene =
        at.scene(
            Layout.row(26, x, w, Layout.column(10, y, diff)),
            Layout.row(20, Layout.column(8, x, w), Layout.column(8, y, diff)),
            Layout.column(6, Layout.row(12, x, w), Layout.row(12, y, diff)),
            Layout.column(6, x, Layout.row(12, w, y), diff));
    return shown == null ? scene : scene.addAbove(new Source(run, x, shown));
  }

  /** A map of one value an output; those whose windows read no padding are within dashes. */
  private Panel map(String key, String title, String more, Tensor values) {
    Panel map =
        at.map(key, Role.OUTPUT, title, values)
            .title(title, more)
            .part("y", title + " " + more)
            .outline("target/" + key, Role.OUTPUT, "", at.i, at.j, 1, 1);
    int high = run.height() - run.rows().kernel() + 1;
    int wide = run.width() - run.columns().kernel() + 1;
    return high < 1 || wide < 1
        ? map
        : map.outline(
            "inner/" + key,
            Role.NEUTRAL,
            "dashed",
            run.spec().padTop(),
            run.spec().padLeft(),
            high,
            wide);
  }

  /** The padded input, and around it the room that mixed-up sides would take. */
  private Grid input() {
    Conv2d.Spec spec = run.spec();
    Grid grid =
        ((Grid) at.input())
            .title("input x", run.input().size() + " → " + size(run, spec))
            .outline("edge", Role.INPUT, "", 0, 0, run.height(), run.width());
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
      Conv2d.Spec wrong = run.mixedUp();
      grid.around(
          Math.max(0, wrong.padTop() - spec.padTop()),
          Math.max(0, wrong.padLeft() - spec.padLeft()),
          Math.max(0, wrong.padBottom() - spec.padBottom()),
          Math.max(0, wrong.padRight() - spec.padRight()));
      grid.outline(
          "mistake",
          Role.GRADIENT,
          "dashed",
          -wrong.padTop(),
          -wrong.padLeft(),
          wrong.vertical().padded(run.height()),
          wrong.horizontal().padded(run.width()));
    }
    return grid;
  }

  /** The way from a padding cell to the cell that it copies, beside the numbers of others. */
  private record Source(Padded run, Panel grid, Cell cell) implements Mark {
    @Override
    public void write(Markup out) {
      int row = run.sourceRow(cell.row());
      int column = run.sourceColumn(cell.column());
      if (row < 0 || (row == cell.row() && column == cell.column())) {
        return;
      }
      double x = grid.left(side(cell.column(), column));
      double y = grid.top(side(row, cell.row()));
      double from = grid.top(side(cell.row(), row));
      double to = grid.left(side(column, cell.column()));
      new Line("source/rows", Role.PADDING, "", x, from, x, y).write(out);
      new Line("source/columns", Role.PADDING, "", x, y, to, y).write(out);
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
      if (run.spec().mode() != PaddingMode.ZEROS) {
        twin.say("Padding rows: " + copied(run.rows(), run.height()) + ".");
        twin.say("Padding columns: " + copied(run.columns(), run.width()) + ".");
      }
    }

    private String copied(Window window, int size) {
      StringBuilder out = new StringBuilder();
      for (int place = -window.padBefore(); place < size + window.padAfter(); place++) {
        if (place < 0 || place >= size) {
          out.append(out.isEmpty() ? "" : ", ").append(Num.value(place)).append(" copies ");
          out.append(run.spec().mode().source(place, size));
        }
      }
      return out.isEmpty() ? "none" : out.toString();
    }

    @Override
    public String toString() {
      return "Source";
    }
  }

  // ---- words

  /** The size of the padded input. */
  static String size(Padded run, Conv2d.Spec spec) {
    return Num.size(spec.vertical().padded(run.height()), spec.horizontal().padded(run.width()));
  }

  /** The place that a padding cell copies, step by step. */
  static String sources(Padded run, int row, int column) {
    return Equation.lines(true, List.of(steps(run, row, column)));
  }

  private static List<Formula> steps(Padded run, int row, int column) {
    PaddingMode mode = run.spec().mode();
    String left = "x_{'pad'}" + place(row, column) + " = ";
    String value = Num.cell(run.read(row, column));
    return mode == PaddingMode.ZEROS
        ? List.of(Formula.of(left + "0"))
        : List.of(
            source(mode, row, run.height()),
            source(mode, column, run.width()),
            Formula.of(
                left + "x" + place(run.sourceRow(row), run.sourceColumn(column)) + " = " + value));
  }

  private static String place(int row, int column) {
    return "[" + Num.value(row) + "," + Num.value(column) + "]";
  }

  /** {@code m(−1) = −(−1) = 1}. */
  private static Formula source(PaddingMode mode, int place, int size) {
    String p = Num.value(place);
    String by = Padding.source(mode, place >= size, place < 0 ? "(" + p + ")" : p) + " = ";
    boolean inside = place >= 0 && place < size;
    return Formula.of(
        "m(" + p + ") = " + (inside ? "" : by) + mode.source(place, size), "H:input:x:" + size);
  }

  /** The source of the step's padding cell, and the output's size with each side's padding. */
  private String equation() {
    List<Formula> sizes =
        List.of(
            out("H", run.rows(), run.height(), run.y().dim(2)),
            out("W", run.columns(), run.width(), run.y().dim(3)));
    return shown == null
        ? Equation.lines(false, List.of(sizes))
        : Equation.lines(false, List.of(steps(run, shown.row(), shown.column()), sizes));
  }

  /** The output's size at stride 1. */
  private static Formula out(String letter, Window window, int size, int out) {
    return Formula.of(
        letter + "_{'out'} = x + p + q − w + 1 = y",
        letter + ":output:y",
        "x:input:x:" + size,
        "p:padding:P:" + window.padBefore(),
        "q:padding:P:" + window.padAfter(),
        "w:kernel:w:" + window.kernel(),
        "y:output:y:" + out);
  }

  private Prose caption() {
    if (output) {
      return outputCaption();
    }
    String mode = run.spec().mode().text();
    Prose prose = new Prose();
    if (shown != null) {
      int row = run.sourceRow(shown.row());
      int column = run.sourceColumn(shown.column());
      prose.add(
          "The padding cell at [padding row {}, column {}]",
          Num.value(shown.row()),
          Num.value(shown.column()));
      if (row < 0) {
        prose.add(" reads 0: it comes from nowhere in the input. ");
      } else {
        String value = Num.cell(run.read(shown.row(), shown.column()));
        prose.add(" is a copy of [input {} = {}]. ", Num.at("x", row, column), value);
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
      String right = size(run, run.spec());
      String wrong = size(run, run.mixedUp());
      return prose.add(
          "With the sides mixed up the padded input would be [gradient {}]{}.",
          wrong,
          wrong.equals(right) ? ", the same size by luck" : ", not " + right);
    }
    int outer = run.count(false, false);
    int changed = run.count(false, true);
    return outer == 0
        ? prose.add("No window reads padding, so the mode does not matter.")
        : run.spec().mode() == run.against()
            ? prose.add("Both modes are {}: choose another to compare with.", mode)
            : prose.add(
                "{}{} differ between {} and {}.",
                run.count(true, false) == 0
                    ? "Every output reads padding: "
                    : "Inside the dashes no window reads padding, and both modes agree exactly;"
                        + " outside, ",
                changed == outer ? "all " + outer : changed + " of " + outer,
                mode,
                run.against().text());
  }

  private Prose outputCaption() {
    int padding = run.paddingRead(at.i, at.j);
    Prose prose =
        Prose.of(
            "The [kernel window] of [output {}] reads [padding {padding cell}] of {}. ",
            at.name(),
            padding,
            run.kernel().size());
    String value = Num.cell(run.y().at(0, 0, at.i, at.j));
    String other = Num.cell(run.other().at(0, 0, at.i, at.j));
    return padding == 0
        ? prose.add("Whatever the mode, it is {}.", value)
        : value.equals(other)
            ? prose.add("Both modes give {}.", value)
            : prose.add(
                "{} gives {}, {} {}.",
                run.spec().mode().text(),
                value,
                run.against().text(),
                other);
  }
}
