package convscope.topic.chapter6;

import convscope.op.Conv2d;
import convscope.op.PaddingMode;
import convscope.param.ChoiceParam;
import convscope.param.IntParam;
import convscope.param.NumberParam;
import convscope.param.Pair;
import convscope.param.PairParam;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.tensor.Tensor;
import convscope.topic.Editing;
import convscope.topic.ImageInput;
import convscope.topic.Inputs;
import convscope.topic.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The layers of this chapter's first topics and the parameters that choose one: a convolution of
 * small numbers that is to become another convolution, {@code L = ½ Σ (y − t)²}, so that {@code g =
 * y − t}.
 */
final class Layers {
  static final int MAX_INPUT = 8;
  static final int MAX_KERNEL = 5;
  private static final int MOST_STEPS = 10;
  private static final double MOST_GROWTH = 1e6;
  private static final String[] SMALL = {"one", "two", "depthwise"};

  private Layers() {}

  /** Which layer, and which of its filters and channels are looked at. */
  static ChoiceParam layer() {
    return Param.choice("layer", "one")
        .option("one", "1 channel, 1 filter")
        .option("two", "2 channels, 2 filters")
        .option("depthwise", "2 channels, 2 groups")
        .label("Layer")
        .group("Layer");
  }

  static ChoiceParam pass() {
    return Param.choice("pass", "backward")
        .option("backward", "Backward")
        .option("forward", "Forward")
        .label("Pass")
        .help("The way that is played.");
  }

  static IntParam filter() {
    return Param.integer("filter", 0)
        .range(0, 1)
        .label("Filter o")
        .symbol("o")
        .onlyWith("layer", "two", "depthwise");
  }

  static IntParam channel() {
    return Param.integer("channel", 0)
        .range(0, 1)
        .label("Channel c")
        .symbol("c")
        .onlyWith("layer", "two");
  }

  static IntParam taken(String what) {
    return Param.integer("taken", 0)
        .range(0, MOST_STEPS)
        .label("Steps taken")
        .help("Steps of " + what + " against its gradient.");
  }

  static NumberParam rate(double fallback) {
    return Param.number("rate", fallback).range(0, 0.1).step(0.001).label("Rate η").symbol("η");
  }

  /** Window, numbers and target of a small layer. */
  static Param<?>[] parameters(int stride, int padding, String input, Param<?>... first) {
    List<Param<?>> all = new ArrayList<>(List.of(first));
    all.add(
        Param.integer("stride", stride)
            .range(1, 3)
            .label("Stride S")
            .symbol("S")
            .onlyWith("layer", SMALL)
            .group("Window"));
    all.add(kernel());
    all.add(
        Param.integer("padding", padding)
            .range(0, 2)
            .label("Padding P")
            .symbol("P")
            .onlyWith("layer", SMALL));
    all.add(
        Param.integer("dilation", 1)
            .range(1, 2)
            .label("Dilation D")
            .symbol("D")
            .onlyWith("layer", SMALL));
    all.add(Inputs.padding("mode", "zeros").onlyWith("layer", SMALL));
    all.add(ImageInput.patterns(input).onlyWith("layer", SMALL).group("Numbers"));
    all.add(ImageInput.size(5, MAX_INPUT).onlyWith("layer", SMALL));
    all.add(Kernels.choice("preset", "identity").onlyWith("layer", SMALL));
    all.add(
        Kernels.named("target", "sobel-x")
            .label("Shall become")
            .symbol("t")
            .help("The kernel whose outputs are the target t.")
            .onlyWith("layer", SMALL));
    all.add(ImageInput.numbers(MAX_INPUT));
    all.add(Kernels.numbers(MAX_KERNEL));
    return all.toArray(new Param<?>[0]);
  }

  private static PairParam kernel() {
    return Kernels.size(3, MAX_KERNEL).onlyWith("layer", SMALL);
  }

