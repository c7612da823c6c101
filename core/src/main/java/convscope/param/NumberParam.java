package convscope.param;

import convscope.num.Num;
import org.jspecify.annotations.Nullable;

/**
 * A number with decimals in a range, kept as a float32 as all of them are computed with; its
 * control is a slider with a number field.
 */
public final class NumberParam extends Param.Declared<Float, NumberParam> {
  private static final int DECIMALS = 6;

  private double min = -1000;
  private double max = 1000;
  private double step = 0.1;

  NumberParam(String name, double fallback) {
    super(name, (float) fallback);
  }

  @Override
  NumberParam self() {
    return this;
  }

  /** The smallest and the largest value, both allowed. */
  public NumberParam range(double smallest, double largest) {
    min = smallest;
    max = largest;
    return this;
  }

  /** The slider's step; typed values may lie between steps. */
  public NumberParam step(double size) {
    step = size;
    return this;
  }

  public double min() {
    return min;
  }

  public double max() {
    return max;
  }

  public double step() {
    return step;
  }

  @Override
  public @Nullable Float parse(String text) {
    double value = text.length() > 24 ? Double.NaN : Num.parse(text);
    return value >= min && value <= max ? (float) (value + 0.0) : null; // + 0.0: no negative zero
  }

  @Override
  public String plain(Float value) {
    return Num.plain(value, DECIMALS);
  }

  @Override
  public String expected() {
    return "a number from " + Num.decimal(min, DECIMALS) + " to " + Num.decimal(max, DECIMALS);
  }
}
