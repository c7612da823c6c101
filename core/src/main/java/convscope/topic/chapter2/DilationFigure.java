package convscope.topic.chapter2;

import static convscope.scene.Formula.num;
import static convscope.scene.Formula.op;
import static convscope.scene.Formula.row;

import convscope.num.Num;
import convscope.scene.Box;
import convscope.scene.Formula;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Mosaic;
import convscope.scene.Paragraph;
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Twin;
import convscope.topic.Figure;
import convscope.topic.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Draws a {@link Dilated}: the kernel with its holes, and what one output of each stack reads. */
final class DilationFigure {
  private static final double MARGIN = 14;
  private static final double KERNEL = 190; // width of the kernel in a wide drawing
  private static final double BETWEEN = 30;

  private final Dilated run;
  private final View view;
  private final int layers; // counted back from the output
  private final int rate; // of the layer that this step adds

  DilationFigure(Dilated run, View view) {
    this.run = run;
    this.view = view;
    layers = view.step();
    rate = run.stack().rate(Math.max(1, layers));
  }

  Figure figure() {
    return new Figure(scene(), alt(), equation(), caption().html(), twin());
  }

  static String rates(int[] rates) {
    StringBuilder out = new StringBuilder();
    for (int rate : rates) {
      out.append(out.isEmpty() ? "" : ", ").append(rate);
    }
    return out.toString();
  }

  // ---- the drawing

  private Scene scene() {
    double room = view.width() - 2 * MARGIN;
    double side = view.narrow() ? room : (room - KERNEL - 2 * BETWEEN) / 2;
    int last = run.stack().rates().length;
    int most = Math.max(run.stack().size(last), run.against().size(last));
    double cell = Math.min(view.narrow() ? 20 : 24, side / most);
    double kernelWidth = view.narrow() ? 200 : KERNEL;
    Box kernel = kernel(kernelWidth);
    Reach first = new Reach("a", run.stack(), cell, side);
    Reach second = new Reach("b", run.against(), cell, side);
    Scene scene =
        Scene.of(
            view.width(),
            MARGIN,
            view.narrow()
                ? Layout.column(20, kernel, first.box, second.box)
                : Layout.row(BETWEEN, kernel, first.box, second.box));
    first.outlines(scene);
    second.outlines(scene);
    return scene;
  }

  /** The taps of the step's layer at their places; as large as the widest layer needs. */
  private Box kernel(double width) {
    int widest = 1;
    for (int each : run.stack().rates()) {
      widest = Math.max(widest, Dilated.span(run.kernel(), each));
    }
    int side = Dilated.span(run.kernel(), rate);
    int before = (widest - side) / 2;
    float[] values = new float[widest * widest];
    Grid grid =
        new Grid("k", Role.KERNEL, widest, widest, Math.min(34, width / widest), values)
            .origin(-before, -before)
            .title("kernel w", "D = " + rate)
            .part("w", "kernel with dilation " + rate)
            .frameless();
    for (int r = -before; r < widest - before; r++) {
      for (int c = -before; c < widest - before; c++) {
        boolean inside = r >= 0 && c >= 0 && r < side && c < side;
        if (!inside) {
          grid.omit(r, c);
        } else if (r % rate == 0 && c % rate == 0) {
          int tap = r / rate * run.kernel() + c / rate + 1;
          String name = "w" + tap;
          grid.label(r, c, widest > 9 ? "" : name, "weight " + tap).level(r, c, 6);
        } else {
          grid.label(r, c, "", "a hole").level(r, c, 0);
          grid.mark(r, c, "padding");
        }
      }
    }
    double most = run.twoWays(rate);
    String said =
        run.kernel() * run.kernel()
            + " weights on "
            + side
            + " × "
            + side
            + " cells. Against an ordinary "
            + side
            + " × "
            + side
            + " kernel with zeros in the holes: largest difference "
            + Num.decimal(most, 6)
            + (most < 1e-4 ? "\u00a0✓" : "\u00a0✗");
    return Layout.column(
        10, grid, new Room(new Paragraph(said, width, 12, Role.NEUTRAL), 84, width));
  }

  /** A box that keeps its room whatever it holds, so that a step moves nothing else. */
  private record Room(Box box, double height, double width) implements Box {
    @Override
    public void place(Scene scene, double x, double y) {
      box.place(scene, x, y);
    }

    @Override
    public String toString() {
      return "Room";
    }
  }

  /** What one output of a stack reads. */
  private final class Reach {
    private final String key;
    private final Dilated.Stack stack;
    private final Mosaic mosaic;
    private final Box box;
    private final int size;

    Reach(String key, Dilated.Stack stack, double cell, double width) {
      this.key = key;
      this.stack = stack;
      size = stack.size(stack.rates().length);
      mosaic =
          new Mosaic(key, Role.INPUT, size, size, cell, levels(), found(stack, layers))
              .title("D = " + rates(stack.rates()), stack.weights() + " weights");
      Paragraph found = new Paragraph(found(stack, layers), width, 13, Role.INPUT);
      box = Layout.column(8, mosaic, new Room(found, 56, width));
    }

    /** How strongly the output depends on each cell; the field so far in the middle. */
    private byte[] levels() {
      byte[] levels = new byte[size * size];
      int now = stack.size(layers);
      int before = (size - now) / 2;
      float[] paths = stack.paths().get(layers);
      float most = 0;
      for (float value : paths) {
        most = Math.max(most, value);
      }
      for (int n = 0; n < levels.length; n++) {
        int r = n / size - before;
        int c = n % size - before;
        float value = r >= 0 && c >= 0 && r < now && c < now ? paths[r * now + c] : 0;
        levels[n] =
            value == 0 ? Mosaic.HOLE : (byte) Math.min(Grid.LEVELS, 3 + (int) (7 * value / most));
      }
      return levels;
    }

