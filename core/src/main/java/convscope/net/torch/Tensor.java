package convscope.net.torch;

import convscope.net.graph.Sizes;
import convscope.net.script.Args;
import convscope.net.script.Attributes;
import convscope.net.script.Callable;
import convscope.net.script.Interpreter;
import convscope.net.script.Items;
import convscope.net.script.None;
import convscope.net.script.Operand;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A tensor without its numbers: a shape, and the step that gives it. */
final class Tensor implements Operand, Attributes {
  final Trace trace;

  /** The sizes, the batch first, or null where something unknown gave it. */
  final long @Nullable [] shape;

  /** The step of the graph; -1 of what is no result of one, such as a weight. */
  final int node;

  /** Whether it is learned. */
  boolean parameter;

  Tensor(Trace trace, long @Nullable [] shape, int node) {
    this.trace = trace;
    this.shape = shape;
    this.node = node;
  }

  int rank() {
    return known().length;
  }

  /** The shape, which must be known. */
  long[] known() {
    if (shape == null) {
      throw new IllegalArgumentException(
          "the shape here is not known, since something before it is not; look at the remarks");
    }
    return shape;
  }

  @Override
  public Object attribute(Interpreter interpreter, String name) {
    switch (name) {
      case "shape" -> {
        return Rules.sizes(known());
      }
      case "ndim" -> {
        return (long) rank();
      }
      case "data", "grad", "real" -> {
        return this;
      }
      case "T", "mT", "H" -> {
        return Functions.call(trace, "t", Args.of(this));
      }
      case "device" -> {
        return "cpu";
      }
      case "dtype" -> {
        return "float32";
      }
      case "requires_grad" -> {
        return parameter;
      }
      case "is_cuda" -> {
        return false;
      }
      default -> {}
    }
    if (Functions.has(name)) {
      return (Callable) (in, args) -> Functions.call(trace, name, args.behind(this));
    }
    return None.MISSING;
  }

  @Override
  public String describe() {
    return "a tensor of " + Sizes.text(shape);
  }

  @Override
  public Object binary(Interpreter in, String sign, Object other, boolean reflected) {
    String operator =
        switch (sign) {
          case "+" -> "Add";
          case "-" -> "Sub";
          case "*" -> "Mul";
          case "/" -> "Div";
          case "**" -> "Pow";
          case "//" -> "Floor";
          case "%" -> "Mod";
          case "@" -> "MatMul";
          case "==", "!=", "<", ">", "<=", ">=" -> "Compare";
          case "&", "|", "^" -> "And";
          default -> "";
        };
    if (operator.isEmpty()) {
      return None.MISSING;
    }
    if (operator.equals("MatMul") && other instanceof Tensor tensor) {
      return reflected ? Rules.matmul(tensor, this) : Rules.matmul(this, tensor);
    }
    return reflected && other instanceof Tensor tensor
        ? Rules.broadcast(operator, tensor, this)
        : Rules.broadcast(operator, this, other);
  }

  @Override
  public Object at(Interpreter in, Object index) {
    return Rules.index(this, index);
  }

  @Override
  public Items items(Interpreter in) {
    long[] sizes = known();
    if (sizes.length == 0 || sizes[0] > 4096) {
      throw new IllegalArgumentException(
          describe() + " to go through; give a tensor of at most 4,096 rows");
    }
    List<Object> rows = new ArrayList<>();
    for (long i = 0; i < sizes[0]; i++) {
      rows.add(Rules.index(this, i));
    }
    return Items.list(rows);
  }
}
