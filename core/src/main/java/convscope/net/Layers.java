package convscope.net;

import convscope.autodiff.Var;
import convscope.op.AveragePool2d;
import convscope.op.BatchNorm2d;
import convscope.op.Binary;
import convscope.op.Conv2d;
import convscope.op.ConvTranspose2d;
import convscope.op.MaxPool2d;
import convscope.op.PoolSpec;
import convscope.op.Unary;
import convscope.op.Window;
import convscope.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongBiFunction;
import org.jspecify.annotations.Nullable;

/** The kinds of {@link Layer}. A declared number of input channels of 0 means: as many as come. */
public final class Layers {
  private static final double EPSILON = 1e-5; // PyTorch's default of batch normalization

  private Layers() {}

  private static List<Shape> withBias(Shape weight, int channels, boolean bias) {
    return bias ? List.of(weight, Shape.of(channels)) : List.of(weight);
  }

  private static Shape weight(List<Shape> parameters) {
    return parameters.get(0);
  }

  private static @Nullable Shape bias(List<Shape> parameters) {
    return parameters.size() > 1 ? parameters.get(1) : null;
  }

  private static @Nullable Var biasOf(List<Var> parameters) {
    return parameters.size() > 1 ? parameters.get(1) : null;
  }

  private static @Nullable String notImages(String name, Shape x) {
    return x.rank() == 4 ? null : name + ": input of shape " + x + "; give (N, C, H, W)";
  }

  /** {@code macs = outputs · C_in/g · K_h · K_w}. */
  public record Conv(int inChannels, int outChannels, Conv2d.Spec spec, boolean bias)
      implements Layer {
    @Override
    public String name() {
      return "Conv2d";
    }

    /** Weight (outChannels, inChannels/groups, kH, kW), bias (outChannels). */
    @Override
    public List<Shape> parameters(Shape x) {
      int channels = inChannels > 0 ? inChannels : x.dim(1);
      Shape weight =
          Shape.of(
              outChannels,
              channels / Math.max(1, spec.groups()),
              spec.kernelHeight(),
              spec.kernelWidth());
      return withBias(weight, outChannels, bias);
    }

    @Override
    public @Nullable String problem(Shape x) {
      String problem = notImages(name(), x);
      if (problem == null) {
        int channels = inChannels > 0 ? inChannels : x.dim(1);
        problem = Conv2d.problem(channels, outChannels, spec.groups());
      }
      if (problem != null) {
        return problem;
      }
      List<Shape> parameters = parameters(x);
      return Conv2d.problem(x, weight(parameters), Layers.bias(parameters), spec);
    }

    @Override
    public Shape output(Shape x) {
      return Shape.of(
          x.dim(0), outChannels, spec.outputHeight(x.dim(2)), spec.outputWidth(x.dim(3)));
    }

    @Override
    public long macs(Shape x) {
      return (long) output(x).size() / outChannels * weight(parameters(x)).size();
    }

    @Override
    public ReceptiveField field(ReceptiveField before, boolean height) {
      return before.window(axis(spec, height));
    }

    @Override
    public Var run(Var x, List<Var> parameters) {
      return x.conv2d(parameters.get(0), biasOf(parameters), spec);
    }
  }

  private static Window axis(Conv2d.Spec spec, boolean height) {
    return height ? spec.vertical() : spec.horizontal();
  }

  /** Max or average pooling: no parameters and no products. */
  public record Pool(boolean max, PoolSpec spec) implements Layer {
    @Override
    public String name() {
      return max ? "MaxPool2d" : "AvgPool2d";
    }

    @Override
    public @Nullable String problem(Shape x) {
      String problem = notImages(name(), x);
      if (problem != null) {
        return problem;
      }
      return max
          ? MaxPool2d.problem(x.dim(2), x.dim(3), spec)
          : AveragePool2d.problem(x.dim(2), x.dim(3), spec);
    }

    @Override
    public Shape output(Shape x) {
      return Shape.of(x.dim(0), x.dim(1), spec.outputHeight(x.dim(2)), spec.outputWidth(x.dim(3)));
    }

