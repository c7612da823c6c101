package convscope.train;

import convscope.data.DataSet;
import convscope.engine.Engine;
import convscope.engine.ScalarKernels;
import convscope.net.Model;
import convscope.net.text.PyTorch;
import convscope.tensor.Shape;
import java.util.List;

/**
 * How a network of the course is trained: AdamW with weight decay 10⁻⁴, batches of 64, one epoch of
 * warm-up and then a cosine, cross-entropy, one worker and the plain engine. So the same recipe
 * gives the same bits everywhere.
 *
 * @param name of the file with its weights, and in tables
 * @param about what it is, for the table
 * @param network as text for {@link PyTorch}
 * @param data {@code mnist} or {@code fashion}
 * @param seed of the first weights, the order and the augmentation
 * @param rate the learning rate after the warm-up
 * @param augmentation how images are varied before each step
 * @param ships whether its weights are stored; else it is there for its accuracy
 */
public record Recipe(
    String name,
    String about,
    String network,
    String data,
    int epochs,
    long seed,
    double rate,
    Augmentation augmentation,
    boolean ships) {
  /** Images of a step. */
  public static final int BATCH = 64;

  private static final double DECAY = 1e-4;
  private static final int FIRST_STEPS = 10;

  /** Pixels, degrees and share that digits are moved, turned and scaled by at most. */
  private static final Augmentation DIGITS = new Augmentation(2, 8, 0.1, 0, false, 0);

  private static final Augmentation CLOTHES = new Augmentation(1, 0, 0, 0, true, 0);

  /** All networks of the course. */
  public static final List<Recipe> ALL =
      List.of(
          new Recipe(
              "digit-reader",
              "the digit reader",
              "nn.Sequential(nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 5),"
                  + " nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(256, 10))",
              "mnist",
              25,
              1,
              0.003,
              DIGITS,
              true),
          new Recipe(
              "digit-reader-norm",
              "twice as wide, with batch normalization",
              "nn.Sequential(nn.Conv2d(1, 16, 5, bias=False), nn.BatchNorm2d(16), nn.ReLU(),"
                  + " nn.MaxPool2d(2), nn.Conv2d(16, 32, 5, bias=False), nn.BatchNorm2d(32),"
                  + " nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(512, 10))",
              "mnist",
              25,
              1,
              0.003,
              DIGITS,
              true),
          new Recipe(
              "digit-mlp",
              "dense layers of as many weights, on the image at half its size",
              "nn.Sequential(nn.AvgPool2d(2), nn.Flatten(), nn.Linear(196, 28), nn.ReLU(),"
                  + " nn.Linear(28, 10))",
              "mnist",
              40,
              1,
              0.003,
              DIGITS,
              true),
          new Recipe(
              "digit-local",
              "locally connected, as many weights",
              "nn.Sequential(LocallyConnected2d(1, 2, 5, stride=3), nn.ReLU(), nn.Flatten(),"
                  + " nn.Linear(128, 18), nn.ReLU(), nn.Linear(18, 10))",
              "mnist",
              40,
              1,
              0.003,
              DIGITS,
              true),
          new Recipe(
              "digit-mlp-wide",
              "dense layers of 17 times as many weights",
              "nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))",
              "mnist",
              40,
              1,
              0.002,
              DIGITS,
              false),
          new Recipe(
              "fashion-reader",
              "clothes of Fashion-MNIST",
              "nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),"
                  + " nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),"
                  + " nn.Linear(1568, 10))",
              "fashion",
              20,
              1,
              0.003,
              CLOTHES,
              true));

  /** Its model with the first weights. */
  public Model model(DataSet images) {
    Model model =
        new Model(
            PyTorch.read(network), Shape.of(images.channels(), images.height(), images.width()));
    Initialization.PYTORCH.fill(model, seed);
    return model;
  }

  /**
   * A fingerprint of the parameters after ten steps, for a test that trains as it was trained once:
   * FNV-1a of their bits, in hexadecimal.
   */
  public String firstSteps(DataSet images) {
    Run run = run(images);
    run.advance(Double.POSITIVE_INFINITY, () -> 0, FIRST_STEPS);
    long hash = 0xcbf29ce484222325L;
    for (float value : run.learner().model().parameters().data()) {
      hash = (hash ^ Float.floatToIntBits(value) & 0xffffffffL) * 0x100000001b3L;
    }
    return Long.toHexString(hash);
  }

  /** Its run from the first step on. */
  public Run run(DataSet images) {
    int epoch = images.training() / BATCH;
    Run.Settings settings =
        Run.Settings.of(BATCH, new AdamW(rate).weightDecay(DECAY), rate, seed)
            .schedule(Schedule.cosine((epochs - 1) * epoch).warmUp(epoch))
            .augmentation(augmentation);
    Learner learner = new Learner(new Engine(new ScalarKernels()), model(images), BATCH);
    return new Run(learner, images, settings);
  }

  @Override
  public String toString() {
    return name;
  }
}
