package convscope.net;

import convscope.autodiff.Var;
import convscope.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Softmax or its logarithm along an axis. */
public record Softmax(boolean log, int axis) implements Layer {
  @Override
  public String name() {
    return log ? "LogSoftmax" : "Softmax";
  }

  @Override
  public @Nullable String problem(Shape x) {
    return log ? convscope.op.LogSoftmax.problem(x, axis) : convscope.op.Softmax.problem(x, axis);
  }

  @Override
  public Shape output(Shape x) {
    return x;
  }

  @Override
  public Var run(Var x, List<Var> parameters) {
    return log ? x.logSoftmax(axis) : x.softmax(axis);
  }
}
