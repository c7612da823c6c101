package convscope.autodiff;

import convscope.autodiff.Tape.Edge;
import convscope.op.Conv2d;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.List;
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

  // Operators

  public Var conv2d(Var weight, @Nullable Var bias, Conv2d.Spec spec) {
    return tape.record(
        "Conv2d",
        Conv2d.forward(value, weight.value, value(bias), spec),
        Tape.edge(this, dy -> Conv2d.inputGradient(dy, weight.value, shape(), spec)),
        Tape.edge(weight, dy -> Conv2d.weightGradient(dy, value, weight.shape(), spec)),
        Tape.edge(bias, dy -> Conv2d.biasGradient(dy)));
  }

  private static @Nullable Tensor value(@Nullable Var operand) {
    return operand == null ? null : operand.value;
  }
}
