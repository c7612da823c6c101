package convscope.net;

import convscope.autodiff.Var;
import convscope.op.Conv2d;
import convscope.op.ConvTranspose2d;
import convscope.op.PoolSpec;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One layer of a network: what it does to a shape, which parameters it has, what it costs and what
 * its units see. Shapes are (N, C, H, W), or (N, features) after {@link Flatten}. A declared number
 * of input channels of 0 means: as many as come.
 */
public interface Layer {
  /** Its name as PyTorch has it: {@code Conv2d}. */
  String name();

  /** Why it cannot take an input of this shape, in the words of its operator, or null if it can. */
  @Nullable String problem(Shape x);

  /** The shape of its output for an input that is no {@link #problem}. */
  Shape output(Shape x);

  /** The shapes of its trainable tensors, the weight before the bias; none by default. */
  default List<Shape> parameters(Shape x) {
    return List.of();
  }

  /** Multiplications that are added up, for the whole batch. */
  default long macs(Shape x) {
    return 0;
  }

  /**
   * Additions of a run that begins each sum with its first product, for the whole batch; a bias is
   * one more to add. By default every output is a sum.
   */
  default long additions(Shape x) {
    boolean bias = parameters(x).size() > 1;
    return Counts.Convention.EXACT.count(macs(x), output(x).size(), bias) - macs(x);
  }

  /**
   * What its units see of the network's input, along one axis, or null if each sees the whole map.
   *
   * @param before what the units that it reads see
   */
  default @Nullable ReceptiveField field(ReceptiveField before, boolean height) {
    return before;
  }

  /**
   * Computes it with the real operators. Batch normalization uses the batch's own statistics.
   *
   * @param parameters tensors of the shapes of {@link #parameters}, in that order
   */
  Var run(Var x, List<Var> parameters);

  /** The names of its trainable tensors as PyTorch has them, in the order of the shapes. */
  default List<String> parameterNames(Shape x) {
    return Layers.names(parameters(x).size(), "weight", "bias");
  }

  /** The shapes of what it keeps from batch to batch without learning it; none by default. */
  default List<Shape> buffers(Shape x) {
    return List.of();
  }

  /** Their names as PyTorch has them. */
  default List<String> bufferNames(Shape x) {
    return Layers.names(buffers(x).size(), "running_mean", "running_var");
  }

  /**
   * Computes it as {@link Pass} says: by default as {@link #run(Var, List)} does, whatever it says.
   *
   * @param buffers tensors of the shapes of {@link #buffers}; training writes into them
   */
  default Var run(Var x, List<Var> parameters, List<Tensor> buffers, Pass pass) {
    return run(x, parameters);
  }

  /** A convolution with a square kernel and a bias, for as many channels as come. */
  static Conv conv(int outChannels, int kernel, int stride, int padding, int dilation) {
    return new Conv(
        0,
        outChannels,
        Conv2d.Spec.of(kernel, kernel).stride(stride).padding(padding).dilation(dilation),
        true);
  }

  /** Max pooling. */
  static Pool maxPool(int kernel, int stride, int padding) {
    return new Pool(true, PoolSpec.of(kernel, kernel).stride(stride).padding(padding));
  }

  /** Average pooling; padding counts in the divisor. */
  static Pool averagePool(int kernel, int stride, int padding) {
    return new Pool(false, PoolSpec.of(kernel, kernel).stride(stride).padding(padding));
  }

  /** A transposed convolution with a bias. */
  static Transposed transposed(int outChannels, int kernel, int stride, int padding, int dilation) {
    Conv2d.Spec window =
        Conv2d.Spec.of(kernel, kernel).stride(stride).padding(padding).dilation(dilation);
    return new Transposed(0, outChannels, ConvTranspose2d.Spec.of(window), true);
  }
}
