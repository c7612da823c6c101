package convscope.topic;

import convscope.autodiff.Tape;
import convscope.autodiff.Var;
import convscope.net.Conv;
import convscope.net.Layer;
import convscope.net.Pool;
import convscope.net.ReceptiveField;
import convscope.net.ShapeTrace;
import convscope.net.Transposed;
import convscope.op.Conv2d;
import convscope.op.ConvTranspose2d;
import convscope.op.PoolSpec;
import convscope.param.Stack;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From the stack that a reader put together to layers that compute. */
public final class Stacks {
  private static final int MOST = 2048; // units of one map along an axis

  private Stacks() {}

  /** The field after each layer of the stack, along either axis; the input's comes first. */
  public static List<ReceptiveField> fields(Stack stack) {
    List<ReceptiveField> fields = new ArrayList<>();
    ReceptiveField field = ReceptiveField.INPUT;
    fields.add(field);
    for (Stack.Layer layer : stack.layers()) {
      field = after(field, layer);
      fields.add(field);
    }
    return fields;
  }

  /** What a layer's units see, given what those it reads see. */
  public static ReceptiveField after(ReceptiveField before, Stack.Layer layer) {
    return layer.kind() == Stack.Kind.UP
        ? before.transposed(layer.kernel(), layer.stride(), layer.dilation(), layer.padding())
        : before.window(layer.kernel(), layer.stride(), layer.dilation(), layer.padding());
  }

  /**
   * Why the stack cannot run on a strip of {@code size} positions or is too much to follow, or null
   * if it can: the first bad layer with the words of its operator.
   */
  public static @Nullable String problem(Stack stack, int size) {
    ShapeTrace trace = ShapeTrace.of(strip(stack), Shape.of(1, 1, size, 1));
    if (trace.problem() != null) {
      return trace.sentence();
    }
    for (int layer = 0; layer < trace.good(); layer++) {
      int units = trace.output(layer).dim(2);
      if (units > MOST) {
        return "layer " + (layer + 1) + " gives " + units + " units; use at most " + MOST;
      }
    }
    try {
      fields(stack);
      return null;
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }

  /** How many units each map of the stack has along an axis; the input comes first. */
  public static int[] sizes(Stack stack, int size) {
    ShapeTrace trace = ShapeTrace.of(strip(stack), Shape.of(1, 1, size, 1));
    int[] sizes = new int[trace.good() + 1];
    for (int layer = 0; layer < sizes.length; layer++) {
      sizes[layer] = trace.input(layer).dim(2);
    }
    return sizes;
  }

  /**
   * How many paths lead from each input position of a strip to one unit after the first {@code
   * depth} layers: the gradient of the real operators where all weights are 1. Max pooling counts
   * as a sum here, since any position of its window may be the largest.
   */
  public static float[] paths(Stack stack, int depth, int size, int unit) {
    Stack part = new Stack(stack.layers().subList(0, depth));
    return paths(strip(part), Shape.of(1, 1, size, 1), unit, 0);
  }

  /** The same through layers of one channel, to the output of a row and a column; row-major. */
  public static float[] paths(List<Layer> layers, Shape input, int row, int column) {
    Tape tape = new Tape();
    Var x = tape.variable("x", Tensor.zeros(input.dims()));
    Var y = x;
    for (Layer layer : layers) {
      if (layer instanceof Pool pool) {
        layer = new Conv(1, 1, pool.spec().window(), false);
      }
      Tensor ones = Tensor.full(1, layer.parameters(y.shape()).get(0).dims());
      y = layer.run(y, List.of(tape.constant(ones)));
    }
    Tensor seed = Tensor.zeros(y.shape());
    seed.set(1, 0, 0, row, column);
    y.backward(seed);
    return x.gradient().data();
  }

  /** The stack with windows one column wide and one channel, for what happens along one axis. */
  private static List<Layer> strip(Stack stack) {
    List<Layer> layers = new ArrayList<>();
    for (Stack.Layer layer : stack.layers()) {
      Conv2d.Spec window =
          Conv2d.Spec.of(layer.kernel(), 1)
              .stride(layer.stride(), 1)
              .padding(layer.padding(), 0)
              .dilation(layer.dilation(), 1);
      layers.add(layer(layer.kind(), window, 1));
    }
    return layers;
  }

  /** The stack as layers of the operators; convolutions give {@code channels} channels, no bias. */
  public static List<Layer> layers(Stack stack, int channels) {
    List<Layer> layers = new ArrayList<>();
    for (Stack.Layer layer : stack.layers()) {
      Conv2d.Spec window =
          Conv2d.Spec.of(layer.kernel(), layer.kernel())
              .stride(layer.stride())
              .padding(layer.padding())
              .dilation(layer.dilation());
      layers.add(layer(layer.kind(), window, channels));
    }
    return layers;
  }

  private static Layer layer(Stack.Kind kind, Conv2d.Spec window, int channels) {
    return switch (kind) {
      case CONV -> new Conv(0, channels, window, false);
      case UP -> new Transposed(0, channels, ConvTranspose2d.Spec.of(window), false);
      case POOL, AVERAGE -> new Pool(kind == Stack.Kind.POOL, new PoolSpec(window, false));
    };
  }
}
