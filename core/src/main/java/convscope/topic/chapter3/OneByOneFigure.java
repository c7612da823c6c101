package convscope.topic.chapter3;

import convscope.num.Num;
import convscope.op.MatMul;
import convscope.scene.Box;
import convscope.scene.Cells;
import convscope.scene.Equation;
import convscope.scene.Grid;
import convscope.scene.Handle;
import convscope.scene.Layout;
import convscope.scene.Panel;
import convscope.scene.Prose;
import convscope.scene.Raster;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.Sliding;
import convscope.topic.View;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Draws {@link Mixed}: the maps with one pixel marked, and that pixel's matrix product. */
final class OneByOneFigure {
  private static final String[] COLOURS = {"red", "green", "blue"};

  private final Mixed mixed;
  private final View view;
  private final int in;
  private final int out;
  private final int p; // the pixel
  private final float[] read; // its channels
  private final float[] made; // its outputs
  private final Cells cells;
  private final @Nullable Cell pick;

  OneByOneFigure(Mixed mixed, View view) {
    this.mixed = mixed;
    this.view = view;
    in = mixed.inChannels();
    out = mixed.outChannels();
    pick = Cell.parse(view.pick());
    p = pixel(pick);
    read = mixed.column(mixed.x(), p);
    made = mixed.column(mixed.product(), p);
    cells =
        mixed.picture() == null
            ? Cells.of(26)
            : Cells.pixels(150.0 / Math.max(mixed.height(), mixed.width()));
  }

  /** The pixel under the pointer on one of the maps x0 … and y0 …, or the step's. */
  private int pixel(@Nullable Cell cell) {
    return cell != null
            && cell.within(cell.grid(), mixed.height(), mixed.width())
            && cell.grid().length() == 2
            && cell.grid().charAt(1) <= '9'
        ? cell.row() * mixed.width() + cell.column()
        : view.step();
  }

  Figure figure() {
    return Figure.of(scene(), equation(), caption());
  }

  private Scene scene() {
    Box[] inputs = maps("x", "X", Role.INPUT, Role.KERNEL, mixed.x());
    Box[] outputs = maps("y", "Y", Role.OUTPUT, Role.OUTPUT, mixed.y());
    Box product = product();
    return cells.fit(
        view.stage(),
        Layout.row(28, lines(1, inputs), product, lines(1, outputs)),
        Layout.column(12, Layout.row(28, lines(4, inputs), lines(4, outputs)), product),
        Layout.column(12, Layout.row(28, lines(2, inputs), lines(2, outputs)), product),
        Layout.column(8, lines(4, inputs), lines(4, outputs), product));
  }

  private static Box lines(int perLine, Box[] maps) {
    return Layout.lines(perLine, 12, 8, maps);
  }

  /** One map for each channel, as numbers or as an image, with the pixel outlined. */
  private Box[] maps(String key, String letter, Role role, Role outline, Tensor values) {
    Panel[] maps = new Panel[values.dim(1)];
    int pixels = mixed.pixels();
    boolean signed = values.smallest() < 0;
    double most = values.largestSize();
    for (int c = 0; c < maps.length; c++) {
      float[] map = Arrays.copyOfRange(values.data(), c * pixels, (c + 1) * pixels);
      String palette = signed ? "signed" : "grey";
      byte[] levels = Raster.levels(map, palette, signed ? most : Math.max(255, most));
      maps[c] =
          mixed.picture() == null
              ? new Grid(key + c, role, mixed.height(), mixed.width(), cells, map).scaledTo(most)
              : new Raster(key + c, role, mixed.height(), mixed.width(), levels, palette, cells);
      maps[c].title(
          letter + "[" + c + "]", mixed.picture() == null || key.equals("y") ? "" : COLOURS[c]);
      maps[c].part(letter, "channel " + c + " of " + letter);
      int i = p / mixed.width();
      int j = p % mixed.width();
      maps[c].outline("pixel/" + key + c, outline, "", i, j, 1, 1);
      maps[c].drags(i, j);
      if (key.equals("x")) {
        maps[c].resizes("size", mixed.height(), mixed.width());
      }
      if (key.equals("y") && pick == null) {
        maps[c].blankFrom(view.step() + 1);
      }
    }
    return maps;
  }

