package convscope.net.onnx;

import convscope.net.graph.Graph;
import convscope.net.graph.Sizes;
import convscope.net.onnx.Onnx.Attribute;
import convscope.net.onnx.Onnx.Constant;
import convscope.net.onnx.Onnx.Info;
import convscope.net.onnx.Onnx.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an ONNX network does to an input: a step and a layer for each node that works on numbers of
 * the image. Nodes whose results follow from shapes and constants are worked out and left away.
 */
public final class OnnxGraph {
  private static final int SMALL = 100_000; // numbers of a constant that shapes may depend on

  private final Onnx onnx;
  private final Graph graph = new Graph();
  private final Map<String, Value> values = new HashMap<>();
  private final Map<String, Integer> steps = new HashMap<>();
  private final Set<String> counted = new HashSet<>();

  private OnnxGraph(Onnx onnx) {
    this.onnx = onnx;
  }

  /**
   * Analyses a file.
   *
   * @param input the shape, batch first; null takes the file's own
   * @throws IllegalArgumentException if the file is damaged, or its input's shape is open and not
   *     given
   */
  public static Graph read(Source source, long @Nullable [] input) {
    return new OnnxGraph(Onnx.read(source)).run(input);
  }

  /** Shapes and constants of all tensors on an input. */
  static Map<String, Value> values(Onnx onnx, long @Nullable [] input) {
    OnnxGraph analysis = new OnnxGraph(onnx);
    Graph graph = analysis.run(input);
    Graph.Fault fault = graph.fault();
    if (fault != null) {
      throw new IllegalArgumentException(fault.path() + ": " + fault.message());
    }
    return analysis.values;
  }

  /** The shape of the first input, that given or the file's own. */
  static long[] input(Onnx onnx, long @Nullable [] given) {
    if (onnx.inputs.isEmpty()) {
      throw new IllegalArgumentException("ONNX: the network has no input; give it one");
    }
    return shape(onnx.inputs.get(0), given);
  }

  private static long[] shape(Info info, long @Nullable [] given) {
    if (given != null) {
      return given;
    }
    long[] own = info.shape();
    if (own == null || !info.names().isEmpty()) {
      throw new IllegalArgumentException(
          "ONNX: the sizes "
              + (own == null ? "" : String.join(", ", info.names()) + " ")
              + "of the input “"
              + info.name()
              + "” are open; give its shape, the batch first");
    }
    return own;
  }

  private Graph run(long @Nullable [] input) {
    long[] first = input(onnx, input);
    for (int i = 0; i < onnx.inputs.size(); i++) {
      Info info = onnx.inputs.get(i);
      long[] shape = i == 0 ? first : shape(info, null);
      long[] own = info.shape();
      boolean fits = own == null || own.length == shape.length;
      for (int k = 0; fits && own != null && k < own.length; k++) {
        fits = own[k] < 0 || own[k] == shape[k];
      }
      if (!fits) {
        graph.remark(
            0, "the file's input is " + Sizes.text(own) + "; it is run on " + Sizes.text(shape));
      }
      values.put(info.name(), Value.shaped(info.type(), shape));
      steps.put(info.name(), graph.add(new Graph.Node("Input", "", 0, new int[0], shape, 0, null)));
    }
    long parameters = 0;
    for (Constant constant : onnx.constants.values()) {
      values.put(constant.name(), value(constant));
      parameters = constant.isFloat() ? Sizes.sum(parameters, constant.count()) : parameters;
    }
    graph.parameters(parameters);
    for (Node node : onnx.nodes) {
      try {
        step(node);
      } catch (IllegalArgumentException e) {
        graph.fail(
            new Graph.Fault(
                graph.layers().size(), node.title(), 0, 0, 0, String.valueOf(e.getMessage())));
        return graph;
      }
    }
    for (Info output : onnx.outputs) {
      Integer step = steps.get(output.name());
      if (step != null) {
        graph.output(step);
      }
    }
    return graph;
  }

  private Value value(Constant constant) {
    boolean worth = !constant.isFloat() || constant.count() <= SMALL;
    boolean here = worth && constant.count() <= Operators.MOST;
    return new Value(constant.type(), constant.shape(), here ? onnx.numbers(constant) : null);
  }

  private void step(Node node) {
    List<Value> in = new ArrayList<>();
    boolean constant = true;
    for (String name : node.inputs()) {
      Value value = name.isEmpty() ? Value.UNKNOWN : values.get(name);
      if (value == null) {
        throw new IllegalArgumentException(
            node.operator() + ": there is no tensor “" + name + "”; the file is not complete");
      }
      in.add(value);
      constant &= name.isEmpty() || !steps.containsKey(name);
    }
    Attribute value = node.attributes().get("value");
    if (node.operator().equals("ConstantOfShape") && value != null && value.tensor() != null) {
      in.add(value(value.tensor()));
    }
    Value[] inputs = in.toArray(new Value[0]);
    Value[] out = Operators.apply(node, inputs, onnx.opset);
    if (node.operator().equals("Constant") && value != null && value.tensor() != null) {
      out = new Value[] {value(value.tensor())};
    }
    if (out == null) {
      out = declared(node);
    }
    boolean known = true;
    for (int i = 0; i < node.outputs().size(); i++) {
      Value made = i < out.length ? out[i] : Value.UNKNOWN;
      values.put(node.outputs().get(i), made);
      known &= made.data() != null;
    }
    if (!constant && !known) {
      add(node, inputs, out);
    }
  }

  private void add(Node node, Value[] inputs, Value[] out) {
    long macs = out.length == 0 ? 0 : Operators.macs(node, inputs, out);
    long weights = 0;
    int[] from = new int[inputs.length];
    int used = 0;
    for (int i = 0; i < node.inputs().size(); i++) {
      String name = node.inputs().get(i);
      Integer step = steps.get(name);
      Constant weight = onnx.constants.get(name);
      if (step != null) {
        from[used++] = step;
      } else if (weight != null && weight.isFloat() && counted.add(name)) {
        weights = Sizes.sum(weights, weight.count());
      }
    }
    long[] shape = out.length == 0 ? null : out[0].shape();
    Graph.Node step =
        new Graph.Node(
            node.operator(),
            node.title(),
            0,
            Arrays.copyOf(from, used),
            shape,
            macs,
            Operators.window(node, inputs));
    int number = graph.add(step);
    for (String output : node.outputs()) {
      steps.put(output, number);
    }
    graph.add(new Graph.Layer(node.title(), node.operator(), shape, weights, macs, 0, number));
  }

  /** What the file itself says of the results of an operator that is not known. */
  private Value[] declared(Node node) {
    graph.remark(
        0,
        node.title() + ": " + node.operator() + " is not known here; its shape is the file's own");
    Value[] out = new Value[node.outputs().size()];
    for (int i = 0; i < out.length; i++) {
      Info info = onnx.infos.get(node.outputs().get(i));
      for (Info output : onnx.outputs) {
        info = output.name().equals(node.outputs().get(i)) ? output : info;
      }
      boolean open = info == null || info.shape() == null || !info.names().isEmpty();
      out[i] = open || info == null ? Value.UNKNOWN : new Value(info.type(), info.shape(), null);
    }
    return out;
  }
}
