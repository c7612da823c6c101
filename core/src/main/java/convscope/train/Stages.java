package convscope.train;

import convscope.autodiff.Tape;
import convscope.autodiff.Var;
import convscope.engine.Engine;
import convscope.engine.EngineConv2d;
import convscope.engine.EngineGemm;
import convscope.engine.Kernels;
import convscope.net.BatchNorm;
import convscope.net.Conv;
import convscope.net.Elementwise;
import convscope.net.Flatten;
import convscope.net.GroupNorm;
import convscope.net.Layer;
import convscope.net.Linear;
import convscope.net.Model;
import convscope.net.Pass;
import convscope.net.Pool;
import convscope.op.AveragePool2d;
import convscope.op.BatchNorm2d;
import convscope.op.PoolSpec;
import convscope.op.Unary;
import convscope.op.Window;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of {@link Stage}: what the engine does itself, and for all other layers the operators
 * on a tape of their own.
 */
final class Stages {
  private static final int FLOAT = 4; // bytes

  private final Engine engine;
  private final Model model;
  private final int parameters; // addresses
  private final int gradients;
  private final boolean fused;

  Stages(Engine engine, Model model, int parameters, int gradients, boolean fused) {
    this.fused = fused;
    this.engine = engine;
    this.model = model;
    this.parameters = parameters;
    this.gradients = gradients;
  }

  /** The stages of the model, in order. */
  List<Stage> all() {
    List<Stage> stages = new ArrayList<>();
    for (int node = 0; node < model.network().nodes().size(); ) {
      Stage stage = at(node);
      stages.add(stage);
      node += stage.layers;
    }
    return stages;
  }

  private Layer layer(int node) {
    return model.network().nodes().get(node).layer();
  }

  private Stage at(int node) {
    Layer layer = layer(node);
    if (layer instanceof Conv conv) {
      boolean relu = fused && isRelu(node + 1);
      int pooled = relu && window(node + 2) != null ? node + 2 : node;
      return new Convolved(node, conv, relu, pooled == node ? null : window(pooled));
    }
    if (layer instanceof BatchNorm norm) {
      return new Normalized(node, norm, fused && isRelu(node + 1));
    }
    if (isRelu(node)) {
      return new Rectified(node);
    }
    Window pooling = window(node);
    if (pooling != null) {
      return new Pooled(node, pooling);
    }
    if (layer instanceof Linear linear) {
      return new Multiplied(node, linear);
    }
    if (layer instanceof Flatten) {
      return new Passed(node);
    }
    if (layer instanceof Elementwise applied && applied.function() != null) {
      return new Applied(node, applied.function());
    }
    if (layer instanceof Pool pool && !pool.max()) {
      return new Averaged(node, pool);
    }
    return new Taped(node, layer);
  }

  private Tensor read(int address, Shape shape) {
    Tensor tensor = Tensor.zeros(shape);
    engine.get(address, tensor.data(), 0, tensor.size());
    return tensor;
  }

  private void write(int address, Tensor tensor) {
    engine.kernels().write(address, tensor.data(), 0, tensor.size());
  }

  /**
   * Whether a layer subtracts each channel's mean. Then a bias before it has no effect, and the
   * rounding noise that its gradient would be is nothing for an optimizer to divide by its own
   * size.
   */
  private boolean takesTheMeanAway(int node) {
    return node < model.network().nodes().size()
        && (layer(node) instanceof BatchNorm
            || layer(node) instanceof GroupNorm norm && norm.groups() == 0);
  }

  private boolean isRelu(int node) {
    return node < model.network().nodes().size()
        && layer(node) instanceof Elementwise function
        && function.function() == Unary.RELU;
  }

  /** The window of max pooling that the engine does itself: square, not padded; else null. */
  private @Nullable Window window(int node) {
    if (node >= model.network().nodes().size()
        || !(layer(node) instanceof Pool pool && pool.max())) {
      return null;
    }
    Window rows = pool.spec().window().vertical();
    boolean simple =
        rows.equals(pool.spec().window().horizontal())
            && rows.padBefore() == 0
            && rows.padAfter() == 0
            && rows.dilation() == 1;
    boolean hangs =
        !model.input(node + 1).equals(new Pool(true, floor(pool)).output(model.input(node)));
    return simple && !hangs ? rows : null;
  }

