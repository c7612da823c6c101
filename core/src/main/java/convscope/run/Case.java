package convscope.run;

import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import convscope.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One operator case: its attributes and inputs to read, and the place to put its outputs. A handler
 * reads as
 *
 * <pre>
 *   c.attributes("alpha");                              // any other attribute is an error
 *   Tensor x = c.input(0);
 *   float alpha = (float) c.real("alpha", 0.01);
 *   c.output("Y", LeakyRelu.forward(x, alpha));         // forward results in the operator's order
 *   Tensor dy = c.upstream();                           // null where no gradient is asked for
 *   if (dy != null) {
 *     c.gradient(0, LeakyRelu.backward(dy, x, alpha));  // named "d" + the input's name
 *   }
 * </pre>
 */
final class Case {
  private static final int NEWEST = Integer.MAX_VALUE;

  private final String op;
  private final boolean fromOnnx;
  private final int opset;
  private final JsonObject attributes;
  private final List<@Nullable Value> inputs = new ArrayList<>();
  private final @Nullable JsonValue wanted;
  private final Map<String, Value> outputs = new LinkedHashMap<>();
  private final List<String> forward = new ArrayList<>(); // names of forward results, in order

  Case(JsonObject json) {
    JsonValue name = json.get("op");
    if (name == null || !name.isString()) {
      throw new IllegalArgumentException("OpRunner: the case names no \"op\"; give one");
    }
    op = name.asString();
    fromOnnx = json.get("opset") != null;
    JsonValue version = json.get("opset");
    opset = version == null ? NEWEST : (int) Value.integer(version, "opset");
    JsonValue given = json.get("attributes");
    attributes = given == null ? new JsonObject() : given.asObject();
    JsonValue operands = json.get("inputs");
    if (operands != null) {
      for (JsonValue operand : operands.asArray()) {
        inputs.add(operand.isNull() ? null : Value.parse(operand));
      }
    }
    wanted = json.get("outputs");
  }

  /** ONNX name of the operator. */
  String op() {
    return op;
  }

  /** The ONNX operator-set version that gives the attributes their meaning; the newest if none. */
  int opset() {
    return opset;
  }

  /** The error to throw: operation, then what is wrong and the remedy. */
  IllegalArgumentException problem(String text) {
    return new IllegalArgumentException(op + ": " + text);
  }

  // Attributes

  /** States the attributes that the handler knows; any other one is an error. */
  void attributes(String... known) {
    StringBuilder list = new StringBuilder();
    for (String name : known) {
      list.append(list.length() == 0 ? "" : ", ").append(name);
    }
    for (String name : attributes.names()) {
      if (!List.of(known).contains(name)) {
        throw problem(
            "attribute \""
                + name
                + "\" is not supported; use "
                + (known.length == 0 ? "no attributes" : list.toString()));
      }
    }
  }

  boolean has(String attribute) {
    return attributes.get(attribute) != null;
  }

  int integer(String attribute, int otherwise) {
    JsonValue json = attributes.get(attribute);
    return json == null ? otherwise : (int) Value.integer(json, attribute);
  }

  /** Rounded to float32, as ONNX keeps real attributes. */
  double real(String attribute, double otherwise) {
    JsonValue json = attributes.get(attribute);
    return json == null ? otherwise : (float) Value.real(json, attribute);
  }

  /** As written, for a definition in double (optimizers, losses). */
  double exact(String attribute, double otherwise) {
    JsonValue json = attributes.get(attribute);
    return json == null ? otherwise : Value.real(json, attribute);
  }

  boolean flag(String attribute, boolean otherwise) {
    return integer(attribute, otherwise ? 1 : 0) != 0;
  }

  String text(String attribute, String otherwise) {
    JsonValue json = attributes.get(attribute);
    if (json != null && !json.isString()) {
      throw problem("attribute \"" + attribute + "\" is " + json + "; give a text");
    }
    return json == null ? otherwise : json.asString();
  }

  /** A text that must be one of {@code choices}. */
  String choice(String attribute, String otherwise, String... choices) {
    String text = text(attribute, otherwise);
    if (!List.of(choices).contains(text)) {
      StringBuilder list = new StringBuilder();
      for (String choice : choices) {
        list.append(list.length() == 0 ? "" : ", ").append(choice);
      }
      throw problem(attribute + " \"" + text + "\" is not supported; use one of " + list);
    }
    return text;
  }

  int @Nullable [] integers(String attribute) {
    JsonValue json = attributes.get(attribute);
    if (json == null) {
      return null;
    }
    if (!json.isArray()) {
      throw problem("attribute \"" + attribute + "\" is " + json + "; give a list of integers");
    }
    int[] out = new int[json.asArray().size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = (int) Value.integer(json.asArray().get(i), attribute);
    }
    return out;
  }

