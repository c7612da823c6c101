package convscope.topic.chapter7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.data.Given;
import convscope.data.Picture;
import convscope.num.Num;
import convscope.tensor.Tensor;
import convscope.topic.Probe;
import org.junit.jupiter.api.Test;

class DropoutAugmentationTest {
  private static final Probe<Varied> PROBE = Probe.of(new DropoutAugmentation());

  @Test
  void whatIsKeptGrowsByOneOverOneMinusPAndTheRestIsZero() {
    Varied result = PROBE.at("p=0.75").result();
    int kept = 0;
    int cells = 0;
    for (int step = 0; step < Varied.STEPS; step++) {
      float[] y = result.output(step).data();
      float[] mask = result.mask(step).data();
      for (int n = 0; n < y.length; n++) {
        assertThat(mask[n]).isIn(0f, 1f);
        assertThat(y[n]).isEqualTo(mask[n] * result.x().data()[n] * 4);
        kept += (int) mask[n];
        cells++;
      }
    }
    double deviation = Math.sqrt(0.25 * 0.75 / cells); // of a share of independent draws
    assertThat((double) kept / cells).isEqualTo(0.25, within(4 * deviation));
  }

  @Test
  void theMeanOverMasksComesNearTheInputByItsExpectedSpread() {
    double squares = 0;
    int seeds = 99;
    for (int seed = 1; seed <= seeds; seed++) {
      Varied result = PROBE.at("p=0.6&seed=" + seed).result();
      double off = result.averaged(59) - result.x().mean();
      squares += Math.pow(off / result.spread(60), 2);
    }
    // a χ² of 99 degrees has a standard deviation of 0.14 of its mean
    assertThat(squares / seeds).isBetween(0.5, 1.5);
  }

  @Test
  void theAverageOfEachCellIsThatOfTheOutputsSoFar() {
    Varied result = PROBE.result();
    float sum = 0;
    for (int step = 0; step < 8; step++) {
      sum += result.output(step).at(0, 0, 4, 4);
    }
    assertThat(result.average(7).at(0, 0, 4, 4)).isEqualTo(sum / 8, within(1e-4f));
    assertThat(result.average(7).mean()).isEqualTo(result.averaged(7), within(1e-5));
  }

  @Test
  void withoutScalingTheMeanGoesToAShareOfOneMinusP() {
    Varied result = PROBE.at("mistake=unscaled&p=0.6").result();
    double mean = result.x().mean();
    assertThat(result.averaged(59)).isEqualTo(0.4 * mean, within(0.4 * 4 * result.spread(60)));
    assertThat(result.averaged(59)).isLessThan(mean - 4 * result.spread(60));
    assertThat(PROBE.at("mistake=unscaled").caption()).contains("a share of 1 − p");
  }

  @Test
  void evaluationLeavesEverythingAsItIsUnlessDropoutIsLeftOn() {
    for (String mode : new String[] {"dropout", "flip", "crop", "shift", "rotate", "mixup"}) {
      Varied result = PROBE.at("phase=eval&mode=" + mode).result();
      assertThat(result.output(3)).isSameAs(result.x());
    }
    Varied on = PROBE.at("phase=eval&mistake=eval").result();
    assertThat(on.output(3).data()).isNotEqualTo(on.output(4).data());
    assertThat(PROBE.at("phase=eval&mistake=eval").caption()).contains("another answer each time");
  }

  @Test
  void theSameSeedAndStepDrawTheSameAndOthersDrawOthers() {
    for (String mode : new String[] {"dropout", "shift", "rotate", "cutout", "mixup"}) {
      float[] y = PROBE.at("mode=" + mode).result().output(5).data();
      assertThat(PROBE.at("mode=" + mode).result().output(5).data()).isEqualTo(y);
      assertThat(PROBE.at("mode=" + mode).result().output(6).data()).isNotEqualTo(y);
      assertThat(PROBE.at("seed=8&mode=" + mode).result().output(5).data()).isNotEqualTo(y);
    }
  }

  @Test
  void aFlipMirrorsAboutHalfOfTheDrawsAndKeepsTheOthers() {
    Varied result = PROBE.at("mode=flip&size=5x7&input=count").result();
    int mirrored = 0;
    for (int step = 0; step < Varied.STEPS; step++) {
      Tensor y = result.output(step);
      boolean flipped = result.drawn(step).flipped();
      mirrored += flipped ? 1 : 0;
      for (int n = 0; n < 35; n++) {
        int column = flipped ? 6 - n % 7 : n % 7;
        assertThat(y.data()[n]).isEqualTo(n / 7 * 7 + column + 1);
      }
    }
    assertThat(mirrored).isBetween(18, 42); // 30 ± 3 deviations
  }

