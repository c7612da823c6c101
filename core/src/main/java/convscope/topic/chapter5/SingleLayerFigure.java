package convscope.topic.chapter5;

import convscope.num.Num;
import convscope.op.Window;
import convscope.scene.Equation;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Line;
import convscope.scene.Lines;
import convscope.scene.Panel;
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Text;
import convscope.scene.Title;
import convscope.tensor.Tensor;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.Sliding;
import convscope.topic.View;

/** Draws a {@link OneLayer}: what one output reads, beside what was found by changing the input. */
final class SingleLayerFigure {
  private static final double BELOW = 28; // a title below what it names
  private static final double MARGIN = 12;

  private final OneLayer layer;
  private final View view;
  private final Sliding at; // the output whose field is shown
  private final OneLayer shown; // the layer as this step has it
  private final int poked; // the input cell that is 1 larger now, or −1
  private final int tried; // as many cells have been tried
  private final String output; // its name
  private final String finding;

  SingleLayerFigure(OneLayer layer, View view) {
    this.layer = layer;
    this.view = view;
    Sliding window = sliding(layer);
    boolean image = window.picture();
    shown =
        !image || view.step() == 0 ? layer : layer.replaced(window.i, window.j, view.step() == 2);
    at = image ? sliding(shown) : window;
    Cell aim = at.pickedInput("change") != null ? at.pickedInput("change") : at.pickedInput("in");
    boolean onOutput = view.pick().startsWith("out/");
    poked =
        image || onOutput
            ? -1
            : aim != null ? aim.row() * layer.input().width() + aim.column() : view.step();
    tried = aim != null || onOutput ? layer.cells() : view.step() + 1;
    output = layer.flat() ? "y[" + at.j + "]" : at.name();
    finding = finding();
  }

  private Sliding sliding(OneLayer of) {
    return Sliding.still(
        of.input(),
        of.spec(),
        view,
        (of.output().dim(2) - 1) / 2,
        (of.output().dim(3) - 1) / 2,
        "change");
  }

  Figure figure() {
    Scene scene = at.picture() ? imageScene() : layer.flat() ? flatScene() : planeScene();
    Prose caption = at.picture() ? imageCaption() : caption();
    return Figure.of(scene, equation(), caption).finding(finding);
  }

  // ---- numbers

  /** One dimension: changes above the input, lines down to the outputs. */
  private Scene flatScene() {
    Window window = layer.spec().horizontal();
    int columns = window.padded(layer.input().width());
    double width = view.stage().width();
    double cell = Math.min(46, (width - 2 * MARGIN) / columns);
    double gap = view.narrow() ? 64 : 76;
    double outCell = Math.min(window.stride() * cell, Math.max(cell, 27)); // for two digits
    double high = 2 * Title.HEIGHT + cell + Title.HEIGHT + 4 + cell + gap + outCell + BELOW;
    double left = (width - columns * cell) / 2;
    double titles = view.narrow() ? MARGIN : left;
    double changeTop = (view.stage().height() - high) / 2 + 2 * Title.HEIGHT;
    double inputTop = changeTop + cell + Title.HEIGHT + 4;
    double outTop = inputTop + cell + gap;
    Scene scene = new Scene(width, view.stage().height());
    Grid change = changes().sized(cell);
    change.place(scene, left + window.padBefore() * cell, changeTop);
    String what = "change of " + output;
    scene.add(
        Title.above(
            what, "when a cell of x is 1 larger", Role.GRADIENT, "r", titles, changeTop - 24));
    Grid input = ((Grid) input()).title("", "").sized(cell);
    input.place(scene, left, inputTop);
    scene.add(Title.above("input x", size(), Role.INPUT, "x", titles, inputTop));
    Grid outputs = outputs().title("", "").sized(outCell).spread(window.stride() * cell);
    outputs.place(scene, left + (window.span() * cell - outCell) / 2, outTop);
    int count = layer.output().dim(3);
    scene.add(
        Title.above(
            "output y",
            count + (count == 1 ? " cell" : " cells") + ", stride " + window.stride(),
            Role.OUTPUT,
            "y",
            titles,
            outTop + outCell + BELOW));
    Lines all = new Lines("all", "connection kernel");
    Lines mine = new Lines("mine", "line kernel");
    for (int o = 0; o < count; o++) {
      for (int v = 0; v < window.kernel(); v++) {
        double from = input.left(window.place(o, v)) + cell / 2;
        (o == at.j ? mine : all).add(from, inputTop + cell, outputs.left(o) + outCell / 2, outTop);
      }
    }
    scene.addBelow(all).addBelow(mine);
    measure(scene, input.left(window.start(at.j)), window.span() * cell, changeTop - 7);
    return scene;
  }

