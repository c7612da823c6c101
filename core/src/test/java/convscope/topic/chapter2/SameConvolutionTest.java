package convscope.topic.chapter2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.data.Given;
import convscope.param.Values;
import convscope.topic.View;
import org.junit.jupiter.api.Test;

class SameConvolutionTest {
  private static final SameConvolution TOPIC = new SameConvolution();

  private static Same run(String... pairs) {
    Values values = TOPIC.schema().defaults();
    for (int n = 0; n < pairs.length; n += 2) {
      values = values.with(pairs[n], pairs[n + 1]);
    }
    return TOPIC.compute(values, Given.NOTHING);
  }

  private static String caption(Same run, int step, String pick) {
    return TOPIC
        .figure(run, new View(step, pick, TOPIC.head().wide()))
        .caption()
        .replaceAll("<[^>]*>", "");
  }

  @Test
  void theOutputIsAlwaysTheCeilingOfTheInputOverTheStride() {
    for (int kernel = 1; kernel <= 7; kernel++) {
      for (int size = 1; size <= 12; size++) {
        for (int stride = 1; stride <= 4; stride++) {
          for (int dilation = 1; dilation <= 2; dilation++) {
            Same run =
                run(
                    "kernel",
                    "" + kernel,
                    "size",
                    "" + size,
                    "stride",
                    "" + stride,
                    "dilation",
                    "" + dilation);
            assertThat(run.ran()).isEqualTo((size + stride - 1) / stride);
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
          for (String side : new String[] {"same-upper", "same-lower"}) {
            Same run =
                new Same(
                    new Axis(Convention.of(side), 41, kernel, 1, 0, dilation, 0), layers, false);
            boolean odd = dilation * (kernel - 1) % 2 == 1;
            double expected = odd ? (side.equals("same-upper") ? -0.5 : 0.5) * layers : 0;
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
          Same run = run("kernel", "" + kernel, "stride", "" + stride, "size", "" + size);
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

  @Test
  void halfTheKernelOnBothSidesGrowsForEvenKernelsAndIsOffAtStrideTwo() {
    assertThat(run("mistake", "on").wrong().size()).isEqualTo(10);
    Same strided = run("kernel", "3", "stride", "2", "size", "8", "mistake", "on");
    assertThat(strided.wrong().size()).isEqualTo(4);
    assertThat(strided.wrong().difference()).isGreaterThan(0.1);
    assertThat(caption(strided, 3, "")).contains("its windows start elsewhere");
    for (int kernel = 1; kernel <= 7; kernel += 2) {
      for (int dilation = 1; dilation <= 2; dilation++) {
        Same odd = run("kernel", "" + kernel, "dilation", "" + dilation, "mistake", "on");
        assertThat(odd.wrong().size()).isEqualTo(9);
        assertThat(odd.wrong().difference()).isZero();
      }
    }
    assertThat(caption(run("kernel", "3", "mistake", "on"), 4, "")).contains("right by luck");
  }

  @Test
  void theFirstFigureAndItsProseSayThatTheImpulseMovedByHalfACell() {
    assertThat(caption(run(), 4, ""))
        .isEqualTo(
            "The impulse at row 4 comes out around 3.5. Shift: half a cell towards the beginning,"
                + " since 1 + 2 cells of padding are uneven.");
    assertThat(TOPIC.facts())
        .containsEntry("centre", "3.5")
        .containsEntry("stacked", "2")
        .containsEntry("wrongOut", "10");
  }

  @Test
  void nearTheEdgeTheResponseIsCutOff() {
    assertThat(caption(run(), 0, "")).contains("cut off at the edge");
    assertThat(caption(run(), 4, "")).doesNotContain("cut off");
    assertThat(caption(run("kernel", "1", "stride", "2"), 1, "")).contains("read by no window");
  }

  @Test
  void pointingAtAnInputCellPutsTheImpulseThereAndAtAnOutputShowsItsWindow() {
    assertThat(caption(run(), 4, "in/0,6")).startsWith("The impulse at row 6");
    assertThat(caption(run(), 4, "out/0,2"))
        .isEqualTo("y[2] reads rows 1 to 4. Their mean is 2.5; the output stands at 2.");
    assertThat(caption(run(), 4, "out/0,0")).endsWith("padding among them.");
  }

  /** “Try this”: where the windows are centred at stride 2. */
  @Test
  void atStrideTwoOnAnEvenHeightTheEvenKernelsAreCentred() {
    for (int kernel = 2; kernel <= 7; kernel++) {
      Same run = run("kernel", "" + kernel, "stride", "2", "size", "8");
      assertThat(run.shift() == 0).as("K = " + kernel).isEqualTo(kernel % 2 == 0);
    }
  }
}
