package convscope.topic.chapter7;

import convscope.op.BatchNorm2d;
import convscope.op.Conv2d;
import convscope.op.Unary;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoublePredicate;

/**
 * Units of a convolution, a batch norm and an activation, in some order, run on a batch.
 *
 * @param order the stages of a unit, of {@code conv}, {@code bn} and {@code act}
 * @param activation its name
 * @param scale what the weights of He et al. (2015), N(0, 2/fan_in), are multiplied by
 * @param bias what every convolution adds
 * @param batch (N, 1, H, W), of mean 0 and standard deviation 1
 * @param units the values behind each stage, (N, 8, H, W), unit after unit
 */
record Activated(
    List<String> order,
    String activation,
    double scale,
    double bias,
    Tensor batch,
    List<Tensor[]> units) {
  static final int CHANNELS = 8;
  private static final double EPSILON = 1e-5;
  private static final double NEAR = 0.01; // an end of sigmoid or tanh: saturated
  private static final Conv2d.Spec SPEC = Conv2d.Spec.of(3, 3).padding(1);

  static Activated of(
      List<String> order, String activation, double scale, double bias, Tensor batch, int depth) {
    Rng random = new Rng(71);
    Tensor x = batch;
    List<Tensor[]> units = new ArrayList<>();
    for (int u = 0; u < depth; u++) {
      int channels = x.dim(1);
      double deviation = scale * Math.sqrt(2.0 / (9 * channels));
      Tensor weight = random.gaussian(deviation, CHANNELS, channels, 3, 3);
      Tensor[] stages = new Tensor[order.size()];
      for (int s = 0; s < order.size(); s++) {
        x =
            switch (order.get(s)) {
              case "conv" -> Conv2d.forward(x, weight, Tensor.full((float) bias, CHANNELS), SPEC);
              case "bn" -> BatchNorm2d.train(x, null, null, EPSILON);
              default -> function(activation).forward(x);
            };
        stages[s] = x;
      }
      units.add(stages);
    }
    return new Activated(order, activation, scale, bias, batch, units);
  }

  static Unary function(String name) {
    return switch (name) {
      case "leaky" -> Unary.leakyRelu(0.1);
      case "gelu" -> Unary.GELU;
      case "silu" -> Unary.SILU;
      case "sigmoid" -> Unary.SIGMOID;
      case "tanh" -> Unary.TANH;
      default -> Unary.RELU;
    };
  }

  /** The same with other weights or another bias. */
  Activated with(double otherScale, double otherBias) {
    return of(order, activation, otherScale, otherBias, batch, units.size());
  }

  /** The last stage of a unit. */
  Tensor output(int unit) {
    return units.get(unit)[order.size() - 1];
  }

  /** The largest difference that the bias makes behind the first unit’s norm, or its end. */
  double biasEffect() {
    int stage = order.contains("bn") ? order.indexOf("bn") : order.size() - 1;
    return units.get(0)[stage].minus(with(scale, 0).units.get(0)[stage]).largestSize();
  }

  /** Which share of the values is such. */
  static double share(Tensor x, DoublePredicate such) {
    int count = 0;
    for (float value : x.data()) {
      count += such.test(value) ? 1 : 0;
    }
    return (double) count / x.size();
  }

  /** Which share of the values is exactly 0. */
  static double zeros(Tensor x) {
    return share(x, value -> value == 0);
  }

  boolean saturates() {
    return activation.equals("tanh") || activation.equals("sigmoid");
  }

  /** Which share of a saturating activation's values lies near one of its ends. */
  double saturated(Tensor x) {
    double low = activation.equals("tanh") ? -1 : 0;
    return share(x, value -> value < low + NEAR || value > 1 - NEAR);
  }

  /**
   * The share of values in each bin of this width from {@code −reach} on; what lies beyond is in
   * the first and the last one.
   */
  static double[] histogram(Tensor x, double reach, double width) {
    double[] shares = new double[(int) Math.floor(2 * reach / width + 0.5)];
    for (float value : x.data()) {
      int bin = (int) Math.floor((value + reach) / width);
      shares[Math.max(0, Math.min(shares.length - 1, bin))] += 1.0 / x.size();
    }
    return shares;
  }

  @Override
  public String toString() {
    return "Activated " + activation;
  }
}
