package convscope.param;

import convscope.num.Num;
import org.jspecify.annotations.Nullable;

/** A whole number in a range; its control is a slider with a number field. */
public final class IntParam extends Param.Declared<Integer, IntParam> {
  private int min = 0;
  private int max = 100;

  IntParam(String name, int fallback) {
    super(name, fallback);
  }

  @Override
  IntParam self() {
    return this;
  }

  /** The smallest and the largest value, both allowed. */
  public IntParam range(int smallest, int largest) {
    min = smallest;
    max = largest;
    return this;
  }

  public int min() {
    return min;
  }

  public int max() {
    return max;
  }

  @Override
  public @Nullable Integer parse(String text) {
    return whole(text, min, max);
  }

  @Override
  public String plain(Integer value) {
    return Integer.toString(value); // not String.valueOf, which would make every class printable
  }

  @Override
  public String expected() {
    return "a whole number from " + min + " to " + max;
  }

  /** The text as a whole number in [min, max], or null. */
  static @Nullable Integer whole(String text, int min, int max) {
    if (text.length() > 12) {
      return null;
    }
    double value = Num.parse(text);
    if (!(value >= min && value <= max) || value != Math.floor(value)) {
      return null;
    }
    return (int) value;
  }
}
