package convscope.op;

import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Pooling to a wanted output size: window i covers the rows {@code floor(i·in/out)} to {@code
 * ceil((i+1)·in/out)}, end exclusive, so neighbouring windows may overlap by one.
 */
public final class AdaptivePool2d {
  private AdaptivePool2d() {}

  /** First row or column of window {@code i}. */
  public static int start(int i, int in, int out) {
    return (int) ((long) i * in / out);
  }

  /** One past the last row or column of window {@code i}. */
  public static int end(int i, int in, int out) {
    return (int) (((long) (i + 1) * in + out - 1) / out);
  }

  /** Why these sizes are not possible, or null if they are. */
  public static @Nullable String problem(Shape x, int outHeight, int outWidth) {
    if (x.rank() != 4) {
      return "AdaptivePool2d: input of shape " + x + "; give (N, C, H, W)";
    }
    if (x.dim(2) < 1 || x.dim(3) < 1) {
      return "AdaptivePool2d: input of shape " + x + "; give at least one row and column";
    }
    if (outHeight < 1 || outWidth < 1) {
      return "AdaptivePool2d: output " + outHeight + "×" + outWidth + "; use 1 or more for both";
    }
    return null;
  }

  /**
   * The mean of each window, of shape (N, C, outHeight, outWidth).
   *
   * @param x (N, C, H, W)
   */
  public static Tensor average(Tensor x, int outHeight, int outWidth) {
    Check.door(problem(x.shape(), outHeight, outWidth));
    int height = x.dim(2);
    int width = x.dim(3);
    Tensor y = Tensor.zeros(x.dim(0), x.dim(1), outHeight, outWidth);
    int next = 0;
    for (int plane = 0; plane < x.dim(0) * x.dim(1); plane++) {
      for (int i = 0; i < outHeight; i++) {
        int top = start(i, height, outHeight);
        int bottom = end(i, height, outHeight);
        for (int j = 0; j < outWidth; j++) {
          int left = start(j, width, outWidth);
          int right = end(j, width, outWidth);
          double sum = 0;
          for (int row = top; row < bottom; row++) {
            for (int column = left; column < right; column++) {
              sum += x.data()[(plane * height + row) * width + column];
            }
          }
          y.data()[next++] = (float) (sum / ((bottom - top) * (right - left)));
        }
      }
    }
    return y;
  }

  /**
   * {@code ∂L/∂x} of {@link #average}: each element of dy, over its window's area, to all of it.
   *
   * @param dy (N, C, outHeight, outWidth)
   */
  public static Tensor averageBackward(Tensor dy, Shape xShape) {
    Check.images("AdaptivePool2d", dy.shape());
    int outHeight = dy.dim(2);
    int outWidth = dy.dim(3);
    Check.door(problem(xShape, outHeight, outWidth));
    Check.gradient(
        "AdaptivePool2d", dy, Shape.of(xShape.dim(0), xShape.dim(1), outHeight, outWidth));
    int height = xShape.dim(2);
    int width = xShape.dim(3);
    double[] sums = new double[xShape.size()];
    int next = 0;
    for (int plane = 0; plane < xShape.dim(0) * xShape.dim(1); plane++) {
      for (int i = 0; i < outHeight; i++) {
        int top = start(i, height, outHeight);
        int bottom = end(i, height, outHeight);
        for (int j = 0; j < outWidth; j++) {
          int left = start(j, width, outWidth);
          int right = end(j, width, outWidth);
          double share = (double) dy.data()[next++] / ((bottom - top) * (right - left));
          for (int row = top; row < bottom; row++) {
            for (int column = left; column < right; column++) {
              sums[(plane * height + row) * width + column] += share;
            }
          }
        }
      }
    }
    return Tensor.rounded(sums, xShape);
  }

  /**
   * The first maximum of each window, and where in the whole input it was. Backward is {@link
   * MaxPool2d#backward}.
   *
   * @param x (N, C, H, W)
   */
  public static MaxPool2d.Result max(Tensor x, int outHeight, int outWidth) {
    Check.door(problem(x.shape(), outHeight, outWidth));
    int height = x.dim(2);
    int width = x.dim(3);
    Tensor y = Tensor.zeros(x.dim(0), x.dim(1), outHeight, outWidth);
    int[] indices = new int[y.size()];
    int next = 0;
    for (int plane = 0; plane < x.dim(0) * x.dim(1); plane++) {
      for (int i = 0; i < outHeight; i++) {
        for (int j = 0; j < outWidth; j++) {
          int best = -1;
          for (int row = start(i, height, outHeight); row < end(i, height, outHeight); row++) {
            for (int column = start(j, width, outWidth);
                column < end(j, width, outWidth);
                column++) {
              int at = (plane * height + row) * width + column;
              if (best < 0 || MaxPool2d.wins(x.data()[at], x.data()[best])) {
                best = at;
              }
            }
          }
          y.data()[next] = x.data()[best];
          indices[next++] = best;
        }
      }
    }
    return new MaxPool2d.Result(y, indices);
  }
}
