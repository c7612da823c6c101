package convscope.op;

import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Transposed convolution: the adjoint of {@link Conv2d} as a map of its own. Each input cell
 * scatters its value times the kernel into the output.
 *
 * <pre>
 *   y[n,o,p,q] = b[o] + Σ over (c,u,v,i,j) with i·S + u·D − P = p, j·S + v·D − P = q  of  x[n,c,i,j] · w[c,o',u,v]
 *   out = (in − 1)·s − 2p + d(k−1) + op + 1          (Dumoulin &amp; Visin 2016)
 * </pre>
 *
 * Output padding {@code op} adds rows at the end that the forward convolution's floor dropped;
 * negative padding adds rows that hold the bias only.
 *
 * <p>Loop indices: n image, c input channel, o output channel of the group, (i, j) input cell, (u,
 * v) kernel tap, (p, q) output cell.
 */
public final class ConvTranspose2d {
  private static final String NAME = "ConvTranspose2d";

  private ConvTranspose2d() {}

  /**
   * The convolution that this one transposes (stride, padding and dilation keep its meaning) and
   * the output padding: {@code Spec.of(Conv2d.Spec.of(3,
   * 3).stride(2).padding(1)).outputPadding(1)}.
   */
  public record Spec(Conv2d.Spec window, int outputPaddingH, int outputPaddingW) {

    public static Spec of(Conv2d.Spec window) {
      return new Spec(window, 0, 0);
    }

    public Spec outputPadding(int both) {
      return outputPadding(both, both);
    }

    public Spec outputPadding(int height, int width) {
      return new Spec(window, height, width);
    }

    /** Output height for an input {@code height} high. */
    public int outputHeight(int height) {
      return window.vertical().transposedOut(height, outputPaddingH);
    }

    /** Output width for an input {@code width} wide. */
    public int outputWidth(int width) {
      return window.horizontal().transposedOut(width, outputPaddingW);
    }

    // For the taps the roles change: the output is what the window slides over.
    private Taps rows(int height) {
      return new Taps(outputHeight(height), height, window.vertical(), PaddingMode.ZEROS);
    }

    private Taps columns(int width) {
      return new Taps(outputWidth(width), width, window.horizontal(), PaddingMode.ZEROS);
    }
  }

  /** Why {@code spec} gives no output for height × width, or null if it does. */
  public static @Nullable String problem(int height, int width, Spec spec) {
    Conv2d.Spec window = spec.window;
    if (window.mode() != PaddingMode.ZEROS) {
      return NAME + ": padding mode " + window.mode().text() + " is not possible; use zeros";
    }
    String rows = problem("height", height, window.vertical(), spec.outputPaddingH);
    return rows != null ? rows : problem("width", width, window.horizontal(), spec.outputPaddingW);
  }

  private static @Nullable String problem(String axis, int size, Window window, int outputPadding) {
    String steps = window.stepProblem(NAME, axis, size);
    if (steps != null) {
      return steps;
    }
    int most = Math.max(window.stride(), window.dilation()) - 1;
    if (outputPadding < 0 || outputPadding > most) {
      return NAME
          + ": output padding "
          + outputPadding
          + " with stride "
          + window.stride()
          + " and dilation "
          + window.dilation()
          + "; use 0 to "
          + most;
    }
    int out = window.transposedOut(size, outputPadding);
    if (out < 1) {
      return NAME
          + ": padding leaves an output "
          + axis
          + " of "
          + out
          + "; lower it by "
          + (1 - out)
          + " in all";
    }
    return null;
  }

  /** Why these channels and groups do not go together, or null if they do. */
  public static @Nullable String problem(int inChannels, int outChannels, int groups) {
    return Conv2d.problem(NAME, inChannels, outChannels, groups);
  }

  /** Why these operands do not go together, or null if they do: the door's check. */
  public static @Nullable String problem(Shape x, Shape weight, @Nullable Shape bias, Spec spec) {
    if (x.rank() != 4) {
      return NAME + ": input of shape " + x + "; give (N, C, H, W)";
    }
    if (weight.rank() != 4) {
      return NAME
          + ": weight of shape "
          + weight
          + "; give (inChannels, outChannels/groups, kH, kW)";
    }
    int groups = spec.window.groups();
    String channels = problem(x.dim(1), weight.dim(1) * Math.max(1, groups), groups);
    if (channels != null) {
      return channels;
    }
    if (x.dim(1) != weight.dim(0)) {
      return NAME
          + ": weight "
          + weight
          + " reads "
          + weight.dim(0)
          + " channels, the input has "
          + x.dim(1)
          + "; give the weight "
          + x.dim(1)
          + " rows";
    }
    int outChannels = weight.dim(1) * groups;
    String operands = Conv2d.problem(NAME, weight, bias, outChannels, spec.window);
    return operands != null ? operands : problem(x.dim(2), x.dim(3), spec);
  }

  private static void check(Shape x, Shape weight, @Nullable Shape bias, Spec spec) {
    Check.door(problem(x, weight, bias, spec));
  }

  /**
   * The output, of shape (N, outChannels, outH, outW).
   *
   * @param x (N, inChannels, H, W)
   * @param weight (inChannels, outChannels/groups, kH, kW)
   * @param bias (outChannels) or null
   */
  public static Tensor forward(Tensor x, Tensor weight, @Nullable Tensor bias, Spec spec) {
    check(x.shape(), weight.shape(), bias == null ? null : bias.shape(), spec);
    Taps rows = spec.rows(x.dim(2));
    Taps columns = spec.columns(x.dim(3));
    int inChannels = x.dim(1);
    int groupOutputs = weight.dim(1);
    int groupInputs = inChannels / spec.window.groups();
    int outChannels = groupOutputs * spec.window.groups();
    int outWidth = spec.outputWidth(x.dim(3));
    Tensor y = Tensor.zeros(x.dim(0), outChannels, spec.outputHeight(x.dim(2)), outWidth);
    float[] in = x.data();
    double[] sums = new double[y.dim(2) * outWidth]; // one output plane
    for (int n = 0; n < x.dim(0); n++) {
      for (int channel = 0; channel < outChannels; channel++) {
        int group = channel / groupOutputs;
        int o = channel % groupOutputs;
        Arrays.fill(sums, bias == null ? 0 : bias.data()[channel]);
        for (int c = group * groupInputs; c < (group + 1) * groupInputs; c++) {
          for (int i = 0; i < rows.out; i++) {
            int start = ((n * inChannels + c) * rows.out + i) * columns.out;
            for (int u = 0; u < weight.dim(2); u++) {
              int p = rows.source(u, i);
              for (int v = 0; p >= 0 && v < weight.dim(3); v++) {
                double tap =
                    weight.data()[((c * groupOutputs + o) * weight.dim(2) + u) * weight.dim(3) + v];
                for (int j = columns.low(v); j < columns.high(v); j++) {
                  sums[p * outWidth + columns.source(v, j)] += tap * in[start + j];
                }
              }
            }
          }
        }
        int plane = (n * outChannels + channel) * sums.length;
        for (int at = 0; at < sums.length; at++) {
          y.data()[plane + at] = (float) sums[at];
        }
      }
    }
    return y;
  }

  /**
   * What the plain convolution reads that does the same at stride 1 with each kernel turned by
   * half: x with S − 1 zeros between its cells, and zeros around them (Dumoulin &amp; Visin 2016).
   *
   * @param x (N, C, H, W)
   * @param height of the output
   * @return (N, C, height + D(K−1), width + D(K−1))
   */
  public static Tensor stretched(Tensor x, Conv2d.Spec window, int height, int width) {
    Window rows = window.vertical();
    Window columns = window.horizontal();
    int high = height + rows.span() - 1;
    int wide = width + columns.span() - 1;
    Tensor stretched = Tensor.zeros(x.dim(0), x.dim(1), high, wide);
    for (int n = 0; n < x.size(); n++) {
      int map = n / (x.dim(2) * x.dim(3));
      int r = rows.start(n / x.dim(3) % x.dim(2)) + rows.span() - 1;
      int c = columns.start(n % x.dim(3)) + columns.span() - 1;
      if (r >= 0 && c >= 0 && r < high && c < wide) {
        stretched.data()[(map * high + r) * wide + c] = x.data()[n];
      }
    }
    return stretched;
  }

  /**
   * All three gradients. With respect to the input it is a plain convolution of dy:
   *
   * <pre>
   *   ∂L/∂x[n,c,i,j]   = Σ_{o,u,v} dy[n,o,i·S+u·D−P, j·S+v·D−P] · w[c,o',u,v]
   *   ∂L/∂w[c,o',u,v]  = Σ_{n,i,j} dy[n,o,i·S+u·D−P, j·S+v·D−P] · x[n,c,i,j]
   *   ∂L/∂b[o]         = Σ_{n,p,q} dy[n,o,p,q]
   * </pre>
   *
   * @param dy (N, outChannels, outH, outW)
   */
  public static Conv2d.Gradients backward(Tensor dy, Tensor x, Tensor weight, Spec spec) {
    check(x.shape(), weight.shape(), null, spec);
    Taps rows = spec.rows(x.dim(2));
    Taps columns = spec.columns(x.dim(3));
    int inChannels = x.dim(1);
    int groupOutputs = weight.dim(1);
    int groupInputs = inChannels / spec.window.groups();
    int outChannels = groupOutputs * spec.window.groups();
    int outHeight = spec.outputHeight(x.dim(2));
    int outWidth = spec.outputWidth(x.dim(3));
    Check.gradient(NAME, dy, Shape.of(x.dim(0), outChannels, outHeight, outWidth));
    float[] g = dy.data();
    float[] in = x.data();
    Tensor dx = Tensor.zeros(x.shape());
    double[] dxRow = new double[columns.out];
    double[] dw = new double[weight.size()];
    for (int n = 0; n < x.dim(0); n++) {
      for (int c = 0; c < inChannels; c++) {
        int firstOutput = c / groupInputs * groupOutputs;
        for (int i = 0; i < rows.out; i++) {
          int start = ((n * inChannels + c) * rows.out + i) * columns.out;
          Arrays.fill(dxRow, 0);
          for (int o = 0; o < groupOutputs; o++) {
            int plane = (n * outChannels + firstOutput + o) * outHeight;
            for (int u = 0; u < weight.dim(2); u++) {
              int p = rows.source(u, i);
              for (int v = 0; p >= 0 && v < weight.dim(3); v++) {
                int tap = ((c * groupOutputs + o) * weight.dim(2) + u) * weight.dim(3) + v;
                double w = weight.data()[tap];
                double sum = 0;
                for (int j = columns.low(v); j < columns.high(v); j++) {
                  double gradient = g[(plane + p) * outWidth + columns.source(v, j)];
                  dxRow[j] += w * gradient;
                  sum += gradient * in[start + j];
                }
                dw[tap] += sum;
              }
            }
          }
          for (int j = 0; j < columns.out; j++) {
            dx.data()[start + j] = (float) dxRow[j];
          }
        }
      }
    }
    Tensor dWeight = Tensor.rounded(dw, weight.shape());
    return new Conv2d.Gradients(dx, dWeight, Conv2d.biasGradient(dy));
  }
}
