package convscope.topic.chapter6;

import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.op.Window;
import convscope.scene.Box;
import convscope.scene.Equation;
import convscope.scene.Layout;
import convscope.scene.Panel;
import convscope.scene.Prose;
import convscope.scene.Raster;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.tensor.Tensor;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.Sliding;
import convscope.topic.View;
import org.jspecify.annotations.Nullable;

/**
 * Draws the kernel gradient of a {@link Played}: one weight is held, and the products of g with
 * what the weight met are summed window by window.
 */
final class KernelGradientFigure {
  private static final int MOST_TERMS = 16; // written out

  private final Played played;
  private final Layer layer;
  private final Sliding at;
  private final boolean narrow;
  private final Window rows;
  private final Window columns;
  private final int u; // the weight that is held
  private final int v;
  private final int last; // the last window that has been summed
  private final boolean asked; // whether the pointer asks for the whole sum
  private final Tensor met; // what the held weight met in each window, (1, 1, outH, outW)
  private final Tensor g;

  KernelGradientFigure(Played played, View view) {
    this.played = played;
    layer = played.layer();
    narrow = view.narrow();
    Conv2d.Spec spec = layer.spec();
    Cell weight = weight(view, "dw") == null ? weight(view, "k") : weight(view, "dw");
    asked = weight != null && !played.forward();
    u = weight == null ? played.row() : weight.row();
    v = weight == null ? played.column() : weight.column();
    View steady = view.pick().startsWith("dw/") ? new View(view.step(), "", view.stage()) : view;
    at = new Sliding(played.input(), spec, steady);
    rows = spec.vertical();
    columns = spec.horizontal();
    last = asked ? layer.outputs() - 1 : played.forward() ? at.last() : at.n;
    at.reached(played.forward() ? last : layer.outputs() - 1); // y and g are known by then
    g = played.g();
    met = Tensor.zeros(g.shape());
    for (int n = 0; n < met.size(); n++) {
      met.data()[n] = layer.read(0, played.channel(), row(n), column(n));
    }
  }

  private @Nullable Cell weight(View view, String grid) {
    return view.cell(grid, layer.w().dim(2), layer.w().dim(3));
  }

  /** The row of the input under the held weight in window n, as the mistake has it if shown. */
  private int row(int n) {
    return (played.mistake() ? rows.stride(1) : rows).place(n / g.dim(3), u);
  }

  private int column(int n) {
    return (played.mistake() ? columns.stride(1) : columns).place(n % g.dim(3), v);
  }

  Figure figure() {
    return played.forward()
        ? Figure.of(scene(), PassFigure.equation(played, at), PassFigure.forward(played, at))
        : Figure.of(scene(), equation(), caption());
  }

  private Tensor summed(int upTo) {
    Tensor all =
        played.mistake()
            ? KernelGradient.withoutStride(layer, upTo)
            : KernelGradient.gradient(layer, upTo);
    return Layer.map(all, played.filter(), played.c());
  }

  private double held(int upTo) {
    return upTo < 0 ? 0 : summed(upTo).data()[u * columns.kernel() + v];
  }

  private String name() {
    return Num.at("∂L/∂w", u, v);
  }

  private Scene scene() {
    Panel x = at.input("input x", "size", "padding");
    Panel k = PassFigure.kernel(played, at);
    Panel y = PassFigure.output(played, at, narrow);
    Panel t = PassFigure.target(played, at, narrow);
    Panel miss = PassFigure.g(played, at);
    Panel under =
        at.map("met", Role.INPUT, "x it met", at.picture() ? bright(met) : met)
            .part("x", "what " + Num.at("w", u, v) + " met in each window");
    Tensor sums = summed(last);
    Panel dw =
        PassFigure.likeKernel("dw", Role.GRADIENT, played, at, sums)
            .title("∂L/∂w", "")
            .part("dw", "∂L/∂w")
            .scaledTo(summed(layer.outputs() - 1).largestSize());
    under.blankFrom(played.forward() ? 0 : last + 1);
    if (played.forward()) {
      dw.blankFrom(0);
    }
    if (!played.forward()) {
      String style = played.mistake() ? "dashed" : "";
      for (int n = 0; n <= last && !at.picture(); n++) {
        x.outlineInside("met/" + n, Role.GRADIENT, "thin", row(n), column(n), 1, 1);
      }
      x.outlineInside("now", Role.GRADIENT, style, row(at.n), column(at.n), 1, 1);
      dw.outline("held", Role.GRADIENT, style, u, v, 1, 1);
      k.outline("weight", Role.GRADIENT, "", u, v, 1, 1);
    }
    Box loss = PassFigure.loss(layer, narrow);
    if (at.picture()) {
      Box bank = bank();
      Box here = played.forward() ? k : dw;
      return at.scene(
          Layout.column(
              10,
              Layout.row(
                  22,
                  Layout.column(12, x, bank),
                  Layout.column(8, k, dw),
                  Layout.column(8, y, miss),
                  under),
              loss),
          Layout.column(6, Layout.row(14, x, here), Layout.row(8, y, miss, under), bank, loss));
    }
    return at.scene(
        Layout.column(
            16,
            Layout.row(
                22,
                x,
                Layout.column(14, k, dw),
                Layout.column(14, y, miss),
                Layout.column(14, t, under)),
            loss),
        Layout.column(
            10, Layout.row(14, x, Layout.column(8, k, dw)), Layout.row(8, y, t, miss, under), loss),
        Layout.column(10, x, Layout.row(18, k, y, t), Layout.row(18, dw, miss, under), loss));
  }

