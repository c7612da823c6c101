package convscope.scene;

import java.util.ArrayList;
import java.util.List;

/**
 * The units of one layer as a row of squares at places of their own; a unit's key is {@code
 * key/0,i}.
 */
public final class Units implements Mark {
  private record Unit(double centre, int index, String css, String spoken) {
    @Override
    public String toString() {
      return "Unit " + index; // no doubles: printing them brings 9 KB of tables into the module
    }
  }

  private final String key;
  private final Role role;
  private final double y;
  private final double side;
  private final String name;
  private final List<Unit> units = new ArrayList<>();

  /**
   * @param y the middle of the row
   * @param side of a square
   * @param name what a screen reader calls the row
   */
  public Units(String key, Role role, double y, double side, String name) {
    this.key = key;
    this.role = role;
    this.y = y;
    this.side = side;
    this.name = name;
  }

  /** Adds a unit; {@code css} holds its fill level, {@code l0} to {@code l10}, and its state. */
  public Units add(double centre, int index, String css, String spoken) {
    units.add(new Unit(centre, index, css, spoken));
    return this;
  }

  @Override
  public void write(Markup out) {
    out.open("g").attr("class", "grid " + role.css()).attr("data-k", key);
    out.attr("role", "grid").attr("aria-label", name).open("g").attr("role", "row");
    for (Unit unit : units) {
      out.open("g").attr("class", "cell " + unit.css).attr("role", "gridcell");
      out.attr("data-k", key + "/0," + unit.index).attr("aria-label", unit.spoken);
      out.open("rect").attr("x", unit.centre - side / 2).attr("y", y - side / 2);
      out.attr("width", side).attr("height", side).attr("rx", side < 10 ? 0 : 2).closeEmpty();
      out.close();
    }
    out.close().close();
  }
}
