package convscope.net.torch;

import convscope.net.graph.Graph.Window;
import convscope.net.graph.Sizes;
import convscope.net.script.Args;
import convscope.net.script.Bound;
import convscope.net.script.Items;
import convscope.net.script.None;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The functions of torch and torch.nn.functional, which are a tensor's methods too. */
final class Functions {
  private interface Body {
    Object of(Trace trace, Bound a);
  }

  /** With its own way through the arguments. */
  private interface Free {
    Object of(Trace trace, Args args);
  }

  private static final Map<String, Free> ALL = new HashMap<>();

  private Functions() {}

  static boolean has(String name) {
    return ALL.containsKey(name);
  }

  static Object call(Trace trace, String name, Args args) {
    Free function = ALL.get(name);
    if (function == null) {
      throw new IllegalArgumentException(
          name + " is not known here; use another function, or leave it out");
    }
    return function.of(trace, args);
  }

  private static void add(String name, String signature, Body body) {
    ALL.put(name, (trace, args) -> body.of(trace, new Bound(name, signature, args)));
  }

  private static void same(String operator, String signature, String... names) {
    for (String name : names) {
      Body body = (trace, a) -> Rules.same(operator, x(a));
      add(name, ("input " + signature).trim(), body);
      add(name + "_", ("input " + signature).trim(), body);
    }
  }

  private static Tensor x(Bound a) {
    return tensor(a, "input");
  }

  private static Tensor tensor(Bound a, String name) {
    if (a.get(name) instanceof Tensor tensor) {
      return tensor;
    }
    throw a.problem(name + " is " + Bound.text(a.get(name)) + "; give a tensor");
  }

  /** Sizes given one by one or as one tuple, behind the tensor. */
  private static long[] sizes(Args args, String name) {
    List<Object> rest = args.positional().subList(1, args.positional().size());
    Object all = rest.size() == 1 ? rest.get(0) : Items.tuple(rest);
    for (String key : new String[] {"shape", "size", "dims", "sizes", "repeats"}) {
      all = args.named().getOrDefault(key, all);
    }
    long[] sizes = Bound.integersOf(all);
    if (sizes == null) {
      throw new IllegalArgumentException(
          name + ": " + Bound.text(all) + " are no sizes; give whole numbers");
    }
    return sizes;
  }

  private static Tensor first(Args args, String name) {
    if (!args.positional().isEmpty() && args.positional().get(0) instanceof Tensor tensor) {
      return tensor;
    }
    Object given = args.named().get("input");
    if (given instanceof Tensor tensor) {
      return tensor;
    }
    throw new IllegalArgumentException(
        name
            + ": "
            + (args.positional().isEmpty() ? "nothing" : Bound.text(args.positional().get(0)))
            + " is given; give a tensor");
  }

  static {
    elementwise();
    shapes();
    reductions();
    arithmetic();
    made();
    for (int n = 1; n <= 3; n++) {
      windows(n);
    }
    networks();
  }

