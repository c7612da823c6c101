package convscope.op;

import convscope.num.Maths;
import convscope.tensor.Tensor;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * Functions of one element and their derivatives, as a table: {@code y[i] = f(x[i])}, {@code dx[i]
 * = f′(x[i]) · dy[i]}. Each is computed in double and rounded once. NaN gives NaN.
 *
 * <p>Where the derivative does not exist, the choice is PyTorch's and named at the row. A closed
 * gate (ReLU's left half) gives an exact 0 whatever the gradient that arrives.
 */
public final class Unary {
  private static final double SQRT_HALF = 0.7071067811865476;
  private static final double INVERSE_SQRT_2PI = 0.3989422804014327;
  private static final double SQRT_2_OVER_PI = 0.7978845608028654;
  private static final double TWO_OVER_SQRT_PI = 1.1283791670955126;
  private static final double GELU_CUBIC = 0.044715;

  /** {@code max(x, 0)}; the derivative at 0 is 0. */
  public static final Unary RELU =
      new Unary("ReLU", x -> x <= 0 ? 0 : x, (dy, x) -> x <= 0 ? 0 : dy);

  /** {@code x·Φ(x)}, Φ the normal distribution function (Hendrycks &amp; Gimpel 2016). */
  public static final Unary GELU =
      new Unary(
          "GELU",
          x -> x * normal(x),
          (dy, x) -> dy * (normal(x) + x * INVERSE_SQRT_2PI * Maths.exp(-0.5 * x * x)));

  /** {@code x/2 · (1 + tanh(√(2/π)(x + 0.044715x³)))}, the approximation of the same paper. */
  public static final Unary GELU_TANH =
      new Unary(
          "GELU",
          x -> 0.5 * x * (1 + Maths.tanh(geluInner(x))),
          (dy, x) -> {
            double t = Maths.tanh(geluInner(x));
            double inner = SQRT_2_OVER_PI * (1 + 3 * GELU_CUBIC * x * x);
            return dy * (0.5 * (1 + t) + 0.5 * x * (1 - t * t) * inner);
          });

  /** {@code x·σ(x)}, also called swish. */
  public static final Unary SILU =
      new Unary(
          "SiLU",
          x -> x * Maths.sigmoid(x),
          (dy, x) -> {
            double s = Maths.sigmoid(x);
            return dy * s * (1 + x * (1 - s));
          });

  /** {@code σ(x) = 1/(1 + e^−x)}. */
  public static final Unary SIGMOID =
      new Unary(
          "Sigmoid",
          Maths::sigmoid,
          (dy, x) -> {
            double s = Maths.sigmoid(x);
            return dy * s * (1 - s);
          });

  public static final Unary TANH =
      new Unary(
          "Tanh",
          Maths::tanh,
          (dy, x) -> {
            double t = Maths.tanh(x);
            return dy * (1 - t * t);
          });

  /** {@code ln(1 + e^x)}. */
  public static final Unary SOFTPLUS =
      new Unary("Softplus", Maths::softplus, (dy, x) -> dy * Maths.sigmoid(x));

  /** {@code x · min(max(x + 3, 0), 6)/6} (Howard et al. 2019); derivatives 0 at −3 and 1 at 3. */
  public static final Unary HARD_SWISH =
      new Unary(
          "HardSwish",
          x -> x * clamp(x + 3, 0, 6) / 6,
          (dy, x) -> x <= -3 ? 0 : x >= 3 ? dy : dy * (x / 3 + 0.5));

  /** {@code 2/√π ∫₀ˣ e^−t² dt}. */
  public static final Unary ERF =
      new Unary("Erf", Maths::erf, (dy, x) -> dy * TWO_OVER_SQRT_PI * Maths.exp(-x * x));

  public static final Unary EXP = new Unary("Exp", Maths::exp, (dy, x) -> dy * Maths.exp(x));

  /** Natural logarithm: NaN below 0, −∞ at 0. */
  public static final Unary LOG = new Unary("Log", Maths::log, (dy, x) -> dy / x);

  /** NaN below 0. */
  public static final Unary SQRT =
      new Unary("Sqrt", Math::sqrt, (dy, x) -> dy / (2 * Math.sqrt(x)));

  /** The derivative at 0 is 0. */
  public static final Unary ABS = new Unary("Abs", Math::abs, (dy, x) -> dy * sign(x));

  public static final Unary NEG = new Unary("Neg", Maths::negate, (dy, x) -> Maths.negate(dy));

  public static final Unary SQUARE = new Unary("Square", x -> x * x, (dy, x) -> 2 * x * dy);

  /** {@code x} above 0, {@code αx} up to 0; the derivative at 0 is α (Maas et al. 2013). */
  public static Unary leakyRelu(double alpha) {
    return new Unary("LeakyReLU", x -> x > 0 ? x : alpha * x, (dy, x) -> x > 0 ? dy : alpha * dy);
  }

  /** {@code x} above 0, {@code α(e^x − 1)} up to 0 (Clevert et al. 2016). */
  public static Unary elu(double alpha) {
    return new Unary(
        "ELU",
        x -> x > 0 ? x : alpha * Maths.expm1(x),
        (dy, x) -> x > 0 ? dy : dy * alpha * Maths.exp(x));
  }

  /** {@code min(max(αx + β, 0), 1)}; the derivative at the two corners is 0. */
  public static Unary hardSigmoid(double alpha, double beta) {
    return new Unary(
        "HardSigmoid",
        x -> clamp(alpha * x + beta, 0, 1),
        (dy, x) -> {
          double line = alpha * x + beta;
          return line <= 0 || line >= 1 ? 0 : alpha * dy;
        });
  }

  /**
   * {@code min(max(x, low), high)}, {@code high} everywhere where the bounds cross; the derivative
   * at both bounds is 1. Infinite bounds do not bound.
   */
  public static Unary clip(double low, double high) {
    return new Unary("Clip", x -> clamp(x, low, high), (dy, x) -> x < low || x > high ? 0 : dy);
  }

  /** {@code min(max(x, low), high)}, PyTorch's Hardtanh; the derivative at both bounds is 0. */
  public static Unary hardTanh(double low, double high) {
    return new Unary(
        "Hardtanh", x -> clamp(x, low, high), (dy, x) -> x <= low || x >= high ? 0 : dy);
  }

  /**
   * {@code λx} above 0, {@code λα(e^x − 1)} up to 0, with the constants that keep mean 0 and
   * variance 1 (Klambauer et al. 2017).
   */
  public static Unary selu() {
    double alpha = 1.6732632423543772;
    double scale = 1.0507009873554805;
    return new Unary(
        "SELU",
        x -> scale * (x > 0 ? x : alpha * Maths.expm1(x)),
        (dy, x) -> dy * scale * (x > 0 ? 1 : alpha * Maths.exp(x)));
  }

  /** {@code x · tanh(ln(1 + e^x))} (Misra 2019). */
  public static Unary mish() {
    return new Unary(
        "Mish",
        x -> x * Maths.tanh(Maths.softplus(x)),
        (dy, x) -> {
          double t = Maths.tanh(Maths.softplus(x));
          return dy * (t + x * (1 - t * t) * Maths.sigmoid(x));
        });
  }

  /** {@code x/(1 + |x|)}. */
  public static Unary softsign() {
    return new Unary(
        "Softsign",
        x -> x / (1 + Math.abs(x)),
        (dy, x) -> dy / ((1 + Math.abs(x)) * (1 + Math.abs(x))));
  }

  /** {@code ln σ(x)}. */
  public static Unary logSigmoid() {
    return new Unary(
        "LogSigmoid", x -> -Maths.softplus(-x), (dy, x) -> dy * (1 - Maths.sigmoid(x)));
  }

  private final String name;
  private final DoubleUnaryOperator value;
  private final DoubleBinaryOperator gradient; // (dy, x) → f′(x)·dy

  private Unary(String name, DoubleUnaryOperator value, DoubleBinaryOperator gradient) {
    this.name = name;
    this.value = value;
    this.gradient = gradient;
  }

  /** The operation's name, as errors give it. */
  public String name() {
    return name;
  }

  /** {@code f(x)}, not rounded to float32: what a curve draws. */
  public double value(double x) {
    return value.applyAsDouble(x);
  }

  /** {@code f′(x)}, not rounded to float32. */
  public double slope(double x) {
    return gradient.applyAsDouble(1, x);
  }

  /** {@code y = f(x)}, of the shape of x, which may be any. */
  public Tensor forward(Tensor x) {
    Tensor y = Tensor.zeros(x.shape());
    for (int i = 0; i < x.size(); i++) {
      y.data()[i] = (float) value.applyAsDouble(x.data()[i]);
    }
    return y;
  }

  /** {@code dx = f′(x) · dy}; dy and x have one shape. */
  public Tensor backward(Tensor dy, Tensor x) {
    Check.gradient(name, dy, x.shape());
    Tensor dx = Tensor.zeros(x.shape());
    for (int i = 0; i < x.size(); i++) {
      dx.data()[i] = (float) gradient.applyAsDouble(dy.data()[i], x.data()[i]);
    }
    return dx;
  }

  /** {@code Φ(x) = (1 + erf(x/√2))/2}. */
  private static double normal(double x) {
    return 0.5 * (1 + Maths.erf(x * SQRT_HALF));
  }

  private static double geluInner(double x) {
    return SQRT_2_OVER_PI * (x + GELU_CUBIC * x * x * x);
  }

  /** NaN stays NaN; {@code high} wins where the bounds cross. */
  private static double clamp(double x, double low, double high) {
    double raised = x < low ? low : x;
    return raised > high ? high : raised;
  }

  /** −1, 0 or 1; NaN stays NaN. */
  static double sign(double x) {
    return x > 0 ? 1 : x < 0 ? -1 : x;
  }
}
