package convscope.topic.chapter1;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.data.Given;
import convscope.data.Picture;
import convscope.tensor.Tensor;
import convscope.topic.Probe;
import org.junit.jupiter.api.Test;

class TranslationEquivarianceTest {
  private static final String[] WAYS = {"right", "down", "both"};
  private static final String[] KERNELS = {"sobel-x", "sobel-y", "emboss", "box", "count"};
  private static final Probe<ShiftedConv> PROBE = Probe.of(new TranslationEquivariance());

  private static Probe<ShiftedConv> noise(String query) {
    return PROBE.at("input=noise&" + query);
  }

  @Test
  void withCircularPaddingAndStrideOneItHoldsAtEveryShift() {
    int shifts = 0;
    for (String size : new String[] {"3", "5x8", "7x6", "10"}) {
      for (String along : WAYS) {
        for (String kernel : KERNELS) {
          String query = "size=" + size + "&along=" + along + "&preset=" + kernel;
          Probe<ShiftedConv> probe = noise(query);
          ShiftedConv conv = probe.result();
          for (int t = 0; t < conv.shifts(); t++, shifts++) {
            assertThat(conv.worst()[t]).as(query + " " + t).isZero();
            assertThat(probe.step(t).caption())
                .endsWith(
                    t == 0 ? "moved yet." : "exactly what convolving and then shifting gives.");
          }
        }
      }
    }
    assertThat(shifts).isGreaterThan(300);
  }

  /** The oracle needs no convolution: only outputs whose window leaves the image may differ. */
  @Test
  void withZerosItBreaksAtEveryShiftAndOnlyWhereAWindowTouchesTheBorder() {
    for (String kernel : KERNELS) {
      Probe<ShiftedConv> probe = noise("size=8&mode=zeros&preset=" + kernel);
      for (int t = 1; t < 8; t++) {
        Tensor difference = probe.result().at(t).difference();
        assertThat(difference.largestSize()).isPositive();
        for (int n = 0; n < 64; n++) {
          int j = n % 8;
          int before = Math.floorMod(j - t, 8); // where the output stood
          if (j != 0 && j != 7 && before != 0 && before != 7) {
            assertThat(difference.data()[n]).isZero();
          }
        }
        assertThat(probe.step(t).caption()).contains("windows read zeros");
      }
    }
  }

  @Test
  void withAStrideItHoldsAtMultiplesOfTheStrideAndNoOtherShift() {
    for (int stride = 2; stride <= 4; stride++) {
      for (String along : WAYS) {
        String query = "size=" + 2 * stride + "&stride=" + stride + "&along=" + along;
        Probe<ShiftedConv> probe = noise(query);
        ShiftedConv conv = probe.result();
        for (int t = 0; t < conv.shifts(); t++) {
          float most = conv.worst()[t];
          assertThat(most == 0).as(query + " " + t).isEqualTo(t % stride == 0);
          if (t % stride != 0) {
            assertThat(conv.nearest(conv.at(t))).as("no other shift").isPositive();
            assertThat(conv.nearest(conv.at(t))).isLessThanOrEqualTo(most);
            assertThat(probe.step(t).caption())
                .contains(t + " is no multiple of the stride " + stride);
          }
        }
      }
    }
    assertThat(PROBE.topic().facts()).containsEntry("odd", "22").containsEntry("even", "exactly");
  }

  @Test
  void aStrideThatDoesNotDivideTheWidthBreaksEvenItsMultiples() {
    Probe<ShiftedConv> probe = noise("size=7&stride=2").step(2);
    assertThat(probe.result().worst()[2]).isPositive();
    assertThat(probe.caption()).contains("does not divide the input’s size");
  }

  @Test
  void onePixelOnBlackIsHarmlessUntilItReachesTheBorder() {
    Probe<ShiftedConv> probe = PROBE.at("input=impulse&mode=zeros&size=8");
    for (int t = 0; t < 8; t++) {
      int column = (3 + t) % 8;
      assertThat(probe.result().worst()[t] == 0)
          .as("shift " + t)
          .isEqualTo(column != 0 && column != 7);
    }
    assertThat(probe.step(1).caption()).contains("only because of what stands at the border");
  }

  @Test
  void aShiftMovesEveryCellAndAFullRoundBringsItBack() {
    ShiftedConv conv = noise("size=4x6&along=both").result();
    Tensor x = conv.source().x();
    assertThat(conv.shifted(x, 1).at(0, 0, 0, 3)).isEqualTo(x.at(0, 0, 3, 2));
    assertThat(conv.shifted(x, 12).data()).isEqualTo(x.data());
  }

  @Test
  void expectingTheSameOutputFails() {
    Probe<ShiftedConv> probe = noise("mistake=on").step(1);
    assertThat(probe.result().worst()[1]).isPositive();
    assertThat(probe.caption()).contains("it does not stay");
  }

  @Test
  void onAPhotographAllSixPanelsAreImages() {
    byte[] rgba = new byte[4 * 40 * 30];
    for (int n = 0; n < rgba.length; n++) {
      rgba[n] = (byte) (n * n * 7);
    }
    Given given = new Given().picture("own", new Picture(40, 30, rgba, ""));
    Probe<ShiftedConv> probe = PROBE.at("input=own").with(given).step(11).narrow();
    assertThat(probe.steps().count()).isEqualTo(30);
    assertThat(probe.figure().scene().rasters()).hasSize(6);
    assertThat(probe.result().worst()[11]).isZero();
  }
}
