package convscope.op;

import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.Arrays;

/**
 * Resampling to another size, one axis after the other: each output is a weighted sum of inputs.
 *
 * <pre>
 *   y[j] = Σ_t weight[j,t] · x[source[j,t]]
 * </pre>
 *
 * An {@link Axis} holds the sources and weights; where the input coordinate of output j falls and
 * how its neighbours are weighted is decided when it is made. Sources beyond the border are the
 * border.
 */
public final class Resize {
  private Resize() {}

  /** Which input coordinate output {@code j} corresponds to; scale is out/in. */
  public enum Coordinates {
    /** {@code (j + ½)/scale − ½}: pixel areas line up. */
    HALF_PIXEL,
    /** As HALF_PIXEL, but 0 for an output of one. */
    PYTORCH_HALF_PIXEL,
    /** As HALF_PIXEL, shifted so that a rounded output size keeps the centre. */
    HALF_PIXEL_SYMMETRIC,
    /**
     * {@code j·(in−1)/(out−1)}: corner pixels line up. Where the size was rounded down, out is the
     * unrounded {@code scale·in} (ONNX).
     */
    ALIGN_CORNERS,
    /** {@code j/scale}: first pixels line up. */
    ASYMMETRIC
  }

  /** Which neighbour the nearest one is. */
  public enum Nearest {
    ROUND_PREFER_FLOOR,
    ROUND_PREFER_CEIL,
    FLOOR,
    CEIL
  }

  /** Sources and weights of each output along one axis; {@code taps} of them per output. */
  public record Axis(int in, int out, int taps, int[] sources, double[] weights) {

    /** Each output copies one input. */
    public static Axis nearest(
        int in, int out, double scale, Coordinates coordinates, Nearest nearest) {
      check(in, out);
      return nearest(in, coordinates(in, out, scale, coordinates), nearest);
    }

    /** The same for input coordinates of one's own, one per output. */
    public static Axis nearest(int in, double[] at, Nearest nearest) {
      int out = at.length;
      check(in, out);
      int[] sources = new int[out];
      double[] weights = new double[out];
      for (int j = 0; j < out; j++) {
        double source;
        switch (nearest) {
          case FLOOR:
            source = Math.floor(at[j]);
            break;
          case CEIL:
            source = Math.ceil(at[j]);
            break;
          case ROUND_PREFER_CEIL:
            source = Math.floor(at[j] + 0.5);
            break;
          default:
            source = Math.ceil(at[j] - 0.5);
        }
        sources[j] = clamp((int) source, in);
        weights[j] = 1;
      }
      return new Axis(in, out, 1, sources, weights);
    }

    /**
     * Neighbours weighted by a tent, {@code 1 − |distance|}; {@code antialias} widens it when
     * shrinking so that every input counts.
     */
    public static Axis linear(
        int in, int out, double scale, Coordinates coordinates, boolean antialias) {
      check(in, out);
      double[] at = coordinates(in, out, scale, coordinates);
      return filtered(in, at, antialias ? scale : 1, 1, 0, false);
    }

    /** The same for input coordinates of one's own, one per output. */
    public static Axis linear(int in, double[] at) {
      check(in, at.length);
      return filtered(in, at, 1, 1, 0, false);
    }

    /**
     * Four neighbours weighted by Keys' cubic with parameter {@code a} (−0.75, or −0.5 for a
     * Catmull-Rom spline).
     */
    public static Axis cubic(
        int in,
        int out,
        double scale,
        Coordinates coordinates,
        boolean antialias,
        double a,
        boolean excludeOutside) {
      check(in, out);
      double[] at = coordinates(in, out, scale, coordinates);
      return filtered(in, at, antialias ? scale : 1, 2, a, excludeOutside);
    }

    private static Axis filtered(
        int in, double[] at, double scale, int radius, double a, boolean excludeOutside) {
      int out = at.length;
      double squeeze = Math.min(1, scale); // below 1 the filter widens
      int first = (int) Math.floor(-radius / squeeze) + 1;
      int taps = 2 - 2 * first;
      int[] sources = new int[out * taps];
      double[] weights = new double[out * taps];
      for (int j = 0; j < out; j++) {
        double base = Math.floor(at[j]);
        double sum = 0;
        for (int t = 0; t < taps; t++) {
          double distance = Math.abs((first + t - (at[j] - base)) * squeeze);
          int source = (int) base + first + t;
          boolean outside = source < 0 || source >= in;
          double weight =
              excludeOutside && outside
                  ? 0
                  : radius == 1 ? Math.max(0, 1 - distance) : keys(distance, a);
          sources[j * taps + t] = clamp(source, in);
          weights[j * taps + t] = weight;
          sum += weight;
        }
        for (int t = 0; t < taps; t++) {
          weights[j * taps + t] /= sum;
        }
      }
      return new Axis(in, out, taps, sources, weights);
    }

