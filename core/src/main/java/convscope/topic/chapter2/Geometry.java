package convscope.topic.chapter2;

import convscope.op.Conv2d;
import convscope.op.ConvTranspose2d;
import convscope.op.MaxPool2d;
import convscope.op.PoolSpec;
import convscope.param.Pair;
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

  Axis height() {
    return axis(in.height(), kernel.height());
  }

  Axis width() {
    return axis(in.width(), kernel.width());
  }

  private Axis axis(int size, int taps) {
    return new Axis(convention, size, taps, stride, padding, dilation, outputPadding);
  }

  /** Output height and width by the formula. */
  Pair out() {
    return new Pair(height().out(), width().out());
  }

  Geometry with(Pair newIn, Pair newKernel) {
    return new Geometry(convention, newIn, newKernel, stride, padding, dilation, outputPadding);
  }

  Geometry with(int newStride, int newPadding, int newDilation) {
    return new Geometry(convention, in, kernel, newStride, newPadding, newDilation, outputPadding);
  }

  /** The same with its height's numbers on both axes. */
  Geometry heightOnly() {
    return with(new Pair(in.height(), in.height()), new Pair(kernel.height(), kernel.height()));
  }

  /** The same with its width's numbers on both axes. */
  Geometry widthOnly() {
    return with(new Pair(in.width(), in.width()), new Pair(kernel.width(), kernel.width()));
  }

  /** The operator's own words on why it cannot run this, or null if it can. */
  @Nullable String problem() {
    return switch (convention) {
      case CEIL -> MaxPool2d.problem(in.height(), in.width(), pool());
      case TRANSPOSED -> ConvTranspose2d.problem(in.height(), in.width(), transposed());
      default ->
          // SAME's pads are only defined where the numbers are; they always fit then
          Conv2d.problem(in.height(), in.width(), window());
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
    Axis h = height();
    Axis w = width();
    return Conv2d.Spec.of(kernel.height(), kernel.width())
        .stride(stride)
        .dilation(dilation)
        .padding(h.before(), w.before(), h.after(), w.after());
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
