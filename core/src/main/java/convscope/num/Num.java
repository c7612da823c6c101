package convscope.num;

import java.math.BigInteger;

/**
 * Formats and parses numbers with IEEE {@code + − × ÷} only, so that the JVM and the browser agree
 * to the character. Text for people has a true minus sign (U+2212); text for URLs and attributes
 * ({@link #plain}) has the ASCII one, and {@link #parse} reads both.
 */
public final class Num {
  /** The true minus sign. */
  public static final char MINUS = '\u2212';

  private static final int MAX_DECIMALS = 9;
  private static final double[] POWERS_OF_TEN = new double[23]; // exact in a double up to 1e22

  static {
    double power = 1;
    for (int i = 0; i < POWERS_OF_TEN.length; i++) {
      POWERS_OF_TEN[i] = power;
      power *= 10;
    }
  }

  private Num() {}

  /** For people: a share as percent, whose sign stays on the line of its number. */
  public static String percent(double share, int maxDecimals) {
    return decimal(100 * share, maxDecimals) + "\u00a0%";
  }

  /** For people: at most {@code maxDecimals} decimals, no trailing zeros, true minus sign. */
  public static String decimal(double value, int maxDecimals) {
    return text(value, maxDecimals, MINUS);
  }

  /** For URLs, attributes and SVG coordinates: as {@link #decimal}, with the ASCII minus sign. */
  public static String plain(double value, int maxDecimals) {
    return text(value, maxDecimals, '-');
  }

  /**
   * For a figure's cell: about three significant digits, so that it fits ({@code −11}, {@code
   * 0.25}, {@code 0.004}, {@code 1.2e6}); 0 for less than 0.0005.
   */
  public static String cell(double value) {
    double size = Math.abs(value);
    if (size < 9.995) {
      return decimal(value, size < 0.005 ? 3 : 2);
    }
    if (size < 99.95) {
      return decimal(value, 1);
    }
    return size < 99999.5 ? decimal(value, 0) : scientific(value, 1);
  }

  /** For sentences: two decimals, or four for what would otherwise look like zero or nearly so. */
  public static String value(double value) {
    return decimal(value, Math.abs(value) < 0.095 ? 4 : 2);
  }

  /** A largest difference: whole, or with a power of ten where it is only rounding. */
  public static String difference(double size) {
    return size > 0 && size < 0.01 ? scientific(size, 1) : cell(size);
  }

  /**
   * How two ways to the same numbers agree: {@code exactly}, or {@code up to rounding (1.2e−7)}.
   */
  public static String agreement(double difference) {
    return difference == 0 ? "exactly" : "up to rounding (" + difference(difference) + ")";
  }

  /** A size in one or two digits, with its power of ten where it is far from one. */
  public static String magnitude(double size) {
    if (!(size > 0) || size >= 0.001 && size < 1e5) {
      return size >= 100 ? count(round(size)) : value(size);
    }
    int exponent = (int) Math.floor(Maths.log(size) / Maths.log(10));
    double digits = size;
    for (int n = 0; n < Math.abs(exponent); n++) {
      digits = exponent < 0 ? digits * 10 : digits / 10;
    }
    return decimal(digits, 1) + " · 10" + superscript(exponent);
  }

  /** A whole number as an exponent: {@code ⁻²⁴}. */
  public static String superscript(int exponent) {
    StringBuilder out = new StringBuilder();
    for (char digit : Integer.toString(exponent).toCharArray()) {
      out.append(digit == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(digit - '0'));
    }
    return out.toString();
  }

  /** {@code 3 × 5}. */
  public static String size(int... sides) {
    StringBuilder out = new StringBuilder();
    for (int side : sides) {
      out.append(out.length() == 0 ? "" : " × ").append(side);
    }
    return out.toString();
  }

  /** {@code y[2, −1]}: an element by its indices. */
  public static String at(String letter, int... indices) {
    StringBuilder out = new StringBuilder(letter);
    for (int n = 0; n < indices.length; n++) {
      out.append(n == 0 ? "[" : ", ").append(decimal(indices[n], 0));
    }
    return out.append("]").toString();
  }

  /** {@code row 2, column −1}: such a place in a sentence. */
  public static String place(int row, int column) {
    return "row " + decimal(row, 0) + ", column " + decimal(column, 0);
  }

