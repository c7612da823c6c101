package convscope.op;

import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Two-dimensional convolution as deep learning means it: cross-correlation, the kernel not flipped.
 *
 * <pre>
 *   y[n,o,i,j] = b[o] + Σ_c Σ_u Σ_v w[o,c,u,v] · x[n, g(o)+c, i·S + u·D − P, j·S + v·D − P]
 *   out = floor((in + 2p − d(k−1) − 1)/s) + 1        (Dumoulin &amp; Visin 2016)
 * </pre>
 *
 * where g(o) is the first input channel of o's group. Depthwise convolution is {@code groups =
 * inChannels}, pointwise convolution a 1×1 kernel. This is the direct version, the oracle of the
 * fast ones; padding that reads a zero adds no term, so an infinite weight over padding gives no
 * NaN.
 *
 * <p>Loop indices: n image, o output channel, c input channel of the group, (i, j) output cell, (u,
 * v) kernel tap.
 */
public final class Conv2d {
  private Conv2d() {}

  /**
   * How the window slides: {@code Spec.of(3, 3).stride(2).padding(1)} reads like the layer.
   *
   * @param vertical the window's rows, which slide over the height
   * @param horizontal its columns, which slide over the width
   * @param mode what places in the padding read
   */
  public record Spec(Window vertical, Window horizontal, PaddingMode mode, int groups) {

    /** Stride 1, dilation 1, no padding, one group. */
    public static Spec of(int kernelHeight, int kernelWidth) {
      return new Spec(Window.of(kernelHeight), Window.of(kernelWidth), PaddingMode.ZEROS, 1);
    }

    private Spec windows(Window rows, Window columns) {
      return new Spec(rows, columns, mode, groups);
    }

    public Spec stride(int both) {
      return stride(both, both);
    }

    public Spec stride(int height, int width) {
      return windows(vertical.stride(height), horizontal.stride(width));
    }

    public Spec dilation(int both) {
      return dilation(both, both);
    }

    public Spec dilation(int height, int width) {
      return windows(vertical.dilation(height), horizontal.dilation(width));
    }

    public Spec padding(int all) {
      return padding(all, all);
    }

    public Spec padding(int height, int width) {
      return padding(height, width, height, width);
    }

    public Spec padding(int top, int left, int bottom, int right) {
      return windows(vertical.padding(top, bottom), horizontal.padding(left, right));
    }

    public Spec mode(PaddingMode padding) {
      return new Spec(vertical, horizontal, padding, groups);
    }

    public Spec groups(int count) {
      return new Spec(vertical, horizontal, mode, count);
    }

    public int kernelHeight() {
      return vertical.kernel();
    }

    public int kernelWidth() {
      return horizontal.kernel();
    }

    public int strideH() {
      return vertical.stride();
    }

    public int strideW() {
      return horizontal.stride();
    }

    public int dilationH() {
      return vertical.dilation();
    }

    public int dilationW() {
      return horizontal.dilation();
    }

    public int padTop() {
      return vertical.padBefore();
    }

    public int padLeft() {
      return horizontal.padBefore();
    }

    public int padBottom() {
      return vertical.padAfter();
    }

    public int padRight() {
      return horizontal.padAfter();
    }

    /** Output height for an input {@code height} high. */
    public int outputHeight(int height) {
      return vertical.out(height);
    }

    /** Output width for an input {@code width} wide. */
    public int outputWidth(int width) {
      return horizontal.out(width);
    }

    Taps rows(int height) {
      return new Taps(height, outputHeight(height), vertical, mode);
    }

    Taps columns(int width) {
      return new Taps(width, outputWidth(width), horizontal, mode);
    }
  }

  /** Why a window of {@code spec} cannot slide over height × width, or null if it can. */
  public static @Nullable String problem(int height, int width, Spec spec) {
    return problem("Conv2d", height, width, spec);
  }

  static @Nullable String problem(String operation, int height, int width, Spec spec) {
    String rows = spec.vertical.problem(operation, "height", height);
    if (rows != null) {
      return rows;
    }
    String columns = spec.horizontal.problem(operation, "width", width);
    if (columns != null) {
      return columns;
    }
    String mirror =
        spec.mode.problem(operation, "height", height, Math.max(spec.padTop(), spec.padBottom()));
    return mirror != null
        ? mirror
        : spec.mode.problem(operation, "width", width, Math.max(spec.padLeft(), spec.padRight()));
  }