  /** As images are drawn: 0 to 255. */
  private static Tensor bright(Tensor pixels) {
    Tensor out = pixels.copy();
    for (int n = 0; n < out.size(); n++) {
      out.data()[n] *= 255;
    }
    return out;
  }

  /** The gradients of all filters so far as small images; the filter that is shown is outlined. */
  private Box bank() {
    Tensor all = KernelGradient.gradient(layer, played.forward() ? -1 : last);
    double most = KernelGradient.gradient(layer, layer.outputs() - 1).largestSize();
    Box[] images = new Box[layer.filters()];
    for (int o = 0; o < images.length; o++) {
      Tensor one = Layer.map(all, o, 0);
      Raster image = PassFigure.image("bank" + o, Role.GRADIENT, one, most, at.cells());
      image.title(String.valueOf(o), "").part("dw", "∂L/∂w of filter " + o);
      if (o == played.filter()) {
        image.outline("shown", Role.GRADIENT, "", 0, 0, one.dim(2), one.dim(3));
      }
      images[o] = image;
    }
    return Layout.lines(narrow ? 8 : 4, 6, 2, images);
  }

  // ---- words

  /** The sum of the held weight so far, product by product. */
  private Equation equation() {
    Equation sum = Equation.sum("[gradient {}]", name());
    int from = last < MOST_TERMS ? 0 : last;
    if (from > 0) {
      sum.term("", false, "{}", held(from - 1));
    }
    for (int n = from; n <= last; n++) {
      String key = "g/" + n / g.dim(3) + "," + n % g.dim(3);
      sum.term(key, n == at.n, "[gradient {}]·[input {}]", g.data()[n], met.data()[n]);
    }
    sum.together("= [gradient {}]", held(last));
    return last < g.size() - 1 ? sum.say(" so far") : sum;
  }

  private Prose caption() {
    if (!asked && last < g.size() - 1 && !played.mistake()) {
      return Prose.of(
          "In this window the held [kernel {}] meets [input {} = {}], and [gradient g = {}] comes"
              + " back: their product, {}, makes the sum [gradient {}], with {window} to come.",
          Num.at("w", u, v),
          Num.at("x", row(at.n), column(at.n)),
          met.data()[at.n],
          g.data()[at.n],
          (double) g.data()[at.n] * met.data()[at.n],
          held(last),
          g.size() - 1 - last);
    }
    int element =
        ((played.filter() * layer.w().dim(1) + played.c()) * rows.kernel() + u) * columns.kernel()
            + v;
    double whole = held(g.size() - 1);
    if (played.mistake()) {
      return mistake(whole, layer.slope(Layer.Operand.KERNEL, element));
    }
    return PassFigure.step(
        Prose.of(
            "[kernel {}] has {product}, one of each window, {} of them not zero, and their sum is"
                + " [gradient {} = {}]. ",
            Num.at("w", u, v),
            g.size(),
            products(),
            name(),
            whole),
        layer,
        element,
        "weight",
        "all weights");
  }

  /** How many of the held weight's products are not zero. */
  private int products() {
    int count = 0;
    for (int n = 0; n < g.size(); n++) {
      count += g.data()[n] * met.data()[n] != 0 ? 1 : 0;
    }
    return count;
  }

  /** What the slip gives, and what the loss itself says. */
  private Prose mistake(double whole, double slope) {
    boolean hops = rows.stride() > 1 || columns.stride() > 1;
    if (!hops) {
      return Prose.of(
          "At [neutral:S stride 1] the slip cannot be seen: windows are one cell apart anyway.");
    }
    Prose prose =
        Prose.of(
            "With the stride forgotten the weight is paired with the dashed cells, and the sum over"
                + " all windows is [gradient {}]. Moved a little up and down, the weight changes"
                + " the loss at the rate {}",
            whole,
            slope);
    return Math.abs(whole - slope) < 1e-3 * Math.max(1, Math.abs(slope))
        ? prose.add(": right, but by luck.")
        : prose.add(", which is what the formula gives. A layer trained like this goes astray.");
  }
}