  /** A list of real numbers, each rounded to float32; an error if it is absent. */
  double[] reals(String attribute) {
    JsonValue json = attributes.get(attribute);
    if (json == null || !json.isArray()) {
      throw problem("attribute \"" + attribute + "\" is " + json + "; give a list of numbers");
    }
    double[] out = new double[json.asArray().size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) Value.real(json.asArray().get(i), attribute);
    }
    return out;
  }

  /**
   * A list of exactly {@code count} integers, each {@code otherwise} if the attribute is missing.
   */
  int[] integers(String attribute, int count, int otherwise) {
    int[] given = integers(attribute);
    if (given == null) {
      given = new int[count];
      for (int i = 0; i < count; i++) {
        given[i] = otherwise;
      }
    }
    if (given.length != count) {
      throw problem(
          "attribute \"" + attribute + "\" has " + given.length + " entries; give " + count);
    }
    return given;
  }

  // Inputs

  int inputs() {
    return inputs.size();
  }

  /** The operand at a position, as float32; an error if it is absent. */
  Tensor input(int position) {
    return value(position).tensor();
  }

  /** The operand at a position as float32, or null if it is absent. */
  @Nullable Tensor optional(int position) {
    Value value = optionalValue(position);
    return value == null ? null : value.tensor();
  }

  /** The operand at a position with its own element type; an error if it is absent. */
  Value value(int position) {
    Value value = optionalValue(position);
    if (value == null) {
      throw problem("input " + position + " is missing; give it");
    }
    return value;
  }

  /** The operand at a position, or null if it is absent. The upstream gradient is no operand. */
  @Nullable Value optionalValue(int position) {
    Value value = position < inputs.size() ? inputs.get(position) : null;
    return value == null || isUpstream(value) ? null : value;
  }

  /** The operand of a name, for networks and optimizers; an error if it is absent. */
  Tensor named(String name) {
    return namedValue(name).tensor();
  }

  Value namedValue(String name) {
    for (Value value : inputs) {
      if (value != null && value.name.equals(name)) {
        return value;
      }
    }
    throw problem("input \"" + name + "\" is missing; give it");
  }

  /** The gradient {@code dY} with respect to the output Y, or null where none is asked for. */
  @Nullable Tensor upstream() {
    Value last = inputs.isEmpty() ? null : inputs.get(inputs.size() - 1);
    return last != null && isUpstream(last) ? last.tensor() : null;
  }

  private boolean isUpstream(Value value) {
    return !fromOnnx && value.name.equals("dY");
  }

  // Outputs

  /** Puts the next forward result; {@code name} is its name where cases are matched by name. */
  void output(String name, Tensor tensor) {
    output(name, Value.of(tensor));
  }

  void output(String name, Value value) {
    forward.add(name);
    outputs.put(name, value);
  }

  /** Puts the gradient with respect to the operand at {@code position}. */
  void gradient(int position, Tensor tensor) {
    gradient(value(position).name, tensor);
  }

  /** Puts the gradient with respect to the operand called {@code input}. */
  void gradient(String input, Tensor tensor) {
    outputs.put("d" + input, Value.of(tensor));
  }

  /** How many outputs are asked for. */
  int wanted() {
    return wanted == null ? 0 : wanted.asArray().size();
  }

  /**
   * The outputs asked for, in their order, names and element types: ONNX cases by position, others
   * by name. All there are, if the case does not say.
   */
  String json() {
    StringBuilder out = new StringBuilder("{\"outputs\":[");
    if (wanted == null) {
      for (Map.Entry<String, Value> entry : outputs.entrySet()) {
        out.append(out.charAt(out.length() - 1) == '[' ? "" : ",");
        entry.getValue().write(out, entry.getKey(), entry.getValue().dtype);
      }
      return out.append("]}").toString();
    }
    for (int i = 0; i < wanted(); i++) {
      out.append(i == 0 ? "" : ",");
      JsonValue want = wanted.asArray().get(i);
      if (want.isNull()) {
        out.append("null");
        continue;
      }
      String name = want.asObject().getString("name", "");
      String key = fromOnnx ? (i < forward.size() ? forward.get(i) : "") : name;
      Value value = outputs.get(key);
      if (value == null) {
        throw problem("output " + i + " \"" + name + "\" is not computed; ask for " + list());
      }
      value.write(out, name, want.asObject().getString("dtype", value.dtype));
    }
    return out.append("]}").toString();
  }

  private String list() {
    StringBuilder list = new StringBuilder();
    for (String name : outputs.keySet()) {
      list.append(list.length() == 0 ? "" : ", ").append(name);
    }
    return list.toString();
  }
}
