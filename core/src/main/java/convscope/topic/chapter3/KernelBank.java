package convscope.topic.chapter3;

import convscope.op.Conv2d;
import convscope.param.Pair;
import convscope.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * One layer whose parameters are counted.
 *
 * @param image height and width of the maps, which the layer keeps
 * @param mistake the miscount that is shown, or {@code none}
 * @param made the tensors, once they were made
 */
record KernelBank(
    int inChannels,
    int outChannels,
    Pair kernel,
    int groups,
    boolean bias,
    int image,
    String mistake,
    Made made) {
  private static final int BUDGET = 3_000_000; // products of one run

  /**
   * Tensors that were really made.
   *
   * @param numbers how many they hold
   * @param ranOn the sizes of the images that these same tensors were run on
   */
  record Made(long numbers, List<Integer> ranOn) {
    static final Made NOTHING = new Made(0, List.of());
  }

  /** Makes the tensors and runs them on images as large as is soon done. */
  KernelBank run() {
    Tensor weight = Tensor.zeros(outChannels, depth(), kernel.height(), kernel.width());
    Tensor biases = bias ? Tensor.zeros(outChannels) : null;
    int side = Math.max(1, Math.min(image, (int) Math.sqrt(BUDGET / (double) weight.size())));
    List<Integer> ranOn = new ArrayList<>();
    for (int size : side == 1 ? new int[] {1} : new int[] {(side + 1) / 2, side}) {
      Tensor y = Conv2d.forward(Tensor.zeros(1, inChannels, size, size), weight, biases, spec());
      if (y.dim(1) == outChannels && y.dim(2) == size && y.dim(3) == size) {
        ranOn.add(size);
      }
    }
    return with(image, new Made(weight.size() + (biases == null ? 0 : biases.size()), ranOn));
  }

  /** The same bank for maps of another size. */
  KernelBank at(int size) {
    return with(size, made);
  }

  private KernelBank with(int size, Made tensors) {
    return new KernelBank(inChannels, outChannels, kernel, groups, bias, size, mistake, tensors);
  }

  /** Stride 1 and as much padding as keeps the size; the odd cell of an even kernel at the end. */
  Conv2d.Spec spec() {
    int h = kernel.height() - 1;
    int w = kernel.width() - 1;
    return Conv2d.Spec.of(kernel.height(), kernel.width())
        .padding(h / 2, w / 2, h - h / 2, w - w / 2)
        .groups(groups);
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
