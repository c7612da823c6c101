package convscope.scene;

/**
 * An outline that was declared on a panel: around a block of its cells, wherever the panel comes to
 * stand. A dashed one stands inside the cells, another around them; over an image it is never too
 * small to be seen.
 */
record Outline(
    Panel panel,
    String key,
    Role role,
    String style,
    int row,
    int column,
    int high,
    int wide,
    double smallest)
    implements Mark {

  @Override
  public void write(Markup out) {
    double inset = style.isEmpty() || style.equals("thin") ? -1 : 2;
    double left = panel.left(column);
    double top = panel.top(row);
    double right = panel.left(column + wide - 1) + panel.cellSize();
    double bottom = panel.top(row + high - 1) + panel.cellSize();
    double w = Math.max(smallest, right - left - 2 * inset);
    double h = Math.max(smallest, bottom - top - 2 * inset);
    new Window(key, role, style, (left + right - w) / 2, (top + bottom - h) / 2, w, h).write(out);
  }

  @Override
  public String toString() {
    return "Outline " + key; // no doubles: printing them brings 9 KB of tables into the module
  }
}
