package convscope.topic.chapter2;

import convscope.op.Conv2d;
import convscope.op.ConvTranspose2d;
import convscope.op.MaxPool2d;
import convscope.op.PoolSpec;
import convscope.op.Window;
import convscope.param.Pair;
import convscope.param.Values;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Everything that decides an output's height and width; sizes may differ by axis, steps are shared.
 */
record Geometry(
    Convention convention,
    Pair in,
    Pair kernel,
    int stride,
    int padding,
    int dilation,
    int outputPadding) {
  private static final long SEED = 2;

  static Geometry of(Values values) {
    Convention convention = values.constant("convention", Convention.values());
    return new Geometry(
        convention,
        values.pair("size"),
        values.pair("kernel"),
        values.integer("stride"),
        convention.choosesPadding() ? values.integer("padding") : 0,
        values.integer("dilation"),
        convention == Convention.TRANSPOSED ? values.integer("output-padding") : 0);
  }

  private Geometry with(Pair size, Pair taps) {
    return new Geometry(convention, size, taps, stride, padding, dilation, outputPadding);
  }

  /** The height's numbers of this and the width's of another. */
  Geometry joined(Geometry wide) {
    Pair taps = new Pair(kernel.height(), wide.kernel.width());
    return with(new Pair(in.height(), wide.in.width()), taps);
  }

  Axis height() {
    return axis(true, in.height(), kernel.height());
  }

  Axis width() {
    return axis(false, in.width(), kernel.width());
  }

  private Axis axis(boolean height, int size, int taps) {
    Window window = Window.of(taps).stride(stride).padding(padding).dilation(dilation);
    return new Axis(convention, height, size, convention.padded(window, size), outputPadding);
  }

  /** Output height and width by the formula. */
  Pair out() {
    return new Pair(height().out(), width().out());
  }

  /** The output along one axis, or 0 where the operator cannot run it. */
  int possible(boolean height) {
    int size = height ? in.height() : in.width();
    int taps = height ? kernel.height() : kernel.width();
    Geometry square = with(new Pair(size, size), new Pair(taps, taps));
    return square.problem() == null ? square.height().out() : 0;
  }

  /** The operator's own words on why it cannot run this, or null if it can. */
  @Nullable String problem() {
    return switch (convention) {
      case CEIL -> MaxPool2d.problem(in.height(), in.width(), pool());
      case TRANSPOSED -> ConvTranspose2d.problem(in.height(), in.width(), transposed());
      default -> Conv2d.problem(in.height(), in.width(), window());
    };
  }

  /** The shape that the real operator gives on a real input. */
  Pair run() {
    Tensor x = new Rng(SEED).gaussian(1, 1, 1, in.height(), in.width());
    Tensor w = new Rng(SEED).gaussian(1, 1, 1, kernel.height(), kernel.width());
    Tensor y =
        switch (convention) {
          case CEIL -> MaxPool2d.forward(x, pool()).y();
          case TRANSPOSED -> ConvTranspose2d.forward(x, w, null, transposed());
          default -> Conv2d.forward(x, w, null, window());
        };
    return new Pair(y.dim(2), y.dim(3));
  }

  private Conv2d.Spec window() {
    Window h = height().window();
    Window w = width().window();
    return Conv2d.Spec.of(h.kernel(), w.kernel())
        .stride(stride)
        .dilation(dilation)
        .padding(h.padBefore(), w.padBefore(), h.padAfter(), w.padAfter());
  }

  private PoolSpec pool() {
    return PoolSpec.of(kernel.height(), kernel.width())
        .stride(stride)
        .dilation(dilation)
        .padding(padding)
        .ceil(true);
  }

  private ConvTranspose2d.Spec transposed() {
    return ConvTranspose2d.Spec.of(window()).outputPadding(outputPadding);
  }
}
