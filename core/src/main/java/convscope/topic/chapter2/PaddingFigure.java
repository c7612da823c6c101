package convscope.topic.chapter2;

import static convscope.scene.Formula.index;
import static convscope.scene.Formula.num;
import static convscope.scene.Formula.op;
import static convscope.scene.Formula.paren;
import static convscope.scene.Formula.row;

import convscope.num.Num;
import convscope.op.PaddingMode;
import convscope.scene.Box;
import convscope.scene.Formula;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Line;
import convscope.scene.Markup;
import convscope.scene.Paragraph;
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.scene.Scene;
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

/** Draws a {@link Padded}: the border with its sources, and the outputs that depend on it. */
final class PaddingFigure {
  private static final double MARGIN = 14;

  private final Padded run;
  private final View view;
  private final @Nullable Cell pick;
  private final @Nullable Cell shown; // the padding cell whose source is shown
  private final @Nullable Cell output; // the output whose window is shown

  PaddingFigure(Padded run, View view) {
    this.run = run;
    this.view = view;
    Cell at = Cell.parse(view.pick());
    boolean input = at != null && at.grid().equals("in") && run.exists(at.row(), at.column());
    boolean out =
        at != null
            && (at.within("out", run.outHeight(), run.outWidth())
                || at.within("diff", run.outHeight(), run.outWidth()));
    pick = input || out ? at : null;
    output = out ? at : null;
    List<Cell> border = run.border();
    if (input && at != null) {
      shown = run.inside(at.row(), at.column()) ? null : at;
    } else {
      shown = out || border.isEmpty() ? null : border.get(view.step());
    }
  }

  Figure figure() {
    return new Figure(scene(), alt(), equation(), caption().html(), twin());
  }

  // ---- the drawing

  private Scene scene() {
    double room = view.width() - 2 * MARGIN;
    double side = view.narrow() ? room : 330;
    double main = view.narrow() ? room : room - side - 36;
    int columns = run.paddedWidth();
    if (run.mistake()) {
      columns =
          Math.max(run.spec().padLeft(), run.spec().padTop())
              + run.width()
              + Math.max(run.spec().padRight(), run.spec().padBottom());
    }
    Board board = new Board(Math.min(44, main / Math.max(columns, view.narrow() ? 1 : 7)));
    double cell = Math.min(34, side / Math.max(6, run.outWidth()));
    Grid out = grid("out", cell, run.y().data());
    out.title("output y", run.spec().mode().text())
        .part("y", "output y with " + run.spec().mode().text() + " padding");
    float[] differences = new float[run.y().size()];
    for (int n = 0; n < differences.length; n++) {
      differences[n] = run.difference(n / run.outWidth(), n % run.outWidth());
    }
    Grid diff = grid("diff", cell, differences);
    diff.title("difference", "to " + run.against().text())
        .part("y", "output y minus that with " + run.against().text() + " padding");
    Paragraph found = new Paragraph(comparison(), side, 13, Role.OUTPUT);
    Box outputs = Layout.column(12, out, diff, found);
    Scene scene =
        Scene.of(
            view.width(),
            MARGIN,
            view.narrow() ? Layout.column(18, board, outputs) : Layout.row(36, board, outputs));
    interior(scene, "inner/out", out);
    interior(scene, "inner/diff", diff);
    if (output != null) {
      scene.add(out.around("target", Role.OUTPUT, output.row(), output.column(), 1, 1));
      scene.add(diff.around("target/2", Role.OUTPUT, output.row(), output.column(), 1, 1));
    }
    return scene;
  }

  private Grid grid(String key, double cell, float[] values) {
    return new Grid(key, Role.OUTPUT, run.outHeight(), run.outWidth(), cell, values);
  }

  /** Around the outputs whose windows read no padding. */
  private void interior(Scene scene, String key, Grid grid) {
    int high = run.interior().height();
    int wide = run.interior().width();
    if (high > 0 && wide > 0) {
      double cell = grid.cellSize();
      scene.add(
          new Window(
              key,
              Role.NEUTRAL,
              "dashed",
              grid.left(run.spec().padLeft()),
              grid.top(run.spec().padTop()),
              wide * cell,
              high * cell));
    }
  }

