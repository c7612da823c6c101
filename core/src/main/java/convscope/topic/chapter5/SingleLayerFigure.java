package convscope.topic.chapter5;

import convscope.num.Num;
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
import convscope.tensor.Tensor;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.View;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Draws a {@link OneLayer}: what one output reads, beside what was found by changing the input. */
final class SingleLayerFigure {
  private static final double MARGIN = 14;
  private static final double BELOW = 20; // a title below what it names

  private final OneLayer layer;
  private final View view;
  private final @Nullable Cell pick;
  private final int i; // the output whose field is shown
  private final int j;
  private final int poked; // the input cell that is 1 larger now, or −1
  private final int tried; // as many cells have been tried

  SingleLayerFigure(OneLayer layer, View view) {
    this.layer = layer;
    this.view = view;
    Cell at = Cell.parse(view.pick());
    boolean image = layer.picture() != null;
    int row = (layer.outHeight() - 1) / 2;
    int column = (layer.outWidth() - 1) / 2;
    int cell = image ? -1 : view.step();
    if (at != null && at.within("out", layer.outHeight(), layer.outWidth())) {
      row = at.row();
      column = at.column();
      cell = -1;
    } else if (at != null && at.within("in", layer.height(), layer.width())) {
      row = image ? nearest(at.row(), layer.outHeight()) : row;
      column = image ? nearest(at.column(), layer.outWidth()) : column;
      cell = image ? -1 : at.row() * layer.width() + at.column();
    } else if (at != null && at.within("change", layer.height(), layer.width())) {
      cell = at.row() * layer.width() + at.column();
    } else {
      at = null;
    }
    pick = at;
    i = row;
    j = column;
    poked = cell;
    tried = at != null ? layer.input().size() : view.step() + 1;
  }

  /** The output whose field is centred nearest to a place of the input. */
  private int nearest(int place, int outputs) {
    double at = (place + layer.padding() - (layer.field() - 1) / 2.0) / layer.stride();
    return (int) Math.max(0, Math.min(outputs - 1, Num.round(at)));
  }

  int i() {
    return i;
  }

  int j() {
    return j;
  }

  OneLayer.Measured measured() {
    return layer.measured(i, j);
  }

  Figure figure() {
    List<Raster> rasters = new ArrayList<>();
    Scene scene =
        layer.picture() != null ? imageScene(rasters) : layer.flat() ? flatScene() : planeScene();
    Prose caption = layer.picture() != null ? imageCaption() : caption();
    return new Figure(scene, finding(), equation(), caption.html(), twin(caption), rasters);
  }

  // ---- numbers

  /** One dimension: changes above the input, lines down to the outputs. */
  private Scene flatScene() {
    int columns = layer.width() + 2 * layer.padding();
    double cell = Math.min(46, (view.width() - 2 * MARGIN) / columns);
    double left = (view.width() - columns * cell) / 2;
    double margin = Math.min(left, view.narrow() ? MARGIN : 400); // where the titles begin
    double changeTop = MARGIN + 2 * Title.HEIGHT;
    double inputTop = changeTop + cell + Title.HEIGHT + 4;
    double gap = view.narrow() ? 56 : 76;
    double outTop = inputTop + cell + gap;
    double outCell = Math.min(layer.stride() * cell, Math.max(cell, 27)); // for two digits
    Scene scene = new Scene(view.width(), outTop + outCell + BELOW + MARGIN);
    Grid change = changes(cell);
    change.place(scene, left + layer.padding() * cell, changeTop);
    scene.add(
        Title.above(
            "change of " + output(),
            "when a cell of x is 1 larger",
            Role.GRADIENT,
            "r",
            margin,
            MARGIN + Title.HEIGHT));
    Grid input = input(cell);
    input.place(scene, left, inputTop);
    scene.add(Title.above("input x", size(), Role.INPUT, "x", margin, inputTop));
    double first = left + (layer.field() * cell - outCell) / 2; // below its field's middle
    Grid outputs = outputs(outCell).spread(layer.stride() * cell);
    outputs.place(scene, first, outTop);
    scene.add(
        Title.above(
            "output y",
            layer.outWidth() + " cells, stride " + layer.stride(),
            Role.OUTPUT,
            "y",
            margin,
            outTop + outCell + BELOW + 8));
    Lines all = new Lines("all", "connection kernel");
    Lines mine = new Lines("mine", "line kernel");
    for (int o = 0; o < layer.outWidth(); o++) {
      for (int v = 0; v < layer.kernelSize(); v++) {
        double from = input.left(layer.startColumn(o) + v * layer.dilation()) + cell / 2;
        (o == j ? mine : all).add(from, inputTop + cell, outputs.left(o) + outCell / 2, outTop);
      }
    }
    scene.addBelow(mine);
    scene.addBelow(all);
    measure(scene, input.left(layer.startColumn(j)), layer.field() * cell, changeTop - 7);
    mistake(scene, input, cell);
    scene.add(input.around("window", Role.KERNEL, 0, layer.startColumn(j), 1, layer.field()));
    scene.add(outputs.around("target", Role.OUTPUT, 0, j, 1, 1));
    return scene;
  }

