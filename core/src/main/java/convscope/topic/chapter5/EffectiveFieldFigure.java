package convscope.topic.chapter5;

import convscope.data.Picture;
import convscope.num.Num;
import convscope.scene.Box;
import convscope.scene.Equation;
import convscope.scene.Layout;
import convscope.scene.Lines;
import convscope.scene.Panel;
import convscope.scene.Plot;
import convscope.scene.Prose;
import convscope.scene.Raster;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.tensor.Tensor;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.View;
import org.jspecify.annotations.Nullable;

/** Draws an {@link EffectiveField}: the map, its profile with the Gaussian, and its growth. */
final class EffectiveFieldFigure {
  private static final int POINTS = 121; // of a smooth curve
  private static final int MOST = 20; // layers

  private final EffectiveField field;
  private final View view;
  private final int seeds;
  private final int side;
  private final double[] map;
  private final double most;
  private final boolean[] heart;
  private final double[] profile;
  private final double deviation;
  private final @Nullable Tensor image; // small grey levels of a picture that is under the field
  private final int top; // of the field on it
  private final int left;

  EffectiveFieldFigure(EffectiveField field, View view) {
    this.field = field;
    this.view = view;
    seeds = view.step() + 1;
    side = field.side();
    map = field.sum(seeds, field.layers());
    double largest = 0;
    for (double value : map) {
      largest = Math.max(largest, value);
    }
    most = largest;
    heart = EffectiveField.heart(map);
    profile = EffectiveField.profile(map);
    deviation = EffectiveField.deviation(profile);
    Picture picture = field.picture();
    image = picture == null ? null : SmallPicture.of(picture);
    top = image == null ? 0 : place(image.dim(2), true);
    left = image == null ? 0 : place(image.dim(3), false);
  }

  Figure figure() {
    return Figure.of(scene(), equation(), caption()).finding(finding());
  }

  /** How many cells hold the share of the mass. */
  private int held() {
    return EffectiveField.count(heart);
  }

  private String percent() {
    return Num.percent((double) held() / map.length, 0);
  }

  // ---- drawing

  private Scene scene() {
    double room = view.stage().room();
    double high = view.stage().tall();
    double size = view.narrow() ? 128 : 268;
    double plots = room - size - (view.narrow() ? 8 : 24);
    double area = (high - 12 - 184) / 2;
    Panel map = image == null ? heat(size) : picture(image, size);
    Scene scene =
        Scene.of(
            view.stage(),
            view.narrow()
                ? Layout.column(6, Layout.row(8, map, growth(plots, 66)), shape(room, 96))
                : Layout.row(24, map, Layout.column(8, shape(plots, area), growth(plots, area))));
    outline(scene, map);
    return scene;
  }

  /** Where the field begins on an image: around the cell under the pointer, or in the middle. */
  private int place(int length, boolean rows) {
    Cell at = view.cell("in", Integer.MAX_VALUE, Integer.MAX_VALUE);
    int centre = at == null ? length / 2 : rows ? at.row() : at.column();
    return Math.max(0, Math.min(length - side, centre - side / 2));
  }

  private Panel heat(double size) {
    float[] shades = new float[map.length];
    for (int p = 0; p < shades.length; p++) {
      shades[p] = (float) share(p);
    }
    byte[] levels = Raster.levels(shades, "gradient", 1);
    return new Raster("erf", Role.GRADIENT, side, side, levels, "gradient", size / side)
        .title("|∂y/∂x|", view.narrow() ? "" : "95 % outlined")
        .part("x", "mean absolute gradient over the theoretical field");
  }

  /** How much a cell of the field counts, as a share of the strongest. */
  private double share(int cell) {
    return most == 0 ? 0 : map[cell] / most;
  }

  /** The picture as the unit sees it: pale outside the field, and as strong as they count in it. */
  private Panel picture(Tensor x, double size) {
    int height = x.dim(2);
    int width = x.dim(3);
    float[] shades = new float[height * width];
    for (int p = 0; p < shades.length; p++) {
      int r = p / width - top;
      int c = p % width - left;
      boolean inside = r >= 0 && c >= 0 && r < side && c < side;
      double strength = inside ? 0.12 + 0.88 * Math.sqrt(share(r * side + c)) : 0.3;
      shades[p] = (float) (255 - (255 - x.data()[p]) * strength);
    }
    byte[] levels = Raster.levels(shades, "grey", 255);
    double pixel = size / Math.max(height, width);
    return new Raster("in", Role.INPUT, height, width, levels, "grey", pixel)
        .title("image x", "")
        .part("x", "the image, each pixel as strong as it counts")
        .outlineInside("field", Role.INPUT, "dashed", top, left, side, side);
  }

  /** The edge of the fewest cells that hold the mass. */
  private void outline(Scene scene, Panel over) {
    Lines edge = new Lines("heart", "line output");
    for (int r = 0; r <= side; r++) {
      for (int c = 0; c <= side; c++) {
        double x = over.left(c + left);
        double y = over.top(r + top);
        if (in(r, c, over) != in(r - 1, c, over)) {
          edge.add(x, y, over.left(c + left + 1), y);
        }
        if (in(r, c, over) != in(r, c - 1, over)) {
          edge.add(x, y, x, over.top(r + top + 1));
        }
      }
    }
    scene.addAbove(edge);
  }

