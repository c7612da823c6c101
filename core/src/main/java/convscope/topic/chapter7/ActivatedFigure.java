package convscope.topic.chapter7;

import convscope.diagnose.ActivationStatistics;
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
import java.util.List;

/** Draws {@link Activated}: a histogram of the values behind each stage of one unit. */
final class ActivatedFigure {
  private static final double REACH = 4;
  private static final double BIN = 0.5;

  private final Activated found;
  private final View view;
  private final Tensor[] stages;
  private final List<String> order;

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
    boolean narrow = view.narrow();
    double width = narrow ? view.stage().room() : (view.stage().room() - 24) / 3; // even for two
    Box[] boxes = new Box[stages.length];
    for (int s = 0; s < stages.length; s++) {
      Box words =
          Layout.stack(2, line(mean(s) + ", " + spread(s)), line(share(s)), line(beyond(s)));
      boxes[s] = plot(s, width, narrow ? 48 : 230);
      boxes[s] = narrow ? boxes[s] : Layout.stack(8, boxes[s], words);
    }
    return Scene.of(view.stage(), narrow ? Layout.column(4, boxes) : Layout.row(12, boxes));
  }

  private static Text line(String words) {
    return new Text(words, 12, Role.NEUTRAL);
  }

  /** A histogram as a stepped line over axes that no parameter moves. */
  private Box plot(int s, double width, double area) {
    double[] shares = Activated.histogram(stages[s], REACH, BIN);
    double[] xs = new double[2 * shares.length + 2]; // each edge of a bin twice
    double[] ys = new double[xs.length];
    for (int n = 0; n < xs.length; n++) {
      xs[n] = -REACH + n / 2 * BIN;
      ys[n] = n == 0 || n == xs.length - 1 ? 0 : shares[(n - 1) / 2];
    }
    String legend = name(s);
    if (view.narrow()) {
      boolean told = order.get(s).equals("act") && !share(s).startsWith("0 %");
      legend += ": " + mean(s) + ", " + spread(s) + (told ? ", " + share(s) : "");
    }
    return new Plot("stage-" + s, width, area, "values behind " + name(s) + ", by bins of 0.5")
        .x("value", -REACH, REACH)
        .y("share", 0, 1)
        .curve("histogram", role(s), "", legend, xs, ys)
        .rule("zero", Role.NEUTRAL, "", 0);
  }

  private Role role(int s) {
    String stage = order.get(s);
    return stage.equals("conv") ? Role.KERNEL : stage.equals("bn") ? Role.NEUTRAL : Role.OUTPUT;
  }

  // ---- words

  private String name(int s) {
    return switch (order.get(s)) {
      case "conv" -> found.bias() == 0 ? "convolution" : "conv. + bias";
      case "bn" -> "batch norm";
      default ->
          found.saturates() ? found.activation() : Activated.function(found.activation()).name();
    };
  }

  private String mean(int s) {
    double mean = stages[s].mean();
    String size = Math.abs(mean) < 5e-6 ? "0" : number(Math.abs(mean)); // but for rounding
    return (view.narrow() ? "μ " : "mean ") + (mean < 0 && !size.equals("0") ? "−" : "") + size;
  }

  private String spread(int s) {
    return (view.narrow() ? "σ " : "sd ") + number(stages[s].deviation());
  }

  /** A size in few characters. */
  private static String number(double size) {
    return Num.magnitude(size).replace(" · ", "·");
  }

  private String share(int s) {
    return found.saturates() && order.get(s).equals("act")
        ? Num.percent(found.saturated(stages[s]), 0) + " saturated"
        : Num.percent(Activated.zeros(stages[s]), 0) + " zeros";
  }

  /** What the outer bins hold besides their own. */
  private String beyond(int s) {
    double share = Activated.share(stages[s], value -> Math.abs(value) > REACH);
    return Num.percent(share, 0) + " beyond ±4";
  }

  private Equation equation() {
    Equation out = Equation.of("");
    for (int s = 0; s < stages.length; s++) {
      out.say(s == 0 ? "" : " → ")
          .together("[" + role(s).css() + " {}]: {}, {}", name(s), mean(s), spread(s));
    }
    return out;
  }

  private Prose caption() {
    int unit = view.step() + 1;
    Prose out = Prose.of("Unit {} of {}. ", unit, found.units().size());
    if (found.bias() != 0) {
      return order.get(1).equals("bn")
          ? out.add(
              "The bias moves what the convolution gives by [gradient {}]. The norm subtracts the"
                  + " mean, bias included: behind it no value differs by more than {}.",
              found.bias(),
              Num.magnitude(found.biasEffect()))
          : out.add(
              "No norm follows the convolution directly, so its bias of [gradient {}] does change"
                  + " what comes after it.",
              found.bias());
    }
    Tensor behind = stages[order.indexOf("act")];
    if (found.saturates()) {
      out.add(
          "[output {} of the values are saturated]: within 0.01 of an end, where the slope is"
              + " nearly 0. ",
          Num.percent(found.saturated(behind), 0));
    } else {
      int dead = ActivationStatistics.dead(behind);
      out.add(
          "Behind the activation [output {} of the values are exactly 0], and {} of {channel}"
              + " {is|are} dead. ",
          Num.percent(Activated.zeros(behind), 0),
          dead,
          Activated.CHANNELS,
          dead == 1);
    }
    return unit == 1
        ? out.add("Play, and see the next units.")
        : out.add(
            "The unit’s output has {} times the spread of the first one’s.",
            number(found.output(view.step()).deviation() / found.output(0).deviation()));
  }
}
