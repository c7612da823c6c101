package convscope.topic.chapter2;

import convscope.param.Pair;
import convscope.param.Values;
import org.jspecify.annotations.Nullable;

/**
 * An output's size with everything the figure says about it.
 *
 * @param search all values of the unknown, or null if the output itself is
 * @param drawn the geometry that is drawn: the given one, or a solution
 * @param ran the shape that the operator really gave for it
 * @param example the numbers of a transposed convolution, or null for the other conventions
 */
record OutputSize(
    Values values,
    @Nullable Search search,
    Geometry drawn,
    Pair ran,
    @Nullable Transposed example) {

  Axis height() {
    return drawn.height();
  }

  Axis width() {
    return drawn.width();
  }

  /** Output height and width by the formula. */
  Pair out() {
    return drawn.out();
  }

  boolean agrees() {
    return ran.equals(drawn.out());
  }

  Mistake mistake() {
    return Mistake.of(values.choice("mistake"));
  }

  /** What the mistake gives. */
  Pair wrong() {
    return new Pair(height().wrong(mistake()), width().wrong(mistake()));
  }

  /** {@code run: Conv2d gives 4 × 4 ✓}. */
  String check() {
    return "run: "
        + drawn.convention().operator()
        + " gives "
        + ran.toString()
        + (agrees() ? "\u00a0✓" : "\u00a0✗, the formula " + out().toString());
  }
}
