package convscope.topic.chapter1;

import convscope.op.PaddingMode;
import convscope.scene.Box;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Markup;
import convscope.scene.Prose;
import convscope.scene.Raster;
import convscope.scene.Role;
import convscope.scene.Room;
import convscope.scene.Scene;
import convscope.scene.Sheets;
import convscope.scene.Text;
import convscope.scene.Twin;
import convscope.tensor.Tensor;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Draws {@link ShiftedConv} as two ways round a square, and what they differ by. */
final class TranslationFigure {
  private static final double MARGIN = 14;

  private final ShiftedConv conv;
  private final View view;
  private final ShiftedConv.At at;
  private final @Nullable Cell pick; // in the outputs
  private final List<Raster> rasters = new ArrayList<>();
  private final boolean image;

  TranslationFigure(ShiftedConv conv, View view) {
    this.conv = conv;
    this.view = view;
    image = conv.source().picture() != null;
    Cell cell = Cell.parse(view.pick());
    boolean other = !image && cell != null && cell.within("t", 1, conv.shifts());
    at = conv.at(cell != null && other ? cell.column() : view.step());
    int rows = conv.output().dim(2);
    int columns = conv.output().dim(3);
    boolean output =
        cell != null
            && (cell.within("a", rows, columns)
                || cell.within("b", rows, columns)
                || cell.within("d", rows, columns));
    pick = output ? cell : null;
  }

  Figure figure() {
    Prose caption = caption();
    return new Figure(scene(), equation(), caption, twin(caption), rasters);
  }

  // ---- the drawing

  private Scene scene() {
    boolean narrow = view.narrow();
    double large = narrow ? 150 : 190; // longest side of a matrix with numbers
    double small = narrow ? 94 : 104;
    boolean mistake = conv.values().flag("mistake");
    Box x = panel("in", Role.INPUT, "x", conv.source().x(), narrow ? small : 150, !narrow);
    Box moved = panel("sx", Role.INPUT, "shift(x)", at.moved(), small, false);
    Box there = panel("cx", Role.OUTPUT, "conv(x)", conv.output(), small, false);
    Box a = panel("a", Role.OUTPUT, "conv(shift(x))", at.first(), large, true);
    String second = mistake ? "conv(x) again" : "shift(conv(x))";
    Box b = panel("b", Role.OUTPUT, second, at.second(), large, true);
    Box d = panel("d", Role.GRADIENT, "difference", at.difference(), large, true);
    Box strip = strip(narrow ? View.NARROW - 16 : 520);
    Box inner;
    if (narrow) {
      double width = Math.max(a.width(), b.width());
      inner =
          Layout.column(
              14,
              Layout.row(12, x, moved, there),
              Layout.row(8, new Room(a, width), new Room(b, width)),
              d,
              strip);
    } else {
      double tile = Math.max(moved.width(), there.width());
      double matrix = Math.max(a.width(), b.width());
      Box upper =
          Layout.row(
              12,
              arrow("shift " + at.t()),
              new Room(moved, tile),
              arrow("conv"),
              new Room(a, matrix));
      Box lower =
          Layout.row(
              12,
              arrow("conv"),
              new Room(there, tile),
              arrow(mistake ? "as it is" : "shift " + at.s()),
              new Room(b, matrix));
      inner =
          Layout.column(
              18, Layout.row(14, x, Layout.column(18, upper, lower), sign("−"), d), strip);
    }
    return Scene.of(view.width(), MARGIN, inner);
  }

  private static Text sign(String text) {
    return new Text(text, 22, "sign");
  }

  private static Box arrow(String what) {
    Box words = Layout.column(0, new Text(what, 13, Role.NEUTRAL), new Text("→", 20, "sign"));
    return new Room(words, 50);
  }

  /** An image, a matrix with numbers, or one coloured only. */
  private Box panel(
      String key, Role role, String title, Tensor values, double side, boolean numbers) {
    int rows = values.dim(2);
    int columns = values.dim(3);
    double cell = side / Math.max(Math.max(rows, columns), 3);
    boolean input = role == Role.INPUT;
    double full = input ? ShiftedConv.most(conv.source().x()) : ShiftedConv.most(conv.output());
    if (image) {
      String palette = input ? "grey" : "signed";
      byte[] levels = Raster.levels(values.data(), palette, input ? 255 : full);
      Raster raster = new Raster(key, role, rows, columns, levels, palette, cell);
      raster.title(title, "").part(part(key), title);
      rasters.add(raster);
      return raster;
    }
    if (!numbers) {
      Sheets sheet = new Sheets(key, role, 1, rows, columns, cell, 0);
      return sheet.values(values.data(), full).title(title, "").part(part(key), title);
    }
    Grid grid =
        new Grid(key, role, rows, columns, cell, values.data())
            .scaledTo(full)
            .title(title, "")
            .part(part(key), title + ", " + rows + " × " + columns);
    if (pick != null && !input) {
      grid.mark(pick.row(), pick.column(), pick.grid().equals(key) ? "picked" : "linked");
    }
    return input ? grid.editable() : grid;
  }

