package convscope.topic.chapter6;

import convscope.op.Conv2d;
import convscope.tensor.Tensor;

/**
 * One convolution there and back: what went in, what came out, what the loss says of it, and what
 * steps against a gradient do to the loss.
 *
 * @param x (N, C, H, W)
 * @param w (O, C/groups, kH, kW)
 * @param b (O)
 * @param y (N, O, outH, outW)
 * @param g {@code ∂L/∂y}, of the shape of y
 * @param judge what would come out with other operands
 * @param lossName the loss as a formula, for the drawing
 * @param learned the operand that steps move
 * @param rate η, the size of a step
 * @param before the loss before any step was taken
 * @param loss the loss now
 * @param taken how many steps were taken
 */
record Layer(
    Conv2d.Spec spec,
    Tensor x,
    Tensor w,
    Tensor b,
    Tensor y,
    Tensor g,
    Judge judge,
    String lossName,
    Operand learned,
    double rate,
    double before,
    double loss,
    int taken) {
  private static final float EPSILON = 1f / 64; // no rounding where numbers are small and whole

  /** The operand that is learned. */
  enum Operand {
    INPUT,
    KERNEL,
    BIAS
  }

  /** What comes of the layer's operands: its output, the output's gradient and the loss. */
  @FunctionalInterface
  interface Judge {
    Judged of(Tensor x, Tensor w, Tensor b);
  }

  /** The output, its gradient and the loss. */
  record Judged(Tensor y, Tensor g, double loss) {
    @Override
    public String toString() {
      return "Judged"; // no doubles: printing them brings 9 KB of tables into the module
    }
  }

  /**
   * A layer before any step.
   *
   * @param operands x, w and b, in the order of {@link Operand}
   */
  static Layer of(
      Conv2d.Spec spec,
      Tensor[] operands,
      Judge judge,
      String lossName,
      Operand learned,
      double rate) {
    Judged now = judge.of(operands[0], operands[1], operands[2]);
    return new Layer(
        spec,
        operands[0],
        operands[1],
        operands[2],
        now.y,
        now.g,
        judge,
        lossName,
        learned,
        rate,
        now.loss,
        now.loss,
        0);
  }

  /** The layer after one more step. */
  Layer next() {
    Tensor moved = stepped();
    Judged now = with(learned, moved);
    return new Layer(
        spec,
        learned == Operand.INPUT ? moved : x,
        learned == Operand.KERNEL ? moved : w,
        learned == Operand.BIAS ? moved : b,
        now.y,
        now.g,
        judge,
        lossName,
        learned,
        rate,
        before,
        now.loss,
        taken + 1);
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
    return switch (which) {
      case INPUT -> all.dx();
      case KERNEL -> all.dWeight();
      case BIAS -> all.dBias();
    };
  }

  /** What comes of another operand in the place of one of these. */
  private Judged with(Operand which, Tensor other) {
    return judge.of(
        which == Operand.INPUT ? other : x,
        which == Operand.KERNEL ? other : w,
        which == Operand.BIAS ? other : b);
  }

  /** The learned operand after one more step of gradient descent: {@code θ − η·∂L/∂θ}. */
  Tensor stepped() {
    Tensor moved = operand(learned).copy();
    Tensor gradient = gradient(learned);
    for (int n = 0; n < moved.size(); n++) {
      moved.data()[n] -= (float) (rate * gradient.data()[n]);
    }
    return moved;
  }

  /** The loss after one more step. */
  double after() {
    return with(learned, stepped()).loss;
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
    return (with(which, up).loss - with(which, down).loss) / apart;
  }

  /** What the convolution reads at a place of one image's channel, padding included. */
  float read(int image, int channel, int row, int column) {
    int r = spec.mode().source(row, x.dim(2));
    int c = spec.mode().source(column, x.dim(3));
    return r < 0 || c < 0 ? 0 : x.at(image, channel, r, c);
  }

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
    return tensor.plane(image * tensor.dim(1) + channel);
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
