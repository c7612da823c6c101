package convscope.run;

import convscope.op.Conv2d;
import convscope.tensor.Tensor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Convolutions of one and two spatial axes. */
final class ConvCases {
  private ConvCases() {}

  static void addTo(Map<String, OpRunner.Handler> table) {
    table.put("Conv", ConvCases::conv);
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
    Tensor image = Spatial.image(x);
    Tensor kernel = Spatial.image(weight);
    c.output("Y", Spatial.back(Conv2d.forward(image, kernel, bias, spec), axes));
    @Nullable Tensor dy = c.upstream();
    if (dy != null) {
      Conv2d.Gradients gradients = Conv2d.backward(Spatial.image(dy), image, kernel, spec);
      c.gradient(0, Spatial.back(gradients.dx(), axes));
      c.gradient(1, Spatial.back(gradients.dWeight(), axes));
      if (bias != null) {
        c.gradient(2, gradients.dBias());
      }
    }
  }
}
