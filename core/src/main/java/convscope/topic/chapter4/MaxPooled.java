package convscope.topic.chapter4;

import convscope.op.MaxPool2d;
import convscope.op.PoolSpec;
import convscope.param.NumberGrid;
import convscope.param.Values;
import convscope.tensor.Tensor;
import convscope.topic.EditableTopic;
import convscope.topic.ImageInput;
import org.jspecify.annotations.Nullable;

/**
 * One max pooling with its way back.
 *
 * @param dy (1, 1, outH, outW), the gradient that arrives at the output
 */
record MaxPooled(Values values, ImageInput input, PoolSpec spec, MaxPool2d.Result pooled, Tensor dy)
    implements EditableTopic.Shown {

  int outHeight() {
    return dy.dim(2);
  }

  int outWidth() {
    return dy.dim(3);
  }

  /** Where in the input, flattened, the maximum of output n was. */
  int winner(int n) {
    return pooled.indices()[n];
  }

  /** The gradient of the outputs up to and including the last, zero for those to come. */
  Tensor arrived(int last) {
    Tensor part = Tensor.zeros(dy.shape());
    System.arraycopy(dy.data(), 0, part.data(), 0, last + 1);
    return part;
  }

  /** {@code ∂L/∂x} of the outputs so far. */
  Tensor dx(int last) {
    return MaxPool2d.backward(arrived(last), pooled.indices(), input.x().shape());
  }

  /** The first row of output n's window, counted from the input's. */
  int top(int n) {
    return n / outWidth() * spec.window().strideH() - spec.window().padTop();
  }

  int left(int n) {
    return n % outWidth() * spec.window().strideW() - spec.window().padLeft();
  }

  /** Whether tap (u, v) of window n holds its maximum. */
  boolean holdsMax(int n, int u, int v) {
    int row = top(n) + u;
    int column = left(n) + v;
    return row >= 0
        && column >= 0
        && row < input.height()
        && column < input.width()
        && input.at(row, column) == pooled.y().data()[n];
  }

  /** How many cells of window n hold its maximum. */
  int ties(int n) {
    int count = 0;
    for (int u = 0; u < spec.window().kernelHeight(); u++) {
      for (int v = 0; v < spec.window().kernelWidth(); v++) {
        count += holdsMax(n, u, v) ? 1 : 0;
      }
    }
    return count;
  }

  /** How many windows have more than one maximum. */
  int tiedWindows() {
    int count = 0;
    for (int n = 0; n < dy.size(); n++) {
      count += ties(n) > 1 ? 1 : 0;
    }
    return count;
  }

  /** The mistake: every cell that equals the maximum gets the whole gradient. */
  Tensor wrongDx(int last) {
    Tensor dx = Tensor.zeros(input.x().shape());
    for (int n = 0; n <= last; n++) {
      for (int u = 0; u < spec.window().kernelHeight(); u++) {
        for (int v = 0; v < spec.window().kernelWidth(); v++) {
          if (holdsMax(n, u, v)) {
            dx.data()[(top(n) + u) * input.width() + left(n) + v] += dy.data()[n];
          }
        }
      }
    }
    return dx;
  }

  static double sum(Tensor tensor) {
    double sum = 0;
    for (float value : tensor.data()) {
      sum += value;
    }
    return sum;
  }

  String pytorch() {
    return "y, where = torch.nn.functional.max_pool2d(x, kernel_size="
        + spec.window().kernelHeight()
        + ", stride="
        + spec.window().strideH()
        + ", padding="
        + spec.window().padTop()
        + ", return_indices=True)";
  }

  @Override
  public String toString() {
    return "MaxPooled " + dy.shape();
  }

  @Override
  public @Nullable NumberGrid inputGrid() {
    return input.grid();
  }
}
