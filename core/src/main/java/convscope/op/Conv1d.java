package convscope.op;

import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * One-dimensional convolution (cross-correlation): {@link Conv2d} on an image of height 1.
 *
 * <pre>
 *   y[n,o,j] = b[o] + Σ_c Σ_v w[o,c,v] · x[n, g(o)+c, j·S + v·D − P]
 *   out = floor((in + 2p − d(k−1) − 1)/s) + 1        (Dumoulin &amp; Visin 2016)
 * </pre>
 */
public final class Conv1d {
  private Conv1d() {}

  /** How the window slides. */
  public record Spec(Window window, PaddingMode mode, int groups) {

    /** Stride 1, dilation 1, no padding, one group. */
    public static Spec of(int kernel) {
      return new Spec(Window.of(kernel), PaddingMode.ZEROS, 1);
    }

    public Spec stride(int places) {
      return new Spec(window.stride(places), mode, groups);
    }

    public Spec dilation(int places) {
      return new Spec(window.dilation(places), mode, groups);
    }

    public Spec padding(int both) {
      return padding(both, both);
    }

    public Spec padding(int left, int right) {
      return new Spec(window.padding(left, right), mode, groups);
    }

    public Spec mode(PaddingMode padding) {
      return new Spec(window, padding, groups);
    }

    public Spec groups(int count) {
      return new Spec(window, mode, count);
    }

    /** Output length for an input {@code length} long. */
    public int outputLength(int length) {
      return window.out(length);
    }

    /** The same window on an image of height 1. */
    Conv2d.Spec image() {
      return new Conv2d.Spec(Window.of(1), window, mode, groups);
    }
  }

  /** Why a window of {@code spec} cannot slide over {@code length} cells, or null if it can. */
  public static @Nullable String problem(int length, Spec spec) {
    Window window = spec.window;
    String problem = window.problem("Conv1d", "length", length);
    return problem != null
        ? problem
        : spec.mode.problem(
            "Conv1d", "length", length, Math.max(window.padBefore(), window.padAfter()));
  }

  /** Why these operands do not go together, or null if they do: the door's check. */
  public static @Nullable String problem(Shape x, Shape weight, @Nullable Shape bias, Spec spec) {
    if (x.rank() != 3) {
      return "Conv1d: input of shape " + x + "; give (N, C, L)";
    }
    if (weight.rank() != 3) {
      return "Conv1d: weight of shape " + weight + "; give (outChannels, inChannels/groups, k)";
    }
    String window = problem(x.dim(2), spec);
    return window != null
        ? window
        : Conv2d.problem("Conv1d", image(x), image(weight), bias, spec.image());
  }

  private static void check(Shape x, Shape weight, @Nullable Shape bias, Spec spec) {
    Check.door(problem(x, weight, bias, spec));
  }

  /**
   * The output, of shape (N, outChannels, outL).
   *
   * @param x (N, inChannels, L)
   * @param weight (outChannels, inChannels/groups, k)
   * @param bias (outChannels) or null
   */
  public static Tensor forward(Tensor x, Tensor weight, @Nullable Tensor bias, Spec spec) {
    check(x.shape(), weight.shape(), bias == null ? null : bias.shape(), spec);
    return line(Conv2d.forward(image(x), image(weight), bias, spec.image()));
  }

  /** All three gradients, given {@code dy = ∂L/∂y} of shape (N, outChannels, outL). */
  public static Conv2d.Gradients backward(Tensor dy, Tensor x, Tensor weight, Spec spec) {
    check(x.shape(), weight.shape(), null, spec);
    if (dy.rank() != 3) {
      throw new IllegalArgumentException(
          "Conv1d: gradient of shape " + dy.shape() + "; give (N, outChannels, outL)");
    }
    Shape y = Shape.of(x.dim(0), weight.dim(0), spec.outputLength(x.dim(2)));
    Check.gradient("Conv1d", dy, y);
    Conv2d.Gradients gradients = Conv2d.backward(image(dy), image(x), image(weight), spec.image());
    return new Conv2d.Gradients(line(gradients.dx()), line(gradients.dWeight()), gradients.dBias());
  }

  private static Shape image(Shape line) {
    return Shape.of(line.dim(0), line.dim(1), 1, line.dim(2));
  }

  private static Tensor image(Tensor line) {
    return Tensor.of(line.data(), image(line.shape()));
  }

  private static Tensor line(Tensor image) {
    return Tensor.of(image.data(), image.dim(0), image.dim(1), image.dim(3));
  }
}
