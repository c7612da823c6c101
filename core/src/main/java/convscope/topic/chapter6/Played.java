package convscope.topic.chapter6;

import convscope.data.Given;
import convscope.data.Picture;
import convscope.param.NumberGrid;
import convscope.param.Pair;
import convscope.param.Values;
import convscope.tensor.Tensor;
import convscope.topic.EditableTopic;
import convscope.topic.ImageInput;
import convscope.topic.Kernels;
import org.jspecify.annotations.Nullable;

/**
 * A layer as one figure looks at it.
 *
 * @param picture the image that x, 0 to 1, was before any step; or null for a matrix of numbers
 * @param forward whether the way forward is played
 * @param gather whether each gradient of the input is gathered, and not scattered
 * @param mistake whether the common mistake is shown
 * @param filter the filter that is looked at
 * @param c which of the filter's kernels is
 * @param row of the weight or the pixel that is held
 * @param column the same
 */
record Played(
    Layer layer,
    @Nullable Picture picture,
    boolean forward,
    boolean gather,
    boolean mistake,
    int filter,
    int c,
    int row,
    int column)
    implements EditableTopic.Shown {

  /**
   * The layer of the values.
   *
   * @param held the weight or the pixel that is held
   * @param of (…, rows, columns): where it is
   */
  static Played of(
      Values values,
      Given given,
      Layer layer,
      boolean gather,
      boolean mistake,
      Pair held,
      Tensor of) {
    return new Played(
        layer,
        Layers.picture(values, given),
        values.choice("pass").equals("forward"),
        gather,
        mistake,
        Math.min(values.integer("filter"), layer.filters() - 1),
        Math.min(values.integer("channel"), layer.w().dim(1) - 1),
        Math.min(held.height(), of.dim(2) - 1),
        Math.min(held.width(), of.dim(3) - 1));
  }

  /** The channel of the input that is looked at. */
  int channel() {
    return layer.channel(filter, c);
  }

  @Override
  public ImageInput input() {
    Tensor x = Layer.map(layer.x(), 0, channel());
    for (int n = 0; n < x.size() && picture != null; n++) {
      x.data()[n] = Math.max(0, Math.min(255, 255 * x.data()[n])); // as images are drawn
    }
    return new ImageInput(x, picture);
  }

  /** The kernel that is looked at, (1, 1, kH, kW). */
  Tensor kernel() {
    return Layer.map(layer.w(), filter, c);
  }

  /** The output's map of the filter, (1, 1, outH, outW). */
  Tensor output() {
    return Layer.map(layer.y(), 0, filter);
  }

  /** The gradient that arrives at that map. */
  Tensor g() {
    return Layer.map(layer.g(), 0, filter);
  }

  /** The output whose gradient is the largest in the shown map. */
  int strongest() {
    return g().largestAt();
  }

  /** Other channels and later weights follow from the first, which alone can be typed into. */
  private boolean first() {
    return layer.taken() == 0 && filter == 0 && c == 0;
  }

  @Override
  public @Nullable NumberGrid inputGrid() {
    return first() ? input().grid() : null;
  }

  @Override
  public @Nullable NumberGrid kernelGrid() {
    return first() && picture == null ? Kernels.grid(kernel()) : null;
  }

  @Override
  public String toString() {
    return "Played " + layer;
  }
}
