package convscope.topic;

import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.op.PaddingMode;
import convscope.op.Window;
import convscope.scene.Box;
import convscope.scene.Cells;
import convscope.scene.Equation;
import convscope.scene.Grid;
import convscope.scene.Handle;
import convscope.scene.Link;
import convscope.scene.Panel;
import convscope.scene.Raster;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Text;
import convscope.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A window that slides over an input, and what figures draw of it: the input in its padding with
 * the window's taps marked, the kernel, maps of one value an output, and what the pointer links.
 * The window is the step's, or that of the output under the pointer. An input that is a picture
 * gives images in the place of grids.
 */
public final class Sliding {
  private static final double LARGEST_CELL = 44;
  private static final double IMAGE = 300; // the longest side of an image, at most

  /** The row, the column and the number in scan order of the output whose window is shown. */
  public final int i;

  public final int j;
  public final int n;

  private final ImageInput input;
  private final PaddingMode mode;
  private final Window rows;
  private final Window columns;
  private final int outHeight;
  private final int outWidth;
  private final View view;
  private final List<String> likeInput;
  private final Cells cells;
  private final @Nullable Cell pick;
  private int last; // the last output that the steps have reached
  private float padding; // what the padding holds where its mode is zeros
  private boolean steps = true; // whether the step is the output's number

  /**
   * @param likeInput the keys of further grids whose cells stand for places of the input
   */
  public Sliding(ImageInput input, Conv2d.Spec spec, View view, String... likeInput) {
    this.input = input;
    this.view = view;
    this.likeInput = List.of(likeInput);
    mode = spec.mode();
    rows = spec.vertical();
    columns = spec.horizontal();
    outHeight = rows.out(input.height());
    outWidth = columns.out(input.width());
    cells =
        input.picture() == null
            ? Cells.of(LARGEST_CELL)
            : Cells.pixels(IMAGE / Math.max(input.height(), input.width()));
    pick = Cell.parse(view.pick());
    int row = view.step() / outWidth;
    int column = view.step() % outWidth;
    if (pick != null && isOutput(pick)) {
      row = pick.row();
      column = pick.column();
    } else if (pick != null && picture() && pick.grid().equals("in")) {
      row = rows.nearest(pick.row(), outHeight);
      column = columns.nearest(pick.column(), outWidth);
    }
    last = view.step();
    i = row;
    j = column;
    n = i * outWidth + j;
  }

  /** The window of the first output, or of that under the pointer: for steps of another kind. */
  public static Sliding still(ImageInput input, Conv2d.Spec spec, View view) {
    return still(input, spec, view, 0, 0);
  }

  /** The window of that output, or of the one under the pointer. */
  public static Sliding still(
      ImageInput input, Conv2d.Spec spec, View view, int row, int column, String... likeInput) {
    int output = row * spec.outputWidth(input.width()) + column;
    Sliding at = new Sliding(input, spec, new View(output, view.pick(), view.stage()), likeInput);
    at.last = Integer.MAX_VALUE;
    at.steps = false;
    return at;
  }

  /** Says that the outputs up to this one are known, whatever the pointer is on. */
  public Sliding reached(int output) {
    last = output;
    return this;
  }

  /** Says what the padding holds: minus infinity under a maximum. */
  public Sliding padding(float value) {
    padding = value;
    return this;
  }

  private boolean isOutput(Cell cell) {
    return !cell.grid().equals("in")
        && !cell.grid().equals("k")
        && !cell.grid().equals("lens")
        && !likeInput.contains(cell.grid())
        && cell.within(cell.grid(), outHeight, outWidth);
  }

  public boolean picture() {
    return input.picture() != null;
  }

  /** The size that all cells of the drawing share. */
  public Cells cells() {
    return cells;
  }

  /** The first row of the window of output row {@code out}; negative in the padding. */
  public int top(int out) {
    return rows.start(out);
  }

  public int left(int out) {
    return columns.start(out);
  }

  /** The last output that has been reached. */
  public int last() {
    return pick == null ? last : Math.max(n, last);
  }

  /** {@code y[2, 1]}: the output whose window is shown. */
  public String name() {
    return Num.at("y", i, j);
  }

  /** The cell of the input under the pointer, in a grid of that key and of the input's size. */
  public @Nullable Cell pickedInput(String key) {
    return pick != null && pick.within(key, input.height(), input.width()) ? pick : null;
  }

  /** Whether the pointer is on the cell of that grid. */
  public boolean picked(String grid, int row, int column) {
    return pick != null && pick.grid().equals(grid) && pick.row() == row && pick.column() == column;
  }

  /** What the convolution reads at a place of the input, padding included. */
  public float read(int row, int column) {
    int r = mode.source(row, input.height());
    int c = mode.source(column, input.width());
    return r < 0 || c < 0 ? padding : input.at(r, c);
  }

  private boolean inside(int row, int column) {
    return row >= 0 && column >= 0 && row < input.height() && column < input.width();
  }

