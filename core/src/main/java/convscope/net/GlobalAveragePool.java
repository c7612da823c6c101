package convscope.net;

import convscope.autodiff.Var;
import convscope.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The mean of each map: (N, C, 1, 1). */
public record GlobalAveragePool() implements Layer {
  @Override
  public String name() {
    return "AdaptiveAvgPool2d";
  }

  @Override
  public @Nullable String problem(Shape x) {
    return Layers.notImages(name(), x);
  }

  @Override
  public Shape output(Shape x) {
    return Shape.of(x.dim(0), x.dim(1), 1, 1);
  }

  @Override
  public @Nullable ReceptiveField field(ReceptiveField before, boolean height) {
    return null;
  }

  @Override
  public Var run(Var x, List<Var> parameters) {
    return x.globalAveragePool();
  }
}
