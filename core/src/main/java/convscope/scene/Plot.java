package convscope.scene;

import convscope.num.Maths;
import convscope.num.Num;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Curves, points and stems over two axes with ticks, linear or in powers of ten, with a legend
 * above. The axes are fixed by the caller, so that what moves does not move them; what lies beyond
 * is drawn on the edge, and a NaN leaves a gap.
 */
public final class Plot implements Mark, Box {
  private static final double SIZE = 11.5;
  private static final double LINE = 18;
  private static final double BELOW = 38; // ticks and the name of the axis
  private static final double SWATCH = 22;
  private static final double GRIP = 20; // how long that of a rule is
  private static final int MOST_TOLD = 24; // points of a series in the text twin

  private record Series(String id, Role role, String css, String legend, double[] xs, double[] ys) {
    @Override
    public String toString() {
      return "Series " + id; // no doubles: printing them brings 9 KB of tables into the module
    }
  }

  /** A rule that sets a parameter: where it may stand, the text at each place, and where it is. */
  private record Slide(String param, double[] places, String[] texts, double now) {
    @Override
    public String toString() {
      return "Slide " + param;
    }
  }

  /** One axis: its name and what it covers, as logarithms where it is in powers of ten. */
  private static final class Axis {
    private String name = "";
    private double from;
    private double to = 1;
    private boolean log;

    void set(String what, double least, double most, boolean powers) {
      name = what;
      log = powers;
      from = powers ? exponent(least, false) : least;
      to = powers ? Math.max(exponent(most, true), from + 1) : most;
    }

    double share(double value) {
      double at = !log ? value : value > 0 ? Maths.log(value) / Maths.log(10) : from;
      return Math.max(0, Math.min(1, (at - from) / (to - from)));
    }

    /** The distance of ticks, so that there are at most so many. */
    double unit(double most) {
      double unit = log ? 1 : Maths.pow(10, exponent((to - from) / most, false));
      for (int n = 0; (to - from) / unit > most; n++) {
        unit *= log ? 2 : n % 3 == 1 ? 2.5 : 2; // 1, 2, 5, 10, …
      }
      return unit;
    }

    String text(double at) {
      return log ? powerOfTen((int) Num.round(at)) : Num.decimal(at, 6);
    }
  }

  private final String key;
  private final double width;
  private final double area;
  private final String spoken;
  private final Axis across = new Axis();
  private final Axis up = new Axis();
  private final List<Series> series = new ArrayList<>();
  private final List<Series> rules = new ArrayList<>();
  private String title = "";
  private String detail = "";
  private Role role = Role.NEUTRAL;
  private final List<Slide> slides = new ArrayList<>();
  private int steps; // that the horizontal axis stands for, or 0
  private int step;
  private double x;
  private double y;

  /**
   * @param width of the whole, the numbers on the axis included
   * @param area the height between the axes
   * @param spoken what a screen reader calls it; the numbers belong into the text twin
   */
  public Plot(String key, double width, double area, String spoken) {
    this.key = key;
    this.width = width;
    this.area = area;
    this.spoken = spoken;
  }

  /** So many places at equal distances. */
  public static double[] range(double first, double step, int count) {
    double[] places = new double[count];
    for (int n = 0; n < count; n++) {
      places[n] = first + n * step;
    }
    return places;
  }

  /** A title above the whole in a role's colour, and what follows it in quiet type. */
  public Plot title(String text, String more, Role color) {
    title = text;
    detail = more;
    role = color;
    return this;
  }

  /** The horizontal axis: its name, and from where to where. */
  public Plot x(String name, double from, double to) {
    across.set(name, from, to, false);
    return this;
  }

  /** The vertical axis. */
  public Plot y(String name, double from, double to) {
    up.set(name, from, to, false);
    return this;
  }

  /** A horizontal axis in whole powers of ten that hold both values, which are above zero. */
  public Plot logX(String name, double least, double most) {
    across.set(name, least, most, true);
    return this;
  }

  /** A vertical axis in powers of ten. */
  public Plot logY(String name, double least, double most) {
    up.set(name, least, most, true);
    return this;
  }

  /**
   * A line through the points in their order.
   *
   * @param css {@code dashed}, {@code thin} or nothing
   * @param legend its name in the legend, or the empty string
   */
  public Plot curve(String id, Role color, String css, String legend, double[] xs, double[] ys) {
    series.add(new Series(id, color, "curve " + css, legend, xs, ys));
    return this;
  }

  /** A dashed level across the whole of a linear axis, which is set before. */
  public Plot level(String id, Role color, String legend, double at) {
    double[] ends = {across.from, across.to};
    return curve(id, color, "dashed", legend, ends, new double[] {at, at});
  }

  /**
   * A dot for each point.
   *
   * @param css {@code large}, {@code hollow} or nothing
   */
  public Plot points(String id, Role color, String css, String legend, double[] xs, double[] ys) {
    series.add(new Series(id, color, "points " + css, legend, xs, ys));
    return this;
  }

