package convscope.net.onnx;

import convscope.net.graph.Sizes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An ONNX file's structure (onnx.proto3); weights stay in the file until they are asked for. */
public final class Onnx {
  /** Element types, as TensorProto numbers them. */
  static final int FLOAT = 1;

  static final int INT64 = 7;
  static final int BOOL = 9;
  private static final int FLOAT16 = 10;
  private static final int DOUBLE = 11;
  private static final int BFLOAT16 = 16;

  private static final int MOST_NODES = 100_000;

  /**
   * A constant tensor.
   *
   * @param start where its raw bytes lie in the file; −1 if it has none
   * @param numbers its numbers where they are not raw
   * @param location of the external file that holds it, or empty
   * @param offset in that file, in bytes
   */
  record Constant(
      String name,
      int type,
      long[] shape,
      int start,
      int bytes,
      double @Nullable [] numbers,
      String location,
      long offset) {
    long count() {
      return Sizes.product(shape, 0, shape.length);
    }

    boolean isFloat() {
      return type == FLOAT || type == FLOAT16 || type == DOUBLE || type == BFLOAT16;
    }
  }

  /** What an attribute holds: the part that its type says. */
  record Attribute(
      long integer,
      float real,
      String text,
      long[] integers,
      float[] reals,
      @Nullable Constant tensor,
      boolean graph) {}

  record Node(
      String name,
      String operator,
      String domain,
      List<String> inputs,
      List<String> outputs,
      Map<String, Attribute> attributes) {
    long integer(String key, long otherwise) {
      Attribute found = attributes.get(key);
      return found == null ? otherwise : found.integer();
    }

    double real(String key, double otherwise) {
      Attribute found = attributes.get(key);
      return found == null ? otherwise : found.real();
    }

    String text(String key, String otherwise) {
      Attribute found = attributes.get(key);
      return found == null ? otherwise : found.text();
    }

    long @Nullable [] integers(String key) {
      Attribute found = attributes.get(key);
      return found == null ? null : found.integers();
    }

    /** As a message names it. */
    String title() {
      return name.isEmpty() ? (outputs.isEmpty() ? operator : outputs.get(0)) : name;
    }
  }

  /**
   * A tensor that the file describes.
   *
   * @param shape −1 where a size is open; null if not given
   * @param names of the open sizes
   */
  record Info(String name, int type, long @Nullable [] shape, List<String> names) {}

  final Source source;
  final Map<String, Constant> constants = new LinkedHashMap<>();
  final List<Info> inputs = new ArrayList<>();
  final List<Info> outputs = new ArrayList<>();
  final Map<String, Info> infos = new HashMap<>();

  /** In an order in which each node follows those that it needs. */
  final List<Node> nodes = new ArrayList<>();

  int opset = 1;

  private Onnx(Source source) {
    this.source = source;
  }

  /**
   * Reads the structure.
   *
   * @throws IllegalArgumentException if the file is damaged or is no ONNX file
   */
  public static Onnx read(Source source) {
    Onnx onnx = new Onnx(source);
    Proto model = new Proto(source, 0, source.size());
    boolean graph = false;
    while (model.next()) {
      if (model.field() == 7) {
        onnx.graph(model.message());
        graph = true;
      } else if (model.field() == 8) {
        onnx.opset(model.message());
      }
    }
    if (!graph) {
      throw Proto.damaged("there is no graph");
    }
    onnx.inputs.removeIf(info -> onnx.constants.containsKey(info.name()));
    onnx.sort();
    return onnx;
  }

  private void opset(Proto import_) {
    String domain = "";
    long version = 0;
    while (import_.next()) {
      switch (import_.field()) {
        case 1 -> domain = import_.text();
        case 2 -> version = import_.integer();
        default -> {}
      }
    }
    if (domain.isEmpty() || domain.equals("ai.onnx")) {
      opset = (int) version;
    }
  }

  private void graph(Proto graph) {
    while (graph.next()) {
      switch (graph.field()) {
        case 1 -> {
          nodes.add(node(graph.message()));
          if (nodes.size() > MOST_NODES) {
            throw new IllegalArgumentException(
                "ONNX: more than " + MOST_NODES + " nodes; use a smaller network");
          }
        }
        case 5 -> {
          Constant constant = constant(graph.message());
          constants.put(constant.name(), constant);
        }
        case 11 -> inputs.add(info(graph.message()));
        case 12 -> outputs.add(info(graph.message()));
        case 13 -> {
          Info info = info(graph.message());
          infos.put(info.name(), info);
        }
        default -> {}
      }
    }
  }

