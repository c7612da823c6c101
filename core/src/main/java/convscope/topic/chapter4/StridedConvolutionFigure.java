package convscope.topic.chapter4;

import static convscope.topic.chapter4.WindowView.MARGIN;
import static convscope.topic.chapter4.WindowView.name;
import static convscope.topic.chapter4.WindowView.value;

import convscope.num.Num;
import convscope.scene.Box;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Markup;
import convscope.scene.Plot;
import convscope.scene.Prose;
import convscope.scene.Raster;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Text;
import convscope.scene.Twin;
import convscope.tensor.Tensor;
import convscope.topic.Figure;
import convscope.topic.View;
import java.util.ArrayList;
import java.util.List;

/** Draws a {@link Learned}: one input, the convolution and both poolings of it, and the losses. */
final class StridedConvolutionFigure {
  private static final double LEAST = 1e-8; // the bottom of the plot of losses

  private final Learned result;
  private final View view;
  private final WindowView at;
  private final Tensor kernel;
  private final Tensor y;
  private final boolean toMax;

  StridedConvolutionFigure(Learned result, View view) {
    this.result = result;
    this.view = view;
    at =
        new WindowView(
            result.input(),
            result.spec(),
            result.average().dim(2),
            result.average().dim(3),
            new View(0, view.pick(), view.stage()), // steps are of learning
            " out average max ");
    kernel = result.kernel(view.step());
    y = result.output(view.step());
    toMax = result.target() == Learned.MAX;
  }

  Figure figure() {
    List<Raster> rasters = new ArrayList<>();
    Scene scene = result.input().picture() != null ? imageScene(rasters) : numberScene();
    Prose caption = caption();
    return new Figure(scene, equation(), caption, twin(), rasters);
  }

  private Scene numberScene() {
    int in = result.input().width();
    int out = at.outWidth;
    int k = result.spec().kernelWidth();
    double cell =
        view.narrow()
            ? WindowView.cell(View.NARROW - 18, 34, in, out)
            : WindowView.cell(View.WIDE - 150, 36, in, k, out, out, out);
    boolean stacked =
        view.narrow() && (cell < WindowView.READABLE || 2 * out * cell > 310 || k > 3);
    if (stacked) {
      cell = WindowView.cell(View.NARROW - 8, 32, in);
    }
    Grid input = at.numbers(cell, 0);
    for (int n = 0; n < result.input().x().size(); n++) {
      if (!result.read(n / in, n % in)) {
        input.mark(n / in, n % in, "dropped");
      }
    }
    Grid weights = at.map("k", Role.KERNEL, "kernel w", kernel, Math.max(cell, 34)).scaledTo(1);
    double most = Math.max(y.largestSize(), result.max().largestSize());
    Grid output = at.map("out", Role.OUTPUT, "conv y", y, cell).scaledTo(most);
    Grid average =
        at.map("average", Role.NEUTRAL, "average", result.average(), cell).scaledTo(most);
    Grid max = at.map("max", Role.NEUTRAL, "max", result.max(), cell).scaledTo(most);
    for (Grid grid : List.of(output, average, max)) {
      at.linkReaders(grid);
    }
    Box one = column(output, "");
    Box two = column(average, difference(result.average()));
    Box three = column(max, difference(result.max()));
    Scene scene;
    if (view.narrow()) {
      Layout maps =
          stacked
              ? Layout.column(14, input, weights, one, two, three)
              : Layout.column(
                  14,
                  Layout.row(10, input, Layout.column(10, weights, output)),
                  Layout.row(10, two, three));
      scene = Scene.of(View.NARROW, MARGIN, Layout.column(14, maps, losses()));
    } else {
      Layout maps =
          Layout.row(
              14,
              input,
              new Text("★", 20, "sign"),
              weights,
              new Text("=", 20, "sign"),
              one,
              two,
              three);
      scene = Scene.of(View.WIDE, MARGIN, Layout.column(18, maps, losses()));
    }
    scene.add(at.outline(input));
    scene.add(output.around("target", Role.OUTPUT, at.i, at.j, 1, 1));
    scene.add(average.around("target/average", Role.NEUTRAL, at.i, at.j, 1, 1));
    scene.add(max.around("target/max", Role.NEUTRAL, at.i, at.j, 1, 1));
    return scene;
  }

  private static Box column(Box map, String below) {
    return Layout.column(5, map, new Text(below, 12, Role.NEUTRAL));
  }

  /** How far the convolution is from a pooling. */
  private String difference(Tensor pooled) {
    return "off by ≤ " + small(Learned.difference(y, pooled));
  }

  /** A loss or a difference: few digits, and powers of ten where it is small. */
  static String small(double value) {
    return value >= 0.01 || value == 0 ? Num.decimal(value, 2) : Num.scientific(value, 1);
  }

  private Plot losses() {
    Plot plot =
        new Plot("loss", view.width() - 2 * MARGIN, 90, "the loss of each step of learning")
            .x("step of " + Learned.UPDATES + " updates", 0, Learned.STEPS - 1)
            .logY("mean squared difference", LEAST, 1);
    curve(plot, "average", toMax ? Role.NEUTRAL : Role.OUTPUT, Learned.AVERAGE);
    curve(plot, "max", toMax ? Role.OUTPUT : Role.NEUTRAL, Learned.MAX);
    double loss = result.losses()[result.target()][view.step()];
    return plot.points(
        "now", Role.OUTPUT, "large", "", new double[] {view.step()}, new double[] {loss});
  }

