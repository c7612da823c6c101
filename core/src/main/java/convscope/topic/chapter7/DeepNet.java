package convscope.topic.chapter7;

import convscope.op.BatchNorm2d;
import convscope.op.Binary;
import convscope.op.Conv2d;
import convscope.op.Unary;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;

/**
 * A deep network of blocks of two 3 × 3 convolutions, {@code y = ReLU(x + F(x))} or without the
 * identity {@code y = ReLU(F(x))}, and what becomes of a gradient on its way through it. The input
 * is (2, 8, 6, 6); input, weights and the gradient at the output are drawn from a seed, the same
 * for both kinds.
 *
 * @param blocks how many; each has two layers
 * @param identity whether x is added
 * @param norm whether a batch norm follows every convolution (training, without scale and shift)
 * @param he whether weights are He et al.'s (2015), N(0, 2/fan_in), or PyTorch's default, uniform
 *     in ±1/√fan_in
 */
record DeepNet(int blocks, boolean identity, boolean norm, boolean he) {
  /** The most blocks: 56 layers. */
  static final int MOST = 28;

  static final double EPSILON = 1e-5;

  private static final int IMAGES = 2;
  private static final int CHANNELS = 8;
  private static final int SIDE = 6;
  private static final int FAN_IN = 9 * CHANNELS;
  private static final Conv2d.Spec SPEC = Conv2d.Spec.of(3, 3).padding(1);

  /** One layer's tensors that its way back needs. */
  private record Layer(Tensor weight, Tensor convolved, Tensor normed) {
    @Override
    public String toString() {
      return "Layer " + weight.shape();
    }
  }

  /** (2, 8, 6, 6), standard normal. */
  static Tensor input() {
    return new Rng(1).gaussian(1, IMAGES, CHANNELS, SIDE, SIDE);
  }

  /** The gradient ∂L/∂y of the last block's output: random, of norm 1. */
  static Tensor gradient() {
    Tensor dy = new Rng(2).gaussian(1, IMAGES, CHANNELS, SIDE, SIDE);
    double norm = size(dy);
    for (int n = 0; n < dy.size(); n++) {
      dy.data()[n] = (float) (dy.data()[n] / norm);
    }
    return dy;
  }

  /** The weights of each layer, (8, 8, 3, 3). */
  Tensor[] weights() {
    Rng random = new Rng(56);
    Tensor[] weights = new Tensor[2 * blocks];
    double deviation = Math.sqrt(2.0 / FAN_IN);
    float bound = (float) (1 / Math.sqrt(FAN_IN));
    for (int l = 0; l < weights.length; l++) {
      weights[l] =
          he
              ? random.gaussian(deviation, CHANNELS, CHANNELS, 3, 3)
              : random.uniform(-bound, bound, CHANNELS, CHANNELS, 3, 3);
    }
    return weights;
  }

  /** ‖∂L/∂x_l‖ at the input of each layer, the first one first. */
  double[] norms() {
    Layer[] layers = new Layer[2 * blocks];
    Tensor[] sums = new Tensor[blocks];
    Tensor[] weights = weights();
    Tensor x = input();
    for (int b = 0; b < blocks; b++) {
      layers[2 * b] = forward(x, weights[2 * b]);
      layers[2 * b + 1] = forward(Unary.RELU.forward(layers[2 * b].normed), weights[2 * b + 1]);
      Tensor body = layers[2 * b + 1].normed;
      sums[b] = identity ? Binary.ADD.forward(x, body) : body;
      x = Unary.RELU.forward(sums[b]);
    }
    double[] norms = new double[2 * blocks];
    Tensor dy = gradient();
    for (int b = blocks - 1; b >= 0; b--) {
      Tensor sum = Unary.RELU.backward(dy, sums[b]);
      Tensor hidden = backward(sum, layers[2 * b + 1]);
      norms[2 * b + 1] = size(hidden);
      Tensor dx = backward(Unary.RELU.backward(hidden, layers[2 * b].normed), layers[2 * b]);
      dy = identity ? Binary.ADD.forward(sum, dx) : dx;
      norms[2 * b] = size(dy);
    }
    return norms;
  }

  private Layer forward(Tensor x, Tensor weight) {
    Tensor convolved = Conv2d.forward(x, weight, null, SPEC);
    return new Layer(
        weight, convolved, norm ? BatchNorm2d.train(convolved, null, null, EPSILON) : convolved);
  }

  private Tensor backward(Tensor dy, Layer layer) {
    Tensor back = norm ? BatchNorm2d.trainBackward(dy, layer.convolved, null, EPSILON).dx() : dy;
    return Conv2d.inputGradient(
        back, layer.weight, back.shape(), SPEC); // as many channels in as out
  }

  /** √Σ v². */
  static double size(Tensor tensor) {
    double sum = 0;
    for (float value : tensor.data()) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }
}
