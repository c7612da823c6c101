package convscope.run;

import convscope.op.Conv2d;
import convscope.op.PaddingMode;
import convscope.op.Window;
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
    return image(padded(c, x, windows(c, axes, kernel)));
  }

  /** The same with padding that is known already: all beginnings, then all ends. */
  static Conv2d.Spec window(Case c, int axes, int[] kernel, int[] pads) {
    return image(padded(windows(c, axes, kernel), pads));
  }

  /** One window for each axis of the case, without padding. */
  static Window[] windows(Case c, int axes, int[] kernel) {
    int[] strides = c.integers("strides", axes, 1);
    int[] dilations = c.integers("dilations", axes, 1);
    Window[] windows = new Window[axes];
    for (int axis = 0; axis < axes; axis++) {
      windows[axis] = Window.of(kernel[axis]).stride(strides[axis]).dilation(dilations[axis]);
    }
    return windows;
  }

  private static Conv2d.Spec image(Window[] windows) {
    Window vertical = windows.length == 2 ? windows[0] : Window.of(1);
    return new Conv2d.Spec(vertical, windows[windows.length - 1], PaddingMode.ZEROS, 1);
  }

  private static Window[] padded(Window[] windows, int[] pads) {
    for (int axis = 0; axis < windows.length; axis++) {
      windows[axis] = windows[axis].padding(pads[axis], pads[windows.length + axis]);
    }
    return windows;
  }

  /**
   * With {@code pads}, or what {@code auto_pad} makes of it: SAME gives {@code ceil(in/stride)}
   * outputs, the odd cell at the end (UPPER) or at the beginning (LOWER).
   */
  private static Window[] padded(Case c, Shape x, Window[] windows) {
    String auto = c.choice("auto_pad", "NOTSET", "NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER");
    if (auto.equals("NOTSET")) {
      return padded(windows, c.integers("pads", 2 * windows.length, 0));
    }
    for (int axis = 0; axis < windows.length && auto.startsWith("SAME"); axis++) {
      // a stride below 1 is the operator's error to report
      Window window = windows[axis];
      if (window.stride() > 0) {
        windows[axis] = window.same(x.dim(2 + axis), auto.equals("SAME_UPPER"));
      }
    }
    return windows;
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