  private void curve(Plot plot, String name, Role role, int target) {
    double[] steps = new double[Learned.STEPS];
    for (int step = 0; step < steps.length; step++) {
      steps[step] = step;
    }
    plot.curve(
        name,
        role,
        role == Role.OUTPUT ? "" : "dashed",
        "learning to be " + name + " pooling",
        steps,
        result.losses()[target]);
  }

  private Scene imageScene(List<Raster> rasters) {
    double scale =
        view.narrow()
            ? at.scale(148)
            : Math.min(at.scale(256), 640.0 / (result.input().width() + 3 * at.outWidth));
    double wide = view.narrow() ? at.scale(148) * Math.min(2, result.spec().strideW()) : scale;
    Raster input = at.image("in", Role.INPUT, "input x", result.input().x(), 255, scale);
    Raster output = at.image("out", Role.OUTPUT, "conv", y, 255, wide);
    Raster average = at.image("average", Role.NEUTRAL, "average", result.average(), 255, wide);
    Raster max = at.image("max", Role.NEUTRAL, "max", result.max(), 255, wide);
    rasters.addAll(List.of(input, output, average, max));
    for (Raster raster : new Raster[] {output, average, max}) {
      raster.title(raster == output ? "conv y" : raster.key(), "");
    }
    if (view.narrow()) {
      input.title("input x", "");
    }
    double cell = Math.min(42, 130.0 / result.spec().kernelWidth());
    Grid weights = at.map("k", Role.KERNEL, "kernel w", kernel, cell).scaledTo(1);
    Box two = column(average, difference(result.average()));
    Box three = column(max, difference(result.max()));
    Layout maps =
        view.narrow()
            ? Layout.column(
                14, Layout.row(10, input, weights), Layout.row(10, column(output, ""), two), three)
            : Layout.row(14, input, weights, column(output, ""), two, three);
    Scene scene = Scene.of(view.width(), MARGIN, Layout.column(18, maps, losses()));
    scene.add(at.outline(input));
    scene.add(output.around("target", Role.OUTPUT, at.i, at.j, 1, 1, 7));
    return scene;
  }

  // ---- words

  /** The convolution's sum at one place, and what the poolings have there. */
  String equation() {
    Markup out = new Markup();
    out.open("span").attr("class", "sum");
    out.span("b", "output", name("y", at.i, at.j)).text(" = ");
    for (int n = 0; n < kernel.size(); n++) {
      int u = n / result.spec().kernelWidth();
      int v = n % result.spec().kernelWidth();
      out.text(n == 0 ? "" : " + ").span("b", "kernel", value(kernel.data()[n])).text("·");
      out.span("b", "input", value(result.input().at(at.top() + u, at.left() + v)));
    }
    int n = at.i * at.outWidth + at.j;
    out.text(" = ").span("b", "output", value(y.data()[n]));
    out.text(", average " + value(result.average().data()[n]));
    out.text(", max " + value(result.max().data()[n]));
    return out.close().toString();
  }

  private Prose caption() {
    Prose prose = new Prose();
    if (result.values().flag("mistake")) {
      int all = result.input().x().size();
      return prose
          .say("A kernel of 1 × 1 reads one cell in each hop of " + result.spec().strideH())
          .say(": " + Num.count(result.unread()) + " of " + Num.count(all) + " cells of the ")
          .say(Role.INPUT, "input")
          .say(" are read by no window, and no weight can bring them back.");
    }
    double loss = result.losses()[result.target()][view.step()];
    prose
        .say("After " + view.step() * Learned.UPDATES + " updates the ")
        .say(Role.KERNEL, "kernel");
    prose.say(" is at a mean squared difference of " + small(loss) + " from ");
    prose.say(toMax ? "max pooling. " : "average pooling. ");
    prose.say(
        toMax
            ? "A maximum is no weighted sum: no kernel matches it on windows of every kind. "
            : "");
    prose.say(
        "With every weight set to 1/K² = "
            + value(1.0 / kernel.size())
            + " a depthwise convolution differs from average pooling by "
            + small(result.fixedDifference())
            + ".");
    if (result.unread() > 0) {
      prose.say(" " + Num.count(result.unread()) + " cells are read by no window.");
    }
    return prose;
  }

  private String twin() {
    Twin twin = new Twin();
    twin.say(caption().plain());
    int k = result.spec().kernelHeight();
    twin.table("Kernel w", k, k, kernel.data());
    if (result.input().picture() == null) {
      int rows = at.outHeight;
      int columns = at.outWidth;
      twin.table(
          "Input x", result.input().height(), result.input().width(), result.input().x().data());
      twin.table("Convolution y", rows, columns, y.data());
      twin.table("Average pooling", rows, columns, result.average().data());
      twin.table("Max pooling", rows, columns, result.max().data());
    }
    return twin.toString();
  }
}
