package convscope.net;

import convscope.autodiff.Var;
import convscope.op.Unary;
import convscope.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A function of each element, or dropout in evaluation: shape and field stay. */
public record Elementwise(String name, @Nullable Unary function) implements Layer {
  /** What every convolution of the classic networks has behind it. */
  public static final Elementwise RELU = new Elementwise("ReLU", Unary.RELU);

  /** Passes everything on unless it trains. */
  public static final Elementwise DROPOUT = new Elementwise("Dropout", null);

  @Override
  public @Nullable String problem(Shape x) {
    return null;
  }

  @Override
  public Shape output(Shape x) {
    return x;
  }

  @Override
  public Var run(Var x, List<Var> parameters) {
    return function == null ? x : x.apply(function);
  }
}
