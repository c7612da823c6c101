package convscope.net;

import convscope.autodiff.Var;
import convscope.op.Conv2d;
import convscope.op.ConvTranspose2d;
import convscope.op.Window;
import convscope.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code macs = inputs · C_out/g · K_h · K_w}: every input element is multiplied by its taps. */
public record Transposed(int inChannels, int outChannels, ConvTranspose2d.Spec spec, boolean bias)
    implements Layer {
  @Override
  public String name() {
    return "ConvTranspose2d";
  }

  /** Weight (inChannels, outChannels/groups, kH, kW), bias (outChannels). */
  @Override
  public List<Shape> parameters(Shape x) {
    Conv2d.Spec window = spec.window();
    Shape weight =
        Shape.of(
            inChannels > 0 ? inChannels : x.dim(1),
            outChannels / Math.max(1, window.groups()),
            window.kernelHeight(),
            window.kernelWidth());
    return Layers.withBias(weight, outChannels, bias);
  }

  @Override
  public @Nullable String problem(Shape x) {
    String problem = Layers.notImages(name(), x);
    if (problem == null) {
      int channels = inChannels > 0 ? inChannels : x.dim(1);
      problem = ConvTranspose2d.problem(channels, outChannels, spec.window().groups());
    }
    if (problem != null) {
      return problem;
    }
    List<Shape> parameters = parameters(x);
    return ConvTranspose2d.problem(x, Layers.weight(parameters), Layers.bias(parameters), spec);
  }

  @Override
  public Shape output(Shape x) {
    return Shape.of(x.dim(0), outChannels, spec.outputHeight(x.dim(2)), spec.outputWidth(x.dim(3)));
  }

  @Override
  public long macs(Shape x) {
    return (long) x.size() / x.dim(1) * Layers.weight(parameters(x)).size();
  }

  /**
   * Outputs that no tap reaches are sums of nothing. Products over the padding, which is cropped,
   * are counted, and so are their sums.
   */
  @Override
  public long additions(Shape x) {
    Window rows = spec.window().vertical();
    Window columns = spec.window().horizontal();
    long maps = (long) x.dim(0) * outChannels;
    long sums =
        maps
            * reached(rows, x.dim(2), rows.start(0), rows.reach(x.dim(2)))
            * reached(columns, x.dim(3), columns.start(0), columns.reach(x.dim(3)));
    long biases =
        maps
            * reached(rows, x.dim(2), 0, spec.outputHeight(x.dim(2)))
            * reached(columns, x.dim(3), 0, spec.outputWidth(x.dim(3)));
    return macs(x) - sums + (bias ? biases : 0);
  }

  /** How many places from {@code from} to before {@code end} some window has a tap on. */
  private static int reached(Window window, int windows, int from, int end) {
    int reached = 0;
    for (int place = from; place < end; place++) {
      reached += window.readers(place, windows).length > 0 ? 1 : 0;
    }
    return reached;
  }

  @Override
  public ReceptiveField field(ReceptiveField before, boolean height) {
    return before.transposed(Layers.axis(spec.window(), height));
  }

  @Override
  public Var run(Var x, List<Var> parameters) {
    return x.convTranspose2d(parameters.get(0), Layers.biasOf(parameters), spec);
  }
}
