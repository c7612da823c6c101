package convscope.topic.chapter5;

import convscope.num.Num;
import convscope.scene.Box;
import convscope.scene.Equation;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Lines;
import convscope.scene.Plot;
import convscope.scene.Prose;
import convscope.scene.Raster;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Text;
import convscope.tensor.Tensor;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.View;
import org.jspecify.annotations.Nullable;

/** Draws a {@link DilatedStack}: the tree of what one output depends on, layer by layer. */
final class DilationEffectFigure {
  private static final double SIZE = 13;

  private final DilatedStack stack;
  private final View view;
  private final int layers;
  private final int open; // levels below this one are still to be reached
  private final @Nullable Cell pick; // a cell of the tree; its row is the level

  DilationEffectFigure(DilatedStack stack, View view) {
    this.stack = stack;
    this.view = view;
    layers = stack.layers();
    Cell at = Cell.parse(view.pick());
    Cell known = null;
    for (int l = 0; at != null && l <= layers; l++) {
      int column = at.column() + DilatedStack.MARGIN;
      if (new Cell(at.grid(), at.row(), column).within(key(l), 1, stack.cells(l))) {
        known = new Cell(at.grid(), l, at.column());
      }
    }
    pick = known;
    open = pick != null ? 0 : layers - view.step();
  }

  private String key(int level) {
    return level == 0 ? "in" : level == layers ? "out" : "layer" + level;
  }

  Figure figure() {
    return Figure.of(scene(), equation(), caption()).finding(finding());
  }

  // ---- drawing

  private Scene scene() {
    double room = view.stage().room();
    double high = view.stage().tall();
    Box below =
        view.narrow()
            ? Layout.row(8, growth(room - 118, 62), plane(104))
            : Layout.row(40, growth(room - 244, 78), plane(126));
    double tree = high - below.height() - 10;
    Box whole = Box.of(room, tree, (scene, x, y) -> tree(scene, x, y, room, tree));
    return Scene.of(view.stage(), Layout.column(10, whole, below));
  }

  /** Levels as rows of cells, the input lowest, with lines from each cell to what it reads. */
  private void tree(Scene scene, double x, double y, double width, double height) {
    double names = view.narrow() ? 62 : 80;
    double room = width - names;
    double cell = Math.min(Math.min(30, height / (layers + 1) * 0.55), room / stack.cells(0));
    double gap = Math.min(56, (height - 8 - (layers + 1) * cell) / layers);
    double left = x + names + (room - stack.cells(0) * cell) / 2;
    double top = y + (height - (layers + 1) * cell - layers * gap) / 2;
    for (int level = layers; level >= 0; level--) {
      String name = level == 0 ? "input x" : level == layers ? "output y" : "layer " + level;
      Role role = level == 0 ? Role.INPUT : Role.OUTPUT;
      String part = level == 0 ? "r" : "";
      scene.add(new Text(name, SIZE, role).part(part).at(x, top + cell / 2 + 4));
      grid(level, cell).part(part, name).place(scene, left + stack.offset(level) * cell, top);
      if (level > 0) {
        String dilation = "D = " + stack.dilations()[level - 1];
        double between = top + cell + gap / 2 + 4;
        scene.add(new Text(dilation, SIZE, Role.NEUTRAL).part("D").at(x, between));
        edges(scene, level, left, cell, top + cell, top + cell + gap);
      }
      top += cell + gap;
    }
  }

  /** The lines from a level's cells of the tree to the cells that they read. */
  private void edges(Scene scene, int level, double left, double cell, double top, double bottom) {
    boolean fine = stack.cells(0) > 40 || pick != null;
    Lines lines = new Lines("edges/" + level, fine ? "line kernel thin" : "line kernel");
    Lines strong = new Lines("linked/" + level, "connection kernel strong");
    Cell at = pick;
    boolean[][] linked = at == null ? new boolean[0][] : stack.linked(at.row(), at.column());
    for (int i = 0; level > open && i < stack.cells(level); i++) {
      double from = left + (stack.offset(level) + i + 0.5) * cell;
      for (int u = 0; u < stack.kernel(); u++) {
        int below = i + u * stack.dilations()[level - 1];
        double to = left + (stack.offset(level - 1) + below + 0.5) * cell;
        boolean on =
            at != null && (at.row() >= level ? linked[level][i] : linked[level - 1][below]);
        if (stack.paths(level, i - DilatedStack.MARGIN) > 0) {
          (on ? strong : lines).add(from, top, to, bottom);
        }
      }
    }
    scene.addBelow(strong).addBelow(lines);
  }

  private Grid grid(int level, double cell) {
    float[] values = stack.paths().get(level);
    Grid grid =
        new Grid(key(level), level == 0 ? Role.INPUT : Role.OUTPUT, 1, values.length, cell, values)
            .origin(0, -DilatedStack.MARGIN)
            .frameless();
    int most = (int) Tensor.of(values, values.length).largestSize();
    for (int n = 0; n < values.length; n++) {
      int i = n - DilatedStack.MARGIN;
      int paths = (int) values[n];
      boolean reached = paths > 0 && level >= open;
      boolean hole = level == 0 && open == 0 && paths == 0 && i >= 0 && i < stack.field();
      String told = Prose.of("{path} to the output", paths).plain();
      grid.label(
              0,
              i,
              level == 0 && (reached || hole) ? String.valueOf(paths) : "",
              level < open ? "not reached yet" : told)
          .level(0, i, !reached ? 0 : level == layers ? 9 : 2 + 6 * paths / most);
      if (hole) {
        grid.mark(0, i, "dropped");
      }
    }
    if (level == 0) { // the field, and what the mistake claims
      int spare = stack.field() - stack.claimed();
      int first = stack.causal() ? spare : Math.floorDiv(spare, 2);
      grid.outline("field", Role.INPUT, "", 0, 0, 1, stack.field())
          .outlineInside("mistake", Role.GRADIENT, "dashed", 0, first, 1, stack.claimed());
    }
    return grid.picked(view.pick());
  }

