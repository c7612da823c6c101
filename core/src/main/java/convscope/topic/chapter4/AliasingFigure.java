package convscope.topic.chapter4;

import static convscope.topic.chapter4.WindowView.MARGIN;

import convscope.linalg.Dft;
import convscope.num.Maths;
import convscope.num.Num;
import convscope.scene.Bars;
import convscope.scene.Box;
import convscope.scene.Layout;
import convscope.scene.Plot;
import convscope.scene.Prose;
import convscope.scene.Raster;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Twin;
import convscope.tensor.Tensor;
import convscope.topic.Figure;
import convscope.topic.View;
import java.util.ArrayList;
import java.util.List;

/** Draws an {@link Aliased}: a wave with its spectra, or an image with its. */
final class AliasingFigure {
  private static final int FINE = 6; // points of a curve for a sample
  private static final double FLOOR = -3; // the darkest of a spectrum, as a power of ten

  private final Aliased result;
  private final View view;
  private final int way; // the second way beside the plain one
  private final Role role; // of the second way
  private final String second;
  private final Tensor x;
  private final Tensor plain;
  private final Tensor other;

  AliasingFigure(Aliased result, View view) {
    this.result = result;
    this.view = view;
    boolean mistake = result.values().flag("mistake");
    way = mistake ? Aliased.AFTER : Aliased.BLURRED;
    role = mistake ? Role.GRADIENT : Role.KERNEL;
    second = mistake ? "blurred afterwards" : "blurred first";
    x = result.at(view.step());
    plain = result.down(x, Aliased.PLAIN);
    other = result.down(x, way);
  }

  Figure figure() {
    List<Raster> rasters = new ArrayList<>();
    Scene scene = result.isSine() ? waveScene() : imageScene(rasters);
    Prose caption = result.isSine() ? waveCaption() : imageCaption();
    String equation = result.isSine() ? Aliasing.equation(result, view.step()) : scores().html();
    return new Figure(scene, equation, caption, twin(caption), rasters);
  }

  // ---- a wave

  private Scene waveScene() {
    double width = view.width() - 2 * MARGIN;
    Plot wave =
        new Plot("wave", width, view.narrow() ? 120 : 140, "the sine, its samples and its alias")
            .x("sample n", 0, Aliased.SAMPLES - 1)
            .y("value", 0, 1);
    double f = (double) view.step() / Aliased.SAMPLES;
    double alias = (double) result.alias(view.step()) / Aliased.SAMPLES;
    curve(wave, "x", Role.INPUT, "thin", "x, frequency f", f);
    if (alias != f) {
      curve(wave, "alias", Role.OUTPUT, "dashed", "alias, frequency f′", alias);
    }
    dots(wave, "samples", Role.INPUT, "", "", x, 1);
    dots(wave, "kept", Role.OUTPUT, "large", "every S-th sample", plain, result.stride());
    dots(wave, "second", role, "hollow", second, other, result.stride());
    double half = view.narrow() ? width : 298;
    double high = view.narrow() ? 90 : 120;
    Plot before =
        spectrum("before", half, high, "spectrum of x", Role.INPUT)
            .curve("response", Role.KERNEL, "dashed", "blur passes", grid(101, 0.5), passes(101))
            .stems("x", Role.INPUT, "", "x", bins(x), Aliased.amplitudes(x));
    Plot after =
        spectrum("after", half, high, "spectrum of every S-th", Role.OUTPUT)
            .stems("plain", Role.OUTPUT, "large", "plain", bins(plain), Aliased.amplitudes(plain))
            .stems("second", role, "hollow", second, bins(other), Aliased.amplitudes(other));
    Box below =
        view.narrow()
            ? Layout.column(16, before, after, bars(width))
            : Layout.row(18, before, after, bars(width - 2 * half - 36));
    return Scene.of(view.width(), MARGIN, Layout.column(16, wave, below));
  }

  private Plot spectrum(String key, double width, double high, String title, Role color) {
    return new Plot(key, width, high, title)
        .title(title, "", color)
        .x("frequency, cycles per sample", 0, 0.5)
        .y("amplitude", 0, 0.5)
        .rule("fold", Role.NEUTRAL, "1/(2S)", 0.5 / result.stride());
  }

  private void curve(Plot plot, String id, Role color, String css, String legend, double f) {
    double[] xs = grid((Aliased.SAMPLES - 1) * FINE + 1, Aliased.SAMPLES - 1);
    double[] ys = new double[xs.length];
    for (int n = 0; n < xs.length; n++) {
      ys[n] = 0.5 + 0.5 * Maths.cos(2 * Math.PI * f * xs[n]);
    }
    plot.curve(id, color, css, legend, xs, ys);
  }

  private static void dots(
      Plot plot, String id, Role color, String css, String legend, Tensor y, int apart) {
    double[] xs = new double[y.size()];
    double[] ys = new double[y.size()];
    for (int n = 0; n < xs.length; n++) {
      xs[n] = n * apart;
      ys[n] = y.data()[n];
    }
    plot.points(id, color, css, legend, xs, ys);
  }

