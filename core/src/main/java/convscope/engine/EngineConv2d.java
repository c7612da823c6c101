package convscope.engine;

import convscope.op.Conv2d;
import convscope.op.FastConv2d;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** The engine's convolution on tensors: copied in, convolved, copied out. */
public final class EngineConv2d implements FastConv2d {
  private final Engine engine;

  public EngineConv2d(Engine engine) {
    this.engine = engine;
  }

  private static Layer layer(Shape x, Shape weight, @Nullable Shape bias, Conv2d.Spec spec) {
    String problem = Conv2d.problem(x, weight, bias, spec);
    if (problem != null) {
      throw new IllegalArgumentException(problem);
    }
    return new Layer(x.dim(0), x.dim(1), x.dim(2), x.dim(3), weight.dim(0), spec);
  }

  private int put(Tensor tensor) {
    return engine.put(tensor.data(), 0, tensor.size());
  }

  private Tensor get(int address, Shape shape) {
    Tensor tensor = Tensor.zeros(shape);
    engine.get(address, tensor.data(), 0, tensor.size());
    return tensor;
  }

  @Override
  public Tensor forward(Tensor x, Tensor weight, @Nullable Tensor bias, Conv2d.Spec spec) {
    Layer layer = layer(x.shape(), weight.shape(), bias == null ? null : bias.shape(), spec);
    int mark = engine.mark();
    try {
      int from = put(x);
      int w = put(weight);
      int b = bias == null ? 0 : put(bias);
      int y = engine.allocate(layer.outputs());
      engine.conv2d(layer, from, w, b, y, false);
      return get(
          y, Shape.of(layer.images(), layer.outChannels(), layer.outHeight(), layer.outWidth()));
    } finally {
      engine.release(mark);
    }
  }

  @Override
  public Tensor inputGradient(Tensor dy, Tensor weight, Shape xShape, Conv2d.Spec spec) {
    Layer layer = layer(xShape, weight.shape(), null, spec);
    gradient(dy, layer);
    int mark = engine.mark();
    try {
      int from = put(dy);
      int w = put(weight);
      int dx = engine.allocate(layer.inputs());
      engine.conv2dInputGradient(layer, from, w, dx);
      return get(dx, xShape);
    } finally {
      engine.release(mark);
    }
  }

  @Override
  public Tensor weightGradient(Tensor dy, Tensor x, Shape weightShape, Conv2d.Spec spec) {
    Layer layer = layer(x.shape(), weightShape, null, spec);
    gradient(dy, layer);
    int mark = engine.mark();
    try {
      int from = put(dy);
      int image = put(x);
      int dw = engine.allocate(layer.weights());
      engine.conv2dWeightGradient(layer, from, image, dw);
      return get(dw, weightShape);
    } finally {
      engine.release(mark);
    }
  }

  private static void gradient(Tensor dy, Layer layer) {
    Conv2d.gradientDoor(
        dy, Shape.of(layer.images(), layer.outChannels(), layer.outHeight(), layer.outWidth()));
  }
}
