package convscope.topic.chapter2;

import convscope.num.Num;
import convscope.op.Window;
import convscope.scene.Prose;
import java.util.Arrays;

/**
 * One axis of an output: a window, the size that it slides over, and the rule that counts.
 *
 * <pre>
 *   floor       out = ⌊(in + 2p − d(k−1) − 1)/s⌋ + 1                (Dumoulin &amp; Visin 2016)
 *   VALID       out = ⌈(in − d(k−1))/s⌉                             (Keras: padding "valid")
 *   SAME        out = ⌈in/s⌉, padding as {@link Window#same}        (Keras, ONNX Conv auto_pad)
 *   ceil_mode   out = ⌈(in + 2p − d(k−1) − 1)/s⌉ + 1, or one less   (PyTorch MaxPool2d)
 *   transposed  out = (in − 1)s − 2p + d(k−1) + op + 1              (PyTorch ConvTranspose2d)
 * </pre>
 *
 * @param height whether it is the height; its units are rows, those of the width columns
 * @param window with the padding that the convention gives it
 */
record Axis(Convention convention, boolean height, int in, Window window, int outputPadding) {
  /** The axis under a convention, which may replace the window's padding. */
  static Axis of(Convention convention, boolean height, int in, Window window) {
    return new Axis(convention, height, in, convention.padded(window, in), 0);
  }

  /** The output's size; below 1 where no window fits. */
  int out() {
    return switch (convention) {
      case CEIL -> window.ceilOut(in);
      case TRANSPOSED -> window.transposedOut(in, outputPadding);
      default -> window.out(in);
    };
  }

  /** {@code in + 2p − d(k−1) − 1}: how far the first window can move. */
  int room() {
    return window.padded(in) - window.span();
  }

  /** In ceil mode: whether the last window would start past the input and is left out. */
  boolean dropsLast() {
    return convention == Convention.CEIL && out() < Window.ceilDiv(room(), window.stride()) + 1;
  }

  /** One past the last place of the padded input. */
  int end() {
    return in + window.padAfter();
  }

  /** One past the last place of the last window; in ceil mode it may be past the padding too. */
  int reach() {
    return window.reach(out());
  }

  /** Cells of the padded input after the last window: what the floor dropped. */
  int dropped() {
    return Math.max(0, end() - reach());
  }

  /** Whether both ends have the same padding. */
  boolean even() {
    return window.padBefore() == window.padAfter();
  }

  /** {@code 1 + 2}: the padding before and after. */
  String pads() {
    return window.padBefore() + " + " + window.padAfter();
  }

  boolean inside(int place) {
    return place >= 0 && place < in;
  }

  /** Whether a place is in the padded input. */
  boolean exists(int place) {
    return place >= -window.padBefore() && place < end();
  }

  /** How many windows have a tap on a place. */
  int readers(int place) {
    return window.readers(place, out()).length;
  }

  /** Places of the padded input before the end of the last window that no tap reads. */
  int[] steppedOver() {
    int[] places = new int[window.padded(in)];
    int count = 0;
    for (int place = -window.padBefore(); place < Math.min(end(), reach()); place++) {
      if (readers(place) == 0) {
        places[count++] = place;
      }
    }
    return Arrays.copyOf(places, count);
  }

  /** What the well-known slip gives instead of {@link #out}. */
  int wrong(Mistake mistake) {
    int stride = window.stride();
    int less = mistake == Mistake.PLUS_ONE ? 1 : 0;
    int spread = mistake == Mistake.DILATION ? window.span() - window.kernel() : 0;
    boolean up = mistake == Mistake.FLOOR ^ convention != Convention.FLOOR;
    if (mistake == Mistake.NONE || !mistake.absent(convention).isEmpty()) {
      return out();
    }
    return switch (convention) {
      case TRANSPOSED -> out() - less - spread;
      case SAME, SAME_UPPER, SAME_LOWER -> in / stride;
      case VALID -> divided(room() + spread + 1, stride, up);
      case FLOOR, CEIL -> divided(room() + spread, stride, up) + 1 - less;
    };
  }

