package convscope.topic.chapter2;

import convscope.num.Num;
import convscope.scene.Box;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Paragraph;
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Text;
import convscope.scene.Title;
import convscope.scene.Twin;
import convscope.scene.Window;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.View;
import org.jspecify.annotations.Nullable;

/**
 * Draws a transposed convolution along one axis, with numbers: scattered, as a convolution of the
 * stretched input, or as a matrix.
 */
final class TransposedFigure {
  private static final double LARGEST_CELL = 34;

  private final OutputSize size;
  private final Transposed example;
  private final Axis axis;
  private final View view;
  private final String way;
  private final @Nullable Cell pick;
  private final int at; // the input cell (scatter) or the output (otherwise) that is shown

  TransposedFigure(OutputSize size, Transposed example, View view) {
    this.size = size;
    this.example = example;
    this.view = view;
    axis = example.axis();
    way = size.values().choice("view");
    Cell cell = Cell.parse(view.pick());
    pick = cell;
    int shown = view.step();
    if (cell != null && way.equals("scatter")) {
      shown =
          cell.within("x", axis.in(), 1) || cell.grid().equals("copy") && isCopyRow(cell.row())
              ? cell.row()
              : shown;
    } else if (cell != null && cell.within("y", 1, axis.out())) {
      shown = cell.column();
    } else if (cell != null && cell.within("y", axis.out(), 1)) {
      shown = cell.row();
    } else if (cell != null && cell.within("t", axis.out(), axis.in())) {
      shown = cell.row();
    }
    at = shown;
  }

  private boolean isCopyRow(int row) {
    return row >= 0 && row < axis.in();
  }

  /** How many steps a view has. */
  static int steps(OutputSize size, Transposed example) {
    return size.values().choice("view").equals("scatter")
        ? example.axis().in()
        : example.axis().out();
  }

  Figure figure() {
    return new Figure(scene(), Findings.alt(size), Derivation.html(size), caption().html(), twin());
  }

  private Scene scene() {
    double margin = view.narrow() ? 8 : 14;
    double room = view.width() - 2 * margin;
    Drawing drawing =
        switch (way) {
          case "zeros" -> zeros(room);
          case "matrix" -> matrix(room);
          default -> scatter(room);
        };
    Paragraph check =
        new Paragraph(
            size.check()
                + " · scatter, zero insertion and T(w)ᵀ agree with it: largest difference "
                + Num.cell(example.difference()),
            room,
            13,
            size.agrees() && example.difference() == 0 ? Role.OUTPUT : Role.GRADIENT);
    Search search = size.search();
    Box below =
        size.mistake() == Mistake.NONE
            ? check
            : Layout.column(
                8,
                new Paragraph(
                    "height "
                        + Notes.wrong(size.height(), size.mistake(), "row")
                        + "; width "
                        + Notes.wrong(size.width(), size.mistake(), "column"),
                    room,
                    13,
                    Role.GRADIENT),
                check);
    Box all =
        search == null
            ? Layout.column(18, drawing.box, below)
            : Layout.column(22, new SearchTable(search, room, pick), drawing.box, below);
    Scene scene = Scene.of(view.width(), margin, all);
    drawing.after.on(scene);
    return scene;
  }

  /** Boxes to lay out, and outlines that need to know where they came to lie. */
  private record Drawing(Box box, Outlines after) {}

  private interface Outlines {
    void on(Scene scene);
  }

  // ---- scatter

  private Drawing scatter(double room) {
    int first = -axis.padding();
    int full = Math.max((axis.in() - 1) * axis.stride() + axis.span(), axis.padding() + axis.out());
    double beside = view.narrow() ? 10 : 22;
    double cell = Math.min(LARGEST_CELL, (room - beside) / (full + 1));
    Grid kernel = kernel("k", example.w(), Math.max(cell, 20));
    Grid x = inputColumn(cell);
    Grid copies = copies(cell, first, full);
    Grid y = outputRow(cell, first, full, example.partial(pick == null ? at : axis.in() - 1), true);
    Box rows = new Aligned(x, copies, y, cell + beside);
    return new Drawing(
        Layout.column(14, kernel, rows),
        scene -> {
          scene.addBelow(
              new Window(
                  "band",
                  Role.OUTPUT,
                  "band",
                  copies.left(at * axis.stride() - axis.padding()),
                  copies.top(at),
                  axis.span() * cell,
                  y.top(0) - copies.top(at)));
          scene.add(x.around("window", Role.INPUT, at, 0, 1, 1));
          scene.add(
              copies.around(
                  "copy", Role.KERNEL, at, at * axis.stride() - axis.padding(), 1, axis.span()));
          scene.add(y.around("target", Role.OUTPUT, 0, 0, 1, axis.out()));
        });
  }

