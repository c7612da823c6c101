package convscope.topic.chapter2;

/** The quantity that is wanted; the others are given. */
enum Unknown {
  OUT("out", "Output size"),
  IN("in", "Input size"),
  KERNEL("kernel", "Kernel K"),
  STRIDE("stride", "Stride S"),
  PADDING("padding", "Padding P"),
  DILATION("dilation", "Dilation D"),
  PADDING_STRIDE("padding-stride", "Padding P and stride S");

  private final String text;
  private final String label;

  Unknown(String text, String label) {
    this.text = text;
    this.label = label;
  }

  /** The word in URLs and attributes. */
  String text() {
    return text;
  }

  String label() {
    return label;
  }

  /** Whether height and width may have different ones. */
  boolean perAxis() {
    return this == IN || this == KERNEL;
  }

  /** The letter in sentences and tables. */
  String letter() {
    return switch (this) {
      case OUT -> "out";
      case IN -> "size";
      case KERNEL -> "K";
      case STRIDE -> "S";
      case PADDING -> "P";
      case DILATION -> "D";
      case PADDING_STRIDE -> "P";
    };
  }

  static Unknown of(String text) {
    for (Unknown unknown : values()) {
      if (unknown.text.equals(text)) {
        return unknown;
      }
    }
    throw new IllegalArgumentException("Unknown: there is no “" + text + "”");
  }
}
