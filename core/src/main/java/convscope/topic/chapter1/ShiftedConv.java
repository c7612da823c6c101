package convscope.topic.chapter1;

import convscope.op.Conv2d;
import convscope.param.NumberGrid;
import convscope.param.Values;
import convscope.tensor.Tensor;
import convscope.topic.EditableTopic;
import convscope.topic.ImageInput;
import convscope.topic.Kernels;
import org.jspecify.annotations.Nullable;

/**
 * A convolution of an input and of the same input moved: what leaves on one side enters on the
 * other, so that a shift loses nothing.
 *
 * @param kernel (1, 1, 3, 3)
 * @param output (1, 1, outH, outW), of the input where it is
 */
record ShiftedConv(Values values, ImageInput source, Conv2d.Spec spec, Tensor kernel, Tensor output)
    implements EditableTopic.Shown {

  static ShiftedConv of(Values values, ImageInput source, Conv2d.Spec spec) {
    Tensor kernel = Tensor.of(Kernels.values(values.choice("preset"), 3, 3), 1, 1, 3, 3);
    return new ShiftedConv(
        values, source, spec, kernel, Conv2d.forward(source.x(), kernel, null, spec));
  }

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
    /** The largest |difference|. */
    double most() {
      return ShiftedConv.most(difference);
    }

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

  boolean across() {
    return !values.choice("along").equals("down");
  }

  boolean down() {
    return !values.choice("along").equals("right");
  }

  /** How many shifts there are until the input is where it was; the first is 0. */
  int shifts() {
    int right = across() ? source.width() : 0;
    return Math.max(right, down() ? source.height() : 0);
  }

  At at(int t) {
    int s = values.flag("mistake") ? 0 : t / spec.strideH();
    Tensor moved = shifted(source.x(), t);
    Tensor first = Conv2d.forward(moved, kernel, null, spec);
    Tensor second = shifted(output, s);
    return new At(t, s, moved, first, second, minus(first, second));
  }

  /** The smallest largest difference to any whole shift of the output. */
  double nearest(At at) {
    double best = Double.POSITIVE_INFINITY;
    for (int s = 0; s < Math.max(output.dim(2), output.dim(3)); s++) {
      best = Math.min(best, most(minus(at.first, shifted(output, s))));
    }
    return best;
  }

  /** The largest difference over all shifts. */
  double worst() {
    double worst = 0;
    for (int t = 0; t < shifts(); t++) {
      worst = Math.max(worst, at(t).most());
    }
    return worst;
  }

  /** Whether the windows of a moved input are those of the input: the stride divides the sizes. */
  boolean meets() {
    return (!across() || source.width() % spec.strideH() == 0)
        && (!down() || source.height() % spec.strideH() == 0);
  }

  /** The image moved by n cells right, down or both, around the edge. */
  Tensor shifted(Tensor image, int n) {
    int height = image.dim(2);
    int width = image.dim(3);
    Tensor out = Tensor.zeros(image.shape());
    for (int r = 0; r < height; r++) {
      int row = down() ? (r + n) % height : r;
      for (int c = 0; c < width; c++) {
        int column = across() ? (c + n) % width : c;
        out.data()[row * width + column] = image.data()[r * width + c];
      }
    }
    return out;
  }

  private static Tensor minus(Tensor a, Tensor b) {
    Tensor out = Tensor.zeros(a.shape());
    for (int n = 0; n < out.size(); n++) {
      out.data()[n] = a.data()[n] - b.data()[n];
    }
    return out;
  }

  static double most(Tensor values) {
    double most = 0;
    for (float value : values.data()) {
      most = Math.max(most, Math.abs(value));
    }
    return most;
  }

  @Override
  public @Nullable NumberGrid inputGrid() {
    return source.grid();
  }
}
