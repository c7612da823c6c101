package convscope.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import convscope.autodiff.Tape;
import convscope.autodiff.Var;
import convscope.engine.Engine;
import convscope.engine.ScalarKernels;
import convscope.net.Model;
import convscope.net.Pass;
import convscope.net.text.PyTorch;
import convscope.op.ClassLabels;
import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The learner against the direct operators on one tape. */
class LearnerTest {
  private static final int IMAGES = 5;

  private static Model model(String text, Shape image) {
    Model model = new Model(PyTorch.read(text), image);
    Initialization.PYTORCH.fill(model, 3);
    Rng rng = new Rng(4);
    for (int i = 0; i < model.parameters().size(); i++) { // so that no scale or bias is 0 or 1
      model.parameters().data()[i] += (float) (0.1 * rng.nextGaussian());
    }
    return model;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nn.Conv2d(2, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 7, 3), nn.ReLU(),"
            + " nn.Flatten(), nn.Linear(42, 4)",
        "nn.Conv2d(2, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(3, 1, 1), nn.Flatten(),"
            + " nn.Linear(192, 4)",
        "nn.ReLU(), nn.Conv2d(2, 5, (2, 3), stride=2, bias=False), nn.Tanh(), nn.Flatten(),"
            + " nn.Linear(80, 9), nn.ReLU(), nn.Linear(9, 4, bias=False)",
        "Residual(nn.Sequential(nn.Conv2d(2, 6, 3, padding=1), nn.BatchNorm2d(6)),"
            + " nn.Conv2d(2, 6, 1)), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten(),"
            + " nn.Linear(24, 4)",
        "nn.Conv2d(2, 4, 3, groups=2, padding_mode='circular', padding=1), nn.PReLU(4),"
            + " nn.InstanceNorm2d(4, affine=True), nn.AvgPool2d(2), nn.LayerNorm((4, 5)),"
            + " nn.Flatten(), nn.Linear(80, 4), nn.LogSoftmax(dim=1)",
        "nn.PixelUnshuffle(2), nn.MaxPool2d(3, 2, ceil_mode=True), nn.ZeroPad2d((1, 0, 2, 0)),"
            + " nn.Upsample(scale_factor=2, mode='bilinear'), nn.Mish(), nn.Flatten(),"
            + " nn.Linear(384, 4)",
        "LocallyConnected2d(2, 3, 3, stride=2, padding=1), nn.ReLU(), nn.Flatten(),"
            + " nn.Linear(60, 4)"
      })
  void gradientsAreThoseOfTheDirectOperators(String layers) {
    Model model = model("nn.Sequential(" + layers + ")", Shape.of(2, 8, 10));
    Rng rng = new Rng(1);
    Tensor batch = rng.gaussian(1, IMAGES, 2, 8, 10);
    int[] labels = {0, 1, 2, 3, 1};
    Learner learner = new Learner(new Engine(new ScalarKernels()), model, IMAGES + 2);
    Loss loss = Loss.smoothed(0.1);

    Tape tape = new Tape();
    List<Var> parameters = model.variables(tape);
    float[] statistics = model.buffers().data().clone();
    List<Var> outputs = model.run(tape.constant(batch), parameters, new Pass(true, new Rng(0)));
    System.arraycopy(statistics, 0, model.buffers().data(), 0, statistics.length);
    Var x = outputs.get(outputs.size() - 1);
    Var direct = x.crossEntropy(labels, ClassLabels.MEAN.smooth(0.1));
    direct.backward();

    for (int round = 0; round < 2; round++) { // what is laid out is used again
      Learner.Outcome outcome =
          learner.loss(
              batch.data(),
              IMAGES,
              scores -> loss.of(scores, labels, 1),
              new Pass(true, new Rng(0)));
      assertThat(outcome.loss()).isCloseTo(direct.value().data()[0], within(1e-5));
      for (int i = 0; i < parameters.size(); i++) {
        Model.Part part = model.trained().get(i);
        Tensor want = parameters.get(i).gradient();
        double tolerance = 1e-5 + 1e-4 * want.largestSize();
        for (int k = 0; k < want.size(); k++) {
          assertThat((double) learner.gradient().data()[part.start() + k])
              .as(part.name() + " element " + k)
              .isCloseTo(want.data()[k], within(tolerance));
        }
      }
    }
  }

  @Test
  void evaluationTakesTheRunningStatisticsAndDropsNothing() {
    Model model = model("nn.Sequential(nn.BatchNorm2d(1), nn.Dropout(0.5))", Shape.of(1, 1, 2));
    model.set("0.weight", new float[] {2});
    model.set("0.bias", new float[] {1});
    model.set("0.running_mean", new float[] {3});
    model.set("0.running_var", new float[] {4});
    Learner learner = new Learner(new Engine(new ScalarKernels()), model, 1);
    Tensor scores = learner.scores(new float[] {3, 5}, 1, Pass.EVALUATION);
    assertThat((double) scores.data()[0]).isCloseTo(1, within(1e-5)); // 2·(3 − 3)/2 + 1
    assertThat((double) scores.data()[1]).isCloseTo(3, within(1e-5)); // 2·(5 − 3)/2 + 1
  }

  @Test
  void trainingMovesTheRunningStatisticsAsPyTorchDoes() {
    Model model = model("nn.Sequential(nn.BatchNorm2d(1))", Shape.of(1, 1, 2));
    Learner learner = new Learner(new Engine(new ScalarKernels()), model, 2);
    learner.scores(new float[] {1, 2, 3, 6}, 2, new Pass(true, new Rng(0)));
    // mean 3, unbiased variance (4 + 1 + 0 + 9)/3, each with weight 0.1 beside 0 and 1
    assertThat((double) model.buffers().data()[0]).isCloseTo(0.3, within(1e-6));
    assertThat((double) model.buffers().data()[1]).isCloseTo(0.9 + 0.1 * 14 / 3, within(1e-6));
  }

  @Test
  void dropoutDropsItsShareAndWholeMapsIfAsked() {
    Model model = model("nn.Sequential(nn.Dropout2d(0.25))", Shape.of(400, 1, 3));
    Learner learner = new Learner(new Engine(new ScalarKernels()), model, 1);
    float[] ones = new float[1200];
    Arrays.fill(ones, 1);
    Tensor y = learner.scores(ones, 1, new Pass(true, new Rng(7)));
    int dropped = 0;
    for (int map = 0; map < 400; map++) {
      float first = y.data()[3 * map];
      assertThat(y.data()[3 * map + 1]).isEqualTo(first);
      assertThat(y.data()[3 * map + 2]).isEqualTo(first);
      assertThat(first).isIn(0f, (float) (1 / 0.75));
      dropped += first == 0 ? 1 : 0;
    }
    assertThat(dropped).isBetween(70, 130);
  }

  @Test
  void tooLargeANetworkIsRefusedAndGivesItsMemoryBack() {
    Engine engine = new Engine(new ScalarKernels(), 1 << 16);
    int before = engine.mark();
    Model model = model("nn.Sequential(nn.Flatten(), nn.Linear(1000, 100))", Shape.of(1, 10, 100));
    assertThatThrownBy(() -> new Learner(engine, model, 4))
        .hasMessageContaining("MiB wanted for operands and scratch");
    assertThat(engine.mark()).isEqualTo(before);
    Model large = new Model(PyTorch.read("nn.Linear(5000, 5000)"), Shape.of(1, 1, 5000));
    assertThatThrownBy(() -> new Learner(engine, large, 1))
        .hasMessage(
            "Learner: 25 million numbers to learn, more than 16 million; use fewer channels or"
                + " features, or pool before the linear layer");
    assertThatThrownBy(
            () ->
                new Model(
                    PyTorch.read("nn.Sequential(nn.Flatten(), nn.Linear(20000, 20000))"),
                    Shape.of(2, 100, 100)))
        .hasMessage(
            "Model: more than 134 million numbers to learn; use fewer channels or features");
  }
}
