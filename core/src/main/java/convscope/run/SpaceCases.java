package convscope.run;

import convscope.op.DepthToSpace;
import convscope.op.Pad;
import convscope.op.PaddingMode;
import convscope.op.Resize;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Padding, resampling, and trading channels for pixels. */
final class SpaceCases {
  private SpaceCases() {}

  static void addTo(Map<String, OpRunner.Handler> table) {
    table.put("Pad", SpaceCases::pad);
    table.put("Resize", SpaceCases::resize);
    table.put("Upsample", SpaceCases::upsample);
    table.put("DepthToSpace", SpaceCases::depthToSpace);
    table.put("SpaceToDepth", SpaceCases::spaceToDepth);
  }

  private static void pad(Case c) {
    c.attributes("mode", "pads", "paddings", "value");
    Tensor x = c.input(0);
    PaddingMode mode = mode(c.choice("mode", "constant", "constant", "edge", "reflect", "wrap"));
    int[] pads = c.integers("pads");
    boolean asInput = pads == null;
    if (pads == null) {
      pads = c.value(1).ints();
    }
    Value constant = asInput ? c.optionalValue(2) : null;
    float value = constant == null ? (float) c.real("value", 0) : (float) constant.only();
    int[] axes = axes(c, x.shape(), asInput ? c.optionalValue(3) : null);
    if (pads.length != 2 * axes.length) {
      throw c.problem("pads has " + pads.length + " entries; give " + 2 * axes.length);
    }
    int[] before = new int[x.rank()];
    int[] after = new int[x.rank()];
    for (int k = 0; k < axes.length; k++) {
      before[axes[k]] = pads[k];
      after[axes[k]] = pads[axes.length + k];
    }
    c.output("Y", Pad.forward(x, before, after, mode, value));
    Tensor dy = c.upstream();
    if (dy != null) {
      c.gradient(0, Pad.backward(dy, x.shape(), before, after, mode));
    }
  }

  private static PaddingMode mode(String name) {
    switch (name) {
      case "edge":
        return PaddingMode.REPLICATE;
      case "reflect":
        return PaddingMode.REFLECT;
      case "wrap":
        return PaddingMode.CIRCULAR;
      default:
        return PaddingMode.ZEROS;
    }
  }

  /** The axes listed, negative ones counted from the end; all of them if there is no list. */
  private static int[] axes(Case c, Shape x, @Nullable Value list) {
    return axes(c, x, list == null ? null : list.ints());
  }

  private static int[] axes(Case c, Shape x, int @Nullable [] list) {
    int[] axes = new int[list == null ? x.rank() : list.length];
    for (int k = 0; k < axes.length; k++) {
      int axis = list == null ? k : list[k];
      axes[k] = axis < 0 ? axis + x.rank() : axis;
      if (axes[k] < 0 || axes[k] >= x.rank()) {
        throw c.problem("axis " + axis + " of shape " + x + "; use 0 to " + (x.rank() - 1));
      }
    }
    return axes;
  }

  /** One axis to resample. */
  private record Step(int axis, Resize.Axis resampling) {}

  private static void resize(Case c) {
    c.attributes(
        "mode",
        "coordinate_transformation_mode",
        "nearest_mode",
        "sizes",
        "scales",
        "axes",
        "antialias",
        "cubic_coeff_a",
        "exclude_outside",
        "keep_aspect_ratio_policy",
        "extrapolation_value");
    Tensor x = c.input(0);
    int[] sizes = c.has("sizes") ? c.integers("sizes") : ints(c, 3);
    double[] given = c.has("scales") ? c.reals("scales") : reals(c, c.opset() < 11 ? 1 : 2);
    if (given == null) {
      if (sizes == null) {
        throw c.problem("neither sizes nor scales; give one of them");
      }
      given = new double[sizes.length];
    }
    int count = sizes != null ? sizes.length : given.length;
    int[] axes = resizeAxes(c, x.shape(), count);
    double[] scales = new double[count];
    int[] out = new int[count];
    for (int k = 0; k < count; k++) {
      int in = x.dim(axes[k]);
      scales[k] = sizes != null ? (double) sizes[k] / in : given[k];
      out[k] = sizes != null ? sizes[k] : (int) Math.floor(in * given[k]);
    }
    if (sizes != null) {
      keepAspectRatio(c, x.shape(), axes, scales, out);
    }
    if (c.text("coordinate_transformation_mode", "").equals("tf_crop_and_resize")) {
      crop(c, x, axes, out);
    } else {
      run(c, x, axes, scales, out);
    }
  }

