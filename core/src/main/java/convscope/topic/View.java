package convscope.topic;

import convscope.scene.Stage;

/**
 * How a figure is looked at; nothing here changes what is computed.
 *
 * @param step the animation step, from 0
 * @param pick the key of the cell under the pointer or with the focus, or the empty string
 * @param stage the room for the drawing
 */
public record View(int step, String pick, Stage stage) {
  public static final double WIDE = Stage.WIDE;
  public static final double NARROW = Stage.NARROW;

  public double width() {
    return stage.width();
  }

  /** Whether the figure is composed for a narrow column. */
  public boolean narrow() {
    return stage.narrow();
  }

  /** The cell under the pointer, if the key names a cell of that grid within those bounds. */
  public boolean picks(String grid, int row, int column) {
    Cell cell = Cell.parse(pick);
    return cell != null && cell.grid().equals(grid) && cell.row() == row && cell.column() == column;
  }
}
