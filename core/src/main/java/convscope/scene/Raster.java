package convscope.scene;

import convscope.num.Num;

/**
 * An image of many pixels. Each pixel is a level: in the {@code grey} palette 0 is black and 255
 * white; in the {@code signed} one 128 is zero, 255 the largest positive and 1 the largest negative
 * value; in the {@code gradient} one 0 is the ground and 255 the gradient's colour; in the {@code
 * rgb} one a pixel is three levels, red, green and blue. Live, the pixels cross beside the SVG and
 * are painted on a canvas under the same key; prerendered and exported, they are a data URI inside
 * it. A pixel's key is {@code key/row,column}.
 */
public final class Raster implements Mark, Box {
  private final String key;
  private final Role role;
  private final int rows;
  private final int columns;
  private final byte[] levels;
  private final String palette;
  private final double scale;
  private String title = "";
  private String detail = "";
  private String part = "";
  private String name = "";
  private boolean inline = true;
  private double x;
  private double y;

  /**
   * @param levels row-major, {@code rows · columns} bytes, or three times as many for colours
   * @param palette {@code grey}, {@code signed}, {@code gradient} or {@code rgb}
   * @param scale pixels of the drawing for a pixel of the image
   */
  public Raster(
      String key, Role role, int rows, int columns, byte[] levels, String palette, double scale) {
    this.key = key;
    this.role = role;
    this.rows = rows;
    this.columns = columns;
    this.levels = levels;
    this.palette = palette;
    this.scale = scale;
  }

  /** The levels of values: {@code full} is white, or the strongest colour of the other palettes. */
  public static byte[] levels(float[] values, String palette, double full) {
    boolean signed = palette.equals("signed");
    byte[] levels = new byte[values.length];
    double unit = full == 0 ? 0 : (signed ? 127 : 255) / full;
    for (int n = 0; n < values.length; n++) {
      long level = (signed ? 128 : 0) + Num.round(values[n] * unit);
      levels[n] = (byte) Math.max(0, Math.min(255, level));
    }
    return levels;
  }

  /** A title above the image in the role's colour, and what follows it in quiet type. */
  public Raster title(String text, String more) {
    title = text;
    detail = more;
    return this;
  }

  /** The part of the formula that this image is, and its name for screen readers. */
  public Raster part(String partName, String spoken) {
    part = partName;
    name = spoken;
    return this;
  }

  /** Whether the pixels are written into the SVG; if not, the host paints them. */
  public Raster inline(boolean yes) {
    inline = yes;
    return this;
  }

  public String key() {
    return key;
  }

  public int rows() {
    return rows;
  }

  public int columns() {
    return columns;
  }

  public byte[] levels() {
    return levels;
  }

  public String palette() {
    return palette;
  }

  @Override
  public double width() {
    return Math.max(columns * scale, Title.width(title, detail));
  }

  @Override
  public double height() {
    return rows * scale + Title.HEIGHT;
  }

  @Override
  public void place(Scene scene, double left, double top) {
    x = left + (width() - columns * scale) / 2;
    y = top + Title.HEIGHT;
    scene.add(this);
  }

  /** The left edge of a column of pixels. */
  public double left(double column) {
    return x + column * scale;
  }

  /** The upper edge of a row of pixels. */
  public double top(double row) {
    return y + row * scale;
  }

  /**
   * An outline around a block of pixels, at least {@code smallest} wide and high so that it is
   * seen.
   */
  public Window around(
      String windowKey,
      Role color,
      double row,
      double column,
      double high,
      double wide,
      double smallest) {
    double w = Math.max(smallest, wide * scale);
    double h = Math.max(smallest, high * scale);
    return new Window(
        windowKey, color, left(column + wide / 2) - w / 2, top(row + high / 2) - h / 2, w, h);
  }

  @Override
  public void write(Markup out) {
    double titleX = Math.min(x, x + (columns * scale - width()) / 2);
    Title.above(title, detail, role, part, titleX, y).write(out);
    if (inline) {
      out.open("image").attr("data-k", key + "/pixels").attr("class", "pixels");
      out.attr("href", Bitmap.dataUri(this)).attr("x", x).attr("y", y);
      out.attr("width", columns * scale).attr("height", rows * scale);
      out.attr("preserveAspectRatio", "none").closeEmpty();
    }
    out.open("rect")
        .attr("class", "raster " + role.css())
        .attr("data-k", key)
        .attrIf("data-part", part);
    out.attr("role", "img").attr("aria-label", name);
    out.attr("data-rows", String.valueOf(rows)).attr("data-columns", String.valueOf(columns));
    out.attr("x", x).attr("y", y);
    out.attr("width", columns * scale).attr("height", rows * scale).closeEmpty();
  }
}
