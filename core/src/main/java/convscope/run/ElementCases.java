package convscope.run;

import convscope.num.Maths;
import convscope.op.Binary;
import convscope.op.Broadcast;
import convscope.op.PRelu;
import convscope.op.Unary;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.Map;

/** Functions of one element and of two. */
final class ElementCases {
  private ElementCases() {}

  /** The function of a case, made of its attributes. */
  private interface Function {
    Unary of(Case c);
  }

  static void addTo(Map<String, OpRunner.Handler> table) {
    plain(table, "Relu", Unary.RELU);
    plain(table, "Silu", Unary.SILU);
    plain(table, "Sigmoid", Unary.SIGMOID);
    plain(table, "Tanh", Unary.TANH);
    plain(table, "Softplus", Unary.SOFTPLUS);
    plain(table, "HardSwish", Unary.HARD_SWISH);
    plain(table, "Erf", Unary.ERF);
    plain(table, "Exp", Unary.EXP);
    plain(table, "Log", Unary.LOG);
    plain(table, "Sqrt", Unary.SQRT);
    plain(table, "Abs", Unary.ABS);
    plain(table, "Neg", Unary.NEG);
    plain(table, "Square", Unary.SQUARE);
    table.put("LeakyRelu", c -> unary(c, ElementCases::leakyRelu));
    table.put("Elu", c -> unary(c, ElementCases::elu));
    table.put("Gelu", c -> unary(c, ElementCases::gelu));
    table.put("HardSigmoid", c -> unary(c, ElementCases::hardSigmoid));
    table.put("Clip", ElementCases::clip);
    table.put("PRelu", ElementCases::prelu);
    table.put("Add", c -> binary(c, Binary.ADD));
    table.put("Sub", c -> binary(c, Binary.SUB));
    table.put("Mul", c -> binary(c, Binary.MUL));
    table.put("Div", c -> binary(c, Binary.DIV));
    table.put("Pow", c -> binary(c, Binary.POW));
  }

  private static void plain(Map<String, OpRunner.Handler> table, String op, Unary function) {
    table.put(
        op,
        c ->
            unary(
                c,
                known -> {
                  known.attributes();
                  return function;
                }));
  }

  private static Unary leakyRelu(Case c) {
    c.attributes("alpha");
    return Unary.leakyRelu(c.real("alpha", 0.01));
  }

  private static Unary elu(Case c) {
    c.attributes("alpha");
    return Unary.elu(c.real("alpha", 1));
  }

  private static Unary gelu(Case c) {
    c.attributes("approximate");
    return c.choice("approximate", "none", "none", "tanh").equals("tanh")
        ? Unary.GELU_TANH
        : Unary.GELU;
  }

  private static Unary hardSigmoid(Case c) {
    c.attributes("alpha", "beta");
    return Unary.hardSigmoid(c.real("alpha", 0.2), c.real("beta", 0.5));
  }

  private static void unary(Case c, Function function) {
    unary(c, function.of(c));
  }

  private static void unary(Case c, Unary function) {
    Value x = c.value(0);
    if (x.isInteger()) { // whole numbers, exact in double for all but the largest 64-bit ones
      double[] y = new double[x.size()];
      for (int i = 0; i < y.length; i++) {
        y[i] = function.value(x.real(i));
      }
      c.output("Y", Value.of(y, x.shape).as(x.dtype));
      return;
    }
    c.output("Y", function.forward(x.tensor()));
    Tensor dy = c.upstream();
    if (dy != null) {
      c.gradient(0, function.backward(dy, x.tensor()));
    }
  }

  /** Bounds are attributes before opset 11, inputs since. */
  private static void clip(Case c) {
    c.attributes("min", "max");
    unary(
        c,
        Unary.clip(
            bound(c, 1, "min", Double.NEGATIVE_INFINITY),
            bound(c, 2, "max", Double.POSITIVE_INFINITY)));
  }

  private static double bound(Case c, int position, String attribute, double otherwise) {
    Value bound = c.optionalValue(position);
    return bound == null ? c.real(attribute, otherwise) : bound.only();
  }

