package convscope.topic.chapter4;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.data.Given;
import convscope.data.Picture;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.topic.Figure;
import convscope.topic.View;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MaxPoolingTest {
  private static final MaxPooling TOPIC = new MaxPooling();

  private static Values values(String query) {
    Map<String, String> texts = new HashMap<>();
    for (String pair : query.isEmpty() ? new String[0] : query.split("&")) {
      texts.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
    }
    var parsed = TOPIC.schema().parse(texts);
    assertThat(parsed.problems()).isEmpty();
    return parsed.values();
  }

  private static MaxPooled pooled(String query) {
    return TOPIC.compute(values(query), Given.NOTHING);
  }

  private static Figure figure(String query, int step, String pick) {
    return TOPIC.figure(pooled(query), new View(step, pick, TOPIC.head().wide()));
  }

  /** The gradient by scanning every window anew: an oracle without indices. */
  private static float[] routed(MaxPooled pool, int last) {
    float[] dx = new float[pool.input().x().size()];
    int kernel = pool.values().integer("kernel");
    int stride = pool.values().integer("stride");
    int padding = pool.values().integer("padding");
    for (int n = 0; n <= last; n++) {
      int bestRow = -1;
      int bestColumn = -1;
      for (int r = 0; r < pool.input().height(); r++) {
        for (int c = 0; c < pool.input().width(); c++) {
          int u = r + padding - n / pool.outWidth() * stride;
          int v = c + padding - n % pool.outWidth() * stride;
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
      MaxPooled pool = pooled(query);
      for (int last = 0; last < pool.dy().size(); last++) {
        assertThat(pool.dx(last).data()).as(query).containsExactly(routed(pool, last));
      }
    }
  }

  @Test
  void aTieIsToldAndItsFirstCellIsPaid() {
    MaxPooled pool = pooled("input=custom&x=3,5;5,5");
    assertThat(pool.ties(0)).isEqualTo(3);
    assertThat(pool.dx(0).data()).containsExactly(0, 1, 0, 0);
    assertThat(figure("input=custom&x=3,5;5,5", 0, "").alt())
        .contains("keeps x[0, 1] = 5")
        .contains("3 of its cells hold that value: the first in scan order");
  }

  @Test
  void theInputReceivesWhatTheOutputsSent() {
    MaxPooled pool = pooled("");
    double nine = 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9;
    assertThat(MaxPooled.sum(pool.dx(8))).isEqualTo(nine);
    assertThat(figure("", 8, "").alt()).contains("as much as the outputs sent: 45.");
  }

  @Test
  void payingEveryTieHandsOutTooMuchUnlessThereIsNone() {
    assertThat(pooled("").tiedWindows()).isEqualTo(2);
    assertThat(MaxPooled.sum(pooled("").wrongDx(8))).isEqualTo(45 + 2 + 5);
    assertThat(figure("mistake=on", 8, "").alt())
        .contains("hands out 52 where the outputs sent 45");
    assertThat(figure("mistake=on&input=digit-0", 8, "").alt())
        .contains("no window so far holds its maximum twice");
  }

  @Test
  void paddingNeverWinsEvenAmongNegativeNumbers() {
    MaxPooled pool = pooled("input=custom&x=-4,-3;-2,-7&kernel=3&stride=1&padding=1");
    assertThat(pool.pooled().y().data()).containsOnly(-2);
    assertThat(figure("kernel=3&padding=1", 0, "").equation()).contains("−∞");
  }

  @Test
  void aPointedCellTellsItsWindowsItsWinsAndItsGradient() {
    assertThat(figure("kernel=3&stride=1", 0, "in/3,3").alt())
        .contains("is in 9 windows and wins ");
    assertThat(figure("kernel=2&stride=3", 0, "dx/2,2").alt())
        .contains("is in no window: it is never read and gets no gradient");
  }

  @Test
  void thePicturesGradientIsOneForEachWindow() {
    byte[] rgba = new byte[4 * 4 * 4];
    rgba[3] = (byte) 255; // one black pixel on white
    MaxPooled pool =
        TOPIC.compute(values("input=own"), new Given().picture("own", new Picture(4, 4, rgba, "")));
    assertThat(pool.dx(3).data()).containsExactly(0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0);
  }

  @Test
  void aWindowThatDoesNotFitIsRefusedInTheOperatorsWords() {
    Problem problem = TOPIC.check(values("size=2&kernel=4"), Given.NOTHING);
    assertThat(problem).extracting(Problem::text).asString().startsWith("MaxPool2d: kernel 4");
    Problem padding = TOPIC.check(values("kernel=1&padding=1"), Given.NOTHING);
    assertThat(padding)
        .extracting(Problem::text)
        .isEqualTo(
            "MaxPool2d: padding 1 leaves windows of kernel 1 (dilation 1) without input;"
                + " use padding ≤ 0");
  }
}
