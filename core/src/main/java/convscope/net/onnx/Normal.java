package convscope.net.onnx;

import convscope.net.graph.Sizes;
import convscope.net.onnx.Onnx.Node;
import convscope.num.Maths;

/** Normalizations and softmax, which keep the shape. */
final class Normal {
  private Normal() {}

  static Value apply(Node node, Value[] in, int opset) {
    Value x = in[0];
    double[] data = x.data();
    long[] shape = x.known();
    boolean batch = node.operator().equals("BatchNormalization");
    if (batch && shape.length > 1 && in.length > 1 && in[1].shape() != null) {
      long features = in[1].known()[0];
      if (features != shape[1]) {
        throw new IllegalArgumentException(
            "BatchNormalization: it is made for "
                + features
                + " channels, but the input "
                + Sizes.text(shape)
                + " has "
                + shape[1]
                + "; take an input of that many");
      }
    }
    Value same = new Value(x.type(), shape, null);
    if (data == null) {
      return same;
    }
    for (int i = 1; i < in.length; i++) {
      if (!node.inputs().get(i).isEmpty() && in[i].data() == null) {
        return same;
      }
    }
    double[] out = data.clone();
    switch (node.operator()) {
      case "BatchNormalization" -> batch(node, in, out, shape);
      case "InstanceNormalization" ->
          groups(in, out, shape, (int) shape[1], node.real("epsilon", 1e-5), true);
      case "GroupNormalization" -> {
        int groups = (int) node.integer("num_groups", 1);
        groups(in, out, shape, groups, node.real("epsilon", 1e-5), opset >= 21);
      }
      case "LayerNormalization" -> layer(node, in, out, shape);
      case "Softmax", "LogSoftmax" -> softmax(node, out, shape, opset);
      case "LRN" -> response(node, data, out, shape);
      case "LpNormalization" -> lines(node, out, shape);
      default -> {
        return same;
      }
    }
    return new Value(x.type(), shape, out);
  }

  private static double number(Value[] in, int index, int at, double otherwise) {
    double[] data = index < in.length ? in[index].data() : null;
    return data == null || data.length == 0 ? otherwise : data[Math.min(at, data.length - 1)];
  }

  private static void batch(Node node, Value[] in, double[] out, long[] shape) {
    double epsilon = node.real("epsilon", 1e-5);
    int channels = (int) shape[1];
    int area = (int) Sizes.product(shape, 2, shape.length);
    for (int i = 0; i < out.length; i++) {
      int c = i / area % channels;
      double scale = number(in, 1, c, 1) / Math.sqrt(number(in, 4, c, 1) + epsilon);
      out[i] = (out[i] - number(in, 3, c, 0)) * scale + number(in, 2, c, 0);
    }
  }

  private static void groups(
      Value[] in, double[] out, long[] shape, int groups, double epsilon, boolean perChannel) {
    int channels = (int) shape[1];
    int area = (int) Sizes.product(shape, 2, shape.length);
    int size = channels / groups * area;
    for (int from = 0; from < out.length; from += size) {
      standardize(out, from, size, 1, epsilon);
      for (int i = from; i < from + size; i++) {
        int c = i / area % channels;
        int at = perChannel ? c : c / (channels / groups);
        out[i] = out[i] * number(in, 1, at, 1) + number(in, 2, at, 0);
      }
    }
  }

  private static void standardize(double[] out, int from, int count, int step, double epsilon) {
    double mean = 0;
    for (int i = 0; i < count; i++) {
      mean += out[from + i * step];
    }
    mean /= count;
    double variance = 0;
    for (int i = 0; i < count; i++) {
      double d = out[from + i * step] - mean;
      variance += d * d;
    }
    double scale = 1 / Math.sqrt(variance / count + epsilon);
    for (int i = 0; i < count; i++) {
      out[from + i * step] = (out[from + i * step] - mean) * scale;
    }
  }

  private static int axis(Node node, long otherwise, int rank) {
    long axis = node.integer("axis", otherwise);
    if (axis < -rank || axis >= rank) {
      throw new IllegalArgumentException(
          node.operator() + ": axis " + axis + " of " + rank + "; use less");
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }

  private static void layer(Node node, Value[] in, double[] out, long[] shape) {
    int axis = axis(node, -1, shape.length);
    int size = (int) Sizes.product(shape, axis, shape.length);
    for (int from = 0; from < out.length && size > 0; from += size) {
      standardize(out, from, size, 1, node.real("epsilon", 1e-5));
      for (int i = 0; i < size; i++) {
        out[from + i] = out[from + i] * number(in, 1, i, 1) + number(in, 2, i, 0);
      }
    }
  }

  private static void softmax(Node node, double[] out, long[] shape, int opset) {
    int axis = axis(node, opset < 13 ? 1 : -1, shape.length);
    int size = (int) (opset < 13 ? Sizes.product(shape, axis, shape.length) : shape[axis]);
    int step = opset < 13 ? 1 : (int) Sizes.product(shape, axis + 1, shape.length);
    boolean log = node.operator().equals("LogSoftmax");
    for (int line = 0; size > 0 && line < out.length / size; line++) {
      int from = line / step * step * size + line % step;
      double most = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < size; i++) {
        most = Math.max(most, out[from + i * step]);
      }
      double sum = 0;
      for (int i = 0; i < size; i++) {
        sum += Maths.exp(out[from + i * step] - most);
      }
      for (int i = 0; i < size; i++) {
        double shifted = out[from + i * step] - most;
        out[from + i * step] = log ? shifted - Maths.log(sum) : Maths.exp(shifted) / sum;
      }
    }
  }

  private static void response(Node node, double[] data, double[] out, long[] shape) {
    int size = (int) node.integer("size", 1);
    double alpha = node.real("alpha", 1e-4);
    double beta = node.real("beta", 0.75);
    double bias = node.real("bias", 1);
    int channels = (int) shape[1];
    int area = (int) Sizes.product(shape, 2, shape.length);
    for (int i = 0; i < out.length; i++) {
      int c = i / area % channels;
      double sum = 0;
      for (int k = Math.max(0, c - (size - 1) / 2);
          k <= Math.min(channels - 1, c + size / 2);
          k++) {
        double value = data[i + (k - c) * area];
        sum += value * value;
      }
      out[i] = data[i] / Maths.pow(bias + alpha / size * sum, beta);
    }
  }

  private static void lines(Node node, double[] out, long[] shape) {
    int axis = axis(node, -1, shape.length);
    int size = (int) shape[axis];
    int step = (int) Sizes.product(shape, axis + 1, shape.length);
    boolean first = node.integer("p", 2) == 1;
    for (int line = 0; line < out.length / size; line++) {
      int from = line / step * step * size + line % step;
      double norm = 0;
      for (int i = 0; i < size; i++) {
        double value = out[from + i * step];
        norm += first ? Math.abs(value) : value * value;
      }
      norm = first ? norm : Math.sqrt(norm);
      for (int i = 0; i < size && norm > 0; i++) {
        out[from + i * step] /= norm;
      }
    }
  }
}