    /** Keys 1981: (a+2)d³ − (a+3)d² + 1 up to 1, a(d³ − 5d² + 8d − 4) up to 2. */
    private static double keys(double d, double a) {
      if (d <= 1) {
        return ((a + 2) * d - (a + 3)) * d * d + 1;
      }
      return d < 2 ? a * (((d - 5) * d + 8) * d - 4) : 0;
    }

    private static double[] coordinates(int in, int out, double scale, Coordinates coordinates) {
      double[] at = new double[out];
      double exact = scale * in;
      double length = Math.abs(exact - out) < 1e-6 ? out : exact;
      for (int j = 0; j < out; j++) {
        switch (coordinates) {
          case ALIGN_CORNERS:
            at[j] = length == 1 ? 0 : j * (in - 1) / (length - 1);
            break;
          case ASYMMETRIC:
            at[j] = j / scale;
            break;
          case PYTORCH_HALF_PIXEL:
            at[j] = out == 1 ? 0 : (j + 0.5) / scale - 0.5;
            break;
          case HALF_PIXEL_SYMMETRIC:
            at[j] = in / 2.0 * (1 - out / length) + (j + 0.5) / scale - 0.5;
            break;
          default:
            at[j] = (j + 0.5) / scale - 0.5;
        }
      }
      return at;
    }

    private static int clamp(int source, int in) {
      return Math.max(0, Math.min(in - 1, source));
    }

    private static void check(int in, int out) {
      if (in < 1 || out < 1) {
        throw new IllegalArgumentException(
            "Resize: from " + in + " to " + out + " cells; use 1 or more for both");
      }
    }
  }

  /** {@code x} with axis {@code axis} resampled. */
  public static Tensor forward(Tensor x, int axis, Axis resampling) {
    return apply(x, axis, resampling, false);
  }

  /** {@code ∂L/∂x} of {@link #forward}: each output's gradient to its sources, by weight. */
  public static Tensor backward(Tensor dy, int axis, Axis resampling) {
    return apply(dy, axis, resampling, true);
  }

  private static Tensor apply(Tensor x, int axis, Axis a, boolean transposed) {
    if (axis < 0 || axis >= x.rank() || x.dim(axis) != (transposed ? a.out : a.in)) {
      throw new IllegalArgumentException(
          "Resize: axis "
              + axis
              + " of shape "
              + x.shape()
              + " is not "
              + (transposed ? a.out : a.in)
              + " long; make the axis for that length");
    }
    int outer = x.shape().product(0, axis);
    int inner = x.shape().product(axis + 1, x.rank());
    Tensor y = Tensor.zeros(x.shape().with(axis, transposed ? a.in : a.out));
    double[] line = new double[transposed ? a.in : a.out];
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < inner; i++) {
        Arrays.fill(line, 0);
        for (int at = 0; at < a.out * a.taps; at++) {
          int j = at / a.taps;
          int source = a.sources[at];
          if (a.weights[at] == 0) {
            continue; // a neighbour that does not count, infinite or not
          }
          line[transposed ? source : j] +=
              a.weights[at] * x.data()[(o * x.dim(axis) + (transposed ? j : source)) * inner + i];
        }
        for (int k = 0; k < line.length; k++) {
          y.data()[(o * line.length + k) * inner + i] = (float) line[k];
        }
      }
    }
    return y;
  }

  /** Nearest-neighbour upsampling of both image axes by a whole factor. */
  public static Tensor nearestUpsample(Tensor x, int factor) {
    return image(x, factor, true, false);
  }

  /** {@code ∂L/∂x} of {@link #nearestUpsample}: the sum over each block. */
  public static Tensor nearestUpsampleBackward(Tensor dy, int factor) {
    return image(dy, factor, true, true);
  }

  /** Bilinear upsampling of both image axes by a whole factor, half-pixel centres (PyTorch). */
  public static Tensor bilinearUpsample(Tensor x, int factor) {
    return image(x, factor, false, false);
  }

  /** {@code ∂L/∂x} of {@link #bilinearUpsample}. */
  public static Tensor bilinearUpsampleBackward(Tensor dy, int factor) {
    return image(dy, factor, false, true);
  }

  private static Tensor image(Tensor x, int factor, boolean nearest, boolean transposed) {
    Shape shape = x.shape();
    Check.images("Resize", shape);
    if (factor < 1) {
      throw new IllegalArgumentException("Resize: factor " + factor + "; use 1 or more");
    }
    Tensor y = x;
    for (int step = 0; step < 2; step++) {
      int axis = transposed ? 3 - step : 2 + step;
      int in = transposed ? y.dim(axis) / factor : y.dim(axis);
      Axis resampling =
          nearest
              ? Axis.nearest(in, in * factor, factor, Coordinates.ASYMMETRIC, Nearest.FLOOR)
              : Axis.linear(in, in * factor, factor, Coordinates.HALF_PIXEL, false);
      y = apply(y, axis, resampling, transposed);
    }
    return y;
  }
}
