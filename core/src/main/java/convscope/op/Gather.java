package convscope.op;

import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Looks up slices of {@code data} by their index on one axis: {@code y[…, i, …] = data[…, index[i],
 * …]}, on axis 0 the rows of an embedding table. The gradient adds each slice of dy to the row it
 * came from, so a row used twice gets both.
 *
 * <p>Loop indices: o outer cell (axes before), i place in the index.
 */
public final class Gather {
  private Gather() {}

  /**
   * Why this lookup is not possible, or null if it is: the door's check. Negative indices count
   * from the end.
   */
  public static @Nullable String problem(Shape data, int[] indices, Shape indexShape, int axis) {
    String problem = Check.axisProblem("Gather", axis, data);
    if (problem != null) {
      return problem;
    }
    if (indices.length != indexShape.size()) {
      return "Gather: "
          + indices.length
          + " indices for an index of shape "
          + indexShape
          + "; give "
          + indexShape.size();
    }
    int length = data.dim(axis);
    for (int at = 0; at < indices.length; at++) {
      if (indices[at] < -length || indices[at] >= length) {
        return "Gather: index "
            + indices[at]
            + " at position "
            + at
            + " for an axis of "
            + length
            + (length == 0 ? "; give it elements" : "; use 0 to " + (length - 1));
      }
    }
    return null;
  }

  /**
   * The slices, of the shape of data with its axis replaced by the axes of the index.
   *
   * @param data (…, length, …)
   * @param indices in row-major order of {@code indexShape}
   */
  public static Tensor forward(Tensor data, int[] indices, Shape indexShape, int axis) {
    Check.door(problem(data.shape(), indices, indexShape, axis));
    int along = Check.axis("Gather", axis, data.shape());
    int length = data.dim(along);
    int outer = data.shape().product(0, along);
    int inner = data.shape().product(along + 1, data.rank());
    Tensor y = Tensor.zeros(gathered(data.shape(), along, indexShape));
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < indices.length; i++) {
        int row = indices[i] < 0 ? indices[i] + length : indices[i];
        System.arraycopy(
            data.data(),
            (o * length + row) * inner,
            y.data(),
            (o * indices.length + i) * inner,
            inner);
      }
    }
    return y;
  }

  private static Shape gathered(Shape data, int along, Shape index) {
    int[] dims = new int[data.rank() - 1 + index.rank()];
    for (int axis = 0; axis < dims.length; axis++) {
      if (axis < along) {
        dims[axis] = data.dim(axis);
      } else if (axis < along + index.rank()) {
        dims[axis] = index.dim(axis - along);
      } else {
        dims[axis] = data.dim(axis - index.rank() + 1);
      }
    }
    return Shape.of(dims);
  }

  /** {@code ∂L/∂data} of shape {@code dataShape}, given {@code dy = ∂L/∂y}. */
  public static Tensor backward(
      Tensor dy, int[] indices, Shape indexShape, Shape dataShape, int axis) {
    Check.door(problem(dataShape, indices, indexShape, axis));
    int along = Check.axis("Gather", axis, dataShape);
    Check.gradient("Gather", dy, gathered(dataShape, along, indexShape));
    int length = dataShape.dim(along);
    int outer = dataShape.product(0, along);
    int inner = dataShape.product(along + 1, dataShape.rank());
    double[] sums = new double[dataShape.size()];
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < indices.length; i++) {
        int row = indices[i] < 0 ? indices[i] + length : indices[i];
        for (int s = 0; s < inner; s++) {
          sums[(o * length + row) * inner + s] += dy.data()[(o * indices.length + i) * inner + s];
        }
      }
    }
    return Broadcast.rounded(sums, dataShape);
  }
}
