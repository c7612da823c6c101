package convscope.scene;

import convscope.num.Maths;
import convscope.num.Num;
import java.util.ArrayList;
import java.util.List;

/**
 * Amounts, one a row, each with its name and its value, over a labelled axis: bars from zero, or
 * dots on powers of ten, since a bar's length says a share and a logarithm has no zero. A row's key
 * is {@code key/row,0}. The axis is fixed by the caller, so that an amount that changes does not
 * move the others. In a narrow place name and value stand above their bar.
 */
public final class Bars implements Mark, Box {
  private static final double SMALL = 11.5;
  private static final double ROW = 30; // at most
  private static final double CLOSEST = 18; // rows of bars with their names beside them
  private static final double NAME = 16; // height of a name above its bar
  private static final double AXIS = 38;
  private static final double SHORTEST = 20; // axis, where texts leave no room for one
  private static final double DOT = 5.5; // radius
  private static final double SUPERSCRIPT = 0.36; // width of one, in units of the text's size

  private record Bar(String name, Role role, double value, String text, String spoken, String css) {
    @Override
    public String toString() {
      return "Bar " + name; // no doubles: printing them brings 9 KB of tables into the module
    }
  }

  private final String key;
  private final double width;
  private final String measure;
  private final List<Bar> bars = new ArrayList<>();
  private double highest = Double.POSITIVE_INFINITY;
  private double from;
  private double to = 1;
  private boolean log;
  private String roomForName = "";
  private String roomForText = "";
  private double x;
  private double y;

  /**
   * @param width of the whole, names and values included
   * @param measure what the axis measures, such as {@code milliseconds}
   */
  public Bars(String key, double width, String measure) {
    this.key = key;
    this.width = width;
    this.measure = measure;
  }

  /** An axis from zero to the first round number that is not below {@code most}. */
  public Bars linear(double most) {
    log = false;
    from = 0;
    double unit = tick(most);
    to = unit;
    while (to < most) {
      to += unit;
    }
    return this;
  }

  /** An axis in powers of ten that holds both values, which are above zero; amounts are dots. */
  public Bars log(double least, double most) {
    log = true;
    from = power(least, false);
    to = Math.max(power(most, true), from + 1);
    return this;
  }

  /** Draws the rows closer together where all would be higher than this. */
  public Bars within(double height) {
    highest = height;
    return this;
  }

  /** Keeps room for the longest name and value, so that bars stay in place as these change. */
  public Bars room(String longestName, String longestText) {
    roomForName = longestName;
    roomForText = longestText;
    return this;
  }

  /** Adds a bar: what it is called, its length and the value as text. */
  public Bars add(String name, Role role, double value, String text) {
    return add(name, role, value, text, name + ": " + text, "");
  }

  /** Adds a class to a row that is there; others are ignored. */
  public Bars mark(int row, String css) {
    if (row >= 0 && row < bars.size()) {
      Bar bar = bars.get(row);
      String both = (bar.css + " " + css).trim();
      bars.set(row, new Bar(bar.name, bar.role, bar.value, bar.text, bar.spoken, both));
    }
    return this;
  }

  /** Adds a bar: what it is called, its length, the value as text, and all that as a sentence. */
  public Bars add(String name, Role role, double value, String text, String spoken) {
    return add(name, role, value, text, spoken, "");
  }

  /** Adds what a slip would give, dashed. */
  public Bars wrong(String name, double value, String text) {
    return add(name, Role.GRADIENT, value, text, name + ": " + text, "dashed");
  }

  /** Adds a bar with a class, such as {@code picked} or {@code dashed}. */
  public Bars add(String name, Role role, double value, String text, String spoken, String css) {
    bars.add(new Bar(name, role, value, text, spoken, css));
    return this;
  }

  /** The exponent of the nearest power of ten not above (below) a value. */
  private static double power(double value, boolean up) {
    int exponent = 0;
    double power = 1;
    while (power > value) {
      power /= 10;
      exponent--;
    }
    while (power * 10 <= value) {
      power *= 10;
      exponent++;
    }
    return up && power < value ? exponent + 1 : exponent;
  }

  /** A round step that divides a length into two to five. */
  private static double tick(double most) {
    double unit = Maths.pow(10, power(most, false));
    double share = most / unit;
    return unit * (share <= 1 ? 0.25 : share <= 2.5 ? 0.5 : share <= 5 ? 1 : 2);
  }

  private boolean stacked() {
    return width < 480; // names above the bars
  }

  private double size() {
    return stacked() ? 12 : 13;
  }

  private double nameWidth() {
    double widest = Text.width(roomForName, size());
    for (Bar bar : bars) {
      widest = Math.max(widest, Text.width(bar.name, size()));
    }
    return stacked() ? 0 : widest + 14;
  }

  private double valueWidth() {
    double widest = Text.width(roomForText, size());
    for (Bar bar : bars) {
      widest = Math.max(widest, Text.width(bar.text, size()));
    }
    return stacked() ? 0 : widest + 10;
  }

