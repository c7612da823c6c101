package convscope.train;

import convscope.num.Num;
import convscope.tensor.Tensor;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * What an optimizer remembers of each parameter: the number of steps and a few numbers per element,
 * in double, all 0 at the beginning.
 */
final class Memory {
  /** The memory of one parameter. */
  static final class Slot {
    int steps;
    final double[][] series;

    private Slot(int series, int size) {
      this.series = new double[series][size];
    }
  }

  private final String optimizer;
  private final int series;
  private final Map<Tensor, Slot> slots = new IdentityHashMap<>();

  Memory(String optimizer, int series) {
    this.optimizer = optimizer;
    this.series = series;
  }

  /** The slot of a parameter with this step counted; the door's check of every step. */
  Slot next(Tensor param, Tensor grad) {
    if (!grad.shape().equals(param.shape())) {
      throw new IllegalArgumentException(
          optimizer
              + ": gradient of shape "
              + grad.shape()
              + " for a parameter of shape "
              + param.shape()
              + "; give one of that shape");
    }
    Slot slot = slot(param);
    slot.steps++;
    return slot;
  }

  private Slot slot(Tensor param) {
    Slot slot = slots.get(param);
    if (slot == null) {
      slot = new Slot(series, param.size());
      slots.put(param, slot);
    }
    return slot;
  }

  /** Steps, then each series. */
  double[] state(Tensor param) {
    Slot slot = slot(param);
    double[] state = new double[1 + series * param.size()];
    state[0] = slot.steps;
    for (int s = 0; s < series; s++) {
      System.arraycopy(slot.series[s], 0, state, 1 + s * param.size(), param.size());
    }
    return state;
  }

  void restore(Tensor param, double[] state) {
    if (state.length != 1 + series * param.size()) {
      throw new IllegalArgumentException(
          optimizer
              + ": a state of "
              + state.length
              + " numbers for "
              + param.size()
              + " parameters; give the "
              + (1 + series * param.size())
              + " of this optimizer");
    }
    Slot slot = slot(param);
    slot.steps = (int) state[0];
    for (int s = 0; s < series; s++) {
      System.arraycopy(state, 1 + s * param.size(), slot.series[s], 0, param.size());
    }
  }

  /** {@code value} if it is in [low, high], else an error naming it. */
  double within(String name, double value, double low, double high) {
    if (value >= low && value <= high) {
      return value;
    }
    throw new IllegalArgumentException(
        optimizer
            + ": "
            + name
            + " "
            + Num.plain(value, 9)
            + "; use "
            + Num.plain(low, 9)
            + (high == Double.POSITIVE_INFINITY ? " or more" : " to " + Num.plain(high, 9)));
  }

  double notNegative(String name, double value) {
    return within(name, value, 0, Double.POSITIVE_INFINITY);
  }

  /** {@code base^steps} by multiplication, for the bias corrections. */
  static double power(double base, int steps) {
    double result = 1;
    double square = base;
    for (int n = steps; n > 0; n >>= 1) {
      result *= (n & 1) == 1 ? square : 1;
      square *= square;
    }
    return result;
  }
}
