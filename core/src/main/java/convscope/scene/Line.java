package convscope.scene;

/** A straight line between two parts of the drawing; it glides with them. */
public record Line(String key, Role role, String style, double x1, double y1, double x2, double y2)
    implements Mark {
  /** Adds a measuring line from one place to another at one height, with a stroke at either end. */
  public static void measure(Scene scene, String key, Role role, double from, double to, double y) {
    scene.add(new Line(key, role, "", from, y, to, y));
    scene.add(new Line(key + "/from", role, "", from, y - 4, from, y + 4));
    scene.add(new Line(key + "/to", role, "", to, y - 4, to, y + 4));
  }

  @Override
  public void write(Markup out) {
    out.open("line")
        .attr("class", "line glide " + role.css() + (style.isEmpty() ? "" : " " + style))
        .attr("data-k", key)
        .attr("x1", x1)
        .attr("y1", y1)
        .attr("x2", x2)
        .attr("y2", y2)
        .closeEmpty();
  }

  @Override
  public String toString() {
    return "Line " + key; // no doubles: printing them brings 9 KB of tables into the module
  }
}
