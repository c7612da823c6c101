package convscope.topic.chapter3;

import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.op.FastConv2d;
import convscope.param.NumberGrid;
import convscope.param.Values;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import convscope.topic.Measurement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A convolution and its two-stage counterpart, counted and compared.
 *
 * @param tried the image size on which both were really run
 * @param apart how far the two stages are from the one convolution whose kernels are their products
 */
record Separable(Values values, int tried, double apart) {
  private static final int BUDGET = 2_000_000; // products of the comparing run

  static Separable of(Values values) {
    Separable plain = new Separable(values, 0, 0);
    int in = plain.in();
    int out = plain.out();
    int k = plain.kernel();
    int largest = (int) Math.sqrt(BUDGET / (double) plain.parameters());
    int size = Math.max(1, Math.min(plain.size(), largest));
    Rng rng = new Rng(35);
    Tensor x = rng.uniform(-1, 1, 1, in, size, size);
    Tensor d = rng.uniform(-1, 1, in, 1, k, k);
    Tensor p = rng.uniform(-1, 1, out, in, 1, 1);
    Tensor product = Tensor.zeros(out, in, k, k); // W[o,c,u,v] = p[o,c] · d[c,u,v]
    for (int n = 0; n < product.size(); n++) {
      product.data()[n] = p.data()[n / (k * k)] * d.data()[n % (in * k * k)];
    }
    Tensor once = Conv2d.forward(x, product, null, spec(k));
    Tensor twice =
        Conv2d.forward(
            Conv2d.forward(x, d, null, spec(k).groups(in)), p, null, Conv2d.Spec.of(1, 1));
    double apart = 0;
    for (int n = 0; n < once.size(); n++) {
      apart = Math.max(apart, Math.abs(once.data()[n] - twice.data()[n]));
    }
    return new Separable(values, size, apart);
  }

  /** Stride 1 and as much padding as keeps the size; the odd cell of an even kernel at the end. */
  static Conv2d.Spec spec(int k) {
    int before = (k - 1) / 2;
    return Conv2d.Spec.of(k, k).padding(before, before, k - 1 - before, k - 1 - before);
  }

  int in() {
    return values.integer("in-channels");
  }

  int out() {
    return values.integer("out-channels");
  }

  int kernel() {
    return values.integer("kernel");
  }

  int size() {
    return values.integer("size");
  }

  /** Weights of the one convolution: {@code K² · C_in · C_out}. */
  long parameters() {
    return (long) kernel() * kernel() * in() * out();
  }

  /** Weights of the first stage: {@code K² · C_in}. */
  long depthwise() {
    return (long) kernel() * kernel() * in();
  }

  /** Weights of the second stage: {@code C_in · C_out}. */
  long pointwise() {
    return (long) in() * out();
  }

  long separableParameters() {
    return depthwise() + pointwise();
  }

  /** MACs of so many weights, each used once at every place. */
  long macs(long weights) {
    return weights * size() * size();
  }

  double ratio() {
    return separableParameters() / (double) parameters();
  }

  /** The relation's other side. */
  double terms() {
    return 1.0 / out() + 1.0 / (kernel() * kernel());
  }

  /** What a well-known miscount gives for the ratio. */
  double counted(String mistake) {
    return mistake.equals("pointwise") ? 1.0 / out() : 1.0 / (kernel() * kernel());
  }

  /** The sizes that a measurement belongs to. */
  private static int[] sizes(Values values) {
    return new int[] {
      values.integer("in-channels"),
      values.integer("out-channels"),
      values.integer("kernel"),
      values.integer("size")
    };
  }

  /**
   * Milliseconds of the one convolution and of the two stages as measured for these very sizes, or
   * null if they were not.
   */
  double @Nullable [] times() {
    NumberGrid grid = values.grid("measured").orElse(null);
    int[] sizes = sizes(values);
    if (grid == null || grid.values().length != sizes.length + 2) {
      return null;
    }
    for (int n = 0; n < sizes.length; n++) {
      if (grid.values()[n] != sizes[n]) {
        return null;
      }
    }
    double whole = grid.values()[sizes.length];
    double stages = grid.values()[sizes.length + 1];
    return whole > 0 && stages > 0 ? new double[] {whole, stages} : null;
  }

  /** Both on one image of the chosen size, with numbers that are never all alike. */
  static Measurement measurement(Values values, FastConv2d conv2d) {
    int[] sizes = sizes(values);
    int in = sizes[0];
    int out = sizes[1];
    int k = sizes[2];
    Rng rng = new Rng(36);
    Tensor x = rng.uniform(-1, 1, 1, in, sizes[3], sizes[3]);
    Tensor w = rng.uniform(-1, 1, out, in, k, k);
    Tensor d = rng.uniform(-1, 1, in, 1, k, k);
    Tensor p = rng.uniform(-1, 1, out, in, 1, 1);
    Conv2d.Spec one = Conv2d.Spec.of(1, 1);
    return new Measurement(
        "measured",
        sizes,
        List.of(
            () -> conv2d.forward(x, w, null, spec(k)),
            () -> conv2d.forward(conv2d.forward(x, d, null, spec(k).groups(in)), p, null, one)));
  }

  String check() {
    return "Really run on "
        + tried
        + " × "
        + tried
        + ": the two stages give what one convolution gives whose kernels are W[o, c, u, v] ="
        + " p[o, c] · d[c, u, v]; largest difference "
        + (apart == 0 ? "0" : Num.scientific(apart, 1))
        + ". Both sides of the relation differ by "
        + (Math.abs(ratio() - terms()) < 1e-12 ? "less than 1e−12." : "more than rounding.");
  }

  String pytorch() {
    String whole = in() + ", " + out() + ", " + kernel();
    return "conv = torch.nn.Conv2d("
        + whole
        + ", bias=False)\ndepthwise = torch.nn.Conv2d("
        + in()
        + ", "
        + in()
        + ", "
        + kernel()
        + ", groups="
        + in()
        + ", bias=False)\npointwise = torch.nn.Conv2d("
        + in()
        + ", "
        + out()
        + ", 1, bias=False)\nassert conv.weight.numel() == "
        + parameters()
        + "\nassert depthwise.weight.numel() + pointwise.weight.numel() == "
        + separableParameters();
  }

  @Override
  public String toString() {
    return "separable"; // no doubles: printing them brings 9 KB of tables into the module
  }
}