  private static PoolSpec floor(Pool pool) {
    return pool.spec().ceil(false);
  }

  private int size(int node) {
    return model.input(node).size();
  }

  /** Address of a layer's weight or bias among the parameters or gradients; 0 if it has none. */
  private int address(int array, int node, int which) {
    List<Model.Part> parts = Model.of(model.trained(), node);
    return which < parts.size() ? array + FLOAT * parts.get(which).start() : 0;
  }

  /** A convolution, with the ReLU and the max pooling behind it. */
  private final class Convolved extends Stage {
    private final Conv conv;
    private final boolean relu;
    private final @Nullable Window pool;
    private final Shape image;
    private final Shape map; // what the convolution gives
    private final int weight;
    private final int bias;
    private final int dWeight;
    private final int dBias;
    private final boolean normalized; // so the mean goes, the bias with it, and its gradient is 0
    private int z; // what is pooled

    Convolved(int node, Conv conv, boolean relu, @Nullable Window pool) {
      super(
          Stages.this.engine,
          1 + (relu ? 1 : 0) + (pool == null ? 0 : 1),
          size(node),
          size(node + 1 + (relu ? 1 : 0) + (pool == null ? 0 : 1)));
      this.conv = conv;
      this.relu = relu;
      this.pool = pool;
      image = model.input(node);
      map = model.input(node + 1);
      weight = address(parameters, node, 0);
      bias = address(parameters, node, 1);
      dWeight = address(gradients, node, 0);
      dBias = address(gradients, node, 1);
      normalized = takesTheMeanAway(node + 1);
    }

    @Override
    int largest() {
      return Math.max(super.largest(), map.size());
    }

    @Override
    void layOut(int most) {
      super.layOut(most);
      z = pool == null ? y : engine.allocate((long) most * map.size());
    }

    private convscope.engine.Layer layer(int images) {
      return new convscope.engine.Layer(
          images, image.dim(1), image.dim(2), image.dim(3), conv.outChannels(), conv.spec());
    }

    @Override
    void forward(int images, Pass pass) {
      engine.conv2d(layer(images), x, weight, bias, z, relu);
      if (pool != null) {
        pool(y, z, images * map.dim(1), map, pool);
      }
    }

    @Override
    int backward(int images, int dy, int free, boolean wanted) {
      convscope.engine.Layer layer = layer(images);
      int dz = dy;
      int dx = free;
      if (pool != null) {
        poolGradient(free, dy, z, y, images * map.dim(1), map, pool, true);
        dz = free;
        dx = dy;
      } else if (relu) {
        engine.kernels().gate(dy, y, images * outputs);
      }
      engine.conv2dWeightGradient(layer, dz, x, dWeight);
      if (dBias != 0 && normalized) {
        engine.kernels().clear(dBias, conv.outChannels());
      } else if (dBias != 0) {
        engine.conv2dBiasGradient(layer, dz, dBias);
      }
      if (wanted) {
        engine.conv2dInputGradient(layer, dz, weight, dx);
      }
      return dx;
    }
  }

  private void pool(int y, int x, int planes, Shape map, Window window) {
    engine
        .kernels()
        .maxPool(y, x, planes, map.dim(2), map.dim(3), window.kernel(), window.stride());
  }

  private void poolGradient(
      int dx, int dy, int x, int y, int planes, Shape map, Window window, boolean gated) {
    engine
        .kernels()
        .maxPoolGradient(
            dx, dy, x, y, planes, map.dim(2), map.dim(3), window.kernel(), window.stride(), gated);
  }

  /** Max pooling. */
  private final class Pooled extends Stage {
    private final Window window;
    private final Shape map;

    Pooled(int node, Window window) {
      super(Stages.this.engine, 1, size(node), size(node + 1));
      this.window = window;
      map = model.input(node);
    }

    @Override
    void forward(int images, Pass pass) {
      pool(y, x, images * map.dim(1), map, window);
    }

    @Override
    int backward(int images, int dy, int free, boolean wanted) {
      if (wanted) {
        poolGradient(free, dy, x, y, images * map.dim(1), map, window, false);
      }
      return free;
    }
  }

  /** A ReLU on its own. */
  private final class Rectified extends Stage {
    Rectified(int node) {
      super(Stages.this.engine, 1, size(node), size(node + 1));
    }

