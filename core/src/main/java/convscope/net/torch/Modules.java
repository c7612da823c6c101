package convscope.net.torch;

import convscope.net.graph.Graph.Window;
import convscope.net.graph.Sizes;
import convscope.net.script.Args;
import convscope.net.script.Bound;
import convscope.net.script.ClassValue;
import convscope.net.script.Dict;
import convscope.net.script.Instance;
import convscope.net.script.Interpreter;
import convscope.net.script.Items;
import convscope.net.script.Method;
import convscope.net.script.None;
import convscope.net.script.Slice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The classes of torch.nn, with PyTorch's names, order and defaults of arguments. */
final class Modules {
  /** What a module of a library class keeps. */
  private record State(int line, Forward forward) {}

  /** What it does with its arguments. */
  private interface Forward {
    Object run(Trace trace, Args args);
  }

  /** Makes a module: sets its attributes and says what it does. */
  private interface Maker {
    Forward make(Trace trace, Instance self, Bound a);
  }

  /** Activations and the like that keep the shape, with their signature and ONNX's name. */
  private static final String[][] ELEMENTWISE = {
    {"ReLU", "inplace", "Relu"},
    {"ReLU6", "inplace", "Clip"},
    {"LeakyReLU", "negative_slope inplace", "LeakyRelu"},
    {"RReLU", "lower upper inplace", "LeakyRelu"},
    {"ELU", "alpha inplace", "Elu"},
    {"CELU", "alpha inplace", "Celu"},
    {"SELU", "inplace", "Selu"},
    {"GELU", "approximate", "Gelu"},
    {"SiLU", "inplace", "Swish"},
    {"Mish", "inplace", "Mish"},
    {"Hardswish", "inplace", "HardSwish"},
    {"Hardsigmoid", "inplace", "HardSigmoid"},
    {"Hardtanh", "min_val max_val inplace", "Clip"},
    {"Hardshrink", "lambd", "Shrink"},
    {"Softshrink", "lambd", "Shrink"},
    {"Tanhshrink", "", "Tanhshrink"},
    {"Threshold", "threshold value inplace", "ThresholdedRelu"},
    {"Tanh", "", "Tanh"},
    {"Sigmoid", "", "Sigmoid"},
    {"LogSigmoid", "", "LogSigmoid"},
    {"Softplus", "beta threshold", "Softplus"},
    {"Softsign", "", "Softsign"},
    {"Dropout", "p inplace", "Dropout"},
    {"Dropout1d", "p inplace", "Dropout"},
    {"Dropout2d", "p inplace", "Dropout"},
    {"Dropout3d", "p inplace", "Dropout"},
    {"AlphaDropout", "p inplace", "Dropout"},
    {"FeatureAlphaDropout", "p inplace", "Dropout"},
    {"LocalResponseNorm", "size alpha beta k", "LRN"},
    {"Softmax2d", "", "Softmax"},
    {"DropPath", "drop_prob scale_by_keep", "Dropout"},
    {"StochasticDepth", "p mode", "Dropout"},
    {"ChannelShuffle", "groups", "ChannelShuffle"},
  };

  /** Settings that code reads although it need not give them. */
  private static final Map<String, Object> DEFAULTS =
      Map.of(
          "eps",
          1e-5,
          "momentum",
          0.1,
          "affine",
          true,
          "inplace",
          false,
          "p",
          0.5,
          "groups",
          1L,
          "track_running_stats",
          true,
          "elementwise_affine",
          true);

  /** nn.Module. */
  static final ClassValue MODULE = new ClassValue("Module", List.of(ClassValue.OBJECT));

  private static final Map<String, ClassValue> CONTAINERS = new HashMap<>();

  private static final Map<String, ClassValue> MADE = new HashMap<>();

  /** The classes by name. */
  static final Map<String, ClassValue> CLASSES = classes();

  private Modules() {}

  private static Map<String, ClassValue> classes() {
    module();
    containers();
    for (String[] each : ELEMENTWISE) {
      add(each[0], each[1], (t, self, a) -> unary(x -> Rules.same(each[2], x)));
    }
    for (int n = 1; n <= 3; n++) {
      windows(n);
      norms(n);
      borders(n);
    }
    others();
    recurrent();
    return MADE;
  }

  static boolean isModule(Instance instance) {
    return instance.type.isA(MODULE);
  }

  /** Whether it only holds others. */
  static boolean isContainer(Instance instance) {
    return !instance.type.nearest(CONTAINERS).isEmpty();
  }

  /** The line of the text that made a module, or 0. */
  static int line(Instance module) {
    return module.kept instanceof State state ? state.line() : 0;
  }

  private interface One {
    Object of(Tensor x);
  }

  /** A module of one tensor. */
  private static Forward unary(One function) {
    return (trace, args) -> {
      if (args.positional().isEmpty() || !(args.positional().get(0) instanceof Tensor x)) {
        throw new IllegalArgumentException(
            "the layer is given "
                + (args.positional().isEmpty() ? "nothing" : Bound.text(args.positional().get(0)))
                + "; give it a tensor");
      }
      return function.of(x);
    };
  }

