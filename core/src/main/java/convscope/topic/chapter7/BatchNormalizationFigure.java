package convscope.topic.chapter7;

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
import convscope.scene.Table;
import convscope.scene.Text;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.View;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * Draws a {@link Normalized}: a batch, its means and variances, what comes out, and how it goes on.
 */
final class BatchNormalizationFigure {
  private static final double LARGEST_CELL = 34;

  private final Normalized result;
  private final View view;
  private final int step;
  private final Tensor x;
  private final Tensor y;
  private final Normalized.Moments own;
  private final Cells cells = Cells.of(LARGEST_CELL);
  private final boolean picked;
  private final int at; // the number in scan order on which the equation looks
  private final int image;
  private final int channel;
  private final int set; // of the numbers that share its mean
  private final int followed; // the number of image 0 that the plot shows

  BatchNormalizationFigure(Normalized result, View view) {
    this.result = result;
    this.view = view;
    step = view.step();
    x = result.batches().get(step);
    y = result.output(step);
    own = result.moments(x);
    int found = found();
    picked = found >= 0;
    at = Math.max(0, found);
    int map = at / (result.height() * result.width());
    image = map / result.channels();
    channel = map % result.channels();
    set = result.set(image, channel);
    followed = image == 0 ? at : 0;
  }

  /** The number whose cell, or whose mean's cell, is under the pointer; −1 if there is none. */
  private int found() {
    int plane = result.height() * result.width();
    for (int n = 0; n < x.size(); n++) {
      String map = "" + n / plane / result.channels() + n / plane % result.channels();
      String cell = Cell.key(map, n % plane, result.width());
      String mean = Cell.key("", result.setOf(n), result.meanColumns());
      String[] keys = {
        "x" + cell, "y" + cell, "mean" + mean, "variance" + mean, "rm" + mean, "rv" + mean
      };
      if (Arrays.asList(keys).contains(view.pick())) {
        return n;
      }
    }
    return -1;
  }

  Figure figure() {
    return Figure.of(scene(), equation(), caption());
  }

  // ---- the drawing

  private Scene scene() {
    boolean wide = !view.narrow();
    boolean back = result.gradient();
    Role in = back ? Role.GRADIENT : Role.INPUT;
    Role out = back ? Role.GRADIENT : Role.OUTPUT;
    Box left = maps("x", in, back ? "∂L/∂y" : "x", back ? result.arriving() : x, wide);
    Box right = maps("y", out, back ? "∂L/∂x" : "y", back ? result.back(step) : y, false);
    String of = result.own() || !wide ? "" : "batch’s ";
    String kept = wide ? "running " : "run. ";
    Grid mean = statistics("mean", of + "μ", rounded(own.mean()), result.own());
    Grid variance = statistics("variance", of + "σ²", rounded(own.variance()), result.own());
    Box[] all = {mean, variance};
    if (result.isBatch()) {
      Grid rm = statistics("rm", kept + "μ", result.means().get(step), !result.own());
      Grid rv = statistics("rv", kept + "σ²", result.variances().get(step), !result.own());
      all = new Box[] {mean, variance, rm, rv};
    }
    if (wide) {
      Box maps = Layout.row(22, left, Layout.column(4, all), right);
      return cells.fit(
          view.stage(),
          Layout.column(10, maps, plots(616, 74)),
          Layout.column(6, maps, plots(616, 50)));
    }
    Box maps = Layout.row(12, left, right);
    Box stats =
        result.meanColumns() * all.length <= 8 ? Layout.row(8, all) : Layout.lines(2, 12, 2, all);
    return cells.fit(
        view.stage(), Layout.column(6, maps, stats, plots(312, 50)), Layout.column(6, maps, stats));
  }

  private static Tensor rounded(double[] values) {
    return Tensor.rounded(values, Shape.of(values.length));
  }

  /** A grid for each image and channel: images one below the other, channels side by side. */
  private Box maps(String key, Role role, String title, Tensor values, boolean named) {
    int first = named ? 1 : 0; // a column for the images' names
    Box[][] rows = new Box[result.images() + 1][first + result.channels()];
    Arrays.fill(rows[0], Layout.row(0));
    for (int c = 0; c < result.channels(); c++) {
      rows[0][first + c] = new Text(view.narrow() ? "" + c : "c = " + c, 12, Role.NEUTRAL);
    }
    for (int n = 0; n < result.images(); n++) {
      if (named) {
        rows[n + 1][0] = new Text("n = " + n, 12, Role.NEUTRAL);
      }
      for (int c = 0; c < result.channels(); c++) {
        rows[n + 1][first + c] = map(key, role, title, values, n, c);
      }
    }
    String whole = view.narrow() ? title + ", by channel" : title;
    return Layout.stack(0, new Text(whole, 13, role), new Table(6, 5, rows));
  }