  private static void elementwise() {
    same("Relu", "inplace", "relu");
    same("Clip", "inplace", "relu6");
    same("LeakyRelu", "negative_slope inplace", "leaky_relu");
    same("LeakyRelu", "lower upper training inplace", "rrelu");
    same("PRelu", "weight", "prelu");
    same("Elu", "alpha inplace", "elu", "celu");
    same("Selu", "inplace", "selu");
    same("Gelu", "approximate", "gelu");
    same("Swish", "inplace", "silu");
    same("Mish", "inplace", "mish");
    same("HardSwish", "inplace", "hardswish");
    same("HardSigmoid", "inplace", "hardsigmoid");
    same("Clip", "min_val max_val inplace", "hardtanh");
    same("Softplus", "beta threshold", "softplus");
    same("Clip", "min max", "clamp", "clip", "clamp_min", "clamp_max");
    same("ThresholdedRelu", "threshold value inplace", "threshold");
    same("Shrink", "lambd", "hardshrink", "softshrink");
    same("", "", "softsign", "tanhshrink", "logsigmoid");
    for (String[] each :
        new String[][] {
          {"sigmoid", "Sigmoid"},
          {"tanh", "Tanh"},
          {"exp", "Exp"},
          {"log", "Log"},
          {"log2", "Log"},
          {"log10", "Log"},
          {"log1p", "Log"},
          {"expm1", "Exp"},
          {"sqrt", "Sqrt"},
          {"rsqrt", "Reciprocal"},
          {"square", "Pow"},
          {"abs", "Abs"},
          {"neg", "Neg"},
          {"erf", "Erf"},
          {"sin", "Sin"},
          {"cos", "Cos"},
          {"floor", "Floor"},
          {"ceil", "Ceil"},
          {"round", "Round"},
          {"sign", "Sign"},
          {"reciprocal", "Reciprocal"},
          {"isnan", "IsNaN"},
          {"nan_to_num", "Identity"},
          {"logical_not", "Not"}
        }) {
      same(each[1], "", each[0]);
    }
    same("Softmax", "dim _stacklevel dtype", "softmax", "softmin");
    same("LogSoftmax", "dim _stacklevel dtype", "log_softmax");
    same("Softmax", "tau hard eps dim", "gumbel_softmax");
    same(
        "Dropout",
        "p training inplace",
        "dropout",
        "dropout1d",
        "dropout2d",
        "dropout3d",
        "alpha_dropout",
        "feature_dropout");
    same("LpNormalization", "p dim eps out", "normalize");
    same("LRN", "size alpha beta k", "local_response_norm");
    same("CumSum", "dim", "cumsum", "cumprod");
    same("Identity", "shifts dims", "roll");
    same("Identity", "dims", "flip");
    same("Where", "mask value", "masked_fill");
    same("Trilu", "diagonal", "triu", "tril");
    for (String name :
        new String[] {
          "contiguous",
          "clone",
          "detach",
          "cuda",
          "cpu",
          "float",
          "half",
          "double",
          "long",
          "int",
          "bool",
          "to",
          "type",
          "type_as",
          "requires_grad_",
          "bfloat16",
          "pin_memory",
          "channels_last",
          "normal_",
          "zero_",
          "fill_",
          "uniform_",
          "copy_",
          "retain_grad",
          "zeros_like",
          "ones_like",
          "rand_like",
          "randn_like",
          "empty_like",
          "full_like",
          "detach_",
          "bernoulli"
        }) {
      ALL.put(
          name, (trace, args) -> first(args, name)); // the same shape, and no step worth showing
    }
  }