  /** A whole number with thousands separated by commas: {@code 73,728}. */
  public static String count(long value) {
    if (value < 0) {
      return MINUS + count(-value);
    }
    String digits = Long.toString(value);
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < digits.length(); i++) {
      if (i > 0 && (digits.length() - i) % 3 == 0) {
        out.append(',');
      }
      out.append(digits.charAt(i));
    }
    return out.toString();
  }

  /** Mantissa with {@code decimals} decimals and a power of ten: {@code −1.2e6}. */
  public static String scientific(double value, int decimals) {
    if (value == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
      return decimal(value, decimals);
    }
    int exponent = 0;
    double mantissa = Math.abs(value);
    while (mantissa >= 10) {
      mantissa /= 10;
      exponent++;
    }
    while (mantissa < 1) {
      mantissa *= 10;
      exponent--;
    }
    String digits = decimal(mantissa, decimals);
    if (digits.equals("10")) {
      digits = "1";
      exponent++;
    }
    return (value < 0 ? String.valueOf(MINUS) : "")
        + digits
        + "e"
        + (exponent < 0 ? String.valueOf(MINUS) : "")
        + Math.abs(exponent);
  }

  /** Half away from zero, to a whole number; exact for |value| below 2^52. */
  public static long round(double value) {
    return value < 0 ? -(long) (-value + 0.5) : (long) (value + 0.5);
  }

  /**
   * Reads a decimal number ({@code 3}, {@code -0.5}, {@code −2}, {@code 1e-3}); NaN for anything
   * else. Correctly rounded where the digits fit 2^53 and the power of ten is at most 22 in size.
   */
  public static double parse(String text) {
    int end = text.length();
    int at = 0;
    boolean negative = false;
    if (at < end
        && (text.charAt(at) == '-' || text.charAt(at) == MINUS || text.charAt(at) == '+')) {
      negative = text.charAt(at) != '+';
      at++;
    }
    double digits = 0;
    int exponent = 0;
    int seen = 0;
    boolean point = false;
    for (; at < end; at++) {
      char c = text.charAt(at);
      if (c == '.' && !point) {
        point = true;
      } else if (c >= '0' && c <= '9') {
        seen++;
        if (digits < 9e14) {
          digits = digits * 10 + (c - '0');
          exponent -= point ? 1 : 0;
        } else {
          exponent += point ? 0 : 1; // digits beyond a double's precision only move the point
        }
      } else {
        break;
      }
    }
    if (seen == 0) {
      return Double.NaN;
    }
    if (at < end && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      at++;
      boolean down = at < end && (text.charAt(at) == '-' || text.charAt(at) == MINUS);
      if (at < end && (down || text.charAt(at) == '+')) {
        at++;
      }
      int power = 0;
      int from = at;
      for (; at < end && text.charAt(at) >= '0' && text.charAt(at) <= '9'; at++) {
        power = Math.min(9999, power * 10 + (text.charAt(at) - '0'));
      }
      if (at == from) {
        return Double.NaN;
      }
      exponent += down ? -power : power;
    }
    if (at != end) {
      return Double.NaN;
    }
    double value = scale(digits, exponent);
    return negative ? Maths.negate(value) : value;
  }

  /**
   * The fewest digits that read back as the same float32, as data for machines: {@code 0.1}, {@code
   * -1.5e-7}, {@code 16777216}, {@code -0.0}, {@code NaN}, {@code -Infinity}. Unlike {@code
   * Float.toString} the same everywhere.
   */
  public static String shortest(float value) {
    float size = Math.abs(value);
    int bits = Float.floatToRawIntBits(size) & 0x7fffffff; // abs may leave a NaN its sign
    int exponent = bits >>> 23;
    int mantissa = bits & 0x7fffff;
    if (size >= 1e-5f && size < 1e9f && mantissa != 0) {
      double gap = (double) size - Float.intBitsToFloat(bits - 1);
      double power = 1;
      for (int decimals = 0; decimals <= 14; decimals++, power *= 10) {
        double scaled = size * power;
        if (scaled > 9e15) {
          break;
        }
        long digits = (long) (scaled + 0.5);
        double error = Math.abs(digits / power - size);
        if (error < 0.4999 * gap) {
          return point(value < 0, Long.toString(digits), -decimals);
        }
        if (error < 0.5001 * gap) {
          break; // too near the rounding boundary to tell in double
        }
      }
    }
    return exponent == 255
        ? shortest((double) value)
        : exponent == 0
            ? shortest(sign(value), mantissa, -149, false)
            : shortest(sign(value), mantissa | 0x800000, exponent - 150, mantissa == 0);
  }

  /** As {@link #shortest(float)}, for a double. */
  public static String shortest(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value < 0 ? "-Infinity" : "Infinity";
    }
    if (value == (int) value && value != 0) {
      return Integer.toString((int) value);
    }
    long bits = Double.doubleToRawLongBits(Math.abs(value));
    int exponent = (int) (bits >>> 52);
    long mantissa = bits & 0xfffffffffffffL;
    return exponent == 0
        ? shortest(sign(value), mantissa, -1074, false)
        : shortest(sign(value), mantissa | 1L << 52, exponent - 1075, mantissa == 0);
  }

  private static boolean sign(double value) {
    return value < 0 || 1 / value < 0;
  }

  /**
   * The shortest decimal within half a step of {@code mantissa · 2^exponent}, exactly (Steele &amp;
   * White 1990): digits are drawn until the rest is smaller than what rounding forgives.
   *
   * @param narrow whether the step below is half the step above (a power of two)
   */
  private static String shortest(boolean negative, long mantissa, int exponent, boolean narrow) {
    if (mantissa == 0) {
      return negative ? "-0.0" : "0";
    }
    // value = rest/unit; above and below are half the steps to the neighbours, in the same unit
    BigInteger rest = BigInteger.valueOf(mantissa).shiftLeft(Math.max(exponent, 0) + 2);
    BigInteger unit = BigInteger.ONE.shiftLeft(Math.max(-exponent, 0) + 2);
    BigInteger above = BigInteger.ONE.shiftLeft(Math.max(exponent, 0) + 1);
    BigInteger below = narrow ? above.shiftRight(1) : above;
    boolean even = (mantissa & 1) == 0; // ties round to even, so the boundary itself reads back
    int point = 0; // value = 0.d1d2… · 10^point
    while (rest.add(above).compareTo(unit) >= (even ? 0 : 1)) {
      unit = unit.multiply(BigInteger.TEN);
      point++;
    }
    while (rest.add(above).multiply(BigInteger.TEN).compareTo(unit) < (even ? 0 : 1)) {
      rest = rest.multiply(BigInteger.TEN);
      above = above.multiply(BigInteger.TEN);
      below = below.multiply(BigInteger.TEN);
      point--;
    }
    StringBuilder digits = new StringBuilder();
    while (true) {
      BigInteger[] split = rest.multiply(BigInteger.TEN).divideAndRemainder(unit);
      rest = split[1];
      above = above.multiply(BigInteger.TEN);
      below = below.multiply(BigInteger.TEN);
      int digit = split[0].intValue();
      boolean low = rest.compareTo(below) < (even ? 1 : 0);
      boolean high = rest.add(above).compareTo(unit) >= (even ? 0 : 1);
      if (low || high) {
        boolean up = high && (!low || rest.shiftLeft(1).compareTo(unit) >= 0);
        digits.append(digit + (up ? 1 : 0));
        return point(negative, digits.toString(), point - digits.length());
      }
      digits.append(digit);
    }
  }

  /** {@code digits · 10^exponent} with a point or, where that is long, an exponent. */
  private static String point(boolean negative, String digits, int exponent) {
    int last = digits.length();
    while (last > 1 && digits.charAt(last - 1) == '0') {
      last--;
    }
    int power = exponent + digits.length() - last; // value = significant · 10^power
    String significant = digits.substring(0, last);
    int first = last - 1 + power; // power of ten of the first digit
    StringBuilder out = new StringBuilder(negative ? "-" : "");
    if (first < -7 || first > 20) {
      out.append(significant.charAt(0));
      if (last > 1) {
        out.append('.').append(significant, 1, last);
      }
      return out.append('e').append(first).toString();
    }
    if (first < 0) {
      out.append("0.");
      for (int i = -1; i > first; i--) {
        out.append('0');
      }
      return out.append(significant).toString();
    }
    for (int i = 0; i < Math.max(last, first + 1); i++) {
      out.append(i == first + 1 ? "." : "").append(i < last ? significant.charAt(i) : '0');
    }
    return out.toString();
  }

  private static double scale(double digits, int exponent) {
    double value = digits;
    for (int left = Math.min(Math.abs(exponent), 400); left > 0 && value != 0; left -= 22) {
      double power = POWERS_OF_TEN[Math.min(left, 22)];
      value = exponent < 0 ? value / power : value * power;
    }
    return value;
  }

  private static String text(double value, int maxDecimals, char minus) {
    if (maxDecimals < 0 || maxDecimals > MAX_DECIMALS) {
      throw new IllegalArgumentException(
          "Num: " + maxDecimals + " decimals; use 0 to " + MAX_DECIMALS);
    }
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value < 0 ? minus + "\u221e" : "\u221e";
    }
    double size = Math.abs(value);
    double power = POWERS_OF_TEN[maxDecimals];
    if (size * power >= 9e15) {
      return size < 9e15
          ? text(value, maxDecimals - 1, minus)
          : scientific(value, 2).replace(MINUS, minus);
    }
    long scaled = (long) (size * power + 0.5);
    long whole = scaled / (long) power;
    long part = scaled % (long) power;
    StringBuilder out = new StringBuilder();
    if (value < 0 && scaled != 0) {
      out.append(minus);
    }
    out.append(whole);
    if (part != 0) {
      String digits = Long.toString(part);
      out.append('.');
      for (int i = digits.length(); i < maxDecimals; i++) {
        out.append('0');
      }
      int last = digits.length();
      while (digits.charAt(last - 1) == '0') {
        last--;
      }
      out.append(digits, 0, last);
    }
    return out.toString();
  }
}
