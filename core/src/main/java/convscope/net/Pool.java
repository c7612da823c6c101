package convscope.net;

import convscope.autodiff.Var;
import convscope.op.AveragePool2d;
import convscope.op.MaxPool2d;
import convscope.op.PoolSpec;
import convscope.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Max or average pooling: no parameters and no products.
 *
 * @param countPadding whether taps on the padding count in an average
 */
public record Pool(boolean max, PoolSpec spec, boolean countPadding) implements Layer {
  public Pool(boolean max, PoolSpec spec) {
    this(max, spec, true);
  }

  @Override
  public String name() {
    return max ? "MaxPool2d" : "AvgPool2d";
  }

  @Override
  public @Nullable String problem(Shape x) {
    String problem = Layers.notImages(name(), x);
    if (problem != null) {
      return problem;
    }
    return max
        ? MaxPool2d.problem(x.dim(2), x.dim(3), spec)
        : AveragePool2d.problem(x.dim(2), x.dim(3), spec);
  }

  @Override
  public Shape output(Shape x) {
    return Shape.of(x.dim(0), x.dim(1), spec.outputHeight(x.dim(2)), spec.outputWidth(x.dim(3)));
  }

  @Override
  public ReceptiveField field(ReceptiveField before, boolean height) {
    return before.window(Layers.axis(spec.window(), height));
  }

  @Override
  public Var run(Var x, List<Var> parameters) {
    return max ? x.maxPool2d(spec) : x.averagePool2d(spec, countPadding);
  }
}
