package convscope.param;

import org.jspecify.annotations.Nullable;

/** Height and width in one range; its control is a slider for both and a number field for each. */
public final class PairParam extends Param.Declared<Pair, PairParam> {
  private int min = 1;
  private int max = 100;

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
}
