package convscope.topic.chapter2;

import convscope.param.Pair;
import convscope.scene.Box;
import convscope.scene.Cells;
import convscope.scene.Equation;
import convscope.scene.Prose;
import convscope.topic.Cell;
import convscope.topic.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An output's size with everything the figure says about it.
 *
 * @param search all values of the unknown, or null if the output itself is
 * @param drawn the geometry that is drawn: the given one, or a solution
 * @param ran the shape that the operator really gave for it
 * @param alongHeight whether the height is seen from the side, or else the width
 * @param way how a transposed convolution is seen: scatter, zeros or matrix
 * @param example the numbers of a transposed convolution, or null for the other conventions
 */
record OutputSize(
    @Nullable Search search,
    Geometry drawn,
    Pair ran,
    Mistake mistake,
    boolean alongHeight,
    String way,
    @Nullable Transposed example) {

  Axis height() {
    return drawn.height();
  }

  Axis width() {
    return drawn.width();
  }

  Axis along() {
    return alongHeight ? height() : width();
  }

  private Axis across() {
    return alongHeight ? width() : height();
  }

  /** Output height and width by the formula. */
  Pair out() {
    return drawn.out();
  }

  boolean agrees() {
    return ran.equals(out());
  }

  /** What the mistake gives. */
  Pair wrong() {
    return new Pair(height().wrong(mistake), width().wrong(mistake));
  }

  /** What is asked of the unknown, and both sizes step by step; of a search one axis. */
  String equation(boolean narrow) {
    return search == null
        ? narrow
            ? Equation.lines(false, List.of(Derivation.steps(along())))
            : Derivation.both(height(), width())
        : Derivation.solved(along(), search);
  }

  /** The table of a search, or null if nothing is sought. */
  @Nullable Box table(Cells cells, View view) {
    return search == null ? null : search.table(cells, alongHeight).picked(view.pick());
  }

  // ---- words

  /**
   * What the picked candidate of the search gives; if none is picked, after this beginning, what
   * was found, what the rule or the mistake makes of both axes, and what running gives.
   */
  Prose finding(@Nullable Cell pick, Prose prose) {
    String tried = search == null ? null : search.said(pick);
    if (tried != null) {
      return Prose.of("[output {}]", tried);
    }
    if (search != null) {
      prose.say(search.answer() + ".");
    } else if (mistake != Mistake.NONE) {
      mistaken(prose);
    } else {
      prose.say(
          switch (drawn.convention()) {
            case FLOOR, VALID -> floors();
            case SAME, SAME_UPPER, SAME_LOWER -> same();
            case CEIL -> ceils();
            case TRANSPOSED -> inverse();
          });
      prose.say(height().steppedOverPlaces() + width().steppedOverPlaces());
    }
    String agreement = agrees() ? " too" : ", the formula " + out();
    prose.add(" Running {} gives {}{}.", drawn.convention().operator, ran.toString(), agreement);
    return example == null || example.difference() != 0
        ? prose
        : prose.add(" Scattered copies, inserted zeros and T(w)ᵀ give the same numbers.");
  }

  private String floors() {
    String dropped = (floors(height()) + " " + floors(width())).trim();
    return dropped.isEmpty()
        ? "The last windows end exactly at the edge: the floor drops nothing."
        : dropped;
  }

  /** {@code Heights 7 and 8 both give 4: the floor drops 1 padding row.} */
  private static String floors(Axis axis) {
    int least = axis.in() - axis.dropped(); // that gives the same
    String name = axis.height() ? "Height" : "Width";
    String gives =
        least < 1
            ? " " + axis.in() + " gives "
            : axis.dropped() == 1
                ? "s " + least + " and " + axis.in() + " both give "
                : "s " + least + " to " + axis.in() + " all give ";
    return axis.dropped() == 0
        ? ""
        : name + gives + axis.out() + ": the floor drops " + axis.droppedPlaces() + ".";
  }

  private String same() {
    Convention rule = drawn.convention();
    boolean refused = rule == Convention.SAME && drawn.stride() > 1 && drawn.dilation() > 1;
    boolean even = height().even() && width().even();
    String odd = rule == Convention.SAME_LOWER ? "before" : "after";
    return "SAME gives ⌈size/S⌉ whatever the kernel"
        + (even ? ", and here its padding is even." : "; the odd padding cell goes " + odd)
        + (even ? "" : " the input.")
        + (refused ? " Keras itself refuses stride and dilation above 1 together." : "");
  }

  private String ceils() {
    Pair floor = new Pair(height().window().out(height().in()), width().window().out(width().in()));
    Axis drops = height().dropsLast() ? height() : width();
    return !out().equals(floor)
        ? "The floor would give " + floor + "; ceil mode keeps the windows that hang over the edge."
        : drops.dropsLast()
            ? "Ceil mode leaves out a last window, which would start at "
                + (drops.unit() + " " + drops.window().start(drops.out()))
                + ", past the input: the same as the floor."
            : "The windows end exactly at the edge: ceil and floor agree.";
  }

  private String inverse() {
    Axis axis = along();
    int back = axis.window().out(axis.out());
    boolean returns = back == axis.in();
    String to = returns ? " back to " + back : " to " + back + ", not back to " + axis.in();
    String more = "; so it does from every output padding below " + drawn.stride();
    return "A convolution with the same numbers "
        + (returns ? "leads from " : "would lead from ")
        + (axis.name() + " " + axis.out() + to)
        + (returns && drawn.stride() > 1 ? more + "." : ".");
  }

  private void mistaken(Prose prose) {
    String absent = mistake.absent(drawn.convention());
    if (!absent.isEmpty()) {
      prose.add("This convention’s formula has {}.", absent);
      return;
    }
    prose.add("{} the answer would be [gradient {}]", mistake.words, wrong().toString());
    Axis axis = along().wrong(mistake) != along().out() ? along() : across();
    int out = axis.out();
    int missed = out - Math.max(0, axis.wrong(mistake));
    if (axis.wrong(mistake) == out) {
      prose.add(", by luck the same.");
    } else if (drawn.convention() == Convention.TRANSPOSED) {
      prose.add(", not {}.", out().toString());
    } else if (missed > 0) {
      String fit = missed == 1 ? "window " + (out - 1) + " fits" : missed + " more windows fit";
      prose.add(", but {} along the {} too.", fit, axis.name());
    } else {
      int needs = axis.window().start(out) + axis.window().span() - 1;
      String last = axis.window().padAfter() > 0 ? "the padding ends at" : "the last is";
      prose.add(", but window {} would need {} {}, and ", out, axis.unit(), needs);
      prose.add("{} {}.", last, axis.end() - 1);
    }
  }
}
