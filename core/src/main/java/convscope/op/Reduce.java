package convscope.op;

import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.Arrays;

/**
 * Makes one number of all elements along some axes, m of them:
 *
 * <pre>
 *   SUM    y = Σ x        dx = dy
 *   MEAN   y = Σ x / m    dx = dy / m             NaN for m = 0
 *   MAX    y = max x      dx = dy / ties where x = y, else 0      −∞ for m = 0
 *   L2     y = √(Σ x²)    dx = dy · x / y         0 where y = 0
 * </pre>
 *
 * Equal maxima share the gradient evenly, as in PyTorch's {@code amax}. Reducing no axis at all
 * means all of them.
 */
public enum Reduce {
  SUM,
  MEAN,
  MAX,
  L2;

  /** Which output cell each input cell goes to, and how many share one. */
  private record Plan(Shape y, int[] target, int count) {
    static Plan of(Shape x, boolean keepAxes, int... axes) {
      boolean[] reduced = new boolean[x.rank()];
      for (int axis : axes) {
        reduced[Check.axis("Reduce", axis, x)] = true;
      }
      int kept = 0;
      for (int axis = 0; axis < x.rank(); axis++) {
        reduced[axis] |= axes.length == 0;
        kept += reduced[axis] ? 0 : 1;
      }
      int[] dims = new int[keepAxes ? x.rank() : kept];
      int[] strides = new int[x.rank()];
      int count = 1;
      int step = 1;
      int at = dims.length;
      for (int axis = x.rank() - 1; axis >= 0; axis--) {
        if (reduced[axis]) {
          count *= x.dim(axis);
        } else {
          strides[axis] = step;
          step *= x.dim(axis);
        }
        if (keepAxes || !reduced[axis]) {
          dims[--at] = reduced[axis] ? 1 : x.dim(axis);
        }
      }
      return new Plan(Shape.of(dims), Walk.positions(x.dims(), strides), count);
    }
  }

  /**
   * The reduced tensor.
   *
   * @param keepAxes whether a reduced axis stays with length 1
   * @param axes the axes to reduce (−1 is the last), all if none
   */
  public Tensor forward(Tensor x, boolean keepAxes, int... axes) {
    Plan plan = Plan.of(x.shape(), keepAxes, axes);
    return Broadcast.rounded(values(x, plan), plan.y);
  }

  private double[] values(Tensor x, Plan plan) {
    double[] y = new double[plan.y.size()];
    if (this == MAX) {
      Arrays.fill(y, Double.NEGATIVE_INFINITY);
    }
    for (int i = 0; i < x.size(); i++) {
      double element = x.data()[i];
      int at = plan.target[i];
      if (this == MAX) {
        y[at] = element > y[at] || Double.isNaN(element) ? element : y[at];
      } else {
        y[at] += this == L2 ? element * element : element;
      }
    }
    for (int at = 0; at < y.length; at++) {
      y[at] = this == L2 ? Math.sqrt(y[at]) : this == MEAN ? y[at] / plan.count : y[at];
    }
    return y;
  }

  /** {@code dx}, given {@code dy = ∂L/∂y} of the shape {@link #forward} gave. */
  public Tensor backward(Tensor dy, Tensor x, boolean keepAxes, int... axes) {
    Plan plan = Plan.of(x.shape(), keepAxes, axes);
    Check.gradient("Reduce", dy, plan.y);
    double[] y = values(x, plan);
    int[] ties = new int[y.length];
    for (int i = 0; i < x.size(); i++) {
      ties[plan.target[i]] += x.data()[i] == y[plan.target[i]] ? 1 : 0;
    }
    Tensor dx = Tensor.zeros(x.shape());
    for (int i = 0; i < x.size(); i++) {
      int at = plan.target[i];
      double g = dy.data()[at];
      double element = x.data()[i];
      switch (this) {
        case SUM:
          dx.data()[i] = (float) g;
          break;
        case MEAN:
          dx.data()[i] = (float) (g / plan.count);
          break;
        case MAX:
          dx.data()[i] = (float) (element == y[at] ? g / ties[at] : 0);
          break;
        default:
          dx.data()[i] = (float) (y[at] == 0 ? 0 : g * element / y[at]);
      }
    }
    return dx;
  }
}
