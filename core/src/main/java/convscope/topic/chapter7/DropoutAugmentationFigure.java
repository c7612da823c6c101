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
    Cell cell = new Cell("", y.dim(2) / 2, y.dim(3) / 2);
    for (String grid : new String[] {"in", "m", "y", "average", "second"}) {
      Cell picked = view.cell(grid, y.dim(2), y.dim(3));
      cell = picked == null ? cell : picked;
    }
    i = cell.row();
    j = cell.column();
  }

  Figure figure() {
    return result.drops()
        ? Figure.of(dropoutScene(), dropoutEquation(), dropoutCaption())
        : imageFigure();
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
    Role role = wrong ? Role.GRADIENT : Role.OUTPUT;
    Panel average = panel("average", role, "mean of " + (step + 1), result.average(step), most);
    if (wrong) {
      average.outline("mistake", Role.GRADIENT, "dashed", 0, 0, x.dim(2), x.dim(3));
    }
    Box[] all = {
      input(),
      panel("m", Role.KERNEL, "mask m", result.mask(step), 1),
      panel("y", Role.OUTPUT, "y", y, most),
      average
    };
    Box two = Layout.lines(2, 12, 8, all);
    return view.narrow()
        ? cells.fit(view.stage(), Layout.column(6, two, plot(312, 60)), two)
        : cells.fit(view.stage(), Layout.column(12, Layout.row(14, all), plot(616, 120)));
  }

  /** The mean of all cells over the masks so far, and where it is expected. */
  private Plot plot(double width, double high) {
    int count = Varied.STEPS;
    double mean = x.mean();
    double[] masks = Plot.range(1, 1, count);
    double[] soFar = new double[count];
    double[] above = new double[count];
    double[] below = new double[count];
    for (int k = 0; k < count; k++) {
      soFar[k] = k <= step ? result.averaged(k) : Double.NaN;
      above[k] = mean + 2 * result.spread(k + 1);
      below[k] = mean - 2 * result.spread(k + 1);
    }
    double least = (result.unscaled() ? 1 - result.p() : 1) * mean - 3 * result.spread(1);
    double largest = mean + 3 * result.spread(1);
    boolean right = result.mistake().equals("none");
    return new Plot("means", width, high, "mean of all cells, mask by mask")
        .x("masks", 1, count)
        .y("mean of all cells", Math.floor(least), Math.ceil(largest + 0.01))
        .curve("above", Role.NEUTRAL, "thin", "expected", masks, above)
        .curve("below", Role.NEUTRAL, "thin", "", masks, below)
        .level("x", Role.INPUT, "x", mean)
        .points("one", Role.NEUTRAL, "", "one mask", masks, result.all())
        .curve("y", right ? Role.OUTPUT : Role.GRADIENT, "", "so far", masks, soFar)
        .drags(count, step);
  }

  private Equation dropoutEquation() {
    Equation equation = Equation.of("");
    if (!result.active()) {
      return equation.together("[output y[{}, {}]] = [input x[{}, {}]] = {}", i, j, i, j, at(x));
    }
    String product = "[output y[{}, {}]] = [kernel {}] · [input {}]";
    float kept = at(result.mask(step));
    if (result.unscaled()) {
      equation.together(product, i, j, kept, at(x));
    } else {
      equation.together(product + " / (1 − [neutral:p {}])", i, j, kept, at(x), result.p());
    }
    return equation
        .then("= [output {}],", at(y))
        .then("mean of {}: [output {}]", step + 1, at(result.average(step)));
  }

  private Prose dropoutCaption() {
    double mean = x.mean();
    if (!result.active()) {
      return Prose.of(
          "In evaluation nothing is dropped and nothing scaled: y is x, whose mean is {}.{}",
          mean,
          result.unscaled()
              ? " Without 1/(1 − p) the layers behind were trained on less: see training."
              : "");
    }
    Prose prose =
        Prose.of(
            "Mask {} of {} drops {} of {cell}. Over {mask} the mean of y is {}; that of [input x]"
                + " is {}, and {} is the expected spread. ",
            step + 1,
            Varied.STEPS,
            x.size() - Num.round(result.mask(step).mean() * x.size()),
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
    Panel in = input();
    Panel out = panel("y", Role.OUTPUT, "y", y, white);
    if (result.active() && result.mode().equals("crop")) {
      int[] kept = result.cropped(step);
      in.outline("crop", Role.OUTPUT, "", kept[0], kept[1], kept[2], kept[3]);
    } else if (result.active() && result.mode().equals("cutout")) {
      Augmentation.Drawn drawn = result.drawn(step);
      in.outlineInside(
          "cutout", Role.GRADIENT, "", drawn.row(), drawn.column(), drawn.side(), drawn.side());
    }
    Box[] next = new Box[view.narrow() ? NEXT : NEXT + 2];
    for (int k = 0; k < next.length; k++) {
      next[k] = small((step + 1 + k) % Varied.STEPS);
    }
    Box below = Layout.row(10, next);
    if (!result.mode().equals("mixup")) {
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

  private Raster small(int of) {
    Tensor other = result.output(of);
    byte[] levels = Raster.levels(other.data(), "grey", white);
    double pixel = SMALL / Math.max(x.dim(2), x.dim(3));
    String name = "draw " + (of + 1);
    return new Raster("next" + of, Role.OUTPUT, other.dim(2), other.dim(3), levels, "grey", pixel)
        .title(name, "")
        .part("y", name + " of seed " + result.seed());
  }

  /** What chance did to the image, as an equation and in words. */
  private Figure imageFigure() {
    if (!result.active()) {
      String words =
          "In evaluation the image is taken as it is: its answer must not depend on chance.";
      return Figure.of(imageScene(), Equation.of("[output y] = [input x]"), Prose.of(words));
    }
    Augmentation.Drawn drawn = result.drawn(step);
    String down = Num.decimal(drawn.down(), 1);
    String right = Num.decimal(drawn.right(), 1);
    String angle = Num.decimal(drawn.angle(), 1);
    int[] kept = result.cropped(step);
    int side = drawn.side();
    double weight = result.weight(step);
    Equation equation = Equation.of("");
    Prose prose = Prose.of("Draw {} of seed {}: ", step + 1, result.seed());
    switch (result.mode()) {
      case "flip" -> {
        String mirrored = drawn.flipped() ? x.dim(3) - 1 + " − " : "";
        equation.together("[output y[i, j]] = [input x[i, {}j]]", mirrored);
        prose.add(
            "{heads, so the image is mirrored left to right|tails, so the image stays}. The label"
                + " stays too, if a mirrored image still shows the same: a cat does, a digit may"
                + " not.",
            drawn.flipped());
      }
      case "crop" -> {
        equation.together("[output y[i, j]] = [input x[i + {}, j + {}]]", kept[0], kept[1]);
        prose.add(
            "{} of {} from row {} and column {}. The label stays, though the thing itself may be"
                + " cut.",
            Num.size(kept[2], kept[3]),
            result.input().size(),
            kept[0],
            kept[1]);
      }
      case "shift" -> {
        equation.together("[output y[i, j]] = [input x[i − ({}), j − ({})]]", down, right);
        prose.add(
            "down by {} and right by {}, read between the pixels, with zeros from outside. The"
                + " label stays.",
            down,
            right);
      }
      case "rotate" -> {
        equation.together("[output y] = [input x] turned by {}°", angle);
        prose.add(
            "turned by {}°, clockwise where positive, read between the pixels. The label stays"
                + " while the angle is small: a 6 turned by 180° is a 9.",
            angle);
      }
      case "cutout" -> {
        String range = "{} {} ≤ {} < {}";
        equation
            .together("[output y[i, j]] = 0")
            .then(range, "for", Math.max(0, drawn.row()), "i", drawn.row() + side)
            .then(range, "and", Math.max(0, drawn.column()), "j", drawn.column() + side);
        prose.add(
            "a square of {} about row {} and column {} is blank, less where it leaves the image."
                + " The label stays, so the network has to look elsewhere.",
            side,
            drawn.row() + side / 2,
            drawn.column() + side / 2);
      }
      default -> {
        equation
            .together("[output y[{}, {}]] = {} · [input {}]", i, j, weight, at(x))
            .then("+ {} · [input {}] = [output {}]", 1 - weight, at(result.second()), at(y));
        prose.add(
            "λ = {} from Beta(α, α), so the label is mixed alike: {} {} and {} {}.",
            weight,
            Num.decimal(weight, 2),
            result.names()[0],
            Num.decimal(1 - weight, 2),
            result.names()[1]);
      }
    }
    return Figure.of(imageScene(), equation, prose);
  }

  private float at(Tensor tensor) {
    return tensor.at(0, 0, i, j);
  }
}
