package convscope.net;

import convscope.autodiff.Var;
import convscope.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A ReLU whose left slope is learned, one for all channels or one each (He et al. 2015).
 *
 * @param slopes 1, or the number of channels
 * @param start what they begin with
 */
public record PRelu(int slopes, double start) implements Layer {
  @Override
  public String name() {
    return "PReLU";
  }

  /** The slopes, (1) or (C). */
  @Override
  public List<Shape> parameters(Shape x) {
    return List.of(Shape.of(slopes));
  }

  @Override
  public @Nullable String problem(Shape x) {
    return slopes == 1 ? null : Layers.otherChannels(name(), slopes, x);
  }

  @Override
  public Shape output(Shape x) {
    return x;
  }

  @Override
  public Var run(Var x, List<Var> parameters) {
    int[] dims = new int[Math.max(1, x.shape().rank() - 1)];
    Arrays.fill(dims, 1);
    dims[0] = slopes;
    return x.prelu(parameters.get(0).reshape(Shape.of(dims)));
  }

  @Override
  public String toString() {
    return name();
  }
}
