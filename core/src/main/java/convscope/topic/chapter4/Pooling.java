package convscope.topic.chapter4;

import static convscope.scene.Formula.index;
import static convscope.scene.Formula.op;
import static convscope.scene.Formula.row;
import static convscope.scene.Formula.sym;

import convscope.op.PoolSpec;
import convscope.param.IntParam;
import convscope.param.Param;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.scene.Role;

/** What the windows of this chapter have in common: their parameters and how they are written. */
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

  /** {@code [row, column]}. */
  static Formula place(Formula row, Formula column) {
    return row(op("["), row, op(","), column, op("]"));
  }

  /** {@code iS + u − P}. */
  static Formula offset(String output, String tap) {
    return row(
        index(output),
        sym("S", Role.NEUTRAL),
        op("+"),
        index(tap),
        op("−"),
        sym("P", Role.PADDING));
  }
}