    @Override
    void forward(int images, Pass pass) {
      engine.kernels().relu(y, x, images * outputs);
    }

    @Override
    int backward(int images, int dy, int free, boolean wanted) {
      engine.kernels().gate(dy, y, images * outputs);
      return dy;
    }
  }

  /**
   * Batch normalization, with the ReLU behind it; the formulas stand in {@link
   * convscope.op.BatchNorm2d}. With x̂ = (x − mean)·r, both ways are sums of two maps with factors
   * for each channel.
   */
  private final class Normalized extends Stage {
    private final BatchNorm norm;
    private final boolean relu;
    private final int channels;
    private final int plane;
    private final int scale;
    private final int bias;
    private final int dScale;
    private final int dBias;
    private final List<Model.Part> kept;
    private final double[] mean;
    private final double[] inverse; // r
    private final float[] near; // the mean in float32; what it lacks goes into the shift
    private int tables; // addresses of what each channel has, one after the other
    private int sums; // address of one number for each image and channel

    private static final int ZEROS = 0;
    private static final int MEANS = 1;
    private static final int FACTORS = 2;
    private static final int SHIFTS = 3;
    private static final int OTHERS = 4;

    Normalized(int node, BatchNorm norm, boolean relu) {
      super(Stages.this.engine, relu ? 2 : 1, size(node), size(node));
      this.norm = norm;
      this.relu = relu;
      channels = model.input(node).dim(1);
      plane = inputs / channels;
      scale = address(parameters, node, 0);
      bias = address(parameters, node, 1);
      dScale = address(gradients, node, 0);
      dBias = address(gradients, node, 1);
      kept = Model.of(model.kept(), node);
      mean = new double[channels];
      inverse = new double[channels];
      near = new float[channels];
    }

    @Override
    void layOut(int most) {
      super.layOut(most);
      tables = engine.allocate(5L * channels);
      sums = engine.allocate((long) most * channels);
      engine.kernels().clear(table(ZEROS), channels);
    }

    private int table(int which) {
      return tables + FLOAT * which * channels;
    }

    private float[] read(int address) {
      float[] values = new float[channels];
      engine.get(address, values, 0, channels);
      return values;
    }

    private float[] scales() {
      float[] values = new float[channels];
      if (scale == 0) {
        Arrays.fill(values, 1);
      } else {
        engine.get(scale, values, 0, channels);
      }
      return values;
    }

    private void write(int which, float[] values) {
      engine.kernels().write(table(which), values, 0, channels);
    }

    /** The sum of each channel: of each image in float32, of the images in double. */
    private double[] sums(int of, int images) {
      Kernels kernels = engine.kernels();
      int planes = images * channels;
      kernels.clear(sums, planes);
      kernels.sums(sums, of, plane, planes, FLOAT * plane, 1, 0);
      float[] each = new float[planes];
      engine.get(sums, each, 0, planes);
      double[] all = new double[channels];
      for (int i = 0; i < planes; i++) {
        all[i % channels] += each[i];
      }
      return all;
    }

    private void statistics(int images, boolean training) {
      float[] all = model.buffers().data();
      double[] variance = new double[channels];
      if (!training && norm.tracking()) {
        for (int c = 0; c < channels; c++) {
          means(c, all[kept.get(0).start() + c]);
          variance[c] = all[kept.get(1).start() + c];
        }
        write(MEANS, near);
      } else {
        double count = (double) images * plane;
        if (count < 2) {
          throw new IllegalArgumentException(
              String.valueOf(
                  BatchNorm2d.problem(
                      Shape.of(images, channels, plane), null, null, norm.epsilon(), true)));
        }
        double[] totals = sums(x, images);
        for (int c = 0; c < channels; c++) {
          means(c, totals[c] / count);
        }
        write(MEANS, near);
        engine
            .kernels()
            .moments(table(FACTORS), x, table(MEANS), x, table(MEANS), plane, channels, images);
        float[] squares = read(table(FACTORS));
        for (int c = 0; c < channels; c++) {
          double lacking = mean[c] - near[c];
          variance[c] = Math.max(0, squares[c] / count - lacking * lacking);
          if (training && norm.tracking()) {
            keep(all, kept.get(0).start() + c, mean[c]);
            keep(all, kept.get(1).start() + c, variance[c] * count / (count - 1));
          }
        }
      }
      for (int c = 0; c < channels; c++) {
        inverse[c] = 1 / Math.sqrt(variance[c] + norm.epsilon());
      }
    }

