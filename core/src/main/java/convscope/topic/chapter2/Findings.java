package convscope.topic.chapter2;

import convscope.scene.Twin;
import java.util.ArrayList;
import java.util.List;

/** Sentences that are true of a whole {@link OutputSize}. */
final class Findings {
  private Findings() {}

  /** What the figure shows, independent of the step. */
  static String alt(OutputSize size) {
    Geometry drawn = size.drawn();
    StringBuilder out = new StringBuilder();
    Search search = size.search();
    if (search != null) {
      out.append(SearchWords.answer(search)).append(". Drawn: ");
    }
    out.append("Input ")
        .append(drawn.in().toString())
        .append(", kernel ")
        .append(drawn.kernel().toString());
    out.append(", stride ").append(drawn.stride());
    if (drawn.convention().choosesPadding()) {
      out.append(", padding ").append(drawn.padding());
    } else {
      out.append(", padding ").append(pads(size.height())).append(" by ");
      out.append(pads(size.width()));
    }
    out.append(", dilation ").append(drawn.dilation());
    if (drawn.convention() == Convention.TRANSPOSED) {
      out.append(", output padding ").append(drawn.outputPadding());
    }
    out.append(": output ").append(size.out().toString()).append(". ");
    out.append("Running ").append(drawn.convention().operator()).append(" gives ");
    out.append(size.ran().toString()).append(size.agrees() ? " too. " : ". ").append(sizes(size));
    return out.toString().trim();
  }

  private static String pads(Axis axis) {
    return axis.before() + " + " + axis.after();
  }

  /** What the floor, the convention or the mistake makes of both axes. */
  static String sizes(OutputSize size) {
    Convention convention = size.drawn().convention();
    if (size.mistake() != Mistake.NONE) {
      boolean luck = size.wrong().equals(size.out());
      String words = size.mistake().words();
      return capital(words)
          + " the answer would be "
          + size.wrong().toString()
          + (luck
              ? ", by luck the same."
              : "; really running it gives " + size.ran().toString() + ".");
    }
    return switch (convention) {
      case FLOOR, VALID -> floors(size);
      case SAME, SAME_UPPER -> same(size, "after");
      case SAME_LOWER -> same(size, "before");
      case CEIL -> ceils(size);
      case TRANSPOSED -> inverse(size);
    };
  }

  private static String floors(OutputSize size) {
    String high = floors(size.height(), "height", "row");
    String wide = floors(size.width(), "width", "column");
    if (high.isEmpty() && wide.isEmpty()) {
      return "The last windows end exactly at the edge: the floor drops nothing.";
    }
    return high + (high.isEmpty() || wide.isEmpty() ? "" : " ") + wide;
  }

  /** {@code Heights 7 and 8 both give 4: the floor drops 1 padding row.} */
  private static String floors(Axis axis, String name, String unit) {
    if (axis.dropped() == 0) {
      return "";
    }
    int least = axis.in() - axis.dropped();
    String range =
        least < 1
            ? capital(name) + " " + axis.in() + " gives "
            : capital(name)
                + "s "
                + least
                + (axis.dropped() == 1 ? " and " : " to ")
                + axis.in()
                + (axis.dropped() == 1 ? " both give " : " all give ");
    return range
        + axis.out()
        + ": the floor drops "
        + Notes.places(axis, axis.reach(), axis.end(), unit)
        + ".";
  }

  /** With a capital first letter; Character.toUpperCase would bring all of Unicode along. */
  private static String capital(String words) {
    return (char) (words.charAt(0) - 'a' + 'A') + words.substring(1);
  }

  private static String same(OutputSize size, String side) {
    Axis h = size.height();
    Axis w = size.width();
    boolean uneven = h.before() != h.after() || w.before() != w.after();
    String keras =
        size.drawn().convention() == Convention.SAME && h.stride() > 1 && h.dilation() > 1
            ? " Keras itself refuses stride and dilation above 1 together."
            : "";
    return "SAME gives ⌈size/S⌉ whatever the kernel"
        + (uneven
            ? "; the odd padding cell goes " + side + " the input."
            : ", and here its padding is even.")
        + keras;
  }

  private static String ceils(OutputSize size) {
    Axis h = size.height();
    Axis w = size.width();
    int floorHeight = Math.floorDiv(h.room(), h.stride()) + 1;
    int floorWidth = Math.floorDiv(w.room(), w.stride()) + 1;
    if (h.out() == floorHeight && w.out() == floorWidth) {
      return h.dropsLast() || w.dropsLast()
          ? "Ceil mode leaves out a last window that would start past the input: the same as the floor."
          : "The windows end exactly at the edge: ceil and floor agree.";
    }
    return "The floor would give "
        + floorHeight
        + " × "
        + floorWidth
        + "; ceil mode keeps the windows that hang over the edge.";
  }

  private static String inverse(OutputSize size) {
    Axis h = size.height();
    Axis back =
        new Axis(Convention.FLOOR, h.out(), h.kernel(), h.stride(), h.padding(), h.dilation(), 0);
    return back.out() == h.in()
        ? "A convolution with the same numbers leads from height "
            + h.out()
            + " back to "
            + h.in()
            + (h.stride() > 1
                ? "; so it does from every output padding below " + h.stride() + "."
                : ".")
        : "A convolution with the same numbers would lead from height "
            + h.out()
            + " to "
            + back.out()
            + ", not back to "
            + h.in()
            + ".";
  }

  /** Adds the numbers of the formula as a table, and the search's. */
  static void addTo(Twin twin, OutputSize size) {
    List<List<String>> rows = new ArrayList<>();
    Axis h = size.height();
    Axis w = size.width();
    rows.add(row("input", h.in(), w.in()));
    rows.add(row("kernel", h.kernel(), w.kernel()));
    rows.add(row("window with dilation, D(K − 1) + 1", h.span(), w.span()));
    rows.add(row("stride", h.stride(), w.stride()));
    rows.add(row("padding before", h.before(), w.before()));
    rows.add(row("padding after", h.after(), w.after()));
    if (h.convention() != Convention.TRANSPOSED) {
      rows.add(row("cells after the last window", h.dropped(), w.dropped()));
      rows.add(row("cells of it beyond the edge", h.overhang(), w.overhang()));
    }
    rows.add(row("output", h.out(), w.out()));
    rows.add(row("output by running", size.ran().height(), size.ran().width()));
    twin.table("Output size", List.of("quantity", "height", "width"), rows);
    Search search = size.search();
    if (search != null) {
      List<List<String>> tried = new ArrayList<>();
      for (Search.Candidate candidate : search.candidates()) {
        tried.add(
            List.of(
                SearchWords.value(search.unknown(), candidate.geometry()),
                candidate.out().height() < 1 ? "does not fit" : "" + candidate.out().height(),
                candidate.out().width() < 1 ? "does not fit" : "" + candidate.out().width()));
      }
      twin.table(
          "Wanted " + search.wanted().toString(),
          List.of("value", "output height", "output width"),
          tried);
    }
  }

  private static List<String> row(String name, int height, int width) {
    return List.of(name, Notes.number(height), Notes.number(width));
  }
}
