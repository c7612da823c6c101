package convscope.tensor;

import convscope.num.Num;
import java.util.Arrays;

/**
 * A shape and its float32 elements in row-major order (last axis fastest): {@code (N, C, H, W)} for
 * images. There are no views: two tensors share elements only if they were made of the same array.
 */
public final class Tensor {
  private final Shape shape;
  private final float[] data;

  private Tensor(float[] data, Shape shape) {
    if (data.length != shape.size()) {
      throw new IllegalArgumentException(
          "Tensor: shape "
              + shape
              + " needs "
              + shape.size()
              + " elements, got "
              + data.length
              + "; change one of them");
    }
    this.shape = shape;
    this.data = data;
  }

  public static Tensor zeros(int... dims) {
    return zeros(Shape.of(dims));
  }

  public static Tensor zeros(Shape shape) {
    return new Tensor(new float[shape.size()], shape);
  }

  public static Tensor full(float value, int... dims) {
    Tensor out = zeros(dims);
    Arrays.fill(out.data, value);
    return out;
  }

  /** Keeps {@code data} itself, not a copy. */
  public static Tensor of(float[] data, int... dims) {
    return new Tensor(data, Shape.of(dims));
  }

  /** Keeps {@code data} itself, not a copy. */
  public static Tensor of(float[] data, Shape shape) {
    return new Tensor(data, shape);
  }

  /** Each of {@code values}, sums kept in double, rounded to float32. */
  public static Tensor rounded(double[] values, Shape shape) {
    Tensor out = new Tensor(new float[values.length], shape);
    for (int i = 0; i < values.length; i++) {
      out.data[i] = (float) values[i];
    }
    return out;
  }

  public static Tensor scalar(float value) {
    return of(new float[] {value});
  }

  /** The elements themselves: what is written here is written in the tensor. */
  public float[] data() {
    return data;
  }

  public Shape shape() {
    return shape;
  }

  /** Length of axis {@code axis}; −1 is the last one. */
  public int dim(int axis) {
    return shape.dim(axis);
  }

  public int rank() {
    return shape.rank();
  }

  public int size() {
    return data.length;
  }

  /** The element at one index per axis; checked, so meant for tests and single cells. */
  public float at(int... index) {
    return data[position(index)];
  }

  /** Writes the element at one index per axis. */
  public void set(float value, int... index) {
    data[position(index)] = value;
  }

  public Tensor copy() {
    return new Tensor(data.clone(), shape);
  }

  /** The smallest element; NaN is passed over. */
  public float smallest() {
    float least = Float.POSITIVE_INFINITY;
    for (float value : data) {
      least = value < least ? value : least;
    }
    return least;
  }

  /** The largest absolute value; 0 for a tensor without elements, and NaN is passed over. */
  public float largestSize() {
    float most = 0;
    for (float value : data) {
      most = Math.abs(value) > most ? Math.abs(value) : most;
    }
    return most;
  }

  /** The mean of all elements, summed in double; NaN for a tensor without elements. */
  public double mean() {
    double sum = 0;
    for (float value : data) {
      sum += value;
    }
    return sum / data.length;
  }

  /** The standard deviation of all elements, over their number (not one less). */
  public double deviation() {
    double mean = mean();
    double sum = 0;
    for (float value : data) {
      sum += (value - mean) * (value - mean);
    }
    return Math.sqrt(sum / data.length);
  }

  /** The number of the first element with the largest absolute value. */
  public int largestAt() {
    int best = 0;
    for (int n = 0; n < data.length; n++) {
      best = Math.abs(data[n]) > Math.abs(data[best]) ? n : best;
    }
    return best;
  }

  /** Element by element, this minus the other; shapes must be equal. */
  public Tensor minus(Tensor other) {
    if (!shape.equals(other.shape)) {
      throw new IllegalArgumentException(
          "Tensor: shape " + shape + " minus shape " + other.shape + "; give equal shapes");
    }
    float[] difference = data.clone();
    for (int i = 0; i < difference.length; i++) {
      difference[i] -= other.data[i];
    }
    return new Tensor(difference, shape);
  }

  /** The same elements (copied) in another shape of equal size. */
  public Tensor reshaped(int... dims) {
    return new Tensor(data.clone(), Shape.of(dims));
  }

  /** The n-th of the matrices of the last two axes, (1, 1, rows, columns). */
  public Tensor plane(int n) {
    int rows = dim(rank() - 2);
    int columns = dim(rank() - 1);
    int size = rows * columns;
    return of(Arrays.copyOfRange(data, n * size, (n + 1) * size), 1, 1, rows, columns);
  }

  /** These matrices moved down and right; what leaves on one side enters on the other. */
  public Tensor rolled(int down, int right) {
    int rows = dim(rank() - 2);
    int columns = dim(rank() - 1);
    Tensor out = zeros(shape);
    for (int n = 0; n < data.length; n++) {
      int first = n / columns / rows * rows; // of its matrix
      int row = first + (n / columns - first + down) % rows;
      out.data[row * columns + (n % columns + right) % columns] = data[n];
    }
    return out;
  }

  private int position(int... index) {
    if (index.length != shape.rank()) {
      throw new IllegalArgumentException(
          "Tensor: " + index.length + " indices for shape " + shape + "; give one per axis");
    }
    int at = 0;
    for (int axis = 0; axis < index.length; axis++) {
      if (index[axis] < 0 || index[axis] >= shape.dim(axis)) {
        throw new IndexOutOfBoundsException(
            "Tensor: index "
                + index[axis]
                + " on axis "
                + axis
                + " of shape "
                + shape
                + "; use 0 to "
                + (shape.dim(axis) - 1));
      }
      at = at * shape.dim(axis) + index[axis];
    }
    return at;
  }

  /** Shape and first elements, for messages. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder("Tensor ").append(shape).append(" [");
    for (int i = 0; i < Math.min(8, data.length); i++) {
      out.append(i == 0 ? "" : ", ").append(Num.cell(data[i]));
    }
    return out.append(data.length > 8 ? ", …]" : "]").toString();
  }
}
