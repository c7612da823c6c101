package convscope.op;

import convscope.tensor.Shape;
import org.jspecify.annotations.Nullable;

/** The door checks that many operators share. */
final class Shapes {
  private Shapes() {}

  /** A gradient has the shape of what it is the gradient of. */
  static void same(String operation, Shape gradient, Shape output) {
    if (!gradient.equals(output)) {
      throw new IllegalArgumentException(
          operation
              + ": gradient of shape "
              + gradient
              + " for an output of shape "
              + output
              + "; give one of that shape");
    }
  }

  static void images(String operation, Shape x) {
    if (x.rank() != 4) {
      throw new IllegalArgumentException(
          operation + ": input of shape " + x + "; give (N, C, H, W)");
    }
  }

  /** Throws the text of a door's check, if there is one. */
  static void check(@Nullable String problem) {
    if (problem != null) {
      throw new IllegalArgumentException(problem);
    }
  }
}
