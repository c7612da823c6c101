package convscope.workbench;

import convscope.net.graph.Graph;
import convscope.net.graph.Sizes;
import convscope.net.onnx.OnnxGraph;
import convscope.net.onnx.Source;
import convscope.net.text.Dialects;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A network as it was read, and the input that it was run on.
 *
 * @param input null if none was found
 * @param note how the input was found, where the reader has not given it whole; or empty
 */
record Reading(Graph graph, long @Nullable [] input, String note) {
  private static final int MOST_AXES = 6;
  private static final long LARGEST = 1_000_000;

  /** Inputs that are tried where neither the reader nor the text gives one. */
  private static final long[][] USUAL = {
    {1, 3, 224, 224},
    {1, 3, 32, 32},
    {1, 1, 28, 28},
    {1, 1, 32, 32},
    {1, 3, 64, 64},
    {1, 784},
    {1, 3, 299, 299},
    {1, 1, 64, 64},
    {1, 1, 224, 224}
  };

  private interface Reader {
    Graph read(long @Nullable [] input);
  }

  /**
   * Reads code.
   *
   * @param sizes of the input as the reader has written them; empty for those of the text
   */
  static Reading text(String text, String sizes) {
    return read(input -> Dialects.read(text, input), sizes, true);
  }

  /** Reads an ONNX file. */
  static Reading file(Source source, String sizes) {
    return read(
        input -> {
          try {
            return OnnxGraph.read(source, input);
          } catch (IllegalArgumentException e) {
            return Graph.broken(0, 0, String.valueOf(e.getMessage()));
          }
        },
        sizes,
        false);
  }

  private static Reading read(Reader reader, String sizes, boolean guessing) {
    long[] given;
    try {
      given = sizes(sizes);
    } catch (IllegalArgumentException e) {
      return new Reading(Graph.broken(0, 0, String.valueOf(e.getMessage())), null, "");
    }
    if (given == null) {
      Graph graph = reader.read(null);
      boolean begun = !graph.nodes().isEmpty() || !graph.layers().isEmpty();
      return begun || !guessing
          ? of(graph, null, begun ? "the network’s own" : "")
          : guess(reader, graph);
    }
    Graph graph = reader.read(given);
    if (graph.fault() != null && given.length == 3) { // C×H×W, without the batch
      long[] batched = {1, given[0], given[1], given[2]};
      Graph other = reader.read(batched);
      if (further(other, graph)) {
        return of(other, batched, "taken as a batch of one: " + Sizes.text(batched));
      }
    }
    return of(graph, given, "");
  }

  private static Reading of(Graph graph, long @Nullable [] input, String note) {
    long[] used = input;
    if (used == null && !graph.nodes().isEmpty()) {
      used = graph.nodes().get(0).shape();
    }
    return new Reading(graph, used, note);
  }

  /** The first usual input on which the network runs, else that on which it gets furthest. */
  private static Reading guess(Reader reader, Graph without) {
    List<long[]> inputs = new ArrayList<>(List.of(USUAL));
    Graph best = without;
    long[] taken = null;
    for (int i = 0; i < inputs.size(); i++) {
      Graph graph = reader.read(inputs.get(i));
      Graph.Fault fault = graph.fault();
      if (graph.nodes().isEmpty()) {
        return of(without, null, ""); // nothing runs, whatever the input
      }
      if (taken == null || further(graph, best)) {
        best = graph;
        taken = inputs.get(i);
      }
      if (fault == null) {
        break;
      }
      if (i == 0 && graph.layers().isEmpty()) { // the first layer may say how many channels
        for (long channels : Fixes.numbers(fault.message())) {
          if (channels > 3 && channels <= 4096) {
            inputs.add(new long[] {1, channels, 32, 32});
          }
        }
      }
    }
    return of(best, taken, "a guess, since the text has none: put in your own");
  }

  /** Whether more of a network runs. */
  static boolean further(Graph graph, Graph than) {
    return than.fault() != null
        && (graph.fault() == null || graph.nodes().size() > than.nodes().size());
  }

  /**
   * The sizes in a text such as {@code 1×3×224×224}, {@code (1, 3, 32, 32)} or {@code 3 32 32};
   * null for an empty one.
   */
  static long @Nullable [] sizes(String text) {
    List<Long> sizes = new ArrayList<>();
    long size = -1;
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : ' ';
      if (c >= '0' && c <= '9') {
        size = Math.min(LARGEST + 1, Math.max(0, size) * 10 + (c - '0'));
      } else if (" ,;×xX*()[]".indexOf(c) < 0) {
        throw new IllegalArgumentException(
            "Input: “" + text + "” has “" + c + "”; give sizes such as 1×3×224×224, batch first");
      } else if (size >= 0) {
        sizes.add(size);
        size = -1;
      }
    }
    if (sizes.isEmpty()) {
      return null;
    }
    long[] shape = new long[sizes.size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = sizes.get(i);
      if (shape[i] < 1 || shape[i] > LARGEST || shape.length > MOST_AXES) {
        throw new IllegalArgumentException(
            "Input: give at most 6 sizes from 1 to 1,000,000, batch first");
      }
    }
    return shape;
  }

  @Override
  public String toString() {
    return "Reading " + note;
  }
}
