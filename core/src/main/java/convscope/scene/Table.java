package convscope.scene;

/**
 * Boxes in rows and columns: a column is as wide as its widest box, a row as high as its highest,
 * and each box stands in the middle of its place. A row may be shorter than others.
 */
public final class Table implements Box {
  private final double across;
  private final double down;
  private final Box[][] rows;

  /**
   * @param across room between columns
   * @param down room between rows
   */
  public Table(double across, double down, Box[]... rows) {
    this.across = across;
    this.down = down;
    this.rows = rows;
  }

  private int columns() {
    int most = 0;
    for (Box[] row : rows) {
      most = Math.max(most, row.length);
    }
    return most;
  }

  private double columnWidth(int column) {
    double most = 0;
    for (Box[] row : rows) {
      most = column < row.length ? Math.max(most, row[column].width()) : most;
    }
    return most;
  }

  private static double rowHeight(Box[] row) {
    double most = 0;
    for (Box box : row) {
      most = Math.max(most, box.height());
    }
    return most;
  }

  @Override
  public double width() {
    double sum = across * Math.max(0, columns() - 1);
    for (int column = 0; column < columns(); column++) {
      sum += columnWidth(column);
    }
    return sum;
  }

  @Override
  public double height() {
    double sum = down * Math.max(0, rows.length - 1);
    for (Box[] row : rows) {
      sum += rowHeight(row);
    }
    return sum;
  }

  @Override
  public void place(Scene scene, double x, double y) {
    double top = y;
    for (Box[] row : rows) {
      double left = x;
      for (int column = 0; column < row.length; column++) {
        Box box = row[column];
        double wide = columnWidth(column);
        box.place(
            scene, left + (wide - box.width()) / 2, top + (rowHeight(row) - box.height()) / 2);
        left += wide + across;
      }
      top += rowHeight(row) + down;
    }
  }
}