  /** What the window reads, row-major; zeros or what the padding's mode says beside the input. */
  public float[] taps() {
    float[] taps = new float[rows.kernel() * columns.kernel()];
    for (int t = 0; t < taps.length; t++) {
      taps[t] = read(tapRow(t), tapColumn(t));
    }
    return taps;
  }

  /** The row of the input under a tap of the window, by the tap's number in scan order. */
  public int tapRow(int tap) {
    return rows.place(i, tap / columns.kernel());
  }

  public int tapColumn(int tap) {
    return columns.place(j, tap % columns.kernel());
  }

  /** Whether a tap of the window lies on the input, not on its padding. */
  public boolean onInput(int tap) {
    return inside(tapRow(tap), tapColumn(tap));
  }

  /** Whether the output (r, c) reads a place of the input, directly or through the padding. */
  public boolean reads(int r, int c, int row, int column) {
    return reads(rows, r, row, input.height()) && reads(columns, c, column, input.width());
  }

  /** Along one axis; windows are products of rows and columns. */
  private boolean reads(Window window, int output, int place, int size) {
    for (int tap = 0; tap < window.kernel(); tap++) {
      int at = window.place(output, tap);
      if (at == place || (place >= 0 && place < size && mode.source(at, size) == place)) {
        return true;
      }
    }
    return false;
  }

  // ---- panels

  /** The input, in its padding or as an image, with the window. */
  public Panel input() {
    return input("input x");
  }

  public Panel input(String title) {
    return window(picture() ? inputImage(title) : padded(title));
  }

  /** Outlines the window on a panel that has the input's places, where it can be dragged. */
  public Panel window(Panel panel) {
    return drags(panel)
        .outline(
            "window",
            Role.KERNEL,
            "",
            rows.start(i),
            columns.start(j),
            rows.span(),
            columns.span());
  }

  /** Lets the window be dragged over a panel that has the input's places, if it is the step's. */
  public Panel drags(Panel panel) {
    return steps
        ? panel.drags(
            stops(rows, outHeight), stops(columns, outWidth), i, j, rows.span(), columns.span())
        : panel;
  }

  private static Handle.Stops stops(Window window, int count) {
    return new Handle.Stops(window.start(0), window.stride(), count);
  }

  /** The input with edges that can be pulled: its size and, where it has one, its padding. */
  public Panel input(String title, String size, String pad) {
    Panel panel = input(title).resizes(size, input.height(), input.width());
    return pad.isEmpty() ? panel : panel.pads(pad);
  }

  private Raster inputImage(String title) {
    return image("in", Role.INPUT, title, input.x())
        .around(
            rows.padBefore(),
            columns.padBefore(),
            Math.max(0, rows.reach(outHeight) - input.height()),
            Math.max(0, columns.reach(outWidth) - input.width()));
  }

  private Grid padded(String title) {
    int top = rows.padBefore();
    int left = columns.padBefore();
    int high = rows.padded(input.height());
    int wide = columns.padded(input.width());
    float[] values = new float[high * wide];
    for (int p = 0; p < values.length; p++) {
      values[p] = read(p / wide - top, p % wide - left);
    }
    boolean even = top == rows.padAfter() && left == columns.padAfter() && top == left;
    Grid grid =
        new Grid("in", Role.INPUT, high, wide, cells, values)
            .padded(top, left, input.height(), input.width())
            .title(title, input.size() + (even && top > 0 ? ", padding " + top : ""))
            .part("x", title + ", " + input.size())
            .editable();
    for (int t = 0; t < rows.kernel() * columns.kernel(); t++) {
      grid.mark(tapRow(t), tapColumn(t), "tap");
      if (picked("k", t / columns.kernel(), t % columns.kernel())) {
        grid.mark(tapRow(t), tapColumn(t), "linked");
      }
    }
    return pick == null || !pick.grid().equals("in")
        ? grid
        : grid.mark(pick.row(), pick.column(), "picked");
  }

  /**
   * The kernel as numbers.
   *
   * @param weights (…, kH, kW)
   */
  public Grid kernel(String title, Tensor weights) {
    int high = rows.kernel();
    int wide = columns.kernel();
    String size = Num.size(high, wide);
    Cells side = picture() ? Cells.of(Math.min(30, 110.0 / wide)) : cells;
    Grid grid =
        new Grid("k", Role.KERNEL, high, wide, side, weights.data())
            .title(title, size)
            .part("w", title + ", " + size)
            .editable();
    for (int t = 0; t < high * wide; t++) {
      if (picked("k", t / wide, t % wide)) {
        grid.mark(t / wide, t % wide, "picked");
      }
      if (picked("in", tapRow(t), tapColumn(t)) || picked("lens", t / wide, t % wide)) {
        grid.mark(t / wide, t % wide, "linked");
      }
    }
    return grid;
  }

