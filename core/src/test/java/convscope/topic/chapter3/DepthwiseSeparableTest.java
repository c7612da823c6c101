package convscope.topic.chapter3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.linalg.ScalarGemm;
import convscope.op.Conv2d;
import convscope.op.GemmConv2d;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import convscope.topic.Measurement;
import convscope.topic.Probe;
import org.junit.jupiter.api.Test;

class DepthwiseSeparableTest {
  private static final DepthwiseSeparable TOPIC = new DepthwiseSeparable();
  private static final Probe<Separable> PROBE = Probe.of(TOPIC);

  /** The oracle counts the elements of tensors. */
  @Test
  void theRelationHoldsForTensorsReallyMade() {
    for (int k = 1; k <= 7; k++) {
      Separable found = PROBE.at("in-channels=5&out-channels=3&kernel=" + k).result();
      int whole = Tensor.zeros(3, 5, k, k).size();
      int stages = Tensor.zeros(5, 1, k, k).size() + Tensor.zeros(3, 5, 1, 1).size();
      assertThat(found.whole()).isEqualTo(whole);
      assertThat(found.stages()).isEqualTo(stages);
      assertThat(found.ratio()).isEqualTo(1.0 / 3 + 1.0 / (k * k), within(1e-12));
    }
  }

  /** W[o, c, u, v] = p[o, c] · d[c, u, v], as the prose says. */
  @Test
  void theStagesGiveWhatOneConvolutionOfProductKernelsGives() {
    for (int k : new int[] {1, 2, 3, 6}) {
      Conv2d.Spec spec = Separable.spec(k);
      Rng rng = new Rng(35);
      Tensor x = rng.uniform(-1, 1, 1, 7, 9, 9);
      Tensor d = rng.uniform(-1, 1, 7, 1, k, k);
      Tensor p = rng.uniform(-1, 1, 4, 7, 1, 1);
      Tensor product = Tensor.zeros(4, 7, k, k);
      for (int n = 0; n < product.size(); n++) {
        product.data()[n] = p.data()[n / (k * k)] * d.data()[n % (7 * k * k)];
      }
      Tensor once = Conv2d.forward(x, product, null, spec);
      Tensor maps = Conv2d.forward(x, d, null, spec.groups(7));
      Tensor twice = Conv2d.forward(maps, p, null, Conv2d.Spec.of(1, 1));
      assertThat(once.shape()).isEqualTo(twice.shape());
      assertThat(once.minus(twice).largestSize()).isLessThan(1e-4f);
    }
  }

  @Test
  void threeByThreeFrom32To64TakesAnEighthOfTheWeights() {
    Separable found = PROBE.result();
    assertThat(found.whole()).isEqualTo(18_432);
    assertThat(found.stages()).isEqualTo(288 + 2_048);
    assertThat(found.macs(found.whole())).isEqualTo(18_432L * 28 * 28);
    assertThat(PROBE.twin()).contains("2,336 of 18,432").contains("1,831,424 of 14,450,688");
  }

  @Test
  void timesBelongToTheSizesForWhichTheyWereMeasured() {
    Probe<Separable> measured = PROBE.at("measured=32,64,3,28,8,2").step(2);
    assertThat(measured.result().times()).containsExactly(8, 2);
    assertThat(PROBE.at("measured=32,64,3,28,8,2&kernel=5").result().times()).isNull();
    assertThat(PROBE.result().times()).isNull();
    assertThat(PROBE.at("measured=32,64,3,28,8,0").result().times()).isNull();
    assertThat(measured.caption())
        .contains("they took 2 ms in place of 8 ms, 25\u00a0% of the time");
    assertThat(measured.svg()).contains("time: 2 ms of 8 ms, 25\u00a0%");
    assertThat(PROBE.step(2).caption()).contains("Measure");
    assertThat(PROBE.step(2).svg()).doesNotContain("time: ");
  }

  @Test
  void theMiscountsAreTheTermsOfTheRatio() {
    assertThat(PROBE.at("mistake=pointwise").caption()).contains("would be 1.6\u00a0%");
    assertThat(PROBE.at("mistake=depthwise").caption()).contains("would be 11.1\u00a0%");
  }

  /** Real runs on a clock that counts its readings. */
  @Test
  void aMeasurementRunsBothAndItsTextIsAcceptedAsTheValue() {
    Probe<Separable> probe = PROBE.at("in-channels=2&out-channels=3&size=4");
    Measurement measurement = TOPIC.measurement(probe.values(), new GemmConv2d(new ScalarGemm()));
    double[] now = {0};
    String text = measurement.text(() -> now[0] += 10, 100);
    assertThat(text).isEqualTo("2,3,3,4,10,10");
    assertThat(probe.at("in-channels=2&out-channels=3&size=4&measured=" + text).result().times())
        .containsExactly(10, 10);
  }
}