  /** So many values from 0 to the last. */
  private static double[] grid(int count, double last) {
    double[] xs = new double[count];
    for (int n = 0; n < count; n++) {
      xs[n] = last * n / (count - 1);
    }
    return xs;
  }

  /** The frequency of each bin, in cycles per sample of x. */
  private double[] bins(Tensor y) {
    double[] xs = new double[y.size() / 2 + 1];
    for (int k = 0; k < xs.length; k++) {
      xs[k] = (double) k / Aliased.SAMPLES;
    }
    return xs;
  }

  /** The blur's response, where 1/2 stands for all of it. */
  private double[] passes(int count) {
    double[] ys = grid(count, 0.5);
    for (int n = 0; n < count; n++) {
      ys[n] = 0.5 * result.response(ys[n]);
    }
    return ys;
  }

  private Bars bars(double width) {
    double a = score(Aliased.PLAIN);
    double b = score(way);
    return new Bars("score", width, "shift consistency, %")
        .linear(100)
        .room(second, "−100.0\u00a0%")
        .add("plain", Role.OUTPUT, 100 * a, Num.percent(a, 1), "plain: " + Num.percent(a, 1))
        .add(second, role, 100 * b, Num.percent(b, 1), second + ": " + Num.percent(b, 1));
  }

  private double score(int of) {
    return result.score(view.step(), of);
  }

  // ---- an image

  private Scene imageScene(List<Raster> rasters) {
    int height = x.dim(2);
    int width = x.dim(3);
    double side = view.narrow() ? 148 : 208;
    double scale = side / Math.max(height, width);
    int stride = result.stride();
    Raster image = image("x", Role.INPUT, "x", x, scale);
    Raster small = image("plain", Role.OUTPUT, "every S-th", plain, scale * stride);
    Raster third = image("second", role, second, other, scale * stride);
    Dft.Spectrum full = Aliased.spectrum(x);
    Raster before = spectrum("X", Role.INPUT, full, full, scale);
    Raster after = spectrum("Y", Role.OUTPUT, Aliased.spectrum(plain), full, scale * stride);
    Raster soft = spectrum("Z", role, Aliased.spectrum(other), full, scale * stride);
    for (Raster raster : new Raster[] {image, small, third, before, after, soft}) {
      rasters.add(raster);
    }
    Scene scene =
        view.narrow()
            ? Scene.of(
                view.width(),
                MARGIN,
                Layout.column(
                    16,
                    Layout.row(12, image, before),
                    Layout.row(12, small, after),
                    Layout.row(12, third, soft),
                    bars(view.width() - 2 * MARGIN)))
            : Scene.of(
                view.width(),
                MARGIN,
                Layout.row(
                    16,
                    Layout.column(16, image, before),
                    Layout.column(16, small, after),
                    Layout.column(16, third, soft),
                    bars(180)));
    scene.add(
        before.around(
            "fold",
            Role.OUTPUT,
            (height - height / stride) / 2.0,
            (width - width / stride) / 2.0,
            height / stride,
            width / stride,
            4));
    return scene;
  }

  private Raster image(String key, Role color, String title, Tensor y, double scale) {
    byte[] levels = new byte[y.size()];
    for (int n = 0; n < levels.length; n++) {
      levels[n] = (byte) Math.max(0, Math.min(255, Num.round(255 * y.data()[n])));
    }
    return raster(key, color, title, y.dim(2), y.dim(3), levels, scale);
  }

  /** {@code log |Y|} for a pixel, zero frequency in the middle; white is the largest but that. */
  private Raster spectrum(
      String key, Role color, Dft.Spectrum of, Dft.Spectrum scaleOf, double scale) {
    double most = 1e-9;
    for (int n = 1; n < scaleOf.re().length; n++) {
      most = Math.max(most, scaleOf.size(0, n) / scaleOf.re().length);
    }
    byte[] levels = new byte[of.re().length];
    for (int n = 0; n < levels.length; n++) {
      int row = (n / of.columns() + of.rows() - of.rows() / 2) % of.rows();
      int column = (n % of.columns() + of.columns() - of.columns() / 2) % of.columns();
      double share = of.size(row, column) / levels.length / most;
      double power = share <= 0 ? FLOOR : Maths.log(share) / Maths.log(10);
      levels[n] = (byte) Math.max(0, Math.min(255, Num.round(255 * (1 - power / FLOOR))));
    }
    return raster(key, color, "spectrum", of.rows(), of.columns(), levels, scale);
  }

  private Raster raster(
      String key, Role color, String title, int rows, int columns, byte[] levels, double scale) {
    String size = rows + " × " + columns;
    return new Raster(key, color, rows, columns, levels, "grey", scale)
        .title(title, view.narrow() || title.equals("spectrum") ? "" : size)
        .part(key, title + ", image of " + size);
  }

