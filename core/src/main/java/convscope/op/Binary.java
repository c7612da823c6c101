package convscope.op;

import convscope.num.Maths;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.function.DoubleBinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Functions of two elements and their partial derivatives, as a table, with {@link Broadcast}ing:
 *
 * <pre>
 *   y[i] = f(a[i], b[i])     dA = Σ ∂f/∂a · dy     dB = Σ ∂f/∂b · dy
 * </pre>
 *
 * the sums over the axes along which that operand was repeated. Each element is computed in double
 * and rounded once.
 */
public final class Binary {
  public static final Binary ADD = new Binary("Add", (a, b) -> a + b, (a, b) -> 1, (a, b) -> 1);
  public static final Binary SUB = new Binary("Sub", (a, b) -> a - b, (a, b) -> 1, (a, b) -> -1);
  public static final Binary MUL = new Binary("Mul", (a, b) -> a * b, (a, b) -> b, (a, b) -> a);

  /** Division by 0 gives an infinity, 0/0 NaN. */
  public static final Binary DIV =
      new Binary("Div", (a, b) -> a / b, (a, b) -> 1 / b, (a, b) -> Maths.negate(a) / b / b);

  /**
   * {@code a^b}. {@code ∂/∂a = b·a^(b−1)}, 0 where b is 0; {@code ∂/∂b = a^b·ln a}, 0 where a is 0
   * and b is not negative.
   */
  public static final Binary POW =
      new Binary(
          "Pow",
          Maths::pow,
          (a, b) -> b == 0 ? 0 : b * Maths.pow(a, b - 1),
          (a, b) -> a == 0 && b >= 0 ? 0 : Maths.pow(a, b) * Maths.log(a));

  private final String name;
  private final DoubleBinaryOperator value;
  private final DoubleBinaryOperator byA; // ∂f/∂a
  private final DoubleBinaryOperator byB; // ∂f/∂b

  Binary(
      String name, DoubleBinaryOperator value, DoubleBinaryOperator byA, DoubleBinaryOperator byB) {
    this.name = name;
    this.value = value;
    this.byA = byA;
    this.byB = byB;
  }

  /** The operation's name, as errors give it. */
  public String name() {
    return name;
  }

  /** Why these operands do not go together, or null if they do: the door's check. */
  public @Nullable String problem(Shape a, Shape b) {
    return Broadcast.problem(name, a, b);
  }

  /** {@code f(a, b)} of two numbers, not rounded to float32. */
  public double value(double a, double b) {
    return value.applyAsDouble(a, b);
  }

  /** {@code y = f(a, b)}, of the common shape. */
  public Tensor forward(Tensor a, Tensor b) {
    Shape shape = Broadcast.shape(name, a.shape(), b.shape());
    int[] atA = Broadcast.positions(a.shape(), shape);
    int[] atB = Broadcast.positions(b.shape(), shape);
    Tensor y = Tensor.zeros(shape);
    for (int i = 0; i < y.size(); i++) {
      y.data()[i] = (float) value.applyAsDouble(a.data()[atA[i]], b.data()[atB[i]]);
    }
    return y;
  }

  /** The gradients of a loss with respect to the operands, each of its operand's shape. */
  public record Gradients(Tensor da, Tensor db) {}

  /** Both gradients, given {@code dy = ∂L/∂y} of the common shape. */
  public Gradients backward(Tensor dy, Tensor a, Tensor b) {
    Shape shape = Broadcast.shape(name, a.shape(), b.shape());
    Check.gradient(name, dy, shape);
    int[] atA = Broadcast.positions(a.shape(), shape);
    int[] atB = Broadcast.positions(b.shape(), shape);
    double[] da = new double[a.size()];
    double[] db = new double[b.size()];
    for (int i = 0; i < dy.size(); i++) {
      double left = a.data()[atA[i]];
      double right = b.data()[atB[i]];
      da[atA[i]] += dy.data()[i] * byA.applyAsDouble(left, right);
      db[atB[i]] += dy.data()[i] * byB.applyAsDouble(left, right);
    }
    return new Gradients(Broadcast.rounded(da, a.shape()), Broadcast.rounded(db, b.shape()));
  }
}