  /** The input beside the copies, the output below them in the same columns. */
  private static final class Aligned implements Box {
    private final Grid x;
    private final Grid copies;
    private final Grid y;
    private final double indent;

    Aligned(Grid x, Grid copies, Grid y, double indent) {
      this.x = x;
      this.copies = copies;
      this.y = y;
      this.indent = indent;
    }

    @Override
    public double width() {
      return indent + copies.width();
    }

    @Override
    public double height() {
      return Title.HEIGHT + x.height() + 34 + y.cellSize();
    }

    @Override
    public void place(Scene scene, double left, double top) {
      double below = top + Title.HEIGHT;
      scene.add(Title.above("x", "", Role.INPUT, "x", left, below));
      scene.add(
          Title.above(
              "x · w", "one copy for each input cell", Role.KERNEL, "w", left + indent, below));
      x.place(scene, left, below);
      copies.place(scene, left + indent, below);
      double bottom = below + x.height() + 34;
      scene.add(
          Title.above("y", "the sum of each column", Role.OUTPUT, "y", left + indent, bottom));
      y.place(scene, left + indent, bottom);
    }
  }

  private Grid copies(double cell, int first, int full) {
    Grid copies =
        new Grid("copy", Role.KERNEL, axis.in(), full, cell, products(first, full))
            .origin(0, first)
            .part("w", "scaled copies of the kernel")
            .frameless();
    for (int p = 0; p < axis.in(); p++) {
      for (int o = first; o < first + full; o++) {
        if (example.tap(p, o) < 0) {
          copies.omit(p, o);
        } else {
          if (pick == null && p > at) {
            copies.blank(p, o);
          }
          if (o < 0 || o >= axis.out()) {
            copies.mark(p, o, "padding");
          }
          if (pick != null && pick.within("y", 1, axis.out()) && pick.column() == o) {
            copies.mark(p, o, "linked");
          }
        }
      }
    }
    if (pick != null && pick.grid().equals("copy")) {
      copies.mark(pick.row(), pick.column(), "picked");
    }
    return copies;
  }

  private float[] products(int first, int full) {
    float[] products = new float[axis.in() * full];
    for (int p = 0; p < axis.in(); p++) {
      for (int n = 0; n < full; n++) {
        int tap = example.tap(p, first + n);
        products[p * full + n] = tap < 0 ? 0 : example.x()[p] * example.w()[tap];
      }
    }
    return products;
  }

  private Grid outputRow(double cell, int first, int full, float[] sums, boolean cut) {
    float[] values = new float[full];
    for (int o = 0; o < axis.out(); o++) {
      values[o - first] = sums[o];
    }
    Grid y =
        new Grid("y", Role.OUTPUT, 1, full, cell, values)
            .origin(0, first)
            .part("y", "output y, " + axis.out())
            .frameless()
            .scaledTo(largest(example.y()));
    for (int o = first; o < first + full; o++) {
      if (o < 0 || o >= axis.out()) {
        y.label(0, o, cut ? "×" : "", "cut away by the padding").mark(0, o, "padding");
      }
      if (pick != null && pick.grid().equals("copy") && pick.column() == o) {
        y.mark(0, o, "linked");
      }
    }
    return y;
  }

  // ---- zero insertion

  private Drawing zeros(double room) {
    int length = example.stretched().length;
    double cell = Math.min(LARGEST_CELL, room / length);
    float[] flipped = new float[axis.kernel()];
    for (int u = 0; u < flipped.length; u++) {
      flipped[u] = example.w()[flipped.length - 1 - u];
    }
    Grid kernel = kernel("k", flipped, Math.max(cell, 20));
    Grid stretched = stretched(cell);
    Grid y = outputRow(cell, 0, axis.out(), example.y(), false);
    for (int o = 0; o < axis.out(); o++) {
      if (pick == null && o > at) {
        y.blank(0, o);
      }
    }
    Under rows = new Under(stretched, slid(cell, flipped), y, at, cell);
    return new Drawing(
        Layout.column(14, kernel, rows),
        scene -> {
          scene.add(stretched.around("window", Role.KERNEL, 0, at, 1, axis.span()));
          scene.add(y.around("target", Role.OUTPUT, 0, at, 1, 1));
        });
  }

