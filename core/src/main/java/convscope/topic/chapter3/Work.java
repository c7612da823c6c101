package convscope.topic.chapter3;

import convscope.op.Conv2d;
import convscope.op.Window;
import convscope.param.Pair;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import java.util.List;

/**
 * The multiplications of a layer.
 *
 * @param size of the input
 * @param way how its work is counted
 * @param mistake the miscount that is shown, or {@code none}
 * @param ways whether all ways to count are shown, not the factors
 * @param run what was counted while multiplying
 */
record Work(
    int batch,
    int inChannels,
    int outChannels,
    Pair size,
    Conv2d.Spec spec,
    boolean bias,
    Way way,
    String mistake,
    boolean ways,
    Run run) {

  /** How many factors are multiplied up, one a step. */
  static final int FACTORS = 5;

  /**
   * What some factors together cost.
   *
   * @param name of that part of the layer
   * @param times the last of the factors
   */
  record Part(String name, String times, long macs) {}

  /**
   * A naive run of one image, one kernel and one channel.
   *
   * @param products counted one by one
   * @param padding how many of those had a zero of the padding
   * @param apart largest difference of its results from the operator's
   */
  record Run(long products, long padding, double apart) {
    static Run of(Pair size, Conv2d.Spec spec) {
      Window rows = spec.vertical();
      Window columns = spec.horizontal();
      Rng rng = new Rng(33);
      Tensor x = rng.uniform(-1, 1, 1, 1, size.height(), size.width());
      Tensor w = rng.uniform(-1, 1, 1, 1, rows.kernel(), columns.kernel());
      Tensor y = Conv2d.forward(x, w, null, spec.groups(1));
      long products = 0;
      long padding = 0;
      double apart = 0;
      for (int n = 0; n < y.size(); n++) {
        double sum = 0;
        for (int tap = 0; tap < w.size(); tap++) {
          int row = rows.place(n / y.dim(3), tap / columns.kernel());
          int column = columns.place(n % y.dim(3), tap % columns.kernel());
          boolean inside = row >= 0 && column >= 0 && row < size.height() && column < size.width();
          float pixel = inside ? x.data()[row * size.width() + column] : 0;
          sum += (double) w.data()[tap] * pixel;
          products++;
          padding += inside ? 0 : 1;
        }
        apart = Math.max(apart, Math.abs((float) sum - y.data()[n]));
      }
      return new Run(products, padding, apart);
    }

    @Override
    public String toString() {
      return "Run"; // no double: printing them brings 9 KB of tables into the module
    }
  }

  Pair out() {
    return new Pair(spec.outputHeight(size.height()), spec.outputWidth(size.width()));
  }

  /** Elements of the output. */
  long outputs() {
    return (long) batch * outChannels * out().height() * out().width();
  }

  /** Input channels that one kernel reads. */
  int depth() {
    return inChannels / spec.groups();
  }

  /** {@code N · C_out · H_out · W_out · C_in/g · K_h · K_w}. */
  long macs() {
    return outputs() * depth() * spec.kernelHeight() * spec.kernelWidth();
  }

  /** The layer's work, factor by factor. */
  List<Part> parts() {
    long window = (long) spec.kernelHeight() * spec.kernelWidth();
    long map = window * depth() * out().height() * out().width();
    String taps = spec.kernelHeight() + " · " + spec.kernelWidth() + " taps";
    String places = "× " + out().height() + " · " + out().width() + " places";
    return List.of(
        new Part("one window", taps, window),
        new Part("one output", "× " + depth() + " channels", window * depth()),
        new Part("one map", places, map),
        new Part("one image", "× " + outChannels + " kernels", map * outChannels),
        new Part("all", "× " + batch + " in the batch", macs()));
  }

  /** What the miscount gives. */
  long miscounted() {
    return switch (mistake) {
      case "size" -> macs() / out().height() / out().width() * size.height() * size.width();
      case "groups" -> macs() * spec.groups();
      default -> macs();
    };
  }
}
