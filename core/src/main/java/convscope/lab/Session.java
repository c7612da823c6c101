package convscope.lab;

import convscope.data.DataSet;
import convscope.engine.Engine;
import convscope.net.Layer;
import convscope.net.Model;
import convscope.net.Network;
import convscope.net.ShapeTrace;
import convscope.num.Num;
import convscope.tensor.Shape;
import convscope.train.LayerStatistics;
import convscope.train.Learner;
import convscope.train.Metrics;
import convscope.train.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One run of the lab: it trains and measures in slices, keeps its curves, remembers the last state
 * that was good, and goes back to it when it diverges.
 *
 * <p>What is held out is measured before the first step, at a quarter and at half of the first
 * epoch, after each epoch, and where the run stops; never in the middle of a step, so that the
 * curves follow from setup and seed alone.
 */
final class Session {
  private static final long MOST_MEMORY = 800L << 20; // bytes that a run may take
  private static final int KEPT_EVERY = 20; // steps between two states that are kept
  private static final int KEPT_EASILY = 1 << 21; // bytes of a state that is kept so often
  private static final double TOO_MUCH = 3; // times the first loss, for a state to be good
  private static final double BURST = 100; // times a layer's usual outputs
  private static final int LOOKED_AT = 16; // images for statistics
  private static final double STATISTICS = 250; // ms between two
  private static final double RECENT = 1000; // ms over which speed is taken

  /** What a run that has diverged is told of. */
  record Divergence(
      int step, double loss, double before, int stage, double spread, double usual, int back) {
    @Override
    public String toString() {
      return "Divergence at step " + step;
    }
  }

  private final Engine engine;
  private final DataSet data;
  private final Model model;
  private final Learner learner;
  private final double mean;
  private final double deviation;
  private final boolean flat; // all pixels the same
  private final DoubleSupplier clock;
  private Setup setup;
  private Run run;
  private History history = new History();
  private List<LayerStatistics> statistics = List.of();
  private double statisticsAt = Double.NEGATIVE_INFINITY;
  private @Nullable Metrics heldOut; // of the last measurement
  private int measuredAt = -1;
  private @Nullable Metrics counting; // of the one under way
  private int countingAt; // the next image
  private byte[] good; // the last good state
  private int goodStep;
  private double goodLoss = Double.NaN;
  private List<LayerStatistics> goodStatistics = List.of();
  private @Nullable Divergence divergence;
  private double lastLoss = Double.NaN;
  private double lastAccuracy = Double.NaN;
  private double firstLoss = Double.NaN;
  private double trainedFor; // ms of the last trained images
  private double trained; // how many these are

  /**
   * Lays a run out.
   *
   * @throws IllegalArgumentException naming what does not fit, before anything is allocated
   */
  Session(Engine engine, DataSet data, Setup setup, DoubleSupplier clock) {
    this.engine = engine;
    this.data = data;
    this.setup = setup;
    this.clock = clock;
    Network network = setup.network();
    Shape image = Shape.of(data.channels(), data.height(), data.width());
    checkMemory(network, image, batch(), setup.series());
    model = new Model(network, image);
    setup.initialization().fill(model, setup.seed());
    double[] moments = data.moments();
    mean = moments[0];
    flat = moments[1] == 0;
    deviation = flat ? 1 : moments[1];
    learner = new Learner(engine, model, batch());
    try {
      run = run();
    } catch (IllegalArgumentException e) {
      learner.release();
      throw e;
    }
    good = run.save();
  }

  /** Images of a batch. */
  private int batch() {
    return Math.min(setup.values().integer("batch"), data.training());
  }

  private Run run() {
    int rest = data.training() % batch(); // a single image is left out, see Batches
    int steps = data.training() / batch() + (rest > 1 ? 1 : 0);
    return new Run(learner, data, setup.settings(data, mean, deviation, steps));
  }

