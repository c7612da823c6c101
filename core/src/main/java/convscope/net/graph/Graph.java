package convscope.net.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a network does to one input: steps in the order in which they run, and the layers that they
 * belong to. Of a network that does not fit, what runs before the fault.
 *
 * <p>Shapes have the batch first; of what is not known null stands in a shape's place. A MAC is one
 * multiplication with its addition, of convolutions, transposed convolutions, linear layers and
 * products of matrices, taps on padding included.
 */
public final class Graph {
  /**
   * A window that slides, along each axis of an image.
   *
   * @param begin padding before the first number; negative where it is cut off
   * @param end padding behind the last
   * @param transposed whether it spreads, so that strides are those of the output
   */
  public record Window(
      long[] kernel,
      long[] stride,
      long[] begin,
      long[] end,
      long[] dilation,
      boolean transposed) {}

  /**
   * A step. Its number is its place in the list.
   *
   * @param operator what it does, in ONNX's words where these have one
   * @param path the layer that it belongs to
   * @param line of the text, or 0
   * @param inputs numbers of steps
   * @param window if one slides
   */
  public record Node(
      String operator,
      String path,
      int line,
      int[] inputs,
      long @Nullable [] shape,
      long macs,
      @Nullable Window window) {}

  /**
   * A layer that ran; one that runs twice is there twice.
   *
   * @param line where it is made or called in the text, or 0
   * @param node the step that gives its output, or -1
   */
  public record Layer(
      String path,
      String type,
      long @Nullable [] output,
      long parameters,
      long macs,
      int line,
      int node) {}

  /**
   * Why the network does not run.
   *
   * @param index of the layer that fails, counting as {@link #layers} does
   * @param path of that layer, or of the innermost one around a step that belongs to none
   * @param line of the text that runs, or 0
   * @param column there, or 0
   * @param made the line on which that layer is made, or 0
   */
  public record Fault(int index, String path, int line, int column, int made, String message) {}

  /** Something that is not known, or may be a mistake. */
  public record Remark(int line, String text) {}

  private final List<Node> nodes = new ArrayList<>();
  private final List<Layer> layers = new ArrayList<>();
  private final List<Remark> remarks = new ArrayList<>();
  private final List<Integer> outputs = new ArrayList<>();
  private final Map<String, Object> unlike = new HashMap<>(); // remarks already made
  private int imageAxis = 2;
  private long parameters;
  private long macs;
  private @Nullable Fault fault;

  /** A graph of nothing but the reason why there is none. */
  public static Graph broken(int line, int column, String message) {
    Graph graph = new Graph();
    graph.fail(new Fault(0, "", line, column, 0, message));
    return graph;
  }

  /** Adds a step and gives its number. */
  public int add(Node node) {
    nodes.add(node);
    macs = Sizes.sum(macs, node.macs());
    return nodes.size() - 1;
  }

  public void add(Layer layer) {
    layers.add(layer);
  }

  /** Adds a remark, once. */
  public void remark(int line, String text) {
    if (unlike.put(line + " " + text, text) == null) {
      remarks.add(new Remark(line, text));
    }
  }

  public void fail(Fault why) {
    fault = why;
  }

  public void output(int node) {
    outputs.add(node);
  }

  /** Says that channels stand last. */
  public void channelsLast() {
    imageAxis = 1;
  }

  /** The axis of an image's height; the width's is the next one. */
  public int imageAxis() {
    return imageAxis;
  }

  public void parameters(long count) {
    parameters = count;
  }

  public List<Node> nodes() {
    return nodes;
  }

  public List<Layer> layers() {
    return layers;
  }

  public List<Remark> remarks() {
    return remarks;
  }

  /** Numbers of the steps whose results the network gives. */
  public List<Integer> outputs() {
    return outputs;
  }

  /** Learned numbers of the whole network, whether it runs or not. */
  public long parameters() {
    return parameters;
  }

  /** MACs of all steps. */
  public long macs() {
    return macs;
  }

  public @Nullable Fault fault() {
    return fault;
  }
}
