package convscope.topic.chapter3;

import convscope.op.Conv2d;
import convscope.op.Window;
import convscope.param.Pair;
import java.util.List;

/**
 * The multiplications of a layer.
 *
 * @param size of the input
 * @param way how its work is counted
 * @param mistake the miscount that is shown, or {@code none}
 * @param ways whether all ways to count are shown, not the factors
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
    boolean ways) {

  /** How many factors are multiplied up, one a step. */
  static final int FACTORS = 5;

  /**
   * What some factors together cost.
   *
   * @param name of that part of the layer
   * @param times the last of the factors
   */
  record Part(String name, String times, long macs) {}

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

  /** Products of one image, one kernel and one channel. */
  long products() {
    return (long) spec.kernelHeight() * spec.kernelWidth() * out().height() * out().width();
  }

  /** How many of these have a zero of the padding. */
  long padding() {
    return products()
        - real(spec.vertical(), size.height()) * real(spec.horizontal(), size.width());
  }

  /** Taps of all windows that lie on the input, along one axis. */
  private static long real(Window window, int size) {
    long taps = 0;
    for (int i = 0; i < window.out(size); i++) {
      taps += window.taps(i, 0, size);
    }
    return taps;
  }
}