  private static void add(String name, String signature, Maker maker) {
    ClassValue type = new ClassValue(name, List.of(MODULE));
    type.attributes.put(
        "__init__",
        (Method)
            (in, args) -> {
              Instance self = self(args);
              Bound a = new Bound(name, signature + " device dtype", rest(args));
              for (String each : signature.split(" ")) {
                Object value = a.get(each, DEFAULTS.getOrDefault(each, None.NONE));
                self.attributes.put(each, value);
              }
              self.kept = new State(in.line(), maker.make(trace(in), self, a));
              return None.NONE;
            });
    type.attributes.put(
        "forward",
        (Method)
            (in, args) -> {
              if (self(args).kept instanceof State state) {
                return state.forward().run(trace(in), rest(args));
              }
              throw new IllegalArgumentException(
                  name + ": super().__init__(…) was not called; call it in __init__");
            });
    MADE.put(name, type);
  }

  private static Instance self(Args args) {
    if (!args.positional().isEmpty() && args.positional().get(0) instanceof Instance self) {
      return self;
    }
    throw new IllegalArgumentException("a method without its object; call it on one");
  }

  private static Args rest(Args args) {
    return new Args(args.positional().subList(1, args.positional().size()), args.named());
  }

  private static Tensor parameter(Trace trace, long... shape) {
    Tensor tensor = new Tensor(trace, shape, -1);
    tensor.parameter = true;
    return tensor;
  }

  private static void put(Instance self, Bound a, String... names) {
    for (String name : names) {
      self.attributes.put(name, a.get(name));
    }
  }

  private static void weights(
      Trace trace, Instance self, long[] weight, boolean bias, long biases) {
    self.attributes.put("weight", parameter(trace, weight));
    self.attributes.put("bias", bias ? parameter(trace, biases) : None.NONE);
  }

  private static long[] weight(Instance self) {
    return self.attributes.get("weight") instanceof Tensor weight ? weight.known() : new long[0];
  }

  // ---- nn.Module and the modules that hold others

  private static void module() {
    Map<String, Object> a = MODULE.attributes;
    a.put(
        "__init__",
        (Method)
            (in, args) -> {
              self(args).kept = new State(in.line(), (t, more) -> None.NONE);
              return None.NONE;
            });
    a.put("__call__", (Method) (in, args) -> trace(in).run(in, self(args), rest(args)));
    a.put("training", true);
    for (String name :
        new String[] {
          "eval",
          "train",
          "to",
          "cuda",
          "cpu",
          "half",
          "float",
          "double",
          "requires_grad_",
          "apply",
          "share_memory",
          "compile"
        }) {
      a.put(name, (Method) (in, args) -> self(args));
    }
    for (String name :
        new String[] {
          "zero_grad", "load_state_dict", "register_forward_hook", "register_backward_hook",
          "register_forward_pre_hook", "reset_parameters", "save_hyperparameters", "log"
        }) {
      a.put(name, (Method) (in, args) -> None.NONE);
    }
    a.put(
        "children",
        (Method) (in, args) -> Items.list(new ArrayList<>(Trace.children(self(args)).values())));
    a.put("named_children", (Method) (in, args) -> pairs(Trace.children(self(args))));
    a.put(
        "modules",
        (Method) (in, args) -> Items.list(new ArrayList<>(Trace.modules(self(args)).values())));
    a.put("named_modules", (Method) (in, args) -> pairs(Trace.modules(self(args))));
    a.put(
        "parameters",
        (Method) (in, args) -> Items.list(new ArrayList<>(allParameters(self(args)).values())));
    a.put("named_parameters", (Method) (in, args) -> pairs(allParameters(self(args))));
    a.put(
        "state_dict",
        (Method)
            (in, args) -> {
              Dict dict = new Dict();
              dict.all().putAll(allParameters(self(args)));
              return dict;
            });
    Method set =
        (in, args) -> {
          Bound b = new Bound("add_module", "name module persistent", rest(args));
          self(args).attributes.put(b.text("name", ""), b.get("module", None.NONE));
          return None.NONE;
        };
    a.put("add_module", set);
    a.put("register_module", set);
    a.put("register_parameter", set);
    a.put(
        "register_buffer",
        (Method)
            (in, args) -> {
              Bound b = new Bound("register_buffer", "name tensor persistent", rest(args));
              Object value = b.get("tensor", None.NONE);
              self(args).attributes.put(b.text("name", ""), value);
              return None.NONE;
            });
    a.put(
        "get_submodule",
        (Method)
            (in, args) -> {
              Object found =
                  Trace.modules(self(args))
                      .get(new Bound("", "target", rest(args)).text("target", ""));
              return found == null ? None.NONE : found;
            });
    MADE.put("Module", MODULE);
    ClassValue identity = new ClassValue("Identity", List.of(MODULE));
    identity.attributes.put(
        "__init__",
        (Method)
            (in, args) -> {
              self(args).kept =
                  new State(in.line(), unary(x -> Rules.same("Identity", x))); // takes anything
              return None.NONE;
            });
    identity.attributes.put(
        "forward",
        (Method) (in, args) -> unary(x -> Rules.same("Identity", x)).run(trace(in), rest(args)));
    MADE.put("Identity", identity);
  }

  private static Map<String, Tensor> allParameters(Instance module) {
    Map<String, Tensor> all = new LinkedHashMap<>();
    Set<Tensor> seen = new HashSet<>();
    for (Map.Entry<String, Instance> each : Trace.modules(module).entrySet()) {
      for (Map.Entry<String, Tensor> own : Trace.parameters(each.getValue()).entrySet()) {
        if (seen.add(own.getValue())) {
          String path = each.getKey();
          all.put(path.isEmpty() ? own.getKey() : path + "." + own.getKey(), own.getValue());
        }
      }
    }
    return all;
  }