  /** Before opset 7 the slope has one element per channel (axis 1) or one for all. */
  private static void prelu(Case c) {
    c.attributes();
    Tensor x = c.input(0);
    Tensor slope = c.input(1);
    Tensor fitted =
        c.opset() < 7 && slope.rank() == 1 && x.rank() > 1 ? aligned(slope, x.rank(), 1) : slope;
    c.output("Y", PRelu.forward(x, fitted));
    Tensor dy = c.upstream();
    if (dy != null) {
      PRelu.Gradients gradients = PRelu.backward(dy, x, fitted);
      c.gradient(0, gradients.dx());
      c.gradient(1, Tensor.of(gradients.dSlope().data(), slope.shape()));
    }
  }

  /** The axes of {@code b} put at {@code axis} of {@code rank} axes, the others 1. */
  private static Tensor aligned(Tensor b, int rank, int axis) {
    return Tensor.of(b.data(), aligned(b.shape(), rank, axis));
  }

  private static Shape aligned(Shape b, int rank, int axis) {
    int[] dims = new int[rank];
    for (int i = 0; i < rank; i++) {
      int own = i - axis;
      dims[i] = own >= 0 && own < b.rank() ? b.dim(own) : 1;
    }
    return Shape.of(dims);
  }

  /**
   * The first operand's element type decides: integers wrap around and divide towards zero. Before
   * opset 7 the second one broadcasts only on demand, its first axis at {@code axis}.
   */
  private static void binary(Case c, Binary function) {
    c.attributes("broadcast", "axis");
    Value a = c.value(0);
    Value b = c.value(1);
    Shape bShape = b.shape;
    if (c.opset() < 7) {
      if (!c.flag("broadcast", false) && !b.shape.equals(a.shape)) {
        throw c.problem("shapes " + a.shape + " and " + b.shape + " differ; set broadcast to 1");
      }
      if (c.has("axis")) {
        bShape = aligned(b.shape, a.shape.rank(), axis(c, a.shape));
      }
    }
    if (a.isInteger()) {
      c.output("Y", integers(c, function, a, b, bShape));
      return;
    }
    if (a.dtype.equals("float64")) {
      c.output("Y", doubles(function, a, b, bShape));
      return;
    }
    Tensor left = a.tensor();
    Tensor right = Tensor.of(b.tensor().data(), bShape);
    c.output("Y", function.forward(left, right));
    Tensor dy = c.upstream();
    if (dy != null) {
      Binary.Gradients gradients = function.backward(dy, left, right);
      c.gradient(0, gradients.da());
      c.gradient(1, Tensor.of(gradients.db().data(), b.shape));
    }
  }

  private static int axis(Case c, Shape shape) {
    int axis = c.integer("axis", 0);
    if (axis < -shape.rank() || axis >= shape.rank()) {
      throw c.problem("axis " + axis + " for an input of shape " + shape + "; use one it has");
    }
    return axis < 0 ? axis + shape.rank() : axis;
  }

  private static Value doubles(Binary function, Value a, Value b, Shape bShape) {
    Shape shape = Broadcast.shape(function.name(), a.shape, bShape);
    int[] atA = Broadcast.positions(a.shape, shape);
    int[] atB = Broadcast.positions(bShape, shape);
    double[] y = new double[shape.size()];
    for (int i = 0; i < y.length; i++) {
      y[i] = function.value(a.real(atA[i]), b.real(atB[i]));
    }
    return Value.of(y, shape);
  }

  private static Value integers(Case c, Binary function, Value a, Value b, Shape bShape) {
    Shape shape = Broadcast.shape(function.name(), a.shape, bShape);
    int[] atA = Broadcast.positions(a.shape, shape);
    int[] atB = Broadcast.positions(bShape, shape);
    long[] y = new long[shape.size()];
    for (int i = 0; i < y.length; i++) {
      long left = a.integer(atA[i]);
      switch (c.op()) {
        case "Add":
          y[i] = left + b.integer(atB[i]);
          break;
        case "Sub":
          y[i] = left - b.integer(atB[i]);
          break;
        case "Mul":
          y[i] = left * b.integer(atB[i]);
          break;
        case "Div":
          if (b.integer(atB[i]) == 0) {
            throw c.problem("division of a whole number by 0; use other divisors");
          }
          y[i] =
              a.dtype.equals("uint64")
                  ? Long.divideUnsigned(left, b.integer(atB[i]))
                  : left / b.integer(atB[i]);
          break;
        default:
          y[i] = (long) Maths.pow(left, b.real(atB[i]));
      }
    }
    return Value.of(y, shape).as(a.dtype);
  }
}