  static Conv2d.Spec spec(Values values) {
    Pair kernel = Editing.kernelSize(values);
    return Conv2d.Spec.of(kernel.height(), kernel.width())
        .stride(values.integer("stride"))
        .padding(values.integer("padding"))
        .dilation(values.integer("dilation"))
        .mode(PaddingMode.parse(values.choice("mode")))
        .groups(values.choice("layer").equals("depthwise") ? 2 : 1);
  }

  static @Nullable Problem check(Values values) {
    Pair size = Editing.inputSize(values);
    return Problem.of("kernel", Conv2d.problem(size.height(), size.width(), spec(values)));
  }

  /**
   * The small layer of these values after the steps that were taken. Where they are too long, it
   * stops once the loss has grown a million times.
   *
   * @param images how many images a batch has; each is the one before moved by a column
   * @param bias what each filter adds; the target adds nothing
   */
  static Layer small(Values values, Layer.Operand learned, int images, float bias) {
    Conv2d.Spec spec = spec(values);
    int channels = values.choice("layer").equals("one") ? 1 : 2;
    Pair size = Editing.inputSize(values);
    float[] base = Editing.input(values);
    Tensor x = Tensor.zeros(images, channels, size.height(), size.width());
    for (int n = 0; n < x.size(); n++) {
      int column = n % size.width();
      int row = n / size.width() % size.height();
      int map = n / (size.width() * size.height());
      int from = map % channels == 0 ? row : size.height() - 1 - row; // upside down
      int moved = Math.floorMod(column - map / channels, size.width());
      x.data()[n] = base[from * size.width() + moved];
    }
    Pair kernel = Editing.kernelSize(values);
    Tensor w = bank(Editing.kernel(values), kernel, channels, spec.groups());
    float[] wanted = Kernels.values(values.choice("target"), kernel.height(), kernel.width());
    Tensor none = Tensor.zeros(channels);
    Tensor t = Conv2d.forward(x, bank(wanted, kernel, channels, spec.groups()), none, spec);
    Layer.Measure measure =
        (x1, w1, b1) -> {
          double sum = 0;
          for (float off : Conv2d.forward(x1, w1, b1, spec).minus(t).data()) {
            sum += 0.5 * off * off;
          }
          return sum;
        };
    Tensor b = Tensor.full(bias, channels);
    double rate = values.number("rate");
    double before = measure.loss(x, w, b);
    @Nullable Layer layer = null;
    for (int step = 0; step <= values.integer("taken"); step++) {
      if (layer != null) {
        if (layer.loss() > MOST_GROWTH * Math.max(1, before)) {
          break;
        }
        Tensor moved = layer.stepped();
        x = learned == Layer.Operand.INPUT ? moved : x;
        w = learned == Layer.Operand.KERNEL ? moved : w;
        b = learned == Layer.Operand.BIAS ? moved : b;
      }
      Tensor y = Conv2d.forward(x, w, b, spec);
      double loss = measure.loss(x, w, b);
      layer = new Layer(spec, x, w, b, y, y.minus(t), measure, learned, before, loss, step, rate);
    }
    return Objects.requireNonNull(layer);
  }

  /**
   * A kernel for every filter and channel: upside down in odd filters, mirrored in odd channels.
   */
  private static Tensor bank(float[] base, Pair size, int channels, int groups) {
    Tensor bank = Tensor.zeros(channels, channels / groups, size.height(), size.width());
    for (int n = 0; n < bank.size(); n++) {
      int v = n % size.width();
      int u = n / size.width() % size.height();
      int c = n / (size.width() * size.height()) % bank.dim(1);
      int o = n / (size.width() * size.height() * bank.dim(1));
      int row = o % 2 == 0 ? u : size.height() - 1 - u;
      int column = c % 2 == 0 ? v : size.width() - 1 - v;
      bank.data()[n] = base[row * size.width() + column];
    }
    return bank;
  }
}
