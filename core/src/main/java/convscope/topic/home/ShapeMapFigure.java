package convscope.topic.home;

import convscope.num.Num;
import convscope.op.Window;
import convscope.scene.Box;
import convscope.scene.Cells;
import convscope.scene.Formula;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Sheets;
import convscope.scene.Stages;
import convscope.scene.Text;
import convscope.scene.Twin;
import convscope.tensor.Tensor;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.Sliding;
import convscope.topic.View;
import java.util.Arrays;

/**
 * Draws the shape map: five frames, of which the step marks one; another is explained while the
 * reader points at it.
 */
final class ShapeMapFigure {
  static final int STAGES = 5;

  private static final String[] NAMES = {
    "image batch", "kernel bank", "feature map", "classification", "segmentation"
  };
  private static final Role[] ROLES = {
    Role.INPUT, Role.KERNEL, Role.OUTPUT, Role.OUTPUT, Role.OUTPUT
  };

  /** The place in the course that teaches each, from the site's root, and what it is called. */
  static final String[][] LINKS = {
    {"3-parameters-flops/index.html#output-elements", "Output elements and memory"},
    {"1-local-linear-map/index.html#channels", "Channels and filters"},
    {"2-output-shape/index.html#output-height", "Output height and width"},
    {"4-pooling/index.html#global-average-pooling", "Global average pooling"},
    {"3-parameters-flops/index.html#one-by-one", "The 1 × 1 convolution"},
  };

  private final Shapes shapes;
  private final View view;
  private final Tensor[] tensors;
  private final int stage; // the one that is explained
  private final Cells cells;
  private final double gap; // from a stack to the next

  ShapeMapFigure(Shapes shapes, View view) {
    this.shapes = shapes;
    this.view = view;
    Cell pick = view.cell("stage", 1, STAGES);
    stage = pick == null ? view.step() : pick.column();
    tensors =
        new Tensor[] {
          shapes.images(), shapes.kernels(), shapes.maps(), shapes.logits(), shapes.pixels()
        };
    cells = Cells.pixels(110.0 / Math.max(shapes.images().dim(2), shapes.images().dim(3)));
    gap = view.narrow() ? 7 : 14;
  }

  Figure figure() {
    Prose said = said();
    StringBuilder alt = new StringBuilder(said.plain()).append(" Shapes: ");
    for (int n = 0; n < STAGES; n++) {
      alt.append(n == 0 ? "" : ", ").append(NAMES[n]).append(' ').append(shape(n));
    }
    Scene scene = scene();
    // the page puts the site's address in the place of course:
    String link = " <a href=\"course:" + LINKS[stage][0] + "\">" + LINKS[stage][1] + "</a>";
    String twin = Twin.of(said, scene).toString();
    return new Figure(scene, alt.append('.').toString(), equation(), said.html() + link, twin);
  }

  private String shape(int n) {
    return Shapes.shape(tensors[n]);
  }

  // ---- the drawing

  private Scene scene() {
    Stages stages = new Stages("stage", view.step(), stage);
    Box[] frames = new Box[STAGES];
    for (int n = 0; n < STAGES; n++) {
      Box head =
          Layout.stack(
              1, new Text(NAMES[n], 13, "label " + ROLES[n].css()), new Text(shape(n), 12, "sign"));
      String spoken = NAMES[n] + " " + shape(n) + ", " + Num.count(tensors[n].size()) + " numbers";
      Box content = n == 3 ? logits() : stacks(n);
      frames[n] = stages.frame(Layout.stack(6, head, content), gap / 2 + 2, ROLES[n], spoken);
    }
    Box all =
        view.narrow()
            ? Layout.column(
                6,
                Layout.row(4, frames[0], Sliding.sign("★"), frames[1]),
                Layout.row(4, Sliding.sign("="), frames[2], Sliding.sign("→"), frames[3]),
                Layout.row(4, Sliding.sign("→"), frames[4]))
            : Layout.row(
                8,
                frames[0],
                Sliding.sign("★"),
                frames[1],
                Sliding.sign("="),
                frames[2],
                Sliding.sign("→"),
                Layout.column(12, frames[3], frames[4]));
    return cells.fit(view.stage(), all).addBelow(stages);
  }

  private Box logits() {
    Tensor logits = shapes.logits();
    Cells side = Cells.of(Math.min(36, view.width() / 2.6 / logits.dim(1)));
    return new Grid("logit", Role.OUTPUT, logits.dim(0), logits.dim(1), side, logits.data())
        .part("y", "logits, a row for each image, a column for each class");
  }

