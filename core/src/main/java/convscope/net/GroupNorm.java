package convscope.net;

import convscope.autodiff.Var;
import convscope.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Group normalization of (N, C, …): mean 0 and variance 1 over each image's groups of channels.
 *
 * @param groups how many groups, or 0 for one a channel: instance normalization
 * @param channels C, or 0 for as many as come
 */
public record GroupNorm(int groups, int channels, double epsilon, boolean affine) implements Layer {
  @Override
  public String name() {
    return groups == 0 ? "InstanceNorm2d" : "GroupNorm";
  }

  /** Scale (C), bias (C). */
  @Override
  public List<Shape> parameters(Shape x) {
    Shape each = Shape.of(channels > 0 ? channels : x.dim(1));
    return affine ? List.of(each, each) : List.of();
  }

  @Override
  public @Nullable String problem(Shape x) {
    String problem = Layers.otherChannels(name(), channels, x);
    if (problem != null) {
      return problem;
    }
    return groups == 0
        ? convscope.op.InstanceNorm.problem(x, null, null, epsilon)
        : convscope.op.GroupNorm.problem(x, groups, null, null, epsilon);
  }

  @Override
  public Shape output(Shape x) {
    return x;
  }

  @Override
  public Var run(Var x, List<Var> parameters) {
    Var scale = Layers.weightOf(parameters);
    Var bias = Layers.biasOf(parameters);
    return groups == 0
        ? x.instanceNorm(scale, bias, epsilon)
        : x.groupNorm(groups, scale, bias, epsilon);
  }

  @Override
  public String toString() {
    return name();
  }
}
