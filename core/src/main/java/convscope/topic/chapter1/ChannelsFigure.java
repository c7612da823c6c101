package convscope.topic.chapter1;

import convscope.num.Num;
import convscope.scene.Box;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Lines;
import convscope.scene.Markup;
import convscope.scene.Prose;
import convscope.scene.Raster;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Sheets;
import convscope.scene.Text;
import convscope.scene.Title;
import convscope.scene.Twin;
import convscope.scene.Window;
import convscope.tensor.Tensor;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.View;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Draws a {@link ChannelSum}: channels, a filter's kernels, their partial sums, the map. */
final class ChannelsFigure {
  private static final double MARGIN = 14;
  private static final String[] COLOURS = {"red", "green", "blue"};

  private final ChannelSum sum;
  private final View view;
  private final @Nullable Cell pick;
  private final int filter;
  private final int added; // how many of its partial sums are in the map
  private final int k; // which of its kernels is in front: the last added, or the first at the end
  private final boolean biased; // whether the filter's map is complete
  private final int i; // row of the output whose sum is written out
  private final int j;
  private final float[] parts;
  private final float[] soFar;
  private final List<Raster> rasters = new ArrayList<>();

  ChannelsFigure(ChannelSum sum, View view) {
    this.sum = sum;
    this.view = view;
    int length = sum.reads() + 1;
    filter = view.step() / length;
    int within = view.step() % length;
    biased = within == sum.reads();
    added = biased ? sum.reads() : within + 1;
    k = biased ? 0 : within;
    parts = sum.parts(filter);
    soFar = sum.sum(parts, added, biased);
    Cell at = Cell.parse(view.pick());
    pick = at;
    int rows = sum.output().dim(2);
    int columns = sum.output().dim(3);
    boolean output =
        at != null && (at.within("out", rows, columns) || at.within("p", rows, columns));
    i = at != null && output ? at.row() : (rows - 1) / 2;
    j = at != null && output ? at.column() : (columns - 1) / 2;
  }

  Figure figure() {
    Prose caption = caption();
    return new Figure(scene(), equation(), caption, twin(caption), rasters);
  }

  private int channel() {
    return sum.firstChannel(filter) + k;
  }

  /** A channel's name: its number, and its colour where it has one. */
  private String name(int channel) {
    boolean colour = sum.channels() == 3 && !sum.values().choice("input").equals("digits");
    return colour ? channel + " (" + COLOURS[channel] + ")" : String.valueOf(channel);
  }

  // ---- the drawing

