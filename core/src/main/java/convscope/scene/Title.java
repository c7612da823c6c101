package convscope.scene;

/**
 * What a part of the drawing is called, in its role's colour, and what follows it in quiet type.
 */
public record Title(String text, String detail, Role role, String part, double x, double y)
    implements Mark {
  /** The room that a title takes above what it names. */
  public static final double HEIGHT = 24;

  static final double ABOVE = 9; // from the baseline to what is named

  /** A title above the upper left corner (x, y) of what it names. */
  public static Title above(
      String text, String detail, Role role, String part, double x, double y) {
    return new Title(text, detail, role, part, x, y - ABOVE);
  }

  /** The estimated width. */
  public static double width(String text, String detail) {
    return 1.1 * Text.width(text, 13) + Text.width(detail, 13) + 8; // the text is bold
  }

  @Override
  public void write(Markup out) {
    out.open("text").attr("class", "title").attr("x", x).attr("y", y).attrIf("data-part", part);
    out.open("tspan").attr("class", role.css()).text(text).close();
    if (!detail.isEmpty()) {
      out.open("tspan").attr("class", "detail").attr("dx", 6).text(detail).close();
    }
    out.close();
  }

  @Override
  public String toString() {
    return "Title " + text; // no doubles: printing them brings 9 KB of tables into the module
  }
}
