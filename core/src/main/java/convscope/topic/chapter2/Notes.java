package convscope.topic.chapter2;

import convscope.num.Num;
import convscope.param.Problem;
import convscope.scene.Twin;
import java.util.ArrayList;
import java.util.List;

/** Short sentences that are true of the windows along one axis. */
final class Notes {
  private Notes() {}

  /**
   * What is worth saying of cells that no window reads and of windows that hang over.
   *
   * @param unit row or column
   */
  static List<String> of(Axis axis, String unit) {
    List<String> notes = new ArrayList<>();
    if (axis.dropped() > 0) {
      notes.add(
          (axis.convention().same() ? "no window reaches " : "dropped by the floor: ")
              + places(axis, axis.reach(), axis.end(), unit));
    }
    List<Integer> between = between(axis);
    if (!between.isEmpty()) {
      notes.add(stepped(between, unit, axis.in()));
    }
    if (axis.overhang() > 0) {
      notes.add(
          "ceil_mode: the last window hangs "
              + axis.overhang()
              + " "
              + unit
              + (axis.overhang() == 1 ? "" : "s")
              + " over the edge");
    }
    if (axis.dropsLast()) {
      notes.add("ceil_mode drops one more window: it would start past the input");
    }
    return notes;
  }

  /** Cells of the padded input before the end of the last window that no tap reads. */
  static List<Integer> between(Axis axis) {
    List<Integer> places = new ArrayList<>();
    for (int place = -axis.before(); place < Math.min(axis.end(), axis.reach()); place++) {
      if (!axis.read(place)) {
        places.add(place);
      }
    }
    return places;
  }

  /** The same in words: by place where they are few. */
  private static String stepped(List<Integer> places, String unit, int in) {
    int count = places.size();
    String units = unit + (count == 1 ? " " : "s ");
    boolean named = count <= 6 && places.get(0) >= 0 && places.get(count - 1) < in;
    return "stepped over: "
        + (named
            ? units + SearchWords.list(places).replace(" or ", " and ")
            : count + " " + units + "never read");
  }

  /** Places from {@code from} to before {@code to}: {@code row 8 and 1 padding row}. */
  static String places(Axis axis, int from, int to, String unit) {
    int inside = Math.min(to, axis.in());
    StringBuilder out = new StringBuilder();
    if (from < inside) {
      out.append(unit).append(inside - from == 1 ? " " : "s ").append(from);
      if (inside - from > 1) {
        out.append(inside - from == 2 ? " and " : " to ").append(inside - 1);
      }
    }
    int pads = to - Math.max(from, axis.in());
    if (pads > 0) {
      out.append(out.isEmpty() ? "" : " and ").append(pads).append(" padding ").append(unit);
      out.append(pads == 1 ? "" : "s");
    }
    return out.toString();
  }

  /** {@code rows 1 to 3}, {@code rows 1, 3, 5}; padding has negative numbers. */
  static String reads(Axis axis, int window, String unit) {
    int start = axis.start(window);
    if (axis.kernel() == 1) {
      return unit + " " + number(start);
    }
    if (axis.dilation() == 1 && axis.kernel() > 2) {
      return unit + "s " + number(start) + " to " + number(start + axis.span() - 1);
    }
    StringBuilder out = new StringBuilder(unit).append("s ");
    for (int u = 0; u < axis.kernel(); u++) {
      out.append(u == 0 ? "" : u == axis.kernel() - 1 ? " and " : ", ");
      out.append(number(start + u * axis.dilation()));
    }
    return out.toString();
  }

  /** Which windows read a place, in words. */
  static String readers(Axis axis, int place) {
    List<Integer> readers = new ArrayList<>();
    for (int i = 0; i < axis.out(); i++) {
      if (axis.reads(i, place)) {
        readers.add(i);
      }
    }
    if (readers.isEmpty()) {
      return "no window";
    }
    return (readers.size() == 1 ? "window " : "windows ")
        + SearchWords.list(readers).replace(" or ", " and ");
  }

  /** What the mistake gives, and the window that shows that it is wrong. */
  static String wrong(Axis axis, Mistake mistake, String unit) {
    int wrong = axis.wrong(mistake);
    String says = mistake.words() + ": " + number(wrong);
    if (wrong == axis.out()) {
      return says + ", by luck the same here";
    }
    if (axis.convention() == Convention.TRANSPOSED) {
      return says + " ✗ instead of " + axis.out();
    }
    if (wrong < axis.out()) {
      int missed = axis.out() - Math.max(0, wrong);
      return says
          + " ✗ but "
          + (missed == 1 ? "window " + (axis.out() - 1) + " fits" : missed + " more windows fit")
          + " too";
    }
    int needs = axis.start(axis.out()) + axis.span() - 1;
    return says
        + " ✗ but window "
        + axis.out()
        + " would need "
        + unit
        + " "
        + number(needs)
        + " and "
        + (axis.after() > 0 ? "the padding ends at " : "the last is ")
        + number(axis.end() - 1);
  }

  /** Adds a table of an axis' windows. */
  static void windows(Twin twin, String name, Axis axis, String unit) {
    List<List<String>> rows = new ArrayList<>();
    for (int n = 0; n < axis.out(); n++) {
      rows.add(List.of(String.valueOf(n), number(axis.start(n)), reads(axis, n, unit)));
    }
    twin.table(name, List.of("window", "starts at", "reads"), rows);
  }

  /** What is said to who types into a cell of this chapter's figures. */
  static Problem notEditable() {
    return new Problem("", "Cells of this figure follow from the parameters; change those instead");
  }

  static String number(int value) {
    return Num.decimal(value, 0);
  }
}
