package convscope.net.onnx;

import convscope.net.graph.Graph.Window;
import convscope.net.graph.Sizes;
import convscope.net.onnx.Onnx.Attribute;
import convscope.net.onnx.Onnx.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * ONNX's operators (opsets 7 to 22): the shapes that they give, and, where their inputs' numbers
 * are known, the numbers. Convolutions, linear layers and pooling give shapes alone.
 */
final class Operators {
  private final Node node;
  private final Value[] in; // UNKNOWN for optional inputs that are left out
  private final int opset;

  private Operators(Node node, Value[] in, int opset) {
    this.node = node;
    this.in = in;
    this.opset = opset;
  }

  /** What a node gives; null for an operator that is not known. */
  static Value @Nullable [] apply(Node node, Value[] in, int opset) {
    return new Operators(node, in, opset).outputs();
  }

  private IllegalArgumentException problem(String sentence) {
    return new IllegalArgumentException(node.operator() + ": " + sentence);
  }

  private Value in(int index) {
    return index < in.length ? in[index] : Value.UNKNOWN;
  }

  private boolean has(int index) {
    return index < in.length && index < node.inputs().size() && !node.inputs().get(index).isEmpty();
  }

  private static Value[] one(Value value) {
    return new Value[] {value};
  }

  private Value @Nullable [] outputs() {
    if (!node.domain().isEmpty()
        && !node.domain().equals("ai.onnx")
        && !node.operator().equals("Gelu")) {
      return null;
    }
    if (node.operator().equals("Constant")) {
      return one(constant());
    }
    if (in.length == 0 || !has(0)) {
      return node.operator().startsWith("Random") ? one(random()) : null;
    }
    switch (node.operator()) {
      case "Shape" -> {
        return one(in(0).shape() == null ? Value.UNKNOWN : shapeOf());
      }
      case "If", "Loop", "Scan" -> {
        return null;
      }
      default -> {}
    }
    if (in(0).shape() == null) {
      Value[] unknown = new Value[node.outputs().size()];
      Arrays.fill(unknown, new Value(in(0).type(), null, null));
      return unknown;
    }
    return known();
  }

  private Value @Nullable [] known() {
    return switch (node.operator()) {
      case "Relu",
          "LeakyRelu",
          "PRelu",
          "Elu",
          "Celu",
          "Selu",
          "Sigmoid",
          "Tanh",
          "Softplus",
          "Softsign",
          "Exp",
          "Log",
          "Sqrt",
          "Abs",
          "Neg",
          "Reciprocal",
          "Floor",
          "Ceil",
          "Round",
          "Sign",
          "Erf",
          "HardSigmoid",
          "HardSwish",
          "Mish",
          "Gelu",
          "Clip",
          "ThresholdedRelu",
          "Shrink",
          "Sin",
          "Cos",
          "Not",
          "Swish" ->
          one(Elementwise.unary(node, in, opset));
      case "Identity", "Dropout" -> all(in(0));
      case "BatchNormalization",
          "InstanceNormalization",
          "LRN",
          "LpNormalization",
          "GroupNormalization",
          "LayerNormalization",
          "Softmax",
          "LogSoftmax",
          "Hardmax",
          "CumSum",
          "Trilu",
          "MeanVarianceNormalization" ->
          all(Normal.apply(node, in, opset));
      case "Add",
          "Sub",
          "Mul",
          "Div",
          "Pow",
          "Mod",
          "Max",
          "Min",
          "Sum",
          "Mean",
          "Equal",
          "Less",
          "Greater",
          "LessOrEqual",
          "GreaterOrEqual",
          "And",
          "Or",
          "Xor",
          "Where" ->
          one(Elementwise.broadcast(node, in));
      case "Cast", "CastLike" -> one(cast());
      case "Conv" -> one(conv());
      case "ConvTranspose" -> one(transposed());
      case "MaxPool", "AveragePool", "LpPool" -> all(pooled());
      case "GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool" -> one(global());
      case "Gemm" -> one(gemm());
      case "MatMul" -> one(matmul());
      case "Flatten" -> one(flatten());
      case "Reshape" -> one(reshape());
      case "Transpose" -> one(transpose());
      case "Squeeze" -> one(squeeze());
      case "Unsqueeze" -> one(unsqueeze());
      case "Concat" -> one(concat());
      case "Slice" -> one(slice());
      case "Split" -> split();
      case "Gather" -> one(gather());
      case "GatherElements" -> one(elements());
      case "ScatterND" -> one(scatter());
      case "ScatterElements" -> one(new Value(in(0).type(), in(0).shape(), null));
      case "Expand" -> one(expand());
      case "Tile" -> one(tile());
      case "Pad" -> one(pad());
      case "Resize", "Upsample" -> one(resize());
      case "Range" -> one(range());
      case "ConstantOfShape" -> one(filled());
      case "Size" -> one(new Value(Onnx.INT64, new long[0], new double[] {in(0).count()}));
      case "EyeLike", "RandomNormalLike", "RandomUniformLike" ->
          one(new Value(Onnx.FLOAT, in(0).shape(), null));
      case "DepthToSpace", "SpaceToDepth" -> one(depth());
      case "ReduceMean",
          "ReduceSum",
          "ReduceMax",
          "ReduceMin",
          "ReduceProd",
          "ReduceL1",
          "ReduceL2",
          "ReduceSumSquare",
          "ReduceLogSum",
          "ReduceLogSumExp" ->
          one(reduce());
      case "ArgMax", "ArgMin" -> one(arg());
      case "TopK" -> top();
      case "OneHot" -> one(oneHot());
      case "Einsum" -> one(einsum());
      default -> null;
    };
  }