  private static void shapes() {
    for (String name : new String[] {"view", "reshape"}) {
      ALL.put(name, (trace, args) -> Rules.reshape(name, first(args, name), sizes(args, name)));
    }
    for (String name : new String[] {"view_as", "reshape_as", "expand_as"}) {
      add(
          name,
          "input other",
          (trace, a) ->
              name.equals("expand_as")
                  ? expand(x(a), tensor(a, "other").known())
                  : Rules.reshape(name, x(a), tensor(a, "other").known()));
    }
    ALL.put(
        "permute",
        (t, args) -> Rules.permute("permute", first(args, "permute"), sizes(args, "permute")));
    ALL.put("expand", (t, args) -> expand(first(args, "expand"), sizes(args, "expand")));
    ALL.put("repeat", (t, args) -> tile(first(args, "repeat"), sizes(args, "repeat")));
    ALL.put("tile", (t, args) -> tile(first(args, "tile"), sizes(args, "tile")));
    ALL.put("broadcast_to", (t, args) -> expand(first(args, "expand"), sizes(args, "expand")));
    for (String name : new String[] {"transpose", "swapaxes", "swapdims"}) {
      add(
          name,
          "input dim0 dim1",
          (t, a) -> Rules.transpose(x(a), a.integer("dim0"), a.integer("dim1")));
    }
    add("t", "input", (t, a) -> x(a).rank() < 2 ? x(a) : Rules.transpose(x(a), -2, -1));
    add(
        "flatten",
        "input start_dim end_dim",
        (t, a) ->
            Rules.flatten("flatten", x(a), a.integer("start_dim", 0), a.integer("end_dim", -1)));
    add("ravel", "input", (t, a) -> Rules.flatten("ravel", x(a), 0, -1));
    ALL.put(
        "unflatten",
        (t, args) -> {
          Bound a = new Bound("unflatten", "input dim sizes", args);
          return unflatten(x(a), a.integer("dim"), a.integers("sizes"));
        });
    add(
        "squeeze",
        "input dim",
        (t, a) -> Rules.squeeze(x(a), a.has("dim") ? a.integers("dim") : null));
    add("unsqueeze", "input dim", (t, a) -> Rules.unsqueeze(x(a), a.integer("dim")));
    add("movedim", "input source destination", (t, a) -> moved(x(a), a));
    for (String name : new String[] {"cat", "concat", "concatenate"}) {
      add(
          name,
          "tensors dim axis",
          (t, a) -> Rules.cat(tensors(a), a.integer("dim", a.integer("axis", 0))));
    }
    for (String name : new String[] {"stack", "hstack", "vstack"}) {
      add(
          name,
          "tensors dim",
          (t, a) -> {
            List<Tensor> all = new ArrayList<>();
            for (Tensor each : tensors(a)) {
              all.add(name.equals("stack") ? Rules.unsqueeze(each, a.integer("dim", 0)) : each);
            }
            return Rules.cat(all, name.equals("hstack") ? 1 : a.integer("dim", 0));
          });
    }
    add(
        "chunk",
        "input chunks dim",
        (t, a) -> {
          long[] in = x(a).known();
          int axis = Rules.axis("chunk", a.integer("dim", 0), in.length);
          long each = (in[axis] + a.positive("chunks") - 1) / a.positive("chunks");
          return Rules.split("chunk", x(a), axis, equal(in[axis], each));
        });
    for (String name : new String[] {"split", "tensor_split", "split_with_sizes"}) {
      add(name, "input split_size_or_sections dim", (t, a) -> split(name, x(a), a));
    }
    add(
        "unbind",
        "input dim",
        (t, a) -> {
          int axis = Rules.axis("unbind", a.integer("dim", 0), x(a).rank());
          List<Object> parts = new ArrayList<>();
          for (long i = 0; i < Math.min(4096, x(a).known()[axis]); i++) {
            parts.add(Rules.squeeze(Rules.narrow("unbind", x(a), axis, 1), new long[] {axis}));
          }
          return Items.tuple(parts);
        });
    add(
        "narrow",
        "input dim start length",
        (t, a) -> {
          int axis = Rules.axis("narrow", a.integer("dim"), x(a).rank());
          return Rules.narrow("narrow", x(a), axis, a.integer("length"));
        });
    add(
        "select",
        "input dim index",
        (t, a) -> {
          int axis = Rules.axis("select", a.integer("dim"), x(a).rank());
          return Rules.squeeze(Rules.narrow("select", x(a), axis, 1), new long[] {axis});
        });
    ALL.put(
        "size",
        (t, args) -> {
          Bound a = new Bound("size", "input dim", args);
          Items all = Rules.sizes(x(a).known());
          return a.has("dim") ? all.get(Rules.axis("size", a.integer("dim"), all.size())) : all;
        });
    add("dim", "input", (t, a) -> (long) x(a).rank());
    add("ndimension", "input", (t, a) -> (long) x(a).rank());
    add("numel", "input", (t, a) -> Rules.count(x(a).known()));
    add("nelement", "input", (t, a) -> Rules.count(x(a).known()));
    add("is_floating_point", "input", (t, a) -> true);
    add("is_contiguous", "input memory_format", (t, a) -> true);
    add("size_of", "input", (t, a) -> x(a));
  }

  private static List<Tensor> tensors(Bound a) {
    List<Tensor> all = new ArrayList<>();
    if (a.get("tensors") instanceof Items items) {
      for (Object item : items.all) {
        if (!(item instanceof Tensor tensor)) {
          throw a.problem(Bound.text(item) + " is no tensor; give a list of tensors");
        }
        all.add(tensor);
      }
      return all;
    }
    throw a.problem(Bound.text(a.get("tensors")) + "; give a list of tensors");
  }

