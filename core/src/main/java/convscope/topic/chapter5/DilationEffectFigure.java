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
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.View;
import org.jspecify.annotations.Nullable;

/** Draws a {@link DilatedStack}: the tree of what one output depends on, layer by layer. */
final class DilationEffectFigure {
  private static final double MARGIN = 12;
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
    int level = -1;
    for (int l = 0; at != null && l <= layers; l++) {
      level = at.grid().equals(key(l)) ? l : level;
    }
    boolean known =
        at != null
            && level >= 0
            && at.row() == 0
            && at.column() >= -DilatedStack.MARGIN
            && at.column() < stack.cells(level) - DilatedStack.MARGIN;
    pick = at != null && known ? new Cell(at.grid(), level, at.column()) : null;
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
    double room = view.stage().width() - 2 * MARGIN;
    double high = view.stage().height() - 2 * MARGIN;
    Box below =
        view.narrow()
            ? Layout.row(8, growth(room - 118, 62), plane(104))
            : Layout.row(40, growth(room - 236, 78), plane(126));
    return Scene.of(
        view.stage(), Layout.column(10, new Tree(room, high - below.height() - 10), below));
  }

  /** Levels as rows of cells, the input lowest, with lines from each cell to what it reads. */
  private final class Tree implements Box {
    private final double width;
    private final double height;
    private final double names;
    private final double cell;
    private final double gap;

    Tree(double width, double height) {
      this.width = width;
      this.height = height;
      names = view.narrow() ? 62 : 80;
      double row = height / (layers + 1.0);
      cell = Math.min(Math.min(30, row * 0.55), (width - names) / stack.cells(0));
      gap = layers == 0 ? 0 : Math.min(56, (height - 8 - (layers + 1) * cell) / layers);
    }

    @Override
    public double width() {
      return width;
    }

    @Override
    public double height() {
      return height;
    }

    private double top(double top, int level) {
      double spare = (height - (layers + 1) * cell - layers * gap) / 2;
      return top + spare + (layers - level) * (cell + gap);
    }

    @Override
    public void place(Scene scene, double x, double y) {
      double left = x + names + (width - names - stack.cells(0) * cell) / 2;
      for (int level = layers; level >= 0; level--) {
        double top = top(y, level);
        String name = level == 0 ? "input x" : level == layers ? "output y" : "layer " + level;
        scene.add(
            new Text(name, SIZE, level == 0 ? Role.INPUT : Role.OUTPUT)
                .part(level == 0 ? "r" : "")
                .at(x, top + cell / 2 + 4));
        if (level > 0) {
          scene.add(
              new Text("D = " + stack.dilations()[level - 1], SIZE, Role.NEUTRAL)
                  .part("D")
                  .at(x, top + cell + gap / 2 + 4));
          edges(scene, level, left, top + cell, top(y, level - 1));
        }
        grid(level).place(scene, left + stack.offset(level) * cell, top);
      }
    }

    /** The lines from a level's cells of the tree to the cells that they read. */
    private void edges(Scene scene, int level, double left, double top, double bottom) {
      boolean fine = stack.cells(0) > 40 || pick != null;
      Lines lines = new Lines("edges/" + level, fine ? "line kernel thin" : "line kernel");
      Lines strong = new Lines("linked/" + level, "connection kernel strong");
      Cell at = pick;
      boolean[][] linked = at == null ? new boolean[0][] : stack.linked(at.row(), at.column());
      for (int i = 0; i < stack.cells(level); i++) {
        if (level <= open || stack.paths(level, i - DilatedStack.MARGIN) == 0) {
          continue;
        }
        for (int u = 0; u < stack.kernel(); u++) {
          int below = i + u * stack.dilations()[level - 1];
          boolean on =
              at != null && (at.row() >= level ? linked[level][i] : linked[level - 1][below]);
          (on ? strong : lines)
              .add(
                  left + (stack.offset(level) + i + 0.5) * cell,
                  top,
                  left + (stack.offset(level - 1) + below + 0.5) * cell,
                  bottom);
        }
      }
      scene.addBelow(strong);
      scene.addBelow(lines);
    }

    private Grid grid(int level) {
      int cells = stack.cells(level);
      Grid grid =
          new Grid(
                  key(level),
                  level == 0 ? Role.INPUT : Role.OUTPUT,
                  1,
                  cells,
                  cell,
                  stack.paths().get(level))
              .origin(0, -DilatedStack.MARGIN)
              .part(level == 0 ? "r" : "", level == 0 ? "input x" : "layer " + level)
              .frameless();
      if (level == 0) {
        outlines(grid);
      }
      int most = 1;
      for (float paths : stack.paths().get(level)) {
        most = (int) Math.max(most, paths);
      }
      for (int i = -DilatedStack.MARGIN; i < cells - DilatedStack.MARGIN; i++) {
        int paths = stack.paths(level, i);
        boolean reached = paths > 0 && level >= open;
        boolean hole = level == 0 && open == 0 && paths == 0 && i >= 0 && i < stack.field();
        grid.label(
                0,
                i,
                level == 0 && (reached || hole) ? String.valueOf(paths) : "",
                level < open ? "not reached yet" : paths(paths))
            .level(0, i, !reached ? 0 : level == layers ? 9 : 2 + 6 * paths / most);
        if (hole) {
          grid.mark(0, i, "dropped");
        }
        Cell at = pick;
        if (at != null && at.row() == level && at.column() == i) {
          grid.mark(0, i, "picked");
        }
      }
      return grid;
    }
  }

  /** The field over the input, and what the mistake claims, as far as it is drawn. */
  private void outlines(Grid input) {
    input.outline("field", Role.INPUT, "", 0, 0, 1, stack.field());
    int claimed = stack.claimed();
    if (claimed > 0) {
      int spare = stack.field() - claimed;
      int first = stack.causal() ? spare : Math.floorDiv(spare, 2);
      int from = Math.max(-DilatedStack.MARGIN, first);
      int to = Math.min(stack.field() + DilatedStack.MARGIN, first + claimed);
      input.outline("mistake", Role.GRADIENT, "dashed", 0, from, 1, to - from);
    }
  }

  private static String paths(int count) {
    return count == 0
        ? "no path to the output"
        : count == 1 ? "1 path to the output" : count + " paths to the output";
  }

  /** The field after each layer, beside the same layers without dilation. */
  private Box growth(double width, double area) {
    double[] depth = new double[layers + 1];
    double[] reach = new double[layers + 1];
    double[] plain = new double[layers + 1];
    double[] formula = new double[layers + 1];
    for (int l = 0; l <= layers; l++) {
      depth[l] = l;
      reach[l] = stack.reach()[l];
      plain[l] = stack.plain()[l];
      formula[l] = stack.fields().get(l).size();
    }
    double most = Math.max(reach[layers], plain[layers]);
    return new Plot("growth", width, area, "field after each layer, with and without dilation")
        .x("layers", 0, Math.max(4, layers))
        .y("field r", 0, most)
        .curve("formula", Role.INPUT, "", "formula", depth, formula)
        .points("reach", Role.INPUT, "large", "measured", depth, reach)
        .curve("plain", Role.NEUTRAL, "dashed", "", depth, plain)
        .points("without", Role.NEUTRAL, "large", "measured with D = 1", depth, plain);
  }

  /** How many paths lead from each pixel to the output, for square kernels. */
  private Raster plane(double side) {
    int cells = stack.cells(0);
    float most = 1;
    for (float paths : stack.plane()) {
      most = Math.max(most, paths);
    }
    float[] shades = new float[stack.plane().length];
    for (int p = 0; p < shades.length; p++) { // roots, so that few paths are seen beside many
      float paths = stack.plane()[p];
      shades[p] = paths == 0 ? 0 : (float) (0.25 + 0.75 * Math.sqrt(paths / most));
    }
    int square = stack.field() * stack.field();
    return new Raster(
            "plane",
            Role.GRADIENT,
            cells,
            cells,
            Raster.levels(shades, "gradient", 1),
            "gradient",
            side / cells)
        .title("in 2D", view.narrow() ? "" : stack.readPlane() + " of " + square + " pixels")
        .part("r", "the same stack with square kernels: pixels that move the output");
  }

  // ---- words

  /** The field as a sum over the layers that this step has reached, the last layer first. */
  private Equation equation() {
    Equation equation = Equation.of("[input {}] = 1", open == 0 ? "r" : "so far");
    for (int l = layers; l > open; l--) {
      equation.say(" + {}·{}", stack.dilations()[l - 1], stack.kernel() - 1);
    }
    equation.say(" = [input {}]", reached());
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
      return Prose.of("{}", finding());
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
    boolean inside = level == 0 && at.column() >= 0 && at.column() < stack.field();
    return prose.add(
        inside
            ? " lies in the field, but no path leads from it to the output: a hole."
            : " has no path to the output and cannot change it.");
  }

  /** What the whole tree shows. */
  private String finding() {
    int measured = stack.reach()[layers];
    Prose out =
        Prose.of(
            "With {} weights the output sees {} cells{}; without dilation {}. ",
            stack.weights(),
            measured,
            measured == stack.field() ? ", as the formula says" : "",
            stack.plain()[layers]);
    int holes = stack.holes();
    if (holes > 0) {
      int square = stack.field() * stack.field();
      out.add(
          "{} of them {is a hole|are holes} that no path leaves: it reads {}. In 2D it reads {} of"
              + " {} pixels, {}. ",
          Num.count(holes),
          holes == 1,
          stack.read(),
          stack.readPlane(),
          square,
          Num.percent((double) stack.readPlane() / square, 0));
    } else {
      out.add("There are no holes. ");
    }
    int claimed = stack.claimed();
    if (claimed > 0) {
      out.add(
          "The mistake claims {}{}.",
          claimed,
          claimed == measured ? ", by luck the right number here" : "");
    }
    return out.plain().trim();
  }
}
