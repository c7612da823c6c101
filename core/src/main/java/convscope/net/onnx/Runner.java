package convscope.net.onnx;

import convscope.engine.Engine;
import convscope.engine.Kernels;
import convscope.engine.Layer;
import convscope.engine.PreparedConvolution;
import convscope.net.graph.Graph.Window;
import convscope.net.graph.Sizes;
import convscope.net.onnx.Memory.Room;
import convscope.net.onnx.Onnx.Constant;
import convscope.net.onnx.Onnx.Node;
import convscope.op.Conv2d;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs an ONNX network on the engine. It is prepared once for an input's shape: weights are loaded,
 * batch normalization is folded into the convolution before it, what an activation can be fused
 * with takes it along, and results whose last reader has run give their room to others. What the
 * engine has no kernel for is calculated by {@link Operators}, in double.
 */
public final class Runner {
  private static final int FLOAT = 4;

  /** Brings float32 weights that lie raw in the file, or in the external one, into the memory. */
  public interface Weights {
    /**
     * Copies numbers.
     *
     * @param external whether from the external file
     * @param offset in bytes
     * @throws IllegalArgumentException if they are not there
     */
    void load(int address, boolean external, long offset, int count);
  }

  /** A tensor in the memory. */
  private record Tensor(long[] shape, Room room) {
    int address() {
      return room.address;
    }

    int count() {
      return (int) Sizes.product(shape, 0, shape.length);
    }

    int size(int axis) {
      return (int) shape[axis];
    }
  }

  private final Engine engine;
  private final Kernels kernels;
  private final Onnx onnx;
  private final Weights weights;
  private final Map<String, Value> values;
  private final Map<String, Tensor> tensors = new HashMap<>();
  private final Map<String, String> aliases = new HashMap<>(); // weights by another name
  private final Map<String, Integer> maker = new HashMap<>();
  private final Map<String, List<Integer>> users = new HashMap<>();
  private final Set<String> wanted;
  private final Set<Integer> fused = new HashSet<>();
  private final Memory memory = new Memory();
  private final List<Runnable> steps = new ArrayList<>();
  private final int mark;
  private final Tensor input;

  /**
   * Prepares a network.
   *
   * @param shape of the input, or null for the file's own
   * @param names of the tensors to give; none for the network's outputs
   */
  public Runner(
      Engine engine, Onnx onnx, Weights weights, long @Nullable [] shape, List<String> names) {
    this.engine = engine;
    this.onnx = onnx;
    this.weights = weights;
    kernels = engine.kernels();
    values = OnnxGraph.values(onnx, shape);
    wanted = new HashSet<>(names);
    if (names.isEmpty()) {
      onnx.outputs.forEach(info -> wanted.add(info.name()));
    }
    mark = engine.mark();
    try {
      input = result(onnx.inputs.get(0).name());
      input.room().usedAt(0);
      input.room().usedAt(Integer.MAX_VALUE - 1); // so that it can run again
      prepare();
      long count = memory.layOut(steps.size());
      memory.place(engine.allocate(count), FLOAT);
    } catch (IllegalArgumentException | IllegalStateException e) {
      engine.release(mark);
      throw e;
    }
  }

  /** Where the input's numbers are to be written. */
  public int inputAddress() {
    return input.address();
  }

  /** How many they are. */
  public int inputCount() {
    return input.count();
  }

  /** Runs the network. */
  public void run() {
    for (Runnable step : steps) {
      step.run();
    }
  }

  /** The shape of one of the tensors asked for. */
  public long[] shape(String name) {
    return tensor(name).shape();
  }

  /** Where its numbers are after a run. */
  public int address(String name) {
    return tensor(name).address();
  }

  /** Gives the memory back. */
  public void close() {
    engine.release(mark);
  }

  // ---- preparation

  private void prepare() {
    for (int i = 0; i < onnx.nodes.size(); i++) {
      for (String output : onnx.nodes.get(i).outputs()) {
        maker.put(output, i);
      }
    }
    boolean[] live = new boolean[onnx.nodes.size()];
    for (String name : wanted) {
      if (!values.containsKey(name)) {
        throw new IllegalArgumentException(
            "ONNX: there is no tensor “" + name + "”; ask for one of the file's");
      }
      mark(name, live);
    }
    for (int i = 0; i < live.length; i++) {
      if (live[i]) {
        for (String name : onnx.nodes.get(i).inputs()) {
          users.computeIfAbsent(name, key -> new ArrayList<>()).add(i);
        }
      }
    }
    for (int i = 0; i < live.length; i++) {
      if (live[i] && !fused.contains(i)) {
        Node node = onnx.nodes.get(i);
        try {
          node(node);
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException(node.title() + ": " + e.getMessage());
        }
      }
    }
    for (String name : wanted) {
      tensor(name).room().usedAt(Integer.MAX_VALUE - 1);
    }
  }

