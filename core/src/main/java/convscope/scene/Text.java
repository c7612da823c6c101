package convscope.scene;

/**
 * A line of text in a drawing. As a {@link Box} its width is estimated from the number of
 * characters, since neither the JVM nor the worker can measure a font.
 */
public final class Text implements Mark, Box {
  /** Mean width of a character of the interface font, in units of its size. */
  private static final double CHARACTER = 0.56;

  private final String text;
  private final double size;
  private final String css;
  private String part = "";
  private String anchor = "start";
  private double x;
  private double y;

  /** A text of a role; sizes are in pixels of the drawing. */
  public Text(String text, double size, Role role) {
    this(text, size, role == Role.NEUTRAL ? "label" : "label " + role.css());
  }

  public Text(String text, double size, String css) {
    this.text = text;
    this.size = size;
    this.css = css;
  }

  /** The part of the formula that this text names. */
  public Text part(String name) {
    part = name;
    return this;
  }

  /** Where x is: start, middle or end of the text. */
  public Text anchor(String where) {
    anchor = where;
    return this;
  }

  /** Puts the baseline's anchor at (x, y). */
  public Text at(double baselineX, double baselineY) {
    x = baselineX;
    y = baselineY;
    return this;
  }

  /** Centres the text at (x, y), or as near to it as it keeps between two edges. */
  public Text centred(double middle, double baselineY, double left, double right) {
    double half = width() / 2;
    return anchor("middle").at(Math.max(left + half, Math.min(right - half, middle)), baselineY);
  }

  /** The estimated width of a text. */
  public static double width(String text, double size) {
    return text.length() * size * CHARACTER;
  }

  @Override
  public double width() {
    return width(text, size);
  }

  @Override
  public double height() {
    return size * 1.3;
  }

  @Override
  public void place(Scene scene, double left, double top) {
    scene.add(at(left, top + size));
  }

  @Override
  public void write(Markup out) {
    out.open("text")
        .attr("class", css)
        .attr("x", x)
        .attr("y", y)
        .attr("font-size", size)
        .attrIf("text-anchor", anchor.equals("start") ? "" : anchor)
        .attrIf("data-part", part)
        .text(text)
        .close();
  }
}