  /** A measuring line with the field's size above it. */
  private void measure(Scene scene, double left, double length, double y) {
    double right = left + length;
    scene.add(new Line("r", Role.KERNEL, "", left, y, right, y));
    scene.add(new Line("r/left", Role.KERNEL, "", left, y - 4, left, y + 4));
    scene.add(new Line("r/right", Role.KERNEL, "", right, y - 4, right, y + 4));
    scene.add(
        new Text("r = " + layer.field(), 13, Role.KERNEL)
            .part("r")
            .anchor("middle")
            .at(left + length / 2, y - 5));
  }

  private Scene planeScene() {
    int columns = layer.width() + 2 * layer.padding();
    double room = view.width() - 2 * MARGIN;
    int wide = view.narrow() ? columns : columns + layer.width() + layer.outWidth();
    double cell = Math.min(30, (view.narrow() ? room : room - 2 * 34) / wide);
    double besides = Math.min(cell, (room - 24) / (layer.width() + layer.outWidth()));
    boolean beside =
        view.narrow()
            && besides >= 15
            && Math.max(layer.width() * besides, 150) + Math.max(layer.outWidth() * besides, 125)
                <= room - 20;
    double small = beside ? besides : cell;
    Grid change =
        changes(small)
            .title(
                "change of " + output(), layer.width() * small < 280 ? "" : "when x is 1 larger");
    Grid input = input(cell).title("input x", size());
    Grid outputs = outputs(small).title("output y", layer.outHeight() + " × " + layer.outWidth());
    Scene scene =
        Scene.of(
            view.width(),
            MARGIN,
            view.narrow()
                ? Layout.column(
                    16,
                    input,
                    beside ? Layout.row(20, change, outputs) : Layout.column(16, change, outputs))
                : Layout.row(26, input, change, outputs));
    mistake(scene, input, cell);
    int top = layer.startRow(i);
    int left = layer.startColumn(j);
    scene.add(input.around("window", Role.KERNEL, top, left, layer.field(), layer.field()));
    int fromRow = Math.max(0, top);
    int fromColumn = Math.max(0, left);
    int toRow = Math.min(layer.height(), top + layer.field());
    int toColumn = Math.min(layer.width(), left + layer.field());
    if (toRow > fromRow && toColumn > fromColumn) {
      scene.add(
          change.around(
              "field", Role.KERNEL, fromRow, fromColumn, toRow - fromRow, toColumn - fromColumn));
    }
    scene.add(outputs.around("target", Role.OUTPUT, i, j, 1, 1));
    return scene;
  }

  private String size() {
    int padding = layer.padding();
    return (layer.flat() ? layer.width() + " cells" : layer.height() + " × " + layer.width())
        + (padding > 0 ? ", padding " + padding : "");
  }

  private Grid input(double cell) {
    int top = layer.flat() ? 0 : layer.padding();
    int left = layer.padding();
    int rows = layer.height() + 2 * top;
    int columns = layer.width() + 2 * left;
    Grid grid =
        new Grid("in", Role.INPUT, rows, columns, cell, padded(top, left, rows, columns))
            .origin(-top, -left)
            .part("x", "input x");
    for (int r = -top; r < rows - top; r++) {
      for (int c = -left; c < columns - left; c++) {
        if (r < 0 || c < 0 || r >= layer.height() || c >= layer.width()) {
          grid.mark(r, c, "padding");
        }
      }
    }
    for (int u = 0; u < (layer.flat() ? 1 : layer.kernelSize()); u++) {
      for (int v = 0; v < layer.kernelSize(); v++) {
        grid.mark(
            layer.startRow(i) + u * layer.dilation(),
            layer.startColumn(j) + v * layer.dilation(),
            "tap");
      }
    }
    if (poked >= 0) {
      int r = poked / layer.width();
      int c = poked % layer.width();
      grid.mark(r, c, "picked");
      if (cell >= 28) {
        String value = Num.cell(layer.input().data()[poked]);
        grid.label(r, c, value + "+1", value + ", now 1 larger");
      }
    }
    return grid;
  }

