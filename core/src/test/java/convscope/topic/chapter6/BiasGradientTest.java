package convscope.topic.chapter6;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.topic.DigitReader;
import convscope.topic.Probe;
import convscope.topic.Shipped;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BiasGradientTest {
  private static final Probe<Batched> PROBE = Probe.of(new BiasGradient());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "batch=3",
        "batch=1&layer=one&size=1&kernel=1&padding=0&stride=1",
        "batch=4&size=4x6&stride=1",
        "batch=2&size=3x4&kernel=5&padding=1",
        "batch=2&size=6x5&kernel=2&stride=3&padding=0&bias=-1.5",
        "layer=depthwise&dilation=2&padding=1&mode=reflect&size=5x4"
      })
  void everySumIsTheSlopeOfTheRealLoss(String query) {
    Batched batched = PROBE.at(query).result();
    Layer layer = batched.layer();
    Naive naive = new Naive(layer);
    float[] gradient = layer.gradients().dBias().data();
    double[] y =
        naive.y(Naive.doubles(layer.x()), Naive.doubles(layer.w()), Naive.doubles(layer.b()));
    assertThat(Naive.doubles(layer.y())).containsExactly(y); // small whole numbers and halves
    for (int o = 0; o < layer.filters(); o++) {
      double sum = 0;
      for (int n = 0; n < layer.g().dim(0); n++) {
        for (int i = 0; i < layer.g().dim(2); i++) {
          for (int j = 0; j < layer.g().dim(3); j++) {
            sum += layer.g().at(n, o, i, j);
          }
        }
      }
      assertThat(batched.sum(o, batched.cells() - 1)).isEqualTo(sum);
      assertThat((double) gradient[o]).isEqualTo(sum);
      double slope = naive.slope(Layer.Operand.BIAS, o);
      assertThat(sum).isCloseTo(slope, within(1e-6 * (1 + naive.loss())));
      assertThat(layer.slope(Layer.Operand.BIAS, o)).isCloseTo(slope, within(1e-3));
    }
  }

  @Test
  void theSumGrowsWithEveryCellOfEveryImageAndOfItsFilterAlone() {
    Layer layer = PROBE.at("").result().layer();
    double sum = 0;
    for (int cell = 0; cell < 27; cell++) {
      sum += layer.g().at(cell / 9, 1, cell % 9 / 3, cell % 3);
      assertThat(PROBE.result().sum(1, cell)).isEqualTo(sum);
    }
    assertThat(PROBE.step(13).equation())
        .startsWith("∂L/∂b[0] = 56 + 2 + −2 + 5 + 1 + −3 = 59 so far");
    assertThat(PROBE.step(13).caption()).contains("59 so far, with 13 cells to come");
  }

  @Test
  void aPointedSumExplainsItselfAndAPointedCellSaysWhereItGoes() {
    assertThat(PROBE.step(0).pick("db1/0,0").equation()).startsWith("∂L/∂b[1] = ").endsWith("= 84");
    assertThat(PROBE.step(0).pick("db1/0,0").caption())
        .contains("all 27 outputs of filter 1 alike");
    assertThat(PROBE.step(0).pick("g2.1/1,2").caption())
        .startsWith("g[2, 1, 1, 2] = 14 comes back")
        .contains("filter 1");
  }

  @Test
  void oneStepOfTheInverseCurvatureIsAllThatABiasCanDo() {
    Layer before = PROBE.at("rate=0.037037").result().layer();
    Layer after = PROBE.at("rate=0.037037&taken=1").result().layer();
    assertThat(after.loss()).isEqualTo(before.after()).isLessThan(before.loss());
    for (float rest : after.gradients().dBias().data()) {
      assertThat(rest).isCloseTo(0, within(1e-3f));
    }
    double sum = 0; // the parabola's lowest point: L − Σ (∂L/∂b)² / 2·27
    for (float slope : before.gradients().dBias().data()) {
      sum += slope * slope / 54;
    }
    assertThat(after.loss()).isCloseTo(before.loss() - sum, within(1e-3 * before.loss()));
  }

  @Test
  void aMeanAndASumOverTheBatchAloneAreNotTheSlope() {
    assertThat(PROBE.at("mistake=mean").step(26).caption())
        .startsWith("Divided by the 27 cells, the gradient is 2.96.")
        .contains("at the rate 80.")
        .contains("27 times too short");
    assertThat(PROBE.at("mistake=batch").step(26).pick("g2.0/1,1").equation())
        .isEqualTo("sum at row 1, column 1 = 12 + −3 + 4 = 13");
    assertThat(PROBE.at("mistake=batch").step(26).caption()).contains("9 numbers are left");
    assertThat(
            PROBE
                .at("mistake=mean&layer=one&batch=1&size=1&kernel=1&padding=0&stride=1")
                .step(0)
                .caption())
        .contains("cannot be seen");
  }

  @Test
  void onTheWayForwardTheBiasIsAddedToEveryOutput() {
    Layer with = PROBE.at("bias=3").result().layer();
    Layer without = PROBE.at("bias=0").result().layer();
    for (float added : with.y().minus(without.y()).data()) {
      assertThat(added).isEqualTo(3);
    }
    assertThat(PROBE.at("pass=forward").step(4).caption())
        .contains("adds 2: y[0, 0, 1, 1] = ")
        .contains("all 27 outputs");
  }

  @Test
  void theDigitReadersBiasesAreThoseOfItsRealLoss() {
    Batched batched = PROBE.at("layer=digit").result();
    Layer layer = batched.layer();
    float[] gradient = layer.gradients().dBias().data();
    DigitReader.Pass pass = DigitReader.of(Shipped.GIVEN).pass(layer.x(), 4);
    assertThat(gradient).isEqualTo(pass.gradients().weights().b1().data());
    for (int o = 0; o < 8; o++) {
      assertThat(batched.sum(o, 575)).isCloseTo(gradient[o], within(1e-5));
    }
    assertThat(layer.after()).isLessThan(layer.loss());
  }
}
