package convscope.op;

import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Takes a tensor apart along an axis; its gradient puts the parts together ({@link Concat}). */
public final class Split {
  private Split() {}

  /** Why this shape does not split into these lengths, or null if it does: the door's check. */
  public static @Nullable String problem(Shape x, int axis, int... lengths) {
    return problem("Split", x, axis, lengths);
  }

  private static @Nullable String problem(String operation, Shape x, int axis, int... lengths) {
    String problem = Check.axisProblem(operation, axis, x);
    if (problem != null) {
      return problem;
    }
    long sum = 0;
    for (int length : lengths) {
      if (length < 0) {
        return operation + ": part of length " + length + "; use 0 or more";
      }
      sum += length;
    }
    return sum == x.dim(axis)
        ? null
        : operation
            + ": parts of together "
            + sum
            + " for an axis of "
            + x.dim(axis)
            + "; give lengths that add up to it";
  }

  /**
   * Lengths of {@code parts} parts of an axis of x, all equal, or the last ones smaller: {@code
   * ceil(length/parts)} each.
   */
  public static int[] even(Shape x, int axis, int parts) {
    int length = x.dim(Check.axis("Split", axis, x));
    if (parts < 1) {
      throw new IllegalArgumentException("Split: " + parts + " parts; use 1 or more");
    }
    int each = (length + parts - 1) / parts;
    int[] lengths = new int[parts];
    for (int i = 0; i < parts; i++) {
      lengths[i] = Math.max(0, Math.min(each, length - i * each));
    }
    return lengths;
  }

  /** The parts, {@code lengths[i]} long along {@code axis} (−1 is the last). */
  public static Tensor[] forward(Tensor x, int axis, int... lengths) {
    return forward("Split", x, axis, lengths);
  }

  /** As above, for an operation that does this on the way back. */
  static Tensor[] forward(String operation, Tensor x, int axis, int... lengths) {
    Check.door(problem(operation, x.shape(), axis, lengths));
    int along = Check.axis(operation, axis, x.shape());
    int outer = x.shape().product(0, along);
    int inner = x.shape().product(along + 1, x.rank());
    Tensor[] parts = new Tensor[lengths.length];
    int from = 0;
    for (int i = 0; i < lengths.length; i++) {
      parts[i] = Tensor.zeros(x.shape().with(along, lengths[i]));
      int run = lengths[i] * inner; // consecutive elements of one outer cell
      for (int o = 0; o < outer; o++) {
        System.arraycopy(x.data(), o * x.dim(along) * inner + from, parts[i].data(), o * run, run);
      }
      from += run;
    }
    return parts;
  }

  /** {@code dx}, given the gradient of every part. */
  public static Tensor backward(int axis, Tensor... dParts) {
    return Concat.forward("Split", axis, dParts);
  }
}
