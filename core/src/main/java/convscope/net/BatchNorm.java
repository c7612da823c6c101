package convscope.net;

import convscope.autodiff.Var;
import convscope.op.BatchNorm2d;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Batch normalization of (N, C, H, W).
 *
 * @param channels C, or 0 for as many as come
 * @param momentum the share of each batch in the running statistics
 * @param affine whether it has scale and bias
 * @param tracking whether it keeps running statistics, for evaluation
 */
public record BatchNorm(
    int channels, double epsilon, double momentum, boolean affine, boolean tracking)
    implements Layer {
  private static final double EPSILON = 1e-5; // PyTorch's defaults
  private static final double MOMENTUM = 0.1;

  /** With PyTorch's defaults. */
  public BatchNorm(int channels) {
    this(channels, EPSILON, MOMENTUM, true, true);
  }

  @Override
  public String name() {
    return "BatchNorm2d";
  }

  /** Scale (C), bias (C). */
  @Override
  public List<Shape> parameters(Shape x) {
    return affine ? each(x) : List.of();
  }

  /** Running mean (C), running variance (C). */
  @Override
  public List<Shape> buffers(Shape x) {
    return tracking ? each(x) : List.of();
  }

  private List<Shape> each(Shape x) {
    Shape each = Shape.of(channels > 0 ? channels : x.dim(1));
    return List.of(each, each);
  }

  @Override
  public @Nullable String problem(Shape x) {
    String problem = Layers.notImages(name(), x);
    if (problem == null) {
      problem = Layers.otherChannels(name(), channels, x);
    }
    return problem == null ? BatchNorm2d.problem(x, null, null, epsilon, false) : problem;
  }

  @Override
  public Shape output(Shape x) {
    return x;
  }

  @Override
  public Var run(Var x, List<Var> parameters) {
    return x.batchNorm2d(Layers.weightOf(parameters), Layers.biasOf(parameters), epsilon);
  }

  @Override
  public Var run(Var x, List<Var> parameters, List<Tensor> buffers, Pass pass) {
    if (!pass.training() && tracking) {
      return x.batchNorm2d(
          Layers.weightOf(parameters),
          Layers.biasOf(parameters),
          buffers.get(0),
          buffers.get(1),
          epsilon);
    }
    if (pass.training() && tracking) {
      BatchNorm2d.Statistics batch = BatchNorm2d.statistics(x.value());
      keep(buffers.get(0), batch.mean());
      keep(buffers.get(1), batch.unbiased());
    }
    return run(x, parameters);
  }

  private void keep(Tensor running, Tensor batch) {
    Tensor updated = BatchNorm2d.updated(running, batch, momentum);
    System.arraycopy(updated.data(), 0, running.data(), 0, running.size());
  }

  @Override
  public String toString() {
    return name();
  }
}
