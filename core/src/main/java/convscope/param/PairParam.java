package convscope.param;

import org.jspecify.annotations.Nullable;

/** Height and width in one range; its control is a slider for both and a number field for each. */
public final class PairParam extends Param.Declared<Pair, PairParam> {
  private int min = 1;
  private int max = 100;
  private boolean doubling;

  PairParam(String name, Pair fallback) {
    super(name, fallback);
  }

  @Override
  PairParam self() {
    return this;
  }

  /** The smallest and the largest value of either, both allowed. */
  public PairParam range(int smallest, int largest) {
    min = smallest;
    max = largest;
    return this;
  }

  /**
   * Lets the slider go from power of two to power of two, the default among them, as suits numbers
   * of channels; the number field takes all of the range.
   */
  public PairParam doubling() {
    doubling = true;
    return this;
  }

  /** The values between which the slider moves, or none for all of the range. */
  public int[] stops() {
    return doubling ? IntParam.powers(min, max, fallback().height()) : new int[0];
  }

  public int min() {
    return min;
  }

  public int max() {
    return max;
  }

  @Override
  public @Nullable Pair parse(String text) {
    int cross = text.indexOf('x');
    Integer height = IntParam.whole(cross < 0 ? text : text.substring(0, cross), min, max);
    Integer width = cross < 0 ? height : IntParam.whole(text.substring(cross + 1), min, max);
    return height == null || width == null ? null : new Pair(height, width);
  }

  @Override
  public String plain(Pair value) {
    return value.plain();
  }

  @Override
  public String expected() {
    return "a whole number from "
        + min
        + " to "
        + max
        + ", or two of them as height x width, such as 3x5";
  }

  @Override
  public String towards(String text, String other) {
    Pair from = parse(text);
    Pair to = parse(other);
    return from == null || to == null
        ? other
        : new Pair(
                IntParam.towards(from.height(), to.height()),
                IntParam.towards(from.width(), to.width()))
            .plain();
  }
}
