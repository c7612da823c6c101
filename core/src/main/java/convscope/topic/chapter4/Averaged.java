package convscope.topic.chapter4;

import convscope.op.AveragePool2d;
import convscope.op.PoolSpec;
import convscope.param.NumberGrid;
import convscope.tensor.Tensor;
import convscope.topic.EditableTopic;
import convscope.topic.ImageInput;
import org.jspecify.annotations.Nullable;

/**
 * One average pooling under both conventions.
 *
 * @param flat whether the input is the flat image of the common mistake
 * @param counted (1, 1, outH, outW), the padding in the divisor (count_include_pad)
 * @param real the same with only the input's cells in the divisor
 */
record Averaged(ImageInput input, PoolSpec spec, boolean flat, Tensor counted, Tensor real)
    implements EditableTopic.Shown {

  int divisor(int i, int j, boolean countPadding) {
    return AveragePool2d.divisor(i, j, input.height(), input.width(), spec, countPadding);
  }

  /** The divisor of every output, (1, 1, outH, outW). */
  Tensor divisors(boolean countPadding) {
    Tensor out = Tensor.zeros(real.shape());
    for (int n = 0; n < out.size(); n++) {
      out.data()[n] = divisor(n / real.dim(3), n % real.dim(3), countPadding);
    }
    return out;
  }

  /** What the convention changes: without the padding minus with it. */
  Tensor difference() {
    return real.minus(counted);
  }

  /** How many outputs have windows that reach into the padding. */
  int border() {
    int count = 0;
    for (float more : divisors(true).minus(divisors(false)).data()) {
      count += more > 0 ? 1 : 0;
    }
    return count;
  }

  @Override
  public @Nullable NumberGrid inputGrid() {
    return flat ? null : input.grid();
  }

  @Override
  public String toString() {
    return "Averaged " + real.shape();
  }
}
