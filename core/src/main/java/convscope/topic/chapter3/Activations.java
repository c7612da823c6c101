package convscope.topic.chapter3;

import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.param.Pair;
import convscope.param.Values;
import convscope.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The tensors of a convolution and of what follows it, and when each is in memory.
 *
 * @param size of the input
 * @param out of the output
 * @param ran the elements that one image and one kernel gave when they were really run
 * @param layers the operators in their order
 */
record Activations(
    Values values, Pair size, Pair out, int ran, List<String> layers, Conv2d.Spec spec) {

  static Conv2d.Spec spec(Values values) {
    return Conv2d.Spec.of(values.integer("kernel"), values.integer("kernel"))
        .stride(values.integer("stride"))
        .padding(values.integer("padding"));
  }

  static Activations of(Values values) {
    Pair size = values.pair("size");
    Conv2d.Spec spec = spec(values);
    Tensor x = Tensor.zeros(1, 1, size.height(), size.width());
    Tensor w = Tensor.zeros(1, 1, spec.kernelHeight(), spec.kernelWidth());
    Tensor y = Conv2d.forward(x, w, null, spec);
    Pair out = new Pair(spec.outputHeight(size.height()), spec.outputWidth(size.width()));
    List<String> layers = new ArrayList<>();
    layers.add("conv");
    if (values.choice("block").equals("bn-relu")) {
      layers.add("BN");
    }
    if (!values.choice("block").equals("conv")) {
      layers.add("ReLU");
    }
    return new Activations(values, size, out, y.size(), layers, spec);
  }

  int batch() {
    return values.integer("batch");
  }

  int outChannels() {
    return values.integer("out-channels");
  }

  int inChannels() {
    return values.integer("in-channels");
  }

  long elements() {
    return (long) batch() * outChannels() * out.height() * out.width();
  }

  long inputElements() {
    return (long) batch() * inChannels() * size.height() * size.width();
  }

  /** Elements of the n-th tensor: the input, then what each layer gives. */
  long elements(int tensor) {
    return tensor == 0 ? inputElements() : elements();
  }

  String name(int tensor) {
    return tensor == 0 ? "x" : layers.get(tensor - 1) + " output";
  }

  /** Weights, and the bias or the two numbers a channel of a batch norm. */
  long parameters() {
    long weights = (long) outChannels() * inChannels() * spec.kernelHeight() * spec.kernelWidth();
    return weights + (layers.contains("BN") ? 2L : 1L) * outChannels();
  }

  int bytesEach() {
    return bytesEach(values.choice("format"));
  }

  static int bytesEach(String format) {
    return format.equals("fp32") ? 4 : format.equals("fp16") ? 2 : 1;
  }

  long bytes(long count) {
    return count * bytesEach();
  }

  /** Training keeps floating point: networks for int8 are trained before they are converted. */
  int trainingBytesEach() {
    return Math.max(2, bytesEach() == 1 ? 4 : bytesEach());
  }

  /**
   * Whether the backward pass needs a tensor: a convolution needs its input (for ∂L/∂W), a batch
   * norm its input (for x̂), a ReLU its output (zero where the gradient stops).
   */
  boolean saved(int tensor) {
    boolean input = tensor < layers.size() && !layers.get(tensor).equals("ReLU");
    boolean output = tensor > 0 && layers.get(tensor - 1).equals("ReLU");
    return input || output;
  }

  /** Why the tensor is kept for the backward pass, or why it is not. */
  String reason(int tensor) {
    if (tensor > 0 && layers.get(tensor - 1).equals("ReLU")) {
      return "kept by the ReLU: where it is 0, the gradient stops; the next layer reads the same"
          + " tensor";
    }
    if (tensor < layers.size() && layers.get(tensor).equals("BN")) {
      return "kept by the batch norm, to normalize it again";
    }
    if (tensor == 0) {
      return "kept by the convolution: the gradient of W is made of it";
    }
    return tensor == layers.size()
        ? "not needed by the convolution itself; the next layer keeps it as its input"
        : "not kept: the ReLU’s output tells all that its backward pass needs";
  }

  /**
   * Whether a tensor is in memory while a layer runs, or after the last one (moment = layers).
   *
   * @param training whether the backward pass will come
   */
  boolean alive(int tensor, int moment, boolean training) {
    int last = layers.size();
    boolean running = tensor == moment || (tensor == moment + 1 && moment < last);
    return running || (training && tensor < moment && saved(tensor));
  }

  long aliveElements(int moment, boolean training) {
    long sum = 0;
    for (int tensor = 0; tensor <= layers.size(); tensor++) {
      sum += alive(tensor, moment, training) ? elements(tensor) : 0;
    }
    return sum;
  }

  /** The most bytes in use at once when no backward pass will come. */
  long peak() {
    long most = 0;
    for (int moment = 0; moment < layers.size(); moment++) {
      most = Math.max(most, aliveElements(moment, false));
    }
    return bytes(most);
  }

  /** Elements kept for the backward pass. */
  long kept() {
    long sum = 0;
    for (int tensor = 0; tensor <= layers.size(); tensor++) {
      sum += saved(tensor) ? elements(tensor) : 0;
    }
    return sum;
  }

  long keptBytes() {
    return kept() * trainingBytesEach();
  }

  /** What the miscount of that name gives for the bytes kept. */
  long counted(String mistake) {
    Conv2d.Spec close = spec.stride(1);
    long maps = (kept() - inputElements()) / elements();
    long unstrided =
        (long) batch()
            * outChannels()
            * close.outputHeight(size.height())
            * close.outputWidth(size.width());
    return switch (mistake) {
      case "batch" -> keptBytes() / batch();
      case "stride" -> (inputElements() + maps * unstrided) * trainingBytesEach();
      case "parameters" -> parameters() * trainingBytesEach();
      default -> keptBytes();
    };
  }

  String check() {
    return "Really run: one image and one kernel gave "
        + Num.count(ran)
        + " numbers; "
        + batch()
        + " images and "
        + outChannels()
        + " kernels give "
        + Num.count((long) ran * batch() * outChannels())
        + ((long) ran * batch() * outChannels() == elements() ? ", as the formula says." : ".");
  }

  String pytorch() {
    return "conv = torch.nn.Conv2d("
        + inChannels()
        + ", "
        + outChannels()
        + ", "
        + spec.kernelHeight()
        + ", stride="
        + spec.strideH()
        + ", padding="
        + spec.padTop()
        + ")\ny = conv(torch.zeros("
        + batch()
        + ", "
        + inChannels()
        + ", "
        + size.height()
        + ", "
        + size.width()
        + "))\nassert y.numel() == "
        + elements()
        + "\nassert y.numel() * y.element_size() == "
        + elements() * 4;
  }
}
