package convscope.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import convscope.net.Model;
import convscope.net.Safetensors;
import convscope.net.text.PyTorch;
import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What a run is made of: schedules, clipping, initialization, augmentation, metrics, losses. */
class PartsTest {
  @Test
  void schedulesFollowTheirFormulas() {
    assertThat(Schedule.CONSTANT.at(1000)).isEqualTo(1);
    Schedule step = Schedule.step(10, 0.5);
    assertThat(step.at(9)).isEqualTo(1);
    assertThat(step.at(10)).isEqualTo(0.5);
    assertThat(step.at(35)).isEqualTo(0.125);
    Schedule cosine = Schedule.cosine(100);
    assertThat(cosine.at(0)).isEqualTo(1);
    assertThat(cosine.at(25)).isCloseTo((1 + Math.sqrt(0.5)) / 2, within(1e-12));
    assertThat(cosine.at(50)).isCloseTo(0.5, within(1e-12));
    assertThat(cosine.at(100)).isZero();
    Schedule warm = Schedule.cosine(100).warmUp(4);
    assertThat(warm.at(0)).isEqualTo(0.25);
    assertThat(warm.at(3)).isEqualTo(1);
    assertThat(warm.at(4)).isEqualTo(1);
    assertThat(warm.at(54)).isCloseTo(0.5, within(1e-12));
    assertThatThrownBy(() -> Schedule.step(0, 0.5)).hasMessageContaining("use 1 step or more");
  }

  @Test
  void clippingShortensOnlyWhatIsTooLong() {
    Tensor gradient = Tensor.of(new float[] {3, -4}, 2);
    assertThat(Clip.norm(10).apply(gradient)).isEqualTo(5);
    assertThat(gradient.data()).containsExactly(3, -4);
    Clip.norm(1).apply(gradient);
    assertThat((double) gradient.data()[0]).isCloseTo(0.6, within(1e-6));
    assertThat((double) gradient.data()[1]).isCloseTo(-0.8, within(1e-6));
    Tensor other = Tensor.of(new float[] {3, -4}, 2);
    Clip.value(3.5).apply(other);
    assertThat(other.data()).containsExactly(3, -3.5f);
    assertThatThrownBy(() -> Clip.norm(0)).hasMessage("Clip: limit 0; use more than 0");
  }

  private static Model model() {
    return new Model(
        PyTorch.read(
            "nn.Sequential(nn.Conv2d(4, 100, 5), nn.BatchNorm2d(100), nn.PReLU(), nn.Flatten(),"
                + " nn.Linear(6400, 50))"),
        Shape.of(4, 12, 12));
  }

