package convscope.op;

import org.jspecify.annotations.Nullable;

/** What a position outside the input reads. */
public enum PaddingMode {
  /** Nothing: a zero. */
  ZEROS,
  /**
   * The input mirrored at its border, the border itself not repeated: {@code c b | a b c | b a}.
   */
  REFLECT,
  /** The nearest border element: {@code a a | a b c | c c}. */
  REPLICATE,
  /** The input repeated: {@code b c | a b c | a b}. */
  CIRCULAR;

  /**
   * The position inside [0, size) that position {@code index} (negative or beyond the end in the
   * padding) reads, or −1 for a zero. Mirrors and repetitions go on as far as needed.
   */
  public int source(int index, int size) {
    if (index >= 0 && index < size) {
      return index;
    }
    switch (this) {
      case REFLECT:
        if (size == 1) {
          return 0;
        }
        int at = Math.floorMod(index, 2 * (size - 1));
        return at < size ? at : 2 * (size - 1) - at;
      case REPLICATE:
        return index < 0 ? 0 : size - 1;
      case CIRCULAR:
        return Math.floorMod(index, size);
      default:
        return -1;
    }
  }

  /**
   * Why {@code padding} cells beside {@code size} ones are not possible in this mode, or null. One
   * mirror holds size − 1 cells and one repetition size; like PyTorch, no mode goes round twice.
   */
  @Nullable String problem(String operation, String axis, int size, int padding) {
    int most = this == REFLECT ? size - 1 : size;
    if ((this != REFLECT && this != CIRCULAR) || padding <= most) {
      return null;
    }
    return operation
        + ": "
        + text()
        + " padding "
        + padding
        + " exceeds "
        + most
        + ", all that an input "
        + axis
        + " of "
        + size
        + " can give; lower padding to "
        + most
        + " or use replicate";
  }

  /** Lower-case name, as in URLs and attributes. */
  public String text() {
    switch (this) {
      case REFLECT:
        return "reflect";
      case REPLICATE:
        return "replicate";
      case CIRCULAR:
        return "circular";
      default:
        return "zeros";
    }
  }

  /** The mode of a lower-case name. */
  public static PaddingMode parse(String text) {
    for (PaddingMode mode : values()) {
      if (mode.text().equals(text)) {
        return mode;
      }
    }
    throw new IllegalArgumentException(
        "PaddingMode: unknown mode \"" + text + "\"; use zeros, reflect, replicate or circular");
  }
}