  /** Bytes that training takes: each weight several times, and the activations of a batch. */
  private static void checkMemory(Network network, Shape image, int batch, int series) {
    List<Layer> layers = network.layers();
    ShapeTrace trace = ShapeTrace.of(layers, Shape.of(1, image.dim(0), image.dim(1), image.dim(2)));
    long weights = 0;
    long activations = image.size();
    long largest = image.size();
    for (int n = 0; n < trace.good(); n++) {
      for (Shape shape : layers.get(n).parameters(trace.input(n))) {
        weights += shape.size();
      }
      int size = trace.output(n).size();
      activations += size;
      largest = Math.max(largest, size);
    }
    // here, in the engine, gradients there and here, the step's part; the optimizer's in double,
    // and a state to go back to
    long bytes = weights * (20 + 8L * series + 4 + 8L * series);
    bytes += 4 * batch * (activations + 2 * largest);
    if (bytes > MOST_MEMORY) {
      throw new IllegalArgumentException(
          "This network has "
              + Num.count(weights)
              + " weights. To train it on batches of "
              + batch
              + " takes "
              + Num.decimal(bytes / 1e9, 1)
              + " GB here (weights, gradients, what the optimizer remembers, activations); the lab"
              + " takes at most "
              + Num.decimal(MOST_MEMORY / 1e9, 1)
              + " GB. Use fewer channels or features, pool earlier, or take a smaller batch.");
    }
  }

  /** Gives its memory back. */
  void release() {
    learner.release();
  }

  // ---- what it is

  DataSet data() {
    return data;
  }

  Model model() {
    return model;
  }

  Learner learner() {
    return learner;
  }

  /** Its network, to show what it makes of images that are held out. */
  Reader reader() {
    return new Reader(model, learner, data, data.training(), mean, deviation, "The network", "");
  }

  Setup setup() {
    return setup;
  }

  History history() {
    return history;
  }

  List<LayerStatistics> statistics() {
    return statistics;
  }

  double mean() {
    return mean;
  }

  double deviation() {
    return deviation;
  }

  int step() {
    return run.step();
  }

  int stepsPerEpoch() {
    return run.stepsPerEpoch();
  }

  /** Steps of the whole run. */
  int total() {
    return run.stepsPerEpoch() * setup.epochs();
  }

  /** Mean loss of the last batch, and the share of right answers; NaN before the first. */
  double loss() {
    return lastLoss;
  }

  double accuracy() {
    return lastAccuracy;
  }

  /** The last whole measurement of what is held out; null before the first. */
  @Nullable Metrics heldOut() {
    return heldOut;
  }

  /** The step after which it was taken. */
  int measuredAt() {
    return measuredAt;
  }

  /** How much of a measurement under way is done; 1 if none is. */
  double counted() {
    int all = data.count() - data.training();
    return counting == null ? 1 : (double) (countingAt - data.training()) / all;
  }

  /** Images a second, of late; NaN before anything was trained. */
  double speed() {
    return trainedFor > 0 ? 1000 * trained / trainedFor : Double.NaN;
  }

  /** Why the run went back, until it goes on. */
  @Nullable Divergence divergence() {
    return divergence;
  }

  // ---- going on

  /**
   * Trains and measures until the time is over.
   *
   * @param milliseconds 50 or less, so that whoever asked can do something else; a step is always
   *     finished
   * @param limit the step at which to stop
   * @param measured whether to measure there
   * @return whether there is more to do up to that step
   */
  boolean advance(double milliseconds, int limit, boolean measured) {
    double start = clock.getAsDouble();
    int last = Math.min(limit, total());
    if (run.step() < last) {
      divergence = null;
    }
    do {
      if (counting != null) {
        count(counting);
      } else if (measuredAt != run.step() && (due() || run.step() >= last && measured)) {
        begin();
      } else if (run.step() < last && divergence == null) {
        train();
      } else {
        return false;
      }
    } while (clock.getAsDouble() - start < milliseconds);
    return counting != null || run.step() < last && divergence == null;
  }

  private boolean due() {
    int step = run.step();
    int epoch = run.stepsPerEpoch();
    return step % epoch == 0 || step == (epoch + 3) / 4 || step == (epoch + 1) / 2;
  }

  private void begin() {
    if (data.training() == data.count()) {
      measuredAt = run.step(); // nothing is held out
      return;
    }
    counting = new Metrics(model.output().dim(1));
    countingAt = data.training();
  }

