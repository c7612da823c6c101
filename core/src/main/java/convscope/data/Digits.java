package convscope.data;

/**
 * Ten real handwritten digits, one of each class: for each the one nearest to its class's mean,
 * from the UCI set “Optical Recognition of Handwritten Digits” (Alpaydin &amp; Kaynak 1998, CC BY
 * 4.0; see NOTICE). Eight by eight, values 0 to 16.
 */
public final class Digits {
  /** Rows and columns of a digit. */
  public static final int SIDE = 8;

  // one character a value, 0 to g for 0 to 16, row-major
  private static final String[] VALUES = {
    "002e910001ccb80004e10d3008d00a6005g1089000g00b9000dbaf40003fg500",
    "006a8300006gg900009gg600007gga0000bgg800007gg90000agg6000049cb20",
    "01cg50000bggd0000765e2000000c3000004d000001d500000aga84000dfgc70",
    "006cga0004f8ce000000d8000006e1000005f80000002f5000145f80005ge910",
    "0007g200000fb00000be650004g7ed200agdgga008fega100009g1000009f100",
    "019ggf3008gc883006g9300008ggg4000364db0000008d000058fa0000bgb100",
    "001d7000007e200000d5000000g3000003gacc3003gb59c001db4db0001cgb20",
    "003gcc7000cddg6000206e000014da10009ggg80004cc710000e6000004g2000",
    "003dd30002eccb0004g85f3001deg70000bgd10001gcde1000dd9g70003dga10",
    "004dd40000gaa80000e76b00006ffg2000000b500000079001446ca0016bfc10"
  };

  private Digits() {}

  /** The digit of a class 0 to 9; (8, 8), values 0 to 16. */
  public static float[] typical(int digit) {
    String text = VALUES[digit];
    float[] values = new float[SIDE * SIDE];
    for (int i = 0; i < values.length; i++) {
      values[i] = Character.digit(text.charAt(i), 17);
    }
    return values;
  }
}
