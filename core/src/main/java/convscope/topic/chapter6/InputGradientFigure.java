package convscope.topic.chapter6;

import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.op.PaddingMode;
import convscope.op.Window;
import convscope.scene.Box;
import convscope.scene.Equation;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Panel;
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Text;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.Sliding;
import convscope.topic.View;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws the input's gradient of a {@link Played}: scattered, output by output, or gathered, pixel
 * by pixel.
 */
final class InputGradientFigure {
  private static final int MOST_TERMS = 12; // written out
  private static final int MOST_NAMES = 4;

  /** How a pixel got into an output: under tap (u, v) of kernel (o, c), in window (i, j). */
  private record Path(int o, int c, int i, int j, int u, int v) {}

  private final Played played;
  private final Layer layer;
  private final boolean narrow;
  private final boolean gather;
  private final Sliding at;
  private final Window rows;
  private final Window columns;
  private final int height;
  private final int width;
  private final int p; // the pixel that is held
  private final int q;
  private final boolean asked; // whether the pointer asks for all of its sum
  private final int step; // the output that sends its gradient back, or the pixel gathered
  private final int last; // the last output whose gradient has arrived
  private final Gathered gathered;
  private final List<Path> paths = new ArrayList<>();
  private double sum; // of their products

  InputGradientFigure(Played played, View view) {
    this.played = played;
    layer = played.layer();
    narrow = view.narrow();
    gather = played.gather() && !played.forward();
    height = layer.x().dim(2);
    width = layer.x().dim(3);
    Conv2d.Spec spec = layer.spec();
    rows = spec.vertical();
    columns = spec.horizontal();
    Cell cell = view.cell("dx", height, width);
    asked = cell != null && !played.forward();
    boolean steady = gather || view.pick().startsWith("dx/");
    View still = new View(gather ? 0 : view.step(), "", view.stage());
    at = new Sliding(played.input(), spec, steady ? still : view);
    step = gather ? view.step() : at.n;
    at.reached(played.forward() ? at.last() : layer.outputs() - 1);
    p = cell != null ? cell.row() : gather ? step / width : played.row();
    q = cell != null ? cell.column() : gather ? step % width : played.column();
    gathered = Gathered.of(layer, layer.g(), !played.mistake());
    last = gather || asked ? layer.outputs() - 1 : step;
    collect();
  }

  /** Every way from the held pixel to an output that has answered. */
  private void collect() {
    Tensor w = layer.w();
    int taps = w.dim(2) * w.dim(3);
    for (int o = 0; o < w.dim(0); o++) {
      int c = played.channel() - layer.channel(o, 0);
      for (int n = 0; n <= last && c >= 0 && c < w.dim(1); n++) {
        int i = n / layer.y().dim(3);
        int j = n % layer.y().dim(3);
        for (int t = 0; t < taps; t++) {
          int row = layer.spec().mode().source(rows.place(i, t / w.dim(3)), height);
          int column = layer.spec().mode().source(columns.place(j, t % w.dim(3)), width);
          if (row == p && column == q) { // the flip forgotten, the tap on the other side
            int tap = played.mistake() ? taps - 1 - t : t;
            Path path = new Path(o, c, i, j, tap / w.dim(3), tap % w.dim(3));
            paths.add(path);
            sum += (double) g(path) * w(path);
          }
        }
      }
    }
  }

  private float g(Path path) {
    return layer.g().at(0, path.o, path.i, path.j);
  }

  private float w(Path path) {
    return layer.w().at(path.o, path.c, path.u, path.v);
  }

  private String name() {
    return Num.at("∂L/∂x", p, q);
  }

  Figure figure() {
    return played.forward()
        ? Figure.of(scene(), PassFigure.equation(played, at), PassFigure.forward(played, at))
        : Figure.of(scene(), equation(), gather || asked ? pixel() : window());
  }

  // ---- drawing

