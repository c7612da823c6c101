package convscope.topic.chapter1;

import convscope.num.Num;
import convscope.op.Window;
import convscope.scene.Box;
import convscope.scene.Cells;
import convscope.scene.Equation;
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
import convscope.tensor.Tensor;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.Sliding;
import convscope.topic.View;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Draws a {@link ChannelSum}: channels, a filter's kernels, their partial sums, the map. */
final class ChannelsFigure {
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
    return Figure.of(scene(), equation(), caption());
  }

  private int channel() {
    return sum.firstChannel(filter) + k;
  }

  /** A channel's name: its number, and its colour where it has one. */
  private String name(int channel) {
    return sum.coloured() ? channel + " (" + COLOURS[channel] + ")" : String.valueOf(channel);
  }

  // ---- the drawing

  private Scene scene() {
    int size = sum.spec().kernelHeight();
    int channel = channel();
    float strongest = sum.weight().largestSize();
    Cells cells = sum.picture() == null ? Cells.of(40) : Cells.of(28);
    double offset = sum.channels() > 4 || sum.filters() > 4 || view.narrow() ? 6 : 9;
    Grid kernel = grid("k", Role.KERNEL, sum.weight().plane(filter * sum.reads() + k), cells);
    int bank = sum.reads() * size * size;
    int from = filter * bank;
    Sheets w =
        new Sheets("w", Role.KERNEL, sum.reads(), size, size, cells, offset)
            .values(Arrays.copyOfRange(sum.weight().data(), from, from + bank), strongest)
            .title("w[" + filter + ", " + channel + "]", "")
            .part("w", "kernels of filter " + filter)
            .lift(k, kernel.scaledTo(strongest));
    kernel.resizes("kernel", size, size);
    Box wiring = wiring(view.narrow() ? 24 : 30);
    if (sum.picture() != null) {
      return images(w, wiring);
    }
    Grid in = grid("in", Role.INPUT, sum.x().plane(channel), cells);
    in.scaledTo(sum.x().largestSize());
    Sheets x =
        stack("x", Role.INPUT, sum.channels(), sum.x(), cells, offset)
            .values(sum.x().data(), sum.x().largestSize())
            .title("x[" + channel + "]", view.narrow() || !sum.coloured() ? "" : "as numbers")
            .part("x", "input x, " + sum.channels() + " channels")
            .lift(channel, in);
    Tensor partial = Tensor.of(parts, 1, sum.reads(), rows(), columns());
    float full = Math.max(partial.largestSize(), sum.output().largestSize());
    Grid p = grid("p", Role.OUTPUT, partial.plane(k), cells).scaledTo(full);
    Sheets sums =
        stack("parts", Role.OUTPUT, sum.reads(), sum.output(), cells, offset)
            .values(parts, full)
            .coloured(0, added)
            .title("p[" + channel + "]", "")
            .part("", "partial sums of filter " + filter)
            .lift(k, p.outline("target/p", Role.OUTPUT, "", i, j, 1, 1));
    Grid out =
        grid("out", Role.OUTPUT, Tensor.of(soFar, 1, 1, rows(), columns()), cells).scaledTo(full);
    Sheets y =
        stack("maps", Role.OUTPUT, sum.filters(), sum.output(), cells, offset)
            .values(sum.output().data(), full)
            .coloured(0, filter)
            .title("y[" + filter + "]", view.narrow() ? "" : biased ? "sum + b" : "sum so far")
            .part("y", "output y, " + sum.filters() + " maps")
            .lift(filter, out.outline("target", Role.OUTPUT, "", i, j, 1, 1));
    window(in);
    wrong(out);
    Box star = Sliding.sign("★");
    Box equals = Sliding.sign("=");
    Box sigma = Sliding.sign("Σ");
    Box[] row = {x, star, w, equals, sums, sigma, y};
    Box two = Layout.column(10, Layout.row(10, x, star, w), Layout.row(10, sums, sigma, y), wiring);
    if (sum.channels() != 3 || view.narrow()) {
      return cells.fit(view.stage(), Layout.column(14, Layout.row(10, row), wiring), two);
    }
    Cells pixels = Cells.pixels(84.0 / Math.max(sum.x().dim(2), sum.x().dim(3)));
    Box rgb = image("rgb", "image", sum.x(), -1, pixels);
    if (sum.coloured()) {
      Box only = image("only", "its " + COLOURS[channel], sum.x(), channel, pixels);
      rgb = Layout.column(10, rgb, only);
    }
    Box whole = Layout.row(10, rgb, Layout.row(10, row));
    return cells.fit(view.stage(), Layout.column(14, whole, wiring), Layout.row(24, rgb, two), two);
  }

  /** What the output (i, j) reads of the channel, without its padding. */
  private void window(Grid in) {
    Window rows = sum.spec().vertical();
    Window columns = sum.spec().horizontal();
    int top = Math.max(0, rows.start(i));
    int left = Math.max(0, columns.start(j));
    int high = Math.min(ChannelSum.SIDE, rows.start(i) + rows.span()) - top;
    int wide = Math.min(ChannelSum.SIDE, columns.start(j) + columns.span()) - left;
    if (high > 0 && wide > 0) {
      in.outline("window", Role.KERNEL, "", top, left, high, wide);
    }
  }

  /** The outputs that are not what a kernel for each channel gives. */
  private void wrong(Grid out) {
    int plane = rows() * columns();
    for (int n = 0; biased && n < plane; n++) {
      int at = filter * plane + n;
      if (sum.output().data()[at] != sum.truth().data()[at]) {
        out.outline("wrong" + n, Role.GRADIENT, "dashed", n / columns(), n % columns(), 1, 1);
      }
    }
  }

  private int rows() {
    return sum.output().dim(2);
  }

  private int columns() {
    return sum.output().dim(3);
  }

  private static Sheets stack(
      String key, Role role, int count, Tensor like, Cells cells, double offset) {
    return new Sheets(key, role, count, like.dim(2), like.dim(3), cells, offset);
  }

  private Grid grid(String key, Role role, Tensor plane, Cells cells) {
    int rows = plane.dim(2);
    int columns = plane.dim(3);
    Grid grid =
        new Grid(key, role, rows, columns, cells, plane.data())
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

  private Scene images(Sheets kernel, Box wiring) {
    Cells pixels = Cells.pixels(150.0 / Math.max(sum.x().dim(2), sum.x().dim(3)));
    Tensor partial = Tensor.of(parts, 1, sum.reads(), rows(), columns());
    float full = Math.max(partial.largestSize(), sum.output().largestSize());
    Box rgb = image("rgb", "image", sum.x(), -1, pixels);
    Box x = image("in", "x[" + channel() + "]", sum.x(), channel(), pixels);
    Box p = signed("p", "p[" + channel() + "]", partial.plane(k).data(), full, pixels);
    Box y = signed("out", "y[" + filter + "]", soFar, full, pixels);
    Box star = Sliding.sign("★");
    Box sigma = Sliding.sign("Σ");
    return pixels.fit(
        view.stage(),
        Layout.column(
            14, Layout.row(8, rgb, x, star, kernel, Sliding.sign("="), p, sigma, y), wiring),
        Layout.column(8, Layout.row(14, rgb, x), Layout.row(8, star, kernel, p, sigma, y), wiring),
        Layout.column(8, Layout.row(14, rgb, x, kernel), Layout.row(14, p, y), wiring));
  }

  /** Three channels as a colour image, or one of them in its colour. */
  private Raster image(String key, String title, Tensor x, int only, Cells pixels) {
    int count = x.dim(2) * x.dim(3);
    double unit = 255 / Math.max(1e-9, sum.picture() != null ? 255 : x.largestSize());
    byte[] levels = new byte[3 * count];
    for (int n = 0; n < levels.length; n++) {
      boolean shown = only < 0 || n % 3 == only;
      levels[n] = (byte) (shown ? Num.round(x.data()[n % 3 * count + n / 3] * unit) : 0);
    }
    return new Raster(key, Role.INPUT, x.dim(2), x.dim(3), levels, "rgb", pixels)
        .title(title, "")
        .part("x", title);
  }

  private Raster signed(String key, String title, float[] values, double full, Cells pixels) {
    return Raster.of(key, Role.OUTPUT, rows(), columns(), values, "signed", full, pixels)
        .title(title, "")
        .part("y", title);
  }

  /** The row of channels, the row of filters, and a line wherever a filter reads a channel. */
  private Box wiring(double cell) {
    Grid from = nodes("c", Role.INPUT, sum.channels(), "channels", cell);
    Grid to = nodes("o", Role.OUTPUT, sum.filters(), "filters, one map each", cell);
    double names = Text.width("channels", 13) + 10;
    double wide = Math.max(from.width(), to.width());
    double below = cell + 32;
    return Box.of(
        names + wide,
        below + cell,
        (scene, x, y) -> {
          from.place(scene, x + names + (wide - from.width()) / 2, y);
          to.place(scene, x + names + (wide - to.width()) / 2, y + below);
          scene.add(new Text("channels", 13, Role.INPUT).at(x, y + cell / 2 + 5));
          scene.add(new Text("filters", 13, Role.OUTPUT).at(x, y + below + cell / 2 + 5));
          scene.add(out -> wires(out, from, to));
        });
  }

  private void wires(Markup out, Grid from, Grid to) {
    Lines all = new Lines("wires/all", "connection kernel");
    Lines strong = new Lines("wires/strong", "connection kernel strong");
    for (int o = 0; o < sum.filters(); o++) {
      for (int c = 0; c < sum.channels(); c++) {
        if (connected(c, o)) {
          Lines lines = reads(c, -1) && reads(-1, o) ? strong : all;
          lines.add(from.left(c + 0.5), from.top(1), to.left(o + 0.5), to.top(0));
        }
      }
    }
    all.write(out);
    strong.write(out);
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

  // ---- words

  /** One output as the sum of its partial sums. */
  Equation sum() {
    Equation equation = Equation.sum("[output {}]", Num.at("y[" + filter + "]", i, j));
    for (int n = 0; n < added; n++) {
      int channel = sum.firstChannel(filter) + n;
      equation.term(
          "",
          false,
          "[kernel {}] ({})",
          parts[n * soFar.length + i * columns() + j],
          sum.coloured() ? COLOURS[channel] : "channel " + channel);
    }
    if (!biased) {
      return equation.say(added < sum.reads() ? "+ …" : "+ b");
    }
    return equation
        .term("", false, "{} (bias)", sum.bias().data()[0])
        .total(soFar[i * columns() + j]);
  }

  private Equation equation() {
    int size = sum.spec().kernelHeight();
    return sum()
        .line()
        .say(
            "parameters: [output:y {}] · [input:x {}]/{} · [kernel:w {}·{}] + [output:y {}] = {}",
            sum.filters(),
            sum.channels(),
            sum.spec().groups(),
            size,
            size,
            sum.filters(),
            sum.parameters());
  }

  private Prose caption() {
    if (pick != null && pick.within("c", 1, sum.channels())) {
      int readers = 0;
      for (int o = 0; o < sum.filters(); o++) {
        readers += connected(pick.column(), o) ? 1 : 0;
      }
      return Prose.of(
          "[input Channel {}] is read by [output {}], by each with a kernel of its own.",
          name(pick.column()),
          readers == sum.filters() ? "every filter" : readers + " of the filters");
    }
    int chosen = pick != null && pick.within("o", 1, sum.filters()) ? pick.column() : filter;
    boolean one = sum.reads() == 1;
    int first = sum.firstChannel(chosen);
    Prose prose =
        Prose.of(
            "[output Filter {}] reads [input:x {}]{}",
            chosen,
            one
                ? "channel " + name(first)
                : "channels " + first + " to " + (first + sum.reads() - 1),
            sum.spec().groups() == 1
                ? ""
                : one && sum.spec().groups() == sum.channels()
                    ? " alone (depthwise)"
                    : " of its group");
    if (chosen != filter) {
      return prose.say(".");
    }
    if (!biased) {
      return prose.add(
          "; now kernel w[{}, {}] adds its [output partial sum] to the map.", filter, channel());
    }
    int wrong = sum.wrong(filter);
    if (sum.oneKernel()) {
      return wrong == 0
          ? prose.add(" with one kernel; here that is right by luck, its kernels are all the same.")
          : prose.add(
              " with one kernel for all: {} of {} outputs are not those of the filter, which tells"
                  + " the channels apart.",
              wrong,
              soFar.length);
    }
    prose.add(
        ". {} make [output one map]",
        one ? "That and the bias" : "Their partial sums and the bias");
    return prose.say(
        sum.agrees(filter)
            ? ", as the whole convolution does. ✓"
            : ", unlike the whole convolution.");
  }
}