  /** A measuring line with the field's size above it. */
  private void measure(Scene scene, double left, double length, double y) {
    double right = left + length;
    scene.add(new Line("r", Role.KERNEL, "", left, y, right, y));
    scene.add(new Line("r/left", Role.KERNEL, "", left, y - 4, left, y + 4));
    scene.add(new Line("r/right", Role.KERNEL, "", right, y - 4, right, y + 4));
    double middle = Math.max(MARGIN + 20, Math.min(view.stage().width() - 32, left + length / 2));
    scene.add(
        new Text("r = " + layer.field(), 13, Role.KERNEL)
            .part("r")
            .anchor("middle")
            .at(middle, y - 5));
  }

  private Scene planeScene() {
    Panel input = input();
    Grid outputs = outputs();
    Grid change = changes().title("change of " + output, "");
    int top = at.top(at.i);
    int left = at.left(at.j);
    int fromRow = Math.max(0, top);
    int fromColumn = Math.max(0, left);
    int toRow = Math.min(layer.input().height(), top + layer.field());
    int toColumn = Math.min(layer.input().width(), left + layer.field());
    if (toRow > fromRow && toColumn > fromColumn) {
      change.outline(
          "field", Role.KERNEL, "", fromRow, fromColumn, toRow - fromRow, toColumn - fromColumn);
    }
    return at.scene(
        Layout.row(20, input, change, outputs),
        Layout.column(10, input, Layout.row(20, change, outputs)));
  }

  private String size() {
    int padding = layer.spec().padLeft();
    return (layer.flat() ? layer.input().width() + " cells" : layer.input().size())
        + (padding > 0 ? ", padding " + padding : "");
  }

  /** The input with the field's outline, and that which the mistake claims. */
  private Panel input() {
    Panel input = at.input().title("input x", size());
    if (poked >= 0) {
      int row = poked / layer.input().width();
      int column = poked % layer.input().width();
      String value = Num.cell(layer.input().x().data()[poked]);
      input.mark(row, column, "picked");
      ((Grid) input).label(row, column, value + "+1", value + ", now 1 larger");
    }
    int claimed = layer.claimed();
    if (claimed > 0) {
      int pad = at.picture() ? 0 : layer.spec().padLeft();
      int rowPad = layer.flat() || at.picture() ? 0 : pad;
      int left = Math.max(-pad, layer.claimedStart(at.left(at.j)));
      int right =
          Math.min(layer.input().width() + pad, layer.claimedStart(at.left(at.j)) + claimed);
      int top = layer.flat() ? 0 : Math.max(-rowPad, layer.claimedStart(at.top(at.i)));
      int bottom =
          layer.flat()
              ? 1
              : Math.min(
                  layer.input().height() + rowPad, layer.claimedStart(at.top(at.i)) + claimed);
      input.outline("mistake", Role.GRADIENT, "dashed", top, left, bottom - top, right - left);
    }
    return input;
  }

  private Grid changes() {
    Tensor changes = Tensor.zeros(layer.input().x().shape());
    for (int p = 0; p < changes.size(); p++) {
      changes.data()[p] = layer.change(at.i, at.j, p);
    }
    int width = layer.input().width();
    Grid grid =
        new Grid("change", Role.GRADIENT, layer.input().height(), width, at.cells(), changes.data())
            .part("r", "change of " + output + " when a cell of x is 1 larger");
    for (int p = tried; p < changes.size(); p++) {
      grid.blank(p / width, p % width);
    }
    return poked < 0 ? grid : grid.mark(poked / width, poked % width, "picked");
  }

  private Grid outputs() {
    Grid grid = (Grid) at.output("out", Role.OUTPUT, "output y", layer.output());
    int width = layer.output().dim(3);
    for (int n = 0; n < layer.output().size(); n++) {
      if (poked >= 0 && layer.change(n / width, n % width, poked) != 0) {
        grid.mark(n / width, n % width, "linked");
      }
    }
    return grid;
  }

  private Scene imageScene() {
    Panel input = input().title("image x", layer.input().size());
    Panel out = at.output("out", Role.OUTPUT, "output y", shown.output());
    return at.scene(Layout.row(24, input, out), Layout.column(10, input, out));
  }