  private static Items pairs(Map<String, ?> map) {
    List<Object> all = new ArrayList<>();
    for (Map.Entry<String, ?> entry : map.entrySet()) {
      all.add(Items.tuple(List.of(entry.getKey(), entry.getValue())));
    }
    return Items.list(all);
  }

  private static ClassValue container(String name) {
    ClassValue type = new ClassValue(name, List.of(MODULE));
    MADE.put(name, type);
    CONTAINERS.put(name, type);
    Map<String, Object> a = type.attributes;
    a.put("__len__", (Method) (in, args) -> (long) held(self(args)).size());
    a.put(
        "__iter__", (Method) (in, args) -> Items.list(new ArrayList<>(held(self(args)).values())));
    return type;
  }

  /** What a container holds: modules, or parameters. */
  private static Map<String, Object> held(Instance self) {
    Map<String, Object> all = new LinkedHashMap<>(Trace.children(self));
    all.putAll(Trace.parameters(self));
    return all;
  }

  private static void append(Instance self, Object module) {
    checkModule(self, module);
    int next = held(self).size();
    while (self.attributes.containsKey("" + next)) {
      next++;
    }
    self.attributes.put("" + next, module);
  }

  private static void checkModule(Instance self, Object module) {
    boolean parameters = self.type.name.startsWith("Parameter");
    if (!parameters
        && !(module instanceof Instance instance && isModule(instance))
        && module != None.NONE) {
      throw new IllegalArgumentException(
          self.type.name
              + ": "
              + Bound.text(module)
              + " is no layer; give layers such as nn.ReLU()"
              + (module instanceof Items ? ", and spread a list with a star: *layers" : ""));
    }
  }

  private static void containers() {
    ClassValue sequential = container("Sequential");
    sequential.attributes.put(
        "__init__",
        (Method)
            (in, args) -> {
              Instance self = self(args);
              self.kept = new State(in.line(), (t, more) -> None.NONE);
              if (!args.named().isEmpty()) {
                throw new IllegalArgumentException(
                    "Sequential: “"
                        + args.named().keySet().iterator().next()
                        + "=”; give the layers one after the other");
              }
              for (Object each : rest(args).positional()) {
                if (each instanceof Dict dict) {
                  named(self, dict);
                } else {
                  append(self, each);
                }
              }
              return None.NONE;
            });
    sequential.attributes.put(
        "forward",
        (Method)
            (in, args) -> {
              Object value = args.positional().size() > 1 ? args.positional().get(1) : None.NONE;
              for (Instance module : Trace.children(self(args)).values()) {
                value = in.call(module, Args.of(value));
              }
              return value;
            });
    ClassValue list = container("ModuleList");
    ClassValue parameters = container("ParameterList");
    for (ClassValue each : new ClassValue[] {list, parameters}) {
      each.attributes.put("__init__", (Method) (in, args) -> extend(in, args, true));
    }
    for (ClassValue each : new ClassValue[] {sequential, list, parameters}) {
      each.attributes.put(
          "append",
          (Method)
              (in, args) -> {
                append(self(args), rest(args).positional().get(0));
                return self(args);
              });
      each.attributes.put("extend", (Method) (in, args) -> extend(in, args, false));
      each.attributes.put("insert", (Method) Modules::insert);
      each.attributes.put("__getitem__", (Method) Modules::item);
      each.attributes.put(
          "__add__",
          (Method)
              (in, args) -> {
                List<Object> all = new ArrayList<>(held(self(args)).values());
                all.addAll(in.items(args.positional().get(1)).all);
                return in.call(
                    each, each == sequential ? Args.of(all.toArray()) : Args.of(Items.list(all)));
              });
    }
    for (String name : new String[] {"ModuleDict", "ParameterDict"}) {
      ClassValue dict = container(name);
      dict.attributes.put(
          "__init__",
          (Method)
              (in, args) -> {
                self(args).kept = new State(in.line(), (t, more) -> None.NONE);
                for (Object each : rest(args).positional()) {
                  if (each instanceof Dict given) {
                    named(self(args), given);
                  } else if (each instanceof Items given) {
                    for (Object pair : given.all) {
                      put(self(args), in.items(pair));
                    }
                  }
                }
                return None.NONE;
              });
      dict.attributes.put(
          "__iter__",
          (Method) (in, args) -> Items.list(new ArrayList<>(held(self(args)).keySet())));
      dict.attributes.put("items", (Method) (in, args) -> pairs(held(self(args))));
      dict.attributes.put(
          "keys", (Method) (in, args) -> Items.list(new ArrayList<>(held(self(args)).keySet())));
      dict.attributes.put(
          "values", (Method) (in, args) -> Items.list(new ArrayList<>(held(self(args)).values())));
      dict.attributes.put(
          "update",
          (Method)
              (in, args) -> {
                if (args.positional().get(1) instanceof Dict given) {
                  named(self(args), given);
                }
                return None.NONE;
              });
      dict.attributes.put(
          "__getitem__",
          (Method)
              (in, args) -> {
                Object key = args.positional().get(1);
                Object found = key instanceof String text ? held(self(args)).get(text) : null;
                if (found == null) {
                  throw new IllegalArgumentException(
                      name + " has no key " + Bound.text(key) + "; use one that it has");
                }
                return found;
              });
      dict.attributes.put(
          "__setitem__",
          (Method)
              (in, args) -> {
                put(self(args), Items.list(rest(args).positional()));
                return None.NONE;
              });
    }
  }