  private static List<Long> equal(long length, long each) {
    List<Long> sizes = new ArrayList<>();
    for (long rest = length; rest > 0 && sizes.size() < 4096; rest -= each) {
      sizes.add(Math.min(each, rest));
    }
    return sizes;
  }

  private static Object split(String name, Tensor x, Bound a) {
    long[] in = x.known();
    int axis = Rules.axis(name, a.integer("dim", 0), in.length);
    if (a.get("split_size_or_sections") instanceof Long each) {
      if (each < 1) {
        throw a.problem("parts of " + each + "; use 1 or more");
      }
      boolean sections = name.equals("tensor_split");
      return Rules.split(
          name, x, axis, equal(in[axis], sections ? (in[axis] + each - 1) / each : each));
    }
    List<Long> sizes = new ArrayList<>();
    long sum = 0;
    for (long size : a.integers("split_size_or_sections")) {
      sizes.add(size);
      sum += size;
    }
    if (sum != in[axis]) {
      throw a.problem(
          "the parts add up to " + sum + ", but the axis has " + in[axis] + "; make them equal");
    }
    return Rules.split(name, x, axis, sizes);
  }

  static Tensor unflatten(Tensor x, long dim, long[] sizes) {
    long[] in = x.known();
    int axis = Rules.axis("unflatten", dim, in.length);
    long[] out = Rules.joined(Arrays.copyOf(in, axis), sizes);
    return Rules.reshape(
        "unflatten", x, Rules.joined(out, Arrays.copyOfRange(in, axis + 1, in.length)));
  }

  static Tensor glu(Tensor x, long dim) {
    long[] in = x.known();
    int axis = Rules.axis("GLU", dim, in.length);
    if (in[axis] % 2 != 0) {
      throw Rules.problem("GLU", "the axis of " + in[axis] + " cannot be halved; make it even");
    }
    return Rules.narrow("GLU", x, axis, in[axis] / 2);
  }

  private static Tensor expand(Tensor x, long[] sizes) {
    long[] in = x.known();
    long[] out = sizes.clone();
    for (int i = 0; i < out.length; i++) {
      int from = i - (out.length - in.length);
      long old = from < 0 ? 1 : in[from];
      out[i] = out[i] == -1 ? old : out[i];
      if (old != 1 && out[i] != old) {
        throw Rules.problem(
            "expand",
            Sizes.text(in)
                + " to "
                + Sizes.text(sizes)
                + ": only an axis of 1 can grow; keep "
                + old);
      }
    }
    return x.trace.step("Expand", out, 0, null, x);
  }

  private static Tensor tile(Tensor x, long[] times) {
    long[] in = x.known();
    int rank = Math.max(in.length, times.length);
    long[] out = new long[rank];
    for (int i = 0; i < rank; i++) {
      int p = i - (rank - in.length);
      int q = i - (rank - times.length);
      out[i] = Sizes.product(p < 0 ? 1 : in[p], q < 0 ? 1 : times[q]);
    }
    return x.trace.step("Tile", out, 0, null, x);
  }

  private static Tensor moved(Tensor x, Bound a) {
    int rank = x.rank();
    int from = Rules.axis("movedim", a.integers("source")[0], rank);
    int to = Rules.axis("movedim", a.integers("destination")[0], rank);
    List<Long> order = new ArrayList<>();
    for (long i = 0; i < rank; i++) {
      if (i != from) {
        order.add(i);
      }
    }
    order.add(to, (long) from);
    long[] axes = new long[rank];
    for (int i = 0; i < rank; i++) {
      axes[i] = order.get(i);
    }
    return Rules.permute("movedim", x, axes);
  }

