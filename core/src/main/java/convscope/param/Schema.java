package convscope.param;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parameters of one figure, in the order of their controls. */
public final class Schema {
  /**
   * What came of reading texts: a value for every parameter, and what was wrong.
   *
   * @param values the given values, the default where none or a bad one was given
   * @param problems one for each bad text
   */
  public record Parsed(Values values, List<Problem> problems) {}

  private final List<Param<?>> params;
  private final Map<String, Param<?>> byName = new LinkedHashMap<>();
  private final Values defaults;

  private Schema(List<Param<?>> params) {
    this.params = params;
    Map<String, Object> values = new LinkedHashMap<>();
    for (Param<?> param : params) {
      if (byName.put(param.name(), param) != null) {
        throw new IllegalArgumentException("Schema: two parameters named " + param.name());
      }
      values.put(param.name(), param.fallback());
    }
    defaults = new Values(this, values);
  }

  /** A schema of these parameters. */
  public static Schema of(Param<?>... params) {
    return new Schema(List.of(params));
  }

  public List<Param<?>> params() {
    return params;
  }

  /** The parameter of that name, which must exist. */
  public Param<?> param(String name) {
    Param<?> param = byName.get(name);
    if (param == null) {
      throw new IllegalArgumentException("Schema: no parameter “" + name + "”");
    }
    return param;
  }

  public boolean has(String name) {
    return byName.containsKey(name);
  }

  public Values defaults() {
    return defaults;
  }

  /**
   * Reads texts by parameter name. Names that no parameter has are ignored: a host page may have
   * attributes and query keys of its own.
   */
  public Parsed parse(Map<String, String> texts) {
    List<Problem> problems = new ArrayList<>();
    Map<String, Object> values = new LinkedHashMap<>();
    for (Param<?> param : params) {
      String text = texts.get(param.name());
      Object value = text == null ? null : param.parse(text);
      Problem problem = text == null ? null : param.problemWith(text);
      if (problem != null) {
        problems.add(problem);
      }
      values.put(param.name(), value == null ? param.fallback() : value);
    }
    return new Parsed(new Values(this, values), problems);
  }
}
