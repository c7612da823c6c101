package convscope.topic.chapter2;

import convscope.op.Window;

/** Who decides how many windows fit: the rule that a library or a layer follows. */
enum Convention {
  FLOOR("PyTorch: padding P, floor", "Conv2d"),
  SAME("Keras SAME", "Conv2d"),
  VALID("Keras VALID", "Conv2d"),
  SAME_UPPER("ONNX auto_pad SAME_UPPER", "Conv2d"),
  SAME_LOWER("ONNX auto_pad SAME_LOWER", "Conv2d"),
  CEIL("Pooling with ceil_mode", "MaxPool2d"),
  TRANSPOSED("Transposed convolution", "ConvTranspose2d");

  final String label;
  final String operator; // that checks the answer by running

  Convention(String label, String operator) {
    this.label = label;
    this.operator = operator;
  }

  /** Whether the output is ⌈in/S⌉ and the padding follows from it. */
  boolean same() {
    return this == SAME || this == SAME_UPPER || this == SAME_LOWER;
  }

  /** Whether the padding P is the reader's to choose. */
  boolean choosesPadding() {
    return this == FLOOR || this == CEIL || this == TRANSPOSED;
  }

  /** The window with the padding that the rule gives it on an input of that size. */
  Window padded(Window window, int in) {
    return same()
        ? window.same(in, this != SAME_LOWER)
        : this == VALID ? window.padding(0) : window;
  }
}