  private Grid map(String key, Role role, String title, Tensor values, int n, int c) {
    int high = result.height();
    int wide = result.width();
    Tensor plane = values.plane(n * result.channels() + c);
    Grid grid =
        new Grid(key + n + c, role, high, wide, cells, plane.data())
            .scaledTo(values.largestSize())
            .part(key, title + " of image " + n + ", channel " + c);
    boolean shares = result.set(n, c) == set;
    for (int cell = 0; picked && shares && cell < high * wide; cell++) {
      grid.mark(cell / wide, cell % wide, "linked");
    }
    if (shares && (key.equals("x") || result.own())) {
      grid.outline("set/" + key + n + c, Role.KERNEL, "", 0, 0, high, wide);
    }
    if (n == image && c == channel) {
      int cell = at % (high * wide);
      grid.mark(cell / wide, cell % wide, "target");
      grid.outline("target/" + key, Role.OUTPUT, "", cell / wide, cell % wide, 1, 1);
    }
    if (key.equals("x") && n == 0 && c == 0) {
      grid.resizes("size", high, wide);
    }
    if (result.forgotten() && n == 0 && key.equals("y") && !result.gradient()) {
      grid.outline("mistake/" + c, Role.GRADIENT, "dashed", 0, 0, high, wide);
    }
    return grid.picked(view.pick());
  }

  /** A number for each set; those that normalize have the kernel's colour. */
  private Grid statistics(String key, String title, Tensor values, boolean used) {
    boolean running = key.startsWith("r");
    int columns = running ? result.channels() : result.meanColumns();
    Role role = used ? Role.KERNEL : Role.NEUTRAL;
    Grid grid =
        new Grid(key, role, values.size() / columns, columns, cells.also(30), values.data())
            .title(title, "")
            .part("μ", title + (running || result.isBatch() ? " of each channel" : ""));
    return grid.mark(set / columns, set % columns, "linked").picked(view.pick());
  }

  /** How the running statistics, or an output of image 0, go on from batch to batch. */
  private Box plots(double width, double high) {
    List<Tensor> batches = result.batches();
    if (!result.learns()) {
      String name =
          "y" + result.place(followed) + (view.narrow() ? "" : ", its image always the same");
      IntToDoubleFunction right =
          n -> result.output(batches.get(n), n, !result.isBatch()).data()[followed];
      return plot("outputs", width, high, name, n -> result.output(n).data()[followed], right);
    }
    Normalized.Moments all = result.overall();
    double half = view.narrow() ? width : (width - 16) / 2;
    Plot means =
        plot(
                "means",
                half,
                high,
                "mean of channel " + channel,
                n -> result.moments(batches.get(n)).mean()[channel],
                n -> result.means().get(n).data()[channel])
            .level("all", Role.INPUT, "of all", all.mean()[channel]);
    Plot variances =
        plot(
                "variances",
                half,
                high,
                "unbiased variance",
                n -> result.moments(batches.get(n)).unbiased(channel),
                n -> result.variances().get(n).data()[channel])
            .level("all", Role.INPUT, "of all", all.unbiased(channel));
    return view.narrow() ? means : Layout.row(16, means, variances);
  }

  private Plot plot(
      String key,
      double width,
      double high,
      String name,
      IntToDoubleFunction dot,
      IntToDoubleFunction lineAt) {
    double[] dots = new double[Normalized.BATCHES];
    double[] line = new double[Normalized.BATCHES];
    double least = 0; // the axis has whole numbers at its ends
    double most = 0;
    for (int n = 0; n < dots.length; n++) {
      dots[n] = dot.applyAsDouble(n);
      line[n] = lineAt.applyAsDouble(n);
      least = Math.min(least, Math.floor(Math.min(dots[n], line[n])));
      most = Math.max(most, Math.ceil(Math.max(dots[n], line[n])));
    }
    boolean learns = result.learns();
    double[] batches = Plot.range(1, 1, Normalized.BATCHES);
    Role role = learns ? Role.KERNEL : result.forgotten() ? Role.GRADIENT : Role.OUTPUT;
    String each = learns ? "of the batch" : result.forgotten() ? "training mode" : "each batch";
    String right = learns ? "running" : result.isBatch() ? "evaluation" : "output";
    double[] now = {(learns ? line : dots)[step]};
    return new Plot(key, width, high, name)
        .x("batch", 1, Normalized.BATCHES)
        .y(name, least, Math.max(most, least + 1))
        .drags(Normalized.BATCHES, step)
        .points("dots", learns ? Role.NEUTRAL : role, "", each, batches, dots)
        .curve("line", learns ? Role.KERNEL : Role.OUTPUT, "", right, batches, line)
        .points("now", role, "large", "", new double[] {step + 1}, now);
  }

  // ---- words

  private double mean() {
    return result.own() ? own.mean()[set] : result.means().get(step).data()[channel];
  }

  private double variance() {
    return result.own() ? own.variance()[set] : result.variances().get(step).data()[channel];
  }

  /** x̂ of a number that shares the mean. */
  private double normal(int n) {
    return (x.data()[n] - mean()) / Math.sqrt(variance() + result.epsilon());
  }

