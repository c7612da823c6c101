package convscope.train;

import convscope.data.DataSet;
import convscope.tensor.Rng;

/**
 * Which images a step trains on, and how they are varied. Everything follows from the seed, the
 * step and the image's place in the batch, so a run can go on from any step, and does not depend on
 * who computes which part.
 */
final class Batches {
  private final DataSet data;
  private final Run.Settings settings;
  private final int size;
  private final int steps; // of an epoch
  private int[] order = new int[0];
  private int orderOf = -1; // the epoch whose order that is

  Batches(DataSet data, Run.Settings settings) {
    this.data = data;
    this.settings = settings;
    int count = data.training();
    size = Math.min(settings.batch(), count);
    int rest = count % size;
    // a last batch of a single image would leave batch normalization without a variance
    steps = count / size + (rest > 1 || rest == 1 && size == 1 ? 1 : 0);
  }

  /** Steps of an epoch. */
  int steps() {
    return steps;
  }

  /** Images of a batch at most. */
  int most() {
    return size;
  }

  /** Images of the batch of a step. */
  int count(int step) {
    return Math.min(size, data.training() - step % steps * size);
  }

  private int image(int step, int place) {
    int epoch = step / steps;
    if (epoch != orderOf) {
      order = settings.shuffled() ? random(epoch, -1, -1).permutation(data.training()) : new int[0];
      orderOf = epoch;
    }
    int at = step % steps * size + place;
    return settings.shuffled() ? order[at] : at;
  }

  /** A generator for this purpose alone. */
  Rng random(int a, int b, int c) {
    Rng rng = new Rng(settings.seed());
    for (int part : new int[] {a, b, c}) {
      rng = new Rng(rng.nextLong() + part);
    }
    return rng;
  }

  /**
   * A part of a batch, ready for the network.
   *
   * @param images (count, C, H, W)
   * @param labels one for each
   * @param others the labels of what was mixed in; {@code labels} without mixup
   * @param weight of the first labels
   */
  record Batch(float[] images, int[] labels, int[] others, double weight) {
    @Override
    public String toString() {
      return "Batch";
    }
  }

  /** The images from {@code first} to before {@code end} of the batch of a step. */
  Batch part(int step, int first, int end) {
    int count = end - first;
    float[] images = new float[count * data.size()];
    int[] labels = new int[count];
    for (int n = 0; n < count; n++) {
      labels[n] = read(step, first + n, images, n * data.size());
    }
    int[] others = labels;
    double weight = 1;
    if (settings.augmentation().mixup() > 0) {
      Rng rng = random(step, -2, -1);
      weight = settings.augmentation().mixingWeight(rng);
      int[] partners = rng.permutation(count(step));
      others = new int[count];
      float[] other = new float[data.size()];
      for (int n = 0; n < count; n++) {
        others[n] = read(step, partners[first + n], other, 0);
        Augmentation.mix(images, n * data.size(), other, 0, data.size(), weight);
      }
    }
    normalize(images);
    return new Batch(images, labels, others, weight);
  }

  /** Writes an image, varied, and gives its label. */
  private int read(int step, int place, float[] to, int at) {
    int image = image(step, place);
    data.copy(image, to, at);
    Augmentation augmentation = settings.augmentation();
    if (augmentation.varies()) {
      Rng rng = random(step, place, -1);
      augmentation.apply(to, at, data.channels(), data.height(), data.width(), rng);
    }
    return data.label(image);
  }

  /** {@code (x − mean)/deviation}. */
  void normalize(float[] images) {
    double mean = settings.mean();
    double deviation = settings.deviation();
    for (int i = 0; (mean != 0 || deviation != 1) && i < images.length; i++) {
      images[i] = (float) ((images[i] - mean) / deviation);
    }
  }
}
