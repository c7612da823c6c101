package convscope.topic.chapter3;

import convscope.op.Conv2d;
import convscope.param.Pair;
import java.util.List;

/**
 * The tensors of a convolution and of what follows it, and when each is in memory. A tensor is
 * named by its number: 0 is the input, the others are what the layers give.
 *
 * @param size of the input
 * @param layers the operators in their order
 * @param format fp32, fp16 or int8
 * @param mistake the miscount that is shown, or {@code none}
 * @param amounts whether bars are shown, not what is in memory when
 */
record Activations(
    int batch,
    int inChannels,
    int outChannels,
    Pair size,
    Conv2d.Spec spec,
    List<String> layers,
    String format,
    String mistake,
    boolean amounts) {

  private static final String RELU = "ReLU";

  /** Height and width of the output. */
  Pair out() {
    return out(spec);
  }

  private Pair out(Conv2d.Spec with) {
    return new Pair(with.outputHeight(size.height()), with.outputWidth(size.width()));
  }

  private long outputs(Conv2d.Spec with) {
    return (long) batch * outChannels * out(with).height() * out(with).width();
  }

  /** The number of the last tensor. */
  int last() {
    return layers.size();
  }

  /** Elements of the output: {@code N · C_out · H_out · W_out}. */
  long elements() {
    return outputs(spec);
  }

  long elements(int tensor) {
    return tensor > 0 ? elements() : (long) batch * inChannels * size.height() * size.width();
  }

  String name(int tensor) {
    return tensor == 0 ? "x" : layers.get(tensor - 1) + " output";
  }

  /** Bytes of the weights, and of the bias or the two numbers a channel of a batch norm. */
  long parameterBytes() {
    long weights = (long) outChannels * inChannels * spec.kernelHeight() * spec.kernelWidth();
    return (weights + (layers.contains("BN") ? 2L : 1L) * outChannels) * bytesEach();
  }

  int bytesEach() {
    return bytesEach(format);
  }

  static int bytesEach(String format) {
    return format.equals("fp32") ? 4 : format.equals("fp16") ? 2 : 1;
  }

  /** Training keeps floating point: networks for int8 are trained before they are converted. */
  private int bytesEach(boolean training) {
    return training && bytesEach() == 1 ? 4 : bytesEach();
  }

  private boolean isReluOutput(int tensor) {
    return tensor > 0 && layers.get(tensor - 1).equals(RELU);
  }

  /**
   * Whether the backward pass needs a tensor: a convolution needs its input (for ∂L/∂W), a batch
   * norm its input (for x̂), a ReLU its output (zero where the gradient stops).
   */
  boolean saved(int tensor) {
    return isReluOutput(tensor) || (tensor < last() && !layers.get(tensor).equals(RELU));
  }

  /** Why the tensor is kept for the backward pass, or why it is not. */
  String reason(int tensor) {
    if (isReluOutput(tensor)) {
      return "kept by the ReLU: where it is 0, the gradient stops; the next layer reads the same"
          + " tensor";
    }
    if (tensor == last()) {
      return "not needed by the convolution itself; the next layer keeps it as its input";
    }
    return switch (layers.get(tensor)) {
      case "conv" -> "kept by the convolution: the gradient of W is made of it";
      case "BN" -> "kept by the batch norm, to normalize it again";
      default -> "not kept: the ReLU’s output tells all that its backward pass needs";
    };
  }

  /** Whether a layer that runs reads or writes a tensor; after the last one, whether it is left. */
  boolean inUse(int tensor, int moment) {
    return tensor == moment || (tensor == moment + 1 && moment < last());
  }

  /**
   * Whether a tensor is in memory while a layer runs, or after the last one (moment = layers).
   *
   * @param training whether the backward pass will come
   */
  boolean alive(int tensor, int moment, boolean training) {
    return inUse(tensor, moment) || (training && tensor < moment && saved(tensor));
  }

  /** Bytes in memory at a moment. */
  long aliveBytes(int moment, boolean training) {
    long sum = 0;
    for (int tensor = 0; tensor <= last(); tensor++) {
      sum += alive(tensor, moment, training) ? elements(tensor) : 0;
    }
    return sum * bytesEach(training);
  }

  /** The most bytes in use at once when no backward pass will come. */
  long peak() {
    long most = 0;
    for (int moment = 0; moment < last(); moment++) {
      most = Math.max(most, aliveBytes(moment, false));
    }
    return most;
  }

  /** Bytes kept for the backward pass. */
  long kept() {
    return kept(elements());
  }

  /** The same if a map of all images and kernels had so many elements. */
  private long kept(long outputs) {
    long sum = 0;
    for (int tensor = 0; tensor <= last(); tensor++) {
      sum += saved(tensor) ? (tensor == 0 ? elements(0) : outputs) : 0;
    }
    return sum * bytesEach(true);
  }

  /** What the miscount gives for the bytes kept. */
  long miscounted() {
    return switch (mistake) {
      case "batch" -> kept() / batch;
      case "stride" -> kept(outputs(spec.stride(1)));
      case "parameters" -> parameterBytes() / bytesEach() * bytesEach(true);
      default -> kept();
    };
  }
}
