package convscope.topic.chapter1;

import convscope.op.Conv2d;
import convscope.op.Window;
import convscope.tensor.Tensor;
import convscope.topic.EditableTopic;
import convscope.topic.ImageInput;
import org.jspecify.annotations.Nullable;

/**
 * One convolution of one channel.
 *
 * @param kernel (1, 1, kH, kW)
 * @param output (1, 1, outH, outW)
 * @param unstrided the output at stride 1 for the mistake, or null where that is not shown
 * @param dense whether the connections of a dense layer are drawn
 */
record SlidingWindow(
    ImageInput input,
    Conv2d.Spec spec,
    Tensor kernel,
    float bias,
    Tensor output,
    @Nullable Tensor unstrided,
    boolean dense)
    implements EditableTopic.Convolved {

  /** What the output (i, j) is if its window begins at (i − P, j − P): the stride forgotten. */
  float withoutStride(int i, int j) {
    return (unstrided == null ? output : unstrided).at(0, 0, i, j);
  }

  /** How many pairs there are of an output and an input cell that it reads by a tap. */
  long connections() {
    return taps(spec.vertical(), input.height()) * taps(spec.horizontal(), input.width());
  }

  /** The same along one axis; windows are products of rows and columns. */
  private long taps(Window window, int size) {
    long count = 0;
    for (int n = 0; n < window.out(size) * window.kernel(); n++) {
      int place = window.place(n / window.kernel(), n % window.kernel());
      count += spec.mode().source(place, size) >= 0 ? 1 : 0;
    }
    return count;
  }

  /** The weights of a dense layer from the whole input to the whole output. */
  long denseWeights() {
    return (long) input.x().size() * output.size();
  }

  @Override
  public String toString() {
    return "SlidingWindow " + output.shape();
  }
}
