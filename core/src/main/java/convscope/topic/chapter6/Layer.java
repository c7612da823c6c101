package convscope.topic.chapter6;

import convscope.op.Conv2d;
import convscope.tensor.Tensor;

/**
 * One convolution there and back: what went in, what came out, what the loss says of it, and what a
 * step against the gradient does to the loss.
 *
 * @param x (N, C, H, W)
 * @param w (O, C/groups, kH, kW)
 * @param b (O)
 * @param y (N, O, outH, outW)
 * @param g {@code ∂L/∂y}, of the shape of y
 * @param measure the loss with other operands in the place of these
 * @param learned the operand that steps against its gradient move
 * @param before the loss before any step was taken
 * @param loss the loss now
 * @param taken how many steps were taken
 * @param rate η, the size of a step
 */
record Layer(
    Conv2d.Spec spec,
    Tensor x,
    Tensor w,
    Tensor b,
    Tensor y,
    Tensor g,
    Measure measure,
    Operand learned,
    double before,
    double loss,
    int taken,
    double rate) {

  /** The loss as a function of the layer's operands. */
  @FunctionalInterface
  interface Measure {
    double loss(Tensor x, Tensor w, Tensor b);
  }

  /** The operand that is learned. */
  enum Operand {
    INPUT,
    KERNEL,
    BIAS
  }

  Tensor operand(Operand which) {
    return which == Operand.INPUT ? x : which == Operand.KERNEL ? w : b;
  }

  /** {@code ∂L/∂x}, {@code ∂L/∂w} and {@code ∂L/∂b}, by the operator. */
  Conv2d.Gradients gradients() {
    return Conv2d.backward(g, x, w, spec);
  }

  Tensor gradient(Operand which) {
    Conv2d.Gradients all = gradients();
    return which == Operand.INPUT
        ? all.dx()
        : which == Operand.KERNEL ? all.dWeight() : all.dBias();
  }

  /** The loss with another operand in the place of one of these. */
  double lossWith(Operand which, Tensor other) {
    return measure.loss(
        which == Operand.INPUT ? other : x,
        which == Operand.KERNEL ? other : w,
        which == Operand.BIAS ? other : b);
  }

  /** The learned operand after one more step. */
  Tensor stepped() {
    return stepped(operand(learned), gradient(learned), rate);
  }

  /** The loss after one more step. */
  double after() {
    return lossWith(learned, stepped());
  }

  /** The operand after a step of gradient descent: {@code θ − η·∂L/∂θ}. */
  static Tensor stepped(Tensor operand, Tensor gradient, double rate) {
    Tensor moved = operand.copy();
    for (int n = 0; n < moved.size(); n++) {
      moved.data()[n] -= (float) (rate * gradient.data()[n]);
    }
    return moved;
  }

  /**
   * The slope of the loss along one element, without any gradient: {@code (L(θ+ε) − L(θ−ε))/2ε}.
   * Exact up to rounding where the loss is a parabola.
   */
  double slope(Operand which, int element) {
    Tensor up = operand(which).copy();
    Tensor down = up.copy();
    float epsilon = EPSILON * Math.max(1, Math.abs(up.data()[element]));
    up.data()[element] += epsilon;
    down.data()[element] -= epsilon;
    double apart = (double) up.data()[element] - down.data()[element];
    return (lossWith(which, up) - lossWith(which, down)) / apart;
  }

  static final float EPSILON = 1f / 64; // no rounding where numbers are small and whole

  int filters() {
    return w.dim(0);
  }

  int outputs() {
    return y.dim(2) * y.dim(3);
  }

  /** The channel of x that kernel c of a filter reads. */
  int channel(int filter, int c) {
    return filter / (filters() / spec.groups()) * w.dim(1) + c;
  }

  /** One map of one image, (1, 1, rows, columns). */
  static Tensor map(Tensor tensor, int image, int channel) {
    int size = tensor.dim(2) * tensor.dim(3);
    Tensor map = Tensor.zeros(1, 1, tensor.dim(2), tensor.dim(3));
    System.arraycopy(tensor.data(), (image * tensor.dim(1) + channel) * size, map.data(), 0, size);
    return map;
  }

  /** g of the first windows, up to and with {@code last}; zero for those to come. */
  Tensor arrived(int last) {
    Tensor part = g.copy();
    for (int n = 0; n < part.size(); n++) {
      part.data()[n] = n % outputs() <= last ? part.data()[n] : 0;
    }
    return part;
  }

  @Override
  public String toString() {
    return "Layer " + w.shape();
  }
}
