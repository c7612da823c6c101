package convscope.net.torch;

import convscope.net.graph.Graph;
import convscope.net.script.Args;
import convscope.net.script.Attributes;
import convscope.net.script.Callable;
import convscope.net.script.ClassValue;
import convscope.net.script.Instance;
import convscope.net.script.Interpreter;
import convscope.net.script.Library;
import convscope.net.script.None;
import convscope.net.script.ScriptException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * PyTorch code: an {@code nn.Sequential(…)}, or classes with a {@code forward}, with what stands
 * around them. The code is run on a tensor that has a shape alone.
 */
public final class Torch implements Library, Trace.Holder {
  private final Trace trace = new Trace();

  private Torch() {}

  /** Without a text. */
  static Torch empty() {
    return new Torch();
  }

  @Override
  public Trace trace() {
    return trace;
  }

  /**
   * What the network of a text does to an input.
   *
   * <p>The network is the module that a name of the text holds, the last one if there are several;
   * else the last class that can be made without arguments, {@code Net} before others.
   *
   * @param input the shape, batch first; null takes that which the text itself runs the network on
   * @throws ScriptException if the text cannot be read or holds no network
   */
  public static Graph read(String text, long @Nullable [] input) {
    Torch torch = new Torch();
    Interpreter interpreter = new Interpreter(torch);
    torch.trace.watch(interpreter);
    ScriptException passed = interpreter.run(text);
    List<Graph.Remark> remarks = torch.trace.graph().remarks();
    Instance network = torch.network(interpreter, passed);
    long[] shape = input == null ? torch.trace.lastInput : input;
    if (shape == null) {
      throw new ScriptException(1, 1, "the input's shape is not known; give it, the batch first");
    }
    remarks.addAll(torch.trace.graph().remarks());
    return torch.run(interpreter, network, shape, remarks);
  }

  Graph run(Interpreter interpreter, Instance network, long[] input, List<Graph.Remark> remarks) {
    trace.begin(network);
    Graph graph = trace.graph();
    for (Graph.Remark remark : remarks) {
      graph.remark(remark.line(), remark.text());
    }
    try {
      Tensor x = trace.step("Input", input, 0, null);
      Object result = interpreter.call(network, Args.of(x));
      Tensor output = Trace.first(result);
      if (output != null) {
        graph.output(output.node);
      }
    } catch (ScriptException e) {
      fail(graph, e.line(), e.column(), made(network), e.problem());
    } catch (IllegalArgumentException e) { // outside the text's own functions
      int made = made(network);
      fail(graph, made, 0, made, String.valueOf(e.getMessage()));
    }
    try {
      graph.parameters(Trace.count(network, new HashSet<>(), true));
    } catch (IllegalArgumentException e) {
      fail(graph, 0, 0, 0, String.valueOf(e.getMessage()));
    }
    return graph;
  }

  /** The line on which the module that failed is made, or 0; the whole network is no place. */
  private int made(Instance network) {
    if (trace.failing().isEmpty()) {
      return 0;
    }
    Instance at = Trace.modules(network).get(trace.failing());
    return at == null ? 0 : Modules.line(at);
  }

  private void fail(Graph graph, int line, int column, int made, String message) {
    if (graph.fault() == null) {
      graph.fail(
          new Graph.Fault(graph.layers().size(), trace.failing(), line, column, made, message));
    }
  }

  // ---- which network

  private Instance network(Interpreter interpreter, @Nullable ScriptException passed) {
    Instance found = null;
    Set<Instance> inside = new HashSet<>();
    for (Object value : interpreter.globals().values()) {
      if (value instanceof Instance module && Modules.isModule(module)) {
        inside.addAll(Trace.modules(module).values());
        inside.remove(module);
      }
    }
    for (String name : interpreter.order()) {
      Object value = interpreter.globals().get(name);
      if (value instanceof Instance module
          && Modules.isModule(module)
          && !inside.contains(module)
          && !module.type.name.endsWith("Loss")) {
        found = module;
      }
    }
    if (interpreter.last() instanceof Instance module && Modules.isModule(module)) {
      found = module; // an expression that stands alone
    }
    return found != null ? found : made(interpreter, passed);
  }

  /** Makes one of the text's classes. */
  private Instance made(Interpreter interpreter, @Nullable ScriptException passed) {
    ClassValue type = null;
    for (String name : interpreter.order()) {
      Object value = interpreter.globals().get(name);
      boolean better = type == null || !type.name.equals("Net");
      if (value instanceof ClassValue own
          && Trace.isModule(own)
          && Modules.CLASSES.get(own.name) != own
          && better) {
        type = own;
      }
    }
    if (type == null) {
      if (passed != null) {
        throw passed;
      }
      throw new ScriptException(
          1,
          1,
          "no network is here; give nn.Sequential(…), or a class of nn.Module with a forward");
    }
    try {
      if (type.call(interpreter, Args.of()) instanceof Instance module) {
        return module;
      }
    } catch (ScriptException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new ScriptException(
          1,
          1,
          e.getMessage() + ", or add a line that makes the network: model = " + type.name + "(…)");
    }
    throw new ScriptException(1, 1, type.name + " is no network; give a class of nn.Module");
  }

