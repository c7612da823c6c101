package convscope.topic.chapter4;

import convscope.op.Conv2d;
import convscope.op.GlobalPool;
import convscope.op.Linear;
import convscope.op.Reshape;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import convscope.topic.EditableTopic;
import convscope.topic.ImageInput;
import convscope.topic.Kernels;
import org.jspecify.annotations.Nullable;

/**
 * Feature maps of an image, their means, and the two heads that may follow.
 *
 * @param classes what the heads tell apart
 * @param showGradient whether the maps' gradient is on show in their place
 * @param undivided whether the mistake is shown, the sum of a map
 * @param maps (1, C, H, W)
 * @param means (1, C, 1, 1)
 */
record GlobalAveraged(
    ImageInput input,
    int classes,
    boolean showGradient,
    boolean undivided,
    Tensor maps,
    Tensor means)
    implements EditableTopic.Shown {
  /** The filters that make the maps. */
  static final String[] FILTERS = {"sobel-x", "sobel-y", "laplacian", "gaussian"};

  /** The side of the image for which the dense layer was built. */
  static final int BUILT = 8;

  private static final Conv2d.Spec SPEC = Conv2d.Spec.of(3, 3).stride(2).padding(1);

  static GlobalAveraged of(ImageInput input, int classes, boolean showGradient, boolean undivided) {
    Tensor maps = maps(input.x());
    return new GlobalAveraged(
        input, classes, showGradient, undivided, maps, GlobalPool.average(maps));
  }

  /** ReLU of each filter's response at stride 2. */
  private static Tensor maps(Tensor x) {
    Tensor weight = Tensor.zeros(FILTERS.length, 1, 3, 3);
    for (int c = 0; c < FILTERS.length; c++) {
      System.arraycopy(Kernels.values(FILTERS[c], 3, 3), 0, weight.data(), 9 * c, 9);
    }
    Tensor maps = Conv2d.forward(x, weight, null, SPEC);
    for (int n = 0; n < maps.size(); n++) {
      maps.data()[n] = Math.max(0, maps.data()[n]);
    }
    return maps;
  }

  int channels() {
    return maps.dim(1);
  }

  int height() {
    return maps.dim(2);
  }

  int width() {
    return maps.dim(3);
  }

  int area() {
    return height() * width();
  }

  /** The sum of the first cells of a map. */
  double sum(int channel, int cells) {
    double sum = 0;
    for (int n = 0; n < cells; n++) {
      sum += maps.data()[channel * area() + n];
    }
    return sum;
  }

  /** {@code ∂L/∂x} where the gradients 1, 2, 3, … arrive at the means. */
  Tensor gradient() {
    Tensor dy = Tensor.zeros(means.shape());
    for (int c = 0; c < dy.size(); c++) {
      dy.data()[c] = c + 1;
    }
    return GlobalPool.averageBackward(dy, maps.shape());
  }

  private static Shape builtMaps() {
    int side = SPEC.outputHeight(BUILT);
    return Shape.of(1, FILTERS.length, side, side);
  }

  /** The inputs of the dense layer that was built for flattened maps. */
  int denseInputs() {
    return builtMaps().size();
  }

  /** The weights and biases of a dense layer to the classes. */
  long parameters(int inputs) {
    return (long) inputs * classes + classes;
  }

  /** Why the dense layer cannot take these maps flattened, or null if it can. */
  @Nullable String flattenProblem() {
    return Linear.problem(
        Reshape.flattened(maps.shape(), 1), Shape.of(classes, denseInputs()), null);
  }

  /** The same for the means: null at any size. */
  @Nullable String meansProblem() {
    return Linear.problem(Reshape.flattened(means.shape(), 1), Shape.of(classes, channels()), null);
  }

  @Override
  public String toString() {
    return "GlobalAveraged " + maps.shape();
  }
}
