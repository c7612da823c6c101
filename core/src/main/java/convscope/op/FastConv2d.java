package convscope.op;

import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A faster {@link Conv2d}: same operands, same shapes, same errors; sums run in float32, so results
 * differ from the direct version by rounding.
 */
public interface FastConv2d {
  /** As {@link Conv2d#forward}. */
  Tensor forward(Tensor x, Tensor weight, @Nullable Tensor bias, Conv2d.Spec spec);

  /** As {@link Conv2d#inputGradient}. */
  Tensor inputGradient(Tensor dy, Tensor weight, Shape xShape, Conv2d.Spec spec);

  /** As {@link Conv2d#weightGradient}. */
  Tensor weightGradient(Tensor dy, Tensor x, Shape weightShape, Conv2d.Spec spec);

  /** As {@link Conv2d#backward}. */
  default Conv2d.Gradients backward(Tensor dy, Tensor x, Tensor weight, Conv2d.Spec spec) {
    return new Conv2d.Gradients(
        inputGradient(dy, weight, x.shape(), spec),
        weightGradient(dy, x, weight.shape(), spec),
        Conv2d.biasGradient(dy));
  }
}
