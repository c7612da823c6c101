package convscope.exercise;

import convscope.num.Num;
import convscope.op.AveragePool2d;
import convscope.op.MaxPool2d;
import convscope.op.Pad;
import convscope.op.PaddingMode;
import convscope.op.PoolSpec;
import convscope.op.Window;
import convscope.tensor.Tensor;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of a question about pooling, and what mistakes make of them.
 *
 * @param x (1, 1, H, W)
 * @param counts whether a mean divides by the zeros too
 */
record PoolTask(Tensor x, Window window, boolean max, boolean counts) {
  enum Mistake {
    STRIDE("leaving out the stride", false),
    WINDOW("moving by the window instead of the stride", false),
    CEIL("rounding up", false),
    PADDING("leaving out the padding", false),
    MEAN("taking the average", true),
    MAX("taking the maximum", true),
    ZEROS("letting the zeros of the padding win", true),
    COUNTED("counting the zeros of the padding in the divisor", true),
    UNCOUNTED("leaving the zeros of the padding out of the divisor", true),
    SIDE("dividing by K instead of K²", true);

    final String name;
    final boolean values; // of the window, not its places

    Mistake(String name, boolean values) {
      this.name = name;
      this.values = values;
    }
  }

  int height() {
    return x.dim(2);
  }

  int width() {
    return x.dim(3);
  }

  PoolSpec spec() {
    return spec(window.stride(), window.padBefore());
  }

  private PoolSpec spec(int stride, int padding) {
    return PoolSpec.of(window.kernel(), window.kernel()).stride(stride).padding(padding);
  }

  Tensor right() {
    return max ? MaxPool2d.forward(x, spec()).y() : AveragePool2d.forward(x, spec(), counts);
  }

  /** Whether a mistake has something to act on. */
  private boolean shows(Mistake mistake) {
    boolean pads = window.padBefore() > 0;
    return switch (mistake) {
      case STRIDE -> window.stride() > 1;
      case WINDOW -> window.stride() != window.kernel();
      case CEIL -> window.dropped(height()) + window.dropped(width()) > 0;
      case PADDING -> pads;
      case MEAN -> max;
      case ZEROS -> max && pads;
      case MAX, SIDE -> !max;
      case COUNTED -> !max && pads && !counts;
      case UNCOUNTED -> !max && pads && counts;
    };
  }

  /** The matrix of somebody who makes these mistakes; null where they do not go together. */
  @Nullable Tensor with(Set<Mistake> made) {
    int values = 0;
    for (Mistake mistake : made) {
      values += mistake.values ? 1 : 0;
      if (!shows(mistake)) {
        return null;
      }
    }
    boolean moved = made.contains(Mistake.WINDOW);
    boolean stepped = made.contains(Mistake.STRIDE);
    boolean bare = made.contains(Mistake.PADDING);
    boolean zeros = made.contains(Mistake.ZEROS);
    boolean divisor = made.contains(Mistake.COUNTED) || made.contains(Mistake.UNCOUNTED);
    if (values > 1 || moved && stepped || bare && (zeros || divisor)) {
      return null;
    }
    int stride = stepped ? 1 : moved ? window.kernel() : window.stride();
    PoolSpec spec =
        spec(stride, bare || zeros ? 0 : window.padBefore()).ceil(made.contains(Mistake.CEIL));
    int[] ring = {0, 0, window.padBefore(), window.padBefore()};
    Tensor read = zeros ? Pad.forward(x, ring, ring, PaddingMode.ZEROS, 0) : x;
    if (Math.min(read.dim(2), read.dim(3)) < window.kernel()) {
      return null;
    }
    if (made.contains(Mistake.MAX) || max && !made.contains(Mistake.MEAN)) {
      return MaxPool2d.forward(read, spec).y();
    }
    boolean side = made.contains(Mistake.SIDE);
    Tensor mean = AveragePool2d.forward(read, spec, max || side || counts != divisor);
    for (int i = 0; side && i < mean.size(); i++) {
      mean.data()[i] *= window.kernel();
    }
    return mean;
  }

  /** The numbers under the window of an entry, apart by that; padding holds none. */
  String under(int entry, String between) {
    int columns = window.out(width());
    StringBuilder out = new StringBuilder();
    for (int n = 0; n < window.kernel() * window.kernel(); n++) {
      int i = window.place(entry / columns, n / window.kernel());
      int j = window.place(entry % columns, n % window.kernel());
      if (i >= 0 && i < height() && j >= 0 && j < width()) {
        out.append(out.isEmpty() ? "" : between).append(Num.decimal(x.at(0, 0, i, j), 0));
      }
    }
    return out.toString();
  }

  int divisor(int entry) {
    int columns = window.out(width());
    return AveragePool2d.divisor(
        entry / columns, entry % columns, height(), width(), spec(), counts);
  }

  /** How an entry comes about: {@code (3 + 5) / 4}, {@code max(3, 5)}. */
  String rule(int entry) {
    return max
        ? "max(" + under(entry, ", ") + ")"
        : "(" + under(entry, " + ") + ") / " + divisor(entry);
  }
}
