package convscope.topic.chapter4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.topic.Probe;
import org.junit.jupiter.api.Test;

class AveragePoolingTest {
  private static final Probe<Averaged> PROBE = Probe.of(new AveragePooling());

  @Test
  void bothDivisorsAreThoseOfCellsCountedOneByOne() {
    for (String query : new String[] {"", "size=7x4&kernel=4&stride=3&padding=2", "stride=1"}) {
      Probe<Averaged> probe = PROBE.at(query);
      Averaged pool = probe.result();
      int kernel = probe.values().integer("kernel");
      int stride = probe.values().integer("stride");
      int padding = probe.values().integer("padding");
      for (int n = 0; n < pool.real().size(); n++) {
        int i = n / pool.real().dim(3);
        int j = n % pool.real().dim(3);
        int inside = 0;
        double sum = 0;
        for (int r = 0; r < pool.input().height(); r++) {
          for (int c = 0; c < pool.input().width(); c++) {
            int u = r + padding - i * stride;
            int v = c + padding - j * stride;
            if (u >= 0 && u < kernel && v >= 0 && v < kernel) {
              inside++;
              sum += pool.input().at(r, c);
            }
          }
        }
        assertThat(pool.divisors(false).data()[n]).isEqualTo(inside);
        assertThat(pool.divisors(true).data()[n]).isEqualTo(kernel * kernel);
        assertThat(pool.real().data()[n]).isEqualTo((float) (sum / inside));
        assertThat(pool.counted().data()[n]).isEqualTo((float) (sum / kernel / kernel));
      }
    }
  }

  @Test
  void theConventionsDifferAtTheBorderOnly() {
    Averaged pool = PROBE.result();
    assertThat(pool.border()).isEqualTo(8);
    assertThat(pool.difference().data()[4]).isZero();
    assertThat(PROBE.at("padding=0").result().border()).isZero();
    assertThat(PROBE.at("padding=0").caption()).contains("the conventions agree everywhere");
  }

  @Test
  void aFlatImageStaysFlatOnlyIfThePaddingDoesNotCount() {
    Averaged pool = PROBE.at("mistake=on").result();
    assertThat(pool.real().data()).containsOnly(1);
    assertThat(pool.counted().data()[0]).isEqualTo(4 / 9f, within(1e-7f));
    assertThat(pool.counted().data()[1]).isEqualTo(6 / 9f, within(1e-7f));
    assertThat(pool.counted().data()[4]).isEqualTo(1);
    assertThat(PROBE.at("mistake=on").caption())
        .contains("8 of 9 outputs fall below it, down to 0.44; without, all stay 1.");
  }

  @Test
  void theEquationDividesTheSameSumTwice() {
    // the last corner of the digit: 0 + 8 + 0 + 11 on the input
    assertThat(PROBE.step(8).equation())
        .contains("padding counted 19 / 9 = 2.11,")
        .contains("not counted 19 / 4 = 4.75");
  }

  @Test
  void paddingAsWideAsTheWindowIsRefusedInTheOperatorsWords() {
    assertThat(PROBE.at("kernel=2&padding=2").problem())
        .isEqualTo(
            "AveragePool2d: padding 2 leaves windows of kernel 2 (dilation 1) without input;"
                + " use padding ≤ 1");
  }
}