  /**
   * Resampling of a region: its two ends, from the input roi (all starts, then all ends, in units
   * of {@code in − 1}), fall on the first and the last output. What lies outside the input is the
   * extrapolation value.
   */
  private static void crop(Case c, Tensor x, int[] axes, int[] out) {
    double[] region = c.value(1).reals();
    if (region.length != 2 * axes.length) {
      throw c.problem("roi has " + region.length + " entries; give " + 2 * axes.length);
    }
    boolean nearest = c.choice("mode", "nearest", "nearest", "linear").equals("nearest");
    List<Step> steps = new ArrayList<>();
    List<double[]> coordinates = new ArrayList<>();
    for (int k = 0; k < axes.length; k++) {
      int in = x.dim(axes[k]);
      double start = region[k];
      double end = region[axes.length + k];
      double[] at = new double[Math.max(0, out[k])];
      for (int j = 0; j < at.length; j++) {
        at[j] =
            at.length == 1
                ? 0.5 * (start + end) * (in - 1)
                : start * (in - 1) + j * (end - start) * (in - 1) / (at.length - 1);
      }
      coordinates.add(at);
      Resize.Axis axis =
          nearest ? Resize.Axis.nearest(in, at, nearest(c)) : Resize.Axis.linear(in, at);
      steps.add(new Step(axes[k], axis));
    }
    Tensor y = x;
    for (Step step : steps) {
      y = Resize.forward(y, step.axis, step.resampling);
    }
    float value = (float) c.real("extrapolation_value", 0);
    for (int k = 0; k < axes.length; k++) {
      int inner = y.shape().product(axes[k] + 1, y.rank());
      double[] at = coordinates.get(k);
      for (int position = 0; position < y.size(); position++) {
        double coordinate = at[position / inner % at.length];
        if (coordinate < 0 || coordinate > x.dim(axes[k]) - 1) {
          y.data()[position] = value;
        }
      }
    }
    c.output("Y", y);
  }

  // An input that is absent or empty says nothing.
  private static int @Nullable [] ints(Case c, int position) {
    Value value = c.optionalValue(position);
    return value == null || value.size() == 0 ? null : value.ints();
  }

  private static double @Nullable [] reals(Case c, int position) {
    Value value = c.optionalValue(position);
    return value == null || value.size() == 0 ? null : value.reals();
  }

  /** The axes attribute, or the trailing ones: all axes, or the spatial ones of a shorter list. */
  private static int[] resizeAxes(Case c, Shape x, int count) {
    int[] axes = c.integers("axes");
    if (axes == null && count == x.rank() - 2) {
      axes = new int[count];
      for (int k = 0; k < count; k++) {
        axes[k] = k + 2;
      }
    }
    axes = axes(c, x, axes);
    if (axes.length != count) {
      throw c.problem(count + " sizes or scales for " + axes.length + " axes; give one each");
    }
    return axes;
  }

  private static void keepAspectRatio(Case c, Shape x, int[] axes, double[] scales, int[] out) {
    String policy =
        c.choice("keep_aspect_ratio_policy", "stretch", "stretch", "not_larger", "not_smaller");
    if (policy.equals("stretch")) {
      return;
    }
    double scale = scales[0];
    for (double other : scales) {
      scale = policy.equals("not_larger") ? Math.min(scale, other) : Math.max(scale, other);
    }
    for (int k = 0; k < axes.length; k++) {
      scales[k] = scale;
      out[k] = (int) Math.floor(x.dim(axes[k]) * scale + 0.5);
    }
  }

  private static void run(Case c, Tensor x, int[] axes, double[] scales, int[] out) {
    List<Step> steps = new ArrayList<>();
    for (int k = 0; k < axes.length; k++) {
      if (scales[k] != 1 || out[k] != x.dim(axes[k])) {
        steps.add(new Step(axes[k], axis(c, x.dim(axes[k]), out[k], scales[k])));
      }
    }
    run(c, x, steps);
  }

  private static void run(Case c, Tensor x, List<Step> steps) {
    Tensor y = x;
    for (Step step : steps) {
      y = Resize.forward(y, step.axis, step.resampling);
    }
    c.output("Y", y);
    Tensor dy = c.upstream();
    if (dy != null) {
      for (int k = steps.size() - 1; k >= 0; k--) {
        dy = Resize.backward(dy, steps.get(k).axis, steps.get(k).resampling);
      }
      c.gradient(0, dy);
    }
  }

