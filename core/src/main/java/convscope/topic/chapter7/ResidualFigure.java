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
import convscope.scene.Text;
import convscope.tensor.Tensor;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.View;
import org.jspecify.annotations.Nullable;

/** Draws a {@link Residual}: both paths with every number, and the gradients through many. */
final class ResidualFigure {
  private static final int HIDDEN = 0; // the step at which it is there, and so on
  private static final int BODY = 1;
  private static final int SUM = 2;
  private static final int OUTPUT = 3;
  private static final String[] GRIDS = {"s", "f", "sum", "y"};

  private final Residual block;
  private final View view;
  private final int step;
  private final Cells cells = Cells.of(30);
  private final Tensor sum;
  private final Tensor shown; // the output, or what the mistake makes of it
  private final int columns;
  private final int at; // the cell that the equation follows

  ResidualFigure(Residual block, View view) {
    this.block = block;
    this.view = view;
    step = view.step();
    sum = block.sum();
    shown = block.after() ? block.mistaken() : block.output();
    columns = sum.dim(3);
    int picked = -1;
    for (String grid : GRIDS) {
      picked = Math.max(picked, Cell.index(view.pick(), grid, sum.dim(2), columns));
    }
    int telling = 0; // a place where the order of sum and activation matters
    for (int n = sum.size() - 1; n >= 0; n--) {
      boolean differs = block.mistaken().data()[n] != block.output().data()[n];
      telling = differs ? n : telling;
    }
    at = picked >= 0 ? picked : telling;
  }

  Figure figure() {
    return Figure.of(scene(), equation(), caption());
  }

  // ---- drawing

  private Scene scene() {
    double gap = view.narrow() ? 5 : 10;
    Box path = path(gap);
    int given = block.hidden() == null ? HIDDEN : BODY;
    Box body =
        map("f", Role.KERNEL, "F(x)", "what the convolutions make of x", block.body(), given);
    String name = Double.isNaN(block.projection()) ? "x" : "wₛ ★ x";
    Box shortcut = map("s", Role.INPUT, name, "the shortcut", block.shortcut(), HIDDEN);
    Box total = map("sum", Role.NEUTRAL, "x + F(x)", "the sum", sum, SUM);
    Box output = output();
    Box left = Layout.row(gap, body, sign("+"), shortcut, sign("="));
    Box right = Layout.row(gap, total, sign("ReLU"), output);
    Box plot = plot(view.stage().room(), view.narrow() ? 112 : 124);
    return cells.fit(
        view.stage(),
        Layout.column(4, Layout.column(6, path, Layout.row(gap, left, right)), plot),
        Layout.column(4, Layout.column(6, path, left, right), plot));
  }

  /** x ★ w₁, ReLU, ★ w₂: the way to F(x). */
  private Box path(double gap) {
    Tensor x = block.input().x();
    Grid in = grid("in", Role.INPUT, "x", "input x", x, -1).editable();
    in.resizes("size", x.dim(2), x.dim(3));
    if (block.first() == null || block.second() == null || block.hidden() == null) {
      return in;
    }
    return Layout.row(
        gap,
        in,
        sign("★"),
        grid("w1", Role.KERNEL, "w₁", "kernel w₁", block.first(), -1).part("w_1", "kernel w₁"),
        sign("ReLU"),
        grid("h", Role.NEUTRAL, "h", "h, behind the first ReLU", block.hidden(), HIDDEN),
        sign("★"),
        grid("w2", Role.KERNEL, "w₂", "kernel w₂", block.second(), -1).part("w_2", "kernel w₂"),
        sign("="));
  }

  private Grid grid(String key, Role role, String title, String spoken, Tensor values, int from) {
    int high = values.dim(2);
    int wide = values.dim(3);
    Grid grid = new Grid(key, role, high, wide, cells, values.data()).title(title, "");
    grid.part("", spoken).picked(view.pick());
    if (step < from) {
      grid.blankFrom(0);
    }
    return grid;
  }

  /** A map of the sum's size, in which the place that the equation follows is outlined. */
  private Grid map(String key, Role role, String title, String spoken, Tensor values, int from) {
    Grid grid = grid(key, role, title, spoken, values, from);
    for (int n = 0; key.equals("s") && n < values.size() && Double.isNaN(block.projection()); n++) {
      grid.from(n / columns, n % columns, Cell.key("in", n, columns));
    }
    return grid.outline(key + "/at", role, "", at / columns, at % columns, 1, 1);
  }

