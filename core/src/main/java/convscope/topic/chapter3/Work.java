package convscope.topic.chapter3;

import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.param.Pair;
import convscope.param.Values;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;

/**
 * The multiplications of a layer, by the formula and counted while they are done.
 *
 * @param ran products of one image, one kernel and one channel, counted one by one in a naive run
 * @param real how many of those had a pixel of the image and not a zero of the padding
 * @param apart largest difference of that run's results from the operator's
 */
record Work(Values values, Pair out, Conv2d.Spec spec, long ran, long real, double apart) {
  /** How many factors are multiplied up, one a step. */
  static final int FACTORS = 5;

  static Conv2d.Spec spec(Values values) {
    Pair kernel = values.pair("kernel");
    return Conv2d.Spec.of(kernel.height(), kernel.width())
        .stride(values.integer("stride"))
        .padding(values.integer("padding"))
        .groups(values.integer("groups"));
  }

  static Work of(Values values) {
    Pair size = values.pair("size");
    Conv2d.Spec spec = spec(values);
    Pair out = new Pair(spec.outputHeight(size.height()), spec.outputWidth(size.width()));
    Rng rng = new Rng(33);
    int kernelHeight = spec.kernelHeight();
    int kernelWidth = spec.kernelWidth();
    Tensor x = rng.uniform(-1, 1, 1, 1, size.height(), size.width());
    Tensor w = rng.uniform(-1, 1, 1, 1, kernelHeight, kernelWidth);
    Tensor y = Conv2d.forward(x, w, null, spec.groups(1));
    long ran = 0;
    long real = 0;
    double apart = 0;
    for (int i = 0; i < out.height(); i++) {
      for (int j = 0; j < out.width(); j++) {
        double sum = 0;
        for (int u = 0; u < kernelHeight; u++) {
          for (int v = 0; v < kernelWidth; v++) {
            int row = i * spec.strideH() + u - spec.padTop();
            int column = j * spec.strideW() + v - spec.padLeft();
            boolean inside =
                row >= 0 && column >= 0 && row < size.height() && column < size.width();
            float pixel = inside ? x.data()[row * size.width() + column] : 0;
            sum += (double) w.data()[u * kernelWidth + v] * pixel;
            ran++;
            real += inside ? 1 : 0;
          }
        }
        apart = Math.max(apart, Math.abs((float) sum - y.data()[i * out.width() + j]));
      }
    }
    return new Work(values, out, spec, ran, real, apart);
  }

  int batch() {
    return values.integer("batch");
  }

  int inChannels() {
    return values.integer("in-channels");
  }

  int outChannels() {
    return values.integer("out-channels");
  }

  int groups() {
    return spec.groups();
  }

  boolean bias() {
    return values.choice("bias").equals("on");
  }

  /** Elements of the output. */
  long outputs() {
    return (long) batch() * outChannels() * out.height() * out.width();
  }

  /** {@code N · C_out · H_out · W_out · C_in/g · K_h · K_w}. */
  long macs() {
    return upTo(FACTORS - 1);
  }

  private long factor(int step) {
    return switch (step) {
      case 0 -> (long) spec.kernelHeight() * spec.kernelWidth();
      case 1 -> inChannels() / groups();
      case 2 -> (long) out.height() * out.width();
      case 3 -> outChannels();
      default -> batch();
    };
  }

  /** The product of the factors so far: what a part of the layer costs. */
  long upTo(int step) {
    long product = 1;
    for (int n = 0; n <= step; n++) {
      product *= factor(n);
    }
    return product;
  }

  /** What that part of the layer is. */
  static String part(int step) {
    return switch (step) {
      case 0 -> "one window";
      case 1 -> "one output";
      case 2 -> "one map";
      case 3 -> "one image";
      default -> "all";
    };
  }

  /** The last factor of a part, as text. */
  String times(int step) {
    return switch (step) {
      case 0 -> spec.kernelHeight() + " · " + spec.kernelWidth() + " taps";
      case 1 -> "× " + inChannels() / groups() + " channels";
      case 2 -> "× " + out.height() + " · " + out.width() + " places";
      case 3 -> "× " + outChannels() + " kernels";
      default -> "× " + batch() + " in the batch";
    };
  }

  /** What a well-known miscount gives. */
  long counted(String mistake) {
    Pair size = values.pair("size");
    return switch (mistake) {
      case "size" -> macs() / out.height() / out.width() * size.height() * size.width();
      case "groups" -> macs() * groups();
      default -> macs();
    };
  }

  /** What was run and counted. */
  String check() {
    long others = (long) batch() * outChannels() * (inChannels() / groups());
    return "Counted in a naive run of one image, one kernel and one channel: "
        + Num.count(ran)
        + " products, "
        + (real == ran
            ? "none of them with padding"
            : Num.count(ran - real) + " of them with zeros of the padding")
        + "; its results differ from the operator’s by "
        + (apart == 0 ? "0" : Num.scientific(apart, 1))
        + ". Times "
        + Num.count(others)
        + " that is "
        + Num.count(ran * others)
        + (ran * others == macs() ? ", as the formula says." : ", not what the formula says.");
  }

  String pytorch() {
    Pair size = values.pair("size");
    return "from torch.utils.flop_counter import FlopCounterMode\nconv = torch.nn.Conv2d("
        + inChannels()
        + ", "
        + outChannels()
        + ", "
        + spec.kernelHeight()
        + ", padding="
        + spec.padTop()
        + ")\nwith FlopCounterMode(display=False) as counter:\n    conv(torch.zeros("
        + batch()
        + ", "
        + inChannels()
        + ", "
        + size.height()
        + ", "
        + size.width()
        + "))\nassert counter.get_total_flops() == 2 * "
        + macs();
  }

  @Override
  public String toString() {
    return "work"; // no doubles: printing them brings 9 KB of tables into the module
  }
}