  private static void put(Instance self, Items pair) {
    if (pair.size() == 2 && pair.get(0) instanceof String name) {
      checkModule(self, pair.get(1));
      self.attributes.put(name, pair.get(1));
      return;
    }
    throw new IllegalArgumentException(
        self.type.name + ": " + Bound.text(pair) + "; give a name and a layer");
  }

  private static void named(Instance self, Dict dict) {
    for (Map.Entry<Object, Object> entry : dict.all().entrySet()) {
      put(self, Items.list(List.of(entry.getKey(), entry.getValue())));
    }
  }

  private static Object extend(Interpreter in, Args args, boolean init) {
    Instance self = self(args);
    if (init) {
      self.kept = new State(in.line(), (t, more) -> None.NONE);
    }
    if (args.positional().size() > 1) {
      for (Object each : in.items(args.positional().get(1)).all) {
        append(self, each);
      }
    }
    return self;
  }

  private static Object insert(Interpreter in, Args args) {
    Bound b = new Bound("insert", "index module", rest(args));
    Instance self = self(args);
    List<Object> all = new ArrayList<>(held(self).values());
    int at = (int) Math.max(0, Math.min(all.size(), b.integer("index")));
    all.add(at, b.get("module"));
    for (int i = 0; i < all.size(); i++) {
      self.attributes.put("" + i, all.get(i));
    }
    return self;
  }

  private static Object item(Interpreter in, Args args) {
    Instance self = self(args);
    Object index = args.positional().get(1);
    List<Object> all = new ArrayList<>(held(self).values());
    if (index instanceof Slice slice) {
      long[] which = slice.within(all.size());
      List<Object> part = new ArrayList<>();
      for (long i = 0; i < which[1]; i++) {
        part.add(all.get((int) (which[0] + i * which[2])));
      }
      boolean sequential = self.type.isA(CONTAINERS.getOrDefault("Sequential", MODULE));
      ClassValue type = CONTAINERS.getOrDefault(sequential ? "Sequential" : "ModuleList", MODULE);
      return in.call(type, sequential ? Args.of(part.toArray()) : Args.of(Items.list(part)));
    }
    if (index instanceof Long number && number < all.size() && number >= -all.size()) {
      return all.get((int) (number < 0 ? number + all.size() : number));
    }
    if (index instanceof String name && self.attributes.get(name) instanceof Instance child) {
      return child;
    }
    throw new IllegalArgumentException(
        self.type.name
            + " of "
            + all.size()
            + " has no index "
            + Bound.text(index)
            + "; use 0 to "
            + (all.size() - 1));
  }

  // ---- windows, along n axes

  private static void windows(int n) {
    String d = n + "d";
    String conv =
        "in_channels out_channels kernel_size stride padding dilation groups bias padding_mode";
    add("Conv" + d, conv, (t, self, a) -> conv(t, self, a, "Conv" + d, n, false));
    add(
        "LazyConv" + d,
        conv.substring(conv.indexOf(' ') + 1),
        (t, self, a) -> conv(t, self, a, "LazyConv" + d, n, true));
    add(
        "ConvTranspose" + d,
        "in_channels out_channels kernel_size stride padding output_padding groups bias dilation"
            + " padding_mode",
        (t, self, a) -> transposed(t, self, a, n));
    add(
        "MaxPool" + d,
        "kernel_size stride padding dilation return_indices ceil_mode",
        (t, self, a) -> {
          Window w = pool("MaxPool" + d, a, n);
          boolean ceil = a.flag("ceil_mode", false);
          put(self, a, "kernel_size");
          boolean both = a.flag("return_indices", false);
          return unary(
              x -> {
                Tensor y = Rules.pool("MaxPool" + d, "MaxPool", x, w, ceil);
                return both ? Items.tuple(List.of(y, y)) : y;
              });
        });
    String average = "kernel_size stride padding ceil_mode count_include_pad divisor_override";
    add(
        "AvgPool" + d,
        average,
        (t, self, a) -> {
          Window w = pool("AvgPool" + d, a, n);
          boolean ceil = a.flag("ceil_mode", false);
          put(self, a, "kernel_size");
          return unary(x -> Rules.pool("AvgPool" + d, "AveragePool", x, w, ceil));
        });
    add(
        "LPPool" + d,
        "norm_type kernel_size stride ceil_mode",
        (t, self, a) -> {
          Window w = pool("LPPool" + d, a, n);
          boolean ceil = a.flag("ceil_mode", false);
          return unary(x -> Rules.pool("LPPool" + d, "LpPool", x, w, ceil));
        });
    for (boolean max : new boolean[] {true, false}) {
      String name = (max ? "AdaptiveMaxPool" : "AdaptiveAvgPool") + d;
      add(
          name,
          max ? "output_size return_indices" : "output_size",
          (t, self, a) -> {
            long[] size = adaptive(a, n);
            put(self, a, "output_size");
            return unary(x -> Rules.adaptive(name, max, x, size));
          });
    }
  }

