package convscope.topic.chapter3;

import convscope.data.Picture;
import convscope.param.NumberGrid;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A 1 × 1 convolution, computed as one and as a matrix product.
 *
 * @param x (1, C_in, H, W)
 * @param w (C_out, C_in)
 * @param y (1, C_out, H, W), the convolution's
 * @param product (C_out, H·W), the matrix product's
 * @param transposes whether the product with Wᵀ was tried
 * @param transposed (C_in, H·W), that product, or null where it does not go
 * @param picture the image whose colours are the channels, or null
 */
record Mixed(
    Tensor x,
    Tensor w,
    Tensor y,
    Tensor product,
    boolean transposes,
    @Nullable Tensor transposed,
    @Nullable Picture picture) {

  NumberGrid weights() {
    return new NumberGrid(outChannels(), inChannels(), w.data());
  }

  int inChannels() {
    return x.dim(1);
  }

  int outChannels() {
    return y.dim(1);
  }

  int height() {
    return x.dim(2);
  }

  int width() {
    return x.dim(3);
  }

  int pixels() {
    return height() * width();
  }

  /** The channels of a pixel, {@code values[:, p]}; of x, y or a product. */
  float[] column(Tensor values, int p) {
    float[] column = new float[values.size() / pixels()];
    for (int c = 0; c < column.length; c++) {
      column[c] = values.data()[c * pixels() + p];
    }
    return column;
  }

  /** The largest difference of the convolution and the matrix product. */
  float apart() {
    return product.minus(y.reshaped(outChannels(), pixels())).largestSize();
  }

  @Override
  public String toString() {
    return "Mixed " + y.shape();
  }
}