  private static int divided(int a, int b, boolean up) {
    return up ? Window.ceilDiv(a, b) : Math.floorDiv(a, b);
  }

  // ---- words

  String name() {
    return height ? "height" : "width";
  }

  String unit() {
    return height ? "row" : "column";
  }

  /** {@code rows 1 to 3}, {@code rows 1, 3 and 5}: what a window reads. */
  String reads(int i) {
    return units(window.start(i), window.start(i) + window.span(), window.dilation());
  }

  /** {@code windows 1 and 2}: those that read a place. */
  private String readersOf(int place) {
    int[] readers = window.readers(place, out());
    return readers.length == 0
        ? "no window"
        : (readers.length == 1 ? "window " : "windows ") + Prose.list(" and ", readers);
  }

  /** {@code row 8 and 1 padding row}: what no window reaches at the end. */
  String droppedPlaces() {
    int pads = end() - Math.max(reach(), in);
    String padding = Prose.of("{padding " + unit() + "}", pads).plain();
    return reach() >= in ? padding : units(reach(), in, 1) + (pads > 0 ? " and " + padding : "");
  }

  /** {@code Stepped over: rows 2, 3 and 4.} or nothing: by place where they are few. */
  String steppedOverPlaces() {
    int[] places = steppedOver();
    int count = places.length;
    if (count == 0) {
      return "";
    }
    boolean named = count <= 6 && places[0] >= 0 && places[count - 1] < in;
    return Prose.of(
            " Stepped over: {" + (named ? "" : unit()) + "}.", named ? units(places) : count)
        .plain();
  }

  /** {@code 1·2 − 1 = 1}: where a window starts. */
  String start(int i) {
    String padding = window.padBefore() > 0 ? " − " + window.padBefore() : "";
    return i + "·" + window.stride() + padding + " = " + Num.value(window.start(i));
  }

  /** Why no window reads a place of the padded input. */
  private Prose unread(Prose prose, int place) {
    return place < reach()
        ? prose.add(" is stepped over: it lies between the taps of all windows.")
        : prose.add(
            " is {}: the next window would need {} {}, and the last is {}.",
            convention.same() ? "not reached" : "dropped by the floor",
            unit(),
            window.start(out()) + window.span() - 1,
            end() - 1);
  }

  /** Who reads a row or a column of the padded input. */
  Prose place(int place) {
    String name = inside(place) ? "Input [input {} {}]" : "The padding [padding {} {}]";
    Prose prose = Prose.of(name, unit(), Num.value(place));
    return readers(place) == 0
        ? unread(prose, place)
        : prose.add(" is read by [kernel {}] of {}.", readersOf(place), out());
  }

  /** Who reads a cell of the padded input. */
  static Prose cell(Axis h, Axis w, int row, int column) {
    if (!h.exists(row) || !w.exists(column)) {
      return Prose.of("There is nothing here: the padded input ends before.");
    }
    boolean inside = h.inside(row) && w.inside(column);
    String name = inside ? "The cell at [input {}]" : "The padding cell at [padding {}]";
    Prose prose = Prose.of(name, Num.place(row, column));
    return h.readers(row) == 0
        ? h.unread(prose, row)
        : w.readers(column) == 0
            ? w.unread(prose, column)
            : prose.add(
                " is read by [output {} of the {} outputs]: {} along the height, {} along the"
                    + " width.",
                h.readers(row) * w.readers(column),
                h.out() * w.out(),
                h.readersOf(row),
                w.readersOf(column));
  }

  /** Every so many places from one to before another. */
  private String units(int from, int end, int by) {
    int[] places = new int[Window.ceilDiv(end - from, by)];
    for (int n = 0; n < places.length; n++) {
      places[n] = from + n * by;
    }
    return by == 1 && places.length > 2
        ? unit() + "s " + Num.value(from) + " to " + Num.value(end - 1)
        : units(places);
  }

  private String units(int... places) {
    return unit() + (places.length == 1 ? " " : "s ") + Prose.list(" and ", places);
  }
}
