package convscope.net;

import convscope.autodiff.Var;
import convscope.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * (N, C, H, W) to (N, C·H·W), or other axes made one.
 *
 * @param from the first of them; negative counts from the end
 * @param to the last of them
 */
public record Flatten(int from, int to) implements Layer {
  /** All axes but the batch's. */
  public Flatten() {
    this(1, -1);
  }

  @Override
  public String name() {
    return "Flatten";
  }

  @Override
  public @Nullable String problem(Shape x) {
    if (x.rank() < 1) {
      return "Flatten: input of shape " + x + "; give it a batch axis";
    }
    int first = axis(from, x);
    int last = axis(to, x);
    return first >= 0 && last < x.rank() && first <= last
        ? null
        : "Flatten: axes " + from + " to " + to + " of an input of shape " + x + "; use 1 and -1";
  }

  @Override
  public Shape output(Shape x) {
    int first = axis(from, x);
    int last = axis(to, x);
    int[] dims = new int[x.rank() - last + first];
    for (int i = 0; i < dims.length; i++) {
      dims[i] = x.dim(i < first ? i : i + last - first);
    }
    dims[first] = x.product(first, last + 1);
    return Shape.of(dims);
  }

  private static int axis(int axis, Shape x) {
    return axis < 0 ? axis + x.rank() : axis;
  }

  @Override
  public @Nullable ReceptiveField field(ReceptiveField before, boolean height) {
    return null;
  }

  @Override
  public Var run(Var x, List<Var> parameters) {
    return x.reshape(output(x.shape()));
  }
}
