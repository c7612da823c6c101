package convscope.scene;

/**
 * A grid with words above and below its columns and, where there are any, before its rows; over all
 * stands a title in the grid's place.
 */
public final class Labelled implements Box {
  private static final double SIZE = 11;
  private static final double ABOVE = 38;
  private static final double BELOW = 20;

  private final Grid grid;
  private final String title;
  private final Role role;
  private final String[] above;
  private final String[] below;
  private final String[] before;

  public Labelled(
      Grid grid, String title, Role role, String[] above, String[] below, String... before) {
    this.grid = grid;
    this.title = title;
    this.role = role;
    this.above = above;
    this.below = below;
    this.before = before;
  }

  private double names() {
    double widest = before.length == 0 ? 0 : 6;
    for (String name : before) {
      widest = Math.max(widest, Text.width(name, SIZE) + 6);
    }
    return widest;
  }

  @Override
  public double width() {
    return names() + Math.max(grid.width(), Text.width(title, 13));
  }

  @Override
  public double height() {
    return ABOVE + grid.height() + BELOW;
  }

  @Override
  public void place(Scene scene, double x, double y) {
    double left = x + names();
    double bottom = y + ABOVE + grid.height();
    grid.place(scene, left, y + ABOVE);
    scene.add(new Text(title, 13, role).at(left, y + 12));
    for (int n = 0; n < above.length; n++) {
      double middle = left + (n + 0.5) * grid.cellSize();
      scene.add(new Text(above[n], SIZE, Role.NEUTRAL).anchor("middle").at(middle, y + ABOVE - 7));
      scene.add(new Text(below[n], SIZE, Role.NEUTRAL).anchor("middle").at(middle, bottom + 15));
    }
    for (int n = 0; n < before.length; n++) {
      double base = y + ABOVE + (n + 0.5) * grid.cellSize() + 4;
      scene.add(new Text(before[n], SIZE, Role.NEUTRAL).at(x, base));
    }
  }
}