  /** The value for the first output; the others have its shape. */
  private Value[] all(Value first) {
    Value[] all = new Value[Math.max(1, node.outputs().size())];
    Arrays.fill(all, new Value(first.type(), first.shape(), null));
    all[0] = first;
    return all;
  }

  // ---- constants and what follows from shapes

  private Value constant() {
    Attribute value = node.attributes().get("value");
    if (value != null && value.tensor() != null) {
      Onnx.Constant tensor = value.tensor();
      return new Value(tensor.type(), tensor.shape(), null); // OnnxGraph fills in the numbers
    }
    Attribute ints = node.attributes().get("value_ints");
    if (ints != null) {
      return Value.integers(ints.integers());
    }
    Attribute one = node.attributes().get("value_int");
    if (one != null) {
      return new Value(Onnx.INT64, new long[0], new double[] {one.integer()});
    }
    Attribute real = node.attributes().get("value_float");
    if (real != null) {
      return new Value(Onnx.FLOAT, new long[0], new double[] {real.real()});
    }
    Attribute reals = node.attributes().get("value_floats");
    if (reals != null) {
      double[] data = new double[reals.reals().length];
      for (int i = 0; i < data.length; i++) {
        data[i] = reals.reals()[i];
      }
      return new Value(Onnx.FLOAT, new long[] {data.length}, data);
    }
    return Value.UNKNOWN;
  }

  private Value random() {
    long[] shape = node.integers("shape");
    return shape == null ? Value.UNKNOWN : Value.shaped(Onnx.FLOAT, shape);
  }

  private Value shapeOf() {
    long[] shape = in(0).known();
    int rank = shape.length;
    int from = (int) clamp(node.integer("start", 0), rank);
    int to = (int) clamp(node.integer("end", rank), rank);
    return Value.integers(Arrays.copyOfRange(shape, from, Math.max(from, to)));
  }

  private static long clamp(long index, int rank) {
    return Math.max(0, Math.min(rank, index < 0 ? index + rank : index));
  }

  private Value cast() {
    int to =
        node.operator().equals("CastLike") ? in(1).type() : (int) node.integer("to", Onnx.FLOAT);
    double[] data = in(0).data();
    if (data != null) {
      boolean whole = to != Onnx.FLOAT && to != 10 && to != 11 && to != 16;
      double[] out = new double[data.length];
      for (int i = 0; i < out.length; i++) {
        double value = data[i];
        out[i] =
            to == Onnx.BOOL
                ? (value != 0 ? 1 : 0)
                : whole ? (value < 0 ? Math.ceil(value) : Math.floor(value)) : value;
      }
      data = out;
    }
    return new Value(to, in(0).shape(), data);
  }

  private Value filled() {
    long[] shape = in(0).longs();
    Attribute value = node.attributes().get("value");
    int type = value == null || value.tensor() == null ? Onnx.FLOAT : value.tensor().type();
    if (shape == null) {
      return new Value(type, null, null);
    }
    double number =
        value != null && value.tensor() != null && in.length > 1 && in[1].data() != null
            ? in[1].data()[0]
            : 0;
    Value made = Value.shaped(type, shape);
    double[] data = made.count() > MOST ? null : new double[made.count()];
    if (data != null) {
      Arrays.fill(data, number);
    }
    return new Value(type, shape, data);
  }

  /** Numbers of a constant that is worked out while shapes are. */
  static final int MOST = 1 << 22;

