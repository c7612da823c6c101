package convscope.topic.chapter4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.data.Given;
import convscope.data.Picture;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import convscope.topic.Probe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AliasingTest {
  private static final Probe<Aliased> PROBE = Probe.of(new Aliasing());

  private static Aliased aliased(String query) {
    return PROBE.at(query).result();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void theMeasuredPeakIsWhereTheFormulaFoldsTheFrequency(int stride) {
    Aliased result = aliased("stride=" + stride);
    for (int k = 0; k <= 24; k++) {
      double f = k / 48.0;
      double folded = Math.abs(f - Math.rint(f * stride) / stride);
      double[] measured = Aliased.amplitudes(result.down(Aliased.sine(k), Aliased.PLAIN));
      int peak = Aliased.peak(measured);
      assertThat(peak / 48.0).as(k + " periods").isEqualTo(folded, within(1e-12));
      assertThat(result.alias(k)).isEqualTo(peak);
      assertThat(measured[peak]).isEqualTo(0.5, within(1e-6));
      assertThat(folded).isLessThanOrEqualTo(0.5 / stride + 1e-12);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5, 7})
  void theBlurLeavesTheShareThatItsResponseSays(int taps) {
    Aliased result = aliased("stride=2&filter=" + taps);
    for (int k = 0; k <= 24; k++) {
      double expected = 0.5 * Math.pow(Math.cos(Math.PI * k / 48), taps - 1);
      double[] left = Aliased.amplitudes(result.down(Aliased.sine(k), Aliased.BLURRED));
      assertThat(left[result.alias(k)]).isEqualTo(expected, within(1e-6));
    }
  }

  @Test
  void theAliasGoesThroughTheSamplesThatAreKept() {
    Tensor kept = aliased("stride=2").down(Aliased.sine(20), Aliased.PLAIN);
    for (int m = 0; m < 24; m++) {
      assertThat(kept.data()[m])
          .isEqualTo((float) (0.5 + 0.5 * Math.cos(2 * Math.PI * 4 / 48 * 2 * m)), within(1e-6f));
    }
  }

  @Test
  void aSineBelowTheFoldMovesAlongAndOneAboveTurnsIntoItsNegative() {
    Aliased result = aliased("stride=2");
    for (int k = 1; k < 12; k++) {
      assertThat(result.consistency(Aliased.sine(k), Aliased.PLAIN)).isEqualTo(1, within(1e-5));
    }
    for (int k = 13; k < 24; k++) {
      for (int way = Aliased.PLAIN; way <= Aliased.AFTER; way++) { // weaker, but no less turned
        assertThat(result.consistency(Aliased.sine(k), way)).isEqualTo(-1, within(1e-4));
      }
    }
  }

  @Test
  void blurringAfterwardsKeepsTheAlias() {
    Aliased result = aliased("stride=2");
    double[] after = Aliased.amplitudes(result.down(Aliased.sine(20), Aliased.AFTER));
    double kept = Math.cos(Math.PI * 4 / 24) * Math.cos(Math.PI * 4 / 24);
    assertThat(after[4]).isEqualTo(0.5 * kept, within(1e-6));
  }

  /** The shift by a fraction as the sum of its definition: a Dirichlet kernel, no transform. */
  @Test
  void theScoreIsThatOfFractionalShiftsBySummedSincs() {
    Aliased result = aliased("stride=3");
    Tensor x = Tensor.zeros(1, 1, 1, 48);
    Rng rng = new Rng(8);
    for (int n = 0; n < 48; n++) {
      x.data()[n] = (float) rng.nextDouble();
    }
    Tensor small = result.down(x, Aliased.PLAIN);
    double mean = 0;
    double squares = 0;
    for (float value : small.data()) {
      mean += value / 16;
      squares += (double) value * value / 16;
    }
    double error = 0;
    for (int t = 1; t < 3; t++) {
      for (int m = 0; m < 16; m++) {
        double moved = x.data()[(3 * m - t + 48) % 48];
        double along = 0;
        for (int n = 0; n < 16; n++) {
          double apart = m - t / 3.0 - n;
          double weight = Math.cos(Math.PI * apart);
          for (int k = 0; k < 8; k++) {
            weight += (k == 0 ? 1 : 2) * Math.cos(2 * Math.PI * k * apart / 16);
          }
          // of the highest frequency only the real turn is kept
          weight +=
              Math.cos(Math.PI * (m - n)) * Math.cos(Math.PI * t / 3) - Math.cos(Math.PI * apart);
          along += small.data()[n] * weight / 16;
        }
        error += (moved - along) * (moved - along) / 2;
      }
    }
    double expected = 1 - error / (2 * 16 * (squares - mean * mean));
    assertThat(result.consistency(x, Aliased.PLAIN)).isEqualTo(expected, within(1e-5));
  }

  @Test
  void aCheckerboardIsAllBlackOrAllWhitePlainlyAndGreyBlurred() {
    Aliased result = aliased("signal=checker");
    assertThat(result.down(result.at(0), Aliased.PLAIN).data()).containsOnly(0);
    assertThat(result.down(result.at(1), Aliased.PLAIN).data()).containsOnly(1);
    assertThat(result.down(result.at(1), Aliased.BLURRED).data()).containsOnly(0.5f);
    // what is left is flat: it tells nothing of the pattern, so it earns nothing
    assertThat(result.scores()).containsExactly(0, 0, 0);
  }

  @Test
  void aShiftByTheStrideMovesTheSmallImageByOne() {
    Aliased result = aliased("signal=digit-3&stride=3");
    Tensor moved = result.down(result.x().rolled(3, 6), Aliased.BLURRED);
    Tensor small = result.down(result.x(), Aliased.BLURRED);
    assertThat(moved.data()).containsExactly(small.rolled(1, 2).data());
  }

  @Test
  void blurringFirstRaisesTheScoreOfEveryPatternAndBlurringAfterwardsDoesNot() {
    for (String signal : new String[] {"zone", "noise", "digit-0", "digit-8"}) {
      for (int stride = 2; stride <= 4; stride++) {
        double[] scores = aliased("signal=" + signal + "&stride=" + stride).scores();
        String of = signal + " at stride " + stride;
        assertThat(scores[Aliased.BLURRED]).as(of).isGreaterThan(scores[Aliased.PLAIN]);
        assertThat(scores[Aliased.AFTER]).as(of).isLessThan(scores[Aliased.BLURRED]);
      }
    }
  }

  @Test
  void erasingEarnsNothing() {
    Tensor x = Tensor.zeros(1, 1, 1, 48);
    Rng rng = new Rng(9);
    for (int n = 0; n < 48; n++) {
      x.data()[n] = (float) rng.nextDouble();
    }
    Tensor faint = x.copy();
    for (int n = 0; n < 48; n++) {
      faint.data()[n] *= 0.001f;
    }
    Aliased result = aliased("stride=3");
    assertThat(result.consistency(faint, Aliased.PLAIN))
        .isEqualTo(result.consistency(x, Aliased.PLAIN), within(1e-4));
  }

  @Test
  void picturesAreCutToWholeUnitsAndTinyOnesRepeated() {
    Picture picture = new Picture(30, 50, new byte[4 * 30 * 50], "");
    assertThat(
            PROBE
                .at("signal=own")
                .with(new Given().picture("own", picture))
                .result()
                .x()
                .shape()
                .dims())
        .containsExactly(1, 1, 24, 48);
    Picture tiny = new Picture(1, 5, new byte[20], "");
    Aliased result =
        PROBE.at("signal=own&stride=4").with(new Given().picture("own", tiny)).result();
    assertThat(result.x().shape().dims()).containsExactly(1, 1, 12, 12);
    assertThat(result.scores()[Aliased.PLAIN]).as("a plain ground").isEqualTo(1);
  }

  @Test
  void theCaptionComparesPredictionAndMeasurement() {
    String alt = PROBE.step(20).caption();
    assertThat(alt)
        .contains("above 1/(2S) = 0.25, so it folds: predicted f′ = 4/48")
        .contains("every 2nd sample peaks at 4/48 with amplitude 0.5")
        .contains("the 6.7\u00a0% that the blur passes");
    String low = PROBE.step(6).caption();
    assertThat(low).contains("not above 1/(2S) = 0.25, so it stays where it is: f′ = 6/48");
  }
}