  private static String part(String key) {
    return key.equals("in") || key.equals("sx") ? "x" : "y";
  }

  /** The largest difference at every shift. */
  private Box strip(double width) {
    if (image) {
      return Layout.row(0);
    }
    float[] worst = new float[conv.shifts()];
    for (int t = 0; t < worst.length; t++) {
      worst[t] = (float) conv.at(t).most();
    }
    Grid grid =
        new Grid("t", Role.GRADIENT, 1, worst.length, Math.min(34, width / worst.length), worst)
            .scaledTo(Math.max(1e-9, ShiftedConv.most(conv.output())))
            .title("largest difference", "at shift 0, 1, 2, …")
            .part("t", "largest difference at every shift");
    return grid.mark(0, at.t(), "linked");
  }

  // ---- words

  private String equation() {
    Map<String, String> numbers = Map.of("t", String.valueOf(at.t()), "s", String.valueOf(at.s()));
    Markup out = new Markup();
    out.open("span").attr("class", "whole").text("max |"); // a line may end before the minus only
    out.raw(TranslationEquivariance.first().with(numbers).inline()).close().text(" ");
    out.open("span").attr("class", "whole").text("− ");
    out.raw(TranslationEquivariance.second().with(numbers).inline()).text("| = ");
    return out.span("b", "gradient", Terms.difference(at.most())).close().toString();
  }

  private Prose caption() {
    Prose prose = new Prose();
    if (pick != null) {
      int i = pick.row();
      int j = pick.column();
      prose.say("At [" + i + ", " + j + "] the input shifted first gives ");
      prose.say(Role.OUTPUT, Terms.value(at.first().at(0, 0, i, j)));
      prose.say(", the output shifted afterwards ");
      prose.say(Role.OUTPUT, Terms.value(at.second().at(0, 0, i, j)));
      int row = Math.floorMod(i - (conv.down() ? at.s() : 0), conv.output().dim(2));
      int column = Math.floorMod(j - (conv.across() ? at.s() : 0), conv.output().dim(3));
      return prose.say(", which stood at [" + row + ", " + column + "] before.");
    }
    String way = conv.across() ? conv.down() ? "right and down" : "right" : "down";
    prose.say("The ").say(Role.INPUT, "input").say(" moves " + way + " by " + at.t() + ". ");
    return prose.say(finding());
  }

  /** Whether the two ways agree, and why. */
  private String finding() {
    int stride = conv.spec().strideH();
    PaddingMode mode = conv.spec().mode();
    String cells = at.different() + " of " + at.difference().size() + " outputs differ";
    if (at.t() == 0) {
      return "Nothing has moved yet.";
    }
    if (conv.values().flag("mistake")) {
      return at.most() == 0
          ? "The output is the same as before: here that is luck."
          : cells
              + " from those before the move: the output moves with the input, it does not stay.";
    }
    if (at.most() == 0) {
      return mode == PaddingMode.CIRCULAR
          ? "Shifting and then convolving gives what convolving and then shifting gives: largest difference 0."
          : "Both ways agree, but with "
              + mode.text()
              + " padding only because of what stands at the border.";
    }
    if (at.t() % stride != 0) {
      return cells
          + ": "
          + at.t()
          + " is no multiple of the stride "
          + stride
          + ", so the windows fall between the old ones. The nearest whole shift of the output is off by "
          + Terms.difference(conv.nearest(at))
          + ".";
    }
    if (mode == PaddingMode.CIRCULAR || !conv.meets()) {
      return cells
          + ": the stride "
          + stride
          + " does not divide the input’s size, so the windows do not meet where the input closes on itself.";
    }
    return cells
        + ": at the border their windows read "
        + (mode == PaddingMode.ZEROS ? "zeros" : mode.text() + " padding")
        + " in one of the two orders, and the image in the other.";
  }

  private String twin(Prose caption) {
    Twin twin = new Twin().say(caption.plain());
    List<List<String>> rows = new ArrayList<>();
    for (int t = 0; t < conv.shifts(); t++) {
      if (!image || t == at.t()) {
        ShiftedConv.At one = conv.at(t);
        rows.add(
            List.of(
                String.valueOf(t), Terms.difference(one.most()), String.valueOf(one.different())));
      }
    }
    twin.table("Each shift", List.of("shift", "largest difference", "outputs that differ"), rows);
    if (!image) {
      int height = conv.output().dim(2);
      int width = conv.output().dim(3);
      int inputHeight = conv.source().height();
      twin.table("x", inputHeight, conv.source().width(), conv.source().x().data());
      twin.table("conv(shift(x))", height, width, at.first().data());
      twin.table("shift(conv(x))", height, width, at.second().data());
      twin.table("Their difference", height, width, at.difference().data());
    }
    return twin.toString();
  }
}
