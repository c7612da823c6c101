package convscope.op;

import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Adds cells around a tensor of any rank, in one of four modes, or crops it (negative amounts).
 *
 * <pre>
 *   y[i₀, i₁, …] = x[source(i₀ − before₀), source(i₁ − before₁), …], or the value where there is none
 * </pre>
 */
public final class Pad {
  private Pad() {}

  /** Why these amounts are not possible, or null if they are. */
  public static @Nullable String problem(Shape x, int[] before, int[] after, PaddingMode mode) {
    if (before.length != x.rank() || after.length != x.rank()) {
      return "Pad: "
          + before.length
          + " and "
          + after.length
          + " amounts for shape "
          + x
          + "; give one of each per axis";
    }
    for (int axis = 0; axis < x.rank(); axis++) {
      int size = x.dim(axis);
      if ((long) size + before[axis] + after[axis] < 0) {
        return "Pad: amounts "
            + before[axis]
            + " and "
            + after[axis]
            + " crop more than axis "
            + axis
            + " of "
            + size
            + "; crop at most "
            + size;
      }
      int most = Math.max(before[axis], after[axis]);
      if (size == 0 && most > 0 && mode != PaddingMode.ZEROS) {
        return "Pad: axis " + axis + " is empty, nothing to repeat; use zeros";
      }
      String problem = mode.problem("Pad", "axis", size, most);
      if (problem != null) {
        return problem;
      }
    }
    return null;
  }

  /**
   * The padded tensor; each axis is {@code before + size + after} long.
   *
   * @param value what {@link PaddingMode#ZEROS} puts there
   */
  public static Tensor forward(Tensor x, int[] before, int[] after, PaddingMode mode, float value) {
    Check.door(problem(x.shape(), before, after, mode));
    Tensor y = Tensor.zeros(padded(x.shape(), before, after));
    int[] sources = sources(x.shape(), y.shape(), before, mode);
    for (int at = 0; at < sources.length; at++) {
      y.data()[at] = sources[at] < 0 ? value : x.data()[sources[at]];
    }
    return y;
  }

  /**
   * {@code ∂L/∂x}: each element of dy to the one it was read from; cropped elements get 0.
   *
   * @param dy of the shape of the output
   */
  public static Tensor backward(
      Tensor dy, Shape xShape, int[] before, int[] after, PaddingMode mode) {
    Check.door(problem(xShape, before, after, mode));
    Check.gradient("Pad", dy, padded(xShape, before, after));
    int[] sources = sources(xShape, dy.shape(), before, mode);
    double[] sums = new double[xShape.size()];
    for (int at = 0; at < sources.length; at++) {
      if (sources[at] >= 0) {
        sums[sources[at]] += dy.data()[at];
      }
    }
    return Tensor.rounded(sums, xShape);
  }

  private static Shape padded(Shape x, int[] before, int[] after) {
    int[] dims = x.dims();
    for (int axis = 0; axis < dims.length; axis++) {
      dims[axis] += before[axis] + after[axis];
    }
    return Shape.of(dims);
  }

  /** For each output element the flat position in x that it reads, or −1. */
  private static int[] sources(Shape x, Shape y, int[] before, PaddingMode mode) {
    int[] sources = new int[y.size()];
    int inner = 1; // step of the axis in y
    int step = 1; // step of the axis in x
    for (int axis = x.rank() - 1; axis >= 0; axis--) {
      int length = y.dim(axis);
      for (int at = 0; at < sources.length; at++) {
        int source = mode.source(at / inner % length - before[axis], x.dim(axis));
        sources[at] = source < 0 || sources[at] < 0 ? -1 : sources[at] + source * step;
      }
      inner *= length;
      step *= x.dim(axis);
    }
    return sources;
  }
}
