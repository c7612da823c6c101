package convscope.train;

import convscope.net.Model;
import convscope.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * What a layer does while it learns. Units are the channels of a map, or the features of a vector.
 *
 * @param path the layer's name; of fused layers the last one's
 * @param mean of all activations
 * @param deviation their standard deviation
 * @param dead the share of units that were 0 for every image and place
 * @param saturated the share of activations beyond 0.99 of what their function can give: of sigmoid
 *     and tanh
 * @param weights {@code √Σ w²} of its parameters
 * @param gradients {@code √Σ g²} of their gradients
 */
public record LayerStatistics(
    String path,
    double mean,
    double deviation,
    double dead,
    double saturated,
    double weights,
    double gradients) {
  private static final double NEAR = 0.99;

  /** Of every part of a learner after a step, from the first {@code images} of its batch. */
  public static List<LayerStatistics> of(Learner learner, int images) {
    List<LayerStatistics> all = new ArrayList<>();
    for (int stage = 0; stage < learner.stages(); stage++) {
      all.add(of(learner, stage, images));
    }
    return all;
  }

  private static LayerStatistics of(Learner learner, int stage, int images) {
    Model model = learner.model();
    int[] nodes = learner.nodes(stage);
    Tensor y = learner.output(stage, images);
    String last = model.network().nodes().get(nodes[1] - 1).layer().name();
    double low = last.equals("Tanh") ? -NEAR : last.equals("Sigmoid") ? 1 - NEAR : -1e300;
    double high = last.equals("Tanh") || last.equals("Sigmoid") ? NEAR : 1e300;
    int units = y.rank() > 1 ? y.dim(1) : 1;
    int plane = y.rank() > 2 ? y.shape().product(2, y.rank()) : 1;
    boolean[] alive = new boolean[units];
    double sum = 0;
    double squares = 0;
    int beyond = 0;
    for (int i = 0; i < y.size(); i++) {
      double value = y.data()[i];
      sum += value;
      squares += value * value;
      alive[i / plane % units] |= value != 0;
      beyond += value < low || value > high ? 1 : 0;
    }
    int dead = 0;
    for (boolean unit : alive) {
      dead += unit ? 0 : 1;
    }
    double mean = sum / y.size();
    double weights = 0;
    double gradients = 0;
    for (Model.Part part : model.trained()) {
      if (part.node() >= nodes[0] && part.node() < nodes[1]) {
        int size = part.shape().size();
        double w = Clip.norm(model.parameters().data(), part.start(), size);
        double g = Clip.norm(learner.gradient().data(), part.start(), size);
        weights += w * w;
        gradients += g * g;
      }
    }
    return new LayerStatistics(
        model.network().nodes().get(nodes[1] - 1).path(),
        mean,
        Math.sqrt(Math.max(0, squares / y.size() - mean * mean)),
        (double) dead / units,
        (double) beyond / y.size(),
        Math.sqrt(weights),
        Math.sqrt(gradients));
  }

  @Override
  public String toString() {
    return "LayerStatistics of " + path;
  }
}
