package convscope.topic.chapter4;

import convscope.op.MaxPool2d;
import convscope.op.PoolSpec;
import convscope.op.Window;
import convscope.tensor.Tensor;
import convscope.topic.EditableTopic;
import convscope.topic.ImageInput;
import java.util.Arrays;

/**
 * One max pooling with its way back.
 *
 * @param dy (1, 1, outH, outW), the gradient that arrives at the output
 * @param everyTie whether the mistake is shown: each cell that equals the maximum gets the gradient
 */
record MaxPooled(
    ImageInput input, PoolSpec spec, MaxPool2d.Result pooled, Tensor dy, boolean everyTie)
    implements EditableTopic.Shown {

  /** Where in the input, flattened, the maximum of output n was. */
  int winner(int n) {
    return pooled.indices()[n];
  }

  /** How many windows each input cell wins, in scan order. */
  int[] wins() {
    int[] wins = new int[input.x().size()];
    for (int n = 0; n < dy.size(); n++) {
      wins[winner(n)]++;
    }
    return wins;
  }

  /** The gradient of the outputs up to and including the last, zero for those to come. */
  Tensor arrived(int last) {
    Tensor part = dy.copy();
    Arrays.fill(part.data(), last + 1, part.size(), 0);
    return part;
  }

  /** {@code ∂L/∂x} of the outputs so far. */
  Tensor dx(int last) {
    return MaxPool2d.backward(arrived(last), pooled.indices(), input.x().shape());
  }

  /** The cells of window n that hold its maximum, flattened places in the input in scan order. */
  int[] holders(int n) {
    Window rows = spec.window().vertical();
    Window columns = spec.window().horizontal();
    int[] holders = new int[rows.kernel() * columns.kernel()];
    int count = 0;
    for (int t = 0; t < rows.kernel() * columns.kernel(); t++) {
      int row = rows.place(n / dy.dim(3), t / columns.kernel());
      int column = columns.place(n % dy.dim(3), t % columns.kernel());
      if (row >= 0
          && column >= 0
          && row < input.height()
          && column < input.width()
          && input.at(row, column) == pooled.y().data()[n]) {
        holders[count++] = row * input.width() + column;
      }
    }
    return Arrays.copyOf(holders, count);
  }

  /** How many windows have more than one maximum. */
  int tiedWindows() {
    int count = 0;
    for (int n = 0; n < dy.size(); n++) {
      count += holders(n).length > 1 ? 1 : 0;
    }
    return count;
  }

  /** The mistake: every cell that equals the maximum gets the whole gradient. */
  Tensor wrongDx(int last) {
    Tensor dx = Tensor.zeros(input.x().shape());
    for (int n = 0; n <= last; n++) {
      for (int place : holders(n)) {
        dx.data()[place] += dy.data()[n];
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

  @Override
  public String toString() {
    return "MaxPooled " + dy.shape();
  }
}
