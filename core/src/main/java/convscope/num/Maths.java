package convscope.num;

/**
 * Elementary functions in double from {@code + − × ÷ √} and bit operations only, so that the JVM
 * and the browser agree to the bit ({@code Math.exp} and the like differ in the last bits). Special
 * values follow {@link Math}. Errors, in units in the last place of the double result, as tested
 * against 60-digit arithmetic:
 *
 * <table>
 * <caption>largest error</caption>
 * <tr><td>{@link #exp} {@link #log}</td><td>1 ulp</td></tr>
 * <tr><td>{@link #expm1} {@link #log1p} {@link #sigmoid} {@link #softplus} {@link #tanh} {@link #erf}</td><td>4 ulp</td></tr>
 * <tr><td>{@link #sin} {@link #cos}</td><td>2 ulp of the larger of the value and 2⁻²⁰, |x| ≤ 10⁵</td></tr>
 * <tr><td>{@link #pow}</td><td>relative error 10⁻¹² (a float32 is 6·10⁻⁸ apart)</td></tr>
 * </table>
 */
public final class Maths {
  // ln 2 = LN2_HIGH + LN2_LOW; the last 21 bits of LN2_HIGH are zero, so k·LN2_HIGH is exact.
  private static final double LN2_HIGH = Double.longBitsToDouble(0x3fe62e42fee00000L);
  private static final double LN2_LOW = 1.9082149292705877e-10;
  private static final double INVERSE_LN2 = 1.4426950408889634;
  private static final double SQRT_HALF = 0.7071067811865476;
  private static final double TWO_OVER_SQRT_PI = 1.1283791670955126;
  // π/2 in three parts of at most 33 bits, so k·part is exact for k below 2^20.
  private static final double HALF_PI_1 = 1.57079632673412561417;
  private static final double HALF_PI_2 = 6.07710050630396597660e-11;
  private static final double HALF_PI_3 = 2.02226624879595063154e-21;

  private static final double[] INVERSE_FACTORIAL = new double[24];
  private static final double[] ERF_SERIES = new double[24]; // (−1)^n / (n!(2n+1))

  private static final double[] ERF_AT_CENTRES = {
    0.9661051464753108,
    0.999593047982555,
    0.9999992569016276,
    0.9999999998033839,
    0.9999999999999927
  };
  private static final double[][] ERF_TAYLOR = new double[5][32]; // around 1.5, 2.5, … 5.5

  static {
    double factorial = 1;
    for (int n = 0; n < INVERSE_FACTORIAL.length; n++) {
      factorial *= n == 0 ? 1 : n; // exact up to 22!
      INVERSE_FACTORIAL[n] = 1 / factorial;
      ERF_SERIES[n] = (n % 2 == 0 ? 1 : -1) / (factorial * (2 * n + 1));
    }
    for (int k = 0; k < ERF_TAYLOR.length; k++) {
      // aₙ = (e^−t²)⁽ⁿ⁾/n! at t = c: aₙ₊₁ = −2(c·aₙ + aₙ₋₁)/(n+1); the integral divides by n + 1
      double c = k + 1.5;
      double before = 0;
      double a = exp(-c * c);
      for (int n = 0; n < ERF_TAYLOR[k].length; n++) {
        ERF_TAYLOR[k][n] = TWO_OVER_SQRT_PI * a / (n + 1);
        double next = -2 * (c * a + before) / (n + 1);
        before = a;
        a = next;
      }
    }
  }

  private Maths() {}

  /**
   * {@code −x}, zeros included: TeaVM 0.15.0 compiles Java's unary minus to {@code 0 − x}, which
   * loses the sign of {@code −(+0)}.
   */
  public static double negate(double x) {
    return x * -1;
  }

  /**
   * {@code e^x = 2^k · e^r} with {@code k} the nearest whole number to {@code x/ln 2} and {@code
   * |r| ≤ ln 2/2}; {@code e^r} by its Taylor series to degree 13.
   */
  public static double exp(double x) {
    if (Double.isNaN(x)) {
      return x;
    }
    if (x > 709.782712893384) {
      return Double.POSITIVE_INFINITY;
    }
    if (x < -745.1332191019412) {
      return 0;
    }
    int k = (int) Num.round(x * INVERSE_LN2);
    double high = x - k * LN2_HIGH;
    double low = k * LN2_LOW;
    double r = high - low;
    double lost = (high - r) - low;
    // e^(r + lost) ≈ 1 + (r + (r²·p(r) + lost)): the small parts are added first.
    return scale(1 + (r + (r * r * expTail(r) + lost * (1 + r))), k);
  }