  /** None stays as it is, which −1 says. */
  static long[] adaptive(Bound a, int n) {
    Object given = a.get("output_size");
    List<Object> sizes = given instanceof Items items ? items.all : List.of(given);
    long[] out = new long[n];
    for (int i = 0; i < n; i++) {
      if (sizes.size() != 1 && sizes.size() != n) {
        throw a.problem("output_size is " + Bound.text(given) + "; give one size or " + n);
      }
      Object size = sizes.get(sizes.size() == 1 ? 0 : i);
      out[i] = size instanceof Long number ? number : -1;
    }
    return out;
  }

  /** Kernel, stride, padding and dilation of a pooling layer. */
  static Window pool(String name, Bound a, int n) {
    long[] kernel = a.axes("kernel_size", n);
    boolean given = a.has("stride") && a.integers("stride").length > 0;
    long[] stride = given ? a.axes("stride", n) : kernel;
    long[] padding = a.axes("padding", n, 0);
    long[] dilation = a.axes("dilation", n, 1);
    checked(name, kernel, stride, dilation);
    return new Window(kernel, stride, padding, padding, dilation, false);
  }

  private static void checked(String name, long[]... all) {
    for (long[] values : all) {
      for (long value : values) {
        if (value < 1) {
          throw new IllegalArgumentException(
              name + ": kernel, stride or dilation is " + value + "; use 1 or more");
        }
      }
    }
  }

  private static Forward conv(
      Trace trace, Instance self, Bound a, String name, int n, boolean lazy) {
    long out = a.positive("out_channels");
    long groups = a.integer("groups", 1);
    String mode = a.text("padding_mode", "zeros");
    boolean bias = a.flag("bias", true);
    Window w = window(name, a, n);
    self.attributes.put("out_channels", out);
    self.attributes.put("groups", groups);
    self.attributes.put("kernel_size", Rules.sizes(w.kernel()));
    self.attributes.put("stride", Rules.sizes(w.stride()));
    self.attributes.put("dilation", Rules.sizes(w.dilation()));
    self.attributes.put("padding", a.get("padding", 0L));
    if (!lazy) {
      long in = a.positive("in_channels");
      self.attributes.put("in_channels", in);
      if (groups < 1 || in % groups != 0 || out % groups != 0) {
        throw a.problem(
            "in_channels "
                + in
                + " and out_channels "
                + out
                + " must be multiples of groups "
                + groups
                + "; change one of them");
      }
      weights(trace, self, convWeight(out, in / groups, w.kernel()), bias, out);
    }
    return unary(
        x -> {
          if (!self.attributes.containsKey("weight")) {
            long[] shape = x.known();
            long in = shape[Math.max(0, shape.length - n - 1)];
            weights(trace, self, convWeight(out, in / groups, w.kernel()), bias, out);
          }
          return Rules.conv(name, x, weight(self), groups, w, mode);
        });
  }

  private static long[] convWeight(long first, long second, long[] kernel) {
    return Rules.joined(new long[] {first, second}, kernel);
  }

  /** Kernel, stride, padding and dilation of a convolution. */
  static Window window(String name, Bound a, int n) {
    long[] kernel = a.axes("kernel_size", n);
    return window(name, a, kernel);
  }

  /** The same with a kernel of that size. */
  static Window window(String name, Bound a, long[] kernel) {
    int n = kernel.length;
    long[] stride = a.axes("stride", n, 1);
    long[] dilation = a.axes("dilation", n, 1);
    checked(name, kernel, stride, dilation);
    Object padding = a.get("padding", 0L);
    if (!(padding instanceof String word)) {
      long[] both = a.axes("padding", n, 0);
      return new Window(kernel, stride, both, both, dilation, false);
    }
    long[] begin = new long[n];
    long[] end = new long[n];
    if (word.equals("same")) {
      for (int i = 0; i < n; i++) {
        if (stride[i] != 1) {
          throw a.problem("padding 'same' with a stride; use stride 1 or give numbers");
        }
        long total = dilation[i] * (kernel[i] - 1);
        begin[i] = total / 2;
        end[i] = total - total / 2;
      }
    } else if (!word.equals("valid")) {
      throw a.problem("padding is '" + word + "'; use 'same', 'valid' or numbers");
    }
    return new Window(kernel, stride, begin, end, dilation, false);
  }

  private static Forward transposed(Trace trace, Instance self, Bound a, int n) {
    String name = "ConvTranspose" + n + "d";
    long in = a.positive("in_channels");
    long out = a.positive("out_channels");
    long groups = a.integer("groups", 1);
    Window w = spread(window(name, a, n));
    long[] more = a.axes("output_padding", n, 0);
    if (groups < 1 || in % groups != 0 || out % groups != 0) {
      throw a.problem(
          "in_channels "
              + in
              + " and out_channels "
              + out
              + " must be multiples of groups "
              + groups
              + "; change one of them");
    }
    self.attributes.put("in_channels", in);
    self.attributes.put("out_channels", out);
    weights(trace, self, convWeight(in, out / groups, w.kernel()), a.flag("bias", true), out);
    return (t, args) ->
        unary(
                x ->
                    Rules.transposed(
                        name, x, weight(self), groups, w, outputPadding(args, x, w, more, name)))
            .run(
                t,
                new Args(
                    args.positional().subList(0, Math.min(1, args.positional().size())), Map.of()));
  }

