package convscope.topic.chapter2;

/** Who decides how many windows fit: the rule that a library or a layer follows. */
enum Convention {
  FLOOR("floor", "PyTorch: padding P, floor", "Conv2d"),
  SAME("same", "Keras SAME", "Conv2d"),
  VALID("valid", "Keras VALID", "Conv2d"),
  SAME_UPPER("same-upper", "ONNX auto_pad SAME_UPPER", "Conv2d"),
  SAME_LOWER("same-lower", "ONNX auto_pad SAME_LOWER", "Conv2d"),
  CEIL("ceil", "Pooling with ceil_mode", "MaxPool2d"),
  TRANSPOSED("transposed", "Transposed convolution", "ConvTranspose2d");

  private final String text;
  private final String label;
  private final String operator;

  Convention(String text, String label, String operator) {
    this.text = text;
    this.label = label;
    this.operator = operator;
  }

  /** The word in URLs and attributes. */
  String text() {
    return text;
  }

  String label() {
    return label;
  }

  /** The operator that checks the answer by running. */
  String operator() {
    return operator;
  }

  /** Whether the output is ⌈in/S⌉ and the padding follows from it. */
  boolean same() {
    return this == SAME || this == SAME_UPPER || this == SAME_LOWER;
  }

  /** Whether the padding P is the reader's to choose. */
  boolean choosesPadding() {
    return this == FLOOR || this == CEIL || this == TRANSPOSED;
  }

  static Convention of(String text) {
    for (Convention convention : values()) {
      if (convention.text.equals(text)) {
        return convention;
      }
    }
    throw new IllegalArgumentException("Convention: there is no “" + text + "”");
  }
}
