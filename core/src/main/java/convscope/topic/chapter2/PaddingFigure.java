package convscope.topic.chapter2;

import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.op.PaddingMode;
import convscope.op.Window;
import convscope.scene.Cells;
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
import convscope.topic.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Draws a {@link Padded}: the border with its sources, and the outputs that depend on it. */
final class PaddingFigure {
  private final Padded run;
  private final View view;
  private final Cells cells = Cells.pixels(38);
  private final List<Cell> border;
  private final @Nullable Cell pick; // an input cell or an output
  private final @Nullable Cell shown; // the padding cell whose source is shown
  private final @Nullable Cell output; // the output whose window is shown

  PaddingFigure(Padded run, View view) {
    this.run = run;
    this.view = view;
    border = run.border();
    Cell at = Cell.parse(view.pick());
    boolean input = at != null && at.grid().equals("in") && run.exists(at.row(), at.column());
    boolean out =
        at != null
            && (at.within("out", run.y().dim(2), run.y().dim(3))
                || at.within("diff", run.y().dim(2), run.y().dim(3)));
    pick = input || out ? at : null;
    output = out ? at : null;
    if (input && at != null) {
      shown = run.inside(at.row(), at.column()) ? null : at;
    } else {
      shown = out || border.isEmpty() ? null : border.get(view.step());
    }
  }

  Figure figure() {
    return Figure.of(scene(), equation(), caption());
  }

  // ---- the drawing

  private Scene scene() {
    String mode = run.spec().mode().text();
    Grid x = input();
    Panel w =
        new Grid("k", Role.KERNEL, run.rows().kernel(), run.columns().kernel(), cells, kernel())
            .title("kernel w", "")
            .part("w", "kernel w");
    Panel y = map("out", run.y()).title("output y", mode).part("y", "output y with " + mode);
    Panel diff =
        map("diff", run.difference())
            .title("difference", "to " + run.against().text())
            .part("y", "output y minus that with " + run.against().text());
    Scene scene =
        cells.fit(
            view.stage(),
            Layout.row(26, x, w, Layout.column(10, y, diff)),
            Layout.row(20, Layout.column(8, x, w), Layout.column(8, y, diff)),
            Layout.column(6, Layout.row(12, x, w), Layout.row(12, y, diff)),
            Layout.column(6, x, Layout.row(12, w, y), diff));
    return shown == null ? scene : scene.addAbove(new Source(run, x, shown));
  }

  private float[] kernel() {
    return run.kernel().data();
  }

  /** A map of one value an output; those whose windows read no padding are within dashes. */
  private Panel map(String key, Tensor values) {
    int high = run.y().dim(2);
    int wide = run.y().dim(3);
    Grid grid = new Grid(key, Role.OUTPUT, high, wide, cells, values.data());
    int innerHigh = run.height() - run.rows().kernel() + 1;
    int innerWide = run.width() - run.columns().kernel() + 1;
    if (innerHigh > 0 && innerWide > 0) {
      int top = run.spec().padTop();
      int left = run.spec().padLeft();
      grid.outline("inner/" + key, Role.NEUTRAL, "dashed", top, left, innerHigh, innerWide);
    }
    if (output != null) {
      grid.outline("target/" + key, Role.OUTPUT, "", output.row(), output.column(), 1, 1);
    }
    return grid;
  }

  /** The padded input, and around it the room that mixed-up sides would take. */
  private Grid input() {
    Conv2d.Spec spec = run.spec();
    Conv2d.Spec wrong = run.mistake() ? run.mixedUp() : spec;
    int top = Math.max(spec.padTop(), wrong.padTop());
    int left = Math.max(spec.padLeft(), wrong.padLeft());
    int high = top + run.height() + Math.max(spec.padBottom(), wrong.padBottom());
    int wide = left + run.width() + Math.max(spec.padRight(), wrong.padRight());
    float[] values = new float[high * wide];
    for (int n = 0; n < values.length; n++) {
      int r = n / wide - top;
      int c = n % wide - left;
      values[n] = run.exists(r, c) ? run.read(r, c) : 0;
    }
    Grid grid =
        new Grid("in", Role.INPUT, high, wide, cells, values)
            .origin(-top, -left)
            .title("input x", Num.size(run.height(), run.width()) + " → " + size(run, spec))
            .part("x", "input x with " + spec.mode().text() + " padding")
            .outline("edge", Role.INPUT, "", 0, 0, run.height(), run.width());
    for (int n = 0; n < values.length; n++) {
      if (!run.exists(n / wide - top, n % wide - left)) {
        grid.frameless().omit(n / wide - top, n % wide - left);
      }
    }
    for (Cell cell : border) {
      grid.mark(cell.row(), cell.column(), "padding");
      if (shown == null && pick != null && run.copies(cell, pick.row(), pick.column())) {
        grid.mark(cell.row(), cell.column(), output == null ? "linked" : "padding");
      }
    }
    if (run.mistake()) {
      int wrongHigh = run.height() + wrong.padTop() + wrong.padBottom();
      int wrongWide = run.width() + wrong.padLeft() + wrong.padRight();
      int row = -wrong.padTop();
      int column = -wrong.padLeft();
      grid.outline("mistake", Role.GRADIENT, "dashed", row, column, wrongHigh, wrongWide);
    }
    if (shown != null) {
      grid.mark(shown.row(), shown.column(), "picked");
      grid.mark(run.sourceRow(shown.row()), run.sourceColumn(shown.column()), "linked");
    } else if (output != null) {
      Window rows = run.rows();
      int row = rows.start(output.row());
      int column = run.columns().start(output.column());
      grid.outline("window", Role.KERNEL, "", row, column, rows.kernel(), run.columns().kernel());
    } else if (pick != null) {
      grid.mark(pick.row(), pick.column(), "picked");
    }
    return grid;
  }