  /** output_size, when a call gives it, decides how much is added. */
  private static long[] outputPadding(Args args, Tensor x, Window w, long[] more, String name) {
    Object given =
        args.positional().size() > 1 ? args.positional().get(1) : args.named().get("output_size");
    long[] size = given == null ? null : Bound.integersOf(given);
    if (size == null || x.shape == null) {
      return more;
    }
    int n = more.length;
    long[] added = new long[n];
    for (int i = 0; i < n; i++) {
      long least =
          (x.shape[x.shape.length - n + i] - 1) * w.stride()[i]
              - w.begin()[i]
              - w.end()[i]
              + w.dilation()[i] * (w.kernel()[i] - 1)
              + 1;
      added[i] = size[size.length - n + i] - least;
      if (added[i] < 0 || added[i] >= w.stride()[i]) {
        throw new IllegalArgumentException(
            name
                + ": output_size "
                + size[size.length - n + i]
                + " cannot be reached; use "
                + least
                + " to "
                + (least + w.stride()[i] - 1));
      }
    }
    return added;
  }

  static Window spread(Window w) {
    return new Window(w.kernel(), w.stride(), w.begin(), w.end(), w.dilation(), true);
  }

  // ---- normalization and borders

  private static void norms(int n) {
    String d = n + "d";
    String signature = "num_features eps momentum affine track_running_stats bias";
    int low = n == 1 ? 2 : n + 2;
    add(
        "BatchNorm" + d,
        signature,
        (t, self, a) -> batchNorm(t, self, a, "BatchNorm" + d, low, n + 2));
    add(
        "LazyBatchNorm" + d,
        "eps momentum affine track_running_stats",
        (t, self, a) ->
            unary(
                x -> {
                  if (!self.attributes.containsKey("weight")) {
                    long features = x.known()[Math.min(1, x.rank() - 1)];
                    weights(t, self, new long[] {features}, true, features);
                  }
                  return Rules.same("BatchNormalization", x);
                }));
    add(
        "InstanceNorm" + d,
        signature,
        (t, self, a) -> {
          long features = a.positive("num_features");
          self.attributes.put("num_features", features);
          if (a.flag("affine", false)) {
            weights(t, self, new long[] {features}, true, features);
          }
          return unary(x -> Rules.instanceNorm("InstanceNorm" + d, x, n, features));
        });
  }

  private static Forward batchNorm(
      Trace trace, Instance self, Bound a, String name, int low, int high) {
    long features = a.positive("num_features");
    self.attributes.put("num_features", features);
    if (a.flag("affine", true)) {
      weights(trace, self, new long[] {features}, a.flag("bias", true), features);
    }
    return unary(x -> Rules.batchNorm(name, x, features, low, high));
  }

  private static void borders(int n) {
    for (String kind : new String[] {"Reflection", "Replication", "Circular", "Zero", "Constant"}) {
      String name = kind + "Pad" + n + "d";
      add(
          name,
          kind.equals("Constant") ? "padding value" : "padding",
          (t, self, a) -> {
            long[] sides = a.axes("padding", 2 * n);
            String mode =
                switch (kind) {
                  case "Reflection" -> "reflect";
                  case "Replication" -> "replicate";
                  case "Circular" -> "circular";
                  default -> "constant";
                };
            return unary(x -> Rules.pad(name, mode, x, sides));
          });
    }
  }

  // ---- the rest