  /** Marks the nodes that a tensor needs, without recursion: files may be deep. */
  private void mark(String name, boolean[] live) {
    List<String> open = new ArrayList<>(List.of(name));
    while (!open.isEmpty()) {
      String next = open.remove(open.size() - 1);
      Integer index = maker.get(next);
      Value value = values.get(next);
      if (index == null || live[index] || value == null || value.data() != null) {
        continue;
      }
      live[index] = true;
      open.addAll(onnx.nodes.get(index).inputs());
    }
  }

  private Value value(String name) {
    Value value = values.get(name);
    if (value == null || value.shape() == null) {
      throw new IllegalArgumentException(
          "the shape of “" + name + "” is not known, so the network cannot run");
    }
    return value;
  }

  /** A new tensor for a step's result. */
  private Tensor result(String name) {
    Value value = value(name);
    Tensor made = new Tensor(value.known(), memory.room(value.count()));
    tensors.put(name, made);
    return made;
  }

  /** A tensor, with its numbers in the memory; a constant is loaded when first asked for. */
  private Tensor tensor(String name) {
    Tensor known = tensors.get(name);
    if (known != null) {
      return known;
    }
    String alias = aliases.get(name);
    if (alias != null) {
      return tensor(alias);
    }
    Tensor loaded = loaded(name);
    tensors.put(name, loaded);
    return loaded;
  }

  /** A constant in room of its own. */
  private Tensor loaded(String name) {
    Value value = value(name);
    String own = aliases.getOrDefault(name, name);
    Constant constant = onnx.constants.get(own);
    Room room = new Room(value.count());
    room.address = engine.allocate(value.count());
    double[] data = value.data();
    if (data == null && constant != null) {
      if (constant.type() == Onnx.FLOAT && !constant.location().isEmpty()) {
        weights.load(room.address, true, constant.offset(), value.count());
        return new Tensor(value.known(), room);
      }
      if (constant.type() == Onnx.FLOAT && constant.start() >= 0) {
        weights.load(room.address, false, constant.start(), value.count());
        return new Tensor(value.known(), room);
      }
      data = onnx.numbers(constant);
    }
    if (data == null) {
      throw new IllegalArgumentException(
          "the numbers of “" + name + "” are missing; give the file that holds them");
    }
    write(room.address, data);
    return new Tensor(value.known(), room);
  }

  private void write(int address, double[] data) {
    float[] numbers = new float[data.length];
    for (int i = 0; i < data.length; i++) {
      numbers[i] = (float) data[i];
    }
    kernels.write(address, numbers, 0, numbers.length);
  }

  private float[] read(Tensor tensor) {
    float[] numbers = new float[tensor.count()];
    kernels.read(tensor.address(), numbers, 0, numbers.length);
    return numbers;
  }

  private int table(float... numbers) {
    return engine.put(numbers, 0, numbers.length);
  }

  private int filled(float number, int count) {
    float[] numbers = new float[count];
    Arrays.fill(numbers, number);
    return table(numbers);
  }

  /** Adds a step that reads and writes tensors. */
  private void step(Runnable work, Tensor... used) {
    for (Tensor tensor : used) {
      if (!isConstant(tensor)) {
        tensor.room().usedAt(steps.size());
      }
    }
    steps.add(work);
  }

  private static boolean isConstant(Tensor tensor) {
    return tensor.room().address != 0;
  }

  /** Whether a tensor's numbers are known before the network runs. */
  private boolean fixed(String name) {
    Value value = values.get(name);
    return onnx.constants.containsKey(aliases.getOrDefault(name, name))
        || value != null && value.data() != null;
  }

  /** The only node that reads a tensor, if no one else wants it. */
  private @Nullable Node next(String name) {
    List<Integer> readers = users.getOrDefault(name, List.of());
    return readers.size() == 1 && !wanted.contains(name) ? onnx.nodes.get(readers.get(0)) : null;
  }

  private void take(String name) {
    fused.addAll(users.getOrDefault(name, List.of()));
  }

  // ---- nodes