  // ---- words

  private Prose waveCaption() {
    int k = view.step();
    double f = (double) k / Aliased.SAMPLES;
    int alias = result.alias(k);
    double[] measured = Aliased.amplitudes(plain);
    int peak = Aliased.peak(measured);
    Prose prose = new Prose();
    prose.say(Role.INPUT, "f = " + k + "/" + Aliased.SAMPLES + " = " + Num.decimal(f, 3));
    prose.say(" cycles per sample is ");
    boolean kept = 2 * k * result.stride() <= Aliased.SAMPLES;
    prose.say(
        (kept ? "not above" : "above") + " 1/(2S) = " + Num.decimal(0.5 / result.stride(), 3));
    prose.say(kept ? ", so it stays where it is: " : ", so it folds: predicted ");
    prose.say(Role.OUTPUT, "f′ = " + alias + "/" + Aliased.SAMPLES);
    prose.say(
        ", and the spectrum of every "
            + ordinal(result.stride())
            + " sample peaks at "
            + peak
            + "/"
            + Aliased.SAMPLES
            + " with amplitude "
            + WindowView.value(measured[peak])
            + ". ");
    double left = Aliased.amplitudes(other)[alias];
    if (way == Aliased.AFTER) {
      prose.say(Role.GRADIENT, "Blurred afterwards");
      prose.say(
          (kept ? " it keeps " : " the alias keeps ")
              + WindowView.value(left)
              + ": by then it is a low frequency like any other.");
    } else {
      prose.say(Role.KERNEL, "Blurred first");
      prose.say(
          " it keeps "
              + WindowView.value(left)
              + ", the "
              + Num.percent(result.response(f), 1)
              + " that the blur passes.");
    }
    return prose;
  }

  static String ordinal(int stride) {
    return stride == 2 ? "2nd" : stride == 3 ? "3rd" : stride + "th";
  }

  private Prose scores() {
    return new Prose()
        .say("Shift consistency: ")
        .say(Role.OUTPUT, "plain " + Num.percent(score(Aliased.PLAIN), 1))
        .say(", ")
        .say(role, second + " " + Num.percent(score(way), 1));
  }

  private Prose imageCaption() {
    double[] energy = energy();
    Prose prose =
        new Prose()
            .say(view.step() == 0 ? "" : "The image is moved right by " + view.step() + ". ")
            .say("Of the variance of x, " + Num.percent(energy[0], 1))
            .say(" lies outside the frame in its spectrum and folds into ")
            .say(Role.OUTPUT, "every " + ordinal(result.stride()) + " pixel")
            .say("; ")
            .say(role, second)
            .say(
                way == Aliased.AFTER
                    ? ", as much folds. "
                    : ", " + Num.percent(energy[1], 1) + " do. ");
    return prose.say(
        "The shift consistency is "
            + Num.percent(score(Aliased.PLAIN), 1)
            + " and "
            + Num.percent(score(way), 1)
            + "; at 100 % the small image would move along exactly.");
  }

  /** The share of the variance at frequencies that fold, in x and in the blurred x. */
  private double[] energy() {
    Dft.Spectrum full = Aliased.spectrum(x);
    double all = 0;
    double folds = 0;
    double blurred = 0;
    for (int n = 1; n < full.re().length; n++) {
      int row = n / full.columns();
      int column = n % full.columns();
      double down = (double) Math.min(row, full.rows() - row) / full.rows();
      double across = (double) Math.min(column, full.columns() - column) / full.columns();
      double power = full.size(row, column) * full.size(row, column);
      all += power;
      if (Math.max(down, across) * 2 * result.stride() > 1) {
        double passes = result.response(down) * result.response(across);
        folds += power;
        blurred += power * passes * passes;
      }
    }
    return new double[] {all == 0 ? 0 : folds / all, all == 0 ? 0 : blurred / all};
  }

  private String twin(Prose caption) {
    Twin twin = new Twin();
    twin.say(caption.plain());
    twin.say(scores().plain() + ".");
    List<List<String>> rows = new ArrayList<>();
    if (result.isSine()) {
      double[] of = Aliased.amplitudes(x);
      double[] small = Aliased.amplitudes(plain);
      double[] soft = Aliased.amplitudes(other);
      for (int k = 0; k < of.length; k++) {
        boolean there = k < small.length;
        rows.add(
            List.of(
                k + "/" + Aliased.SAMPLES,
                Num.decimal(of[k], 3),
                there ? Num.decimal(small[k], 3) : "none",
                there ? Num.decimal(soft[k], 3) : "none"));
      }
      twin.table("Amplitudes", List.of("frequency", "x", "every S-th", second), rows);
    } else {
      rows.add(List.of("plain", Num.percent(score(Aliased.PLAIN), 1)));
      rows.add(List.of(second, Num.percent(score(way), 1)));
      twin.table("Shift consistency", List.of("way", "score"), rows);
    }
    return twin.toString();
  }
}
