package convscope.topic.chapter3;

import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.param.Pair;
import convscope.param.Values;
import convscope.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The parameters of one layer, counted by the formula and in tensors really made.
 *
 * @param image height and width of the maps, which the layer keeps
 * @param mistake the miscount that is shown
 * @param made how many numbers the tensors hold
 * @param ranOn the sizes of the images that those same tensors were run on
 */
record KernelBank(
    int inChannels,
    int outChannels,
    Pair kernel,
    int groups,
    boolean bias,
    int image,
    String mistake,
    long made,
    List<Integer> ranOn) {
  private static final int BUDGET = 3_000_000; // products of one run

  /** Makes the tensors and runs them. */
  static KernelBank of(Values values) {
    KernelBank bank =
        new KernelBank(
            values.integer("in-channels"),
            values.integer("out-channels"),
            values.pair("kernel"),
            values.integer("groups"),
            values.choice("bias").equals("on"),
            values.integer("image"),
            values.choice("mistake"),
            0,
            List.of());
    Tensor weight =
        Tensor.zeros(bank.outChannels, bank.depth(), bank.kernel.height(), bank.kernel.width());
    Tensor bias = bank.bias ? Tensor.zeros(bank.outChannels) : null;
    int largest = (int) Math.sqrt(BUDGET / (double) weight.size());
    int side = Math.max(1, Math.min(bank.image, largest));
    List<Integer> ranOn = new ArrayList<>();
    for (int size : side == 1 ? new int[] {1} : new int[] {(side + 1) / 2, side}) {
      Tensor x = Tensor.zeros(1, bank.inChannels, size, size);
      Tensor y = Conv2d.forward(x, weight, bias, bank.spec());
      if (y.dim(1) == bank.outChannels && y.dim(2) == size && y.dim(3) == size) {
        ranOn.add(size);
      }
    }
    long made = weight.size() + (bias == null ? 0 : bias.size());
    return bank.with(bank.image, made, ranOn);
  }

  private KernelBank with(int size, long elements, List<Integer> ran) {
    return new KernelBank(
        inChannels, outChannels, kernel, groups, bias, size, mistake, elements, ran);
  }

  /** The same bank for maps of another size. */
  KernelBank at(int size) {
    return with(size, made, ranOn);
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

  /** The numbers of one kernel, its bias included. */
  long perKernel() {
    return depth() * area() + (bias ? 1 : 0);
  }

  long weights() {
    return outChannels * depth() * area();
  }

  /** {@code C_out · (C_in/g · K_h · K_w + 1)}. */
  long parameters() {
    return outChannels * perKernel();
  }

  /** The parameters of a dense layer from the same maps to the same maps. */
  long dense() {
    return dense(image);
  }

  long dense(int size) {
    long positions = (long) size * size;
    long outputs = outChannels * positions;
    return inChannels * positions * outputs + (bias ? outputs : 0);
  }

  /** What a well-known miscount gives. */
  long counted(String how) {
    long one = bias ? 1 : 0;
    return switch (how) {
      case "flat" -> outChannels * (area() + one);
      case "groups" -> outChannels * (inChannels * area() + one);
      case "positions" -> parameters() * image * image;
      default -> parameters();
    };
  }

  String pytorch() {
    String size =
        kernel.height() == kernel.width()
            ? String.valueOf(kernel.height())
            : "(" + kernel.height() + ", " + kernel.width() + ")";
    return "conv = torch.nn.Conv2d("
        + inChannels
        + ", "
        + outChannels
        + ", kernel_size="
        + size
        + ", padding=\"same\""
        + (groups > 1 ? ", groups=" + groups : "")
        + (bias ? "" : ", bias=False")
        + ")\nassert sum(p.numel() for p in conv.parameters()) == "
        + parameters()
        + "\nfor size in ("
        + image
        + ", "
        + 2 * image
        + "):  # the same parameters at any size\n    x = torch.zeros(1, "
        + inChannels
        + ", size, size)\n    assert conv(x).shape == (1, "
        + outChannels
        + ", size, size)";
  }

  /** What was made and run, as a sentence. */
  String check() {
    StringBuilder sizes = new StringBuilder();
    for (int n = 0; n < ranOn.size(); n++) {
      sizes.append(n == 0 ? "" : " and ").append(ranOn.get(n)).append(" × ").append(ranOn.get(n));
    }
    boolean smaller = ranOn.isEmpty() || ranOn.get(ranOn.size() - 1) < image;
    return "Made and counted: W holds "
        + Num.count(weights())
        + " numbers"
        + (bias ? ", b holds " + Num.count(outChannels) : "")
        + ", together "
        + Num.count(made)
        + (made == parameters() ? ", as the formula says" : ", not what the formula says")
        + ". The same tensors ran on images of "
        + sizes
        + (smaller ? "; a larger one would take longer, but no more numbers." : ".");
  }
}
