package convscope.topic.chapter4;

import convscope.num.Num;
import convscope.scene.Box;
import convscope.scene.Equation;
import convscope.scene.Layout;
import convscope.scene.Panel;
import convscope.scene.Plot;
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Text;
import convscope.tensor.Tensor;
import convscope.topic.Figure;
import convscope.topic.Sliding;
import convscope.topic.View;

/** Draws a {@link Learned}: one input, the convolution and both poolings of it, and the losses. */
final class StridedConvolutionFigure {
  private static final double LEAST = 1e-8; // the bottom of the plot of losses

  private final Learned result;
  private final View view;
  private final Sliding at;
  private final Tensor kernel;
  private final Tensor y;
  private final boolean toMax;

  StridedConvolutionFigure(Learned result, View view) {
    this.result = result;
    this.view = view;
    at = Sliding.still(result.input(), result.spec(), view); // steps are of learning
    kernel = result.kernel(view.step());
    y = result.output(view.step());
    toMax = result.target() == Learned.MAX;
  }

  Figure figure() {
    return Figure.of(scene(), equation(), caption());
  }

  private Scene scene() {
    Panel x = at.input("input x", "size", "");
    int width = result.input().width();
    for (int n = 0; n < result.input().x().size(); n++) {
      if (!result.read(n / width, n % width)) {
        x.mark(n / width, n % width, "dropped");
      }
    }
    Panel w = at.kernel("kernel w", kernel).title("kernel w", "").scaledTo(1);
    if (!result.single()) {
      w.resizes("kernel", kernel.dim(2), kernel.dim(3));
    }
    Box conv = column(map("out", Role.OUTPUT, "conv y", legible()), null);
    Box average =
        column(map("average", Role.NEUTRAL, "average", result.average()), result.average());
    Box max = column(map("max", Role.NEUTRAL, "max", result.max()), result.max());
    Plot losses = losses();
    Box row = Layout.row(12, x, Sliding.sign("★"), w, Sliding.sign("="), conv, average, max);
    Box two =
        Layout.column(
            8,
            Layout.row(12, x, Sliding.sign("★"), w, Sliding.sign("="), conv),
            Layout.row(16, average, max));
    return at.scene(
        Layout.column(12, row, losses),
        Layout.column(8, two, losses),
        Layout.column(6, Layout.row(10, x, w), Layout.row(10, conv, average, max), losses));
  }

  private Panel map(String key, Role role, String title, Tensor values) {
    float most = Math.max(y.largestSize(), result.max().largestSize());
    return at.map(key, role, title, values)
        .title(title, "")
        .scaledTo(most)
        .outline("target/" + key, role, "", at.i, at.j, 1, 1);
  }

  /** A map, and how far the convolution is from it. */
  private Box column(Panel map, @org.jspecify.annotations.Nullable Tensor pooled) {
    String off = pooled == null ? "" : "off by ≤ " + small(y.minus(pooled).largestSize());
    return Layout.column(3, map, new Text(off, 12, Role.NEUTRAL));
  }

  /** The outputs, but its target where rounding to a cell's digits would tear the two apart. */
  private Tensor legible() {
    Tensor target = toMax ? result.max() : result.average();
    Tensor legible = y.copy();
    for (int n = 0; n < y.size(); n++) {
      float is = y.data()[n];
      float to = target.data()[n];
      double apart = Math.abs(Num.parse(Num.cell(is)) - Num.parse(Num.cell(to)));
      legible.data()[n] = apart > 2 * Math.abs(is - to) ? to : is;
    }
    return legible;
  }

  /** A loss or a difference: few digits, and powers of ten where it is small. */
  static String small(double value) {
    return value >= 0.01 || value == 0 ? Num.decimal(value, 2) : Num.scientific(value, 1);
  }

  private Plot losses() {
    Plot plot =
        new Plot("loss", view.stage().width() - 24, 74, "the loss of each step of learning")
            .x("step of " + Learned.UPDATES + " updates", 0, Learned.STEPS - 1)
            .drags(Learned.STEPS, view.step())
            .logY("mean squared difference", LEAST, 1);
    curve(plot, "average", toMax ? Role.NEUTRAL : Role.OUTPUT, Learned.AVERAGE);
    curve(plot, "max", toMax ? Role.OUTPUT : Role.NEUTRAL, Learned.MAX);
    double[] step = {view.step()};
    return plot.points(
        "now", Role.OUTPUT, "large", "", step, new double[] {result.loss(view.step())});
  }

  private void curve(Plot plot, String name, Role role, int target) {
    String css = role == Role.OUTPUT ? "" : "dashed";
    String legend = view.narrow() ? "to be " + name : "learning to be " + name + " pooling";
    double[] steps = Plot.range(0, 1, Learned.STEPS);
    plot.curve(name, role, css, legend, steps, result.losses()[target]);
  }

  // ---- words

  /** The convolution's sum at one place, and what the poolings have there. */
  private Equation equation() {
    return at.products(kernel, 0, y.data()[at.n])
        .say(", average {}, max {}", result.average().data()[at.n], result.max().data()[at.n]);
  }

  private Prose caption() {
    if (result.single()) {
      return Prose.of(
          "A kernel of 1 × 1 reads one cell in each hop of [neutral:S {}]: {} of {} cells of the [input input]"
              + " are read by no window, and no weight can bring them back.",
          result.spec().strideH(),
          result.unread(),
          result.input().x().size());
    }
    Prose prose =
        Prose.of(
            "After {} updates the [kernel:K {} kernel] is at a mean squared difference of {} from"
                + " {} pooling. ",
            view.step() * Learned.UPDATES,
            Num.size(kernel.dim(2), kernel.dim(3)),
            small(result.loss(view.step())),
            toMax ? "max" : "average");
    if (toMax) {
      prose.add("A maximum is no weighted sum: no kernel matches it on windows of every kind. ");
    }
    double fixed = result.fixedDifference();
    prose.add(
        "With every weight set to 1/K² = {} a depthwise convolution {} average pooling{}.",
        1.0 / kernel.size(),
        fixed == 0 ? "is exactly" : "is",
        fixed == 0 ? "" : " up to rounding, " + small(fixed));
    return result.unread() > 0
        ? prose.add(" {cell is|cells are} read by no window.", result.unread())
        : prose;
  }
}
