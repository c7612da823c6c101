package convscope.topic.chapter7;

import convscope.net.Conv;
import convscope.op.Conv2d;
import convscope.tensor.Shape;
import java.util.List;

/**
 * A block of three convolutions beside two of 3 × 3, counted layer by layer without biases.
 *
 * @param channels of its input and its output
 * @param middle channels between its 1 × 1 convolutions
 * @param depthwise whether its 3 × 3 convolution has one kernel for each channel
 * @param size height and width of the maps
 * @param mistake the miscount that is shown, or {@code none}
 */
record Bottleneck(int channels, int middle, boolean depthwise, int size, String mistake) {

  /** The three convolutions. */
  List<Conv> stages() {
    return List.of(
        conv(middle, 1, 1), conv(middle, 3, depthwise ? middle : 1), conv(channels, 1, 1));
  }

  private static Conv conv(int out, int kernel, int groups) {
    Conv2d.Spec spec = Conv2d.Spec.of(kernel, kernel).padding(kernel / 2).groups(groups);
    return new Conv(0, out, spec, false);
  }

  /** What a stage reads, (1, C, H, W). */
  private Shape input(int stage) {
    return Shape.of(1, stage == 0 ? channels : middle, size, size);
  }

  long weights(int stage) {
    long weights = 0;
    for (Shape one : stages().get(stage).parameters(input(stage))) {
      weights += one.size();
    }
    return weights;
  }

  long macs(int stage) {
    return stages().get(stage).macs(input(stage));
  }

  /** The weights of all three. */
  long weights() {
    return weights(0) + weights(1) + weights(2);
  }

  long macs() {
    return macs(0) + macs(1) + macs(2);
  }

  /** The weights of two 3 × 3 convolutions that keep the channels: {@code 2 · 9 · C²}. */
  long plain() {
    long weights = 0;
    for (Shape one : conv(channels, 3, 1).parameters(input(0))) {
      weights += 2L * one.size();
    }
    return weights;
  }

  long plainMacs() {
    return 2 * conv(channels, 3, 1).macs(input(0));
  }

  double share() {
    return weights() / (double) plain();
  }

  /** What the miscount takes for the weights. */
  long miscounted() {
    return mistake.equals("middle") ? weights(1) : weights();
  }

  @Override
  public String toString() {
    return "Bottleneck " + channels + ", " + middle;
  }
}
