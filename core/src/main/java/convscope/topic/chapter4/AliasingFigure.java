package convscope.topic.chapter4;

import convscope.linalg.Dft;
import convscope.num.Maths;
import convscope.num.Num;
import convscope.scene.Cells;
import convscope.scene.Equation;
import convscope.scene.Layout;
import convscope.scene.Panel;
import convscope.scene.Plot;
import convscope.scene.Prose;
import convscope.scene.Raster;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.tensor.Tensor;
import convscope.topic.Figure;
import convscope.topic.View;

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
    way = result.afterwards() ? Aliased.AFTER : Aliased.BLURRED;
    role = result.afterwards() ? Role.GRADIENT : Role.KERNEL;
    second = result.afterwards() ? "blurred afterwards" : "blurred first";
    x = result.at(view.step());
    plain = result.down(x, Aliased.PLAIN);
    other = result.down(x, way);
  }

  Figure figure() {
    return result.isSine()
        ? Figure.of(waveScene(), Aliasing.equation(result, view.step()).line(), waveCaption())
        : Figure.of(imageScene(), scores(), imageCaption());
  }

  // ---- a wave

  private Scene waveScene() {
    double width = view.stage().width() - 24;
    Plot wave =
        new Plot("wave", width, view.narrow() ? 70 : 120, "the sine, its samples and its alias")
            .x("sample n", 0, Aliased.SAMPLES - 1)
            .y("value", 0, 1);
    double f = (double) view.step() / Aliased.SAMPLES;
    double alias = (double) result.alias(view.step()) / Aliased.SAMPLES;
    curve(wave, "x", Role.INPUT, "thin", "x, frequency f", f);
    curve(wave, "alias", Role.OUTPUT, "dashed", "alias, frequency f′", alias);
    dots(wave, "samples", Role.INPUT, "", "", x, 1);
    dots(wave, "kept", Role.OUTPUT, "large", "every S-th sample", plain, result.stride());
    dots(wave, "second", role, "hollow", second, other, result.stride());
    if (view.narrow()) {
      Plot one = spectrum("before", width, 70, "spectra", Role.NEUTRAL);
      after(before(one));
      return Scene.of(view.stage(), Layout.column(4, wave, one));
    }
    double half = (width - 16) / 2;
    Plot before = before(spectrum("before", half, 92, "spectrum of x", Role.INPUT));
    Plot after = after(spectrum("after", half, 92, "spectrum of every S-th", Role.OUTPUT));
    return Scene.of(view.stage(), Layout.column(10, wave, Layout.row(16, before, after)));
  }

  private Plot before(Plot plot) {
    double[] fine = Plot.range(0, 0.005, 101);
    return plot.curve("response", Role.KERNEL, "dashed", "blur passes", fine, passes(fine))
        .stems("x", Role.INPUT, "", "x", bins(x), Aliased.amplitudes(x))
        .drags(Aliased.SAMPLES / 2 + 1, view.step());
  }

  private Plot after(Plot plot) {
    return plot.stems(
            "plain", Role.OUTPUT, "large", "plain", bins(plain), Aliased.amplitudes(plain))
        .stems("second", role, "hollow", second, bins(other), Aliased.amplitudes(other));
  }

  private Plot spectrum(String key, double width, double high, String title, Role color) {
    return new Plot(key, width, high, title)
        .title(title, "", color)
        .x("frequency, cycles per sample", 0, 0.5)
        .y("amplitude", 0, 0.5)
        .rule("fold", Role.NEUTRAL, "1/(2S)", 0.5 / result.stride())
        .slides("stride", new double[] {0.25, 0.5 / 3, 0.125}, new String[] {"2", "3", "4"});
  }

  private void curve(Plot plot, String id, Role color, String css, String legend, double f) {
    double[] xs = Plot.range(0, 1.0 / FINE, (Aliased.SAMPLES - 1) * FINE + 1);
    double[] ys = new double[xs.length];
    for (int n = 0; n < xs.length; n++) {
      ys[n] = 0.5 + 0.5 * Maths.cos(2 * Math.PI * f * xs[n]);
    }
    plot.curve(id, color, css, legend, xs, ys);
  }

  private static void dots(
      Plot plot, String id, Role color, String css, String legend, Tensor y, int apart) {
    double[] ys = new double[y.size()];
    for (int n = 0; n < ys.length; n++) {
      ys[n] = y.data()[n];
    }
    plot.points(id, color, css, legend, Plot.range(0, apart, ys.length), ys);
  }

  /** The frequency of each bin, in cycles per sample of x. */
  private static double[] bins(Tensor y) {
    return Plot.range(0, 1.0 / Aliased.SAMPLES, y.size() / 2 + 1);
  }

  /** The blur's response, where 1/2 stands for all of it. */
  private double[] passes(double[] frequencies) {
    double[] ys = frequencies.clone();
    for (int n = 0; n < ys.length; n++) {
      ys[n] = 0.5 * result.response(ys[n]);
    }
    return ys;
  }

  // ---- an image

  private Scene imageScene() {
    int height = x.dim(2);
    int width = x.dim(3);
    int stride = result.stride();
    Cells pixels = Cells.pixels(190.0 / Math.max(height, width));
    Cells wider = pixels.also(stride * pixels.size());
    Raster image = image("x", Role.INPUT, "x", Num.size(height, width), x, pixels);
    Raster small = image("plain", Role.OUTPUT, "every S-th", detail(Aliased.PLAIN), plain, wider);
    String name = view.narrow() && result.afterwards() ? "afterwards" : second;
    Raster third = image("second", role, name, detail(way), other, wider);
    Dft.Spectrum full = Aliased.spectrum(x);
    Panel before =
        spectrum("X", Role.INPUT, full, full, pixels)
            .outline(
                "fold",
                Role.OUTPUT,
                "",
                (height - height / stride) / 2,
                (width - width / stride) / 2,
                height / stride,
                width / stride);
    Raster after = spectrum("Y", Role.OUTPUT, Aliased.spectrum(plain), full, wider);
    Raster soft = spectrum("Z", role, Aliased.spectrum(other), full, wider);
    return pixels.fit(
        view.stage(),
        view.narrow()
            ? Layout.row(
                8, Layout.column(4, image, small, third), Layout.column(4, before, after, soft))
            : Layout.row(
                16,
                Layout.column(8, image, before),
                Layout.column(8, small, after),
                Layout.column(8, third, soft)));
  }

  private Raster image(
      String key, Role color, String title, String detail, Tensor y, Cells pixels) {
    return Raster.of(key, color, y.dim(2), y.dim(3), y.data(), "grey", 1, pixels)
        .title(title, detail)
        .part(key, title + ", image of " + Num.size(y.dim(2), y.dim(3)));
  }

  /** {@code log |Y|} for a pixel, zero frequency in the middle; white is the largest but that. */
  private Raster spectrum(
      String key, Role color, Dft.Spectrum of, Dft.Spectrum scaleOf, Cells pixels) {
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
    return new Raster(key, color, of.rows(), of.columns(), levels, "grey", pixels)
        .title("spectrum", "")
        .part(key, "spectrum, image of " + Num.size(of.rows(), of.columns()));
  }

  // ---- words

  private Prose waveCaption() {
    int k = view.step();
    double f = (double) k / Aliased.SAMPLES;
    int alias = result.alias(k);
    double[] measured = Aliased.amplitudes(plain);
    int peak = Aliased.peak(measured);
    boolean kept = 2 * k * result.stride() <= Aliased.SAMPLES;
    Prose prose =
        Prose.of(
            "[input f = {}/{} = {}] cycles per sample is {} 1/(2S) = {}, so it {}[output f′ ="
                + " {}/{}], and the spectrum of every [neutral:S {}] sample peaks at {}/{} with amplitude {}. ",
            k,
            Aliased.SAMPLES,
            Num.decimal(f, 3),
            kept ? "not above" : "above",
            Num.decimal(0.5 / result.stride(), 3),
            kept ? "stays where it is: " : "folds: predicted ",
            alias,
            Aliased.SAMPLES,
            ordinal(result.stride()),
            peak,
            Aliased.SAMPLES,
            measured[peak]);
    double left = Aliased.amplitudes(other)[alias];
    return result.afterwards()
        ? prose.add(
            "[gradient Blurred afterwards] {} {}: by then it is a low frequency like any other.",
            kept ? "it keeps" : "the alias keeps",
            left)
        : prose.add(
            "[kernel Blurred first] it keeps {}, the {} that the blur passes.",
            left,
            Num.percent(result.response(f), 1));
  }

  private static String ordinal(int stride) {
    return stride == 2 ? "2nd" : stride == 3 ? "3rd" : stride + "th";
  }

  /** The score beside a title, where there is room: it stands below the drawing anyway. */
  private String detail(int of) {
    return view.narrow() ? "" : score(of);
  }

  private String score(int of) {
    return Num.percent(result.scores()[of], 1);
  }

  private Equation scores() {
    Equation equation = Equation.of("Shift consistency: [output plain {}], ", score(Aliased.PLAIN));
    return result.afterwards()
        ? equation.say("[gradient {} {}]", second, score(way))
        : equation.say("[kernel {} {}]", second, score(way));
  }

  private Prose imageCaption() {
    double[] energy = energy();
    Prose prose = new Prose();
    if (view.step() > 0) {
      prose.add("The image is moved right by {pixel}. ", view.step());
    }
    prose.add(
        "Of the variance of x, {} lies outside the frame in its spectrum and folds into [output:S"
            + " every {} pixel]; ",
        Num.percent(energy[0], 1),
        ordinal(result.stride()));
    if (result.afterwards()) {
      prose.add("[gradient blurred afterwards], as much folds. ");
    } else {
      prose.add("[kernel blurred first], {} do. ", Num.percent(energy[1], 1));
    }
    return prose.add(
        "The shift consistency is {} and {}: at 100 % the small image would move along with"
            + " the large one exactly, at 0 no better than an unrelated one.",
        score(Aliased.PLAIN), score(way));
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
}
