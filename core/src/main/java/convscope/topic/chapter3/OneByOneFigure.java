package convscope.topic.chapter3;

import convscope.num.Num;
import convscope.scene.Box;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Markup;
import convscope.scene.Paragraph;
import convscope.scene.Prose;
import convscope.scene.Raster;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Text;
import convscope.scene.Twin;
import convscope.tensor.Tensor;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.View;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Draws {@link Mixed}: the maps with one pixel marked, and that pixel's matrix product. */
final class OneByOneFigure {
  private static final double MARGIN = 18;
  private static final double CELL = 44; // of the matrix product
  private static final String[] COLOURS = {"red", "green", "blue"};

  private final Mixed mixed;
  private final View view;
  private final int p; // the pixel
  private final @Nullable Cell pick;

  OneByOneFigure(Mixed mixed, View view) {
    this.mixed = mixed;
    this.view = view;
    pick = Cell.parse(view.pick());
    p =
        pick != null && maps(pick) && pick.within(pick.grid(), mixed.height(), mixed.width())
            ? pick.row() * mixed.width() + pick.column()
            : view.step();
  }

  /** Whether a cell is of one of the maps: x0 … and y0 … */
  private static boolean maps(Cell cell) {
    String grid = cell.grid();
    return grid.length() == 2 && (grid.charAt(0) == 'x' || grid.charAt(0) == 'y');
  }

  Figure figure() {
    Prose caption = caption();
    List<Raster> rasters = new ArrayList<>();
    Scene scene = scene(rasters);
    String alt = caption.plain() + " " + mixed.check();
    return new Figure(scene, alt, equation(), caption.html(), twin(), rasters);
  }

  private int row() {
    return p / mixed.width();
  }

  private int column() {
    return p % mixed.width();
  }

  // ---- the drawing

  private Scene scene(List<Raster> rasters) {
    Box[] inputs = maps("x", "X", Role.INPUT, mixed.inChannels(), rasters);
    Box[] outputs = maps("y", "Y", Role.OUTPUT, mixed.outChannels(), rasters);
    Box product = product();
    double room = view.width() - 2 * MARGIN;
    Paragraph check = new Paragraph(mixed.check(), room, 13, Role.NEUTRAL);
    Box all =
        view.narrow()
            ? Layout.column(16, pairs(inputs), product, pairs(outputs))
            : Layout.row(36, Layout.column(10, inputs), product, Layout.column(10, outputs));
    Scene scene = Scene.of(view.width(), MARGIN, Layout.column(20, all, check));
    mark(scene, inputs, Role.INPUT);
    mark(scene, outputs, Role.OUTPUT);
    return scene;
  }

  private static Box pairs(Box[] maps) {
    Box[] rows = new Box[(maps.length + 1) / 2];
    for (int n = 0; n < rows.length; n++) {
      rows[n] =
          2 * n + 1 < maps.length ? Layout.row(14, maps[2 * n], maps[2 * n + 1]) : maps[2 * n];
    }
    return Layout.column(10, rows);
  }

  /** One map for each channel, as numbers or as an image. */
  private Box[] maps(String key, String letter, Role role, int channels, List<Raster> rasters) {
    Box[] maps = new Box[channels];
    int pixels = mixed.pixels();
    float[] data = role == Role.INPUT ? mixed.x().data() : mixed.y().data();
    double most = 0;
    double least = 0;
    for (float value : data) {
      most = Math.max(most, Math.abs(value));
      least = Math.min(least, value);
    }
    double side = view.narrow() ? 138 : 132;
    for (int c = 0; c < channels; c++) {
      float[] map = new float[pixels];
      System.arraycopy(data, c * pixels, map, 0, pixels);
      boolean colour = role == Role.INPUT && mixed.picture() != null;
      String name = letter + "[" + c + "]";
      if (mixed.picture() == null) {
        double cell = Math.min(26, side / Math.max(mixed.height(), mixed.width()));
        Grid grid =
            new Grid(key + c, role, mixed.height(), mixed.width(), cell, map)
                .title(name, "")
                .part(letter, "channel " + c + " of " + letter)
                .scaledTo(most);
        for (int n = 0; n < pixels && role == Role.OUTPUT; n++) {
          if (pick == null && n > view.step()) {
            grid.blank(n / mixed.width(), n % mixed.width());
          }
        }
        maps[c] = grid;
      } else {
        double scale = side / Math.max(mixed.height(), mixed.width());
        String palette = least < 0 ? "signed" : "grey";
        Raster raster =
            new Raster(
                    key + c,
                    role,
                    mixed.height(),
                    mixed.width(),
                    Raster.levels(map, palette, least < 0 ? most : Math.max(255, most)),
                    palette,
                    scale)
                .title(name, colour ? COLOURS[c] : "")
                .part(letter, "channel " + c + " of " + letter);
        rasters.add(raster);
        maps[c] = raster;
      }
    }
    return maps;
  }

  private void mark(Scene scene, Box[] maps, Role role) {
    for (int c = 0; c < maps.length; c++) {
      String key = "pixel/" + role.css() + c;
      if (maps[c] instanceof Grid grid) {
        scene.add(grid.around(key, Role.KERNEL, row(), column(), 1, 1));
      } else if (maps[c] instanceof Raster raster) {
        scene.add(raster.around(key, Role.KERNEL, row(), column(), 1, 1, 8));
      }
    }
  }