    void outlines(Scene scene) {
      int now = stack.size(layers);
      int at = (size - now) / 2;
      scene.add(
          run.mistake()
              ? mosaic.around(key + "/field", Role.GRADIENT, "dashed", at, at, now, now)
              : mosaic.around(key + "/field", Role.NEUTRAL, "dashed", at, at, now, now));
      if (size % 2 == 1) { // otherwise the output lies between cells
        scene.add(mosaic.around(key + "/centre", Role.OUTPUT, "", size / 2, size / 2, 1, 1));
      }
    }
  }

  private static String found(Dilated.Stack stack, int layers) {
    int holes = stack.holes(layers);
    return (layers == 0
            ? "The output itself: "
            : layers == 1 ? "Through the last layer: " : "Through " + layers + " layers: ")
        + stack.read(layers)
        + " of "
        + stack.size(layers)
        + " × "
        + stack.size(layers)
        + " cells read, "
        + (holes == 0 ? "no hole" : holes == 1 ? "1 hole" : holes + " holes");
  }

  // ---- words

  /** {@code K_eff = D(K − 1) + 1} with numbers. */
  static String effective(int kernel, int rate) {
    return row(
            Dilation.relation("·").with(Map.of("D", text(rate), "w", text(kernel))),
            op("="),
            result(Dilated.span(kernel, rate), Role.KERNEL))
        .line();
  }

  private static Formula result(int value, Role role) {
    return Formula.sym("r", role).with(Map.of("r", text(value)));
  }

  private static String text(int value) {
    return String.valueOf(value);
  }

  private String equation() {
    return "<div class=\"derivation\">"
        + effective(run.kernel(), rate)
        + field(run.stack())
        + field(run.against())
        + "</div>";
  }

  /** The field of the whole stack, layer by layer. */
  private String field(Dilated.Stack stack) {
    Formula sum = num("1");
    for (int each : stack.rates()) {
      sum = row(sum, op("+"), num(text(each)), op("·"), num(text(run.kernel() - 1)));
    }
    int last = stack.rates().length;
    return row(
            Formula.sub(Formula.index("r"), num(text(last))),
            op("="),
            sum,
            op("="),
            result(stack.size(last), Role.INPUT))
        .line();
  }

  private Prose caption() {
    Prose prose = new Prose();
    Dilated.Stack stack = run.stack();
    if (layers == 0) {
      return prose
          .say("One ")
          .say(Role.OUTPUT, "output")
          .say(
              " of three layers. Each step goes back through one of them, from the last to the first.");
    }
    int last = stack.rates().length;
    prose
        .say("Layer " + (last + 1 - layers) + " has dilation " + rate + ": its ")
        .say(Role.KERNEL, run.kernel() * run.kernel() + " weights")
        .say(" span " + Dilated.span(run.kernel(), rate) + " cells. ");
    int holes = stack.holes(layers);
    if (run.mistake()) {
      return prose
          .say(Role.GRADIENT, "The field is " + stack.cells(layers) + " cells")
          .say(
              holes == 0
                  ? ", and here the mistake is right by luck: all are read."
                  : ", but only "
                      + stack.read(layers)
                      + " are read. Adding 100 to every hole of the input changes the output by "
                      + Num.decimal(stack.blind(), 6)
                      + ".");
    }
    return prose
        .say("The output reads ")
        .say(Role.INPUT, stack.read(layers) + " of " + stack.cells(layers) + " cells")
        .say(" of its field and shares ")
        .say(Role.INPUT, stack.shared(layers) == 0 ? "none" : String.valueOf(stack.shared(layers)))
        .say(" of them with the output beside it; with dilations ")
        .say(rates(run.against().rates()) + " it reads ")
        .say(Role.INPUT, run.against().read(layers) + " of " + run.against().cells(layers))
        .say(" and shares ")
        .say(Role.INPUT, String.valueOf(run.against().shared(layers)))
        .say(".");
  }

  private String alt() {
    return "Dilations "
        + rates(run.stack().rates())
        + ": "
        + found(run.stack(), layers)
        + ". Dilations "
        + rates(run.against().rates())
        + ": "
        + found(run.against(), layers)
        + ". Both have "
        + run.stack().weights()
        + " weights.";
  }

  private String twin() {
    Twin twin = new Twin().say(caption().plain()).say(alt());
    for (Dilated.Stack stack : List.of(run.stack(), run.against())) {
      List<List<String>> rows = new ArrayList<>();
      for (int n = 1; n <= stack.rates().length; n++) {
        rows.add(
            List.of(
                text(stack.rates().length + 1 - n),
                text(stack.rate(n)),
                text(Dilated.span(run.kernel(), stack.rate(n))),
                text(stack.size(n)),
                text(stack.read(n)),
                text(stack.holes(n))));
      }
      twin.table(
          "Back through dilations " + rates(stack.rates()),
          List.of("layer", "D", "K_eff", "field", "cells read", "holes"),
          rows);
      twin.say(
          "Adding 100 to every hole of the input changes the output by "
              + Num.decimal(stack.blind(), 6)
              + ".");
    }
    return twin.toString();
  }
}
