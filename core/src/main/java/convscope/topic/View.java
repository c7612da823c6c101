package convscope.topic;

import convscope.scene.Stage;
import org.jspecify.annotations.Nullable;

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

  /** The cell of that grid under the pointer, or null if there is none within those bounds. */
  public @Nullable Cell cell(String grid, int rows, int columns) {
    Cell cell = Cell.parse(pick);
    return cell != null && cell.within(grid, rows, columns) ? cell : null;
  }

  /** The row under the pointer of a grid of one column, or −1. */
  public int row(String grid, int rows) {
    Cell cell = cell(grid, rows, 1);
    return cell == null ? -1 : cell.row();
  }

  /** The cell under the pointer, if the key names a cell of that grid within those bounds. */
  public boolean picks(String grid, int row, int column) {
    Cell cell = Cell.parse(pick);
    return cell != null && cell.grid().equals(grid) && cell.row() == row && cell.column() == column;
  }
}
