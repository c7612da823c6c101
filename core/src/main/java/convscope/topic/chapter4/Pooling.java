package convscope.topic.chapter4;

import convscope.op.PoolSpec;
import convscope.param.IntParam;
import convscope.param.Param;
import convscope.param.Values;

/** What the windows of this chapter have in common: their parameters. */
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

  static PoolSpec spec(Values values) {
    int kernel = values.integer("kernel");
    return PoolSpec.of(kernel, kernel)
        .stride(values.integer("stride"))
        .padding(values.integer("padding"));
  }
}
