package convscope.topic.chapter4;

import static convscope.topic.chapter4.WindowView.MARGIN;
import static convscope.topic.chapter4.WindowView.name;
import static convscope.topic.chapter4.WindowView.value;

import convscope.num.Num;
import convscope.scene.Box;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Markup;
import convscope.scene.Prose;
import convscope.scene.Raster;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Text;
import convscope.tensor.Tensor;
import convscope.topic.Figure;
import convscope.topic.Twin;
import convscope.topic.View;
import java.util.ArrayList;
import java.util.List;

/** Draws an {@link Averaged}: the window, and divisor and mean with the padding and without. */
final class AveragePoolingFigure {
  private static final String COUNTED = "padding counted";
  private static final String REAL = "padding not counted";

  private final Averaged pool;
  private final View view;
  private final WindowView at;
  private final int n;
  private final boolean mistake;

  AveragePoolingFigure(Averaged pool, View view) {
    this.pool = pool;
    this.view = view;
    at =
        new WindowView(
            pool.input(),
            pool.spec().window(),
            pool.outHeight(),
            pool.outWidth(),
            view,
            " counted real d e diff ");
    n = at.i * pool.outWidth() + at.j;
    mistake = pool.values().flag("mistake");
  }

  Figure figure() {
    List<Raster> rasters = new ArrayList<>();
    Scene scene = pool.input().picture() != null ? imageScene(rasters) : numberScene();
    Prose caption = caption();
    return new Figure(scene, equation(), caption, twin(), rasters);
  }

  private Scene numberScene() {
    int out = pool.outWidth();
    double cell =
        view.narrow()
            ? Math.min(
                WindowView.cell(View.NARROW - 8, 36, at.paddedColumns()),
                WindowView.cell(View.NARROW - 20, 36, out, out))
            : WindowView.cell(View.WIDE - 150, 38, at.paddedColumns(), out, out, out);
    boolean stacked = view.narrow() && cell < WindowView.READABLE;
    if (stacked) {
      cell = WindowView.cell(View.NARROW - 8, 34, Math.max(at.paddedColumns(), out));
    }
    Grid input = at.numbers(cell, 0);
    Grid d = small("d", Role.NEUTRAL, "divisor", pool.divisors(true), cell);
    Grid counted = small("counted", Role.OUTPUT, "y", pool.counted(), cell);
    Grid e = small("e", Role.NEUTRAL, "divisor", pool.divisors(false), cell);
    Grid real = small("real", Role.OUTPUT, "y", pool.real(), cell);
    double most = Math.max(Averaged.largest(pool.counted()), Averaged.largest(pool.real()));
    double square = pool.divisor(0, 0, true);
    counted.scaledTo(most);
    real.scaledTo(most);
    d.scaledTo(2 * square); // paler than what they divide
    e.scaledTo(2 * square);
    Grid diff = small("diff", Role.NEUTRAL, "difference", pool.difference(), cell);
    mark(List.of(d, counted, e, real, diff));
    Box with = pair(COUNTED, d, counted, stacked);
    Box without = pair(REAL, e, real, stacked);
    Scene scene =
        view.narrow()
            ? Scene.of(View.NARROW, MARGIN, Layout.column(16, input, with, without, diff))
            : Scene.of(
                View.WIDE, MARGIN, Layout.row(34, input, Layout.column(18, with, without), diff));
    scene.add(at.outline(input));
    scene.add(counted.around("target", Role.OUTPUT, at.i, at.j, 1, 1));
    scene.add(real.around("target/real", Role.OUTPUT, at.i, at.j, 1, 1));
    for (int out1 = 0; mistake && out1 < pool.real().size(); out1++) {
      int r = out1 / out;
      int c = out1 % out;
      if (pool.difference().data()[out1] != 0 && out1 <= last()) {
        scene.add(WindowView.dashes(counted, r, c));
      }
    }
    return scene;
  }

  private Grid small(String key, Role role, String title, Tensor values, double cell) {
    return at.map(key, role, title, values, cell).title(title, "");
  }

  private Box pair(String name, Grid divisor, Grid mean, boolean stacked) {
    Layout grids = stacked ? Layout.column(8, divisor, mean) : Layout.row(12, divisor, mean);
    return Layout.column(4, new Text(name, 13, Role.NEUTRAL), grids);
  }

  private int last() {
    return Math.max(n, view.step());
  }

  private void mark(List<Grid> outputs) {
    for (Grid grid : outputs) {
      for (int out = last() + 1; out < pool.real().size(); out++) {
        grid.blank(out / pool.outWidth(), out % pool.outWidth());
      }
      at.linkReaders(grid);
      grid.mark(at.i, at.j, "target");
    }
  }

