package convscope.topic.chapter2;

/**
 * The arithmetic of a sliding window along one axis.
 *
 * <pre>
 *   floor       out = ⌊(in + 2p − d(k−1) − 1)/s⌋ + 1                (Dumoulin &amp; Visin 2016)
 *   VALID       out = ⌈(in − d(k−1))/s⌉                             (Keras: padding "valid")
 *   SAME        out = ⌈in/s⌉, pads = max((out−1)s + d(k−1) + 1 − in, 0); the odd one at the end, with
 *               SAME_LOWER at the beginning                         (Keras, ONNX Conv auto_pad)
 *   ceil_mode   out = ⌈(in + 2p − d(k−1) − 1)/s⌉ + 1, one less if the last window would start
 *               at in + p or beyond                                 (PyTorch MaxPool2d)
 *   transposed  out = (in − 1)s − 2p + d(k−1) + op + 1              (PyTorch ConvTranspose2d)
 * </pre>
 *
 * <p>Places are counted from the first input cell; padding before it has negative ones.
 */
record Axis(
    Convention convention,
    int in,
    int kernel,
    int stride,
    int padding,
    int dilation,
    int outputPadding) {

  /** Cells from a window's first tap to its last: {@code d(k−1) + 1}. */
  int span() {
    return dilation * (kernel - 1) + 1;
  }

  /** {@code in + 2p − d(k−1) − 1}: how far the first window can move. */
  int room() {
    return in + 2 * (convention.choosesPadding() ? padding : 0) - dilation * (kernel - 1) - 1;
  }

  /** The output's size; below 1 where no window fits. */
  int out() {
    return switch (convention) {
      case FLOOR -> Math.floorDiv(room(), stride) + 1;
      case VALID -> ceilDiv(in - dilation * (kernel - 1), stride);
      case SAME, SAME_UPPER, SAME_LOWER -> ceilDiv(in, stride);
      case CEIL -> dropsLast() ? ceilDiv(room(), stride) : ceilDiv(room(), stride) + 1;
      case TRANSPOSED ->
          (in - 1) * stride - 2 * padding + dilation * (kernel - 1) + outputPadding + 1;
    };
  }

  /** In ceil mode: whether the last window would read no input and is left out. */
  boolean dropsLast() {
    return convention == Convention.CEIL && ceilDiv(room(), stride) * stride >= in + padding;
  }

  /** Padding cells before the input. */
  int before() {
    if (!convention.same()) {
      return convention.choosesPadding() ? padding : 0;
    }
    int pads = samePads();
    return convention == Convention.SAME_LOWER ? pads - pads / 2 : pads / 2;
  }

  /** Padding cells after the input. */
  int after() {
    return convention.same() ? samePads() - before() : before();
  }

  /** {@code max((out−1)s + d(k−1) + 1 − in, 0)}. */
  int samePads() {
    return Math.max((out() - 1) * stride + span() - in, 0);
  }

  /** The size of the padded input. */
  int padded() {
    return before() + in + after();
  }

  /** The place at which window {@code i} begins. */
  int start(int i) {
    return i * stride - before();
  }

  /** One past the last place of the padded input. */
  int end() {
    return in + after();
  }

  /** One past the last place of the last window. */
  int reach() {
    return start(out() - 1) + span();
  }

  /** Cells of the padded input after the last window: what the floor dropped. */
  int dropped() {
    return Math.max(0, end() - reach());
  }

  /** Cells of the last window beyond the padded input: how far ceil mode hangs over. */
  int overhang() {
    return Math.max(0, reach() - end());
  }

  /** Whether window {@code i} has a tap on that place. */
  boolean reads(int i, int place) {
    int offset = place - start(i);
    return offset >= 0 && offset < span() && offset % dilation == 0;
  }

  /** How many windows have a tap on that place. */
  int readers(int place) {
    int readers = 0;
    for (int i = 0; i < out(); i++) {
      readers += reads(i, place) ? 1 : 0;
    }
    return readers;
  }

  /** Whether any window has a tap on that place. */
  boolean read(int place) {
    return readers(place) > 0;
  }

  /** The same with another stride. */
  Axis with(int newStride) {
    return new Axis(convention, in, kernel, newStride, padding, dilation, outputPadding);
  }

  /** The same with another input. */
  Axis sized(int newIn) {
    return new Axis(convention, newIn, kernel, stride, padding, dilation, outputPadding);
  }

  /** What the well-known slip gives instead of {@link #out}. */
  int wrong(Mistake mistake) {
    int steps =
        mistake == Mistake.DILATION ? room() + dilation * (kernel - 1) - (kernel - 1) : room();
    return switch (convention) {
      case FLOOR, VALID ->
          switch (mistake) {
            case NONE -> out();
            case PLUS_ONE -> Math.floorDiv(room(), stride);
            case FLOOR -> ceilDiv(room(), stride) + 1;
            case DILATION -> Math.floorDiv(steps, stride) + 1;
          };
      case CEIL ->
          switch (mistake) {
            case NONE -> out();
            case PLUS_ONE -> ceilDiv(room(), stride);
            case FLOOR -> Math.floorDiv(room(), stride) + 1;
            case DILATION -> ceilDiv(steps, stride) + 1;
          };
      case SAME, SAME_UPPER, SAME_LOWER -> mistake == Mistake.FLOOR ? in / stride : out();
      case TRANSPOSED ->
          switch (mistake) {
            case NONE, FLOOR -> out();
            case PLUS_ONE -> out() - 1;
            case DILATION -> out() - dilation * (kernel - 1) + kernel - 1;
          };
    };
  }

  static int ceilDiv(int a, int b) {
    return -Math.floorDiv(-a, b);
  }
}
