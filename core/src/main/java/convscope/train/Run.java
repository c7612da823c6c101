package convscope.train;

import convscope.data.DataSet;
import convscope.net.Model;
import convscope.net.Pass;
import convscope.num.Num;
import convscope.tensor.Tensor;
import java.util.function.DoubleSupplier;

/**
 * A training run: it advances for a while when asked, and stops when it is not asked again. What it
 * does follows from settings, data and the number of workers alone.
 *
 * <p>Alone: {@link #advance}. With others that each hold a run of the same settings: for every step
 * each computes its {@link #part}, all parts go to all, and each applies them with {@link #apply}
 * in the same order. Then all models stay the same to the bit.
 *
 * <p>Between steps it can be saved and taken up again, {@link #save} and {@link #restore}.
 */
public final class Run {
  /**
   * What a run is made of, beside model and data.
   *
   * @param batch images of a step; at most those for training
   * @param optimizer of its own: what it remembers belongs to this run
   * @param rate the learning rate that the schedule multiplies
   * @param seed of the order, the augmentation and dropout
   * @param shuffled whether each epoch has an order of its own, else the data's
   * @param mean what is subtracted from pixels, see {@link DataSet#moments}
   * @param deviation what they are then divided by
   */
  public record Settings(
      int batch,
      Optimizer optimizer,
      double rate,
      Schedule schedule,
      Clip clip,
      Loss loss,
      Augmentation augmentation,
      long seed,
      boolean shuffled,
      double mean,
      double deviation) {
    public Settings {
      if (batch < 1) {
        throw new IllegalArgumentException("Run: batches of " + batch + "; use 1 or more");
      }
      if (!(rate >= 0) || rate == Double.POSITIVE_INFINITY) {
        throw new IllegalArgumentException(
            "Run: learning rate " + Num.plain(rate, 9) + "; use a finite number, 0 or more");
      }
      if (!(deviation > 0)) {
        throw new IllegalArgumentException(
            "Run: deviation " + Num.plain(deviation, 9) + " of the pixels; use more than 0");
      }
    }

    /** Constant rate, cross-entropy, shuffled, nothing clipped or varied. */
    public static Settings of(int batch, Optimizer optimizer, double rate, long seed) {
      return new Settings(
          batch,
          optimizer,
          rate,
          Schedule.CONSTANT,
          Clip.NONE,
          Loss.CROSS_ENTROPY,
          Augmentation.NONE,
          seed,
          true,
          0,
          1);
    }

    public Settings schedule(Schedule other) {
      return new Settings(
          batch, optimizer, rate, other, clip, loss, augmentation, seed, shuffled, mean, deviation);
    }

    public Settings clip(Clip other) {
      return new Settings(
          batch,
          optimizer,
          rate,
          schedule,
          other,
          loss,
          augmentation,
          seed,
          shuffled,
          mean,
          deviation);
    }

    public Settings loss(Loss other) {
      return new Settings(
          batch,
          optimizer,
          rate,
          schedule,
          clip,
          other,
          augmentation,
          seed,
          shuffled,
          mean,
          deviation);
    }

    public Settings augmentation(Augmentation other) {
      return new Settings(
          batch, optimizer, rate, schedule, clip, loss, other, seed, shuffled, mean, deviation);
    }

    /** The data's own order in every epoch. */
    public Settings inOrder() {
      return new Settings(
          batch, optimizer, rate, schedule, clip, loss, augmentation, seed, false, mean, deviation);
    }

    public Settings normalized(double subtracted, double divisor) {
      return new Settings(
          batch,
          optimizer,
          rate,
          schedule,
          clip,
          loss,
          augmentation,
          seed,
          shuffled,
          subtracted,
          divisor);
    }

    @Override
    public String toString() {
      return "Settings";
    }
  }

  /**
   * How far a run is.
   *
   * @param step steps done
   * @param epochs epochs done, with a fraction
   * @param loss mean over the images since the last call
   * @param accuracy share of right answers among them, before each step
   * @param images how many these are
   * @param gradient length of the last gradient, before clipping
   * @param diverged whether the loss was beyond 10,000 or no number: the run goes no further
   */
  public record Progress(
      int step,
      double epochs,
      double loss,
      double accuracy,
      int images,
      double gradient,
      boolean diverged) {
    @Override
    public String toString() {
      return "step " + step;
    }
  }

