package convscope.net.keras;

import convscope.net.graph.Graph;
import convscope.net.graph.Sizes;
import convscope.net.script.Attributes;
import convscope.net.script.Interpreter;
import convscope.net.script.Items;
import convscope.net.script.None;
import convscope.net.script.Operand;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tensor of Keras without its numbers: a shape with the batch first, and the step that gives it.
 */
record Symbol(Graph graph, long @Nullable [] shape, int node) implements Operand, Attributes {
  long[] known() {
    if (shape == null) {
      throw new IllegalArgumentException(
          "the shape here is not known, since something before it is not; look at the remarks");
    }
    return shape;
  }

  /** A step that follows from this one. */
  Symbol then(
      String operator, int line, long @Nullable [] out, long macs, Graph.@Nullable Window window) {
    Graph.Node step = new Graph.Node(operator, "", line, new int[] {node}, out, macs, window);
    return new Symbol(graph, out, graph.add(step));
  }

  @Override
  public Object attribute(Interpreter interpreter, String name) {
    if (name.equals("shape")) {
      List<Object> all = new ArrayList<>();
      for (long size : known()) {
        all.add(size);
      }
      return Items.tuple(all);
    }
    return None.MISSING;
  }

  @Override
  public String describe() {
    return "a tensor of " + Sizes.text(shape);
  }

  @Override
  public Object binary(Interpreter in, String sign, Object other, boolean reflected) {
    String name =
        switch (sign) {
          case "+" -> "Add";
          case "-" -> "Subtract";
          case "*" -> "Multiply";
          default -> "";
        };
    if (name.isEmpty() && !(other instanceof Symbol)) {
      return then(sign, in.line(), shape, 0, null);
    }
    if (other instanceof Symbol symbol) {
      return Layers.merged(name.isEmpty() ? sign : name, in.line(), List.of(this, symbol));
    }
    return then(name, in.line(), shape, 0, null);
  }

  @Override
  public Object at(Interpreter in, Object index) {
    throw new IllegalArgumentException(
        "a part of a tensor is not followed here; use a layer such as Cropping2D");
  }

  @Override
  public Items items(Interpreter in) {
    throw new IllegalArgumentException(describe() + " cannot be gone through; use a layer on it");
  }
}