  private static void others() {
    String linear = "in_features out_features bias";
    Maker dense =
        (t, self, a) -> {
          long in = a.positive("in_features");
          long out = a.positive("out_features");
          self.attributes.put("in_features", in);
          self.attributes.put("out_features", out);
          weights(t, self, new long[] {out, in}, a.flag("bias", true), out);
          return unary(x -> Rules.linear("Linear", x, weight(self)));
        };
    add("Linear", linear, dense);
    add("NonDynamicallyQuantizableLinear", linear, dense);
    add(
        "LazyLinear",
        "out_features bias",
        (t, self, a) -> {
          long out = a.positive("out_features");
          boolean bias = a.flag("bias", true);
          return unary(
              x -> {
                if (!self.attributes.containsKey("weight")) {
                  long in = x.known()[x.rank() - 1];
                  weights(t, self, new long[] {out, in}, bias, out);
                }
                return Rules.linear("LazyLinear", x, weight(self));
              });
        });
    add(
        "Bilinear",
        "in1_features in2_features out_features bias",
        (t, self, a) -> {
          long out = a.positive("out_features");
          long[] weight = {out, a.positive("in1_features"), a.positive("in2_features")};
          weights(t, self, weight, a.flag("bias", true), out);
          return unary(x -> resized(t, "Bilinear", x, out));
        });
    add(
        "SyncBatchNorm",
        "num_features eps momentum affine track_running_stats process_group",
        (t, self, a) -> batchNorm(t, self, a, "SyncBatchNorm", 2, 5));
    add(
        "GroupNorm",
        "num_groups num_channels eps affine bias",
        (t, self, a) -> {
          long groups = a.positive("num_groups");
          long channels = a.positive("num_channels");
          if (channels % groups != 0) {
            throw a.problem(
                "num_channels "
                    + channels
                    + " is no multiple of num_groups "
                    + groups
                    + "; use a divisor");
          }
          if (a.flag("affine", true)) {
            weights(t, self, new long[] {channels}, a.flag("bias", true), channels);
          }
          return unary(x -> Rules.groupNorm("GroupNorm", x, groups, channels));
        });
    for (String name : new String[] {"LayerNorm", "RMSNorm"}) {
      add(
          name,
          name.equals("LayerNorm")
              ? "normalized_shape eps elementwise_affine bias"
              : "normalized_shape eps elementwise_affine",
          (t, self, a) -> {
            long[] shape = a.integers("normalized_shape");
            if (a.flag("elementwise_affine", true)) {
              self.attributes.put("weight", parameter(t, shape));
              boolean bias = name.equals("LayerNorm") && a.flag("bias", true);
              self.attributes.put("bias", bias ? parameter(t, shape) : None.NONE);
            }
            put(self, a, "normalized_shape");
            return unary(x -> Rules.layerNorm(name, x, shape));
          });
    }
    add(
        "PReLU",
        "num_parameters init",
        (t, self, a) -> {
          long count = a.integer("num_parameters", 1);
          self.attributes.put("weight", parameter(t, count));
          return unary(
              x -> {
                if (count != 1 && x.shape != null && (x.rank() < 2 || x.shape[1] != count)) {
                  throw a.problem(
                      "num_parameters is "
                          + count
                          + ", but the input is "
                          + Sizes.text(x.shape)
                          + "; use 1, or its number of channels");
                }
                return Rules.same("PRelu", x);
              });
        });
    add(
        "Flatten",
        "start_dim end_dim",
        (t, self, a) -> {
          long start = a.integer("start_dim", 1);
          long end = a.integer("end_dim", -1);
          return unary(x -> Rules.flatten("Flatten", x, start, end));
        });
    add(
        "Unflatten",
        "dim unflattened_size",
        (t, self, a) -> {
          long dim = a.integer("dim");
          long[] size = a.integers("unflattened_size");
          return unary(x -> Functions.unflatten(x, dim, size));
        });
    for (String name : new String[] {"Softmax", "LogSoftmax", "Softmin"}) {
      add(
          name,
          "dim",
          (t, self, a) -> {
            long dim = a.integer("dim", 1);
            boolean given = a.has("dim");
            return unary(
                x -> {
                  if (given && x.shape != null) {
                    Rules.axis(name, dim, x.rank());
                  }
                  return Rules.same(name, x);
                });
          });
    }
    add(
        "GLU",
        "dim",
        (t, self, a) -> {
          long dim = a.integer("dim", -1);
          return unary(x -> Functions.glu(x, dim));
        });
    for (String name : new String[] {"Upsample", "UpsamplingNearest2d", "UpsamplingBilinear2d"}) {
      add(
          name,
          "size scale_factor mode align_corners recompute_scale_factor",
          (t, self, a) -> {
            long[] size = a.has("size") ? a.integers("size") : null;
            double[] scale = size == null ? Functions.scales(a) : null;
            return unary(x -> Rules.resize(name, x, size, scale));
          });
    }
    add(
        "PixelShuffle",
        "upscale_factor",
        (t, self, a) -> {
          long factor = a.positive("upscale_factor");
          return unary(x -> Rules.shuffle("PixelShuffle", x, factor, false));
        });
    add(
        "PixelUnshuffle",
        "downscale_factor",
        (t, self, a) -> {
          long factor = a.positive("downscale_factor");
          return unary(x -> Rules.shuffle("PixelUnshuffle", x, factor, true));
        });
    add(
        "Embedding",
        "num_embeddings embedding_dim padding_idx max_norm norm_type scale_grad_by_freq sparse",
        (t, self, a) -> {
          long dim = a.positive("embedding_dim");
          self.attributes.put("embedding_dim", dim);
          self.attributes.put("weight", parameter(t, a.positive("num_embeddings"), dim));
          return unary(
              x ->
                  t.step(
                      "Gather",
                      x.shape == null ? null : Rules.joined(x.shape, new long[] {dim}),
                      0,
                      null,
                      x));
        });
    add(
        "Unfold",
        "kernel_size dilation padding stride",
        (t, self, a) -> unary(x -> Functions.unfold(x, a)));
    for (String name :
        new String[] {
          "CrossEntropyLoss",
          "MSELoss",
          "NLLLoss",
          "BCELoss",
          "BCEWithLogitsLoss",
          "L1Loss",
          "SmoothL1Loss",
          "KLDivLoss",
          "HuberLoss"
        }) {
      add(
          name,
          "weight size_average ignore_index reduce reduction label_smoothing pos_weight beta delta"
              + " log_target",
          (t, self, a) -> unary(x -> t.step("Loss", new long[0], 0, null, x)));
    }
  }

  private static Tensor resized(Trace trace, String name, Tensor x, long last) {
    if (x.shape == null) {
      return trace.step(name, null, 0, null, x);
    }
    long[] out = x.shape.clone();
    out[Math.max(0, out.length - 1)] = last;
    return trace.step(name, out, 0, null, x);
  }

  private static void recurrent() {
    for (String name : new String[] {"RNN", "LSTM", "GRU"}) {
      long gates = name.equals("LSTM") ? 4 : name.equals("GRU") ? 3 : 1;
      add(
          name,
          (name.equals("RNN")
                  ? "input_size hidden_size num_layers nonlinearity"
                  : "input_size hidden_size num_layers")
              + " bias batch_first dropout bidirectional proj_size",
          (t, self, a) -> recurrent(t, self, a, name, gates));
    }
    add(
        "MultiheadAttention",
        "embed_dim num_heads dropout bias add_bias_kv add_zero_attn kdim vdim batch_first",
        (t, self, a) -> {
          long dim = a.positive("embed_dim");
          if (dim % a.positive("num_heads") != 0) {
            throw a.problem(
                "embed_dim "
                    + dim
                    + " is no multiple of num_heads "
                    + a.integer("num_heads")
                    + "; make it one");
          }
          boolean bias = a.flag("bias", true);
          self.attributes.put("in_proj_weight", parameter(t, 3 * dim, dim));
          self.attributes.put("in_proj_bias", bias ? parameter(t, 3 * dim) : None.NONE);
          self.attributes.put("out_proj.weight", parameter(t, dim, dim));
          self.attributes.put("out_proj.bias", bias ? parameter(t, dim) : None.NONE);
          return (trace2, args) -> attention(t, args, dim);
        });
  }

