package convscope.net.torch;

import convscope.net.graph.Graph;
import convscope.net.script.Args;
import convscope.net.script.ClassValue;
import convscope.net.script.Dict;
import convscope.net.script.Instance;
import convscope.net.script.Interpreter;
import convscope.net.script.Items;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes down what a network does while it runs on a shape. */
final class Trace {
  private static final int MOST = 200_000; // steps of a graph
  private static final int DEEPEST = 60; // modules inside each other

  /** What has a trace. */
  interface Holder {
    Trace trace();
  }

  private Graph graph = new Graph();
  private final Map<Instance, String> paths = new HashMap<>();
  private final List<String> open = new ArrayList<>(); // paths of the modules that run

  /** The shape of the last tensor that a module outside all others was given. */
  long @Nullable [] lastInput;

  private @Nullable Interpreter interpreter; // that runs the text

  /** Learns from an interpreter which line runs. */
  void watch(Interpreter in) {
    interpreter = in;
  }

  private int line() {
    return interpreter == null ? 0 : interpreter.line();
  }

  Graph graph() {
    return graph;
  }

  /** Forgets what ran, and names the modules of a network. */
  void begin(Instance network) {
    graph = new Graph();
    open.clear();
    paths.clear();
    for (Map.Entry<String, Instance> module : modules(network).entrySet()) {
      paths.put(module.getValue(), module.getKey());
    }
  }

  /** Adds a step. */
  Tensor step(
      String operator,
      long @Nullable [] shape,
      long macs,
      Graph.@Nullable Window window,
      Tensor... inputs) {
    if (graph.nodes().size() >= MOST) {
      throw new IllegalArgumentException("more than " + MOST + " steps; make the network smaller");
    }
    int[] numbers = new int[inputs.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = inputs[i].node;
    }
    String path = open.isEmpty() ? "" : open.get(open.size() - 1);
    Graph.Node node = new Graph.Node(operator, path, line(), numbers, shape, macs, window);
    return new Tensor(this, shape, graph.add(node));
  }

  /** Runs a module. What fails leaves its path open, for the fault. */
  Object run(Interpreter in, Instance module, Args args) {
    String path = paths.get(module);
    if (open.isEmpty()
        && !args.positional().isEmpty()
        && args.positional().get(0) instanceof Tensor x) {
      lastInput = x.shape;
    }
    if (open.size() > DEEPEST) {
      throw tooDeep();
    }
    long before = graph.macs();
    if (path != null) {
      open.add(path);
    } else if (!open.isEmpty()) {
      open.add(open.get(open.size() - 1));
    } else {
      open.add("");
    }
    Object result = module.method(in, "forward", args);
    open.remove(open.size() - 1);
    if (children(module).isEmpty() && !Modules.isContainer(module)) {
      Tensor output = first(result);
      if (path != null) {
        graph.add(
            new Graph.Layer(
                path,
                module.type.name,
                output == null ? null : output.shape,
                count(module, new HashSet<>(), false),
                graph.macs() - before,
                Modules.line(module),
                output == null ? -1 : output.node));
      } else if (!paths.isEmpty() && count(module, new HashSet<>(), false) > 0) {
        graph.remark(
            Modules.line(module),
            module.type.name
                + " is held by no module, so PyTorch does not train it; keep it in an attribute or"
                + " nn.ModuleList");
      }
    }
    return result;
  }

  /** The shape before the flattening that a tensor comes from, or null. */
  long @Nullable [] flattened(Tensor x) {
    int at = x.node;
    for (int i = 0; i < 8 && at >= 0; i++) {
      Graph.Node node = graph.nodes().get(at);
      int from = node.inputs().length == 0 ? -1 : node.inputs()[0];
      if (node.operator().equals("Flatten") || node.operator().equals("Reshape")) {
        return from < 0 ? null : graph.nodes().get(from).shape();
      }
      if (from < 0 || !Arrays.equals(graph.nodes().get(from).shape(), node.shape())) {
        return null;
      }
      at = from;
    }
    return null;
  }

  /** The path of the module in which something failed. */
  String failing() {
    return open.isEmpty() ? "" : open.get(open.size() - 1);
  }

  /** The first tensor of a result. */
  static @Nullable Tensor first(Object result) {
    if (result instanceof Tensor tensor) {
      return tensor;
    }
    Iterable<Object> parts =
        result instanceof Items items
            ? items.all
            : result instanceof Dict dict ? dict.all().values() : List.of();
    for (Object part : parts) {
      Tensor found = first(part);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** The modules right inside one, by name. */
  static Map<String, Instance> children(Instance module) {
    Map<String, Instance> children = new LinkedHashMap<>();
    for (Map.Entry<String, Object> entry : module.attributes.entrySet()) {
      if (entry.getValue() instanceof Instance child && Modules.isModule(child)) {
        children.put(entry.getKey(), child);
      }
    }
    return children;
  }

  /** A module and all inside it, each once, by dotted path. */
  static Map<String, Instance> modules(Instance module) {
    Map<String, Instance> all = new LinkedHashMap<>();
    collect("", module, all, new HashSet<>(), 0);
    return all;
  }

  private static void collect(
      String path, Instance module, Map<String, Instance> all, Set<Instance> seen, int depth) {
    if (!seen.add(module)) {
      return;
    }
    if (depth > DEEPEST) {
      throw tooDeep();
    }
    all.put(path, module);
    for (Map.Entry<String, Instance> child : children(module).entrySet()) {
      String inside = path.isEmpty() ? child.getKey() : path + "." + child.getKey();
      collect(inside, child.getValue(), all, seen, depth + 1);
    }
  }

  private static IllegalArgumentException tooDeep() {
    return new IllegalArgumentException(
        "more than " + DEEPEST + " modules inside each other; nest them less deeply");
  }

  /** The learned numbers of a module, each tensor once, with or without those inside it. */
  static long count(Instance module, Set<Tensor> seen, boolean inside) {
    long count = 0;
    for (Instance each : inside ? modules(module).values() : List.of(module)) {
      for (Tensor parameter : parameters(each).values()) {
        if (seen.add(parameter)) {
          count += Rules.count(parameter.known());
        }
      }
    }
    return count;
  }

  /** The parameters of a module itself, by name. */
  static Map<String, Tensor> parameters(Instance module) {
    Map<String, Tensor> all = new LinkedHashMap<>();
    for (Map.Entry<String, Object> entry : module.attributes.entrySet()) {
      if (entry.getValue() instanceof Tensor tensor && tensor.parameter) {
        all.put(entry.getKey(), tensor);
      }
    }
    return all;
  }

  /** Whether a class is a module's. */
  static boolean isModule(ClassValue type) {
    return type.isA(Modules.MODULE);
  }
}
