package convscope.num;

/** Amounts of memory in units of 1,024. */
public final class Bytes {
  private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB"};

  private Bytes() {}

  /** The largest unit of which there is at least one, from 0 for bytes. */
  public static int unit(double bytes) {
    int unit = 0;
    while (in(bytes, unit) >= 1024 && unit < UNITS.length - 1) {
      unit++;
    }
    return unit;
  }

  public static String name(int unit) {
    return UNITS[unit];
  }

  /** How many of the unit. */
  public static double in(double bytes, int unit) {
    return unit == 0 ? bytes : in(bytes / 1024, unit - 1);
  }

  /** For people: {@code 98 MiB}, {@code 36.8 KiB}. */
  public static String text(double bytes) {
    double amount = in(bytes, unit(bytes));
    return Num.decimal(amount, amount < 10 ? 2 : amount < 100 ? 1 : 0) + " " + name(unit(bytes));
  }

  /** How many of the unit in at most four characters, for narrow places. */
  public static String rounded(double bytes, int unit) {
    double amount = in(bytes, unit);
    return Num.decimal(amount, amount < 10 ? 1 : 0);
  }
}
