package convscope.net.text;

import convscope.net.AdaptivePool;
import convscope.net.BatchNorm;
import convscope.net.Conv;
import convscope.net.Dropout;
import convscope.net.Elementwise;
import convscope.net.Flatten;
import convscope.net.GroupNorm;
import convscope.net.Layer;
import convscope.net.LayerNorm;
import convscope.net.Linear;
import convscope.net.LocallyConnected;
import convscope.net.Network;
import convscope.net.PRelu;
import convscope.net.Padding;
import convscope.net.PixelShuffle;
import convscope.net.Pool;
import convscope.net.Residual;
import convscope.net.Softmax;
import convscope.net.Transposed;
import convscope.net.Upsample;
import convscope.net.text.Expression.Argument;
import convscope.net.text.Expression.Call;
import convscope.op.Conv2d;
import convscope.op.ConvTranspose2d;
import convscope.op.PaddingMode;
import convscope.op.PoolSpec;
import convscope.op.Unary;
import convscope.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * PyTorch code: {@code nn.Sequential(nn.Conv2d(1, 8, 5, padding=2), nn.ReLU(), …)}, with PyTorch's
 * names, order and defaults of arguments. Blocks may be nested, or named by an OrderedDict. {@code
 * Residual(body)} and {@code Residual(body, shortcut)}, which PyTorch lacks, add what two branches
 * give; {@code LocallyConnected2d(1, 8, 5, stride=2)}, which it lacks too, is a convolution that
 * shares no weights.
 */
public final class PyTorch {
  private static final double NORM_EPSILON = 1e-5;

  private final List<Network.Node> nodes = new ArrayList<>();

  private PyTorch() {}

  /**
   * The network of a text.
   *
   * @throws ReadException with line and column if the text is not understood
   */
  public static Network read(String text) {
    Expression whole = Python.read(text);
    PyTorch reader = new PyTorch();
    Call call = call(whole);
    if (call.shortName().equals("Sequential")) {
      reader.sequence("", call);
    } else {
      reader.add("0", whole);
    }
    if (reader.nodes.isEmpty()) {
      throw whole.problem("the network has no layers; give at least one");
    }
    return new Network(reader.nodes);
  }

  private static Call call(Expression expression) {
    if (expression.value() instanceof Call call) {
      return call;
    }
    throw expression.problem(expression.text() + " is no layer; write it as nn.ReLU()");
  }

  private void sequence(String prefix, Call call) {
    int number = 0;
    for (Argument argument : call.arguments()) {
      Expression value = argument.value();
      if (argument.keyword() != null) {
        throw value.problem(
            "Sequential: “" + argument.keyword() + "=”; give the layers one after the other");
      }
      if (value.value() instanceof Call dict && dict.shortName().equals("OrderedDict")) {
        for (Argument items : dict.arguments()) {
          number = list(prefix, items.value(), number);
        }
      } else if (value.value() instanceof List) {
        number = list(prefix, value, number);
      } else {
        add(prefix + number++, value);
      }
    }
  }

  /** Layers, or pairs of a name and a layer. */
  private int list(String prefix, Expression items, int first) {
    int number = first;
    for (Expression item : items.items()) {
      boolean named =
          item.value() instanceof List
              && item.items().size() == 2
              && item.items().get(0).value() instanceof String;
      if (named && item.items().get(0).value() instanceof String name) {
        add(prefix + name, item.items().get(1));
      } else {
        add(prefix + number++, item);
      }
    }
    return number;
  }

  private void add(String path, Expression value) {
    Call call = call(value);
    if (call.shortName().equals("Sequential")) {
      sequence(path + ".", call);
    } else {
      nodes.add(new Network.Node(path, layer(value, call), value.line()));
    }
  }

  private static List<Layer> branch(Expression value) {
    PyTorch reader = new PyTorch();
    reader.add("0", value);
    return new Network(reader.nodes).layers();
  }

  private static Layer layer(Expression at, Call call) {
    try {
      return made(at, call);
    } catch (ReadException e) {
      throw e;
    } catch (IllegalArgumentException e) { // an operator's own door
      throw at.problem(String.valueOf(e.getMessage()));
    }
  }

