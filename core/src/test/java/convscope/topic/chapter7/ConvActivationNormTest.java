package convscope.topic.chapter7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.diagnose.ActivationStatistics;
import convscope.tensor.Tensor;
import convscope.topic.Probe;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConvActivationNormTest {
  private final Probe<Activated> probe = Probe.of(new ConvActivationNorm());

  /** Values of one channel of (N, C, H, W), by indices. */
  private static double[] channel(Tensor x, int c) {
    double[] values = new double[x.dim(0) * x.dim(2) * x.dim(3)];
    int at = 0;
    for (int n = 0; n < x.dim(0); n++) {
      for (int i = 0; i < x.dim(2); i++) {
        for (int j = 0; j < x.dim(3); j++) {
          values[at++] = x.at(n, c, i, j);
        }
      }
    }
    return values;
  }

  @Test
  void theBatchIsTenDigitsOfMeanZeroAndDeviationOne() {
    Tensor x = probe.result().batch();
    assertThat(x.shape().dims()).containsExactly(10, 1, 8, 8);
    double[] all = channel(x, 0);
    double square = Arrays.stream(all).map(v -> v * v).average().orElseThrow();
    assertThat(Arrays.stream(all).average().orElseThrow()).isCloseTo(0, within(1e-6));
    assertThat(square).isCloseTo(1, within(1e-5));
  }

  @Test
  void behindTheNormEveryChannelHasMeanZeroAndVarianceOne() {
    for (Tensor[] unit : probe.at("scale=3&activation=gelu").result().units()) {
      for (int c = 0; c < Activated.CHANNELS; c++) {
        double[] values = channel(unit[1], c);
        assertThat(Arrays.stream(values).average().orElseThrow()).isCloseTo(0, within(1e-5));
        double square = Arrays.stream(values).map(v -> v * v).average().orElseThrow();
        assertThat(square).isCloseTo(1, within(1e-3));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "relu,-1.5,0",
    "relu,2,2",
    "leaky,-2,-0.2",
    "gelu,1,0.8413447",
    "silu,1,0.7310586",
    "sigmoid,0,0.5",
    "tanh,1,0.7615942"
  })
  void activationsHaveTheirTextbookValues(String name, double x, double y) {
    assertThat(Activated.function(name).value(x)).isCloseTo(y, within(1e-6));
  }

  @Test
  void sharesAreThoseOfCountingAndTheBinsHoldAll() {
    Tensor x = Tensor.of(new float[] {0, -7, 0.3f, 0, 0.6f, 9, 0, -0.2f}, 1, 2, 2, 2);
    assertThat(Activated.zeros(x)).isEqualTo(3 / 8.0);
    double[] bins = Activated.histogram(x, 4, 0.5);
    assertThat(bins).hasSize(16);
    assertThat(bins[0]).isEqualTo(1 / 8.0);
    assertThat(bins[7]).isEqualTo(1 / 8.0);
    assertThat(bins[8]).isEqualTo(4 / 8.0);
    assertThat(bins[9]).isEqualTo(1 / 8.0);
    assertThat(bins[15]).isEqualTo(1 / 8.0);
    Tensor half = Tensor.of(new float[] {0, -7, 0, 0, 0, 9, 0, 0}, 1, 2, 2, 2);
    assertThat(ActivationStatistics.dead(half)).isEqualTo(1);
  }

  @Test
  void aReluOfCentredValuesLeavesAboutHalfAndTheGaussiansMean() {
    Tensor behind = probe.result().output(0);
    assertThat(Activated.zeros(behind)).isCloseTo(0.5, within(0.06));
    assertThat(behind.mean()).isCloseTo(1 / Math.sqrt(2 * Math.PI), within(0.04));
  }

  @Test
  void aBiasIsLostInTheNormThatFollowsAndNotOtherwise() {
    assertThat(probe.at("mistake=bias").result().biasEffect()).isBetween(0.0, 1e-5);
    assertThat(probe.at("mistake=bias&order=conv-act-bn").result().biasEffect()).isGreaterThan(0.1);
    assertThat(probe.at("mistake=bias&order=conv-act").result().biasEffect())
        .isCloseTo(3, within(1e-5));
    assertThat(probe.at("mistake=bias").caption()).contains("subtracts the mean, bias included");
    assertThat(probe.at("mistake=bias&order=conv-act-bn").caption()).contains("does change");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tanh", "sigmoid"})
  void largeWeightsSaturateWithoutTheNormAndNotWithIt(String activation) {
    String query = "scale=8&activation=" + activation;
    Activated plain = probe.at(query + "&order=conv-act").result();
    Activated normed = probe.at(query).result();
    assertThat(plain.saturated(plain.output(3))).isGreaterThan(0.3);
    assertThat(normed.saturated(normed.output(3))).isLessThan(0.1);
  }

  @Test
  void withoutANormSmallWeightsShrinkTheSignalUnitByUnit() {
    Activated weak = probe.at("order=conv-act&scale=0.5").result();
    double[] spread = new double[6];
    for (int u = 0; u < 6; u++) {
      spread[u] = weak.output(u).deviation();
    }
    for (int u = 1; u < 6; u++) {
      assertThat(spread[u]).isLessThan(0.85 * spread[u - 1]);
    }
  }
}
