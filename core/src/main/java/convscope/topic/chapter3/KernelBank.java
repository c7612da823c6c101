package convscope.topic.chapter3;

import convscope.param.Pair;

/**
 * One layer whose parameters are counted.
 *
 * @param image height and width of the maps, which the layer keeps
 * @param mistake the miscount that is shown, or {@code none}
 */
record KernelBank(
    int inChannels,
    int outChannels,
    Pair kernel,
    int groups,
    boolean bias,
    int image,
    String mistake) {
  /** The same bank for maps of another size. */
  KernelBank at(int size) {
    return new KernelBank(inChannels, outChannels, kernel, groups, bias, size, mistake);
  }

  /** Input channels that one kernel reads: {@code C_in / g}. */
  int depth() {
    return inChannels / groups;
  }

  private long area() {
    return (long) kernel.height() * kernel.width();
  }

  /** The weights of one kernel. */
  long perKernel() {
    return depth() * area();
  }

  /** {@code C_out · (C_in/g · K_h · K_w + 1)}. */
  long parameters() {
    return outChannels * (perKernel() + (bias ? 1 : 0));
  }

  /** Inputs of a dense layer in the place of this one. */
  long denseInputs() {
    return (long) inChannels * image * image;
  }

  long denseOutputs() {
    return (long) outChannels * image * image;
  }

  /** The parameters of a dense layer from the same maps to the same maps. */
  long dense() {
    return (denseInputs() + (bias ? 1 : 0)) * denseOutputs();
  }

  /** What the well-known miscount gives. */
  long miscounted() {
    long one = bias ? 1 : 0;
    return switch (mistake) {
      case "flat" -> outChannels * (area() + one);
      case "groups" -> outChannels * (inChannels * area() + one);
      case "positions" -> parameters() * image * image;
      default -> parameters();
    };
  }
}