  /** W · X[:, p] = Y[:, p], and what the transposed matrix gives. */
  private Box product() {
    Cells side = mixed.picture() == null ? cells.also(38) : Cells.of(32);
    Grid w = matrix("w", "W", "W", Role.KERNEL, side, in, mixed.w().data()).editable();
    w.pulls("out-channels", Handle.Edge.BOTTOM);
    if (mixed.picture() == null) {
      w.pulls("in-channels", Handle.Edge.RIGHT);
    }
    Grid x = matrix("xp", "X[:,p]", "X", Role.INPUT, side, 1, read);
    Grid y = matrix("yp", "Y[:,p]", "Y", Role.OUTPUT, side, 1, made);
    for (int n = 0; pick != null && n < in * out; n++) {
      int o = n / in;
      int c = n % in;
      boolean weight = pick.grid().equals("w");
      boolean channel = pick.grid().equals("xp") && pick.row() == c;
      boolean output = pick.grid().equals("yp") && pick.row() == o;
      if (weight ? pick.row() == o && pick.column() == c : channel || output) {
        w.mark(o, c, weight ? "picked" : "linked");
        x.mark(c, 0, channel ? "picked" : "linked");
        y.mark(o, 0, output ? "picked" : "linked");
      }
    }
    Box right = Layout.row(6, w, Sliding.sign("·"), x, Layout.row(14, Sliding.sign("="), y));
    Tensor wrong = mixed.transposed();
    return wrong == null
        ? right
        : Layout.row(
            14, right, matrix("no", "with Wᵀ", "", Role.GRADIENT, side, 1, mixed.column(wrong, p)));
  }

  private static Grid matrix(
      String key, String title, String part, Role role, Cells side, int columns, float[] values) {
    return new Grid(key, role, values.length / columns, columns, side, values)
        .title(title, "")
        .part(part, title);
  }

  // ---- the words

  /** One line for each output of the pixel. */
  private Equation equation() {
    Equation equation = Equation.of("");
    for (int o = 0; o < out; o++) {
      if (o > 0) {
        equation.line();
      }
      equation.say("[output Y[{}, p]] = ", o);
      for (int c = 0; c < in; c++) {
        String weight = value(mixed.w().at(o, c));
        equation.term("w/" + o + "," + c, false, "[kernel {}]·[input {}]", weight, value(read[c]));
      }
      equation.together("= [output {}]", value(made[o]));
    }
    return equation;
  }

  /** With digits enough that the terms come to their sum. */
  private static String value(double value) {
    return Num.decimal(value, Math.abs(value) < 0.995 ? 3 : 2);
  }

  private Prose caption() {
    if (pick != null && pick.within("w", out, in)) {
      int o = pick.row();
      int c = pick.column();
      String weight = value(mixed.w().at(o, c));
      String words = "[kernel W[{}, {}] = {}] says how much of channel {} goes into output {}";
      return Prose.of(words + ", at every one of the {pixel}.", o, c, weight, c, o, mixed.pixels());
    }
    String words =
        "The pixel p at row {}, column {} has [input:X {number}]; the same [kernel W] turns them"
            + " into [output:Y {number}]. No neighbour has a part in it. ";
    Prose prose = Prose.of(words, p / mixed.width(), p % mixed.width(), in, out);
    return mixed.transposes()
        ? mistake(prose)
        : prose.add(
            "A 1 × 1 convolution gives the same{| up to rounding} at every pixel.",
            mixed.apart() == 0);
  }

  /** What multiplying by the transposed matrix does. */
  private Prose mistake(Prose prose) {
    Tensor wrong = mixed.transposed();
    if (wrong == null) {
      String why = String.valueOf(MatMul.problem(Shape.of(in, out), Shape.of(in, mixed.pixels())));
      return prose.add("[gradient With W transposed the product is refused. {}.]", why);
    }
    StringBuilder numbers = new StringBuilder();
    float[] column = mixed.column(wrong, p);
    for (float number : column) {
      numbers.append(numbers.length() == 0 ? "" : ", ").append(Num.decimal(number, 2));
    }
    return prose.add(
        "[gradient With W transposed the shapes fit, and Y[:, p] would be {}: {right by luck"
            + " here|wrong, and no error tells}.]",
        numbers.toString(),
        Arrays.equals(column, made));
  }
}
