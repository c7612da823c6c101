package convscope.topic.chapter6;

import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.op.Im2col;
import convscope.op.Pad;
import convscope.op.PaddingMode;
import convscope.op.Window;
import convscope.scene.Box;
import convscope.scene.Cells;
import convscope.scene.Equation;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.tensor.Tensor;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.Sliding;
import convscope.topic.View;
import org.jspecify.annotations.Nullable;

/**
 * Draws an {@link Unrolled}: the window on the input, its column, and the column's outputs below
 * it, as one writes a matrix product by hand. Keys: {@code in} and {@code in1} are the channels of
 * the input, {@code back} and {@code back1} those that col2im adds up, {@code times} how often each
 * cell was counted; {@code k} is W, a filter a row, {@code out} the map of the first filter.
 */
final class WindowsAsColumnsFigure {
  private final Unrolled it;
  private final View view;
  private final Window vertical;
  private final Window horizontal;
  private final Cells cells = Cells.of(34);
  private final @Nullable Cell pick;
  private final String place; // input, cols, weights, outputs or nothing: what the pointer is on
  private final int channel; // of the input's cell under the pointer
  private final Sliding at; // the window on show
  private final int now; // its number
  private final int last; // the last that the steps have reached
  private final int wide; // outputs in a line
  private final String size; // of the input
  private final boolean multiplies; // whether W and what it is multiplied with are on show
  private final Tensor shown; // (C_in·K_h·K_w, H_out·W_out)
  private final Tensor product; // (C_out, H_out·W_out)

  WindowsAsColumnsFigure(Unrolled it, View view) {
    this.it = it;
    this.view = view;
    vertical = it.spec().vertical();
    horizontal = it.spec().horizontal();
    shown = it.shown();
    product = it.back() ? it.g() : it.product();
    wide = it.y().dim(3);
    size = it.input().size();
    multiplies = !it.back() || it.columns().equals("gradient");
    Cell cell = Cell.parse(view.pick());
    place = cell == null ? "" : place(cell);
    pick = place.isEmpty() ? null : cell;
    channel = pick != null && pick.grid().endsWith("1") ? 1 : 0;
    int k = view.step();
    if (pick != null && (place.equals("cols") || place.equals("outputs"))) {
      k = pick.column() + (pick.grid().equals("out") ? pick.row() * wide : 0);
    }
    at = new Sliding(it.input(), it.spec(), new View(k, "", view.stage()));
    now = k;
    last = Math.max(k, view.step());
  }

  /** Of which kind the cell is, or nothing for a key that names none. */
  private String place(Cell cell) {
    int top = it.back() ? 0 : vertical.padBefore();
    int left = it.back() ? 0 : horizontal.padBefore();
    int high = it.height() + 2 * top;
    Cell moved = new Cell(cell.grid(), cell.row() + top, cell.column() + left);
    for (String key :
        it.back() ? new String[] {"back", "back1", "times"} : new String[] {"in", "in1"}) {
      if (moved.within(key, high, it.width() + 2 * left)) {
        return key.endsWith("1") && it.channels() == 1 ? "" : "input";
      }
    }
    boolean output =
        cell.within("y", product.dim(0), it.count()) && multiplies
            || cell.within("out", it.y().dim(2), wide) && !it.back();
    return cell.within("cols", it.rows(), it.count())
        ? "cols"
        : cell.within("k", product.dim(0), it.rows()) && multiplies
            ? "weights"
            : output ? "outputs" : "";
  }

  Figure figure() {
    return Figure.of(scene(), equation(), caption());
  }

  // ---- what belongs together

  /** Whether an entry of cols is a copy of the cell under the pointer. */
  private boolean copies(int row, int k) {
    return pick != null
        && place.equals("input")
        && it.channel(row) == channel
        && it.row(row, k) == pick.row()
        && it.column(row, k) == pick.column();
  }

  private boolean readsPicked(int k) {
    return pick != null
        && place.equals("input")
        && vertical.reads(k / wide, pick.row())
        && horizontal.reads(k % wide, pick.column());
  }

  /** Whether a place is beside the input, on its padding. */
  private boolean beside(int row, int column) {
    return row < 0 || column < 0 || row >= it.height() || column >= it.width();
  }

  /** Whether the pointer is on this row: on one of its entries, or on its weight. */
  private boolean picksRow(int row) {
    return pick != null
        && (place.equals("cols") && pick.row() == row
            || place.equals("weights") && pick.column() == row);
  }

  // ---- drawing