  /** W · X[:, p] = Y[:, p]. */
  private Box product() {
    int in = mixed.inChannels();
    int out = mixed.outChannels();
    double cell = view.narrow() ? 36 : CELL;
    float[] column = new float[in];
    float[] result = new float[out];
    for (int c = 0; c < in; c++) {
      column[c] = mixed.in(c, p);
    }
    for (int o = 0; o < out; o++) {
      result[o] = mixed.out(o, p);
    }
    Grid w =
        new Grid("w", Role.KERNEL, out, in, cell, mixed.w().data())
            .title("W", "")
            .part("W", "weights W, " + out + " × " + in)
            .editable();
    Grid x =
        new Grid("xp", Role.INPUT, in, 1, cell, column)
            .title("X[:, p]", "")
            .part("X", "the pixel's channels");
    Grid y =
        new Grid("yp", Role.OUTPUT, out, 1, cell, result)
            .title("Y[:, p]", "")
            .part("Y", "the pixel's outputs");
    if (pick != null) {
      if (pick.within("w", out, in)) {
        w.mark(pick.row(), pick.column(), "picked");
        x.mark(pick.column(), 0, "linked");
        y.mark(pick.row(), 0, "linked");
      } else if (pick.within("xp", in, 1)) {
        x.mark(pick.row(), 0, "picked");
        for (int o = 0; o < out; o++) {
          w.mark(o, pick.row(), "linked");
        }
      } else if (pick.within("yp", out, 1)) {
        y.mark(pick.row(), 0, "picked");
        for (int c = 0; c < in; c++) {
          w.mark(pick.row(), c, "linked");
        }
      }
    }
    double gap = view.narrow() ? 6 : 14;
    Box right = Layout.row(gap, w, new Text("·", 20, "sign"), x, new Text("=", 20, "sign"), y);
    return mixed.values().flag("mistake") ? Layout.column(14, right, wrong(cell)) : right;
  }

  /** What the transposed matrix gives, or why it gives nothing. */
  private Box wrong(double cell) {
    Tensor wrong = mixed.transposed();
    if (wrong == null) {
      return new Paragraph(mixed.mistake(p), 280, 13, Role.GRADIENT);
    }
    float[] result = new float[wrong.dim(0)];
    for (int o = 0; o < result.length; o++) {
      result[o] = wrong.data()[o * mixed.pixels() + p];
    }
    return new Grid("wrong", Role.GRADIENT, 1, result.length, cell, result)
        .title("Wᵀ · X[:, p]", "")
        .part("", "what the transposed matrix gives");
  }

  // ---- the words

  /** One line for each output of the pixel. */
  String equation() {
    Markup out = new Markup();
    for (int o = 0; o < mixed.outChannels(); o++) {
      out.open("div").attr("class", "sum");
      out.span("b", "output", "Y[" + o + ", p]").text(" = ");
      for (int c = 0; c < mixed.inChannels(); c++) {
        out.text(c == 0 ? "" : " + ");
        out.span("b", "kernel", value(mixed.weight(o, c))).text("·");
        out.span("b", "input", value(mixed.in(c, p)));
      }
      out.text(" = ").span("b", "output", value(mixed.out(o, p))).close();
    }
    return out.toString();
  }

  private static String value(double value) {
    return Num.decimal(value, Math.abs(value) < 0.995 ? 3 : 2);
  }

  private Prose caption() {
    Prose prose = new Prose();
    if (pick != null && pick.within("w", mixed.outChannels(), mixed.inChannels())) {
      return prose
          .say(
              Role.KERNEL,
              "W["
                  + pick.row()
                  + ", "
                  + pick.column()
                  + "] = "
                  + value(mixed.weight(pick.row(), pick.column())))
          .say(" says how much of channel " + pick.column() + " goes into output " + pick.row())
          .say(", at every one of the " + Num.count(mixed.pixels()) + " pixels.");
    }
    prose
        .say("The pixel p at row " + row() + ", column " + column() + " has ")
        .say(Role.INPUT, mixed.inChannels() + " numbers")
        .say("; the same ")
        .say(Role.KERNEL, "W")
        .say(" turns them into ")
        .say(Role.OUTPUT, mixed.outChannels() == 1 ? "one" : String.valueOf(mixed.outChannels()))
        .say(". No neighbour has a part in it.");
    return mixed.values().flag("mistake")
        ? prose.say(" ").say(Role.GRADIENT, mixed.mistake(p))
        : prose;
  }

  private String twin() {
    Twin twin = new Twin().say(caption().plain()).say(mixed.check());
    twin.table("W", mixed.outChannels(), mixed.inChannels(), mixed.w().data());
    List<List<String>> rows = new ArrayList<>();
    for (int o = 0; o < mixed.outChannels(); o++) {
      StringBuilder sum = new StringBuilder();
      for (int c = 0; c < mixed.inChannels(); c++) {
        sum.append(c == 0 ? "" : " + ").append(value(mixed.weight(o, c))).append(" · ");
        sum.append(value(mixed.in(c, p)));
      }
      rows.add(List.of("Y[" + o + ", p]", sum.toString(), value(mixed.out(o, p))));
    }
    return twin.table("Pixel p", List.of("output", "sum", "value"), rows).toString();
  }
}