    @Override
    public ReceptiveField field(ReceptiveField before, boolean height) {
      return before.window(axis(spec.window(), height));
    }

    @Override
    public Var run(Var x, List<Var> parameters) {
      return max ? x.maxPool2d(spec) : x.averagePool2d(spec, true);
    }
  }

  /** {@code macs = inputs · C_out/g · K_h · K_w}: every input element is multiplied by its taps. */
  public record Transposed(int inChannels, int outChannels, ConvTranspose2d.Spec spec, boolean bias)
      implements Layer {
    @Override
    public String name() {
      return "ConvTranspose2d";
    }

    /** Weight (inChannels, outChannels/groups, kH, kW), bias (outChannels). */
    @Override
    public List<Shape> parameters(Shape x) {
      Conv2d.Spec window = spec.window();
      Shape weight =
          Shape.of(
              inChannels > 0 ? inChannels : x.dim(1),
              outChannels / Math.max(1, window.groups()),
              window.kernelHeight(),
              window.kernelWidth());
      return withBias(weight, outChannels, bias);
    }

    @Override
    public @Nullable String problem(Shape x) {
      String problem = notImages(name(), x);
      if (problem == null) {
        int channels = inChannels > 0 ? inChannels : x.dim(1);
        problem = ConvTranspose2d.problem(channels, outChannels, spec.window().groups());
      }
      if (problem != null) {
        return problem;
      }
      List<Shape> parameters = parameters(x);
      return ConvTranspose2d.problem(x, weight(parameters), Layers.bias(parameters), spec);
    }

    @Override
    public Shape output(Shape x) {
      return Shape.of(
          x.dim(0), outChannels, spec.outputHeight(x.dim(2)), spec.outputWidth(x.dim(3)));
    }

    @Override
    public long macs(Shape x) {
      return (long) x.size() / x.dim(1) * weight(parameters(x)).size();
    }

    /**
     * Outputs that no tap reaches are sums of nothing. Products over the padding, which is cropped,
     * are counted, and so are their sums.
     */
    @Override
    public long additions(Shape x) {
      Window rows = spec.window().vertical();
      Window columns = spec.window().horizontal();
      long maps = (long) x.dim(0) * outChannels;
      long sums =
          maps
              * reached(rows, x.dim(2), rows.start(0), rows.reach(x.dim(2)))
              * reached(columns, x.dim(3), columns.start(0), columns.reach(x.dim(3)));
      long biases =
          maps
              * reached(rows, x.dim(2), 0, spec.outputHeight(x.dim(2)))
              * reached(columns, x.dim(3), 0, spec.outputWidth(x.dim(3)));
      return macs(x) - sums + (bias ? biases : 0);
    }

    /** How many places from {@code from} to before {@code end} some window has a tap on. */
    private static int reached(Window window, int windows, int from, int end) {
      int reached = 0;
      for (int place = from; place < end; place++) {
        reached += window.readers(place, windows).length > 0 ? 1 : 0;
      }
      return reached;
    }

    @Override
    public ReceptiveField field(ReceptiveField before, boolean height) {
      return before.transposed(axis(spec.window(), height));
    }

    @Override
    public Var run(Var x, List<Var> parameters) {
      return x.convTranspose2d(parameters.get(0), biasOf(parameters), spec);
    }
  }

  /** Batch normalization with scale and bias. */
  public record BatchNorm(int channels) implements Layer {
    @Override
    public String name() {
      return "BatchNorm2d";
    }

    /** Scale (C), bias (C). */
    @Override
    public List<Shape> parameters(Shape x) {
      Shape each = Shape.of(channels > 0 ? channels : x.dim(1));
      return List.of(each, each);
    }

    @Override
    public @Nullable String problem(Shape x) {
      String problem = notImages(name(), x);
      if (problem != null) {
        return problem;
      }
      List<Shape> parameters = parameters(x);
      return BatchNorm2d.problem(x, parameters.get(0), parameters.get(1), EPSILON, false);
    }

    @Override
    public Shape output(Shape x) {
      return x;
    }

    @Override
    public Var run(Var x, List<Var> parameters) {
      return x.batchNorm2d(parameters.get(0), parameters.get(1), EPSILON);
    }
  }