  private double length() {
    return Math.max(SHORTEST, width - nameWidth() - valueWidth());
  }

  private double row() {
    double least = CLOSEST + (stacked() ? 6 : 0);
    return Math.max(least, Math.min(ROW, (highest - AXIS) / Math.max(1, bars.size())));
  }

  @Override
  public double width() {
    return width;
  }

  @Override
  public double height() {
    return bars.size() * row() + AXIS;
  }

  @Override
  public void place(Scene scene, double left, double top) {
    x = left;
    y = top;
    scene.add(this);
  }

  /** How far along the axis a value is, 0 to 1. */
  double share(double value) {
    double at = !log ? value : value > 0 ? Maths.log(value) / Maths.log(10) : from;
    return Math.max(0, Math.min(1, (at - from) / (to - from)));
  }

  @Override
  public void tell(Twin twin) {
    List<List<String>> rows = new ArrayList<>();
    for (Bar bar : bars) {
      rows.add(List.of(bar.name, bar.text));
    }
    twin.table(measure, List.of("", measure), rows);
  }

  @Override
  public void write(Markup out) {
    double left = x + nameWidth();
    double thick = stacked() ? row() - NAME - 4 : row() * 2 / 3;
    out.open("g").attr("class", "grid bars").attr("data-k", key);
    out.attr("role", "grid").attr("aria-label", measure + (log ? ", logarithmic" : ""));
    for (int n = 0; n < bars.size(); n++) {
      Bar bar = bars.get(n);
      double top = y + n * row() + (stacked() ? NAME : (row() - thick) / 2);
      double base = stacked() ? top - 4 : top + thick / 2 + size() * 0.36;
      out.open("g").attr("role", "row");
      out.open("g").attr("role", "gridcell");
      out.attr("class", ("cell l7 " + bar.role.css() + " " + bar.css).trim());
      out.attr("data-k", key + "/" + n + ",0").attr("aria-label", bar.spoken);
      rect(out, "track", left, top, length(), thick);
      double at = share(bar.value) * length();
      if (log) {
        out.open("circle").attr("class", "dot").attr("cx", left + at).attr("cy", top + thick / 2);
        out.attr("r", DOT).closeEmpty();
      } else {
        double least = bar.value > 0 ? 1.5 : 0; // something is seen, nothing is not
        rect(out, "bar", left, top, Math.max(least, at), thick);
      }
      out.close();
      text(out, bar.name, size(), "", x, base);
      text(out, bar.text, size(), "end", x + width, base);
      out.close();
    }
    axis(out, left, y + bars.size() * row() + 2);
    out.close();
  }

  private static void rect(
      Markup out, String css, double left, double top, double length, double thick) {
    out.open("rect").attr("class", css).attr("x", left).attr("y", top);
    out.attr("width", length).attr("height", thick).closeEmpty();
  }

  private static void text(
      Markup out, String text, double size, String anchor, double at, double base) {
    out.open("text").attr("class", "label").attr("x", at).attr("y", base);
    out.attr("font-size", size).attrIf("text-anchor", anchor).text(text).close();
  }

  private void axis(Markup out, double left, double top) {
    out.open("g").attr("aria-hidden", "true");
    double unit = log ? 1 : tick(to);
    double apart = length() * unit / (to - from);
    int count = (int) Num.round((to - from) / unit);
    double room = log ? 34 : Math.max(52, 1.5 * Text.width(number(to), SMALL) + 4);
    int every = 1; // ticks a label, so that labels keep clear of each other
    while (apart * every < room) {
      every++;
    }
    Lines ticks = new Lines(key + "/axis", "tick").add(left, top, left + length(), top);
    for (int n = 0; n <= count; n++) {
      double at = left + length() * n / count;
      boolean labelled = n % every == 0;
      ticks.add(at, top, at, top + (labelled ? 6 : 3));
      if (labelled) {
        String text = log ? powerOfTen((int) (from + n)) : number(n * unit);
        double wide =
            log ? SMALL * (1.2 + SUPERSCRIPT * (text.length() - 2)) : Text.width(text, SMALL);
        boolean last = at + wide / 2 > x + width;
        boolean first = at - wide / 2 < x;
        String anchor = last ? "end" : first ? "" : "middle";
        text(out, text, SMALL, anchor, at, top + 18);
      }
    }
    ticks.write(out);
    text(out, measure + (log ? ", log scale" : ""), SMALL, "", left, top + 33);
    out.close();
  }

  private static String number(double value) {
    return value % 1 == 0 ? Num.count((long) value) : Num.decimal(value, 4);
  }

  /** 1, 10, and then 10², 10³, …; below one 0.1, 0.01, … */
  private static String powerOfTen(int exponent) {
    return exponent <= 1
        ? Num.decimal(Maths.pow(10, exponent), 9)
        : "10" + Num.superscript(exponent);
  }
}
