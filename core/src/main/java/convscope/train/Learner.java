package convscope.train;

import convscope.engine.Engine;
import convscope.net.Model;
import convscope.net.Pass;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.List;

/**
 * A model laid out in an engine's memory, which goes forward and backward on batches: the loss and
 * its gradient by every parameter. What it lays out is reused from step to step, so memory stays as
 * it is after the first one. The engine's memory above it must be given back in reverse order, as
 * {@link Engine} says.
 */
public final class Learner {
  /** Numbers to learn at most: an optimizer keeps up to 24 bytes for each beside them. */
  private static final int LEARNABLE = 1 << 24;

  private final Engine engine;
  private final Model model;
  private final int most;
  private final int mark;
  private final int parameters; // addresses
  private final int gradients;
  private final int images;
  private final int[] spare = new int[2]; // for gradients of activations
  private final List<Stage> stages;
  private final Tensor gradient;

  /** Lays the model out for speed: layers that can be done in one go are. */
  public Learner(Engine engine, Model model, int most) {
    this(engine, model, most, true);
  }

  /**
   * Lays the model out.
   *
   * @param most images of a batch at most
   * @param fused whether layers may be done in one go; else each has an output to look at
   * @throws IllegalArgumentException if there are too many numbers to learn, or the engine's memory
   *     does not suffice
   */
  public Learner(Engine engine, Model model, int most, boolean fused) {
    this.engine = engine;
    this.model = model;
    this.most = most;
    if (most < 1) {
      throw new IllegalArgumentException("Learner: batches of " + most + "; use 1 or more");
    }
    if (model.parameters().size() > LEARNABLE) {
      throw new IllegalArgumentException(
          "Learner: "
              + model.parameters().size() / 1_000_000
              + " million numbers to learn, more than "
              + LEARNABLE / 1_000_000
              + " million; use fewer channels or features, or pool before the linear layer");
    }
    mark = engine.mark();
    try {
      int numbers = model.parameters().size();
      parameters = engine.allocate(numbers);
      gradients = engine.allocate(numbers);
      images = engine.allocate((long) most * model.image().size());
      stages = new Stages(engine, model, parameters, gradients, fused).all();
      int at = images;
      int largest = model.image().size();
      for (Stage stage : stages) {
        stage.x = at;
        stage.layOut(most);
        at = stage.y;
        largest = Math.max(largest, stage.largest());
      }
      for (int i = 0; i < spare.length; i++) {
        spare[i] = engine.allocate((long) most * largest);
      }
    } catch (IllegalArgumentException | IllegalStateException e) {
      engine.release(mark);
      throw e;
    }
    gradient = Tensor.zeros(model.parameters().shape());
    upload();
  }

  public Model model() {
    return model;
  }

  /** Images of a batch at most. */
  public int most() {
    return most;
  }

  /** Gives its memory back. */
  public void release() {
    engine.release(mark);
  }

  /** Takes over the model's parameters after they were changed. */
  public void upload() {
    float[] values = model.parameters().data();
    engine.kernels().write(parameters, values, 0, values.length);
  }

  /** {@code ∂L/∂parameters} of the last {@link #loss}, in the model's order; it is reused. */
  public Tensor gradient() {
    return gradient;
  }

  /** What the network gives for a batch, (count, …). */
  public Tensor scores(float[] batch, int count, Pass pass) {
    if (count < 1 || count > most) {
      throw new IllegalArgumentException(
          "Learner: " + count + " images, laid out for batches of 1 to " + most);
    }
    engine.kernels().write(images, batch, 0, count * model.image().size());
    for (Stage stage : stages) {
      stage.forward(count, pass);
    }
    Shape shape = model.output().with(0, count);
    Tensor scores = Tensor.zeros(shape);
    engine.get(stages.get(stages.size() - 1).y, scores.data(), 0, scores.size());
    return scores;
  }

  /**
   * Forward and backward: afterwards {@link #gradient} holds the gradient.
   *
   * @param batch (count, C, H, W)
   */
  public Outcome loss(float[] batch, int count, Target target, Pass pass) {
    Tensor scores = scores(batch, count, pass);
    Loss.Value value = target.of(scores);
    int dy = spare[0];
    engine.kernels().write(dy, value.gradient().data(), 0, scores.size());
    for (int i = stages.size() - 1; i >= 0; i--) {
      int free = dy == spare[0] ? spare[1] : spare[0];
      dy = stages.get(i).backward(count, dy, free, i > 0);
    }
    engine.get(gradients, gradient.data(), 0, gradient.size());
    return new Outcome(value.loss(), scores);
  }

  /** How many parts of the network have outputs of their own; fused layers are one. */
  public int stages() {
    return stages.size();
  }

  /** The network's nodes that a part does: the first of them and the one after the last. */
  public int[] nodes(int stage) {
    int first = 0;
    for (int i = 0; i < stage; i++) {
      first += stages.get(i).layers;
    }
    return new int[] {first, first + stages.get(stage).layers};
  }

  /** What a part gave for the first images of the last batch, (count, …). */
  public Tensor output(int stage, int count) {
    Tensor output = Tensor.zeros(model.input(nodes(stage)[1]).with(0, count));
    engine.get(stages.get(stage).y, output.data(), 0, output.size());
    return output;
  }

  /** What scores are compared with. */
  public interface Target {
    Loss.Value of(Tensor scores);
  }

  /**
   * What a step saw.
   *
   * @param scores (count, classes), before the step
   */
  public record Outcome(double loss, Tensor scores) {
    @Override
    public String toString() {
      return "Outcome";
    }
  }
}
