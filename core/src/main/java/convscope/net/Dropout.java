package convscope.net;

import convscope.autodiff.Var;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Dropout: in training each element, or each whole map, is zeroed with probability p.
 *
 * @param maps whether whole maps are dropped, as Dropout2d does
 */
public record Dropout(double p, boolean maps) implements Layer {
  @Override
  public String name() {
    return maps ? "Dropout2d" : "Dropout";
  }

  @Override
  public @Nullable String problem(Shape x) {
    String problem = convscope.op.Dropout.problem(p);
    return problem == null && maps && x.rank() < 2
        ? "Dropout2d: input of shape " + x + "; give (N, C, H, W)"
        : problem;
  }

  @Override
  public Shape output(Shape x) {
    return x;
  }

  @Override
  public Var run(Var x, List<Var> parameters) {
    return x;
  }

  @Override
  public Var run(Var x, List<Var> parameters, List<Tensor> buffers, Pass pass) {
    if (!pass.training() || p == 0) {
      return x;
    }
    long seed = pass.random().nextLong();
    if (!maps) {
      return x.dropout(p, seed);
    }
    Tensor kept = Tensor.full(1, x.shape().dim(0), x.shape().dim(1));
    Shape shape = x.shape();
    for (int axis = 2; axis < shape.rank(); axis++) {
      shape = shape.with(axis, 1);
    }
    Tensor factors = convscope.op.Dropout.forward(kept, p, seed).y();
    return x.times(x.tape().constant(factors.reshaped(shape.dims())));
  }

  @Override
  public String toString() {
    return name();
  }
}
