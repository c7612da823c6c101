package convscope.net.keras;

import convscope.net.graph.Graph;
import convscope.net.graph.Sizes;
import convscope.net.script.Args;
import convscope.net.script.Attributes;
import convscope.net.script.Bound;
import convscope.net.script.Callable;
import convscope.net.script.ClassValue;
import convscope.net.script.Instance;
import convscope.net.script.Interpreter;
import convscope.net.script.Items;
import convscope.net.script.Library;
import convscope.net.script.Method;
import convscope.net.script.None;
import convscope.net.script.ScriptException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keras code: {@code keras.Sequential([…])} and its {@code add}, functional models, and classes
 * with a {@code call}. Shapes have the batch first and the channels last.
 */
public final class Keras implements Library {
  private final Graph graph = new Graph();
  private final Map<String, ClassValue> classes = new HashMap<>();
  private final ClassValue layer = new ClassValue("Layer", List.of(ClassValue.OBJECT));
  private final Set<Layers.Use> counted = new HashSet<>();
  private long parameters;
  private long @Nullable [] input;
  private boolean asked; // whether an Input has taken the shape
  private String failing = "";

  private Keras(long @Nullable [] input) {
    this.input = input;
    graph.channelsLast();
    layer.attributes.put("__init__", (Method) (in, args) -> None.NONE);
    layer.attributes.put("build", (Method) (in, args) -> None.NONE);
    layer.attributes.put("compile", (Method) (in, args) -> None.NONE);
    layer.attributes.put("summary", (Method) (in, args) -> None.NONE);
    layer.attributes.put("__call__", (Method) this::called);
    classes.put("Layer", layer);
    for (Map.Entry<String, Layers.Kind> each : Layers.ALL.entrySet()) {
      known(each.getKey(), each.getValue());
    }
    sequential();
    model();
  }

  /** Whether a text is Keras code rather than PyTorch's. */
  public static boolean is(String text) {
    boolean keras = text.contains("keras") || text.contains("tensorflow") || text.contains("tf.");
    boolean layers =
        text.contains("Conv2D(") || text.contains("Dense(") || text.contains("layers.");
    return (keras || layers) && !text.contains("nn.Module") && !text.contains("nn.Sequential");
  }

  /**
   * What the network of a text does to an input.
   *
   * @param input the shape; null takes that of the text's own Input, with one image
   * @throws ScriptException if the text cannot be read or holds no network
   */
  public static Graph read(String text, long @Nullable [] input) {
    return new Keras(input).run(text);
  }

  private Graph run(String text) {
    Interpreter interpreter = new Interpreter(this);
    ScriptException passed = interpreter.run(text);
    List<Instance> found = new ArrayList<>();
    ClassValue type = null;
    for (String name : interpreter.order()) {
      Object value = interpreter.globals().get(name);
      if (value instanceof Instance instance && isModel(instance)) {
        found.add(instance);
      } else if (value instanceof ClassValue own && own.isA(base()) && own != base()) {
        type = own;
      }
    }
    if (interpreter.last() instanceof Instance instance && isModel(instance)) {
      found.add(instance);
    }
    Instance network = found.isEmpty() ? null : found.get(found.size() - 1);
    try {
      if (network == null && !graph.layers().isEmpty()) {
        if (passed != null) {
          fail(
              passed.line(),
              passed.column(),
              passed.problem()); // layers ran, and then one did not fit
        }
      } else if (network == null && type != null && passed == null) {
        apply(interpreter, type.call(interpreter, Args.of()));
      } else if (network != null && !functional(network)) {
        apply(interpreter, network);
      } else if (network == null) {
        if (passed != null) {
          throw passed;
        }
        throw new ScriptException(
            1, 1, "no network is here; give keras.Sequential([…]) or a model");
      }
    } catch (ScriptException e) {
      if (graph.layers().isEmpty() && failing.isEmpty()) {
        throw e;
      }
      fail(e.line(), e.column(), e.problem());
    }
    graph.parameters(parameters);
    return graph;
  }

  private void apply(Interpreter interpreter, Object network) {
    try {
      Object result = interpreter.call(network, Args.of(given(null)));
      for (Symbol symbol : Layers.symbols(result)) {
        graph.output(symbol.node());
      }
    } catch (ScriptException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      fail(failingLine, 0, String.valueOf(e.getMessage()));
    }
  }

  private int failingLine;

  private void fail(int line, int column, String message) {
    if (graph.fault() == null) {
      int made = failing.isEmpty() ? 0 : failingLine;
      graph.fail(new Graph.Fault(graph.layers().size(), failing, line, column, made, message));
    }
  }

  private boolean isModel(Instance instance) {
    return instance.type.isA(base());
  }

  private static boolean functional(Instance network) {
    return network.attributes.containsKey("outputs");
  }

