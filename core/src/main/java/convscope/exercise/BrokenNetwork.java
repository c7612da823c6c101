package convscope.exercise;

import convscope.autodiff.Tape;
import convscope.autodiff.Var;
import convscope.diagnose.ActivationStatistics;
import convscope.diagnose.Batch;
import convscope.diagnose.Evaluation;
import convscope.diagnose.LayerGradients;
import convscope.diagnose.Model;
import convscope.diagnose.Training;
import convscope.net.Conv;
import convscope.net.Elementwise;
import convscope.net.Flatten;
import convscope.net.GlobalAveragePool;
import convscope.net.Layer;
import convscope.net.Linear;
import convscope.net.ShapeTrace;
import convscope.op.ClassLabels;
import convscope.op.Conv2d;
import convscope.op.Unary;
import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import convscope.train.Sgd;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A small network for three textures (stripes across, stripes down, checkers), broken in one place,
 * and what the checks find when they are really run on it.
 *
 * @param where the index among {@link #NAMES} of the layer with the bug; the last for a bug that is
 *     in none
 * @param rate the learning rate
 * @param steps of the one-batch overfit
 * @param epochs of the training before the train/eval gap is looked at
 */
record BrokenNetwork(Fault fault, int where, double rate, int steps, int epochs) {
  /** Layers with weights, and where else a bug may be. */
  static final List<String> NAMES = List.of("conv1", "conv2", "linear", "");

  static final int NOWHERE = 3;
  static final int IMAGES = 12; // to train on, and as many held out
  static final int BATCH = 4;
  static final int CLASSES = 3;

  private static final List<Integer> PLACES = List.of(0, 3, 8); // of NAMES among the layers
  private static final int CHANNELS = 4;
  private static final int SIDE = 6;
  private static final int SMALL = 4; // images for the gradient check, whose numbers are many
  private static final float NOISE = 0.3f;
  private static final double RATE = 0.3; // a good one
  private static final float DEADLY = -6; // a bias that hardly any window outweighs
  private static final double DROPPED = 0.2;

  /**
   * What the checks found; all but the trace is missing where the shapes do not fit, and the
   * evaluations where one batch cannot be learned.
   *
   * @param again the held-out images a second time
   */
  record Findings(
      ShapeTrace trace,
      List<ActivationStatistics> activations,
      List<LayerGradients> gradients,
      @Nullable Training overfit,
      double repeated,
      double perfect,
      @Nullable Evaluation trained,
      @Nullable Evaluation heldOut,
      @Nullable Evaluation again) {

    /** The first layer of {@link #NAMES} that cannot take what it gets; −1 if all can. */
    int bad() {
      return trace.problem() == null ? -1 : PLACES.indexOf(trace.good());
    }

    /** By how much the first step moved each layer of {@link #NAMES}, as a share. */
    double[] moved() {
      double[] all = overfit == null ? new double[trace.layers().size()] : overfit.moved();
      return PLACES.stream().mapToDouble(place -> all[place]).toArray();
    }

    /** Whether all units after a layer of {@link #NAMES} are dead. */
    boolean dead(int name) {
      return name < activations.size()
          && activations.get(name).dead() == activations.get(name).units();
    }

    @Override
    public String toString() {
      return "Findings: " + activations + ", " + gradients + ", " + heldOut;
    }

    /** Whether the network could learn one batch. */
    boolean learned() {
      return overfit != null && BrokenNetwork.learned(overfit);
    }
  }

  /** One with this bug in a place where it can be. */
  static BrokenNetwork of(Fault fault, Rng random) {
    int where =
        !fault.local() ? NOWHERE : random.nextInt(fault == Fault.DEAD ? 2 : NAMES.size() - 1);
    double rate = RATE;
    for (int tens = fault == Fault.RATE ? 2 + random.nextInt(5) : 0; tens > 0; tens--) {
      rate *= 10;
    }
    return new BrokenNetwork(fault, where, rate, 25 + 5 * random.nextInt(6), 6 + random.nextInt(9));
  }

  /** How many numbers the gradient check moves where the shapes fit: inputs, weights and biases. */
  static int numbers() {
    BrokenNetwork sound = new BrokenNetwork(Fault.MODE, NOWHERE, RATE, 1, 1);
    ShapeTrace trace =
        ShapeTrace.of(sound.layers(Elementwise.DROPOUT), Shape.of(1, 1, SMALL, SMALL));
    int count = 0;
    for (int place : PLACES) {
      Shape x = trace.input(place);
      List<Shape> tensors = trace.layers().get(place).parameters(x);
      count += x.size() + tensors.stream().mapToInt(Shape::size).sum();
    }
    return count;
  }

  /** The loss below which a softmax before the loss holds even a perfect answer. */
  static double floor() {
    BrokenNetwork twice = new BrokenNetwork(Fault.SOFTMAX, NOWHERE, RATE, 1, 1);
    return Training.ofPerfectScores(twice::loss, CLASSES);
  }

  /** Runs the checks. */
  Findings findings(Rng random) {
    Shape input = Shape.of(BATCH, 1, SIDE, SIDE);
    ShapeTrace trace = ShapeTrace.of(layers(Elementwise.DROPOUT), input);
    if (trace.problem() != null) {
      return new Findings(trace, List.of(), List.of(), null, 0, 0, null, null, null);
    }
    List<Layer> fixed = layers(Elementwise.DROPOUT);
    List<Layer> dropping = layers(new Dropping(random.split()));
    Model model = Model.of(fixed, input, random);
    if (fault == Fault.DEAD) {
      Arrays.fill(model.parameters().get(PLACES.get(where)).get(1).data(), DEADLY);
    }
    Batch train = images(random, SIDE, fault == Fault.LABELS ? 1 : 0);
    Batch held = images(random, SIDE, 0);
    List<ActivationStatistics> activations = ActivationStatistics.of(model, train.x());
    List<LayerGradients> gradients =
        LayerGradients.of(model, images(random, SMALL, 0).slice(0, 1).x());
    List<Batch> one = List.of(train.slice(0, BATCH));
    Training overfit = Training.run(model.copy(), one, steps, this::loss, update());
    Evaluation trained = null;
    Evaluation first = null;
    Evaluation again = null;
    if (learned(overfit)) { // else there is no gap worth looking at
      List<Batch> batches = List.of(one.get(0), train.slice(4, 8), train.slice(8, 12));
      Model learner = model.in(dropping).copy();
      Training.run(learner, batches, 3 * epochs, this::loss, update());
      Model judged = fault == Fault.MODE ? learner : learner.in(fixed);
      trained = Evaluation.of(judged.scores(train.x()), train.labels());
      first = Evaluation.of(judged.scores(held.x()), held.labels());
      again = Evaluation.of(judged.scores(held.x()), held.labels());
    }
    return new Findings(
        trace,
        activations,
        gradients,
        overfit,
        PLACES.stream().mapToDouble(p -> Training.repeated(update(), p)).max().orElse(0),
        Training.ofPerfectScores(this::loss, CLASSES),
        trained,
        first,
        again);
  }

  @Override
  public String toString() {
    return "BrokenNetwork: " + fault + " " + NAMES.get(where);
  }

  /** Whether a batch was learned: the loss fell to less than 30 % of what it was. */
  private static boolean learned(Training overfit) {
    double[] losses = overfit.losses();
    return losses[losses.length - 1] < 0.3 * losses[0];
  }

  private List<Layer> layers(Layer dropout) {
    boolean misfit = fault == Fault.FEATURES;
    int maps = misfit && where == 1 ? CHANNELS - 1 : CHANNELS;
    int features = misfit && where == 2 ? CHANNELS * (SIDE / 2) * (SIDE / 2) : CHANNELS;
    return List.of(
        signed(0, conv(misfit && where == 0 ? CLASSES : 1)),
        Elementwise.RELU,
        Layer.maxPool(2, 2, 0),
        signed(1, conv(maps)),
        Elementwise.RELU,
        new GlobalAveragePool(),
        new Flatten(),
        dropout,
        signed(2, new Linear(features, CLASSES, true)));
  }

  private static Layer conv(int inChannels) {
    return new Conv(inChannels, CHANNELS, Conv2d.Spec.of(3, 3).padding(1), true);
  }

  private Layer signed(int name, Layer layer) {
    return fault == Fault.SIGN && where == name ? new WrongSign(layer) : layer;
  }

  private Var loss(Var scores, int[] labels) {
    Var given = fault == Fault.SOFTMAX ? scores.softmax(1) : scores;
    return given.crossEntropy(labels, ClassLabels.MEAN);
  }

  /** Gradient descent, as whoever wrote this network has it. */
  private Training.Update update() {
    Sgd sgd = new Sgd(rate);
    Map<Tensor, Tensor> sums = new IdentityHashMap<>();
    return (layer, tensor, gradient) -> {
      Tensor used = gradient;
      if (fault == Fault.LEFTOVER) {
        used = sums.computeIfAbsent(tensor, t -> Tensor.zeros(t.shape()));
        for (int i = 0; i < used.size(); i++) {
          used.data()[i] += gradient.data()[i];
        }
      }
      if (fault != Fault.FROZEN || layer != PLACES.get(where)) {
        sgd.step(tensor, used);
      }
    };
  }

  /** Images of each class in turn, ±1 and noise. */
  private static Batch images(Rng random, int side, int shift) {
    Tensor x = Tensor.zeros(IMAGES, 1, side, side);
    int[] labels = new int[IMAGES];
    for (int n = 0; n < IMAGES; n++) {
      int texture = n % CLASSES;
      int phase = random.nextInt(2);
      labels[n] = (texture + shift) % CLASSES;
      for (int i = 0; i < side; i++) {
        for (int j = 0; j < side; j++) {
          int place = phase + (texture == 0 ? i : texture == 1 ? j : i + j);
          x.set(2 * (place % 2) - 1 + NOISE * (float) random.nextGaussian(), n, 0, i, j);
        }
      }
    }
    return new Batch(x, labels);
  }

  /** Dropout that drops, others at each run. */
  private record Dropping(Rng random) implements Layer {
    @Override
    public String name() {
      return "Dropout";
    }

    @Override
    public @Nullable String problem(Shape x) {
      return null;
    }

    @Override
    public Shape output(Shape x) {
      return x;
    }

    @Override
    public Var run(Var x, List<Var> parameters) {
      return x.dropout(DROPPED, random.nextLong());
    }
  }

  /** A layer whose weight gets the gradient of the opposite sign. */
  private record WrongSign(Layer layer) implements Layer {
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
    public Var run(Var x, List<Var> parameters) {
      Var weight = parameters.get(0);
      Var wrong =
          x.tape()
              .record("Identity", weight.value(), Tape.edge(weight, dy -> Unary.NEG.forward(dy)));
      return layer.run(x, List.of(wrong, parameters.get(1)));
    }
  }
}
