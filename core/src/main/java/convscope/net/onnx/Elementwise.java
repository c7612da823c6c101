package convscope.net.onnx;

import convscope.net.graph.Sizes;
import convscope.net.onnx.Onnx.Node;
import convscope.num.Maths;
import org.jspecify.annotations.Nullable;

/** Operators on numbers one by one, shapes stretched as NumPy does. */
final class Elementwise {
  private Elementwise() {}

  /** A function of one number. */
  interface Function {
    double of(double x);
  }

  /** The function of an operator with its settings, or null if it is none of these. */
  static @Nullable Function function(Node node, Value[] in, int opset) {
    return switch (node.operator()) {
      case "Relu" -> x -> x > 0 || Double.isNaN(x) ? x : 0;
      case "LeakyRelu" -> {
        double slope = node.real("alpha", 0.01);
        yield x -> x < 0 ? slope * x : x;
      }
      case "ThresholdedRelu" -> {
        double threshold = node.real("alpha", 1);
        yield x -> x > threshold ? x : 0;
      }
      case "Elu", "Celu" -> {
        double alpha = node.real("alpha", 1);
        boolean celu = node.operator().equals("Celu");
        yield x -> x > 0 ? x : alpha * (Maths.exp(celu ? x / alpha : x) - 1);
      }
      case "Selu" -> {
        double alpha = node.real("alpha", 1.67326319217681884765625);
        double gamma = node.real("gamma", 1.05070102214813232421875);
        yield x -> gamma * (x > 0 ? x : alpha * (Maths.exp(x) - 1));
      }
      case "Sigmoid" -> Elementwise::sigmoid;
      case "Swish" -> {
        double alpha = node.real("alpha", 1);
        yield x -> x * sigmoid(alpha * x);
      }
      case "Tanh" -> Maths::tanh;
      case "Softplus" -> x -> x > 30 ? x : Maths.log(1 + Maths.exp(x));
      case "Softsign" -> x -> x / (1 + Math.abs(x));
      case "Mish" -> x -> x * Maths.tanh(x > 30 ? x : Maths.log(1 + Maths.exp(x)));
      case "Exp" -> Maths::exp;
      case "Log" -> Maths::log;
      case "Sqrt" -> Math::sqrt;
      case "Abs" -> Math::abs;
      case "Neg" -> x -> 0.0 - x;
      case "Reciprocal" -> x -> 1 / x;
      case "Floor" -> Math::floor;
      case "Ceil" -> Math::ceil;
      case "Round" -> Elementwise::round;
      case "Sign" -> x -> x > 0 ? 1 : x < 0 ? -1 : x;
      case "Sin" -> Maths::sin;
      case "Cos" -> Maths::cos;
      case "Not" -> x -> x == 0 ? 1 : 0;
      case "Erf" -> Maths::erf;
      case "Gelu" ->
          node.text("approximate", "none").equals("tanh")
              ? x -> 0.5 * x * (1 + Maths.tanh(0.7978845608028654 * (x + 0.044715 * x * x * x)))
              : x -> 0.5 * x * (1 + Maths.erf(x * 0.7071067811865476));
      case "HardSigmoid" -> {
        double alpha = node.real("alpha", 0.2);
        double beta = node.real("beta", 0.5);
        yield x -> Math.max(0, Math.min(1, alpha * x + beta));
      }
      case "HardSwish" -> x -> x * Math.max(0, Math.min(1, x / 6 + 0.5));
      case "Shrink" -> {
        double bias = node.real("bias", 0);
        double lambda = node.real("lambd", 0.5);
        yield x -> x < -lambda ? x + bias : x > lambda ? x - bias : 0;
      }
      case "Clip" -> {
        double[] range = clip(node, in, opset);
        yield range == null ? null : x -> Math.min(range[1], Math.max(range[0], x));
      }
      default -> null;
    };
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Maths.exp(0.0 - x));
  }

  private static double round(double x) {
    double down = Math.floor(x);
    double part = x - down;
    return part > 0.5 || part == 0.5 && down % 2 != 0 ? down + 1 : down;
  }

  /** Clip's range, or null if it is not constant. */
  static double @Nullable [] clip(Node node, Value[] in, int opset) {
    double low = Double.NEGATIVE_INFINITY;
    double high = Double.POSITIVE_INFINITY;
    if (opset < 11) {
      return new double[] {node.real("min", low), node.real("max", high)};
    }
    for (int i = 1; i < in.length; i++) {
      if (node.inputs().get(i).isEmpty()) {
        continue;
      }
      double[] data = in[i].data();
      if (data == null) {
        return null;
      }
      low = i == 1 ? data[0] : low;
      high = i == 2 ? data[0] : high;
    }
    return new double[] {low, high};
  }

  static Value unary(Node node, Value[] in, int opset) {
    Value x = in[0];
    double[] data = x.data();
    if (data == null) {
      return new Value(x.type(), x.shape(), null);
    }
    double[] out = new double[data.length];
    if (node.operator().equals("PRelu")) {
      return binary(x, in[1], x.type(), (a, slope) -> a < 0 ? a * slope : a, "PRelu");
    }
    Function function = function(node, in, opset);
    if (function == null) {
      return new Value(x.type(), x.shape(), null);
    }
    for (int i = 0; i < out.length; i++) {
      out[i] = function.of(data[i]);
    }
    return new Value(x.type(), x.shape(), out);
  }

  /** A function of two numbers. */
  interface Two {
    double of(double a, double b);
  }

  static @Nullable Two two(String operator, boolean whole, boolean fmod) {
    return switch (operator) {
      case "Add", "Sum", "Mean" -> (a, b) -> a + b;
      case "Sub" -> (a, b) -> a - b;
      case "Mul" -> (a, b) -> a * b;
      case "Div" ->
          whole
              ? (a, b) -> {
                double q = a / b;
                return q < 0 ? Math.ceil(q) : Math.floor(q); // towards 0, as integers divide
              }
              : (a, b) -> a / b;
      case "Pow" -> (a, b) -> b == 2 ? a * a : b == 0.5 ? Math.sqrt(a) : Maths.pow(a, b);
      case "Mod" ->
          fmod
              ? (a, b) -> a - b * (a / b < 0 ? Math.ceil(a / b) : Math.floor(a / b))
              : (a, b) -> a - b * Math.floor(a / b);
      case "Max" -> Math::max;
      case "Min" -> Math::min;
      case "Equal" -> (a, b) -> a == b ? 1 : 0;
      case "Less" -> (a, b) -> a < b ? 1 : 0;
      case "Greater" -> (a, b) -> a > b ? 1 : 0;
      case "LessOrEqual" -> (a, b) -> a <= b ? 1 : 0;
      case "GreaterOrEqual" -> (a, b) -> a >= b ? 1 : 0;
      case "And" -> (a, b) -> a != 0 && b != 0 ? 1 : 0;
      case "Or" -> (a, b) -> a != 0 || b != 0 ? 1 : 0;
      case "Xor" -> (a, b) -> (a != 0) != (b != 0) ? 1 : 0;
      default -> null;
    };
  }

  static Value broadcast(Node node, Value[] in) {
    String operator = node.operator();
    for (Value each : in) {
      if (each.shape() == null) {
        return new Value(in[0].type(), null, null);
      }
    }
    if (operator.equals("Where")) {
      return where(in);
    }
    boolean test =
        operator.equals("Equal") || operator.startsWith("Less") || operator.startsWith("Greater");
    int type = test ? Onnx.BOOL : in[0].type();
    Two two = two(operator, !in[0].isFloat(), node.integer("fmod", 0) != 0);
    Value total = in[0];
    for (int i = 1; i < in.length && two != null; i++) {
      total = binary(total, in[i], type, two, operator);
    }
    double[] data = total.data();
    if (operator.equals("Mean") && data != null) {
      for (int i = 0; i < data.length; i++) {
        data[i] /= in.length;
      }
    }
    return total;
  }

  private static Value binary(Value a, Value b, int type, Two two, String name) {
    long[] shape = broadcast(name, a.known(), b.known());
    double[] x = a.data();
    double[] y = b.data();
    if (x == null || y == null) {
      return new Value(type, shape, null);
    }
    int[] p = Strides.places(a.known(), shape);
    int[] q = Strides.places(b.known(), shape);
    double[] out = new double[p.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = two.of(x[p[i]], y[q[i]]);
    }
    return new Value(type, shape, out);
  }

  private static Value where(Value[] in) {
    long[] shape =
        broadcast("Where", broadcast("Where", in[0].known(), in[1].known()), in[2].known());
    double[] test = in[0].data();
    double[] then = in[1].data();
    double[] otherwise = in[2].data();
    if (test == null || then == null || otherwise == null) {
      return new Value(in[1].type(), shape, null);
    }
    int[] t = Strides.places(in[0].known(), shape);
    int[] a = Strides.places(in[1].known(), shape);
    int[] b = Strides.places(in[2].known(), shape);
    double[] out = new double[t.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = test[t[i]] != 0 ? then[a[i]] : otherwise[b[i]];
    }
    return new Value(in[1].type(), shape, out);
  }

  /** The common shape of two. */
  static long[] broadcast(String operator, long[] a, long[] b) {
    return Sizes.broadcast(
        operator, a, b, (axis, rank, x, y) -> "take an input size that all strides divide");
  }
}