  private void node(Node node) {
    String out = node.outputs().isEmpty() ? "" : node.outputs().get(0);
    switch (node.operator()) {
      case "Identity", "Dropout" -> {
        String from = node.inputs().get(0);
        if (fixed(from)) {
          aliases.put(out, aliases.getOrDefault(from, from));
        } else {
          tensors.put(out, tensor(from));
        }
      }
      case "Reshape", "Flatten", "Squeeze", "Unsqueeze" ->
          tensors.put(out, new Tensor(value(out).known(), tensor(node.inputs().get(0)).room()));
      case "Conv" -> conv(node, out);
      case "ConvTranspose" -> transposed(node, out);
      case "Gemm" -> gemm(node, out);
      case "MatMul" -> matmul(node, out);
      case "Relu" -> {
        Tensor x = tensor(node.inputs().get(0));
        Tensor y = result(out);
        step(() -> kernels.relu(y.address(), x.address(), y.count()), x, y);
      }
      case "BatchNormalization" -> batchNorm(node, out);
      case "Add" -> add(node, out);
      case "MaxPool" -> maxPool(node, out);
      case "AveragePool" -> averagePool(node, out);
      case "GlobalAveragePool" -> globalAverage(node, out);
      case "Concat" -> concat(node, out);
      case "Transpose" -> transpose(node, out);
      case "LayerNormalization" -> layerNorm(node, out);
      case "Clip" -> clip(node, out);
      case "Mul" -> multiply(node, out);
      case "Div" -> {
        if (!gelu(node, out)) {
          plain(node);
        }
      }
      default -> {
        if (!map(node, out)) {
          plain(node);
        }
      }
    }
  }

