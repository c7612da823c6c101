package convscope.scene;

import convscope.num.Num;

/**
 * How a number is written into a cell, which it always is: at the grid's type size with fewer
 * digits where it must ({@code −.18}, {@code 20k}), then in smaller type, and last as a mark whose
 * number appears on pointing. An empty cell means that nothing has been computed yet.
 *
 * @param size of the type, in pixels of the drawing
 * @param shortened whether less is written than {@link Num#cell} says
 */
record CellText(String text, double size, boolean shortened) {
  /** The smallest type in which a grid's numbers are written where cells have room. */
  static final double READABLE = 11;

  static final CellText NONE = new CellText("", 0, false);

  private static final double SMALLEST = 9;
  private static final double LARGEST = 16;
  private static final double AIR = 3; // beside a number
  private static final String MARK = "•";

  /** The type size of a cell with little in it. */
  static double largest(double cell) {
    return Math.min(cell * 0.42, LARGEST);
  }

  /** The largest type in which a text fits a cell. */
  static double fits(String text, double cell) {
    double wide = text.length() * (text.length() < 5 ? 0.62 : 0.66);
    return Math.min(largest(cell), (cell - AIR) / Math.max(1.15, wide));
  }

  /** Whether a word can be read in a cell; if not, the cell's number is written, or a mark. */
  static boolean reads(String text, double cell, double zoom) {
    return text.isEmpty() || word(text, cell, zoom) != NONE;
  }

  /** A word as large as fits; it is never shortened. */
  static CellText word(String text, double cell, double zoom) {
    double size = fits(text, cell);
    if (text.isEmpty()) {
      return NONE;
    }
    if (size < READABLE && cell >= 16 && (cell - 1) / (text.length() * 0.6) >= READABLE) {
      size = READABLE;
    }
    return size < SMALLEST * zoom ? NONE : new CellText(text, size, false);
  }

  /** What stands for a number or a word for which there is no room. */
  static CellText mark(double cell, double zoom) {
    double size = Math.max(SMALLEST * zoom + 0.05, Math.min(cell * 0.8, LARGEST));
    return new CellText(MARK, size, true);
  }

  /**
   * A number.
   *
   * @param wanted the type size of the grid
   * @param zoom pixels of the drawing for one on the stage
   */
  static CellText number(double value, double wanted, double cell, double zoom) {
    String whole = Num.cell(value);
    CellText best = mark(cell, zoom);
    double largest = SMALLEST * zoom - 1e-9;
    String before = "";
    for (int tries = 0; tries < 6; tries++) {
      String text = shorter(value, whole, tries);
      if (text.equals(before)) {
        continue;
      }
      before = text;
      double size = Math.min(wanted, (cell - 2) / Math.max(1, text.length() * 0.6));
      if (size > largest + 0.3) {
        best = new CellText(text, size, !text.equals(whole));
        largest = size;
      }
      if (size >= wanted) {
        break;
      }
    }
    return best;
  }

  /**
   * The number with fewer and fewer characters: without its leading zero, rounded, in thousands.
   */
  private static String shorter(double value, String whole, int tries) {
    double size = Math.abs(value);
    if (tries == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
      return whole;
    }
    if (size >= 999.5) {
      double unit = size < 999.5e3 ? 1e3 : size < 999.5e6 ? 1e6 : 1e9;
      return size < 999.5e9
          ? Num.decimal(value / unit, 0) + (unit == 1e3 ? "k" : unit == 1e6 ? "M" : "G")
          : Num.scientific(value, 0);
    }
    if (size >= 9.95) {
      return Num.decimal(value, 0);
    }
    String text = tries == 1 ? whole : Num.decimal(value, 5 - tries); // 3, 2, 1, 0 decimals
    boolean lost = value != 0 && (tries == 5 ? size < 0.95 : Num.parse(text) == 0);
    return lost ? whole : pointFirst(text);
  }

  private static String pointFirst(String text) {
    return text.startsWith("0.")
        ? text.substring(1)
        : text.startsWith("−0.") ? "−" + text.substring(2) : text;
  }

  @Override
  public String toString() {
    return text; // no doubles: printing them brings 9 KB of tables into the module
  }
}