  /** Smallest, largest and standard deviation of a part. */
  private static double[] spread(Model model, String name) {
    for (Model.Part part : model.trained()) {
      if (part.name().equals(name)) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        double squares = 0;
        for (int i = part.start(); i < part.start() + part.shape().size(); i++) {
          double value = model.parameters().data()[i];
          low = Math.min(low, value);
          high = Math.max(high, value);
          squares += value * value;
        }
        return new double[] {low, high, Math.sqrt(squares / part.shape().size())};
      }
    }
    throw new AssertionError(name);
  }

  @Test
  void pyTorchsInitializationIsUniformWithinOneOverTheRootOfTheFanIn() {
    Model model = model();
    Initialization.PYTORCH.fill(model, 1);
    for (String name : new String[] {"0.weight", "0.bias"}) {
      double[] conv = spread(model, name);
      assertThat(conv[0]).isBetween(-0.1, -0.09); // fan-in 4·25
      assertThat(conv[1]).isBetween(0.09, 0.1);
      assertThat(conv[2]).isCloseTo(0.1 / Math.sqrt(3), within(0.006));
    }
    assertThat(spread(model, "4.weight")[1]).isBetween(0.0124, 0.0125); // 1/√6400
    assertThat(spread(model, "1.weight")).containsExactly(1, 1, 1);
    assertThat(spread(model, "1.bias")).containsExactly(0, 0, 0);
    assertThat(spread(model, "2.weight")[0]).isEqualTo(0.25);
    Model again = model();
    Initialization.PYTORCH.fill(again, 1);
    assertThat(again.parameters().data()).isEqualTo(model.parameters().data());
  }

  @Test
  void theOtherInitializationsHaveTheirSpread() {
    Model model = model();
    Initialization.parse("he").fill(model, 1);
    assertThat(spread(model, "0.weight")[2]).isCloseTo(Math.sqrt(2.0 / 100), within(0.003));
    assertThat(spread(model, "0.bias")).containsExactly(0, 0, 0);
    Initialization.parse("xavier").fill(model, 1);
    double bound = Math.sqrt(6.0 / (100 + 2500));
    assertThat(spread(model, "0.weight")[1]).isBetween(0.99 * bound, bound);
    Initialization.parse("too-large").fill(model, 1);
    assertThat(spread(model, "0.weight")[2]).isCloseTo(5 * Math.sqrt(2.0 / 100), within(0.015));
    Initialization.parse("0.5").fill(model, 1);
    assertThat(spread(model, "0.weight")).containsExactly(0.5, 0.5, 0.5);
    assertThatThrownBy(() -> Initialization.parse("magic")).hasMessageContaining("use pytorch, he");
  }

  @Test
  void augmentationMovesTheImageAsAWhole() {
    float[] image = new float[25];
    image[12] = 1; // the centre of 5 × 5
    float[] turned = image.clone();
    new Augmentation(0, 180, 0.2, 0, false, 0).apply(turned, 0, 1, 5, 5, new Rng(1));
    assertThat((double) turned[12]).isCloseTo(1, within(1e-6)); // the centre stays
    double mass = 0;
    for (int seed = 0; seed < 200; seed++) {
      float[] shifted = image.clone();
      new Augmentation(1, 0, 0, 0, false, 0).apply(shifted, 0, 1, 5, 5, new Rng(seed));
      double sum = 0;
      for (float value : shifted) {
        sum += value;
      }
      assertThat(sum).isCloseTo(1, within(1e-5)); // bilinear shares add up to one
      mass += shifted[12];
    }
    assertThat(mass / 200).isBetween(0.15, 0.35); // E(1 − |s|)² = 1/4 for shifts within ±1
  }

  @Test
  void flippingMirrorsSomeImagesAndKeepsOthers() {
    float[] row = {1, 2, 3};
    boolean mirrored = false;
    boolean kept = false;
    for (int seed = 0; seed < 20; seed++) {
      float[] one = row.clone();
      new Augmentation(0, 0, 0, 0, true, 0).apply(one, 0, 1, 1, 3, new Rng(seed));
      mirrored |= one[0] == 3 && one[1] == 2 && one[2] == 1;
      kept |= one[0] == 1 && one[1] == 2 && one[2] == 3;
    }
    assertThat(mirrored && kept).isTrue();
  }

  @Test
  void cutoutBlanksOneSquareInAllChannels() {
    float[] image = new float[2 * 36];
    Arrays.fill(image, 1);
    new Augmentation(0, 0, 0, 3, false, 0).apply(image, 0, 2, 6, 6, new Rng(2));
    int blank = 0;
    for (int i = 0; i < 36; i++) {
      assertThat(image[36 + i]).isEqualTo(image[i]);
      blank += image[i] == 0 ? 1 : 0;
    }
    assertThat(blank).isBetween(4, 9); // fewer at the border
  }

  @Test
  void mixingWeightsHaveTheBetaDistributionsMoments() {
    Augmentation mixup = new Augmentation(0, 0, 0, 0, false, 0.4);
    Rng rng = new Rng(9);
    double sum = 0;
    double squares = 0;
    int count = 20_000;
    for (int i = 0; i < count; i++) {
      double weight = mixup.mixingWeight(rng);
      sum += weight;
      squares += (weight - 0.5) * (weight - 0.5);
    }
    assertThat(sum / count).isCloseTo(0.5, within(0.01));
    assertThat(squares / count).isCloseTo(1 / (4 * (2 * 0.4 + 1)), within(0.005));
  }

  @Test
  void metricsCountWhatTheySee() {
    Metrics metrics = new Metrics(3);
    Tensor scores =
        Tensor.of(new float[] {5, 1, 0, /**/ 0, 1, 2, /**/ 3, 2, 1, /**/ 0, 0, 9}, 4, 3);
    metrics.add(scores, new int[] {10, 11, 12, 13}, new int[] {0, 1, 2, 2});
    assertThat(metrics.accuracy()).isEqualTo(0.5);
    assertThat(metrics.topK(2)).isEqualTo(0.75);
    assertThat(metrics.topK(3)).isEqualTo(1);
    assertThat(metrics.confusion(1, 2)).isEqualTo(1);
    assertThat(metrics.recall(2)).isEqualTo(0.5);
    assertThat(metrics.precision(0)).isEqualTo(0.5);
    assertThat(metrics.worst().get(0).image()).isEqualTo(12);
    assertThat(metrics.worst().get(0).answer()).isZero();
    assertThat(metrics.worst()).hasSize(2);
    // Wilson's interval for 2 of 4
    assertThat(metrics.interval()[0]).isCloseTo(0.1500, within(1e-3));
    assertThat(metrics.interval()[1]).isCloseTo(0.8500, within(1e-3));
  }

  @Test
  void theSquaredLossIsTheMeanOverAllScores() {
    Loss.Value value = Loss.SQUARED.of(Tensor.of(new float[] {1, 0.5f}, 1, 2), new int[] {1}, 0.5);
    assertThat(value.loss()).isCloseTo((1 + 0.25) / 2, within(1e-7));
    assertThat(value.gradient().data()).containsExactly(0.5f, -0.25f); // half of (1, −0.5)
    assertThat(Loss.SQUARED.toString()).isEqualTo("mean squared error");
  }

  @Test
  void mixedLabelsWeighTheirLosses() {
    Tensor scores = Tensor.of(new float[] {2, -1, 0.5f}, 1, 3);
    Loss.Value one = Loss.CROSS_ENTROPY.of(scores, new int[] {0}, 1);
    Loss.Value other = Loss.CROSS_ENTROPY.of(scores, new int[] {2}, 1);
    Loss.Value mixed = Loss.CROSS_ENTROPY.of(scores, new int[] {0}, new int[] {2}, 0.75, 1);
    assertThat(mixed.loss()).isCloseTo(0.75 * one.loss() + 0.25 * other.loss(), within(1e-6));
    for (int c = 0; c < 3; c++) {
      double want = 0.75 * one.gradient().data()[c] + 0.25 * other.gradient().data()[c];
      assertThat((double) mixed.gradient().data()[c]).isCloseTo(want, within(1e-6));
    }
  }

  @Test
  void aModelComesBackFromItsFile() {
    Model model = model();
    Initialization.PYTORCH.fill(model, 1);
    model.set("1.running_mean", Tensor.full(0.5f, 100).data());
    byte[] file = Safetensors.write(model);
    int header = file[0] & 255 | (file[1] & 255) << 8;
    assertThat(new String(file, 8, header, StandardCharsets.US_ASCII))
        .startsWith(
            "{\"0.weight\":{\"dtype\":\"F32\",\"shape\":[100,4,5,5],\"data_offsets\":[0,40000]},")
        .contains("\"1.running_var\"");
    assertThat(header % 8).isZero();
    Model empty = model();
    Safetensors.read(file, empty);
    assertThat(empty.parameters().data()).isEqualTo(model.parameters().data());
    assertThat(empty.buffers().data()).isEqualTo(model.buffers().data());
    Model other =
        new Model(PyTorch.read("nn.Sequential(nn.Conv2d(4, 99, 5))"), Shape.of(4, 12, 12));
    assertThatThrownBy(() -> Safetensors.read(file, other))
        .hasMessage(
            "Safetensors: “0.weight” is F32 [100,4,5,5]; the network wants F32 or F16 of shape 99×4×5×5");
    assertThatThrownBy(() -> Safetensors.read(new byte[20], other))
        .hasMessageContaining("no bytes of a .safetensors file");
  }

  @Test
  void halfPrecisionRoundsToTheNearestElevenBits() {
    Model model = model();
    Initialization.PYTORCH.fill(model, 1);
    byte[] file = Safetensors.write(model, true);
    assertThat(file.length).isLessThan(2 * model.parameters().size() + 2000);
    Model rounded = model();
    Safetensors.read(file, rounded);
    for (int i = 0; i < model.parameters().size(); i++) {
      float value = model.parameters().data()[i];
      double most = Math.max(Math.abs(value) * 0x1p-11, 0x1p-25);
      assertThat((double) rounded.parameters().data()[i]).isCloseTo(value, within(most));
    }
    Model special = new Model(PyTorch.read("nn.Linear(7, 1, bias=False)"), Shape.of(1, 1, 7));
    float[] values = {1e9f, Float.NEGATIVE_INFINITY, Float.NaN, -0f, 65519, 0x1.002p0f, 5e-8f};
    special.set("0.weight", values);
    Model back = new Model(PyTorch.read("nn.Linear(7, 1, bias=False)"), Shape.of(1, 1, 7));
    Safetensors.read(Safetensors.write(special, true), back);
    assertThat(back.parameters().data())
        .containsExactly(
            Float.POSITIVE_INFINITY, // beyond what float16 holds
            Float.NEGATIVE_INFINITY,
            Float.NaN,
            -0f,
            65504, // the largest
            1, // a tie goes to the even one
            0x1p-24f); // the smallest
  }
}