  private static Resize.Axis axis(Case c, int in, int out, double scale) {
    String mode = c.choice("mode", "nearest", "nearest", "linear", "cubic");
    Resize.Coordinates coordinates = coordinates(c);
    boolean antialias = c.flag("antialias", false);
    switch (mode) {
      case "linear":
        return Resize.Axis.linear(in, out, scale, coordinates, antialias);
      case "cubic":
        return Resize.Axis.cubic(
            in,
            out,
            scale,
            coordinates,
            antialias,
            c.real("cubic_coeff_a", -0.75),
            c.flag("exclude_outside", false));
      default:
        return Resize.Axis.nearest(in, out, scale, coordinates, nearest(c));
    }
  }

  private static Resize.Coordinates coordinates(Case c) {
    String name =
        c.choice(
            "coordinate_transformation_mode",
            c.opset() < 11 ? "asymmetric" : "half_pixel",
            "half_pixel",
            "pytorch_half_pixel",
            "half_pixel_symmetric",
            "align_corners",
            "asymmetric");
    switch (name) {
      case "pytorch_half_pixel":
        return Resize.Coordinates.PYTORCH_HALF_PIXEL;
      case "half_pixel_symmetric":
        return Resize.Coordinates.HALF_PIXEL_SYMMETRIC;
      case "align_corners":
        return Resize.Coordinates.ALIGN_CORNERS;
      case "asymmetric":
        return Resize.Coordinates.ASYMMETRIC;
      default:
        return Resize.Coordinates.HALF_PIXEL;
    }
  }

  private static Resize.Nearest nearest(Case c) {
    String name =
        c.choice(
            "nearest_mode",
            c.opset() < 11 ? "floor" : "round_prefer_floor",
            "round_prefer_floor",
            "round_prefer_ceil",
            "floor",
            "ceil");
    switch (name) {
      case "round_prefer_ceil":
        return Resize.Nearest.ROUND_PREFER_CEIL;
      case "floor":
        return Resize.Nearest.FLOOR;
      case "ceil":
        return Resize.Nearest.CEIL;
      default:
        return Resize.Nearest.ROUND_PREFER_FLOOR;
    }
  }

  /** The ancestor of Resize: scales only, asymmetric coordinates, floor. */
  private static void upsample(Case c) {
    c.attributes("mode", "scales");
    Tensor x = c.input(0);
    double[] scales = c.has("scales") ? c.reals("scales") : c.value(1).reals();
    if (scales.length != x.rank()) {
      throw c.problem(scales.length + " scales for shape " + x.shape() + "; give one per axis");
    }
    boolean linear = c.choice("mode", "nearest", "nearest", "linear").equals("linear");
    List<Step> steps = new ArrayList<>();
    for (int axis = 0; axis < scales.length; axis++) {
      int in = x.dim(axis);
      int out = (int) Math.floor(in * scales[axis]);
      Resize.Coordinates first = Resize.Coordinates.ASYMMETRIC;
      if (scales[axis] != 1) {
        steps.add(
            new Step(
                axis,
                linear
                    ? Resize.Axis.linear(in, out, scales[axis], first, false)
                    : Resize.Axis.nearest(in, out, scales[axis], first, Resize.Nearest.FLOOR)));
      }
    }
    run(c, x, steps);
  }

  private static void depthToSpace(Case c) {
    c.attributes("blocksize", "mode");
    Tensor x = c.input(0);
    int block = c.integer("blocksize", 0);
    boolean depthFirst = c.choice("mode", "DCR", "DCR", "CRD").equals("DCR");
    c.output("Y", DepthToSpace.forward(x, block, depthFirst));
    Tensor dy = c.upstream();
    if (dy != null) {
      c.gradient(0, DepthToSpace.back(dy, block, depthFirst));
    }
  }

  private static void spaceToDepth(Case c) {
    c.attributes("blocksize");
    int block = c.integer("blocksize", 0);
    c.output("Y", DepthToSpace.back(c.input(0), block, true));
    Tensor dy = c.upstream();
    if (dy != null) {
      c.gradient(0, DepthToSpace.forward(dy, block, true));
    }
  }
}