  /** A line from a padding cell to the cell that it copies, between their edges. */
  private record Source(Padded run, Panel grid, Cell cell) implements Mark {
    @Override
    public void write(Markup out) {
      double down = run.sourceRow(cell.row()) - cell.row();
      double across = run.sourceColumn(cell.column()) - cell.column();
      if (run.spec().mode() == PaddingMode.ZEROS) {
        return;
      }
      double half = 0.5 / Math.max(Math.abs(down), Math.abs(across)); // of the way, in a cell
      double x = cell.column() + 0.5;
      double y = cell.row() + 0.5;
      new Line(
              "source",
              Role.PADDING,
              "thin",
              grid.left(x + half * across),
              grid.top(y + half * down),
              grid.left(x + (1 - half) * across),
              grid.top(y + (1 - half) * down))
          .write(out);
    }

    /** Where each padding row and column comes from. */
    @Override
    public void tell(Twin twin) {
      if (run.spec().mode() != PaddingMode.ZEROS) {
        twin.say("Padding rows:" + copied(run.rows(), run.height()) + ".");
        twin.say("Padding columns:" + copied(run.columns(), run.width()) + ".");
      }
    }

    private String copied(Window window, int size) {
      StringBuilder out = new StringBuilder();
      for (int place = -window.padBefore(); place < size + window.padAfter(); place++) {
        if (place < 0 || place >= size) {
          out.append(out.isEmpty() ? " " : ", ").append(Num.value(place)).append(" copies ");
          out.append(run.spec().mode().source(place, size));
        }
      }
      return out.isEmpty() ? " none" : out.toString();
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
    Cell at = shown != null || border.isEmpty() ? shown : border.get(view.step());
    List<Formula> sizes =
        List.of(
            out("H", run.rows(), run.height(), run.y().dim(2)),
            out("W", run.columns(), run.width(), run.y().dim(3)));
    return at == null
        ? Equation.lines(false, List.of(sizes))
        : Equation.lines(false, List.of(steps(run, at.row(), at.column()), sizes));
  }

  /** The output's size at stride 1. */
  private static Formula out(String letter, Window window, int size, int out) {
    return Formula.row(
        Formula.of(letter + "_{'out'} =", letter + ":output:y"),
        Formula.of(
            "x + p + q − w + 1 = y",
            "x:input:x:" + size,
            "p:padding:P:" + window.padBefore(),
            "q:padding:P:" + window.padAfter(),
            "w:kernel:w:" + window.kernel(),
            "y:output:y:" + out));
  }

  private Prose caption() {
    if (output != null) {
      return outputCaption(output.row(), output.column());
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
    } else if (pick != null) {
      int copies = 0;
      for (Cell cell : border) {
        copies += run.copies(cell, pick.row(), pick.column()) ? 1 : 0;
      }
      String name = Num.at("x", pick.row(), pick.column());
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
    if (outer == 0) {
      return prose.add("No window reads padding, so the mode does not matter.");
    }
    prose.add(
        run.count(true, false) == 0
            ? "Every output reads padding: "
            : run.count(true, true) == 0
                ? "Inside the dashes no window reads padding, and both modes agree exactly; outside, "
                : "Inside the dashes the modes differ; outside, ");
    int changed = run.count(false, true);
    return prose.add(
        "{} differ between {} and {}.",
        changed == outer ? "all " + outer : changed + " of " + outer,
        mode,
        run.against().text());
  }

  private Prose outputCaption(int i, int j) {
    int padding = run.paddingRead(i, j);
    Prose prose =
        Prose.of(
            "The [kernel window] of [output {}] reads [padding {padding cell}] of {}. ",
            Num.at("y", i, j),
            padding,
            run.rows().kernel() * run.columns().kernel());
    String value = Num.cell(run.y().at(0, 0, i, j));
    String other = Num.cell(run.other().at(0, 0, i, j));
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
