package convscope.net.graph;

import convscope.net.graph.Graph.Node;
import convscope.net.graph.Graph.Window;
import org.jspecify.annotations.Nullable;

/**
 * Receptive fields along one axis of the image, of every step: the union over all paths from the
 * input (Araujo, Norris, Sim 2019, “Computing receptive fields of convolutional neural networks”).
 *
 * <p>Position i of a step sees the input's positions from {@code low + i·jump} to {@code high +
 * i·jump}, and maybe not all of them; positions in the padding count.
 */
public final class Fields {
  /**
   * A field.
   *
   * @param jump input positions from one position of the step to the next
   * @param whole whether every position sees the whole image
   */
  public record Field(double jump, double low, double high, boolean whole) {
    static final Field WHOLE = new Field(0, 0, 0, true);

    /** Positions of the input, from the first to the last; 0 if it is the whole image. */
    public long size() {
      return whole ? 0 : (long) Math.floor(high) - (long) Math.ceil(low) + 1;
    }
  }

  private Fields() {}

  /**
   * The fields of all steps, null where they are not known.
   *
   * @param axis 0 for the height, 1 for the width
   */
  public static @Nullable Field[] of(Graph graph, int axis) {
    @Nullable Field[] fields = new Field[graph.nodes().size()];
    for (int i = 0; i < fields.length; i++) {
      Node node = graph.nodes().get(i);
      if (node.operator().equals("Input")) {
        fields[i] = new Field(1, 0, 0, false);
        continue;
      }
      Field all = null;
      boolean known = true;
      for (int input : node.inputs()) {
        Field field = input < 0 ? null : fields[input];
        if (input >= 0 && field == null) {
          known = false;
        } else if (field != null) {
          Field joined = all == null ? field : union(all, field);
          known &= joined != null;
          all = joined == null ? all : joined;
        }
      }
      fields[i] = known && all != null ? step(graph, node, all, axis) : null;
    }
    return fields;
  }

  private static @Nullable Field union(Field a, Field b) {
    if (a.whole || b.whole) {
      return Field.WHOLE;
    }
    return Math.abs(a.jump - b.jump) > 1e-9
        ? null // branches that lie over each other in no fixed way
        : new Field(a.jump, Math.min(a.low, b.low), Math.max(a.high, b.high), false);
  }

  private static @Nullable Field step(Graph graph, Node node, Field in, int axis) {
    if (in.whole) {
      return in;
    }
    Window w = node.window();
    if (w != null) {
      int at = w.kernel().length > 3 ? w.kernel().length - 2 + axis : axis;
      return at < w.kernel().length ? slid(w, at, in) : null;
    }
    long[] shape = node.shape();
    int rank = shape == null ? 0 : shape.length;
    return switch (node.operator()) {
      case "GlobalAveragePool",
          "GlobalMaxPool",
          "AdaptiveAveragePool",
          "AdaptiveMaxPool",
          "ReduceMean",
          "ReduceMax",
          "ReduceSum",
          "MatMul",
          "Attention",
          "Einsum",
          "InstanceNormalization",
          "GroupNormalization" ->
          Field.WHOLE;
      case "Gemm" -> rank <= 2 ? Field.WHOLE : in; // of every position by itself
      case "Resize" -> resized(graph, node, in, axis);
      case "DepthToSpace", "SpaceToDepth", "Im2col", "Slice" -> null;
      default -> in;
    };
  }

  private static Field slid(Window w, int axis, Field in) {
    double jump = in.jump;
    long reach = w.dilation()[axis] * (w.kernel()[axis] - 1);
    long begin = w.begin()[axis];
    long stride = w.stride()[axis];
    if (!w.transposed()) {
      return new Field(
          jump * stride, in.low - jump * begin, in.high + jump * (reach - begin), false);
    }
    // position i gets what position j spreads to i = j·stride − begin + u·dilation
    return new Field(
        jump / stride,
        in.low + jump * (double) (begin - reach) / stride,
        in.high + jump * (double) begin / stride,
        false);
  }

  private static @Nullable Field resized(Graph graph, Node node, Field in, int axis) {
    long[] from = graph.nodes().get(node.inputs()[0]).shape();
    long[] to = node.shape();
    int at = graph.imageAxis() + axis;
    if (from == null || to == null || at >= to.length || from[at] == 0) {
      return null;
    }
    return new Field(in.jump * from[at] / to[at], in.low, in.high, false);
  }
}
