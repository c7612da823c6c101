package convscope.topic.chapter7;

import convscope.num.Num;
import convscope.scene.Bars;
import convscope.scene.Box;
import convscope.scene.Cells;
import convscope.scene.Equation;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Panel;
import convscope.scene.Plot;
import convscope.scene.Prose;
import convscope.scene.Raster;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.tensor.Tensor;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.View;
import convscope.train.Augmentation;
import java.util.List;

/** Draws a {@link Varied}: masks and what they leave on average, or an image in other forms. */
final class DropoutAugmentationFigure {
  private static final double IMAGE = 200; // the longest side of an image, at most
  private static final int NEXT = 4; // draws that are shown beforehand
  private static final double SMALL = 70; // the longest side of one of them

  private final Varied result;
  private final View view;
  private final int step;
  private final boolean image;
  private final Tensor x;
  private final Tensor y;
  private final double white;
  private final Cells cells;
  private final int i; // the cell on which the equation looks
  private final int j;

  DropoutAugmentationFigure(Varied result, View view) {
    this.result = result;
    this.view = view;
    step = view.step();
    x = result.x();
    y = result.output(step);
    image = result.input().picture() != null;
    double side = Math.max(x.dim(2), x.dim(3));
    white = image ? 255 : Math.max(x.largestSize(), result.second().largestSize());
    cells = image ? Cells.pixels(IMAGE / side) : Cells.of(34);
    Cell pick = Cell.parse(view.pick());
    boolean own =
        pick != null
            && List.of("in", "m", "y", "average", "second").contains(pick.grid())
            && pick.within(pick.grid(), y.dim(2), y.dim(3));
    i = pick != null && own ? pick.row() : y.dim(2) / 2;
    j = pick != null && own ? pick.column() : y.dim(3) / 2;
  }

  Figure figure() {
    return result.drops()
        ? Figure.of(dropoutScene(), dropoutEquation(), dropoutCaption())
        : Figure.of(imageScene(), imageEquation(), imageCaption());
  }

  private static String number(double value) {
    return Num.decimal(value, 1);
  }

  private Panel panel(String key, Role role, String title, Tensor values, double full) {
    int rows = values.dim(2);
    int columns = values.dim(3);
    Panel panel;
    if (image) {
      panel = Raster.of(key, role, rows, columns, values.data(), "grey", full, cells);
    } else {
      Grid grid = new Grid(key, role, rows, columns, cells, values.data()).scaledTo(full);
      panel = key.equals("in") ? grid.editable() : grid;
    }
    boolean same = rows == x.dim(2) && columns == x.dim(3);
    boolean inPlace = result.drops() || result.mode().equals("mixup"); // y[i, j] reads x[i, j]
    if (!image && (key.equals("y") || (same && inPlace))) {
      panel.outline("target/" + key, Role.OUTPUT, "", i, j, 1, 1);
    }
    return panel.title(title, "").part(key.equals("in") ? "x" : key, title);
  }

  private Panel input() {
    return panel("in", Role.INPUT, "x", x, white).resizes("size", x.dim(2), x.dim(3));
  }

  // ---- dropout

  private Scene dropoutScene() {
    double most = result.unscaled() ? white : white / (1 - result.p());
    boolean wrong = !result.mistake().equals("none") && (result.unscaled() || result.evaluating());
    Panel m = panel("m", Role.KERNEL, "mask m", result.mask(step), 1);
    Panel out = panel("y", Role.OUTPUT, "y", y, most);
    Panel average =
        panel(
            "average",
            wrong ? Role.GRADIENT : Role.OUTPUT,
            "mean of " + (step + 1),
            result.average(step),
            most);
    if (wrong) {
      average.outline("mistake", Role.GRADIENT, "dashed", 0, 0, x.dim(2), x.dim(3));
    }
    Box[] all = {input(), m, out, average};
    Box row = Layout.row(14, all);
    Box two = Layout.lines(2, 12, 8, all);
    return view.narrow()
        ? cells.fit(view.stage(), Layout.column(6, two, plot(312, 60)), two)
        : cells.fit(view.stage(), Layout.column(12, row, plot(616, 120)));
  }

