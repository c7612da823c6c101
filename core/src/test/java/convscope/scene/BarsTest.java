package convscope.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class BarsTest {
  @Test
  void aLogarithmicAxisGivesEveryPowerOfTenTheSameLength() {
    Bars bars = new Bars("b", 600, "parameters").log(1, 999);
    assertThat(bars.share(1)).isEqualTo(0, within(1e-12));
    assertThat(bars.share(10)).isEqualTo(1 / 3.0, within(1e-12));
    assertThat(bars.share(1000)).isEqualTo(1, within(1e-12));
    assertThat(bars.share(0)).isZero();
    assertThat(bars.share(31.6227766)).isEqualTo(0.5, within(1e-9));
  }

  @Test
  void aLogarithmicAxisCanBeginBelowOne() {
    Bars bars = new Bars("b", 600, "ms").log(0.02, 30);
    assertThat(bars.share(0.01)).isEqualTo(0, within(1e-12));
    assertThat(bars.share(1)).isEqualTo(0.5, within(1e-12));
    assertThat(written(bars)).contains(">0.01<").contains(">1<").contains(">10²<");
  }

  @Test
  void aLinearAxisEndsAtARoundNumberNotBelowTheLargest() {
    Bars bars = new Bars("b", 600, "ms").linear(7.3);
    assertThat(bars.share(8)).isEqualTo(1, within(1e-12));
    assertThat(bars.share(4)).isEqualTo(0.5, within(1e-12));
    assertThat(written(bars)).contains(">0<").contains(">6<").contains(">8<").contains(">ms<");
  }

  @Test
  void everyRowIsACellWithItsSentence() {
    Bars bars = new Bars("b", 300, "ms").linear(4);
    bars.add("slow", Role.KERNEL, 4, "4 ms", "slow: 4 ms").add("none", Role.OUTPUT, 0, "0", "none");
    assertThat(written(bars))
        .contains("class=\"cell l7 kernel\" data-k=\"b/0,0\" aria-label=\"slow: 4 ms\"")
        .contains("data-k=\"b/1,0\"");
  }

  @Test
  void textsThatLeaveNoRoomStillLeaveAnAxis() {
    String name = "a name that is much longer than the whole drawing is wide, by far and more";
    Bars bars = new Bars("b", 480, "ms").linear(4).add(name, Role.KERNEL, 4, "4 ms");
    assertThat(written(bars)).contains("class=\"bar\"").contains(">ms<");
    assertThat(written(new Bars("b", 5, "ms").log(1, 1e15))).contains("log scale");
  }

  @Test
  void amountsOnALogarithmicAxisAreDotsAndOnALinearOneBars() {
    Bars log = new Bars("b", 600, "ms").log(1, 100).add("ten", Role.KERNEL, 10, "10 ms");
    assertThat(written(log)).contains("class=\"dot\"").doesNotContain("class=\"bar\"");
    Bars linear = new Bars("b", 600, "ms").linear(100).add("ten", Role.KERNEL, 10, "10 ms");
    assertThat(written(linear)).contains("class=\"bar\"").doesNotContain("class=\"dot\"");
  }

  private static String written(Bars bars) {
    Scene scene = new Scene(600, 300);
    bars.place(scene, 0, 0);
    return SvgWriter.write(scene, "bars");
  }
}
