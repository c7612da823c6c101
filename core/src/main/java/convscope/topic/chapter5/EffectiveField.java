package convscope.topic.chapter5;

import convscope.autodiff.Tape;
import convscope.autodiff.Var;
import convscope.data.Picture;
import convscope.num.Maths;
import convscope.op.Conv2d;
import convscope.op.Unary;
import convscope.param.Stack;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import convscope.topic.Stacks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of one output with respect to everything below it, through a stack of convolutions
 * of one channel, for one random network after the other. No layer pads, so that the input is
 * exactly the theoretical field and the output a single cell.
 *
 * <p>Where there is a ReLU behind every layer but the last, each layer has the bias that centres
 * its map: half of it passes. Networks are computed when they are first asked for; the same seed is
 * the same network.
 *
 * @param equal whether all weights are alike, not random
 * @param relu whether there is one behind every layer but the last
 * @param picture what the field is laid over, if anything
 * @param even whether the mistake is drawn: all cells alike
 * @param networks |gradient| below the last 0, 1, … layers of those that have been asked for
 */
record EffectiveField(
    boolean equal,
    boolean relu,
    int kernel,
    int[] dilations,
    @Nullable Picture picture,
    boolean even,
    List<float[][]> networks) {
  /** How many networks are averaged. */
  static final int SEEDS = 20;

  /** How much of the mass is counted (Luo et al. 2016). */
  static final double SHARE = 0.95;

  /** Layers of equal weights, without a nonlinearity. */
  static EffectiveField equal(int kernel, int layers) {
    int[] dilations = DilatedStack.dilations("ones", kernel, layers);
    return new EffectiveField(true, false, kernel, dilations, null, false, new ArrayList<>());
  }

  int layers() {
    return dilations.length;
  }

  /** The side of the theoretical field of the last {@code layers} layers. */
  int side(int layers) {
    int side = 1;
    for (int l = dilations.length - layers; l < dilations.length; l++) {
      side += dilations[l] * (kernel - 1);
    }
    return side;
  }

  /** The side of the theoretical field of the whole stack. */
  int side() {
    return side(layers());
  }

  /** {@code Σ |∂y/∂x|} over the first networks, below the last {@code layers} layers; row-major. */
  double[] sum(int seeds, int layers) {
    while (networks.size() < seeds) {
      networks.add(network(networks.size()));
    }
    double[] sum = new double[side(layers) * side(layers)];
    for (int seed = 0; seed < seeds; seed++) {
      float[] one = networks.get(seed)[layers];
      for (int p = 0; p < sum.length; p++) {
        sum[p] += one[p];
      }
    }
    return sum;
  }

  /** One network, forward and back: |gradient| below the last 0, 1, … layers. */
  private float[][] network(int seed) {
    Rng rng = new Rng(1000L + seed);
    int n = layers();
    int side = side();
    Tensor x = relu ? rng.gaussian(1, 1, 1, side, side) : Tensor.zeros(1, 1, side, side);
    Tape tape = new Tape();
    Var[] maps = new Var[n + 1]; // below each layer, and the output
    maps[0] = tape.variable("x", x);
    for (int l = 0; l < n; l++) {
      Conv2d.Spec spec = Conv2d.Spec.of(kernel, kernel).dilation(dilations[l]);
      Var weight = tape.constant(weight(rng));
      maps[l + 1] = maps[l].conv2d(weight, null, spec);
      if (relu && l < n - 1) {
        double sum = 0;
        for (float value : maps[l + 1].value().data()) {
          sum += value;
        }
        Tensor bias = Tensor.full((float) (-sum / maps[l + 1].value().size()), 1);
        maps[l + 1] = maps[l].conv2d(weight, tape.constant(bias), spec).relu();
      }
    }
    maps[n].backward();
    float[][] levels = new float[n + 1][];
    for (int l = 0; l <= n; l++) {
      levels[n - l] = Unary.ABS.forward(maps[l].gradient()).data();
    }
    return levels;
  }

  /** A kernel of sum 1 with equal weights, or a random direction: independent Gaussian weights. */
  private Tensor weight(Rng rng) {
    if (equal) {
      return Tensor.full(1f / (kernel * kernel), 1, 1, kernel, kernel);
    }
    Tensor weight = rng.gaussian(1, 1, 1, kernel, kernel);
    double square = 0;
    for (float w : weight.data()) {
      square += (double) w * w;
    }
    for (int p = 0; p < weight.size(); p++) { // length 1, so that no network outweighs the others
      weight.data()[p] /= (float) Math.sqrt(square);
    }
    return weight;
  }

  // ---- what is measured on a map

  /** The mass by column and by row together, as shares that add up to 1. */
  static double[] profile(double[] map) {
    int side = (int) Math.sqrt(map.length);
    double[] profile = new double[side];
    double all = 0;
    for (int p = 0; p < map.length; p++) {
      profile[p % side] += map[p];
      profile[p / side] += map[p];
      all += 2 * map[p];
    }
    for (int c = 0; c < side; c++) {
      profile[c] = all == 0 ? 0 : profile[c] / all;
    }
    return profile;
  }

  /** The standard deviation of a profile, in cells: the width of the Gaussian that is fitted. */
  static double deviation(double[] profile) {
    double all = 0;
    double mean = 0;
    double square = 0;
    for (int c = 0; c < profile.length; c++) {
      all += profile[c];
      mean += profile[c] * c;
    }
    for (int c = 0; c < profile.length; c++) {
      double off = c - mean / all;
      square += profile[c] * off * off;
    }
    return all == 0 ? 0 : Math.sqrt(square / all);
  }

  /** The fewest cells that hold the share of the mass: whether each belongs to them. */
  static boolean[] heart(double[] map) {
    double[] sorted = map.clone();
    Arrays.sort(sorted);
    double all = 0;
    for (double value : sorted) {
      all += value;
    }
    double held = 0;
    double least = 0; // of the values that are in
    for (int n = sorted.length - 1; n >= 0 && held < SHARE * all * (1 - 1e-9); n--) {
      held += sorted[n];
      least = sorted[n];
    }
    boolean[] heart = new boolean[map.length];
    for (int p = 0; p < map.length; p++) {
      heart[p] = map[p] >= least && map[p] > 0;
    }
    return heart;
  }

  static int count(boolean[] cells) {
    int count = 0;
    for (boolean in : cells) {
      count += in ? 1 : 0;
    }
    return count;
  }

  /**
   * The standard deviation that is expected below the last layers. Equal weights are repeated box
   * filters, whose variances add up: {@code σ² = Σ D²(K² − 1)/12}, exactly. With random weights the
   * squared gradient is on average the number of paths, so the gradient goes as its root.
   */
  double expected(int layers) {
    List<Stack.Layer> last = DilatedStack.stack(kernel, dilations).layers();
    Stack stack = new Stack(last.subList(layers() - layers, layers()));
    float[] paths = Stacks.paths(stack, layers, side(layers), 0);
    double[] gradient = new double[paths.length];
    for (int p = 0; p < paths.length; p++) {
      gradient[p] = equal ? paths[p] : Math.sqrt(paths[p]);
    }
    return deviation(gradient);
  }

  /** Cells between those that are reached: 2 where every layer has dilation 2. */
  int spacing() {
    int spacing = dilations[0];
    for (int dilation : dilations) {
      spacing = Math.min(spacing, dilation);
    }
    return spacing;
  }

  /**
   * The fitted Gaussian at a distance from the centre, on cells that are {@link #spacing} apart.
   */
  double gaussian(double distance, double deviation) {
    double z = distance / deviation;
    return spacing() * Maths.exp(-z * z / 2) / (deviation * Math.sqrt(2 * Math.PI));
  }
}
