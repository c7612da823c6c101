package convscope.topic;

import convscope.num.Num;
import java.util.List;

/**
 * What a topic wants timed on the reader's machine, and how the answer becomes the value of a
 * parameter: the numbers that tell what was timed, then the time of each run in milliseconds. So a
 * permalink shows what was measured, and a figure with other sizes knows that it was not.
 *
 * @param param the parameter that takes the answer, a row of numbers
 * @param of what is timed, as the numbers that the topic compares
 * @param runs what is timed against each other; each does its work once
 */
public record Measurement(String param, int[] of, List<Runnable> runs) {
  private static final double WARM_UP = 60; // ms for each run
  private static final double SAMPLE = 4; // ms at least; browsers' clocks may tick in tenths
  private static final int MOST_REPEATS = 1024;
  private static final int LEAST_SAMPLES = 3;
  private static final int MOST_SAMPLES = 101;

  /**
   * Runs everything, warmed up and in turn, for about {@code budget} milliseconds, and gives the
   * parameter's text with the median time of each.
   */
  public String text(Clock clock, double budget) {
    double[] times = medians(clock, budget);
    StringBuilder out = new StringBuilder();
    for (int number : of) {
      out.append(number).append(',');
    }
    for (int n = 0; n < times.length; n++) {
      out.append(n == 0 ? "" : ",").append(Num.plain(Math.min(9999, times[n]), 4));
    }
    return out.toString();
  }

  private double[] medians(Clock clock, double budget) {
    int[] repeats = new int[runs.size()];
    for (int n = 0; n < repeats.length; n++) {
      double end = clock.now() + WARM_UP;
      int count = 0;
      while (count++ < 2 || (clock.now() < end && count < MOST_REPEATS)) {
        runs.get(n).run();
      }
      repeats[n] = 1;
      while (repeats[n] < MOST_REPEATS && time(clock, n, repeats[n]) < SAMPLE) {
        repeats[n] *= 2;
      }
    }
    double[][] samples = new double[runs.size()][MOST_SAMPLES];
    double end = clock.now() + budget;
    int taken = 0;
    while (taken < LEAST_SAMPLES || (taken < MOST_SAMPLES && clock.now() < end)) {
      for (int n = 0; n < repeats.length; n++) { // in turn: what slows the machine slows them all
        samples[n][taken] = time(clock, n, repeats[n]) / repeats[n];
      }
      taken++;
    }
    double[] medians = new double[runs.size()];
    for (int n = 0; n < medians.length; n++) {
      medians[n] = median(samples[n], taken);
    }
    return medians;
  }

  private double time(Clock clock, int run, int repeats) {
    double start = clock.now();
    for (int n = 0; n < repeats; n++) {
      runs.get(run).run();
    }
    return clock.now() - start;
  }

  /** The middle one of the first {@code count} values, the lower of two. */
  private static double median(double[] values, int count) {
    for (int i = 1; i < count; i++) { // insertion sort: they are few
      double value = values[i];
      int at = i;
      while (at > 0 && values[at - 1] > value) {
        values[at] = values[at - 1];
        at--;
      }
      values[at] = value;
    }
    return values[(count - 1) / 2];
  }
}
