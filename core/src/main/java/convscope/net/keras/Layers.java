package convscope.net.keras;

import convscope.net.graph.Graph;
import convscope.net.graph.Graph.Window;
import convscope.net.graph.Sizes;
import convscope.net.script.Bound;
import convscope.net.script.Items;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The layers of keras.layers, with Keras' names, order and defaults of arguments (Keras 3). */
final class Layers {
  /** What a layer does; it learns its input's size when it is first used. */
  interface Body {
    Symbol of(Use use, Symbol x);
  }

  /** A layer at work: its settings, its line, and the parameters that it makes. */
  static final class Use {
    final Bound a;
    final int line;
    private long parameters = -1;

    Use(Bound a, int line) {
      this.a = a;
      this.line = line;
    }

    /** Says how many numbers it learns or keeps; the first use decides. */
    void learns(long count) {
      parameters = parameters < 0 ? count : parameters;
    }

    long parameters() {
      return Math.max(0, parameters);
    }
  }

  record Kind(String signature, Body body) {}

  private static final String COMMON =
      " * name dtype trainable data_format input_shape input_dim kernel_initializer"
          + " bias_initializer kernel_regularizer bias_regularizer activity_regularizer"
          + " kernel_constraint bias_constraint depthwise_initializer pointwise_initializer"
          + " depthwise_regularizer pointwise_regularizer depthwise_constraint"
          + " pointwise_constraint batch_input_shape autocast";

  static final Map<String, Kind> ALL = new HashMap<>();

  private Layers() {}

  private static void add(String name, String signature, Body body) {
    ALL.put(name, new Kind(signature + COMMON, body));
  }

  private static void same(String operator, String signature, String... names) {
    for (String name : names) {
      add(name, signature, (use, x) -> x.then(operator, use.line, x.shape(), 0, null));
    }
  }

