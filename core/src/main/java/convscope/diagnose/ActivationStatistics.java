package convscope.diagnose;

import convscope.net.Elementwise;
import convscope.op.Unary;
import convscope.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * What one activation layer gives over a batch. A unit is a channel, or a feature of a flat layer.
 *
 * @param layer its index in the model
 * @param units how many units it has
 * @param dead how many of them are never above 0, anywhere in any image
 * @param flat the share of cells in which the function's slope is below 0.02, so that hardly any
 *     gradient comes back: zeros of ReLU, |tanh| above 0.99
 * @param mean over all cells
 * @param deviation the standard deviation over all cells
 */
public record ActivationStatistics(
    int layer, int units, int dead, double flat, double mean, double deviation) {
  private static final double FLAT = 0.02;

  /** Those of every activation layer, in order. */
  public static List<ActivationStatistics> of(Model model, Tensor x) {
    List<ActivationStatistics> all = new ArrayList<>();
    Tensor input = x;
    List<Tensor> outputs = model.outputs(x);
    for (int i = 0; i < outputs.size(); i++) {
      if (model.layers().get(i) instanceof Elementwise layer && layer.function() != null) {
        all.add(of(i, layer.function(), input, outputs.get(i)));
      }
      input = outputs.get(i);
    }
    return all;
  }

  /** How many units of (N, C, …) are dead: above 0 nowhere in the batch. */
  public static int dead(Tensor y) {
    int cells = y.size() / (y.dim(0) * y.dim(1));
    boolean[] alive = new boolean[y.dim(1)];
    for (int k = 0; k < y.size(); k++) {
      alive[k / cells % alive.length] |= y.data()[k] > 0;
    }
    int dead = 0;
    for (boolean lives : alive) {
      dead += lives ? 0 : 1;
    }
    return dead;
  }

  private static ActivationStatistics of(int layer, Unary function, Tensor x, Tensor y) {
    int units = y.dim(1);
    int flat = 0;
    double sum = 0;
    double squares = 0;
    for (int k = 0; k < y.size(); k++) {
      double value = y.data()[k];
      flat += Math.abs(function.slope(x.data()[k])) < FLAT ? 1 : 0;
      sum += value;
      squares += value * value;
    }
    double mean = sum / y.size();
    double variance = Math.max(0, squares / y.size() - mean * mean);
    return new ActivationStatistics(
        layer, units, dead(y), (double) flat / y.size(), mean, Math.sqrt(variance));
  }

  @Override
  public String toString() {
    return "ActivationStatistics: layer " + layer + ", " + dead + " of " + units + " units dead";
  }
}
