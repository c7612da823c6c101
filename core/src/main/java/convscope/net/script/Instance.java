package convscope.net.script;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An object of a class. */
public final class Instance implements Callable, Attributes {
  public final ClassValue type;
  public final Map<String, Object> attributes = new LinkedHashMap<>();

  /** What a library keeps for it. */
  public @Nullable Object kept;

  /** An object whose {@code __init__} has not run. */
  public Instance(ClassValue type) {
    this.type = type;
  }

  @Override
  public Object attribute(Interpreter interpreter, String name) {
    Object own = attributes.get(name);
    if (own != null) {
      return own;
    }
    if (name.equals("__class__")) {
      return type;
    }
    if (name.equals("__dict__")) {
      return new Dict(new LinkedHashMap<>(attributes));
    }
    return bound(interpreter, type.find(name));
  }

  /** An attribute of the class as the object has it. */
  Object bound(Interpreter interpreter, Object value) {
    if (value instanceof Function.Property property) {
      return property.getter().call(interpreter, Args.of(this));
    }
    if (value instanceof Function.Bindable bindable) {
      return bindable.ofClass(type);
    }
    if (value instanceof Method method) {
      return new Function.Bound(this, method);
    }
    return value;
  }

  /** Calls one of its methods. */
  public Object method(Interpreter interpreter, String name, Args args) {
    Object found = attribute(interpreter, name);
    if (found instanceof Callable callable) {
      return callable.call(interpreter, args);
    }
    throw new IllegalArgumentException(
        describe() + " has no method “" + name + "”; define it in the class");
  }

  @Override
  public Object call(Interpreter interpreter, Args args) {
    return method(interpreter, "__call__", args);
  }

  @Override
  public String describe() {
    return type.name;
  }
}
