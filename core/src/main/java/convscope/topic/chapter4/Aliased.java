package convscope.topic.chapter4;

import convscope.data.Picture;
import convscope.linalg.Dft;
import convscope.num.Maths;
import convscope.op.BlurPool2d;
import convscope.op.Conv2d;
import convscope.op.PaddingMode;
import convscope.param.Values;
import convscope.tensor.Tensor;
import convscope.topic.Inputs;
import org.jspecify.annotations.Nullable;

/**
 * A signal or an image and what subsampling makes of it. Both are taken as one period of something
 * that repeats, so that shifts and spectra are exact.
 *
 * @param stride S
 * @param taps of the binomial filter along each axis
 * @param afterwards whether the mistake is shown: the blur after the subsampling
 * @param x (1, 1, H, W) from 0 to 1, not shifted; of the sine any one
 * @param scores the shift consistency of an image by way; empty for the sine, which either moves
 *     along exactly or turns into its negative
 */
record Aliased(int stride, int taps, boolean afterwards, Tensor x, double[] scores) {
  /** Samples of the sine: 2, 3 and 4 divide them. */
  static final int SAMPLES = 48;

  private static final int UNIT = 12; // so many pixels every stride divides
  private static final int ZONE = 120;

  /** Take every S-th sample; blur first; blur after, which is the mistake. */
  static final int PLAIN = 0;

  static final int BLURRED = 1;
  static final int AFTER = 2;

  static Aliased of(Values values, @Nullable Picture picture) {
    String signal = values.choice("signal");
    boolean sine = signal.equals("sine");
    Aliased result =
        new Aliased(
            values.integer("stride"),
            values.choice("filter").charAt(0) - '0',
            values.flag("mistake"),
            sine ? sine(0) : picture != null ? pixels(picture) : drawn(signal),
            new double[sine ? 0 : 3]);
    for (int way = PLAIN; way < result.scores.length; way++) {
      result.scores[way] = result.consistency(result.x, way);
    }
    return result;
  }

  boolean isSine() {
    return x.dim(2) == 1;
  }

  /** {@code (1 + cos 2πkn/N) / 2}: k periods in {@link #SAMPLES} samples. */
  static Tensor sine(int k) {
    Tensor x = Tensor.zeros(1, 1, 1, SAMPLES);
    for (int n = 0; n < SAMPLES; n++) {
      x.data()[n] = (float) (0.5 + 0.5 * Maths.cos(2 * Math.PI * (k * n % SAMPLES) / SAMPLES));
    }
    return x;
  }

  /** Whole units of a picture; a smaller one is repeated. */
  private static Tensor pixels(Picture picture) {
    int height = Math.max(UNIT, picture.height() / UNIT * UNIT);
    int width = Math.max(UNIT, picture.width() / UNIT * UNIT);
    float[] grey = picture.grey();
    Tensor x = Tensor.zeros(1, 1, height, width);
    for (int n = 0; n < x.size(); n++) {
      int row = n / width % picture.height();
      int column = n % width % picture.width();
      x.data()[n] = grey[row * picture.width() + column] / 255;
    }
    return x;
  }

  private static Tensor drawn(String signal) {
    int side = signal.equals("zone") ? ZONE : SAMPLES;
    Tensor x = Tensor.zeros(1, 1, side, side);
    int digit = signal.startsWith("digit-") ? 6 : 1; // pixels of ours for one of the digit's
    float[] values = Inputs.values(signal, side / digit, side / digit);
    float most = 1;
    for (float value : values) {
      most = Math.max(most, value);
    }
    for (int n = 0; n < x.size(); n++) {
      int row = n / side;
      int column = n % side;
      if (signal.equals("zone")) {
        // the phase's slope, the frequency, grows from 0 in the middle to 0.45 at the sides; the
        // contrast fades there, so that the image repeats without a seam
        double r = row - side / 2;
        double c = column - side / 2;
        double square = (r * r + c * c) / side / side;
        double contrast = Math.max(0, 1 - 16 * square * square);
        x.data()[n] = (float) (0.5 + 0.5 * contrast * Maths.cos(0.9 * Math.PI * side * square));
      } else {
        x.data()[n] = values[row / digit * (side / digit) + column / digit] / most;
      }
    }
    return x;
  }

  /** The signal at a step: the sine with so many periods, or the image moved so far right. */
  Tensor at(int step) {
    return isSine() ? sine(step) : x.rolled(0, step);
  }

  /**
   * Every S-th sample, after or before the blur or without it: convolutions with circular padding.
   */
  Tensor down(Tensor signal, int way) {
    return switch (way) {
      case BLURRED -> filtered(signal, taps, stride);
      case AFTER -> filtered(filtered(signal, 1, stride), taps, 1);
      default -> filtered(signal, 1, stride);
    };
  }