  private float[] padded(int top, int left, int rows, int columns) {
    float[] values = new float[rows * columns];
    for (int r = 0; r < layer.height(); r++) {
      System.arraycopy(
          layer.input().data(),
          r * layer.width(),
          values,
          (r + top) * columns + left,
          layer.width());
    }
    return values;
  }

  private Grid changes(double cell) {
    float[] values = new float[layer.input().size()];
    for (int p = 0; p < values.length; p++) {
      values[p] = change(p);
    }
    Grid grid =
        new Grid("change", Role.GRADIENT, layer.height(), layer.width(), cell, values)
            .part("r", "change of " + output() + " when a cell of x is 1 larger");
    for (int p = tried; p < values.length; p++) {
      grid.blank(p / layer.width(), p % layer.width());
    }
    if (poked >= 0) {
      grid.mark(poked / layer.width(), poked % layer.width(), "picked");
    }
    return grid;
  }

  private float change(int p) {
    return layer.change(i, j, p / layer.width(), p % layer.width());
  }

  private Grid outputs(double cell) {
    Grid grid =
        new Grid(
                "out",
                Role.OUTPUT,
                layer.outHeight(),
                layer.outWidth(),
                cell,
                layer.output().data())
            .part("y", "output y");
    for (int n = 0; n < layer.output().size(); n++) {
      int r = n / layer.outWidth();
      int c = n % layer.outWidth();
      if (cell < 26) { // all or none: numbers of three digits do not fit
        grid.label(r, c, "", value(layer.out(r, c)));
      }
      if (poked >= 0 && layer.change(r, c, poked / layer.width(), poked % layer.width()) != 0) {
        grid.mark(r, c, "linked");
      }
    }
    return grid.mark(i, j, "target");
  }

  /** The field that the mistake claims, as far as it is on the drawn input. */
  private void mistake(Scene scene, Grid input, double cell) {
    int claimed = layer.claimed();
    if (claimed == 0) {
      return;
    }
    int pad = layer.padding();
    int start = OneLayer.claimedStart(layer.startColumn(j), layer.field(), claimed);
    int left = Math.max(-pad, start);
    int right = Math.min(layer.width() + pad, start + claimed);
    start = OneLayer.claimedStart(layer.startRow(i), layer.field(), claimed);
    int top = layer.flat() ? 0 : Math.max(-pad, start);
    int bottom = layer.flat() ? 1 : Math.min(layer.height() + pad, start + claimed);
    scene.add(
        new Window(
            "mistake",
            Role.GRADIENT,
            "dashed",
            input.left(left) + 3,
            input.top(top) + 3,
            (right - left) * cell - 6,
            (bottom - top) * cell - 6));
  }

  // ---- an image

