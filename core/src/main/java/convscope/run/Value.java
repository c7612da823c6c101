package convscope.run;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import convscope.num.Num;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A named array of a case: element type, shape, and the elements as doubles ({@code float32},
 * {@code float64}) or longs (the integer types, and {@code bool} as 0 and 1). Unsigned 64-bit
 * integers keep their bits.
 */
final class Value {
  final String name;
  final String dtype;
  final Shape shape;
  private final double @Nullable [] reals;
  private final long @Nullable [] integers;

  private Value(
      String name,
      String dtype,
      Shape shape,
      double @Nullable [] reals,
      long @Nullable [] integers) {
    this.name = name;
    this.dtype = dtype;
    this.shape = shape;
    this.reals = reals;
    this.integers = integers;
  }

  static Value of(Tensor tensor) {
    double[] reals = new double[tensor.size()];
    for (int i = 0; i < reals.length; i++) {
      reals[i] = tensor.data()[i];
    }
    return new Value("", "float32", tensor.shape(), reals, null);
  }

  static Value of(double[] reals, Shape shape) {
    return new Value("", "float64", shape, reals, null);
  }

  static Value of(long[] integers, Shape shape) {
    return new Value("", "int64", shape, null, integers);
  }

  static Value of(int[] integers, Shape shape) {
    long[] longs = new long[integers.length];
    for (int i = 0; i < longs.length; i++) {
      longs[i] = integers[i];
    }
    return of(longs, shape);
  }

  static Value of(boolean[] flags, Shape shape) {
    long[] longs = new long[flags.length];
    for (int i = 0; i < longs.length; i++) {
      longs[i] = flags[i] ? 1 : 0;
    }
    return new Value("", "bool", shape, null, longs);
  }

  /** The same elements, called an element type: what is written wraps around or truncates to it. */
  Value as(String type) {
    return new Value(name, type, shape, reals, integers);
  }

  boolean isInteger() {
    return integers != null;
  }

  int size() {
    return shape.size();
  }

  double real(int i) {
    return reals != null ? reals[i] : integer(i);
  }

  long integer(int i) {
    return integers != null ? integers[i] : (long) real(i);
  }

  /** The elements as float32. */
  Tensor tensor() {
    Tensor out = Tensor.zeros(shape);
    for (int i = 0; i < out.size(); i++) {
      out.data()[i] = (float) real(i);
    }
    return out;
  }