  private static void reductions() {
    for (String[] each :
        new String[][] {
          {"mean", "ReduceMean"}, {"sum", "ReduceSum"}, {"amax", "ReduceMax"},
          {"amin", "ReduceMin"}, {"prod", "ReduceProd"}, {"std", "ReduceStd"},
          {"var", "ReduceVar"}, {"logsumexp", "ReduceLogSumExp"}, {"argmax", "ArgMax"},
          {"argmin", "ArgMin"}, {"any", "ReduceMax"}, {"all", "ReduceMin"}
        }) {
      add(
          each[0],
          "input dim keepdim * unbiased correction dtype axis",
          (t, a) -> reduced(each[1], a));
    }
    add("norm", "input p dim keepdim dtype", (t, a) -> reduced("ReduceL2", a));
    for (String name : new String[] {"max", "min"}) {
      add(
          name,
          "input dim keepdim",
          (t, a) -> {
            String operator = name.equals("max") ? "ReduceMax" : "ReduceMin";
            if (a.has("dim") && a.get("dim") instanceof Tensor other) {
              return Rules.broadcast(operator, x(a), other);
            }
            Tensor y = reduced(operator, a);
            return a.has("dim") ? Items.tuple(List.of(y, y)) : y;
          });
    }
    add(
        "topk",
        "input k dim largest sorted",
        (t, a) -> {
          int axis = Rules.axis("topk", a.integer("dim", -1), x(a).rank());
          Tensor y = Rules.narrow("topk", x(a), axis, a.integer("k"));
          return Items.tuple(List.of(y, y));
        });
    add("item", "input", (t, a) -> x(a));
    add("tolist", "input", (t, a) -> x(a));
  }

  private static Tensor reduced(String operator, Bound a) {
    String dim = a.has("axis") ? "axis" : "dim";
    return Rules.reduce(
        operator, x(a), a.has(dim) ? a.integers(dim) : null, a.flag("keepdim", false));
  }

  private static void arithmetic() {
    for (String[] each :
        new String[][] {
          {"add", "Add"},
          {"sub", "Sub"},
          {"mul", "Mul"},
          {"div", "Div"},
          {"pow", "Pow"},
          {"subtract", "Sub"},
          {"multiply", "Mul"},
          {"divide", "Div"},
          {"true_divide", "Div"},
          {"maximum", "Max"},
          {"minimum", "Min"},
          {"floor_divide", "Div"},
          {"eq", "Compare"},
          {"ne", "Compare"},
          {"lt", "Compare"},
          {"gt", "Compare"},
          {"le", "Compare"},
          {"ge", "Compare"},
          {"logical_and", "And"},
          {"logical_or", "Or"}
        }) {
      Body body =
          (t, a) -> {
            if (a.get("input") instanceof Tensor x) {
              return Rules.broadcast(each[1], x, a.get("other"));
            }
            return Rules.broadcast(each[1], tensor(a, "other"), a.get("input"));
          };
      add(each[0], "input other * alpha rounding_mode", body);
      add(each[0] + "_", "input other * alpha rounding_mode", body);
    }
    for (String name : new String[] {"matmul", "bmm", "mm", "mv", "dot"}) {
      add(
          name,
          "input other mat2",
          (t, a) -> Rules.matmul(x(a), tensor(a, a.has("mat2") ? "mat2" : "other")));
    }
    add(
        "addmm",
        "input mat1 mat2 * beta alpha",
        (t, a) -> Rules.broadcast("Add", Rules.matmul(tensor(a, "mat1"), tensor(a, "mat2")), x(a)));
    add("lerp", "input end weight", (t, a) -> Rules.broadcast("Add", x(a), tensor(a, "end")));
    add(
        "where",
        "condition input other",
        (t, a) -> {
          Tensor y = tensor(a, "condition");
          for (String name : new String[] {"input", "other"}) {
            y = a.has(name) ? Rules.broadcast("Where", y, a.get(name)) : y;
          }
          return y;
        });
    ALL.put("einsum", Functions::einsum);
    for (String name : new String[] {"FloatFunctional.add", "add_relu"}) {
      add(name, "input other", (t, a) -> Rules.broadcast("Add", x(a), a.get("other")));
    }
  }

