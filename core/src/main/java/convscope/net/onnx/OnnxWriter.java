package convscope.net.onnx;

import convscope.net.AdaptivePool;
import convscope.net.BatchNorm;
import convscope.net.Conv;
import convscope.net.Dropout;
import convscope.net.Elementwise;
import convscope.net.Flatten;
import convscope.net.GlobalAveragePool;
import convscope.net.GroupNorm;
import convscope.net.Layer;
import convscope.net.LayerNorm;
import convscope.net.Linear;
import convscope.net.Model;
import convscope.net.Network;
import convscope.net.PRelu;
import convscope.net.Padding;
import convscope.net.PixelShuffle;
import convscope.net.Pool;
import convscope.net.Residual;
import convscope.net.Softmax;
import convscope.net.Transposed;
import convscope.net.Upsample;
import convscope.op.Conv2d;
import convscope.op.PaddingMode;
import convscope.op.Unary;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes a trained model as an ONNX file (opset 17), as it evaluates: dropout passes everything on,
 * batch normalization uses its running statistics. The input {@code input} has an open batch, the
 * output is {@code output}; weights have PyTorch's names.
 */
public final class OnnxWriter {
  private static final int OPSET = 17;
  private static final int IR_VERSION = 8;

  private final ProtoWriter graph = new ProtoWriter();
  private final List<Tensor> weights = new ArrayList<>(); // of the layer at hand, in order
  private final List<String> names = new ArrayList<>();
  private final List<Tensor> statistics = new ArrayList<>();
  private int count;
  private String at = "input";

  private OnnxWriter() {}

