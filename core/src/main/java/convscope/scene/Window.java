package convscope.scene;

/** A thick outline around some cells; it glides to its next place. */
public record Window(
    String key, Role role, String style, double x, double y, double width, double height)
    implements Mark {
  @Override
  public void write(Markup out) {
    out.open("rect")
        .attr("class", "window glide " + role.css() + (style.isEmpty() ? "" : " " + style))
        .attr("data-k", key)
        .attr("x", x)
        .attr("y", y)
        .attr("width", Math.max(0, width))
        .attr("height", Math.max(0, height))
        .attr("rx", 4)
        .closeEmpty();
  }

  @Override
  public String toString() {
    return "Window " + key; // no doubles: printing them brings 9 KB of tables into the module
  }
}