  /** A dot for each point, on a line from the axis below: a spectrum. */
  public Plot stems(String id, Role color, String css, String legend, double[] xs, double[] ys) {
    series.add(new Series(id, color, "stems " + css, legend, xs, ys));
    return this;
  }

  /** A vertical line across the whole at one place, with a word beside it. */
  public Plot rule(String id, Role color, String word, double at) {
    rules.add(new Series(id, color, "rule", word, new double[] {at}, new double[] {0}));
    return this;
  }

  /**
   * Lets the reader drag the last rule along the horizontal axis, which sets a parameter.
   *
   * @param places where it may stand, in the axis's unit; they may lie beyond its end
   * @param texts what the parameter is at each
   */
  public Plot slides(String param, double[] places, String[] texts) {
    slides.add(new Slide(param, places, texts, rules.get(rules.size() - 1).xs[0]));
    return this;
  }

  /** The same for a whole number, which is the axis's own. */
  public Plot slides(String param, int least, int most) {
    return slides(param, least, most, 1);
  }

  /** The same for a whole number of which each is so much on the axis. */
  public Plot slides(String param, int least, int most, double unit) {
    String[] texts = new String[most - least + 1];
    for (int n = 0; n < texts.length; n++) {
      texts[n] = String.valueOf(least + n);
    }
    return slides(param, range(least * unit, unit, texts.length), texts);
  }

  /** Lets the reader drag the step along the horizontal axis, all of which the steps take. */
  public Plot drags(int count, int at) {
    steps = count;
    step = at;
    return this;
  }

  @Override
  public double width() {
    return width;
  }

  @Override
  public double height() {
    return head() + area + BELOW;
  }

  @Override
  public void place(Scene scene, double left, double top) {
    x = left;
    y = top + head();
    scene.add(this);
  }

  /** Title, legend and the vertical axis's name. */
  private double head() {
    return (title.isEmpty() ? 0 : Title.HEIGHT) + legend(null, 0) * LINE + LINE;
  }

  /** The place of a value between the left and the right end, in pixels of the drawing. */
  double px(double value) {
    double left = left();
    return left + across.share(value) * (x + width - 6 - left);
  }

  double py(double value) {
    return y + area * (1 - up.share(value));
  }

  private double left() {
    double most = 0;
    double unit = up.unit(area / 30);
    for (double at = first(up, unit); at <= up.to + unit * 1e-6; at += unit) {
      most = Math.max(most, Text.width(up.text(at), SIZE));
    }
    return x + most + 10;
  }

  private static double first(Axis axis, double unit) {
    double first = (long) (axis.from / unit) * unit;
    return first < axis.from - unit * 1e-6 ? first + unit : first;
  }

  /** Each series as a table of its points, those of a long one thinned out evenly. */
  @Override
  public void tell(Twin twin) {
    twin.say(spoken);
    for (Series one : series) {
      if (one.legend.isEmpty()) {
        continue;
      }
      List<List<String>> rows = new ArrayList<>();
      int every = (one.xs.length + MOST_TOLD - 1) / MOST_TOLD;
      for (int n = 0; n < one.xs.length; n += every) {
        if (!Double.isNaN(one.ys[n])) {
          rows.add(List.of(Num.value(one.xs[n]), Num.value(one.ys[n])));
        }
      }
      if (!rows.isEmpty()) {
        twin.table(one.legend, List.of(across.name, up.name), rows);
      }
    }
  }

  @Override
  public void write(Markup out) {
    double left = left();
    double right = x + width - 6;
    out.open("g").attr("class", "plot").attr("data-k", key);
    out.attr("role", "img").attr("aria-label", spoken);
    if (!title.isEmpty()) {
      Title.above(title, detail, role, "", x, y - head() + Title.HEIGHT).write(out);
    }
    Lines lines = new Lines(key + "/grid", "gridline");
    Lines axes = new Lines(key + "/axes", "tick");
    axes.add(left, y + area, right, y + area).add(left, y, left, y + area);
    double unit = up.unit(area / 30);
    for (double at = first(up, unit); at <= up.to + unit * 1e-6; at += unit) {
      double level = y + area * (1 - (at - up.from) / (up.to - up.from));
      lines.add(left, level, right, level);
      text(out, up.text(at), "end", left - 6, level + 4);
    }
    unit = across.unit((right - left) / (across.log ? 40 : 62));
    for (double at = first(across, unit); at <= across.to + unit * 1e-6; at += unit) {
      double place = left + (right - left) * (at - across.from) / (across.to - across.from);
      String word = across.text(at);
      double half = Text.width(word, SIZE) / 2;
      axes.add(place, y + area, place, y + area + 5);
      text(out, word, "middle", Math.min(place, x + width - half), y + area + 17);
    }
    text(out, up.name, "", x, y - 9);
    text(out, across.name, "end", right, y + area + 33);
    lines.write(out);
    axes.write(out);
    for (Series rule : rules) {
      double at = px(rule.xs[0]);
      path(out, rule, "rule", "M" + number(at) + " " + number(y) + "V" + number(y + area));
      boolean fits = at + 5 + Text.width(rule.legend, SIZE) < right;
      out.open("text").attr("class", "label " + rule.role.css());
      out.attr("x", fits ? at + 5 : at - 5).attr("y", y + 11).attr("font-size", SIZE);
      out.attrIf("text-anchor", fits ? "" : "end").text(rule.legend).close();
    }
    for (Series one : series) {
      write(out, one);
    }
    legend(out, y - head() + (title.isEmpty() ? 0 : Title.HEIGHT));
    if (steps > 1) {
      double pitch = (right - left) / (steps - 1);
      Handle.onAxis(out, key, left, y, area, pitch, new Handle.Stops(step, 1, steps));
    }
    for (Slide slide : slides) {
      List<Handle.Stop> stops = new ArrayList<>();
      for (int n = 0; n < slide.places.length; n++) {
        double share = (slide.places[n] - across.from) / (across.to - across.from);
        stops.add(new Handle.Stop(left + share * (right - left), slide.texts[n]));
      }
      double at = px(slide.now);
      Handle.Area place = new Handle.Area(at, y, at, y + area);
      Handle.among(slide.param, key, true, stops, place, at, GRIP).write(out);
    }
    out.close();
  }

