package convscope.topic.chapter7;

import convscope.op.Binary;
import convscope.op.Conv2d;
import convscope.op.Unary;
import convscope.param.NumberGrid;
import convscope.tensor.Tensor;
import convscope.topic.EditableTopic;
import convscope.topic.ImageInput;
import org.jspecify.annotations.Nullable;

/**
 * One residual block of one channel, {@code y = ReLU(s + F(x))} with {@code F(x) = w₂ ★ ReLU(w₁ ★
 * x)}, and the gradients in deep stacks of such blocks.
 *
 * @param input x, (1, 1, H, W)
 * @param first w₁, (1, 1, kH, kW), odd sides; null where F(x) is given
 * @param second w₂, the same
 * @param hidden ReLU(w₁ ★ x), (1, 1, outH, outW); null where F(x) is given
 * @param body F(x), (1, 1, outH, outW)
 * @param shortcut s, which is x or its projection, (1, 1, outH, outW)
 * @param projection the weight wₛ, NaN where the shortcut is x itself
 * @param after whether the mistake is shown: the shortcut added after the activation
 * @param plain ‖∂L/∂x_l‖ of each layer's input in the stack without the shortcut
 * @param residual the same with it
 * @param deep the stack of residual blocks
 */
record Residual(
    ImageInput input,
    @Nullable Tensor first,
    @Nullable Tensor second,
    @Nullable Tensor hidden,
    Tensor body,
    Tensor shortcut,
    double projection,
    boolean after,
    DeepNet deep,
    double[] plain,
    double[] residual)
    implements EditableTopic.Shown {

  /** A convolution that keeps the size at stride 1, for a kernel of odd sides. */
  static Conv2d.Spec spec(int high, int wide, int stride) {
    return Conv2d.Spec.of(high, wide).padding(high / 2, wide / 2).stride(stride);
  }

  Tensor sum() {
    return Binary.ADD.forward(shortcut, body);
  }

  Tensor output() {
    return Unary.RELU.forward(sum());
  }

  /** What the mistake makes of it, s + ReLU(F(x)). */
  Tensor mistaken() {
    return Binary.ADD.forward(shortcut, Unary.RELU.forward(body));
  }

  /** At how many places the mistake changes the output. */
  int wrong() {
    int count = 0;
    for (float more : mistaken().minus(output()).data()) {
      count += more == 0 ? 0 : 1;
    }
    return count;
  }

  @Override
  public NumberGrid inputGrid() {
    return new NumberGrid(input.height(), input.width(), input.x().data().clone());
  }

  @Override
  public String toString() {
    return "Residual " + body.shape();
  }
}
