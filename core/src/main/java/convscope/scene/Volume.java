package convscope.scene;

import convscope.num.Num;

/**
 * A block of channels × rows × columns seen from the front, its channels going back: one kernel, or
 * the maps of a layer. Where they are far enough apart its cells and channels are ruled; otherwise
 * it is a plain block of the same proportions.
 */
public final class Volume implements Mark, Box {
  private static final double ACROSS = 0.62; // a channel goes right and up by these shares
  private static final double UP = 0.46;
  private static final double CLOSEST = 3.5; // rules nearer than this would be a grey

  private final String key;
  private final Role role;
  private final int channels;
  private final int rows;
  private final int columns;
  private final double unit;
  private final double depth;
  private String name = "";
  private String css = "";
  private double x;
  private double y;

  /**
   * @param unit pixels of a cell's side
   * @param depth pixels from the first channel to the back of the last
   */
  public Volume(
      String key, Role role, int channels, int rows, int columns, double unit, double depth) {
    this.key = key;
    this.role = role;
    this.channels = channels;
    this.rows = rows;
    this.columns = columns;
    this.unit = unit;
    this.depth = depth;
  }

  /** What a screen reader calls it; without a name it is decoration. */
  public Volume name(String spoken) {
    name = spoken;
    return this;
  }

  /** A class: {@code pale} for what is still to come, {@code dashed} for what is not there. */
  public Volume style(String more) {
    css = more;
    return this;
  }

  @Override
  public double width() {
    return columns * unit + depth * ACROSS;
  }

  @Override
  public double height() {
    return rows * unit + depth * UP;
  }

  @Override
  public void place(Scene scene, double left, double top) {
    x = left;
    y = top + depth * UP; // of the front
    scene.add(this);
  }

  /** The front's left edge. */
  public double left() {
    return x;
  }

  /** The front's upper edge. */
  public double top() {
    return y;
  }

  @Override
  public void tell(Twin twin) {
    if (!name.isEmpty()) {
      twin.say(name);
    }
  }

  @Override
  public void write(Markup out) {
    double w = columns * unit;
    double h = rows * unit;
    double dx = depth * ACROSS;
    double dy = -depth * UP;
    out.open("g").attr("class", "volume " + role.css() + (css.isEmpty() ? "" : " " + css));
    out.attr("data-k", key);
    if (name.isEmpty()) {
      out.attr("aria-hidden", "true");
    } else {
      out.attr("role", "img").attr("aria-label", name);
    }
    face(out, "l2", x, y, w, 0, dx, dy);
    face(out, "l6", x + w, y, dx, dy, 0, h);
    face(out, "l4", x, y, w, 0, 0, h);
    Lines rules = new Lines(key + "/rules", "rules");
    for (int n = 1; n < columns && unit >= CLOSEST; n++) {
      rules.add(x + n * unit, y, x + n * unit, y + h);
    }
    for (int n = 1; n < rows && unit >= CLOSEST; n++) {
      rules.add(x, y + n * unit, x + w, y + n * unit);
    }
    for (int n = 1; n < channels && depth / channels >= CLOSEST; n++) {
      double backX = x + dx * n / channels;
      double backY = y + dy * n / channels;
      rules.add(backX, backY, backX + w, backY);
      rules.add(backX + w, backY, backX + w, backY + h);
    }
    rules.write(out);
    out.close();
  }

  /** The parallelogram at (x, y) that two sides span. */
  private static void face(
      Markup out, String css, double x, double y, double ax, double ay, double bx, double by) {
    StringBuilder points = new StringBuilder();
    for (int corner = 0; corner < 4; corner++) {
      double a = corner == 1 || corner == 2 ? 1 : 0;
      double b = corner > 1 ? 1 : 0;
      points.append(corner == 0 ? "" : " ");
      points.append(Num.plain(x + a * ax + b * bx, 1)).append(',');
      points.append(Num.plain(y + a * ay + b * by, 1));
    }
    out.open("polygon").attr("class", css).attr("points", points.toString()).closeEmpty();
  }
}
