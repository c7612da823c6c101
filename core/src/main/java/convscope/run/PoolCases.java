package convscope.run;

import convscope.op.AdaptivePool2d;
import convscope.op.AveragePool2d;
import convscope.op.Conv2d;
import convscope.op.GlobalPool;
import convscope.op.MaxPool2d;
import convscope.op.MaxUnpool;
import convscope.op.Pad;
import convscope.op.PaddingMode;
import convscope.op.PoolSpec;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.Map;

/** Pooling of one and two spatial axes. */
final class PoolCases {
  private PoolCases() {}

  static void addTo(Map<String, OpRunner.Handler> table) {
    table.put("MaxPool", PoolCases::maxPool);
    table.put("AveragePool", PoolCases::averagePool);
    table.put("GlobalMaxPool", PoolCases::globalMaxPool);
    table.put("GlobalAveragePool", PoolCases::globalAveragePool);
    table.put("AdaptiveMaxPool", PoolCases::adaptiveMaxPool);
    table.put("AdaptiveAveragePool", PoolCases::adaptiveAveragePool);
    table.put("MaxUnpool", PoolCases::maxUnpool);
  }

  private static PoolSpec spec(Case c, Shape x, int axes) {
    Conv2d.Spec window = Spatial.window(c, x, axes, Spatial.kernel(c, axes));
    return new PoolSpec(window, c.flag("ceil_mode", false));
  }

  private static void maxPool(Case c) {
    c.attributes(
        "kernel_shape", "strides", "pads", "dilations", "auto_pad", "ceil_mode", "storage_order");
    Tensor x = c.input(0);
    int axes = Spatial.axes(c, x.shape());
    Tensor image = Spatial.image(x);
    MaxPool2d.Result result = MaxPool2d.forward(image, spec(c, x.shape(), axes));
    c.output("Y", Spatial.back(result.y(), axes));
    int[] positions = result.indices().clone();
    if (c.integer("storage_order", 0) == 1) { // column-major inside the plane
      int height = image.dim(2);
      int width = image.dim(3);
      for (int k = 0; k < positions.length; k++) {
        int inPlane = positions[k] % (height * width);
        positions[k] += inPlane % width * height + inPlane / width - inPlane;
      }
    }
    c.output("Indices", Value.of(positions, Spatial.back(result.y(), axes).shape()));
    gradient(c, result, x.shape());
  }

  private static void gradient(Case c, MaxPool2d.Result result, Shape x) {
    Tensor dy = c.upstream();
    if (dy != null) {
      c.gradient(0, MaxPool2d.backward(dy, result.indices(), x));
    }
  }

  private static void averagePool(Case c) {
    c.attributes(
        "kernel_shape",
        "strides",
        "pads",
        "dilations",
        "auto_pad",
        "ceil_mode",
        "count_include_pad");
    Tensor x = c.input(0);
    int axes = Spatial.axes(c, x.shape());
    Tensor image = Spatial.image(x);
    PoolSpec spec = spec(c, x.shape(), axes);
    boolean countPadding = c.flag("count_include_pad", false);
    c.output("Y", Spatial.back(AveragePool2d.forward(image, spec, countPadding), axes));
    Tensor dy = c.upstream();
    if (dy != null) {
      Tensor dx = AveragePool2d.backward(Spatial.image(dy), image.shape(), spec, countPadding);
      c.gradient(0, Spatial.back(dx, axes));
    }
  }

  private static void globalMaxPool(Case c) {
    c.attributes();
    Tensor x = c.input(0);
    MaxPool2d.Result result = GlobalPool.max(x);
    c.output("Y", result.y());
    gradient(c, result, x.shape());
  }

  private static void globalAveragePool(Case c) {
    c.attributes();
    Tensor x = c.input(0);
    c.output("Y", GlobalPool.average(x));
    Tensor dy = c.upstream();
    if (dy != null) {
      c.gradient(0, GlobalPool.averageBackward(dy, x.shape()));
    }
  }

  private static void adaptiveMaxPool(Case c) {
    c.attributes("output_size");
    Tensor x = c.input(0);
    int axes = Spatial.axes(c, x.shape());
    int[] size = c.integers("output_size", axes, 1);
    MaxPool2d.Result result =
        AdaptivePool2d.max(Spatial.image(x), axes == 2 ? size[0] : 1, size[axes - 1]);
    Tensor y = Spatial.back(result.y(), axes);
    c.output("Y", y);
    c.output("Indices", Value.of(result.indices(), y.shape()));
    gradient(c, result, x.shape());
  }

  private static void adaptiveAveragePool(Case c) {
    c.attributes("output_size");
    Tensor x = c.input(0);
    int axes = Spatial.axes(c, x.shape());
    int[] size = c.integers("output_size", axes, 1);
    Tensor image = Spatial.image(x);
    c.output(
        "Y",
        Spatial.back(AdaptivePool2d.average(image, axes == 2 ? size[0] : 1, size[axes - 1]), axes));
    Tensor dy = c.upstream();
    if (dy != null) {
      c.gradient(
          0, Spatial.back(AdaptivePool2d.averageBackward(Spatial.image(dy), image.shape()), axes));
    }
  }

  /**
   * The indices count in the smallest map that the window gives back; a wanted output shape beyond
   * that is filled up with zeros.
   */
  private static void maxUnpool(Case c) {
    c.attributes("kernel_shape", "strides", "pads");
    Tensor x = c.input(0);
    int[] indices = c.value(1).ints();
    Value wanted = c.optionalValue(2);
    int axes = Spatial.axes(c, x.shape());
    int[] kernel = Spatial.kernel(c, axes);
    int[] strides = c.integers("strides", axes, 1);
    int[] pads = c.integers("pads", 2 * axes, 0);
    int[] dims = x.shape().dims();
    for (int axis = 0; axis < axes; axis++) {
      dims[2 + axis] =
          (dims[2 + axis] - 1) * strides[axis] + kernel[axis] - pads[axis] - pads[axes + axis];
    }
    Shape shape = Shape.of(dims);
    Tensor y = MaxUnpool.forward(x, indices, shape);
    c.output("Y", wanted == null ? y : grow(c, y, Shape.of(wanted.ints())));
    Tensor dy = c.upstream();
    if (dy != null && wanted == null) {
      c.gradient(0, MaxUnpool.backward(dy, indices, x.shape()));
    }
  }

  private static Tensor grow(Case c, Tensor y, Shape wanted) {
    boolean fits = wanted.rank() == y.rank();
    for (int axis = 0; fits && axis < y.rank(); axis++) {
      fits = wanted.dim(axis) >= y.dim(axis);
    }
    if (!fits) {
      throw c.problem(
          "output shape " + wanted + " does not hold " + y.shape() + "; give a larger one");
    }
    int[] after = new int[y.rank()];
    for (int axis = 0; axis < after.length; axis++) {
      after[axis] = wanted.dim(axis) - y.dim(axis);
    }
    return Pad.forward(y, new int[y.rank()], after, PaddingMode.ZEROS, 0);
  }
}
