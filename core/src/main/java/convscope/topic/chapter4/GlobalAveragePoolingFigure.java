package convscope.topic.chapter4;

import static convscope.topic.chapter4.WindowView.MARGIN;
import static convscope.topic.chapter4.WindowView.value;

import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.scene.Bars;
import convscope.scene.Box;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Markup;
import convscope.scene.Paragraph;
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

/** Draws a {@link GlobalAveraged}: the image, its maps, their means and the two heads. */
final class GlobalAveragePoolingFigure {
  private static final String[] NAMES = {"Sobel x", "Sobel y", "Laplacian", "Gaussian"};

  private final GlobalAveraged result;
  private final View view;
  private final WindowView at;
  private final int cells; // of each map, in the sum so far
  private final boolean gradient;
  private final boolean mistake;
  private final Tensor shown;
  private final Tensor vector;

  GlobalAveragePoolingFigure(GlobalAveraged result, View view) {
    this.result = result;
    this.view = view;
    at =
        new WindowView(
            result.input(), Conv2d.Spec.of(1, 1), 1, 1, new View(0, view.pick(), view.stage()), "");
    cells = view.step() + 1;
    gradient = result.values().choice("show").equals("gradient");
    mistake = result.values().flag("mistake");
    shown = gradient ? result.gradient() : result.maps();
    vector = Tensor.zeros(1, 1, result.channels(), 1);
    for (int c = 0; c < result.channels(); c++) {
      vector.data()[c] =
          gradient ? c + 1 : (float) (result.sum(c, cells) / (mistake ? 1 : result.area()));
    }
  }

  Figure figure() {
    List<Raster> rasters = new ArrayList<>();
    boolean picture = result.input().picture() != null;
    double full = picture ? 255 : Math.max(1, result.input().x().largestSize());
    double room = view.narrow() ? 130 : 150;
    Raster image = at.image("in", Role.INPUT, "image", result.input().x(), full, at.scale(room));
    rasters.add(image);
    List<Box> maps = new ArrayList<>();
    double most = shown.largestSize();
    double cell =
        Math.min(34, (view.narrow() ? 144.0 : 136.0) / Math.max(result.height(), result.width()));
    for (int c = 0; c < result.channels(); c++) {
      Tensor map = result.map(shown, c);
      Role role = gradient ? Role.GRADIENT : Role.INPUT;
      if (picture) {
        Raster raster = at.image("map" + c, role, NAMES[c], map, most, cell).title(NAMES[c], "");
        rasters.add(raster);
        maps.add(raster);
      } else {
        Grid grid = at.map("map" + c, role, NAMES[c], map, cell).title(NAMES[c], "");
        for (int n = 0; n < cells; n++) {
          grid.mark(n / result.width(), n % result.width(), "tap");
        }
        if (cells < result.area()) {
          grid.mark((cells - 1) / result.width(), (cells - 1) % result.width(), "linked");
        }
        maps.add(grid.scaledTo(most));
      }
    }
    Layout four =
        Layout.column(
            10, Layout.row(14, maps.get(0), maps.get(1)), Layout.row(14, maps.get(2), maps.get(3)));
    Grid y =
        new Grid(
                "y",
                gradient || mistake ? Role.GRADIENT : Role.OUTPUT,
                result.channels(),
                1,
                48,
                vector.data())
            .title(gradient ? "∂L/∂y" : mistake ? "sums" : "means y", "")
            .part("y", "one number for each map");
    Scene scene;
    if (view.narrow()) {
      double width = View.NARROW - 2 * MARGIN;
      scene =
          Scene.of(
              View.NARROW,
              MARGIN,
              Layout.column(16, Layout.row(30, image, y), four, bars(width), heads(width)));
    } else {
      Layout left = Layout.row(18, image, sign(), four, sign(), y);
      scene =
          Scene.of(
              View.WIDE, MARGIN, Layout.row(26, left, Layout.column(16, bars(230), heads(230))));
    }
    Prose caption = caption();
    return new Figure(scene, equation(), caption, twin(), rasters);
  }

  private static Text sign() {
    return new Text("→", 20, "sign");
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
    return Layout.column(
        8,
        new Paragraph(
            problem == null ? "flatten + dense: takes these maps" : problem,
            width,
            13,
            problem == null ? Role.NEUTRAL : Role.GRADIENT),
        new Paragraph("means + dense: " + fits(), width, 13, Role.OUTPUT));
  }

  private String fits() {
    String problem = result.meansProblem();
    return problem == null ? "takes " + result.channels() + " numbers at any size" : problem;
  }

  // ---- words

  String equation() {
    Markup out = new Markup();
    out.open("span").attr("class", "sum");
    if (gradient) {
      out.span("b", "gradient", "∂L/∂x").text(" = 1/(" + result.height() + "·" + result.width());
      out.text(") · ").span("b", "gradient", "∂L/∂y").text(" = " + value(1.0 / result.area()));
      return out.text(" · ").span("b", "gradient", "∂L/∂y").close().toString();
    }
    for (int c = 0; c < result.channels(); c++) {
      out.open("span").attr("class", "right");
      out.span("b", "output", "y" + (char) ('₁' + c)).text(" = ");
      out.span("b", "input", value(result.sum(c, cells)));
      out.text(mistake ? "" : "/" + Num.count(result.area()) + " = ");
      if (!mistake) {
        out.span("b", "output", value(vector.data()[c]));
      }
      out.text(c + 1 < result.channels() ? ", " : "").close().text(" ");
    }
    return out.close().toString();
  }

  private Prose caption() {
    Prose prose = new Prose();
    String size = result.height() + " × " + result.width();
    if (gradient) {
      Tensor dx = result.gradient();
      prose.say("Each of the " + Num.count(result.area()) + " cells of a map gets ");
      prose.say(Role.GRADIENT, "1/" + Num.count(result.area()));
      prose.say(" of the gradient that arrives at its mean: " + value(dx.data()[0]));
      return prose.say(" in the first map. The larger the map, the fainter.");
    }
    prose.say(Num.count(cells) + " of the " + Num.count(result.area()) + " cells of each ");
    prose.say(Role.INPUT, size + " map").say(" are in the sum. ");
    if (mistake) {
      return prose.say(
          "Undivided, the sums grow with the image: a head that learned at one size meets other"
              + " numbers at the next, and no shape check complains.");
    }
    prose.say("The ").say(Role.OUTPUT, result.channels() + " means");
    prose.say(" go into the same head whatever the size of the image; ");
    return prose.say(
        result.flattenProblem() == null
            ? "the dense layer on flattened maps was built for just this size."
            : "the dense layer was built for an image of "
                + GlobalAveraged.BUILT
                + " × "
                + GlobalAveraged.BUILT
                + " and fails.");
  }

  private String twin() {
    Twin twin = new Twin();
    twin.say(caption().plain());
    String problem = result.flattenProblem();
    twin.say(problem == null ? "Flatten + dense takes these maps." : problem + ".");
    twin.say("Means + dense " + fits() + ".");
    List<List<String>> rows = new ArrayList<>();
    for (int c = 0; c < result.channels(); c++) {
      rows.add(List.of(NAMES[c], value(result.sum(c, cells)), value(result.means().data()[c])));
    }
    twin.table("Maps", List.of("filter", "sum so far", "mean"), rows);
    if (result.input().picture() == null) {
      for (int c = 0; c < result.channels(); c++) {
        twin.table(NAMES[c], result.height(), result.width(), result.map(shown, c).data());
      }
    }
    return twin.toString();
  }
}