  private static Object einsum(Trace trace, Args args) {
    Object rule = args.positional().isEmpty() ? "" : args.positional().get(0);
    List<Object> given = args.positional().subList(1, args.positional().size());
    if (given.size() == 1 && given.get(0) instanceof Items items) {
      given = items.all;
    }
    String text = rule instanceof String word ? word.replace(" ", "") : "";
    int arrow = text.indexOf("->");
    Map<Character, Long> sizes = new HashMap<>();
    String left = arrow < 0 ? text : text.substring(0, arrow);
    int from = 0;
    Tensor[] inputs = new Tensor[given.size()];
    for (int i = 0; i < inputs.length; i++) {
      int comma = left.indexOf(',', from);
      String letters = left.substring(from, comma < 0 ? left.length() : comma);
      from = comma < 0 ? left.length() : comma + 1;
      if (!(given.get(i) instanceof Tensor x) || x.rank() != letters.length()) {
        throw Rules.problem(
            "einsum",
            "“" + letters + "” and " + Bound.text(given.get(i)) + "; give a letter an axis");
      }
      inputs[i] = x;
      for (int k = 0; k < letters.length(); k++) {
        Long before = sizes.put(letters.charAt(k), x.known()[k]);
        if (before != null && before != x.known()[k]) {
          throw Rules.problem(
              "einsum",
              "“"
                  + letters.charAt(k)
                  + "” is "
                  + before
                  + " and "
                  + x.known()[k]
                  + "; make them equal");
        }
      }
    }
    String right = arrow < 0 ? "" : text.substring(arrow + 2);
    long[] out = new long[right.length()];
    for (int i = 0; i < out.length; i++) {
      out[i] = sizes.getOrDefault(right.charAt(i), 1L);
    }
    long macs = 1;
    for (long size : sizes.values()) {
      macs = Sizes.product(macs, size);
    }
    return trace.step("Einsum", out, inputs.length > 1 ? macs : 0, null, inputs);
  }

  private static void made() {
    for (String name : new String[] {"zeros", "ones", "rand", "randn", "empty"}) {
      ALL.put(
          name,
          (t, args) -> {
            Object all =
                args.positional().size() == 1 && args.positional().get(0) instanceof Items
                    ? args.positional().get(0)
                    : Items.tuple(args.positional());
            long[] sizes = Bound.integersOf(args.named().getOrDefault("size", all));
            if (sizes == null) {
              throw Rules.problem(name, Bound.text(all) + " are no sizes; give whole numbers");
            }
            return new Tensor(t, sizes, -1);
          });
    }
    for (String name : new String[] {"new_zeros", "new_ones", "new_empty"}) {
      ALL.put(name, (t, args) -> new Tensor(t, sizes(args, name), -1));
    }
    add("full", "size fill_value * dtype device", (t, a) -> new Tensor(t, a.integers("size"), -1));
    for (String name : new String[] {"randint"}) {
      ALL.put(
          name,
          (t, args) -> {
            for (Object each : args.positional()) {
              if (each instanceof Items size && Bound.integersOf(size) != null) {
                return new Tensor(t, Bound.integersOf(size), -1);
              }
            }
            throw Rules.problem(name, "no size is given; give a tuple");
          });
    }
    add(
        "arange",
        "start end step * dtype device",
        (t, a) -> {
          double from = a.has("end") ? a.number("start", 0) : 0;
          double to = a.has("end") ? a.number("end", 0) : a.number("start", 0);
          double count = Math.ceil((to - from) / a.number("step", 1));
          return new Tensor(t, new long[] {(long) Math.max(0, count)}, -1);
        });
    add(
        "linspace",
        "start end steps * dtype device",
        (t, a) -> new Tensor(t, new long[] {a.integer("steps")}, -1));
    add(
        "eye",
        "n m",
        (t, a) -> new Tensor(t, new long[] {a.integer("n"), a.integer("m", a.integer("n"))}, -1));
    for (String name : new String[] {"tensor", "as_tensor", "FloatTensor", "LongTensor"}) {
      add(name, "data * dtype device requires_grad", (t, a) -> constant(t, a.get("data")));
    }
    add(
        "Parameter",
        "data requires_grad",
        (t, a) -> {
          Tensor made = new Tensor(t, tensor(a, "data").known(), -1);
          made.parameter = true;
          return made;
        });
    add("Size", "sizes", (t, a) -> a.get("sizes"));
    for (String name :
        new String[] {"manual_seed", "set_grad_enabled", "no_grad", "inference_mode", "save"}) {
      ALL.put(name, (t, args) -> None.NONE);
    }
    add("device", "name index", (t, a) -> a.get("name"));
    add("is_available", "", (t, a) -> false);
  }

