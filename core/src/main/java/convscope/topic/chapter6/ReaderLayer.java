package convscope.topic.chapter6;

import convscope.num.Num;
import convscope.tensor.Tensor;
import convscope.topic.DigitReader;
import java.util.List;

/**
 * The digit reader's first layer with the reader's real loss, by the operators and in float32
 * alone. Of its numbers those are checked that have the largest gradients.
 */
record ReaderLayer(DigitReader reader, Tensor image, int label, Tensor[] gradients, int[][] chosen)
    implements CheckedModel {
  private static final int[] COUNTS = {3, 2, 2}; // weights, biases, pixels
  private static final int FILTER = 25; // weights

  static ReaderLayer of(DigitReader reader, Tensor image, int label) {
    DigitReader.Gradients g = reader.pass(image, label).gradients();
    Tensor[] gradients = {g.weights().w1(), g.weights().b1(), g.x()};
    int[][] chosen = new int[gradients.length][];
    for (int p = 0; p < chosen.length; p++) {
      chosen[p] = largest(gradients[p].data(), COUNTS[p]);
    }
    return new ReaderLayer(reader, image, label, gradients, chosen);
  }

  private static int[] largest(float[] values, int count) {
    int[] largest = new int[count];
    boolean[] taken = new boolean[values.length];
    for (int k = 0; k < count; k++) {
      int best = -1;
      for (int n = 0; n < values.length; n++) {
        best = !taken[n] && (best < 0 || Math.abs(values[n]) > Math.abs(values[best])) ? n : best;
      }
      largest[k] = best;
      taken[best] = true;
    }
    return largest;
  }

  @Override
  public List<String> parameters() {
    return List.of("weights", "bias", "pixels");
  }

  @Override
  public double[][] gradient() {
    double[][] gradient = new double[chosen.length][];
    for (int p = 0; p < chosen.length; p++) {
      gradient[p] = new double[chosen[p].length];
      for (int n = 0; n < chosen[p].length; n++) {
        gradient[p][n] = gradients[p].data()[chosen[p][n]];
      }
    }
    return gradient;
  }

  @Override
  public int columns(int parameter) {
    return COUNTS[parameter];
  }

  @Override
  public String name(int parameter, int element) {
    int n = chosen[parameter][element];
    return switch (parameter) {
      case 0 -> "w[" + n / FILTER + ", " + Num.at("", n % FILTER / 5, n % 5).substring(1);
      case 1 -> "b[" + n + "]";
      default -> Num.at("x", n / image.dim(1), n % image.dim(1));
    };
  }

  @Override
  public double loss(int parameter, int element, double step, boolean single) {
    return moved(parameter, element, step).loss();
  }

  private DigitReader.Pass moved(int parameter, int element, double step) {
    DigitReader.Weights w = reader.weights();
    Tensor[] at = {w.w1(), w.b1(), image};
    at[parameter] = at[parameter].copy();
    at[parameter].data()[chosen[parameter][element]] += (float) step;
    return new DigitReader(new DigitReader.Weights(at[0], at[1], w.w2(), w.b2(), w.w3(), w.b3()))
        .pass(at[2], label);
  }

  /** How many activations change their sign, or their rank in a pooling, from θ − ε to θ + ε. */
  int bends(int parameter, int element, double step) {
    DigitReader.Pass below = moved(parameter, element, -step);
    DigitReader.Pass above = moved(parameter, element, step);
    int count = 0;
    for (Tensor[] maps :
        new Tensor[][] {{below.conv1(), above.conv1()}, {below.conv2(), above.conv2()}}) {
      for (int n = 0; n < maps[0].size(); n++) {
        count += maps[0].data()[n] > 0 != maps[1].data()[n] > 0 ? 1 : 0;
      }
    }
    return count
        + changed(below.pool1().indices(), above.pool1().indices())
        + changed(below.pool2().indices(), above.pool2().indices());
  }

  private static int changed(int[] below, int[] above) {
    int count = 0;
    for (int n = 0; n < below.length; n++) {
      count += below[n] == above[n] ? 0 : 1;
    }
    return count;
  }

  @Override
  public String toString() {
    return "ReaderLayer";
  }
}
