package convscope.param;

import convscope.num.Num;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A whole number in a range; its control is a slider with a number field. */
public final class IntParam extends Param.Declared<Integer, IntParam> {
  private int min = 0;
  private int max = 100;
  private boolean doubling;

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

  /**
   * Lets the slider go from power of two to power of two, the default among them, as suits numbers
   * of channels; the number field takes all of the range.
   */
  public IntParam doubling() {
    doubling = true;
    return this;
  }

  /** The values between which the slider moves, or none for all of the range. */
  public int[] stops() {
    return doubling ? powers(min, max, fallback()) : new int[0];
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

  @Override
  public String towards(String text, String other) {
    return plain(towards(whole(text, min, max), whole(other, min, max)));
  }

  /** One step from a number, or none, towards another. */
  static Integer towards(@Nullable Integer number, @Nullable Integer other) {
    int end = other == null ? 0 : other;
    return number == null ? end : number + Integer.signum(end - number);
  }

  /** The powers of two from min to max, and both ends and another value, in order. */
  static int[] powers(int min, int max, int also) {
    int[] stops = new int[Integer.SIZE + 3];
    int count = 0;
    for (long power = 1; count == 0 || stops[count - 1] < max; power *= 2) {
      int next = (int) Math.max(min, Math.min(max, power));
      int before = count == 0 ? min - 1 : stops[count - 1];
      if (also > before && also < next) {
        stops[count++] = also;
      }
      if (next > before) {
        stops[count++] = next;
      }
    }
    return Arrays.copyOf(stops, count);
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