  private void count(Metrics metrics) {
    countingAt = run.evaluate(metrics, countingAt, data.count());
    if (countingAt == data.count()) {
      heldOut = metrics;
      measuredAt = run.step();
      counting = null;
      history.measured(measuredAt, Math.min(1e30, metrics.loss()), metrics.accuracy());
    }
  }

  private void train() {
    double start = clock.getAsDouble();
    double batchLoss = run.apply(new float[][] {run.part()});
    if (run.diverged()) {
      goBack(batchLoss);
      return;
    }
    Run.Progress done = run.progress();
    double now = clock.getAsDouble();
    trainedFor += now - start;
    trained += done.images();
    if (trainedFor > RECENT) {
      trained /= 2;
      trainedFor /= 2;
    }
    lastLoss = done.loss();
    lastAccuracy = done.accuracy();
    firstLoss = Double.isNaN(firstLoss) ? lastLoss : firstLoss;
    history.add(lastLoss, lastAccuracy, done.images());
    boolean often = good.length <= KEPT_EASILY;
    boolean keeps = lastLoss < TOO_MUCH * firstLoss;
    if (keeps && run.step() % (often ? KEPT_EVERY : run.stepsPerEpoch()) == 0) {
      look();
      keep();
    } else if (now - statisticsAt > STATISTICS) {
      look();
      statisticsAt = now;
    }
  }

  private void look() {
    statistics = LayerStatistics.of(learner, Math.min(LOOKED_AT, batch()));
  }

  private void keep() {
    good = run.save();
    goodStep = run.step();
    goodLoss = lastLoss;
    goodStatistics = statistics;
  }

  /** Finds what burst, and takes the last good state up again. */
  private void goBack(double burstLoss) {
    int step = run.step() + 1;
    double before = lastLoss;
    List<LayerStatistics> burst = LayerStatistics.of(learner, Math.min(LOOKED_AT, batch()));
    int first = burst.size() - 1;
    double usual = Double.NaN;
    for (int n = 0; n < burst.size(); n++) {
      double spread = spread(burst.get(n));
      double then = n < goodStatistics.size() ? spread(goodStatistics.get(n)) : Double.NaN;
      if (!(spread <= BURST * (then > 1 ? then : 1))) {
        first = n;
        usual = then;
        break;
      }
    }
    run.restore(good);
    divergence =
        new Divergence(step, burstLoss, before, first, spread(burst.get(first)), usual, goodStep);
    history.backTo(goodStep);
    statistics = goodStatistics;
    lastLoss = goodLoss;
    if (measuredAt > goodStep) {
      measuredAt = -1; // to be measured again
    }
  }

  private static double spread(LayerStatistics layer) {
    return Math.abs(layer.mean()) + layer.deviation();
  }

  /**
   * Goes on with other settings.
   *
   * @throws IllegalArgumentException if they make another run
   */
  void change(Setup other) {
    if (!setup.allows(other)) {
      throw new IllegalArgumentException(
          "These settings make another run: data, network, first weights, seed, optimizer and batch"
              + " are fixed once a run has begun. Start anew with them.");
    }
    byte[] state = run.save();
    setup = other;
    run = run();
    run.restore(state);
    good = state;
    goodStep = run.step();
    divergence = null;
    history.changed(run.step());
  }

  // ---- saving

  /** The state, as {@link Run#save} gives it. */
  byte[] state() {
    return run.save();
  }

  /** Takes a saved run up. */
  void resume(byte[] state, History curves) {
    run.restore(state);
    history = curves;
    good = state;
    goodStep = run.step();
    double[] losses = curves.losses();
    lastLoss = losses.length > 0 ? losses[losses.length - 1] : Double.NaN;
    goodLoss = lastLoss;
    firstLoss = losses.length > 0 ? losses[0] : Double.NaN;
    measuredAt = -1;
    counting = null;
  }

  /** Notes on what the reader may not expect. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    int wanted = setup.values().integer("batch");
    if (wanted > data.training()) {
      notes.add(
          "A batch of "
              + Num.count(wanted)
              + " is more than the "
              + Num.count(data.training())
              + " images for training: every step takes all of them.");
    }
    if (flat) {
      notes.add("All pixels of the images are equal: there is nothing in them to learn from.");
    }
    return notes;
  }

  @Override
  public String toString() {
    return "Session of " + engine.name();
  }
}