  private Value range() {
    double[] from = in(0).data();
    double[] to = in(1).data();
    double[] by = in(2).data();
    if (from == null || to == null || by == null || by[0] == 0) {
      return new Value(in(0).type(), null, null);
    }
    double count = Math.max(0, Math.ceil((to[0] - from[0]) / by[0]));
    if (count > MOST) {
      throw problem("more than " + MOST + " numbers; use a shorter range");
    }
    double[] data = new double[(int) count];
    for (int i = 0; i < data.length; i++) {
      data[i] = from[0] + i * by[0];
    }
    return new Value(in(0).type(), new long[] {data.length}, data);
  }

  // ---- windows

  private long[] image(int at) {
    long[] shape = in(0).known();
    if (shape.length < 3) {
      throw problem(
          "the input "
              + Sizes.text(shape)
              + " has "
              + shape.length
              + " axes; give batch, channels and at least one more");
    }
    long[] weight = in(at).shape();
    if (at > 0 && weight != null && weight.length != shape.length) {
      throw problem(
          "the weight "
              + Sizes.text(weight)
              + " does not go with the input "
              + Sizes.text(shape)
              + "; both need the same number of axes");
    }
    return shape;
  }

  private static long[] all(long @Nullable [] given, int n, long otherwise) {
    if (given != null && given.length == n) {
      return given;
    }
    long[] all = new long[n];
    Arrays.fill(all, otherwise);
    return all;
  }

  /** Kernel, strides, padding and dilation, as {@code auto_pad} has them too. */
  static @Nullable Window window(Node node, Value[] in) {
    String operator = node.operator();
    boolean pool = operator.endsWith("Pool") && !operator.startsWith("Global");
    boolean conv = operator.equals("Conv") || operator.equals("ConvTranspose");
    if (!pool && !conv || in.length == 0 || in[0].shape() == null) {
      return null;
    }
    long[] shape = in[0].shape();
    long[] kernel = node.integers("kernel_shape");
    if (kernel == null && conv && in.length > 1 && in[1].shape() != null) {
      long[] weight = in[1].shape();
      kernel = Arrays.copyOfRange(weight, Math.min(2, weight.length), weight.length);
    }
    int n = shape.length - 2;
    if (kernel == null || kernel.length != n) {
      return null;
    }
    long[] stride = all(node.integers("strides"), n, 1);
    long[] dilation = all(node.integers("dilations"), n, 1);
    long[] pads = all(node.integers("pads"), 2 * n, 0);
    long[] begin = Arrays.copyOf(pads, n);
    long[] end = Arrays.copyOfRange(pads, n, 2 * n);
    String auto = node.text("auto_pad", "NOTSET");
    for (int i = 0; i < n; i++) {
      if (kernel[i] < 1 || stride[i] < 1 || dilation[i] < 1) {
        throw new IllegalArgumentException(
            operator + ": a kernel, stride or dilation below 1; use 1 or more");
      }
      if (auto.startsWith("SAME") && !operator.equals("ConvTranspose")) {
        long out = (shape[i + 2] + stride[i] - 1) / stride[i];
        long span = dilation[i] * (kernel[i] - 1) + 1;
        long total = Math.max(0, (out - 1) * stride[i] + span - shape[i + 2]);
        begin[i] = auto.equals("SAME_UPPER") ? total / 2 : total - total / 2;
        end[i] = total - begin[i];
      } else if (auto.equals("VALID")) {
        begin[i] = 0;
        end[i] = 0;
      }
    }
    return new Window(kernel, stride, begin, end, dilation, operator.equals("ConvTranspose"));
  }

  private Window window() {
    Window w = window(node, in);
    if (w == null) {
      throw problem("there is no kernel_shape for " + Sizes.text(in(0).shape()) + "; give one");
    }
    return w;
  }

  private long slid(Window w, int axis, long size, boolean ceil) {
    long span = w.dilation()[axis] * (w.kernel()[axis] - 1) + 1;
    long padded = size + w.begin()[axis] + w.end()[axis];
    if (span > padded && !ceil) {
      throw problem(
          "the window spans "
              + span
              + ", more than the padded input's "
              + padded
              + " ("
              + Sizes.text(in(0).shape())
              + "); take a larger input");
    }
    long over = padded - span + (ceil ? w.stride()[axis] - 1 : 0);
    long out = Math.floorDiv(over, w.stride()[axis]) + 1;
    if (ceil && (out - 1) * w.stride()[axis] >= size + w.begin()[axis]) {
      out--; // a window must begin within the input
    }
    return out;
  }

