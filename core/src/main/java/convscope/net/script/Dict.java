package convscope.net.script;

import java.util.LinkedHashMap;
import java.util.Map;

/** A dictionary. */
public record Dict(Map<Object, Object> all) {
  public Dict() {
    this(new LinkedHashMap<>());
  }
}