  // ---- what can be imported

  /** A module of Python, such as torch.nn. */
  private record Names(Torch torch, String path) implements Attributes {
    @Override
    public Object attribute(Interpreter interpreter, String name) {
      Object value = torch.module(path + "." + name);
      return value != None.MISSING ? value : torch.item(path, name);
    }

    @Override
    public String describe() {
      return path;
    }
  }

  private static final Set<String> MODULES =
      Set.of(
          "torch",
          "torch.nn",
          "torch.nn.functional",
          "torch.nn.init",
          "torch.nn.utils",
          "torch.cuda",
          "torch.optim",
          "torch.utils",
          "torch.utils.data",
          "torch.nn.modules",
          "torch.nn.parameter",
          "torch.nn.modules.utils",
          "math",
          "collections",
          "functools",
          "typing",
          "copy",
          "numpy",
          "torch.jit",
          "torch.backends",
          "torch.backends.cudnn",
          "torch.special",
          "torch.linalg",
          "torch.nn.quantized",
          "torch.onnx",
          "itertools",
          "warnings",
          "os",
          "sys",
          "time",
          "timm.layers",
          "timm.models.layers",
          "torchvision.ops",
          "torch.functional",
          "abc",
          "dataclasses",
          "random",
          "operator");

  @Override
  public Object module(String name) {
    return MODULES.contains(name) ? new Names(this, name) : None.MISSING;
  }

  @Override
  public Object name(String name) {
    Object value =
        switch (name) {
          case "torch", "math" -> module(name);
          case "nn" -> module("torch.nn");
          case "F", "functional" -> module("torch.nn.functional");
          case "np" -> module("numpy");
          case "init" -> module("torch.nn.init");
          case "optim" -> module("torch.optim");
          case "Tensor" -> TENSOR;
          default -> None.MISSING;
        };
    if (value != None.MISSING) {
      return value;
    }
    Object type = Modules.CLASSES.get(name);
    if (type != null) {
      return type;
    }
    value = item("typing", name);
    value = value != None.MISSING ? value : item("collections", name);
    boolean word = upper(name) && name.length() > 2 && !upper(name.substring(1));
    return value == None.MISSING && word ? unknown(name) : value; // a layer that was not pasted
  }

  @Override
  public Object unknown(String name) {
    return Modules.unknown(name);
  }

  @Override
  public ClassValue base() {
    return Modules.MODULE;
  }

  private static final Attributes TENSOR =
      new Attributes() {
        @Override
        public Object attribute(Interpreter interpreter, String name) {
          return None.MISSING;
        }

        @Override
        public String describe() {
          return "Tensor";
        }
      };

  /** What a module of Python holds. */
  private Object item(String path, String name) {
    switch (path) {
      case "math", "numpy" -> {
        return Numbers.named(name);
      }
      case "collections" -> {
        return name.equals("OrderedDict")
            ? (Callable) (in, args) -> in.call(in.builtin("dict"), args)
            : name.equals("namedtuple") ? unknown(name) : None.MISSING;
      }
      case "functools", "copy", "operator", "itertools" -> {
        return Numbers.helper(name);
      }
      case "typing", "abc", "dataclasses" -> {
        return TYPES.contains(name) ? TENSOR : None.MISSING;
      }
      case "torch.nn.init", "warnings", "os", "sys", "time", "torch.nn.utils", "random" -> {
        return (Callable)
            (in, args) -> args.positional().isEmpty() ? None.NONE : args.positional().get(0);
      }
      default -> {}
    }
    if (!path.startsWith("torch") && !path.startsWith("timm")) {
      return None.MISSING;
    }
    if (name.equals("Tensor")) {
      return TENSOR;
    }
    boolean nn = path.startsWith("torch.nn") || path.startsWith("timm") || path.contains("ops");
    if (name.equals("Parameter")
        || !path.startsWith("torch.nn.modules") && !path.equals("torch.nn")) {
      if (Functions.has(name)) {
        return (Callable) (in, args) -> Functions.call(trace, name, args);
      }
    }
    ClassValue type = Modules.CLASSES.get(name);
    if (type != null && nn) {
      return type;
    }
    if (path.equals("torch.nn") && upper(name)) {
      return Modules.unknown(name);
    }
    if (path.equals("torch") && TYPE_NAMES.contains(name)) {
      return name;
    }
    return None.MISSING;
  }

  private static boolean upper(String name) {
    return !name.isEmpty() && name.charAt(0) >= 'A' && name.charAt(0) <= 'Z';
  }

  private static final Set<String> TYPES =
      Set.of(
          "Any",
          "Callable",
          "Dict",
          "List",
          "Optional",
          "Tuple",
          "Type",
          "Union",
          "Sequence",
          "Iterable",
          "Mapping",
          "Literal",
          "cast",
          "ABC",
          "abstractmethod",
          "dataclass",
          "Final");

  private static final Set<String> TYPE_NAMES =
      Set.of(
          "float32",
          "float16",
          "float64",
          "float",
          "half",
          "long",
          "int64",
          "int32",
          "int",
          "bool",
          "uint8",
          "bfloat16",
          "channels_last",
          "contiguous_format",
          "dtype",
          "pi",
          "inf");
}
