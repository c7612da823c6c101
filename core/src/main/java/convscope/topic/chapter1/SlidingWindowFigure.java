package convscope.topic.chapter1;

import convscope.data.Picture;
import convscope.num.Num;
import convscope.scene.Box;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Line;
import convscope.scene.Lines;
import convscope.scene.Markup;
import convscope.scene.Prose;
import convscope.scene.Raster;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Text;
import convscope.scene.Title;
import convscope.scene.Twin;
import convscope.scene.Window;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.View;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Draws a {@link SlidingWindow}: as numbers, as an image with a magnifier, or as a dense layer. */
final class SlidingWindowFigure {
  private static final double MARGIN = 14;
  private static final double LARGEST_CELL = 42;
  private static final double INPUT_TITLE = Title.width("input x", "12 × 12, padding 3");
  private static final double TITLE = Title.width("output y", "12 × 12");
  private static final double SIGNS = 120; // the signs between the grids and the room around them
  private static final double IMAGE = 270; // longest side of an image in a wide drawing
  private static final long MOST_CONNECTIONS =
      12_000; // drawn one by one; more would be a grey slab

  private final SlidingWindow window;
  private final View view;
  private final @Nullable Cell pick;
  private final int i; // row of the output whose window is shown
  private final int j;

  SlidingWindowFigure(SlidingWindow window, View view) {
    this.window = window;
    this.view = view;
    Cell at = Cell.parse(view.pick());
    pick = at;
    int step = view.step();
    int row = step / window.outWidth();
    int column = step % window.outWidth();
    if (at != null && at.within("out", window.outHeight(), window.outWidth())) {
      row = at.row();
      column = at.column();
    } else if (at != null && at.grid().equals("in") && window.picture() != null) {
      row =
          nearest(
              at.row(),
              window.spanRows(),
              window.spec().strideH(),
              window.spec().padTop(),
              window.outHeight());
      column =
          nearest(
              at.column(),
              window.spanColumns(),
              window.spec().strideW(),
              window.spec().padLeft(),
              window.outWidth());
    }
    i = row;
    j = column;
  }

  /** The output whose window is centred nearest to a place of the input. */
  private static int nearest(int place, int span, int stride, int padding, int outputs) {
    long at = Num.round((place + padding - (span - 1) / 2.0) / stride);
    return (int) Math.max(0, Math.min(outputs - 1, at));
  }

  Figure figure() {
    Prose caption = caption();
    List<Raster> rasters = new ArrayList<>();
    Scene scene;
    if (window.picture() != null) {
      scene = imageScene(rasters);
    } else {
      scene = window.values().flag("dense") ? denseScene() : gridScene();
    }
    return new Figure(scene, equation(), caption, twin(), rasters);
  }

  // ---- numbers

  private Scene gridScene() {
    int paddedColumns = window.width() + window.spec().padLeft() + window.spec().padRight();
    int kernelColumns = window.spec().kernelWidth();
    double cell =
        view.narrow()
            ? Math.min(
                40,
                Math.min(
                    (View.NARROW - 12) / paddedColumns,
                    (View.NARROW - 54) / (kernelColumns + window.outWidth())))
            : wideCell(paddedColumns, kernelColumns, window.outWidth());
    Grid input = inputGrid(cell);
    Grid kernel = kernelGrid(cell);
    Grid output = outputGrid(cell);
    Scene scene =
        view.narrow()
            ? narrow(input, kernel, output)
            : Scene.of(
                View.WIDE, MARGIN, Layout.row(18, input, sign("★"), kernel, sign("="), output));
    links(scene, input, kernel, output);
    if (window.values().flag("mistake")) {
      scene.add(
          new Window(
              "mistake",
              Role.GRADIENT,
              "dashed",
              input.left(j - window.spec().padLeft()) + 2,
              input.top(i - window.spec().padTop()) + 2,
              window.spanColumns() * cell - 4,
              window.spanRows() * cell - 4));
    }
    scene.add(
        input.around(
            "window",
            Role.KERNEL,
            window.windowRow(i),
            window.windowColumn(j),
            window.spanRows(),
            window.spanColumns()));
    scene.add(output.around("target", Role.OUTPUT, i, j, 1, 1));
    return scene;
  }

