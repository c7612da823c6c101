package convscope.net;

import convscope.autodiff.Var;
import convscope.num.Num;
import convscope.op.Pad;
import convscope.op.PaddingMode;
import convscope.op.Window;
import convscope.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Padding of height and width as a layer of its own; negative amounts crop.
 *
 * @param value what zero padding holds
 */
public record Padding(
    String name, PaddingMode mode, int top, int left, int bottom, int right, float value)
    implements Layer {
  @Override
  public @Nullable String problem(Shape x) {
    String problem = Layers.notImages(name, x);
    if (problem != null) {
      return problem;
    }
    problem = Pad.problem(x, new int[] {0, 0, top, left}, new int[] {0, 0, bottom, right}, mode);
    return problem == null && output(x).size() == 0
        ? name + ": nothing is left of an input of shape " + x + "; crop less"
        : problem;
  }

  @Override
  public Shape output(Shape x) {
    return x.with(2, x.dim(2) + top + bottom).with(3, x.dim(3) + left + right);
  }

  @Override
  public ReceptiveField field(ReceptiveField before, boolean height) {
    return before.window(
        height ? Window.of(1).padding(top, bottom) : Window.of(1).padding(left, right));
  }

  @Override
  public Var run(Var x, List<Var> parameters) {
    return x.pad(new int[] {0, 0, top, left}, new int[] {0, 0, bottom, right}, mode, value);
  }

  @Override
  public String toString() {
    return name + " " + Num.plain(value, 6);
  }
}