  private static Layer made(Expression at, Call call) {
    String name = call.shortName();
    return switch (name) {
      case "Conv2d" -> conv(at, call);
      case "ConvTranspose2d" -> transposed(at, call);
      case "Linear" -> {
        Arguments a = of(at, call, "in_features out_features bias device dtype");
        yield new Linear(
            positive(a, "in_features"), positive(a, "out_features"), a.flag("bias", true));
      }
      case "LocallyConnected2d" -> locallyConnected(at, call);
      case "BatchNorm2d" -> {
        Arguments a = of(at, call, "num_features eps momentum affine track_running_stats");
        yield new BatchNorm(
            positive(a, "num_features"),
            a.number("eps", NORM_EPSILON),
            a.number("momentum", 0.1),
            a.flag("affine", true),
            a.flag("track_running_stats", true));
      }
      case "GroupNorm" -> {
        Arguments a = of(at, call, "num_groups num_channels eps affine");
        yield new GroupNorm(
            positive(a, "num_groups"),
            positive(a, "num_channels"),
            a.number("eps", NORM_EPSILON),
            a.flag("affine", true));
      }
      case "InstanceNorm2d" -> {
        Arguments a = of(at, call, "num_features eps momentum affine track_running_stats");
        if (a.flag("track_running_stats", false)) {
          throw a.problem(
              "track_running_stats", "running statistics of single images; use BatchNorm2d");
        }
        yield new GroupNorm(
            0, positive(a, "num_features"), a.number("eps", NORM_EPSILON), a.flag("affine", false));
      }
      case "LayerNorm" -> {
        Arguments a = of(at, call, "normalized_shape eps elementwise_affine bias");
        yield new LayerNorm(
            Shape.of(a.integers("normalized_shape")),
            a.number("eps", NORM_EPSILON),
            a.flag("elementwise_affine", true),
            a.flag("bias", true));
      }
      case "MaxPool2d" -> {
        Arguments a = of(at, call, "kernel_size stride padding dilation return_indices ceil_mode");
        yield new Pool(true, pool(a).dilation(a.pair("dilation", 1)[0], a.pair("dilation", 1)[1]));
      }
      case "AvgPool2d" -> {
        Arguments a =
            of(at, call, "kernel_size stride padding ceil_mode count_include_pad divisor_override");
        if (a.has("divisor_override")) {
          throw a.problem("divisor_override", "a divisor of one's own is not supported; leave it");
        }
        yield new Pool(false, pool(a), a.flag("count_include_pad", true));
      }
      case "AdaptiveAvgPool2d", "AdaptiveMaxPool2d" -> {
        Arguments a = of(at, call, "output_size return_indices");
        int[] size = a.pairOrNone("output_size", 0);
        yield new AdaptivePool(name.equals("AdaptiveMaxPool2d"), size[0], size[1]);
      }
      case "Flatten" -> {
        Arguments a = of(at, call, "start_dim end_dim");
        yield new Flatten(a.integer("start_dim", 1), a.integer("end_dim", -1));
      }
      case "Dropout", "Dropout2d" -> {
        Arguments a = of(at, call, "p inplace");
        yield new Dropout(a.number("p", 0.5), name.equals("Dropout2d"));
      }
      case "Upsample", "UpsamplingNearest2d", "UpsamplingBilinear2d" -> upsample(at, call);
      case "ReflectionPad2d", "ReplicationPad2d", "CircularPad2d", "ZeroPad2d", "ConstantPad2d" ->
          padding(at, call);
      case "PixelShuffle" ->
          new PixelShuffle(positive(of(at, call, "upscale_factor"), "upscale_factor"), false);
      case "PixelUnshuffle" ->
          new PixelShuffle(positive(of(at, call, "downscale_factor"), "downscale_factor"), true);
      case "Softmax", "LogSoftmax" ->
          new Softmax(name.equals("LogSoftmax"), of(at, call, "dim").integer("dim", 1));
      case "PReLU" -> {
        Arguments a = of(at, call, "num_parameters init");
        yield new PRelu(a.integer("num_parameters", 1), a.number("init", 0.25));
      }
      case "Residual" -> {
        Arguments a = of(at, call, "body shortcut");
        if (!a.has("body")) {
          throw at.problem("Residual: “body” is missing; give the layers of the long branch");
        }
        yield new Residual(
            branch(a.at("body")), a.has("shortcut") ? branch(a.at("shortcut")) : List.of());
      }
      default -> activation(at, call);
    };
  }