  private Value conv() {
    long[] shape = image(1);
    long[] weight = in(1).shape();
    if (weight == null) {
      return new Value(in(0).type(), null, null);
    }
    long groups = node.integer("group", 1);
    if (groups < 1 || Sizes.product(weight[1], groups) != shape[1] || weight[0] % groups != 0) {
      throw problem(
          "the weight "
              + Sizes.text(weight)
              + " in "
              + groups
              + " groups reads "
              + weight[1] * groups
              + " channels, but the input "
              + Sizes.text(shape)
              + " has "
              + shape[1]
              + "; take an input of that many");
    }
    Window w = window();
    long[] out = shape.clone();
    out[1] = weight[0];
    for (int i = 0; i < out.length - 2; i++) {
      out[i + 2] = slid(w, i, shape[i + 2], false);
    }
    return Value.shaped(in(0).type(), out);
  }

  private Value transposed() {
    long[] shape = image(1);
    long[] weight = in(1).shape();
    if (weight == null) {
      return new Value(in(0).type(), null, null);
    }
    if (weight[0] != shape[1]) {
      throw problem(
          "the weight "
              + Sizes.text(weight)
              + " reads "
              + weight[0]
              + " channels, but the input "
              + Sizes.text(shape)
              + " has "
              + shape[1]
              + "; take an input of that many");
    }
    Window w = window();
    int n = shape.length - 2;
    long[] more = all(node.integers("output_padding"), n, 0);
    long[] wanted = node.integers("output_shape");
    long[] out = shape.clone();
    out[1] = Sizes.product(weight[1], node.integer("group", 1));
    boolean same = node.text("auto_pad", "NOTSET").startsWith("SAME");
    for (int i = 0; i < n; i++) {
      long whole =
          (shape[i + 2] - 1) * w.stride()[i] + more[i] + w.dilation()[i] * (w.kernel()[i] - 1) + 1;
      out[i + 2] =
          wanted != null && wanted.length >= n
              ? wanted[wanted.length - n + i]
              : same ? shape[i + 2] * w.stride()[i] : whole - w.begin()[i] - w.end()[i];
      if (out[i + 2] < 1) {
        throw problem("the output would be " + out[i + 2] + " wide; lower the padding");
      }
    }
    return Value.shaped(in(0).type(), out);
  }

  private Value pooled() {
    long[] shape = image(0);
    Window w = window();
    long[] out = shape.clone();
    boolean ceil = node.integer("ceil_mode", 0) != 0;
    for (int i = 0; i < out.length - 2; i++) {
      out[i + 2] = slid(w, i, shape[i + 2], ceil);
    }
    return Value.shaped(in(0).type(), out);
  }

  private Value global() {
    long[] shape = image(0);
    boolean[] gone = new boolean[shape.length];
    Arrays.fill(gone, 2, gone.length, true);
    String reduction =
        switch (node.operator()) {
          case "GlobalMaxPool" -> "ReduceMax";
          case "GlobalLpPool" -> node.integer("p", 2) == 1 ? "ReduceL1" : "ReduceL2";
          default -> "ReduceMean";
        };
    return Strides.reduce(reduction, in(0), gone, true);
  }

  // ---- products

  private Value gemm() {
    long[] a = in(0).known();
    long[] b = in(1).shape();
    if (b == null) {
      return new Value(in(0).type(), null, null);
    }
    if (a.length != 2 || b.length != 2) {
      throw problem(Sizes.text(a) + " and " + Sizes.text(b) + " are no matrices; flatten them");
    }
    boolean turnA = node.integer("transA", 0) != 0;
    boolean turnB = node.integer("transB", 0) != 0;
    long inner = a[turnA ? 0 : 1];
    long other = b[turnB ? 1 : 0];
    if (inner != other) {
      throw problem(
          "the input "
              + Sizes.text(a)
              + " has "
              + inner
              + " numbers in a row, but the weight "
              + Sizes.text(b)
              + " reads "
              + other
              + "; take the input size that the network was made for");
    }
    return Value.shaped(in(0).type(), a[turnA ? 1 : 0], b[turnB ? 0 : 1]);
  }

