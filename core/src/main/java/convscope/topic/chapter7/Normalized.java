package convscope.topic.chapter7;

import convscope.num.Num;
import convscope.op.BatchNorm2d;
import convscope.op.Concat;
import convscope.op.GroupNorm;
import convscope.op.NormGradients;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A layer that normalizes one batch after another.
 *
 * @param norm batch, layer, group or instance
 * @param evaluating whether training is over: the running statistics rest, and image 0 is the same
 *     in every batch
 * @param forgotten whether it is over but the layer still takes the batch's own statistics, the
 *     common mistake
 * @param gradient whether the way back is on show
 * @param groups of channels that share a mean: 1 in layer norm, C in instance norm
 * @param batches each (N, C, H, W)
 * @param means running means after each batch, (C)
 * @param variances running variances after each batch, (C)
 */
record Normalized(
    String norm,
    boolean evaluating,
    boolean forgotten,
    boolean gradient,
    int groups,
    double gamma,
    double beta,
    double epsilon,
    double momentum,
    List<Tensor> batches,
    List<Tensor> means,
    List<Tensor> variances) {
  /** How many batches there are, and how many train before an evaluation. */
  static final int BATCHES = 30;

  /** How many images each of the latter has. */
  static final int TRAINED_ON = 4;

  private static final float[] MEANS = {4, 9, 2, 6}; // of the channels
  private static final float[] DEVIATIONS = {2, 4, 1, 3};
  private static final double BRIGHTNESS = 1.5; // how far whole images lie apart
  private static final long TRAINING_SEED = 7;
  private static final long TEST_SEED = 3;
  private static final float STEP = 1 / 32f; // of a central difference

  /** Means and population variances, one for each set of numbers that share them. */
  record Moments(double[] mean, double[] variance, int count) {
    /** The variance over count − 1. */
    double unbiased(int set) {
      return variance[set] * count / (count - 1.0);
    }

    @Override
    public String toString() {
      return "Moments of " + count;
    }
  }

  /** Random batches (n, c, h, w) of whole numbers, one after the other. */
  private static Tensor batch(Rng rng, int n, int c, int h, int w) {
    Tensor x = Tensor.zeros(n, c, h, w);
    double brighter = 0;
    for (int at = 0; at < x.size(); at++) {
      int channel = at / (h * w) % c;
      brighter = at % (c * h * w) == 0 ? BRIGHTNESS * rng.nextGaussian() : brighter;
      x.data()[at] =
          Num.round(MEANS[channel] + brighter + DEVIATIONS[channel] * rng.nextGaussian());
    }
    return x;
  }

  /** The batches that are on show: of training, or such that share their first image. */
  static List<Tensor> batches(boolean training, int n, int c, int h, int w) {
    Rng rng = new Rng(training ? TRAINING_SEED : TEST_SEED);
    List<Tensor> batches = new ArrayList<>();
    for (int step = 0; step < BATCHES; step++) {
      Tensor x = batch(rng, n, c, h, w);
      batches.add(training || step == 0 ? x : withFirst(batches.get(0), x));
    }
    return batches;
  }

  /** The same batch with the first image of another. */
  private static Tensor withFirst(Tensor other, Tensor x) {
    Tensor mixed = x.copy();
    System.arraycopy(other.data(), 0, mixed.data(), 0, x.size() / x.dim(0));
    return mixed;
  }

  /** Adds what the running statistics are after each batch: at first mean 0 and variance 1. */
  static void run(
      List<Tensor> batches, double momentum, List<Tensor> means, List<Tensor> variances) {
    Tensor mean = Tensor.zeros(batches.get(0).dim(1));
    Tensor variance = Tensor.full(1, batches.get(0).dim(1));
    for (Tensor x : batches) {
      BatchNorm2d.Statistics own = BatchNorm2d.statistics(x);
      mean = BatchNorm2d.updated(mean, own.mean(), momentum);
      variance = BatchNorm2d.updated(variance, own.unbiased(), momentum);
      means.add(mean);
      variances.add(variance);
    }
  }

  boolean isBatch() {
    return norm.equals("batch");
  }

  /** Whether the running statistics learn from the batches on show. */
  boolean learns() {
    return isBatch() && !evaluating;
  }

  /** Whether the batch's own statistics normalize it. */
  boolean own() {
    return !isBatch() || !evaluating || forgotten;
  }

  int images() {
    return batches.get(0).dim(0);
  }

  int channels() {
    return batches.get(0).dim(1);
  }

  int height() {
    return batches.get(0).dim(2);
  }

  int width() {
    return batches.get(0).dim(3);
  }

  /** How many means there are along the channels. */
  int meanColumns() {
    return isBatch() ? channels() : groups;
  }

  /** Which mean a map is normalized with. */
  int set(int image, int channel) {
    return isBatch() ? channel : image * groups + channel * groups / channels();
  }

  /** The axes that a norm of single images averages. */
  String axes() {
    return switch (norm) {
      case "layer" -> "C, H and W";
      case "group" -> "C/G channels, H and W";
      default -> "H and W";
    };
  }

  /** Mean and variance of every set of numbers in a batch that share them. */
  Moments moments(Tensor x) {
    int sets = isBatch() ? channels() : images() * groups;
    double[] mean = new double[sets];
    double[] variance = new double[sets];
    int count = x.size() / sets;
    for (int at = 0; at < x.size(); at++) {
      mean[setOf(at)] += x.data()[at];
    }
    for (int set = 0; set < sets; set++) {
      mean[set] /= count;
    }
    for (int at = 0; at < x.size(); at++) {
      double off = x.data()[at] - mean[setOf(at)];
      variance[setOf(at)] += off * off / count;
    }
    return new Moments(mean, variance, count);
  }

  /** The same of a number of a batch, in scan order. */
  int setOf(int at) {
    int map = at / (height() * width());
    return set(map / channels(), map % channels());
  }

  /** The place of such a number: {@code [n, c, i, j]}. */
  String place(int at) {
    int map = at / (height() * width());
    int cell = at % (height() * width());
    int[] indices = {map / channels(), map % channels(), cell / width(), cell % width()};
    return Arrays.toString(indices);
  }

  private Tensor perChannel(double value) {
    return Tensor.full((float) value, channels());
  }

  /** What the layer makes of a batch at a step, as it is set. */
  Tensor output(int step) {
    return output(batches.get(step), step, own());
  }

  /** The same of any batch, with its own statistics or the running ones. */
  Tensor output(Tensor x, int step, boolean own) {
    Tensor scale = perChannel(gamma);
    Tensor bias = perChannel(beta);
    return !isBatch()
        ? GroupNorm.forward(x, groups, scale, bias, epsilon)
        : own
            ? BatchNorm2d.train(x, scale, bias, epsilon)
            : BatchNorm2d.evaluate(x, scale, bias, means.get(step), variances.get(step), epsilon);
  }

  /** The gradient that arrives, (N, C, H, W): small whole numbers, always the same. */
  Tensor arriving() {
    Tensor g = Tensor.zeros(batches.get(0).shape());
    Rng rng = new Rng(TEST_SEED);
    for (int at = 0; at < g.size(); at++) {
      g.data()[at] = rng.nextInt(5) - 1;
    }
    return g;
  }

  /** {@code ∂L/∂x} by the formula. */
  Tensor back(int step) {
    Tensor x = batches.get(step);
    Tensor scale = perChannel(gamma);
    NormGradients all =
        !isBatch()
            ? GroupNorm.backward(arriving(), x, groups, scale, epsilon)
            : own()
                ? BatchNorm2d.trainBackward(arriving(), x, scale, epsilon)
                : BatchNorm2d.evaluateBackward(
                    arriving(), x, scale, means.get(step), variances.get(step), epsilon);
    return all.dx();
  }

  /** {@code (L(x + h) − L(x − h)) / 2h} for one number, where {@code L = Σ g · y}. */
  double central(int step, int at) {
    Tensor more = batches.get(step).copy();
    Tensor less = more.copy();
    more.data()[at] += STEP;
    less.data()[at] -= STEP;
    Tensor change = output(more, step, own()).minus(output(less, step, own()));
    Tensor g = arriving();
    double sum = 0;
    for (int n = 0; n < g.size(); n++) {
      sum += (double) g.data()[n] * change.data()[n];
    }
    return sum / (2 * STEP);
  }

  /** The largest difference between the two gradients, over all numbers of a batch. */
  double disagreement(int step) {
    Tensor dx = back(step);
    double most = 0;
    for (int at = 0; at < dx.size(); at++) {
      most = Math.max(most, Math.abs(dx.data()[at] - central(step, at)));
    }
    return most;
  }

  /** The most by which outputs of image 0 change if it comes with the next batch's other images. */
  double company(int step) {
    Tensor other = withFirst(batches.get(step), batches.get((step + 1) % BATCHES));
    Tensor change = output(step).minus(output(other, step, own()));
    int first = change.size() / images();
    return Tensor.of(Arrays.copyOf(change.data(), first), first).largestSize();
  }

  /** Mean and variance of each channel’s numbers in all batches together. */
  Moments overall() {
    return moments(Concat.forward(0, batches.toArray(new Tensor[0])));
  }

  @Override
  public String toString() {
    return "Normalized " + batches.get(0).shape();
  }
}