  // ---- words

  private String cell(int p) {
    int column = p % layer.input().width();
    return layer.flat() ? "x[" + column + "]" : Num.at("x", p / layer.input().width(), column);
  }

  private Equation equation() {
    Equation equation =
        Equation.of("")
            .say(SingleLayer.relation("·").with(SingleLayer.numbers(layer)))
            .say(" = [kernel {}]", layer.field());
    return layer.claimed() > 0 ? equation.say(", not [gradient {}]", layer.claimed()) : equation;
  }

  private Prose caption() {
    Prose prose = new Prose();
    if (poked >= 0) {
      float before = layer.out(at.i, at.j);
      float change = layer.change(at.i, at.j, poked);
      prose.add("Raise [input {}] by 1 and [output {}] ", cell(poked), output);
      if (change == 0) {
        prose.add("stays {}, to the last bit. ", before);
      } else {
        prose.add("goes from {} to {}. ", before, before + change);
      }
      if (tried < layer.cells()) {
        return prose.say(
            change == 0 && layer.claims(at.i, at.j, poked)
                ? "The dashed outline of the mistake counts it in all the same."
                : "A cell belongs to the receptive field if such a change moves the output.");
      }
    }
    return prose.say(finding);
  }

  /** What all cells together show. */
  private String finding() {
    OneLayer.Measured found = layer.measured(at.i, at.j);
    Prose out =
        Prose.of(
            "Of {} cells, {} {}{}. ",
            layer.cells(),
            Num.count(found.moving()) + (found.moving() == 1 ? " moves " : " move ") + output,
            found.outside() == 0 ? ", all inside the field of " : ", not all inside the field of ",
            layer.flat()
                ? "r = " + layer.field()
                : "r × r = " + Num.size(layer.field(), layer.field()));
    int beyond = layer.fieldRows() * layer.field() - found.inField();
    int idle = found.inField() - found.moving();
    if (beyond > 0) {
      out.add(
          "{place|places} of the field {} in the padding. ", beyond, beyond == 1 ? "lies" : "lie");
    }
    if (idle > 0) {
      out.add("{cell} of the field {} nothing: {}. ", idle, idle == 1 ? "moves" : "move", why());
    }
    int claimed = layer.claimed();
    int[] counted = layer.claimedCells(at.i, at.j);
    if (claimed == layer.field()) {
      out.add("The mistake claims {}, by luck the right number here. ", claimed);
    } else if (claimed > layer.field()) {
      out.add(
          "The mistake claims {}: {cell} in the dashed outline {} nothing. ",
          claimed,
          counted[1],
          counted[1] == 1 ? "does" : "do");
    } else if (claimed > 0) {
      int lost = found.moving() - counted[0];
      out.add(
          "The mistake claims {}: {cell} outside the dashed outline {} the output. ",
          claimed,
          lost,
          lost == 1 ? "moves" : "move");
    }
    return out.add(
            layer.nudged() == null
                ? "Backpropagation found them in one pass."
                : "Backpropagation finds the same cells in one pass.")
        .plain();
  }

  /** Why a cell inside the field can be without influence. */
  private String why() {
    boolean zero = false;
    for (float weight : layer.kernel().data()) {
      zero |= weight == 0;
    }
    boolean holes = layer.spec().dilationW() > 1 && layer.spec().kernelWidth() > 1;
    return zero && holes
        ? "between the taps, or under a weight that is 0"
        : zero ? "their weights are 0" : "they are between the taps";
  }

  private Prose imageCaption() {
    float before = layer.out(at.i, at.j);
    float after = shown.out(at.i, at.j);
    Prose prose =
        switch (view.step()) {
          case 0 ->
              Prose.of("The [kernel field] of [output {} = {}] on the image. ", output, before);
          case 1 ->
              Prose.of(
                  "Every pixel that [output {}] does not read is replaced by noise, and it ",
                  output);
          default ->
              Prose.of(
                  "Only the pixels that [output {}] reads are replaced by noise, and it ", output);
        };
    if (view.step() == 0) {
      return prose.say(finding);
    }
    if (before == after) {
      prose.add("is still {}, to the last bit.", before);
    } else {
      prose.add("goes from {} to {}.", before, after);
    }
    return view.step() == 1 ? prose.add(" What is left of the image is what it sees.") : prose;
  }
}
