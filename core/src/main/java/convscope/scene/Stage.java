package convscope.scene;

/**
 * The room that a drawing has: one size for a figure and a kind of column, whatever its parameters,
 * its mode and its step, so that nothing below it moves while a slider is held. Contents are scaled
 * inside it ({@link Cells#fit}).
 *
 * @param narrow whether it is composed for a narrow column, such as a phone's
 * @param width in pixels of the drawing
 * @param height in pixels of the drawing
 */
public record Stage(boolean narrow, double width, double height) {
  /** The width of a drawing in a column of at least 600 pixels. */
  public static final double WIDE = 640;

  /** The width of a drawing in a narrower column. */
  public static final double NARROW = 336;

  /** The most that leaves room for equation, transport and controls on a laptop's screen. */
  public static final double MOST_WIDE = 440;

  /** The same on a phone of 390 by 780 pixels. */
  public static final double MOST_NARROW = 400;

  /** The width within the margins of {@link Cells#MARGIN}. */
  public double room() {
    return width - 2 * Cells.MARGIN;
  }

  /** The height within them. */
  public double tall() {
    return height - 2 * Cells.MARGIN;
  }

  public static Stage wide(double height) {
    return new Stage(false, WIDE, height);
  }

  public static Stage narrow(double height) {
    return new Stage(true, NARROW, height);
  }

  @Override
  public String toString() {
    return narrow ? "narrow" : "wide"; // no doubles: printing them brings 9 KB of tables
  }
}
