package convscope.topic.chapter6;

import convscope.data.Given;
import convscope.data.HeldOutDigits;
import convscope.data.Picture;
import convscope.num.Num;
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
import convscope.topic.DigitReader;
import convscope.topic.Editing;
import convscope.topic.ImageInput;
import convscope.topic.Inputs;
import convscope.topic.Kernels;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The layers of this chapter's first topics and the parameters that choose one: the digit reader's
 * first layer with its real loss; or a convolution of small numbers that is to become another
 * convolution, {@code L = ½ Σ (y − t)²}, so that {@code g = y − t}.
 */
final class Layers {
  static final int MAX_KERNEL = 5;
  private static final int MOST_STEPS = 10;
  private static final double MOST_GROWTH = 1e6;
  private static final String DIGIT = "digit";
  private static final int EACH = 3; // digits of a class in the file; the last one is hard to read
  static final String[] SMALL = {"one", "two", "depthwise"};

  private Layers() {}

  /** Which layer, and which of its filters and channels are looked at. */
  static ChoiceParam layer(String fallback) {
    return Param.choice("layer", fallback)
        .option("one", "1 channel, 1 filter")
        .option("two", "2 channels, 2 filters")
        .option("depthwise", "2 channels, 2 groups")
        .option(DIGIT, "Digit reader, first layer")
        .label("Layer")
        .group("Layer");
  }

  static ChoiceParam pass() {
    return Param.choice("pass", "backward")
        .option("backward", "Backward")
        .option("forward", "Forward")
        .label("Pass");
  }

  static IntParam filter() {
    return Param.integer("filter", 0)
        .range(0, 7)
        .label("Filter o")
        .symbol("o")
        .onlyWith("layer", "two", "depthwise", DIGIT);
  }

  /** Which held-out digit is read. */
  static ChoiceParam digit() {
    ChoiceParam digit = Param.choice("digit", "4-hard").label("Digit").onlyWith("layer", DIGIT);
    for (int c = 0; c < DigitReader.CLASSES; c++) {
      digit.option(c + "-hard", c + ", hard to read").option(String.valueOf(c), c + ", clear");
    }
    return digit;
  }

  static IntParam channel() {
    return Param.integer("channel", 0)
        .range(0, 1)
        .label("Channel c")
        .symbol("c")
        .onlyWith("layer", "two");
  }

  static IntParam taken(String what) {
    return Param.integer("taken", 0).range(0, MOST_STEPS).label("Steps of " + what);
  }

  static NumberParam rate(double fallback) {
    return Param.number("rate", fallback).range(0, 1).step(0.001).label("Rate η").symbol("η");
  }

