package convscope.topic.chapter2;

import convscope.param.Pair;
import convscope.param.Values;
import convscope.tensor.Tensor;

/**
 * A convolution with a stride, and the same without.
 *
 * @param x (1, 1, H, W)
 * @param kernel (1, 1, kH, kW)
 * @param y (1, 1, outH, outW)
 * @param one the output at stride 1, of which y is every S-th row and column
 */
record Strided(Values values, Tensor x, Tensor kernel, Tensor y, Tensor one, Axis h, Axis w) {
  Pair in() {
    return new Pair(h.in(), w.in());
  }

  Pair out() {
    return new Pair(y.dim(2), y.dim(3));
  }

  Pair outOne() {
    return new Pair(one.dim(2), one.dim(3));
  }

  /** The largest |y[i, j] − y₁[iS, jS]|. */
  double difference() {
    double most = 0;
    for (int i = 0; i < h.out(); i++) {
      for (int j = 0; j < w.out(); j++) {
        float kept = one.data()[i * h.stride() * one.dim(3) + j * w.stride()];
        most = Math.max(most, Math.abs(y.data()[i * w.out() + j] - kept));
      }
    }
    return most;
  }

  /** How many windows read a place. */
  int reads(int row, int column) {
    return h.readers(row) * w.readers(column);
  }

  /** Input cells, padding not counted, that no window reads. */
  int unread() {
    int count = 0;
    for (int r = 0; r < h.in(); r++) {
      for (int c = 0; c < w.in(); c++) {
        count += reads(r, c) == 0 ? 1 : 0;
      }
    }
    return count;
  }

  /** Where window i would begin if the window hopped by its own size. */
  int wrongStart(Axis axis, int i) {
    return i * axis.span() - axis.before();
  }

  /** How many windows there would be then. */
  Pair wrongOut() {
    return new Pair(wrongOut(h), wrongOut(w));
  }

  private static int wrongOut(Axis axis) {
    return axis.with(axis.span()).out();
  }
}