  private static Layer activation(Expression at, Call call) {
    String name = call.shortName();
    return switch (name) {
      case "ReLU" -> simple(at, call, Unary.RELU);
      case "ReLU6" -> simple(at, call, Unary.hardTanh(0, 6));
      case "Tanh" -> simple(at, call, Unary.TANH);
      case "Sigmoid" -> simple(at, call, Unary.SIGMOID);
      case "SiLU" -> simple(at, call, Unary.SILU);
      case "Mish" -> simple(at, call, Unary.mish());
      case "Hardswish" -> simple(at, call, Unary.HARD_SWISH);
      case "Hardsigmoid" -> simple(at, call, Unary.hardSigmoid(1.0 / 6, 0.5));
      case "SELU" -> simple(at, call, Unary.selu());
      case "Softsign" -> simple(at, call, Unary.softsign());
      case "LogSigmoid" -> simple(at, call, Unary.logSigmoid());
      case "GELU" -> {
        Arguments a = of(at, call, "approximate");
        boolean tanh = a.word("approximate", "none", "none", "tanh").equals("tanh");
        yield new Elementwise(name, tanh ? Unary.GELU_TANH : Unary.GELU);
      }
      case "LeakyReLU" -> {
        Arguments a = of(at, call, "negative_slope inplace");
        yield new Elementwise(name, Unary.leakyRelu(a.number("negative_slope", 0.01)));
      }
      case "ELU" -> {
        Arguments a = of(at, call, "alpha inplace");
        yield new Elementwise(name, Unary.elu(a.number("alpha", 1)));
      }
      case "Hardtanh" -> {
        Arguments a = of(at, call, "min_val max_val inplace");
        yield new Elementwise(
            name, Unary.hardTanh(a.number("min_val", -1), a.number("max_val", 1)));
      }
      case "Softplus" -> {
        Arguments a = of(at, call, "beta threshold");
        if (a.number("beta", 1) != 1) {
          throw a.problem("beta", "only beta 1 is supported; leave it");
        }
        yield new Elementwise(name, Unary.SOFTPLUS);
      }
      case "Identity" -> new Elementwise(name, null);
      default ->
          throw at.problem(
              name
                  + " is not known here; use Conv2d, ConvTranspose2d, Linear, BatchNorm2d,"
                  + " GroupNorm, LayerNorm, InstanceNorm2d, pooling, padding, Upsample,"
                  + " PixelShuffle, Flatten, Dropout, Softmax, or an activation such as ReLU");
    };
  }

  private static Layer simple(Expression at, Call call, Unary function) {
    of(at, call, "inplace");
    return new Elementwise(call.shortName(), function);
  }

  private static Arguments of(Expression at, Call call, String signature) {
    return new Arguments(at, call, signature);
  }

  private static int positive(Arguments a, String name) {
    int value = a.integer(name);
    if (value < 1) {
      throw a.problem(name, name + " is " + value + "; use 1 or more");
    }
    return value;
  }

  private static Layer conv(Expression at, Call call) {
    Arguments a =
        of(
            at,
            call,
            "in_channels out_channels kernel_size stride padding dilation groups bias"
                + " padding_mode");
    int in = positive(a, "in_channels");
    int out = positive(a, "out_channels");
    Conv2d.Spec spec = window(a);
    String padding = a.text("padding");
    if (padding == null) {
      int[] both = a.pair("padding", 0);
      spec = spec.padding(both[0], both[1]);
    } else if (a.word("padding", "", "same", "valid").equals("same")) {
      if (spec.strideH() != 1 || spec.strideW() != 1) {
        throw a.problem("padding", "padding 'same' with a stride; use stride 1 or give numbers");
      }
      int rows = spec.dilationH() * (spec.kernelHeight() - 1);
      int columns = spec.dilationW() * (spec.kernelWidth() - 1);
      spec = spec.padding(rows / 2, columns / 2, rows - rows / 2, columns - columns / 2);
    }
    String mode = a.word("padding_mode", "zeros", "zeros", "reflect", "replicate", "circular");
    return new Conv(in, out, spec.mode(PaddingMode.parse(mode)), a.flag("bias", true));
  }