  private static Tensor constant(Trace trace, Object data) {
    List<Long> shape = new ArrayList<>();
    Object at = data;
    while (at instanceof Items items && shape.size() < 12) {
      shape.add((long) items.size());
      at = items.size() == 0 ? None.NONE : items.get(0);
    }
    if (at instanceof Tensor tensor) {
      return tensor;
    }
    long[] sizes = new long[shape.size()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = shape.get(i);
    }
    return new Tensor(trace, sizes, -1);
  }

  // ---- torch.nn.functional

  private static void windows(int n) {
    String d = n + "d";
    String max = "input kernel_size stride padding dilation ceil_mode return_indices";
    for (String name : new String[] {"max_pool" + d, "max_pool" + d + "_with_indices"}) {
      add(
          name,
          max,
          (t, a) -> {
            Window w = Modules.pool(name, a, n);
            Tensor y = Rules.pool(name, "MaxPool", x(a), w, a.flag("ceil_mode", false));
            boolean both = a.flag("return_indices", false) || name.endsWith("s");
            return both ? Items.tuple(List.of(y, y)) : y;
          });
    }
    add(
        "avg_pool" + d,
        "input kernel_size stride padding ceil_mode count_include_pad divisor_override",
        (t, a) ->
            Rules.pool(
                "avg_pool" + d,
                "AveragePool",
                x(a),
                Modules.pool("avg_pool" + d, a, n),
                a.flag("ceil_mode", false)));
    add(
        "lp_pool" + d,
        "input norm_type kernel_size stride ceil_mode",
        (t, a) ->
            Rules.pool(
                "lp_pool" + d,
                "LpPool",
                x(a),
                Modules.pool("lp_pool" + d, a, n),
                a.flag("ceil_mode", false)));
    add(
        "adaptive_avg_pool" + d,
        "input output_size",
        (t, a) -> Rules.adaptive("adaptive_avg_pool" + d, false, x(a), Modules.adaptive(a, n)));
    add(
        "adaptive_max_pool" + d,
        "input output_size return_indices",
        (t, a) -> Rules.adaptive("adaptive_max_pool" + d, true, x(a), Modules.adaptive(a, n)));
    add(
        "conv" + d,
        "input weight bias stride padding dilation groups",
        (t, a) -> {
          long[] weight = tensor(a, "weight").known();
          long[] kernel = kernel(a, weight, n);
          Window w = Modules.window("conv" + d, a, kernel);
          return Rules.conv("conv" + d, x(a), weight, a.integer("groups", 1), w, "zeros");
        });
    add(
        "conv_transpose" + d,
        "input weight bias stride padding output_padding groups dilation",
        (t, a) -> {
          long[] weight = tensor(a, "weight").known();
          Window w = Modules.spread(Modules.window("conv_transpose" + d, a, kernel(a, weight, n)));
          return Rules.transposed(
              "conv_transpose" + d,
              x(a),
              weight,
              a.integer("groups", 1),
              w,
              a.axes("output_padding", n, 0));
        });
  }

  private static long[] kernel(Bound a, long[] weight, int n) {
    if (weight.length != n + 2) {
      throw a.problem("the weight is " + Sizes.text(weight) + "; give " + (n + 2) + " axes");
    }
    return Arrays.copyOfRange(weight, 2, weight.length);
  }

