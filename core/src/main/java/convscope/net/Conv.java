package convscope.net;

import convscope.autodiff.Var;
import convscope.op.Conv2d;
import convscope.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code macs = outputs · C_in/g · K_h · K_w}. */
public record Conv(int inChannels, int outChannels, Conv2d.Spec spec, boolean bias)
    implements Layer {
  @Override
  public String name() {
    return "Conv2d";
  }

  /** Weight (outChannels, inChannels/groups, kH, kW), bias (outChannels). */
  @Override
  public List<Shape> parameters(Shape x) {
    int channels = inChannels > 0 ? inChannels : x.dim(1);
    Shape weight =
        Shape.of(
            outChannels,
            channels / Math.max(1, spec.groups()),
            spec.kernelHeight(),
            spec.kernelWidth());
    return Layers.withBias(weight, outChannels, bias);
  }

  @Override
  public @Nullable String problem(Shape x) {
    String problem = Layers.notImages(name(), x);
    if (problem == null) {
      int channels = inChannels > 0 ? inChannels : x.dim(1);
      problem = Conv2d.problem(channels, outChannels, spec.groups());
    }
    if (problem != null) {
      return problem;
    }
    List<Shape> parameters = parameters(x);
    return Conv2d.problem(x, Layers.weight(parameters), Layers.bias(parameters), spec);
  }

  @Override
  public Shape output(Shape x) {
    return Shape.of(x.dim(0), outChannels, spec.outputHeight(x.dim(2)), spec.outputWidth(x.dim(3)));
  }

  @Override
  public long macs(Shape x) {
    return (long) output(x).size() / outChannels * Layers.weight(parameters(x)).size();
  }

  @Override
  public ReceptiveField field(ReceptiveField before, boolean height) {
    return before.window(Layers.axis(spec, height));
  }

  @Override
  public Var run(Var x, List<Var> parameters) {
    return x.conv2d(parameters.get(0), Layers.biasOf(parameters), spec);
  }
}