  private Scene scene() {
    Grid cols = columns();
    Box[] tensors = it.back() ? images() : inputs();
    Box first = Layout.row(14, tensors);
    Box below = Layout.column(10, tensors);
    if (!multiplies) {
      return cells.fit(
          view.stage(),
          Layout.row(30, first, cols),
          Layout.row(30, below, cols),
          Layout.column(12, first, cols));
    }
    Grid w = weights();
    Box right = Layout.stack(8, cols, outputs()); // an output below its column
    return cells.fit(
        view.stage(),
        Layout.bottoms(22, Layout.column(12, first, w), right),
        Layout.bottoms(22, Layout.column(12, below, w), right),
        Layout.column(10, first, Layout.stack(8, w, right)));
  }

  /** The channels in their padding, with the window's taps, and the map of the first filter. */
  private Box[] inputs() {
    Box[] boxes = new Box[it.channels() + 1];
    for (int c = 0; c < it.channels(); c++) {
      String name = it.channels() == 1 ? "x" : "x[" + c + "]";
      int[] before = {0, 0, vertical.padBefore(), horizontal.padBefore()};
      Tensor padded = Pad.forward(it.x().plane(c), before, before, PaddingMode.ZEROS, 0);
      Grid grid = input(key("in", c), c, name, padded, Role.INPUT).editable();
      grid.title(name, size).part("x", name + ", " + size).scaledTo(it.x().largestSize());
      boxes[c] = c == 0 ? grid.resizes("size", 0, 0, it.height(), it.width()) : grid;
    }
    Tensor map = it.y().plane(0);
    Grid out =
        new Grid("out", Role.OUTPUT, map.dim(2), map.dim(3), cells, map.data())
            .title(it.y().dim(1) == 1 ? "y" : "y[0]", Num.size(map.dim(2), map.dim(3)))
            .part("y", "the map of the first filter")
            .scaledTo(it.y().largestSize())
            .steps();
    for (int k = 0; k < it.count(); k++) {
      output(out, k / wide, k % wide, k);
    }
    out.outline("target/out", Role.OUTPUT, "", at.i, at.j, 1, 1).drags(at.i, at.j);
    boxes[it.channels()] = out;
    return boxes;
  }

  /** What col2im has added up so far, a channel each, and how often it counted each cell. */
  private Box[] images() {
    Tensor sums = it.scattered(it.c(), last);
    Tensor ones = Tensor.full(1, it.cols().shape().dims());
    double most = it.scattered(it.c(), it.count()).largestSize();
    Box[] boxes = new Box[it.channels() + 1];
    for (int c = 0; c < it.channels(); c++) {
      String name = "col2im c" + (it.channels() == 1 ? "" : "[" + c + "]");
      boxes[c] = input(key("back", c), c, name, sums.plane(c), Role.GRADIENT).scaledTo(most);
    }
    Tensor times = it.scattered(ones, last).plane(0);
    boxes[it.channels()] =
        input("times", 0, "times counted", times, Role.NEUTRAL)
            .scaledTo(2 * it.readers().largestSize());
    return boxes;
  }

  private static String key(String grid, int channel) {
    return grid + (channel == 0 ? "" : channel);
  }

  /** A tensor of the input's size, in its padding or without it. */
  private Grid input(String key, int c, String title, Tensor map, Role role) {
    int top = (map.dim(2) - it.height()) / 2;
    int left = (map.dim(3) - it.width()) / 2;
    Grid grid =
        new Grid(key, role, map.dim(2), map.dim(3), cells, map.data())
            .padded(top, left, it.height(), it.width())
            .title(title, "")
            .part(key, title + ", " + size)
            .picked(view.pick());
    for (int row = 0; row < it.rows(); row++) {
      if (it.channel(row) == c) {
        grid.mark(it.row(row, now), it.column(row, now), picksRow(row) ? "linked" : "tap");
      }
    }
    if (role == Role.INPUT) { // the way back has no room for a window beyond the edge
      at.drags(grid);
    }
    grid.outlineInside(
        "window/" + key,
        Role.KERNEL,
        "",
        at.top(at.i),
        at.left(at.j),
        vertical.span(),
        horizontal.span());
    return grid;
  }