  /** The network's input; the first is that which was given. */
  private Symbol given(long @Nullable [] shape) {
    long[] given = input;
    if (asked || given == null) {
      given = shape;
    }
    asked = true;
    if (given == null) {
      throw new ScriptException(1, 1, "the input's shape is not known; give it, the batch first");
    }
    if (shape != null && input != null && given == input) {
      boolean fits = shape.length == given.length;
      for (int i = 1; fits && i < shape.length; i++) {
        fits = shape[i] == given[i] || shape[i] < 0;
      }
      if (!fits) {
        graph.remark(
            0,
            "the text's own input is " + Sizes.text(shape) + "; it is run on " + Sizes.text(given));
      }
    }
    Graph.Node node = new Graph.Node("Input", "", 0, new int[0], given, 0, null);
    return new Symbol(graph, given, graph.add(node));
  }

  // ---- layers

  private void known(String name, Layers.Kind kind) {
    ClassValue type = new ClassValue(name, List.of(layer));
    type.attributes.put(
        "__init__",
        (Method)
            (in, args) -> {
              Args rest =
                  new Args(args.positional().subList(1, args.positional().size()), args.named());
              Bound bound = new Bound(name, kind.signature(), rest);
              if (args.positional().get(0) instanceof Instance self) {
                self.kept = new Layers.Use(bound, in.line());
                if (bound.has("input_shape") && input == null) {
                  input = batch(bound.integers("input_shape"));
                }
              }
              return None.NONE;
            });
    type.attributes.put(
        "call",
        (Method)
            (in, args) -> {
              if (!(args.positional().get(0) instanceof Instance self)
                  || !(self.kept instanceof Layers.Use use)) {
                throw new IllegalArgumentException(name + ": super().__init__(…) was not called");
              }
              List<Symbol> inputs = Layers.symbols(Items.list(args.positional()));
              if (inputs.isEmpty()) {
                throw new IllegalArgumentException(name + ": nothing is given; give it a tensor");
              }
              return inputs.size() > 1
                  ? Layers.joined(name, use, inputs)
                  : kind.body().of(use, inputs.get(0));
            });
    classes.put(name, type);
  }

  private Object called(Interpreter in, Args args) {
    Instance self = (Instance) args.positional().get(0);
    Args rest = new Args(args.positional().subList(1, args.positional().size()), Map.of());
    long before = graph.macs();
    boolean leaf = self.kept instanceof Layers.Use;
    if (leaf && self.kept instanceof Layers.Use use) {
      failing = "" + graph.layers().size();
      failingLine = use.line;
    }
    Object result = self.method(in, "call", rest);
    Symbol output = Layers.symbols(result).isEmpty() ? null : Layers.symbols(result).get(0);
    if (leaf && self.kept instanceof Layers.Use use) {
      if (counted.add(use)) {
        parameters = Sizes.sum(parameters, use.parameters());
      }
      graph.add(
          new Graph.Layer(
              "" + graph.layers().size(),
              self.type.name,
              output == null ? null : output.shape(),
              use.parameters(),
              graph.macs() - before,
              use.line,
              output == null ? -1 : output.node()));
      failing = "";
    }
    return result;
  }

  private static long[] batch(long[] shape) {
    long[] all = new long[shape.length + 1];
    all[0] = 1;
    System.arraycopy(shape, 0, all, 1, shape.length);
    return all;
  }

  // ---- models

  private void model() {
    ClassValue type = base();
    classes.put("Model", type);
    type.attributes.put(
        "__init__",
        (Method)
            (in, args) -> {
              if (args.positional().get(0) instanceof Instance self) {
                Args rest =
                    new Args(args.positional().subList(1, args.positional().size()), args.named());
                Bound bound = new Bound("Model", "inputs outputs name **", rest);
                if (bound.has("outputs")) {
                  self.attributes.put("outputs", bound.get("outputs"));
                  graph.outputs().clear();
                  for (Symbol symbol : Layers.symbols(bound.get("outputs"))) {
                    graph.output(symbol.node());
                  }
                }
              }
              return None.NONE;
            });
  }

  private void sequential() {
    ClassValue type = new ClassValue("Sequential", List.of(base()));
    classes.put("Sequential", type);
    type.attributes.put(
        "__init__",
        (Method)
            (in, args) -> {
              Instance self = (Instance) args.positional().get(0);
              self.attributes.put("layers", Items.list());
              Object given =
                  args.positional().size() > 1
                      ? args.positional().get(1)
                      : args.named().getOrDefault("layers", Items.list());
              for (Object each : in.items(given).all) {
                append(self, each);
              }
              return None.NONE;
            });
    type.attributes.put(
        "add",
        (Method)
            (in, args) -> {
              append((Instance) args.positional().get(0), args.positional().get(1));
              return None.NONE;
            });
    type.attributes.put(
        "call",
        (Method)
            (in, args) -> {
              Instance self = (Instance) args.positional().get(0);
              Object value = args.positional().get(1);
              for (Object each : in.items(self.attribute(in, "layers")).all) {
                value = in.call(each, Args.of(value));
              }
              return value;
            });
  }