  private Scene scene() {
    Box loss = PassFigure.loss(layer, narrow);
    if (gather) {
      Panel dx = dx(gathered.padded(), gathered.dx());
      Box agree = new Text(agreement(), 12, Role.NEUTRAL);
      Box words = Layout.column(2, loss, agree);
      Box flipped = Layout.column(4, flipped(), new Text("slides at stride 1", 12, Role.NEUTRAL));
      return at.scene(
          Layout.column(14, Layout.row(20, stretched(), flipped, dx), words),
          Layout.column(10, Layout.row(14, stretched(), Layout.column(6, flipped, dx)), words),
          Layout.column(10, stretched(), Layout.row(18, flipped, dx), words));
    }
    Panel k = PassFigure.kernel(played, at);
    Panel y = PassFigure.output(played, at, narrow && !at.picture());
    Panel g = PassFigure.g(played, at);
    Panel main = at.input("input x", "size", "padding");
    Box stamp = k;
    if (!played.forward()) {
      Tensor sent = layer.arrived(last);
      Tensor x = layer.x();
      int high = rows.padded(height);
      Shape padded = Shape.of(x.dim(0), x.dim(1), high, columns.padded(width));
      Conv2d.Spec within = layer.spec().padding(0).mode(PaddingMode.ZEROS);
      Tensor ring = Conv2d.inputGradient(sent, layer.w(), padded, within);
      main = at.window(dx(ring, InputGradient.scattered(layer, last)));
      stamp = Layout.column(8, k, stamp());
    }
    for (Path path : paths) {
      if (path.o == played.filter() && !played.forward()) {
        g.outline("path/" + path.i + "," + path.j, Role.NEUTRAL, "thin", path.i, path.j, 1, 1);
        if (asked && !at.picture()) {
          k.outline("tap/" + path.u + "," + path.v, Role.NEUTRAL, "thin", path.u, path.v, 1, 1);
        }
      }
    }
    if (at.picture()) {
      Box both = narrow || played.forward() ? main : Layout.column(8, at.input(), main);
      return at.scene(
          Layout.column(12, Layout.row(22, both, stamp, Layout.column(8, y, g)), loss),
          Layout.column(8, Layout.row(14, main, narrow ? k : stamp), Layout.row(14, y, g), loss));
    }
    Panel t = PassFigure.target(played, at, narrow);
    return at.scene(
        Layout.column(
            14, Layout.row(22, main, stamp, Layout.column(10, g, y), Layout.column(10, t)), loss),
        Layout.column(10, Layout.row(14, main, stamp), Layout.row(12, g, y, t), loss));
  }

  /** What the current output sends to each cell of its window: g times the kernel. */
  private Grid stamp() {
    Tensor stamp = played.kernel();
    for (int n = 0; n < stamp.size(); n++) {
      stamp.data()[n] *= played.g().data()[at.n];
    }
    return PassFigure.likeKernel("gw", Role.GRADIENT, played, at, stamp)
        .title("g · w", "")
        .part("gw", "g times w")
        .scaledTo(played.kernel().largestSize() * played.g().largestSize());
  }

  /**
   * The input's gradient so far.
   *
   * @param padded that of the input with some of its padding
   * @param inside with what cells give on that were copied there
   */
  private Panel dx(Tensor padded, Tensor inside) {
    double most = Layer.map(gathered.dx(), 0, played.channel()).largestSize();
    Tensor map = Layer.map(inside, 0, played.channel());
    if (at.picture()) {
      return PassFigure.image("dx", Role.GRADIENT, map, most, at.cells())
          .title("∂L/∂x", "")
          .part("dx", "∂L/∂x, image of " + Num.size(height, width))
          .outline("held", Role.GRADIENT, "", p, q, 1, 1);
    }
    Tensor all = Layer.map(padded, 0, played.channel());
    int top = (all.dim(2) - height) / 2;
    int left = (all.dim(3) - width) / 2;
    for (int n = 0; n < map.size(); n++) {
      all.set(map.data()[n], 0, 0, n / width + top, n % width + left);
    }
    Grid grid =
        new Grid("dx", Role.GRADIENT, all.dim(2), all.dim(3), at.cells(), all.data())
            .padded(top, left, height, width)
            .title("∂L/∂x", Num.size(height, width))
            .part("dx", "∂L/∂x")
            .scaledTo(most);
    for (int n = step + 1; n < height * width && gather && !asked; n++) {
      grid.blank(n / width, n % width);
    }
    grid.outline("held", Role.GRADIENT, played.mistake() ? "dashed" : "", p, q, 1, 1);
    return gather && top == 0 ? grid.drags(p, q) : grid;
  }

  /** g with zeros between its cells and around them, and the window of the held pixel. */
  private Panel stretched() {
    Tensor map = Layer.map(gathered.stretched(), 0, played.filter());
    int high = map.dim(2);
    int wide = map.dim(3);
    Panel panel;
    if (at.picture()) {
      panel = PassFigure.image("gz", Role.GRADIENT, map, map.largestSize(), at.cells());
    } else {
      Tensor ones = Tensor.full(1, layer.g().shape().dims());
      float[] known = Gathered.stretched(layer, ones, gathered.top(), gathered.left()).data();
      panel = new Grid("gz", Role.GRADIENT, high, wide, at.cells(), map.data());
      for (int n = 0; n < map.size(); n++) {
        panel.mark(n / wide, n % wide, known[n] == 0 ? "padding" : "");
      }
    }
    int row = p + gathered.top();
    int column = q + gathered.left();
    for (int t = 0; t < rows.kernel() * columns.kernel(); t++) {
      int r = row + t / columns.kernel() * rows.dilation();
      panel.mark(r, column + t % columns.kernel() * columns.dilation(), "tap");
    }
    return panel
        .title("g with zeros", Num.size(high, wide))
        .part("g", "g with zeros between its cells and around them")
        .outline("window", Role.KERNEL, "", row, column, rows.span(), columns.span());
  }

