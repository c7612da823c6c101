package convscope.topic.chapter6;

import convscope.num.Num;
import convscope.scene.Box;
import convscope.scene.Cells;
import convscope.scene.Equation;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Plot;
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.View;
import java.util.ArrayList;
import java.util.List;

/** Draws a {@link Checked}: errors over ε, and each parameter's gradient with what fails. */
final class GradientCheckFigure {
  private static final String[] KEYS = {"w", "b", "x"};
  private static final double LEAST = 1e-12; // of the axis of errors
  private static final double MOST = 10;

  private final Checked it;
  private final View view;
  private final Cells cells = Cells.of(30);
  private final int e; // which ε
  private final int parameter; // of the number in the equation
  private final int element;

  GradientCheckFigure(Checked it, View view) {
    this.it = it;
    this.view = view;
    e = view.step();
    int p = 0;
    int n = -1;
    for (int k = 0; k < KEYS.length; k++) {
      p = it.error(it.shown(), e, k) > it.error(it.shown(), e, p) ? k : p;
    }
    for (int k = 0; k < KEYS.length; k++) {
      int columns = it.model().columns(k);
      int picked = Cell.index(view.pick(), KEYS[k], it.backward()[k].length / columns, columns);
      p = picked >= 0 ? k : p;
      n = picked >= 0 ? picked : n;
    }
    parameter = p;
    element = n >= 0 ? n : it.worst(it.shown(), e, p);
  }

  Figure figure() {
    return Figure.of(scene(), equation(), caption());
  }

  private Scene scene() {
    Grid weights = gradient(0);
    Grid bias = gradient(1);
    Grid input = gradient(2);
    Box row = Layout.row(16, bias, input);
    if (view.narrow()) {
      Box plot = plot(view.stage().room(), 104);
      return cells.fit(view.stage(), Layout.column(8, plot, Layout.column(6, weights, row)));
    }
    Box plot = plot(352, view.stage().tall() - 112);
    return cells.fit(
        view.stage(),
        Layout.row(20, plot, Layout.column(18, weights, row)),
        Layout.row(20, plot, Layout.column(14, weights, bias, input)));
  }

  // ---- drawing

  /** The largest error at each ε, in both precisions, and what theory says of float32. */
  private Plot plot(double width, double area) {
    Plot plot =
        new Plot("errors", width, area, "relative error over ε")
            .logX("ε", it.epsilons()[0], 0.1)
            .logY("relative error", LEAST, MOST);
    double[] ends = {it.epsilons()[0], it.epsilons()[it.epsilons().length - 1]};
    plot.curve(
        "tolerance",
        Role.GRADIENT,
        "dashed",
        "tolerance",
        ends,
        new double[] {it.tolerance(), it.tolerance()});
    if (!it.kinked()) {
      double[] theory = new double[it.epsilons().length];
      for (int k = 0; k < theory.length; k++) {
        double wide = it.twice().length == 0 ? 0 : it.truncation(k);
        theory[k] = Math.min(MOST, it.rounding(k) + wide);
      }
      plot.curve("theory", Role.NEUTRAL, "thin", "theory", it.epsilons(), theory);
    }
    curve(plot, "float32", Role.KERNEL, it.single());
    if (it.twice().length > 0) {
      curve(plot, "float64", Role.INPUT, it.twice());
    }
    return plot.rule("now", Role.NEUTRAL, "ε = " + epsilon(), it.epsilons()[e])
        .drags(it.epsilons().length, e);
  }

  private void curve(Plot plot, String name, Role role, double[][][] numeric) {
    double[] errors = new double[numeric.length];
    for (int k = 0; k < errors.length; k++) {
      errors[k] = Math.max(LEAST, Math.min(MOST, it.error(numeric, k)));
    }
    plot.curve(name + "-line", role, "thin", "", it.epsilons(), errors);
    plot.points(name, role, "", name, it.epsilons(), errors);
    if (numeric == it.shown()) {
      double[] at = {it.epsilons()[e]};
      plot.points("judged", role, "large", "", at, new double[] {errors[e]});
    }
  }

  /**
   * A parameter's gradient by backward; in the gradient's colour, the wrong cells full, where it
   * fails.
   */
  private Grid gradient(int p) {
    double[] values = it.backward()[p];
    float[] shown = Tensor.rounded(values, Shape.of(values.length)).data();
    boolean passes = it.passes(e, p);
    int columns = it.model().columns(p);
    String name = it.model().parameters().get(p);
    String error = size(it.error(it.shown(), e, p));
    Grid grid =
        new Grid(
                KEYS[p],
                passes ? Role.OUTPUT : Role.GRADIENT,
                values.length / columns,
                columns,
                cells,
                shown)
            .title(name, (passes ? "✓ " : "✗ ") + error)
            .part("", "∂L/∂" + KEYS[p] + ", " + (passes ? "pass" : "fail") + ", error " + error)
            .picked(view.pick());
    for (int n = 0; n < values.length; n++) {
      if (!passes) {
        double own = it.error(it.shown(), e, p, n);
        grid.level(n / columns, n % columns, own > it.tolerance() ? 8 : 1);
      }
    }
    return parameter == p ? grid.mark(element / columns, element % columns, "target") : grid;
  }

