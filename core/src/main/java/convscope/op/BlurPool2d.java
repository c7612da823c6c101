package convscope.op;

import convscope.tensor.Shape;
import convscope.tensor.Tensor;

/**
 * Subsampling after a fixed low-pass filter, so that high frequencies fade instead of folding
 * (Zhang 2019). The filter is the binomial one, {@code [1 2 1]/4} for size 3, in both directions;
 * padding mirrors.
 */
public final class BlurPool2d {
  private BlurPool2d() {}

  /** Row {@code size − 1} of Pascal's triangle, divided by its sum {@code 2^(size−1)}. */
  public static double[] binomial(int size) {
    if (size < 1 || size > 7) {
      throw new IllegalArgumentException("BlurPool2d: filter " + size + "; use 1 to 7");
    }
    double[] row = new double[size];
    row[0] = 1;
    for (int n = 1; n < size; n++) {
      for (int k = n; k > 0; k--) {
        row[k] = (row[k] + row[k - 1]) / 2;
      }
      row[0] /= 2;
    }
    return row;
  }

  private static Conv2d.Spec spec(int channels, int size, int stride) {
    int before = (size - 1) / 2;
    int after = size - 1 - before;
    return Conv2d.Spec.of(size, size)
        .stride(stride)
        .padding(before, before, after, after)
        .mode(PaddingMode.REFLECT)
        .groups(channels);
  }

  // weight: (channels, 1, size, size), the same filter for each channel
  private static Tensor weight(int channels, int size) {
    double[] row = binomial(size);
    Tensor weight = Tensor.zeros(channels, 1, size, size);
    for (int at = 0; at < weight.size(); at++) {
      weight.data()[at] = (float) (row[at / size % size] * row[at % size]);
    }
    return weight;
  }

  /**
   * The blurred and subsampled maps, of shape (N, C, ceil(H/stride), ceil(W/stride)).
   *
   * @param x (N, C, H, W)
   */
  public static Tensor forward(Tensor x, int size, int stride) {
    Conv2d.Spec spec = door(x.shape(), size, stride);
    return Conv2d.forward(x, weight(x.dim(1), size), null, spec);
  }

  /** The window, checked. */
  private static Conv2d.Spec door(Shape x, int size, int stride) {
    Check.images("BlurPool2d", x);
    Shape weight = weight(x.dim(1), size).shape();
    Conv2d.Spec spec = spec(x.dim(1), size, stride);
    Check.door(Conv2d.problem("BlurPool2d", x, weight, null, spec));
    return spec;
  }

  /**
   * {@code ∂L/∂x}, as of the depthwise convolution it is.
   *
   * @param dy of the shape of the output
   */
  public static Tensor backward(Tensor dy, Shape xShape, int size, int stride) {
    Conv2d.Spec spec = door(xShape, size, stride);
    Shape y = xShape.with(2, spec.outputHeight(xShape.dim(2)));
    Check.gradient("BlurPool2d", dy, y.with(3, spec.outputWidth(xShape.dim(3))));
    return Conv2d.inputGradient(dy, weight(xShape.dim(1), size), xShape, spec);
  }
}
