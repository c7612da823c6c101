package convscope.autodiff;

import convscope.linalg.Gemm;
import convscope.op.FastConv2d;
import convscope.op.GemmConv2d;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The record of a forward pass, in order, and its way back: reverse-mode differentiation
 * (Linnainmaa 1970). An operation is recorded with one {@link Edge} per operand, a function from
 * the gradient of its output to the gradient of that operand; {@code backward} walks the record
 * from its end and adds up what arrives:
 *
 * <pre>
 *   ∂L/∂operand += edge(∂L/∂output)      for every recorded operation, last one first
 * </pre>
 *
 * <pre>
 *   Tape tape = new Tape();
 *   Var w = tape.variable("w", weight);
 *   Var loss = tape.constant(x).conv2d(w, null, spec).relu().mean();
 *   loss.backward();
 *   w.gradient();                                          // ∂loss/∂w, of the shape of w
 * </pre>
 *
 * A graph is good for one {@code backward}; the gradients of several add up. A training step takes
 * a tape of its own.
 */
public final class Tape {
  private final List<Var> recorded = new ArrayList<>(); // operands before their results
  private final @Nullable FastConv2d conv2d;
  private final @Nullable Gemm gemm;
  private int backwards; // how often backward ran

  /** Operators are the direct versions, as figures show them. */
  public Tape() {
    conv2d = null;
    gemm = null;
  }

  /**
   * Convolutions, linear layers, matrix products and attention are products of {@code gemm}, as
   * training wants them; results differ in rounding.
   */
  public Tape(Gemm gemm) {
    this(new GemmConv2d(gemm), gemm);
  }

  /** The same with convolutions of their own. */
  public Tape(FastConv2d conv2d, Gemm gemm) {
    this.conv2d = conv2d;
    this.gemm = gemm;
  }

  /** The gradient of one operand, given the gradient {@code dy} of the output. */
  public interface Gradient {
    Tensor of(Tensor dy);
  }

  /** From the output of an operation back to one operand. */
  public static final class Edge {
    final Var operand;
    final Gradient gradient;
    final long fingerprint; // of the operand's elements when it was read

    Edge(Var operand, Gradient gradient) {
      this.operand = operand;
      this.gradient = gradient;
      this.fingerprint = operand.fingerprint();
    }
  }

  /** The edge to an operand, or null for an operand that is not there (a missing bias). */
  public static @Nullable Edge edge(@Nullable Var operand, Gradient gradient) {
    return operand == null ? null : new Edge(operand, gradient);
  }

  /** What backward differentiates by. Keeps {@code value} itself; {@code name} is for messages. */
  public Var variable(String name, Tensor value) {
    return add(new Var(this, "\"" + name + "\"", value, recorded.size(), true, List.of()));
  }

  /** What stays fixed: an input, a target. Costs no backward work. */
  public Var constant(Tensor value) {
    return add(new Var(this, "constant", value, recorded.size(), false, List.of()));
  }

  /**
   * The output of an operation as a Var. Every operator of {@link Var} is one call of this.
   *
   * @param operation its name, for messages
   * @param value what the operation's forward gave
   * @param edges one per operand, null for absent ones
   */
  public Var record(String operation, Tensor value, @Nullable Edge... edges) {
    List<Edge> present = new ArrayList<>();
    boolean differentiable = false;
    for (Edge edge : edges) {
      if (edge == null) {
        continue;
      }
      if (edge.operand.tape() != this) {
        throw new IllegalArgumentException(
            operation
                + ": operand "
                + edge.operand
                + " is on another tape; record it on the same one with variable(…) or constant(…)");
      }
      present.add(edge);
      differentiable |= edge.operand.differentiable();
    }
    return add(new Var(this, operation, value, recorded.size(), differentiable, present));
  }

  private Var add(Var made) {
    recorded.add(made);
    return made;
  }

  /** The fast convolution, or null for the direct one. */
  @Nullable FastConv2d conv2d() {
    return conv2d;
  }

  /** What multiplies matrices, or null for the direct operators. */
  @Nullable Gemm gemm() {
    return gemm;
  }

  boolean hasGoneBackward() {
    return backwards > 0;
  }

  /** All checks first, so that a refused backward leaves every gradient as it was. */
  void backward(Var from, Tensor seed) {
    if (!from.differentiable()) {
      throw new IllegalArgumentException(
          "Tape: backward from " + from + ", which depends on no variable; make one with variable");
    }
    if (!seed.shape().equals(from.shape())) {
      throw new IllegalArgumentException(
          "Tape: seed of shape "
              + seed.shape()
              + " for "
              + from
              + "; give the gradient ∂L/∂y, of the shape of the output");
    }
    boolean[] reached = new boolean[from.index() + 1];
    reached[from.index()] = true;
    for (int i = from.index(); i >= 0; i--) {
      if (reached[i]) {
        for (Edge edge : checked(recorded.get(i))) {
          reached[edge.operand.index()] |= edge.operand.differentiable();
        }
      }
    }
    backwards++;
    from.accumulate(seed);
    for (int i = from.index(); i >= 0; i--) {
      if (reached[i]) {
        Var output = recorded.get(i);
        for (Edge edge : output.edges()) {
          if (edge.operand.differentiable()) {
            edge.operand.accumulate(shaped(edge, edge.gradient.of(output.gradient()), output));
          }
        }
        output.consume();
      }
    }
  }

  /** The edges of an output whose graph is still there and whose tensors are still the same. */
  private static List<Edge> checked(Var output) {
    if (output.consumed()) {
      throw new IllegalStateException(
          "Tape: backward through "
              + output
              + " a second time, the first has consumed its graph; run the forward pass again, or"
              + " add the losses and go backward once");
    }
    if (output.changed()) {
      throw new IllegalStateException(
          "Tape: the elements of "
              + output
              + " were changed in place after the forward pass; change a copy, or after backward");
    }
    for (Edge edge : output.edges()) {
      if (edge.fingerprint != fingerprint(edge.operand.value())) {
        throw new IllegalStateException(
            "Tape: the elements of "
                + edge.operand
                + " were changed in place after "
                + output
                + " read them; change a copy, or after backward");
      }
    }
    return output.edges();
  }

  private static Tensor shaped(Edge edge, Tensor gradient, Var output) {
    Shape want = edge.operand.shape();
    if (!gradient.shape().equals(want)) {
      throw new IllegalStateException(
          "Tape: the backward of "
              + output
              + " gave a gradient of shape "
              + gradient.shape()
              + " for "
              + edge.operand
              + "; return one of the operand's shape");
    }
    return gradient;
  }

  /**
   * A number that changes with any one element (31 is odd, so each step is a bijection of the 64
   * bits), and with almost certainty when more than one does.
   */
  static long fingerprint(Tensor tensor) {
    long hash = tensor.size();
    for (float element : tensor.data()) {
      hash = 31 * hash + Float.floatToRawIntBits(element);
    }
    return hash;
  }
}
