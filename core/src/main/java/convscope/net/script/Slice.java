package convscope.net.script;

/** {@code start:stop:step}; each a whole number or None. */
public record Slice(Object start, Object stop, Object step) {
  /**
   * The indices within a length: first, how many, step.
   *
   * @throws IllegalArgumentException if a part is no whole number
   */
  public long[] within(long length) {
    long by = step == None.NONE ? 1 : whole(step);
    if (by == 0) {
      throw new IllegalArgumentException("a slice's step is 0; use 1 or more");
    }
    long low = by > 0 ? 0 : -1;
    long high = by > 0 ? length : length - 1;
    long from = start == None.NONE ? (by > 0 ? low : high) : clamp(whole(start), length, low, high);
    long to = stop == None.NONE ? (by > 0 ? high : low) : clamp(whole(stop), length, low, high);
    long count = by > 0 ? (to - from + by - 1) / by : (from - to - by - 1) / -by;
    return new long[] {from, Math.max(0, count), by};
  }

  private static long clamp(long value, long length, long low, long high) {
    return Math.max(low, Math.min(high, value < 0 ? value + length : value));
  }

  private static long whole(Object value) {
    if (value instanceof Long number) {
      return number;
    }
    throw new IllegalArgumentException(
        "a slice's part is " + Bound.text(value) + "; give a whole number");
  }
}
