package convscope.op;

/** What a loss makes of its terms. */
public enum Reduction {
  /** Nothing: one loss per element. */
  NONE,
  /** Their mean; NaN where there is no term. */
  MEAN,
  /** Their sum. */
  SUM;

  /** Lower-case name, as in attributes. */
  public String text() {
    switch (this) {
      case NONE:
        return "none";
      case MEAN:
        return "mean";
      default:
        return "sum";
    }
  }

  /** The reduction of a lower-case name. */
  public static Reduction parse(String text) {
    for (Reduction reduction : values()) {
      if (reduction.text().equals(text)) {
        return reduction;
      }
    }
    throw new IllegalArgumentException(
        "Reduction: unknown reduction \"" + text + "\"; use none, mean or sum");
  }
}
