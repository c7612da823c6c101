package convscope.param;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A value for every parameter of one {@link Schema}; immutable. */
public final class Values {
  private final Schema schema;
  private final Map<String, Object> values;

  Values(Schema schema, Map<String, Object> values) {
    this.schema = schema;
    this.values = values;
  }

  public Schema schema() {
    return schema;
  }

  public int integer(String name) {
    return (Integer) get(name);
  }

  public Pair pair(String name) {
    return (Pair) get(name);
  }

  public double number(String name) {
    return (Float) get(name);
  }

  public String choice(String name) {
    return (String) get(name);
  }

  /** The constant of an enum that a choice names. */
  public <C extends Enum<C>> C constant(String name, C[] all) {
    for (C constant : all) {
      if (ChoiceParam.text(constant).equals(choice(name))) {
        return constant;
      }
    }
    throw new IllegalArgumentException("Values: there is no “" + choice(name) + "” in " + name);
  }

  public boolean flag(String name) {
    return (Boolean) get(name);
  }

  /** The matrix, or nothing if the reader gave none. */
  public Optional<NumberGrid> grid(String name) {
    return ((Optional<?>) get(name)).map(NumberGrid.class::cast);
  }

  public Stack stack(String name) {
    return (Stack) get(name);
  }

  /** The value in the form for URLs and attributes. */
  public String plain(String name) {
    return plain(schema.param(name));
  }

  @SuppressWarnings("unchecked") // the schema put a T under the name of its Param<T>
  private <T> String plain(Param<T> param) {
    return param.plain((T) get(param.name()));
  }

  /** A copy with one value replaced by a text that the parameter accepts. */
  public Values with(String name, String text) {
    Object value = schema.param(name).parse(text);
    if (value == null) {
      throw new IllegalArgumentException(
          name + ": “" + text + "” is not " + schema.param(name).expected());
    }
    Map<String, Object> copy = new LinkedHashMap<>(values);
    copy.put(name, value);
    return new Values(schema, copy);
  }

  /** Every value as text, in the schema's order. */
  public Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Param<?> param : schema.params()) {
      texts.put(param.name(), plain(param));
    }
    return texts;
  }

  /**
   * The values that differ from the defaults and apply, as a query string: {@code
   * kernel=5&stride=2}.
   */
  public String query() {
    Map<String, String> changed = new LinkedHashMap<>();
    Values defaults = schema.defaults();
    for (Param<?> param : schema.params()) {
      String text = plain(param);
      if (!text.equals(defaults.plain(param)) && param.applies(this)) {
        changed.put(param.name(), text);
      }
    }
    return QueryString.write(changed);
  }

  private Object get(String name) {
    Object value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("Values: no parameter “" + name + "”");
    }
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Values that && schema == that.schema && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }
}
