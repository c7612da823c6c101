package convscope.param;

import convscope.num.Num;
import java.util.Arrays;

/**
 * What somebody answered: a number, the sides of a shape, a matrix, an order or a choice, all kept
 * as a matrix of numbers. A number is 1 × 1, a shape and an order are one row, and a choice is the
 * index of its option. Unlike {@link NumberGrid} it holds counts exactly, up to 2⁵³.
 *
 * @param rows how many rows, at least 1
 * @param columns how many columns, at least 1
 * @param values row-major, of length rows · columns
 */
public record Answer(int rows, int columns, double[] values) {
  private static final double EXACT = 1e-6; // how near a number of at most two decimals must be
  private static final double ROUNDED = 0.0051; // how near any other, which may be rounded to two
  private static final int DECIMALS = 6;

  public Answer {
    if (rows < 1 || columns < 1 || values.length != rows * columns) {
      throw new IllegalArgumentException(
          "Answer: " + values.length + " values for " + rows + " × " + columns);
    }
  }

  /** One number. */
  public static Answer of(double value) {
    return new Answer(1, 1, new double[] {value});
  }

  /** 1 for what holds, 0 for what does not. */
  public static Answer of(boolean holds) {
    return of(holds ? 1 : 0);
  }

  /** A shape, an order or any other row. */
  public static Answer row(double... values) {
    return new Answer(1, values.length, values.clone());
  }

  /** A shape or an order, by whole numbers. */
  public static Answer row(int... values) {
    double[] row = new double[values.length];
    for (int i = 0; i < row.length; i++) {
      row[i] = values[i];
    }
    return new Answer(1, row.length, row);
  }

  /** A matrix, row-major. */
  public static Answer grid(int rows, int columns, float... values) {
    double[] all = new double[values.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = values[i];
    }
    return new Answer(rows, columns, all);
  }

  public double at(int row, int column) {
    return values[row * columns + column];
  }

  /** The number of an answer that is one. */
  public double number() {
    return values[0];
  }

  /** The other with its rows as columns. */
  public Answer transposed() {
    double[] turned = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      turned[i % columns * rows + i / columns] = values[i];
    }
    return new Answer(columns, rows, turned);
  }

  /** Whether somebody who means this would be right to write that. */
  public boolean agrees(Answer given) {
    return firstApart(given) < 0 && sameSize(given);
  }

  boolean sameSize(Answer other) {
    return rows == other.rows && columns == other.columns;
  }

  /**
   * The first entry, in reading order, in which another answer of this size is not as near as
   * rounding to two decimals allows; −1 if there is none.
   */
  public int firstApart(Answer given) {
    for (int i = 0; i < Math.min(values.length, given.values.length); i++) {
      double cents = 100 * values[i];
      boolean exact = Math.abs(cents - Num.round(cents)) < EXACT;
      if (!(Math.abs(values[i] - given.values[i]) <= (exact ? EXACT : ROUNDED))) {
        return i;
      }
    }
    return -1;
  }

  /** One entry as a reader sees it. */
  public String shown(int index) {
    double value = values[index];
    return value == (long) value ? Num.count((long) value) : Num.decimal(value, 2);
  }

  /** The form for addresses and files: {@code 1,0,-1;2,0,-2}. */
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
    return other instanceof Answer that && sameSize(that) && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * rows + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return plain();
  }
}