  private Node node(Proto node) {
    String name = "";
    String operator = "";
    String domain = "";
    List<String> from = new ArrayList<>();
    List<String> to = new ArrayList<>();
    Map<String, Attribute> attributes = new HashMap<>();
    while (node.next()) {
      switch (node.field()) {
        case 1 -> from.add(node.text());
        case 2 -> to.add(node.text());
        case 3 -> name = node.text();
        case 4 -> operator = node.text();
        case 5 -> attribute(node.message(), attributes);
        case 7 -> domain = node.text();
        default -> {}
      }
    }
    return new Node(name, operator, domain, from, to, attributes);
  }

  private void attribute(Proto proto, Map<String, Attribute> out) {
    String name = "";
    long integer = 0;
    float real = 0;
    String text = "";
    List<Long> integers = new ArrayList<>();
    List<Long> bits = new ArrayList<>();
    Constant tensor = null;
    boolean graph = false;
    while (proto.next()) {
      switch (proto.field()) {
        case 1 -> name = proto.text();
        case 2 -> real = proto.real();
        case 3 -> integer = proto.integer();
        case 4 -> text = proto.text();
        case 5 -> tensor = constant(proto.message());
        case 6 -> graph = true;
        case 7 -> proto.bits(4, bits::add);
        case 8 -> proto.integers(integers::add);
        default -> {}
      }
    }
    float[] reals = new float[bits.size()];
    for (int i = 0; i < reals.length; i++) {
      reals[i] = Float.intBitsToFloat((int) (long) bits.get(i));
    }
    out.put(name, new Attribute(integer, real, text, array(integers), reals, tensor, graph));
  }

  private static long[] array(List<Long> values) {
    long[] all = new long[values.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = values.get(i);
    }
    return all;
  }

  private Constant constant(Proto proto) {
    String name = "";
    int type = 0;
    List<Long> dims = new ArrayList<>();
    List<Double> numbers = new ArrayList<>();
    int start = -1;
    int bytes = 0;
    Map<String, String> external = new HashMap<>();
    while (proto.next()) {
      switch (proto.field()) {
        case 1 -> proto.integers(dims::add);
        case 2 -> type = (int) proto.integer();
        case 4 -> proto.bits(4, v -> numbers.add((double) Float.intBitsToFloat((int) v)));
        case 5, 7, 11 -> proto.integers(v -> numbers.add((double) v));
        case 8 -> name = proto.text();
        case 9 -> {
          Proto raw = proto.message();
          start = raw.start();
          bytes = raw.end() - raw.start();
        }
        case 10 -> proto.bits(8, v -> numbers.add(Double.longBitsToDouble(v)));
        case 13 -> {
          Proto entry = proto.message();
          String key = "";
          String value = "";
          while (entry.next()) {
            if (entry.field() == 1) {
              key = entry.text();
            } else if (entry.field() == 2) {
              value = entry.text();
            }
          }
          external.put(key, value);
        }
        default -> {}
      }
    }
    long[] shape = array(dims);
    long count = 1;
    for (long size : shape) {
      if (size < 0) {
        throw new IllegalArgumentException(
            "ONNX: tensor “" + name + "” has the size " + size + "; sizes are 0 or more");
      }
      count = Sizes.product(count, size);
    }
    int width = width(type);
    if (start >= 0 && width > 0 && (long) bytes != count * width) {
      throw Proto.damaged(
          "tensor “"
              + name
              + "” of "
              + Sizes.text(shape)
              + " holds "
              + bytes
              + " bytes, not "
              + count * width);
    }
    double[] values = null;
    if (start < 0 && external.isEmpty() && numbers.size() == count) {
      values = new double[numbers.size()];
      for (int i = 0; i < values.length; i++) {
        double value = numbers.get(i);
        values[i] =
            type == FLOAT16 ? half((int) value) : type == BFLOAT16 ? bfloat((int) value) : value;
      }
    }
    String location = external.getOrDefault("location", "");
    return new Constant(
        name,
        type,
        shape,
        start,
        bytes,
        values,
        location,
        whole(external.getOrDefault("offset", "0")));
  }

  private static long whole(String text) {
    long value = 0;
    for (int i = 0; i < text.length() && i < 15; i++) {
      value = 10 * value + (text.charAt(i) - '0');
    }
    return value;
  }

  private static int width(int type) {
    return switch (type) {
      case 1, 6, 12 -> 4;
      case 7, 11, 13 -> 8;
      case 10, 16, 4, 5 -> 2;
      case 2, 3, 9 -> 1;
      default -> 0;
    };
  }