  /** The mean of all cells over the masks so far, and where it is expected. */
  private Plot plot(double width, double high) {
    int count = Varied.STEPS;
    double mean = Varied.mean(x);
    double[] masks = Plot.range(1, 1, count);
    double[] soFar = new double[count];
    double[] above = new double[count];
    double[] below = new double[count];
    double least = (result.unscaled() ? 1 - result.p() : 1) * mean - 3 * result.spread(1);
    double largest = mean + 3 * result.spread(1);
    for (int k = 0; k < count; k++) {
      soFar[k] = k <= step ? result.averaged(k) : Double.NaN;
      above[k] = mean + 2 * result.spread(k + 1);
      below[k] = mean - 2 * result.spread(k + 1);
    }
    boolean right = result.mistake().equals("none");
    return new Plot("means", width, high, "mean of all cells, mask by mask")
        .x("masks", 1, count)
        .y("mean of all cells", Math.floor(least), Math.ceil(largest + 0.01))
        .curve("above", Role.NEUTRAL, "thin", "expected", masks, above)
        .curve("below", Role.NEUTRAL, "thin", "", masks, below)
        .curve("x", Role.INPUT, "dashed", "x", new double[] {1, count}, new double[] {mean, mean})
        .points("one", Role.NEUTRAL, "", "one mask", masks, result.all())
        .curve("y", right ? Role.OUTPUT : Role.GRADIENT, "", "so far", masks, soFar)
        .drags(count, step);
  }

  private Equation dropoutEquation() {
    Equation equation = Equation.of("");
    double value = result.input().at(i, j);
    int n = i * x.dim(3) + j;
    double kept = result.mask(step).data()[n];
    if (!result.active()) {
      return equation.together("[output y[{}, {}]] = [input x[{}, {}]] = {}", i, j, i, j, value);
    }
    String product = "[output y[{}, {}]] = [kernel {}] · [input {}]";
    if (result.unscaled()) {
      equation.together(product, i, j, kept, value);
    } else {
      equation.together(product + " / (1 − [neutral:p {}])", i, j, kept, value, result.p());
    }
    return equation
        .say(" ")
        .together("= [output {}],", y.data()[n])
        .say(" ")
        .together("mean of {}: [output {}]", step + 1, result.average(step).data()[n]);
  }

  private Prose dropoutCaption() {
    Prose prose = new Prose();
    if (!result.active()) {
      return prose.add(
          "In evaluation nothing is dropped and nothing scaled: y is x, whose mean is {}.{}",
          Varied.mean(x),
          result.unscaled()
              ? " Without 1/(1 − p) the layers behind were trained on less: see training."
              : "");
    }
    double mean = Varied.mean(x);
    int dropped = (int) (x.size() - Num.round(Varied.mean(result.mask(step)) * x.size()));
    prose.add(
        "Mask {} of {} drops {} of {cell}. Over {mask} the mean of y is {}; that of [input x] is"
            + " {}, and {} is the expected spread. ",
        step + 1,
        Varied.STEPS,
        dropped,
        x.size(),
        step + 1,
        result.averaged(step),
        mean,
        result.spread(step + 1));
    return result.unscaled()
        ? prose.add(
            "[gradient Unscaled], y goes towards {}, a share of 1 − p: what follows is trained on"
                + " less than it meets in evaluation.",
            (1 - result.p()) * mean)
        : result.evaluating()
            ? prose.add(
                "[gradient Left on in evaluation], the same image gets another answer each time.")
            : prose.add("No single y is x, but their mean comes nearer and nearer.");
  }

  // ---- images

  private Scene imageScene() {
    boolean mixes = result.mode().equals("mixup");
    Panel in = input();
    Panel out = panel("y", Role.OUTPUT, "y", y, white);
    if (result.active()) {
      mark(in);
    }
    int count = view.narrow() ? NEXT : NEXT + 2;
    Box[] next = new Box[count];
    for (int k = 0; k < count; k++) {
      next[k] = small((step + 1 + k) % Varied.STEPS);
    }
    Box below = Layout.row(10, next);
    if (!mixes) {
      return cells.fit(view.stage(), Layout.column(12, Layout.row(24, in, out), below));
    }
    Panel second = panel("second", Role.INPUT, "x′", result.second(), white);
    double weight = result.active() ? result.weight(step) : 1;
    Bars label = new Bars("label", view.narrow() ? 312 : 460, "share of the label").linear(1);
    label.add(result.names()[0], Role.INPUT, weight, Num.decimal(weight, 2));
    label.add(result.names()[1], Role.INPUT, 1 - weight, Num.decimal(1 - weight, 2));
    return cells.fit(
        view.stage(),
        Layout.column(6, Layout.row(14, in, second, out), label.within(100), below),
        Layout.column(6, Layout.row(8, in, second, out), label.within(100)),
        Layout.column(4, Layout.row(8, in, second), out, label.within(100)));
  }