  @Test
  void aCropIsThePartThatTheFrameShows() {
    Varied result = PROBE.at("mode=crop&crop=50&size=6x9&input=count").result();
    for (int step = 0; step < 20; step++) {
      int[] kept = result.cropped(step);
      Tensor y = result.output(step);
      assertThat(y.shape().dims()).containsExactly(1, 1, 3, 4);
      for (int n = 0; n < 12; n++) {
        assertThat(y.data()[n]).isEqualTo((kept[0] + n / 4) * 9 + kept[1] + n % 4 + 1);
      }
    }
  }

  @Test
  void aShiftMovesTheCentreOfMassByWhatWasDrawn() {
    Varied result = PROBE.at("mode=shift&input=impulse&size=9&shift=30").result();
    for (int step = 0; step < 20; step++) {
      double[] centre = centre(result.output(step));
      assertThat(centre[0] - 4).isEqualTo(result.drawn(step).down(), within(1e-5));
      assertThat(centre[1] - 4).isEqualTo(result.drawn(step).right(), within(1e-5));
    }
  }

  private static double[] centre(Tensor y) {
    double[] moments = new double[3];
    for (int n = 0; n < y.size(); n++) {
      moments[0] += y.data()[n] * (n / y.dim(3));
      moments[1] += y.data()[n] * (n % y.dim(3));
      moments[2] += y.data()[n];
    }
    return new double[] {moments[0] / moments[2], moments[1] / moments[2]};
  }

  @Test
  void aTurnByAPositiveAngleIsClockwise() {
    // a bright right half: turned clockwise, its centre goes down
    Varied result = PROBE.at("mode=rotate&input=edge&size=9&rotate=60").result();
    for (int step = 0; step < 20; step++) {
      double down = centre(result.output(step))[0] - 4;
      double angle = result.drawn(step).angle();
      assertThat(Math.abs(angle)).isLessThanOrEqualTo(60);
      if (Math.abs(angle) > 5) {
        assertThat(Math.signum(down)).isEqualTo(Math.signum(angle));
      }
    }
  }

  @Test
  void cutoutBlanksTheSquareThatTheCaptionTells() {
    Varied result = PROBE.at("mode=cutout&input=count&size=8&cutout=50").result();
    for (int step = 0; step < 20; step++) {
      int row = result.drawn(step).row();
      int column = result.drawn(step).column();
      for (int n = 0; n < 64; n++) {
        boolean inside = n / 8 >= row && n / 8 < row + 4 && n % 8 >= column && n % 8 < column + 4;
        assertThat(result.output(step).data()[n]).isEqualTo(inside ? 0 : n + 1);
      }
    }
    int middle = result.drawn(3).row() + 2;
    assertThat(PROBE.at("mode=cutout").step(3).caption()).contains("about row " + middle);
  }

  @Test
  void mixupMixesImagesAndLabelsByTheSameWeight() {
    Probe<Varied> probe = PROBE.at("mode=mixup&input=count&second=checker&size=3").step(4);
    Varied result = probe.result();
    double weight = result.weight(4);
    assertThat(weight).isBetween(0.0, 1.0);
    for (int n = 0; n < 9; n++) {
      double mixed = weight * (n + 1) + (1 - weight) * ((n / 3 + n % 3) % 2);
      assertThat(result.output(4).data()[n]).isEqualTo((float) mixed, within(1e-5f));
    }
    assertThat(probe.caption())
        .contains(Num.decimal(weight, 2) + " Counting 1, 2, 3, …")
        .contains(Num.decimal(1 - weight, 2) + " Checkerboard.");
  }

  @Test
  void aDigitThatIsMixedIntoAPhotographIsAsLargeAndAsBright() {
    byte[] rgba = new byte[4 * 20 * 30];
    java.util.Arrays.fill(rgba, (byte) 255);
    Given given = new Given().picture("photo-camera", new Picture(20, 30, rgba, ""));
    Varied result = PROBE.at("mode=mixup&input=photo-camera").with(given).result();
    assertThat(result.second().shape().dims()).containsExactly(1, 1, 20, 30);
    assertThat(result.second().largestSize()).isEqualTo(255);
    assertThat(result.names()).containsExactly("Cameraman", "Digit 1");
  }

  @Test
  void theSpreadIsLargestWhereMostIsDropped() {
    assertThat(PROBE.at("p=0.8").result().spread(1))
        .isGreaterThan(PROBE.at("p=0.5").result().spread(1))
        .isEqualTo(2 * PROBE.at("p=0.5").result().spread(1), within(1e-6)); // √(0.8/0.2) = 2
  }
}
