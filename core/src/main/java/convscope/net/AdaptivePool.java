package convscope.net;

import convscope.autodiff.Var;
import convscope.op.AdaptivePool2d;
import convscope.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Max or average pooling to a fixed size.
 *
 * @param outHeight rows of the output, or 0 for those of the input
 * @param outWidth columns of the output, or 0 for those of the input
 */
public record AdaptivePool(boolean max, int outHeight, int outWidth) implements Layer {
  @Override
  public String name() {
    return max ? "AdaptiveMaxPool2d" : "AdaptiveAvgPool2d";
  }

  @Override
  public @Nullable String problem(Shape x) {
    String problem = Layers.notImages(name(), x);
    return problem == null ? AdaptivePool2d.problem(x, rows(x), columns(x)) : problem;
  }

  private int rows(Shape x) {
    return outHeight == 0 ? x.dim(2) : outHeight;
  }

  private int columns(Shape x) {
    return outWidth == 0 ? x.dim(3) : outWidth;
  }

  @Override
  public Shape output(Shape x) {
    return Shape.of(x.dim(0), x.dim(1), rows(x), columns(x));
  }

  @Override
  public @Nullable ReceptiveField field(ReceptiveField before, boolean height) {
    return null;
  }

  @Override
  public Var run(Var x, List<Var> parameters) {
    int rows = rows(x.shape());
    int columns = columns(x.shape());
    return max ? x.adaptiveMaxPool2d(rows, columns) : x.adaptiveAveragePool2d(rows, columns);
  }
}
