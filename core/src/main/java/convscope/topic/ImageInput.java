package convscope.topic;

import convscope.data.Picture;
import convscope.data.Pictures;
import convscope.num.Num;
import convscope.param.ChoiceParam;
import convscope.param.GridParam;
import convscope.param.NumberGrid;
import convscope.param.Pair;
import convscope.param.PairParam;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a figure reads: a pattern, a digit or the reader's own numbers, or an image of pixels. Its
 * three parameters are {@code input}, {@code size} and {@code x}; its cells have keys {@code
 * in/row,column}.
 *
 * @param x (1, 1, H, W): small numbers, or luma 0 to 255 of a picture
 * @param picture the image that it came from, or null for a matrix of numbers
 */
public record ImageInput(Tensor x, @Nullable Picture picture) {
  private static final double MAX_VALUE = 9999; // as the grid parameters have it

  /** The parameter that chooses among {@link Inputs}. */
  public static ChoiceParam choice(String fallback) {
    return Inputs.choice("input", fallback).label("Input").symbol("x");
  }

  /** Height and width of an input of numbers. */
  public static PairParam size(int fallback, int most) {
    return Param.pair("size", fallback, fallback)
        .range(1, most)
        .label("Input size")
        .symbol("x")
        .onlyWith("input", Inputs.numbers());
  }

  /** The reader's own numbers. */
  public static GridParam numbers(int most) {
    return Param.grid("x")
        .atMost(most, most)
        .label("Input numbers")
        .symbol("x")
        .onlyWith("input", "custom");
  }

  /** The pictures that must be loaded first. */
  public static List<String> pictures(Values values) {
    String input = values.choice("input");
    return Inputs.isPicture(input) ? List.of(input) : List.of();
  }

  /** The input that the values name. */
  public static ImageInput of(Values values, Pictures pictures) {
    Picture picture = pictures.get(values.choice("input"));
    if (picture != null) {
      return new ImageInput(
          Tensor.of(picture.grey(), 1, 1, picture.height(), picture.width()), picture);
    }
    NumberGrid own = own(values);
    if (own != null) {
      return new ImageInput(Tensor.of(own.values(), 1, 1, own.rows(), own.columns()), null);
    }
    Pair size = values.pair("size");
    float[] x = Inputs.values(values.choice("input"), size.height(), size.width());
    return new ImageInput(Tensor.of(x, 1, 1, size.height(), size.width()), null);
  }

  private static @Nullable NumberGrid own(Values values) {
    return values.choice("input").equals("custom") ? values.grid("x").orElse(null) : null;
  }

  public int height() {
    return x.dim(2);
  }

  public int width() {
    return x.dim(3);
  }

  /** Height and width for titles and sentences. */
  public String size() {
    return height() + " × " + width();
  }

  /** The element of a row and a column. */
  public float at(int row, int column) {
    return x.data()[row * width() + column];
  }

  /**
   * The values after a parameter or a cell of the input changed, as {@link Topic#change} has it.
   *
   * @param shown the input so far, or null if there is no figure
   */
  public static Values change(Values values, @Nullable ImageInput shown, String key, String text) {
    Cell cell = Cell.parse(key);
    if (cell != null) {
      boolean editable =
          shown != null
              && shown.picture == null
              && cell.within("in", shown.height(), shown.width());
      return shown == null || !editable
          ? values
          : withNumbers(
              values, shown.grid().with(cell.row(), cell.column(), (float) Num.parse(text.trim())));
    }
    Values changed = values.with(key, text);
    NumberGrid own = own(changed);
    if (key.equals("input") && text.equals("custom") && shown != null && shown.picture == null) {
      return withNumbers(changed, shown.grid());
    }
    if (own != null && key.equals("x")) {
      return withNumbers(changed, own);
    }
    return own != null && key.equals("size")
        ? withNumbers(changed, resized(own, changed.pair("size")))
        : changed;
  }

  /** What is wrong with a text for a cell, or null: only numbers, and only in the input. */
  public static @Nullable Problem checkCell(String key, String text) {
    Cell cell = Cell.parse(key);
    if (cell == null || !cell.grid().equals("in") || cell.row() < 0 || cell.column() < 0) {
      return new Problem("", "Only cells of the input can be edited; the rest follows from them");
    }
    return Math.abs(Num.parse(text.trim())) <= MAX_VALUE
        ? null
        : new Problem(
            "",
            "“"
                + (text.length() > 40 ? text.substring(0, 40) + "…" : text)
                + "” is not a number from −9999 to 9999; the cell keeps its value");
  }

  private NumberGrid grid() {
    return new NumberGrid(height(), width(), x.data());
  }

  private static Values withNumbers(Values values, NumberGrid grid) {
    return values
        .with("input", "custom")
        .with("x", grid.plain())
        .with("size", new Pair(grid.rows(), grid.columns()).plain());
  }

  /** The upper left part of a matrix, with zeros where it was smaller. */
  private static NumberGrid resized(NumberGrid grid, Pair size) {
    float[] values = new float[size.height() * size.width()];
    for (int row = 0; row < Math.min(grid.rows(), size.height()); row++) {
      for (int column = 0; column < Math.min(grid.columns(), size.width()); column++) {
        values[row * size.width() + column] = grid.at(row, column);
      }
    }
    return new NumberGrid(size.height(), size.width(), values);
  }

  @Override
  public String toString() {
    return "ImageInput " + size();
  }
}