  /** {@code (e^r − 1 − r)/r² = 1/2! + r/3! + … + r¹²/14!}. */
  private static double expTail(double r) {
    double sum = INVERSE_FACTORIAL[14];
    for (int n = 13; n >= 2; n--) {
      sum = sum * r + INVERSE_FACTORIAL[n];
    }
    return sum;
  }

  /** {@code value · 2^k} for value near 1, in two steps where one would overflow or lose bits. */
  private static double scale(double value, int k) {
    if (k > 1000) {
      return value * 0x1p1000 * power(k - 1000);
    }
    if (k < -1000) {
      return value * power(k + 1000) * 0x1p-1000;
    }
    return value * power(k);
  }

  private static double power(int k) {
    return Double.longBitsToDouble((long) (1023 + k) << 52);
  }

  /**
   * {@code ln x = k ln 2 + ln m} with m in [√½, √2); {@code ln m = 2 artanh(s)}, {@code s =
   * (m−1)/(m+1)}, by its series {@code 2(s + s³/3 + s⁵/5 + …)}.
   */
  public static double log(double x) {
    if (Double.isNaN(x) || x < 0) {
      return Double.NaN;
    }
    if (x == 0) {
      return Double.NEGATIVE_INFINITY;
    }
    if (x == Double.POSITIVE_INFINITY) {
      return x;
    }
    int k = 0;
    double scaled = x;
    if (x < Double.MIN_NORMAL) {
      scaled *= 0x1p54;
      k = -54;
    }
    long bits = Double.doubleToRawLongBits(scaled);
    k += (int) (bits >>> 52) - 1022;
    double m = Double.longBitsToDouble((bits & 0xfffffffffffffL) | (1022L << 52)); // [½, 1)
    if (m < SQRT_HALF) {
      m *= 2;
      k--;
    }
    return logNear(m - 1, 0, k);
  }

  /** {@code k ln 2 + ln(1 + f + lost)} for 1 + f in [√½, √2], lost below an ulp of 1 + f. */
  private static double logNear(double f, double lost, int k) {
    double s = f / (2 + f);
    double square = s * s;
    double sum = 1.0 / 27;
    for (int n = 25; n >= 3; n -= 2) {
      sum = sum * square + 1.0 / n;
    }
    double half = 0.5 * f * f;
    // 2s = f − s·f and s·f = f²/2 − s·f²/2: ln(1+f) = f − (f²/2 − s·(f²/2 + 2s²·sum))
    double tail = s * (half + 2 * square * sum) + lost;
    return k == 0 ? f - (half - tail) : k * LN2_HIGH - ((half - (tail + k * LN2_LOW)) - f);
  }

  /** {@code ln(1 + x)}, exact where 1 + x would round the small x away. */
  public static double log1p(double x) {
    if (Double.isNaN(x) || x < -1) {
      return Double.NaN;
    }
    if (x == -1) {
      return Double.NEGATIVE_INFINITY;
    }
    if (x == 0 || x == Double.POSITIVE_INFINITY) {
      return x; // keeps −0
    }
    if (x > -0.2929 && x < 0.4142) {
      return logNear(x, 0, 0);
    }
    double sum = 1 + x;
    double lost = x > 1 ? 1 - (sum - x) : x - (sum - 1);
    return log(sum) + lost / sum;
  }

  /** {@code e^x − 1} without the cancellation near 0. */
  public static double expm1(double x) {
    if (x == 0 || Double.isNaN(x)) {
      return x; // keeps −0
    }
    if (x > -0.35 && x < 0.35) {
      return x + x * x * expTail(x);
    }
    return x < -40 ? -1 : exp(x) - 1;
  }

  /** {@code 1/(1 + e^−x)}. */
  public static double sigmoid(double x) {
    if (x >= 0) {
      return 1 / (1 + exp(-x));
    }
    double e = exp(x);
    return e / (1 + e);
  }

  /** {@code ln(1 + e^x) = max(x, 0) + ln(1 + e^−|x|)}. */
  public static double softplus(double x) {
    return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
  }

