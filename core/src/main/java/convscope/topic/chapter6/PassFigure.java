package convscope.topic.chapter6;

import convscope.num.Num;
import convscope.scene.Box;
import convscope.scene.Cells;
import convscope.scene.Equation;
import convscope.scene.Grid;
import convscope.scene.Panel;
import convscope.scene.Prose;
import convscope.scene.Raster;
import convscope.scene.Role;
import convscope.scene.Text;
import convscope.tensor.Tensor;
import convscope.topic.Sliding;

/** What the figures of this chapter's gradients have in common: the way forward and the loss. */
final class PassFigure {
  private PassFigure() {}

  /**
   * The output.
   *
   * @param brief whether its title is a letter, for several in a row
   */
  static Panel output(Played played, Sliding at, boolean brief) {
    return at.output("out", Role.OUTPUT, "output y", played.output())
        .title(brief ? "y" : "output y", "")
        .part("y", "output y");
  }

  /** What the output of small numbers is to become. */
  static Panel target(Played played, Sliding at, boolean brief) {
    return at.map("t", Role.NEUTRAL, "target t", played.output().minus(played.g()))
        .title(brief ? "t" : "target t", "");
  }

  /** The gradient that arrives at the output. */
  static Panel g(Played played, Sliding at) {
    String title = at.picture() ? "g = ∂L/∂y" : "g = y − t";
    Panel g = at.output("g", Role.GRADIENT, title, played.g()).title(title, "").part("g", title);
    return played.forward() ? g.blankFrom(0) : g;
  }

  /** The kernel, whose size is pulled where it is the reader's to choose. */
  static Panel kernel(Played played, Sliding at) {
    Panel k = at.kernel("kernel w", played.kernel()).title("kernel w", "");
    return at.picture() ? k : k.resizes("kernel", played.kernel().dim(2), played.kernel().dim(3));
  }

  /** A matrix of the kernel's size, in cells as {@link Sliding#kernel} has them. */
  static Grid likeKernel(String key, Role role, Played played, Sliding at, Tensor values) {
    int high = played.kernel().dim(2);
    int wide = played.kernel().dim(3);
    Cells side = at.picture() ? Cells.of(Math.min(30, 110.0 / wide)) : at.cells();
    return new Grid(key, role, high, wide, side, values.data());
  }

  /** A map of values of both signs as an image. */
  static Raster image(String key, Role role, Tensor map, double most, Cells cells) {
    return Raster.of(key, role, map.dim(2), map.dim(3), map.data(), "signed", most, cells);
  }

  /** The loss before, now and after one more step, in a line. */
  static Box loss(Layer layer, boolean narrow) {
    String before = layer.taken() == 0 ? "" : Num.cell(layer.before()) + " → ";
    String after = " → " + Num.cell(layer.after()) + " after a step";
    return new Text(
            (narrow ? "L" : layer.lossName()) + " = " + before + Num.cell(layer.loss()) + after,
            13,
            Role.NEUTRAL)
        .part("L");
  }

  /** The window's dot product; bias and what the other channels of a filter add are one term. */
  static Equation equation(Played played, Sliding at) {
    Layer layer = played.layer();
    double sum = played.output().data()[at.n];
    Tensor kernel = played.kernel();
    double here = 0;
    for (int t = 0; t < kernel.size(); t++) {
      double read = layer.read(0, played.channel(), at.tapRow(t), at.tapColumn(t));
      here += read * kernel.data()[t];
    }
    boolean whole = layer.w().dim(1) == 1 && layer.b().data()[played.filter()] == 0;
    float rest = whole ? 0 : (float) (sum - here);
    return at.picture()
        ? Equation.sum("[output {}]", at.name())
            .term("", false, "{product} of [kernel w] and [input x], {}", kernel.size(), here)
            .bias(rest)
            .total(sum)
        : at.products(kernel, rest, sum);
  }

  static Prose forward(Played played, Sliding at) {
    double y = played.output().data()[at.n];
    double g = played.g().data()[at.n];
    Prose prose =
        Prose.of("On the way forward the [kernel window] gives [output {} = {}]. ", at.name(), y);
    if (at.picture()) {
      return prose.add(
          "What the layers behind make of it, the loss says on the way back: [gradient g = {}].",
          g);
    }
    prose.add(
        "The target there is {}, so [gradient g = {}] will set out from it on the way back.",
        y - g,
        g);
    return played.layer().w().dim(1) == 1
        ? prose
        : prose.add(" The last term of the sum is the other channel’s.");
  }

  /** Ends a sentence with what a step does to one element, and all of them to the loss. */
  static Prose step(Prose prose, Layer layer, int element, String one, String all) {
    prose.add(
        "A step with [neutral:η η = {}] takes the {} from {} to {}; with {} moved so, ",
        layer.rate(),
        one,
        Num.decimal(layer.operand(layer.learned()).data()[element], 4),
        Num.decimal(layer.stepped().data()[element], 4),
        all);
    return step(prose, layer);
  }

  /** Ends a sentence with what a step of the learned operand does to the loss. */
  static Prose step(Prose prose, Layer layer) {
    double after = layer.after();
    return after < layer.loss()
        ? prose.add("the [neutral:L loss] falls from {} to {}.", layer.loss(), after)
        : after > layer.loss()
            ? prose.add(
                "the [neutral:L loss] rises from {} to {}: the step is too long.",
                layer.loss(),
                after)
            : prose.add("the [neutral:L loss] stays at {}.", after);
  }
}
