package convscope.net;

import convscope.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The shape after each layer, as far as the shapes go: the first layer that cannot take what it
 * gets ends the trace, with the words of its operator's door.
 */
public final class ShapeTrace {
  private final List<Layer> layers;
  private final List<Shape> shapes = new ArrayList<>(); // the input, then one per good layer
  private @Nullable String problem;

  private ShapeTrace(List<Layer> layers, Shape input) {
    this.layers = layers;
    shapes.add(input);
    for (Layer layer : layers) {
      try {
        problem = layer.problem(output());
        if (problem != null) {
          return;
        }
        shapes.add(layer.output(output()));
      } catch (IllegalArgumentException e) { // a shape beyond what an array can hold
        problem = e.getMessage();
        return;
      }
    }
  }

  /** The trace of these layers on an input of this shape. */
  public static ShapeTrace of(List<Layer> layers, Shape input) {
    return new ShapeTrace(layers, input);
  }

  public List<Layer> layers() {
    return layers;
  }

  /** How many layers can be computed. */
  public int good() {
    return shapes.size() - 1;
  }

  /** What layer {@code layer} gets, for 0 to {@link #good}. */
  public Shape input(int layer) {
    return shapes.get(layer);
  }

  /** What layer {@code layer} gives, if it is good. */
  public Shape output(int layer) {
    return shapes.get(layer + 1);
  }

  /** What the last good layer gives. */
  public Shape output() {
    return shapes.get(good());
  }

  /** What is wrong with layer {@link #good}, arithmetic and remedy, or null if all fit. */
  public @Nullable String problem() {
    return problem;
  }

  /** {@code layer 3 of 5, Conv2d: kernel 7 …}, or null if all fit. */
  public @Nullable String sentence() {
    return problem == null
        ? null
        : "layer " + (good() + 1) + " of " + layers.size() + ", " + problem;
  }
}
