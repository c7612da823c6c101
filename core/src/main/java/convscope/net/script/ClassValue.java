package convscope.net.script;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A class: of the text, or of a library when its attributes are {@link Method}s. */
public final class ClassValue implements Callable, Attributes {
  /** The class of all objects. */
  public static final ClassValue OBJECT = new ClassValue("object", List.of());

  public final String name;
  public final Map<String, Object> attributes = new LinkedHashMap<>();
  private final List<ClassValue> order = new ArrayList<>();

  /** A class; where an attribute is looked for follows its bases from left to right. */
  public ClassValue(String name, List<ClassValue> bases) {
    this.name = name;
    List<ClassValue> all = new ArrayList<>();
    for (ClassValue base : bases) {
      all.addAll(base.order);
    }
    order.add(this);
    for (int i = 0; i < all.size(); i++) {
      if (all.lastIndexOf(all.get(i)) == i) {
        order.add(all.get(i));
      }
    }
  }

  public boolean isA(ClassValue other) {
    return order.contains(other);
  }

  /** The nearest of this class and those above it that the names hold, or an empty text. */
  public String nearest(Map<String, ?> names) {
    for (ClassValue each : order) {
      if (names.containsKey(each.name) && names.get(each.name) == each) {
        return each.name;
      }
    }
    return "";
  }

  /** The attribute of this class or the nearest one above it, or {@link None#MISSING}. */
  public Object find(String attribute) {
    return find(attribute, this, false);
  }

  /** The same, of the classes that follow one. */
  public Object findAfter(ClassValue one, String attribute) {
    return find(attribute, one, true);
  }

  private Object find(String attribute, ClassValue from, boolean after) {
    for (int i = order.indexOf(from) + (after ? 1 : 0); i < order.size(); i++) {
      Object value = order.get(i).attributes.get(attribute);
      if (value != null) {
        return value;
      }
    }
    return None.MISSING;
  }

  @Override
  public Object call(Interpreter interpreter, Args args) {
    Instance made = new Instance(this);
    Object init = find("__init__");
    if (init instanceof Callable callable) {
      callable.call(interpreter, args.behind(made));
    } else if (!args.positional().isEmpty() || !args.named().isEmpty()) {
      throw new IllegalArgumentException(name + "() takes no arguments; leave them out");
    }
    return made;
  }

  @Override
  public Object attribute(Interpreter interpreter, String attribute) {
    if (attribute.equals("__name__")) {
      return name;
    }
    Object value = find(attribute);
    return value instanceof Function.Bindable bindable ? bindable.ofClass(this) : value;
  }

  @Override
  public String describe() {
    return "class " + name;
  }
}
