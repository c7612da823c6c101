package convscope.run;

import convscope.op.Conv1d;
import convscope.op.Conv2d;
import convscope.op.ConvTranspose2d;
import convscope.op.Im2col;
import convscope.op.Window;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Convolutions of one and two spatial axes, and their columns. */
final class ConvCases {
  private ConvCases() {}

  static void addTo(Map<String, OpRunner.Handler> table) {
    table.put("Conv", ConvCases::conv);
    table.put("ConvTranspose", ConvCases::convTranspose);
    table.put("Im2Col", ConvCases::im2col);
    table.put("Col2Im", ConvCases::col2im);
  }

  private static void conv(Case c) {
    c.attributes("kernel_shape", "strides", "pads", "dilations", "group", "auto_pad");
    Tensor x = c.input(0);
    Tensor weight = c.input(1);
    Tensor bias = c.optional(2);
    int axes = Spatial.axes(c, x.shape());
    Conv2d.Spec spec =
        Spatial.window(c, x.shape(), axes, Spatial.kernel(c, weight.shape(), axes))
            .groups(c.integer("group", 1));
    Tensor dy = c.upstream();
    Conv2d.Gradients gradients = null;
    if (axes == 1) {
      Conv1d.Spec line = new Conv1d.Spec(spec.horizontal(), spec.mode(), spec.groups());
      c.output("Y", Conv1d.forward(x, weight, bias, line));
      gradients = dy == null ? null : Conv1d.backward(dy, x, weight, line);
    } else {
      c.output("Y", Conv2d.forward(x, weight, bias, spec));
      gradients = dy == null ? null : Conv2d.backward(dy, x, weight, spec);
    }
    if (gradients != null) {
      put(c, gradients, bias);
    }
  }

  private static void put(Case c, Conv2d.Gradients gradients, @Nullable Tensor bias) {
    c.gradient(0, gradients.dx());
    c.gradient(1, gradients.dWeight());
    if (bias != null) {
      c.gradient(2, gradients.dBias());
    }
  }

  private static void convTranspose(Case c) {
    c.attributes(
        "kernel_shape",
        "strides",
        "pads",
        "dilations",
        "group",
        "auto_pad",
        "output_padding",
        "output_shape");
    Tensor x = c.input(0);
    Tensor weight = c.input(1);
    Tensor bias = c.optional(2);
    int axes = Spatial.axes(c, x.shape());
    if (weight.rank() != x.rank()) {
      throw c.problem(
          "weight of shape "
              + weight.shape()
              + " for an input of shape "
              + x.shape()
              + "; give "
              + x.rank()
              + " axes");
    }
    int[] kernel = Spatial.kernel(c, weight.shape(), axes);
    int[] outputPadding = c.integers("output_padding", axes, 0);
    Conv2d.Spec window =
        Spatial.window(c, axes, kernel, transposePads(c, x.shape(), axes, kernel, outputPadding))
            .groups(c.integer("group", 1));
    ConvTranspose2d.Spec spec =
        axes == 2
            ? new ConvTranspose2d.Spec(window, outputPadding[0], outputPadding[1])
            : new ConvTranspose2d.Spec(window, 0, outputPadding[0]);
    Tensor image = Spatial.image(x);
    Tensor kernels = Spatial.image(weight);
    c.output("Y", Spatial.back(ConvTranspose2d.forward(image, kernels, bias, spec), axes));
    Tensor dy = c.upstream();
    if (dy != null) {
      Conv2d.Gradients gradients =
          ConvTranspose2d.backward(Spatial.image(dy), image, kernels, spec);
      put(
          c,
          new Conv2d.Gradients(
              Spatial.back(gradients.dx(), axes),
              Spatial.back(gradients.dWeight(), axes),
              gradients.dBias()),
          bias);
    }
  }

  /**
   * {@code pads}, or what {@code output_shape} or {@code auto_pad} make of it: total = size without
   * padding − wanted size (SAME wants in·stride), split with the odd cell at the end for SAME_UPPER
   * and at the beginning otherwise. A negative total adds rows.
   */
  private static int[] transposePads(Case c, Shape x, int axes, int[] kernel, int[] outputPadding) {
    String auto = c.choice("auto_pad", "NOTSET", "NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER");
    int[] wanted = c.integers("output_shape");
    if (wanted == null && !auto.startsWith("SAME")) {
      return auto.equals("VALID") ? new int[2 * axes] : c.integers("pads", 2 * axes, 0);
    }
    if (wanted != null && wanted.length != axes && wanted.length != axes + 2) {
      throw c.problem("output_shape has " + wanted.length + " entries; give " + axes);
    }
    Window[] windows = Spatial.windows(c, axes, kernel);
    int[] pads = new int[2 * axes];
    for (int axis = 0; axis < axes; axis++) {
      int in = x.dim(2 + axis);
      int target =
          wanted != null ? wanted[wanted.length - axes + axis] : in * windows[axis].stride();
      int total = windows[axis].transposedOut(in, outputPadding[axis]) - target;
      int half = Math.floorDiv(total, 2);
      pads[axis] = auto.equals("SAME_UPPER") ? half : total - half;
      pads[axes + axis] = total - pads[axis];
    }
    return pads;
  }

  private static void im2col(Case c) {
    c.attributes("kernel_shape", "strides", "pads", "dilations");
    Tensor x = c.input(0);
    int axes = Spatial.axes(c, x.shape());
    Conv2d.Spec spec = Spatial.window(c, x.shape(), axes, Spatial.kernel(c, axes));
    Tensor image = Spatial.image(x);
    c.output("Y", Im2col.forward(image, spec));
    Tensor dy = c.upstream();
    if (dy != null) {
      c.gradient(0, Spatial.back(Im2col.backward(dy, image.shape(), spec), axes));
    }
  }

  private static void col2im(Case c) {
    c.attributes("image_shape", "block_shape", "strides", "pads", "dilations");
    Tensor cols = c.input(0);
    int[] image = c.has("image_shape") ? c.integers("image_shape") : c.value(1).ints();
    int[] block = c.has("block_shape") ? c.integers("block_shape") : c.value(2).ints();
    if (image == null || block == null || image.length != block.length) {
      throw c.problem("image and block differ in their number of axes; give one size per axis");
    }
    int axes = image.length;
    if (axes != 1 && axes != 2) {
      throw c.problem("image of " + axes + " spatial axes; give 1 or 2");
    }
    if (cols.rank() != 3) {
      throw c.problem("columns of shape " + cols.shape() + "; give (N, C·block, L)");
    }
    Conv2d.Spec spec = Spatial.window(c, axes, block, c.integers("pads", 2 * axes, 0));
    int taps = Math.max(1, spec.kernelHeight() * spec.kernelWidth());
    if (cols.dim(1) % taps != 0) {
      throw c.problem(
          cols.dim(1) + " rows do not make blocks of " + taps + "; give a multiple of " + taps);
    }
    Shape shape =
        Shape.of(cols.dim(0), cols.dim(1) / taps, axes == 2 ? image[0] : 1, image[axes - 1]);
    c.output("Y", Spatial.back(Im2col.col2im(cols, shape, spec), axes));
    Tensor dy = c.upstream();
    if (dy != null) {
      c.gradient(0, Im2col.col2imBackward(Spatial.image(dy), spec));
    }
  }
}