  private static void networks() {
    add(
        "linear",
        "input weight bias",
        (t, a) -> Rules.linear("linear", x(a), tensor(a, "weight").known()));
    add(
        "batch_norm",
        "input running_mean running_var weight bias training momentum eps",
        (t, a) -> Rules.same("BatchNormalization", x(a)));
    add(
        "instance_norm",
        "input running_mean running_var weight bias use_input_stats momentum eps",
        (t, a) -> Rules.instanceNorm("instance_norm", x(a), x(a).rank() - 2, 0));
    add(
        "group_norm",
        "input num_groups weight bias eps",
        (t, a) -> Rules.groupNorm("group_norm", x(a), a.positive("num_groups"), 0));
    for (String name : new String[] {"layer_norm", "rms_norm"}) {
      add(
          name,
          name.equals("layer_norm")
              ? "input normalized_shape weight bias eps"
              : "input normalized_shape weight eps",
          (t, a) -> Rules.layerNorm(name, x(a), a.integers("normalized_shape")));
    }
    for (String name :
        new String[] {"interpolate", "upsample", "upsample_nearest", "upsample_bilinear"}) {
      add(
          name,
          "input size scale_factor mode align_corners recompute_scale_factor antialias",
          (t, a) -> {
            long[] size = a.has("size") ? a.integers("size") : null;
            return Rules.resize(name, x(a), size, size == null ? scales(a) : null);
          });
    }
    add(
        "pad",
        "input pad mode value",
        (t, a) -> Rules.pad("pad", a.text("mode", "constant"), x(a), a.integers("pad")));
    add(
        "pixel_shuffle",
        "input upscale_factor",
        (t, a) -> Rules.shuffle("pixel_shuffle", x(a), a.positive("upscale_factor"), false));
    add(
        "pixel_unshuffle",
        "input downscale_factor",
        (t, a) -> Rules.shuffle("pixel_unshuffle", x(a), a.positive("downscale_factor"), true));
    add("channel_shuffle", "input groups", (t, a) -> Rules.same("ChannelShuffle", x(a)));
    add("glu", "input dim", (t, a) -> glu(x(a), a.integer("dim", -1)));
    add("unfold", "input kernel_size dilation padding stride", (t, a) -> unfold(x(a), a));
    add(
        "one_hot",
        "input num_classes",
        (t, a) ->
            t.step(
                "OneHot",
                Rules.joined(x(a).known(), new long[] {a.integer("num_classes")}),
                0,
                null,
                x(a)));
    add(
        "embedding",
        "input weight",
        (t, a) -> {
          long[] weight = tensor(a, "weight").known();
          long[] last = {weight[weight.length - 1]};
          return t.step("Gather", Rules.joined(x(a).known(), last), 0, null, x(a));
        });
    add(
        "scaled_dot_product_attention",
        "query key value attn_mask dropout_p is_causal * scale enable_gqa",
        (t, a) -> {
          Tensor q = tensor(a, "query");
          Tensor scores = Rules.matmul(q, Rules.transpose(tensor(a, "key"), -2, -1));
          return Rules.matmul(Rules.same("Softmax", scores), tensor(a, "value"));
        });
    for (String name :
        new String[] {"cross_entropy", "mse_loss", "nll_loss", "binary_cross_entropy", "l1_loss"}) {
      ALL.put(name, (t, args) -> t.step("Loss", new long[0], 0, null, first(args, name)));
    }
  }

  static double[] scales(Bound a) {
    Object given = a.get("scale_factor");
    List<Object> all = given instanceof Items items ? items.all : List.of(given);
    double[] scale = new double[all.size()];
    for (int i = 0; i < scale.length; i++) {
      if (!(all.get(i) instanceof Number number)) {
        throw a.problem("scale_factor is " + Bound.text(given) + "; give a number");
      }
      scale[i] = number.doubleValue();
    }
    return scale;
  }

  /** The windows of an image as columns. */
  static Tensor unfold(Tensor x, Bound a) {
    long[] kernel = a.axes("kernel_size", 2);
    long[] padding = a.axes("padding", 2, 0);
    long[] in = x.known();
    if (in.length != 4) {
      throw a.problem("the input " + Sizes.text(in) + " has not 4 axes; give (N, C, H, W)");
    }
    long[] dilation = a.axes("dilation", 2, 1);
    long[] stride = a.axes("stride", 2, 1);
    long places = 1;
    for (int i = 0; i < 2; i++) {
      long span = dilation[i] * (kernel[i] - 1) + 1;
      if (span > in[2 + i] + 2 * padding[i]) {
        throw a.problem(
            "the window " + span + " is larger than the padded input; use a smaller one");
      }
      places *= (in[2 + i] + 2 * padding[i] - span) / stride[i] + 1;
    }
    long[] out = {in[0], Sizes.product(in[1], kernel[0], kernel[1]), places};
    return x.trace.step("Im2col", out, 0, null, x);
  }
}