  /** The padded input, and around it the size that mixed-up sides would give. */
  private final class Board implements Box {
    private final double cell;
    private final Grid grid;
    private final double rightward; // how far the mixed-up padding reaches beyond the right one
    private final double downward;

    Board(double cell) {
      this.cell = cell;
      grid = input(cell);
      rightward = run.mistake() ? beyond(run.spec().padTop() - run.spec().padLeft()) : 0;
      downward = run.mistake() ? beyond(run.spec().padLeft() - run.spec().padTop()) : 0;
    }

    private double beyond(int cells) {
      return Math.max(0, cells) * cell;
    }

    @Override
    public double width() {
      double extra = run.mistake() ? beyond(run.spec().padBottom() - run.spec().padRight()) : 0;
      return Math.max(grid.width() + rightward + extra, Title.width("input x", named()));
    }

    @Override
    public double height() {
      return Title.HEIGHT
          + grid.height()
          + downward
          + (run.mistake() ? beyond(run.spec().padRight() - run.spec().padBottom()) : 0);
    }

    @Override
    public void place(Scene scene, double x, double y) {
      double top = y + Title.HEIGHT;
      scene.add(Title.above("input x", named(), Role.INPUT, "x", x, top));
      grid.place(scene, x + rightward, top + downward);
      scene.add(
          new Window(
              "edge",
              Role.INPUT,
              "",
              grid.left(0),
              grid.top(0),
              run.width() * cell,
              run.height() * cell));
      if (run.mistake()) {
        scene.add(
            new Window(
                "mistake",
                Role.GRADIENT,
                "dashed",
                grid.left(-run.spec().padTop()),
                grid.top(-run.spec().padLeft()),
                run.mixedUp().width() * cell,
                run.mixedUp().height() * cell));
      }
      if (shown != null) {
        int r = run.sourceRow(shown.row());
        int c = run.sourceColumn(shown.column());
        if (r >= 0 && c >= 0) {
          scene.add(
              new Line(
                  "source",
                  Role.PADDING,
                  "",
                  grid.left(shown.column()) + cell / 2,
                  grid.top(shown.row()) + cell / 2,
                  grid.left(c) + cell / 2,
                  grid.top(r) + cell / 2));
        }
      }
      if (output != null) {
        scene.add(
            grid.around(
                "window",
                Role.KERNEL,
                output.row() - run.spec().padTop(),
                output.column() - run.spec().padLeft(),
                run.spec().kernelHeight(),
                run.spec().kernelWidth()));
      }
    }
  }

  private String named() {
    return run.height() + " × " + run.width() + ", " + run.spec().mode().text();
  }

  private Grid input(double cell) {
    int top = run.spec().padTop();
    int left = run.spec().padLeft();
    Grid grid =
        new Grid("in", Role.INPUT, run.paddedHeight(), run.paddedWidth(), cell, run.padded().data())
            .origin(-top, -left)
            .part("x", "input x with " + run.spec().mode().text() + " padding");
    for (Cell border : run.border()) {
      grid.mark(border.row(), border.column(), "padding");
    }
    if (shown != null) {
      grid.mark(shown.row(), shown.column(), "picked");
      grid.mark(run.sourceRow(shown.row()), run.sourceColumn(shown.column()), "linked");
    } else if (pick != null && pick.grid().equals("in")) {
      grid.mark(pick.row(), pick.column(), "picked");
      for (Cell border : run.border()) {
        if (run.copies(border.row(), border.column(), pick.row(), pick.column())) {
          grid.mark(border.row(), border.column(), "linked");
        }
      }
    }
    return grid;
  }

  // ---- words

  private String comparison() {
    int inner = run.interior().height() * run.interior().width();
    int outer = run.y().size() - inner;
    String edges =
        (run.changed() == outer ? "all " + outer : run.changed() + " of the " + outer)
            + " outputs that read padding differ";
    return inner == 0
        ? "Every output reads padding; " + edges
        : "Inside the dashes no window reads padding: largest difference "
            + Num.decimal(run.inside(), 6)
            + (run.inside() == 0 ? "\u00a0✓. " : "\u00a0✗. ")
            + "Outside, "
            + edges;
  }

