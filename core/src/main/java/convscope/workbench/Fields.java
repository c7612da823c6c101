package convscope.workbench;

import convscope.net.ReceptiveField;
import convscope.net.graph.Graph;
import convscope.op.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What each step of a graph sees of the input, along each axis of an image: the union over all ways
 * that lead to it. Normalization is taken as it runs after training, when it looks at one place.
 */
final class Fields {
  /** A step each of whose outputs sees the whole input. */
  private static final List<ReceptiveField> WHOLE = List.of();

  /** Steps that move numbers to other places, or mix them in ways that are not followed. */
  private static final Set<String> SCATTERING =
      Set.of(
          "Flatten",
          "Reshape",
          "MatMul",
          "Einsum",
          "Attention",
          "Im2col",
          "Gather",
          "Resize",
          "Tile",
          "Expand",
          "Slice",
          "Squeeze",
          "Unsqueeze",
          "DepthToSpace",
          "SpaceToDepth",
          "Upsample",
          "Roll",
          "Split",
          "GRU",
          "LSTM",
          "RNN");

  private final Graph graph;
  private final int axes;
  private final List<@Nullable List<ReceptiveField>> fields = new ArrayList<>();

  Fields(Graph graph) {
    this.graph = graph;
    long[] input = graph.nodes().isEmpty() ? null : graph.nodes().get(0).shape();
    axes = input == null ? 0 : input.length - 2;
    for (Graph.Node node : graph.nodes()) {
      List<ReceptiveField> field;
      try {
        field = axes < 1 ? null : after(node);
      } catch (IllegalArgumentException e) {
        field = null; // branches of unequal jumps, or beyond what is followed
      }
      fields.add(field);
    }
  }

  private @Nullable List<ReceptiveField> after(Graph.Node node) {
    long[] out = node.shape();
    if (node.inputs().length == 0) {
      boolean image = node.operator().equals("Input") && out != null && out.length == axes + 2;
      List<ReceptiveField> start = new ArrayList<>();
      for (int axis = 0; axis < axes; axis++) {
        start.add(ReceptiveField.INPUT);
      }
      return image ? start : null;
    }
    int from = node.inputs()[0];
    if (from < 0) {
      return null; // something learned, which lies nowhere in the image
    }
    List<ReceptiveField> before = fields.get(from);
    long[] in = graph.nodes().get(from).shape();
    Graph.Window window = node.window();
    if (window != null) {
      return before == null || before.isEmpty() ? before : slid(before, window);
    }
    if (out == null || in == null) {
      return null;
    }
    if (pools(node.operator()) && !Arrays.equals(in, out)) {
      return in.length == axes + 2 ? pooled(before, in, out) : null;
    }
    if (node.operator().equals("Gemm") && out.length == 2) {
      return WHOLE;
    }
    if (SCATTERING.contains(node.operator())) {
      return before != null && before.isEmpty() ? WHOLE : null;
    }
    return joined(node);
  }

  private static boolean pools(String operator) {
    return operator.startsWith("Adaptive")
        || operator.startsWith("Global")
        || operator.startsWith("Reduce")
        || operator.equals("Mean");
  }

  private List<ReceptiveField> slid(List<ReceptiveField> before, Graph.Window window) {
    List<ReceptiveField> after = new ArrayList<>();
    for (int axis = 0; axis < axes; axis++) {
      Window along =
          new Window(
              Math.toIntExact(window.kernel()[axis]),
              Math.toIntExact(window.stride()[axis]),
              Math.toIntExact(window.begin()[axis]),
              Math.toIntExact(window.end()[axis]),
              Math.toIntExact(window.dilation()[axis]));
      ReceptiveField field = before.get(axis);
      after.add(window.transposed() ? field.transposed(along) : field.window(along));
    }
    return after;
  }

  /** Pooling to a given size: to one number, or in windows of equal size. */
  private @Nullable List<ReceptiveField> pooled(
      @Nullable List<ReceptiveField> before, long[] in, long[] out) {
    long places = 1;
    for (int axis = 2; axis < out.length; axis++) {
      places *= out[axis];
    }
    if (places == 1 || out.length == 2) {
      return WHOLE;
    }
    if (before == null || before.isEmpty() || out.length != in.length) {
      return before;
    }
    List<ReceptiveField> after = new ArrayList<>();
    for (int axis = 0; axis < axes; axis++) {
      if (out[axis + 2] == 0 || in[axis + 2] % out[axis + 2] != 0) {
        return null; // windows of unequal size
      }
      int size = (int) (in[axis + 2] / out[axis + 2]);
      after.add(before.get(axis).window(size, size, 1, 0));
    }
    return after;
  }

  private @Nullable List<ReceptiveField> joined(Graph.Node node) {
    List<ReceptiveField> all = fields.get(node.inputs()[0]);
    for (int i = 1; i < node.inputs().length && all != null; i++) {
      int input = node.inputs()[i];
      List<ReceptiveField> other = input < 0 ? all : fields.get(input);
      if (other == null || all.isEmpty() || other.isEmpty()) {
        all = other == null ? null : WHOLE;
      } else {
        List<ReceptiveField> union = new ArrayList<>();
        for (int axis = 0; axis < axes; axis++) {
          union.add(all.get(axis).union(other.get(axis)));
        }
        all = union;
      }
    }
    return all;
  }

  /** {@code 43} or {@code 43×7}, {@code all}, or nothing where it is not known. */
  String size(int node) {
    List<ReceptiveField> field = node < 0 ? null : fields.get(node);
    if (field == null) {
      return "";
    }
    List<String> sizes = new ArrayList<>();
    field.forEach(axis -> sizes.add(Long.toString(axis.size())));
    return field.isEmpty() ? "all" : once(sizes);
  }

  /** Input places between neighbouring outputs, likewise; nothing where all see all. */
  String jump(int node) {
    List<ReceptiveField> field = node < 0 ? null : fields.get(node);
    List<String> jumps = new ArrayList<>();
    if (field != null) {
      field.forEach(axis -> jumps.add(axis.jumpText()));
    }
    return once(jumps);
  }

  private static String once(List<String> sizes) {
    if (sizes.isEmpty()) {
      return "";
    }
    String first = sizes.get(0);
    for (String size : sizes) {
      if (!size.equals(first)) {
        return String.join("×", sizes);
      }
    }
    return first;
  }
}