  /**
   * A map of one value an output, (1, 1, outH, outW): those to come are blank, those that read the
   * picked input are linked.
   */
  public Panel map(String key, Role role, String title, Tensor values) {
    String size = Num.size(values.dim(2), values.dim(3));
    if (picture()) {
      return image(key, role, title, values);
    }
    Grid grid =
        new Grid(key, role, values.dim(2), values.dim(3), cells, values.data())
            .title(title, "")
            .part(key, title + ", " + size);
    boolean onPlace = pick != null && (pick.grid().equals("in") || likeInput.contains(pick.grid()));
    Cell place = onPlace ? pick : null;
    for (int out = 0; out < outHeight * outWidth; out++) {
      int r = out / outWidth;
      int c = out % outWidth;
      if (out > last()) {
        grid.blank(r, c);
      }
      if (place != null && reads(r, c, place.row(), place.column())) {
        grid.mark(r, c, "linked");
      }
    }
    return (steps ? grid.steps() : grid).mark(i, j, "target");
  }

  /** A map of one value a place of the input, (1, 1, H, W), such as a gradient. */
  public Panel inputMap(String key, Role role, String title, Tensor values) {
    if (picture()) {
      return image(key, role, title, values);
    }
    return new Grid(key, role, values.dim(2), values.dim(3), cells, values.data())
        .title(title, "")
        .part(key, title + ", " + Num.size(values.dim(2), values.dim(3)));
  }

  /** Such a map with its size in the title and the outline of the window's output. */
  public Panel output(String key, Role role, String title, Tensor values) {
    Panel panel =
        map(key, role, title, values)
            .title(title, Num.size(values.dim(2), values.dim(3)))
            .outline("target/" + key, role, "", i, j, 1, 1);
    return steps ? panel.drags(i, j) : panel;
  }

  /** A map as an image: a gradient in its colour, one with negative values in two colours. */
  private Raster image(String key, Role role, String title, Tensor values) {
    String size = Num.size(values.dim(2), values.dim(3));
    String palette = values.smallest() < 0 ? "signed" : role == Role.GRADIENT ? "gradient" : "grey";
    double full = Math.max(palette.equals("grey") ? 255 : 1e-30, values.largestSize());
    return Raster.of(key, role, values.dim(2), values.dim(3), values.data(), palette, full, cells)
        .title(title, size)
        .part(key.equals("in") ? "x" : key, title + ", image of " + size);
  }

  /** What the window reads, large: beside an image. */
  public Grid lens() {
    double side = Math.min(30, 110.0 / columns.kernel());
    Grid lens =
        new Grid("lens", Role.INPUT, rows.kernel(), columns.kernel(), side, taps())
            .title("window", "")
            .part("x", "what the window reads")
            .scaledTo(255);
    for (int t = 0; t < rows.kernel() * columns.kernel(); t++) {
      if (!onInput(t)) {
        lens.mark(t / columns.kernel(), t % columns.kernel(), "padding");
      }
      if (picked("k", t / columns.kernel(), t % columns.kernel())) {
        lens.mark(t / columns.kernel(), t % columns.kernel(), "linked");
      }
    }
    return lens;
  }

  /** A sign between panels: ★ or =. */
  public static Text sign(String text) {
    return new Text(text, 22, "sign");
  }

  /** Thin lines from the window to what stands beside it. */
  public Link link(Panel from, Panel to, int high, int wide) {
    return new Link(
        "link",
        Role.KERNEL,
        from,
        new int[] {rows.start(i), columns.start(j), rows.span(), columns.span()},
        to,
        new int[] {0, 0, high, wide});
  }

  /** Thin lines from one cell to another. */
  public static Link cellLink(
      String key, Role role, Panel from, int row, int column, Panel to, int toRow, int toColumn) {
    return new Link(
        key, role, from, new int[] {row, column, 1, 1}, to, new int[] {toRow, toColumn, 1, 1});
  }

  /** Thin lines from a panel to the window's output. */
  public Link linkToOutput(Panel from, int high, int wide, Panel output) {
    return new Link(
        "result", Role.OUTPUT, from, new int[] {0, 0, high, wide}, output, new int[] {i, j, 1, 1});
  }

  /** The window's dot product, term by term: {@code y[i, j] = w·x + …}. */
  public Equation products(Tensor weights, float bias, double sum) {
    Equation equation = Equation.sum("[output {}]", name());
    for (int t = 0; t < weights.size(); t++) {
      int u = t / columns.kernel();
      int v = t % columns.kernel();
      boolean linked =
          picked("k", u, v) || picked("lens", u, v) || picked("in", tapRow(t), tapColumn(t));
      equation.term(weights.data()[t], read(tapRow(t), tapColumn(t)), "k/" + u + "," + v, linked);
    }
    if (bias != 0) {
      equation.bias(bias);
    }
    return equation.total(sum);
  }

  /** The drawing in the first of these compositions that fits, from the roomiest on. */
  public Scene scene(Box... compositions) {
    return cells.fit(view.stage(), compositions);
  }
}