  /** {@code (e^2x − 1)/(e^2x + 1)}. */
  public static double tanh(double x) {
    double size = Math.abs(x);
    if (size > 20) {
      return x > 0 ? 1 : -1;
    }
    if (size < 0x1p-28) {
      return x; // keeps −0
    }
    double t = expm1(2 * size); // NaN stays NaN
    double y = size < 0.5 ? t / (t + 2) : 1 - 2 / (t + 2);
    return x < 0 ? -y : y;
  }

  /**
   * {@code 2/√π ∫₀ˣ e^−t² dt}: up to 1 by the series {@code Σ (−1)ⁿ x^(2n+1)/(n!(2n+1))}
   * (Abramowitz &amp; Stegun 7.1.5), up to 6 by the Taylor series around the nearest of 1.5, 2.5, …
   * 5.5.
   */
  public static double erf(double x) {
    double size = Math.abs(x);
    if (x == 0) {
      return x; // keeps −0
    }
    if (size < 1) {
      double square = x * x;
      double sum = ERF_SERIES[20];
      for (int n = 19; n >= 1; n--) {
        sum = sum * square + ERF_SERIES[n];
      }
      return TWO_OVER_SQRT_PI * (x + x * (square * sum));
    }
    if (size >= 6) {
      return x > 0 ? 1 : -1;
    }
    if (Double.isNaN(x)) {
      return x;
    }
    int k = (int) size - 1;
    double h = size - (k + 1.5);
    double sum = 0;
    for (int n = ERF_TAYLOR[k].length - 1; n >= 0; n--) {
      sum = sum * h + ERF_TAYLOR[k][n];
    }
    double y = ERF_AT_CENTRES[k] + sum * h;
    return x < 0 ? -y : y;
  }

  /** Sine by reduction to [−π/4, π/4] and the Taylor series. */
  public static double sin(double x) {
    return sinCos(x, 0);
  }

  /** Cosine: the sine a quarter turn ahead. */
  public static double cos(double x) {
    return sinCos(x, 1);
  }

  private static double sinCos(double x, int quarters) {
    if (!(Math.abs(x) < 1e15)) {
      return Double.NaN; // no digit of the angle is left, or no angle at all
    }
    long k = Num.round(x / (HALF_PI_1 + HALF_PI_2));
    double r = ((x - k * HALF_PI_1) - k * HALF_PI_2) - k * HALF_PI_3;
    int quadrant = (int) ((k + quarters) & 3);
    double square = r * r;
    double y;
    if ((quadrant & 1) == 0) {
      double sum = INVERSE_FACTORIAL[17];
      for (int n = 15; n >= 3; n -= 2) {
        sum = INVERSE_FACTORIAL[n] - sum * square;
      }
      y = r - r * (square * sum);
    } else {
      double sum = INVERSE_FACTORIAL[18];
      for (int n = 16; n >= 4; n -= 2) {
        sum = INVERSE_FACTORIAL[n] - sum * square;
      }
      y = 1 - square * (0.5 - square * sum);
    }
    return quadrant > 1 ? -y : y;
  }

  /**
   * {@code base^exponent}: repeated multiplication for whole exponents up to 64 in size, else
   * {@code e^(exponent · ln base)}. NaN for a negative base with a fractional exponent.
   */
  public static double pow(double base, double exponent) {
    if (exponent == 0) {
      return 1;
    }
    if (Double.isNaN(exponent) || Double.isNaN(base)) {
      return Double.NaN;
    }
    if (Math.abs(exponent) <= 64 && exponent == (int) exponent) {
      double result = 1;
      double square = base;
      for (int n = Math.abs((int) exponent); n > 0; n >>= 1) {
        result *= (n & 1) == 1 ? square : 1;
        square *= square;
      }
      return exponent < 0 ? 1 / result : result;
    }
    if (exponent == 0.5 && base != Double.NEGATIVE_INFINITY) {
      return Math.sqrt(base + 0.0); // + 0.0 turns −0 into 0
    }
    if (Double.isInfinite(exponent)) {
      double size = Math.abs(base);
      return size == 1 ? Double.NaN : (size > 1) == (exponent > 0) ? Double.POSITIVE_INFINITY : 0;
    }
    boolean whole = exponent == Math.floor(exponent);
    if (base < 0 && base != Double.NEGATIVE_INFINITY && !whole) {
      return Double.NaN;
    }
    boolean odd = whole && Math.abs(exponent) < 0x1p53 && ((long) exponent & 1) == 1;
    boolean negative = base < 0 || 1 / base < 0;
    double size = exp(exponent * log(Math.abs(base)));
    return negative && odd ? -size : size;
  }
}
