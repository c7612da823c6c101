package convscope.topic;

import convscope.net.Layer;
import convscope.net.Layers;
import convscope.net.ReceptiveField;
import convscope.op.PoolSpec;
import convscope.param.Stack;
import java.util.ArrayList;
import java.util.List;

/** From the stack that a reader put together to layers that compute. */
public final class Stacks {
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

  /** The stack as layers of the operators; convolutions give {@code channels} channels. */
  public static List<Layer> layers(Stack stack, int channels) {
    List<Layer> layers = new ArrayList<>();
    for (Stack.Layer layer : stack.layers()) {
      layers.add(layer(layer, channels));
    }
    return layers;
  }

  private static Layer layer(Stack.Layer layer, int channels) {
    int kernel = layer.kernel();
    int stride = layer.stride();
    int padding = layer.padding();
    int dilation = layer.dilation();
    return switch (layer.kind()) {
      case CONV -> Layer.conv(channels, kernel, stride, padding, dilation);
      case UP -> Layer.transposed(channels, kernel, stride, padding, dilation);
      case POOL, AVERAGE ->
          new Layers.Pool(
              layer.kind() == Stack.Kind.POOL,
              PoolSpec.of(kernel, kernel).stride(stride).padding(padding).dilation(dilation));
    };
  }
}