  private Grid output() {
    Grid grid = map("y", Role.OUTPUT, "y", "output y", shown, OUTPUT);
    for (int n = 0; block.after() && step == OUTPUT && n < shown.size(); n++) {
      if (shown.data()[n] != block.output().data()[n]) {
        grid.outline("mistake/" + n, Role.GRADIENT, "dashed", n / columns, n % columns, 1, 1);
      }
    }
    return grid;
  }

  /** A sign as high as the cells' middle, since titles stand above them. */
  private static Box sign(String text) {
    Text sign = new Text(text, text.length() > 1 ? 12 : 18, text.length() > 1 ? "label" : "sign");
    return Box.of(sign.width(), sign.height() + 20, (scene, x, y) -> sign.place(scene, x, y + 20));
  }

  /** The norms of both stacks, over axes that the depth does not move. */
  private Box plot(double width, double area) {
    int layers = block.plain().length;
    double[] all = Plot.range(1, 1, layers);
    double[] blocks = Plot.range(1, 2, layers / 2);
    double[] inside = Plot.range(2, 2, layers / 2);
    boolean steep = !block.deep().norm() && !block.deep().he();
    return new Plot("norms", width, area, "norm of the gradient at each layer’s input")
        .x("layer l", 0, 2 * DeepNet.MOST)
        .logY("‖∂L/∂xₗ‖", steep ? 1e-25 : 1e-3, steep ? 10 : 1e5)
        .points("plain", Role.NEUTRAL, "", "plain", all, block.plain())
        .points("inside", Role.GRADIENT, "hollow", "inside F", inside, every(1))
        .points("residual", Role.GRADIENT, "", "residual, at x", blocks, every(0))
        .rule("depth", Role.NEUTRAL, "", layers)
        .slides("blocks", 1, DeepNet.MOST, 2);
  }

  private double[] every(int first) {
    double[] out = new double[block.residual().length / 2];
    for (int n = 0; n < out.length; n++) {
      out[n] = block.residual()[2 * n + first];
    }
    return out;
  }

  // ---- words

  private Equation equation() {
    String place = "[" + at / columns + ", " + at % columns + "]";
    float s = block.shortcut().data()[at];
    float f = block.body().data()[at];
    Equation sides = Equation.of("[output y{}] = ", place);
    return block.after()
        ? sides.together(
            "[input {}] + ReLU([kernel {}]) = [gradient {}], not [output {}]",
            s,
            f,
            shown.data()[at],
            block.output().data()[at])
        : sides.together(
            "ReLU([input {}] + [kernel {}]) = ReLU({}) = [output {}]",
            s,
            f,
            sum.data()[at],
            shown.data()[at]);
  }

  private Prose caption() {
    return now().add(" ").add("{}", stacks().plain());
  }

  private Prose now() {
    if (block.after() && step == OUTPUT) {
      return block.wrong() == 0
          ? Prose.of("Here the wrong order gives the same, by luck: no negative F(x) met a sum.")
          : Prose.of(
              "With x added after the activation [gradient {} of {} outputs] are wrong, and some"
                  + " may be negative: the smallest is {}.",
              block.wrong(),
              sum.size(),
              shown.smallest());
    }
    @Nullable Tensor hidden = block.hidden();
    return switch (step) {
      case HIDDEN ->
          hidden == null
              ? Prose.of("Both paths begin at [input x]; F(x) is given.")
              : Prose.of("[input x] goes two ways: through the first layer, and past both.");
      case BODY -> Prose.of("[kernel F(x)] may be negative: no activation stands before the sum.");
      case SUM ->
          Prose.of(
              "The shortcut is added cell by cell: {} + {} = {} in the outlined place.",
              block.body().data()[at],
              block.shortcut().data()[at],
              sum.data()[at]);
      default -> Prose.of("The activation comes last, so no [output output] is negative.");
    };
  }

  private Prose stacks() {
    return Prose.of(
        "A gradient of norm 1 comes back through {layer} as {} without shortcuts, and as {} with"
            + " them.",
        block.plain().length,
        Num.magnitude(block.plain()[0]),
        Num.magnitude(block.residual()[0]));
  }
}
