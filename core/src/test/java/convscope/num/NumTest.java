package convscope.num;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NumTest {
  @Test
  void roundsHalfAwayFromZeroAndDropsTrailingZeros() {
    assertThat(Num.decimal(0.125, 2)).isEqualTo("0.13");
    assertThat(Num.decimal(-2.5, 0)).isEqualTo("−3");
    assertThat(Num.decimal(2.50, 3)).isEqualTo("2.5");
    assertThat(Num.decimal(-0.001, 2)).isEqualTo("0");
    assertThat(Num.plain(-1.05, 2)).isEqualTo("-1.05");
    assertThat(Num.round(-2.5)).isEqualTo(-3);
  }

  @Test
  void namesWhatIsNotFinite() {
    assertThat(Num.decimal(Double.NaN, 2)).isEqualTo("NaN");
    assertThat(Num.decimal(Double.NEGATIVE_INFINITY, 2)).isEqualTo("−∞");
  }

  @Test
  void cellsStayShort() {
    assertThat(Num.cell(-11)).isEqualTo("−11");
    assertThat(Num.cell(1 / 3.0)).isEqualTo("0.33");
    assertThat(Num.cell(12.345)).isEqualTo("12.3");
    assertThat(Num.cell(1234567)).isEqualTo("1.2e6");
    assertThat(Num.cell(9.999e9)).isEqualTo("1e10");
  }

  @Test
  void countsGroupThousands() {
    assertThat(Num.count(73728)).isEqualTo("73,728");
    assertThat(Num.count(-1000)).isEqualTo("−1,000");
    assertThat(Num.count(999)).isEqualTo("999");
  }

  @Test
  void decimalAgreesWithBigDecimalOnRandomValues() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 20_000; i++) {
      double value = Math.rint(random.nextDouble(-1e6, 1e6) * 1024) / 1024; // exact in binary
      String want =
          BigDecimal.valueOf(value)
              .setScale(4, RoundingMode.HALF_UP)
              .stripTrailingZeros()
              .toPlainString();
      assertThat(Num.plain(value, 4)).isEqualTo(want);
    }
  }

  @Test
  void parseAgreesWithTheJdkOnEveryShortestFloat() {
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 200_000; i++) {
      float value = Float.intBitsToFloat(random.nextInt());
      if (!Float.isNaN(value) && !Float.isInfinite(value)) {
        assertThat((float) Num.parse(Float.toString(value))).isEqualTo(value);
      }
    }
  }

  @Test
  void parseRefusesWhatIsNoDecimalNumber() {
    for (String text :
        new String[] {
          "", "-", ".", "1e", "1.2.3", "0x10", "NaN", "1 ", " 1", "1,5", "--1", "Infinity"
        }) {
      assertThat(Num.parse(text)).as(text).isNaN();
    }
    assertThat(Num.parse("−2.5e-1")).isEqualTo(-0.25);
    assertThat(Num.parse("1e400")).isInfinite();
  }
}
