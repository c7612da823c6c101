package convscope.topic.chapter4;

import convscope.op.AveragePool2d;
import convscope.op.PoolSpec;
import convscope.param.NumberGrid;
import convscope.param.Values;
import convscope.tensor.Tensor;
import convscope.topic.EditableTopic;
import convscope.topic.ImageInput;
import org.jspecify.annotations.Nullable;

/**
 * One average pooling under both conventions.
 *
 * @param counted (1, 1, outH, outW), the padding in the divisor (count_include_pad)
 * @param real the same with only the input's cells in the divisor
 */
record Averaged(Values values, ImageInput input, PoolSpec spec, Tensor counted, Tensor real)
    implements EditableTopic.Shown {

  int outHeight() {
    return real.dim(2);
  }

  int outWidth() {
    return real.dim(3);
  }

  int divisor(int i, int j, boolean countPadding) {
    return AveragePool2d.divisor(i, j, input.height(), input.width(), spec, countPadding);
  }

  /** The divisor of every output, (1, 1, outH, outW). */
  Tensor divisors(boolean countPadding) {
    Tensor out = Tensor.zeros(real.shape());
    for (int n = 0; n < out.size(); n++) {
      out.data()[n] = divisor(n / outWidth(), n % outWidth(), countPadding);
    }
    return out;
  }

  /** What the convention changes: without the padding minus with it. */
  Tensor difference() {
    Tensor out = Tensor.zeros(real.shape());
    for (int n = 0; n < out.size(); n++) {
      out.data()[n] = real.data()[n] - counted.data()[n];
    }
    return out;
  }

  /** How many outputs have windows that reach into the padding. */
  int border() {
    int count = 0;
    for (int n = 0; n < real.size(); n++) {
      count +=
          divisor(n / outWidth(), n % outWidth(), true)
                  != divisor(n / outWidth(), n % outWidth(), false)
              ? 1
              : 0;
    }
    return count;
  }

  static double largest(Tensor tensor) {
    double most = 0;
    for (float value : tensor.data()) {
      most = Math.max(most, Math.abs(value));
    }
    return most;
  }

  String pytorch(boolean countPadding) {
    return "torch.nn.functional.avg_pool2d(x, kernel_size="
        + spec.window().kernelHeight()
        + ", stride="
        + spec.window().strideH()
        + ", padding="
        + spec.window().padTop()
        + (countPadding ? ")" : ", count_include_pad=False)");
  }

  @Override
  public String toString() {
    return "Averaged " + real.shape();
  }

  @Override
  public @Nullable NumberGrid inputGrid() {
    return values.flag("mistake") ? null : input.grid();
  }
}