  private Grid flipped() {
    int taps = rows.kernel() * columns.kernel();
    int perGroup = gathered.bank().dim(1);
    Tensor kernel = Layer.map(gathered.bank(), played.channel(), played.filter() % perGroup);
    Grid grid =
        PassFigure.likeKernel("kf", Role.KERNEL, played, at, kernel)
            .title(played.mistake() ? "w, not flipped" : "w, flipped", "")
            .part("w", played.mistake() ? "the kernel as it is" : "the kernel turned by half");
    for (int t = 0; t < taps && !played.mistake(); t++) {
      String key = Cell.key("k", taps - 1 - t, columns.kernel());
      grid.from(t / columns.kernel(), t % columns.kernel(), key);
    }
    return played.mistake() ? grid : grid.turns();
  }

  // ---- words

  private String agreement() {
    if (played.mistake()) {
      return "✗ not what is scattered";
    }
    Tensor all = InputGradient.scattered(layer, layer.outputs() - 1);
    return "✓ scatter and gather agree " + Num.agreement(gathered.dx().minus(all).largestSize());
  }

  /** The held pixel's sum of products, g times the weight of each way. */
  private Equation equation() {
    Equation terms = Equation.sum("[gradient {}]", name());
    if (paths.size() > MOST_TERMS) {
      terms.term("", false, "{product} of [gradient g] and [kernel w]", paths.size());
    } else {
      for (Path path : paths) {
        String key = "g/" + path.i + "," + path.j;
        boolean now = !gather && path.i == at.i && path.j == at.j;
        terms.term(key, now, "[gradient {}]·[kernel {}]", g(path), w(path));
      }
      terms.say(paths.isEmpty() ? "0 " : "");
    }
    terms.together("= [gradient {}]", sum);
    return last == layer.outputs() - 1 ? terms : terms.say(" so far");
  }

  /** What the current output does. */
  private Prose window() {
    int taps = rows.kernel() * columns.kernel();
    int lost = taps - rows.taps(at.i, 0, height) * columns.taps(at.j, 0, width);
    String gets =
        layer.spec().mode() == PaddingMode.ZEROS
            ? ", where it is lost."
            : (lost > 1 ? " and pass" : " and passes")
                + " it on to the cell that was copied there.";
    Prose prose =
        Prose.of(
            "[output {}] sends its [gradient g = {}] back the way it came: each of the {cell} it"
                + " read gets g times the weight that it was read with.",
            at.name(),
            played.g().data()[at.n],
            taps);
    if (lost > 0) {
      prose.add(" {} of them {lie|lies} on the [padding:P padding]{}", lost, lost > 1, gets);
    }
    if (step < layer.outputs() - 1) {
      return prose;
    }
    return PassFigure.step(
        prose.add(" All have answered. After a step of x with [neutral:η η = {}] ", layer.rate()),
        layer);
  }

  /** Where the held pixel's gradient comes from. */
  private Prose pixel() {
    if (played.mistake()) {
      return mistake();
    }
    if (paths.isEmpty()) {
      return Prose.of(
          "[input {}] is read by no output, so it can change nothing: [gradient {} = 0].",
          Num.at("x", p, q),
          name());
    }
    StringBuilder names = new StringBuilder();
    for (int n = 0; n < Math.min(MOST_NAMES, paths.size()); n++) {
      Path path = paths.get(n);
      names.append(n == 0 ? "" : ", ").append(Num.at("g", path.i, path.j));
      names.append("·").append(Num.at("w", path.u, path.v));
    }
    Prose prose =
        Prose.of(
            "[input {}] has gone into {product}, and gets back [gradient g] times the [kernel"
                + " weight] from each ({}{}): [gradient {} = {}]. ",
            Num.at("x", p, q),
            paths.size(),
            names.toString(),
            paths.size() > MOST_NAMES ? ", …" : "",
            name(),
            sum);
    return PassFigure.step(
        prose.add("After a step of the whole x with [neutral:η η = {}] ", layer.rate()), layer);
  }

  private Prose mistake() {
    int element = (played.channel() * height + p) * width + q;
    double wrong = gathered.dx().data()[element];
    double slope = layer.slope(Layer.Operand.INPUT, element);
    double off = Gathered.of(layer, layer.g(), true).dx().minus(gathered.dx()).largestSize();
    return off == 0
        ? Prose.of(
            "This kernel is the same when it is turned by half: the slip cannot be seen here.")
        : Prose.of(
            "With the kernel as it is, [gradient {} = {}]. But moved a little up and down, the"
                + " pixel changes the loss at the rate {}. The gradients of x are off by up to {}.",
            name(),
            wrong,
            slope,
            off);
  }
}