  private boolean in(int r, int c, Panel over) {
    boolean inside = r >= 0 && c >= 0 && r < side && c < side && heart[r * side + c];
    return inside && r + top < over.bounds()[2] && c + left < over.bounds()[3];
  }

  /** The profile of the mass with the Gaussian of the same deviation. */
  private Box shape(double width, double area) {
    double reach = side / 2.0;
    double[] where = Plot.range(-reach, 2 * reach / (POINTS - 1), POINTS);
    double[] gaussian = new double[POINTS];
    for (int n = 0; n < POINTS; n++) {
      gaussian[n] = deviation == 0 ? Double.NaN : field.gaussian(where[n], deviation);
    }
    double top = 1.45 * field.gaussian(0, field.expected(field.layers()));
    String name = "Gaussian, σ = " + Num.value(deviation);
    Plot plot =
        new Plot("profile", width, area, "share of the gradient by column, with a Gaussian")
            .x("cells from the centre", -reach, reach)
            .y("share by column", 0, top)
            .curve("gaussian", Role.OUTPUT, "", name, where, gaussian)
            .points(
                "measured",
                Role.GRADIENT,
                "",
                "measured",
                Plot.range(0.5 - reach, 1, side),
                profile);
    double[] alike = {1.0 / side, 1.0 / side};
    return field.even()
        ? plot.curve(
            "even", Role.GRADIENT, "dashed", "all alike", new double[] {-reach, reach}, alike)
        : plot;
  }

  /** The effective width, four deviations, after each layer, beside the theoretical one. */
  private Box growth(double width, double area) {
    int n = field.layers();
    double[] depth = Plot.range(1, 1, n);
    double[] theoretical = new double[n];
    double[] expected = new double[n];
    double[] measured = new double[n];
    for (int l = 1; l <= n; l++) {
      theoretical[l - 1] = field.side(l);
      expected[l - 1] = 4 * field.expected(l);
      double[] below = l == n ? map : field.sum(seeds, l);
      measured[l - 1] = 4 * EffectiveField.deviation(EffectiveField.profile(below));
    }
    return new Plot("growth", width, area, "effective and theoretical width after each layer")
        .x("layers", 0, Math.max(4, n))
        .y("cells", 0, side)
        .curve("r", Role.INPUT, "dashed", "theoretical r", depth, theoretical)
        .curve("expected", Role.OUTPUT, "", "4σ expected", depth, expected)
        .points("effective", Role.GRADIENT, "", "4σ measured", depth, measured)
        .rule("n", Role.NEUTRAL, "", n)
        .slides("layers", 1, MOST);
  }

  // ---- words

  private Equation equation() {
    return Equation.of("")
        .together(
            "σ measured [gradient {}], expected [output {}]",
            deviation,
            field.expected(field.layers()))
        .say(" · ")
        .together(
            "95 % of the mass in [gradient {}] of [input {}] cells, {}",
            held(), map.length, percent());
  }

  /** The largest distance of the profile from the Gaussian, in units of its peak. */
  private double gap() {
    double peak = 0;
    double gap = 0;
    for (int c = 0; c < side; c += field.spacing()) {
      double fitted = deviation == 0 ? 0 : field.gaussian(c - (side - 1) / 2.0, deviation);
      gap = Math.max(gap, Math.abs(profile[c] - fitted));
      peak = Math.max(peak, profile[c]);
    }
    return peak == 0 ? 0 : gap / peak;
  }

  private Prose caption() {
    Cell at = view.cell("erf", side, side);
    if (at != null) {
      int cell = at.row() * side + at.column();
      return Prose.of(
          "Cell ({}, {}) has [gradient {}] of the strongest cell’s gradient. It is {among those that"
              + " hold 95 % of the mass|in the theoretical field, but hardly counts}.",
          at.row(), at.column(), Num.percent(share(cell), 1), heart[cell]);
    }
    return Prose.of(
        "{} {}",
        field.equal() && !field.relu()
            ? "Equal weights and no nonlinearity: every network is the same, and the map is exact."
            : seeds == 1 ? "One random network." : "The mean of " + seeds + " random networks.",
        finding());
  }

  private String finding() {
    Prose out =
        Prose.of(
            "The theoretical field is {}, but 95 % of the gradient’s mass is in {} of its {} cells,"
                + " {}. Its profile is at most {} of its peak away from a Gaussian of σ = {}.",
            Num.size(side, side), held(), map.length, percent(), Num.percent(gap(), 0), deviation);
    if (field.spacing() > 1) {
      out.add(" Every second cell is a hole.");
    }
    if (field.even()) {
      out.add(
          " If all cells counted alike, it would take {}.",
          (int) Math.ceil(EffectiveField.SHARE * map.length));
    }
    return out.plain();
  }
}
