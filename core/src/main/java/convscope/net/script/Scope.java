package convscope.net.script;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names and what they stand for, within those around it. */
final class Scope {
  final Map<String, Object> names = new HashMap<>();
  final List<String> order = new ArrayList<>(); // of the outermost scope: the last set last
  final @Nullable Scope outer;
  final boolean ofClass; // functions inside do not see it
  private final Map<String, Scope> elsewhere = new HashMap<>(); // global and nonlocal

  Scope(@Nullable Scope outer, boolean ofClass) {
    Scope visible = outer;
    while (!ofClass && visible != null && visible.ofClass) {
      visible = visible.outer;
    }
    this.outer = visible;
    this.ofClass = ofClass;
  }

  @Nullable Object find(String name) {
    for (Scope scope = this; scope != null; scope = scope.outer) {
      Object value = scope.names.get(name);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  void set(String name, Object value) {
    Scope where = elsewhere.getOrDefault(name, this);
    where.names.put(name, value);
    if (where.outer == null) {
      where.order.remove(name);
      where.order.add(name);
    }
  }

  /** Lets a name be set where it is already, outside. */
  void outside(String name) {
    for (Scope scope = outer; scope != null; scope = scope.outer) {
      if (scope.names.containsKey(name) || scope.outer == null) {
        elsewhere.put(name, scope);
        return;
      }
    }
  }
}
