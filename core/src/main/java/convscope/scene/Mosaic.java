package convscope.scene;

import convscope.num.Num;
import java.util.ArrayList;
import java.util.List;

/**
 * A matrix of many small cells without numbers: one path for each fill level, so that thousands of
 * cells stay light. Cells without a level are holes.
 */
public final class Mosaic implements Panel {
  /** The level of a cell that is a hole. */
  public static final byte HOLE = -1;

  private final String key;
  private final Role role;
  private final int rows;
  private final int columns;
  private final Cells size;
  private final byte[] levels;
  private final List<Mark> above = new ArrayList<>();
  private String name;
  private String part = "";
  private String title = "";
  private String detail = "";
  private double x;
  private double y;

  /**
   * @param levels row-major, 0 to {@link Grid#LEVELS}, or {@link #HOLE}
   * @param name what a screen reader says of the whole
   */
  public Mosaic(
      String key, Role role, int rows, int columns, Cells size, byte[] levels, String name) {
    this.key = key;
    this.role = role;
    this.rows = rows;
    this.columns = columns;
    this.size = size;
    this.levels = levels;
    this.name = name;
  }

  /** A title above the cells in the role's colour, and what follows it in quiet type. */
  @Override
  public Mosaic title(String text, String more) {
    title = text;
    detail = more;
    return this;
  }

  @Override
  public Mosaic part(String partName, String spoken) {
    part = partName;
    name = spoken;
    return this;
  }

  /** A mosaic has no single cells to mark. */
  @Override
  public Mosaic mark(int row, int column, String css) {
    return this;
  }

  /** A mosaic shows everything at once. */
  @Override
  public Mosaic blank(int row, int column) {
    return this;
  }

  /** A mosaic's scale is in its levels. */
  @Override
  public Mosaic scaledTo(double largest) {
    return this;
  }

  @Override
  public double smallest() {
    return 5;
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public Mosaic above(Mark mark) {
    above.add(mark);
    return this;
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
    return size.size();
  }

  @Override
  public int[] bounds() {
    return new int[] {0, 0, rows, columns};
  }

  @Override
  public void tell(Twin twin) {
    twin.say(name);
  }

  @Override
  public double width() {
    return Math.max(columns * cellSize(), title.isEmpty() ? 0 : Title.width(title, detail));
  }

  @Override
  public double height() {
    return rows * cellSize() + (title.isEmpty() ? 0 : Title.HEIGHT);
  }

  @Override
  public void place(Scene scene, double left, double top) {
    x = left;
    y = top + (title.isEmpty() ? 0 : Title.HEIGHT);
    scene.add(this);
    for (Mark mark : above) {
      scene.addAbove(mark);
    }
  }

  @Override
  public void write(Markup out) {
    if (!title.isEmpty()) {
      Title.above(title, detail, role, part, x, y).write(out);
    }
    out.open("g").attr("class", "mosaic " + role.css()).attr("data-k", key);
    out.attrIf("data-part", part);
    out.attr("role", "img").attr("aria-label", name);
    for (int level = HOLE; level <= Grid.LEVELS; level++) {
      writeLevel(out, level);
    }
    out.open("rect").attr("class", "frame").attr("x", x).attr("y", y);
    out.attr("width", columns * cellSize()).attr("height", rows * cellSize()).closeEmpty();
    out.close();
  }

  private void writeLevel(Markup out, int level) {
    double gap = cellSize() > 8 ? 1 : 0.5;
    String side = Num.plain(cellSize() - gap, 1);
    StringBuilder path = new StringBuilder();
    for (int n = 0; n < levels.length; n++) {
      if (levels[n] == level) {
        path.append('M').append(Num.plain(x + n % columns * cellSize() + gap / 2, 1));
        path.append(' ').append(Num.plain(y + n / columns * cellSize() + gap / 2, 1));
        path.append('h')
            .append(side)
            .append('v')
            .append(side)
            .append("h-")
            .append(side)
            .append('z');
      }
    }
    if (!path.isEmpty()) {
      out.open("path").attr("class", level == HOLE ? "hole" : "l" + level);
      out.attr("data-k", key + "/l" + level).attr("d", path.toString()).closeEmpty();
    }
  }
}
