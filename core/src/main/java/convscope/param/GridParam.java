package convscope.param;

import convscope.num.Num;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A small matrix of numbers; its control is a text box, and the figure's cells edit it too. */
public final class GridParam extends Param.Declared<Optional<NumberGrid>, GridParam> {
  private int maxRows = 16;
  private int maxColumns = 16;
  private double limit = 9999;
  private boolean measured;

  GridParam(String name) {
    super(name, Optional.empty());
  }

  @Override
  GridParam self() {
    return this;
  }

  /** The most rows and columns. */
  public GridParam atMost(int rows, int columns) {
    maxRows = rows;
    maxColumns = columns;
    return this;
  }

  /** Says that the numbers are measured on the reader's machine: the control is a button. */
  public GridParam measured() {
    measured = true;
    return this;
  }

  public boolean isMeasured() {
    return measured;
  }

  /** The largest size of a value. */
  public double limit() {
    return limit;
  }

  @Override
  public @Nullable Optional<NumberGrid> parse(String text) {
    String trimmed = text.trim();
    if (trimmed.isEmpty()) {
      return Optional.empty();
    }
    if (trimmed.length() > 16 * maxRows * maxColumns) {
      return null;
    }
    float[] values = new float[maxRows * maxColumns];
    int columns = 0;
    int rows = 0;
    int count = 0;
    int inRow = 0;
    int from = 0;
    for (int i = 0; i <= trimmed.length(); i++) {
      char c = i == trimmed.length() ? ';' : trimmed.charAt(i);
      if (c != ';' && c != ',' && c != '\n') {
        continue;
      }
      double value = Num.parse(trimmed.substring(from, i).trim());
      if (!(Math.abs(value) <= limit) || count == values.length) {
        return null;
      }
      values[count++] = (float) value;
      inRow++;
      from = i + 1;
      if (c != ',') {
        if (rows > 0 && inRow != columns || inRow > maxColumns) {
          return null;
        }
        columns = inRow;
        inRow = 0;
        rows++;
      }
    }
    if (rows > maxRows) {
      return null;
    }
    float[] exact = new float[count];
    System.arraycopy(values, 0, exact, 0, count);
    return Optional.of(new NumberGrid(rows, columns, exact));
  }

  @Override
  public String plain(Optional<NumberGrid> value) {
    return value.isPresent() ? value.get().plain() : "";
  }

  @Override
  public String expected() {
    return "rows of numbers from "
        + Num.decimal(-limit, 0)
        + " to "
        + Num.decimal(limit, 0)
        + ", as in 1,0,-1;2,0,-2 with at most "
        + maxRows
        + " rows of "
        + maxColumns;
  }
}