  /** The largest cell with which input, kernel and output stand in a row, titles included. */
  private static double wideCell(int input, int kernel, int output) {
    double cell = LARGEST_CELL;
    while (cell > 8
        && Math.max(input * cell, INPUT_TITLE)
                + Math.max(kernel * cell, TITLE)
                + Math.max(output * cell, TITLE)
            > View.WIDE - SIGNS) {
      cell -= 0.5;
    }
    return cell;
  }

  private static Scene narrow(Box input, Box kernel, Box output) {
    double side = kernel.width() + output.width() + 40;
    Box below =
        side <= View.NARROW - 8
            ? Layout.row(10, kernel, sign("="), output)
            : Layout.column(12, kernel, output);
    return Scene.of(View.NARROW, MARGIN, Layout.column(16, input, below));
  }

  private static Text sign(String text) {
    return new Text(text, 22, "sign");
  }

  private Grid inputGrid(double cell) {
    int top = window.spec().padTop();
    int left = window.spec().padLeft();
    int rows = window.height() + top + window.spec().padBottom();
    int columns = window.width() + left + window.spec().padRight();
    float[] values = new float[rows * columns];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        values[r * columns + c] = window.read(r - top, c - left);
      }
    }
    String size = window.height() + " × " + window.width();
    Grid grid =
        new Grid("in", Role.INPUT, rows, columns, cell, values)
            .origin(-top, -left)
            .title("input x", size + (top > 0 ? ", padding " + top : ""))
            .part("x", "input x, " + size)
            .editable();
    for (int r = -top; r < rows - top; r++) {
      for (int c = -left; c < columns - left; c++) {
        if (r < 0 || c < 0 || r >= window.height() || c >= window.width()) {
          grid.mark(r, c, "padding");
        }
      }
    }
    for (int u = 0; u < window.spec().kernelHeight(); u++) {
      for (int v = 0; v < window.spec().kernelWidth(); v++) {
        grid.mark(tapRow(u), tapColumn(v), "tap");
        if (picked("k", u, v)) {
          grid.mark(tapRow(u), tapColumn(v), "linked");
        }
      }
    }
    if (pick != null && pick.grid().equals("in")) {
      grid.mark(pick.row(), pick.column(), "picked");
    }
    return grid;
  }

  private Grid kernelGrid(double cell) {
    int rows = window.spec().kernelHeight();
    int columns = window.spec().kernelWidth();
    Grid grid =
        new Grid("k", Role.KERNEL, rows, columns, cell, window.kernel().data())
            .title("kernel w", rows + " × " + columns)
            .part("w", "kernel w, " + rows + " × " + columns)
            .editable();
    for (int u = 0; u < rows; u++) {
      for (int v = 0; v < columns; v++) {
        if (picked("k", u, v)) {
          grid.mark(u, v, "picked");
        }
        if (pick != null
            && pick.grid().equals("in")
            && tapRow(u) == pick.row()
            && tapColumn(v) == pick.column()) {
          grid.mark(u, v, "linked");
        }
      }
    }
    return grid;
  }

  private Grid outputGrid(double cell) {
    int rows = window.outHeight();
    int columns = window.outWidth();
    Grid grid =
        new Grid("out", Role.OUTPUT, rows, columns, cell, window.output().data())
            .title("output y", rows + " × " + columns)
            .part("y", "output y, " + rows + " × " + columns);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        if (pick == null && r * columns + c > view.step()) {
          grid.blank(r, c);
        }
        if (pick != null
            && pick.grid().equals("in")
            && window.reads(r, c, pick.row(), pick.column())) {
          grid.mark(r, c, "linked");
        }
      }
    }
    return grid.mark(i, j, "target");
  }

  /** Thin lines from the window to the kernel and from the kernel to the output cell. */
  private void links(Scene scene, Grid input, Grid kernel, Grid output) {
    if (view.narrow()) {
      return;
    }
    double cell = input.cellSize();
    double right = input.left(window.windowColumn(j) + window.spanColumns()) + 1;
    double top = input.top(window.windowRow(i)) - 1;
    double bottom = input.top(window.windowRow(i) + window.spanRows()) + 1;
    double kernelRight = kernel.left(window.spec().kernelWidth());
    double kernelBottom = kernel.top(window.spec().kernelHeight());
    scene.addBelow(
        new Line("link/1", Role.KERNEL, "thin", right, top, kernel.left(0), kernel.top(0)));
    scene.addBelow(
        new Line("link/2", Role.KERNEL, "thin", right, bottom, kernel.left(0), kernelBottom));
    scene.addBelow(
        new Line(
            "link/3",
            Role.OUTPUT,
            "thin",
            kernelRight,
            kernel.top(0),
            output.left(j),
            output.top(i)));
    scene.addBelow(
        new Line(
            "link/4",
            Role.OUTPUT,
            "thin",
            kernelRight,
            kernelBottom,
            output.left(j),
            output.top(i) + cell));
  }

  // ---- as a dense layer

  private Scene denseScene() {
    int inputs = window.height() * window.width();
    double length = view.narrow() ? View.NARROW - 2 * MARGIN : 470;
    double across = view.narrow() ? 210 : 300;
    double cell =
        view.narrow()
            ? Math.min(26, 150.0 / Math.max(window.width(), window.outWidth()))
            : Math.min(28, 200.0 / Math.max(window.width(), window.outWidth()));
    Grid input =
        smallGrid(
                "in",
                Role.INPUT,
                window.height(),
                window.width(),
                cell,
                window.input().data(),
                "input x",
                "x")
            .editable();
    Grid output =
        smallGrid(
            "out",
            Role.OUTPUT,
            window.outHeight(),
            window.outWidth(),
            cell,
            window.output().data(),
            "output y",
            "y");
    Gap gap = new Gap(view.narrow() ? length : across, view.narrow() ? across : length);
    Scene scene =
        view.narrow()
            ? Scene.of(View.NARROW, MARGIN, Layout.column(16, input, gap, output))
            : Scene.of(View.WIDE, MARGIN, Layout.row(24, input, gap, output));
    Lines all = new Lines("dense/all", "connection");
    Lines local = new Lines("dense/local", "connection kernel");
    Lines current = new Lines("dense/current", "connection kernel strong");
    boolean every = window.denseWeights() <= MOST_CONNECTIONS;
    for (int out = 0; out < window.outputs(); out++) {
      boolean active = out == i * window.outWidth() + j;
      for (int in = 0; in < inputs; in++) {
        double[] from = gap.node(in, inputs, length, false, view.narrow());
        double[] to = gap.node(out, window.outputs(), length, true, view.narrow());
        boolean reads =
            window.reads(
                out / window.outWidth(),
                out % window.outWidth(),
                in / window.width(),
                in % window.width());
        Lines lines = reads ? (active ? current : local) : all;
        if (reads || every || active) {
          lines.add(from[0], from[1], to[0], to[1]);
        }
      }
    }
    scene.add(all);
    scene.add(local);
    scene.add(current);
    scene.add(
        input.around(
            "window",
            Role.KERNEL,
            Math.max(0, window.windowRow(i)),
            Math.max(0, window.windowColumn(j)),
            Math.min(window.height(), window.windowRow(i) + window.spanRows())
                - Math.max(0, window.windowRow(i)),
            Math.min(window.width(), window.windowColumn(j) + window.spanColumns())
                - Math.max(0, window.windowColumn(j))));
    scene.add(output.around("target", Role.OUTPUT, i, j, 1, 1));
    return scene;
  }

  private Grid smallGrid(
      String key,
      Role role,
      int rows,
      int columns,
      double cell,
      float[] values,
      String title,
      String part) {
    Grid grid =
        new Grid(key, role, rows, columns, cell, values)
            .title(title, rows + " × " + columns)
            .part(part, title + ", " + rows + " × " + columns);
    if (pick != null && pick.grid().equals("in")) {
      for (int r = 0; r < window.outHeight() && key.equals("out"); r++) {
        for (int c = 0; c < window.outWidth(); c++) {
          if (window.reads(r, c, pick.row(), pick.column())) {
            grid.mark(r, c, "linked");
          }
        }
      }
    }
    return grid;
  }

  /** Room between the grids in which the connections run. */
  private static final class Gap implements Box {
    private final double width;
    private final double height;
    private double x;
    private double y;

    Gap(double width, double height) {
      this.width = width;
      this.height = height;
    }

    @Override
    public double width() {
      return width;
    }

    @Override
    public double height() {
      return height;
    }

    @Override
    public void place(Scene scene, double left, double top) {
      x = left;
      y = top;
    }

    /**
     * Where the n-th of {@code count} nodes sits: inputs on the near side, outputs on the far one.
     */
    double[] node(int n, int count, double length, boolean far, boolean across) {
      double along = (n + 0.5) * length / count;
      double depth = far ? (across ? height : width) : 0;
      return across ? new double[] {x + along, y + depth} : new double[] {x + depth, y + along};
    }
  }

  // ---- as an image

  private Scene imageScene(List<Raster> rasters) {
    double side = view.narrow() ? View.NARROW - 2 * MARGIN : IMAGE;
    int padding = window.spec().padTop(); // the window's outline may reach into it
    double scale =
        side
            / Math.max(
                Math.max(window.height(), window.width()) + 2 * padding,
                Math.max(window.outHeight(), window.outWidth()));
    double around = MARGIN + padding * scale;
    Raster input =
        raster(
                "in",
                Role.INPUT,
                window.height(),
                window.width(),
                Raster.levels(window.input().data(), "grey", 255),
                "grey",
                scale)
            .title("input x", window.height() + " × " + window.width())
            .part("x", "input image x, " + window.height() + " × " + window.width());
    float[] y = window.output().data();
    float least = 0;
    float most = 0;
    for (float value : y) {
      least = Math.min(least, value);
      most = Math.max(most, Math.abs(value));
    }
    String palette = least < 0 ? "signed" : "grey";
    double full = least < 0 ? most : Math.max(255, most);
    Raster output =
        raster(
                "out",
                Role.OUTPUT,
                window.outHeight(),
                window.outWidth(),
                Raster.levels(y, palette, full),
                palette,
                scale)
            .title("output y", window.outHeight() + " × " + window.outWidth())
            .part("y", "output image y, " + window.outHeight() + " × " + window.outWidth());
    rasters.add(input);
    rasters.add(output);
    int kernelRows = window.spec().kernelHeight();
    int kernelColumns = window.spec().kernelWidth();
    double cell = Math.min(40, (view.narrow() ? (View.NARROW - 50) / 2 : 250) / kernelColumns);
    float[] read = new float[kernelRows * kernelColumns];
    for (int u = 0; u < kernelRows; u++) {
      for (int v = 0; v < kernelColumns; v++) {
        read[u * kernelColumns + v] = window.read(tapRow(u), tapColumn(v));
      }
    }
    Grid lens =
        new Grid("lens", Role.INPUT, kernelRows, kernelColumns, cell, read)
            .title("window", view.narrow() ? "" : "magnified")
            .part("x", "what the window reads")
            .scaledTo(255);
    Grid kernel = kernelGrid(cell);
    for (int u = 0; u < kernelRows; u++) {
      for (int v = 0; v < kernelColumns; v++) {
        if (picked("k", u, v)) {
          lens.mark(u, v, "linked");
        }
        if (picked("lens", u, v)) {
          kernel.mark(u, v, "linked");
        }
      }
    }
    Scene scene =
        view.narrow()
            ? Scene.of(
                View.NARROW,
                around,
                Layout.column(around, input, Layout.row(22, lens, kernel), output))
            : Scene.of(
                View.WIDE,
                around,
                Layout.row(
                    26 + padding * scale,
                    input,
                    Layout.column(14, lens, sign("★"), kernel),
                    output));
    Window frame =
        input.around(
            "window",
            Role.KERNEL,
            window.windowRow(i),
            window.windowColumn(j),
            window.spanRows(),
            window.spanColumns(),
            9);
    scene.add(frame);
    Window target = output.around("target", Role.OUTPUT, i, j, 1, 1, 7);
    scene.add(target);
    if (!view.narrow()) {
      double right = frame.x() + frame.width();
      scene.add(
          new Line("link/1", Role.KERNEL, "thin", right, frame.y(), lens.left(0), lens.top(0)));
      scene.add(
          new Line(
              "link/2",
              Role.KERNEL,
              "thin",
              right,
              frame.y() + frame.height(),
              lens.left(0),
              lens.top(kernelRows)));
      scene.add(
          new Line(
              "link/3",
              Role.OUTPUT,
              "thin",
              kernel.left(kernelColumns),
              kernel.top(0),
              target.x(),
              target.y()));
      scene.add(
          new Line(
              "link/4",
              Role.OUTPUT,
              "thin",
              kernel.left(kernelColumns),
              kernel.top(kernelRows),
              target.x(),
              target.y() + target.height()));
    }
    return scene;
  }

  private Raster raster(
      String key, Role role, int rows, int columns, byte[] levels, String palette, double scale) {
    return new Raster(key, role, rows, columns, levels, palette, scale);
  }

  // ---- words

  /** The dot product, term by term. */
  String equation() {
    int widest = 3;
    int kernelRows = window.spec().kernelHeight();
    int kernelColumns = window.spec().kernelWidth();
    int weightWidth = widest(window.kernel().data());
    int inputWidth = window.picture() != null ? 3 : widest(window.input().data());
    widest = Math.max(widest, Math.min(16, weightWidth + inputWidth + 1));
    Markup out = new Markup();
    out.open("span").attr("class", "sum");
    out.open("span").attr("class", "left");
    out.span("b", "output", "y[" + i + ", " + j + "]").text(" =").close().text(" ");
    boolean first = true;
    for (int u = 0; u < kernelRows; u++) {
      for (int v = 0; v < kernelColumns; v++) {
        out.open("span").attr("class", "term w" + widest + (termPicked(u, v) ? " linked" : ""));
        out.attr("data-k", "k/" + u + "," + v);
        out.text(first ? "" : "+ ");
        out.span("b", "kernel", value(window.weight(u, v))).text("·");
        out.span("b", "input", value(window.read(tapRow(u), tapColumn(v))));
        out.close().text(" ");
        first = false;
      }
    }
    if (window.bias() != 0) {
      out.open("span")
          .attr("class", "term")
          .attr("data-part", "b")
          .text("+ " + value(window.bias()))
          .close();
      out.text(" ");
    }
    out.open("span").attr("class", "right").text("= ");
    out.span("b", "output", value(window.out(i, j))).close();
    return out.close().toString();
  }

  private static int widest(float[] values) {
    int widest = 1;
    for (float value : values) {
      widest = Math.max(widest, value(value).length());
    }
    return widest;
  }

  private boolean termPicked(int u, int v) {
    return picked("k", u, v)
        || picked("lens", u, v)
        || (pick != null
            && pick.grid().equals("in")
            && window.picture() == null
            && tapRow(u) == pick.row()
            && tapColumn(v) == pick.column());
  }

  private Prose caption() {
    Prose prose = new Prose();
    if (pick != null && pick.grid().equals("in") && window.picture() == null) {
      return inputCaption(prose, pick);
    }
    if (pick != null
        && (pick.within("k", window.spec().kernelHeight(), window.spec().kernelWidth()))) {
      return kernelCaption(prose, pick);
    }
    prose
        .say("The ")
        .say(Role.KERNEL, "window")
        .say(
            " reads "
                + span("rows", window.windowRow(i), window.spanRows(), window.spec().dilationH())
                + " and "
                + span(
                    "columns",
                    window.windowColumn(j),
                    window.spanColumns(),
                    window.spec().dilationW())
                + " of the ");
    prose.say(Role.INPUT, "input").say(" and gives ");
    prose.say(Role.OUTPUT, "y[" + i + ", " + j + "] = " + value(window.out(i, j))).say(". ");
    Picture picture = window.picture();
    if (window.values().flag("mistake")) {
      float wrong = window.withoutStride(i, j);
      boolean same =
          window.windowRow(i) == i - window.spec().padTop()
              && window.windowColumn(j) == j - window.spec().padLeft();
      prose.say(
          same
              ? "Without the stride the window would start at the same place here: the mistake hides until i or j grows."
              : "Without the stride the dashed window would start at row "
                  + number(i - window.spec().padTop())
                  + ", column "
                  + number(j - window.spec().padLeft())
                  + " and give "
                  + value(wrong)
                  + ".");
    } else if (picture != null) {
      prose.say(
          picture.origin().isEmpty()
              ? "Point at the image to move the window."
              : "Your image was " + picture.origin() + ".");
    } else if (window.values().flag("dense")) {
      prose.say(
          "A dense layer would have "
              + Num.count(window.denseWeights())
              + " weights; here "
              + Num.count(window.connections())
              + " connections remain, and they share "
              + Num.count((long) window.spec().kernelHeight() * window.spec().kernelWidth())
              + " weights."
              + (window.denseWeights() > MOST_CONNECTIONS
                  ? " Of the absent ones only this output's are drawn."
                  : ""));
    } else {
      prose.say("Nothing outside the window can change it.");
    }
    return prose;
  }

  private Prose inputCaption(Prose prose, Cell cell) {
    int readers = 0;
    StringBuilder names = new StringBuilder();
    for (int r = 0; r < window.outHeight(); r++) {
      for (int c = 0; c < window.outWidth(); c++) {
        if (window.reads(r, c, cell.row(), cell.column())) {
          readers++;
          if (readers <= 4) {
            names
                .append(readers == 1 ? "" : ", ")
                .append("y[")
                .append(r)
                .append(", ")
                .append(c)
                .append(']');
          }
        }
      }
    }
    boolean padding = !cell.within("in", window.height(), window.width());
    String place =
        "x["
            + number(cell.row())
            + ", "
            + number(cell.column())
            + "] = "
            + value(window.read(cell.row(), cell.column()));
    prose.say(padding ? "The padding cell " : "").say(padding ? Role.PADDING : Role.INPUT, place);
    if (readers == 0) {
      return prose.say(" is read by no output: no window covers it.");
    }
    prose
        .say(" is read by ")
        .say(Role.OUTPUT, readers + " of the " + window.outputs() + " outputs")
        .say(" (" + names + (readers > 4 ? ", …" : "") + ")");
    return prose.say("; it can change only " + (readers == 1 ? "this one." : "these."));
  }

  private Prose kernelCaption(Prose prose, Cell tap) {
    int row = tapRow(tap.row());
    int column = tapColumn(tap.column());
    prose.say(
        Role.KERNEL,
        "w["
            + tap.row()
            + ", "
            + tap.column()
            + "] = "
            + value(window.weight(tap.row(), tap.column())));
    prose
        .say(" multiplies ")
        .say(
            Role.INPUT,
            "x[" + number(row) + ", " + number(column) + "] = " + value(window.read(row, column)));
    prose
        .say(" here and adds " + value(window.term(i, j, tap.row(), tap.column())) + " to ")
        .say(Role.OUTPUT, "y[" + i + ", " + j + "]");
    return prose.say(". The same weight serves all " + Num.count(window.outputs()) + " windows.");
  }

  private static String span(String axis, int from, int length, int dilation) {
    if (length == 1) {
      return axis.substring(0, axis.length() - 1) + " " + number(from);
    }
    return axis
        + " "
        + number(from)
        + " to "
        + number(from + length - 1)
        + (dilation > 1 ? " (every " + (dilation == 2 ? "2nd" : "3rd") + ")" : "");
  }

  /** Two decimals, or four for what would otherwise look like zero or nearly so. */
  private static String value(double value) {
    return Num.decimal(value, Math.abs(value) < 0.095 ? 4 : 2);
  }

  private static String number(int value) {
    return Num.decimal(value, 0);
  }

  private String twin() {
    Twin twin = new Twin();
    twin.say(caption().plain());
    twin.say(
        "Output row i, column j reads the input from row "
            + window.spec().strideH()
            + "·i − "
            + window.spec().padTop()
            + " and column "
            + window.spec().strideW()
            + "·j − "
            + window.spec().padLeft()
            + ", "
            + window.spec().kernelHeight()
            + " × "
            + window.spec().kernelWidth()
            + " taps "
            + window.spec().dilationH()
            + " apart; padding reads "
            + window.spec().mode().text()
            + ".");
    if (window.picture() == null) {
      twin.table("Input x", window.height(), window.width(), window.input().data());
    }
    twin.table(
        "Kernel w",
        window.spec().kernelHeight(),
        window.spec().kernelWidth(),
        window.kernel().data());
    if (window.picture() == null) {
      twin.table("Output y", window.outHeight(), window.outWidth(), window.output().data());
    }
    return twin.toString();
  }

  // ---- places

  private int tapRow(int u) {
    return window.windowRow(i) + u * window.spec().dilationH();
  }

  private int tapColumn(int v) {
    return window.windowColumn(j) + v * window.spec().dilationW();
  }

  private boolean picked(String grid, int row, int column) {
    return pick != null && pick.grid().equals(grid) && pick.row() == row && pick.column() == column;
  }
}
