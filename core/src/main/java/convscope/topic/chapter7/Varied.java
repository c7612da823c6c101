package convscope.topic.chapter7;

import convscope.op.Dropout;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import convscope.topic.EditableTopic;
import convscope.topic.ImageInput;
import convscope.train.Augmentation;

/**
 * An input to which chance does something else at each step.
 *
 * @param mode dropout, or how the image is varied
 * @param evaluating whether training is over
 * @param mistake none, unscaled or eval
 * @param second another image as large, for mixup; (1, 1, H, W)
 * @param names what the two images show
 * @param p the probability of dropping
 * @param crop the share of the sides that a crop keeps
 * @param all the mean of all cells of y at each step
 */
record Varied(
    ImageInput input,
    String mode,
    boolean evaluating,
    String mistake,
    Tensor second,
    String[] names,
    double p,
    Augmentation augmentation,
    double crop,
    int seed,
    double[] all)
    implements EditableTopic.Shown {
  static final int STEPS = 60;

  private static final long APART = 1000; // seeds of one figure from those of the next

  boolean drops() {
    return mode.equals("dropout");
  }

  /** Whether chance has a hand in it. */
  boolean active() {
    return !evaluating || mistake.equals("eval");
  }

  boolean unscaled() {
    return mistake.equals("unscaled");
  }

  Tensor x() {
    return input.x();
  }

  private long seedOf(int step) {
    return seed * APART + step;
  }

  /** 1 for what is kept, 0 for what is dropped; (1, 1, H, W). */
  Tensor mask(int step) {
    return active()
        ? Dropout.forward(x(), p, seedOf(step)).mask()
        : Tensor.full(1, x().shape().dims());
  }

  /** What was drawn for the image. */
  Augmentation.Drawn drawn(int step) {
    return augmentation.draw(input.height(), input.width(), new Rng(seedOf(step)));
  }

  /** The weight of the first image in mixup, from Beta(α, α). */
  double weight(int step) {
    return augmentation.mixingWeight(new Rng(seedOf(step)));
  }

  /** First row, first column, height and width of what a crop keeps. */
  int[] cropped(int step) {
    Rng rng = new Rng(seedOf(step));
    int high = Math.max(1, (int) (crop * input.height()));
    int wide = Math.max(1, (int) (crop * input.width()));
    int top = rng.nextInt(input.height() - high + 1);
    return new int[] {top, rng.nextInt(input.width() - wide + 1), high, wide};
  }

  /** What goes on at a step: (1, 1, H, W), or smaller after a crop. */
  Tensor output(int step) {
    if (!active()) {
      return x();
    }
    if (drops()) {
      Dropout.Result result = Dropout.forward(x(), p, seedOf(step));
      return unscaled() ? Dropout.backward(x(), result.mask(), 0) : result.y();
    }
    if (mode.equals("crop")) {
      int[] kept = cropped(step);
      Tensor y = Tensor.zeros(1, 1, kept[2], kept[3]);
      for (int n = 0; n < y.size(); n++) {
        y.data()[n] = input.at(kept[0] + n / kept[3], kept[1] + n % kept[3]);
      }
      return y;
    }
    Tensor y = x().copy();
    if (mode.equals("mixup")) {
      Augmentation.mix(y.data(), 0, second.data(), 0, y.size(), weight(step));
    } else {
      drawn(step).apply(y.data(), 0, 1, input.height(), input.width());
    }
    return y;
  }

  /** The mean of each cell over the outputs of the steps so far. */
  Tensor average(int step) {
    double[] sums = new double[x().size()];
    for (int k = 0; k <= step; k++) {
      float[] y = output(k).data();
      for (int n = 0; n < sums.length; n++) {
        sums[n] += y[n];
      }
    }
    for (int n = 0; n < sums.length; n++) {
      sums[n] /= step + 1;
    }
    return Tensor.rounded(sums, x().shape());
  }

  /** The mean of all cells over the outputs of the steps so far. */
  double averaged(int step) {
    double sum = 0;
    for (int k = 0; k <= step; k++) {
      sum += all[k];
    }
    return sum / (step + 1);
  }

  /**
   * The standard deviation that the mean of all cells has over so many masks: {@code √(Σ x² ·
   * p/(1−p) / masks)/n}.
   */
  double spread(int masks) {
    double squares = 0;
    for (float value : x().data()) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares * p / (1 - p) / masks) / x().size();
  }

  @Override
  public String toString() {
    return "Varied " + mode;
  }
}
