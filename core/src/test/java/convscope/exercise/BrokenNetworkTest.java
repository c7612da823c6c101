package convscope.exercise;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.diagnose.LayerGradients;
import convscope.tensor.Rng;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BrokenNetworkTest {
  @Test
  void theCostThatTheTaskStatesIsThatOfTheGradientCheckThatIsRun() {
    BrokenNetwork network = BrokenNetwork.of(Fault.LABELS, new Rng(1));
    int moved =
        network.findings(new Rng(2)).gradients().stream()
            .map(LayerGradients::report)
            .mapToInt(report -> report.checked())
            .sum();
    assertThat(BrokenNetwork.numbers()).isEqualTo(moved).isPositive();
  }

  @Test
  void aPlantedLayerThatDoesNotFitIsTheOneWhereTheTraceStops() {
    for (int where = 0; where < BrokenNetwork.NOWHERE; where++) {
      BrokenNetwork network = new BrokenNetwork(Fault.FEATURES, where, 0.3, 25, 6);
      assertThat(network.findings(new Rng(1)).bad()).isEqualTo(where);
    }
  }

  @Test
  void aLearningRateThatIsFarTooLargeCanEndInNoNumberAtAll() {
    int lost = 0;
    for (int seed = 0; seed < 20; seed++) {
      BrokenNetwork network = new BrokenNetwork(Fault.RATE, BrokenNetwork.NOWHERE, 3e5, 25, 6);
      double[] losses = Objects.requireNonNull(network.findings(new Rng(seed)).overfit()).losses();
      lost += Double.isNaN(losses[25]) ? 1 : 0;
    }
    assertThat(lost).isPositive();
  }
}