  /** The matrix of columns, those to come empty, with that of the window outlined. */
  private Grid columns() {
    Grid grid =
        new Grid(
                "cols",
                it.back() ? Role.GRADIENT : Role.INPUT,
                it.rows(),
                it.count(),
                cells,
                shown.data())
            .title(it.back() ? "c" : "cols", Num.size(it.rows(), it.count()))
            .part("cols", it.back() ? "the columns c" : "cols, a window a column")
            .picked(view.pick());
    for (int n = 0; n < shown.size(); n++) {
      int row = n / it.count();
      int k = n % it.count();
      int r = it.row(row, k);
      int j = it.column(row, k);
      if (k > last && !it.back()) {
        grid.blank(row, k);
      } else if (beside(r, j)) {
        grid.mark(row, k, "padding");
      } else if (!it.back()) {
        grid.from(row, k, key("in", it.channel(row)) + "/" + r + "," + j);
      }
      if (copies(row, k) || place.equals("weights") && picksRow(row)) {
        grid.mark(row, k, "linked");
      }
    }
    grid.outline("column", Role.KERNEL, "", 0, now, it.rows(), 1);
    grid.dragsColumn(now);
    return grid;
  }

  private Grid weights() {
    Grid grid =
        new Grid("k", Role.KERNEL, product.dim(0), it.rows(), cells, it.w().data())
            .title("W", Num.size(product.dim(0), it.rows()))
            .part("w", "W, a filter a row")
            .picked(view.pick());
    for (int n = 0; n < it.w().size(); n++) {
      int o = n / it.rows();
      int row = n % it.rows();
      boolean made =
          place.equals("outputs")
              && pick != null
              && (pick.grid().equals("out") ? o == 0 : pick.row() == o);
      if (made || copies(row, now) || place.equals("cols") && picksRow(row)) {
        grid.mark(o, row, "linked");
      }
    }
    return grid;
  }

  /** Y below cols, or its gradient g. */
  private Grid outputs() {
    Grid grid =
        new Grid(
                "y",
                it.back() ? Role.GRADIENT : Role.OUTPUT,
                product.dim(0),
                it.count(),
                cells,
                product.data())
            .title(it.back() ? "g" : "Y", it.back() ? "" : Num.size(product.dim(0), it.count()))
            .part("y", it.back() ? "the gradient g of Y" : "Y, a map a row")
            .picked(view.pick());
    for (int n = 0; n < product.size(); n++) {
      int o = n / it.count();
      int k = n % it.count();
      output(grid, o, k, k);
      if (!it.back() && k <= last && product.data()[n] != it.y().data()[n]) {
        grid.outline("mistake/" + n, Role.GRADIENT, "dashed", o, k, 1, 1);
      }
    }
    grid.outline(
        "target/y", it.back() ? Role.GRADIENT : Role.OUTPUT, "", 0, now, product.dim(0), 1);
    grid.dragsColumn(now);
    return grid;
  }

  /** What an output's cell has in common with the others: whether it is known, read, or shown. */
  private void output(Grid grid, int row, int column, int k) {
    if (k > last && !it.back()) {
      grid.blank(row, column);
    }
    if (k == now) {
      grid.mark(row, column, "target");
    }
    if (readsPicked(k)) {
      grid.mark(row, column, "linked");
    }
  }

  // ---- words

  private Equation equation() {
    if (it.back()) {
      double left = Unrolled.inner(it.cols(), it.c());
      double right = Unrolled.inner(it.x(), Im2col.col2im(it.c(), it.x().shape(), it.spec()));
      return Equation.of("")
          .together("⟨[input im2col x], [gradient c]⟩ = [output {}]", number(left))
          .say(" ")
          .together("= [output {}] = ⟨[input x], [gradient col2im c]⟩", number(right));
    }
    int o = place.equals("outputs") || place.equals("weights") ? row() : 0;
    Equation equation = Equation.sum("[output Y[{}, {}]]", o, now);
    for (int row = 0; row < it.rows(); row++) {
      float weight = it.w().data()[o * it.rows() + row];
      boolean linked = picksRow(row) || copies(row, now);
      equation.term(weight, shown.at(row, now), "k/" + o + "," + row, linked);
    }
    return equation.total(product.at(o, now));
  }

  /** The row of W or Y under the pointer. */
  private int row() {
    return pick == null || pick.grid().equals("out") ? 0 : pick.row();
  }

  /** Whole numbers with their thousands, others with two decimals. */
  private static String number(double value) {
    return value % 1 == 0 ? Num.count((long) value) : Num.value(value);
  }

  private Prose caption() {
    return it.back()
        ? backCaption()
        : pick != null && !place.equals("outputs") ? picked(pick) : forth();
  }