  // ---- words

  private String epsilon() {
    return Num.scientific(it.epsilons()[e], 1);
  }

  private static String size(double error) {
    return error < 0.01 ? Num.scientific(error, 1) : Num.decimal(error, 2);
  }

  /** The loss at θ ± ε, with all digits of the precision: the quotient is made of the last ones. */
  private String loss(double step) {
    boolean single = it.shown() == it.single();
    double loss = it.model().loss(parameter, element, step, single);
    return single ? Num.shortest((float) loss) : Num.shortest(loss);
  }

  private Equation equation() {
    double epsilon = it.epsilons()[e];
    int decimals = it.shown() == it.single() ? 5 : 9;
    double backward = it.backward()[parameter][element];
    return Equation.of("∂[output L]/∂[kernel {}] ≈ (", it.model().name(parameter, element))
        .together("[output {}] −", loss(epsilon))
        .say(" ")
        .together("[output {}])", loss(-epsilon))
        .say(" ")
        .together("/ {}", Num.scientific(2 * epsilon, 1))
        .say(" ")
        .together("= [output {}],", Num.decimal(it.shown()[e][parameter][element], decimals))
        .say(" ")
        .together("backward [gradient {}]", Num.decimal(backward, decimals));
  }

  private Prose caption() {
    List<Integer> failing = it.failing(e);
    List<String> failed = new ArrayList<>();
    for (int p : failing) {
      failed.add(it.model().parameters().get(p));
    }
    String names = Prose.list(" and ", failed);
    boolean one = names.equals("bias") || names.equals("input"); // in the singular
    Prose prose =
        failing.isEmpty()
            ? Prose.of("At ε = {} [output all three parameters pass]: ", epsilon())
            : Prose.of("At ε = {} [gradient {} {fails|fail}]: ", epsilon(), names, one);
    prose.add(
        "the error is at most {} of the largest gradient, the tolerance {}. ",
        size(it.error(it.shown(), e)),
        size(it.tolerance()));
    return prose.add(why(failing));
  }

  /** What the error comes from. */
  private String why(List<Integer> failing) {
    boolean lucky = it.mistake().equals("stride") && ((SmallLayer) it.model()).stride == 1;
    String slip =
        lucky
            ? "At stride 1 a dropped stride changes nothing: right by luck. "
            : switch (it.mistake()) {
              case "stride" ->
                  "Without the stride, g[i, j] meets x[i + u − 1, j + v − 1]: wrong for weights and"
                      + " input, while the bias reads no place. ";
              case "flip" ->
                  "g goes back through w[2 − u, 2 − v] in place of w[u, v]: only the input’s"
                      + " gradient uses the kernel, so only it can show this. ";
              case "axis" ->
                  "The bias’s gradient sums over maps and rows, not over rows and columns. Both"
                      + " leave 3 numbers, so no shape protests. ";
              case "kink" ->
                  "One activation is exactly 0. The loss bends there: the difference takes half of"
                      + " the slope on one side, backward takes 0. No code is wrong. ";
              case "near" ->
                  "One activation is 1/1024. "
                      + (failing.isEmpty() || it.error(it.twice(), e) < it.tolerance()
                          ? "This ε does not step over the bend of the ReLU. "
                          : "This ε steps over the bend of the ReLU, though no code is wrong; a"
                              + " smaller one does not. ");
              default -> "";
            };
    int best = it.best(it.shown());
    if (it.model() instanceof ReaderLayer layer && e > best) {
      int bends = layer.bends(parameter, element, it.epsilons()[e]);
      return Prose.of(
              "Within so wide a difference of {} the loss bends: {activation} in the network"
                  + " {crosses|cross} 0 or {changes|change} place in a max pooling.",
              layer.name(parameter, element),
              bends,
              bends == 1,
              bends == 1)
          .plain();
    }
    boolean broken = !slip.isEmpty() && !lucky && !failing.isEmpty();
    if (broken && it.error(it.shown(), e) > 3 * it.tolerance() && e >= it.at(-5)) {
      return slip;
    }
    return slip
        + (it.epsilons()[e] < 3e-8 && it.shown() == it.single()
            ? "So small an ε is lost where it is added: θ + ε is θ."
            : e < best
                ? "Rounding rules: the two losses agree in their first digits, and the quotient is"
                    + " made of the last."
                : e > best
                    ? "Truncation rules: over so wide a difference the loss is no straight line."
                    : "Here rounding and truncation are in balance.");
  }
}
