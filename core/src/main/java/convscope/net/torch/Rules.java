package convscope.net.torch;

import convscope.net.graph.Graph.Window;
import convscope.net.graph.Sizes;
import convscope.net.script.Bound;
import convscope.net.script.Items;
import convscope.net.script.None;
import convscope.net.script.Slice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** PyTorch's rules of sizes (PyTorch 2 documentation, torch.nn), one method an operation. */
final class Rules {
  private Rules() {}

  static IllegalArgumentException problem(String operation, String sentence) {
    return new IllegalArgumentException(operation + ": " + sentence);
  }

  /** A shape as torch.Size. */
  static Items sizes(long[] shape) {
    List<Object> all = new ArrayList<>();
    for (long size : shape) {
      all.add(size);
    }
    return Items.tuple(all);
  }

  static long count(long[] shape) {
    return Sizes.product(shape, 0, shape.length);
  }

  /** An operation on each number. */
  static Tensor same(String operator, Tensor x) {
    return x.trace.step(operator, x.shape, 0, null, x);
  }

  /** The axis counted from the front. */
  static int axis(String operation, long axis, int rank) {
    if (axis < -rank || axis >= rank) {
      throw problem(
          operation,
          "dimension "
              + axis
              + " of a tensor with "
              + rank
              + "; use "
              + -rank
              + " to "
              + (rank - 1));
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }

  // ---- convolution and pooling; n: axes of the image

  /** (N, C, …) or, without a batch, (C, …): where the image begins. */
  private static int image(String operation, long[] in, int n) {
    if (in.length != n + 2 && in.length != n + 1) {
      throw problem(
          operation,
          "the input "
              + Sizes.text(in)
              + " has "
              + in.length
              + " axes; give "
              + (n + 2)
              + " (batch, channels"
              + (n == 1 ? ", length)" : n == 2 ? ", height, width)" : ", depth, height, width)")
              + (in.length < n + 1 ? ", before anything flattens them" : ""));
    }
    return in.length - n;
  }

  /** A convolution; of {@code weight} (out, in / groups, k…). */
  static Tensor conv(
      String operation, Tensor x, long[] weight, long groups, Window w, String paddingMode) {
    int n = weight.length - 2;
    long outChannels = weight[0];
    long inChannels = weight[1] * groups;
    if (x.shape == null) {
      return x.trace.step("Conv", null, 0, w, x);
    }
    long[] in = x.shape;
    int first = image(operation, in, n);
    channels(operation, "in_channels", inChannels, in[first - 1], in);
    if (groups < 1 || outChannels % groups != 0) {
      throw problem(
          operation,
          "out_channels " + outChannels + " is no multiple of groups " + groups + "; make it one");
    }
    border(operation, paddingMode, in, first, w);
    long[] out = in.clone();
    out[first - 1] = outChannels;
    for (int i = 0; i < n; i++) {
      long padded = in[first + i] + w.begin()[i] + w.end()[i];
      long span = w.dilation()[i] * (w.kernel()[i] - 1) + 1;
      if (span > padded) {
        throw problem(
            operation,
            "the kernel spans "
                + span(w, i, span)
                + ", more than the padded input's "
                + padded
                + " (input "
                + Sizes.text(in)
                + "); raise padding to "
                + (Math.max(w.begin()[i], w.end()[i]) + (span - padded + 1) / 2)
                + ", use a kernel of at most "
                + Math.max(1, (padded - 1) / w.dilation()[i] + 1)
                + ", or take a larger input");
      }
      out[first + i] = (padded - span) / w.stride()[i] + 1; // floor((i + p − d(k−1) − 1)/s) + 1
    }
    positive(operation, in);
    long batch = first == 2 ? in[0] : 1;
    long macs = Sizes.product(batch, count(weight), Sizes.product(out, first, out.length));
    return x.trace.step("Conv", out, macs, w, x);
  }

  private static String span(Window w, int axis, long span) {
    return w.dilation()[axis] == 1
        ? Long.toString(span)
        : span + " (" + w.kernel()[axis] + " with dilation " + w.dilation()[axis] + ")";
  }

  private static void positive(String operation, long[] in) {
    for (long size : in) {
      if (size < 1) {
        throw problem(
            operation, "the input " + Sizes.text(in) + " is empty; give at least 1 of each");
      }
    }
  }

  private static void channels(String operation, String name, long wanted, long given, long[] in) {
    if (wanted != given) {
      throw problem(
          operation,
          name
              + " is "
              + wanted
              + ", but the input "
              + Sizes.text(in)
              + " has "
              + given
              + " channels; use "
              + name
              + "="
              + given
              + ", or let the layer before give "
              + wanted);
    }
  }

  /** Reflected and circular borders need enough of the image. */
  private static void border(String operation, String mode, long[] in, int first, Window w) {
    boolean reflect = mode.equals("reflect");
    if (!reflect && !mode.equals("circular")) {
      return;
    }
    for (int i = 0; i < w.begin().length; i++) {
      long most = Math.max(w.begin()[i], w.end()[i]);
      long limit = reflect ? in[first + i] - 1 : in[first + i];
      if (most > limit) {
        throw problem(
            operation,
            "padding "
                + most
                + " of mode '"
                + mode
                + "' needs an input of at least "
                + (reflect ? most + 1 : most)
                + ", but it is "
                + Sizes.text(in)
                + "; pad at most "
                + limit
                + ", or use another mode");
      }
    }
  }

  /** A transposed convolution; of {@code weight} (in, out / groups, k…). */
  static Tensor transposed(
      String operation, Tensor x, long[] weight, long groups, Window w, long[] more) {
    int n = weight.length - 2;
    if (x.shape == null) {
      return x.trace.step("ConvTranspose", null, 0, w, x);
    }
    long[] in = x.shape;
    int first = image(operation, in, n);
    channels(operation, "in_channels", weight[0], in[first - 1], in);
    positive(operation, in);
    long[] out = in.clone();
    out[first - 1] = weight[1] * groups;
    for (int i = 0; i < n; i++) {
      if (more[i] >= w.stride()[i] && more[i] >= w.dilation()[i]) {
        throw problem(
            operation,
            "output_padding "
                + more[i]
                + " must be smaller than the stride "
                + w.stride()[i]
                + " or the dilation "
                + w.dilation()[i]
                + "; use "
                + (Math.max(w.stride()[i], w.dilation()[i]) - 1)
                + " or less");
      }
      // (i − 1)s − p + d(k−1) + more + 1
      out[first + i] =
          (in[first + i] - 1) * w.stride()[i]
              - w.begin()[i]
              - w.end()[i]
              + w.dilation()[i] * (w.kernel()[i] - 1)
              + more[i]
              + 1;
      if (out[first + i] < 1) {
        throw problem(
            operation,
            "the output would be "
                + out[first + i]
                + " wide for the input "
                + Sizes.text(in)
                + "; lower padding, now "
                + w.begin()[i]);
      }
    }
    long batch = first == 2 ? in[0] : 1;
    long macs = Sizes.product(batch, count(weight), Sizes.product(in, first, in.length));
    return x.trace.step("ConvTranspose", out, macs, w, x);
  }

  /** Max or average pooling. */
  static Tensor pool(String operation, String operator, Tensor x, Window w, boolean ceil) {
    if (x.shape == null) {
      return x.trace.step(operator, null, 0, w, x);
    }
    int n = w.kernel().length;
    long[] in = x.shape;
    int first = image(operation, in, n);
    long[] out = in.clone();
    for (int i = 0; i < n; i++) {
      long pad = w.begin()[i];
      long span = w.dilation()[i] * (w.kernel()[i] - 1) + 1;
      if (pad * 2 > span) {
        throw problem(
            operation,
            "padding "
                + pad
                + " is more than half of the window "
                + span
                + "; use at most "
                + span / 2);
      }
      // floor or ceil((i + 2p − d(k−1) − 1)/s) + 1; with ceil a window must begin within the input
      long over = in[first + i] + 2 * pad - span + (ceil ? w.stride()[i] - 1 : 0);
      out[first + i] = Math.floorDiv(over, w.stride()[i]) + 1;
      if (ceil && (out[first + i] - 1) * w.stride()[i] >= in[first + i] + pad) {
        out[first + i]--;
      }
      if (out[first + i] < 1) {
        throw problem(
            operation,
            "the window of "
                + span(w, i, span)
                + " is larger than the input "
                + Sizes.text(in)
                + (pad > 0 ? " with padding " + pad : "")
                + ", so nothing would be left; pool less before it, use a window of at most "
                + (in[first + i] + 2 * pad)
                + ", or take a larger input");
      }
    }
    return x.trace.step(operator, out, 0, w, x);
  }

  /** Pooling to a size; a part that is −1 stays as it is. */
  static Tensor adaptive(String operation, boolean max, Tensor x, long[] size) {
    String operator = max ? "AdaptiveMaxPool" : "AdaptiveAveragePool";
    if (x.shape == null) {
      return x.trace.step(operator, null, 0, null, x);
    }
    int first = image(operation, x.shape, size.length);
    long[] out = x.shape.clone();
    positive(operation, x.shape);
    for (int i = 0; i < size.length; i++) {
      out[first + i] = size[i] < 0 ? out[first + i] : size[i];
    }
    return x.trace.step(operator, out, 0, null, x);
  }

  /** A border; {@code sides} as PyTorch orders them: before and behind, from the last axis on. */
  static Tensor pad(String operation, String mode, Tensor x, long[] sides) {
    if (x.shape == null) {
      return x.trace.step("Pad", null, 0, null, x);
    }
    long[] in = x.shape;
    long[] out = in.clone();
    if (sides.length % 2 != 0 || sides.length / 2 > in.length) {
      throw problem(
          operation,
          sides.length
              + " numbers for an input with "
              + in.length
              + " axes; give two for each axis, from the last one on");
    }
    int n = sides.length / 2;
    if (!mode.equals("constant") && in.length != n + 1 && in.length != n + 2) {
      image(operation, in, n);
    }
    long[] begin = new long[in.length];
    long[] end = new long[in.length];
    for (int i = 0; i < n; i++) {
      int axis = in.length - 1 - i;
      begin[axis] = sides[2 * i];
      end[axis] = sides[2 * i + 1];
      out[axis] += begin[axis] + end[axis];
      if (out[axis] < 1) {
        throw problem(operation, "nothing is left of " + Sizes.text(in) + "; cut off less");
      }
    }
    long[] ones = new long[in.length];
    Arrays.fill(ones, 1);
    Window w = new Window(ones, ones, begin, end, ones, false);
    border(operation, mode, in, 0, w);
    return x.trace.step("Pad", out, 0, w, x);
  }

  // ---- linear layers and products

  /** x (…, in) times weight (out, in). */
  static Tensor linear(String operation, Tensor x, long[] weight) {
    long out = weight.length == 1 ? 1 : weight[0];
    long wanted = weight[weight.length - 1];
    if (x.shape == null) {
      return x.trace.step("Gemm", null, 0, null, x);
    }
    long[] in = x.shape;
    if (in.length == 0 || in[in.length - 1] != wanted) {
      throw problem(operation, mismatch(x, wanted));
    }
    long[] shape = in.clone();
    shape[in.length - 1] = out;
    long macs = Sizes.product(count(in), out);
    if (weight.length == 1) {
      shape = Arrays.copyOf(in, in.length - 1);
    }
    return x.trace.step("Gemm", shape, macs, null, x);
  }

  private static String mismatch(Tensor x, long wanted) {
    long[] in = x.known();
    long given = in.length == 0 ? 1 : in[in.length - 1];
    StringBuilder text = new StringBuilder();
    text.append("in_features is ").append(wanted).append(", but the input ");
    text.append(Sizes.text(in)).append(" has ").append(given).append(" in its last axis");
    long[] before = x.trace.flattened(x);
    if (before != null && before.length > 2) {
      text.append(", from ").append(Sizes.text(before));
    } else if (in.length > 2 && Sizes.product(in, 1, in.length) == wanted) {
      return text.append("; flatten it first, with nn.Flatten() or x.flatten(1)").toString();
    }
    text.append("; use in_features=").append(given);
    return text.append(", or change what comes before").toString();
  }

  static Tensor matmul(Tensor a, Tensor b) {
    if (a.shape == null || b.shape == null) {
      return a.trace.step("MatMul", null, 0, null, a, b);
    }
    long[] x = a.shape;
    long[] y = b.shape;
    long inner = x.length == 0 ? 1 : x[x.length - 1];
    long other = y.length == 0 ? 1 : y[Math.max(0, y.length - 2)];
    if (x.length == 0 || y.length == 0 || inner != other) {
      throw problem(
          "matmul",
          Sizes.text(x)
              + " times "
              + Sizes.text(y)
              + ": the last axis of the first, "
              + inner
              + ", must equal the "
              + (y.length < 2 ? "only" : "second last")
              + " of the second, "
              + other
              + "; transpose one, or change a size");
    }
    long[] rows = x.length < 2 ? new long[0] : new long[] {x[x.length - 2]};
    long[] columns = y.length < 2 ? new long[0] : new long[] {y[y.length - 1]};
    long[] batch =
        broadcast(
            "matmul",
            Arrays.copyOf(x, Math.max(0, x.length - 2)),
            Arrays.copyOf(y, Math.max(0, y.length - 2)));
    long[] out = joined(joined(batch, rows), columns);
    return a.trace.step("MatMul", out, Sizes.product(count(out), inner), null, a, b);
  }

  static long[] joined(long[] a, long[] b) {
    long[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  // ---- arithmetic

  /** An operator on a tensor and another or a number, shapes stretched as NumPy does. */
  static Tensor broadcast(String operator, Tensor a, Object other) {
    if (!(other instanceof Tensor b)) {
      if (other instanceof Number || other instanceof Boolean) {
        return same(operator, a);
      }
      throw new IllegalArgumentException(
          operation(operator)
              + " of a tensor and "
              + Bound.text(other)
              + "; use a tensor or number");
    }
    long[] shape =
        a.shape == null || b.shape == null
            ? null
            : broadcast(operation(operator), a.shape, b.shape);
    return a.trace.step(operator, shape, 0, null, a, b);
  }

  private static String operation(String operator) {
    return switch (operator) {
      case "Add" -> "+";
      case "Sub" -> "−";
      case "Mul" -> "×";
      case "Div" -> "÷";
      default -> operator;
    };
  }

  /** The common shape of two, or a problem. */
  static long[] broadcast(String operation, long[] a, long[] b) {
    return Sizes.broadcast(operation, a, b, Rules::remedy);
  }

  private static String remedy(int axis, int rank, long x, long y) {
    if (axis == 1 && rank > 2) {
      return "give both the same channels, as with a 1×1 convolution in front of one";
    }
    return Math.abs(x - y) <= 2
        ? "pad or crop one, or use an input size that all strides divide"
        : "check strides, padding and scale factors of the two branches";
  }

  /** Tensors one behind the other along an axis. */
  static Tensor cat(List<Tensor> all, long dim) {
    if (all.isEmpty()) {
      throw problem("cat", "there is nothing to join; give tensors");
    }
    Tensor first = all.get(0);
    Tensor[] inputs = all.toArray(new Tensor[0]);
    for (Tensor each : all) {
      if (each.shape == null) {
        return first.trace.step("Concat", null, 0, null, inputs);
      }
    }
    int axis = axis("cat", dim, first.rank());
    long[] out = first.known().clone();
    for (int i = 1; i < all.size(); i++) {
      long[] shape = all.get(i).known();
      if (shape.length != out.length) {
        throw problem(
            "cat",
            Sizes.text(first.shape)
                + " and "
                + Sizes.text(shape)
                + " have different numbers of axes; reshape one");
      }
      for (int k = 0; k < shape.length; k++) {
        if (k != axis && shape[k] != out[k]) {
          throw problem(
              "cat",
              "tensor 0 is "
                  + Sizes.text(first.shape)
                  + " and tensor "
                  + i
                  + " is "
                  + Sizes.text(shape)
                  + ": dimension "
                  + k
                  + " is "
                  + out[k]
                  + " against "
                  + shape[k]
                  + ", and only dimension "
                  + axis
                  + " may differ"
                  + remedy(-1, 4, out[k], shape[k]));
        }
      }
      out[axis] += shape[axis];
    }
    return first.trace.step("Concat", out, 0, null, inputs);
  }

  // ---- shapes

  /** The same numbers in another shape; one part may be −1. */
  static Tensor reshape(String operation, Tensor x, long[] wanted) {
    long[] out = wanted.clone();
    int free = -1;
    long known = 1;
    for (int i = 0; i < out.length; i++) {
      if (out[i] == -1) {
        if (free >= 0) {
          throw problem(operation, "−1 is given twice; leave one size open at most");
        }
        free = i;
      } else {
        if (out[i] < 0) {
          throw problem(operation, "size " + out[i] + "; use 0 or more, or one −1");
        }
        known = Sizes.product(known, out[i]);
      }
    }
    if (x.shape == null) {
      return x.trace.step("Reshape", free < 0 ? out : null, 0, null, x);
    }
    long count = count(x.shape);
    if (free >= 0 ? known == 0 || count % known != 0 : known != count) {
      throw problem(
          operation,
          Sizes.text(x.shape)
              + " has "
              + count
              + " numbers, which do not fill "
              + Sizes.text(wanted).replace("-1", "?")
              + (free >= 0 ? ", not being a multiple of " + known : ", which has " + known)
              + advice(x.shape, wanted));
    }
    if (free >= 0) {
      out[free] = count / known;
    }
    return x.trace.step("Reshape", out, 0, null, x);
  }

  private static String advice(long[] in, long[] wanted) {
    if (wanted.length == 2 && in.length > 2) {
      return "; use "
          + Sizes.product(in, 1, in.length)
          + " in place of "
          + wanted[wanted.length - 1]
          + ", or x.flatten(1)";
    }
    return "; make the products equal";
  }

  static Tensor flatten(String operation, Tensor x, long start, long end) {
    if (x.shape == null) {
      return x.trace.step("Flatten", null, 0, null, x);
    }
    long[] in = x.shape;
    if (in.length == 0) {
      return x.trace.step("Flatten", new long[] {1}, 0, null, x);
    }
    int from = axis(operation, start, in.length);
    int to = axis(operation, end, in.length);
    if (from > to) {
      throw problem(
          operation, "start_dim " + start + " lies behind end_dim " + end + "; exchange them");
    }
    long[] out = new long[in.length - (to - from)];
    System.arraycopy(in, 0, out, 0, from);
    out[from] = Sizes.product(in, from, to + 1);
    System.arraycopy(in, to + 1, out, from + 1, in.length - to - 1);
    return x.trace.step("Flatten", out, 0, null, x);
  }

  static Tensor permute(String operation, Tensor x, long[] order) {
    if (x.shape == null) {
      return x.trace.step("Transpose", null, 0, null, x);
    }
    long[] in = x.shape;
    long[] out = new long[in.length];
    boolean[] used = new boolean[in.length];
    if (order.length != in.length) {
      throw problem(
          operation, order.length + " axes for " + Sizes.text(in) + "; give " + in.length);
    }
    for (int i = 0; i < order.length; i++) {
      int axis = axis(operation, order[i], in.length);
      if (used[axis]) {
        throw problem(operation, "axis " + axis + " is there twice; give each once");
      }
      used[axis] = true;
      out[i] = in[axis];
    }
    return x.trace.step("Transpose", out, 0, null, x);
  }

  static Tensor transpose(Tensor x, long first, long second) {
    if (x.shape == null) {
      return x.trace.step("Transpose", null, 0, null, x);
    }
    int rank = x.shape.length;
    long[] order = new long[rank];
    for (int i = 0; i < rank; i++) {
      order[i] = i;
    }
    int a = axis("transpose", first, rank);
    int b = axis("transpose", second, rank);
    order[a] = b;
    order[b] = a;
    return permute("transpose", x, order);
  }

  /** A reduction over axes; over all when there are none. */
  static Tensor reduce(String operator, Tensor x, long @Nullable [] dims, boolean keep) {
    if (x.shape == null) {
      return x.trace.step(operator, null, 0, null, x);
    }
    long[] in = x.shape;
    boolean[] gone = new boolean[in.length];
    if (dims == null || dims.length == 0) {
      Arrays.fill(gone, true);
    } else {
      for (long dim : dims) {
        gone[axis(operator, dim, Math.max(1, in.length))] = true;
      }
    }
    long[] out = new long[in.length];
    int rank = 0;
    for (int i = 0; i < in.length; i++) {
      if (!gone[i]) {
        out[rank++] = in[i];
      } else if (keep) {
        out[rank++] = 1;
      }
    }
    return x.trace.step(operator, Arrays.copyOf(out, rank), 0, null, x);
  }

  static Tensor squeeze(Tensor x, long @Nullable [] dims) {
    if (x.shape == null) {
      return x.trace.step("Squeeze", null, 0, null, x);
    }
    long[] in = x.shape;
    boolean[] asked = new boolean[in.length];
    if (dims == null) {
      Arrays.fill(asked, true);
    } else {
      for (long dim : dims) {
        asked[axis("squeeze", dim, in.length)] = true;
      }
    }
    long[] out = new long[in.length];
    int rank = 0;
    for (int i = 0; i < in.length; i++) {
      if (!asked[i] || in[i] != 1) {
        out[rank++] = in[i];
      }
    }
    return x.trace.step("Squeeze", Arrays.copyOf(out, rank), 0, null, x);
  }

  static Tensor unsqueeze(Tensor x, long dim) {
    if (x.shape == null) {
      return x.trace.step("Unsqueeze", null, 0, null, x);
    }
    int at = axis("unsqueeze", dim, x.shape.length + 1);
    long[] out = new long[x.shape.length + 1];
    System.arraycopy(x.shape, 0, out, 0, at);
    out[at] = 1;
    System.arraycopy(x.shape, at, out, at + 1, x.shape.length - at);
    return x.trace.step("Unsqueeze", out, 0, null, x);
  }

  /** A part of an axis. */
  static Tensor narrow(String operation, Tensor x, int axis, long length) {
    long[] out = x.known().clone();
    out[axis] = length;
    return x.trace.step("Slice", out, 0, null, x);
  }

  /** Parts of the given sizes along an axis. */
  static Items split(String operation, Tensor x, int axis, List<Long> sizes) {
    List<Object> parts = new ArrayList<>();
    for (long size : sizes) {
      parts.add(narrow(operation, x, axis, size));
    }
    return Items.tuple(parts);
  }

  /** {@code x[index]}. */
  static Tensor index(Tensor x, Object index) {
    if (x.shape == null) {
      return x.trace.step("Slice", null, 0, null, x);
    }
    List<Object> parts = index instanceof Items i && i.tuple ? i.all : List.of(index);
    int used = 0;
    for (Object part : parts) {
      used += part == None.NONE || part == None.ELLIPSIS || part instanceof Boolean ? 0 : 1;
    }
    long[] in = x.shape;
    if (used > in.length) {
      throw problem(
          "index", used + " indices for " + Sizes.text(in) + "; give at most " + in.length);
    }
    List<Long> out = new ArrayList<>();
    int at = 0;
    for (Object part : parts) {
      if (part == None.NONE) {
        out.add(1L);
      } else if (part == None.ELLIPSIS) {
        for (int rest = in.length - used; rest > 0; rest--) {
          out.add(in[at++]);
        }
      } else if (part instanceof Slice slice) {
        out.add(slice.within(in[at++])[1]);
      } else if (part instanceof Long number) {
        if (number < -in[at] || number >= in[at]) {
          throw problem(
              "index",
              "index " + number + " of an axis of " + in[at] + "; use less than " + in[at]);
        }
        at++;
      } else if (part instanceof Items list) {
        out.add((long) list.size());
        at++;
      } else if (part instanceof Tensor picks) {
        for (long size : picks.known()) {
          out.add(size);
        }
        at++;
      } else {
        throw problem("index", Bound.text(part) + " is no index; use a number or a slice");
      }
    }
    while (at < in.length) {
      out.add(in[at++]);
    }
    long[] shape = new long[out.size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = out.get(i);
    }
    return x.trace.step("Slice", shape, 0, null, x);
  }

  /** An image in another size; {@code scale} where {@code size} is null. */
  static Tensor resize(
      String operation, Tensor x, long @Nullable [] size, double @Nullable [] scale) {
    if (x.shape == null) {
      return x.trace.step("Resize", null, 0, null, x);
    }
    long[] out = x.shape.clone();
    int n = out.length - 2;
    if (n < 1) {
      throw problem(
          operation, "the input " + Sizes.text(out) + " is no image; give batch and channels too");
    }
    for (int i = 0; i < n; i++) {
      if (size != null) {
        if (size.length != n && size.length != 1) {
          throw problem(operation, size.length + " sizes for " + n + " axes; give " + n);
        }
        out[2 + i] = size[size.length == 1 ? 0 : i];
      } else if (scale != null) {
        if (scale.length != n && scale.length != 1) {
          throw problem(operation, scale.length + " factors for " + n + " axes; give " + n);
        }
        out[2 + i] = (long) Math.floor(out[2 + i] * scale[scale.length == 1 ? 0 : i]);
      } else {
        throw problem(operation, "give either size or scale_factor");
      }
      if (out[2 + i] < 1) {
        throw problem(operation, "nothing is left of " + Sizes.text(x.shape) + "; scale it less");
      }
    }
    return x.trace.step("Resize", out, 0, null, x);
  }

  // ---- normalization

  /** Channels are the second axis. */
  static Tensor batchNorm(String operation, Tensor x, long features, int low, int high) {
    if (x.shape != null) {
      long[] in = x.shape;
      if (in.length < low || in.length > high) {
        throw problem(
            operation,
            "the input "
                + Sizes.text(in)
                + " has "
                + in.length
                + " axes; give "
                + (low == high ? "" + low : low + " or " + high)
                + ", or use BatchNorm"
                + Math.max(1, in.length - 2)
                + "d");
      }
      long given = in[in.length == 1 ? 0 : 1];
      if (given != features) {
        channels(operation, "num_features", features, given, in);
      }
    }
    return same("BatchNormalization", x);
  }

  static Tensor instanceNorm(String operation, Tensor x, int n, long features) {
    if (x.shape != null) {
      int first = image(operation, x.shape, n);
      if (features > 0) {
        channels(operation, "num_features", features, x.shape[first - 1], x.shape);
      }
      if (Sizes.product(x.shape, first, x.shape.length) == 1) {
        throw problem(
            operation,
            "each channel of "
                + Sizes.text(x.shape)
                + " is a single number, whose normalization is always 0; use it before the image"
                + " has shrunk to 1×1, or leave it out");
      }
    }
    return same("InstanceNormalization", x);
  }

  static Tensor groupNorm(String operation, Tensor x, long groups, long channels) {
    if (x.shape != null) {
      long[] in = x.shape;
      if (in.length < 2) {
        throw problem(operation, "the input " + Sizes.text(in) + " has no channels; give 2 axes");
      }
      if (channels > 0) {
        channels(operation, "num_channels", channels, in[1], in);
      }
      if (groups < 1 || in[1] % groups != 0) {
        throw problem(
            operation, in[1] + " channels in " + groups + " groups; use a divisor of " + in[1]);
      }
      if (Sizes.product(in[0], in[1] / groups, Sizes.product(in, 2, in.length)) == 1) {
        throw problem(
            operation,
            "each group of "
                + Sizes.text(in)
                + " is a single number, whose normalization is always 0; use fewer groups");
      }
    }
    return same("GroupNormalization", x);
  }

  static Tensor layerNorm(String operation, Tensor x, long[] shape) {
    if (x.shape != null) {
      long[] in = x.shape;
      boolean fits = in.length >= shape.length;
      for (int i = 0; fits && i < shape.length; i++) {
        fits = in[in.length - shape.length + i] == shape[i];
      }
      if (!fits) {
        throw problem(
            operation,
            "normalized_shape is "
                + Sizes.text(shape)
                + ", but the input "
                + Sizes.text(in)
                + " ends with "
                + Sizes.text(
                    Arrays.copyOfRange(in, Math.max(0, in.length - shape.length), in.length))
                + "; use that"
                + (in.length == 4 && shape.length == 1 && in[1] == shape[0]
                    ? ", or put the channels last with permute(0, 2, 3, 1)"
                    : ""));
      }
    }
    return same("LayerNormalization", x);
  }

  /** Channels become pixels, or the other way. */
  static Tensor shuffle(String operation, Tensor x, long factor, boolean back) {
    if (x.shape == null) {
      return x.trace.step(back ? "SpaceToDepth" : "DepthToSpace", null, 0, null, x);
    }
    long[] out = x.shape.clone();
    if (out.length < 3) {
      throw problem(
          operation, "the input " + Sizes.text(out) + " is no image; give 3 axes or more");
    }
    int c = out.length - 3;
    long area = Sizes.product(factor, factor);
    if (!back && out[c] % area != 0) {
      throw problem(
          operation,
          out[c] + " channels are no multiple of " + factor + "² = " + area + "; make them one");
    }
    if (back && (out[c + 1] % factor != 0 || out[c + 2] % factor != 0)) {
      throw problem(
          operation,
          Sizes.text(x.shape) + " is no multiple of " + factor + " high and wide; pad or crop it");
    }
    out[c] = back ? Sizes.product(out[c], area) : out[c] / area;
    out[c + 1] = back ? out[c + 1] / factor : Sizes.product(out[c + 1], factor);
    out[c + 2] = back ? out[c + 2] / factor : Sizes.product(out[c + 2], factor);
    return x.trace.step(back ? "SpaceToDepth" : "DepthToSpace", out, 0, null, x);
  }
}
