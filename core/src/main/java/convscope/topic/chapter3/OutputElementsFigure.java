package convscope.topic.chapter3;

import convscope.param.Pair;
import convscope.scene.Bars;
import convscope.scene.Box;
import convscope.scene.Cells;
import convscope.scene.Equation;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Text;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.View;
import org.jspecify.annotations.Nullable;

/**
 * Draws {@link Activations}: input and output as blocks, and which tensors are in memory while each
 * layer runs, or the bytes in bars.
 */
final class OutputElementsFigure {
  private final Activations found;
  private final View view;
  private final int moment;
  private final int last;
  private final Cells cells = Cells.of(44);
  private final @Nullable Cell pick;

  OutputElementsFigure(Activations found, View view) {
    this.found = found;
    this.view = view;
    last = found.last();
    moment = view.step();
    Cell cell = Cell.parse(view.pick());
    boolean known = cell != null && cell.within(cell.grid(), last + 1, last + 1);
    pick = known && !found.amounts() ? cell : null;
  }

  Figure figure() {
    Equation equation =
        Equation.of("")
            .say(
                OutputElements.COUNT.with(
                    "N", found.batch(),
                    "C_out", found.outChannels(),
                    "H_out", found.out().height(),
                    "W_out", found.out().width()))
            .say(
                " = {} elements of {byte}: [output {}]",
                found.elements(),
                found.bytesEach(),
                Bytes.text(found.elements() * found.bytesEach()));
    return Figure.of(scene(), equation, caption());
  }

  private Scene scene() {
    Box x = block("input x", "x", Role.INPUT, found.inChannels(), found.size());
    Box y = block("output y", "C_out", Role.OUTPUT, found.outChannels(), found.out());
    Text note = new Text("one of {} images drawn".replace("{}", "" + found.batch()), 11, "label");
    Box beside = Layout.column(10, x, y, note);
    Box above = Layout.column(4, Layout.row(30, x, y), note);
    if (found.amounts()) {
      return cells.fit(
          view.stage(),
          view.narrow()
              ? Layout.column(14, above, bars(view.width() - 24))
              : Layout.row(24, beside, bars(484)));
    }
    Box forward = new Alive("fwd", "forward only", Role.OUTPUT, false);
    Box training = new Alive("train", "training", Role.GRADIENT, true);
    Box both = Layout.row(view.narrow() ? 4 : 20, forward, training);
    return cells.fit(view.stage(), Layout.row(20, beside, both), Layout.column(16, above, both));
  }

  private Box block(String name, String part, Role role, int channels, Pair side) {
    int most = Math.max(found.size().height(), found.size().width());
    most = Math.max(most, Math.max(found.out().height(), found.out().width()));
    double unit = (view.narrow() ? 50.0 : 64) / most;
    return Blocks.of(
        view, name, part, role, unit, "", found.batch(), channels, side.height(), side.width());
  }

  /** Tensors as rows, moments as columns: which tensor is in memory when, and the sums. */
  private final class Alive implements Box {
    private static final double ABOVE = 38;
    private static final double BELOW = 20;

    private final String title;
    private final Role role;
    private final boolean training;
    private final double names;
    private final int unit;
    private final Grid grid;

    Alive(String key, String title, Role role, boolean training) {
      this.role = role;
      this.training = training;
      names = training ? 0 : Text.width("ReLU output", 11) + 6;
      long most = 0;
      for (int column = 0; column <= last; column++) {
        most = Math.max(most, found.aliveBytes(column, training));
      }
      unit = Bytes.unit(most);
      this.title = title + ", " + Bytes.name(unit);
      StringBuilder sums = new StringBuilder(this.title);
      sums.append(": tensors in memory while each layer runs; together");
      grid = new Grid(key, role, last + 1, last + 1, cells, new float[(last + 1) * (last + 1)]);
      for (int n = 0; n < (last + 1) * (last + 1); n++) {
        int tensor = n / (last + 1);
        int column = n % (last + 1);
        boolean used = found.inUse(tensor, column);
        boolean alive = found.alive(tensor, column, training);
        String state = used ? " in use" : alive ? " " + found.reason(tensor) : " not in memory";
        grid.label(tensor, column, "", found.name(tensor) + state)
            .level(tensor, column, used ? 8 : alive ? 4 : 0);
        sums.append(
            tensor > 0 ? "" : (column == 0 ? " " : ", ") + head(column) + " " + sum(column));
      }
      grid.part("", sums.toString())
          .outline(key + "/now", Role.NEUTRAL, "", 0, moment, last + 1, 1);
      if (pick != null && pick.grid().equals(key)) {
        grid.mark(pick.row(), pick.column(), "picked");
      }
    }