  private Scene imageScene(List<Raster> rasters) {
    OneLayer shown = shown();
    int padding = layer.padding(); // the field's outline may reach into it
    double side = view.narrow() ? View.NARROW - 2 * MARGIN : 380;
    double scale =
        side
            / Math.max(
                Math.max(layer.height(), layer.width()) + 2 * padding,
                Math.max(layer.outHeight(), layer.outWidth()));
    Raster input =
        new Raster(
                "in",
                Role.INPUT,
                layer.height(),
                layer.width(),
                Raster.levels(shown.input().data(), "grey", 255),
                "grey",
                scale)
            .title("image x", layer.height() + " × " + layer.width())
            .part("x", "image x");
    float least = 0;
    float most = 255;
    for (float value : layer.output().data()) {
      least = Math.min(least, value);
      most = Math.max(most, Math.abs(value));
    }
    String palette = least < 0 ? "signed" : "grey";
    Raster output =
        new Raster(
                "out",
                Role.OUTPUT,
                layer.outHeight(),
                layer.outWidth(),
                Raster.levels(shown.output().data(), palette, most),
                palette,
                scale)
            .title("output y", layer.outHeight() + " × " + layer.outWidth())
            .part("y", "output y");
    rasters.add(input);
    rasters.add(output);
    double around = MARGIN + padding * scale;
    Scene scene =
        Scene.of(
            view.width(),
            around,
            view.narrow()
                ? Layout.column(around, input, output)
                : Layout.row(30 + padding * scale, input, output));
    int claimed = layer.claimed();
    if (claimed > 0) {
      double top = OneLayer.claimedStart(layer.startRow(i), layer.field(), claimed);
      double left = OneLayer.claimedStart(layer.startColumn(j), layer.field(), claimed);
      double bottom = Math.min(layer.height(), top + claimed);
      double right = Math.min(layer.width(), left + claimed);
      top = Math.max(0, top);
      left = Math.max(0, left);
      scene.add(
          new Window(
              "mistake",
              Role.GRADIENT,
              "dashed",
              input.left(left),
              input.top(top),
              (right - left) * scale,
              (bottom - top) * scale));
    }
    scene.add(
        input.around(
            "window",
            Role.KERNEL,
            layer.startRow(i),
            layer.startColumn(j),
            layer.field(),
            layer.field(),
            0));
    scene.add(output.around("target", Role.OUTPUT, i, j, 1, 1, 9));
    return scene;
  }

  /** The layer as this step has it: as it is, all but the field replaced, the field replaced. */
  private OneLayer shown() {
    return view.step() == 0 ? layer : layer.replaced(i, j, view.step() == 2);
  }

  // ---- words

  /** The name of the output in question: {@code y[3]} or {@code y[2, 2]}. */
  String output() {
    return layer.flat() ? "y[" + j + "]" : "y[" + i + ", " + j + "]";
  }

  private String cell(int p) {
    int column = p % layer.width();
    return layer.flat() ? "x[" + column + "]" : "x[" + p / layer.width() + ", " + column + "]";
  }

  /** The columns that the output reads: {@code 3, 5 and 7}. */
  String places() {
    StringBuilder out = new StringBuilder();
    int start = layer.startColumn(j);
    for (int v = 0; v < layer.kernelSize(); v++) {
      out.append(v == 0 ? "" : v == layer.kernelSize() - 1 ? " and " : ", ")
          .append(Num.decimal(start + v * layer.dilation(), 0));
    }
    return out.toString();
  }

  private String equation() {
    Markup html = new Markup();
    html.raw(SingleLayer.relation("·").with(SingleLayer.numbers(layer)).inline());
    html.text(" = ").span("b", "kernel", String.valueOf(layer.field()));
    if (layer.claimed() > 0) {
      html.text(", not ").span("b", "gradient", String.valueOf(layer.claimed()));
    }
    return html.toString();
  }

  private Prose caption() {
    Prose prose = new Prose();
    if (poked >= 0) {
      float before = layer.out(i, j);
      float change = change(poked);
      prose
          .say("Raise ")
          .say(Role.INPUT, cell(poked))
          .say(" by 1 and ")
          .say(Role.OUTPUT, output())
          .say(
              change == 0
                  ? " stays " + value(before) + ", to the last bit. "
                  : " goes from " + value(before) + " to " + value(before + change) + ". ");
      if (tried < layer.input().size()) {
        return prose.say(
            change == 0 && layer.claims(i, j, poked / layer.width(), poked % layer.width())
                ? "The dashed outline of the mistake counts it in all the same."
                : "A cell belongs to the receptive field if such a change moves the output.");
      }
    }
    return prose.say(finding());
  }

  private static String value(double value) {
    return Num.decimal(value, 2);
  }

  private static String cells(int count) {
    return count == 1 ? "1 cell" : count + " cells";
  }