  /** Why these channels and groups do not go together, or null if they do. */
  public static @Nullable String problem(int inChannels, int outChannels, int groups) {
    return problem("Conv2d", inChannels, outChannels, groups);
  }

  static @Nullable String problem(String operation, int inChannels, int outChannels, int groups) {
    if (groups < 1) {
      return operation + ": groups " + groups + " is not positive; use 1 or more";
    }
    if (inChannels < 1 || outChannels < 1) {
      return operation
          + ": "
          + inChannels
          + " input and "
          + outChannels
          + " output channels; use 1 or more of each";
    }
    if (inChannels % groups != 0 || outChannels % groups != 0) {
      return operation
          + ": groups "
          + groups
          + " must divide "
          + inChannels
          + " input and "
          + outChannels
          + " output channels; use a common divisor of both";
    }
    return null;
  }

  /** Why these operands do not go together, or null if they do: the door's check. */
  public static @Nullable String problem(Shape x, Shape weight, @Nullable Shape bias, Spec spec) {
    return problem("Conv2d", x, weight, bias, spec);
  }

  static @Nullable String problem(
      String operation, Shape x, Shape weight, @Nullable Shape bias, Spec spec) {
    if (x.rank() != 4) {
      return operation + ": input of shape " + x + "; give (N, C, H, W)";
    }
    if (weight.rank() != 4) {
      return operation
          + ": weight of shape "
          + weight
          + "; give (outChannels, inChannels/groups, kH, kW)";
    }
    String channels = problem(operation, x.dim(1), weight.dim(0), spec.groups);
    if (channels != null) {
      return channels;
    }
    if (x.dim(1) != weight.dim(1) * spec.groups) {
      return operation
          + ": weight "
          + weight
          + " with groups "
          + spec.groups
          + " reads "
          + weight.dim(1) * spec.groups
          + " channels, the input has "
          + x.dim(1)
          + "; give the weight "
          + x.dim(1) / spec.groups
          + " channels";
    }
    String operands = problem(operation, weight, bias, weight.dim(0), spec);
    return operands != null ? operands : problem(operation, x.dim(2), x.dim(3), spec);
  }

  /** Why weight and bias do not fit the window and {@code outChannels}, or null if they do. */
  static @Nullable String problem(
      String operation, Shape weight, @Nullable Shape bias, int outChannels, Spec spec) {
    if (weight.dim(2) != spec.kernelHeight() || weight.dim(3) != spec.kernelWidth()) {
      return operation
          + ": kernel "
          + spec.kernelHeight()
          + "×"
          + spec.kernelWidth()
          + " does not match weight "
          + weight
          + "; use kernel "
          + weight.dim(2)
          + "×"
          + weight.dim(3);
    }
    if (bias != null && !(bias.rank() == 1 && bias.dim(0) == outChannels)) {
      return operation
          + ": bias of shape "
          + bias
          + " for "
          + outChannels
          + " output channels; give "
          + outChannels
          + " elements or none";
    }
    return null;
  }

  /** The door's check of a gradient, for all versions: it has the shape of the output. */
  public static void gradientDoor(Tensor dy, Shape y) {
    Check.gradient("Conv2d", dy, y);
  }

  private static void check(Shape x, Shape weight, @Nullable Shape bias, Spec spec) {
    Check.door(problem(x, weight, bias, spec));
  }

