package convscope.op;

import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Windows as columns: convolution becomes one matrix product {@code Y = W · cols}.
 *
 * <pre>
 *   cols[n, c·kH·kW + u·kW + v, i·outW + j] = x[n, c, i·S + u·D − P, j·S + v·D − P]
 * </pre>
 *
 * Col2im is the adjoint: each column cell is added to where it was read. Of the window, groups do
 * not matter here.
 */
public final class Im2col {
  private Im2col() {}

  /** Why a window of {@code spec} cannot slide over height × width, or null if it can. */
  public static @Nullable String problem(int height, int width, Conv2d.Spec spec) {
    return Conv2d.problem("Im2col", height, width, spec);
  }

  /**
   * The columns, of shape (N, C·kH·kW, outH·outW).
   *
   * @param x (N, C, H, W)
   */
  public static Tensor forward(Tensor x, Conv2d.Spec spec) {
    Check.images("Im2col", x.shape());
    Check.door(problem(x.dim(2), x.dim(3), spec));
    Taps rows = spec.rows(x.dim(2));
    Taps columns = spec.columns(x.dim(3));
    int taps = spec.kernelHeight() * spec.kernelWidth();
    int positions = rows.out * columns.out;
    Tensor out = Tensor.zeros(x.dim(0), x.dim(1) * taps, positions);
    for (int n = 0; n < x.dim(0); n++) {
      fill(
          x.data(),
          n * x.dim(1),
          x.dim(1),
          x.dim(2),
          x.dim(3),
          spec,
          rows,
          columns,
          out.data(),
          n * x.dim(1) * taps * positions);
    }
    return out;
  }

  /** Writes the columns of {@code channels} planes, from {@code firstPlane} on, at {@code at}. */
  static void fill(
      float[] x,
      int firstPlane,
      int channels,
      int height,
      int width,
      Conv2d.Spec spec,
      Taps rows,
      Taps columns,
      float[] out,
      int at) {
    int stride = spec.strideW();
    int next = at;
    for (int c = 0; c < channels; c++) {
      for (int u = 0; u < spec.kernelHeight(); u++) {
        for (int v = 0; v < spec.kernelWidth(); v++) {
          int low = columns.low(v);
          int high = columns.high(v);
          for (int i = 0; i < rows.out; i++, next += columns.out) {
            int row = rows.source(u, i);
            if (row < 0) {
              Arrays.fill(out, next, next + columns.out, 0);
              continue;
            }
            int start = ((firstPlane + c) * height + row) * width;
            for (int j = 0; j < low; j++) {
              int column = columns.source(v, j);
              out[next + j] = column < 0 ? 0 : x[start + column];
            }
            int from = start + spec.horizontal().place(low, v);
            for (int j = low; j < high; j++, from += stride) {
              out[next + j] = x[from];
            }
            for (int j = high; j < columns.out; j++) {
              int column = columns.source(v, j);
              out[next + j] = column < 0 ? 0 : x[start + column];
            }
          }
        }
      }
    }
  }

  /** Adds columns back into {@code channels} planes in float32, the reverse of {@link #fill}. */
  static void add(
      float[] cols,
      float[] image,
      int firstPlane,
      int channels,
      int height,
      int width,
      Conv2d.Spec spec,
      Taps rows,
      Taps columns) {
    int stride = spec.strideW();
    int next = 0;
    for (int c = 0; c < channels; c++) {
      for (int u = 0; u < spec.kernelHeight(); u++) {
        for (int v = 0; v < spec.kernelWidth(); v++) {
          int low = columns.low(v);
          int high = columns.high(v);
          for (int i = 0; i < rows.out; i++, next += columns.out) {
            int row = rows.source(u, i);
            if (row < 0) {
              continue;
            }
            int start = ((firstPlane + c) * height + row) * width;
            int to = start + spec.horizontal().place(low, v);
            for (int j = low; j < high; j++, to += stride) {
              image[to] += cols[next + j];
            }
            for (int j = 0; j < columns.out; j++) {
              int column = j < low || j >= high ? columns.source(v, j) : -1;
              if (column >= 0) {
                image[start + column] += cols[next + j];
              }
            }
          }
        }
      }
    }
  }

  private static Shape columns(Shape image, Conv2d.Spec spec) {
    return Shape.of(
        image.dim(0),
        image.dim(1) * spec.kernelHeight() * spec.kernelWidth(),
        spec.outputHeight(image.dim(2)) * spec.outputWidth(image.dim(3)));
  }

  /** {@code ∂L/∂x} is Col2im of the gradient, of shape (N, C·kH·kW, outH·outW). */
  public static Tensor backward(Tensor dy, Shape xShape, Conv2d.Spec spec) {
    Check.images("Im2col", xShape);
    Check.door(problem(xShape.dim(2), xShape.dim(3), spec));
    Check.gradient("Im2col", dy, columns(xShape, spec));
    return col2im(dy, xShape, spec);
  }

  /** Why columns of this shape cannot become an image, or null if they can. */
  public static @Nullable String problem(Shape cols, Shape image, Conv2d.Spec spec) {
    if (image.rank() != 4) {
      return "Col2im: image of shape " + image + "; give (N, C, H, W)";
    }
    String window = Conv2d.problem("Col2im", image.dim(2), image.dim(3), spec);
    if (window != null) {
      return window;
    }
    Shape want = columns(image, spec);
    return cols.equals(want)
        ? null
        : "Col2im: columns of shape " + cols + " for an image of shape " + image + "; give " + want;
  }

  /**
   * The image that adds up every column cell where im2col would have read it.
   *
   * @param cols (N, C·kH·kW, outH·outW)
   * @param image (N, C, H, W)
   */
  public static Tensor col2im(Tensor cols, Shape image, Conv2d.Spec spec) {
    Check.door(problem(cols.shape(), image, spec));
    int height = image.dim(2);
    int width = image.dim(3);
    Taps rows = spec.rows(height);
    Taps columns = spec.columns(width);
    Tensor out = Tensor.zeros(image);
    double[] sums = new double[height * width]; // one plane
    int next = 0;
    for (int plane = 0; plane < image.dim(0) * image.dim(1); plane++) {
      Arrays.fill(sums, 0);
      for (int u = 0; u < spec.kernelHeight(); u++) {
        for (int v = 0; v < spec.kernelWidth(); v++) {
          for (int i = 0; i < rows.out; i++) {
            int row = rows.source(u, i);
            for (int j = 0; j < columns.out; j++, next++) {
              int column = columns.source(v, j);
              if (row >= 0 && column >= 0) {
                sums[row * width + column] += cols.data()[next];
              }
            }
          }
        }
      }
      for (int at = 0; at < sums.length; at++) {
        out.data()[plane * sums.length + at] = (float) sums[at];
      }
    }
    return out;
  }

  /** {@code ∂L/∂cols} of {@link #col2im} are the columns of the gradient, (N, C, H, W). */
  public static Tensor col2imBackward(Tensor dy, Conv2d.Spec spec) {
    if (dy.rank() != 4) {
      throw new IllegalArgumentException(
          "Col2im: gradient of shape " + dy.shape() + "; give (N, C, H, W)");
    }
    Check.door(Conv2d.problem("Col2im", dy.dim(2), dy.dim(3), spec));
    return forward(dy, spec);
  }
}