  private Scene scene() {
    boolean narrow = view.narrow();
    int size = sum.spec().kernelHeight();
    boolean many = sum.channels() > 4 || sum.filters() > 4;
    double offset = narrow ? 7 : many ? 6 : 9;
    double cell = cell(narrow, offset);
    int channel = channel();
    Sheets w =
        new Sheets("w", Role.KERNEL, sum.reads(), size, size, cell, offset)
            .values(slice(sum.weight(), filter), largest(sum.weight().data()))
            .title("w[" + filter + ", " + channel + "]", "")
            .part("w", "kernels of filter " + filter);
    Grid kernel =
        grid("k", Role.KERNEL, ChannelSum.plane(sum.weight(), filter * sum.reads() + k), cell);
    w.lift(k, kernel.scaledTo(largest(sum.weight().data())));
    Box wiring = wiring();
    Scene scene;
    Box inner;
    if (sum.picture() != null) {
      inner = images(w, narrow);
      scene = Scene.of(view.width(), MARGIN, Layout.column(20, inner, wiring));
    } else {
      Grid in = grid("in", Role.INPUT, ChannelSum.plane(sum.x(), channel), cell);
      in.scaledTo(largest(sum.x().data()));
      Sheets x =
          stack("x", Role.INPUT, sum.channels(), sum.x(), cell, offset)
              .values(sum.x().data(), largest(sum.x().data()))
              .title("x[" + channel + "]", narrow ? "" : colour(channel))
              .part("x", "input x, " + sum.channels() + " channels")
              .lift(channel, in);
      double full = Math.max(largest(parts), largest(sum.output().data()));
      Tensor part = ChannelSum.plane(Tensor.of(parts, 1, sum.reads(), rows(), columns()), k);
      Grid p = grid("p", Role.OUTPUT, part, cell).scaledTo(full);
      Sheets partial =
          stack("parts", Role.OUTPUT, sum.reads(), sum.output(), cell, offset)
              .values(parts, full)
              .coloured(0, added)
              .title("p[" + channel + "]", "")
              .part("", "partial sums of filter " + filter)
              .lift(k, p);
      Grid out =
          grid("out", Role.OUTPUT, Tensor.of(soFar, 1, 1, rows(), columns()), cell).scaledTo(full);
      Sheets y =
          stack("maps", Role.OUTPUT, sum.filters(), sum.output(), cell, offset)
              .values(sum.output().data(), full)
              .coloured(0, filter)
              .title("y[" + filter + "]", narrow ? "" : biased ? "sum + b" : "sum so far")
              .part("y", "output y, " + sum.filters() + " maps")
              .lift(filter, out);
      if (narrow) {
        List<Box> first = new ArrayList<>();
        colours(first, 88);
        first.add(x);
        inner =
            Layout.column(
                14,
                Layout.row(16, first.toArray(new Box[0])),
                Layout.row(9, sign("★"), w, sign("="), partial),
                Layout.row(9, sign("Σ"), y));
      } else {
        List<Box> row = new ArrayList<>();
        colours(row, 100);
        row.addAll(List.of(x, sign("★"), w, sign("="), partial, sign("Σ"), y));
        inner = Layout.row(14, row.toArray(new Box[0]));
      }
      scene = Scene.of(view.width(), MARGIN, Layout.column(20, inner, wiring));
      int top = i - sum.spec().padTop();
      int left = j - sum.spec().padLeft();
      int up = Math.max(0, top);
      int west = Math.max(0, left);
      int high = Math.min(ChannelSum.SIDE, top + size) - up;
      int wide = Math.min(ChannelSum.SIDE, left + size) - west;
      scene.add(in.around("window", Role.KERNEL, up, west, Math.max(0, high), Math.max(0, wide)));
      scene.add(p.around("target/p", Role.OUTPUT, i, j, 1, 1));
      scene.add(out.around("target", Role.OUTPUT, i, j, 1, 1));
      wrong(scene, out, cell);
    }
    return scene;
  }

  /** The largest cell with which the stacks stand in their row. */
  private double cell(boolean narrow, double offset) {
    if (sum.picture() != null) {
      return narrow ? 26 : 32;
    }
    int size = sum.spec().kernelHeight();
    double behind = 2 * (sum.reads() - 1) * offset;
    if (narrow) { // the kernels and their sums
      return Math.min(26, (View.NARROW - 72 - behind) / (size + columns()));
    }
    double image = sum.channels() == 3 ? 114 : 0;
    double x = (sum.channels() - 1) * offset;
    double y = (sum.filters() - 1) * offset;
    double cell = 34;
    while (image
            + ChannelSum.SIDE * cell
            + x
            + Math.max(Title.width("w[0, 0]", ""), size * cell + behind / 2)
            + columns() * cell
            + behind / 2
            + Math.max(Title.width("y[0]", "sum so far"), columns() * cell + y)
        > View.WIDE - 2 * MARGIN - 125) {
      cell -= 0.5;
    }
    return cell;
  }

  /** The outputs that are not what a kernel for each channel gives. */
  private void wrong(Scene scene, Grid out, double cell) {
    int plane = rows() * columns();
    for (int n = 0; biased && n < plane; n++) {
      int at = filter * plane + n;
      if (sum.output().data()[at] != sum.truth().data()[at]) {
        double x = out.left(n % columns()) + 2;
        double y = out.top(n / columns()) + 2;
        scene.add(new Window("wrong" + n, Role.GRADIENT, "dashed", x, y, cell - 4, cell - 4));
      }
    }
  }

  private int rows() {
    return sum.output().dim(2);
  }

  private int columns() {
    return sum.output().dim(3);
  }