  private Scene imageScene(List<Raster> rasters) {
    int pad = at.spec.padTop();
    double scale =
        view.narrow()
            ? at.scale(View.NARROW - 60)
            : Math.min(
                at.scale(256), 600.0 / (pool.input().width() + 2 * pool.outWidth() + 5 * pad));
    double around = MARGIN + pad * scale;
    Raster input = at.image("in", Role.INPUT, "input x", pool.input().x(), 255, scale);
    Raster counted = at.image("counted", Role.OUTPUT, "counted", pool.counted(), 255, scale);
    Raster real = at.image("real", Role.OUTPUT, "not counted", pool.real(), 255, scale);
    rasters.addAll(List.of(input, counted, real));
    Grid lens = at.lens(0);
    Scene scene =
        view.narrow()
            ? Scene.of(View.NARROW, around, Layout.column(around, input, lens, counted, real))
            : Scene.of(View.WIDE, around, Layout.row(18 + pad * scale, input, lens, counted, real));
    scene.add(at.outline(input));
    scene.add(counted.around("target", Role.OUTPUT, at.i, at.j, 1, 1, 7));
    scene.add(real.around("target/real", Role.OUTPUT, at.i, at.j, 1, 1, 7));
    return scene;
  }

  // ---- words

  /** The sum of the window's numbers over both divisors. */
  String equation() {
    Markup out = new Markup();
    out.open("span").attr("class", "sum");
    out.span("b", "output", name("y", at.i, at.j)).text(" = (");
    double sum = 0;
    for (int u = 0; u < at.spec.kernelHeight(); u++) {
      for (int v = 0; v < at.spec.kernelWidth(); v++) {
        int r = at.top() + u;
        int c = at.left() + v;
        boolean inside = at.inside(r, c);
        sum += inside ? pool.input().at(r, c) : 0;
        out.text(u + v == 0 ? "" : " + ");
        out.span("b", inside ? "input" : "padding", inside ? value(pool.input().at(r, c)) : "0");
      }
    }
    out.text(") / ").open("i").text("d").close().text(":");
    divided(out, sum, true, "padding counted");
    divided(out, sum, false, "not counted");
    return out.close().toString();
  }

  private void divided(Markup out, double sum, boolean countPadding, String convention) {
    out.text(" ").open("span").attr("class", "right").text(convention + " ");
    out.text(value(sum) + " / " + pool.divisor(at.i, at.j, countPadding) + " = ");
    out.span("b", "output", value((countPadding ? pool.counted() : pool.real()).data()[n]));
    out.text(countPadding ? "," : "").close();
  }

  private Prose caption() {
    int all = pool.divisor(at.i, at.j, true);
    int inside = pool.divisor(at.i, at.j, false);
    Prose prose = new Prose();
    prose.say("The ").say(Role.KERNEL, "window").say(" of ");
    prose
        .say(Role.OUTPUT, name("y", at.i, at.j))
        .say(" has " + inside + " of its " + all + " cells on the ");
    prose.say(Role.INPUT, "input");
    prose.say(
        inside == all
            ? ", so both conventions divide by " + all + ". "
            : " and " + (all - inside) + " on the ");
    if (inside != all) {
      prose.say(Role.PADDING, "padding");
      prose.say(": the sum is divided by " + all + " or by " + inside + ". ");
    }
    if (mistake) {
      return prose.say(
          pool.border() == 0
              ? "Without padding a flat image stays flat."
              : "The image is flat, yet with the padding counted "
                  + Num.count(pool.border())
                  + " of "
                  + Num.count(pool.real().size())
                  + " outputs fall below it, down to "
                  + value(least(pool.counted()))
                  + "; without, all stay "
                  + value(least(pool.real()))
                  + ".");
    }
    return prose.say(
        pool.border() == 0
            ? "No window reaches into padding: the conventions agree everywhere."
            : "The conventions differ at "
                + Num.count(pool.border())
                + " of "
                + Num.count(pool.real().size())
                + " windows, by up to "
                + value(Averaged.largest(pool.difference()))
                + ".");
  }

  private static double least(Tensor tensor) {
    double least = tensor.data()[0];
    for (float value : tensor.data()) {
      least = Math.min(least, value);
    }
    return least;
  }

  private String twin() {
    Twin twin = new Twin();
    twin.say(caption().plain());
    int height = pool.outHeight();
    int width = pool.outWidth();
    if (pool.input().picture() != null) {
      at.tell(twin, 0);
      return twin.toString();
    }
    twin.table("Input x", pool.input().height(), pool.input().width(), pool.input().x().data());
    twin.table("Divisors, " + COUNTED, height, width, pool.divisors(true).data());
    twin.table("Output y, " + COUNTED, height, width, pool.counted().data());
    twin.table("Divisors, " + REAL, height, width, pool.divisors(false).data());
    twin.table("Output y, " + REAL, height, width, pool.real().data());
    return twin.toString();
  }
}
