package convscope.topic.chapter4;

import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.scene.Bars;
import convscope.scene.Box;
import convscope.scene.Cells;
import convscope.scene.Equation;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Panel;
import convscope.scene.Paragraph;
import convscope.scene.Prose;
import convscope.scene.Raster;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.tensor.Tensor;
import convscope.topic.Figure;
import convscope.topic.Sliding;
import convscope.topic.View;

/** Draws a {@link GlobalAveraged}: the image, its maps, their means and the two heads. */
final class GlobalAveragePoolingFigure {
  private static final String[] NAMES = {"Sobel x", "Sobel y", "Laplacian", "Gaussian"};

  private final GlobalAveraged result;
  private final View view;
  private final Sliding at;
  private final int cells; // of each map, in the sum so far
  private final Tensor shown;
  private final Tensor vector;

  GlobalAveragePoolingFigure(GlobalAveraged result, View view) {
    this.result = result;
    this.view = view;
    at = Sliding.still(result.input(), Conv2d.Spec.of(1, 1), view);
    cells = view.step() + 1;
    shown = result.showGradient() ? result.gradient() : result.maps();
    vector = Tensor.zeros(1, 1, result.channels(), 1);
    for (int c = 0; c < result.channels(); c++) {
      double sum = result.sum(c, cells);
      vector.data()[c] =
          result.showGradient() ? c + 1 : (float) (result.undivided() ? sum : sum / result.area());
    }
  }

  Figure figure() {
    return Figure.of(scene(), equation(), caption());
  }

  private Scene scene() {
    Panel image = at.inputMap("in", Role.INPUT, "image", result.input().x());
    if (image instanceof Grid grid) {
      grid.editable();
    }
    Box[] maps = new Box[result.channels()];
    for (int c = 0; c < maps.length; c++) {
      maps[c] = map(c);
    }
    Box four = Layout.column(6, Layout.row(12, maps[0], maps[1]), Layout.row(12, maps[2], maps[3]));
    Box strip = Layout.row(8, maps);
    Grid y =
        new Grid(
                "y",
                result.showGradient() || result.undivided() ? Role.GRADIENT : Role.OUTPUT,
                result.channels(),
                1,
                view.narrow() ? 30 : 40,
                vector.data())
            .title(result.showGradient() ? "∂L/∂y" : result.undivided() ? "sums" : "means y", "")
            .part("y", "one number for each map");
    double width = view.narrow() ? view.stage().width() - 24 : 296;
    Box bars = bars(width);
    Box heads = heads(width);
    return view.narrow()
        ? at.scene(
            Layout.column(8, Layout.row(24, image, y), strip, bars, heads),
            Layout.column(8, Layout.row(20, image, four, y), bars, heads))
        : at.scene(
            Layout.column(
                14,
                Layout.row(16, image, Sliding.sign("→"), four, Sliding.sign("→"), y),
                Layout.row(20, bars, heads)));
  }

  private Panel map(int c) {
    Tensor map = result.map(shown, c);
    Role role = result.showGradient() ? Role.GRADIENT : Role.INPUT;
    float most = shown.largestSize();
    if (at.picture()) {
      byte[] levels = Raster.levels(map.data(), "grey", most);
      Cells twice = at.cells().also(2 * at.cells().size()); // at stride 2 as large as the image
      return new Raster("map" + c, role, map.dim(2), map.dim(3), levels, "grey", twice)
          .title(NAMES[c], "")
          .part("map" + c, NAMES[c] + ", image of " + Num.size(map.dim(2), map.dim(3)));
    }
    Grid grid =
        new Grid("map" + c, role, map.dim(2), map.dim(3), at.cells(), map.data())
            .title(NAMES[c], "")
            .part("map" + c, NAMES[c])
            .scaledTo(most);
    for (int n = 0; n < cells; n++) {
      grid.mark(n / result.width(), n % result.width(), "tap");
    }
    return cells < result.area()
        ? grid.mark((cells - 1) / result.width(), (cells - 1) % result.width(), "linked")
        : grid;
  }

  private Bars bars(double width) {
    long flat = result.parameters(result.denseInputs());
    long pooled = result.parameters(result.channels());
    String dense = "flatten + dense";
    String mean = "means + dense";
    return new Bars("heads", width, "parameters of the head")
        .log(1, 100_000)
        .room(dense, "65,000")
        .add(dense, Role.KERNEL, flat, Num.count(flat), dense + ": " + Num.count(flat))
        .add(mean, Role.OUTPUT, pooled, Num.count(pooled), mean + ": " + Num.count(pooled));
  }

  /** Which of the heads take these maps. */
  private Box heads(double width) {
    String problem = result.flattenProblem();
    Role role = problem == null ? Role.NEUTRAL : Role.GRADIENT;
    String flat = problem == null ? "flatten + dense: takes these maps" : problem;
    return Layout.column(
        6,
        new Paragraph(flat, width, 12.5, role),
        new Paragraph("means + dense: " + fits(), width, 12.5, Role.OUTPUT));
  }

  private String fits() {
    String problem = result.meansProblem();
    return problem == null ? "takes " + result.channels() + " numbers at any size" : problem;
  }

  // ---- words

  private Equation equation() {
    if (result.showGradient()) {
      return Equation.of(
          "[gradient ∂L/∂x] = 1/({}·{}) · [gradient ∂L/∂y] = {} · [gradient ∂L/∂y]",
          result.height(),
          result.width(),
          1.0 / result.area());
    }
    Equation equation = Equation.of("");
    for (int c = 0; c < result.channels(); c++) {
      String name = "y" + (char) ('₁' + c);
      String comma = c + 1 < result.channels() ? "," : "";
      double sum = result.sum(c, cells);
      if (result.undivided()) {
        equation.together("[output {}] = [input {}]{}", name, sum, comma).say(" ");
      } else {
        equation
            .together(
                "[output {}] = [input {}]/{} = [output {}]{}",
                name,
                sum,
                result.area(),
                vector.data()[c],
                comma)
            .say(" ");
      }
    }
    return equation;
  }

  private Prose caption() {
    if (result.showGradient()) {
      return Prose.of(
          "Each of the {} cells of a map gets [gradient 1/{}] of the gradient that arrives at its"
              + " mean: {} in the first map. The larger the map, the fainter.",
          result.area(),
          result.area(),
          shown.data()[0]);
    }
    Prose prose =
        Prose.of(
            "{} of the {} cells of each [input {} map] are in the sum. ",
            cells,
            result.area(),
            Num.size(result.height(), result.width()));
    if (result.undivided()) {
      return prose.add(
          "Undivided, the sums grow with the image: a head that learned at one size meets other"
              + " numbers at the next, and no shape check complains.");
    }
    prose.add(
        "The [output {mean}] go into the same head whatever the size of the image; ",
        result.channels());
    return result.flattenProblem() == null
        ? prose.add("the dense layer on flattened maps was built for just this size.")
        : prose.add(
            "the dense layer was built for an image of {} and fails.",
            Num.size(GlobalAveraged.BUILT, GlobalAveraged.BUILT));
  }
}