  /** One stack of sheets for each image or kernel. */
  private Box stacks(int n) {
    Tensor tensor = tensors[n];
    int[] size = {tensor.dim(1), tensor.dim(2), tensor.dim(3)};
    int volume = size[0] * size[1] * size[2];
    Box[] stacks = new Box[tensor.dim(0)];
    for (int i = 0; i < stacks.length; i++) {
      float[] planes = Arrays.copyOfRange(tensor.data(), i * volume, (i + 1) * volume);
      stacks[i] =
          new Sheets("s" + n + "-" + i, ROLES[n], size[0], size[1], size[2], cells, gap / 3)
              .values(planes, tensor.largestSize())
              .part(n == 0 ? "x" : n == 1 ? "w" : "y", "");
    }
    int perLine = view.narrow() ? 3 : n == 1 ? 2 : n == 4 ? (stacks.length + 1) / 2 : 1;
    return Layout.lines(perLine, gap, gap, stacks);
  }

  // ---- the words

  private Prose said() {
    Tensor x = shapes.images();
    Tensor w = shapes.kernels();
    int channels = shapes.maps().dim(1);
    int classes = shapes.logits().dim(1);
    String size = Num.size(x.dim(2), x.dim(3));
    String name = Character.toUpperCase(NAMES[stage].charAt(0)) + NAMES[stage].substring(1);
    Prose prose = new Prose().say(ROLES[stage], name).add(" {}: ", shape(stage));
    return switch (stage) {
      case 0 ->
          prose.add(
              "[neutral:N {image}] of [input:C {channel}], each {}. The batch size stays the first number all the way.",
              x.dim(0),
              x.dim(1),
              size);
      case 1 ->
          prose.add(
              "[kernel:C_out {kernel}], each as deep as the image has channels: {} weights in every one. Neither"
                  + " the batch nor the image size is in this shape.",
              w.dim(0),
              w.size() / w.dim(0));
      case 2 ->
          prose.add(
              "for each image one map from every kernel, so the channels become [kernel:C_out {}];"
                  + " height and width follow the formula.",
              channels);
      case 3 ->
          prose.add(
              "every map is averaged to one number, and {average} {becomes|become} [output:classes {}] class scores"
                  + " for the whole image. Height and width are gone.",
              channels,
              channels == 1,
              classes);
      default ->
          prose.add(
              "the same weights, as a 1 × 1 convolution, give [output:classes {}] class scores at every position;"
                  + " then the map is enlarged to {} again. Averaged over the positions before that,"
                  + " they are the classification’s logits, {exactly|up to rounding}.",
              classes,
              size,
              shapes.difference() == 0);
    };
  }

  private String equation() {
    Tensor y = shapes.maps();
    String maps = Shapes.shape(y);
    return switch (stage) {
      case 0 -> product("numbers");
      case 1 -> product("weights");
      case 2 ->
          side("H", 2, shapes.spec().vertical()) + ", " + side("W", 3, shapes.spec().horizontal());
      case 3 -> {
        String means = "(" + y.dim(0) + ", " + y.dim(1) + ")";
        String words = "{} → [kernel average] → {} → [kernel linear] → [output {}]";
        yield Prose.of(words, maps, means, shape(3)).html();
      }
      default -> {
        String words = "{} → [kernel 1 × 1] → {} → [kernel enlarge] → [output {}]";
        yield Prose.of(words, maps, Shapes.shape(shapes.coarse()), shape(4)).html();
      }
    };
  }

  /** {@code 2 · 3 · 8 · 10 = 480 numbers}. */
  private String product(String what) {
    Tensor tensor = tensors[stage];
    StringBuilder sides = new StringBuilder();
    for (int axis = 0; axis < tensor.rank(); axis++) {
      sides.append(axis == 0 ? "" : " · ").append(tensor.dim(axis));
    }
    return Prose.of("{} = {} " + what, sides.toString(), tensor.size()).html();
  }

  /** An output side with live numbers: {@code H_out = ⌊(8 + 2·1 − 3)/2⌋ + 1 = 4}. */
  private String side(String letter, int axis, Window window) {
    int in = shapes.images().dim(axis);
    String above = in + " + 2·" + window.padBefore() + " − " + window.kernel();
    int s = window.stride(); // two lines of fractions are too high
    String share = view.narrow() ? "(" + above + ")/" + s : "frac{" + above + "}{" + s + "}";
    String whole = letter + "_out = floor{" + share + "} + 1 = " + window.out(in);
    return Formula.of(whole, letter + "_out:output:y").line();
  }
}