  private static Tensor filtered(Tensor signal, int size, int stride) {
    boolean flat = signal.dim(2) == 1;
    double[] row = BlurPool2d.binomial(size);
    Tensor weight = Tensor.zeros(1, 1, flat ? 1 : size, size);
    for (int n = 0; n < weight.size(); n++) {
      weight.data()[n] = (float) (row[n % size] * (flat ? 1 : row[n / size]));
    }
    int pad = size / 2;
    Conv2d.Spec spec =
        Conv2d.Spec.of(flat ? 1 : size, size)
            .stride(flat ? 1 : stride, stride)
            .padding(flat ? 0 : pad, pad)
            .mode(PaddingMode.CIRCULAR);
    return Conv2d.forward(signal, weight, null, spec);
  }

  /** What the blur leaves of a frequency in cycles per sample: {@code cos(πf)^(size−1)}. */
  double response(double frequency) {
    return Maths.pow(Maths.cos(Math.PI * frequency), taps - 1);
  }

  /** The bin to which a sine of k periods folds: {@code |k − M·round(k/M)|} of M samples. */
  int alias(int k) {
    int samples = SAMPLES / stride;
    return Math.min(k % samples, samples - k % samples);
  }

  /** The amplitude of each frequency of a line of samples, 0 to the highest; its mean is 1/2. */
  static double[] amplitudes(Tensor line) {
    int count = line.dim(3);
    float[] around = line.data().clone();
    for (int n = 0; n < count; n++) {
      around[n] -= 0.5f;
    }
    Dft.Spectrum spectrum = Dft.forward(around, 1, count);
    double[] amplitudes = new double[count / 2 + 1];
    for (int k = 0; k < amplitudes.length; k++) {
      boolean paired = k > 0 && 2 * k < count; // with the negative frequency
      amplitudes[k] = spectrum.size(0, k) * (paired ? 2 : 1) / count;
    }
    return amplitudes;
  }

  static int peak(double[] amplitudes) {
    int best = 0;
    for (int k = 1; k < amplitudes.length; k++) {
      best = amplitudes[k] > amplitudes[best] ? k : best;
    }
    return best;
  }

  /**
   * How well a small signal moves with the large one. D(T_t x) is the signal moved t samples and
   * then made small, T_{t/S} D(x) the small one moved t/S of its samples:
   *
   * <pre>
   *   1 − mean over t ≠ 0 of ‖R shift_t x − shift_{t/S} R x‖² / (2 · M · Var R x),   M samples in R x
   * </pre>
   *
   * with t from 0 to S − 1 along each axis. 1 is moving along exactly; unrelated signals with the
   * variance of R x have 0, and a signal against its own negative −1. The variance is that of the
   * small signal, so that a filter which erases earns nothing by it. Moving by a fraction turns the
   * phases of the spectrum, and by Parseval's theorem the distance is that of the spectra.
   */
  double consistency(Tensor signal, int way) {
    Tensor made = down(signal, way);
    Dft.Spectrum small = spectrum(made);
    double samples = made.size();
    double spread = 2 * samples * variance(made);
    double sum = 0;
    int count = 0;
    for (int down = 0; down < (isSine() ? 1 : stride); down++) {
      for (int right = 0; right < stride; right++) {
        if (down + right > 0) {
          Dft.Spectrum moved = spectrum(down(signal.rolled(down, right), way));
          sum += distance(moved, small, (double) down / stride, (double) right / stride) / samples;
          count++;
        }
      }
    }
    if (spread < 1e-12 * samples) {
      return variance(signal) < 1e-12 ? 1 : 0; // nothing to move, or nothing left to tell
    }
    return 1 - sum / count / spread;
  }

  private static double variance(Tensor signal) {
    double sum = 0;
    double squares = 0;
    for (float value : signal.data()) {
      sum += value;
      squares += (double) value * value;
    }
    double mean = sum / signal.size();
    return squares / signal.size() - mean * mean;
  }

  static Dft.Spectrum spectrum(Tensor y) {
    return Dft.forward(y.data(), y.dim(2), y.dim(3));
  }

  /** The squared distance of a from b moved by fractions of a sample. */
  private static double distance(Dft.Spectrum a, Dft.Spectrum b, double down, double right) {
    double sum = 0;
    for (int n = 0; n < a.re().length; n++) {
      double[] rows = turn(n / a.columns(), a.rows(), down);
      double[] columns = turn(n % a.columns(), a.columns(), right);
      double cos = rows[0] * columns[0] - rows[1] * columns[1];
      double sin = rows[0] * columns[1] + rows[1] * columns[0];
      double re = a.re()[n] - (b.re()[n] * cos - b.im()[n] * sin);
      double im = a.im()[n] - (b.re()[n] * sin + b.im()[n] * cos);
      sum += re * re + im * im;
    }
    return sum;
  }

  /** The factor of frequency k when M samples move by a fraction; the highest one stays real. */
  private static double[] turn(int k, int count, double by) {
    int frequency = 2 * k > count ? k - count : k;
    double angle = -2 * Math.PI * frequency * by / count;
    return new double[] {Maths.cos(angle), 2 * k == count ? 0 : Maths.sin(angle)};
  }

  @Override
  public String toString() {
    return "Aliased " + x.shape();
  }
}
