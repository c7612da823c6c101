package convscope.scene;

/** A straight line between two parts of the drawing; it glides with them. */
public record Line(String key, Role role, String style, double x1, double y1, double x2, double y2)
    implements Mark {
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