  private static Text sign(String text) {
    return new Text(text, 20, "sign");
  }

  private String colour(int channel) {
    String name = name(channel);
    int bracket = name.indexOf('(');
    return bracket < 0 ? "" : name.substring(bracket + 1, name.length() - 1);
  }

  private static Sheets stack(
      String key, Role role, int count, Tensor like, double cell, double offset) {
    return new Sheets(key, role, count, like.dim(2), like.dim(3), cell, offset);
  }

  private Grid grid(String key, Role role, Tensor plane, double cell) {
    int rows = plane.dim(2);
    int columns = plane.dim(3);
    Grid grid =
        new Grid(key, role, rows, columns, cell, plane.data())
            .part(key.equals("in") ? "x" : key.equals("k") ? "w" : "y", spoken(key));
    if (pick != null && pick.within(key, rows, columns)) {
      grid.mark(pick.row(), pick.column(), "picked");
    }
    if (role == Role.OUTPUT) {
      grid.mark(i, j, "target");
    }
    return grid;
  }

  private String spoken(String key) {
    return switch (key) {
      case "in" -> "channel " + name(channel());
      case "k" -> "kernel of filter " + filter + " for channel " + channel();
      case "p" -> "partial sum of channel " + channel();
      default -> "map " + filter + (biased ? "" : " so far");
    };
  }

  private static float largest(float[] values) {
    float most = 0;
    for (float value : values) {
      most = Math.max(most, Math.abs(value));
    }
    return most;
  }

  private static float[] slice(Tensor bank, int filter) {
    int size = bank.size() / bank.dim(0);
    float[] slice = new float[size];
    System.arraycopy(bank.data(), filter * size, slice, 0, size);
    return slice;
  }

  /** Adds the picture that three channels are, if there are three. */
  private void colours(List<Box> boxes, double side) {
    if (sum.channels() == 3) {
      int most = Math.max(sum.x().dim(2), sum.x().dim(3));
      boxes.add(image("rgb", Role.INPUT, "image", sum.x().data(), -1, side / most));
    }
  }

  private Box images(Sheets kernel, boolean narrow) {
    int most = Math.max(sum.x().dim(2), sum.x().dim(3));
    double scale = (narrow ? 148.0 : 146.0) / most;
    int plane = rows() * columns();
    float[] part = new float[plane];
    System.arraycopy(parts, k * plane, part, 0, plane);
    double full = Math.max(largest(parts), largest(sum.output().data()));
    Box rgb = image("rgb", Role.INPUT, "image", sum.x().data(), -1, scale);
    String title = "x[" + channel() + "]";
    Box x = image("in", Role.INPUT, title, sum.x().data(), channel(), scale);
    Box p = signed("p", "p[" + channel() + "]", part, full, scale);
    Box y = signed("out", "y[" + filter + "]", soFar, full, scale);
    return narrow
        ? Layout.column(
            14, Layout.row(14, rgb, x), Layout.row(9, sign("★"), kernel), Layout.row(14, p, y))
        : Layout.row(10, rgb, x, sign("★"), kernel, sign("="), p, sign("Σ"), y);
  }

  /** Three channels as a colour image, or one of them in its colour. */
  private Raster image(
      String key, Role role, String title, float[] values, int only, double scale) {
    int pixels = values.length / 3;
    double unit = 255 / Math.max(1e-9, sum.picture() != null ? 255 : largest(values));
    byte[] levels = new byte[3 * pixels];
    for (int n = 0; n < levels.length; n++) {
      boolean shown = only < 0 || n % 3 == only;
      levels[n] = (byte) (shown ? Num.round(values[n % 3 * pixels + n / 3] * unit) : 0);
    }
    int rows = sum.x().dim(2);
    Raster raster = new Raster(key, role, rows, pixels / rows, levels, "rgb", scale);
    raster.title(title, "").part("x", title);
    rasters.add(raster);
    return raster;
  }

  private Raster signed(String key, String title, float[] values, double full, double scale) {
    byte[] levels = Raster.levels(values, "signed", full);
    Raster raster = new Raster(key, Role.OUTPUT, rows(), columns(), levels, "signed", scale);
    raster.title(title, "").part("y", title);
    rasters.add(raster);
    return raster;
  }

