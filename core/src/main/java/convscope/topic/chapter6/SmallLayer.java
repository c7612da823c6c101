package convscope.topic.chapter6;

import convscope.num.Maths;
import convscope.num.Num;
import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.List;

/**
 * A convolution small enough to move each of its numbers in turn, in either precision, and a
 * backward pass that can be broken.
 *
 * <pre>
 *   a[o,i,j] = b[o] + Σ_{u,v} w[o,u,v] · x[iS+u−1, jS+v−1]      3 filters of 3 × 3, padding 1
 *   L = −ln softmax(mean_{i,j} max(a, 0))[0]                     cross-entropy of class 0
 * </pre>
 *
 * The operators are float32 and right; this is neither of necessity, so it has loops of its own,
 * which tests hold against them. In float32 every product, sum and function is rounded. Loop
 * indices: o filter, (i, j) output, (u, v) tap.
 */
final class SmallLayer implements CheckedModel {
  static final int FILTERS = 3;
  static final int KERNEL = 3;
  static final int HIGH = 2; // outputs
  static final int WIDE = 3; // as many as filters: a sum over the wrong axis has the right shape
  private static final int SEED = 150052; // no activation is nearer to 0 than 0.24, at any stride
  private static final double NEAR = 1.0 / 1024;

  final int stride;
  final int height;
  final int width;

  /** Weights (3, 3, 3), bias (3), input (H, W); multiples of 1/16, so that they are float32. */
  final double[][] theta;

  private final String mistake;

  SmallLayer(int stride, String mistake) {
    this.stride = stride;
    this.mistake = mistake;
    height = (HIGH - 1) * stride + KERNEL - 2;
    width = (WIDE - 1) * stride + KERNEL - 2;
    theta =
        new double[][] {
          new double[FILTERS * KERNEL * KERNEL], new double[FILTERS], new double[height * width]
        };
    Rng random = new Rng(SEED);
    for (double[] values : theta) {
      for (int n = 0; n < values.length; n++) {
        values[n] = values == theta[2] ? random.nextInt(17) / 16.0 : random.nextInt(33) / 16.0 - 1;
      }
    }
    if (mistake.equals("kink") || mistake.equals("near")) {
      double wanted = mistake.equals("near") ? NEAR : 0;
      theta[1][0] = theta[1][0] + wanted - activations(theta, false)[1];
    }
  }

  Tensor w() {
    return Tensor.rounded(theta[0], Shape.of(FILTERS, 1, KERNEL, KERNEL));
  }

  Tensor b() {
    return Tensor.rounded(theta[1], Shape.of(FILTERS));
  }

  Tensor x() {
    return Tensor.rounded(theta[2], Shape.of(1, 1, height, width));
  }

  @Override
  public List<String> parameters() {
    return List.of("weights", "bias", "input");
  }

  @Override
  public int columns(int parameter) {
    return new int[] {KERNEL * KERNEL, 1, width}[parameter];
  }

  @Override
  public String name(int parameter, int element) {
    return switch (parameter) {
      case 0 -> Num.at("w", element / 9, element % 9 / 3, element % 3);
      case 1 -> "b[" + element + "]";
      default -> Num.at("x", element / width, element % width);
    };
  }

  // ---- forward

  private static double kept(double value, boolean single) {
    return single ? (float) value : value;
  }

  /** The place of the input under a tap, or −1 on the padding. */
  private int place(int i, int j, int u, int v, int step) {
    int row = i * step + u - 1;
    int column = j * step + v - 1;
    boolean inside = row >= 0 && column >= 0 && row < height && column < width;
    return inside ? row * width + column : -1;
  }

  /** a, before the ReLU: (3, 2, 3), row-major. */
  double[] activations(double[][] at, boolean single) {
    double[] a = new double[FILTERS * HIGH * WIDE];
    for (int n = 0; n < a.length; n++) {
      int o = n / (HIGH * WIDE);
      double sum = at[1][o];
      for (int t = 0; t < KERNEL * KERNEL; t++) {
        int p = place(n / WIDE % HIGH, n % WIDE, t / KERNEL, t % KERNEL, stride);
        double weight = at[0][o * KERNEL * KERNEL + t];
        sum = p < 0 ? sum : kept(sum + kept(weight * at[2][p], single), single);
      }
      a[n] = sum;
    }
    return a;
  }

  private static double[] logits(double[] a, boolean single) {
    double[] logits = new double[FILTERS];
    for (int n = 0; n < a.length; n++) {
      int o = n / (HIGH * WIDE);
      logits[o] = kept(logits[o] + Math.max(a[n], 0), single);
    }
    for (int o = 0; o < FILTERS; o++) {
      logits[o] = kept(logits[o] / (HIGH * WIDE), single);
    }
    return logits;
  }

  @Override
  public double loss(int parameter, int element, double step, boolean single) {
    double[][] at = theta.clone();
    at[parameter] = theta[parameter].clone();
    at[parameter][element] = kept(theta[parameter][element] + kept(step, single), single);
    double[] z = logits(activations(at, single), single);
    double most = Math.max(z[0], Math.max(z[1], z[2]));
    double sum = 0;
    for (double logit : z) {
      sum = kept(sum + kept(Maths.exp(kept(logit - most, single)), single), single);
    }
    double log = kept(Maths.log(sum), single);
    return kept(log - kept(z[0] - most, single), single);
  }

  // ---- backward

  /** {@code ∂L/∂a}: softmax minus one-hot, a share for each place, nothing where a ≤ 0. */
  private double[] gradientOfActivations() {
    double[] a = activations(theta, false);
    double[] z = logits(a, false);
    double sum = 0;
    for (double logit : z) {
      sum += Maths.exp(logit);
    }
    double[] g = new double[a.length];
    for (int n = 0; n < g.length; n++) {
      int o = n / (HIGH * WIDE);
      double share = (Maths.exp(z[o]) / sum - (o == 0 ? 1 : 0)) / (HIGH * WIDE);
      g[n] = a[n] > 0 ? share : 0;
    }
    return g;
  }

  @Override
  public double[][] gradient() {
    double[] g = gradientOfActivations();
    double[][] d = {
      new double[theta[0].length], new double[theta[1].length], new double[theta[2].length]
    };
    int step = mistake.equals("stride") ? 1 : stride; // iS forgotten: i
    int last = KERNEL * KERNEL - 1;
    for (int n = 0; n < g.length; n++) {
      int o = n / (HIGH * WIDE);
      int i = n / WIDE % HIGH;
      int j = n % WIDE;
      d[1][mistake.equals("axis") ? j : o] += g[n];
      for (int t = 0; t <= last; t++) {
        int p = place(i, j, t / KERNEL, t % KERNEL, step);
        if (p >= 0) {
          d[0][o * (last + 1) + t] += g[n] * theta[2][p];
          int tap = mistake.equals("flip") ? last - t : t;
          d[2][p] += g[n] * theta[0][o * (last + 1) + tap];
        }
      }
    }
    return d;
  }
}
