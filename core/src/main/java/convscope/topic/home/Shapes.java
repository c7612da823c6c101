package convscope.topic.home;

import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.op.GlobalPool;
import convscope.op.Linear;
import convscope.op.Resize;
import convscope.param.Values;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import convscope.topic.Inputs;
import convscope.topic.Kernels;

/**
 * A batch on its way through a small network with two ends, every tensor made by the real operator.
 *
 * @param spec of the convolution
 * @param images (N, C, H, W)
 * @param kernels (C_out, C, K, K)
 * @param maps (N, C_out, H_out, W_out)
 * @param logits of classification, (N, classes)
 * @param coarse logits of segmentation at the maps' size, (N, classes, H_out, W_out)
 * @param pixels the same at the images' size, (N, classes, H, W)
 * @param difference the largest between the logits of classification and the coarse ones averaged
 *     over their positions
 */
record Shapes(
    Conv2d.Spec spec,
    Tensor images,
    Tensor kernels,
    Tensor maps,
    Tensor logits,
    Tensor coarse,
    Tensor pixels,
    float difference) {
  private static final String[] PATTERNS = {"ring", "edge", "checker"};
  private static final String[] FILTERS = {
    "gaussian", "sobel-x", "sharpen", "emboss", "laplacian", "sobel-y"
  };
  private static final long SEED = 11;

  static Conv2d.Spec spec(Values values) {
    int kernel = values.integer("kernel");
    return Conv2d.Spec.of(kernel, kernel)
        .stride(values.integer("stride"), values.integer("stride"))
        .padding(values.integer("padding"));
  }

  static Shapes of(Values values) {
    Conv2d.Spec spec = spec(values);
    int batch = values.integer("batch");
    int channels = values.integer("channels");
    int height = values.pair("size").height();
    int width = values.pair("size").width();
    Tensor images = Tensor.zeros(batch, channels, height, width);
    for (int plane = 0; plane < batch * channels; plane++) {
      int n = plane / channels;
      float[] pattern = Inputs.values(PATTERNS[n], height, width);
      float strength = 1 + (n + 2 * plane) % 3; // the channels of an image are not alike
      for (int i = 0; i < pattern.length; i++) {
        images.data()[plane * pattern.length + i] = strength * pattern[i];
      }
    }
    int maps = values.integer("out-channels");
    int kernel = spec.kernelHeight();
    Tensor kernels = Tensor.zeros(maps, channels, kernel, kernel);
    for (int plane = 0; plane < maps * channels; plane++) {
      float[] filter = Kernels.values(FILTERS[plane / channels], kernel, kernel);
      System.arraycopy(filter, 0, kernels.data(), plane * filter.length, filter.length);
    }
    int classes = values.integer("classes");
    Tensor weight = Tensor.zeros(classes, maps);
    Rng random = new Rng(SEED);
    for (int i = 0; i < weight.data().length; i++) {
      weight.data()[i] = (random.nextInt(19) - 9) / 10f;
    }
    Tensor y = Conv2d.forward(images, kernels, null, spec);
    Tensor pooled = GlobalPool.average(y).reshaped(batch, maps);
    Tensor logits = Linear.forward(pooled, weight, null);
    Tensor coarse =
        Conv2d.forward(y, weight.reshaped(classes, maps, 1, 1), null, Conv2d.Spec.of(1, 1));
    Tensor averaged = GlobalPool.average(coarse).reshaped(batch, classes);
    Tensor pixels = enlarged(enlarged(coarse, 2, height), 3, width);
    float difference = averaged.minus(logits).largestSize();
    return new Shapes(spec, images, kernels, y, logits, coarse, pixels, difference);
  }

  /** Each new position copies the nearest old one. */
  private static Tensor enlarged(Tensor x, int axis, int size) {
    int in = x.dim(axis);
    return Resize.forward(
        x,
        axis,
        Resize.Axis.nearest(
            in,
            size,
            (double) size / in,
            Resize.Coordinates.HALF_PIXEL,
            Resize.Nearest.ROUND_PREFER_FLOOR));
  }

  /** A tensor's shape as {@code (2, 3, 8, 10)}. */
  static String shape(Tensor tensor) {
    StringBuilder text = new StringBuilder("(");
    for (int axis = 0; axis < tensor.rank(); axis++) {
      text.append(axis == 0 ? "" : ", ").append(Num.count(tensor.dim(axis)));
    }
    return text.append(')').toString();
  }

  @Override
  public String toString() {
    return "shapes"; // a double printed by the record would bring 9 KB of tables into the module
  }
}
