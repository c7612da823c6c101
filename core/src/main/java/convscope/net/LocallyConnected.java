package convscope.net;

import convscope.autodiff.Var;
import convscope.op.Conv2d;
import convscope.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A convolution whose weights are not shared: each unit of the output has a kernel and a bias of
 * its own. PyTorch has no such layer; Keras 2 called it LocallyConnected2D.
 *
 * <pre>
 *   y[n,o,i,j] = b[r] + Σ_c Σ_u Σ_v w[r, (c·K_h + u)·K_w + v] · x[n, c, i·S + u·D − P, j·S + v·D − P]
 *   r = (o·H_out + i)·W_out + j
 *   macs = outputs · C_in · K_h · K_w
 * </pre>
 *
 * So the weight is that of a {@link Linear} layer on the flattened image, without its zeros: a row
 * for each unit.
 */
public record LocallyConnected(int inChannels, int outChannels, Conv2d.Spec spec, boolean bias)
    implements Layer {
  @Override
  public String name() {
    return "LocallyConnected2d";
  }

  /** Weight (outChannels·outH·outW, inChannels·kH·kW), bias (outChannels·outH·outW). */
  @Override
  public List<Shape> parameters(Shape x) {
    int units = output(x).product(1, 4);
    return Layers.withBias(Shape.of(units, taps(x)), units, bias);
  }

  private int taps(Shape x) {
    return x.dim(1) * spec.kernelHeight() * spec.kernelWidth();
  }

  @Override
  public @Nullable String problem(Shape x) {
    String problem = Layers.notImages(name(), x);
    if (problem == null) {
      problem = Layers.otherChannels(name(), inChannels, x);
    }
    return problem != null ? problem : Conv2d.problem(x.dim(2), x.dim(3), spec);
  }

  @Override
  public Shape output(Shape x) {
    return Shape.of(x.dim(0), outChannels, spec.outputHeight(x.dim(2)), spec.outputWidth(x.dim(3)));
  }

  @Override
  public long macs(Shape x) {
    return (long) output(x).size() * taps(x);
  }

  @Override
  public ReceptiveField field(ReceptiveField before, boolean height) {
    return before.window(Layers.axis(spec, height));
  }

  /** For each place p a product of its own: {@code y[p] = w[p] · columns[p]}. */
  @Override
  public Var run(Var x, List<Var> parameters) {
    Shape output = output(x.shape());
    int places = output.dim(2) * output.dim(3);
    Var columns = x.im2col(spec).transpose(2, 1, 0); // (places, taps, N)
    Var weight = parameters.get(0).reshape(Shape.of(outChannels, places, taps(x.shape())));
    Var y = weight.transpose(1, 0, 2).matMul(columns).transpose(2, 1, 0).reshape(output);
    Var biases = Layers.biasOf(parameters);
    return biases == null ? y : y.plus(biases.reshape(output.with(0, 1)));
  }
}