  private Equation equation() {
    if (result.gradient()) {
      return gradientEquation();
    }
    Equation equation =
        Equation.of("")
            .together("[output x̂] = ([input {}] − [kernel {}])", x.data()[at], mean())
            .then("/ √([kernel {}] + [neutral:ε {}])", variance(), epsilon())
            .then("= [output {}],", normal(at))
            .then(
                "[output y] = [neutral:γ {}] · [output {}] + [neutral:β {}] = [output {}]",
                result.gamma(),
                normal(at),
                result.beta(),
                y.data()[at]);
    return result.learns() ? updates(equation) : equation;
  }

  private String epsilon() {
    return result.epsilon() < 0.001
        ? Num.scientific(result.epsilon(), 0)
        : Num.decimal(result.epsilon(), 3);
  }

  private Equation updates(Equation equation) {
    String words = "{}: {} · {} + [neutral:m {}] · [kernel {}] = {}";
    double m = result.momentum();
    double meanBefore = step == 0 ? 0 : result.means().get(step - 1).data()[channel];
    double before = step == 0 ? 1 : result.variances().get(step - 1).data()[channel];
    float mean = result.means().get(step).data()[channel];
    float variance = result.variances().get(step).data()[channel];
    return equation
        .line()
        .together(words + ",", "running μ", 1 - m, meanBefore, m, own.mean()[set], mean)
        .then(words, "σ²", 1 - m, before, m, own.unbiased(set), variance);
  }

  /** The sum over all numbers that share the mean. */
  private double sum(IntToDoubleFunction of) {
    double sum = 0;
    for (int n = 0; n < x.size(); n++) {
      sum += result.setOf(n) == set ? of.applyAsDouble(n) : 0;
    }
    return sum;
  }

  private Equation gradientEquation() {
    Tensor g = result.arriving();
    double dx = result.back(step).data()[at];
    Equation equation = Equation.of("[gradient ∂L/∂x{}] = ", result.place(at));
    equation.together(
        "[neutral:γ {}] / √([kernel {}] + [neutral:ε {}])", result.gamma(), variance(), epsilon());
    if (result.own()) {
      equation.then(
          "· ([gradient {}] − ({}) − [output {}] · ({}))",
          g.data()[at],
          sum(n -> g.data()[n]) / own.count(),
          normal(at),
          sum(n -> g.data()[n] * normal(n)) / own.count());
    } else {
      equation.then("· [gradient {}]", g.data()[at]);
    }
    return equation
        .then("= [gradient {}]", dx)
        .line()
        .together("(L(x + h) − L(x − h)) / 2h = [gradient {}]", result.central(step, at));
  }

  private Prose caption() {
    if (result.gradient()) {
      return gradientCaption();
    }
    if (!result.isBatch()) {
      return Prose.of(
          "{} normalization averages over {}: [kernel {number}] share a mean, all of image {}."
              + " The other images have no part in it, so there is nothing to keep for evaluation:"
              + " beside the next batch’s images the outputs of image 0 would change by {}.",
          result.norm().equals("layer")
              ? "Layer"
              : result.norm().equals("group") ? "Group" : "Instance",
          result.axes(),
          own.count(),
          image,
          result.company(step));
    }
    if (result.forgotten()) {
      return Prose.of(
          "Image 0 is the same in every batch, but the [gradient training mode] that was left on"
              + " takes its mean from the other images too: y{} is {} here and {} in evaluation."
              + " Beside the next batch’s images its outputs would change by up to {}.",
          result.place(followed),
          y.data()[followed],
          result.output(x, step, false).data()[followed],
          result.company(step));
    }
    if (result.evaluating()) {
      return Prose.of(
          "Training is over, and its running statistics normalize. The batch has mean {} in channel"
              + " {}, but only the [kernel running {}] counts: image 0, the same in every batch,"
              + " comes out the same whatever else is in the batch.",
          own.mean()[set],
          channel,
          mean());
    }
    return Prose.of(
        "Batch {} of {}: [kernel {number}] of channel {}, in {image}, share the mean {} and the"
            + " variance {}. The running mean moves [neutral:m {}] of the way to the batch’s, the"
            + " running variance as far towards the unbiased one.",
        step + 1,
        Normalized.BATCHES,
        own.count(),
        channel,
        result.images(),
        own.mean()[set],
        own.variance()[set],
        result.momentum());
  }

  private Prose gradientCaption() {
    Tensor dx = result.back(step);
    double sum = sum(n -> dx.data()[n]);
    Prose prose =
        Prose.of(
            "For [gradient L = Σ ∂L/∂y · y], the formula and the central difference with h = 1/32"
                + " differ by at most {} over all {number}. ",
            Num.difference(result.disagreement(step)),
            dx.size());
    return result.own()
        ? prose.add(
            "The gradients of numbers that share a mean add up to {}: to raise them all alike"
                + " would change nothing.",
            Num.difference(Math.abs(sum) < 1e-5 ? 0 : sum))
        : prose.add(
            "In evaluation mean and variance are constants, and each number gets only its own"
                + " gradient: they add up to {}.",
            sum);
  }
}
