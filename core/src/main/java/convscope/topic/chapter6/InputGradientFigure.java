package convscope.topic.chapter6;

import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.op.PaddingMode;
import convscope.op.Window;
import convscope.scene.Box;
import convscope.scene.Cells;
import convscope.scene.Equation;
import convscope.scene.Grid;
import convscope.scene.Handle;
import convscope.scene.Layout;
import convscope.scene.Panel;
import convscope.scene.Prose;
import convscope.scene.Raster;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Text;
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
  private final int step; // the last output that has sent its gradient back, or pixel gathered
  private final Gathered gathered;
  private final Tensor scattered; // what has arrived so far, as x
  private final List<Path> paths = new ArrayList<>();

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
    boolean all = gather || asked;
    scattered = InputGradient.scattered(layer, all ? layer.outputs() - 1 : step);
    collect(all ? layer.outputs() - 1 : step);
  }

  /** Every way from the held pixel to an output that has answered. */
  private void collect(int last) {
    Tensor w = layer.w();
    for (int o = 0; o < w.dim(0); o++) {
      int c = played.channel() - layer.channel(o, 0);
      for (int n = 0; n <= last && c >= 0 && c < w.dim(1); n++) {
        int i = n / layer.y().dim(3);
        int j = n % layer.y().dim(3);
        for (int t = 0; t < w.dim(2) * w.dim(3); t++) {
          int row = layer.spec().mode().source(rows.place(i, t / w.dim(3)), height);
          int column = layer.spec().mode().source(columns.place(j, t % w.dim(3)), width);
          if (row == p && column == q) {
            paths.add(new Path(o, c, i, j, t / w.dim(3), t % w.dim(3)));
          }
        }
      }
    }
  }

  private float g(Path path) {
    return layer.g().at(0, path.o, path.i, path.j);
  }

  /** The weight of a way; with the flip forgotten, the one on the other side of the kernel. */
  private float w(Path path) {
    int u = played.mistake() ? rows.kernel() - 1 - path.u : path.u;
    int v = played.mistake() ? columns.kernel() - 1 - path.v : path.v;
    return layer.w().at(path.o, path.c, u, v);
  }

  private double sum() {
    double sum = 0;
    for (Path path : paths) {
      sum += (double) g(path) * w(path);
    }
    return sum;
  }

  private int element() {
    return (played.channel() * height + p) * width + q;
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
      Panel dx = dx(gathered.top(), gathered.left(), gathered.dx(), gathered.padded());
      Box agree = new Text(agreement(), 12, Role.NEUTRAL);
      Box words = Layout.column(2, loss, agree);
      Box flipped = Layout.column(4, flipped(), new Text("slides at stride 1", 12, Role.NEUTRAL));
      return at.scene(
          Layout.column(14, Layout.row(20, stretched(), flipped, dx), words),
          Layout.column(10, Layout.row(14, stretched(), Layout.column(6, flipped, dx)), words),
          Layout.column(10, stretched(), Layout.row(18, flipped, dx), words));
    }
    Panel k = PassFigure.kernel(played, at);
    Panel y = PassFigure.output(played, at);
    Panel g = PassFigure.g(played, at);
    Panel main = at.input("input x", "size", "padding");
    Box stamp = k;
    if (!played.forward()) {
      Gathered sent =
          Gathered.of(
              layer,
              layer.arrived(asked ? layer.outputs() - 1 : step),
              rows.padBefore(),
              columns.padBefore(),
              true);
      main = dx(rows.padBefore(), columns.padBefore(), scattered, sent.padded());
      Handle.Stops down = new Handle.Stops(rows.start(0), rows.stride(), layer.y().dim(2));
      Handle.Stops right = new Handle.Stops(columns.start(0), columns.stride(), layer.y().dim(3));
      main.drags(down, right, at.i, at.j, rows.span(), columns.span());
      main.outline(
          "window",
          Role.KERNEL,
          "",
          rows.start(at.i),
          columns.start(at.j),
          rows.span(),
          columns.span());
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
    Panel t = at.map("t", Role.NEUTRAL, "target t", played.output().minus(played.g()));
    if (narrow) { // three in a row
      y.title("y", "");
      t.title("t", "");
    }
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
    Cells side = PassFigure.side(played, at);
    return new Grid("gw", Role.GRADIENT, rows.kernel(), columns.kernel(), side, stamp.data())
        .title("g · w", "")
        .part("gw", "g times w")
        .scaledTo(Math.max(1e-30, played.kernel().largestSize() * played.g().largestSize()));
  }

  /** The input's gradient so far, in so much of its padding. */
  private Panel dx(int top, int left, Tensor inside, Tensor padded) {
    Tensor all = Layer.map(gathered.dx(), 0, played.channel());
    double most = Math.max(1e-30, all.largestSize());
    Tensor map = Layer.map(inside, 0, played.channel());
    if (at.picture()) {
      byte[] levels = Raster.levels(map.data(), "signed", most);
      return new Raster("dx", Role.GRADIENT, height, width, levels, "signed", at.cells())
          .title("∂L/∂x", "")
          .part("dx", "∂L/∂x, image of " + Num.size(height, width))
          .outline("held", Role.GRADIENT, "", p, q, 1, 1);
    }
    Tensor ring = Layer.map(padded, 0, played.channel());
    int wide = width + 2 * left;
    float[] values = ring.data().clone();
    for (int n = 0; n < map.size(); n++) {
      values[(n / width + top) * wide + n % width + left] = map.data()[n];
    }
    Grid grid =
        new Grid("dx", Role.GRADIENT, height + 2 * top, wide, at.cells(), values)
            .origin(-top, -left)
            .title("∂L/∂x", Num.size(height, width))
            .part("dx", "∂L/∂x")
            .scaledTo(most);
    for (int n = 0; n < values.length; n++) {
      int row = n / wide - top;
      int column = n % wide - left;
      boolean within = row >= 0 && column >= 0 && row < height && column < width;
      grid.mark(row, column, within ? "" : "padding");
      if (gather && within && !asked && row * width + column > step) {
        grid.blank(row, column);
      }
    }
    grid.outline("held", Role.GRADIENT, played.mistake() ? "dashed" : "", p, q, 1, 1);
    if (gather && top == 0) {
      grid.drags(Handle.Stops.all(height), Handle.Stops.all(width), p, q, 1, 1);
    }
    return grid;
  }

  /** g with zeros between its cells and around them, and the window of the held pixel. */
  private Panel stretched() {
    Tensor map = Layer.map(gathered.stretched(), 0, played.filter());
    int high = map.dim(2);
    int wide = map.dim(3);
    Panel panel;
    if (at.picture()) {
      byte[] levels = Raster.levels(map.data(), "signed", Math.max(1e-30, map.largestSize()));
      panel = new Raster("gz", Role.GRADIENT, high, wide, levels, "signed", at.cells());
    } else {
      panel = new Grid("gz", Role.GRADIENT, high, wide, at.cells(), map.data());
      for (int n = 0; n < map.size(); n++) {
        int i = n / wide - gathered.top() - rows.span() + 1 + rows.padBefore();
        int j = n % wide - gathered.left() - columns.span() + 1 + columns.padBefore();
        boolean cell = i % rows.stride() == 0 && j % columns.stride() == 0 && i >= 0 && j >= 0;
        boolean known =
            i / rows.stride() < layer.y().dim(2) && j / columns.stride() < layer.y().dim(3);
        panel.mark(n / wide, n % wide, cell && known ? "" : "padding");
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
    Cells side = PassFigure.side(played, at);
    Grid grid =
        new Grid("kf", Role.KERNEL, rows.kernel(), columns.kernel(), side, kernel.data())
            .title(played.mistake() ? "w, not flipped" : "w, flipped", "")
            .part("w", played.mistake() ? "the kernel as it is" : "the kernel turned by half");
    for (int t = 0; t < taps && !played.mistake(); t++) {
      grid.from(
          t / columns.kernel(),
          t % columns.kernel(),
          Cell.key("k", taps - 1 - t, columns.kernel()));
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
    Equation sum = Equation.sum("[gradient {}]", name());
    if (paths.size() > MOST_TERMS) {
      sum.term("", false, "{product} of [gradient g] and [kernel w]", paths.size());
    } else {
      for (Path path : paths) {
        String key = "g/" + path.i + "," + path.j;
        boolean now = !gather && path.i == at.i && path.j == at.j;
        sum.term(key, now, "[gradient {}]·[kernel {}]", g(path), w(path));
      }
      sum.say(paths.isEmpty() ? "0 " : "");
    }
    sum.together("= [gradient {}]", sum());
    boolean whole = gather || asked || step == layer.outputs() - 1;
    return whole ? sum : sum.say(" so far");
  }

  /** What the current output does. */
  private Prose window() {
    int lost = 0;
    for (int t = 0; t < rows.kernel() * columns.kernel(); t++) {
      lost += at.onInput(t) ? 0 : 1;
    }
    boolean zeros = layer.spec().mode() == PaddingMode.ZEROS;
    Prose prose =
        Prose.of(
            "[output {}] sends its [gradient g = {}] back the way it came: each of the {cell} it"
                + " read gets g times the weight that it was read with.",
            at.name(),
            played.g().data()[at.n],
            rows.kernel() * columns.kernel());
    if (lost > 0) {
      prose.add(
          zeros
              ? " {} of them {lie|lies} on the [padding:P padding], where it is lost."
              : " {} of them {lie|lies} on the [padding:P padding] and {pass|passes} it on to the"
                    + " cell that was copied there.",
          zeros ? new Object[] {lost, lost > 1} : new Object[] {lost, lost > 1, lost > 1});
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
            sum());
    return PassFigure.step(
        prose.add("After a step of the whole x with [neutral:η η = {}] ", layer.rate()), layer);
  }

  private Prose mistake() {
    double wrong = gathered.dx().data()[element()];
    double slope = layer.slope(Layer.Operand.INPUT, element());
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
