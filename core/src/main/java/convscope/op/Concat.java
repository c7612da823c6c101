package convscope.op;

import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Puts tensors one after the other along an axis; its gradient takes them apart again ({@link
 * Split}).
 */
public final class Concat {
  private Concat() {}

  /** Why these operands do not go together, or null if they do: the door's check. */
  public static @Nullable String problem(int axis, Shape... parts) {
    return problem("Concat", axis, parts);
  }

  private static @Nullable String problem(String operation, int axis, Shape... parts) {
    if (parts.length == 0) {
      return operation + ": no operand; give at least one";
    }
    String problem = Check.axisProblem(operation, axis, parts[0]);
    if (problem != null) {
      return problem;
    }
    for (Shape part : parts) {
      if (part.rank() != parts[0].rank() || !part.with(axis, 0).equals(parts[0].with(axis, 0))) {
        return operation
            + ": shapes "
            + parts[0]
            + " and "
            + part
            + " differ beside axis "
            + axis
            + "; make all other axes equal";
      }
    }
    return null;
  }

  /** The operands in their order along {@code axis} (−1 is the last). */
  public static Tensor forward(int axis, Tensor... parts) {
    return forward("Concat", axis, parts);
  }

  /** As above, for an operation that does this on the way back. */
  static Tensor forward(String operation, int axis, Tensor... parts) {
    Shape[] shapes = new Shape[parts.length];
    for (int i = 0; i < parts.length; i++) {
      shapes[i] = parts[i].shape();
    }
    Check.door(problem(operation, axis, shapes));
    int along = Check.axis(operation, axis, shapes[0]);
    int length = 0;
    for (Shape shape : shapes) {
      length += shape.dim(along);
    }
    Tensor y = Tensor.zeros(shapes[0].with(along, length));
    int outer = shapes[0].product(0, along);
    int inner = shapes[0].product(along + 1, shapes[0].rank());
    int from = 0;
    for (Tensor part : parts) {
      int run = part.dim(along) * inner; // consecutive elements of one outer cell
      for (int o = 0; o < outer; o++) {
        System.arraycopy(part.data(), o * run, y.data(), o * length * inner + from, run);
      }
      from += run;
    }
    return y;
  }

  /** The gradient of each operand, given {@code dy = ∂L/∂y} and their lengths along the axis. */
  public static Tensor[] backward(Tensor dy, int axis, int... lengths) {
    return Split.forward("Concat", dy, axis, lengths);
  }
}