  /**
   * The file's bytes.
   *
   * @throws IllegalArgumentException that names a layer which ONNX has no operator for
   */
  public static byte[] write(Model model) {
    OnnxWriter writer = new OnnxWriter();
    List<Network.Node> nodes = model.network().nodes();
    for (int i = 0; i < nodes.size(); i++) {
      writer.take(model, i);
      try {
        writer.layer(nodes.get(i).layer(), model.input(i));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "ONNX: layer " + nodes.get(i).path() + ", " + e.getMessage());
      }
    }
    writer.node("Identity", List.of(writer.at), "output");
    Shape image = model.image();
    writer.graph.text(2, "convscope");
    writer.graph.message(11, info("input", Shape.of(1, image.dim(0), image.dim(1), image.dim(2))));
    writer.graph.message(12, info("output", model.output()));
    return new ProtoWriter()
        .integer(1, IR_VERSION)
        .text(2, "convscope")
        .message(7, writer.graph)
        .message(8, new ProtoWriter().text(1, "").integer(2, OPSET))
        .toBytes();
  }

  private void take(Model model, int node) {
    weights.clear();
    names.clear();
    for (Model.Part part : Model.of(model.trained(), node)) {
      weights.add(copy(model.parameters(), part));
      names.add(part.name());
    }
    statistics.clear();
    statistics.addAll(model.statistics(node));
  }

  private static Tensor copy(Tensor all, Model.Part part) {
    Tensor tensor = Tensor.zeros(part.shape());
    System.arraycopy(all.data(), part.start(), tensor.data(), 0, tensor.size());
    return tensor;
  }

  private static ProtoWriter info(String name, Shape shape) {
    ProtoWriter sizes = new ProtoWriter();
    for (int i = 0; i < shape.rank(); i++) {
      ProtoWriter size = new ProtoWriter();
      sizes.message(1, i == 0 ? size.text(2, "batch") : size.integer(1, shape.dim(i)));
    }
    ProtoWriter tensor = new ProtoWriter().integer(1, Onnx.FLOAT).message(2, sizes);
    return new ProtoWriter().text(1, name).message(2, new ProtoWriter().message(1, tensor));
  }

  // ---- nodes and constants

  private static ProtoWriter integer(String name, long value) {
    return new ProtoWriter().text(1, name).integer(3, value).integer(20, 2);
  }

  private static ProtoWriter real(String name, double value) {
    return new ProtoWriter().text(1, name).real(2, (float) value).integer(20, 1);
  }

  private static ProtoWriter text(String name, String value) {
    return new ProtoWriter().text(1, name).text(4, value).integer(20, 3);
  }

  private static ProtoWriter integers(String name, long... values) {
    ProtoWriter attribute = new ProtoWriter().text(1, name);
    for (long value : values) {
      attribute.integer(8, value);
    }
    return attribute.integer(20, 7);
  }

  private void node(
      String operator, List<String> inputs, String output, ProtoWriter... attributes) {
    ProtoWriter node = new ProtoWriter();
    inputs.forEach(input -> node.text(1, input));
    node.text(2, output).text(3, operator + "_" + count++).text(4, operator);
    for (ProtoWriter attribute : attributes) {
      node.message(5, attribute);
    }
    graph.message(1, node);
  }

  /** A node on some tensors; the name of what it gives. */
  private String made(String operator, List<String> inputs, ProtoWriter... attributes) {
    String output = "t" + count;
    node(operator, inputs, output, attributes);
    return output;
  }

  /** A node on what is at hand and others, which gives what is at hand next. */
  private void then(String operator, List<String> others, ProtoWriter... attributes) {
    List<String> inputs = new ArrayList<>(List.of(at));
    inputs.addAll(others);
    at = made(operator, inputs, attributes);
  }

  private void then(String operator, ProtoWriter... attributes) {
    then(operator, List.of(), attributes);
  }

  private String constant(String name, Shape shape, float... values) {
    ProtoWriter tensor = new ProtoWriter();
    for (int i = 0; i < shape.rank(); i++) {
      tensor.integer(1, shape.dim(i));
    }
    graph.message(5, tensor.integer(2, Onnx.FLOAT).text(8, name).floats(9, values));
    return name;
  }

  private String number(double value) {
    return constant("c" + count++, Shape.of(), (float) value);
  }

  private String filled(int size, float value) {
    float[] values = new float[size];
    Arrays.fill(values, value);
    return constant("c" + count++, Shape.of(size), values);
  }

  private String whole(long... values) {
    ProtoWriter tensor = new ProtoWriter().integer(1, values.length).integer(2, Onnx.INT64);
    for (long value : values) {
      tensor.integer(7, value);
    }
    String name = "c" + count++;
    graph.message(5, tensor.text(8, name));
    return name;
  }

  /** The next weight of the layer. */
  private String weight() {
    Tensor tensor = weights.remove(0);
    return constant(names.remove(0), tensor.shape(), tensor.data());
  }

  private String statistic(String name) {
    Tensor tensor = statistics.remove(0);
    return constant("c" + count++ + name, tensor.shape(), tensor.data());
  }

  // ---- layers

  private void layer(Layer layer, Shape x) {
    if (layer instanceof Conv conv) {
      convolution(conv, x);
    } else if (layer instanceof Transposed transposed) {
      List<String> own = new ArrayList<>(List.of(weight()));
      if (transposed.bias()) {
        own.add(weight());
      }
      Conv2d.Spec w = transposed.spec().window();
      List<ProtoWriter> attributes = window(w);
      attributes.add(
          integers(
              "output_padding",
              transposed.spec().outputPaddingH(),
              transposed.spec().outputPaddingW()));
      then("ConvTranspose", own, attributes.toArray(new ProtoWriter[0]));
    } else if (layer instanceof Linear linear) {
      linear(linear, x);
    } else if (layer instanceof BatchNorm norm) {
      if (!norm.tracking()) {
        throw new IllegalArgumentException(
            "BatchNorm2d without running statistics has no constant form; let it track them");
      }
      int channels = x.dim(1);
      String scale = norm.affine() ? weight() : filled(channels, 1);
      String shift = norm.affine() ? weight() : filled(channels, 0);
      then(
          "BatchNormalization",
          List.of(scale, shift, statistic(".mean"), statistic(".var")),
          real("epsilon", norm.epsilon()));
    } else if (layer instanceof GroupNorm norm) {
      groupNorm(norm, x);
    } else if (layer instanceof LayerNorm norm) {
      Shape row = norm.row();
      String scale = norm.affine() ? weight() : ones(row);
      List<String> own = new ArrayList<>(List.of(scale));
      if (norm.affine() && norm.bias()) {
        own.add(weight());
      }
      then(
          "LayerNormalization", own, integer("axis", -row.rank()), real("epsilon", norm.epsilon()));
    } else if (layer instanceof Pool pool) {
      List<ProtoWriter> attributes = window(pool.spec().window());
      attributes.add(integer("ceil_mode", pool.spec().ceil() ? 1 : 0));
      if (!pool.max()) {
        attributes.add(integer("count_include_pad", pool.countPadding() ? 1 : 0));
      }
      then(pool.max() ? "MaxPool" : "AveragePool", attributes.toArray(new ProtoWriter[0]));
    } else if (layer instanceof AdaptivePool pool) {
      adaptive(pool, x);
    } else if (layer instanceof GlobalAveragePool) {
      then("GlobalAveragePool");
    } else if (layer instanceof Flatten) {
      reshape(layer.output(x));
    } else if (layer instanceof Dropout) {
      return; // passes everything on
    } else if (layer instanceof Elementwise function) {
      if (function.function() != null) {
        activation(function.name(), function.function());
      }
    } else if (layer instanceof Softmax softmax) {
      then(softmax.log() ? "LogSoftmax" : "Softmax", integer("axis", softmax.axis()));
    } else if (layer instanceof PRelu prelu) {
      Tensor slopes = weights.remove(0);
      int[] dims = new int[Math.max(1, x.rank() - 1)];
      Arrays.fill(dims, 1);
      dims[0] = prelu.slopes();
      then("PRelu", List.of(constant(names.remove(0), Shape.of(dims), slopes.data())));
    } else if (layer instanceof Padding padding) {
      pad(
          padding.mode(),
          padding.value(),
          padding.top(),
          padding.left(),
          padding.bottom(),
          padding.right());
    } else if (layer instanceof PixelShuffle shuffle) {
      shuffle(shuffle, x);
    } else if (layer instanceof Upsample upsample) {
      upsample(upsample, x);
    } else if (layer instanceof Residual residual) {
      String start = at;
      branch(residual.body(), x);
      String body = at;
      at = start;
      branch(residual.shortcut(), x);
      at = made("Add", List.of(body, at));
    } else {
      throw new IllegalArgumentException(
          layer.name() + ", has no form in ONNX here; use another layer");
    }
  }

  private void branch(List<Layer> layers, Shape x) {
    Shape shape = x;
    for (Layer layer : layers) {
      layer(layer, shape);
      shape = layer.output(shape);
    }
  }

  private static List<ProtoWriter> window(Conv2d.Spec w) {
    List<ProtoWriter> attributes = new ArrayList<>();
    attributes.add(integers("kernel_shape", w.kernelHeight(), w.kernelWidth()));
    attributes.add(integers("strides", w.strideH(), w.strideW()));
    attributes.add(
        integers(
            "pads", w.padTop(), w.padLeft(), w.vertical().padAfter(), w.horizontal().padAfter()));
    if (w.dilationH() != 1 || w.dilationW() != 1) {
      attributes.add(integers("dilations", w.dilationH(), w.dilationW()));
    }
    if (w.groups() != 1) {
      attributes.add(integer("group", w.groups()));
    }
    return attributes;
  }

  private void convolution(Conv conv, Shape x) {
    Conv2d.Spec spec = conv.spec();
    if (spec.mode() != PaddingMode.ZEROS) {
      pad(
          spec.mode(),
          0,
          spec.padTop(),
          spec.padLeft(),
          spec.vertical().padAfter(),
          spec.horizontal().padAfter());
      spec = spec.padding(0);
    }
    List<String> own = new ArrayList<>(List.of(weight()));
    if (conv.bias()) {
      own.add(weight());
    }
    then("Conv", own, window(spec).toArray(new ProtoWriter[0]));
  }

  private void linear(Linear linear, Shape x) {
    if (x.rank() == 2) {
      List<String> own = new ArrayList<>(List.of(weight()));
      if (linear.bias()) {
        own.add(weight());
      }
      then("Gemm", own, integer("transB", 1));
      return;
    }
    String turned = made("Transpose", List.of(weight()), integers("perm", 1, 0));
    then("MatMul", List.of(turned));
    if (linear.bias()) {
      then("Add", List.of(weight()));
    }
  }

  private String ones(Shape shape) {
    float[] values = new float[shape.size()];
    Arrays.fill(values, 1);
    return constant("c" + count++, shape, values);
  }

  private void groupNorm(GroupNorm norm, Shape x) {
    int channels = x.dim(1);
    boolean single = norm.groups() == 0 || norm.groups() == channels;
    int groups = single ? channels : norm.groups();
    ProtoWriter epsilon = real("epsilon", norm.epsilon());
    if (single) {
      String scale = norm.affine() ? weight() : filled(channels, 1);
      String shift = norm.affine() ? weight() : filled(channels, 0);
      then("InstanceNormalization", List.of(scale, shift), epsilon);
      return;
    }
    // groups as channels, then back, since opset 17 has no such operator
    then("Reshape", List.of(whole(0, groups, -1)));
    then("InstanceNormalization", List.of(filled(groups, 1), filled(groups, 0)), epsilon);
    reshape(x);
    if (norm.affine()) {
      int[] dims = new int[x.rank() - 1];
      Arrays.fill(dims, 1);
      dims[0] = channels;
      for (String operator : new String[] {"Mul", "Add"}) {
        Tensor each = weights.remove(0);
        then(operator, List.of(constant(names.remove(0), Shape.of(dims), each.data())));
      }
    }
  }

  /** The shape of one image's result, its first axis that of the batch. */
  private void reshape(Shape shape) {
    long[] sizes = new long[shape.rank()];
    for (int i = 1; i < sizes.length; i++) {
      sizes[i] = shape.dim(i);
    }
    sizes[0] = -1;
    then("Reshape", List.of(whole(sizes)));
  }

  private void adaptive(AdaptivePool pool, Shape x) {
    Shape y = pool.output(x);
    if (y.dim(2) == 1 && y.dim(3) == 1) {
      then(pool.max() ? "GlobalMaxPool" : "GlobalAveragePool");
      return;
    }
    int rows = x.dim(2) / y.dim(2);
    int columns = x.dim(3) / y.dim(3);
    if (rows * y.dim(2) != x.dim(2) || columns * y.dim(3) != x.dim(3)) {
      throw new IllegalArgumentException(
          pool.name()
              + ": windows of different sizes have no form in ONNX; use an output size that divides"
              + " the input's");
    }
    then(
        pool.max() ? "MaxPool" : "AveragePool",
        integers("kernel_shape", rows, columns),
        integers("strides", rows, columns));
  }

  private void pad(PaddingMode mode, float value, int top, int left, int bottom, int right) {
    String name =
        switch (mode) {
          case REFLECT -> "reflect";
          case REPLICATE -> "edge";
          case CIRCULAR ->
              throw new IllegalArgumentException(
                  "circular padding has no form in opset " + OPSET + "; use another");
          default -> "constant";
        };
    String pads = whole(0, 0, top, left, 0, 0, bottom, right);
    then("Pad", List.of(pads, number(value)), text("mode", name));
  }

  private void shuffle(PixelShuffle shuffle, Shape x) {
    int block = shuffle.block();
    if (!shuffle.back()) {
      then("DepthToSpace", integer("blocksize", block), text("mode", "CRD"));
      return;
    }
    int rows = x.dim(2) / block;
    int columns = x.dim(3) / block;
    then("Reshape", List.of(whole(-1, x.dim(1), rows, block, columns, block)));
    then("Transpose", integers("perm", 0, 1, 3, 5, 2, 4));
    reshape(shuffle.output(x));
  }

  private void upsample(Upsample upsample, Shape x) {
    Shape y = upsample.output(x);
    double rows = upsample.outHeight() > 0 ? (double) y.dim(2) / x.dim(2) : upsample.scaleHeight();
    double columns = upsample.outWidth() > 0 ? (double) y.dim(3) / x.dim(3) : upsample.scaleWidth();
    String scales = constant("c" + count++, Shape.of(4), 1, 1, (float) rows, (float) columns);
    if (upsample.linear()) {
      String where = upsample.corners() ? "align_corners" : "half_pixel";
      then(
          "Resize",
          List.of("", scales),
          text("mode", "linear"),
          text("coordinate_transformation_mode", where));
    } else {
      then(
          "Resize",
          List.of("", scales),
          text("mode", "nearest"),
          text("coordinate_transformation_mode", "asymmetric"),
          text("nearest_mode", "floor"));
    }
  }

  /** Settings of a function are read off its values. */
  private void activation(String name, Unary f) {
    switch (name) {
      case "ReLU" -> then("Relu");
      case "ReLU6", "Hardtanh" ->
          then("Clip", List.of(number(f.value(-1e30)), number(f.value(1e30))));
      case "Tanh", "Sigmoid", "Softplus", "Softsign" -> then(name);
      case "SELU" -> then("Selu");
      case "LeakyReLU" -> then("LeakyRelu", real("alpha", 0 - f.value(-1)));
      case "ELU" -> then("Elu", real("alpha", 0 - f.value(-100)));
      case "Hardswish" -> then("HardSwish");
      case "Hardsigmoid" -> then("HardSigmoid", real("alpha", 1.0 / 6), real("beta", 0.5));
      case "SiLU" -> at = made("Mul", List.of(at, made("Sigmoid", List.of(at))));
      case "Mish" -> {
        String inner = made("Tanh", List.of(made("Softplus", List.of(at))));
        at = made("Mul", List.of(at, inner));
      }
      case "LogSigmoid" -> {
        at = made("Neg", List.of(at));
        then("Softplus");
        then("Neg");
      }
      case "GELU" -> gelu(f);
      default ->
          throw new IllegalArgumentException(
              name + ", has no form in ONNX here; use another activation");
    }
  }

  private void gelu(Unary f) {
    String x = at;
    if (f == Unary.GELU_TANH) { // x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³)))
      String cube = made("Mul", List.of(x, made("Mul", List.of(x, x))));
      String sum = made("Add", List.of(x, made("Mul", List.of(cube, number(0.044715)))));
      at = made("Tanh", List.of(made("Mul", List.of(sum, number(0.7978845608028654)))));
    } else { // x/2 · (1 + erf(x/√2))
      at = made("Erf", List.of(made("Div", List.of(x, number(1.4142135623730951)))));
    }
    then("Add", List.of(number(1)));
    at = made("Mul", List.of(x, at));
    then("Mul", List.of(number(0.5)));
  }
}
