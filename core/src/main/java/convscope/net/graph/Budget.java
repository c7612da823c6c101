package convscope.net.graph;

import convscope.net.graph.Graph.Node;

/**
 * What a step of training takes.
 *
 * @param forward floating-point operations of the forward pass: two a MAC
 * @param backward the same of the backward pass: each MAC once for the weight's gradient and once
 *     for the input's, which the layers that read the network's input do without
 * @param activations bytes of the results that the backward pass needs, in float32: those of all
 *     steps that make new numbers; views and what ReLU and dropout can do in place excluded
 * @param parameters learned numbers
 */
public record Budget(long forward, long backward, long activations, long parameters) {
  private static final int FLOAT = 4; // bytes

  /** Of a network on its input. */
  public static Budget of(Graph graph) {
    long backward = 0;
    long activations = 0;
    for (Node node : graph.nodes()) {
      boolean first = false;
      for (int input : node.inputs()) {
        first |= input >= 0 && graph.nodes().get(input).operator().equals("Input");
      }
      backward = Sizes.sum(backward, Sizes.product(first ? 2 : 4, node.macs()));
      long[] shape = node.shape();
      if (shape != null && makesNumbers(node.operator())) {
        activations = Sizes.sum(activations, Sizes.product(shape, 0, shape.length));
      }
    }
    return new Budget(
        Sizes.product(2, graph.macs()),
        backward,
        Sizes.product(FLOAT, activations),
        graph.parameters());
  }

  private static boolean makesNumbers(String operator) {
    return switch (operator) {
      case "Input",
          "Reshape",
          "Flatten",
          "Squeeze",
          "Unsqueeze",
          "Transpose",
          "Slice",
          "Expand",
          "Identity",
          "Dropout",
          "Relu" ->
          false;
      default -> true;
    };
  }

  /**
   * Bytes of training in float32: weights, gradients, what the optimizer keeps and activations.
   *
   * @param kept numbers that the optimizer keeps for each weight: 0 for SGD, 1 with momentum, 2 for
   *     Adam
   */
  public long training(int kept) {
    return Sizes.sum(Sizes.product(FLOAT * (2L + kept), parameters), activations);
  }
}
