package convscope.net;

import java.util.ArrayList;
import java.util.List;

/**
 * Layers in the order in which they run, each under the dotted name that PyTorch gives it: {@code
 * 0}, {@code 6.1}. What reads a network from text or a file gives one of these.
 *
 * @param nodes the layers that compute; blocks are taken apart, but for residual ones
 */
public record Network(List<Node> nodes) {
  /**
   * One layer.
   *
   * @param path its name in the network
   * @param line where it stands in the text it was read from, from 1; 0 if it was not read
   */
  public record Node(String path, Layer layer, int line) {}

  /** Layers under the numbers 0, 1, …. */
  public static Network of(List<Layer> layers) {
    List<Node> nodes = new ArrayList<>();
    for (Layer layer : layers) {
      nodes.add(new Node(String.valueOf(nodes.size()), layer, 0));
    }
    return new Network(nodes);
  }

  /** The layers alone, for {@link ShapeTrace}, {@link Costs} and {@link ReceptiveField}. */
  public List<Layer> layers() {
    List<Layer> layers = new ArrayList<>();
    for (Node node : nodes) {
      layers.add(node.layer());
    }
    return layers;
  }
}