  /** What all cells together show. */
  private String finding() {
    OneLayer.Measured found = measured();
    int cells = layer.input().size();
    StringBuilder out = new StringBuilder();
    out.append("Of ").append(cells).append(" cells, ").append(found.moving());
    out.append(found.moving() == 1 ? " moves " : " move ").append(output());
    out.append(found.outside() == 0 ? ", all inside the field of " : ", not all inside the field ");
    out.append(layer.flat() ? "r = " : "r × r = " + layer.field() + " × ").append(layer.field());
    out.append(". ");
    int beyond = layer.fieldRows() * layer.field() - found.inField();
    int idle = found.inField() - found.moving();
    if (beyond > 0) {
      out.append(beyond).append(beyond == 1 ? " place" : " places");
      out.append(" of the field ").append(beyond == 1 ? "lies" : "lie").append(" in the padding. ");
    }
    if (idle > 0) {
      out.append(cells(idle)).append(" of the field ").append(idle == 1 ? "moves" : "move");
      out.append(" nothing: ").append(why()).append(". ");
    }
    int claimed = layer.claimed();
    if (claimed > 0) {
      int still = layer.claimedCells(i, j)[1];
      out.append("The mistake claims ").append(claimed);
      out.append(claimed == layer.field() ? ", by luck the right number here. " : ": ");
      if (claimed > layer.field()) {
        out.append(cells(still)).append(" in the dashed outline ");
        out.append(still == 1 ? "does nothing. " : "do nothing. ");
      } else if (claimed < layer.field()) {
        int lost = found.moving() - layer.claimedCells(i, j)[0];
        out.append(cells(lost)).append(" outside the dashed outline ");
        out.append(lost == 1 ? "moves the output. " : "move the output. ");
      }
    }
    out.append("Backpropagation ");
    if (layer.nudged() == null) {
      out.append("found them in one pass.");
    } else {
      out.append("finds the same cells in one pass; largest difference ");
      out.append(Num.decimal(found.difference(), 6)).append('.');
    }
    return out.toString();
  }

  /** Why a cell inside the field can be without influence. */
  private String why() {
    boolean zero = false;
    for (float weight : layer.kernel().data()) {
      zero |= weight == 0;
    }
    boolean holes = layer.dilation() > 1 && layer.kernelSize() > 1;
    return zero && holes
        ? "between the taps, or under a weight that is 0"
        : zero ? "their weights are 0" : "they are between the taps";
  }

  private Prose imageCaption() {
    Prose prose = new Prose();
    float before = layer.out(i, j);
    float after = shown().out(i, j);
    String moved =
        before == after
            ? " is still " + value(before) + ", to the last bit."
            : " goes from " + value(before) + " to " + value(after) + ".";
    return switch (view.step()) {
      case 0 ->
          prose
              .say("The ")
              .say(Role.KERNEL, "field")
              .say(" of ")
              .say(Role.OUTPUT, output() + " = " + value(before))
              .say(" on the image. ")
              .say(finding());
      case 1 ->
          prose
              .say("Every pixel that ")
              .say(Role.OUTPUT, output())
              .say(" does not read is replaced by noise, and it" + moved)
              .say(" What is left of the image is what it sees.");
      default ->
          prose
              .say("Only the pixels that ")
              .say(Role.OUTPUT, output())
              .say(" reads are replaced by noise, and it" + moved);
    };
  }

  private String twin(Prose caption) {
    Twin twin = new Twin().say(caption.plain());
    if (!caption.plain().contains(finding())) {
      twin.say(finding());
    }
    twin.table("Kernel w", layer.kernel().dim(2), layer.kernel().dim(3), layer.kernel().data());
    if (layer.picture() == null) {
      twin.table("Input x", layer.height(), layer.width(), layer.input().data());
      twin.table("Output y", layer.outHeight(), layer.outWidth(), layer.output().data());
      float[] changes = new float[layer.input().size()];
      for (int p = 0; p < changes.length; p++) {
        changes[p] = change(p);
      }
      twin.table(
          "Change of " + output() + " when the cell of x is 1 larger",
          layer.height(),
          layer.width(),
          changes);
    }
    return twin.toString();
  }

  /** The same test in PyTorch: the gradient of one output is not zero exactly at its taps. */
  String pytorch() {
    Tensor input = layer.input();
    return "conv = torch.nn.Conv1d(1, 1, kernel_size="
        + layer.kernelSize()
        + ", stride="
        + layer.stride()
        + ", padding="
        + layer.padding()
        + ", dilation="
        + layer.dilation()
        + ")\nx = torch.randn(1, 1, "
        + input.dim(3)
        + ", requires_grad=True)\nconv(x)[0, 0, "
        + j
        + "].backward()\nread = x.grad[0, 0].nonzero().flatten()\nassert read[-1] - read[0] + 1 == "
        + layer.field();
  }
}