  private static final double DIVERGED = 1e4; // a loss that no sound run has
  private static final int TAIL = 2; // loss and right answers, behind gradient and statistics
  private static final int MAGIC = 0x43565231; // of saved runs

  private final Learner learner;
  private final Model model;
  private final DataSet data;
  private final Settings settings;
  private final Batches batches;
  private final int worker;
  private final int workers;
  private int step;
  private boolean diverged;
  private double loss; // sums since the last progress
  private double right;
  private int images;
  private double norm;

  /** A run of one worker. */
  public Run(Learner learner, DataSet data, Settings settings) {
    this(learner, data, settings, 0, 1);
  }

  /**
   * One worker's side of a run that several share.
   *
   * @param worker which one this is, from 0
   * @param workers how many there are
   */
  public Run(Learner learner, DataSet data, Settings settings, int worker, int workers) {
    this.learner = learner;
    this.data = data;
    this.settings = settings;
    this.worker = worker;
    this.workers = workers;
    model = learner.model();
    batches = new Batches(data, settings);
    if (worker < 0 || worker >= workers) {
      throw new IllegalArgumentException(
          "Run: worker " + worker + " of " + workers + "; use 0 to " + (workers - 1));
    }
    int share = (batches.most() + workers - 1) / workers;
    if (learner.most() < share) {
      throw new IllegalArgumentException(
          "Run: parts of "
              + share
              + " images for a learner that is laid out for "
              + learner.most()
              + "; lay it out for "
              + share);
    }
    if (model.image().size() != data.size() || model.image().dim(0) != data.channels()) {
      throw new IllegalArgumentException(
          "Run: a network for images of "
              + model.image()
              + ", the data's are "
              + data.channels()
              + "×"
              + data.height()
              + "×"
              + data.width()
              + "; give the network's first layer "
              + data.channels()
              + " input channels");
    }
    if (model.output().rank() != 2 || model.output().dim(1) < data.classes().size()) {
      throw new IllegalArgumentException(
          "Run: the network gives "
              + model.output()
              + " for an image, the data has "
              + data.classes().size()
              + " classes; end with Flatten and Linear(…, "
              + data.classes().size()
              + ")");
    }
  }

  public Learner learner() {
    return learner;
  }

  /** Steps done. */
  public int step() {
    return step;
  }

  /** Steps of an epoch. */
  public int stepsPerEpoch() {
    return batches.steps();
  }

  public boolean diverged() {
    return diverged;
  }

  // ---- alone

  /**
   * Steps until the time is over, at least one.
   *
   * @param milliseconds 50 or less, so that whoever asked can do something else
   * @param clock milliseconds since some moment
   * @param limit the step at which to stop in any case
   */
  public Progress advance(double milliseconds, DoubleSupplier clock, int limit) {
    double start = clock.getAsDouble();
    while (step < limit && !diverged) {
      apply(new float[][] {part()});
      if (clock.getAsDouble() - start >= milliseconds) {
        break;
      }
    }
    return progress();
  }

  /** What happened since the last call. */
  public Progress progress() {
    Progress progress =
        new Progress(
            step,
            (double) step / batches.steps(),
            loss / images,
            right / images,
            images,
            norm,
            diverged);
    loss = 0;
    right = 0;
    images = 0;
    return progress;
  }

  // ---- shared

  /** How long a {@link #part} is. */
  public int partLength() {
    return model.parameters().size() + model.buffers().size() + TAIL;
  }

  /**
   * This worker's part of the next step: gradient, running statistics, loss and right answers, each
   * times the share of the batch that it saw, so that parts only have to be added.
   */
  public float[] part() {
    int count = batches.count(step);
    int first = (int) ((long) count * worker / workers);
    int end = (int) ((long) count * (worker + 1) / workers);
    float[] part = new float[partLength()];
    if (end == first) {
      return part;
    }
    double share = (double) (end - first) / count;
    Batches.Batch batch = batches.part(step, first, end);
    Pass pass = new Pass(true, batches.random(step, -3, worker));
    Learner.Outcome outcome =
        learner.loss(
            batch.images(),
            end - first,
            scores ->
                batch.weight() == 1
                    ? settings.loss().of(scores, batch.labels(), share)
                    : settings
                        .loss()
                        .of(scores, batch.labels(), batch.others(), batch.weight(), share),
            pass);
    int at = model.parameters().size();
    System.arraycopy(learner.gradient().data(), 0, part, 0, at);
    for (float statistic : model.buffers().data()) {
      part[at++] = (float) (share * statistic);
    }
    part[at] = (float) (share * outcome.loss());
    part[at + 1] = (float) right(outcome.scores(), batch.labels()) / count;
    return part;
  }

