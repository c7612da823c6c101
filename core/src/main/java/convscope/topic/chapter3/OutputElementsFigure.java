package convscope.topic.chapter3;

import convscope.num.Bytes;
import convscope.param.Pair;
import convscope.scene.Bars;
import convscope.scene.Box;
import convscope.scene.Cells;
import convscope.scene.Equation;
import convscope.scene.Grid;
import convscope.scene.Labelled;
import convscope.scene.Layout;
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Text;
import convscope.topic.Blocks;
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
    Cell forward = view.cell("fwd", last + 1, last + 1);
    pick = forward == null ? view.cell("train", last + 1, last + 1) : forward;
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
      double high = view.stage().height() - 24;
      Box all =
          view.narrow()
              ? Layout.column(14, above, bars(312).within(high - 14 - above.height()))
              : Layout.row(24, beside, bars(476).within(high));
      return Scene.of(view.stage(), all);
    }
    Box forward = alive("fwd", "forward only", Role.OUTPUT, false);
    Box training = alive("train", "training", Role.GRADIENT, true);
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
  private Box alive(String key, String name, Role role, boolean training) {
    int side = last + 1;
    long most = 0;
    for (int column = 0; column < side; column++) {
      most = Math.max(most, found.aliveBytes(column, training));
    }
    int unit = Bytes.unit(most);
    String title = name + ", " + Bytes.name(unit);
    Grid grid = new Grid(key, role, side, side, cells, new float[side * side]);
    String[] heads = new String[side];
    String[] sums = new String[side];
    String[] names = new String[training ? 0 : side];
    StringBuilder spoken = new StringBuilder(title);
    spoken.append(": tensors in memory while each layer runs; together");
    for (int n = 0; n < side; n++) {
      heads[n] = n == last ? "end" : found.layers().get(n);
      sums[n] = Bytes.rounded(found.aliveBytes(n, training), unit);
      spoken.append(n == 0 ? " " : ", ").append(heads[n]).append(' ').append(sums[n]);
      if (!training) {
        names[n] = found.name(n);
      }
      for (int tensor = 0; tensor < side; tensor++) {
        boolean used = found.inUse(tensor, n);
        boolean alive = found.alive(tensor, n, training);
        String state = used ? "in use" : alive ? found.reason(tensor) : "not in memory";
        grid.label(tensor, n, "", found.name(tensor) + " " + state)
            .level(tensor, n, used ? 8 : alive ? 4 : 0);
      }
    }
    grid.part("", spoken.toString())
        .outline(key + "/now", Role.NEUTRAL, "", 0, moment, side, 1)
        .dragsColumn(moment);
    if (pick != null && pick.grid().equals(key)) {
      grid.mark(pick.row(), pick.column(), "picked");
    }
    return new Labelled(grid, title, role, heads, sums, names);
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
      double wrong = found.miscounted();
      bars.wrong("kept, miscounted", Bytes.in(wrong, unit), Bytes.text(wrong));
    }
    return bars;
  }

  private static void add(Bars bars, int unit, String name, Role role, double bytes) {
    bars.add(name, role, Bytes.in(bytes, unit), Bytes.text(bytes));
  }

  // ---- the words

  private Prose caption() {
    if (pick != null && !found.amounts()) {
      int tensor = pick.row();
      return new Prose()
          .say(tensor == 0 ? Role.INPUT : Role.OUTPUT, found.name(tensor))
          .add(", {element}: {}.", found.elements(tensor), found.reason(tensor));
    }
    Prose prose = new Prose();
    if (found.amounts()) {
      String words = "Forward only, a batch of [neutral:N {}] takes at most {} at once.";
      prose.add(words, found.batch(), Bytes.text(found.peak()));
    } else if (moment == last) {
      String left = Bytes.text(found.aliveBytes(last, false));
      prose.add("Without training only the [output output] is left, {}.", left);
    } else {
      String words = "While {} runs on [neutral:N {image}], it reads ";
      prose
          .add(words, found.layers().get(moment), found.batch())
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