    private void means(int channel, double value) {
      mean[channel] = value;
      near[channel] = (float) value;
    }

    private void keep(float[] all, int at, double batch) {
      all[at] = (float) ((1 - norm.momentum()) * all[at] + norm.momentum() * batch);
    }

    @Override
    void forward(int images, Pass pass) {
      statistics(images, pass.training());
      float[] factors = scales();
      float[] shifts = bias == 0 ? new float[channels] : read(bias);
      for (int c = 0; c < channels; c++) {
        factors[c] = (float) (factors[c] * inverse[c]);
        shifts[c] = (float) (shifts[c] - factors[c] * (mean[c] - near[c]));
      }
      write(FACTORS, factors);
      write(SHIFTS, shifts);
      blend(y, x, ZEROS, FACTORS, images, relu);
    }

    /** {@code to = a·aFactor + (x − mean)·xFactor + shift}. */
    private void blend(int to, int a, int aFactor, int xFactor, int images, boolean positive) {
      engine
          .kernels()
          .blend(
              to,
              a,
              table(aFactor),
              x,
              table(MEANS),
              table(xFactor),
              table(SHIFTS),
              plane,
              channels,
              images,
              positive);
    }

    @Override
    int backward(int images, int dy, int free, boolean wanted) {
      Kernels kernels = engine.kernels();
      if (relu) {
        kernels.gate(dy, y, images * outputs);
      }
      double[] totals = sums(dy, images); // Σ dy
      kernels.moments(table(FACTORS), dy, table(ZEROS), x, table(MEANS), plane, channels, images);
      float[] dots = read(table(FACTORS)); // Σ dy · (x − mean), then Σ dy · x̂
      float[] factors = scales();
      float[] ofX = new float[channels];
      float[] shifts = new float[channels];
      float[] dBiases = new float[channels];
      double count = (double) images * plane;
      for (int c = 0; c < channels; c++) {
        double lacking = mean[c] - near[c];
        double dot = (dots[c] - lacking * totals[c]) * inverse[c];
        double factor = factors[c] * inverse[c];
        double share = factor * (dot / count) * inverse[c];
        dots[c] = (float) dot;
        dBiases[c] = (float) totals[c];
        factors[c] = (float) factor;
        ofX[c] = (float) -share;
        shifts[c] = (float) (share * lacking - factor * (totals[c] / count));
      }
      if (scale != 0) {
        kernels.write(dScale, dots, 0, channels);
        kernels.write(dBias, dBiases, 0, channels);
      }
      if (wanted) {
        write(FACTORS, factors);
        write(SHIFTS, shifts);
        write(OTHERS, ofX);
        blend(dy, dy, FACTORS, OTHERS, images, false);
      }
      return dy;
    }
  }

  /** A linear layer: {@code y = x·Wᵀ + b} for each row of x. */
  private final class Multiplied extends Stage {
    private final int in;
    private final int out;
    private final int weight;
    private final int bias;
    private final int dWeight;
    private final int dBias;

    Multiplied(int node, Linear linear) {
      super(Stages.this.engine, 1, size(node), size(node + 1));
      in = model.input(node).dim(-1);
      out = linear.outFeatures();
      weight = address(parameters, node, 0);
      bias = address(parameters, node, 1);
      dWeight = address(gradients, node, 0);
      dBias = address(gradients, node, 1);
    }

    private int rows(int images) {
      return images * (inputs / in);
    }

    @Override
    void forward(int images, Pass pass) {
      int rows = rows(images);
      if (bias != 0) {
        engine.kernels().copy(y, FLOAT * out, 0, bias, 0, 0, 1, rows, out);
      }
      engine.multiply(false, true, rows, out, in, x, weight, y, bias != 0);
    }

    @Override
    int backward(int images, int dy, int free, boolean wanted) {
      int rows = rows(images);
      engine.multiply(true, false, out, in, rows, dy, x, dWeight, false);
      if (dBias != 0) {
        engine.kernels().clear(dBias, out);
        engine.kernels().sums(dBias, dy, 1, out, FLOAT, rows, FLOAT * out);
      }
      if (wanted) {
        engine.multiply(false, false, rows, in, out, dy, weight, free, false);
      }
      return free;
    }
  }

