package convscope.topic.chapter2;

import convscope.op.Window;
import convscope.param.ChoiceParam;
import convscope.param.Values;

/** Who decides how many windows fit: the rule that a library or a layer follows. */
enum Convention {
  FLOOR("floor", "PyTorch: padding P, floor", "Conv2d"),
  SAME("same", "Keras SAME", "Conv2d"),
  VALID("valid", "Keras VALID", "Conv2d"),
  SAME_UPPER("same-upper", "ONNX auto_pad SAME_UPPER", "Conv2d"),
  SAME_LOWER("same-lower", "ONNX auto_pad SAME_LOWER", "Conv2d"),
  CEIL("ceil", "Pooling with ceil_mode", "MaxPool2d"),
  TRANSPOSED("transposed", "Transposed convolution", "ConvTranspose2d");

  final String text; // in URLs and attributes
  final String label;
  final String operator; // that checks the answer by running

  Convention(String text, String label, String operator) {
    this.text = text;
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

  static Convention of(Values values) {
    return ChoiceParam.constant(values(), constant -> constant.text, values.choice("convention"));
  }
}