  /** The stretched input, the flipped kernel under its window, and the output below. */
  private static final class Under implements Box {
    private final Grid stretched;
    private final Grid slid;
    private final Grid y;
    private final int at;
    private final double cell;

    Under(Grid stretched, Grid slid, Grid y, int at, double cell) {
      this.stretched = stretched;
      this.slid = slid;
      this.y = y;
      this.at = at;
      this.cell = cell;
    }

    @Override
    public double width() {
      return stretched.width();
    }

    @Override
    public double height() {
      return Title.HEIGHT + 2 * cell + 4 + 34 + cell;
    }

    @Override
    public void place(Scene scene, double left, double top) {
      double below = top + Title.HEIGHT;
      scene.add(
          Title.above("x", "stretched: zeros between and around", Role.INPUT, "x", left, below));
      stretched.place(scene, left, below);
      slid.place(scene, left + at * cell, below + cell + 4);
      double bottom = below + 2 * cell + 4 + 34;
      scene.add(
          Title.above(
              "y", "one output for each place of the window", Role.OUTPUT, "y", left, bottom));
      y.place(scene, left, bottom);
    }
  }

  private Grid stretched(double cell) {
    int length = example.stretched().length;
    Grid grid =
        new Grid("z", Role.INPUT, 1, length, cell, example.stretched())
            .part("x", "stretched input");
    for (int place = 0; place < length; place++) {
      if (example.source(place) < 0) {
        grid.mark(0, place, "padding");
      }
      int offset = place - at;
      if (offset >= 0 && offset < axis.span() && offset % axis.dilation() == 0) {
        grid.mark(0, place, "tap");
      }
    }
    if (pick != null && pick.grid().equals("z")) {
      grid.mark(0, pick.column(), "picked");
    }
    return grid;
  }

  private Grid slid(double cell, float[] flipped) {
    float[] values = new float[axis.span()];
    for (int u = 0; u < flipped.length; u++) {
      values[u * axis.dilation()] = flipped[u];
    }
    Grid grid =
        new Grid("slid", Role.KERNEL, 1, axis.span(), cell, values)
            .part("w", "flipped kernel at its place")
            .frameless();
    for (int offset = 0; offset < axis.span(); offset++) {
      if (offset % axis.dilation() != 0) {
        grid.omit(0, offset);
      }
    }
    return grid;
  }

  // ---- matrix

  private Drawing matrix(double room) {
    double gap = 14;
    double cell =
        Math.min(
            28,
            Math.min((room - 4 * gap - 40) / (axis.in() + 2), Math.max(10, 560.0 / axis.out())));
    Grid y = new Grid("y", Role.OUTPUT, axis.out(), 1, cell, example.y()).part("y", "output y");
    Grid t = toeplitz(cell);
    Grid x = inputColumn(cell);
    for (int o = 0; o < axis.out(); o++) {
      if (pick == null && o > at) {
        y.blank(o, 0);
      }
    }
    for (int p = 0; p < axis.in(); p++) {
      if (example.tap(p, at) >= 0) {
        x.mark(p, 0, "linked");
      }
    }
    Box matrix =
        Layout.row(
            gap,
            titled(y, "y", Role.OUTPUT, "y"),
            new Text("=", 20, "sign"),
            titled(t, "T(w)ᵀ", Role.KERNEL, "w"),
            new Text("·", 20, "sign"),
            titled(x, "x", Role.INPUT, "x"));
    return new Drawing(
        Layout.column(14, kernel("k", example.w(), Math.max(cell, 20)), matrix),
        scene -> {
          scene.add(t.around("window", Role.KERNEL, at, 0, 1, axis.in()));
          scene.add(y.around("target", Role.OUTPUT, at, 0, 1, 1));
        });
  }

  private static Grid titled(Grid grid, String title, Role role, String part) {
    return grid.title(title, "").part(part, title + " as a " + role.css() + " column");
  }

  private Grid toeplitz(double cell) {
    Grid t =
        new Grid("t", Role.KERNEL, axis.out(), axis.in(), cell, example.matrix())
            .part("w", "matrix T(w) transposed");
    for (int o = 0; o < axis.out(); o++) {
      for (int p = 0; p < axis.in(); p++) {
        int tap = example.tap(p, o);
        if (tap < 0) {
          t.label(o, p, "", "0");
        } else if (pick != null
            && pick.grid().equals("t")
            && tap == example.tap(pick.column(), pick.row())) {
          t.mark(o, p, "linked");
        } else if (pick != null && pick.within("k", 1, axis.kernel()) && tap == pick.column()) {
          t.mark(o, p, "linked");
        }
      }
    }
    return t;
  }

