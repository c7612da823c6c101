package convscope.topic;

import convscope.num.Num;
import convscope.param.NumberGrid;
import convscope.param.Pair;
import convscope.param.Problem;
import convscope.param.Schema;
import convscope.param.Values;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What figures share whose input and kernel cells can be typed into. Their parameters are {@code
 * input}, {@code size} and the matrix {@code x} for the one, {@code preset}, {@code kernel} and the
 * matrix {@code w} for the other; their cells are {@code in/row,column} and {@code k/row,column}.
 */
public final class Editing {
  private static final double MAX_VALUE = 9999; // as the grid parameters have it

  private Editing() {}

  /** Height and width of the input: those of the reader's own matrix, or of the parameter. */
  public static Pair inputSize(Values values) {
    return custom(values, "input", "x").map(Editing::size).orElseGet(() -> values.pair("size"));
  }

  /** Height and width of the kernel: those of the reader's own matrix, or of the parameter. */
  public static Pair kernelSize(Values values) {
    return custom(values, "preset", "w").map(Editing::size).orElseGet(() -> values.pair("kernel"));
  }

  /** The input's numbers; row-major, of {@link #inputSize}. */
  public static float[] input(Values values) {
    Pair size = inputSize(values);
    return custom(values, "input", "x")
        .map(NumberGrid::values)
        .orElseGet(() -> Inputs.values(values.choice("input"), size.height(), size.width()));
  }

  /** The kernel's numbers; row-major, of {@link #kernelSize}. */
  public static float[] kernel(Values values) {
    Pair size = kernelSize(values);
    return custom(values, "preset", "w")
        .map(NumberGrid::values)
        .orElseGet(() -> Kernels.values(values.choice("preset"), size.height(), size.width()));
  }

  /** What is wrong with a text that the reader typed into a cell, or null. */
  public static @Nullable Problem problem(Schema schema, String key, String text) {
    Cell cell = Cell.parse(key);
    String grid = cell == null ? "" : cell.grid();
    boolean kernel = schema.has("w");
    if (cell == null
        || !(grid.equals("in") || (kernel && grid.equals("k")))
        || cell.row() < 0
        || cell.column() < 0) {
      return new Problem(
          "",
          kernel
              ? "Only cells of the input and the kernel can be edited; padding and output follow"
                  + " from them"
              : "Only cells of the input can be edited; the rest follows from them");
    }
    return Math.abs(Num.parse(text.trim())) <= MAX_VALUE
        ? null
        : new Problem(
            "",
            "“"
                + (text.length() > 40 ? text.substring(0, 40) + "…" : text)
                + "” is not a number from −9999 to 9999; the cell keeps its value");
  }

  /**
   * The values after a change: a cell typed into makes its matrix the reader's own; so does
   * choosing “custom”, with the numbers that were there; a new size keeps what fits and adds zeros.
   *
   * @param input the input now, or null if its cells are not numbers or nothing is shown
   * @param kernel the kernel now, or null if nothing is shown
   * @param key a parameter's name or a cell's key, as in {@link Topic#change}
   */
  public static Values change(
      Values values,
      @Nullable NumberGrid input,
      @Nullable NumberGrid kernel,
      String key,
      String text) {
    Cell cell = Cell.parse(key);
    if (cell != null) {
      boolean isInput = cell.grid().equals("in");
      NumberGrid grid = isInput ? input : kernel;
      if (grid == null || !cell.within(isInput ? "in" : "k", grid.rows(), grid.columns())) {
        return values;
      }
      NumberGrid changed = grid.with(cell.row(), cell.column(), (float) Num.parse(text.trim()));
      return isInput ? withInput(values, changed) : withKernel(values, changed);
    }
    Values changed = values.with(key, text);
    return switch (key) {
      case "input" -> input != null && text.equals("custom") ? withInput(changed, input) : changed;
      case "preset" ->
          kernel != null && text.equals("custom") ? withKernel(changed, kernel) : changed;
      case "x", "size" ->
          custom(changed, "input", "x")
              .map(grid -> key.equals("size") ? resized(grid, changed.pair("size")) : grid)
              .map(grid -> withInput(changed, grid))
              .orElse(changed);
      case "w", "kernel" ->
          custom(changed, "preset", "w")
              .map(grid -> key.equals("kernel") ? resized(grid, changed.pair("kernel")) : grid)
              .map(grid -> withKernel(changed, grid))
              .orElse(changed);
      default -> changed;
    };
  }

  private static Values withInput(Values values, NumberGrid grid) {
    return values.with("input", "custom").with("x", grid.plain()).with("size", size(grid).plain());
  }

  /** The values with a kernel of the reader's own. */
  public static Values withKernel(Values values, NumberGrid grid) {
    return values
        .with("preset", "custom")
        .with("w", grid.plain())
        .with("kernel", size(grid).plain());
  }

  private static Pair size(NumberGrid grid) {
    return new Pair(grid.rows(), grid.columns());
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

  /** The reader's own matrix, where there is such a parameter, chosen and given. */
  private static Optional<NumberGrid> custom(Values values, String choice, String grid) {
    return values.schema().has(grid) && values.choice(choice).equals("custom")
        ? values.grid(grid)
        : Optional.empty();
  }
}
