package convscope.topic.chapter2;

import convscope.num.Num;
import convscope.op.Window;
import convscope.scene.Prose;
import java.util.ArrayList;
import java.util.List;

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

  /** One past the last place of the last window. */
  int reach() {
    return window.reach(out());
  }

  /** Cells of the padded input after the last window: what the floor dropped. */
  int dropped() {
    return Math.max(0, end() - reach());
  }

  /** Cells of the last window beyond the padded input: how far ceil mode hangs over. */
  int overhang() {
    return Math.max(0, reach() - end());
  }

  boolean inside(int place) {
    return place >= 0 && place < in;
  }

  /** How many windows have a tap on a place. */
  int readers(int place) {
    return window.readers(place, out()).length;
  }

  /** Places of the padded input before the end of the last window that no tap reads. */
  List<Integer> steppedOver() {
    List<Integer> places = new ArrayList<>();
    for (int place = -window.padBefore(); place < Math.min(end(), reach()); place++) {
      if (readers(place) == 0) {
        places.add(place);
      }
    }
    return places;
  }

  /** What the well-known slip gives instead of {@link #out}. */
  int wrong(Mistake mistake) {
    int stride = window.stride();
    int less = mistake == Mistake.PLUS_ONE ? 1 : 0;
    int spread = window.span() - window.kernel(); // what dilation adds to a window
    int room = room() + (mistake == Mistake.DILATION ? spread : 0);
    if (mistake == Mistake.NONE || !mistake.absent(convention).isEmpty()) {
      return out();
    }
    return switch (convention) {
      case TRANSPOSED -> out() - less - (mistake == Mistake.DILATION ? spread : 0);
      case SAME, SAME_UPPER, SAME_LOWER -> in / stride;
      case VALID -> divided(room + 1, stride, mistake != Mistake.FLOOR);
      case CEIL -> divided(room, stride, mistake != Mistake.FLOOR) + 1 - less;
      case FLOOR -> divided(room, stride, mistake == Mistake.FLOOR) + 1 - less;
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
    List<Integer> places = new ArrayList<>();
    for (int tap = 0; tap < window.kernel(); tap++) {
      places.add(window.place(i, tap));
    }
    return units(places, window.dilation() == 1);
  }

  /** {@code windows 1 and 2}: those that read a place. */
  String readersOf(int place) {
    List<Integer> readers = new ArrayList<>();
    for (int reader : window.readers(place, out())) {
      readers.add(reader);
    }
    return readers.isEmpty()
        ? "no window"
        : (readers.size() == 1 ? "window " : "windows ") + list(readers, "and");
  }

  /** {@code row 8 and 1 padding row}: what no window reaches at the end. */
  String droppedPlaces() {
    List<Integer> places = new ArrayList<>();
    for (int place = reach(); place < in; place++) {
      places.add(place);
    }
    int pads = end() - Math.max(reach(), in);
    String padding = pads + " padding " + unit() + (pads == 1 ? "" : "s");
    return places.isEmpty() ? padding : units(places, true) + (pads > 0 ? " and " + padding : "");
  }

  /** {@code Stepped over: rows 2, 3 and 4.} or nothing: by place where they are few. */
  String steppedOverPlaces() {
    List<Integer> places = steppedOver();
    int count = places.size();
    if (count == 0) {
      return "";
    }
    boolean named = count <= 6 && places.get(0) >= 0 && places.get(count - 1) < in;
    String units = named ? units(places, false) : count + " " + unit() + (count == 1 ? "" : "s");
    return " Stepped over: " + units + ".";
  }

  /** {@code 1·2 − 1 = 1}: where a window starts. */
  String start(int i) {
    return i
        + "·"
        + window.stride()
        + (window.padBefore() > 0 ? " − " + window.padBefore() : "")
        + " = "
        + Num.value(window.start(i));
  }

  /** Whether a place is in the padded input. */
  boolean exists(int place) {
    return place >= -window.padBefore() && place < end();
  }

  /** Why no window reads a place of the padded input. */
  private void unread(Prose prose, int place) {
    if (place < reach()) {
      prose.add(" is stepped over: it lies between the taps of all windows.");
      return;
    }
    prose.add(
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
    if (readers(place) == 0) {
      unread(prose, place);
      return prose;
    }
    return prose.add(" is read by [kernel {}] of {}.", readersOf(place), out());
  }

  /** Who reads a cell of the padded input. */
  static Prose cell(Axis h, Axis w, int row, int column) {
    if (!h.exists(row) || !w.exists(column)) {
      return Prose.of("There is nothing here: the padded input ends before.");
    }
    boolean inside = h.inside(row) && w.inside(column);
    Prose prose =
        Prose.of(
            inside
                ? "The cell at [input row {}, column {}]"
                : "The padding cell at [padding row {}, column {}]",
            Num.value(row),
            Num.value(column));
    int reads = h.readers(row) * w.readers(column);
    if (reads == 0) {
      (h.readers(row) == 0 ? h : w).unread(prose, h.readers(row) == 0 ? row : column);
      return prose;
    }
    return prose.add(
        " is read by [output {} of the {} outputs]: {} along the height, {} along the width.",
        reads,
        h.out() * w.out(),
        h.readersOf(row),
        w.readersOf(column));
  }

  private String units(List<Integer> places, boolean range) {
    int last = places.size() - 1;
    return unit()
        + (last == 0 ? " " : "s ")
        + (range && last > 1
            ? Num.value(places.get(0)) + " to " + Num.value(places.get(last))
            : list(places, "and"));
  }

  /** {@code 1, 2 or 3}. */
  static String list(List<Integer> values, String last) {
    StringBuilder out = new StringBuilder();
    for (int n = 0; n < values.size(); n++) {
      out.append(n == 0 ? "" : n == values.size() - 1 ? " " + last + " " : ", ");
      out.append(Num.value(values.get(n)));
    }
    return out.toString();
  }
}
