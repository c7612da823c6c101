package convscope.net;

import convscope.autodiff.Var;
import convscope.op.BatchNorm2d;
import convscope.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Batch normalization with scale and bias. */
public record BatchNorm(int channels) implements Layer {
  private static final double EPSILON = 1e-5; // PyTorch's default

  @Override
  public String name() {
    return "BatchNorm2d";
  }

  /** Scale (C), bias (C). */
  @Override
  public List<Shape> parameters(Shape x) {
    Shape each = Shape.of(channels > 0 ? channels : x.dim(1));
    return List.of(each, each);
  }

  @Override
  public @Nullable String problem(Shape x) {
    String problem = Layers.notImages(name(), x);
    if (problem != null) {
      return problem;
    }
    List<Shape> parameters = parameters(x);
    return BatchNorm2d.problem(x, parameters.get(0), parameters.get(1), EPSILON, false);
  }

  @Override
  public Shape output(Shape x) {
    return x;
  }

  @Override
  public Var run(Var x, List<Var> parameters) {
    return x.batchNorm2d(parameters.get(0), parameters.get(1), EPSILON);
  }
}