  /** A function of each element, or dropout in evaluation: shape and field stay. */
  public record Elementwise(String name, @Nullable Unary function) implements Layer {
    /** What every convolution of the classic networks has behind it. */
    public static final Elementwise RELU = new Elementwise("ReLU", Unary.RELU);

    /** Passes everything on unless it trains. */
    public static final Elementwise DROPOUT = new Elementwise("Dropout", null);

    @Override
    public @Nullable String problem(Shape x) {
      return null;
    }

    @Override
    public Shape output(Shape x) {
      return x;
    }

    @Override
    public Var run(Var x, List<Var> parameters) {
      return function == null ? x : x.apply(function);
    }
  }

  /** {@code macs = N · in · out}. */
  public record Linear(int inFeatures, int outFeatures, boolean bias) implements Layer {
    @Override
    public String name() {
      return "Linear";
    }

    /** Weight (outFeatures, inFeatures), bias (outFeatures). */
    @Override
    public List<Shape> parameters(Shape x) {
      int features = inFeatures > 0 ? inFeatures : x.dim(-1);
      return withBias(Shape.of(outFeatures, features), outFeatures, bias);
    }

    @Override
    public @Nullable String problem(Shape x) {
      List<Shape> parameters = parameters(x);
      return convscope.op.Linear.problem(x, weight(parameters), Layers.bias(parameters));
    }

    @Override
    public Shape output(Shape x) {
      return x.with(-1, outFeatures);
    }

    @Override
    public long macs(Shape x) {
      return (long) x.size() * outFeatures;
    }

    @Override
    public @Nullable ReceptiveField field(ReceptiveField before, boolean height) {
      return null;
    }

    @Override
    public Var run(Var x, List<Var> parameters) {
      return x.linear(parameters.get(0), biasOf(parameters));
    }
  }

  /** The mean of each map: (N, C, 1, 1). */
  public record GlobalAveragePool() implements Layer {
    @Override
    public String name() {
      return "AdaptiveAvgPool2d";
    }

    @Override
    public @Nullable String problem(Shape x) {
      return notImages(name(), x);
    }

    @Override
    public Shape output(Shape x) {
      return Shape.of(x.dim(0), x.dim(1), 1, 1);
    }

    @Override
    public @Nullable ReceptiveField field(ReceptiveField before, boolean height) {
      return null;
    }

    @Override
    public Var run(Var x, List<Var> parameters) {
      return x.globalAveragePool();
    }
  }

  /** (N, C, H, W) to (N, C·H·W). */
  public record Flatten() implements Layer {
    @Override
    public String name() {
      return "Flatten";
    }

    @Override
    public @Nullable String problem(Shape x) {
      return x.rank() < 1 ? "Flatten: input of shape " + x + "; give it a batch axis" : null;
    }

    @Override
    public Shape output(Shape x) {
      return Shape.of(x.dim(0), x.product(1, x.rank()));
    }

    @Override
    public @Nullable ReceptiveField field(ReceptiveField before, boolean height) {
      return null;
    }

    @Override
    public Var run(Var x, List<Var> parameters) {
      return x.flatten();
    }
  }

  /**
   * {@code y = shortcut(x) + body(x)}; an empty shortcut is the identity (He et al. 2016).
   *
   * @param body the layers of the long branch
   * @param shortcut the projection where shapes differ, else empty
   */
  public record Residual(List<Layer> body, List<Layer> shortcut) implements Layer {
    @Override
    public String name() {
      return "Residual";
    }

    @Override
    public List<Shape> parameters(Shape x) {
      List<Shape> all = new ArrayList<>();
      for (List<Layer> branch : List.of(body, shortcut)) {
        Shape at = x;
        for (Layer layer : branch) {
          all.addAll(layer.parameters(at));
          at = layer.output(at);
        }
      }
      return all;
    }