  /** The field after each layer, beside the same layers without dilation. */
  private Box growth(double width, double area) {
    double[] depth = Plot.range(0, 1, layers + 1);
    double[] reach = new double[layers + 1];
    double[] plain = new double[layers + 1];
    double[] formula = new double[layers + 1];
    for (int l = 0; l <= layers; l++) {
      reach[l] = stack.reach()[l];
      plain[l] = stack.plain()[l];
      formula[l] = stack.fields().get(l).size();
    }
    return new Plot("growth", width, area, "field after each layer, with and without dilation")
        .x("layers", 0, Math.max(4, layers))
        .y("field r", 0, Math.max(reach[layers], plain[layers]))
        .curve("formula", Role.INPUT, "", "formula", depth, formula)
        .points("reach", Role.INPUT, "large", "measured", depth, reach)
        .curve("plain", Role.NEUTRAL, "dashed", "", depth, plain)
        .points("without", Role.NEUTRAL, "large", "measured with D = 1", depth, plain);
  }

  /** How many paths lead from each pixel to the output, for square kernels. */
  private Raster plane(double side) {
    int cells = stack.cells(0);
    float most = Tensor.of(stack.plane(), cells, cells).largestSize();
    float[] shades = new float[stack.plane().length];
    for (int p = 0; p < shades.length; p++) { // roots, so that few paths are seen beside many
      float paths = stack.plane()[p];
      shades[p] = paths == 0 ? 0 : (float) (0.25 + 0.75 * Math.sqrt(paths / most));
    }
    byte[] levels = Raster.levels(shades, "gradient", 1);
    String read = Prose.of("{} of {pixel}", stack.readPlane(), stack.square()).plain();
    return new Raster("plane", Role.GRADIENT, cells, cells, levels, "gradient", side / cells)
        .title("in 2D", view.narrow() ? "" : read)
        .part("r", "the same stack with square kernels: " + read + " move the output");
  }

  // ---- words

  /** The field as a sum over the layers that this step has reached, the last layer first. */
  private Equation equation() {
    Equation equation = Equation.of("[input {}] = 1", open == 0 ? "r" : "so far");
    for (int l = layers; l > open; l--) {
      equation.say(" + {}·{}", stack.dilations()[l - 1], stack.kernel() - 1);
    }
    if (open < layers) {
      equation.say(" = [input {}]", reached());
    }
    return stack.claimed() > 0 ? equation.say(", not [gradient {}]", stack.claimed()) : equation;
  }

  private int reached() {
    int reached = 1;
    for (int l = layers; l > open; l--) {
      reached += stack.dilations()[l - 1] * (stack.kernel() - 1);
    }
    return reached;
  }

  private Prose caption() {
    if (pick != null) {
      return caption(pick);
    }
    if (open == 0) {
      return new Prose().say(finding());
    }
    Prose prose = Prose.of("Backpropagation from [output one output]");
    return open == layers
        ? prose.add(": its gradient is 1 and has not left it yet.")
        : prose.add(
            " has passed {layer}: the cells with a gradient now span {}.",
            layers - open,
            reached());
  }

  private Prose caption(Cell at) {
    int level = at.row();
    int paths = stack.paths(level, at.column());
    if (level == layers && paths == 1) {
      return Prose.of("The output itself. {}", finding());
    }
    String cell = "cell " + Num.decimal(at.column(), 0);
    Prose prose =
        level == 0
            ? Prose.of("Input [input {}]", cell)
            : Prose.of("{} [output {}]", level == layers ? "Output" : "Layer " + level + ",", cell);
    if (paths > 0) {
      return prose.add(" reaches the output by {path}.", paths);
    }
    return prose.add(
        " {lies in the field, but no path leads from it to the output: a hole"
            + "|has no path to the output and cannot change it}.",
        level == 0 && at.column() >= 0 && at.column() < stack.field());
  }

  /** What the whole tree shows. */
  private String finding() {
    int measured = stack.reach()[layers];
    int holes = stack.holes();
    int claimed = stack.claimed();
    Prose out =
        Prose.of(
            "With {} weights the output sees {} cells{, as the formula says|}; without dilation {}.",
            stack.weights(),
            measured,
            measured == stack.field(),
            stack.plain()[layers]);
    if (holes > 0) {
      out.add(
          " {} of them {is a hole|are holes} that no path leaves: it reads {}. In 2D it reads {} of"
              + " {} pixels, {}.",
          holes,
          holes == 1,
          stack.read(),
          stack.readPlane(),
          stack.square(),
          Num.percent((double) stack.readPlane() / stack.square(), 0));
    } else {
      out.add(" There are no holes.");
    }
    if (claimed > 0) {
      boolean lucky = claimed == measured;
      out.add(" The mistake claims {}{, by luck the right number here|}.", claimed, lucky);
    }
    return out.plain();
  }
}
