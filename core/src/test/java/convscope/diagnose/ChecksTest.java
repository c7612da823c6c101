package convscope.diagnose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.autodiff.Tape;
import convscope.autodiff.Var;
import convscope.net.Elementwise;
import convscope.net.Flatten;
import convscope.net.Layer;
import convscope.net.Linear;
import convscope.op.ClassLabels;
import convscope.op.Unary;
import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import convscope.train.Sgd;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChecksTest {
  private static final Training.Loss CROSS_ENTROPY =
      (scores, labels) -> scores.crossEntropy(labels, ClassLabels.MEAN);

  private static Model identity(Unary function) {
    return new Model(List.of(new Elementwise("f", function)), List.of(List.of()));
  }

  @Test
  void aUnitIsDeadOnlyIfItIsNeverAboveZeroInAnyImage() {
    Tensor x = Tensor.of(new float[] {-1, -2, -3, 4, -5, 0, 1, -1}, 2, 2, 1, 2);
    ActivationStatistics found = ActivationStatistics.of(identity(Unary.RELU), x).get(0);
    assertThat(found.units()).isEqualTo(2);
    assertThat(found.dead()).isEqualTo(1); // −1, −2 and −5, 0; the other has 4 and 1
    assertThat(found.flat()).isEqualTo(6 / 8.0);
    assertThat(found.mean()).isEqualTo(5 / 8.0);
    assertThat(found.deviation()).isCloseTo(Math.sqrt(17 / 8.0 - 25 / 64.0), within(1e-12));
  }

  @Test
  void aTanhIsFlatBeyond099() {
    float edge = (float) (0.5 * Math.log(1.99 / 0.01)); // artanh 0.99
    Tensor x = Tensor.of(new float[] {0, edge - 0.01f, edge + 0.01f, -edge - 0.01f}, 1, 1, 1, 4);
    assertThat(ActivationStatistics.of(identity(Unary.TANH), x).get(0).flat()).isEqualTo(0.5);
  }

  @Test
  void theGradientCheckFailsInTheWrongLayerAloneAlthoughAReluComesBetween() {
    Layer wrong = new Flipped(Layer.conv(2, 3, 1, 1, 1));
    List<Layer> layers =
        List.of(
            Layer.conv(2, 3, 1, 1, 1),
            Elementwise.RELU,
            wrong,
            Elementwise.RELU,
            new Flatten(),
            new Linear(0, 2, true));
    Rng random = new Rng(4);
    Model model = Model.of(layers, Shape.of(1, 1, 4, 4), random);
    List<LayerGradients> found = LayerGradients.of(model, random.gaussian(1, 1, 1, 4, 4));
    assertThat(found).extracting(LayerGradients::layer).containsExactly(0, 2, 5);
    assertThat(found).extracting(g -> g.report().passes()).containsExactly(true, false, true);
    assertThat(found.get(1).report().operand()).isEqualTo(1); // its weight
    assertThat(found.get(0).report().checked()).isEqualTo(16 + 18 + 2);
  }

  @Test
  void oneBatchIsLearnedAndTheFirstStepIsThatOfTheGradientByHand() {
    Model model = new Model(List.of(new Linear(1, 2, false)), List.of(List.of(Tensor.zeros(2, 1))));
    model.parameters().get(0).get(0).data()[0] = 1;
    Batch batch = new Batch(Tensor.of(new float[] {1, -1}, 2, 1), new int[] {0, 1});
    Sgd sgd = new Sgd(0.5);
    Training run =
        Training.run(model, List.of(batch), 200, CROSS_ENTROPY, (layer, w, g) -> sgd.step(w, g));
    double p = 1 / (1 + Math.exp(-1)); // of the right class, in both images
    assertThat(run.losses()).hasSize(201);
    assertThat(run.losses()[0]).isCloseTo(-Math.log(p), within(1e-6));
    // ∂L/∂w₀ = −(1 − p), ∂L/∂w₁ = 1 − p, and ‖w‖ = 1
    assertThat(run.moved()[0]).isCloseTo(0.5 * (1 - p) * Math.sqrt(2), within(1e-6));
    assertThat(run.losses()[200]).isLessThan(0.01);
  }

  @Test
  void aLossThatIsNoNumberStaysSoAndEndsTheRun() {
    Model model =
        new Model(List.of(new Linear(1, 2, false)), List.of(List.of(Tensor.full(1, 2, 1))));
    Batch batch = new Batch(Tensor.full(1, 1, 1), new int[] {0});
    int[] steps = {0};
    Training run =
        Training.run(
            model,
            List.of(batch),
            4,
            CROSS_ENTROPY,
            (layer, w, g) -> {
              steps[0]++;
              w.data()[0] = Float.NaN;
            });
    assertThat(run.losses()[0]).isCloseTo(Math.log(2), within(1e-6));
    assertThat(run.losses()).endsWith(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    assertThat(steps[0]).isEqualTo(1);
  }

  @Test
  void aRepeatedStepTellsWhatIsLeftOverFromTheFirst() {
    Sgd plain = new Sgd(0.1);
    Sgd momentum = new Sgd(0.1).momentum(0.9);
    double[] sum = {0};
    assertThat(Training.repeated((layer, w, g) -> plain.step(w, g), 0)).isCloseTo(1, within(1e-6));
    assertThat(Training.repeated((layer, w, g) -> momentum.step(w, g), 0))
        .isCloseTo(1.9, within(1e-6));
    assertThat(
            Training.repeated(
                (layer, w, g) -> {
                  sum[0] += g.data()[0];
                  w.data()[0] -= (float) (0.1 * sum[0]);
                },
                0))
        .isCloseTo(2, within(1e-6));
    assertThat(Training.repeated((layer, w, g) -> {}, 0)).isZero();
  }

  @Test
  void aSoftmaxBeforeCrossEntropyKeepsEvenAPerfectAnswerFromZero() {
    assertThat(Training.ofPerfectScores(CROSS_ENTROPY, 3)).isZero();
    double twice =
        Training.ofPerfectScores((s, l) -> s.softmax(1).crossEntropy(l, ClassLabels.MEAN), 3);
    assertThat(twice).isCloseTo(Math.log(Math.E + 2) - 1, within(1e-6));
  }

  @Test
  void anEvaluationCountsEachClassByWhatItIsTakenFor() {
    Tensor scores = Tensor.of(new float[] {2, 1, 0, 0, 1, 3, 0, 5, 1, 1, 1, 0}, 4, 3);
    Evaluation found = Evaluation.of(scores, new int[] {0, 1, 1, 2});
    assertThat(found.right()).isEqualTo(2);
    assertThat(found.confusion()).isDeepEqualTo(new int[][] {{1, 0, 0}, {0, 1, 1}, {1, 0, 0}});
    double loss = 0;
    for (int n = 0; n < 4; n++) {
      double sum = 0;
      for (int c = 0; c < 3; c++) {
        sum += Math.exp(scores.at(n, c));
      }
      loss += (Math.log(sum) - scores.at(n, new int[] {0, 1, 1, 2}[n])) / 4;
    }
    assertThat(found.loss()).isCloseTo(loss, within(1e-6));
  }

  @Test
  void trainingACopyLeavesTheModelAlone() {
    Rng random = new Rng(1);
    Model model = Model.of(List.of(new Linear(2, 2, true)), Shape.of(1, 2), random);
    float[] before = model.parameters().get(0).get(0).data().clone();
    Batch batch = new Batch(random.gaussian(1, 4, 2), new int[] {0, 1, 0, 1});
    Sgd sgd = new Sgd(1);
    Training.Update update = (layer, w, g) -> sgd.step(w, g);
    Training.run(model.copy(), List.of(batch.slice(1, 3)), 3, CROSS_ENTROPY, update);
    assertThat(model.parameters().get(0).get(0).data()).isEqualTo(before);
    assertThat(batch.slice(1, 3).labels()).containsExactly(1, 0);
    assertThat(batch.slice(1, 3).x().at(0, 1)).isEqualTo(batch.x().at(1, 1));
  }

  /** A layer whose weight gets the gradient of the opposite sign. */
  private record Flipped(Layer layer) implements Layer {
    @Override
    public String name() {
      return layer.name();
    }

    @Override
    public @Nullable String problem(Shape x) {
      return layer.problem(x);
    }

    @Override
    public Shape output(Shape x) {
      return layer.output(x);
    }

    @Override
    public List<Shape> parameters(Shape x) {
      return layer.parameters(x);
    }

    @Override
    public Var run(Var x, List<Var> tensors) {
      Var w = tensors.get(0);
      Var flipped = x.tape().record("Flip", w.value(), Tape.edge(w, dy -> Unary.NEG.forward(dy)));
      return layer.run(x, List.of(flipped, tensors.get(1)));
    }
  }
}
