package convscope.topic.chapter6;

import convscope.param.NumberGrid;
import convscope.topic.EditableTopic;
import convscope.topic.ImageInput;
import convscope.topic.Kernels;
import org.jspecify.annotations.Nullable;

/**
 * A batch of images, and what comes back for the biases of the filters.
 *
 * @param picture whether the maps are drawn as images
 * @param forward whether the way forward is played
 * @param mean whether the mistake is shown that divides the sum
 * @param apart whether that is shown which sums over the batch alone, place by place
 * @param filter the filter whose sum is written out
 */
record Batched(
    Layer layer, boolean picture, boolean forward, boolean mean, boolean apart, int filter)
    implements EditableTopic.Shown {

  /** How many cells of one filter's maps there are in the batch. */
  int cells() {
    return layer.g().dim(0) * layer.outputs();
  }

  /** g of a cell, counted through the maps of one filter, image by image. */
  float g(int filter, int cell) {
    int image = cell / layer.outputs();
    return layer.g()
        .data()[(image * layer.filters() + filter) * layer.outputs() + cell % layer.outputs()];
  }

  /** The sum of a filter's g up to and with a cell. */
  double sum(int filter, int last) {
    double sum = 0;
    for (int cell = 0; cell <= last; cell++) {
      sum += g(filter, cell);
    }
    return sum;
  }

  @Override
  public ImageInput input() {
    return new ImageInput(Layer.map(layer.x(), 0, 0), null);
  }

  @Override
  public @Nullable NumberGrid kernelGrid() {
    return Kernels.grid(Layer.map(layer.w(), 0, 0));
  }

  @Override
  public String toString() {
    return "Batched " + layer;
  }
}
