package convscope.train;

import convscope.num.Maths;
import convscope.num.Num;

/**
 * The learning rate over the steps of a run: a factor that the base rate is multiplied by.
 *
 * <pre>
 *   constant  1
 *   step      factor^⌊t/every⌋
 *   cosine    (1 + cos(π·t/T))/2          over T steps (Loshchilov &amp; Hutter 2017), 0 after them
 *   warm-up   (t + 1)/warm for the first steps, then one of the others, counted from its own start
 * </pre>
 */
public final class Schedule {
  private enum Kind {
    CONSTANT,
    STEP,
    COSINE
  }

  public static final Schedule CONSTANT = new Schedule(Kind.CONSTANT, 1, 1, 0);

  /** Multiplies the rate by {@code factor} after every {@code every} steps. */
  public static Schedule step(int every, double factor) {
    if (every < 1 || !(factor >= 0)) {
      throw new IllegalArgumentException(
          "Schedule: factor "
              + Num.plain(factor, 6)
              + " every "
              + every
              + " steps; use 1 step or more and 0 or more");
    }
    return new Schedule(Kind.STEP, every, factor, 0);
  }

  /** Falls to 0 in {@code total} steps. */
  public static Schedule cosine(int total) {
    if (total < 1) {
      throw new IllegalArgumentException(
          "Schedule: cosine over " + total + " steps; use 1 or more");
    }
    return new Schedule(Kind.COSINE, total, 1, 0);
  }

  private final Kind kind;
  private final int length;
  private final double factor;
  private final int warm;

  private Schedule(Kind kind, int length, double factor, int warm) {
    this.kind = kind;
    this.length = length;
    this.factor = factor;
    this.warm = warm;
  }

  /** The same after {@code steps} steps in which the rate rises evenly to its base. */
  public Schedule warmUp(int steps) {
    if (steps < 0) {
      throw new IllegalArgumentException("Schedule: warm-up of " + steps + " steps; use 0 or more");
    }
    return new Schedule(kind, length, factor, steps);
  }

  /** The factor of step {@code step}, counted from 0. */
  public double at(int step) {
    if (step < warm) {
      return (step + 1.0) / warm;
    }
    int t = step - warm;
    switch (kind) {
      case STEP:
        double power = 1;
        for (int i = 0; i < t / length && power != 0; i++) {
          power *= factor;
        }
        return power;
      case COSINE:
        return t >= length ? 0 : (1 + Maths.cos(Math.PI * t / length)) / 2;
      default:
        return 1;
    }
  }
}
