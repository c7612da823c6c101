package convscope.topic.chapter4;

import convscope.num.Num;
import convscope.op.PoolSpec;
import convscope.param.IntParam;
import convscope.param.Param;
import convscope.param.Values;
import convscope.scene.Panel;
import convscope.topic.Sliding;

/** What the windows of this chapter have in common: their parameters and handles. */
final class Pooling {
  private Pooling() {}

  static IntParam kernel(int fallback) {
    return Param.integer("kernel", fallback).range(1, 5).label("Window K").symbol("K");
  }

  static IntParam stride() {
    return Param.integer("stride", 2).range(1, 4).label("Stride S").symbol("S");
  }

  static IntParam padding(int fallback) {
    return Param.integer("padding", fallback).range(0, 2).label("Padding P").symbol("P");
  }

  /** The input, whose edges and whose window's edges can be pulled. */
  static Panel input(Sliding at, PoolSpec spec) {
    int kernel = spec.window().kernelHeight();
    return at.input("input x", "size", "padding")
        .resizes("kernel", at.top(at.i), at.left(at.j), kernel, kernel);
  }

  /** {@code 2 × 2}: the window in a sentence. */
  static String window(PoolSpec spec) {
    return Num.size(spec.window().kernelHeight(), spec.window().kernelWidth());
  }

  static PoolSpec spec(Values values) {
    int kernel = values.integer("kernel");
    return PoolSpec.of(kernel, kernel)
        .stride(values.integer("stride"))
        .padding(values.integer("padding"));
  }
}
