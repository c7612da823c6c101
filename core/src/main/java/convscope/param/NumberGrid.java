package convscope.param;

import convscope.num.Num;
import java.util.Arrays;

/**
 * A small matrix of numbers as the reader typed it: rows separated by {@code ;}, numbers by {@code
 * ,}.
 *
 * @param rows how many rows, at least 1
 * @param columns how many columns, at least 1
 * @param values row-major, of length rows · columns
 */
public record NumberGrid(int rows, int columns, float[] values) {
  static final int DECIMALS = 4;

  public NumberGrid {
    if (rows < 1 || columns < 1 || values.length != rows * columns) {
      throw new IllegalArgumentException(
          "NumberGrid: " + values.length + " values for " + rows + " × " + columns);
    }
  }

  /** The value at a row and a column. */
  public float at(int row, int column) {
    return values[row * columns + column];
  }

  /** A copy in which one value is another. */
  public NumberGrid with(int row, int column, float value) {
    float[] copy = values.clone();
    copy[row * columns + column] = value;
    return new NumberGrid(rows, columns, copy);
  }

  /** The form for URLs and attributes: {@code 1,0,-1;2,0,-2}. */
  public String plain() {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      if (i > 0) {
        out.append(i % columns == 0 ? ';' : ',');
      }
      out.append(Num.plain(values[i], DECIMALS));
    }
    return out.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NumberGrid that
        && rows == that.rows
        && columns == that.columns
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * rows + columns) + Arrays.hashCode(values);
  }
}
