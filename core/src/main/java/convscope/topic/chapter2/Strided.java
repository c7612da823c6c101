package convscope.topic.chapter2;

import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.param.NumberGrid;
import convscope.tensor.Tensor;
import convscope.topic.ImageInput;
import org.jspecify.annotations.Nullable;

/**
 * A convolution with a stride, and the same without.
 *
 * @param kernel (1, 1, kH, kW)
 * @param y (1, 1, outH, outW)
 * @param one the output at stride 1, of which y is every S-th row and column
 * @param counts whether the input's cells show how often they are read
 * @param mistake whether the window that hops by its own size is shown
 */
record Strided(
    ImageInput input,
    Conv2d.Spec spec,
    Tensor kernel,
    Tensor y,
    Tensor one,
    boolean counts,
    boolean mistake)
    implements Ruled {

  /** The largest |y[i, j] − y₁[iS, jS]|. */
  float difference() {
    float most = 0;
    for (int n = 0; n < y.size(); n++) {
      int row = n / y.dim(3) * spec.strideH();
      float kept = one.at(0, 0, row, n % y.dim(3) * spec.strideW());
      most = Math.max(most, Math.abs(y.data()[n] - kept));
    }
    return most;
  }

  /** Whether the stride keeps an output of stride 1. */
  boolean keeps(int row, int column) {
    return row % spec.strideH() == 0 && column % spec.strideW() == 0;
  }

  /** How many windows read a place. */
  int reads(int row, int column) {
    return h().readers(row) * w().readers(column);
  }

  /** How many windows read each cell of the input, (1, 1, H, W). */
  Tensor readings() {
    Tensor readings = Tensor.zeros(input.x().shape());
    for (int n = 0; n < readings.size(); n++) {
      readings.data()[n] = reads(n / input.width(), n % input.width());
    }
    return readings;
  }

  /** Whether every row that no edge cuts short is read equally often. */
  boolean evenInside() {
    int first = h().window().span() - 1;
    int last = h().window().start(h().out() - 1);
    boolean even = true;
    for (int row = first; row <= last; row++) {
      even &= h().readers(row) == h().readers(first);
    }
    return even;
  }

  /** Input cells, padding not counted, that no window reads. */
  int unread() {
    int count = 0;
    for (float reads : readings().data()) {
      count += reads == 0 ? 1 : 0;
    }
    return count;
  }

  /** The same with a window that hops by its own size. */
  Conv2d.Spec wrong() {
    return spec.stride(spec.vertical().span(), spec.horizontal().span());
  }

  /** The output's size for that or another window. */
  String out(Conv2d.Spec window) {
    return Num.size(window.outputHeight(input.height()), window.outputWidth(input.width()));
  }

  @Override
  public @Nullable NumberGrid inputGrid() {
    return counts ? null : input.grid();
  }
}
