package convscope.run;

import convscope.op.Concat;
import convscope.op.Gather;
import convscope.op.Reduce;
import convscope.op.Reshape;
import convscope.op.SliceAxis;
import convscope.op.Split;
import convscope.op.Transpose;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.Map;

/** Operators that move elements without changing them, and reductions. */
final class ShapeCases {
  private ShapeCases() {}

  static void addTo(Map<String, OpRunner.Handler> table) {
    table.put("Concat", ShapeCases::concat);
    table.put("Split", ShapeCases::split);
    table.put("Flatten", ShapeCases::flatten);
    table.put("Reshape", ShapeCases::reshape);
    table.put("Transpose", ShapeCases::transpose);
    table.put("SliceAxis", ShapeCases::slice);
    table.put("Gather", ShapeCases::gather);
    table.put("ReduceSum", c -> reduce(c, Reduce.SUM));
    table.put("ReduceMean", c -> reduce(c, Reduce.MEAN));
    table.put("ReduceMax", c -> reduce(c, Reduce.MAX));
    table.put("ReduceL2", c -> reduce(c, Reduce.L2));
  }

  private static void concat(Case c) {
    c.attributes("axis");
    Tensor dy = c.upstream();
    Tensor[] parts = new Tensor[c.inputs() - (dy == null ? 0 : 1)];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = c.input(i);
    }
    if (!c.has("axis") && c.opset() >= 4) {
      throw c.problem("axis is missing; give it");
    }
    int axis = c.integer("axis", 1);
    c.output("Y", Concat.forward(axis, parts));
    if (dy != null) {
      int[] lengths = new int[parts.length];
      for (int i = 0; i < parts.length; i++) {
        lengths[i] = parts[i].dim(axis);
      }
      Tensor[] gradients = Concat.backward(dy, axis, lengths);
      for (int i = 0; i < parts.length; i++) {
        c.gradient(i, gradients[i]);
      }
    }
  }

  /** Lengths are an attribute before opset 13 and an input since; without them equal parts. */
  private static void split(Case c) {
    c.attributes("axis", "split", "num_outputs");
    Tensor x = c.input(0);
    int axis = c.integer("axis", 0);
    Value given = c.optionalValue(1);
    int[] lengths = given == null ? c.integers("split") : given.ints();
    if (lengths == null) {
      lengths = Split.even(x.shape(), axis, c.integer("num_outputs", c.wanted()));
    }
    Tensor[] parts = Split.forward(x, axis, lengths);
    for (int i = 0; i < parts.length; i++) {
      c.output("Y" + i, parts[i]);
    }
  }

  private static void flatten(Case c) {
    c.attributes("axis");
    Tensor x = c.input(0);
    c.output("Y", Tensor.of(x.data(), Reshape.flattened(x.shape(), c.integer("axis", 1))));
    gradient(c, x.shape());
  }

  private static void gradient(Case c, Shape x) {
    Tensor dy = c.upstream();
    if (dy != null) {
      c.gradient(0, Reshape.backward(dy, x));
    }
  }

  /** The shape is an attribute before opset 5, an input since. */
  private static void reshape(Case c) {
    c.attributes("shape", "allowzero");
    Tensor x = c.input(0);
    int[] attribute = c.integers("shape");
    int[] dims = attribute == null ? c.value(1).ints() : attribute;
    Shape shape = Reshape.resolve(x.shape(), dims, !c.flag("allowzero", false));
    c.output("Y", Tensor.of(x.data(), shape));
    gradient(c, x.shape());
  }

  private static void transpose(Case c) {
    c.attributes("perm");
    Tensor x = c.input(0);
    int[] given = c.integers("perm");
    int[] order = new int[x.rank()];
    for (int axis = 0; axis < order.length; axis++) {
      order[axis] = order.length - 1 - axis;
    }
    order = given == null ? order : given;
    c.output("Y", Transpose.forward(x, order));
    Tensor dy = c.upstream();
    if (dy != null) {
      c.gradient(0, Transpose.backward(dy, order));
    }
  }

  private static void slice(Case c) {
    c.attributes("axis", "start", "end", "step");
    Tensor x = c.input(0);
    int axis = c.integer("axis", 0);
    int start = c.integer("start", 0);
    int end = c.integer("end", Integer.MAX_VALUE);
    int step = c.integer("step", 1);
    c.output("Y", SliceAxis.forward(x, axis, start, end, step));
    Tensor dy = c.upstream();
    if (dy != null) {
      c.gradient(0, SliceAxis.backward(dy, x.shape(), axis, start, end, step));
    }
  }

  private static void gather(Case c) {
    c.attributes("axis");
    Tensor data = c.input(0);
    Value index = c.value(1);
    int axis = c.integer("axis", 0);
    c.output("Y", Gather.forward(data, index.ints(), index.shape, axis));
    Tensor dy = c.upstream();
    if (dy != null) {
      c.gradient(0, Gather.backward(dy, index.ints(), index.shape, data.shape(), axis));
    }
  }

  /** Axes are an attribute before opset 18 (ReduceSum: 13) and elsewhere, an input since. */
  private static void reduce(Case c, Reduce kind) {
    c.attributes("axes", "keepdims", "noop_with_empty_axes");
    Tensor x = c.input(0);
    Value given = c.optionalValue(1);
    int[] attribute = c.integers("axes");
    int[] axes = given != null ? given.ints() : attribute != null ? attribute : new int[0];
    boolean keep = c.flag("keepdims", true);
    if (axes.length == 0 && c.flag("noop_with_empty_axes", false)) {
      c.output("Y", x);
      return;
    }
    c.output("Y", kind.forward(x, keep, axes));
    Tensor dy = c.upstream();
    if (dy != null) {
      c.gradient(0, kind.backward(dy, x, keep, axes));
    }
  }
}