  private void write(Markup out, Series one) {
    boolean curve = one.css.startsWith("curve");
    StringBuilder line = new StringBuilder();
    StringBuilder dots = new StringBuilder();
    boolean pen = false;
    for (int n = 0; n < one.xs.length; n++) {
      if (Double.isNaN(one.ys[n]) || Double.isNaN(one.xs[n])) {
        pen = false;
        continue;
      }
      String place = number(px(one.xs[n])) + " " + number(py(one.ys[n]));
      if (curve) {
        line.append(pen ? 'L' : 'M').append(place);
        pen = true;
      } else {
        dots.append('M').append(place).append("h0");
        if (one.css.startsWith("stems")) {
          line.append('M').append(place).append('V').append(number(y + area));
        }
      }
    }
    if (line.length() > 0) {
      path(out, one, curve ? one.css : "stem " + one.css, line.toString());
    }
    if (dots.length() > 0) {
      dots(out, one, dots.toString());
    }
  }

  /** Dots are lines without length and with round ends; a hollow one has the ground within. */
  private void dots(Markup out, Series one, String dots) {
    path(out, one, "dots " + one.css, dots);
    if (one.css.endsWith("hollow")) {
      path(out, one, "dots within", dots);
    }
  }

  private void path(Markup out, Series one, String css, String line) {
    String kind = css.substring(0, (css + " ").indexOf(' '));
    out.open("path").attr("class", (css + " " + one.role.css()).replace("  ", " "));
    out.attr("data-k", key + "/" + one.id + (css.endsWith("within") ? "/within" : "/" + kind));
    out.attr("d", line).closeEmpty();
  }

  /** Writes the legend, unless there is nowhere to, and counts its lines. */
  private int legend(@Nullable Markup out, double top) {
    double at = 0;
    int rows = 0;
    for (Series one : series) {
      if (one.legend.isEmpty()) {
        continue;
      }
      double wide = SWATCH + 6 + Text.width(one.legend, 12) + 14;
      if (rows == 0 || at + wide - 14 > width) {
        rows++;
        at = 0;
      }
      if (out != null) {
        double level = top + (rows - 1) * LINE + LINE / 2;
        String place = number(x + at + (SWATCH - 8) / 2) + " " + number(level);
        if (one.css.startsWith("curve")) {
          path(
              out,
              new Series(one.id + "/legend", one.role, "", "", one.xs, one.ys),
              one.css,
              "M" + number(x + at) + " " + number(level) + "h" + number(SWATCH - 4));
        } else {
          dots(
              out,
              new Series(one.id + "/legend", one.role, one.css, "", one.xs, one.ys),
              "M" + place + "h0");
        }
        out.open("text").attr("class", "label").attr("x", x + at + SWATCH);
        out.attr("y", level + 4).attr("font-size", 12).text(one.legend).close();
      }
      at += wide;
    }
    return rows;
  }

  private static void text(Markup out, String text, String anchor, double at, double base) {
    out.open("text").attr("class", "label").attr("x", at).attr("y", base);
    out.attr("font-size", SIZE).attrIf("text-anchor", anchor).text(text).close();
  }

  private static String number(double value) {
    return Num.plain(value, 1);
  }

  /** The exponent of the nearest power of ten not above, or not below, a value. */
  static double exponent(double value, boolean above) {
    if (!(value > 0)) {
      return 0; // a logarithm has no zero
    }
    int exponent = 0;
    double power = value;
    while (power < 1) {
      power *= 10;
      exponent--;
    }
    while (power >= 10) {
      power /= 10;
      exponent++;
    }
    return above && power > 1 + 1e-9 ? exponent + 1 : exponent;
  }

  /** 1, 10, and beyond them 10² or 10⁻³. */
  static String powerOfTen(int exponent) {
    return exponent == 0 ? "1" : exponent == 1 ? "10" : "10" + Num.superscript(exponent);
  }
}
