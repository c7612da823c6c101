package convscope.num;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The stated error bounds, against series summed to 60 digits. */
class MathsTest {
  private static final MathContext DIGITS = new MathContext(60);
  private static final BigDecimal PI =
      new BigDecimal(
          "3.14159265358979323846264338327950288419716939937510582097494459230781640629");
  private static final int SAMPLES = 3000;

  @Test
  void expIsWithinOneUlp() {
    assertWithin(1, Maths::exp, MathsTest::exp, -700, 709);
    assertWithin(1, Maths::exp, MathsTest::exp, -1, 1);
    assertWithin(1, Maths::exp, MathsTest::exp, -745, -700); // subnormal results
    assertSpecial(Maths::exp, Math::exp);
    assertThat(Maths.exp(709.782712893384)).isEqualTo(Math.exp(709.782712893384));
    assertThat(Maths.exp(710)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(Maths.exp(-745.2)).isZero();
  }

  @Test
  void logIsWithinOneUlp() {
    assertWithin(1, Maths::log, MathsTest::log, 1e-6, 1e6);
    assertWithin(1, Maths::log, MathsTest::log, 0.5, 2);
    assertWithin(1, Maths::log, MathsTest::log, 0.999, 1.001);
    assertWithin(1, Maths::log, MathsTest::log, Double.MIN_VALUE, 1e-307);
    assertWithin(1, Maths::log, MathsTest::log, 1e300, 1e308);
    assertSpecial(Maths::log, Math::log);
  }

  @Test
  void expm1AndLog1pAreWithinFourUlpAlsoNearZero() {
    Function<BigDecimal, BigDecimal> expm1 = x -> exp(x).subtract(BigDecimal.ONE);
    Function<BigDecimal, BigDecimal> log1p = x -> log(x.add(BigDecimal.ONE));
    for (double size : new double[] {1e-12, 1e-3, 0.1, 0.5, 1, 30}) {
      assertWithin(4, Maths::expm1, expm1, -size, size);
      assertWithin(4, Maths::log1p, log1p, -Math.min(size, 0.999), size);
    }
    assertWithin(4, Maths::log1p, log1p, 1, 1e18);
    assertSpecial(Maths::expm1, Math::expm1);
    assertSpecial(Maths::log1p, Math::log1p);
  }

  @Test
  void sigmoidSoftplusAndTanhAreWithinFourUlp() {
    Function<BigDecimal, BigDecimal> sigmoid =
        x -> BigDecimal.ONE.divide(exp(x.negate()).add(BigDecimal.ONE), DIGITS);
    Function<BigDecimal, BigDecimal> softplus = x -> log(exp(x).add(BigDecimal.ONE));
    Function<BigDecimal, BigDecimal> tanh =
        x -> {
          BigDecimal e = exp(x.add(x));
          return e.subtract(BigDecimal.ONE).divide(e.add(BigDecimal.ONE), DIGITS);
        };
    for (double size : new double[] {1e-9, 1e-3, 0.3, 1, 5, 40}) {
      assertWithin(4, Maths::sigmoid, sigmoid, -size, size);
      assertWithin(4, Maths::softplus, softplus, -size, size);
      assertWithin(4, Maths::tanh, tanh, -Math.min(size, 25), Math.min(size, 25));
    }
    assertSpecial(Maths::tanh, Math::tanh);
    assertThat(Maths.sigmoid(Double.NEGATIVE_INFINITY)).isZero();
    assertThat(Maths.sigmoid(Double.POSITIVE_INFINITY)).isOne();
    assertThat(Maths.softplus(800)).isEqualTo(800);
    assertThat(Maths.softplus(Double.NaN)).isNaN();
  }

  @Test
  void erfIsWithinFourUlp() {
    for (double size : new double[] {1e-9, 0.1, 0.99, 2.9, 3.1, 6}) {
      assertWithin(4, Maths::erf, MathsTest::erf, -size, size);
    }
    assertThat(Maths.erf(7)).isOne();
    assertThat(Maths.erf(Double.NEGATIVE_INFINITY)).isEqualTo(-1);
    assertThat(Maths.erf(Double.NaN)).isNaN();
    assertThat(1 / Maths.erf(-0.0)).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void sineAndCosineAreWithinTwoUlpOfTheLargerOfTheValueAndAMillionth() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < SAMPLES; i++) {
      double x = random.nextDouble(-1, 1) * (i % 3 == 0 ? 1e5 : i % 3 == 1 ? 10 : 0.8);
      BigDecimal want = sin(new BigDecimal(x));
      assertThat(error(Maths.sin(x), want, 0x1p-20)).as("sin %s", x).isLessThanOrEqualTo(2);
      BigDecimal ahead =
          sin(new BigDecimal(x).add(PI.divide(BigDecimal.valueOf(2), DIGITS), DIGITS));
      assertThat(error(Maths.cos(x), ahead, 0x1p-20)).as("cos %s", x).isLessThanOrEqualTo(2);
    }
    assertThat(Maths.sin(0)).isZero();
    assertThat(Maths.cos(0)).isOne();
    assertThat(Maths.sin(Double.POSITIVE_INFINITY)).isNaN();
    assertThat(Maths.cos(1e16)).isNaN();
  }

