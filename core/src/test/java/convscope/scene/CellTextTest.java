package convscope.scene;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.tensor.Rng;
import org.junit.jupiter.api.Test;

/** How numbers are written into cells that are too small for them. */
class CellTextTest {
  private static CellText in(double cell, double value) {
    return CellText.number(value, 11, cell, 1);
  }

  @Test
  void aNumberThatFitsIsWrittenWhole() {
    assertThat(in(40, -0.18).text()).isEqualTo("−0.18");
    assertThat(in(40, -0.18).shortened()).isFalse();
    assertThat(in(40, 0).text()).isEqualTo("0");
  }

  @Test
  void theLeadingZeroGoesFirstThenDecimals() {
    assertThat(in(30, -0.18).text()).isEqualTo("−.18");
    assertThat(in(22, -0.18).text()).isEqualTo("−.2");
    assertThat(in(22, 3.44).text()).isEqualTo("3.4");
    assertThat(in(15, 3.44).text()).isEqualTo("3");
    assertThat(in(30, -0.18).shortened()).isTrue();
  }

  @Test
  void thousandsAreCounted() {
    assertThat(in(30, -19965).text()).isEqualTo("−20k");
    assertThat(in(30, 1.6e6).text()).isEqualTo("2M");
    assertThat(in(30, 123456).text()).isEqualTo("123k");
  }

  @Test
  void aNumberThatIsNotZeroIsNeverWrittenAsZero() {
    Rng random = new Rng(3);
    for (int n = 0; n < 20000; n++) {
      double value = (random.nextDouble() - 0.5) * (n % 4 == 0 ? 0.01 : n % 4 == 1 ? 1 : 20);
      for (double cell = 8; cell < 40; cell += 2.5) {
        String text = in(cell, value).text();
        boolean readsZero = text.equals("0") || text.equals(".0") || text.equals("−0");
        assertThat(readsZero && Math.abs(value) >= 0.0005).as(value + " in " + cell).isFalse();
      }
    }
  }

  @Test
  void whatIsWrittenIsTheValueRounded() {
    Rng random = new Rng(4);
    for (int n = 0; n < 20000; n++) {
      double value = (random.nextDouble() - 0.5) * (n % 3 == 0 ? 2 : n % 3 == 1 ? 300 : 60000);
      for (double cell = 8; cell < 40; cell += 2.5) {
        String text = in(cell, value).text();
        if (text.equals("•")) {
          continue;
        }
        double unit = text.endsWith("k") ? 1000 : 1;
        String digits = text.replace("k", "").replace('−', '-');
        double written = unit * Double.parseDouble(digits);
        int point = digits.indexOf('.');
        double last = unit * (point < 0 ? 1 : Math.pow(10, point + 1 - digits.length()));
        assertThat(Math.abs(written - value)).as(value + " as " + text).isLessThan(last * 0.501);
      }
    }
  }

  @Test
  void everyNumberShowsSomethingHoweverSmallItsCell() {
    Rng random = new Rng(5);
    for (int n = 0; n < 5000; n++) {
      double value = (random.nextDouble() - 0.5) * (n % 2 == 0 ? 2 : 2e9);
      CellText text = in(2 + n % 40, value);
      assertThat(text.text()).isNotEmpty();
      assertThat(text.size()).isPositive();
    }
    assertThat(in(6, 3.14).text()).isEqualTo("•");
  }

  @Test
  void typeIsNeverSmallerThanNinePixelsOnTheStage() {
    for (double cell = 3; cell < 30; cell += 0.5) {
      for (double value : new double[] {1, -0.25, 123.4, -98765}) {
        CellText text = CellText.number(value, 22, cell, 2);
        assertThat(text.text().equals("•") || text.size() >= 18 - 1e-9).isTrue();
      }
    }
  }
}
