package convscope.topic.chapter1;

import convscope.op.Conv2d;
import convscope.tensor.Tensor;
import convscope.topic.EditableTopic;
import convscope.topic.ImageInput;

/**
 * A convolution of an input and of the same input moved: what leaves on one side enters on the
 * other, so that a shift loses nothing.
 *
 * @param kernel (1, 1, 3, 3)
 * @param output (1, 1, outH, outW), of the input where it is
 * @param across whether the input moves right
 * @param down whether it moves down
 * @param mistake whether the output is expected to stay where it is
 */
record ShiftedConv(
    ImageInput source,
    Conv2d.Spec spec,
    Tensor kernel,
    Tensor output,
    boolean across,
    boolean down,
    boolean mistake)
    implements EditableTopic.Shown {

  /**
   * Both orders at one shift.
   *
   * @param t cells that the input moves
   * @param s cells that the output moves: t/S, down to a whole number
   * @param moved the input moved
   * @param first conv(shift(x))
   * @param second shift(conv(x))
   * @param difference first − second, all of the output's shape
   */
  record At(int t, int s, Tensor moved, Tensor first, Tensor second, Tensor difference) {
    /** How many outputs differ. */
    int different() {
      int count = 0;
      for (float value : difference.data()) {
        count += value != 0 ? 1 : 0;
      }
      return count;
    }

    @Override
    public String toString() {
      return "shift " + t;
    }
  }

  /** How many shifts there are until the input is where it was; the first is 0. */
  int shifts() {
    return Math.max(across ? source.width() : 0, down ? source.height() : 0);
  }

  At at(int t) {
    int s = mistake ? 0 : t / spec.strideH();
    Tensor moved = shifted(source.x(), t);
    Tensor first = Conv2d.forward(moved, kernel, null, spec);
    Tensor second = shifted(output, s);
    return new At(t, s, moved, first, second, first.minus(second));
  }

  /** The largest difference at every shift. */
  float[] worst() {
    float[] worst = new float[shifts()];
    for (int t = 0; t < worst.length; t++) {
      worst[t] = at(t).difference.largestSize();
    }
    return worst;
  }

  /** The smallest largest difference to any whole shift of the output. */
  float nearest(At at) {
    float best = Float.POSITIVE_INFINITY;
    for (int s = 0; s < Math.max(output.dim(2), output.dim(3)); s++) {
      best = Math.min(best, at.first.minus(shifted(output, s)).largestSize());
    }
    return best;
  }

  /** Whether the windows of a moved input are those of the input: the stride divides the sizes. */
  boolean meets() {
    return (!across || source.width() % spec.strideH() == 0)
        && (!down || source.height() % spec.strideH() == 0);
  }

  /** The image moved by n cells right, down or both, around the edge. */
  Tensor shifted(Tensor image, int n) {
    return image.rolled(down ? n : 0, across ? n : 0);
  }

  @Override
  public ImageInput input() {
    return source;
  }

  @Override
  public String toString() {
    return "ShiftedConv " + output.shape();
  }
}