  /** Which filter reads which channel. */
  private Box wiring() {
    double cell = view.narrow() ? 30 : 34;
    Grid from = nodes("c", Role.INPUT, sum.channels(), "channels", cell);
    Grid to = nodes("o", Role.OUTPUT, sum.filters(), "filters, one map each", cell);
    return new Wiring(from, to, this);
  }

  private Grid nodes(String key, Role role, int count, String title, double cell) {
    Grid grid = new Grid(key, role, 1, count, cell, new float[count]).part("", title);
    for (int n = 0; n < count; n++) {
      grid.label(0, n, String.valueOf(n), key.equals("c") ? "channel " + n : "filter " + n);
      grid.level(0, n, reads(key.equals("c") ? n : -1, key.equals("o") ? n : -1) ? 5 : 0);
    }
    return grid;
  }

  /** Whether a channel is read by the chosen filter, a filter reads the chosen channel. */
  private boolean reads(int channel, int other) {
    if (pick != null && pick.within("c", 1, sum.channels())) {
      return channel >= 0 ? channel == pick.column() : connected(pick.column(), other);
    }
    int chosen = pick != null && pick.within("o", 1, sum.filters()) ? pick.column() : filter;
    return channel >= 0 ? connected(channel, chosen) : other == chosen;
  }

  private boolean connected(int channel, int other) {
    int first = sum.firstChannel(other);
    return channel >= first && channel < first + sum.reads();
  }

  /** The row of channels, the row of filters, and a line wherever a filter reads a channel. */
  private record Wiring(Grid from, Grid to, ChannelsFigure figure) implements Box {
    private static final double GAP = 38;
    private static final double NAMES = Text.width("channels", 13) + 10;

    @Override
    public double width() {
      return NAMES + Math.max(from.width(), to.width());
    }

    @Override
    public double height() {
      return from.height() + GAP + to.height();
    }

    @Override
    public void place(Scene scene, double x, double y) {
      double middle = x + NAMES + (width() - NAMES) / 2;
      double below = y + from.height() + GAP;
      from.place(scene, middle - from.width() / 2, y);
      to.place(scene, middle - to.width() / 2, below);
      scene.add(new Text("channels", 13, Role.INPUT).at(x, y + from.height() / 2 + 5));
      scene.add(new Text("filters", 13, Role.OUTPUT).at(x, below + to.height() / 2 + 5));
      Lines all = new Lines("wires/all", "connection kernel");
      Lines strong = new Lines("wires/strong", "connection kernel strong");
      for (int o = 0; o < figure.sum.filters(); o++) {
        for (int c = 0; c < figure.sum.channels(); c++) {
          if (figure.connected(c, o)) {
            Lines lines = figure.reads(c, -1) && figure.reads(-1, o) ? strong : all;
            double half = from.cellSize() / 2;
            lines.add(from.left(c) + half, from.top(1), to.left(o) + half, to.top(0));
          }
        }
      }
      scene.add(all);
      scene.add(strong);
    }

    @Override
    public String toString() {
      return "Wiring";
    }
  }

  // ---- words

  /** One output as the sum of its partial sums. */
  String sum() {
    Markup out = new Markup();
    out.open("span").attr("class", "sum");
    out.span("b", "output", "y[" + filter + "][" + i + ", " + j + "]").text(" = ");
    int plane = rows() * columns();
    for (int n = 0; n < added; n++) {
      float part = parts[n * plane + i * columns() + j];
      out.text(n == 0 ? "" : " + ").span("b", "kernel", Terms.value(part));
      int channel = sum.firstChannel(filter) + n;
      out.text(
          colour(channel).isEmpty() ? " (channel " + channel + ")" : " (" + colour(channel) + ")");
    }
    if (biased) {
      out.text(" + ").open("b").attr("data-part", "b").text(Terms.value(sum.bias().data()[0]));
      out.close().text(" (bias)");
    } else {
      out.text(added < sum.reads() ? " + …" : " + b");
    }
    if (biased) {
      out.text(" = ").span("b", "output", Terms.value(soFar[i * columns() + j]));
    }
    return out.close().toString();
  }

