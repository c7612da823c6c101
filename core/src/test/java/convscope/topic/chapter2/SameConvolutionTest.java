package convscope.topic.chapter2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.op.Window;
import convscope.topic.Probe;
import org.junit.jupiter.api.Test;

class SameConvolutionTest {
  private static final SameConvolution TOPIC = new SameConvolution();
  private static final Probe<Same> PROBE = Probe.of(TOPIC);

  private static Same run(int kernel, int stride, int size, int dilation, String more) {
    String query = "kernel=" + kernel + "&stride=" + stride + "&size=" + size;
    return PROBE.at(query + "&dilation=" + dilation + more).result();
  }

  @Test
  void theOutputIsAlwaysTheCeilingOfTheInputOverTheStride() {
    for (int kernel = 1; kernel <= 7; kernel++) {
      for (int size = 1; size <= 12; size++) {
        for (int stride = 1; stride <= 4; stride++) {
          for (int dilation = 1; dilation <= 2; dilation++) {
            assertThat(run(kernel, stride, size, dilation, "").response(0))
                .hasSize((size + stride - 1) / stride);
          }
        }
      }
    }
  }

  /** Measured by the response's centre of mass, with the kernel's parity as the oracle. */
  @Test
  void anImpulseMovesByHalfACellALayerExactlyWhenThePaddingIsOdd() {
    for (int kernel = 1; kernel <= 5; kernel++) {
      for (int dilation = 1; dilation <= 2; dilation++) {
        for (int layers = 1; layers <= 2; layers++) {
          for (Convention side : new Convention[] {Convention.SAME_UPPER, Convention.SAME_LOWER}) {
            Window window = Window.of(kernel).dilation(dilation);
            Same run = new Same(Axis.of(side, true, 41, window), layers, false);
            boolean odd = dilation * (kernel - 1) % 2 == 1;
            double expected = odd ? (side == Convention.SAME_UPPER ? -0.5 : 0.5) * layers : 0;
            assertThat(run.cutOff(20)).isFalse();
            assertThat(run.centroid(20) - 20).isEqualTo(expected, within(1e-6));
            assertThat(run.shift()).isEqualTo(expected, within(1e-9));
          }
        }
      }
    }
  }

  /** The windows' geometry against the mean of what they read, at every stride. */
  @Test
  void theShiftIsThatOfWindowsMeasuredByTheirMeans() {
    int measured = 0;
    for (int kernel = 1; kernel <= 7; kernel++) {
      for (int stride = 1; stride <= 4; stride++) {
        for (int size = 9; size <= 12; size++) {
          Same run = run(kernel, stride, size, 1, "");
          for (int i = 0; i < run.axis().out(); i++) {
            double centre = run.centre(i);
            if (!Double.isNaN(centre)) {
              assertThat(run.standsAt(i) - centre).isEqualTo(run.shift(), within(1e-5));
              measured++;
            }
          }
        }
      }
    }
    assertThat(measured).isGreaterThan(100);
  }

  /** TensorFlow's documentation: pads = max((⌈H/S⌉ − 1)S + K − H, 0), the odd one at the end. */
  @Test
  void withAStrideThePaddingDependsOnTheSize() {
    assertThat(TOPIC.facts())
        .containsEntry("evenPads", "0 + 1")
        .containsEntry("oddPads", "1 + 1")
        .containsEntry("stemBefore", "2")
        .containsEntry("stemAfter", "3");
  }

  /** Counted by hand: H + 2⌊K/2⌋ − D(K − 1) outputs at stride 1. */
  @Test
  void halfTheKernelOnBothSidesIsAlwaysRightOnlyForOddKernelsWithoutStrideAndDilation() {
    assertThat(run(4, 1, 9, 1, "&mistake=on").wrongOut()).isEqualTo(10);
    Same strided = run(3, 2, 8, 1, "&mistake=on");
    assertThat(strided.wrongOut()).isEqualTo(4);
    assertThat(strided.wrongBy()).isGreaterThan(0.1);
    assertThat(PROBE.at("kernel=3&stride=2&size=8&mistake=on").caption())
        .contains("its windows start elsewhere");
    for (int kernel = 1; kernel <= 7; kernel += 2) {
      Same odd = run(kernel, 1, 9, 1, "&mistake=on");
      assertThat(odd.wrongOut()).isEqualTo(9);
      assertThat(odd.wrongBy()).isZero();
      int dilated = 9 + 2 * (kernel / 2) - 2 * (kernel - 1);
      assertThat(run(kernel, 1, 9, 2, "&mistake=on").wrongOut()).isEqualTo(dilated);
    }
    assertThat(PROBE.at("kernel=3&mistake=on").caption()).contains("right by luck");
    assertThat(PROBE.at("kernel=3&dilation=2&mistake=on").caption())
        .contains("⌊K/2⌋ = 1 on both sides gives 7 outputs, not 9.");
  }

  @Test
  void theFirstFigureAndItsProseSayThatTheImpulseMovedByHalfACell() {
    assertThat(PROBE.caption())
        .isEqualTo(
            "The impulse at row 4 comes out around 3.5. Shift: half a cell towards the beginning,"
                + " since 1 + 2 cells of padding are uneven.");
    assertThat(PROBE.equation()).contains("P=1·(4−1)2=1.5:\u00a0not\u00a0an\u00a0integer");
    assertThat(TOPIC.facts())
        .containsEntry("centre", "3.5")
        .containsEntry("stacked", "1")
        .containsEntry("wrongOut", "10");
    assertThat(PROBE.at("layers=2").caption()).contains("around 3.").doesNotContain("cut off");
  }

  @Test
  void nearTheEdgeTheResponseIsCutOff() {
    assertThat(PROBE.step(0).caption()).contains("cut off at the edge");
    assertThat(PROBE.caption()).doesNotContain("cut off");
    assertThat(PROBE.at("kernel=1&stride=2").step(1).caption()).contains("read by no window");
  }

  @Test
  void pointingAtAnInputCellPutsTheImpulseThereAndAtAnOutputShowsItsWindow() {
    assertThat(PROBE.pick("in/0,6").caption()).startsWith("The impulse at row 6");
    assertThat(PROBE.pick("out/0,2").caption())
        .isEqualTo("y[2] reads rows 1 to 4. Their mean is 2.5; the output stands at 2.");
    assertThat(PROBE.pick("out/0,0").caption()).endsWith("padding among them.");
  }

  /** What the prediction’s reason says: where the windows are centred at stride 2. */
  @Test
  void atStrideTwoOnAnEvenHeightTheEvenKernelsAreCentred() {
    for (int kernel = 2; kernel <= 7; kernel++) {
      Same run = run(kernel, 2, 8, 1, "");
      assertThat(run.shift() == 0).as("K = " + kernel).isEqualTo(kernel % 2 == 0);
    }
  }
}