  /** What changes only the shape. */
  private final class Passed extends Stage {
    Passed(int node) {
      super(Stages.this.engine, 1, size(node), size(node + 1));
    }

    @Override
    void layOut(int most) {
      y = x;
    }

    @Override
    void forward(int images, Pass pass) {}

    @Override
    int backward(int images, int dy, int free, boolean wanted) {
      return dy;
    }
  }

  /** A function of each element; sigmoid and tanh have their slope from what they gave. */
  private final class Applied extends Stage {
    private final Unary function;
    private final boolean tanh;
    private final boolean sigmoid;
    private @Nullable Tensor input; // what the slope needs, else

    Applied(int node, Unary function) {
      super(Stages.this.engine, 1, size(node), size(node + 1));
      this.function = function;
      tanh = function == Unary.TANH;
      sigmoid = function == Unary.SIGMOID;
    }

    @Override
    void forward(int images, Pass pass) {
      Tensor from = read(x, Shape.of(images * inputs));
      write(y, function.forward(from));
      input = tanh || sigmoid ? null : from;
    }

    @Override
    int backward(int images, int dy, int free, boolean wanted) {
      Tensor gradient = read(dy, Shape.of(images * outputs));
      if (input != null) {
        write(dy, function.backward(gradient, input));
        return dy;
      }
      float[] g = gradient.data();
      float[] given = read(y, gradient.shape()).data();
      for (int i = 0; i < g.length; i++) {
        double value = given[i];
        g[i] = (float) (g[i] * (tanh ? 1 - value * value : value * (1 - value)));
      }
      write(dy, gradient);
      return dy;
    }
  }

  /** Average pooling. */
  private final class Averaged extends Stage {
    private final Pool pool;
    private final Shape image;

    Averaged(int node, Pool pool) {
      super(Stages.this.engine, 1, size(node), size(node + 1));
      this.pool = pool;
      image = model.input(node);
    }

    @Override
    void forward(int images, Pass pass) {
      Tensor from = read(x, image.with(0, images));
      write(y, AveragePool2d.forward(from, pool.spec(), pool.countPadding()));
    }

    @Override
    int backward(int images, int dy, int free, boolean wanted) {
      Shape shape = image.with(0, images);
      Tensor gradient = read(dy, pool.output(shape));
      write(free, AveragePool2d.backward(gradient, shape, pool.spec(), pool.countPadding()));
      return free;
    }
  }

  /** Any layer, by its operators. */
  private final class Taped extends Stage {
    private final Layer layer;
    private final Shape image;
    private final int node;
    private final List<Model.Part> trained;
    private @Nullable Var input;
    private @Nullable Var output;
    private List<Var> weights = List.of();

    Taped(int node, Layer layer) {
      super(Stages.this.engine, 1, size(node), size(node + 1));
      this.layer = layer;
      image = model.input(node);
      this.node = node;
      trained = Model.of(model.trained(), node);
    }

    @Override
    void forward(int images, Pass pass) {
      Tape tape = new Tape(new EngineConv2d(engine), new EngineGemm(engine));
      Var from = tape.variable("input", read(x, image.with(0, images)));
      List<Var> own = new ArrayList<>();
      for (Model.Part part : trained) {
        Tensor value = read(parameters + FLOAT * part.start(), part.shape());
        own.add(tape.variable(part.name(), value));
      }
      List<Tensor> statistics = model.statistics(node);
      Var to = layer.run(from, own, statistics, pass);
      model.keep(node, statistics, pass);
      write(y, to.value());
      input = from;
      output = to;
      weights = own;
    }

    @Override
    int backward(int images, int dy, int free, boolean wanted) {
      Var from = input;
      Var to = output;
      if (from == null || to == null) {
        throw new IllegalStateException("Learner: backward before forward; go forward first");
      }
      input = null;
      output = null;
      if (from == to) {
        return dy; // dropout in evaluation, identity
      }
      to.backward(read(dy, to.shape()));
      for (int i = 0; i < trained.size(); i++) {
        write(gradients + FLOAT * trained.get(i).start(), weights.get(i).gradient());
      }
      write(free, from.gradient());
      return free;
    }
  }
}
