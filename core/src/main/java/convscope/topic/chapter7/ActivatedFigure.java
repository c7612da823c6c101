package convscope.topic.chapter7;

import convscope.num.Num;
import convscope.scene.Box;
import convscope.scene.Equation;
import convscope.scene.Layout;
import convscope.scene.Plot;
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Text;
import convscope.tensor.Tensor;
import convscope.topic.Figure;
import convscope.topic.View;

/** Draws {@link Activated}: a histogram of the values behind each stage of one unit. */
final class ActivatedFigure {
  private static final double REACH = 4;
  private static final double BIN = 0.5;

  private final Activated found;
  private final View view;
  private final Tensor[] stages;
  private final String[] order;

  ActivatedFigure(Activated found, View view) {
    this.found = found;
    this.view = view;
    stages = found.units().get(view.step());
    order = found.order();
  }

  Figure figure() {
    return Figure.of(scene(), equation(), caption());
  }

  // ---- drawing

  private Scene scene() {
    Box[] boxes = new Box[stages.length];
    for (int s = 0; s < stages.length; s++) {
      boxes[s] = view.narrow() ? plot(s, view.stage().room(), 48) : wide(s);
    }
    Box all = view.narrow() ? Layout.column(4, boxes) : Layout.row(12, boxes);
    return Scene.of(view.stage(), all);
  }

  private Box wide(int s) {
    double width = (view.stage().room() - 24) / 3; // also where there are two
    String[] words = {mean(s) + ", " + spread(s), share(s), beyond(s)};
    Box[] lines = new Box[words.length];
    for (int n = 0; n < words.length; n++) {
      lines[n] = new Text(words[n], 12, Role.NEUTRAL);
    }
    return Layout.stack(8, plot(s, width, 230), Layout.stack(2, lines));
  }

  /** A histogram as a stepped line over axes that no parameter moves. */
  private Box plot(int s, double width, double area) {
    double[] shares = Activated.histogram(stages[s], REACH, BIN);
    double[] xs = new double[2 * shares.length + 2];
    double[] ys = new double[xs.length];
    xs[0] = -REACH;
    for (int n = 0; n < shares.length; n++) {
      xs[2 * n + 1] = -REACH + n * BIN;
      xs[2 * n + 2] = -REACH + (n + 1) * BIN;
      ys[2 * n + 1] = shares[n];
      ys[2 * n + 2] = shares[n];
    }
    xs[xs.length - 1] = REACH;
    String legend = name(s);
    if (view.narrow()) {
      boolean told = order[s].equals("act") && !share(s).startsWith("0 %");
      legend += ": " + mean(s) + ", " + spread(s) + (told ? ", " + share(s) : "");
    }
    return new Plot("stage-" + s, width, area, "values behind " + name(s) + ", by bins of 0.5")
        .x("value", -REACH, REACH)
        .y("share", 0, 1)
        .curve("histogram", role(s), "", legend, xs, ys)
        .rule("zero", Role.NEUTRAL, "", 0);
  }

  private Role role(int s) {
    return order[s].equals("conv")
        ? Role.KERNEL
        : order[s].equals("bn") ? Role.NEUTRAL : Role.OUTPUT;
  }

  // ---- words

  private String name(int s) {
    return switch (order[s]) {
      case "conv" -> found.bias() == 0 ? "convolution" : "conv. + bias";
      case "bn" -> "batch norm";
      default ->
          switch (found.activation()) {
            case "leaky" -> "LeakyReLU";
            case "gelu" -> "GELU";
            case "silu" -> "SiLU";
            case "sigmoid" -> "sigmoid";
            case "tanh" -> "tanh";
            default -> "ReLU";
          };
    };
  }

  private String mean(int s) {
    double mean = Activated.mean(stages[s]);
    String size = Math.abs(mean) < 5e-6 ? "0" : number(Math.abs(mean)); // but for rounding
    return (view.narrow() ? "μ " : "mean ") + (mean < 0 && !size.equals("0") ? "−" : "") + size;
  }

  private String spread(int s) {
    return (view.narrow() ? "σ " : "sd ") + number(Activated.deviation(stages[s]));
  }

  /** A size in few characters. */
  private static String number(double size) {
    return ResidualFigure.norm(size).replace(" · ", "·");
  }

  private String share(int s) {
    return found.saturates() && order[s].equals("act")
        ? Num.percent(found.saturated(stages[s]), 0) + " saturated"
        : Num.percent(Activated.zeros(stages[s]), 0) + " zeros";
  }

  /** What the outer bins hold besides their own. */
  private String beyond(int s) {
    int count = 0;
    for (float value : stages[s].data()) {
      count += Math.abs(value) > REACH ? 1 : 0;
    }
    return Num.percent((double) count / stages[s].size(), 0) + " beyond ±4";
  }

  private Equation equation() {
    Equation out = Equation.of("");
    for (int s = 0; s < stages.length; s++) {
      out.say(s == 0 ? "" : " → ");
      String words = "[" + role(s).css() + " {}]: {}, {}";
      out.together(words, name(s), mean(s), spread(s));
    }
    return out;
  }

  private Prose caption() {
    int unit = view.step() + 1;
    Prose out = Prose.of("Unit {} of {}. ", unit, found.units().size());
    if (found.bias() != 0) {
      boolean normed = order.length == 3;
      return normed && !order[1].equals("act")
          ? out.add(
              "The bias moves what the convolution gives by [gradient {}]. The norm subtracts the"
                  + " mean, bias included: behind it no value differs by more than {}.",
              found.bias(),
              ResidualFigure.norm(found.biasEffect()))
          : out.add(
              "No norm follows the convolution directly, so its bias of [gradient {}] does change"
                  + " what comes after it.",
              found.bias());
    }
    int act = order[1].equals("act") ? 1 : 2;
    Tensor behind = stages[act];
    if (found.saturates()) {
      out.add(
          "[output {} of the values are saturated]: within 0.01 of an end, where the slope is"
              + " nearly 0. ",
          Num.percent(found.saturated(behind), 0));
    } else {
      out.add(
          "Behind the activation [output {} of the values are exactly 0], and {} of {channel} {is|are}"
              + " dead. ",
          Num.percent(Activated.zeros(behind), 0),
          Activated.dead(behind),
          Activated.CHANNELS,
          Activated.dead(behind) == 1);
    }
    double deviation = Activated.deviation(stages[stages.length - 1]);
    return unit == 1
        ? out.add("Play, and see the next units.")
        : out.add(
            "The unit’s output has {} times the spread of the first one’s.",
            number(deviation / Activated.deviation(found.output(0))));
  }
}