  /** The elements as 32-bit integers; labels, axes and sizes. */
  int[] ints() {
    int[] out = new int[size()];
    for (int i = 0; i < out.length; i++) {
      long element = integer(i);
      out[i] = (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, element));
    }
    return out;
  }

  /** The elements as doubles. */
  double[] reals() {
    double[] out = new double[size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = real(i);
    }
    return out;
  }

  /** The only element of a scalar or of an array of one. */
  double only() {
    if (size() != 1) {
      throw new IllegalArgumentException(
          "OpRunner: \"" + name + "\" has shape " + shape + "; give one element");
    }
    return real(0);
  }

  static Value parse(JsonValue json) {
    if (!json.isObject()) {
      throw new IllegalArgumentException(
          "OpRunner: a tensor is written {\"name\", \"dtype\", \"shape\", \"data\"}");
    }
    JsonObject object = json.asObject();
    String name = object.getString("name", "");
    String dtype = object.getString("dtype", "float32");
    Shape shape = shape(object, name);
    JsonValue data = object.get("data");
    if (data == null || !data.isArray() || data.asArray().size() != shape.size()) {
      throw new IllegalArgumentException(
          "OpRunner: \""
              + name
              + "\" of shape "
              + shape
              + " needs \"data\" of "
              + shape.size()
              + " elements");
    }
    JsonArray elements = data.asArray();
    if (dtype.equals("float32") || dtype.equals("float64")) {
      double[] reals = new double[elements.size()];
      boolean single = dtype.equals("float32");
      for (int i = 0; i < reals.length; i++) {
        double real = real(elements.get(i), name);
        reals[i] = single ? (float) real : real;
      }
      return new Value(name, dtype, shape, reals, null);
    }
    if (!dtype.equals("bool") && width(dtype) == 0) {
      throw new IllegalArgumentException(
          "OpRunner: \""
              + name
              + "\" has dtype \""
              + dtype
              + "\"; use float32, float64, bool or an integer type");
    }
    long[] integers = new long[elements.size()];
    for (int i = 0; i < integers.length; i++) {
      integers[i] = integer(elements.get(i), name);
    }
    return new Value(name, dtype, shape, null, integers);
  }

  /** The shape that a tensor or the description of a wanted output states. */
  static Shape shape(JsonObject object, String name) {
    JsonValue json = object.get("shape");
    if (json == null || !json.isArray()) {
      throw new IllegalArgumentException(
          "OpRunner: \"" + name + "\" has no \"shape\"; give a list of axis lengths");
    }
    int[] dims = new int[json.asArray().size()];
    for (int i = 0; i < dims.length; i++) {
      dims[i] = (int) integer(json.asArray().get(i), name);
    }
    return Shape.of(dims);
  }

  static double real(JsonValue json, String name) {
    if (json.isNumber()) {
      return Num.parse(json.toString());
    }
    if (json.isString()) {
      switch (json.asString()) {
        case "NaN":
          return Double.NaN;
        case "Infinity":
          return Double.POSITIVE_INFINITY;
        case "-Infinity":
          return Double.NEGATIVE_INFINITY;
        default:
      }
    }
    throw new IllegalArgumentException(
        "OpRunner: \""
            + name
            + "\" holds "
            + json
            + "; use numbers, \"NaN\", \"Infinity\" or \"-Infinity\"");
  }

  static long integer(JsonValue json, String name) {
    if (json.isBoolean()) {
      return json.asBoolean() ? 1 : 0;
    }
    String text = json.isNumber() ? json.toString() : "";
    boolean negative = text.startsWith("-");
    long value = 0;
    for (int i = negative ? 1 : 0; i < text.length(); i++) {
      char digit = text.charAt(i);
      if (digit < '0' || digit > '9') {
        text = "";
        break;
      }
      value = value * 10 + (digit - '0'); // beyond a long the low 64 bits are kept: uint64
    }
    if (text.isEmpty()) {
      throw new IllegalArgumentException(
          "OpRunner: \"" + name + "\" holds " + json + "; use whole numbers");
    }
    return negative ? -value : value;
  }

  /** Bits of an integer type, negative if unsigned, 0 if {@code dtype} is none. */
  private static int width(String dtype) {
    switch (dtype) {
      case "int8":
        return 8;
      case "int16":
        return 16;
      case "int32":
        return 32;
      case "int64":
        return 64;
      case "uint8":
        return -8;
      case "uint16":
        return -16;
      case "uint32":
        return -32;
      case "uint64":
        return -64;
      default:
        return 0;
    }
  }

  /** Appends this value as JSON under another name and element type. */
  void write(StringBuilder out, String as, String type) {
    out.append("{\"name\":").append(com.eclipsesource.json.Json.value(as));
    out.append(",\"dtype\":").append(com.eclipsesource.json.Json.value(type));
    out.append(",\"shape\":[");
    for (int i = 0; i < shape.rank(); i++) {
      out.append(i == 0 ? "" : ",").append(shape.dim(i));
    }
    out.append("],\"data\":[");
    for (int i = 0; i < size(); i++) {
      out.append(i == 0 ? "" : ",");
      if (type.equals("bool")) {
        out.append(real(i) != 0);
      } else if (type.equals("float32") || type.equals("float64")) {
        double real = real(i);
        String text = type.equals("float32") ? Num.shortest((float) real) : Num.shortest(real);
        boolean finite = !Double.isNaN(real) && !text.endsWith("Infinity");
        out.append(finite ? "" : "\"").append(text).append(finite ? "" : "\"");
      } else {
        writeInteger(out, integer(i), width(type));
      }
    }
    out.append("]}");
  }

  /** Wraps around as the type does. */
  private static void writeInteger(StringBuilder out, long value, int width) {
    int unused = 64 - Math.abs(width);
    if (width >= 0) {
      out.append(value << unused >> unused);
    } else if (width > -64 || value >= 0) {
      out.append(value << unused >>> unused);
    } else {
      long tenth = (value >>> 1) / 5;
      out.append(tenth).append(value - tenth * 10);
    }
  }
}
