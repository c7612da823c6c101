package convscope.topic;

import convscope.num.Num;
import org.jspecify.annotations.Nullable;

/**
 * The place that a key such as {@code in/3,4} names.
 *
 * @param grid the part before the slash
 */
public record Cell(String grid, int row, int column) {
  /** Reads a key, or gives null if it names no cell. */
  public static @Nullable Cell parse(String key) {
    int slash = key.indexOf('/');
    int comma = key.indexOf(',', slash + 1);
    if (slash < 1 || comma < 0 || key.length() > 40) {
      return null;
    }
    double row = Num.parse(key.substring(slash + 1, comma));
    double column = Num.parse(key.substring(comma + 1));
    if (!(Math.abs(row) < 1e6 && Math.abs(column) < 1e6)
        || row != (int) row
        || column != (int) column) {
      return null;
    }
    return new Cell(key.substring(0, slash), (int) row, (int) column);
  }

  /** Whether the cell is of that grid and in its bounds, counted from zero. */
  public boolean within(String name, int rows, int columns) {
    return grid.equals(name) && row >= 0 && row < rows && column >= 0 && column < columns;
  }

  /** The key of the n-th cell of a grid in scan order. */
  public static String key(String grid, int n, int columns) {
    return grid + "/" + n / columns + "," + n % columns;
  }

  /** The number in scan order of the cell that a key names, −1 if it is none of that grid. */
  public static int index(String key, String grid, int rows, int columns) {
    Cell cell = parse(key);
    return cell != null && cell.within(grid, rows, columns)
        ? cell.row() * columns + cell.column()
        : -1;
  }
}
