package convscope.scene;

/**
 * The size of a drawing's cells, as large as fits. Grids and images that share one of these have
 * cells of the same size, so the same tensor is as large wherever it stands in a figure; sizes made
 * by {@link #also} shrink in step. Boxes ask for the size when they are measured and placed, so a
 * composition is written once and fitted afterwards.
 */
public final class Cells {
  /** A cell in which numbers of three digits are read with ease. */
  public static final double READABLE = 21;

  private static final double SMALLEST = 7; // in which a mark stands for a number

  /** What stays free around a drawing. */
  public static final double MARGIN = 12;

  private static final double CRISP = 8; // larger cells are whole or half pixels
  private static final int HALVINGS = 14;
  private static final double ROUNDING = 1e-6; // sums of sizes need not be exact

  private final double largest;
  private final boolean pixels;
  private final Shared shared;

  /**
   * What all sizes of a drawing have in common: how far they shrank, and how far all was scaled.
   */
  private static final class Shared {
    private double factor = 1;
    private double zoom = 1;
  }

  private Cells(double largest, boolean pixels, Shared shared) {
    this.largest = largest;
    this.pixels = pixels;
    this.shared = shared;
  }

  /** Cells with numbers, at most this large. */
  public static Cells of(double largest) {
    return new Cells(largest, false, new Shared());
  }

  /** Pixels of an image, at most this large; they may be as small as they must. */
  public static Cells pixels(double largest) {
    return new Cells(largest, true, new Shared());
  }

  /** Another size that shrinks in step with this one. */
  public Cells also(double largestOfThese) {
    return new Cells(largestOfThese, pixels, shared);
  }

  /** The side of a cell in pixels of the drawing. */
  public double size() {
    double size = largest * shared.factor;
    return pixels || size < CRISP ? size : (int) (size * 2) / 2.0;
  }

  /** How many pixels of the drawing one pixel on the stage is: above 1 where all had to shrink. */
  double zoom() {
    return shared.zoom;
  }

  /** Whether these are an image's pixels, which bear no numbers. */
  boolean arePixels() {
    return pixels;
  }

  /**
   * The drawing in the first of these compositions, from the roomiest to the tightest, whose
   * numbers stay readable, at the largest cell with which it fits the stage; in the one with the
   * largest cells if none does. A composition that is too large for the stage even at the smallest
   * cell is scaled down as a whole.
   */
  public Scene fit(Stage stage, Box... compositions) {
    double best = 0;
    Box chosen = compositions[0];
    for (Box box : compositions) {
      shrink(stage, box);
      double seen = size() / shared.zoom;
      if (seen > best + 1e-9) {
        best = seen;
        chosen = box;
      }
      if (shared.zoom == 1 && seen >= (pixels ? 0.6 * largest : Math.min(READABLE, largest))) {
        chosen = box;
        break;
      }
    }
    shrink(stage, chosen);
    return centred(stage, chosen);
  }

  private void shrink(Stage stage, Box box) {
    double least = (pixels ? 0.05 : Math.min(SMALLEST, largest)) / largest;
    shared.zoom = 1;
    shared.factor = 1;
    if (fits(stage, box)) {
      return;
    }
    double below = least;
    double above = 1;
    shared.factor = least;
    if (!fits(stage, box)) {
      shared.zoom = Math.max(box.width() / stage.room(), box.height() / stage.tall());
      return;
    }
    for (int n = 0; n < HALVINGS; n++) {
      shared.factor = (below + above) / 2;
      if (fits(stage, box)) {
        below = shared.factor;
      } else {
        above = shared.factor;
      }
    }
    shared.factor = below;
  }

  private static boolean fits(Stage stage, Box box) {
    return box.width() <= stage.room() + ROUNDING && box.height() <= stage.tall() + ROUNDING;
  }

  private Scene centred(Stage stage, Box box) {
    Scene scene = new Scene(stage.width() * shared.zoom, stage.height() * shared.zoom);
    box.place(scene, (scene.width() - box.width()) / 2, (scene.height() - box.height()) / 2);
    return scene;
  }
}
