package convscope.topic.home;

import convscope.num.Num;
import convscope.scene.Box;
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
import convscope.topic.View;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  private static final double MARGIN = 16;
  private static final double OFFSET = 5; // from a sheet to the next
  private static final double PAD = 10; // inside a frame
  private static final double GAP = 14; // from a stack to the next

  private final Shapes shapes;
  private final View view;
  private final int stage; // the one that is explained
  private final double cell;

  ShapeMapFigure(Shapes shapes, View view) {
    this.shapes = shapes;
    this.view = view;
    @Nullable Cell pick = Cell.parse(view.pick());
    stage = pick != null && pick.within("stage", 1, STAGES) ? pick.column() : view.step();
    int side = 1;
    for (Tensor planes : new Tensor[] {shapes.images(), shapes.maps()}) {
      side = Math.max(side, Math.max(planes.dim(2), planes.dim(3)));
    }
    boolean many = shapes.images().dim(0) > 2;
    cell = Math.floor((view.narrow() ? 66 : many ? 88 : 110.0) / side);
  }

  Figure figure() {
    Prose said = said();
    String alt = said.plain() + " Shapes: " + NAMES[0] + " " + Shapes.shape(tensor(0)) + listed();
    return new Figure(scene(), alt, equation(), said.html() + " " + link(), twin());
  }

  private String listed() {
    StringBuilder text = new StringBuilder();
    for (int n = 1; n < STAGES; n++) {
      text.append(", ").append(NAMES[n]).append(' ').append(Shapes.shape(tensor(n)));
    }
    return text.append('.').toString();
  }

  private Tensor tensor(int n) {
    return switch (n) {
      case 0 -> shapes.images();
      case 1 -> shapes.kernels();
      case 2 -> shapes.maps();
      case 3 -> shapes.logits();
      default -> shapes.pixels();
    };
  }

  // ---- the drawing

  private Scene scene() {
    Stages stages = new Stages("stage", view.step(), stage);
    Box[] frames = new Box[STAGES];
    for (int n = 0; n < STAGES; n++) {
      frames[n] = framed(stages, n);
    }
    Box star = new Text("★", 20, Role.NEUTRAL);
    Box equals = new Text("=", 20, Role.NEUTRAL);
    Box answers = Layout.column(GAP, frames[3], frames[4]);
    Box all;
    if (view.narrow()) {
      all = Layout.column(8, frames[0], star, frames[1], equals, frames[2], down(), answers);
    } else {
      all = Layout.row(8, frames[0], star, frames[1], equals, frames[2], across(), answers);
    }
    Scene scene = Scene.of(view.width(), MARGIN, all);
    scene.addBelow(stages);
    return scene;
  }

  private static Box across() {
    return new Text("→", 20, Role.NEUTRAL);
  }

  private static Box down() {
    return new Text("↓", 20, Role.NEUTRAL);
  }

  private Box framed(Stages stages, int n) {
    Box title = new Text(NAMES[n], 14, "label " + ROLES[n].css());
    Box shape = new Text(Shapes.shape(tensor(n)), 13, "sign");
    Box content = Layout.stack(8, Layout.stack(2, title, shape), content(n));
    String spoken = NAMES[n] + " " + Shapes.shape(tensor(n));
    return stages.frame(content, PAD, ROLES[n], spoken);
  }

  private Box content(int n) {
    if (n == 3) {
      Tensor logits = shapes.logits();
      return new Grid("logit", Role.OUTPUT, logits.dim(0), logits.dim(1), 46, logits.data())
          .part("y", "logits, a row for each image, a column for each class");
    }
    Tensor tensor = tensor(n);
    int rows = tensor.dim(2);
    int columns = tensor.dim(3);
    float most = 0;
    for (float value : tensor.data()) {
      most = Math.max(most, Math.abs(value));
    }
    List<Box> stacks = new ArrayList<>();
    int volume = tensor.dim(1) * rows * columns;
    for (int i = 0; i < tensor.dim(0); i++) {
      float[] planes = new float[volume];
      System.arraycopy(tensor.data(), i * volume, planes, 0, volume);
      String name = (n == 1 ? "kernel " : "image ") + i + " of the " + NAMES[n];
      stacks.add(
          new Sheets("s" + n + "-" + i, ROLES[n], tensor.dim(1), rows, columns, cell, OFFSET)
              .values(planes, most)
              .part(n == 0 ? "x" : n == 1 ? "w" : "y", name));
    }
    if (n != 1) {
      Box[] boxes = stacks.toArray(new Box[0]);
      return view.narrow() ? Layout.row(GAP, boxes) : Layout.column(GAP, boxes);
    }
    List<Box> lines = new ArrayList<>();
    int perLine = view.narrow() ? 3 : 2;
    for (int from = 0; from < stacks.size(); from += perLine) {
      int to = Math.min(from + perLine, stacks.size());
      lines.add(Layout.row(GAP, stacks.subList(from, to).toArray(new Box[0])));
    }
    return Layout.column(GAP, lines.toArray(new Box[0]));
  }

  // ---- the words

  private static String count(int number, String one, String many) {
    return Num.count(number) + " " + (number == 1 ? one : many);
  }

  private Prose said() {
    Tensor x = shapes.images();
    Tensor w = shapes.kernels();
    Tensor y = shapes.maps();
    Prose prose = new Prose().say(ROLES[stage], capital(NAMES[stage]));
    prose.say(" " + Shapes.shape(tensor(stage)) + ": ");
    String scores = shapes.logits().dim(1) + " class scores";
    switch (stage) {
      case 0 ->
          prose.say(
              count(x.dim(0), "image", "images")
                  + " of "
                  + count(x.dim(1), "channel", "channels")
                  + ", each "
                  + x.dim(2)
                  + " × "
                  + x.dim(3)
                  + ". The batch size stays the first number all the way.");
      case 1 ->
          prose.say(
              count(w.dim(0), "kernel", "kernels")
                  + ", each as deep as the image has channels: "
                  + Num.count(w.size() / w.dim(0))
                  + " weights in every one. Neither the batch nor the image size is in this shape.");
      case 2 ->
          prose.say(
              "for each image one map from every kernel, so the channels become "
                  + Num.count(y.dim(1))
                  + "; height and width follow the formula.");
      case 3 ->
          prose.say(
              "every map is averaged to one number, and "
                  + count(y.dim(1), "average", "averages")
                  + " become "
                  + scores
                  + " for the whole image. Height and width are gone.");
      default ->
          prose.say(
              "the same weights, as a 1 × 1 convolution, give "
                  + scores
                  + " at every position; then the map is enlarged to "
                  + x.dim(2)
                  + " × "
                  + x.dim(3)
                  + " again. Averaged over the positions before that, they are the classification’s"
                  + " logits: largest difference "
                  + difference(shapes.difference())
                  + ".");
    }
    return prose;
  }

  private static String difference(double size) {
    return size > 0 && size < 0.01 ? Num.scientific(size, 1) : Num.cell(size);
  }

  private static String capital(String name) {
    return Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }

  private String equation() {
    Tensor x = shapes.images();
    Tensor y = shapes.maps();
    return switch (stage) {
      case 0 -> product(x, "numbers");
      case 1 -> product(shapes.kernels(), "weights");
      case 2 ->
          ShapeMap.side("H", x.dim(2), shapes.spec(), y.dim(2)).line()
              + ", "
              + ShapeMap.side("W", x.dim(3), shapes.spec(), y.dim(3)).line();
      case 3 ->
          chain(
              Shapes.shape(y),
              "average",
              "(" + y.dim(0) + ", " + y.dim(1) + ")",
              "linear",
              Shapes.shape(shapes.logits()));
      default ->
          chain(
              Shapes.shape(y),
              "1 × 1",
              Shapes.shape(shapes.coarse()),
              "enlarge",
              Shapes.shape(shapes.pixels()));
    };
  }

  private static String product(Tensor tensor, String what) {
    StringBuilder text = new StringBuilder();
    for (int axis = 0; axis < tensor.rank(); axis++) {
      text.append(axis == 0 ? "" : " · ").append(Num.count(tensor.dim(axis)));
    }
    return new Prose().say(text + " = " + Num.count(tensor.size()) + " " + what).html();
  }

  private static String chain(String from, String first, String middle, String second, String to) {
    return new Prose()
        .say(from + " → ")
        .say(Role.KERNEL, first)
        .say(" → " + middle + " → ")
        .say(Role.KERNEL, second)
        .say(" → ")
        .say(Role.OUTPUT, to)
        .html();
  }

  /** The page puts the site's address in the place of {@code course:}. */
  private String link() {
    return "<a href=\"course:" + LINKS[stage][0] + "\">" + LINKS[stage][1] + "</a>";
  }

  private String twin() {
    List<List<String>> rows = new ArrayList<>();
    for (int n = 0; n < STAGES; n++) {
      rows.add(List.of(NAMES[n], Shapes.shape(tensor(n)), Num.count(tensor(n).size())));
    }
    Twin twin = new Twin().say(said().plain());
    twin.table("Shapes", List.of("Stage", "Shape", "Numbers"), rows);
    Tensor logits = shapes.logits();
    return twin.table("Logits of classification", logits.dim(0), logits.dim(1), logits.data())
        .toString();
  }
}
