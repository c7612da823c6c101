package convscope.net.torch;

import convscope.net.graph.Graph;
import convscope.net.script.Args;
import convscope.net.script.ClassValue;
import convscope.net.script.Instance;
import convscope.net.script.Interpreter;
import convscope.net.script.Items;
import convscope.net.script.Library;
import convscope.net.script.Method;
import convscope.net.script.None;
import convscope.net.script.ScriptException;
import convscope.num.Num;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code print(model)} shows: a tree of modules with their settings. The order in which a
 * class runs its modules is not in it: an {@code nn.Sequential} has its own, ResNet's blocks are
 * known, and of any other class the modules are tried in the order in which they stand, which a
 * remark says. A layer that does not follow the one before it then gives an unknown shape.
 */
public final class Printed {
  private static final Set<String> CHAINS =
      Set.of("Sequential", "Conv2dNormActivation", "ConvNormActivation", "ConvBNReLU", "MLP");

  private final Torch torch = Torch.empty();
  private final Interpreter interpreter = new Interpreter(new Words(torch));
  private final String[] lines;
  private int at;
  private boolean exact; // only sequences, so that everything is known

  private Printed(String text) {
    lines = text.split("\n");
  }

  /** Names as {@code print} writes them: classes, or words such as {@code valid}. */
  private record Words(Torch torch) implements Library, Trace.Holder {
    @Override
    public Object module(String name) {
      return None.MISSING;
    }

    @Override
    public Object name(String name) {
      ClassValue type = Modules.CLASSES.get(name);
      return type == null ? name : type;
    }

    @Override
    public Object unknown(String name) {
      return Modules.unknown(name);
    }

    @Override
    public ClassValue base() {
      return Modules.MODULE;
    }

    @Override
    public Trace trace() {
      return torch.trace();
    }
  }

  /** Whether a text is such a tree: a class with an open bracket, then {@code (name): …}. */
  public static boolean is(String text) {
    String[] lines = text.trim().split("\n");
    String second = lines.length < 2 ? "" : lines[1].trim();
    return lines[0].trim().endsWith("(")
        && second.startsWith("(")
        && second.indexOf("): ") > 0
        && lines[0].indexOf('=') < 0;
  }

  /**
   * What the network does to an input.
   *
   * @throws ScriptException if the text cannot be read
   */
  public static Graph read(String text, long[] input) {
    Printed printed = new Printed(text);
    while (printed.lines[printed.at].trim().isEmpty()) {
      printed.at++;
    }
    printed.exact = onlySequences(text);
    Instance network = printed.module(printed.lines[printed.at].trim());
    Graph graph =
        printed.torch.run(
            printed.interpreter,
            network,
            input,
            new ArrayList<>(printed.torch.trace().graph().remarks()));
    for (Graph.Node node : graph.nodes()) {
      if (node.operator().equals("AveragePool") && uneven(graph, node)) {
        graph.remark(
            node.line(),
            node.path() + ": print does not show ceil_mode of AvgPool2d; taken as False");
      }
    }
    return graph;
  }

  /** Whether windows of a pooling layer leave a rest, so that ceil_mode would show. */
  private static boolean uneven(Graph graph, Graph.Node node) {
    Graph.Window w = node.window();
    long[] in = graph.nodes().get(node.inputs()[0]).shape();
    boolean rest = false;
    for (int i = 0; w != null && in != null && i < w.kernel().length; i++) {
      long over = in[in.length - w.kernel().length + i] + 2 * w.begin()[i] - w.kernel()[i];
      rest |= over % w.stride()[i] != 0;
    }
    return rest;
  }

  private static boolean onlySequences(String text) {
    for (String line : text.split("\n")) {
      String word = line.trim();
      if (word.endsWith("(") && !word.endsWith("Sequential(")) {
        return false;
      }
    }
    return true;
  }

  /** The module that the current line begins; afterwards the line behind it is current. */
  private Instance module(String text) {
    int line = at + 1;
    at++;
    if (!text.endsWith("(")) {
      return leaf(text, line);
    }
    String name = text.substring(0, text.length() - 1);
    Map<String, Instance> children = new LinkedHashMap<>();
    while (true) {
      if (at >= lines.length) {
        throw new ScriptException(line, 1, name + " is never closed; add “)” at its end");
      }
      String next = lines[at].trim();
      if (next.equals(")")) {
        at++;
        break;
      }
      int colon = next.indexOf("): ");
      if (!next.startsWith("(") || colon < 0) {
        at++; // what a class prints of itself
        continue;
      }
      String key = next.substring(1, colon);
      String rest = next.substring(colon + 3);
      int times = rest.indexOf(" x ");
      int dash = key.indexOf('-');
      if (times > 0 && dash > 0) {
        repeated(key, rest.substring(times + 3), children);
      } else {
        children.put(key, module(rest));
      }
    }
    return holder(name, children, line);
  }