  @Test
  void powIsWithinItsRelativeErrorAndAgreesOnEverySpecialCase() {
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < SAMPLES; i++) {
      double base = random.nextDouble(0, 50);
      double exponent = random.nextDouble(-20, 20);
      double want = Math.pow(base, exponent);
      assertThat(Math.abs(Maths.pow(base, exponent) - want)).isLessThanOrEqualTo(1e-12 * want);
    }
    double[] values = {
      0,
      -0.0,
      1,
      -1,
      0.5,
      -0.5,
      2,
      -2,
      3,
      -3,
      65,
      66,
      1e300,
      Double.NaN,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY
    };
    for (double base : values) {
      for (double exponent : values) {
        double want = Math.pow(base, exponent);
        double got = Maths.pow(base, exponent);
        if (Double.isNaN(want) || want == 0 || Double.isInfinite(want)) {
          assertThat(got).as("%s^%s", base, exponent).isEqualTo(Double.valueOf(want));
        } else {
          assertThat(Math.abs(got - want))
              .as("%s^%s", base, exponent)
              .isLessThanOrEqualTo(1e-12 * Math.abs(want));
        }
      }
    }
  }

  private static void assertSpecial(DoubleUnaryOperator own, DoubleUnaryOperator platform) {
    for (double x :
        new double[] {
          0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -1, -2, 1
        }) {
      double want = platform.applyAsDouble(x);
      double got = own.applyAsDouble(x);
      if (Double.isNaN(want) || Double.isInfinite(want) || want == 0) {
        assertThat(got).as("at %s", x).isEqualTo(Double.valueOf(want)); // −0 is not 0
      }
    }
  }

  private static void assertWithin(
      double ulps,
      DoubleUnaryOperator own,
      Function<BigDecimal, BigDecimal> oracle,
      double low,
      double high) {
    SplittableRandom random = new SplittableRandom(1);
    double worst = 0;
    double at = 0;
    for (int i = 0; i < SAMPLES; i++) {
      double x = random.nextDouble(low, high);
      double error = error(own.applyAsDouble(x), oracle.apply(new BigDecimal(x)), Double.MIN_VALUE);
      if (error > worst) {
        worst = error;
        at = x;
      }
    }
    assertThat(worst).as("worst error in ulp, at %s", at).isLessThanOrEqualTo(ulps);
  }

  private static double error(double got, BigDecimal want, double atLeast) {
    double ulp = Math.ulp(Math.max(Math.abs(want.doubleValue()), atLeast));
    return new BigDecimal(got)
        .subtract(want)
        .abs()
        .divide(new BigDecimal(ulp), DIGITS)
        .doubleValue();
  }

  private static BigDecimal exp(BigDecimal x) {
    BigDecimal small = x.divide(BigDecimal.valueOf(1024), DIGITS);
    BigDecimal term = BigDecimal.ONE;
    BigDecimal sum = BigDecimal.ONE;
    for (int n = 1; n < 45; n++) {
      term = term.multiply(small).divide(BigDecimal.valueOf(n), DIGITS);
      sum = sum.add(term, DIGITS);
    }
    for (int i = 0; i < 10; i++) {
      sum = sum.multiply(sum, DIGITS);
    }
    return sum;
  }

  /** Newton's correction of a double: {@code y + ln(x·e^−y)}, the rest being tiny. */
  private static BigDecimal log(BigDecimal x) {
    BigDecimal y = new BigDecimal(Math.log(x.doubleValue()));
    BigDecimal d = x.multiply(exp(y.negate()), DIGITS).subtract(BigDecimal.ONE);
    BigDecimal square = d.multiply(d, DIGITS);
    return y.add(d)
        .subtract(square.divide(BigDecimal.valueOf(2), DIGITS))
        .add(square.multiply(d).divide(BigDecimal.valueOf(3), DIGITS));
  }

  private static BigDecimal erf(BigDecimal x) {
    BigDecimal square = x.multiply(x, DIGITS);
    BigDecimal term = x;
    BigDecimal sum = x;
    for (int n = 1; n < 220; n++) {
      term = term.multiply(square).divide(BigDecimal.valueOf(-n), DIGITS);
      sum = sum.add(term.divide(BigDecimal.valueOf(2 * n + 1), DIGITS), DIGITS);
    }
    return sum.multiply(BigDecimal.valueOf(2)).divide(PI.sqrt(DIGITS), DIGITS);
  }

  private static BigDecimal sin(BigDecimal x) {
    BigDecimal turn = PI.multiply(BigDecimal.valueOf(2));
    BigDecimal r = x.remainder(turn);
    BigDecimal square = r.multiply(r, DIGITS);
    BigDecimal term = r;
    BigDecimal sum = r;
    for (int n = 1; n < 40; n++) {
      term = term.multiply(square).divide(BigDecimal.valueOf(-(2L * n) * (2L * n + 1)), DIGITS);
      sum = sum.add(term, DIGITS);
    }
    return sum;
  }
}