  private static int right(Tensor scores, int[] labels) {
    int classes = scores.dim(1);
    int right = 0;
    for (int n = 0; n < labels.length; n++) {
      int best = 0;
      for (int c = 1; c < classes; c++) {
        best = scores.data()[n * classes + c] > scores.data()[n * classes + best] ? c : best;
      }
      right += best == labels[n] ? 1 : 0;
    }
    return right;
  }

  /**
   * The step itself, from the parts of all workers in their order; gives the batch's loss. A loss
   * beyond all measure, or that is no number, leaves the parameters and ends the run.
   */
  public double apply(float[][] parts) {
    Tensor gradient = learner.gradient();
    float[] sum = parts[0];
    for (int p = 1; p < parts.length; p++) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += parts[p][i];
      }
    }
    int at = gradient.size();
    System.arraycopy(sum, 0, gradient.data(), 0, at);
    if (workers > 1) {
      System.arraycopy(sum, at, model.buffers().data(), 0, model.buffers().size());
    }
    at += model.buffers().size();
    int count = batches.count(step);
    double mean = sum[at];
    norm = settings.clip().apply(gradient);
    if (!(Math.abs(mean) < DIVERGED) || !(norm < Double.POSITIVE_INFINITY)) {
      diverged = true;
      return mean;
    }
    settings.optimizer().learningRate(settings.rate() * settings.schedule().at(step));
    settings.optimizer().step(model.parameters(), gradient);
    learner.upload();
    step++;
    loss += mean * count;
    right += (double) sum[at + 1] * count;
    images += count;
    return mean;
  }

  // ---- evaluation

  /**
   * Counts a few more images.
   *
   * @param metrics what counts them
   * @param first the first image
   * @param end the one after the last; at most as many as the learner takes are counted
   * @return the image to go on with
   */
  public int evaluate(Metrics metrics, int first, int end) {
    int count = Math.min(end - first, learner.most());
    float[] input = new float[count * data.size()];
    int[] numbers = new int[count];
    int[] labels = new int[count];
    for (int n = 0; n < count; n++) {
      numbers[n] = first + n;
      labels[n] = data.label(first + n);
      data.copy(first + n, input, n * data.size());
    }
    batches.normalize(input);
    metrics.add(learner.scores(input, count, Pass.EVALUATION), numbers, labels);
    return first + count;
  }

  /** How the model does on the images that are held out. */
  public Metrics heldOut() {
    Metrics metrics = new Metrics(model.output().dim(1));
    for (int at = data.training(); at < data.count(); ) {
      at = evaluate(metrics, at, data.count());
    }
    return metrics;
  }

  // ---- saving

  /** Everything that the next step depends on, beside the settings and the data. */
  public byte[] save() {
    double[] memory = settings.optimizer().state(model.parameters());
    int floats = model.parameters().size() + model.buffers().size();
    Packed out = new Packed(new byte[16 + 4 * floats + 8 * memory.length]);
    out.put(MAGIC);
    out.put(step);
    out.put(floats);
    out.put(memory.length);
    out.put(model.parameters().data());
    out.put(model.buffers().data());
    out.put(memory);
    return out.bytes();
  }

  /** Goes on from what {@link #save} gave, of a run of the same model, settings and data. */
  public void restore(byte[] saved) {
    Packed in = new Packed(saved);
    int floats = model.parameters().size() + model.buffers().size();
    double[] memory = settings.optimizer().state(model.parameters());
    boolean fits = saved.length == 16 + 4 * floats + 8 * memory.length && in.integer() == MAGIC;
    int at = fits ? in.integer() : 0;
    if (!fits || in.integer() != floats || in.integer() != memory.length) {
      throw new IllegalArgumentException(
          "Run: "
              + saved.length
              + " bytes that were not saved by a run of this network and optimizer; give the bytes"
              + " of one that was");
    }
    in.get(model.parameters().data());
    in.get(model.buffers().data());
    in.get(memory);
    settings.optimizer().restore(model.parameters(), memory);
    step = at;
    diverged = false;
    learner.upload();
    progress();
  }
}
