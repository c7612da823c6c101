package convscope.topic.chapter2;

import convscope.num.Num;
import convscope.scene.Cells;
import convscope.scene.Equation;
import convscope.scene.Formula;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Mosaic;
import convscope.scene.Panel;
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.topic.Figure;
import convscope.topic.View;
import java.util.Arrays;
import java.util.List;

/** Draws a {@link Dilated}: the kernel with its holes, and what one output of each stack reads. */
final class DilationFigure {
  private static final double KERNEL = 122; // width of the kernel

  private final Dilated run;
  private final View view;
  private final Cells cells = Cells.pixels(24);
  private final int layers; // counted back from the output
  private final boolean beside; // whether the last step compares with the output beside it
  private final int rate; // of the layer that this step adds

  DilationFigure(Dilated run, View view) {
    this.run = run;
    this.view = view;
    layers = Math.min(view.step(), run.stack().rates().length);
    beside = view.step() > layers;
    rate = run.stack().rate(Math.max(1, layers));
  }

  Figure figure() {
    return Figure.of(scene(), equation(), caption());
  }

  // ---- the drawing

  private Scene scene() {
    Grid kernel = kernel();
    Panel stack = reach("a", run.stack());
    Panel against = reach("b", run.against());
    return cells.fit(
        view.stage(),
        Layout.row(26, kernel, stack, against),
        Layout.row(12, kernel, Layout.stack(10, stack, against)));
  }

  /** The taps of the step's layer at their places; as large as the widest layer needs. */
  private Grid kernel() {
    int widest = 1;
    for (int each : run.stack().rates()) {
      widest = Math.max(widest, Dilated.span(run.kernel(), each));
    }
    int side = Dilated.span(run.kernel(), rate);
    double cell = Math.min(30, KERNEL / widest);
    float[] none = new float[widest * widest];
    Grid grid =
        new Grid("k", Role.KERNEL, widest, widest, Cells.pixels(cell), none)
            .title("kernel w", "D = " + rate)
            .part("w", "kernel with dilation " + rate)
            .frameless();
    for (int n = 0; n < widest * widest; n++) {
      int r = n / widest;
      int c = n % widest;
      if (r >= side || c >= side) {
        grid.omit(r, c);
      } else if (r % rate == 0 && c % rate == 0) {
        String name = "w" + (r / rate * run.kernel() + c / rate + 1);
        grid.label(r, c, cell < 18 ? "" : name, name).level(r, c, 6);
      } else {
        grid.label(r, c, "", "a hole").level(r, c, 0).mark(r, c, "padding");
      }
    }
    return grid;
  }

  /** What one output of a stack reads: its field so far in the middle of the whole. */
  private Panel reach(String key, Dilated.Stack stack) {
    int size = stack.size(stack.rates().length);
    int now = stack.size(layers);
    int before = (size - now) / 2;
    float[] paths = stack.paths().get(layers).data();
    float most = stack.paths().get(layers).largestSize();
    byte[] levels = new byte[size * size];
    Arrays.fill(levels, Mosaic.HOLE);
    for (int n = 0; n < paths.length; n++) {
      boolean shared = beside && n % now > 0 && paths[n - 1] != 0;
      int level = beside ? (shared ? Grid.LEVELS : 2) : 3 + (int) (7 * paths[n] / most);
      if (paths[n] != 0) {
        int at = (n / now + before) * size + n % now + before;
        levels[at] = (byte) level;
      }
    }
    int holes = stack.holes(layers);
    String read = stack.read(layers) + " of " + Num.size(now, now) + " cells read, {hole}";
    String found = "Dilations " + stack.names() + ", through {layer}: " + read;
    Role role = run.mistake() ? Role.GRADIENT : Role.NEUTRAL;
    Panel panel =
        new Mosaic(
                key, Role.INPUT, size, size, cells, levels, Prose.of(found, layers, holes).plain())
            .title("D = " + stack.names(), holes == 0 ? "no hole" : Num.count(holes) + " holes")
            .outline(key + "/field", role, "dashed", before, before, now, now);
    int middle = size / 2;
    return size % 2 == 0 // then the output lies between cells
        ? panel
        : panel.outline(key + "/centre", Role.OUTPUT, "", middle, middle, 1, beside ? 2 : 1);
  }

  // ---- words

  /** {@code K_eff = D(K − 1) + 1} with numbers. */
  static Formula effective(int kernel, int rate) {
    return Formula.of(
        "K_{'eff'} = D·(k − 1) + 1 = e",
        "K:kernel:e",
        "D:neutral:D:" + rate,
        "k:kernel:w:" + kernel,
        "e:kernel:e:" + Dilated.span(kernel, rate));
  }

  private String equation() {
    return Equation.lines(
        false,
        List.of(
            List.of(effective(run.kernel(), rate)),
            List.of(field(run.stack()), field(run.against()))));
  }

  /** The field of the whole stack, layer by layer. */
  private Formula field(Dilated.Stack stack) {
    StringBuilder sum = new StringBuilder("r_3 = 1");
    for (int each : stack.rates()) {
      sum.append(" + ").append(each).append('·').append(run.kernel() - 1);
    }
    return Formula.of(sum.append(" = f").toString(), "f:input:r:" + stack.size(3));
  }

  private Prose caption() {
    Dilated.Stack stack = run.stack();
    Dilated.Stack other = run.against();
    int read = stack.read(layers);
    if (layers == 0) {
      return Prose.of(
          "One [output output] of three layers. Each step goes back through one of them, from the"
              + " last to the first.");
    }
    if (beside) {
      int shared = stack.shared(layers, 1);
      return Prose.of(
          "The [output output] shares [input {}] of the {cell} that it reads with the output beside"
              + " it; with dilations {} it shares [input {}] of {}.",
          shared == 0 ? "none" : Num.count(shared),
          read,
          other.names(),
          other.shared(layers, 1),
          other.read(layers));
    }
    int side = Dilated.span(run.kernel(), rate);
    Prose prose =
        Prose.of(
            "Layer {} has dilation {}: its [kernel {weight}] span {} cells{}. ",
            stack.rates().length + 1 - layers,
            rate,
            run.kernel() * run.kernel(),
            Num.size(side, side),
            rate > 1 ? " and give what an ordinary kernel with zeros in the holes gives" : "");
    int cells = stack.cells(layers);
    if (!run.mistake()) {
      return prose.add(
          "The output reads [input {} of {} cells] of its field; with dilations {} it reads"
              + " [input {} of {}].",
          read,
          cells,
          other.names(),
          other.read(layers),
          other.cells(layers));
    }
    prose.add("[gradient The field is {} cells]", cells);
    return read == cells
        ? prose.add(", and here the mistake is right by luck: all are read.")
        : prose.add(
            ", but only {} are read. Adding 100 to every hole of the input changes the output by"
                + " {}.",
            read,
            stack.blind());
  }
}
