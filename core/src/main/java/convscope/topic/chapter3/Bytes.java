package convscope.topic.chapter3;

import convscope.num.Num;

/** Amounts of memory in units of 1,024. */
final class Bytes {
  private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB"};

  private Bytes() {}

  /** The largest unit of which there is at least one, from 0 for bytes. */
  static int unit(double bytes) {
    int unit = 0;
    while (bytes >= 1024 && unit < UNITS.length - 1) {
      bytes /= 1024;
      unit++;
    }
    return unit;
  }

  static String name(int unit) {
    return UNITS[unit];
  }

  /** How many of the unit. */
  static double in(double bytes, int unit) {
    for (int n = 0; n < unit; n++) {
      bytes /= 1024;
    }
    return bytes;
  }

  /** For people: {@code 98 MiB}, {@code 36.8 KiB}. */
  static String text(double bytes) {
    int unit = unit(bytes);
    double amount = in(bytes, unit);
    return Num.decimal(amount, amount < 10 ? 2 : amount < 100 ? 1 : 0) + " " + UNITS[unit];
  }

  /** As {@link #text} with two or three digits, for narrow places. */
  static String brief(double bytes) {
    int unit = unit(bytes);
    double amount = in(bytes, unit);
    return Num.decimal(amount, amount < 10 ? 1 : 0) + " " + UNITS[unit];
  }
}
