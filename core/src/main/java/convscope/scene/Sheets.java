package convscope.scene;

import convscope.num.Num;
import org.jspecify.annotations.Nullable;

/**
 * Matrices one behind the other, drawn as offset sheets: the channels of an image, the kernels of a
 * filter, the maps of a layer. Sheet 0 is at the lower left in front, each next one behind it to
 * the upper right. Sheets are coloured by their values but carry no numbers, so that a bank of many
 * kernels stays small; {@link #lift} puts a {@link Grid} with numbers in the place of one sheet,
 * over the others.
 */
public final class Sheets implements Mark, Box {
  private final String key;
  private final Role role;
  private final int count;
  private final int rows;
  private final int columns;
  private final Cells size;
  private final double offset;
  private float @Nullable [] values;
  private double max;
  private int lifted = -1;
  private @Nullable Grid front;
  private int shownFrom;
  private int shownTo;
  private String title = "";
  private String detail = "";
  private String part = "";
  private String name = "";
  private double x;
  private double y;

  /**
   * @param count how many sheets are drawn, at least 1
   * @param offset how far each is from the one before it, right and up
   */
  public Sheets(
      String key, Role role, int count, int rows, int columns, Cells size, double offset) {
    this.key = key;
    this.role = role;
    this.count = count;
    this.rows = rows;
    this.columns = columns;
    this.size = size;
    this.offset = offset;
    shownTo = count;
  }

  /** Cells of a fixed size. */
  public Sheets(
      String key, Role role, int count, int rows, int columns, double cell, double offset) {
    this(key, role, count, rows, columns, Cells.of(cell), offset);
  }

  /** A title above the stack in the role's colour, and what follows it in quiet type. */
  public Sheets title(String text, String more) {
    title = text;
    detail = more;
    return this;
  }

  /**
   * The part of the formula that this stack is, and its name for screen readers; without a name and
   * a title it is decoration.
   */
  public Sheets part(String partName, String spoken) {
    part = partName;
    name = spoken;
    return this;
  }

  /**
   * Colours the cells by |value| / largest.
   *
   * @param matrices (count, rows, columns), row-major
   */
  public Sheets values(float[] matrices, double largest) {
    values = matrices;
    max = largest;
    return this;
  }

  /** Draws this grid, which has no title, over the others in the place of a sheet. */
  public Sheets lift(int index, Grid grid) {
    lifted = index;
    front = grid;
    return this;
  }

  /** Colours only the sheets from {@code from} to before {@code to}: the others are to come. */
  public Sheets coloured(int from, int to) {
    shownFrom = from;
    shownTo = to;
    return this;
  }

  private double cellSize() {
    return size.size();
  }

  @Override
  public void tell(Twin twin) {
    if (!name.isEmpty()) {
      twin.say(name);
    }
  }

  @Override
  public double width() {
    double stack = columns * cellSize() + (count - 1) * offset;
    return Math.max(stack, title.isEmpty() ? 0 : Title.width(title, detail));
  }

  @Override
  public double height() {
    return rows * cellSize() + (count - 1) * offset + (title.isEmpty() ? 0 : Title.HEIGHT);
  }

  @Override
  public void place(Scene scene, double left, double top) {
    double stack = columns * cellSize() + (count - 1) * offset;
    x = left + (width() - stack) / 2;
    y = top + (title.isEmpty() ? 0 : Title.HEIGHT) + (count - 1) * offset;
    scene.add(this);
    if (front != null) {
      front.place(scene, left(lifted), top(lifted));
    }
  }

  /** The left edge of a sheet. */
  public double left(int sheet) {
    return x + sheet * offset;
  }

  /** The upper edge of a sheet. */
  public double top(int sheet) {
    return y - sheet * offset;
  }

  @Override
  public void write(Markup out) {
    if (!title.isEmpty()) {
      double titleX = Math.min(x, x + (columns * cellSize() + (count - 1) * offset - width()) / 2);
      Title.above(title, detail, role, part, titleX, top(count - 1)).write(out);
    }
    out.open("g").attr("class", "sheets " + role.css()).attr("data-k", key);
    out.attrIf("data-part", part);
    if (name.isEmpty() && title.isEmpty()) {
      out.attr("aria-hidden", "true");
    } else {
      out.attr("role", "img").attr("aria-label", name.isEmpty() ? title : name);
    }
    for (int sheet = count - 1; sheet >= 0; sheet--) {
      if (sheet != lifted) {
        write(out, sheet);
      }
    }
    out.close();
  }

  private void write(Markup out, int sheet) {
    rect(out, "sheet", sheet);
    if (values != null && sheet >= shownFrom && sheet < shownTo) {
      tints(out, values, sheet);
    }
    rect(out, "frame", sheet);
  }

  private void rect(Markup out, String css, int sheet) {
    out.open("rect").attr("class", css).attr("x", left(sheet)).attr("y", top(sheet));
    out.attr("width", columns * cellSize()).attr("height", rows * cellSize()).closeEmpty();
  }

  /** One path for all cells of a level. */
  private void tints(Markup out, float[] matrices, int sheet) {
    StringBuilder[] paths = new StringBuilder[2 * Grid.LEVELS + 1]; // negative levels first
    for (int cell = 0; cell < rows * columns; cell++) {
      float value = matrices[sheet * rows * columns + cell];
      int level = Grid.level(value, max);
      int at = Grid.LEVELS + (value < 0 ? -level : level);
      StringBuilder path = paths[at] == null ? new StringBuilder() : paths[at];
      paths[at] = path;
      path.append('M').append(number(left(sheet) + cell % columns * cellSize()));
      path.append(' ').append(number(top(sheet) + cell / columns * cellSize()));
      path.append('h').append(number(cellSize())).append('v').append(number(cellSize()));
      path.append('h').append(number(-cellSize())).append('z');
    }
    for (int at = 0; at < paths.length; at++) {
      if (paths[at] != null && at != Grid.LEVELS) {
        int level = Math.abs(at - Grid.LEVELS);
        String css = "tint l" + level + (at < Grid.LEVELS ? " negative" : "");
        out.open("path").attr("class", css).attr("d", paths[at].toString()).closeEmpty();
      }
    }
  }

  private static String number(double value) {
    return Num.plain(value, 1);
  }
}
