package convscope.train;

import convscope.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** How well a classifier does on the images counted so far. */
public final class Metrics {
  private static final int WORST = 24; // mistakes remembered
  private static final double Z = 1.959963984540054; // 95 % of the normal distribution

  /**
   * A mistake.
   *
   * @param image its number, as it was given
   * @param label the right class
   * @param answer the class with the highest score
   * @param loss cross-entropy of the scores
   */
  public record Mistake(int image, int label, int answer, double loss) {
    @Override
    public String toString() {
      return "Mistake of image " + image;
    }
  }

  private final int classes;
  private final int[] confusion; // [label · classes + answer]
  private final int[] within; // [k − 1]: images whose label is among the k highest scores
  private final List<Mistake> worst = new ArrayList<>(); // largest loss first
  private int count;
  private double loss;

  public Metrics(int classes) {
    this.classes = classes;
    confusion = new int[classes * classes];
    within = new int[classes];
  }

  /**
   * Counts a batch.
   *
   * @param scores (N, classes)
   * @param images the numbers of its images, for {@link Mistake#image}
   * @param labels one for each image
   */
  public void add(Tensor scores, int[] images, int[] labels) {
    if (scores.rank() != 2 || scores.dim(1) != classes || scores.dim(0) != labels.length) {
      throw new IllegalArgumentException(
          "Metrics: scores of shape "
              + scores.shape()
              + " for "
              + labels.length
              + " labels of "
              + classes
              + " classes; give (images, classes)");
    }
    for (int n = 0; n < labels.length; n++) {
      Tensor row = Tensor.zeros(1, classes);
      System.arraycopy(scores.data(), n * classes, row.data(), 0, classes);
      double own = Loss.CROSS_ENTROPY.of(row, new int[] {labels[n]}, 1).loss();
      int answer = 0;
      int before = 0; // scores above the label's, ties by number
      float right = row.data()[labels[n]];
      for (int c = 0; c < classes; c++) {
        float score = row.data()[c];
        answer = score > row.data()[answer] ? c : answer;
        before += score > right || score == right && c < labels[n] ? 1 : 0;
      }
      count++;
      loss += own;
      confusion[labels[n] * classes + answer]++;
      within[before]++;
      if (answer != labels[n]) {
        remember(new Mistake(images[n], labels[n], answer, own));
      }
    }
  }

  private void remember(Mistake mistake) {
    int at = worst.size();
    while (at > 0 && worst.get(at - 1).loss < mistake.loss) {
      at--;
    }
    worst.add(at, mistake);
    if (worst.size() > WORST) {
      worst.remove(WORST);
    }
  }

  public int classes() {
    return classes;
  }

  /** Images counted. */
  public int count() {
    return count;
  }

  /** Mean cross-entropy; NaN without images. */
  public double loss() {
    return loss / count;
  }

  /** The share of right answers; NaN without images. */
  public double accuracy() {
    return topK(1);
  }

  /** The share of images whose label is among the k highest scores. */
  public double topK(int k) {
    int hits = 0;
    for (int i = 0; i < Math.min(k, classes); i++) {
      hits += within[i];
    }
    return (double) hits / count;
  }

  /** The 95 % interval of the accuracy: low and high (Wilson 1927). */
  public double[] interval() {
    double p = accuracy();
    double z = Z * Z / count;
    double middle = (p + z / 2) / (1 + z);
    double half = Z * Math.sqrt(p * (1 - p) / count + z / (4 * count)) / (1 + z);
    return new double[] {middle - half, middle + half};
  }

  /** Images of class {@code label} that were answered with class {@code answer}. */
  public int confusion(int label, int answer) {
    return confusion[label * classes + answer];
  }

  /** The share of a class's images that were found; NaN if it has none. */
  public double recall(int label) {
    int all = 0;
    for (int c = 0; c < classes; c++) {
      all += confusion(label, c);
    }
    return (double) confusion(label, label) / all;
  }

  /** The share of a class's answers that were right; NaN if there were none. */
  public double precision(int answer) {
    int all = 0;
    for (int c = 0; c < classes; c++) {
      all += confusion(c, answer);
    }
    return (double) confusion(answer, answer) / all;
  }

  /** The mistakes with the largest losses, largest first. */
  public List<Mistake> worst() {
    return List.copyOf(worst);
  }
}
