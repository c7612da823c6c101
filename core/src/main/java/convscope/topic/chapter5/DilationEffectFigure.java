package convscope.topic.chapter5;

import convscope.num.Num;
import convscope.scene.Box;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Lines;
import convscope.scene.Markup;
import convscope.scene.Plot;
import convscope.scene.Prose;
import convscope.scene.Raster;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Text;
import convscope.scene.Twin;
import convscope.scene.Window;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.View;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Draws a {@link DilatedStack}: the tree of what one output depends on, layer by layer. */
final class DilationEffectFigure {
  private static final double MARGIN = 14;
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
    List<Raster> rasters = new ArrayList<>();
    Prose caption = caption();
    Scene scene = scene(rasters);
    return new Figure(scene, finding(), equation(), caption.html(), twin(caption), rasters);
  }

  // ---- drawing

  private Scene scene(List<Raster> rasters) {
    boolean narrow = view.narrow();
    double room = view.width() - 2 * MARGIN;
    Raster plane = plane(narrow ? 150 : 210);
    rasters.add(plane);
    Box below =
        narrow
            ? Layout.column(18, growth(room, 140), plane)
            : Layout.row(50, growth(460, 160), plane);
    Tree tree = new Tree(room);
    return Scene.of(view.width(), MARGIN, Layout.column(20, tree, below));
  }

  /** Levels as rows of cells, the input lowest, with lines from each cell to what it reads. */
  private final class Tree implements Box {
    private final double width;
    private final double names;
    private final double cell;
    private final double gap;

    Tree(double width) {
      this.width = width;
      names = view.narrow() ? 62 : 80;
      cell = Math.min(30, (width - names) / stack.cells(0));
      gap = view.narrow() ? 34 : 40;
    }

    @Override
    public double width() {
      return width;
    }

    @Override
    public double height() {
      return (layers + 1) * cell + layers * gap + 8;
    }

    private double top(double top, int level) {
      return top + (layers - level) * (cell + gap);
    }

    @Override
    public void place(Scene scene, double x, double y) {
      double left = x + names + (width - names - stack.cells(0) * cell) / 2;
      for (int level = layers; level >= 0; level--) {
        double top = top(y, level);
        double start = left + stack.offset(level) * cell;
        scene.add(
            new Text(
                    level == 0 ? "input x" : level == layers ? "output y" : "layer " + level,
                    SIZE,
                    level == 0 ? Role.INPUT : Role.OUTPUT)
                .part(level == 0 ? "r" : "")
                .at(x, top + cell / 2 + 4));
        if (level > 0) {
          scene.add(
              new Text("D = " + stack.dilations()[level - 1], SIZE, Role.NEUTRAL)
                  .part("D")
                  .at(x, top + cell + gap / 2 + 4));
          edges(scene, level, left, top + cell, top(y, level - 1));
        }
        grid(level).place(scene, start, top);
      }
      double inputTop = top(y, 0);
      double first = left + DilatedStack.MARGIN * cell;
      double around = cell < 12 ? 3 : 1;
      scene.add(
          new Window(
              "field",
              Role.INPUT,
              first - around,
              inputTop - around,
              stack.field() * cell + 2 * around,
              cell + 2 * around));
      int claimed = stack.claimed();
      if (claimed > 0) {
        double spare = (stack.field() - claimed) * (stack.causal() ? 1 : 0.5);
        double from = Math.max(left, first + spare * cell);
        double to = Math.min(left + stack.cells(0) * cell, first + (spare + claimed) * cell);
        scene.add(
            new Window(
                "mistake", Role.GRADIENT, "dashed", from, inputTop - 4, to - from, cell + 8));
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
        .title("in 2D", stack.readPlane() + " of " + square + " pixels")
        .part("r", "the same stack with square kernels: pixels that move the output");
  }

  // ---- words

  /** The field as a sum over the layers that this step has reached, the last layer first. */
  String terms(String plus) {
    StringBuilder out = new StringBuilder("1");
    for (int l = layers; l > open; l--) {
      out.append(plus).append(stack.dilations()[l - 1]).append("·").append(stack.kernel() - 1);
    }
    return out.toString();
  }

  private int reached() {
    int reached = 1;
    for (int l = layers; l > open; l--) {
      reached += stack.dilations()[l - 1] * (stack.kernel() - 1);
    }
    return reached;
  }

  private String equation() {
    Markup html = new Markup();
    html.span("b", "input", open == 0 ? "r" : "so far").text(" = " + terms(" + ") + " = ");
    html.span("b", "input", String.valueOf(reached()));
    if (stack.claimed() > 0) {
      html.text(", not ").span("b", "gradient", String.valueOf(stack.claimed()));
    }
    return html.toString();
  }

  private Prose caption() {
    Prose prose = new Prose();
    Cell at = pick;
    if (at != null) {
      int paths = stack.paths(at.row(), at.column());
      if (at.row() == layers && paths == 1) {
        return prose.say("The output itself. ").say(finding());
      }
      prose
          .say(
              at.row() == 0
                  ? "Input "
                  : at.row() == layers ? "Output " : "Layer " + at.row() + ", ")
          .say(at.row() == 0 ? Role.INPUT : Role.OUTPUT, "cell " + Num.decimal(at.column(), 0));
      if (paths == 0) {
        boolean inside = at.row() == 0 && at.column() >= 0 && at.column() < stack.field();
        return prose.say(
            inside
                ? " lies in the field, but no path leads from it to the output: a hole."
                : " has no path to the output and cannot change it.");
      }
      return prose.say(" reaches the output by " + paths + (paths == 1 ? " path." : " paths."));
    }
    if (open > 0) {
      return prose
          .say("Backpropagation from ")
          .say(Role.OUTPUT, "one output")
          .say(
              open == layers
                  ? ": its gradient is 1 and has not left it yet."
                  : " has passed "
                      + (layers - open)
                      + (layers - open == 1 ? " layer" : " layers")
                      + ": the cells with a gradient now span "
                      + reached()
                      + ".");
    }
    return prose.say(finding());
  }

  /** What the whole tree shows. */
  private String finding() {
    StringBuilder out = new StringBuilder();
    int measured = stack.reach()[layers];
    out.append("With ").append(stack.weights()).append(" weights the output sees ");
    out.append(measured)
        .append(measured == stack.field() ? " cells, as the formula says" : " cells");
    out.append("; without dilation ").append(stack.plain()[layers]).append(". ");
    int holes = stack.holes();
    if (holes > 0) {
      out.append(holes).append(holes == 1 ? " of them is a hole" : " of them are holes");
      out.append(" that no path leaves: it reads ")
          .append(stack.read())
          .append(". In 2D it reads ");
      int square = stack.field() * stack.field();
      out.append(stack.readPlane()).append(" of ").append(square).append(" pixels, ");
      out.append(Num.percent((double) stack.readPlane() / square, 0)).append(". ");
    } else {
      out.append("There are no holes. ");
    }
    int claimed = stack.claimed();
    if (claimed > 0) {
      out.append("The mistake claims ").append(claimed);
      out.append(claimed == measured ? ", by luck the right number here." : ".");
    }
    return out.toString().trim();
  }

  private String twin(Prose caption) {
    Twin twin = new Twin().say(caption.plain());
    if (!caption.plain().equals(finding())) {
      twin.say(finding());
    }
    List<List<String>> rows = new ArrayList<>();
    for (int l = 0; l <= layers; l++) {
      rows.add(
          List.of(
              String.valueOf(l),
              l == 0 ? "–" : String.valueOf(stack.dilations()[l - 1]),
              String.valueOf(stack.fields().get(l).size()),
              String.valueOf(stack.reach()[l]),
              String.valueOf(stack.plain()[l])));
    }
    twin.table(
        "Field after each layer",
        List.of("layers", "dilation", "formula", "measured", "measured with dilation 1"),
        rows);
    int cells = stack.cells(0);
    return twin.table(
            "Paths from each input cell to the output; the first and the last cell are outside the field",
            1,
            cells,
            stack.paths().get(0))
        .toString();
  }
}
