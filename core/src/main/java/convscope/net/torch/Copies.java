package convscope.net.torch;

import convscope.net.script.Instance;
import convscope.net.script.Items;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Copies of modules with parameters of their own. */
final class Copies {
  private Copies() {}

  /** A copy of a value and all inside it; what is there twice stays one thing. */
  static Object deep(Object value) {
    return deep(value, new HashMap<>(), 0);
  }

  private static Object deep(Object value, Map<Object, Object> made, int depth) {
    if (depth > 200) {
      throw new IllegalArgumentException("deepcopy of what holds itself; copy it in parts");
    }
    Object before = value instanceof Instance || value instanceof Tensor ? made.get(value) : null;
    if (before != null) {
      return before;
    }
    if (value instanceof Tensor tensor) {
      Tensor copy = new Tensor(tensor.trace, tensor.shape, tensor.node);
      copy.parameter = tensor.parameter;
      made.put(value, copy);
      return copy;
    }
    if (value instanceof Instance instance) {
      Instance copy = new Instance(instance.type);
      copy.kept = instance.kept;
      made.put(value, copy);
      for (Map.Entry<String, Object> entry : instance.attributes.entrySet()) {
        copy.attributes.put(entry.getKey(), deep(entry.getValue(), made, depth + 1));
      }
      return copy;
    }
    if (value instanceof Items items) {
      List<Object> all = new ArrayList<>();
      for (Object each : items.all) {
        all.add(deep(each, made, depth + 1));
      }
      return items.tuple ? Items.tuple(all) : Items.list(all);
    }
    return value;
  }
}
