package convscope.topic;

/**
 * How a result is played.
 *
 * @param count how many steps it has; 1 for a figure that stands still
 * @param first the step that teaches best at first sight
 * @param stride how many a tick of the player advances, so that long animations end
 */
public record Steps(int count, int first, int stride) {
  /** A figure that stands still. */
  public static final Steps NONE = new Steps(1, 0, 1);

  private static final int MOST_TICKS = 200;

  /** So many steps, played in at most 200 ticks. */
  public static Steps of(int count, int first) {
    return new Steps(count, first, Math.max(1, count / MOST_TICKS));
  }
}
