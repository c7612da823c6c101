package convscope.topic.chapter5;

import convscope.num.Num;
import convscope.op.Window;
import convscope.scene.Cells;
import convscope.scene.Equation;
import convscope.scene.Formula;
import convscope.scene.Grid;
import convscope.scene.Handle;
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
import java.util.Map;

/** Draws a {@link OneLayer}: what one output reads, beside what was found by changing the input. */
final class SingleLayerFigure {
  private static final double BELOW = 28; // a title below what it names

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
    int row = (of.output().dim(2) - 1) / 2;
    int column = (of.output().dim(3) - 1) / 2;
    return Sliding.still(of.input(), of.spec(), view, row, column, "change");
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
    int count = layer.output().dim(3);
    double width = view.stage().width();
    double cell = Math.min(46, view.stage().room() / columns);
    double gap = view.narrow() ? 64 : 76;
    double outCell = Math.min(window.stride() * cell, Math.max(cell, 27)); // for two digits
    double high = 3 * Title.HEIGHT + 4 + 2 * cell + gap + outCell + BELOW;
    double left = (width - columns * cell) / 2;
    double top = (view.stage().height() - high) / 2 + Title.HEIGHT; // below its title
    double changeTop = top + Title.HEIGHT;
    double inputTop = changeTop + cell + Title.HEIGHT + 4;
    double outTop = inputTop + cell + gap;
    double below = outTop + outCell + BELOW;
    Scene scene = new Scene(width, view.stage().height());
    Grid change = changes().sized(cell);
    holds(change);
    change.place(scene, left + window.padBefore() * cell, changeTop);
    Grid input = ((Grid) input()).title("", "").sized(cell);
    holds(input);
    input.place(scene, left, inputTop);
    Grid outputs = outputs().title("", "").sized(outCell).spread(window.stride() * cell);
    outputs.place(scene, left + (window.span() * cell - outCell) / 2, outTop);
    String made = (count == 1 ? "1 cell" : count + " cells") + ", stride " + window.stride();
    String cells = layer.input().width() + " cells";
    cells += window.padBefore() > 0 ? ", padding " + window.padBefore() : "";
    String when = "when a cell of x is 1 larger";
    double titles = view.narrow() ? Cells.MARGIN : left;
    scene.add(Title.above("change of " + output, when, Role.GRADIENT, "r", titles, top));
    scene.add(Title.above("input x", cells, Role.INPUT, "x", titles, inputTop));
    scene.add(Title.above("output y", made, Role.OUTPUT, "y", titles, below));
    Lines all = new Lines("all", "connection kernel");
    Lines mine = new Lines("mine", "line kernel");
    for (int o = 0; o < count; o++) {
      for (int v = 0; v < window.kernel(); v++) {
        double from = input.left(window.place(o, v)) + cell / 2;
        (o == at.j ? mine : all).add(from, inputTop + cell, outputs.left(o) + outCell / 2, outTop);
      }
    }
    scene.addBelow(all).addBelow(mine);
    double start = input.left(window.start(at.j));
    double end = start + window.span() * cell;
    Line.measure(scene, "r", Role.KERNEL, start, end, changeTop - 7);
    Text r = new Text("r = " + layer.field(), 13, Role.KERNEL).part("r");
    scene.add(r.centred((start + end) / 2, changeTop - 12, Cells.MARGIN, width - Cells.MARGIN));
    return scene;
  }

  private Scene planeScene() {
    Panel input = input();
    Grid outputs = outputs();
    Grid change = changes().title("change of " + output, "");
    holds(input);
    holds(change);
    int r = layer.field();
    change.outlineInside("field", Role.KERNEL, "", at.top(at.i), at.left(at.j), r, r);
    return at.scene(
        Layout.row(20, input, change, outputs),
        Layout.column(10, input, Layout.row(20, change, outputs)));
  }

  /** Lets the cell that is 1 larger be dragged over a matrix: its place is the step. */
  private void holds(Panel panel) {
    if (poked >= 0) {
      int width = layer.input().width();
      Handle.Stops rows = Handle.Stops.all(layer.input().height());
      panel.drags(rows, Handle.Stops.all(width), poked / width, poked % width, 1, 1);
    }
  }

  /** The input with the field's outline, and that which the mistake claims. */
  private Panel input() {
    Panel input = at.input();
    if (poked >= 0) {
      int row = poked / layer.input().width();
      int column = poked % layer.input().width();
      String value = Num.cell(layer.input().x().data()[poked]) + "+1";
      input.mark(row, column, "picked");
      ((Grid) input).label(row, column, value, value + ", now 1 larger");
    }
    int claimed = layer.claimed();
    int top = layer.claimedStart(at.top(at.i));
    int left = layer.claimedStart(at.left(at.j));
    return claimed == 0
        ? input
        : input.outlineInside("mistake", Role.GRADIENT, "dashed", top, left, claimed, claimed);
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
    grid.blankFrom(tried);
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
    String dilation = Num.count(layer.spec().dilationW());
    String kernel = Num.count(layer.spec().kernelWidth());
    Formula relation = SingleLayer.relation("·").with(Map.of("D", dilation, "w", kernel));
    Equation equation = Equation.of("").say(relation).say(" = [kernel {}]", layer.field());
    return layer.claimed() > 0 ? equation.say(", not [gradient {}]", layer.claimed()) : equation;
  }

  private Prose caption() {
    Prose prose = new Prose();
    if (poked >= 0) {
      float before = layer.out(at.i, at.j);
      float change = layer.change(at.i, at.j, poked);
      prose.add("Raise [input {}] by 1 and [output {}] ", cell(poked), output);
      moved(prose, before, before + change).say(" ");
      if (tried < layer.cells()) {
        return prose.say(
            change == 0 && layer.claims(at.i, at.j, poked)
                ? "The dashed outline of the mistake counts it in all the same."
                : "A cell belongs to the receptive field if such a change moves the output.");
      }
    }
    return prose.say(finding);
  }

  private static Prose moved(Prose prose, float before, float after) {
    return before == after
        ? prose.add("stays {}, to the last bit.", before)
        : prose.add("goes from {} to {}.", before, after);
  }

  /** What all cells together show. */
  private String finding() {
    OneLayer.Measured found = layer.measured(at.i, at.j);
    int r = layer.field();
    Prose out =
        Prose.of(
            "Of {} cells, {} {moves|move} {}, {all|not all} inside the field of {}. ",
            layer.cells(),
            found.moving(),
            found.moving() == 1,
            output,
            found.outside() == 0,
            layer.flat() ? "r = " + r : "r × r = " + Num.size(r, r));
    int beyond = layer.spec().vertical().span() * r - found.inField();
    int idle = found.inField() - found.moving();
    if (beyond > 0) {
      out.add("{place} of the field {lies|lie} in the padding. ", beyond, beyond == 1);
    }
    if (idle > 0) {
      out.add("{cell} of the field {moves|move} nothing: {}. ", idle, idle == 1, why());
    }
    int claimed = layer.claimed();
    if (claimed == r) {
      out.add("The mistake claims {}, by luck the right number here. ", claimed);
    } else if (claimed > 0) { // a slip never claims less
      int idly = layer.claimedInVain(at.i, at.j);
      out.add(
          "The mistake claims {}: {cell} in the dashed outline {does|do} nothing. ",
          claimed,
          idly,
          idly == 1);
    }
    return out.add(
            "Backpropagation {found them|finds the same cells} in one pass.",
            layer.nudged() == null)
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
    if (view.step() == 0) {
      return Prose.of("The [kernel field] of [output {} = {}] on the image. ", output, before)
          .say(finding);
    }
    Prose prose =
        Prose.of(
            view.step() == 1
                ? "Every pixel that [output {}] does not read is replaced by noise, and it "
                : "Only the pixels that [output {}] reads are replaced by noise, and it ",
            output);
    moved(prose, before, after);
    return view.step() == 1 ? prose.add(" What is left of the image is what it sees.") : prose;
  }
}
