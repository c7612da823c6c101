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
    assertThat(Num.percent(0.125, 1)).isEqualTo("12.5\u00a0%");
    assertThat(Num.percent(-1, 0)).isEqualTo("−100\u00a0%");
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
    assertThat(Num.cell(1 / 256.0)).isEqualTo("0.004"); // a corner of the 5 × 5 Gaussian
    assertThat(Num.cell(-0.0049)).isEqualTo("−0.005");
    assertThat(Num.cell(0.00049)).isEqualTo("0");
    assertThat(Num.cell(12.345)).isEqualTo("12.3");
    assertThat(Num.cell(1234567)).isEqualTo("1.2e6");
    assertThat(Num.cell(9.999e9)).isEqualTo("1e10");
  }

  @Test
  void anElementHasAsManyIndicesAsItsTensorHasAxes() {
    assertThat(Num.at("b", 3)).isEqualTo("b[3]");
    assertThat(Num.at("y", 2, -1)).isEqualTo("y[2, −1]");
    assertThat(Num.at("g", 0, 1, 2, 3)).isEqualTo("g[0, 1, 2, 3]");
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
    assertThat(1 / Num.parse("-0.0")).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void shortestReadsBackAsTheSameFloatWithNoMoreDigitsThanNeeded() {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 200_000; i++) {
      float value =
          i % 2 == 0
              ? Float.intBitsToFloat(random.nextInt())
              : (float) random.nextDouble(-1000, 1000);
      if (Float.isNaN(value)) {
        continue;
      }
      String text = Num.shortest(value);
      assertThat(Float.parseFloat(text)).isEqualTo(value);
      assertThat((float) Num.parse(text.replace("Infinity", "1e999"))).isEqualTo(value);
      if (Float.isFinite(value) && Math.abs(value) < 1e7f) {
        assertThat(significant(text))
            .as("%s for %s", text, value)
            .isLessThanOrEqualTo(significant(Float.toString(value)));
      }
    }
  }

  @Test
  void shortestReadsBackAsTheSameDouble() {
    SplittableRandom random = new SplittableRandom(6);
    for (int i = 0; i < 50_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (!Double.isNaN(value)) {
        String text = Num.shortest(value);
        assertThat(Double.parseDouble(text)).isEqualTo(value);
        assertThat(significant(text)).isLessThanOrEqualTo(significant(Double.toString(value)));
      }
    }
    assertThat(Num.shortest(5e-324)).isEqualTo("5e-324");
    assertThat(Num.shortest(2e23)).isEqualTo("2e23");
    assertThat(Num.shortest(Double.MAX_VALUE)).isEqualTo("1.7976931348623157e308");
    assertThat(Num.shortest(0x1p53)).isEqualTo("9007199254740992");
  }

  @Test
  void shortestNamesZerosAndWhatIsNotFinite() {
    assertThat(Num.shortest(-0f)).isEqualTo("-0.0");
    assertThat(Num.shortest(0.0)).isEqualTo("0");
    assertThat(Num.shortest(-0.0)).isEqualTo("-0.0");
    assertThat(Num.shortest(Float.NaN)).isEqualTo("NaN");
    assertThat(Num.shortest(Float.intBitsToFloat(0xffc00000))).isEqualTo("NaN"); // √−1 on x86
    assertThat(Num.shortest(Float.NEGATIVE_INFINITY)).isEqualTo("-Infinity");
    assertThat(Num.shortest(0.1f)).isEqualTo("0.1");
    assertThat(Num.shortest(-1.5e-9f)).isEqualTo("-1.5e-9");
    assertThat(Num.shortest(16777216f)).isEqualTo("16777216");
    assertThat(Num.shortest(Float.MIN_VALUE)).isEqualTo("1e-45");
    assertThat(Num.shortest(1e20f)).isEqualTo("100000000000000000000");
    assertThat(Num.shortest(-1e21f)).isEqualTo("-1e21");
    assertThat(Num.shortest(1234.5)).isEqualTo("1234.5");
  }

  @Test
  void aPlaceIsNamedWithTrueMinusSigns() {
    assertThat(Num.place(2, -1)).isEqualTo("row 2, column −1");
  }

  @Test
  void aMagnitudeFarFromOneHasItsPowerOfTen() {
    assertThat(Num.magnitude(0)).isEqualTo("0");
    assertThat(Num.magnitude(0.41)).isEqualTo("0.41");
    assertThat(Num.magnitude(1234.5)).isEqualTo("1,235");
    assertThat(Num.magnitude(2.4e-24)).isEqualTo("2.4 · 10⁻²⁴");
    assertThat(Num.magnitude(3.06e7)).isEqualTo("3.1 · 10⁷");
    assertThat(Num.superscript(-1034)).isEqualTo("⁻¹⁰³⁴");
  }

  /** Number of digits between the first and the last that are not zero. */
  private static int significant(String text) {
    String digits = text.replaceAll("[eE].*", "").replaceAll("[-.]", "");
    return digits.replaceAll("^0+", "").replaceAll("0+$", "").length();
  }
}
