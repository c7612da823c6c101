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
  private static final String FLAT = "flatten + dense";
  private static final String MEANS = "means + dense";

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
      grid.editable().resizes("size", result.input().height(), result.input().width());
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
            .title(
                result.showGradient()
                    ? "∂L/∂y"
                    : result.undivided() ? "sums" : view.narrow() ? "means y" : "y",
                "")
            .part("y", "one number for each map");
    if (view.narrow()) {
      Box heads = heads(view.stage().width() - 24);
      return at.scene(
          Layout.column(10, Layout.row(24, image, y), strip, heads),
          Layout.column(10, Layout.row(14, image, four, y), heads));
    }
    return at.scene(
        Layout.column(
            12,
            Layout.row(12, image, Sliding.sign("→"), four, Sliding.sign("→"), y),
            Layout.row(20, bars(296), heads(296))));
  }

  private Panel map(int c) {
    Tensor map = shown.plane(c);
    Role role = result.showGradient() ? Role.GRADIENT : Role.INPUT;
    float most = shown.largestSize();
    if (at.picture()) {
      Cells twice = at.cells().also(2 * at.cells().size()); // at stride 2 as large as the image
      return Raster.of("map" + c, role, map.dim(2), map.dim(3), map.data(), "grey", most, twice)
          .title(NAMES[c], "")
          .part("map" + c, NAMES[c] + ", image of " + Num.size(map.dim(2), map.dim(3)));
    }
    Grid grid =
        new Grid("map" + c, role, map.dim(2), map.dim(3), at.cells(), map.data())
            .title(NAMES[c], "")
            .part("map" + c, NAMES[c])
            .scaledTo(most)
            .steps();
    int row = (cells - 1) / result.width();
    int column = (cells - 1) % result.width();
    grid.drags(row, column);
    for (int n = cells; n < result.area() && !result.showGradient(); n++) {
      grid.mark(n / result.width(), n % result.width(), "dropped"); // not in the sum yet
    }
    return cells < result.area() ? grid.mark(row, column, "linked") : grid;
  }

  private long flat() {
    return result.parameters(result.denseInputs());
  }

  private long pooled() {
    return result.parameters(result.channels());
  }

  private Bars bars(double width) {
    String flat = Num.count(flat());
    String pooled = Num.count(pooled());
    return new Bars("heads", width, "parameters of the head")
        .linear(flat())
        .room(FLAT, "65,000")
        .add(FLAT, Role.KERNEL, flat(), flat, FLAT + ": " + flat)
        .add(MEANS, Role.OUTPUT, pooled(), pooled, MEANS + ": " + pooled);
  }

  /** Which of the heads take these maps, and what they cost. */
  private Box heads(double width) {
    String flat = result.flattenProblem();
    String means = result.meansProblem();
    String any = "it takes " + result.channels() + " numbers at any size";
    return Layout.stack(
        6,
        new Paragraph(
            head(FLAT, flat(), flat == null ? "it takes these maps" : flat),
            width,
            12.5,
            flat == null ? Role.NEUTRAL : Role.GRADIENT),
        new Paragraph(
            head(MEANS, pooled(), means == null ? any : means), width, 12.5, Role.OUTPUT));
  }

  private static String head(String name, long parameters, String fits) {
    return name + ", " + Num.count(parameters) + " parameters: " + fits;
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
