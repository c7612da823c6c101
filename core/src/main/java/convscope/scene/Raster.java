package convscope.scene;

import convscope.num.Num;
import java.util.ArrayList;
import java.util.List;

/**
 * An image of many pixels. Each pixel is a level: in the {@code grey} palette 0 is black and 255
 * white; in the {@code signed} one 128 is zero, 255 the largest positive and 1 the largest negative
 * value; in the {@code gradient} one 0 is the ground and 255 the gradient's colour; in the {@code
 * rgb} one a pixel is three levels, red, green and blue. Live, the pixels cross beside the SVG and
 * are painted on a canvas under the same key; prerendered, they are a data URI inside it. A pixel's
 * key is {@code key/row,column}.
 */
public final class Raster implements Panel {
  private final String key;
  private final Role role;
  private final int rows;
  private final int columns;
  private final byte[] levels;
  private final String palette;
  private final Cells scale;
  private final List<Mark> above = new ArrayList<>();
  private String title = "";
  private String detail = "";
  private String part = "";
  private String name = "";
  private int aroundTop; // pixels of padding that an outline may reach into
  private int aroundLeft;
  private int aroundBottom;
  private int aroundRight;
  private double x;
  private double y;

  /**
   * @param levels row-major, {@code rows · columns} bytes, or three times as many for colours
   * @param palette {@code grey}, {@code signed}, {@code gradient} or {@code rgb}
   * @param scale pixels of the drawing for a pixel of the image
   */
  public Raster(
      String key, Role role, int rows, int columns, byte[] levels, String palette, double scale) {
    this(key, role, rows, columns, levels, palette, Cells.pixels(scale));
  }

  /** An image whose pixels are as large as fits. */
  public Raster(
      String key, Role role, int rows, int columns, byte[] levels, String palette, Cells scale) {
    this.key = key;
    this.role = role;
    this.rows = rows;
    this.columns = columns;
    this.levels = levels;
    this.palette = palette;
    this.scale = scale;
  }

  /** An image of values, as {@link #levels} has them. */
  public static Raster of(
      String key,
      Role role,
      int rows,
      int columns,
      float[] values,
      String palette,
      double full,
      Cells scale) {
    return new Raster(key, role, rows, columns, levels(values, palette, full), palette, scale);
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
  @Override
  public Raster title(String text, String more) {
    title = text;
    detail = more;
    return this;
  }

  /** The part of the formula that this image is, and its name for screen readers. */
  @Override
  public Raster part(String partName, String spoken) {
    part = partName;
    name = spoken;
    return this;
  }

  /** Keeps room for the padding around the image, into which an outline may reach. */
  public Raster around(int top, int left, int bottom, int right) {
    aroundTop = top;
    aroundLeft = left;
    aroundBottom = bottom;
    aroundRight = right;
    return this;
  }

  /** An image has no cells to mark. */
  @Override
  public Raster mark(int row, int column, String css) {
    return this;
  }

  /** An image shows everything at once. */
  @Override
  public Raster blank(int row, int column) {
    return this;
  }

  /** An image's scale is in its levels. */
  @Override
  public Raster scaledTo(double largest) {
    return this;
  }

  @Override
  public double smallest() {
    return 8;
  }

  @Override
  public Raster above(Mark mark) {
    above.add(mark);
    return this;
  }

  @Override
  public void tell(Twin twin) {
    twin.say(name.isEmpty() ? title + " " + detail : name);
  }

  @Override
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
    double wide = (aroundLeft + columns + aroundRight) * cellSize();
    return Math.max(wide, Title.width(title, detail));
  }

  @Override
  public double height() {
    return (aroundTop + rows + aroundBottom) * cellSize() + Title.HEIGHT;
  }

  @Override
  public void place(Scene scene, double left, double top) {
    x = left + aroundLeft * cellSize();
    y = top + Title.HEIGHT + aroundTop * cellSize();
    scene.add(this);
    for (Mark mark : above) {
      scene.addAbove(mark);
    }
  }

  @Override
  public double left(double column) {
    return x + column * cellSize();
  }

  @Override
  public double top(double row) {
    return y + row * cellSize();
  }

  @Override
  public double cellSize() {
    return scale.size();
  }

  @Override
  public int[] bounds() {
    return new int[] {-aroundTop, -aroundLeft, rows + aroundBottom, columns + aroundRight};
  }

  @Override
  public void write(Markup out) {
    double titleX = x - aroundLeft * cellSize();
    double titleY = y - aroundTop * cellSize();
    Title.above(title, detail, role, part, titleX, titleY).write(out);
    if (out.drawsPixels()) {
      out.open("image").attr("data-k", key + "/pixels").attr("class", "pixels");
      out.attr("href", Bitmap.dataUri(this)).attr("x", x).attr("y", y);
      out.attr("width", columns * cellSize()).attr("height", rows * cellSize());
      out.attr("preserveAspectRatio", "none").closeEmpty();
    }
    out.open("rect")
        .attr("class", "raster " + role.css())
        .attr("data-k", key)
        .attrIf("data-part", part);
    out.attr("role", "img").attr("aria-label", name);
    out.attr("data-rows", String.valueOf(rows)).attr("data-columns", String.valueOf(columns));
    out.attr("x", x).attr("y", y);
    out.attr("width", columns * cellSize()).attr("height", rows * cellSize()).closeEmpty();
  }
}