  private String equation() {
    Markup out = new Markup().raw(sum()).open("div").text("weights: ");
    out.span("b", "output", String.valueOf(sum.filters())).text(" · ");
    out.span("b", "input", sum.channels() + "/" + sum.spec().groups()).text(" · ");
    int size = sum.spec().kernelHeight();
    out.span("b", "kernel", size + "·" + size).text(" + ");
    out.span("b", "output", String.valueOf(sum.filters()));
    return out.text(" = " + Num.count(sum.parameters())).close().toString();
  }

  private Prose caption() {
    Prose prose = new Prose();
    if (pick != null && pick.within("c", 1, sum.channels())) {
      int readers = 0;
      for (int o = 0; o < sum.filters(); o++) {
        readers += connected(pick.column(), o) ? 1 : 0;
      }
      prose.say(Role.INPUT, "Channel " + name(pick.column())).say(" is read by ");
      prose.say(
          Role.OUTPUT, readers == sum.filters() ? "every filter" : readers + " of the filters");
      return prose.say(", by each with a kernel of its own.");
    }
    int chosen = pick != null && pick.within("o", 1, sum.filters()) ? pick.column() : filter;
    boolean one = sum.reads() == 1;
    int first = sum.firstChannel(chosen);
    prose.say(Role.OUTPUT, "Filter " + chosen).say(" reads ");
    prose.say(
        Role.INPUT,
        one ? "channel " + name(first) : "channels " + first + " to " + (first + sum.reads() - 1));
    if (sum.spec().groups() > 1) {
      prose.say(
          one && sum.spec().groups() == sum.channels() ? " alone (depthwise)" : " of its group");
    }
    if (chosen != filter) {
      return prose.say(".");
    }
    if (!biased) {
      prose.say("; now kernel w[" + filter + ", " + channel() + "] adds its ");
      return prose.say(Role.OUTPUT, "partial sum").say(" to the map.");
    }
    int wrong = sum.wrong(filter);
    if (sum.values().flag("mistake")) {
      return prose.say(
          wrong == 0
              ? " with one kernel; here that is right by luck, its kernels are all the same."
              : " with one kernel for all: "
                  + Num.count(wrong)
                  + " of "
                  + Num.count(soFar.length)
                  + " outputs are not those of the filter, which tells the channels apart.");
    }
    prose.say(one ? ". That and the bias make " : ". Their partial sums and the bias make ");
    prose.say(Role.OUTPUT, "one map").say(": they differ from the whole convolution by at most ");
    return prose.say(Terms.difference(sum.disagreement(filter)) + ".");
  }

  private String twin(Prose caption) {
    Twin twin = new Twin().say(caption.plain());
    List<List<String>> rows = new ArrayList<>();
    for (int o = 0; o < sum.filters(); o++) {
      int from = sum.firstChannel(o);
      String channels = sum.reads() == 1 ? "" + from : from + " to " + (from + sum.reads() - 1);
      rows.add(List.of(String.valueOf(o), channels, Terms.difference(sum.disagreement(o))));
    }
    List<String> heads = List.of("filter", "channels", "largest difference of the sum");
    twin.table("Filters", heads, rows);
    int size = sum.spec().kernelHeight();
    for (int n = 0; n < sum.reads(); n++) {
      int channel = sum.firstChannel(filter) + n;
      String of = "w[" + filter + ", " + channel + "]";
      twin.table(of, size, size, ChannelSum.plane(sum.weight(), filter * sum.reads() + n).data());
      if (sum.picture() == null) {
        float[] x = ChannelSum.plane(sum.x(), channel).data();
        twin.table("Channel " + name(channel), sum.x().dim(2), sum.x().dim(3), x);
        twin.table("Partial sum of " + of, rows(), columns(), sum.part(filter, n).data());
      }
    }
    if (sum.picture() == null) {
      twin.table("Map " + filter + (biased ? "" : ", sum so far"), rows(), columns(), soFar);
    }
    return twin.toString();
  }
}
