package convscope.net;

import convscope.autodiff.Var;
import convscope.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Layer normalization over the last axes.
 *
 * @param row their lengths
 */
public record LayerNorm(Shape row, double epsilon, boolean affine, boolean bias) implements Layer {
  @Override
  public String name() {
    return "LayerNorm";
  }

  /** Scale and bias, of the row's shape. */
  @Override
  public List<Shape> parameters(Shape x) {
    return !affine ? List.of() : bias ? List.of(row, row) : List.of(row);
  }

  @Override
  public @Nullable String problem(Shape x) {
    if (x.rank() < row.rank() || row.rank() < 1) {
      return "LayerNorm: rows of shape "
          + row
          + " in an input of shape "
          + x
          + "; give shorter rows";
    }
    return convscope.op.LayerNorm.problem(x, -row.rank(), row, row, epsilon);
  }

  @Override
  public Shape output(Shape x) {
    return x;
  }

  @Override
  public Var run(Var x, List<Var> parameters) {
    return x.layerNorm(
        -row.rank(), Layers.weightOf(parameters), Layers.biasOf(parameters), epsilon);
  }

  @Override
  public String toString() {
    return name();
  }
}
