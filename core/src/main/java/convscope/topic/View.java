package convscope.topic;

/**
 * How a figure is looked at; nothing here changes what is computed.
 *
 * @param step the animation step, from 0
 * @param pick the key of the cell under the pointer or with the focus, or the empty string
 * @param narrow whether the figure is composed for a narrow column
 * @param inlineRasters whether images are written into the SVG; otherwise the host paints them
 */
public record View(int step, String pick, boolean narrow, boolean inlineRasters) {
  /** The width in pixels for which a wide figure is composed. */
  public static final double WIDE = 880;

  /** The width in pixels for which a narrow figure is composed. */
  public static final double NARROW = 336;

  /** The width for which to compose. */
  public double width() {
    return narrow ? NARROW : WIDE;
  }
}
