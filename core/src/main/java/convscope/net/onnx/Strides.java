package convscope.net.onnx;

import convscope.net.graph.Sizes;
import convscope.net.onnx.Onnx.Node;
import convscope.num.Maths;
import java.util.Arrays;

/** Operators that move numbers about; without numbers they give the shape alone. */
final class Strides {
  private Strides() {}

  private static int[] steps(long[] shape) {
    int[] steps = new int[shape.length];
    int step = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      steps[i] = step;
      step *= (int) shape[i];
    }
    return steps;
  }

  /**
   * Where each number of an output comes from: at {@code first}, plus {@code by[axis]} for each
   * step along an axis.
   */
  static int[] walk(long[] out, int first, int[] by) {
    int count = (int) Sizes.product(out, 0, out.length);
    int[] places = new int[count];
    long[] index = new long[out.length];
    int at = first;
    for (int i = 0; i < count; i++) {
      places[i] = at;
      for (int axis = out.length - 1; axis >= 0; axis--) {
        at += by[axis];
        if (++index[axis] < out[axis]) {
          break;
        }
        at -= by[axis] * (int) out[axis];
        index[axis] = 0;
      }
    }
    return places;
  }

  private static double[] picked(double[] data, int[] places) {
    double[] out = new double[places.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = data[places[i]];
    }
    return out;
  }

  /** Where the numbers of a stretched shape come from. */
  static int[] places(long[] shape, long[] out) {
    int[] steps = steps(shape);
    int[] by = new int[out.length];
    int skip = out.length - shape.length;
    for (int i = 0; i < shape.length; i++) {
      by[skip + i] = shape[i] == 1 ? 0 : steps[i];
    }
    return walk(out, 0, by);
  }

  static Value expand(Value x, long[] out) {
    double[] data = x.data();
    return new Value(x.type(), out, data == null ? null : picked(data, places(x.known(), out)));
  }

  static Value tile(Value x, long[] out) {
    double[] data = x.data();
    if (data == null) {
      return new Value(x.type(), out, null);
    }
    long[] shape = x.known();
    int[] steps = steps(shape);
    int count = (int) Sizes.product(out, 0, out.length);
    double[] made = new double[count];
    for (int i = 0; i < count; i++) {
      int rest = i;
      int at = 0;
      for (int axis = out.length - 1; axis >= 0; axis--) {
        at += (int) (rest % out[axis] % shape[axis]) * steps[axis];
        rest /= (int) out[axis];
      }
      made[i] = data[at];
    }
    return new Value(x.type(), out, made);
  }

  static Value transpose(Value x, int[] order) {
    long[] shape = x.known();
    int[] steps = steps(shape);
    long[] out = new long[shape.length];
    int[] by = new int[shape.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = shape[order[i]];
      by[i] = steps[order[i]];
    }
    double[] data = x.data();
    return new Value(x.type(), out, data == null ? null : picked(data, walk(out, 0, by)));
  }

  static Value slice(Value x, long[] from, long[] step, long[] out) {
    double[] data = x.data();
    if (data == null) {
      return new Value(x.type(), out, null);
    }
    int[] steps = steps(x.known());
    int[] by = new int[out.length];
    int first = 0;
    for (int i = 0; i < out.length; i++) {
      by[i] = (int) step[i] * steps[i];
      first += (int) from[i] * steps[i];
    }
    return new Value(x.type(), out, picked(data, walk(out, first, by)));
  }

  static double[] concat(Value[] in, int axis, long[] out) {
    double[] made = new double[(int) Sizes.product(out, 0, out.length)];
    int row = (int) Sizes.product(out, axis, out.length);
    int at = 0;
    for (Value each : in) {
      double[] data = each.data();
      int width = (int) Sizes.product(each.known(), axis, out.length);
      for (int from = 0, to = at;
          data != null && width > 0 && from < data.length;
          from += width, to += row) {
        System.arraycopy(data, from, made, to, width);
      }
      at += width;
    }
    return made;
  }

  static Value pad(Value x, long[] begin, long[] end, String mode, double value) {
    long[] shape = x.known();
    long[] out = shape.clone();
    for (int i = 0; i < out.length; i++) {
      out[i] += begin[i] + end[i];
      if (out[i] < 0) {
        throw new IllegalArgumentException(
            "Pad: nothing is left of " + Sizes.text(shape) + "; cut off less");
      }
    }
    double[] data = x.data();
    if (data == null) {
      return new Value(x.type(), out, null);
    }
    int[] steps = steps(shape);
    int count = (int) Sizes.product(out, 0, out.length);
    double[] made = new double[count];
    for (int i = 0; i < count; i++) {
      int rest = i;
      int at = 0;
      for (int axis = out.length - 1; axis >= 0 && at >= 0; axis--) {
        long place = rest % out[axis] - begin[axis];
        rest /= (int) out[axis];
        place = source(mode, place, shape[axis]);
        at = place < 0 ? -1 : at + (int) place * steps[axis];
      }
      made[i] = at < 0 ? value : data[at];
    }
    return new Value(x.type(), out, made);
  }

  private static long source(String mode, long place, long size) {
    if (place >= 0 && place < size) {
      return place;
    }
    return switch (mode) {
      case "edge" -> place < 0 ? 0 : size - 1;
      case "wrap" -> Math.floorMod(place, size);
      case "reflect" -> {
        long period = Math.max(1, 2 * (size - 1));
        long at = Math.floorMod(place, period);
        yield at < size ? at : period - at;
      }
      default -> -1;
    };
  }

  static Value depth(Value x, int block, boolean up, boolean crd) {
    long[] s = x.known();
    long c = up ? s[1] / block / block : s[1];
    long h = up ? s[2] : s[2] / block;
    long w = up ? s[3] : s[3] / block;
    long[] parts =
        up
            ? (crd
                ? new long[] {s[0], c, block, block, h, w}
                : new long[] {s[0], block, block, c, h, w})
            : new long[] {s[0], c, h, block, w, block};
    int[] order =
        up
            ? (crd ? new int[] {0, 1, 4, 2, 5, 3} : new int[] {0, 3, 4, 1, 5, 2})
            : new int[] {0, 3, 5, 1, 2, 4};
    Value turned = transpose(x.reshaped(parts), order);
    return up
        ? turned.reshaped(s[0], c, h * block, w * block)
        : turned.reshaped(s[0], c * block * block, h, w);
  }

  static Value reduce(String operator, Value x, boolean[] gone, boolean keep) {
    long[] shape = x.known();
    long[] kept = shape.clone();
    long over = 1;
    long[] out = new long[shape.length];
    int rank = 0;
    for (int i = 0; i < shape.length; i++) {
      if (gone[i]) {
        kept[i] = 1;
        over = Sizes.product(over, shape[i]);
      }
      if (!gone[i] || keep) {
        out[rank++] = kept[i];
      }
    }
    out = Arrays.copyOf(out, rank);
    double[] data = x.data();
    if (data == null) {
      return new Value(x.type(), out, null);
    }
    int[] into = places(kept, shape);
    double[] made = new double[(int) Sizes.product(out, 0, rank)];
    double[] places = new double[made.length];
    int[] seen = new int[made.length];
    boolean max = operator.equals("ReduceMax") || operator.equals("ArgMax");
    boolean min = operator.equals("ReduceMin") || operator.equals("ArgMin");
    Arrays.fill(
        made,
        max
            ? Double.NEGATIVE_INFINITY
            : min ? Double.POSITIVE_INFINITY : operator.equals("ReduceProd") ? 1 : 0);
    for (int i = 0; i < data.length; i++) {
      int at = into[i];
      double value = data[i];
      if (max || min) {
        if (max ? value > made[at] : value < made[at]) {
          made[at] = value;
          places[at] = seen[at];
        }
        seen[at]++;
        continue;
      }
      switch (operator) {
        case "ReduceProd" -> made[at] *= value;
        case "ReduceL1" -> made[at] += Math.abs(value);
        case "ReduceL2", "ReduceSumSquare" -> made[at] += value * value;
        case "ReduceLogSumExp" -> made[at] += Maths.exp(value);
        default -> made[at] += value;
      }
    }
    for (int i = 0; i < made.length; i++) {
      switch (operator) {
        case "ReduceMean" -> made[i] /= over;
        case "ReduceL2" -> made[i] = Math.sqrt(made[i]);
        case "ReduceLogSum", "ReduceLogSumExp" -> made[i] = Maths.log(made[i]);
        default -> {}
      }
    }
    return new Value(x.type(), out, operator.startsWith("Arg") ? places : made);
  }

  /** Sums of products over the letters that the result lacks. */
  static Value einsum(Value[] in, String[] left, String right, long[] sizes, long[] out) {
    StringBuilder letters = new StringBuilder(right);
    for (String each : left) {
      for (int i = 0; i < each.length(); i++) {
        if (letters.indexOf(each.substring(i, i + 1)) < 0) {
          letters.append(each.charAt(i));
        }
      }
    }
    long[] all = new long[letters.length()];
    for (int i = 0; i < all.length; i++) {
      all[i] = sizes[letters.charAt(i) & 127];
    }
    int count = (int) Sizes.product(all, 0, all.length);
    double[] products = new double[count];
    Arrays.fill(products, 1);
    for (int k = 0; k < in.length; k++) {
      double[] data = in[k].data();
      if (data == null) {
        return new Value(in[0].type(), out, null);
      }
      int[] steps = steps(in[k].known());
      int[] by = new int[all.length];
      for (int i = 0; i < left[k].length(); i++) {
        by[letters.indexOf(left[k].substring(i, i + 1))] += steps[i]; // a diagonal goes both ways
      }
      int[] places = walk(all, 0, by);
      for (int i = 0; i < count; i++) {
        products[i] *= data[places[i]];
      }
    }
    int over = (int) Sizes.product(all, out.length, all.length);
    double[] made = new double[over == 0 ? 0 : count / over];
    for (int i = 0; i < count; i++) {
      made[i / over] += products[i];
    }
    return new Value(in[0].type(), out, made);
  }

  /** Resize and Upsample: nearest and linear. */
  static Value resize(Value x, long[] out, double[] factor, Node node, int opset) {
    double[] data = x.data();
    if (data == null) {
      return new Value(x.type(), out, null);
    }
    String mode = node.text("mode", "nearest");
    boolean upsample = node.operator().equals("Upsample") || opset < 11;
    String where =
        upsample ? "asymmetric" : node.text("coordinate_transformation_mode", "half_pixel");
    String nearest = upsample ? "floor" : node.text("nearest_mode", "round_prefer_floor");
    if (mode.equals("cubic")) {
      throw new IllegalArgumentException(
          "Resize: cubic is not calculated here; use nearest or linear");
    }
    Value now = x;
    for (int axis = 0; axis < out.length; axis++) {
      if (out[axis] != now.known()[axis] || factor[axis] != 1) {
        now =
            along(now, axis, (int) out[axis], factor[axis], mode.equals("nearest"), where, nearest);
      }
    }
    return now;
  }

  private static Value along(
      Value x, int axis, int size, double factor, boolean nearest, String where, String rounding) {
    long[] shape = x.known();
    int old = (int) shape[axis];
    int outer = (int) Sizes.product(shape, 0, axis);
    int inner = (int) Sizes.product(shape, axis + 1, shape.length);
    double[] data = x.data();
    double[] made = new double[outer * size * inner];
    long[] out = shape.clone();
    out[axis] = size;
    for (int i = 0; i < size; i++) {
      double at =
          switch (where) {
            case "asymmetric" -> i / factor;
            case "align_corners" -> size == 1 ? 0 : (double) i * (old - 1) / (size - 1);
            case "pytorch_half_pixel" -> size == 1 ? 0 : (i + 0.5) / factor - 0.5;
            default -> (i + 0.5) / factor - 0.5;
          };
      int low;
      double part = 0;
      if (nearest) {
        double rounded =
            switch (rounding) {
              case "floor" -> Math.floor(at);
              case "ceil" -> Math.ceil(at);
              case "round_prefer_ceil" -> Math.floor(at + 0.5);
              default -> Math.ceil(at - 0.5);
            };
        low = (int) Math.max(0, Math.min(old - 1, rounded));
      } else {
        double clamped = Math.max(0, Math.min(old - 1, at));
        low = (int) Math.floor(clamped);
        part = clamped - low;
      }
      int high = Math.min(old - 1, low + 1);
      for (int o = 0; o < outer; o++) {
        for (int k = 0; k < inner && data != null; k++) {
          double a = data[(o * old + low) * inner + k];
          made[(o * size + i) * inner + k] =
              part == 0 ? a : a + part * (data[(o * old + high) * inner + k] - a);
        }
      }
    }
    return new Value(x.type(), out, made);
  }
}
