package convscope.train;

import convscope.autodiff.Tape;
import convscope.autodiff.Var;
import convscope.engine.Engine;
import convscope.engine.EngineConv2d;
import convscope.engine.EngineGemm;
import convscope.engine.Kernels;
import convscope.net.Conv;
import convscope.net.Flatten;
import convscope.net.Layer;
import convscope.net.Linear;
import convscope.net.Model;
import convscope.net.Pass;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.ArrayList;
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

  Stages(Engine engine, Model model, int parameters, int gradients) {
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
      return new Convolved(node, conv);
    }
    if (layer instanceof Linear linear) {
      return new Multiplied(node, linear);
    }
    if (layer instanceof Flatten) {
      return new Passed(node);
    }
    return new Taped(node, layer);
  }

  private int size(int node) {
    return model.input(node).size();
  }

  /** Address of a layer's weight or bias among the parameters or gradients; 0 if it has none. */
  private int address(int array, int node, int which) {
    List<Model.Part> parts = Model.of(model.trained(), node);
    return which < parts.size() ? array + FLOAT * parts.get(which).start() : 0;
  }

  /** A convolution. */
  private final class Convolved extends Stage {
    private final Conv conv;
    private final Shape image;
    private final int weight;
    private final int bias;
    private final int dWeight;
    private final int dBias;

    Convolved(int node, Conv conv) {
      super(Stages.this.engine, 1, size(node), size(node + 1));
      this.conv = conv;
      image = model.input(node);
      weight = address(parameters, node, 0);
      bias = address(parameters, node, 1);
      dWeight = address(gradients, node, 0);
      dBias = address(gradients, node, 1);
    }

    private convscope.engine.Layer layer(int images) {
      return new convscope.engine.Layer(
          images, image.dim(1), image.dim(2), image.dim(3), conv.outChannels(), conv.spec());
    }

    @Override
    void forward(int images, Pass pass) {
      engine.conv2d(layer(images), x, weight, bias, y, false);
    }

    @Override
    int backward(int images, int dy, int free, boolean wanted) {
      convscope.engine.Layer layer = layer(images);
      engine.conv2dWeightGradient(layer, dy, x, dWeight);
      if (dBias != 0) {
        engine.conv2dBiasGradient(layer, dy, dBias);
      }
      if (wanted) {
        engine.conv2dInputGradient(layer, dy, weight, free);
      }
      return free;
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

  /** Any layer, by its operators. */
  private final class Taped extends Stage {
    private final Layer layer;
    private final Shape image;
    private final List<Model.Part> trained;
    private final List<Model.Part> kept;
    private @Nullable Var input;
    private @Nullable Var output;
    private List<Var> weights = List.of();

    Taped(int node, Layer layer) {
      super(Stages.this.engine, 1, size(node), size(node + 1));
      this.layer = layer;
      image = model.input(node);
      trained = Model.of(model.trained(), node);
      kept = Model.of(model.kept(), node);
    }

    private Tensor read(int address, Shape shape) {
      Tensor tensor = Tensor.zeros(shape);
      engine.get(address, tensor.data(), 0, tensor.size());
      return tensor;
    }

    private void write(int address, Tensor tensor) {
      kernels().write(address, tensor.data(), 0, tensor.size());
    }

    private Kernels kernels() {
      return engine.kernels();
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
      List<Tensor> statistics = new ArrayList<>();
      float[] all = model.buffers().data();
      for (Model.Part part : kept) {
        Tensor value = Tensor.zeros(part.shape());
        System.arraycopy(all, part.start(), value.data(), 0, value.size());
        statistics.add(value);
      }
      Var to = layer.run(from, own, statistics, pass);
      for (int i = 0; pass.training() && i < kept.size(); i++) {
        Tensor value = statistics.get(i);
        System.arraycopy(value.data(), 0, all, kept.get(i).start(), value.size());
      }
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
