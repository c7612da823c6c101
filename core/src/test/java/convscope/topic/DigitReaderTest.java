package convscope.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import convscope.autodiff.Tape;
import convscope.autodiff.Var;
import convscope.data.HeldOutDigits;
import convscope.net.Model;
import convscope.net.Pass;
import convscope.net.Safetensors;
import convscope.net.text.PyTorch;
import convscope.op.ClassLabels;
import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DigitReaderTest {
  private static final String TEXT =
      "nn.Sequential(nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 5), nn.ReLU(),"
          + " nn.MaxPool2d(2), nn.Flatten(), nn.Linear(256, 10))";

  private static final HeldOutDigits DIGITS = HeldOutDigits.of(Shipped.GIVEN);
  private static final DigitReader READER = DigitReader.of(Shipped.GIVEN);

  private static DigitReader.Pass pass(int digit) {
    return READER.pass(Tensor.of(DIGITS.image(digit), 28, 28), DIGITS.label(digit));
  }

  private static List<Tensor> all(DigitReader.Weights w) {
    return List.of(w.w1(), w.b1(), w.w2(), w.b2(), w.w3(), w.b3());
  }

  private static void assertSame(Tensor actual, Tensor expected, String what) {
    assertThat(actual.size()).as(what).isEqualTo(expected.size());
    assertThat(actual.data()).as(what).isEqualTo(expected.data());
  }

  @Test
  void itHas5994WeightsAndReadsMostOfTheDigitsButNotAll() {
    int weights = all(READER.weights()).stream().mapToInt(Tensor::size).sum();
    assertThat(weights).isEqualTo(5994);
    Set<Integer> read = new HashSet<>();
    Set<Integer> seen = new HashSet<>();
    int wrong = 0;
    for (int digit = 0; digit < DIGITS.count(); digit++) {
      seen.add(DIGITS.label(digit));
      if (pass(digit).answer() == DIGITS.label(digit)) {
        read.add(DIGITS.label(digit));
      } else {
        wrong++;
      }
    }
    assertThat(seen).hasSize(10);
    assertThat(read).isEqualTo(seen);
    assertThat(wrong).isBetween(4, 10);
  }

  @Test
  void everyNumberOfThePassAndEveryGradientEqualsTheTapesToTheBit() {
    Model model = new Model(PyTorch.read(TEXT), Shape.of(1, 28, 28));
    Safetensors.read(Shipped.GIVEN.bytes(DigitReader.FILE), model);
    for (int digit : new int[] {0, 8, 17, 26}) {
      DigitReader.Pass pass = pass(digit);
      Tape tape = new Tape();
      Var x = tape.variable("x", Tensor.of(DIGITS.image(digit), 1, 1, 28, 28));
      List<Var> weights = model.variables(tape);
      List<Var> layers = model.run(x, weights, Pass.EVALUATION);
      Var loss = layers.get(7).crossEntropy(new int[] {pass.label()}, ClassLabels.MEAN);
      loss.backward();
      DigitReader.Gradients gradients = pass.gradients();
      List<Tensor> values =
          List.of(
              pass.conv1(),
              pass.relu1(),
              pass.pool1().y(),
              pass.conv2(),
              pass.relu2(),
              pass.pool2().y(),
              pass.pool2().y(),
              pass.logits());
      List<Tensor> slopes =
          List.of(
              gradients.conv1(),
              gradients.relu1(),
              gradients.pool1(),
              gradients.conv2(),
              gradients.relu2(),
              gradients.pool2(),
              gradients.pool2(),
              gradients.logits());
      for (int layer = 0; layer < layers.size(); layer++) {
        assertSame(values.get(layer), layers.get(layer).value(), "layer " + layer);
        assertSame(slopes.get(layer), layers.get(layer).gradient(), "gradient " + layer);
      }
      assertSame(gradients.x(), x.gradient(), "gradient of the digit");
      assertThat(pass.loss()).isEqualTo(loss.value().data()[0]);
      for (int part = 0; part < 6; part++) {
        assertSame(
            all(gradients.weights()).get(part),
            weights.get(part).gradient(),
            model.trained().get(part).name());
      }
    }
  }

  /** The loss in double precision, by loops of its own. */
  private static double loss(List<double[]> w, double[] x, int label) {
    double[] first = stage(x, 1, 28, w.get(0), w.get(1));
    double[] second = stage(first, 8, 12, w.get(2), w.get(3));
    double sum = 0;
    double own = 0;
    for (int c = 0; c < 10; c++) {
      double score = w.get(5)[c];
      for (int i = 0; i < 256; i++) {
        score += w.get(4)[256 * c + i] * second[i];
      }
      sum += Math.exp(score);
      own = c == label ? score : own;
    }
    return Math.log(sum) - own;
  }

  /** Convolution 5 × 5, the largest of each 2 × 2 block, and that or zero. */
  private static double[] stage(double[] x, int channels, int side, double[] w, double[] b) {
    int half = (side - 4) / 2;
    double[] y = new double[b.length * half * half];
    for (int at = 0; at < y.length; at++) {
      int o = at / (half * half);
      for (int cell = 0; cell < 4; cell++) {
        int i = 2 * (at / half % half) + cell / 2;
        int j = 2 * (at % half) + cell % 2;
        double sum = b[o];
        for (int tap = 0; tap < 25 * channels; tap++) {
          int row = i + tap / 5 % 5;
          int column = j + tap % 5;
          sum += w[o * 25 * channels + tap] * x[(tap / 25 * side + row) * side + column];
        }
        y[at] = Math.max(y[at], sum);
      }
    }
    return y;
  }

  private static double[] doubles(Tensor tensor) {
    double[] values = new double[tensor.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.data()[i];
    }
    return values;
  }

  @Test
  void gradientsEqualCentralDifferencesOfTheNaiveLoss() {
    Tensor noisy = Tensor.of(DIGITS.image(8), 28, 28); // one that it gets wrong: the loss is steep
    Tensor noise = new Rng(3).uniform(0, 0.05f, 28, 28); // an even ground has ties in each window
    for (int i = 0; i < noisy.size(); i++) {
      noisy.data()[i] += noise.data()[i];
    }
    DigitReader.Pass pass = READER.pass(noisy, DIGITS.label(8));
    List<double[]> numbers = new ArrayList<>();
    all(READER.weights()).forEach(tensor -> numbers.add(doubles(tensor)));
    double[] x = doubles(pass.x());
    assertThat(loss(numbers, x, pass.label())).isCloseTo(pass.loss(), within(1e-5));
    DigitReader.Gradients gradients = pass.gradients();
    List<double[]> places = new ArrayList<>(numbers);
    places.add(x);
    List<Tensor> slopes = new ArrayList<>(all(gradients.weights()));
    slopes.add(gradients.x());
    double h = 1e-6; // too little to pass a corner of ReLU or of the maximum
    for (int part = 0; part < places.size(); part++) {
      double[] place = places.get(part);
      for (int i = 0; i < place.length; i += Math.max(1, place.length / 97)) {
        double kept = place[i];
        place[i] = kept + h;
        double more = loss(numbers, x, pass.label());
        place[i] = kept - h;
        double less = loss(numbers, x, pass.label());
        place[i] = kept;
        assertThat((double) slopes.get(part).data()[i])
            .as("part " + part + ", number " + i)
            .isCloseTo((more - less) / (2 * h), within(2e-5));
      }
    }
  }

  @Test
  void aSmallStepLowersTheLossByEtaTimesTheSquaredGradient() {
    DigitReader.Pass pass = pass(8);
    DigitReader.Gradients gradients = pass.gradients();
    double eta = 1e-4;
    DigitReader moved = READER.withStep(gradients, eta);
    double square = 0;
    for (Tensor gradient : all(gradients.weights())) {
      for (float g : gradient.data()) {
        square += (double) g * g;
      }
    }
    float after = moved.pass(pass.x(), pass.label()).loss();
    assertThat((pass.loss() - after) / (eta * square)).isCloseTo(1, within(0.05));
    float w = READER.weights().w2().data()[77];
    float g = gradients.weights().w2().data()[77];
    assertThat(moved.weights().w2().data()[77]).isEqualTo((float) (w - eta * g));
    assertThat(pass.reader()).isSameAs(READER);
  }

  @Test
  void filesThatAreNotItsOwnAreRefused() {
    assertThatThrownBy(() -> DigitReader.of(Shipped.GIVEN.bytes(HeldOutDigits.FILE)))
        .hasMessageContaining("give the whole file");
    assertThatThrownBy(() -> new HeldOutDigits(Shipped.GIVEN.bytes(DigitReader.FILE)))
        .hasMessageContaining("give the file digits-28");
  }
}