  private static Layer locallyConnected(Expression at, Call call) {
    Arguments a = of(at, call, "in_channels out_channels kernel_size stride padding dilation bias");
    int[] kernel = a.pair("kernel_size");
    int[] stride = a.pair("stride", 1);
    int[] dilation = a.pair("dilation", 1);
    int[] padding = a.pair("padding", 0);
    return new LocallyConnected(
        positive(a, "in_channels"),
        positive(a, "out_channels"),
        Conv2d.Spec.of(kernel[0], kernel[1])
            .stride(stride[0], stride[1])
            .dilation(dilation[0], dilation[1])
            .padding(padding[0], padding[1]),
        a.flag("bias", true));
  }

  /** Kernel, stride, dilation and groups. */
  private static Conv2d.Spec window(Arguments a) {
    int[] kernel = a.pair("kernel_size");
    int[] stride = a.pair("stride", 1);
    int[] dilation = a.pair("dilation", 1);
    return Conv2d.Spec.of(kernel[0], kernel[1])
        .stride(stride[0], stride[1])
        .dilation(dilation[0], dilation[1])
        .groups(a.integer("groups", 1));
  }

  private static Layer transposed(Expression at, Call call) {
    Arguments a =
        of(
            at,
            call,
            "in_channels out_channels kernel_size stride padding output_padding groups bias"
                + " dilation padding_mode");
    int[] padding = a.pair("padding", 0);
    int[] more = a.pair("output_padding", 0);
    a.word("padding_mode", "zeros", "zeros");
    return new Transposed(
        positive(a, "in_channels"),
        positive(a, "out_channels"),
        ConvTranspose2d.Spec.of(window(a).padding(padding[0], padding[1]))
            .outputPadding(more[0], more[1]),
        a.flag("bias", true));
  }

  private static PoolSpec pool(Arguments a) {
    if (a.flag("return_indices", false)) {
      throw a.problem("return_indices", "indices go nowhere in a sequence; leave them");
    }
    int[] kernel = a.pair("kernel_size");
    int[] stride = a.has("stride") ? a.pair("stride") : kernel;
    int[] padding = a.pair("padding", 0);
    return PoolSpec.of(kernel[0], kernel[1])
        .stride(stride[0], stride[1])
        .padding(padding[0], padding[1], padding[0], padding[1])
        .ceil(a.flag("ceil_mode", false));
  }

  private static Layer upsample(Expression at, Call call) {
    boolean general = call.shortName().equals("Upsample");
    Arguments a =
        of(
            at,
            call,
            general
                ? "size scale_factor mode align_corners recompute_scale_factor"
                : "size scale_factor");
    boolean linear =
        general
            ? a.word("mode", "nearest", "nearest", "bilinear").equals("bilinear")
            : call.shortName().equals("UpsamplingBilinear2d");
    boolean corners = general ? a.flag("align_corners", false) : linear;
    if (a.has("size") == a.has("scale_factor")) {
      throw a.problem("size", "give either size or scale_factor");
    }
    if (a.has("size")) {
      int[] size = a.pair("size");
      return new Upsample(0, 0, size[0], size[1], linear, corners);
    }
    double[] scale = new double[2];
    List<Expression> items = a.at("scale_factor").items();
    for (int i = 0; i < 2; i++) {
      Expression item = items.get(Math.min(i, items.size() - 1));
      if (!(item.value() instanceof Number factor)) {
        throw a.problem("scale_factor", "scale_factor is " + item.text() + "; give a number");
      }
      scale[i] = factor.doubleValue();
    }
    return new Upsample(scale[0], scale[1], 0, 0, linear, corners);
  }

  /** PyTorch's order of a border's parts is left, right, top, bottom. */
  private static Layer padding(Expression at, Call call) {
    String name = call.shortName();
    boolean constant = name.equals("ConstantPad2d");
    Arguments a = of(at, call, constant ? "padding value" : "padding");
    int[] sides = a.integers("padding");
    if (sides.length == 1) {
      sides = new int[] {sides[0], sides[0], sides[0], sides[0]};
    }
    if (sides.length != 4) {
      throw a.problem("padding", "give one number, or (left, right, top, bottom)");
    }
    PaddingMode mode =
        switch (name) {
          case "ReflectionPad2d" -> PaddingMode.REFLECT;
          case "ReplicationPad2d" -> PaddingMode.REPLICATE;
          case "CircularPad2d" -> PaddingMode.CIRCULAR;
          default -> PaddingMode.ZEROS;
        };
    float value = constant ? (float) a.number("value", 0) : 0;
    return new Padding(name, mode, sides[2], sides[0], sides[3], sides[1], value);
  }
}
