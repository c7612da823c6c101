package convscope.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LossTest {
  @Test
  void equalScoresCostTheLogarithmOfTheClassCount() {
    Tensor loss = CrossEntropy.forward(Tensor.zeros(2, 5), new int[] {0, 4}, ClassLabels.MEAN);
    assertThat(loss.shape()).isEqualTo(Shape.of());
    assertThat((double) loss.at()).isCloseTo(Math.log(5), within(1e-7));
    Tensor d =
        CrossEntropy.backward(
            Tensor.scalar(1), Tensor.zeros(2, 5), new int[] {0, 4}, ClassLabels.MEAN);
    assertThat(d.at(0, 0)).isEqualTo(-0.4f); // (1/5 − 1)/2
    assertThat(d.at(0, 1)).isEqualTo(0.1f);
  }

  @Test
  void everyOptionAgreesWithTheNaiveSumForwardAndBackward() {
    Rng rng = new Rng(9);
    int checked = 0;
    for (int[] dims : new int[][] {{4, 3}, {1, 1}, {2, 3, 4}, {2, 4, 3, 2}}) {
      Tensor scores = rng.gaussian(2, dims);
      int cells = scores.size() / dims[1];
      int[] labels = new int[cells];
      for (int i = 0; i < cells; i++) {
        labels[i] = rng.nextInt(dims[1]);
      }
      for (Reduction reduction : Reduction.values()) {
        for (double smoothing : new double[] {0, 0.3, 1}) {
          for (int ignore : new int[] {-100, 0}) {
            for (boolean weighted : new boolean[] {false, true}) {
              @Nullable Tensor weights = weighted ? rng.uniform(0.2f, 2, dims[1]) : null;
              ClassLabels spec =
                  ClassLabels.MEAN
                      .weights(weights)
                      .ignore(ignore)
                      .smooth(smoothing)
                      .reduce(reduction);
              checked += check(scores, labels, spec, rng);
            }
          }
        }
      }
    }
    assertThat(checked).isGreaterThan(2000);
  }

  private static int check(Tensor scores, int[] labels, ClassLabels spec, Rng rng) {
    Tensor loss = CrossEntropy.forward(scores, labels, spec);
    double[] in = Numeric.doubles(scores);
    double[] want = naive(in, scores.shape(), labels, spec);
    if (spec.reduction() == Reduction.MEAN && Double.isNaN(want[0])) {
      assertThat(loss.at()).isNaN(); // every cell ignored
      return 0;
    }
    Numeric.assertClose(loss, want, 1e-5);
    Tensor dLoss = rng.gaussian(1, loss.shape().dims());
    int checked =
        Numeric.assertClose(
            CrossEntropy.backward(dLoss, scores, labels, spec),
            Numeric.gradient(v -> Numeric.dot(naive(v, scores.shape(), labels, spec), dLoss), in),
            1e-5);
    if (spec.smoothing() == 0) { // the same loss in two steps
      Tensor logs = LogSoftmax.forward(scores, 1);
      Numeric.assertClose(NegativeLogLikelihood.forward(logs, labels, spec), want, 1e-5);
      Tensor dLogs = NegativeLogLikelihood.backward(dLoss, logs, labels, spec);
      Numeric.assertClose(
          LogSoftmax.backward(dLogs, logs, 1),
          Numeric.doubles(CrossEntropy.backward(dLoss, scores, labels, spec)),
          1e-5);
      checked += logs.size();
    }
    return checked;
  }

  /** Probabilities first, then the sum over targets that share ε evenly. */
  private static double[] naive(double[] scores, Shape shape, int[] labels, ClassLabels spec) {
    int classes = shape.dim(1);
    int plane = shape.product(2, shape.rank());
    double[] terms = new double[labels.length];
    double counted = 0;
    double total = 0;
    for (int cell = 0; cell < labels.length; cell++) {
      if (labels[cell] == spec.ignoreIndex()) {
        continue;
      }
      int start = cell / plane * classes * plane + cell % plane;
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        sum += Math.exp(scores[start + c * plane]);
      }
      for (int c = 0; c < classes; c++) {
        double log = Math.log(Math.exp(scores[start + c * plane]) / sum);
        double target = spec.smoothing() / classes * weight(spec, c);
        if (c == labels[cell]) {
          target += (1 - spec.smoothing()) * weight(spec, c);
          counted += weight(spec, c);
        }
        terms[cell] -= target * log;
      }
      total += terms[cell];
    }
    switch (spec.reduction()) {
      case NONE:
        return terms;
      case SUM:
        return new double[] {total};
      default:
        return new double[] {total / counted};
    }
  }

  private static double weight(ClassLabels spec, int c) {
    Tensor weights = spec.weights();
    return weights == null ? 1 : weights.at(c);
  }

  @Test
  void namesOfReductionsReadBack() {
    assertThat(Reduction.NONE.text()).isEqualTo("none");
    assertThat(Reduction.MEAN.text()).isEqualTo("mean");
    assertThat(Reduction.SUM.text()).isEqualTo("sum");
    for (Reduction reduction : Reduction.values()) {
      assertThat(Reduction.parse(reduction.text())).isEqualTo(reduction);
    }
  }

  @Test
  void lossesPerCellHaveTheShapeOfTheLabels() {
    ClassLabels none = ClassLabels.MEAN.reduce(Reduction.NONE);
    Tensor loss = CrossEntropy.forward(Tensor.zeros(2, 3, 4, 5), new int[40], none);
    assertThat(loss.shape()).isEqualTo(Shape.of(2, 4, 5));
    assertThat(CrossEntropy.forward(Tensor.zeros(2, 3), new int[2], none).shape())
        .isEqualTo(Shape.of(2));
  }

  @Test
  void anIgnoredLabelMayBeAnyNumberAndItsGradientIsZero() {
    ClassLabels spec = ClassLabels.MEAN.ignore(255);
    Tensor scores = Tensor.of(new float[] {1, 2, Float.NaN, 4}, 2, 2);
    Tensor loss = CrossEntropy.forward(scores, new int[] {1, 255}, spec);
    assertThat((double) loss.at()).isCloseTo(Math.log(1 + Math.exp(-1)), within(1e-6));
    Tensor d = CrossEntropy.backward(Tensor.scalar(1), scores, new int[] {1, 255}, spec);
    assertThat(d.at(1, 0)).isZero();
    assertThat(d.at(1, 1)).isZero();
  }

  @Test
  void anEmptyBatchHasSumZeroAndNoMean() {
    Tensor empty = Tensor.zeros(0, 3);
    ClassLabels sum = ClassLabels.MEAN.reduce(Reduction.SUM);
    assertThat(CrossEntropy.forward(empty, new int[0], sum).at()).isZero();
    assertThat(CrossEntropy.forward(empty, new int[0], ClassLabels.MEAN).at()).isNaN();
    assertThat(ElementLoss.MSE.forward(empty, empty, Reduction.MEAN).at()).isNaN();
  }

  @Test
  void confidentAnswersCostNothingAndWrongOnesTheirScore() {
    Tensor scores = Tensor.of(new float[] {100, 0, 0, 100}, 2, 2);
    ClassLabels none = ClassLabels.MEAN.reduce(Reduction.NONE);
    assertThat(CrossEntropy.forward(scores, new int[] {0, 0}, none).data()).containsExactly(0, 100);
    assertThat(ElementLoss.BCE_WITH_LOGITS.value(800, 1)).isZero();
    assertThat(ElementLoss.BCE_WITH_LOGITS.value(800, 0)).isEqualTo(800);
    assertThat(ElementLoss.BCE_WITH_LOGITS.value(-800, 1)).isEqualTo(800);
    // the little that a certain right answer costs is not lost in a difference of large numbers
    assertThat(ElementLoss.BCE_WITH_LOGITS.value(100, 1)).isCloseTo(Math.exp(-100), within(1e-55));
    assertThat(ElementLoss.BCE_WITH_LOGITS.value(-100, 0)).isCloseTo(Math.exp(-100), within(1e-55));
    assertThat(ElementLoss.BCE_WITH_LOGITS.value(0, 0.5)).isCloseTo(Math.log(2), within(1e-15));
  }

  private record Row(ElementLoss loss, DoubleBinaryOperator definition) {}

  private static final List<Row> ROWS =
      List.of(
          new Row(ElementLoss.MSE, (x, t) -> Math.pow(x - t, 2)),
          new Row(ElementLoss.L1, (x, t) -> Math.max(x - t, t - x)),
          new Row(
              ElementLoss.BCE_WITH_LOGITS,
              (x, t) -> {
                double p = 1 / (1 + Math.exp(-x));
                return -t * Math.log(p) - (1 - t) * Math.log(1 - p);
              }),
          new Row(
              ElementLoss.smoothL1(0.5),
              (x, t) -> {
                double d = Math.abs(x - t);
                return d < 0.5 ? d * d : d - 0.25;
              }),
          new Row(ElementLoss.smoothL1(0), (x, t) -> Math.abs(x - t)),
          new Row(
              ElementLoss.huber(2),
              (x, t) -> {
                double d = Math.abs(x - t);
                return d <= 2 ? d * d / 2 : 2 * d - 2;
              }));

  @Test
  void elementLossesAgreeWithTheirDefinitionForwardAndBackward() {
    Rng rng = new Rng(10);
    int checked = 0;
    for (Row row : ROWS) {
      for (Reduction reduction : Reduction.values()) {
        for (int[] dims : new int[][] {{7}, {1}, {2, 3, 2}}) {
          Tensor x = rng.gaussian(2, dims);
          Tensor t = rng.uniform(0, 1, dims);
          double[] inX = Numeric.doubles(x);
          double[] inT = Numeric.doubles(t);
          Tensor loss = row.loss.forward(x, t, reduction);
          Numeric.assertClose(loss, reduced(row, inX, inT, reduction), 1e-6);
          Tensor dLoss = rng.gaussian(1, loss.shape().dims());
          ElementLoss.Gradients g = row.loss.backward(dLoss, x, t, reduction);
          checked +=
              Numeric.assertClose(
                  g.dx(),
                  Numeric.gradient(
                      v -> Numeric.dot(reduced(row, v, inT, reduction), dLoss), inX.clone()),
                  1e-5);
          checked +=
              Numeric.assertClose(
                  g.dTarget(),
                  Numeric.gradient(
                      v -> Numeric.dot(reduced(row, inX, v, reduction), dLoss), inT.clone()),
                  1e-5);
        }
      }
    }
    assertThat(checked).isGreaterThan(600);
  }

  private static double[] reduced(Row row, double[] x, double[] t, Reduction reduction) {
    double[] terms = new double[x.length];
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      terms[i] = row.definition.applyAsDouble(x[i], t[i]);
      sum += terms[i];
    }
    return reduction == Reduction.NONE
        ? terms
        : new double[] {reduction == Reduction.SUM ? sum : sum / x.length};
  }

  @Test
  void cornersHaveSlopeZero() {
    for (ElementLoss loss : List.of(ElementLoss.L1, ElementLoss.smoothL1(0))) {
      ElementLoss.Gradients g =
          loss.backward(Tensor.scalar(1), Tensor.full(3, 1), Tensor.full(3, 1), Reduction.SUM);
      assertThat(g.dx().at(0)).isZero();
      assertThat(g.dTarget().at(0)).isZero();
    }
  }

  @Test
  void errorsNameOperationValuesAndRemedy() {
    ClassLabels mean = ClassLabels.MEAN;
    assertThat(CrossEntropy.problem(Shape.of(3), new int[3], mean))
        .isEqualTo("CrossEntropy: scores of shape 3; give (N, classes) or (N, classes, H, W)");
    assertThat(CrossEntropy.problem(Shape.of(2, 0), new int[2], mean))
        .startsWith("CrossEntropy: scores of shape 2×0");
    assertThat(CrossEntropy.problem(Shape.of(2, 3, 4), new int[2], mean))
        .isEqualTo(
            "CrossEntropy: 2 labels for scores of shape 2×3×4; give 8, one per image or pixel");
    assertThat(CrossEntropy.problem(Shape.of(2, 3), new int[] {0, 3}, mean))
        .isEqualTo("CrossEntropy: label 3 at position 1; use 0 to 2, or -100 to leave it out");
    assertThat(CrossEntropy.problem(Shape.of(2, 3), new int[] {-1, 0}, mean.ignore(7)))
        .isEqualTo("CrossEntropy: label -1 at position 0; use 0 to 2, or 7 to leave it out");
    assertThat(CrossEntropy.problem(Shape.of(1, 3), new int[1], mean.weights(Tensor.zeros(2))))
        .isEqualTo("CrossEntropy: weights of shape 2 for 3 classes; give one weight per class");
    assertThat(CrossEntropy.problem(Shape.of(1, 3), new int[1], mean.smooth(1.5)))
        .isEqualTo("CrossEntropy: label smoothing 1.5; use 0 to 1");
    assertThat(CrossEntropy.problem(Shape.of(1, 3), new int[1], mean.smooth(Double.NaN)))
        .isEqualTo("CrossEntropy: label smoothing NaN; use 0 to 1");
    assertThat(NegativeLogLikelihood.problem(Shape.of(1, 3), new int[1], mean.smooth(0.1)))
        .isEqualTo("NegativeLogLikelihood: no label smoothing; use CrossEntropy for it");
    assertThat(NegativeLogLikelihood.problem(Shape.of(1, 3), new int[2], mean))
        .startsWith("NegativeLogLikelihood: 2 labels");
    assertThatThrownBy(() -> CrossEntropy.forward(Tensor.zeros(1, 2), new int[] {2}, mean))
        .hasMessageStartingWith("CrossEntropy: label 2 at position 0");
    assertThatThrownBy(
            () -> CrossEntropy.backward(Tensor.zeros(1), Tensor.zeros(1, 2), new int[] {0}, mean))
        .hasMessage(
            "CrossEntropy: gradient of shape 1 for an output of shape scalar; give one of that"
                + " shape");
    assertThatThrownBy(
            () ->
                NegativeLogLikelihood.backward(
                    Tensor.zeros(1), Tensor.zeros(1, 2), new int[] {0}, mean))
        .hasMessageStartingWith("NegativeLogLikelihood: gradient of shape 1");
    assertThat(ElementLoss.MSE.problem(Shape.of(2), Shape.of(3)))
        .isEqualTo("MSELoss: target of shape 3; give one of shape 2");
    assertThatThrownBy(() -> ElementLoss.smoothL1(-1))
        .hasMessage("SmoothL1Loss: beta -1; use 0 or more");
    assertThatThrownBy(() -> ElementLoss.huber(0))
        .hasMessage("HuberLoss: delta 0; use more than 0");
    assertThatThrownBy(
            () ->
                ElementLoss.L1.backward(
                    Tensor.zeros(3), Tensor.zeros(2), Tensor.zeros(2), Reduction.NONE))
        .hasMessage("L1Loss: gradient of shape 3 for an output of shape 2; give one of that shape");
    assertThatThrownBy(() -> Reduction.parse("max"))
        .hasMessage("Reduction: unknown reduction \"max\"; use none, mean or sum");
    assertThat(Reduction.parse("none")).isEqualTo(Reduction.NONE);
  }
}
