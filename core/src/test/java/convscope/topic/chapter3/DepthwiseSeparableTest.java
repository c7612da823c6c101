package convscope.topic.chapter3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.linalg.ScalarGemm;
import convscope.op.GemmConv2d;
import convscope.param.Values;
import convscope.tensor.Tensor;
import convscope.topic.Figure;
import convscope.topic.Measurement;
import convscope.topic.View;
import org.junit.jupiter.api.Test;

class DepthwiseSeparableTest {
  private final DepthwiseSeparable topic = new DepthwiseSeparable();

  private Values values(String... pairs) {
    Values values = topic.schema().defaults();
    for (int i = 0; i < pairs.length; i += 2) {
      values = values.with(pairs[i], pairs[i + 1]);
    }
    return values;
  }

  /** The oracle counts the elements of tensors. */
  @Test
  void theRelationHoldsForTensorsReallyMade() {
    for (int k = 1; k <= 7; k++) {
      Separable found =
          Separable.of(
              values("kernel", String.valueOf(k), "in-channels", "5", "out-channels", "3"));
      int whole = Tensor.zeros(3, 5, k, k).size();
      int stages = Tensor.zeros(5, 1, k, k).size() + Tensor.zeros(3, 5, 1, 1).size();
      assertThat(found.parameters()).isEqualTo(whole);
      assertThat(found.separableParameters()).isEqualTo(stages);
      assertThat(1.0 / 3 + 1.0 / (k * k)).isEqualTo(stages / (double) whole, within(1e-12));
      assertThat(found.terms()).isEqualTo(found.ratio(), within(1e-12));
    }
  }

  @Test
  void theStagesGiveWhatOneConvolutionOfProductKernelsGives() {
    for (String k : new String[] {"1", "2", "3", "6"}) {
      Separable found = Separable.of(values("kernel", k, "size", "9", "in-channels", "7"));
      assertThat(found.tried()).isEqualTo(9);
      assertThat(found.apart()).isLessThan(1e-4);
    }
  }

  @Test
  void threeByThreeFrom32To64TakesAnEighthOfTheWeights() {
    Separable found = Separable.of(values());
    assertThat(found.parameters()).isEqualTo(18_432);
    assertThat(found.separableParameters()).isEqualTo(288 + 2_048);
    assertThat(found.macs(found.parameters())).isEqualTo(18_432L * 28 * 28);
  }

  @Test
  void timesBelongToTheSizesForWhichTheyWereMeasured() {
    Values measured = values("measured", "32,64,3,28,8,2");
    assertThat(Separable.of(measured).times()).containsExactly(8, 2);
    assertThat(Separable.of(measured.with("kernel", "5")).times()).isNull();
    assertThat(Separable.of(values()).times()).isNull();
    assertThat(Separable.of(values("measured", "32,64,3,28,8,0")).times()).isNull();
    assertThat(alt(measured)).contains("they took 2 ms in place of 8 ms, 25\u00a0% of the time");
    assertThat(alt(values())).contains("not measured yet");
  }

  private String alt(Values values) {
    Figure figure =
        topic.figure(Separable.of(values), new View(2, "", new DepthwiseSeparable().head().wide()));
    return figure.alt();
  }

  /** Real runs on a clock that counts its readings. */
  @Test
  void aMeasurementRunsBothAndItsTextIsAcceptedAsTheValue() {
    Values values = values("in-channels", "2", "out-channels", "3", "size", "4");
    Measurement measurement = topic.measurement(values, new GemmConv2d(new ScalarGemm()));
    double[] now = {0};
    String text = measurement.text(() -> now[0] += 10, 100);
    assertThat(text).isEqualTo("2,3,3,4,10,10");
    assertThat(Separable.of(values.with(measurement.param(), text)).times())
        .containsExactly(10, 10);
  }
}
