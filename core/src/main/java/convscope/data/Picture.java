package convscope.data;

/**
 * An image that the host loaded: a shipped photograph, or the reader's own file, drawing or webcam
 * frame.
 *
 * @param height rows of pixels
 * @param width columns of pixels
 * @param rgba row-major, four bytes a pixel: red, green, blue, opacity
 * @param origin what was done to it, for the caption, such as “scaled down from 4000 × 3000”; may
 *     be empty
 */
public record Picture(int height, int width, byte[] rgba, String origin) {
  /** The longest side that a figure takes; the host scales larger images down to it. */
  public static final int MAX_SIDE = 256;

  public Picture {
    if (height < 1 || width < 1 || height > MAX_SIDE || width > MAX_SIDE) {
      throw new IllegalArgumentException(
          "Picture: " + height + " × " + width + " pixels; each side must be 1 to " + MAX_SIDE);
    }
    if (rgba.length != 4 * height * width) {
      throw new IllegalArgumentException(
          "Picture: "
              + rgba.length
              + " bytes for "
              + height
              + " × "
              + width
              + " pixels; want "
              + 4 * height * width);
    }
  }

  /**
   * Luma 0 to 255 over a white ground, by ITU-R BT.601: {@code (299 r + 587 g + 114 b) / 1000}, to
   * a whole number; (height, width).
   */
  public float[] grey() {
    float[] grey = new float[height * width];
    for (int i = 0; i < grey.length; i++) {
      int opacity = rgba[4 * i + 3] & 255;
      int luma =
          299 * over(rgba[4 * i], opacity)
              + 587 * over(rgba[4 * i + 1], opacity)
              + 114 * over(rgba[4 * i + 2], opacity);
      grey[i] = (luma + 500) / 1000;
    }
    return grey;
  }

  /** Red (0), green (1) or blue (2), 0 to 255 over a white ground; (height, width). */
  public float[] channel(int colour) {
    float[] values = new float[height * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = over(rgba[4 * i + colour], rgba[4 * i + 3] & 255);
    }
    return values;
  }

  private static int over(byte channel, int opacity) {
    return ((channel & 255) * opacity + 255 * (255 - opacity) + 127) / 255;
  }
}
