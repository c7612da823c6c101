package convscope.web;

import com.eclipsesource.json.Json;
import convscope.engine.Layer;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.scene.Bars;
import convscope.scene.Markup;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.SvgWriter;
import java.util.Arrays;
import java.util.List;

/**
 * The benchmark for people: every layer with every engine that the browser has, as a table and a
 * bar chart, beside what the machine could do at most. Measured one by one, so that a page can show
 * how far it is.
 */
final class BenchReport {
  private static final String[] KINDS = {"scalar", "simd", "relaxed-simd"};
  private static final String[] TITLES = {"Plain Java", "SIMD", "Relaxed SIMD"};
  private static final Role[] ROLES = {Role.NEUTRAL, Role.INPUT, Role.OUTPUT};

  /**
   * A layer of the benchmark.
   *
   * @param name as an engineer writes it
   */
  private record Row(String name, Layer layer) {}

  private static final List<Row> ROWS =
      List.of(
          row("First layer of a digit net, 5 × 5", 32, 1, 28, 8, 5, 1, 1),
          row("Its second layer, 5 × 5", 32, 8, 14, 16, 5, 1, 1),
          row("3 × 3 on small images", 8, 16, 32, 16, 3, 1, 1),
          row("3 × 3 of one channel", 1, 1, 28, 32, 3, 1, 1),
          row("3 × 3 of 32 channels", 1, 32, 28, 64, 3, 1, 1),
          row("ResNet’s 3 × 3 of 64 channels", 1, 64, 56, 64, 3, 1, 1),
          row("ResNet’s 3 × 3 of 256 channels", 1, 256, 14, 256, 3, 1, 1),
          row("ResNet’s first layer, 7 × 7, stride 2", 1, 3, 224, 64, 7, 2, 1),
          row("ResNet’s 1 × 1", 1, 64, 56, 256, 1, 1, 1),
          row("Depthwise 3 × 3", 1, 128, 28, 128, 3, 1, 128));

  private static Row row(
      String name,
      int images,
      int channels,
      int size,
      int out,
      int kernel,
      int stride,
      int groups) {
    Conv2d.Spec spec =
        Conv2d.Spec.of(kernel, kernel).stride(stride).padding(kernel / 2).groups(groups);
    return new Row(name, new Layer(images, channels, size, size, out, spec));
  }

  private final Bench bench;
  private final double[][] forward = new double[KINDS.length][ROWS.size() + 1]; // the last: peak
  private final double[][] backward = new double[KINDS.length][ROWS.size()];
  private final boolean[] lacking = new boolean[KINDS.length];
  private int done;

  BenchReport(Bench bench) {
    this.bench = bench;
  }

  /**
   * Takes the next measurement, or begins anew; answers {@code {"done", "of", "table", "wide",
   * "narrow"}}, the latter three as HTML.
   */
  String next(boolean anew) {
    if (anew) {
      done = 0;
      for (int kind = 0; kind < KINDS.length; kind++) {
        lacking[kind] = false;
        Arrays.fill(forward[kind], 0);
        Arrays.fill(backward[kind], 0);
      }
    }
    int each = ROWS.size() + 1;
    if (done < KINDS.length * each) {
      measure(done / each, done % each);
      done++;
    }
    if (done == KINDS.length * each) {
      bench.use(""); // what scripts on the page measure is the fastest
    }
    return Json.object()
        .add("done", done)
        .add("of", KINDS.length * each)
        .add("table", table())
        .add("wide", chart(880))
        .add("narrow", chart(336))
        .toString();
  }

  private void measure(int kind, int index) {
    if (index == 0) {
      try {
        bench.use(KINDS[kind]);
      } catch (IllegalArgumentException e) { // this browser lacks it
        lacking[kind] = true;
      }
    }
    if (lacking[kind]) {
      return;
    }
    // the machine's clock changes: the peak is looked for again beside every layer
    forward[kind][ROWS.size()] = Math.max(forward[kind][ROWS.size()], bench.peak());
    if (index == 0) {
      return;
    }
    Bench.Speed speed = bench.measure(ROWS.get(index - 1).layer);
    forward[kind][index - 1] = speed.forward();
    backward[kind][index - 1] = speed.backward();
  }

  private static String text(double gigaflops) {
    return gigaflops > 0 ? Num.decimal(gigaflops, 1) : "–";
  }

  private String table() {
    Markup out = new Markup();
    out.open("table").span("caption", "", "GFLOP/s, more is faster");
    out.open("thead").open("tr");
    head(out, "Layer");
    head(out, "Shape");
    head(out, "Mflop");
    for (String title : TITLES) {
      head(out, title);
    }
    head(out, "Gradients");
    head(out, "Of the peak");
    out.close().close().open("tbody");
    int best = best();
    for (int n = 0; n < ROWS.size(); n++) {
      Row row = ROWS.get(n);
      out.open("tr").open("th").attr("scope", "row").text(row.name).close();
      out.span("td", "", shape(row.layer));
      out.span("td", "", Num.decimal(row.layer.flops() / 1e6, 1));
      for (int kind = 0; kind < KINDS.length; kind++) {
        out.span("td", "", text(forward[kind][n]));
      }
      out.span("td", "", text(backward[best][n]));
      double peak = forward[best][ROWS.size()];
      boolean known = forward[best][n] > 0 && peak > 0;
      out.span("td", "", known ? Num.percent(forward[best][n] / peak, 0) : "–");
      out.close();
    }
    out.open("tr").open("th").attr("scope", "row").text("In registers only: the peak").close();
    out.span("td", "", "").span("td", "", "");
    for (int kind = 0; kind < KINDS.length; kind++) {
      out.span("td", "", text(forward[kind][ROWS.size()]));
    }
    out.span("td", "", "").span("td", "", "").close();
    return out.close().close().toString();
  }

  private static void head(Markup out, String text) {
    out.open("th").attr("scope", "col").text(text).close();
  }

  private static String shape(Layer layer) {
    return layer.images()
        + " × "
        + layer.channels()
        + " × "
        + layer.height()
        + " × "
        + layer.width()
        + " → "
        + layer.outChannels();
  }

  /** The last engine that was measured: they are in the order of their speed. */
  private int best() {
    int best = 0;
    for (int kind = 0; kind < KINDS.length; kind++) {
      best = forward[kind][0] > 0 ? kind : best;
    }
    return best;
  }

  private String chart(double width) {
    double most = 1;
    for (double[] speeds : forward) {
      for (double speed : speeds) {
        most = Math.max(most, speed);
      }
    }
    Bars bars = new Bars("speed", width - 24, "GFLOP/s").linear(most);
    for (int n = 0; n <= ROWS.size(); n++) {
      String name = n < ROWS.size() ? ROWS.get(n).name : "In registers only: the peak";
      for (int kind = 0; kind < KINDS.length; kind++) {
        if (!lacking[kind]) {
          double speed = forward[kind][n];
          String spoken =
              name + ", " + TITLES[kind] + ": " + (speed > 0 ? text(speed) : "not measured yet");
          String title = kind == 0 ? name + ": " + TITLES[kind] : TITLES[kind];
          bars.add(title, ROLES[kind], speed, text(speed), spoken);
        }
      }
    }
    String alt =
        done < KINDS.length * (ROWS.size() + 1)
            ? "The measurement is running."
            : "Speed of each layer: "
                + TITLES[best()]
                + " is the fastest engine here, up to "
                + text(most)
                + " GFLOP/s.";
    return SvgWriter.write(Scene.of(width, 12, bars), alt);
  }
}
