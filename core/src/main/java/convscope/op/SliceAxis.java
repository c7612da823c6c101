package convscope.op;

import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Every {@code step}-th index of one axis from {@code start} up to but not including {@code end},
 * as in NumPy: negative indices count from the end, those outside are moved to it, and a negative
 * step runs backwards. The gradient puts dy back where it came from and 0 elsewhere.
 */
public final class SliceAxis {
  private SliceAxis() {}

  /** Why this slice is none, or null if it is: the door's check. */
  public static @Nullable String problem(Shape x, int axis, int step) {
    return step == 0
        ? "SliceAxis: step 0; use 1 or more, or a negative step to run backwards"
        : Check.axisProblem("SliceAxis", axis, x);
  }

  /** First index and number of indices of a slice of an axis {@code length} long. */
  private record Range(int first, int count) {
    static Range of(int length, int start, int end, int step) {
      // backwards the last place to start is length − 1 and the place before 0 is −1
      int low = step > 0 ? 0 : -1;
      int high = step > 0 ? length : length - 1;
      long from = Math.max(low, Math.min(high, start < 0 ? (long) start + length : start));
      long to = Math.max(low, Math.min(high, end < 0 ? (long) end + length : end));
      long distance = step > 0 ? to - from : from - to;
      long stride = Math.abs((long) step);
      return new Range((int) from, (int) Math.max(0, (distance + stride - 1) / stride));
    }
  }

  /** The slice of x along {@code axis} (−1 is the last); the other axes stay. */
  public static Tensor forward(Tensor x, int axis, int start, int end, int step) {
    Check.door(problem(x.shape(), axis, step));
    int along = Check.axis("SliceAxis", axis, x.shape());
    Range range = Range.of(x.dim(along), start, end, step);
    Tensor y = Tensor.zeros(x.shape().with(along, range.count));
    copy(x, y, y.shape(), along, range, step, false);
    return y;
  }

  /** {@code dx} of shape {@code xShape}, given {@code dy = ∂L/∂y} of the slice's shape. */
  public static Tensor backward(Tensor dy, Shape xShape, int axis, int start, int end, int step) {
    Check.door(problem(xShape, axis, step));
    int along = Check.axis("SliceAxis", axis, xShape);
    Range range = Range.of(xShape.dim(along), start, end, step);
    Check.gradient("SliceAxis", dy, xShape.with(along, range.count));
    Tensor dx = Tensor.zeros(xShape);
    copy(dx, dy, dy.shape(), along, range, step, true);
    return dx;
  }

  /** Copies between the slice and the cells of the whole that it names. */
  private static void copy(
      Tensor whole, Tensor slice, Shape y, int along, Range range, int step, boolean back) {
    int outer = y.product(0, along);
    int inner = y.product(along + 1, y.rank());
    int length = whole.dim(along);
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < range.count; i++) {
        int inSlice = (o * range.count + i) * inner;
        int inWhole = (o * length + range.first + i * step) * inner;
        if (back) {
          System.arraycopy(slice.data(), inSlice, whole.data(), inWhole, inner);
        } else {
          System.arraycopy(whole.data(), inWhole, slice.data(), inSlice, inner);
        }
      }
    }
  }
}
