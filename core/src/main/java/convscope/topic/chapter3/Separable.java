package convscope.topic.chapter3;

import convscope.op.Conv2d;
import org.jspecify.annotations.Nullable;

/**
 * A convolution and its two-stage counterpart, counted.
 *
 * @param in channels
 * @param out channels
 * @param size height and width of the image
 * @param times milliseconds of the one convolution and of the two stages, or null
 * @param mistake the miscount that is shown, or {@code none}
 */
record Separable(int in, int out, int kernel, int size, double @Nullable [] times, String mistake) {

  /** Stride 1 and as much padding as keeps the size; the odd cell of an even kernel at the end. */
  static Conv2d.Spec spec(int k) {
    int before = (k - 1) / 2;
    return Conv2d.Spec.of(k, k).padding(before, before, k - 1 - before, k - 1 - before);
  }

  /** Weights of the one convolution: {@code K² · C_in · C_out}. */
  long whole() {
    return (long) kernel * kernel * in * out;
  }

  /** Weights of the first stage: {@code K² · C_in}. */
  long depthwise() {
    return (long) kernel * kernel * in;
  }

  /** Weights of the second stage: {@code C_in · C_out}. */
  long pointwise() {
    return (long) in * out;
  }

  /** Weights of both stages. */
  long stages() {
    return depthwise() + pointwise();
  }

  /** MACs of so many weights, each used once at every place. */
  long macs(long weights) {
    return weights * size * size;
  }

  double ratio() {
    return stages() / (double) whole();
  }

  /** What the miscount gives for the ratio. */
  double miscounted() {
    return mistake.equals("pointwise") ? 1.0 / out : 1.0 / (kernel * kernel);
  }

  @Override
  public String toString() {
    return "Separable"; // no doubles: printing them brings 9 KB of tables into the module
  }
}