  /**
   * The output, of shape (N, outChannels, outH, outW).
   *
   * @param x (N, inChannels, H, W)
   * @param weight (outChannels, inChannels/groups, kH, kW)
   * @param bias (outChannels) or null
   */
  public static Tensor forward(Tensor x, Tensor weight, @Nullable Tensor bias, Spec spec) {
    check(x.shape(), weight.shape(), bias == null ? null : bias.shape(), spec);
    int channels = x.dim(1);
    int height = x.dim(2);
    int width = x.dim(3);
    int outChannels = weight.dim(0);
    int groupChannels = weight.dim(1);
    Taps rows = spec.rows(height);
    Taps columns = spec.columns(width);
    int kernelHeight = spec.kernelHeight();
    int kernelWidth = spec.kernelWidth();
    int stride = spec.strideW();
    boolean readsPadding = spec.mode != PaddingMode.ZEROS;
    Tensor y = Tensor.zeros(x.dim(0), outChannels, rows.out, columns.out);
    float[] in = x.data();
    float[] w = weight.data();
    double[] sums = new double[columns.out]; // one output row
    for (int n = 0; n < x.dim(0); n++) {
      for (int o = 0; o < outChannels; o++) {
        int firstChannel = o / (outChannels / spec.groups) * groupChannels;
        for (int i = 0; i < rows.out; i++) {
          Arrays.fill(sums, bias == null ? 0 : bias.data()[o]);
          for (int c = 0; c < groupChannels; c++) {
            int plane = (n * channels + firstChannel + c) * height;
            for (int u = 0; u < kernelHeight; u++) {
              int row = rows.source(u, i);
              if (row < 0) {
                continue;
              }
              int rowStart = (plane + row) * width;
              int wStart = ((o * groupChannels + c) * kernelHeight + u) * kernelWidth;
              for (int v = 0; v < kernelWidth; v++) {
                double tap = w[wStart + v];
                int from = columns.low(v);
                int to = columns.high(v);
                int at = rowStart + spec.horizontal.place(from, v);
                for (int j = from; j < to; j++, at += stride) {
                  sums[j] += tap * in[at];
                }
                if (readsPadding) {
                  for (int j = 0; j < from; j++) {
                    sums[j] += tap * in[rowStart + columns.source(v, j)];
                  }
                  for (int j = to; j < columns.out; j++) {
                    sums[j] += tap * in[rowStart + columns.source(v, j)];
                  }
                }
              }
            }
          }
          int start = ((n * outChannels + o) * rows.out + i) * columns.out;
          for (int j = 0; j < columns.out; j++) {
            y.data()[start + j] = (float) sums[j];
          }
        }
      }
    }
    return y;
  }

  /** The gradients of a loss with respect to the operands, each of its operand's shape. */
  public record Gradients(Tensor dx, Tensor dWeight, Tensor dBias) {}

  /** All three gradients, given {@code dy = ∂L/∂y} of shape (N, outChannels, outH, outW). */
  public static Gradients backward(Tensor dy, Tensor x, Tensor weight, Spec spec) {
    return new Gradients(
        inputGradient(dy, weight, x.shape(), spec),
        weightGradient(dy, x, weight.shape(), spec),
        biasGradient(dy));
  }

  /**
   * {@code ∂L/∂x[n,c,p,q] = Σ over (o,u,v,i,j) whose tap reads (p,q) of dy[n,o,i,j] · w[o,c,u,v]}:
   * each output cell hands its gradient back to what it read, cells read through padding included.
   *
   * @param dy (N, outChannels, outH, outW)
   * @param weight (outChannels, inChannels/groups, kH, kW)
   * @param xShape (N, inChannels, H, W)
   */
  public static Tensor inputGradient(Tensor dy, Tensor weight, Shape xShape, Spec spec) {
    check(xShape, weight.shape(), null, spec);
    int channels = xShape.dim(1);
    int height = xShape.dim(2);
    int width = xShape.dim(3);
    int outChannels = weight.dim(0);
    int groupChannels = weight.dim(1);
    Taps rows = spec.rows(height);
    Taps columns = spec.columns(width);
    gradientDoor(dy, Shape.of(xShape.dim(0), outChannels, rows.out, columns.out));
    int kernelHeight = spec.kernelHeight();
    int kernelWidth = spec.kernelWidth();
    int stride = spec.strideW();
    boolean readsPadding = spec.mode != PaddingMode.ZEROS;
    Tensor dx = Tensor.zeros(xShape);
    float[] g = dy.data();
    double[] sums = new double[height * width]; // one input plane
    int groupOutputs = outChannels / spec.groups;
    for (int n = 0; n < xShape.dim(0); n++) {
      for (int channel = 0; channel < channels; channel++) {
        int group = channel / groupChannels;
        int c = channel % groupChannels;
        Arrays.fill(sums, 0);
        for (int o = group * groupOutputs; o < (group + 1) * groupOutputs; o++) {
          for (int i = 0; i < rows.out; i++) {
            int start = ((n * outChannels + o) * rows.out + i) * columns.out;
            for (int u = 0; u < kernelHeight; u++) {
              int row = rows.source(u, i);
              if (row < 0) {
                continue;
              }
              int rowStart = row * width;
              int wStart = ((o * groupChannels + c) * kernelHeight + u) * kernelWidth;
              for (int v = 0; v < kernelWidth; v++) {
                double tap = weight.data()[wStart + v];
                int from = columns.low(v);
                int to = columns.high(v);
                int at = rowStart + spec.horizontal.place(from, v);
                for (int j = from; j < to; j++, at += stride) {
                  sums[at] += tap * g[start + j];
                }
                if (readsPadding) {
                  for (int j = 0; j < from; j++) {
                    sums[rowStart + columns.source(v, j)] += tap * g[start + j];
                  }
                  for (int j = to; j < columns.out; j++) {
                    sums[rowStart + columns.source(v, j)] += tap * g[start + j];
                  }
                }
              }
            }
          }
        }
        int plane = (n * channels + channel) * height * width;
        for (int at = 0; at < sums.length; at++) {
          dx.data()[plane + at] = (float) sums[at];
        }
      }
    }
    return dx;
  }