  private Value matmul() {
    long[] a = in(0).known();
    long[] b = in(1).shape();
    if (b == null) {
      return new Value(in(0).type(), null, null);
    }
    if (a.length == 0 || b.length == 0 || a[a.length - 1] != b[Math.max(0, b.length - 2)]) {
      throw problem(
          Sizes.text(a)
              + " times "
              + Sizes.text(b)
              + ": the last axis of the first must equal the second last of the second; take the"
              + " input size that the network was made for");
    }
    long[] batch =
        Elementwise.broadcast(
            "MatMul",
            Arrays.copyOf(a, Math.max(0, a.length - 2)),
            Arrays.copyOf(b, Math.max(0, b.length - 2)));
    int rows = a.length > 1 ? 1 : 0;
    int columns = b.length > 1 ? 1 : 0;
    long[] out = Arrays.copyOf(batch, batch.length + rows + columns);
    if (rows == 1) {
      out[batch.length] = a[a.length - 2];
    }
    if (columns == 1) {
      out[out.length - 1] = b[b.length - 1];
    }
    return Value.shaped(in(0).type(), out);
  }

  /** MACs of a node. */
  static long macs(Node node, Value[] in, Value[] out) {
    if (in.length < 2 || in[0].shape() == null || in[1].shape() == null || out[0].shape() == null) {
      return 0;
    }
    long[] weight = in[1].shape();
    long[] x = in[0].shape();
    long[] y = out[0].shape();
    return switch (node.operator()) {
      case "Conv" ->
          Sizes.product(Sizes.product(y, 0, y.length), Sizes.product(weight, 1, weight.length));
      case "ConvTranspose" ->
          Sizes.product(Sizes.product(x, 0, x.length), Sizes.product(weight, 1, weight.length));
      case "Gemm" ->
          Sizes.product(Sizes.product(y, 0, y.length), x[node.integer("transA", 0) != 0 ? 0 : 1]);
      case "MatMul" -> Sizes.product(Sizes.product(y, 0, y.length), x[x.length - 1]);
      default -> 0;
    };
  }

  // ---- shapes

