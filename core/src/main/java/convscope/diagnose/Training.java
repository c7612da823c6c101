package convscope.diagnose;

import convscope.autodiff.Tape;
import convscope.autodiff.Var;
import convscope.tensor.Tensor;
import java.util.List;

/**
 * What a few steps of training did. On one batch it is the overfit check: a network that cannot
 * learn a handful of images by heart will learn nothing.
 *
 * @param losses before each step and after the last
 * @param moved by how much the first step changed each layer's weights: the norm of the change over
 *     the norm of the weight; 0 for layers without
 */
public record Training(double[] losses, double[] moved) {
  /** What is made small. */
  public interface Loss {
    /** A scalar from scores (N, classes). */
    Var of(Var scores, int[] labels);
  }

  /** How a tensor is changed against its gradient: an optimizer's step, with the layer's index. */
  public interface Update {
    void step(int layer, Tensor tensor, Tensor gradient);
  }

  /**
   * Trains, and changes the model's tensors.
   *
   * @param batches used in turn
   * @param steps how many, at least 1
   */
  public static Training run(
      Model model, List<Batch> batches, int steps, Loss loss, Update update) {
    double[] losses = new double[steps + 1];
    double[] moved = new double[model.layers().size()];
    for (int step = 0; step <= steps; step++) {
      Batch batch = batches.get(step % batches.size());
      Tape tape = new Tape();
      List<List<Var>> variables = model.variables(tape);
      List<Var> outputs = model.run(tape.constant(batch.x()), variables);
      Var value = loss.of(outputs.get(outputs.size() - 1), batch.labels());
      losses[step] = value.value().data()[0];
      if (step == steps || !(Math.abs(losses[step]) <= Float.MAX_VALUE)) {
        for (int rest = step; rest <= steps; rest++) {
          losses[rest] = losses[step]; // NaN stays
        }
        break;
      }
      value.backward();
      for (int layer = 0; layer < moved.length; layer++) {
        List<Tensor> tensors = model.parameters().get(layer);
        Tensor before = step == 0 && !tensors.isEmpty() ? tensors.get(0).copy() : null;
        for (int t = 0; t < tensors.size(); t++) {
          update.step(layer, tensors.get(t), variables.get(layer).get(t).gradient());
        }
        moved[layer] = before == null ? moved[layer] : ratio(tensors.get(0), before);
      }
    }
    return new Training(losses, moved);
  }

  /**
   * How far the second of two updates with the same gradient goes, as a multiple of the first: 1
   * for plain gradient descent, 2 where gradients are added up and never cleared; 0 for a layer
   * that does not move.
   */
  public static double repeated(Update update, int layer) {
    Tensor tensor = Tensor.zeros(1);
    Tensor gradient = Tensor.full(1, 1);
    update.step(layer, tensor, gradient);
    double first = tensor.data()[0];
    update.step(layer, tensor, gradient);
    return first == 0 ? 0 : (tensor.data()[0] - first) / first;
  }

  /**
   * The loss of an answer that could not be better: a score of 100 for the right class, 0 for the
   * others. It should be 0.
   */
  public static double ofPerfectScores(Loss loss, int classes) {
    Tensor scores = Tensor.zeros(classes, classes);
    int[] labels = new int[classes];
    for (int c = 0; c < classes; c++) {
      scores.set(100, c, c);
      labels[c] = c;
    }
    return loss.of(new Tape().constant(scores), labels).value().data()[0];
  }

  private static double ratio(Tensor now, Tensor before) {
    double change = 0;
    double norm = 0;
    for (int i = 0; i < now.size(); i++) {
      double difference = (double) now.data()[i] - before.data()[i];
      change += difference * difference;
      norm += (double) before.data()[i] * before.data()[i];
    }
    return Math.sqrt(change / norm);
  }
}
