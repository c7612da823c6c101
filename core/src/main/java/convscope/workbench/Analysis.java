package convscope.workbench;

import convscope.net.graph.Graph;
import convscope.net.graph.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a graph costs: rows for its layers, and totals. Numbers are taken as float32. */
final class Analysis {
  static final int BYTES = 4; // of a number

  /** Steps that look at the same numbers in another way. */
  private static final Set<String> VIEWS =
      Set.of("Flatten", "Reshape", "Squeeze", "Unsqueeze", "Identity", "Transpose", "Expand");

  /** What the column of operations counts. */
  enum Counting {
    MACS("macs", "MACs", "MACs"),
    FLOPS("flops", "FLOPs", "FLOPs, two for each MAC"),
    TRAINING("training", "FLOPs, training", "FLOPs of a training step"),
    TORCHINFO("torchinfo", "Mult-adds", "Mult-adds, as torchinfo has them");

    final String key;
    final String head;
    final String label;

    Counting(String key, String head, String label) {
      this.key = key;
      this.head = head;
      this.label = label;
    }

    static Counting of(String key) {
      for (Counting each : values()) {
        if (each.key.equals(key)) {
          return each;
        }
      }
      return MACS;
    }
  }

  /**
   * A layer.
   *
   * @param operations by the convention chosen
   * @param field its receptive field, {@code all}, or empty where it is not followed
   * @param jump input places between neighbouring outputs, or empty
   * @param bytes of its output; −1 where that is not known
   */
  record Row(
      String path,
      String type,
      long @Nullable [] output,
      long parameters,
      long operations,
      String field,
      String jump,
      long bytes,
      int line) {
    String shape() {
      return output == null ? "?" : Sizes.text(output);
    }

    @Override
    public String toString() {
      return path + " " + type + " " + shape();
    }
  }

  final Graph graph;
  final Counting counting;
  final List<Row> rows = new ArrayList<>();
  private final int[] source; // by step: the one whose numbers it looks at

  Analysis(Graph graph, Counting counting) {
    this.graph = graph;
    this.counting = counting;
    source = new int[graph.nodes().size()];
    for (int i = 0; i < source.length; i++) {
      Graph.Node node = graph.nodes().get(i);
      boolean view = VIEWS.contains(node.operator()) && node.inputs().length == 1;
      source[i] = view && node.inputs()[0] >= 0 ? source[node.inputs()[0]] : i;
    }
    Fields fields = new Fields(graph);
    boolean first = true;
    for (Graph.Layer layer : graph.layers()) {
      long[] output = layer.output();
      rows.add(
          new Row(
              layer.path(),
              layer.type(),
              output,
              layer.parameters(),
              operations(layer, first),
              fields.size(layer.node()),
              fields.jump(layer.node()),
              output == null ? -1 : bytes(Sizes.product(output, 0, output.length)),
              layer.line()));
      first &= layer.macs() == 0;
    }
  }

  private long operations(Graph.Layer layer, boolean first) {
    return switch (counting) {
      case MACS -> layer.macs();
      case FLOPS -> 2 * layer.macs();
      case TRAINING -> (first ? 4 : 6) * layer.macs(); // the input needs no gradient
      case TORCHINFO -> {
        long[] output = layer.output();
        if (output == null || output.length == 0) {
          yield layer.parameters();
        }
        boolean places = layer.type().contains("Conv");
        long times = output[0];
        yield Sizes.product(
            layer.parameters(), times, places ? Sizes.product(output, 2, output.length) : 1);
      }
    };
  }

  /** Operations of the whole network, those of steps that belong to no layer too. */
  long operations() {
    long sum = 0;
    long first = 0; // MACs of the first step that has any
    for (Graph.Node node : graph.nodes()) {
      first = first == 0 ? node.macs() : first;
    }
    for (Row row : rows) {
      sum = Sizes.sum(sum, row.operations());
    }
    return switch (counting) {
      case MACS -> graph.macs();
      case FLOPS -> 2 * graph.macs();
      case TRAINING -> 6 * graph.macs() - 2 * first;
      case TORCHINFO -> sum;
    };
  }

  private static long bytes(long numbers) {
    return Sizes.product(numbers, BYTES);
  }

  private long size(int node) {
    long[] shape = graph.nodes().get(node).shape();
    boolean own = source[node] == node && shape != null;
    return own && shape != null ? Sizes.product(shape, 0, shape.length) : 0;
  }

  /** Bytes of what training keeps for the way back: the results of all steps, views left out. */
  long kept() {
    long sum = 0;
    for (int i = 0; i < source.length; i++) {
      sum = Sizes.sum(sum, size(i));
    }
    return bytes(sum);
  }

  /**
   * Bytes of results at the worst moment of a pass that forgets each as soon as its last reader has
   * run.
   */
  long peak() {
    int[] last = new int[source.length];
    for (int i = 0; i < source.length; i++) {
      last[source[i]] = i;
      for (int input : graph.nodes().get(i).inputs()) {
        if (input >= 0) {
          last[source[input]] = i;
        }
      }
    }
    for (int output : graph.outputs()) {
      last[source[output]] = source.length;
    }
    List<List<Integer>> over = new ArrayList<>(); // by step: those that it is the last reader of
    for (int i = 0; i <= source.length; i++) {
      over.add(new ArrayList<>());
    }
    for (int i = 0; i < source.length; i++) {
      over.get(last[i]).add(i);
    }
    long now = 0;
    long most = 0;
    for (int i = 0; i < source.length; i++) {
      now += size(i);
      most = Math.max(most, now);
      for (int step : over.get(i)) {
        now -= size(step);
      }
    }
    return bytes(most);
  }

  long weights() {
    return bytes(graph.parameters());
  }

  /**
   * Bytes of a training step: weights, their gradients, what the optimizer keeps of each, and the
   * results kept for the way back.
   *
   * @param state numbers that the optimizer keeps for each weight
   */
  long training(int state) {
    return Sizes.sum(Sizes.product(weights(), 2 + state), kept());
  }
}
