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
    return out(window.vertical(), height);
  }

  /** Output width for an input {@code width} wide. */
  public int outputWidth(int width) {
    return out(window.horizontal(), width);
  }

  private int out(Window axis, int size) {
    return ceil ? axis.ceilOut(size) : axis.out(size);
  }

  /** Why this window cannot pool height × width, or null if it can. */
  @Nullable String problem(String operation, int height, int width) {
    String rows = problem(operation, "height", height, window.vertical());
    return rows != null ? rows : problem(operation, "width", width, window.horizontal());
  }

  private @Nullable String problem(String operation, String name, int size, Window axis) {
    String steps = axis.stepProblem(operation, name, size);
    if (steps != null) {
      return steps;
    }
    int most = Math.max(axis.padBefore(), axis.padAfter());
    if (most >= axis.span()) {
      return operation
          + ": padding "
          + most
          + " leaves windows of kernel "
          + axis.kernel()
          + " (dilation "
          + axis.dilation()
          + ") without input; use padding ≤ "
          + (axis.span() - 1);
    }
    boolean hangs = ceil && axis.ceilOut(size) > 0;
    return hangs && axis.padBefore() >= 0 && axis.padAfter() >= 0
        ? null
        : axis.problem(operation, name, size);
  }

  Taps rows(int height) {
    return new Taps(height, outputHeight(height), window.vertical(), PaddingMode.ZEROS);
  }

  Taps columns(int width) {
    return new Taps(width, outputWidth(width), window.horizontal(), PaddingMode.ZEROS);
  }
}
