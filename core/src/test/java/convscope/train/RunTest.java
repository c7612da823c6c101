package convscope.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import convscope.data.DataSet;
import convscope.data.DataSets;
import convscope.engine.Engine;
import convscope.engine.ScalarKernels;
import convscope.net.Model;
import convscope.net.text.PyTorch;
import convscope.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class RunTest {
  private static final String SMALL =
      "nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),"
          + " nn.Conv2d(8, 12, 3), nn.ReLU(), nn.Flatten(), nn.Linear(48, 10))";
  private static final String NORMALIZED =
      "nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Dropout(0.2),"
          + " nn.Flatten(), nn.Linear(144, 10))";

  private static final DataSet DIGITS = digits();

  private static DataSet digits() {
    try (InputStream in =
        new GZIPInputStream(Files.newInputStream(Path.of("../static/data/digits.csv.gz")))) {
      return DataSets.digits(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Run.Settings settings(int batch, double rate) {
    return Run.Settings.of(batch, new Sgd(rate).momentum(0.9), rate, 11);
  }

  private static Run run(String text, DataSet data, Run.Settings settings, int worker, int all) {
    Model model =
        new Model(PyTorch.read(text), Shape.of(data.channels(), data.height(), data.width()));
    Initialization.PYTORCH.fill(model, 5);
    Learner learner =
        new Learner(new Engine(new ScalarKernels()), model, Math.min(64, settings.batch()));
    return new Run(learner, data, settings, worker, all);
  }

  private static Run run(String text, Run.Settings settings) {
    return run(text, DIGITS, settings, 0, 1);
  }

  private static float[] steps(Run run, int count) {
    run.advance(1e9, () -> 0, run.step() + count);
    return run.learner().model().parameters().data();
  }

  @Test
  void aSmallNetworkLearnsToReadDigits() {
    Run run = run(SMALL, settings(32, 0.05).schedule(Schedule.cosine(600).warmUp(20)));
    assertThat(run.heldOut().accuracy()).isLessThan(0.3);
    steps(run, 600);
    Metrics metrics = run.heldOut();
    assertThat(metrics.count()).isEqualTo(297);
    assertThat(metrics.accuracy()).isGreaterThan(0.9);
  }

  @Test
  void theSeedFixesTheRun() {
    Augmentation all = new Augmentation(1, 10, 0.1, 2, true, 0.3);
    float[] one = steps(run(NORMALIZED, settings(16, 0.05).augmentation(all)), 8);
    float[] same = steps(run(NORMALIZED, settings(16, 0.05).augmentation(all)), 8);
    assertThat(same).isEqualTo(one);
    Run.Settings other =
        Run.Settings.of(16, new Sgd(0.05).momentum(0.9), 0.05, 12).augmentation(all);
    assertThat(steps(run(NORMALIZED, other), 8)).isNotEqualTo(one);
  }

  @Test
  void workersThatShareABatchTakeTheStepsOfOneUpToRounding() {
    Augmentation all = new Augmentation(1, 10, 0.1, 2, true, 0.3);
    float[] alone = steps(run(SMALL, settings(15, 0.05).augmentation(all)), 6);
    Run[] workers = new Run[3];
    for (int w = 0; w < 3; w++) {
      workers[w] = run(SMALL, DIGITS, settings(15, 0.05).augmentation(all), w, 3);
    }
    together(workers, 6);
    float[] first = workers[0].learner().model().parameters().data();
    assertThat(workers[1].learner().model().parameters().data()).isEqualTo(first);
    assertThat(workers[2].learner().model().parameters().data()).isEqualTo(first);
    for (int i = 0; i < alone.length; i++) {
      assertThat((double) first[i]).isCloseTo(alone[i], within(1e-5));
    }
    assertThat(workers[0].progress().images()).isEqualTo(90);
  }

  @Test
  void runningStatisticsOfAllWorkersAreTheMeanOfTheirs() {
    Run[] workers = new Run[2];
    for (int w = 0; w < 2; w++) {
      workers[w] = run(NORMALIZED, DIGITS, settings(16, 0), w, 2);
    }
    float[] one = workers[0].part();
    float[] other = workers[1].part();
    int at = workers[0].learner().model().parameters().size();
    float[] sum = new float[8];
    for (int i = 0; i < 8; i++) {
      sum[i] = one[at + i] + other[at + i];
    }
    workers[0].apply(new float[][] {one.clone(), other.clone()});
    workers[1].apply(new float[][] {one.clone(), other.clone()});
    assertThat(workers[0].learner().model().buffers().data()).isEqualTo(sum);
    assertThat(workers[1].learner().model().buffers().data()).isEqualTo(sum);
  }

  private static void together(Run[] workers, int steps) {
    for (int step = 0; step < steps; step++) {
      float[][] parts = new float[workers.length][];
      for (int w = 0; w < workers.length; w++) {
        parts[w] = workers[w].part();
      }
      for (Run worker : workers) {
        float[][] copies = new float[parts.length][];
        for (int w = 0; w < parts.length; w++) {
          copies[w] = parts[w].clone();
        }
        worker.apply(copies);
      }
    }
  }

  @Test
  void aSavedRunGoesOnAsIfItHadNotStopped() {
    Run.Settings settings = settings(16, 0.05).schedule(Schedule.step(3, 0.5));
    Run whole = run(NORMALIZED, settings);
    steps(whole, 4);
    byte[] saved = whole.save();
    float[] end = steps(whole, 5).clone();
    Run resumed = run(NORMALIZED, settings(16, 0.05).schedule(Schedule.step(3, 0.5)));
    resumed.restore(saved);
    assertThat(resumed.step()).isEqualTo(4);
    assertThat(steps(resumed, 5)).isEqualTo(end);
    assertThat(resumed.learner().model().buffers().data())
        .isEqualTo(whole.learner().model().buffers().data());
    assertThatThrownBy(() -> run(SMALL, settings(16, 0.05)).restore(saved))
        .hasMessageContaining("were not saved by a run of this network and optimizer");
  }

  @Test
  void everyOptimizerGoesOnFromItsSavedState() {
    for (int kind = 0; kind < 4; kind++) {
      Run whole = run(SMALL, Run.Settings.of(8, optimizer(kind), 0.01, 1));
      steps(whole, 3);
      byte[] saved = whole.save();
      float[] end = steps(whole, 3).clone();
      Run resumed = run(SMALL, Run.Settings.of(8, optimizer(kind), 0.01, 1));
      resumed.restore(saved);
      assertThat(steps(resumed, 3)).as("optimizer " + kind).isEqualTo(end);
    }
  }

  private static Optimizer optimizer(int kind) {
    return switch (kind) {
      case 0 -> new Adam(0.01).amsGrad(true);
      case 1 -> new AdamW(0.01);
      case 2 -> new RmsProp(0.01).centred(true).momentum(0.5);
      default -> new Sgd(0.01).momentum(0.9).nesterov(true);
    };
  }

  @Test
  void advanceStopsWhenTheTimeIsOver() {
    Run run = run(SMALL, settings(8, 0.01));
    double[] now = {0};
    Run.Progress progress = run.advance(50, () -> now[0] += 20, 1000);
    assertThat(progress.step()).isEqualTo(3); // looked at after 20, 40 and 60
    assertThat(progress.images()).isEqualTo(24);
    assertThat(run.advance(0, () -> now[0], 1000).step()).isEqualTo(4);
    assertThat(run.advance(1e9, () -> now[0], 6).step()).isEqualTo(6);
  }

  @Test
  void everyEpochSeesEachImageOnce() {
    Batches batches = new Batches(DIGITS, settings(64, 0.1));
    assertThat(batches.steps()).isEqualTo(24); // 23 · 64 + 28 = 1500
    double[] sums = new double[2];
    for (int step = 0; step < 48; step++) {
      for (float value : batches.part(step, 0, batches.count(step)).images()) {
        sums[step / 24] += value;
      }
    }
    double all = DIGITS.moments()[0] * DIGITS.training() * DIGITS.size();
    assertThat(sums[0]).isCloseTo(all, within(0.01));
    assertThat(sums[1]).isCloseTo(all, within(0.01));
    assertThat(batches.part(0, 0, 64).labels()).isNotEqualTo(batches.part(24, 0, 64).labels());
  }

  @Test
  void aRateThatIsTooLargeEndsTheRunWithAWord() {
    Run run = run(SMALL, settings(32, 1e6));
    Run.Progress progress = run.advance(1e9, () -> 0, 200);
    assertThat(progress.diverged()).isTrue();
    assertThat(progress.step()).isLessThan(200);
    int stopped = run.step();
    assertThat(run.advance(1e9, () -> 0, 200).step()).isEqualTo(stopped);
  }

  @Test
  void aTinySetAndABatchLargerThanTheSetTrain() {
    byte[] pixels = new byte[2 * 64];
    pixels[5] = 100;
    DataSet two = new DataSet("own", 1, 8, 8, pixels, 255, new int[] {0, 1}, 2, List.of("a", "b"));
    Run run = run(SMALL, two, settings(32, 0.01), 0, 1);
    assertThat(run.stepsPerEpoch()).isEqualTo(1);
    Run.Progress progress = run.advance(1e9, () -> 0, 3);
    assertThat(progress.images()).isEqualTo(6);
    assertThat(run.heldOut().count()).isZero();
  }

  @Test
  void whatDoesNotFitIsNamedBeforeTheFirstStep() {
    assertThatThrownBy(() -> run("nn.Sequential(nn.Flatten(), nn.Linear(64, 9))", settings(8, 1)))
        .hasMessage(
            "Run: the network gives 1×9 for an image, the data has 10 classes; end with Flatten and"
                + " Linear(…, 10)");
    Learner small =
        new Learner(
            new Engine(new ScalarKernels()), new Model(PyTorch.read(SMALL), Shape.of(1, 8, 8)), 7);
    assertThatThrownBy(() -> new Run(small, DIGITS, settings(16, 0.1), 0, 2))
        .hasMessage(
            "Run: parts of 8 images for a learner that is laid out for 7; lay it out for 8");
    assertThatThrownBy(() -> settings(0, 0.1)).hasMessage("Run: batches of 0; use 1 or more");
    assertThatThrownBy(() -> Run.Settings.of(1, new Sgd(0), Double.NaN, 1))
        .hasMessageContaining("learning rate NaN");
  }

  @Test
  void statisticsTellDeadUnitsAndTheSizesOfGradients() {
    Run run = run(SMALL, settings(16, 0.01));
    Model model = run.learner().model();
    model.set("0.bias", new float[] {-100, -100, 0, 0, 0, 0, 0, 0});
    run.learner().upload();
    run.part();
    List<LayerStatistics> all = LayerStatistics.of(run.learner(), 16);
    LayerStatistics pooled = // convolution, ReLU and pooling in one go
        all.stream().filter(layer -> layer.path().equals("2")).findFirst().orElseThrow();
    assertThat(pooled.dead()).isEqualTo(0.25);
    assertThat(pooled.mean()).isPositive();
    LayerStatistics last = all.get(all.size() - 1);
    assertThat(last.path()).isEqualTo("6");
    assertThat(last.gradients()).isPositive();
    double squares = 0;
    for (float weight : model.parameters().data()) {
      squares += (double) weight * weight;
    }
    double sum = 0;
    for (LayerStatistics layer : all) {
      sum += layer.weights() * layer.weights();
    }
    assertThat(sum).isCloseTo(squares, within(1e-6 * squares));
  }
}
