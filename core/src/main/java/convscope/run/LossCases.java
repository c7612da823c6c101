package convscope.run;

import convscope.op.ClassLabels;
import convscope.op.CrossEntropy;
import convscope.op.ElementLoss;
import convscope.op.LogSoftmax;
import convscope.op.NegativeLogLikelihood;
import convscope.op.Reduction;
import convscope.op.Reshape;
import convscope.op.Softmax;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.Map;

/** Softmax, log-softmax and losses. */
final class LossCases {
  private LossCases() {}

  static void addTo(Map<String, OpRunner.Handler> table) {
    table.put("Softmax", c -> softmax(c, false));
    table.put("LogSoftmax", c -> softmax(c, true));
    table.put("SoftmaxCrossEntropyLoss", LossCases::crossEntropy);
    table.put("NegativeLogLikelihoodLoss", LossCases::negativeLogLikelihood);
    table.put("BinaryCrossEntropyWithLogits", c -> element(c, ElementLoss.BCE_WITH_LOGITS));
    table.put("MSELoss", c -> element(c, ElementLoss.MSE));
    table.put("L1Loss", c -> element(c, ElementLoss.L1));
    table.put("SmoothL1Loss", c -> element(c, ElementLoss.smoothL1(c.exact("beta", 1)), "beta"));
    table.put("HuberLoss", c -> element(c, ElementLoss.huber(c.exact("delta", 1)), "delta"));
  }

  /** Before opset 13 the input is seen as two axes, cut before {@code axis}. */
  private static void softmax(Case c, boolean log) {
    c.attributes("axis");
    Tensor x = c.input(0);
    boolean flat = c.opset() < 13;
    int axis = c.integer("axis", flat ? 1 : -1);
    String problem = log ? LogSoftmax.problem(x.shape(), axis) : Softmax.problem(x.shape(), axis);
    if (problem != null) {
      throw new IllegalArgumentException(problem);
    }
    Tensor seen = flat ? Tensor.of(x.data(), Reshape.flattened(x.shape(), axis)) : x;
    int along = flat ? 1 : axis;
    Tensor y = log ? LogSoftmax.forward(seen, along) : Softmax.forward(seen, along);
    c.output("Y", Tensor.of(y.data(), x.shape()));
    Tensor dy = c.upstream();
    if (dy != null) {
      Tensor upstream = Tensor.of(dy.data(), seen.shape());
      Tensor dx =
          log ? LogSoftmax.backward(upstream, y, along) : Softmax.backward(upstream, y, along);
      c.gradient(0, Tensor.of(dx.data(), x.shape()));
    }
  }

  /** Second output: the log-probabilities. */
  private static void crossEntropy(Case c) {
    c.attributes("reduction", "ignore_index", "label_smoothing");
    Tensor scores = c.input(0);
    int[] labels = labels(c, scores.shape());
    ClassLabels spec = spec(c).smooth(c.exact("label_smoothing", 0));
    c.output("Y", CrossEntropy.forward(scores, labels, spec));
    if (c.wanted() > 1 && c.upstream() == null) {
      c.output("log_prob", LogSoftmax.forward(scores, 1));
    }
    Tensor dy = c.upstream();
    if (dy != null) {
      c.gradient(0, CrossEntropy.backward(dy, scores, labels, spec));
    }
  }

  private static void negativeLogLikelihood(Case c) {
    c.attributes("reduction", "ignore_index");
    Tensor input = c.input(0);
    int[] labels = labels(c, input.shape());
    ClassLabels spec = spec(c);
    c.output("Y", NegativeLogLikelihood.forward(input, labels, spec));
    Tensor dy = c.upstream();
    if (dy != null) {
      c.gradient(0, NegativeLogLikelihood.backward(dy, input, labels, spec));
    }
  }

  private static ClassLabels spec(Case c) {
    return ClassLabels.MEAN
        .weights(c.optional(2))
        .ignore(c.integer("ignore_index", -100))
        .reduce(reduction(c));
  }

  private static Reduction reduction(Case c) {
    return Reduction.parse(c.choice("reduction", "mean", "none", "mean", "sum"));
  }

  /** The labels, whose shape is that of the scores without the class axis. */
  private static int[] labels(Case c, Shape scores) {
    Value labels = c.value(1);
    boolean fits = labels.shape.rank() == scores.rank() - 1;
    for (int axis = 0; fits && axis < labels.shape.rank(); axis++) {
      fits = labels.shape.dim(axis) == scores.dim(axis == 0 ? 0 : axis + 1);
    }
    if (!fits) {
      throw c.problem(
          "labels of shape "
              + labels.shape
              + " for scores of shape "
              + scores
              + "; give the labels the scores' axes without axis 1");
    }
    return labels.ints();
  }

  private static void element(Case c, ElementLoss loss, String... parameters) {
    String[] known = new String[parameters.length + 1];
    known[0] = "reduction";
    for (int i = 0; i < parameters.length; i++) {
      known[i + 1] = parameters[i];
    }
    c.attributes(known);
    Tensor x = c.input(0);
    Tensor target = c.input(1);
    Reduction reduction = reduction(c);
    c.output("Y", loss.forward(x, target, reduction));
    Tensor dy = c.upstream();
    if (dy != null) {
      ElementLoss.Gradients gradients = loss.backward(dy, x, target, reduction);
      c.gradient(0, gradients.dx());
      c.gradient(1, gradients.dTarget());
    }
  }
}
