package convscope.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.num.Num;
import org.junit.jupiter.api.Test;

class PlotTest {
  private static final double[] XS = {0, 1, 2, 3};

  private static Plot plot() {
    return new Plot("p", 400, 100, "a plot").x("time", 0, 3).y("loss", 0, 1);
  }

  private static String written(Plot plot) {
    Scene scene = new Scene(400, 300);
    plot.place(scene, 0, 0);
    return SvgWriter.write(scene, "plot");
  }

  @Test
  void aValueStandsInProportionOnALinearAxis() {
    Plot plot = plot();
    plot.place(new Scene(400, 300), 0, 0);
    double left = plot.px(0);
    assertThat(plot.px(3)).isEqualTo(394, within(1e-9));
    assertThat(plot.px(1) - left).isEqualTo((394 - left) / 3, within(1e-9));
    assertThat(plot.py(0) - plot.py(1)).isEqualTo(100, within(1e-9));
    assertThat(plot.py(7)).as("beyond the axis: on its edge").isEqualTo(plot.py(1));
  }

  @Test
  void everyPowerOfTenHasTheSameLengthOnALogarithmicAxis() {
    Plot plot = new Plot("p", 400, 100, "a plot").logX("ε", 1e-8, 0.1).logY("error", 0.02, 30);
    plot.place(new Scene(400, 300), 0, 0);
    double decade = (plot.px(0.1) - plot.px(1e-8)) / 7;
    assertThat(plot.px(1e-5) - plot.px(1e-6)).isEqualTo(decade, within(1e-6));
    assertThat(plot.py(0.01) - plot.py(100)).isEqualTo(100, within(1e-6));
    assertThat(plot.py(0)).as("no logarithm: at the bottom").isEqualTo(plot.py(0.01));
    assertThat(written(plot)).contains(">10⁻⁸<").contains(">10⁻²<").contains(">1<").contains(">ε<");
  }

  @Test
  void theStepIsDraggedAlongTheWholeAxis() {
    Plot plot = plot().drags(4, 2); // a step for each unit of time
    String svg = written(plot);
    assertThat(svg).contains("data-sets=\"step\"").contains("data-count=\"4 1\"");
    double first = plot.px(0) - 10; // the middle of a stroke of 20
    String pitch = Num.plain(plot.px(1) - plot.px(0), 2);
    assertThat(svg).contains("data-from=\"" + Num.plain(first, 2) + " ");
    assertThat(svg).contains("data-pitch=\"" + pitch + " 0\"");
    assertThat(svg).contains(" x=\"" + Num.plain(plot.px(2) - 10, 2) + "\"");
    assertThat(written(plot())).doesNotContain("data-sets");
  }

  @Test
  void aRuleThatSlidesHasAStopForEachTextOfItsParameterAlsoBeyondTheAxis() {
    Plot plot = plot().rule("r", Role.NEUTRAL, "", 2);
    plot.slides("rate", new double[] {1, 2, 6}, new String[] {"a", "b", "c"});
    String svg = written(plot);
    double unit = plot.px(1) - plot.px(0);
    String stops =
        Num.plain(plot.px(1), 1)
            + " a|"
            + Num.plain(plot.px(2), 1)
            + " b|"
            + Num.plain(plot.px(0) + 6 * unit, 1);
    assertThat(svg).contains("data-sets=\"rate\"").contains("data-stops=\"" + stops + " c\"");
    assertThat(svg).contains("class=\"place\" x=\"" + Num.plain(plot.px(2), 2) + "\"");
  }

  @Test
  void aWholeNumberSlidesInTheUnitThatItHasOnTheAxis() {
    String svg = written(plot().rule("r", Role.NEUTRAL, "", 2).slides("pairs", 1, 3, 2));
    double[] places = {2, 4, 6};
    String[] texts = {"1", "2", "3"};
    assertThat(svg)
        .isEqualTo(written(plot().rule("r", Role.NEUTRAL, "", 2).slides("pairs", places, texts)));
  }

  @Test
  void aLevelReachesFromEndToEndOfTheAxis() {
    Plot plot = plot().level("half", Role.INPUT, "", 0.5);
    String svg = written(plot);
    String line = "M" + Num.plain(plot.px(0), 1) + " " + Num.plain(plot.py(0.5), 1);
    assertThat(svg).contains("d=\"" + line + "L" + Num.plain(plot.px(3), 1) + " ");
  }

  @Test
  void ticksAreRoundAndNotTooMany() {
    assertThat(written(plot())).contains(">0<").contains(">0.5<").contains(">1<").contains(">3<");
    String wide = written(new Plot("p", 400, 100, "a plot").x("n", -3, 47).y("y", -1, 1));
    assertThat(wide).contains(">0<").contains(">10<").contains(">40<").doesNotContain(">5<");
    assertThat(wide).contains(">−1<");
  }

  @Test
  void aNanLeavesAGapAndTheLegendNamesWhatHasAName() {
    Plot plot =
        plot()
            .curve("c", Role.INPUT, "dashed", "a curve", XS, new double[] {0, Double.NaN, 1, 1})
            .points("d", Role.OUTPUT, "hollow", "", XS, XS);
    String svg = written(plot);
    String line = svg.substring(svg.indexOf("data-k=\"p/c/curve\""));
    line = line.substring(0, line.indexOf("/>"));
    assertThat(line.chars().filter(c -> c == 'M').count()).isEqualTo(2);
    assertThat(line.chars().filter(c -> c == 'L').count()).isEqualTo(1);
    assertThat(svg).contains(">a curve<").contains("data-k=\"p/d/dots\"").contains("dots within");
  }

  @Test
  void stemsStandOnTheAxis() {
    Plot plot = plot().stems("s", Role.INPUT, "", "", new double[] {3}, new double[] {1});
    String svg = written(plot);
    plot.place(new Scene(400, 300), 0, 0);
    assertThat(svg).contains("M394 " + (int) plot.py(1) + "V" + (int) plot.py(0));
  }
}
