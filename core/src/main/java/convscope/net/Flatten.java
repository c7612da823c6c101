package convscope.net;

import convscope.autodiff.Var;
import convscope.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** (N, C, H, W) to (N, C·H·W). */
public record Flatten() implements Layer {
  @Override
  public String name() {
    return "Flatten";
  }

  @Override
  public @Nullable String problem(Shape x) {
    return x.rank() < 1 ? "Flatten: input of shape " + x + "; give it a batch axis" : null;
  }

  @Override
  public Shape output(Shape x) {
    return Shape.of(x.dim(0), x.product(1, x.rank()));
  }

  @Override
  public @Nullable ReceptiveField field(ReceptiveField before, boolean height) {
    return null;
  }

  @Override
  public Var run(Var x, List<Var> parameters) {
    return x.flatten();
  }
}
