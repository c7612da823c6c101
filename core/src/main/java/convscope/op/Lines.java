package convscope.op;

import convscope.tensor.Shape;

/**
 * The lines of a tensor along one axis, in row-major order of the other axes: what softmax and the
 * losses of class labels go through one by one.
 *
 * @param count how many there are
 * @param length elements of each
 * @param step from one element of a line to the next
 */
record Lines(int count, int length, int step) {

  /** {@code axis} is one of x; negative ones count from the end. */
  static Lines of(String operation, Shape x, int axis) {
    int along = Check.axis(operation, axis, x);
    int step = x.product(along + 1, x.rank());
    return new Lines(x.product(0, along) * step, x.dim(along), step);
  }

  /** Where the first element of line {@code line} is. */
  int start(int line) {
    return line / step * length * step + line % step;
  }
}