  /** The place that a padding cell copies, step by step. */
  static String sources(Padded run, int row, int column) {
    PaddingMode mode = run.spec().mode();
    Markup html = new Markup();
    if (mode == PaddingMode.ZEROS) {
      String zero = row(cell(row, column, "pad"), op("="), num("0")).line();
      Derivation.steps(html, "source", List.of(zero));
    } else {
      Formula copy =
          row(
              cell(row, column, "pad"),
              op("="),
              cell(run.sourceRow(row), run.sourceColumn(column), ""),
              op("="),
              num(Num.cell(run.read(row, column))));
      Derivation.steps(
          html,
          "source",
          List.of(source(mode, row, run.height()), source(mode, column, run.width()), copy.line()));
    }
    return html.toString();
  }

  private static Formula cell(int row, int column, String script) {
    Formula x = Formula.sym("x", Role.INPUT);
    return row(
        script.isEmpty() ? x : Formula.sub(x, Formula.word(script)),
        op("["),
        num(Notes.number(row)),
        op(","),
        num(Notes.number(column)),
        op("]"));
  }

  private static String source(PaddingMode mode, int place, int size) {
    Formula p = num(Notes.number(place));
    Formula copied = num(Notes.number(mode.source(place, size)));
    Formula left = row(index("m"), op("("), p, op(")"), op("="));
    if (place >= 0 && place < size) {
      return row(left, copied).line();
    }
    Formula length = number(size, "x", Role.INPUT);
    Formula by = Padding.source(mode, place >= size, length, place < 0 ? paren(p) : p);
    return row(left, by, op("="), copied).line();
  }

  private String equation() {
    Cell at = shown != null ? shown : run.border().isEmpty() ? null : run.border().get(view.step());
    Markup html = new Markup();
    html.open("div").attr("class", "derivation");
    html.raw(at == null ? "" : sources(run, at.row(), at.column()));
    String height =
        axis(
            "H",
            run.height(),
            run.spec().padTop(),
            run.spec().padBottom(),
            run.spec().kernelHeight(),
            run.outHeight());
    String width =
        axis(
            "W",
            run.width(),
            run.spec().padLeft(),
            run.spec().padRight(),
            run.spec().kernelWidth(),
            run.outWidth());
    Derivation.steps(html, "size", List.of(height, width));
    return html.close().toString();
  }

  /** The output's size at stride 1, each side's padding on its own. */
  private static String axis(String letter, int size, int before, int after, int kernel, int out) {
    return row(
            Formula.sub(Formula.sym(letter, "y", Role.OUTPUT), Formula.word("out")),
            op("="),
            number(size, "x", Role.INPUT),
            op("+"),
            number(before, "P", Role.PADDING),
            op("+"),
            number(after, "P", Role.PADDING),
            op("−"),
            number(kernel, "w", Role.KERNEL),
            op("+"),
            num("1"),
            op("="),
            number(out, "y", Role.OUTPUT))
        .line();
  }

  private static Formula number(int value, String part, Role role) {
    return Formula.sym(part, role).with(Map.of(part, String.valueOf(value)));
  }

  private Prose caption() {
    Prose prose = new Prose();
    if (output != null) {
      return outputCaption(prose, output);
    }
    if (shown == null) {
      return pick == null ? prose.say("There is no padding; " + sizes()) : inside(prose, pick);
    }
    prose
        .say("The padding cell at ")
        .say(
            Role.PADDING,
            "row " + Notes.number(shown.row()) + ", column " + Notes.number(shown.column()));
    if (run.spec().mode() == PaddingMode.ZEROS) {
      prose.say(" reads 0: it comes from nowhere in the input. ");
    } else {
      prose
          .say(" is a copy of ")
          .say(
              Role.INPUT,
              "x["
                  + run.sourceRow(shown.row())
                  + ", "
                  + run.sourceColumn(shown.column())
                  + "] = "
                  + Num.cell(run.read(shown.row(), shown.column())))
          .say(". ");
    }
    return prose.say(run.mistake() ? mixedUp() : sizes());
  }

