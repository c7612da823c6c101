package convscope.topic;

import convscope.data.Given;
import convscope.data.Picture;
import convscope.param.ChoiceParam;
import convscope.param.GridParam;
import convscope.param.NumberGrid;
import convscope.param.Pair;
import convscope.param.PairParam;
import convscope.param.Param;
import convscope.param.Values;
import convscope.tensor.Tensor;
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
  /** The parameter that chooses among {@link Inputs}. */
  public static ChoiceParam choice(String fallback) {
    return Inputs.choice("input", fallback).label("Input").symbol("x");
  }

  /** The parameter that chooses among the patterns, the digits and the reader's own numbers. */
  public static ChoiceParam patterns(String fallback) {
    return Inputs.patterns("input", fallback)
        .option("custom", "Custom numbers", "Yours")
        .label("Input")
        .symbol("x");
  }

  /** Height and width of an input of numbers. */
  public static PairParam size(int fallback, int most) {
    return size(fallback, fallback, most);
  }

  /** The same where they differ at first. */
  public static PairParam size(int height, int width, int most) {
    return Param.pair("size", height, width)
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

  /** The input that the values name. */
  public static ImageInput of(Values values, Given given) {
    Picture picture = given.picture(values.choice("input"));
    if (picture != null) {
      return new ImageInput(
          Tensor.of(picture.grey(), 1, 1, picture.height(), picture.width()), picture);
    }
    Pair size = Editing.inputSize(values);
    return new ImageInput(
        Tensor.of(Editing.input(values), 1, 1, size.height(), size.width()), null);
  }

  /** The same with other values in place of its own, (1, 1, H, W). */
  public ImageInput with(Tensor values) {
    return new ImageInput(values, picture);
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

  /** The numbers as a matrix to type into, or null for a picture. */
  public @Nullable NumberGrid grid() {
    return picture == null ? new NumberGrid(height(), width(), x.data().clone()) : null;
  }

  @Override
  public String toString() {
    return "ImageInput " + size();
  }
}
