package convscope.op;

/** Walks the cells of one layout in the row-major order of another. */
final class Walk {
  private Walk() {}

  /**
   * For each cell of a tensor of axes {@code dims}, in row-major order, the position {@code Σ
   * index[axis] · strides[axis]}. A stride of 0 stays where it is along that axis.
   */
  static int[] positions(int[] dims, int[] strides) {
    int size = 1;
    for (int dim : dims) {
      size *= dim;
    }
    int[] positions = new int[size];
    int[] index = new int[dims.length];
    int at = 0;
    for (int cell = 0; cell < size; cell++) {
      positions[cell] = at;
      for (int axis = dims.length - 1; axis >= 0; axis--) {
        at += strides[axis];
        if (++index[axis] < dims[axis]) {
          break;
        }
        index[axis] = 0;
        at -= strides[axis] * dims[axis];
      }
    }
    return positions;
  }

  /** Distance of neighbours along each axis of a row-major tensor. */
  static int[] strides(int[] dims) {
    int[] strides = new int[dims.length];
    int step = 1;
    for (int axis = dims.length - 1; axis >= 0; axis--) {
      strides[axis] = step;
      step *= dims[axis];
    }
    return strides;
  }
}
