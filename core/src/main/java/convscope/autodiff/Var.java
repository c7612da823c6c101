package convscope.autodiff;

import convscope.autodiff.Tape.Edge;
import convscope.op.Binary;
import convscope.op.Broadcast;
import convscope.op.ClassLabels;
import convscope.op.Conv2d;
import convscope.op.CrossEntropy;
import convscope.op.ElementLoss;
import convscope.op.GemmOp;
import convscope.op.Linear;
import convscope.op.LogSoftmax;
import convscope.op.MatMul;
import convscope.op.NegativeLogLikelihood;
import convscope.op.PRelu;
import convscope.op.Reduction;
import convscope.op.Softmax;
import convscope.op.Unary;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A tensor on a {@link Tape}, with the gradient that backward leaves on it. Every operator with a
 * backward is a method here: its forward, and one edge per operand. Shapes, formulas and errors are
 * the operator's own.
 */
public final class Var {
  private final Tape tape;
  private final String name; // what made it: an operation, or a variable's own name in quotes
  private final Tensor value;
  private final int index; // place on the tape
  private final boolean differentiable; // depends on a variable
  private final long fingerprint; // of an output's elements when it was made
  private List<Edge> edges; // none for variables and constants
  private boolean consumed;
  private @Nullable Tensor gradient;

  Var(Tape tape, String name, Tensor value, int index, boolean differentiable, List<Edge> edges) {
    this.tape = tape;
    this.name = name;
    this.value = value;
    this.index = index;
    this.differentiable = differentiable;
    this.edges = edges;
    this.fingerprint = edges.isEmpty() ? 0 : Tape.fingerprint(value);
  }

  public Tensor value() {
    return value;
  }

  public Shape shape() {
    return value.shape();
  }

  public Tape tape() {
    return tape;
  }

  /**
   * {@code ∂L/∂this}, summed over every backward of the tape so far; zeros where no loss depends on
   * it. The tensor is this Var's own.
   */
  public Tensor gradient() {
    if (!differentiable) {
      throw new IllegalStateException(
          "Var: " + this + " has no gradient; make it, or what it is computed from, a variable");
    }
    if (!tape.hasGoneBackward()) {
      throw new IllegalStateException(
          "Var: " + this + " has no gradient yet; call backward on the loss first");
    }
    Tensor sum = gradient == null ? Tensor.zeros(shape()) : gradient;
    gradient = sum;
    return sum;
  }

  /** Backward from this loss, a single element: its gradient with respect to itself is 1. */
  public void backward() {
    if (value.size() != 1) {
      throw new IllegalArgumentException(
          "Tape: backward from "
              + this
              + ", which has "
              + value.size()
              + " elements; reduce it to one, or give backward the gradient of each");
    }
    Tensor one = Tensor.zeros(shape());
    one.data()[0] = 1;
    tape.backward(this, one);
  }

  /** Backward with an upstream gradient {@code seed = ∂L/∂this}, of this shape. */
  public void backward(Tensor seed) {
    tape.backward(this, seed);
  }

  /** {@code Conv2d 1×2×3×3}: what made it, and its shape. */
  @Override
  public String toString() {
    return name + " " + shape();
  }

  int index() {
    return index;
  }

  boolean differentiable() {
    return differentiable;
  }

  List<Edge> edges() {
    return edges;
  }

  /** Of the elements as they were made; of variables and constants, as they are now. */
  long fingerprint() {
    return isLeaf() ? Tape.fingerprint(value) : fingerprint;
  }

  boolean changed() {
    return !isLeaf() && fingerprint != Tape.fingerprint(value);
  }

  boolean consumed() {
    return consumed;
  }

  /** Lets go of what backward kept alive. */
  void consume() {
    consumed = !isLeaf();
    edges = List.of();
  }

  private boolean isLeaf() {
    return edges.isEmpty() && !consumed;
  }

  /** Adds to the gradient, whose tensor is never one that was handed in. */
  void accumulate(Tensor arriving) {
    if (gradient == null) {
      gradient = arriving.copy();
      return;
    }
    for (int i = 0; i < arriving.size(); i++) {
      gradient.data()[i] += arriving.data()[i];
    }
  }

  // Convolutions

  public Var conv2d(Var weight, @Nullable Var bias, Conv2d.Spec spec) {
    return tape.record(
        "Conv2d",
        Conv2d.forward(value, weight.value, value(bias), spec),
        Tape.edge(this, dy -> Conv2d.inputGradient(dy, weight.value, shape(), spec)),
        Tape.edge(weight, dy -> Conv2d.weightGradient(dy, value, weight.shape(), spec)),
        Tape.edge(bias, dy -> Conv2d.biasGradient(dy)));
  }

  // Matrix products

  public Var linear(Var weight, @Nullable Var bias) {
    Joint<Linear.Gradients> all = joint(dy -> Linear.backward(dy, value, weight.value));
    return tape.record(
        "Linear",
        Linear.forward(value, weight.value, value(bias)),
        Tape.edge(this, dy -> all.of(dy).dx()),
        Tape.edge(weight, dy -> all.of(dy).dWeight()),
        Tape.edge(bias, dy -> all.of(dy).dBias()));
  }

