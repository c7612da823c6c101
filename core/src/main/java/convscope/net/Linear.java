package convscope.net;

import convscope.autodiff.Var;
import convscope.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code macs = N · in · out}. */
public record Linear(int inFeatures, int outFeatures, boolean bias) implements Layer {
  @Override
  public String name() {
    return "Linear";
  }

  /** Weight (outFeatures, inFeatures), bias (outFeatures). */
  @Override
  public List<Shape> parameters(Shape x) {
    int features = inFeatures > 0 ? inFeatures : x.dim(-1);
    return Layers.withBias(Shape.of(outFeatures, features), outFeatures, bias);
  }

  @Override
  public @Nullable String problem(Shape x) {
    List<Shape> parameters = parameters(x);
    return convscope.op.Linear.problem(x, Layers.weight(parameters), Layers.bias(parameters));
  }

  @Override
  public Shape output(Shape x) {
    return x.with(-1, outFeatures);
  }

  @Override
  public long macs(Shape x) {
    return (long) x.size() * outFeatures;
  }

  @Override
  public @Nullable ReceptiveField field(ReceptiveField before, boolean height) {
    return null;
  }

  @Override
  public Var run(Var x, List<Var> parameters) {
    return x.linear(parameters.get(0), Layers.biasOf(parameters));
  }
}