    private String head(int column) {
      return column == last ? "end" : found.layers().get(column);
    }

    private String sum(int column) {
      return Bytes.rounded(found.aliveBytes(column, training), unit);
    }

    @Override
    public double width() {
      return names + Math.max(grid.width(), Text.width(title, 13));
    }

    @Override
    public double height() {
      return ABOVE + grid.height() + BELOW;
    }

    @Override
    public void place(Scene scene, double x, double y) {
      double left = x + names;
      double side = grid.cellSize();
      grid.place(scene, left, y + ABOVE);
      scene.add(new Text(title, 13, role).at(left, y + 12));
      for (int n = 0; n <= last; n++) {
        double middle = left + (n + 0.5) * side;
        text(scene, head(n), "middle", middle, y + ABOVE - 7);
        text(scene, sum(n), "middle", middle, y + ABOVE + grid.height() + 15);
        if (names > 0) {
          text(scene, found.name(n), "start", x, y + ABOVE + (n + 0.5) * side + 4);
        }
      }
    }

    private static void text(Scene scene, String text, String anchor, double x, double y) {
      scene.add(new Text(text, 11, Role.NEUTRAL).anchor(anchor).at(x, y));
    }
  }

  private Bars bars(double width) {
    String[] formats = {"fp32", "fp16", "int8"};
    double most = Math.max(found.elements() * 4.0, Math.max(found.peak(), found.kept()));
    most = Math.max(most, Math.max(found.parameterBytes(), found.miscounted()));
    int unit = Bytes.unit(most);
    Bars bars = new Bars("bar", width, Bytes.name(unit)).linear(Bytes.in(most, unit));
    for (int n = 0; n < formats.length; n++) {
      double bytes = (double) found.elements() * Activations.bytesEach(formats[n]);
      add(bars, unit, "output y in " + formats[n], Role.OUTPUT, bytes);
      bars.mark(n, formats[n].equals(found.format()) ? "" : "faint");
    }
    String inFull = found.bytesEach() == 1 ? ", fp32" : "";
    add(bars, unit, "forward only, most at once", Role.NEUTRAL, found.peak());
    add(bars, unit, "kept for training" + inFull, Role.GRADIENT, found.kept());
    add(bars, unit, "parameters", Role.KERNEL, found.parameterBytes());
    if (!found.mistake().equals("none")) {
      add(bars, unit, "kept, miscounted", Role.GRADIENT, found.miscounted());
      bars.mark(6, "dashed");
    }
    return bars;
  }

  private static void add(Bars bars, int unit, String name, Role role, double bytes) {
    bars.add(name, role, Bytes.in(bytes, unit), Bytes.text(bytes));
  }

  // ---- the words

  private Prose caption() {
    if (pick != null) {
      int tensor = pick.row();
      return new Prose()
          .say(tensor == 0 ? Role.INPUT : Role.OUTPUT, found.name(tensor))
          .add(", {element}: {}.", found.elements(tensor), found.reason(tensor));
    }
    Prose prose = new Prose();
    if (found.amounts()) {
      prose.add("Forward only, at most {} are in use at once.", Bytes.text(found.peak()));
    } else if (moment == last) {
      String left = Bytes.text(found.aliveBytes(last, false));
      prose.add("Without training only the [output output] is left, {}.", left);
    } else {
      prose
          .add("While {} runs, it reads ", found.layers().get(moment))
          .say(moment == 0 ? Role.INPUT : Role.OUTPUT, found.name(moment))
          .add(
              " and writes [output {}]: {} in use, {} in training{, where the pale ones are"
                  + " kept|}.",
              found.name(moment + 1),
              Bytes.text(found.aliveBytes(moment, false)),
              Bytes.text(found.aliveBytes(moment, true)),
              moment > 0);
    }
    if (found.amounts() || moment == last) {
      StringBuilder names = new StringBuilder();
      for (int tensor = 0; tensor <= last; tensor++) {
        String comma = names.length() == 0 ? "" : ", ";
        names.append(found.saved(tensor) ? comma + found.name(tensor) : "");
      }
      prose.add(
          " Kept for the backward pass: [gradient {}], {}.",
          names.toString(),
          Bytes.text(found.kept()));
    }
    return mistake(prose);
  }

  private Prose mistake(Prose prose) {
    if (found.mistake().equals("none")) {
      return prose;
    }
    String how =
        switch (found.mistake()) {
          case "batch" -> "With one image counted instead of the batch";
          case "stride" -> "With outputs as many as at stride 1";
          default -> "With the parameters alone";
        };
    return prose.add(
        " " + how + " it would be [gradient {}]{, right by luck here|}.",
        Bytes.text(found.miscounted()),
        found.miscounted() == found.kept());
  }
}
