package convscope.op;

import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** What the doors of all operators share: the throw, and the sentences about axes and gradients. */
final class Check {
  private Check() {}

  /** Throws {@code problem}, or returns if there is none. */
  static void door(@Nullable String problem) {
    if (problem != null) {
      throw new IllegalArgumentException(problem);
    }
  }

  /** An upstream gradient has the shape of the output it belongs to. */
  static void gradient(String operation, Tensor dy, Shape y) {
    if (!dy.shape().equals(y)) {
      throw new IllegalArgumentException(
          operation
              + ": gradient of shape "
              + dy.shape()
              + " for an output of shape "
              + y
              + "; give one of that shape");
    }
  }

  /** The input is a batch of images. */
  static void images(String operation, Shape x) {
    if (x.rank() != 4) {
      throw new IllegalArgumentException(
          operation + ": input of shape " + x + "; give (N, C, H, W)");
    }
  }

  /** Why {@code axis} (negative ones count from the end) is no axis of {@code x}, or null. */
  static @Nullable String axisProblem(String operation, int axis, Shape x) {
    int rank = x.rank();
    if (rank == 0) {
      return operation + ": axis " + axis + " of a scalar; give an input with at least one axis";
    }
    if (axis < -rank || axis >= rank) {
      return operation
          + ": axis "
          + axis
          + " of an input of shape "
          + x
          + "; use "
          + -rank
          + " to "
          + (rank - 1);
    }
    return null;
  }

  /** The axis from 0 to rank − 1 that {@code axis} means, checked. */
  static int axis(String operation, int axis, Shape x) {
    door(axisProblem(operation, axis, x));
    return axis < 0 ? axis + x.rank() : axis;
  }

  /** Why an operand does not have the shape it must have, or null. */
  static @Nullable String shapeProblem(
      String operation, String operand, @Nullable Shape got, Shape want) {
    return got == null || got.equals(want)
        ? null
        : operation + ": " + operand + " of shape " + got + "; give one of shape " + want;
  }

  static @Nullable Shape shape(@Nullable Tensor tensor) {
    return tensor == null ? null : tensor.shape();
  }
}