  /**
   * Parameters of its own, then window, numbers and target of a small layer.
   *
   * @param preset the kernel at first
   * @param largest the most rows and columns of an input
   */
  static Param<?>[] parameters(String preset, int largest, Param<?>... first) {
    List<Param<?>> all = new ArrayList<>(List.of(first));
    all.add(
        Param.integer("stride", 2)
            .range(1, 3)
            .label("Stride S")
            .symbol("S")
            .onlyWith("layer", SMALL)
            .group("Window"));
    all.add(kernel());
    all.add(
        Param.integer("padding", 1)
            .range(0, largest / 4)
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
    all.add(ImageInput.patterns("ring").onlyWith("layer", SMALL).group("Numbers"));
    all.add(ImageInput.size(5, largest).onlyWith("layer", SMALL));
    all.add(Kernels.choice("preset", preset).onlyWith("layer", SMALL));
    all.add(
        Kernels.named("target", "sobel-x")
            .label("Target kernel")
            .symbol("t")
            .help("Its outputs are t.")
            .onlyWith("layer", SMALL));
    all.add(ImageInput.numbers(largest).onlyWith("layer", SMALL));
    all.add(Kernels.numbers(MAX_KERNEL).onlyWith("layer", SMALL));
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

  /** What the digit reader's layer needs from the host. */
  static List<String> needs(Values values) {
    return values.choice("layer").equals(DIGIT)
        ? List.of(DigitReader.FILE, HeldOutDigits.FILE)
        : List.of();
  }

  static @Nullable Problem check(Values values) {
    if (values.choice("layer").equals(DIGIT)) {
      return null;
    }
    Pair size = Editing.inputSize(values);
    return Problem.of("kernel", Conv2d.problem(size.height(), size.width(), spec(values)));
  }

  /** The pass of the digit that the values name, by the reader as it was trained. */
  static DigitReader.Pass reading(Values values, Given given) {
    String text = values.choice("digit");
    int last = text.endsWith("-hard") ? EACH - 1 : 0;
    int number = EACH * (text.charAt(0) - '0') + last;
    return DigitReader.read(given, number);
  }

  /** The digit as a picture, or null where the layer is one of small numbers. */
  static @Nullable Picture picture(Values values, Given given) {
    if (!values.choice("layer").equals(DIGIT)) {
      return null;
    }
    float[] x = reading(values, given).x().data();
    byte[] rgba = new byte[4 * x.length];
    for (int n = 0; n < rgba.length; n++) {
      rgba[n] = (byte) (n % 4 == 3 ? 255 : Num.round(255 * x[n / 4]));
    }
    return new Picture(HeldOutDigits.SIDE, HeldOutDigits.SIDE, rgba, "");
  }

  /**
   * The layer of these values after the steps that were taken. Where they are too long, it stops
   * once the loss has grown a million times.
   *
   * @param images how many images a batch of small numbers has; each is the one before moved by a
   *     column
   * @param bias what each filter of small numbers adds; the target adds nothing
   */
  static Layer of(Values values, Given given, Layer.Operand learned, int images, float bias) {
    Layer layer =
        values.choice("layer").equals(DIGIT)
            ? digit(reading(values, given), learned, values.number("rate"))
            : small(values, learned, images, bias);
    double before = layer.loss();
    for (int step = 0; step < values.integer("taken"); step++) {
      if (layer.loss() <= MOST_GROWTH * Math.max(1, before)) {
        layer = layer.next();
      }
    }
    return layer;
  }

  /** The first layer of the digit reader, whose loss is the cross-entropy of its answer. */
  private static Layer digit(DigitReader.Pass pass, Layer.Operand learned, double rate) {
    DigitReader.Weights all = pass.reader().weights();
    Layer.Judge judge =
        (x, w, b) -> {
          DigitReader.Weights moved =
              new DigitReader.Weights(w, b, all.w2(), all.b2(), all.w3(), all.b3());
          DigitReader.Pass now = new DigitReader(moved).pass(x, pass.label());
          return new Layer.Judged(now.conv1(), now.gradients().conv1(), now.loss());
        };
    return Layer.of(
        Conv2d.Spec.of(all.w1().dim(2), all.w1().dim(3)),
        new Tensor[] {pass.x(), all.w1(), all.b1()},
        judge,
        "L = −ln p[" + pass.label() + "]",
        learned,
        rate);
  }

  private static Layer small(Values values, Layer.Operand learned, int images, float bias) {
    Conv2d.Spec spec = spec(values);
    int channels = values.choice("layer").equals("one") ? 1 : 2;
    Pair size = Editing.inputSize(values);
    float[] base = Editing.input(values);
    Tensor input = Tensor.zeros(images, channels, size.height(), size.width());
    for (int n = 0; n < input.size(); n++) {
      int column = n % size.width();
      int row = n / size.width() % size.height();
      int map = n / (size.width() * size.height());
      int from = map % channels == 0 ? row : size.height() - 1 - row; // upside down
      int moved = Math.floorMod(column - map / channels, size.width());
      input.data()[n] = base[from * size.width() + moved];
    }
    Pair kernel = Editing.kernelSize(values);
    float[] wanted = Kernels.values(values.choice("target"), kernel.height(), kernel.width());
    Tensor aim = bank(wanted, kernel, channels, spec.groups());
    Tensor t = Conv2d.forward(input, aim, null, spec);
    Layer.Judge judge =
        (x, w, b) -> {
          Tensor y = Conv2d.forward(x, w, b, spec);
          Tensor g = y.minus(t);
          double sum = 0;
          for (float off : g.data()) {
            sum += 0.5 * off * off;
          }
          return new Layer.Judged(y, g, sum);
        };
    Tensor weights = bank(Editing.kernel(values), kernel, channels, spec.groups());
    return Layer.of(
        spec,
        new Tensor[] {input, weights, Tensor.full(bias, channels)},
        judge,
        "L = ½ Σ (y − t)²",
        learned,
        values.number("rate"));
  }

  /**
   * A kernel for every filter and channel: moved by a row in odd filters, a column in odd channels.
   */
  private static Tensor bank(float[] base, Pair size, int channels, int groups) {
    Tensor bank = Tensor.zeros(channels, channels / groups, size.height(), size.width());
    for (int n = 0; n < bank.size(); n++) {
      int v = n % size.width();
      int u = n / size.width() % size.height();
      int c = n / (size.width() * size.height()) % bank.dim(1);
      int o = n / (size.width() * size.height() * bank.dim(1));
      int row = (u + o) % size.height();
      int column = (v + c) % size.width();
      bank.data()[n] = base[row * size.width() + column];
    }
    return bank;
  }
}