  // ---- shared

  private Grid kernel(String key, float[] values, double cell) {
    String note =
        way.equals("zeros") ? "flipped" : axis.dilation() > 1 ? "dilation " + axis.dilation() : "";
    return new Grid(key, Role.KERNEL, 1, values.length, Math.min(cell, 30), values)
        .title("kernel w", note)
        .part("w", "kernel w");
  }

  private Grid inputColumn(double cell) {
    Grid x = new Grid("x", Role.INPUT, axis.in(), 1, cell, example.x()).part("x", "input x");
    if (pick != null && pick.within("y", 1, axis.out())) {
      for (int p = 0; p < axis.in(); p++) {
        if (example.tap(p, pick.column()) >= 0) {
          x.mark(p, 0, "linked");
        }
      }
    }
    return x;
  }

  private static float largest(float[] values) {
    float largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  // ---- words

  private Prose caption() {
    Prose prose = new Prose();
    Search search = size.search();
    String tried = search == null ? null : SearchTable.said(search, pick);
    if (tried != null) {
      return prose.say(Role.OUTPUT, tried);
    }
    boolean output = !way.equals("scatter") || pick != null && pick.within("y", 1, axis.out());
    if (output) {
      int o = way.equals("scatter") && pick != null ? pick.column() : at;
      sum(prose, o);
    } else {
      scattered(prose);
    }
    prose.say(" ");
    return prose.say(search == null ? Findings.sizes(size) : SearchWords.answer(search) + ".");
  }

  private void scattered(Prose prose) {
    prose
        .say("Input cell ")
        .say(Role.INPUT, "x[" + at + "] = " + Num.decimal(example.x()[at], 2))
        .say(" adds ")
        .say(Role.KERNEL, Num.decimal(example.x()[at], 2) + "·w")
        .say(" to ");
    int first = -1;
    int last = -1;
    int cut = 0;
    for (int u = 0; u < axis.kernel(); u++) {
      int o = axis.stride() * at - axis.padding() + u * axis.dilation();
      if (o < 0 || o >= axis.out()) {
        cut++;
      } else {
        first = first < 0 ? o : first;
        last = o;
      }
    }
    if (first < 0) {
      prose.say("places that the padding cuts away.");
      return;
    }
    prose
        .say(
            Role.OUTPUT, first == last ? "y[" + first + "]" : "y[" + first + "] to y[" + last + "]")
        .say(cut == 0 ? "." : "; the padding cuts " + cut + " of its taps away.");
  }

  /** {@code y[3] = 1·2 + 3·1 = 5} and how many copies overlap there. */
  private void sum(Prose prose, int o) {
    int terms = 0;
    prose.say(Role.OUTPUT, "y[" + o + "]").say(" = ");
    for (int p = 0; p < axis.in(); p++) {
      int tap = example.tap(p, o);
      if (tap >= 0) {
        prose
            .say(terms == 0 ? "" : " + ")
            .say(Role.KERNEL, Num.decimal(example.w()[tap], 2))
            .say("·")
            .say(Role.INPUT, Num.decimal(example.x()[p], 2));
        terms++;
      }
    }
    if (terms == 0) {
      prose.say("0: no input cell reaches it.");
      return;
    }
    if (terms > 1) {
      prose.say(" = ").say(Role.OUTPUT, Num.decimal(example.y()[o], 2));
    }
    prose.say(
        terms == 1 ? ": one input cell reaches it." : ": " + terms + " input cells reach it.");
  }

  private String twin() {
    Twin twin = new Twin().say(caption().plain()).say(Findings.alt(size));
    Findings.addTo(twin, size);
    twin.table("Input x", 1, axis.in(), example.x());
    twin.table("Kernel w", 1, axis.kernel(), example.w());
    switch (way) {
      case "zeros" ->
          twin.table("Stretched input", 1, example.stretched().length, example.stretched());
      case "matrix" -> twin.table("T(w) transposed", axis.out(), axis.in(), example.matrix());
      default -> twin.table("Copies", axis.in(), axis.out(), products(0, axis.out()));
    }
    return twin.table("Output y", 1, axis.out(), example.y()).toString();
  }
}