  private String sizes() {
    return "The padded input is "
        + run.paddedHeight()
        + " × "
        + run.paddedWidth()
        + ", the output "
        + run.outHeight()
        + " × "
        + run.outWidth()
        + ".";
  }

  private String mixedUp() {
    return "With the sides mixed up the padded input would be "
        + run.mixedUp().toString()
        + (run.mixedUp().height() == run.paddedHeight()
                && run.mixedUp().width() == run.paddedWidth()
            ? ": the same size by luck."
            : ", not " + run.paddedHeight() + " × " + run.paddedWidth() + ".");
  }

  private Prose inside(Prose prose, Cell cell) {
    int copies = 0;
    for (Cell border : run.border()) {
      copies += run.copies(border.row(), border.column(), cell.row(), cell.column()) ? 1 : 0;
    }
    return prose
        .say(Role.INPUT, "x[" + cell.row() + ", " + cell.column() + "]")
        .say(" is copied into ")
        .say(Role.PADDING, copies == 0 ? "no" : String.valueOf(copies))
        .say(" padding cell" + (copies == 1 ? "" : "s") + ". " + sizes());
  }

  private Prose outputCaption(Prose prose, Cell at) {
    int i = at.row();
    int j = at.column();
    int taps = 0;
    for (int u = 0; u < run.spec().kernelHeight(); u++) {
      for (int v = 0; v < run.spec().kernelWidth(); v++) {
        taps += run.inside(i - run.spec().padTop() + u, j - run.spec().padLeft() + v) ? 0 : 1;
      }
    }
    int all = run.spec().kernelHeight() * run.spec().kernelWidth();
    prose
        .say("The ")
        .say(Role.KERNEL, "window")
        .say(" of ")
        .say(Role.OUTPUT, "y[" + i + ", " + j + "]")
        .say(" reads ")
        .say(Role.PADDING, taps + " padding cells")
        .say(" of " + all + ". ");
    int n = i * run.outWidth() + j;
    String value = Num.cell(run.y().data()[n]);
    if (taps == 0) {
      return prose.say("Whatever the mode, it is " + value + ".");
    }
    return run.difference(i, j) == 0
        ? prose.say("Both modes give " + value + ".")
        : prose.say(
            run.spec().mode().text()
                + " gives "
                + value
                + ", "
                + run.against().text()
                + " "
                + Num.cell(run.other().data()[n])
                + ".");
  }

  private String alt() {
    return "Input "
        + run.height()
        + " × "
        + run.width()
        + " padded with "
        + run.spec().padTop()
        + " above, "
        + run.spec().padBottom()
        + " below, "
        + run.spec().padLeft()
        + " left and "
        + run.spec().padRight()
        + " right, "
        + run.spec().mode().text()
        + "; compared with "
        + run.against().text()
        + ". "
        + comparison()
        + (run.mistake() ? ". " + mixedUp() : ".");
  }

  private String twin() {
    Twin twin = new Twin().say(caption().plain()).say(alt());
    twin.say(
        "Padding first and convolving then gives the same: largest difference "
            + Num.decimal(run.twoWays(), 6)
            + ".");
    sources(
        twin,
        "Where the padding rows come from",
        "row",
        run.height(),
        run.spec().padTop(),
        run.spec().padBottom());
    sources(
        twin,
        "Where the padding columns come from",
        "column",
        run.width(),
        run.spec().padLeft(),
        run.spec().padRight());
    twin.table("Padded input", run.paddedHeight(), run.paddedWidth(), run.padded().data());
    twin.table(
        "Output, " + run.spec().mode().text(), run.outHeight(), run.outWidth(), run.y().data());
    twin.table(
        "Output, " + run.against().text(), run.outHeight(), run.outWidth(), run.other().data());
    return twin.toString();
  }

  private void sources(Twin twin, String name, String unit, int size, int before, int after) {
    List<List<String>> rows = new ArrayList<>();
    for (int place = -before; place < size + after; place++) {
      if (place < 0 || place >= size) {
        int source = run.spec().mode().source(place, size);
        rows.add(List.of(Notes.number(place), source < 0 ? "zeros" : unit + " " + source));
      }
    }
    if (!rows.isEmpty()) {
      twin.table(name, List.of(unit, "copy of"), rows);
    }
  }
}
