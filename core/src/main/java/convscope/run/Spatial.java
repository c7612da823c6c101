package convscope.run;

import convscope.op.Conv2d;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;

/**
 * The window attributes of an ONNX convolution or pooling case with one or two spatial axes, as a
 * two-axis window. One spatial axis becomes an image of height 1.
 */
final class Spatial {
  private Spatial() {}

  /** Number of spatial axes, 1 or 2; anything else is an error. */
  static int axes(Case c, Shape x) {
    int axes = x.rank() - 2;
    if (axes != 1 && axes != 2) {
      throw c.problem(
          "input of shape "
              + x
              + " has "
              + Math.max(0, axes)
              + " spatial axes; give 1 or 2, as (N, C, L) or (N, C, H, W)");
    }
    return axes;
  }

  /** (N, C, L) as (N, C, 1, L); images stay as they are. */
  static Tensor image(Tensor x) {
    return x.rank() == 4 ? x : Tensor.of(x.data(), image(x.shape()));
  }

  static Shape image(Shape x) {
    return x.rank() == 4 ? x : Shape.of(x.dim(0), x.dim(1), 1, x.dim(2));
  }

  /** The result in the rank of the case: height 1 dropped again for one spatial axis. */
  static Tensor back(Tensor image, int axes) {
    return axes == 2 ? image : Tensor.of(image.data(), image.dim(0), image.dim(1), image.dim(3));
  }

  /** Kernel, strides, dilations and padding of the case for an input image. */
  static Conv2d.Spec window(Case c, Shape x, int axes, int[] kernel) {
    int[] strides = c.integers("strides", axes, 1);
    int[] dilations = c.integers("dilations", axes, 1);
    return window(c, axes, kernel, pads(c, x, axes, kernel, strides, dilations));
  }

  /** The same with padding that is known already. */
  static Conv2d.Spec window(Case c, int axes, int[] kernel, int[] pads) {
    int[] strides = c.integers("strides", axes, 1);
    int[] dilations = c.integers("dilations", axes, 1);
    return axes == 2
        ? Conv2d.Spec.of(kernel[0], kernel[1])
            .padding(pads[0], pads[1], pads[2], pads[3])
            .stride(strides[0], strides[1])
            .dilation(dilations[0], dilations[1])
        : Conv2d.Spec.of(1, kernel[0])
            .padding(0, pads[0], 0, pads[1])
            .stride(1, strides[0])
            .dilation(1, dilations[0]);
  }

  /**
   * {@code pads}, or what {@code auto_pad} makes of it: SAME gives {@code ceil(in/stride)} outputs,
   * the odd cell at the end (UPPER) or at the beginning (LOWER).
   */
  private static int[] pads(
      Case c, Shape x, int axes, int[] kernel, int[] strides, int[] dilations) {
    String auto = c.choice("auto_pad", "NOTSET", "NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER");
    if (auto.equals("NOTSET")) {
      return c.integers("pads", 2 * axes, 0);
    }
    int[] pads = new int[2 * axes];
    if (auto.equals("VALID")) {
      return pads;
    }
    for (int axis = 0; axis < axes; axis++) {
      int in = x.dim(2 + axis);
      int stride = Math.max(1, strides[axis]); // a stride below 1 is the operator's error to report
      int out = (in + stride - 1) / stride;
      int total = Math.max(0, (out - 1) * stride + dilations[axis] * (kernel[axis] - 1) + 1 - in);
      pads[axis] = auto.equals("SAME_UPPER") ? total / 2 : total - total / 2;
      pads[axes + axis] = total - pads[axis];
    }
    return pads;
  }

  /** {@code kernel_shape}, or the trailing axes of the weight where that is absent. */
  static int[] kernel(Case c, Shape weight, int axes) {
    int[] kernel = c.integers("kernel_shape");
    if (kernel != null) {
      return c.integers("kernel_shape", axes, 0);
    }
    if (weight.rank() != axes + 2) {
      throw c.problem(
          "weight of shape "
              + weight
              + " for "
              + axes
              + " spatial axes; give "
              + (axes + 2)
              + " axes");
    }
    return axes == 2 ? new int[] {weight.dim(2), weight.dim(3)} : new int[] {weight.dim(2)};
  }

  /** {@code kernel_shape}, which must be there. */
  static int[] kernel(Case c, int axes) {
    if (!c.has("kernel_shape")) {
      throw c.problem("kernel_shape is missing; give one entry per spatial axis");
    }
    return c.integers("kernel_shape", axes, 0);
  }
}