  /** What of the input a crop keeps, or a square cuts out. */
  private void mark(Panel in) {
    if (result.mode().equals("crop")) {
      int[] kept = result.cropped(step);
      in.outline("crop", Role.OUTPUT, "", kept[0], kept[1], kept[2], kept[3]);
    } else if (result.mode().equals("cutout")) {
      Augmentation.Drawn drawn = result.drawn(step);
      in.outlineInside(
          "cutout", Role.GRADIENT, "", drawn.row(), drawn.column(), drawn.side(), drawn.side());
    }
  }

  private Raster small(int of) {
    Tensor other = result.output(of);
    int rows = other.dim(2);
    int columns = other.dim(3);
    byte[] levels = Raster.levels(other.data(), "grey", white);
    double pixel = SMALL / Math.max(x.dim(2), x.dim(3));
    String name = "draw " + (of + 1);
    return new Raster("next" + of, Role.OUTPUT, rows, columns, levels, "grey", pixel)
        .title(name, "")
        .part("y", name + " of seed " + result.seed());
  }

  private Equation imageEquation() {
    if (!result.active()) {
      return Equation.of("[output y] = [input x]");
    }
    Augmentation.Drawn drawn = result.drawn(step);
    int[] kept = result.cropped(step);
    double weight = result.weight(step);
    Equation equation = Equation.of("");
    return switch (result.mode()) {
      case "flip" ->
          drawn.flipped()
              ? equation.together(
                  "[output y[i, j]] = [input x[i, {} − j]]", result.input().width() - 1)
              : equation.together("[output y[i, j]] = [input x[i, j]]");
      case "crop" ->
          equation.together("[output y[i, j]] = [input x[i + {}, j + {}]]", kept[0], kept[1]);
      case "shift" ->
          equation.together(
              "[output y[i, j]] = [input x[i − ({}), j − ({})]]",
              number(drawn.down()),
              number(drawn.right()));
      case "rotate" ->
          equation.together("[output y] = [input x] turned by {}°", number(drawn.angle()));
      case "cutout" ->
          equation
              .together("[output y[i, j]] = 0")
              .say(" ")
              .together("for {} ≤ i < {}", Math.max(0, drawn.row()), drawn.row() + drawn.side())
              .say(" ")
              .together(
                  "and {} ≤ j < {}", Math.max(0, drawn.column()), drawn.column() + drawn.side());
      default ->
          equation
              .together("[output y[{}, {}]] = {} · [input {}]", i, j, weight, at(x))
              .say(" ")
              .together("+ {} · [input {}] = [output {}]", 1 - weight, at(result.second()), at(y));
    };
  }

  private float at(Tensor tensor) {
    return tensor.at(0, 0, i, j);
  }

  private Prose imageCaption() {
    if (!result.active()) {
      return Prose.of(
          "In evaluation the image is taken as it is: its answer must not depend on chance.");
    }
    Augmentation.Drawn drawn = result.drawn(step);
    int[] kept = result.cropped(step);
    Prose prose = Prose.of("Draw {} of seed {}: ", step + 1, result.seed());
    return switch (result.mode()) {
      case "flip" ->
          prose.add(
              "{heads, so the image is mirrored left to right|tails, so the image stays}. The label"
                  + " stays too, if a mirrored image still shows the same: a cat does, a digit may"
                  + " not.",
              drawn.flipped());
      case "crop" ->
          prose.add(
              "{} of {} from row {} and column {}. The label stays, though the thing itself may be"
                  + " cut.",
              Num.size(kept[2], kept[3]),
              result.input().size(),
              kept[0],
              kept[1]);
      case "shift" ->
          prose.add(
              "down by {} and right by {}, read between the pixels, with zeros from outside. The"
                  + " label stays.",
              number(drawn.down()),
              number(drawn.right()));
      case "rotate" ->
          prose.add(
              "turned by {}°, clockwise where positive, read between the pixels. The label stays"
                  + " while the angle is small: a 6 turned by 180° is a 9.",
              number(drawn.angle()));
      case "cutout" ->
          prose.add(
              "a square of {} about row {} and column {} is blank, less where it leaves the image."
                  + " The label stays, so the network has to look elsewhere.",
              drawn.side(),
              drawn.row() + drawn.side() / 2,
              drawn.column() + drawn.side() / 2);
      default ->
          prose.add(
              "λ = {} from Beta(α, α), so the label is mixed alike: {} {} and {} {}.",
              result.weight(step),
              Num.decimal(result.weight(step), 2),
              result.names()[0],
              Num.decimal(1 - result.weight(step), 2),
              result.names()[1]);
    };
  }
}