  private Prose forth() {
    Prose prose =
        Prose.of(
            "Column {} of [input cols] is the [kernel:w window] of [output {}], written from its"
                + " first tap to its last{, channel after channel|}; [kernel W] times it is column"
                + " {} of [output Y]. ",
            now,
            at.name(),
            it.channels() > 1,
            now);
    int spoilt = it.spoilt();
    boolean otherwise = false;
    for (int row = 0; row < it.rows(); row++) {
      otherwise |= it.order()[row] != row;
    }
    if (otherwise && spoilt == 0) {
      return prose.add(
          "The rows are in another order than the weights, yet with these weights nothing changes:"
              + " right by luck.");
    }
    if (otherwise) {
      return prose.add(
          "[gradient The rows of cols are in another order than the weights: {} of {} outputs are"
              + " wrong (dashed), y[0, 0] is {} and not {}. All shapes fit, so nothing protests.]",
          spoilt,
          product.size(),
          number(product.data()[0]),
          number(it.y().data()[0]));
    }
    prose.add(
        "[input:x x] has {number}, [input cols] has {} · {} = {}: {} times as many.",
        it.x().size(),
        it.rows(),
        it.count(),
        it.cols().size(),
        it.blowUp());
    return spoilt == 0
        ? prose.add(" The product and the convolution agree exactly.")
        : prose.add(
            " Product and convolution agree {}.",
            Num.agreement(product.minus(it.y().reshaped(product.shape().dims())).largestSize()));
  }

  private Prose picked(Cell cell) {
    if (place.equals("cols")) {
      int r = it.row(cell.row(), now);
      int j = it.column(cell.row(), now);
      return Prose.of(
          "Row {}, column {} of [input cols] is a copy of [input {}] = {}{, padding|}: what [kernel"
              + " {}] meets in the window of [output {}].",
          cell.row(),
          cell.column(),
          at("x", it.channel(cell.row()), r, j),
          shown.at(cell.row(), now),
          beside(r, j),
          weight(cell.row()),
          at.name());
    }
    if (place.equals("weights")) {
      return Prose.of(
          "[kernel W[{}, {}] = {}] multiplies row {} of [input cols]: what this tap meets in each"
              + " of the {window}.",
          cell.row(),
          cell.column(),
          it.w().data()[cell.row() * it.rows() + cell.column()],
          cell.column(),
          it.count());
    }
    int copies = 0; // a window reads a cell once
    for (int k = 0; k < it.count(); k++) {
      copies += readsPicked(k) ? 1 : 0;
    }
    return Prose.of(
        "[input {}] stands in [input cols] {time}, once for each window that reads it, in"
            + " {a column|columns} of {its|their} own.",
        at("x", channel, cell.row(), cell.column()),
        copies,
        copies == 1,
        copies == 1);
  }

  private String at(String name, int c, int row, int column) {
    return it.channels() == 1 ? Num.at(name, row, column) : Num.at(name, c, row, column);
  }

  /** The weight of a row of W, by its channel and tap. */
  private String weight(int row) {
    int taps = it.rows() / it.channels();
    int across = horizontal.kernel();
    return at("w", row / taps, row % taps / across, row % taps % across);
  }

  private Prose backCaption() {
    Tensor times = it.readers();
    int most = (int) times.largestSize();
    if (pick != null && place.equals("input")) {
      int cell = (channel * it.height() + pick.row()) * it.width() + pick.column();
      return Prose.of(
          "[input {}] is read by {window}, so col2im adds {number}: [gradient {}].",
          at("x", channel, pick.row(), pick.column()),
          (int) times.data()[cell],
          (int) times.data()[cell],
          number(Im2col.col2im(it.c(), it.x().shape(), it.spec()).data()[cell]));
    }
    Prose prose =
        Prose.of(
            "Column {} of [gradient c] is added where the [kernel:w window] of [output {}] was read"
                + "{; what fell on padding is dropped|}. ",
            now,
            at.name(),
            vertical.padBefore() > 0);
    return switch (it.columns()) {
      case "ones" ->
          prose.add(
              "Ones add up to how many windows read each cell: {} to {}.",
              (int) times.smallest(),
              most);
      case "gradient" -> {
        Tensor g = it.g().reshaped(it.y().shape().dims());
        Tensor dx = Conv2d.inputGradient(g, it.w(), it.x().shape(), it.spec());
        double apart = dx.minus(Im2col.col2im(it.c(), it.x().shape(), it.spec())).largestSize();
        yield prose.add(
            "With c = Wᵀ·g the sum is the gradient of the input; both ways agree {}.",
            Num.agreement(apart));
      }
      default ->
          prose.add(
              "The copies of x do not give x back: each cell is counted once for each of the"
                  + " {} to {} windows that read it.",
              (int) times.smallest(),
              most);
    };
  }
}