    /** Of a layer inside, or that the branches cannot be added. */
    @Override
    public @Nullable String problem(Shape x) {
      List<Shape> ends = new ArrayList<>();
      for (List<Layer> branch : List.of(body, shortcut)) {
        ShapeTrace trace = ShapeTrace.of(branch, x);
        if (trace.problem() != null) {
          return trace.problem();
        }
        ends.add(trace.output());
      }
      return ends.get(0).equals(ends.get(1))
          ? null
          : name()
              + ": the body gives "
              + ends.get(0)
              + ", the shortcut "
              + ends.get(1)
              + "; "
              + remedy(ends.get(0), ends.get(1));
    }

    /** A change of one branch by which both end in the same shape. */
    private static String remedy(Shape body, Shape shortcut) {
      if (body.rank() != shortcut.rank()) {
        return "flatten both branches or neither";
      }
      if (body.rank() != 4) {
        return "give the shortcut a projection to " + body;
      }
      int down = stride(shortcut.dim(2), body.dim(2));
      int across = stride(shortcut.dim(3), body.dim(3));
      Shape strided =
          body.with(2, strided(shortcut.dim(2), down)).with(3, strided(shortcut.dim(3), across));
      String projection = "give the shortcut a projection" + ofStride(down, across);
      if (strided.equals(body)) {
        return projection + " to " + body;
      }
      String channels =
          body.dim(1) == shortcut.dim(1)
              ? ""
              : ", and give the shortcut a projection to " + body.dim(1) + " channels";
      if (body.dim(2) <= shortcut.dim(2) && body.dim(3) <= shortcut.dim(3)) {
        String pad = "pad the body to " + map(strided);
        String crop = " or crop the shortcut to " + map(body);
        return pad + (down * across > 1 ? " and " + projection + "," : "") + crop + channels;
      }
      if (body.dim(2) >= shortcut.dim(2) && body.dim(3) >= shortcut.dim(3)) {
        return "crop the body to "
            + map(shortcut)
            + " or pad the shortcut to "
            + map(body)
            + channels;
      }
      return "give both branches the same height and width" + channels;
    }

    /**
     * The stride at which a 1×1 kernel over {@code size} comes nearest to {@code outputs} without
     * having fewer; 1 if all have.
     */
    private static int stride(int size, int outputs) {
      int best = 1;
      for (int stride = 2; stride <= size && strided(size, stride) >= outputs; stride++) {
        best = strided(size, stride) < strided(size, best) ? stride : best;
      }
      return best;
    }

    private static int strided(int size, int stride) {
      return Window.of(1).stride(stride).out(size);
    }

    private static String ofStride(int down, int across) {
      return down == 1 && across == 1
          ? ""
          : " of stride " + (down == across ? String.valueOf(down) : down + "×" + across);
    }

    private static String map(Shape images) {
      return images.dim(2) + "×" + images.dim(3);
    }

    @Override
    public Shape output(Shape x) {
      for (Layer layer : body) {
        x = layer.output(x);
      }
      return x;
    }

    @Override
    public long macs(Shape x) {
      return sum(x, Layer::macs);
    }

    @Override
    public long additions(Shape x) {
      return sum(x, Layer::additions);
    }

    private long sum(Shape x, ToLongBiFunction<Layer, Shape> cost) {
      long sum = 0;
      for (List<Layer> branch : List.of(body, shortcut)) {
        Shape at = x;
        for (Layer layer : branch) {
          sum += cost.applyAsLong(layer, at);
          at = layer.output(at);
        }
      }
      return sum;
    }

    @Override
    public @Nullable ReceptiveField field(ReceptiveField before, boolean height) {
      ReceptiveField one = before.through(body, height);
      ReceptiveField other = before.through(shortcut, height);
      return one == null || other == null ? null : one.union(other);
    }

    @Override
    public Var run(Var x, List<Var> parameters) {
      int next = 0;
      Var[] sums = new Var[2];
      for (int b = 0; b < 2; b++) {
        Var at = x;
        for (Layer layer : b == 0 ? body : shortcut) {
          int own = layer.parameters(at.shape()).size();
          at = layer.run(at, parameters.subList(next, next + own));
          next += own;
        }
        sums[b] = at;
      }
      return sums[0].apply(Binary.ADD, sums[1]);
    }
  }
}