  /** {@code (0-3): 4 x Block(…)}. */
  private void repeated(String key, String text, Map<String, Instance> children) {
    int dash = key.indexOf('-');
    int from = (int) Num.parse(key.substring(0, dash));
    int to = (int) Num.parse(key.substring(dash + 1));
    int start = at;
    for (int i = from; i <= Math.min(to, from + 999); i++) {
      at = start;
      children.put("" + i, module(text));
    }
  }

  private Instance leaf(String text, int line) {
    int bracket = text.indexOf('(');
    String name = bracket < 0 ? text : text.substring(0, bracket);
    ClassValue known = Modules.CLASSES.get(name);
    ClassValue type = known == null ? Modules.unknown(name) : known;
    try {
      if (known == null) {
        Instance made = new Instance(type);
        interpreter.at(line);
        made.method(interpreter, "__init__", Args.of());
        return made;
      }
      interpreter.at(line);
      if (interpreter.value(lineOf(text, line)) instanceof Instance made) {
        return exact ? made : lenient(made);
      }
    } catch (ScriptException e) {
      throw new ScriptException(line, e.column(), e.problem());
    }
    throw new ScriptException(line, 1, text + " is no module; give one");
  }

  /** The text on its own line, so that the module knows it. */
  private static String lineOf(String text, int line) {
    return "\n".repeat(line - 1) + text;
  }

  /** A layer that may stand in another place than it runs. */
  private static Instance lenient(Instance made) {
    ClassValue type = new ClassValue(made.type.name, List.of(made.type));
    Instance copy = new Instance(type);
    copy.attributes.putAll(made.attributes);
    copy.kept = made.kept;
    Object forward = made.type.find("forward");
    type.attributes.put(
        "forward",
        (Method)
            (in, args) -> {
              Method method = (Method) forward;
              try {
                return method.call(in, args);
              } catch (IllegalArgumentException e) {
                return guessed(in, copy, method, args, String.valueOf(e.getMessage()));
              }
            });
    return copy;
  }

  private static Object guessed(
      Interpreter in, Instance layer, Method forward, Args args, String problem) {
    Trace trace = Modules.trace(in);
    Tensor x = Trace.first(Items.list(args.positional().subList(1, 2)));
    if (x != null
        && x.shape != null
        && layer.attributes.get("in_features") instanceof Long wanted) {
      Tensor flat = Rules.flatten("Flatten", x, Math.min(1, x.rank() - 1), -1);
      if (x.rank() > 2 && flat.known()[1] == wanted) {
        trace
            .graph()
            .remark(Modules.line(layer), "flattened before Linear, which the text does not show");
        return forward.call(in, Args.of(layer, flat));
      }
    }
    trace
        .graph()
        .remark(
            Modules.line(layer),
            problem + " (in the order of the text, which need not be that in which it runs)");
    return trace.step(layer.type.name, null, 0, null);
  }

  private Instance holder(String name, Map<String, Instance> children, int line) {
    boolean chain = CHAINS.contains(name);
    ClassValue above = Modules.CLASSES.get(chain ? "Sequential" : name);
    boolean block = children.containsKey("conv1") && children.containsKey("bn2");
    ClassValue type = new ClassValue(name, List.of(above != null ? above : Modules.MODULE));
    Instance made = new Instance(type);
    interpreter.at(line);
    made.method(interpreter, "__init__", Args.of());
    made.attributes.putAll(children);
    if (!chain) {
      type.attributes.put(
          "forward",
          (Method) (in, args) -> block ? residual(in, made, args) : inOrder(in, made, args, line));
    }
    return made;
  }

  private static @Nullable Instance child(Instance module, String name) {
    return module.attributes.get(name) instanceof Instance child ? child : null;
  }

  /** torchvision's BasicBlock and Bottleneck. */
  private static Object residual(Interpreter in, Instance block, Args args) {
    Object x = args.positional().get(1);
    Object y = x;
    for (int i = 1; child(block, "conv" + i) != null; i++) {
      List<Object> parts = new ArrayList<>();
      parts.add(child(block, "conv" + i));
      parts.add(child(block, "bn" + i));
      if (child(block, "conv" + (i + 1)) != null) {
        parts.add(child(block, "relu"));
      }
      for (Object part : parts) {
        y = part instanceof Instance layer ? in.call(layer, Args.of(y)) : y;
      }
    }
    Instance shortcut = child(block, "downsample");
    shortcut = shortcut == null ? child(block, "shortcut") : shortcut;
    Object other = shortcut == null ? x : in.call(shortcut, Args.of(x));
    Object sum =
        y instanceof Tensor a && other instanceof Tensor b ? Rules.broadcast("Add", a, b) : y;
    Instance relu = child(block, "relu");
    return relu == null ? sum : in.call(relu, Args.of(sum));
  }

  private static Object inOrder(Interpreter in, Instance module, Args args, int line) {
    Modules.trace(in)
        .graph()
        .remark(
            line,
            "the order in which "
                + module.type.name
                + " runs its modules is not in this text; taken as it stands");
    Object value = args.positional().get(1);
    for (Instance each : Trace.children(module).values()) {
      value = in.call(each, Args.of(value));
    }
    return value;
  }
}