  static {
    same("Relu", "max_value negative_slope threshold", "ReLU");
    same("LeakyRelu", "negative_slope alpha", "LeakyReLU");
    same("Elu", "alpha", "ELU");
    same("Softmax", "axis", "Softmax");
    same("Activation", "activation", "Activation");
    same("Dropout", "rate noise_shape seed", "Dropout", "AlphaDropout", "GaussianDropout");
    same("Dropout", "rate", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D");
    same("Noise", "stddev seed", "GaussianNoise");
    same("Identity", "", "Identity", "ActivityRegularization");
    same("Mul", "scale offset", "Rescaling");
    same("Mul", "axis mean variance invert", "Normalization");
    same(
        "Augment",
        "a b c d e f g",
        "RandomFlip",
        "RandomRotation",
        "RandomZoom",
        "RandomTranslation",
        "RandomContrast",
        "RandomBrightness");
    norms();
    dense();
    for (int n = 1; n <= 3; n++) {
      windows(n);
      shapes(n);
    }
    for (String name :
        new String[] {"Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"}) {
      add(name, "", (use, x) -> x);
    }
    add("Concatenate", "axis", (use, x) -> x);
  }

  private static long last(long[] shape) {
    return shape[shape.length - 1];
  }

  private static long[] channels(long[] shape, long channels) {
    long[] out = shape.clone();
    out[out.length - 1] = channels;
    return out;
  }

  private static IllegalArgumentException problem(Use use, String sentence) {
    return use.a.problem(sentence);
  }

  private static long[] image(Use use, Symbol x, int n) {
    long[] in = x.known();
    if (use.a.text("data_format", "channels_last").equals("channels_first")) {
      throw problem(use, "channels_first is not followed here; put the channels last");
    }
    if (in.length != n + 2) {
      throw problem(
          use,
          "the input "
              + Sizes.text(in)
              + " has "
              + in.length
              + " axes; give "
              + (n + 2)
              + ", the batch first and the channels last");
    }
    return in;
  }

  private static void norms() {
    add(
        "BatchNormalization",
        "axis momentum epsilon center scale beta_initializer gamma_initializer"
            + " moving_mean_initializer moving_variance_initializer beta_regularizer"
            + " gamma_regularizer beta_constraint gamma_constraint synchronized",
        (use, x) -> {
          if (x.shape() != null) {
            int each =
                (use.a.flag("center", true) ? 1 : 0) + (use.a.flag("scale", true) ? 1 : 0) + 2;
            use.learns(Sizes.product(each, axis(use, x, "axis", -1)));
          }
          return x.then("BatchNormalization", use.line, x.shape(), 0, null);
        });
    add(
        "LayerNormalization",
        "axis epsilon center scale rms_scaling",
        (use, x) -> {
          if (x.shape() != null) {
            int each = (use.a.flag("center", true) ? 1 : 0) + (use.a.flag("scale", true) ? 1 : 0);
            long size = 1;
            long[] axes = use.a.has("axis") ? use.a.integers("axis") : new long[] {-1};
            for (long axis : axes) {
              size = Sizes.product(size, x.shape()[place(use, axis, x.shape().length)]);
            }
            use.learns(Sizes.product(each, size));
          }
          return x.then("LayerNormalization", use.line, x.shape(), 0, null);
        });
    add(
        "GroupNormalization",
        "groups axis epsilon center scale",
        (use, x) -> {
          long groups = use.a.integer("groups", 32);
          long count = axis(use, x, "axis", -1);
          groups = groups == -1 ? count : groups;
          if (groups < 1 || count % groups != 0) {
            throw problem(use, count + " channels in " + groups + " groups; use a divisor");
          }
          use.learns(Sizes.product(2, count));
          return x.then("GroupNormalization", use.line, x.shape(), 0, null);
        });
    add(
        "PReLU",
        "alpha_initializer alpha_regularizer alpha_constraint shared_axes",
        (use, x) -> {
          long[] in = x.known().clone();
          if (use.a.has("shared_axes")) {
            for (long axis : use.a.integers("shared_axes")) {
              in[place(use, axis, in.length)] = 1;
            }
          }
          use.learns(Sizes.product(in, 1, in.length));
          return x.then("PRelu", use.line, x.shape(), 0, null);
        });
  }

  private static long axis(Use use, Symbol x, String name, long otherwise) {
    long[] in = x.known();
    return in[place(use, use.a.integer(name, otherwise), in.length)];
  }

  private static int place(Use use, long axis, int rank) {
    if (axis < -rank || axis >= rank) {
      throw problem(use, "axis " + axis + " of " + rank + "; use " + -rank + " to " + (rank - 1));
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }

  private static void dense() {
    add(
        "Dense",
        "units activation use_bias",
        (use, x) -> {
          long units = use.a.positive("units");
          if (x.shape() == null) {
            return x.then("Gemm", use.line, null, 0, null);
          }
          long in = last(x.shape());
          use.learns(Sizes.product(in + (use.a.flag("use_bias", true) ? 1 : 0), units));
          long[] out = channels(x.shape(), units);
          return x.then(
              "Gemm", use.line, out, Sizes.product(Sizes.product(out, 0, out.length), in), null);
        });
    add(
        "Embedding",
        "input_dim output_dim embeddings_initializer embeddings_regularizer embeddings_constraint"
            + " mask_zero weights lora_rank",
        (use, x) -> {
          long dim = use.a.positive("output_dim");
          use.learns(Sizes.product(use.a.positive("input_dim"), dim));
          long[] out = Arrays.copyOf(x.known(), x.known().length + 1);
          out[out.length - 1] = dim;
          return x.then("Gather", use.line, out, 0, null);
        });
    add(
        "Flatten",
        "",
        (use, x) -> {
          long[] in = x.known();
          long[] out = {in[0], Sizes.product(in, 1, in.length)};
          return x.then("Flatten", use.line, out, 0, null);
        });
    add(
        "Reshape",
        "target_shape",
        (use, x) -> {
          long[] target = use.a.integers("target_shape");
          long[] in = x.known();
          long count = Sizes.product(in, 1, in.length);
          long product = 1;
          int free = -1;
          for (int i = 0; i < target.length; i++) {
            free = target[i] < 0 ? i : free;
            product = target[i] < 0 ? product : Sizes.product(product, target[i]);
          }
          if (free >= 0 ? product == 0 || count % product != 0 : count != product) {
            throw problem(
                use,
                count
                    + " numbers of "
                    + Sizes.text(in)
                    + " do not fill "
                    + Sizes.text(target)
                    + "; make the products equal");
          }
          long[] out = new long[target.length + 1];
          out[0] = in[0];
          for (int i = 0; i < target.length; i++) {
            out[i + 1] = i == free ? count / product : target[i];
          }
          return x.then("Reshape", use.line, out, 0, null);
        });
    add(
        "Permute",
        "dims",
        (use, x) -> {
          long[] dims = use.a.integers("dims");
          long[] in = x.known();
          long[] out = in.clone();
          if (dims.length != in.length - 1) {
            throw problem(
                use, dims.length + " axes for " + Sizes.text(in) + "; give all but the batch");
          }
          for (int i = 0; i < dims.length; i++) {
            out[i + 1] = in[place(use, dims[i], in.length)];
          }
          return x.then("Transpose", use.line, out, 0, null);
        });
    add(
        "RepeatVector",
        "n",
        (use, x) -> {
          long[] in = x.known();
          long[] out = {in[0], use.a.positive("n"), last(in)};
          return x.then("Expand", use.line, out, 0, null);
        });
  }

  // ---- windows, along n axes

  private static void windows(int n) {
    String d = n + "D";
    String conv =
        "filters kernel_size strides padding data_format dilation_rate groups activation use_bias";
    for (String name : new String[] {"Conv" + d, "Convolution" + d}) {
      add(name, conv, (use, x) -> conv(use, x, n));
    }
    for (String name : new String[] {"Conv" + d + "Transpose", "Convolution" + d + "Transpose"}) {
      add(
          name,
          "filters kernel_size strides padding output_padding data_format dilation_rate activation"
              + " use_bias",
          (use, x) -> transposed(use, x, n));
    }
    add(
        "DepthwiseConv" + d,
        "kernel_size strides padding depth_multiplier data_format dilation_rate activation use_bias",
        (use, x) -> {
          long[] in = image(use, x, n);
          Window w = window(use, in, n);
          long multiplier = use.a.integer("depth_multiplier", 1);
          long out = Sizes.product(last(in), multiplier);
          long taps = Sizes.product(w.kernel(), 0, n);
          use.learns(Sizes.sum(Sizes.product(taps, out), use.a.flag("use_bias", true) ? out : 0));
          long[] shape = slid(use, in, w, out);
          return x.then(
              "Conv",
              use.line,
              shape,
              Sizes.product(taps, Sizes.product(shape, 0, shape.length)),
              w);
        });
    add(
        "SeparableConv" + d,
        "filters kernel_size strides padding data_format dilation_rate depth_multiplier activation"
            + " use_bias",
        (use, x) -> {
          long[] in = image(use, x, n);
          Window w = window(use, in, n);
          long middle = Sizes.product(last(in), use.a.integer("depth_multiplier", 1));
          long out = use.a.positive("filters");
          long taps = Sizes.product(w.kernel(), 0, n);
          use.learns(
              Sizes.sum(
                  Sizes.sum(Sizes.product(taps, middle), Sizes.product(middle, out)),
                  use.a.flag("use_bias", true) ? out : 0));
          long[] shape = slid(use, in, w, out);
          long places = Sizes.product(shape, 0, shape.length - 1);
          return x.then(
              "Conv",
              use.line,
              shape,
              Sizes.sum(Sizes.product(places, taps, middle), Sizes.product(places, middle, out)),
              w);
        });
    for (String name :
        new String[] {"MaxPooling" + d, "MaxPool" + d, "AveragePooling" + d, "AvgPool" + d}) {
      String operator = name.startsWith("Max") ? "MaxPool" : "AveragePool";
      add(
          name,
          "pool_size strides padding data_format",
          (use, x) -> {
            long[] in = image(use, x, n);
            Window w = window(use, in, n);
            return x.then(operator, use.line, slid(use, in, w, last(in)), 0, w);
          });
    }
    for (String name :
        new String[] {
          "GlobalAveragePooling" + d,
          "GlobalAvgPool" + d,
          "GlobalMaxPooling" + d,
          "GlobalMaxPool" + d
        }) {
      String operator = name.contains("Max") ? "GlobalMaxPool" : "GlobalAveragePool";
      add(
          name,
          "data_format keepdims",
          (use, x) -> {
            long[] in = image(use, x, n);
            long[] out = in.clone();
            Arrays.fill(out, 1, out.length - 1, 1);
            boolean keep = use.a.flag("keepdims", false);
            return x.then(operator, use.line, keep ? out : new long[] {in[0], last(in)}, 0, null);
          });
    }
  }

  /** Kernel, stride, dilation and padding; “same” pads less before than behind. */
  private static Window window(Use use, long[] in, int n) {
    Bound a = use.a;
    boolean pool = !a.has("kernel_size");
    long[] kernel = pool ? a.axes("pool_size", n, 2) : a.axes("kernel_size", n);
    long[] stride =
        a.has("strides") ? a.axes("strides", n) : pool ? kernel : a.axes("strides", n, 1);
    long[] dilation = a.axes("dilation_rate", n, 1);
    String padding = a.text("padding", "valid");
    if (!List.of("valid", "same", "VALID", "SAME", "causal").contains(padding)) {
      throw problem(use, "padding is '" + padding + "'; use 'valid' or 'same'");
    }
    long[] begin = new long[n];
    long[] end = new long[n];
    for (int i = 0; i < n; i++) {
      if (kernel[i] < 1 || stride[i] < 1 || dilation[i] < 1) {
        throw problem(use, "kernel, strides and dilation must be 1 or more; change them");
      }
      if (stride[i] > 1 && dilation[i] > 1) {
        throw problem(use, "strides and dilation_rate above 1 together; Keras takes one of them");
      }
      long span = dilation[i] * (kernel[i] - 1) + 1;
      if (padding.equals("causal")) {
        begin[i] = span - 1;
      } else if (padding.equals("same") || padding.equals("SAME")) {
        long out = (in[i + 1] + stride[i] - 1) / stride[i];
        long total = Math.max(0, (out - 1) * stride[i] + span - in[i + 1]);
        begin[i] = total / 2;
        end[i] = total - total / 2;
      }
    }
    return new Window(kernel, stride, begin, end, dilation, false);
  }

  private static long[] slid(Use use, long[] in, Window w, long channels) {
    long[] out = channels(in, channels);
    for (int i = 0; i < w.kernel().length; i++) {
      long span = w.dilation()[i] * (w.kernel()[i] - 1) + 1;
      long padded = in[i + 1] + w.begin()[i] + w.end()[i];
      if (span > padded) {
        throw problem(
            use,
            "the window spans "
                + span
                + ", more than the input's "
                + padded
                + " ("
                + Sizes.text(in)
                + "); use padding='same', a smaller window, or fewer strides before it");
      }
      out[i + 1] = (padded - span) / w.stride()[i] + 1;
    }
    return out;
  }

  private static Symbol conv(Use use, Symbol x, int n) {
    long[] in = image(use, x, n);
    long out = use.a.positive("filters");
    long groups = use.a.integer("groups", 1);
    if (groups < 1 || last(in) % groups != 0 || out % groups != 0) {
      throw problem(
          use,
          "input channels "
              + last(in)
              + " and filters "
              + out
              + " must be multiples of groups "
              + groups
              + "; change one of them");
    }
    Window w = window(use, in, n);
    long taps = Sizes.product(Sizes.product(w.kernel(), 0, n), last(in) / groups);
    use.learns(Sizes.sum(Sizes.product(taps, out), use.a.flag("use_bias", true) ? out : 0));
    long[] shape = slid(use, in, w, out);
    return x.then(
        "Conv", use.line, shape, Sizes.product(taps, Sizes.product(shape, 0, shape.length)), w);
  }

  private static Symbol transposed(Use use, Symbol x, int n) {
    long[] in = image(use, x, n);
    long out = use.a.positive("filters");
    long[] kernel = use.a.axes("kernel_size", n);
    long[] stride = use.a.axes("strides", n, 1);
    long[] dilation = use.a.axes("dilation_rate", n, 1);
    boolean same = use.a.text("padding", "valid").equals("same");
    long[] shape = channels(in, out);
    long[] begin = new long[n];
    long[] end = new long[n];
    for (int i = 0; i < n; i++) {
      long span = dilation[i] * (kernel[i] - 1) + 1;
      long whole = (in[i + 1] - 1) * stride[i] + span;
      if (use.a.has("output_padding")) {
        long more = use.a.axes("output_padding", n)[i];
        shape[i + 1] = whole - (same ? 2 * (span / 2) : 0) + more;
      } else {
        shape[i + 1] =
            same ? in[i + 1] * stride[i] : in[i + 1] * stride[i] + Math.max(span - stride[i], 0);
      }
      begin[i] = Math.max(0, whole - shape[i + 1]) / 2;
      end[i] = whole - shape[i + 1] - begin[i];
    }
    long weights = Sizes.product(Sizes.product(kernel, 0, n), last(in), out);
    use.learns(Sizes.sum(weights, use.a.flag("use_bias", true) ? out : 0));
    Window w = new Window(kernel, stride, begin, end, dilation, true);
    long macs = Sizes.product(weights, Sizes.product(in, 0, n + 1));
    return x.then("ConvTranspose", use.line, shape, macs, w);
  }

  private static void shapes(int n) {
    String d = n + "D";
    for (String name : new String[] {"ZeroPadding" + d, "Cropping" + d}) {
      boolean crop = name.startsWith("Crop");
      String argument = crop ? "cropping" : "padding";
      add(
          name,
          argument + " data_format",
          (use, x) -> {
            long[] in = image(use, x, n);
            long[] out = in.clone();
            for (int i = 0; i < n; i++) {
              long both = sides(use, argument, i, n);
              out[i + 1] += crop ? -both : both;
              if (out[i + 1] < 1) {
                throw problem(use, "nothing is left of " + Sizes.text(in) + "; crop less");
              }
            }
            return x.then(crop ? "Slice" : "Pad", use.line, out, 0, null);
          });
    }
    add(
        "UpSampling" + d,
        "size data_format interpolation",
        (use, x) -> {
          long[] in = image(use, x, n);
          long[] size = use.a.axes("size", n, 2);
          long[] out = in.clone();
          for (int i = 0; i < n; i++) {
            out[i + 1] = Sizes.product(in[i + 1], size[i]);
          }
          return x.then("Resize", use.line, out, 0, null);
        });
  }

  /** What is added or cut on both sides of an axis: a number, one an axis, or pairs. */
  private static long sides(Use use, String name, int axis, int n) {
    Object given = use.a.get(name, 1L);
    if (given instanceof Long all) {
      return 2 * all;
    }
    if (given instanceof Items items && (items.size() == n || n == 1 && items.size() == 2)) {
      if (n == 1 && items.size() == 2) {
        long[] pair = use.a.integers(name);
        return pair[0] + pair[1];
      }
      Object part = items.get(axis);
      long[] pair = Bound.integersOf(part);
      if (pair != null && pair.length <= 2) {
        return part instanceof Long ? 2 * pair[0] : pair[0] + pair[pair.length - 1];
      }
    }
    throw problem(use, name + " is " + Bound.text(given) + "; give a number, or one an axis");
  }

  // ---- several inputs

  /** The layers that take a list. */
  static Symbol joined(String name, Use use, List<Symbol> all) {
    return name.equals("Concatenate") ? concatenated(use, all) : merged(name, use.line, all);
  }

  /** An operator on several, shapes stretched as NumPy does. */
  static Symbol merged(String name, int line, List<Symbol> all) {
    long[] out = all.get(0).shape();
    for (Symbol each : all.subList(1, all.size())) {
      long[] shape = each.shape();
      out =
          out == null || shape == null
              ? null
              : Sizes.broadcast(
                  name,
                  out,
                  shape,
                  (axis, rank, x, y) -> "give both branches the same strides, padding and filters");
    }
    return step(name, line, all, out);
  }

  private static Symbol concatenated(Use use, List<Symbol> all) {
    long[] first = all.get(0).known();
    int axis = place(use, use.a.integer("axis", -1), first.length);
    long[] out = first.clone();
    for (Symbol each : all.subList(1, all.size())) {
      long[] shape = each.known();
      boolean fits = shape.length == out.length;
      for (int i = 0; fits && i < out.length; i++) {
        fits = i == axis || shape[i] == out[i];
      }
      if (!fits) {
        throw problem(
            use,
            Sizes.text(first)
                + " and "
                + Sizes.text(shape)
                + " differ elsewhere than in axis "
                + axis
                + "; crop or pad one, or use an input size that all strides divide");
      }
      out[axis] += shape[axis];
    }
    return step("Concat", use.line, all, out);
  }

  private static Symbol step(String operator, int line, List<Symbol> all, long @Nullable [] out) {
    int[] inputs = new int[all.size()];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = all.get(i).node();
    }
    Symbol first = all.get(0);
    int node = first.graph().add(new Graph.Node(operator, "", line, inputs, out, 0, null));
    return new Symbol(first.graph(), out, node);
  }

  /** The symbols of a value: one, or a list of them. */
  static List<Symbol> symbols(Object value) {
    List<Symbol> all = new ArrayList<>();
    if (value instanceof Symbol symbol) {
      all.add(symbol);
    } else if (value instanceof Items items) {
      for (Object item : items.all) {
        all.addAll(symbols(item));
      }
    }
    return all;
  }
}