  public Var matMul(Var b) {
    Joint<MatMul.Gradients> both = joint(dy -> MatMul.backward(dy, value, b.value));
    return tape.record(
        "MatMul",
        MatMul.forward(value, b.value),
        Tape.edge(this, dy -> both.of(dy).da()),
        Tape.edge(b, dy -> both.of(dy).db()));
  }

  /** {@code alpha · this · b + beta · c}. */
  public Var gemm(Var b, @Nullable Var c, GemmOp.Spec spec) {
    Shape cShape = c == null ? null : c.shape();
    Joint<GemmOp.Gradients> all = joint(dy -> GemmOp.backward(dy, value, b.value, cShape, spec));
    return tape.record(
        "Gemm",
        GemmOp.forward(value, b.value, value(c), spec),
        Tape.edge(this, dy -> all.of(dy).da()),
        Tape.edge(b, dy -> all.of(dy).db()),
        Tape.edge(c, dy -> Objects.requireNonNull(all.of(dy).dc())));
  }

  // Element by element

  public Var relu() {
    return apply(Unary.RELU);
  }

  /** Any function of one element: {@code x.apply(Unary.GELU)}. */
  public Var apply(Unary function) {
    return tape.record(
        function.name(),
        function.forward(value),
        Tape.edge(this, dy -> function.backward(dy, value)));
  }

  public Var plus(Var b) {
    return apply(Binary.ADD, b);
  }

  public Var times(Var b) {
    return apply(Binary.MUL, b);
  }

  /** Any function of two elements, with broadcasting: {@code a.apply(Binary.DIV, b)}. */
  public Var apply(Binary function, Var b) {
    Joint<Binary.Gradients> both = joint(dy -> function.backward(dy, value, b.value));
    return tape.record(
        function.name(),
        function.forward(value, b.value),
        Tape.edge(this, dy -> both.of(dy).da()),
        Tape.edge(b, dy -> both.of(dy).db()));
  }

  public Var prelu(Var slope) {
    Joint<PRelu.Gradients> both = joint(dy -> PRelu.backward(dy, value, slope.value));
    return tape.record(
        "PReLU",
        PRelu.forward(value, slope.value),
        Tape.edge(this, dy -> both.of(dy).dx()),
        Tape.edge(slope, dy -> both.of(dy).dSlope()));
  }

  public Var broadcast(Shape to) {
    return tape.record(
        "Broadcast",
        Broadcast.forward(value, to),
        Tape.edge(this, dy -> Broadcast.backward(dy, shape())));
  }

  // Softmax and losses

  public Var softmax(int axis) {
    Tensor y = Softmax.forward(value, axis);
    return tape.record("Softmax", y, Tape.edge(this, dy -> Softmax.backward(dy, y, axis)));
  }

  public Var logSoftmax(int axis) {
    Tensor y = LogSoftmax.forward(value, axis);
    return tape.record("LogSoftmax", y, Tape.edge(this, dy -> LogSoftmax.backward(dy, y, axis)));
  }

  public Var crossEntropy(int[] labels, ClassLabels spec) {
    return tape.record(
        "CrossEntropy",
        CrossEntropy.forward(value, labels, spec),
        Tape.edge(this, dLoss -> CrossEntropy.backward(dLoss, value, labels, spec)));
  }

  public Var negativeLogLikelihood(int[] labels, ClassLabels spec) {
    return tape.record(
        "NegativeLogLikelihood",
        NegativeLogLikelihood.forward(value, labels, spec),
        Tape.edge(this, dLoss -> NegativeLogLikelihood.backward(dLoss, value, labels, spec)));
  }

  /** A loss between elements: {@code x.loss(ElementLoss.MSE, target, Reduction.MEAN)}. */
  public Var loss(ElementLoss loss, Var target, Reduction reduction) {
    Joint<ElementLoss.Gradients> both =
        joint(dLoss -> loss.backward(dLoss, value, target.value, reduction));
    return tape.record(
        loss.name(),
        loss.forward(value, target.value, reduction),
        Tape.edge(this, dLoss -> both.of(dLoss).dx()),
        Tape.edge(target, dLoss -> both.of(dLoss).dTarget()));
  }

  private static @Nullable Tensor value(@Nullable Var operand) {
    return operand == null ? null : operand.value;
  }

  /** A backward that gives the gradients of all operands at once: it runs for the first edge. */
  private static final class Joint<G> {
    private final Function<Tensor, G> backward;
    private @Nullable G result;

    Joint(Function<Tensor, G> backward) {
      this.backward = backward;
    }

    G of(Tensor dy) {
      G known = result == null ? backward.apply(dy) : result;
      result = known;
      return known;
    }
  }

  private static <G> Joint<G> joint(Function<Tensor, G> backward) {
    return new Joint<>(backward);
  }
}
