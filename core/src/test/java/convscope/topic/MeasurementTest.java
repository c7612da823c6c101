package convscope.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MeasurementTest {
  private double now;

  private Measurement of(double... costs) {
    return new Measurement(
        "measured",
        new int[] {7},
        costs.length == 1
            ? List.of(() -> now += costs[0])
            : List.of(() -> now += costs[0], () -> now += costs[1]));
  }

  @Test
  void theTextIsWhatWasTimedAndTheMediansOfEachRun() {
    assertThat(of(3, 0.25).text(() -> now, 500)).isEqualTo("7,3,0.25");
  }

  @Test
  void aClockThatTicksInTenthsStillTimesWhatIsShorterThanATick() {
    Clock coarse = () -> Math.floor(now * 10) / 10;
    String text = of(0.013).text(coarse, 300);
    double time = Double.parseDouble(text.substring(2));
    assertThat(time).isBetween(0.0125, 0.0135);
  }

  @Test
  void anInterruptionDoesNotMoveTheMedian() {
    int[] calls = {0};
    Measurement bumpy =
        new Measurement(
            "measured", new int[] {7}, List.of(() -> now += ++calls[0] % 10 == 0 ? 500 : 5));
    assertThat(bumpy.text(() -> now, 5000)).isEqualTo("7,5");
  }

  @Test
  void itEndsSoonAfterItsBudgetButNotBeforeThreeSamplesOfEach() {
    of(2, 3).text(() -> now, 400);
    assertThat(now).isBetween(400.0, 400 + 2 * 60 + 60.0);
    now = 0;
    int[] runs = {0};
    new Measurement("measured", new int[0], List.of(() -> slow(runs))).text(() -> now, 400);
    assertThat(runs[0]).isEqualTo(2 + 1 + 3); // warm-up, choice of repeats, samples
  }

  private void slow(int[] runs) {
    runs[0]++;
    now += 1000;
  }

  @Test
  void aClockThatStandsStillEndsToo() {
    assertThat(of(0).text(() -> 0, 400)).isEqualTo("7,0");
  }
}