  /**
   * {@code ∂L/∂w[o,c,u,v] = Σ_{n,i,j} dy[n,o,i,j] · x[n, g(o)+c, i·S + u·D − P, j·S + v·D − P]}.
   *
   * @param dy (N, outChannels, outH, outW)
   * @param x (N, inChannels, H, W)
   * @param weightShape (outChannels, inChannels/groups, kH, kW)
   */
  public static Tensor weightGradient(Tensor dy, Tensor x, Shape weightShape, Spec spec) {
    check(x.shape(), weightShape, null, spec);
    int channels = x.dim(1);
    int height = x.dim(2);
    int width = x.dim(3);
    int outChannels = weightShape.dim(0);
    int groupChannels = weightShape.dim(1);
    Taps rows = spec.rows(height);
    Taps columns = spec.columns(width);
    gradientDoor(dy, Shape.of(x.dim(0), outChannels, rows.out, columns.out));
    int kernelHeight = spec.kernelHeight();
    int kernelWidth = spec.kernelWidth();
    int stride = spec.strideW();
    boolean readsPadding = spec.mode != PaddingMode.ZEROS;
    Tensor dWeight = Tensor.zeros(weightShape);
    float[] g = dy.data();
    float[] in = x.data();
    int tapIndex = 0;
    for (int o = 0; o < outChannels; o++) {
      int firstChannel = o / (outChannels / spec.groups) * groupChannels;
      for (int c = 0; c < groupChannels; c++) {
        for (int u = 0; u < kernelHeight; u++) {
          for (int v = 0; v < kernelWidth; v++) {
            int from = columns.low(v);
            int to = columns.high(v);
            double sum = 0;
            for (int n = 0; n < x.dim(0); n++) {
              int plane = (n * channels + firstChannel + c) * height;
              for (int i = 0; i < rows.out; i++) {
                int row = rows.source(u, i);
                if (row < 0) {
                  continue;
                }
                int rowStart = (plane + row) * width;
                int start = ((n * outChannels + o) * rows.out + i) * columns.out;
                int at = rowStart + spec.horizontal.place(from, v);
                for (int j = from; j < to; j++, at += stride) {
                  sum += (double) g[start + j] * in[at];
                }
                if (readsPadding) {
                  for (int j = 0; j < from; j++) {
                    sum += (double) g[start + j] * in[rowStart + columns.source(v, j)];
                  }
                  for (int j = to; j < columns.out; j++) {
                    sum += (double) g[start + j] * in[rowStart + columns.source(v, j)];
                  }
                }
              }
            }
            dWeight.data()[tapIndex++] = (float) sum;
          }
        }
      }
    }
    return dWeight;
  }

  /** {@code ∂L/∂b[o] = Σ_{n,i,j} dy[n,o,i,j]}, for dy of shape (N, outChannels, outH, outW). */
  public static Tensor biasGradient(Tensor dy) {
    if (dy.rank() < 2) {
      throw new IllegalArgumentException(
          "Conv2d: gradient of shape " + dy.shape() + "; give (N, outChannels, outH, outW)");
    }
    int outChannels = dy.dim(1);
    int plane = dy.shape().product(2, dy.rank());
    Tensor dBias = Tensor.zeros(outChannels);
    for (int o = 0; o < outChannels; o++) {
      double sum = 0;
      for (int n = 0; n < dy.dim(0); n++) {
        int start = (n * outChannels + o) * plane;
        for (int at = start; at < start + plane; at++) {
          sum += dy.data()[at];
        }
      }
      dBias.data()[o] = (float) sum;
    }
    return dBias;
  }
}