  private static Object attention(Trace trace, Args args, long dim) {
    if (args.positional().size() < 3
        || !(args.positional().get(0) instanceof Tensor q)
        || !(args.positional().get(1) instanceof Tensor k)) {
      throw new IllegalArgumentException(
          "MultiheadAttention: give query, key and value, three tensors");
    }
    if (q.shape == null || k.shape == null) {
      Tensor unknown = trace.step("Attention", null, 0, null, q, k);
      return Items.tuple(List.of(unknown, unknown));
    }
    if (q.rank() < 2 || q.shape[q.rank() - 1] != dim) {
      throw new IllegalArgumentException(
          "MultiheadAttention: embed_dim is "
              + dim
              + ", but the query is "
              + Sizes.text(q.shape)
              + "; its last axis must be "
              + dim);
    }
    long queries = Rules.count(q.shape) / dim;
    long keys = Rules.count(k.shape) / dim;
    long batch = q.rank() == 3 ? Math.max(1, q.shape[0]) : 1;
    long products = Sizes.product(2, queries, keys / batch, dim);
    long macs =
        Sizes.sum(
            Sizes.product(2, queries + keys, dim, dim), products); // projections, then QKᵀ, AV
    Tensor y = trace.step("Attention", q.shape, macs, null, q, k);
    return Items.tuple(List.of(y, y));
  }

  private static Forward recurrent(Trace trace, Instance self, Bound a, String name, long gates) {
    long in = a.positive("input_size");
    long hidden = a.positive("hidden_size");
    long layers = a.integer("num_layers", 1);
    long ways = a.flag("bidirectional", false) ? 2 : 1;
    boolean bias = a.flag("bias", true);
    boolean batchFirst = a.flag("batch_first", false);
    self.attributes.put("hidden_size", hidden);
    long weights = 0;
    for (long layer = 0; layer < Math.min(layers, 1000); layer++) {
      for (long way = 0; way < ways; way++) {
        String suffix = "_l" + layer + (way == 1 ? "_reverse" : "");
        long width = layer == 0 ? in : hidden * ways;
        weights += gates * hidden * (width + hidden);
        self.attributes.put("weight_ih" + suffix, parameter(trace, gates * hidden, width));
        self.attributes.put("weight_hh" + suffix, parameter(trace, gates * hidden, hidden));
        if (bias) {
          self.attributes.put("bias_ih" + suffix, parameter(trace, gates * hidden));
          self.attributes.put("bias_hh" + suffix, parameter(trace, gates * hidden));
        }
      }
    }
    long each = weights;
    return unary(
        x -> {
          if (x.shape == null || x.rank() < 2 || x.shape[x.rank() - 1] != in) {
            if (x.shape == null) {
              Tensor unknown = trace.step(name, null, 0, null, x);
              return Items.tuple(List.of(unknown, Items.tuple(List.of(unknown, unknown))));
            }
            throw a.problem(
                "input_size is "
                    + in
                    + ", but the input is "
                    + Sizes.text(x.shape)
                    + "; its last axis must be "
                    + in);
          }
          long macs = Sizes.product(Rules.count(x.shape) / in, each);
          Tensor y = trace.step(name, last(x.shape, hidden * ways), macs, null, x);
          long batch = x.rank() == 2 ? 1 : x.shape[batchFirst ? 0 : 1];
          Tensor h = trace.step(name, new long[] {layers * ways, batch, hidden}, 0, null, x);
          return Items.tuple(List.of(y, name.equals("LSTM") ? Items.tuple(List.of(h, h)) : h));
        });
  }

  private static long[] last(long[] shape, long size) {
    long[] out = Arrays.copyOf(shape, shape.length);
    out[out.length - 1] = size;
    return out;
  }

  /** A class that is not known: it says so, and what comes out of its modules is unknown. */
  static ClassValue unknown(String name) {
    ClassValue type = new ClassValue(name, List.of(MODULE));
    type.attributes.put(
        "__init__",
        (Method)
            (in, args) -> {
              trace(in)
                  .graph()
                  .remark(
                      in.line(),
                      name + " is not known here; the shape that it gives is not either");
              self(args).kept = new State(in.line(), (trace, more) -> None.NONE);
              return None.NONE;
            });
    type.attributes.put(
        "forward",
        (Method)
            (in, args) -> {
              Tensor x = Trace.first(Items.list(rest(args).positional()));
              return x == null
                  ? trace(in).step(name, null, 0, null)
                  : trace(in).step(name, null, 0, null, x);
            });
    return type;
  }

  static Trace trace(Interpreter in) {
    if (in.library() instanceof Trace.Holder torch) {
      return torch.trace();
    }
    throw new IllegalArgumentException("PyTorch's modules in another dialect; use one alone");
  }
}
