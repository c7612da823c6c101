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
import convscope.tensor.Tensor;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.View;
import java.util.Arrays;
import java.util.List;

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
  }

  /** The number whose cell, or whose mean's cell, is under the pointer; −1 if there is none. */
  private int found() {
    Cell cell = Cell.parse(view.pick());
    int plane = result.height() * result.width();
    int columns = result.meanColumns();
    for (int n = 0; cell != null && n < x.size(); n++) {
      String map = "" + n / plane / result.channels() + n / plane % result.channels();
      int mean = result.setOf(n);
      boolean inMap = List.of("x" + map, "y" + map).contains(cell.grid());
      boolean inMeans = List.of("mean", "variance", "rm", "rv").contains(cell.grid());
      if ((inMap && Cell.key(cell.grid(), n % plane, result.width()).equals(view.pick()))
          || (inMeans && Cell.key(cell.grid(), mean, columns).equals(view.pick()))) {
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
    Box left =
        result.gradient()
            ? maps("x", Role.GRADIENT, "∂L/∂y", result.arriving(), wide)
            : maps("x", Role.INPUT, "x", x, wide);
    Box right =
        result.gradient()
            ? maps("y", Role.GRADIENT, "∂L/∂x", result.back(step), false)
            : maps("y", Role.OUTPUT, "y", y, false);
    String of = result.own() || !wide ? "" : "batch’s ";
    String kept = wide ? "running " : "run. ";
    Grid mean = statistics("mean", of + "μ", own.mean(), result.own());
    Grid variance = statistics("variance", of + "σ²", own.variance(), result.own());
    Box[] all = {mean, variance};
    if (result.isBatch()) {
      Tensor means = result.means().get(step);
      Tensor variances = result.variances().get(step);
      Grid rm = statistics("rm", kept + "μ", doubles(means), !result.own());
      Grid rv = statistics("rv", kept + "σ²", doubles(variances), !result.own());
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

  private static double[] doubles(Tensor tensor) {
    double[] values = new double[tensor.size()];
    for (int n = 0; n < values.length; n++) {
      values[n] = tensor.data()[n];
    }
    return values;
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
  private Grid statistics(String key, String title, double[] values, boolean used) {
    boolean running = key.startsWith("r");
    float[] numbers = new float[values.length];
    for (int n = 0; n < numbers.length; n++) {
      numbers[n] = (float) values[n];
    }
    int columns = running ? result.channels() : result.meanColumns();
    Role role = used ? Role.KERNEL : Role.NEUTRAL;
    Grid grid =
        new Grid(key, role, numbers.length / columns, columns, cells.also(30), numbers)
            .title(title, "")
            .part("μ", title + (running || result.isBatch() ? " of each channel" : ""));
    return grid.mark(set / columns, set % columns, "linked").picked(view.pick());
  }

  /** How the running statistics, or an output of image 0, go on from batch to batch. */
  private Box plots(double width, double high) {
    double[] dots = new double[Normalized.BATCHES];
    double[] line = new double[Normalized.BATCHES];
    double[] spreads = new double[Normalized.BATCHES];
    double[] kept = new double[Normalized.BATCHES];
    int of = image == 0 ? at : 0;
    for (int n = 0; n < Normalized.BATCHES; n++) {
      Tensor batch = result.batches().get(n);
      if (result.learns()) {
        Normalized.Moments moments = result.moments(batch);
        dots[n] = moments.mean()[channel];
        line[n] = result.means().get(n).data()[channel];
        spreads[n] = moments.unbiased(channel);
        kept[n] = result.variances().get(n).data()[channel];
      } else {
        dots[n] = result.output(n).data()[of];
        line[n] = result.output(batch, n, !result.isBatch()).data()[of];
      }
    }
    if (!result.learns()) {
      String name = "y" + result.place(of) + (view.narrow() ? "" : ", its image always the same");
      return plot("outputs", width, high, name, dots, line);
    }
    double[] all = result.overall(channel);
    double half = view.narrow() ? width : (width - 16) / 2;
    Plot mean = ofAll(plot("means", half, high, "mean of channel " + channel, dots, line), all[0]);
    return view.narrow()
        ? mean
        : Layout.row(
            16,
            mean,
            ofAll(plot("variances", half, high, "unbiased variance", spreads, kept), all[1]));
  }

  private static Plot ofAll(Plot plot, double all) {
    double[] ends = {1, Normalized.BATCHES};
    return plot.curve("all", Role.INPUT, "dashed", "of all", ends, new double[] {all, all});
  }

  private Plot plot(
      String key, double width, double high, String name, double[] dots, double[] line) {
    boolean learns = result.learns();
    double[] ends = {0, 0};
    widen(ends, dots);
    widen(ends, line);
    double[] batches = Plot.range(1, 1, Normalized.BATCHES);
    Role role = learns ? Role.KERNEL : result.forgotten() ? Role.GRADIENT : Role.OUTPUT;
    String each = learns ? "of the batch" : result.forgotten() ? "training mode" : "each batch";
    String right = learns ? "running" : result.isBatch() ? "evaluation" : "output";
    double[] now = {(learns ? line : dots)[step]};
    return new Plot(key, width, high, name)
        .x("batch", 1, Normalized.BATCHES)
        .y(name, ends[0], ends[1])
        .drags(Normalized.BATCHES, step)
        .points("dots", learns ? Role.NEUTRAL : role, "", each, batches, dots)
        .curve("line", learns ? Role.KERNEL : Role.OUTPUT, "", right, batches, line)
        .points("now", role, "large", "", new double[] {step + 1}, now);
  }

  /** Widens a range to whole numbers that hold all of these. */
  private static void widen(double[] ends, double[] values) {
    for (double value : values) {
      ends[0] = Math.min(ends[0], Math.floor(value));
      ends[1] = Math.max(ends[1], Math.ceil(value));
    }
    ends[1] = Math.max(ends[1], ends[0] + 1);
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
            .say(" ")
            .together("/ √([kernel {}] + [neutral:ε {}])", variance(), epsilon())
            .say(" ")
            .together("= [output {}],", normal(at))
            .say(" ")
            .together(
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
    double meanBefore = step == 0 ? 0 : result.means().get(step - 1).data()[channel];
    double before = step == 0 ? 1 : result.variances().get(step - 1).data()[channel];
    String words = "{}: {} · {} + [neutral:m {}] · [kernel {}] = {}";
    double kept = 1 - result.momentum();
    double share = result.momentum();
    return equation
        .line()
        .together(
            words + ",",
            "running μ",
            kept,
            meanBefore,
            share,
            own.mean()[set],
            result.means().get(step).data()[channel])
        .say(" ")
        .together(
            words,
            "σ²",
            kept,
            before,
            share,
            own.unbiased(set),
            result.variances().get(step).data()[channel]);
  }

  private Equation gradientEquation() {
    Tensor g = result.arriving();
    double sum = 0;
    double dot = 0;
    for (int n = 0; n < g.size(); n++) {
      sum += result.setOf(n) == set ? g.data()[n] : 0;
      dot += result.setOf(n) == set ? g.data()[n] * normal(n) : 0;
    }
    double dx = result.back(step).data()[at];
    Equation equation = Equation.of("[gradient ∂L/∂x{}] = ", result.place(at));
    equation.together(
        "[neutral:γ {}] / √([kernel {}] + [neutral:ε {}])", result.gamma(), variance(), epsilon());
    if (result.own()) {
      equation
          .say(" ")
          .together(
              "· ([gradient {}] − ({}) − [output {}] · ({}))",
              g.data()[at],
              sum / own.count(),
              normal(at),
              dot / own.count());
    } else {
      equation.say(" ").together("· [gradient {}]", g.data()[at]);
    }
    return equation
        .say(" ")
        .together("= [gradient {}]", dx)
        .line()
        .together("(L(x + h) − L(x − h)) / 2h = [gradient {}]", result.central(step, at));
  }

  private Prose caption() {
    if (result.gradient()) {
      return gradientCaption();
    }
    Prose prose = new Prose();
    if (!result.isBatch()) {
      return prose.add(
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
      return prose.add(
          "Image 0 is the same in every batch, but the [gradient training mode] that was left on"
              + " takes its mean from the other images too: y{} is {} here and {} in evaluation."
              + " Beside the next batch’s images its outputs would change by up to {}.",
          result.place(image == 0 ? at : 0),
          y.data()[image == 0 ? at : 0],
          result.output(x, step, false).data()[image == 0 ? at : 0],
          result.company(step));
    }
    if (result.evaluating()) {
      return prose.add(
          "Training is over, and its running statistics normalize. The batch has mean {} in channel"
              + " {}, but only the [kernel running {}] counts: image 0, the same in every batch,"
              + " comes out the same whatever else is in the batch.",
          own.mean()[set],
          channel,
          mean());
    }
    return prose.add(
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
    double off = result.disagreement(step);
    Tensor dx = result.back(step);
    double sum = 0;
    for (int n = 0; n < dx.size(); n++) {
      sum += result.setOf(n) == set ? dx.data()[n] : 0;
    }
    Prose prose =
        Prose.of(
            "For [gradient L = Σ ∂L/∂y · y], the formula and the central difference with h = 1/32"
                + " differ by at most {} over all {number}. ",
            Num.difference(off),
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
