package convscope.op;

import org.jspecify.annotations.Nullable;

/**
 * How a pooling window slides: as a convolution's, except that padding holds no value and that ceil
 * mode lets a last window hang over the end.
 *
 * <pre>
 *   out = floor((in + 2p − d(k−1) − 1)/s) + 1, or with ceil mode the same with ceil, less one where
 *   the last window would start beyond the input and the padding before it
 * </pre>
 */
public record PoolSpec(Conv2d.Spec window, boolean ceil) {

  /** Stride equal to the kernel, no padding, dilation 1, floor mode. */
  public static PoolSpec of(int kernelHeight, int kernelWidth) {
    return new PoolSpec(
        Conv2d.Spec.of(kernelHeight, kernelWidth).stride(kernelHeight, kernelWidth), false);
  }

  public PoolSpec stride(int both) {
    return stride(both, both);
  }

  public PoolSpec stride(int height, int width) {
    return new PoolSpec(window.stride(height, width), ceil);
  }

  public PoolSpec dilation(int both) {
    return dilation(both, both);
  }

  public PoolSpec dilation(int height, int width) {
    return new PoolSpec(window.dilation(height, width), ceil);
  }

  public PoolSpec padding(int all) {
    return padding(all, all, all, all);
  }

  public PoolSpec padding(int top, int left, int bottom, int right) {
    return new PoolSpec(window.padding(top, left, bottom, right), ceil);
  }

  public PoolSpec ceil(boolean hangOver) {
    return new PoolSpec(window, hangOver);
  }

  /** Output height for an input {@code height} high. */
  public int outputHeight(int height) {
    return outputSize(
        height,
        window.kernelHeight(),
        window.strideH(),
        window.padTop(),
        window.padBottom(),
        window.dilationH(),
        ceil);
  }

  /** Output width for an input {@code width} wide. */
  public int outputWidth(int width) {
    return outputSize(
        width,
        window.kernelWidth(),
        window.strideW(),
        window.padLeft(),
        window.padRight(),
        window.dilationW(),
        ceil);
  }

  /** The formula above; below 1 where the window does not fit. */
  public static int outputSize(
      int in, int kernel, int stride, int padBefore, int padAfter, int dilation, boolean ceil) {
    int steps = in + padBefore + padAfter - dilation * (kernel - 1) - 1;
    if (!ceil) {
      return Math.floorDiv(steps, stride) + 1;
    }
    int out = -Math.floorDiv(-steps, stride) + 1;
    return (out - 1) * stride >= in + padBefore ? out - 1 : out;
  }

  /** Why this window cannot pool height × width, or null if it can. */
  @Nullable String problem(String operation, int height, int width) {
    String rows =
        problem(
            operation,
            "height",
            height,
            window.kernelHeight(),
            window.strideH(),
            window.dilationH(),
            window.padTop(),
            window.padBottom());
    return rows != null
        ? rows
        : problem(
            operation,
            "width",
            width,
            window.kernelWidth(),
            window.strideW(),
            window.dilationW(),
            window.padLeft(),
            window.padRight());
  }

  private @Nullable String problem(
      String operation,
      String axis,
      int size,
      int kernel,
      int stride,
      int dilation,
      int padBefore,
      int padAfter) {
    String steps = Taps.problem(operation, axis, size, kernel, stride, dilation);
    if (steps != null) {
      return steps;
    }
    int most = Math.max(padBefore, padAfter);
    int reach = dilation * (kernel - 1) + 1;
    if (most >= reach) {
      return operation
          + ": padding "
          + most
          + " leaves windows of kernel "
          + kernel
          + " (dilation "
          + dilation
          + ") without input; use padding ≤ "
          + (reach - 1);
    }
    boolean hangs =
        ceil && outputSize(size, kernel, stride, padBefore, padAfter, dilation, true) > 0;
    return hangs && padBefore >= 0 && padAfter >= 0
        ? null
        : Taps.problem(operation, axis, size, kernel, stride, dilation, padBefore, padAfter);
  }

  Taps rows(int height) {
    return new Taps(
        height,
        outputHeight(height),
        window.kernelHeight(),
        window.strideH(),
        window.dilationH(),
        window.padTop(),
        PaddingMode.ZEROS);
  }

  Taps columns(int width) {
    return new Taps(
        width,
        outputWidth(width),
        window.kernelWidth(),
        window.strideW(),
        window.dilationW(),
        window.padLeft(),
        PaddingMode.ZEROS);
  }
}