  private int axis(long axis, int rank) {
    if (axis < -rank || axis >= Math.max(1, rank)) {
      throw problem("axis " + axis + " of " + rank + "; use " + -rank + " to " + (rank - 1));
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }

  private Value flatten() {
    long[] shape = in(0).known();
    long given = node.integer("axis", 1);
    int axis = (int) clamp(given, shape.length);
    return in(0).reshaped(Sizes.product(shape, 0, axis), Sizes.product(shape, axis, shape.length));
  }

  private Value reshape() {
    long[] wanted = has(1) ? in(1).longs() : node.integers("shape");
    if (wanted == null) {
      return new Value(in(0).type(), null, null);
    }
    long[] shape = in(0).known();
    long[] out = wanted.clone();
    long product = 1;
    int free = -1;
    boolean zero = node.integer("allowzero", 0) != 0;
    for (int i = 0; i < out.length; i++) {
      if (out[i] == 0 && !zero && i < shape.length) {
        out[i] = shape[i];
      }
      if (out[i] == -1) {
        free = i;
      } else {
        product = Sizes.product(product, out[i]);
      }
    }
    long count = Sizes.product(shape, 0, shape.length);
    if (free >= 0) {
      if (product == 0 || count % product != 0) {
        product = -1;
      } else {
        out[free] = count / product;
        product = count;
      }
    }
    if (product != count) {
      throw problem(
          Sizes.text(shape)
              + " has "
              + count
              + " numbers, which do not fill "
              + Sizes.text(wanted)
              + "; take the input size that the network was made for");
    }
    return in(0).reshaped(out);
  }

  private Value transpose() {
    long[] shape = in(0).known();
    int rank = shape.length;
    long[] perm = node.integers("perm");
    int[] order = new int[rank];
    for (int i = 0; i < rank; i++) {
      order[i] = perm == null || perm.length != rank ? rank - 1 - i : axis(perm[i], rank);
    }
    return Strides.transpose(in(0), order);
  }

  /** Axes of an attribute, or since opset 13 of the second input. */
  private long @Nullable [] axes() {
    return has(1) ? in(1).longs() : node.integers("axes");
  }

  private Value squeeze() {
    long[] shape = in(0).known();
    long[] axes = axes();
    if (axes == null && has(1)) {
      return new Value(in(0).type(), null, null);
    }
    boolean[] gone = new boolean[shape.length];
    if (axes != null) {
      for (long axis : axes) {
        gone[axis(axis, shape.length)] = true;
      }
    }
    List<Long> out = new ArrayList<>();
    for (int i = 0; i < shape.length; i++) {
      if (axes == null ? shape[i] != 1 : !gone[i]) {
        out.add(shape[i]);
      }
    }
    return in(0).reshaped(array(out));
  }

  private Value unsqueeze() {
    long[] shape = in(0).known();
    long[] axes = axes();
    if (axes == null) {
      return new Value(in(0).type(), null, null);
    }
    int rank = shape.length + axes.length;
    long[] out = new long[rank];
    Arrays.fill(out, -1);
    for (long axis : axes) {
      out[axis(axis, rank)] = 1;
    }
    int next = 0;
    for (int i = 0; i < rank; i++) {
      if (out[i] == -1) {
        if (next >= shape.length) {
          throw problem("an axis is there twice; give each once");
        }
        out[i] = shape[next++];
      }
    }
    return in(0).reshaped(out);
  }

  private static long[] array(List<Long> values) {
    long[] all = new long[values.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = values.get(i);
    }
    return all;
  }

  private Value concat() {
    long[] out = in(0).known().clone();
    int axis = axis(node.integer("axis", 0), out.length);
    boolean data = in(0).data() != null;
    for (int i = 1; i < in.length; i++) {
      long[] shape = in(i).shape();
      if (shape == null) {
        return new Value(in(0).type(), null, null);
      }
      data &= in(i).data() != null;
      for (int k = 0; k < Math.max(out.length, shape.length); k++) {
        if (shape.length != out.length || k != axis && shape[k] != out[k]) {
          throw problem(
              Sizes.text(in(0).shape())
                  + " and "
                  + Sizes.text(shape)
                  + " differ elsewhere than in axis "
                  + axis
                  + "; take an input size that all strides divide");
        }
      }
      out[axis] += shape[axis];
    }
    return new Value(in(0).type(), out, data ? Strides.concat(in, axis, out) : null);
  }

  private Value slice() {
    long[] shape = in(0).known();
    boolean inputs = opset >= 10 || has(1);
    long[] starts = inputs ? in(1).longs() : node.integers("starts");
    long[] ends = inputs ? in(2).longs() : node.integers("ends");
    long[] axes = inputs ? (has(3) ? in(3).longs() : null) : node.integers("axes");
    long[] steps = inputs && has(4) ? in(4).longs() : null;
    if (starts == null || ends == null || inputs && has(3) && axes == null) {
      return new Value(in(0).type(), null, null);
    }
    long[] from = new long[shape.length];
    long[] step = new long[shape.length];
    long[] out = shape.clone();
    Arrays.fill(step, 1);
    for (int i = 0; i < starts.length; i++) {
      int axis = axes == null ? i : axis(axes[i], shape.length);
      long by = steps == null ? 1 : steps[i];
      long size = shape[axis];
      if (by == 0 || axis >= shape.length) {
        throw problem("a step of 0, or more slices than axes; use others");
      }
      long start = starts[i] < 0 ? starts[i] + size : starts[i];
      long end = ends[i] < 0 ? ends[i] + size : ends[i];
      start = Math.max(0, Math.min(by > 0 ? size : size - 1, start));
      end = Math.max(by > 0 ? 0 : -1, Math.min(size, end));
      from[axis] = start;
      step[axis] = by;
      out[axis] = Math.max(0, by > 0 ? (end - start + by - 1) / by : (start - end - by - 1) / -by);
    }
    return Strides.slice(in(0), from, step, out);
  }

  private Value[] split() {
    long[] shape = in(0).known();
    int axis = axis(node.integer("axis", 0), shape.length);
    long[] sizes = has(1) ? in(1).longs() : node.integers("split");
    int parts = node.outputs().size();
    if (sizes == null) {
      sizes = new long[parts];
      long each = (shape[axis] + parts - 1) / parts;
      for (int i = 0; i < parts; i++) {
        sizes[i] = Math.max(0, Math.min(each, shape[axis] - i * each));
      }
    }
    Value[] all = new Value[parts];
    long[] from = new long[shape.length];
    long[] step = new long[shape.length];
    Arrays.fill(step, 1);
    for (int i = 0; i < parts; i++) {
      long[] out = shape.clone();
      out[axis] = i < sizes.length ? sizes[i] : 0;
      if (from[axis] + out[axis] > shape[axis]) {
        throw problem("the parts are more than the axis has; make them fewer");
      }
      all[i] = Strides.slice(in(0), from, step, out);
      from[axis] += out[axis];
    }
    return all;
  }

  private Value gather() {
    long[] shape = in(0).known();
    long[] picks = in(1).shape();
    if (picks == null) {
      return new Value(in(0).type(), null, null);
    }
    int axis = axis(node.integer("axis", 0), shape.length);
    long[] out = new long[shape.length + picks.length - 1];
    System.arraycopy(shape, 0, out, 0, axis);
    System.arraycopy(picks, 0, out, axis, picks.length);
    System.arraycopy(shape, axis + 1, out, axis + picks.length, shape.length - axis - 1);
    long[] indices = in(1).longs();
    double[] data = in(0).data();
    if (data == null || indices == null) {
      return Value.shaped(in(0).type(), out);
    }
    int outer = (int) Sizes.product(shape, 0, axis);
    int inner = (int) Sizes.product(shape, axis + 1, shape.length);
    double[] made = new double[outer * indices.length * inner];
    for (int o = 0; o < outer; o++) {
      for (int k = 0; k < indices.length; k++) {
        long at = indices[k] < 0 ? indices[k] + shape[axis] : indices[k];
        if (at < 0 || at >= shape[axis]) {
          throw problem("index " + indices[k] + " of an axis of " + shape[axis] + "; use less");
        }
        System.arraycopy(
            data,
            (int) ((o * shape[axis] + at) * inner),
            made,
            (o * indices.length + k) * inner,
            inner);
      }
    }
    return new Value(in(0).type(), out, made);
  }

  private Value elements() {
    long[] shape = in(0).known();
    long[] out = in(1).known();
    int axis = axis(node.integer("axis", 0), shape.length);
    double[] data = in(0).data();
    long[] picks = in(1).longs();
    if (data == null || picks == null || out.length != shape.length) {
      return Value.shaped(in(0).type(), out);
    }
    double[] made = new double[picks.length];
    for (int i = 0; i < made.length; i++) {
      int rest = i;
      int at = 0;
      int step = 1;
      for (int k = shape.length - 1; k >= 0; k--) {
        long index = k == axis ? picks[i] : rest % out[k];
        rest /= (int) out[k];
        index = index < 0 ? index + shape[k] : index;
        if (index >= shape[k]) {
          throw problem("index " + index + " of an axis of " + shape[k] + "; use less");
        }
        at += (int) index * step;
        step *= (int) shape[k];
      }
      made[i] = data[at];
    }
    return new Value(in(0).type(), out, made);
  }

  private Value scatter() {
    double[] data = in(0).data();
    long[] indices = in(1).longs();
    double[] updates = in(2).data();
    long[] shape = in(0).known();
    if (data == null || indices == null || updates == null) {
      return new Value(in(0).type(), shape, null);
    }
    int depth = (int) in(1).known()[in(1).rank() - 1];
    int inner = (int) Sizes.product(shape, Math.min(depth, shape.length), shape.length);
    double[] made = data.clone();
    for (int i = 0; i * inner < updates.length && (i + 1) * depth <= indices.length; i++) {
      long at = 0;
      for (int k = 0; k < depth; k++) {
        long index = indices[i * depth + k];
        index = index < 0 ? index + shape[k] : index;
        if (index < 0 || index >= shape[k]) {
          throw problem("index " + index + " of an axis of " + shape[k] + "; use less");
        }
        at = at * shape[k] + index;
      }
      System.arraycopy(updates, i * inner, made, (int) at * inner, inner);
    }
    return new Value(in(0).type(), shape, made);
  }

  private Value expand() {
    long[] wanted = in(1).longs();
    if (wanted == null) {
      return new Value(in(0).type(), null, null);
    }
    return Strides.expand(in(0), Elementwise.broadcast("Expand", in(0).known(), wanted));
  }

  private Value tile() {
    long[] times = in(1).longs();
    long[] shape = in(0).known();
    if (times == null || times.length != shape.length) {
      return new Value(in(0).type(), null, null);
    }
    long[] out = shape.clone();
    for (int i = 0; i < out.length; i++) {
      out[i] = Sizes.product(out[i], times[i]);
    }
    return Strides.tile(in(0), out);
  }

  private Value pad() {
    long[] shape = in(0).known();
    long[] given = has(1) ? in(1).longs() : node.integers("pads");
    if (given == null) {
      return new Value(in(0).type(), null, null);
    }
    long[] axes = has(3) ? in(3).longs() : null;
    long[] begin = new long[shape.length];
    long[] end = new long[shape.length];
    int n = given.length / 2;
    for (int i = 0; i < n; i++) {
      int axis = axes == null ? axis(i, shape.length) : axis(axes[i], shape.length);
      begin[axis] = given[i];
      end[axis] = given[n + i];
    }
    double[] fill = has(2) ? in(2).data() : null;
    double value = fill == null || fill.length == 0 ? node.real("value", 0) : fill[0];
    return Strides.pad(in(0), begin, end, node.text("mode", "constant"), value);
  }

  private Value resize() {
    long[] shape = in(0).known();
    boolean old = node.operator().equals("Upsample") || opset < 11;
    int scaleAt = old ? 1 : 2;
    double[] scales = has(scaleAt) ? in(scaleAt).data() : null;
    long[] sizes = !old && has(3) ? in(3).longs() : null;
    Attribute attribute = node.attributes().get("scales");
    long[] out = shape.clone();
    double[] factor = new double[shape.length];
    if (sizes != null && sizes.length == shape.length) {
      for (int i = 0; i < out.length; i++) {
        out[i] = sizes[i];
        factor[i] = (double) sizes[i] / shape[i];
      }
    } else if (scales != null && scales.length == shape.length || attribute != null) {
      for (int i = 0; i < out.length; i++) {
        factor[i] =
            scales != null && scales.length == out.length
                ? scales[i]
                : attribute == null ? 1 : attribute.reals()[i];
        out[i] = (long) Math.floor(shape[i] * factor[i]);
      }
    } else {
      return new Value(in(0).type(), null, null);
    }
    return Strides.resize(in(0), out, factor, node, opset);
  }

  private Value depth() {
    long[] out = in(0).known().clone();
    long block = node.integer("blocksize", 1);
    boolean up = node.operator().equals("DepthToSpace");
    if (out.length != 4 || block < 1) {
      throw problem("the input " + Sizes.text(out) + " is no image; give 4 axes");
    }
    long area = Sizes.product(block, block);
    if (up ? out[1] % area != 0 : out[2] % block != 0 || out[3] % block != 0) {
      throw problem(Sizes.text(out) + " is no multiple of the block " + block + "; make it one");
    }
    return Strides.depth(in(0), (int) block, up, node.text("mode", "DCR").equals("CRD"));
  }

  private Value reduce() {
    long[] shape = in(0).known();
    long[] axes = axes();
    if (axes == null && has(1)) {
      return new Value(in(0).type(), null, null);
    }
    boolean none = axes == null || axes.length == 0;
    if (none && node.integer("noop_with_empty_axes", 0) != 0) {
      return in(0);
    }
    boolean[] gone = new boolean[shape.length];
    if (axes == null || none) {
      Arrays.fill(gone, true);
    } else {
      for (long axis : axes) {
        gone[axis(axis, shape.length)] = true;
      }
    }
    return Strides.reduce(node.operator(), in(0), gone, node.integer("keepdims", 1) != 0);
  }

  private Value arg() {
    long[] shape = in(0).known();
    boolean[] gone = new boolean[shape.length];
    gone[axis(node.integer("axis", 0), shape.length)] = true;
    Value like = new Value(Onnx.INT64, shape, in(0).data());
    return Strides.reduce(node.operator(), like, gone, node.integer("keepdims", 1) != 0);
  }

  private Value[] top() {
    long[] k = has(1) ? in(1).longs() : new long[] {node.integer("k", 1)};
    long[] out = in(0).known().clone();
    if (k == null || k.length == 0) {
      Value unknown = new Value(in(0).type(), null, null);
      return new Value[] {unknown, unknown};
    }
    out[axis(node.integer("axis", -1), out.length)] = k[0];
    return new Value[] {Value.shaped(in(0).type(), out), Value.shaped(Onnx.INT64, out)};
  }

  private Value oneHot() {
    double[] depth = in(1).data();
    long[] shape = in(0).known();
    if (depth == null) {
      return Value.UNKNOWN;
    }
    long[] out = Arrays.copyOf(shape, shape.length + 1);
    out[shape.length] = (long) depth[0];
    return Value.shaped(in(2).type(), out);
  }

  private Value einsum() {
    String rule = node.text("equation", "").replace(" ", "");
    int arrow = rule.indexOf("->");
    if (arrow < 0) {
      return Value.UNKNOWN;
    }
    long[] sizes = new long[128];
    int operand = 0;
    int axis = 0;
    for (int i = 0; i < arrow; i++) {
      char c = rule.charAt(i);
      if (c == ',') {
        operand++;
        axis = 0;
      } else if (c < 128
          && operand < in.length
          && in[operand].shape() != null
          && axis < in[operand].rank()) {
        sizes[c] = in[operand].known()[axis++];
      } else {
        return Value.UNKNOWN;
      }
    }
    String right = rule.substring(arrow + 2);
    long[] out = new long[right.length()];
    for (int i = 0; i < out.length; i++) {
      out[i] = sizes[right.charAt(i) & 127];
    }
    return Strides.einsum(in, rule.substring(0, arrow).split(","), right, sizes, out);
  }
}