  private Info info(Proto proto) {
    String name = "";
    int type = 0;
    long[] shape = null;
    List<String> names = new ArrayList<>();
    while (proto.next()) {
      if (proto.field() == 1) {
        name = proto.text();
      } else if (proto.field() == 2) {
        Proto types = proto.message();
        while (types.next()) {
          if (types.field() != 1) {
            continue;
          }
          Proto tensor = types.message();
          while (tensor.next()) {
            if (tensor.field() == 1) {
              type = (int) tensor.integer();
            } else if (tensor.field() == 2) {
              shape = sizes(tensor.message(), names);
            }
          }
        }
      }
    }
    return new Info(name, type, shape, names);
  }

  private static long[] sizes(Proto shape, List<String> names) {
    List<Long> sizes = new ArrayList<>();
    while (shape.next()) {
      if (shape.field() != 1) {
        continue;
      }
      Proto dim = shape.message();
      long size = -1;
      String name = "?";
      while (dim.next()) {
        if (dim.field() == 1) {
          size = dim.integer();
        } else if (dim.field() == 2) {
          name = dim.text();
        }
      }
      sizes.add(size);
      if (size < 0) {
        names.add(name);
      }
    }
    return array(sizes);
  }

  /** Puts each node behind those that it needs (Kahn 1962). */
  private void sort() {
    Map<String, Integer> maker = new HashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      for (String output : nodes.get(i).outputs()) {
        if (!output.isEmpty() && maker.put(output, i) != null) {
          throw new IllegalArgumentException(
              "ONNX: two nodes give “" + output + "”; each tensor must have one maker");
        }
      }
    }
    List<List<Integer>> users = new ArrayList<>();
    int[] waiting = new int[nodes.size()];
    for (int i = 0; i < nodes.size(); i++) {
      users.add(new ArrayList<>());
    }
    for (int i = 0; i < nodes.size(); i++) {
      for (String input : nodes.get(i).inputs()) {
        Integer from = maker.get(input);
        if (from != null) {
          users.get(from).add(i);
          waiting[i]++;
        }
      }
    }
    List<Integer> ready = new ArrayList<>();
    for (int i = 0; i < waiting.length; i++) {
      if (waiting[i] == 0) {
        ready.add(i);
      }
    }
    for (int i = 0; i < ready.size(); i++) {
      for (int user : users.get(ready.get(i))) {
        if (--waiting[user] == 0) {
          ready.add(user);
        }
      }
    }
    if (ready.size() < nodes.size()) {
      throw new IllegalArgumentException(
          "ONNX: nodes need each other in a circle; a graph must have a beginning");
    }
    boolean sorted = true;
    for (int i = 0; i < nodes.size() && sorted; i++) {
      for (String input : nodes.get(i).inputs()) {
        sorted &= !maker.containsKey(input) || maker.get(input) < i;
      }
    }
    if (!sorted) {
      List<Node> inOrder = new ArrayList<>();
      for (int i : ready) {
        inOrder.add(nodes.get(i));
      }
      nodes.clear();
      nodes.addAll(inOrder);
    }
  }

  // ---- numbers

  /** The numbers of a constant that lies in the file, or null if it lies elsewhere. */
  double @Nullable [] numbers(Constant constant) {
    if (constant.numbers() != null || constant.start() < 0) {
      return constant.numbers() != null
          ? constant.numbers()
          : constant.count() == 0 ? new double[0] : null;
    }
    int width = width(constant.type());
    double[] all = new double[width == 0 ? 0 : constant.bytes() / width];
    for (int i = 0; i < all.length; i++) {
      long bits = 0;
      for (int k = 0; k < width; k++) {
        bits |= (source.at(constant.start() + i * width + k) & 255L) << 8 * k;
      }
      all[i] = number(constant.type(), bits);
    }
    return all;
  }

  private static double number(int type, long bits) {
    return switch (type) {
      case FLOAT -> Float.intBitsToFloat((int) bits);
      case DOUBLE -> Double.longBitsToDouble(bits);
      case FLOAT16 -> half((int) bits);
      case BFLOAT16 -> bfloat((int) bits);
      case 6 -> (int) bits;
      case 5 -> (short) bits;
      case 3 -> (byte) bits;
      default -> bits;
    };
  }

  private static double bfloat(int bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** IEEE 754 binary16. */
  private static double half(int bits) {
    int exponent = bits >> 10 & 31;
    int fraction = bits & 1023;
    double size =
        exponent == 31
            ? (fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN)
            : exponent == 0
                ? fraction / 16777216.0
                : (1 + fraction / 1024.0)
                    * (exponent < 15 ? 1.0 / (1 << 15 - exponent) : 1 << exponent - 15);
    return (bits & 0x8000) != 0 ? 0.0 - size : size;
  }
}
