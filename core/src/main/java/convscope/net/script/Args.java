package convscope.net.script;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The arguments of a call, as they were given. */
public record Args(List<Object> positional, Map<String, Object> named) {
  public static Args of(Object... positional) {
    return new Args(new ArrayList<>(List.of(positional)), new LinkedHashMap<>());
  }

  /** The same with one more before the others. */
  public Args behind(Object first) {
    List<Object> all = new ArrayList<>(positional.size() + 1);
    all.add(first);
    all.addAll(positional);
    return new Args(all, named);
  }
}
