package convscope.topic.chapter4;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.data.Given;
import convscope.data.Picture;
import convscope.topic.Probe;
import org.junit.jupiter.api.Test;

class MaxPoolingTest {
  private static final Probe<MaxPooled> PROBE = Probe.of(new MaxPooling());

  /** The gradient by scanning every window anew: an oracle without indices. */
  private static float[] routed(Probe<MaxPooled> probe, int last) {
    MaxPooled pool = probe.result();
    float[] dx = new float[pool.input().x().size()];
    int kernel = probe.values().integer("kernel");
    int stride = probe.values().integer("stride");
    int padding = probe.values().integer("padding");
    for (int n = 0; n <= last; n++) {
      int bestRow = -1;
      int bestColumn = -1;
      for (int r = 0; r < pool.input().height(); r++) {
        for (int c = 0; c < pool.input().width(); c++) {
          int u = r + padding - n / pool.dy().dim(3) * stride;
          int v = c + padding - n % pool.dy().dim(3) * stride;
          if (u >= 0 && v >= 0 && u < kernel && v < kernel) {
            if (bestRow < 0 || pool.input().at(r, c) > pool.input().at(bestRow, bestColumn)) {
              bestRow = r;
              bestColumn = c;
            }
          }
        }
      }
      dx[bestRow * pool.input().width() + bestColumn] += pool.dy().data()[n];
    }
    return dx;
  }

  @Test
  void everyGradientGoesToTheFirstMaximumInScanOrder() {
    for (String query :
        new String[] {
          "",
          "input=digit-1",
          "kernel=3&stride=1&input=checker",
          "kernel=3&padding=1&size=7x5",
          "input=custom&x=1,1;1,1"
        }) {
      MaxPooled pool = PROBE.at(query).result();
      for (int last = 0; last < pool.dy().size(); last++) {
        assertThat(pool.dx(last).data()).as(query).containsExactly(routed(PROBE.at(query), last));
      }
    }
  }

  @Test
  void aTieIsToldAndItsFirstCellIsPaid() {
    MaxPooled pool = PROBE.at("input=custom&x=3,5;5,5").result();
    assertThat(pool.holders(0)).containsExactly(1, 2, 3);
    assertThat(pool.dx(0).data()).containsExactly(0, 1, 0, 0);
    assertThat(PROBE.at("input=custom&x=3,5;5,5").step(0).caption())
        .contains("keeps x[0, 1] = 5")
        .contains("3 of its cells hold that value: the first in scan order");
  }

  @Test
  void theInputReceivesWhatTheOutputsSent() {
    MaxPooled pool = PROBE.at("").result();
    double nine = 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9;
    assertThat(MaxPooled.sum(pool.dx(8))).isEqualTo(nine);
    assertThat(PROBE.at("").step(8).caption()).contains("as much as the outputs sent: 45.");
  }

  @Test
  void payingEveryTieHandsOutTooMuchUnlessThereIsNone() {
    assertThat(PROBE.at("").result().tiedWindows()).isEqualTo(2);
    assertThat(MaxPooled.sum(PROBE.at("").result().wrongDx(8))).isEqualTo(45 + 2 + 5);
    assertThat(PROBE.at("mistake=on").step(8).caption())
        .contains("hands out 52 where the outputs sent 45");
    assertThat(PROBE.at("mistake=on&input=digit-0").step(8).caption())
        .contains("no window so far holds its maximum twice");
  }

  @Test
  void paddingNeverWinsEvenAmongNegativeNumbers() {
    MaxPooled pool = PROBE.at("input=custom&x=-4,-3;-2,-7&kernel=3&stride=1&padding=1").result();
    assertThat(pool.pooled().y().data()).containsOnly(-2);
    assertThat(PROBE.at("kernel=3&padding=1").step(0).equation()).contains("−∞");
  }

  @Test
  void aPointedCellTellsItsWindowsItsWinsAndItsGradient() {
    assertThat(PROBE.at("kernel=3&stride=1").step(0).pick("in/3,3").caption())
        .contains("is in 9 windows and wins ");
    assertThat(PROBE.at("kernel=2&stride=3").step(0).pick("dx/2,2").caption())
        .contains("is in no window: it is never read and gets no gradient");
  }

  @Test
  void thePicturesGradientIsOneForEachWindow() {
    byte[] rgba = new byte[4 * 4 * 4];
    rgba[3] = (byte) 255; // one black pixel on white
    MaxPooled pool =
        PROBE
            .at("input=own")
            .with(new Given().picture("own", new Picture(4, 4, rgba, "")))
            .result();
    assertThat(pool.dx(3).data()).containsExactly(0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0);
  }

  @Test
  void aWindowThatDoesNotFitIsRefusedInTheOperatorsWords() {
    assertThat(PROBE.at("size=2&kernel=4").problem()).startsWith("MaxPool2d: kernel 4");
    assertThat(PROBE.at("kernel=1&padding=1").problem())
        .isEqualTo(
            "MaxPool2d: padding 1 leaves windows of kernel 1 (dilation 1) without input;"
                + " use padding ≤ 0");
  }
}