  /** A layer at the end; an Input only tells the shape. */
  private void append(Instance sequential, Object each) {
    if (!(sequential.attributes.get("layers") instanceof Items layers)) {
      return;
    }
    if (each instanceof Symbol symbol) {
      if (input == null) {
        input = symbol.shape();
      }
      asked = false;
      return;
    }
    if (!(each instanceof Callable)) {
      throw new IllegalArgumentException(
          "Sequential: " + Bound.text(each) + " is no layer; give layers such as Flatten()");
    }
    layers.all.add(each);
  }

  // ---- what can be imported

  private record Names(Keras keras, String path) implements Attributes {
    @Override
    public Object attribute(Interpreter interpreter, String name) {
      Object module = keras.module(path + "." + name);
      return module != None.MISSING ? module : keras.name(name);
    }

    @Override
    public String describe() {
      return path;
    }
  }

  private static final Set<String> MODULES =
      Set.of(
          "keras",
          "tensorflow",
          "tf",
          "layers",
          "models",
          "activations",
          "regularizers",
          "initializers",
          "optimizers",
          "losses",
          "metrics",
          "nn",
          "tfkl",
          "utils",
          "backend");

  @Override
  public Object module(String name) {
    String last = name.substring(name.lastIndexOf('.') + 1);
    return MODULES.contains(last) ? new Names(this, last) : None.MISSING;
  }

  @Override
  public Object name(String name) {
    Object module = MODULES.contains(name) ? new Names(this, name) : None.MISSING;
    if (module != None.MISSING) {
      return module;
    }
    switch (name) {
      case "Input", "InputLayer" -> {
        return (Callable)
            (in, args) -> {
              Bound bound =
                  new Bound(
                      name,
                      "shape batch_size dtype sparse batch_shape name tensor input_shape",
                      args);
              String key =
                  bound.has("shape")
                      ? "shape"
                      : bound.has("batch_shape") ? "batch_shape" : "input_shape";
              Items sizes = in.items(bound.get(key));
              List<Object> known = new ArrayList<>();
              for (Object size : sizes.all) {
                known.add(size == None.NONE ? -1L : size);
              }
              long[] shape = Bound.integersOf(Items.tuple(known));
              if (shape == null) {
                throw bound.problem(key + " is " + Bound.text(sizes) + "; give whole numbers");
              }
              return given(key.equals("batch_shape") ? shape : batch(shape));
            };
      }
      case "l1", "l2", "L1", "L2", "l1_l2" -> {
        return (Callable) (in, args) -> None.NONE;
      }
      default -> {}
    }
    ClassValue type = classes.get(name);
    if (type != null) {
      return type;
    }
    String layerName = camel(name);
    ClassValue merging = classes.get(layerName);
    if (merging != null && !layerName.equals(name)) { // layers.add([a, b])
      return (Callable)
          (in, args) ->
              in.call(
                  in.call(merging, new Args(List.of(), args.named())),
                  Args.of(args.positional().toArray()));
    }
    if (FUNCTIONS.contains(name)) {
      return (Callable)
          (in, args) ->
              args.positional().get(0) instanceof Symbol x
                  ? x.then(name, in.line(), x.shape(), 0, null)
                  : None.NONE;
    }
    return None.MISSING;
  }

  private static final Set<String> FUNCTIONS =
      Set.of("relu", "softmax", "sigmoid", "tanh", "gelu", "swish", "silu", "elu", "selu", "relu6");

  private static String camel(String name) {
    char c = name.isEmpty() ? ' ' : name.charAt(0);
    return c >= 'a' && c <= 'z' ? (char) (c - 32) + name.substring(1) : name;
  }

  @Override
  public Object unknown(String name) {
    ClassValue type = new ClassValue(name, List.of(layer));
    type.attributes.put(
        "__init__",
        (Method)
            (in, args) -> {
              graph.remark(
                  in.line(), name + " is not known here; the shape that it gives is not either");
              return None.NONE;
            });
    type.attributes.put(
        "call",
        (Method)
            (in, args) -> {
              List<Symbol> all = Layers.symbols(Items.list(args.positional()));
              return all.isEmpty() ? None.NONE : all.get(0).then(name, in.line(), null, 0, null);
            });
    return type;
  }

  private @Nullable ClassValue models;

  @Override
  public ClassValue base() {
    if (models == null) {
      models = new ClassValue("Model", List.of(layer));
    }
    return models;
  }
}