  /** Without a kernel: copied out, calculated in double, copied in. */
  private void plain(Node node) {
    int count = node.inputs().size();
    Value[] in = new Value[count];
    Tensor[] read = new Tensor[count];
    List<Tensor> used = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = node.inputs().get(i);
      in[i] = name.isEmpty() ? Value.UNKNOWN : value(name);
      if (!name.isEmpty() && in[i].data() == null) {
        read[i] = tensor(name);
        used.add(read[i]);
      }
    }
    List<Tensor> out = new ArrayList<>();
    for (String name : node.outputs()) {
      if (!name.isEmpty() && (users.containsKey(name) || wanted.contains(name))) {
        out.add(result(name));
      } else {
        out.add(new Tensor(new long[0], new Room(0)));
      }
    }
    used.addAll(out);
    step(
        () -> {
          Value[] now = in.clone();
          for (int i = 0; i < count; i++) {
            if (read[i] != null) {
              float[] numbers = read(read[i]);
              double[] data = new double[numbers.length];
              for (int k = 0; k < data.length; k++) {
                data[k] = numbers[k];
              }
              now[i] = new Value(in[i].type(), in[i].shape(), data);
            }
          }
          Value[] made = Operators.apply(node, now, onnx.opset);
          for (int i = 0; i < out.size(); i++) {
            double[] data = made == null || i >= made.length ? null : made[i].data();
            if (out.get(i).room().count > 0) {
              if (data == null) {
                throw new IllegalArgumentException(
                    node.title() + ": " + node.operator() + " is not calculated here");
              }
              write(out.get(i).address(), data);
            }
          }
        },
        used.toArray(new Tensor[0]));
  }

  /** An image's shape as (N, C, H, W); a line is an image of one row. */
  private static int[] image(long[] shape) {
    if (shape.length != 3 && shape.length != 4) {
      throw new IllegalArgumentException(
          "a convolution of " + (shape.length - 2) + " axes is not run here; use 1 or 2");
    }
    int rows = shape.length == 4 ? (int) shape[2] : 1;
    return new int[] {(int) shape[0], (int) shape[1], rows, (int) shape[shape.length - 1]};
  }

  private Window window(Node node) {
    Value[] in = new Value[node.inputs().size()];
    for (int i = 0; i < in.length; i++) {
      String name = node.inputs().get(i);
      in[i] = name.isEmpty() ? Value.UNKNOWN : value(name);
    }
    Window w = Operators.window(node, in);
    if (w == null) {
      throw new IllegalArgumentException("there is no window; give a kernel_shape");
    }
    return w;
  }

  private static Conv2d.Spec spec(Window w, long groups) {
    int n = w.kernel().length;
    boolean line = n == 1;
    int last = n - 1;
    return Conv2d.Spec.of(line ? 1 : (int) w.kernel()[0], (int) w.kernel()[last])
        .stride(line ? 1 : (int) w.stride()[0], (int) w.stride()[last])
        .padding(
            line ? 0 : (int) w.begin()[0],
            (int) w.begin()[last],
            line ? 0 : (int) w.end()[0],
            (int) w.end()[last])
        .dilation(line ? 1 : (int) w.dilation()[0], (int) w.dilation()[last])
        .groups((int) groups);
  }

  private void conv(Node node, String first) {
    Tensor x = tensor(node.inputs().get(0));
    if (x.shape().length == 5) {
      volume(node, x, result(first));
      return;
    }
    String out = first;
    Node norm = next(out);
    if (norm != null && foldable(node, norm)) {
      take(out);
      out = norm.outputs().get(0);
    } else {
      norm = null;
    }
    Node act = next(out);
    boolean relu = act != null && act.operator().equals("Relu");
    double[] range = act == null ? null : range(act);
    if (act != null && (relu || range != null)) {
      take(out);
      out = act.outputs().get(0);
    }
    int[] in = image(x.shape());
    int outChannels = (int) value(node.inputs().get(1)).known()[0];
    Layer layer =
        new Layer(
            in[0], in[1], in[2], in[3], outChannels, spec(window(node), node.integer("group", 1)));
    boolean biased = node.inputs().size() > 2 && !node.inputs().get(2).isEmpty();
    Tensor bias = biased ? tensor(node.inputs().get(2)) : null;
    Tensor y = result(out);
    Convolve work;
    if (fixed(node.inputs().get(1))) {
      float[][] affine = norm == null ? null : affine(norm);
      bias = affine == null ? bias : shifted(affine, bias);
      PreparedConvolution prepared = engine.prepare(layer);
      int mark = engine.mark(); // the weights are packed, and not kept beside
      Tensor weight = loaded(node.inputs().get(1));
      if (affine != null) {
        scale(weight, affine[0]);
      }
      prepared.pack(weight.address());
      engine.release(mark);
      work = prepared::run;
    } else {
      Tensor weight = tensor(node.inputs().get(1));
      weight.room().usedAt(steps.size());
      work = (from, b, to, gated) -> engine.conv2d(layer, from, weight.address(), b, to, gated);
    }
    Tensor b = bias;
    step(
        () -> {
          work.run(x.address(), b == null ? 0 : b.address(), y.address(), relu);
          if (range != null) {
            kernels.clamp(y.address(), y.address(), y.count(), (float) range[0], (float) range[1]);
          }
        },
        b == null ? new Tensor[] {x, y} : new Tensor[] {x, b, y});
  }

  /** A convolution along three axes, in plain Java. */
  private void volume(Node node, Tensor x, Tensor y) {
    Tensor weight = tensor(node.inputs().get(1));
    boolean biased = node.inputs().size() > 2 && !node.inputs().get(2).isEmpty();
    Tensor bias = biased ? tensor(node.inputs().get(2)) : null;
    Window w = window(node);
    int groups = (int) node.integer("group", 1);
    step(
        () -> {
          float[] made =
              Pooling.convolve(
                  w,
                  groups,
                  read(x),
                  x.shape(),
                  read(weight),
                  weight.shape(),
                  bias == null ? null : read(bias),
                  y.shape());
          kernels.write(y.address(), made, 0, made.length);
        },
        bias == null ? new Tensor[] {x, weight, y} : new Tensor[] {x, weight, bias, y});
  }

  private interface Convolve {
    void run(int x, int bias, int y, boolean relu);
  }

  /** The range of a Clip, or null. */
  private double @Nullable [] range(Node node) {
    if (!node.operator().equals("Clip")) {
      return null;
    }
    Value[] in = new Value[node.inputs().size()];
    for (int i = 0; i < in.length; i++) {
      in[i] = node.inputs().get(i).isEmpty() ? Value.UNKNOWN : value(node.inputs().get(i));
    }
    return Elementwise.clip(node, in, onnx.opset);
  }

  private void clip(Node node, String out) {
    double[] range = range(node);
    if (range == null) {
      plain(node);
      return;
    }
    Tensor x = tensor(node.inputs().get(0));
    Tensor y = result(out);
    step(
        () ->
            kernels.clamp(y.address(), x.address(), y.count(), (float) range[0], (float) range[1]),
        x,
        y);
  }

  /** A function of each number, in plain Java. */
  private boolean map(Node node, String out) {
    Elementwise.Function function = Elementwise.function(node, new Value[0], onnx.opset);
    if (function == null || node.outputs().size() != 1) {
      return false;
    }
    Tensor x = tensor(node.inputs().get(0));
    Tensor y = result(out);
    step(
        () -> {
          float[] numbers = read(x);
          for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) function.of(numbers[i]);
          }
          kernels.write(y.address(), numbers, 0, numbers.length);
        },
        x,
        y);
    return true;
  }

  private void layerNorm(Node node, String out) {
    Tensor x = tensor(node.inputs().get(0));
    int rank = x.shape().length;
    int axis = (int) node.integer("axis", -1);
    int columns = (int) Sizes.product(x.shape(), axis < 0 ? axis + rank : axis, rank);
    boolean one = node.outputs().size() == 1 && columns > 0;
    Tensor scale = tensor(node.inputs().get(1));
    if (!one || scale.count() != columns) {
      plain(node);
      return;
    }
    boolean shifted = node.inputs().size() > 2 && !node.inputs().get(2).isEmpty();
    Tensor shift = shifted ? tensor(node.inputs().get(2)) : null;
    int zeros = shifted ? 0 : filled(0, columns);
    Tensor y = result(out);
    float epsilon = (float) node.real("epsilon", 1e-5);
    step(
        () ->
            kernels.standardize(
                y.address(),
                x.address(),
                scale.address(),
                shift == null ? zeros : shift.address(),
                x.count() / columns,
                columns,
                epsilon),
        shift == null ? new Tensor[] {x, scale, y} : new Tensor[] {x, scale, shift, y});
  }

  /** Products with a number, with one for each channel, or number by number. */
  private void multiply(Node node, String out) {
    String left = node.inputs().get(0);
    String right = node.inputs().get(1);
    boolean swap = value(left).count() < value(right).count();
    long[] shape = value(swap ? right : left).known();
    long[] other = value(swap ? left : right).known();
    // (…, planes, 1, 1) of (…, planes, area), or a single number
    int rank = shape.length;
    int skip = rank - other.length;
    int planes = 1;
    boolean fits = skip >= 0 && Arrays.equals(value(out).known(), shape);
    int axis = 0;
    while (fits
        && axis < rank
        && (axis < skip || other[axis - skip] == 1)
        && Sizes.product(other, 0, other.length) > 1) {
      axis++;
    }
    int from = axis;
    while (fits && axis < rank && axis >= skip && other[axis - skip] == shape[axis]) {
      planes = (int) Sizes.product(planes, shape[axis]);
      axis++;
    }
    for (int i = axis; fits && i < rank; i++) {
      fits = i < skip || other[i - skip] == 1;
    }
    int area = (int) Sizes.product(shape, axis, rank);
    if (!fits || planes != value(swap ? left : right).count() || area < 4) {
      plain(node);
      return;
    }
    Tensor x = tensor(swap ? right : left);
    Tensor factor = tensor(swap ? left : right);
    Tensor y = result(out);
    int zeros = filled(0, planes);
    int count = planes;
    int images = (int) Sizes.product(shape, 0, from);
    step(
        () ->
            kernels.blend(
                y.address(),
                x.address(),
                factor.address(),
                x.address(),
                zeros,
                zeros,
                zeros,
                area,
                count,
                images,
                false),
        x,
        factor,
        y);
  }

  /**
   * GELU as exporters write it out: x / √2, erf, + 1, times x, times 1/2, the last two in any
   * order.
   */
  private boolean gelu(Node div, String first) {
    Node erf = next(first);
    if (!isNumber(div.inputs().get(1), 1.4142135) || erf == null || !erf.operator().equals("Erf")) {
      return false;
    }
    String x = div.inputs().get(0);
    Node add = next(erf.outputs().get(0));
    if (add == null || !add.operator().equals("Add") || !isNumber(other(add, erf), 1)) {
      return false;
    }
    Node mul = next(add.outputs().get(0));
    Node half = mul == null ? null : next(mul.outputs().get(0));
    if (mul == null
        || half == null
        || !mul.operator().equals("Mul")
        || !half.operator().equals("Mul")) {
      return false;
    }
    if (!other(mul, add).equals(x) || !isNumber(other(half, mul), 0.5)) {
      return false;
    }
    for (String name :
        List.of(first, erf.outputs().get(0), add.outputs().get(0), mul.outputs().get(0))) {
      take(name);
    }
    Tensor from = tensor(x);
    Tensor y = result(half.outputs().get(0));
    step(() -> kernels.gelu(y.address(), from.address(), y.count()), from, y);
    return true;
  }

  /** The other factor or summand beside what a node gives. */
  private static String other(Node node, Node one) {
    return node.inputs().get(node.inputs().get(0).equals(one.outputs().get(0)) ? 1 : 0);
  }

  private boolean isNumber(String name, double wanted) {
    double[] data = values.containsKey(name) ? value(name).data() : null;
    return data != null && data.length == 1 && Math.abs(data[0] - wanted) < 1e-5;
  }

  private boolean foldable(Node conv, Node norm) {
    boolean can = norm.operator().equals("BatchNormalization") && fixed(conv.inputs().get(1));
    for (int i = 1; can && i < norm.inputs().size(); i++) {
      can = fixed(norm.inputs().get(i));
    }
    return can && (conv.inputs().size() < 3 || fixed(conv.inputs().get(2)));
  }

  /** Factor and shift of each channel: y = factor · x + shift. */
  private float[][] affine(Node norm) {
    float[] scale = read(tensor(norm.inputs().get(1)));
    float[] shift = read(tensor(norm.inputs().get(2)));
    float[] mean = read(tensor(norm.inputs().get(3)));
    float[] variance = read(tensor(norm.inputs().get(4)));
    double epsilon = norm.real("epsilon", 1e-5);
    for (int c = 0; c < scale.length; c++) {
      double factor = scale[c] / Math.sqrt(variance[c] + epsilon);
      scale[c] = (float) factor;
      shift[c] = (float) (shift[c] - mean[c] * factor);
    }
    return new float[][] {scale, shift};
  }

  /** Multiplies the weights of each output channel. */
  private void scale(Tensor weight, float[] factors) {
    float[] numbers = read(weight);
    int each = numbers.length / factors.length;
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] *= factors[i / each];
    }
    kernels.write(weight.address(), numbers, 0, numbers.length);
  }

  /** The bias that a normalization behind a convolution leaves. */
  private Tensor shifted(float[][] affine, @Nullable Tensor bias) {
    float[] shift = affine[1].clone();
    float[] before = bias == null ? new float[shift.length] : read(bias);
    for (int c = 0; c < shift.length; c++) {
      shift[c] += before[c] * affine[0][c];
    }
    Room room = new Room(shift.length);
    room.address = table(shift);
    return new Tensor(new long[] {shift.length}, room);
  }

  private void transposed(Node node, String out) {
    Tensor x = tensor(node.inputs().get(0));
    Tensor weight = tensor(node.inputs().get(1));
    boolean biased = node.inputs().size() > 2 && !node.inputs().get(2).isEmpty();
    Tensor y = result(out);
    int[] from = image(x.shape());
    int[] to = image(y.shape());
    Layer layer =
        new Layer(
            to[0], to[1], to[2], to[3], from[1], spec(window(node), node.integer("group", 1)));
    if (layer.outHeight() != from[2] || layer.outWidth() != from[3]) {
      throw new IllegalArgumentException(
          "an output of "
              + Sizes.text(y.shape())
              + " does not lead back to the input; lower"
              + " output_padding");
    }
    step(
        () -> engine.conv2dInputGradient(layer, x.address(), weight.address(), y.address()),
        x,
        weight,
        y);
    if (biased) {
      Tensor bias = tensor(node.inputs().get(2));
      int ones = filled(1, to[1]);
      int zeros = filled(0, to[1]);
      step(
          () ->
              kernels.blend(
                  y.address(),
                  y.address(),
                  ones,
                  y.address(),
                  zeros,
                  zeros,
                  bias.address(),
                  to[2] * to[3],
                  to[1],
                  to[0],
                  false),
          y,
          bias);
    }
  }

  private void batchNorm(Node node, String first) {
    Tensor x = tensor(node.inputs().get(0));
    String out = first;
    Node act = next(out);
    boolean relu = act != null && act.operator().equals("Relu");
    if (relu && act != null) {
      take(out);
      out = act.outputs().get(0);
    }
    Tensor y = result(out);
    float[][] affine = affine(node);
    int channels = affine[0].length;
    int factor = table(affine[0]);
    int shift = table(affine[1]);
    int zeros = filled(0, channels);
    int images = x.shape().length == 1 ? 1 : x.size(0);
    int area = y.count() / channels / images;
    step(
        () ->
            kernels.blend(
                y.address(),
                x.address(),
                factor,
                x.address(),
                zeros,
                zeros,
                shift,
                area,
                channels,
                images,
                relu),
        x,
        y);
  }

  private void add(Node node, String first) {
    Tensor a = tensor(node.inputs().get(0));
    Tensor b = tensor(node.inputs().get(1));
    if (!Arrays.equals(a.shape(), b.shape())) {
      plain(node);
      return;
    }
    String out = first;
    Node act = next(out);
    boolean relu = act != null && act.operator().equals("Relu");
    if (relu && act != null) {
      take(out);
      out = act.outputs().get(0);
    }
    Tensor y = result(out);
    int one = table(1);
    int zero = table(0);
    step(
        () ->
            kernels.blend(
                y.address(), a.address(), one, b.address(), zero, one, zero, y.count(), 1, 1, relu),
        a,
        b,
        y);
  }

  private void gemm(Node node, String out) {
    boolean turnA = node.integer("transA", 0) != 0;
    boolean turnB = node.integer("transB", 0) != 0;
    float alpha = (float) node.real("alpha", 1);
    float beta = (float) node.real("beta", 1);
    Tensor a = tensor(node.inputs().get(0));
    Tensor b = tensor(node.inputs().get(1));
    boolean biased = node.inputs().size() > 2 && !node.inputs().get(2).isEmpty();
    Tensor c = biased ? tensor(node.inputs().get(2)) : null;
    Tensor y = result(out);
    int m = y.size(0);
    int n = y.size(1);
    int k = a.size(turnA ? 0 : 1);
    int[] from = c == null ? null : Strides.places(c.shape(), y.shape());
    boolean row = c != null && c.count() == n && c.size(c.shape().length - 1) == n;
    // y = alpha · (a·b + (beta/alpha) · c)
    int factor = table(alpha);
    int zero = table(0);
    step(
        () -> {
          if (c != null && row && alpha == 1 && beta == 1) {
            kernels.copy(y.address(), FLOAT * n, 0, c.address(), 0, 0, 1, m, n);
          } else if (c != null && from != null) {
            float[] bias = read(c);
            float[] start = new float[from.length];
            for (int i = 0; i < start.length; i++) {
              start[i] = bias[from[i]] * beta / alpha;
            }
            kernels.write(y.address(), start, 0, start.length);
          }
          engine.multiply(turnA, turnB, m, n, k, a.address(), b.address(), y.address(), c != null);
          if (alpha != 1) {
            kernels.blend(
                y.address(),
                y.address(),
                factor,
                y.address(),
                zero,
                zero,
                zero,
                m * n,
                1,
                1,
                false);
          }
        },
        c == null ? new Tensor[] {a, b, y} : new Tensor[] {a, b, c, y});
  }

  private void matmul(Node node, String first) {
    Tensor a = tensor(node.inputs().get(0));
    Tensor b = tensor(node.inputs().get(1));
    if (a.shape().length < 2 || b.shape().length < 2) { // a vector is a row, or a column
      Tensor y = result(first);
      int inner = a.size(a.shape().length - 1);
      int columns = b.shape().length < 2 ? 1 : b.size(b.shape().length - 1);
      int rows = y.count() / columns;
      if (b.shape().length > 2) {
        throw new IllegalArgumentException("a vector times a stack is not run here; reshape it");
      }
      step(
          () ->
              engine.multiply(
                  false, false, rows, columns, inner, a.address(), b.address(), y.address(), false),
          a,
          b,
          y);
      return;
    }
    int n = b.size(b.shape().length - 1);
    int k = a.size(a.shape().length - 1);
    String out = first;
    Node add = b.shape().length == 2 ? next(out) : null;
    Tensor bias = null;
    if (add != null && add.operator().equals("Add")) {
      String other = add.inputs().get(add.inputs().get(0).equals(out) ? 1 : 0);
      if (fixed(other) && value(other).count() == n && value(other).rank() == 1) {
        bias = tensor(other);
        take(out);
        out = add.outputs().get(0);
      }
    }
    Tensor y = result(out);
    if (b.shape().length == 2) {
      int m = y.count() / n;
      Tensor c = bias;
      step(
          () -> {
            if (c != null) {
              kernels.copy(y.address(), FLOAT * n, 0, c.address(), 0, 0, 1, m, n);
            }
            engine.multiply(
                false, false, m, n, k, a.address(), b.address(), y.address(), c != null);
          },
          c == null ? new Tensor[] {a, b, y} : new Tensor[] {a, b, c, y});
      return;
    }
    int rank = y.shape().length;
    int m = y.size(rank - 2);
    long[] batch = Arrays.copyOf(y.shape(), rank - 2);
    int[] left = Strides.places(Arrays.copyOf(a.shape(), a.shape().length - 2), batch);
    int[] right = Strides.places(Arrays.copyOf(b.shape(), b.shape().length - 2), batch);
    step(
        () -> {
          for (int i = 0; i < left.length; i++) {
            engine.multiply(
                false,
                false,
                m,
                n,
                k,
                a.address() + FLOAT * left[i] * m * k,
                b.address() + FLOAT * right[i] * k * n,
                y.address() + FLOAT * i * m * n,
                false);
          }
        },
        a,
        b,
        y);
  }

  // ---- pooling

  private void maxPool(Node node, String out) {
    Tensor x = tensor(node.inputs().get(0));
    Window w = window(node);
    boolean square =
        x.shape().length == 4
            && w.kernel()[0] == w.kernel()[1]
            && w.stride()[0] == w.stride()[1]
            && w.dilation()[0] == 1
            && w.dilation()[1] == 1
            && node.outputs().size() == 1;
    Tensor y = result(out);
    if (!square) {
      step(() -> Pooling.max(kernels, w, x.shape(), x.address(), y.shape(), y.address()), x, y);
      return;
    }
    int kernel = (int) w.kernel()[0];
    int stride = (int) w.stride()[0];
    int planes = x.size(0) * x.size(1);
    int height = x.size(2);
    int width = x.size(3);
    // a plane that holds all windows, its border below any number
    int tall = Math.max((y.size(2) - 1) * stride + kernel, height + (int) w.begin()[0]);
    int wide = Math.max((y.size(3) - 1) * stride + kernel, width + (int) w.begin()[1]);
    boolean exact =
        w.begin()[0] == 0
            && w.begin()[1] == 0
            && (height - kernel) / stride + 1 == y.size(2)
            && (width - kernel) / stride + 1 == y.size(3);
    if (exact) {
      step(
          () -> kernels.maxPool(y.address(), x.address(), planes, height, width, kernel, stride),
          x,
          y);
      return;
    }
    int padded = filled(Float.NEGATIVE_INFINITY, planes * tall * wide);
    int inner = padded + FLOAT * ((int) w.begin()[0] * wide + (int) w.begin()[1]);
    step(
        () -> {
          kernels.copy(
              inner,
              FLOAT * wide,
              FLOAT * tall * wide,
              x.address(),
              FLOAT * width,
              FLOAT * height * width,
              planes,
              height,
              width);
          kernels.maxPool(y.address(), padded, planes, tall, wide, kernel, stride);
        },
        x,
        y);
  }

  private void averagePool(Node node, String out) {
    Tensor x = tensor(node.inputs().get(0));
    Window w = window(node);
    boolean padding = node.integer("count_include_pad", 0) != 0;
    Tensor y = result(out);
    if (x.shape().length == 4 && Sizes.sum(total(w.begin()), total(w.end())) == 0) {
      int channels = x.size(1);
      Layer layer =
          new Layer(x.size(0), channels, x.size(2), x.size(3), channels, spec(w, channels));
      if (layer.outHeight() == y.size(2) && layer.outWidth() == y.size(3)) {
        int taps = (int) Sizes.product(w.kernel(), 0, 2);
        PreparedConvolution mean = engine.prepare(layer);
        int mark = engine.mark();
        mean.pack(filled(1f / taps, channels * taps));
        engine.release(mark);
        step(() -> mean.run(x.address(), 0, y.address(), false), x, y);
        return;
      }
    }
    step(
        () -> Pooling.average(kernels, w, padding, x.shape(), x.address(), y.shape(), y.address()),
        x,
        y);
  }

  private static long total(long[] sizes) {
    long total = 0;
    for (long size : sizes) {
      total += Math.abs(size);
    }
    return total;
  }

  private void globalAverage(Node node, String out) {
    Tensor x = tensor(node.inputs().get(0));
    Tensor y = result(out);
    int planes = y.count();
    int area = x.count() / planes;
    int factor = table(1f / area);
    int zero = table(0);
    step(
        () -> {
          kernels.clear(y.address(), planes);
          kernels.sums(y.address(), x.address(), area, planes, FLOAT * area, 1, 0);
          kernels.blend(
              y.address(), y.address(), factor, y.address(), zero, zero, zero, planes, 1, 1, false);
        },
        x,
        y);
  }

  // ---- moving numbers

  private void concat(Node node, String out) {
    Tensor y = result(out);
    int rank = y.shape().length;
    int axis = (int) node.integer("axis", 0);
    axis = axis < 0 ? axis + rank : axis;
    int rows = (int) Sizes.product(y.shape(), 0, axis);
    int pitch = FLOAT * (y.count() / Math.max(1, rows));
    int at = 0;
    for (String name : node.inputs()) {
      Tensor x = tensor(name);
      int width = x.count() / Math.max(1, rows);
      int to = at;
      step(
          () ->
              kernels.copy(
                  y.address() + FLOAT * to,
                  pitch,
                  0,
                  x.address(),
                  FLOAT * width,
                  0,
                  1,
                  rows,
                  width),
          x,
          y);
      at += width;
    }
  }

  private void transpose(Node node, String out) {
    Tensor x = tensor(node.inputs().get(0));
    Tensor y = result(out);
    long[] perm = node.integers("perm");
    int rank = x.shape().length;
    int[] steps = new int[rank]; // of the input, along the output's axes
    int[] own = new int[rank];
    for (int i = rank - 1, size = 1; i >= 0; i--) {
      own[i] = size;
      size *= x.size(i);
    }
    for (int i = 0; i < rank; i++) {
      steps[i] = own[perm == null ? rank - 1 - i : (int) perm[i]];
    }
    Moving move = new Moving(engine, y.shape(), steps);
    step(() -> move.run(y.address(), x.address()), x, y);
  }
}
