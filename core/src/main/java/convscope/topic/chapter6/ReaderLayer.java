package convscope.topic.chapter6;

import convscope.num.Num;
import convscope.tensor.Tensor;
import convscope.topic.DigitReader;
import java.util.List;

/**
 * The digit reader's first layer with the reader's real loss, by the operators and in float32
 * alone. Of its numbers those are checked that have the largest gradients.
 */
record ReaderLayer(DigitReader.Pass pass, Tensor[] gradients, int[][] chosen)
    implements CheckedModel {
  private static final int[] COUNTS = {3, 2, 2}; // weights, biases, pixels
  private static final int FILTER = 25; // weights

  static ReaderLayer of(DigitReader.Pass pass) {
    DigitReader.Gradients g = pass.gradients();
    Tensor[] gradients = {g.weights().w1(), g.weights().b1(), g.x()};
    int[][] chosen = new int[gradients.length][];
    for (int p = 0; p < chosen.length; p++) {
      chosen[p] = new int[COUNTS[p]];
      Tensor rest = gradients[p].copy();
      for (int k = 0; k < COUNTS[p]; k++) {
        chosen[p][k] = rest.largestAt();
        rest.data()[chosen[p][k]] = 0;
      }
    }
    return new ReaderLayer(pass, gradients, chosen);
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
      case 0 -> Num.at("w", n / FILTER, n % FILTER / 5, n % 5);
      case 1 -> "b[" + n + "]";
      default -> Num.at("x", n / pass.x().dim(3), n % pass.x().dim(3));
    };
  }

  @Override
  public double loss(int parameter, int element, double step, boolean single) {
    return moved(parameter, element, step).loss();
  }

  private DigitReader.Pass moved(int parameter, int element, double step) {
    DigitReader.Weights w = pass.reader().weights();
    Tensor[] at = {w.w1(), w.b1(), pass.x()};
    at[parameter] = at[parameter].copy();
    at[parameter].data()[chosen[parameter][element]] += (float) step;
    return new DigitReader(new DigitReader.Weights(at[0], at[1], w.w2(), w.b2(), w.w3(), w.b3()))
        .pass(at[2], pass.label());
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
