package convscope.net.script;

import convscope.net.script.Tree.Parameter;
import convscope.net.script.Tree.Stmt;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A function of the text. */
final class Function implements Method {
  /** A method with its object. */
  record Bound(Object self, Method method) implements Callable {
    @Override
    public Object call(Interpreter interpreter, Args args) {
      return method.call(interpreter, args.behind(self));
    }
  }

  /** A static method, or one that gets the class. */
  record Bindable(Callable function, boolean wantsClass) {
    Callable ofClass(ClassValue type) {
      return wantsClass ? (in, args) -> function.call(in, args.behind(type)) : function;
    }
  }

  /** A method that is read like an attribute. */
  record Property(Callable getter) {}

  final String name;
  private final List<Parameter> parameters;
  private final Map<String, Object> defaults = new LinkedHashMap<>();
  private final List<Stmt> body;
  private final Tree.@Nullable Expr result; // of a lambda
  private final boolean generator;
  private final Scope scope;

  /** The class that holds it, for {@code super()}. */
  @Nullable ClassValue owner;

  Function(
      String name,
      List<Parameter> parameters,
      List<Stmt> body,
      Tree.@Nullable Expr result,
      boolean generator,
      Scope scope,
      Interpreter interpreter) {
    this.name = name;
    this.parameters = parameters;
    this.body = body;
    this.result = result;
    this.generator = generator;
    this.scope = scope;
    for (Parameter parameter : parameters) {
      if (parameter.otherwise() != null) {
        defaults.put(parameter.name(), interpreter.evaluate(parameter.otherwise(), scope));
      }
    }
  }

  @Override
  public Object call(Interpreter interpreter, Args args) {
    Scope inner = new Scope(scope, false);
    bind(args, inner);
    Object self = args.positional().isEmpty() ? None.NONE : args.positional().get(0);
    return interpreter.enter(this, self, body, result, generator, inner);
  }

  private void bind(Args args, Scope inner) {
    int next = 0;
    Set<String> used = new HashSet<>();
    for (Parameter parameter : parameters) {
      String key = parameter.name();
      if (parameter.stars() == 1) {
        List<Object> rest = new ArrayList<>();
        while (next < args.positional().size()) {
          rest.add(args.positional().get(next++));
        }
        inner.set(key, Items.tuple(rest));
      } else if (parameter.stars() == 2) {
        Dict rest = new Dict();
        for (Map.Entry<String, Object> entry : args.named().entrySet()) {
          if (!used.contains(entry.getKey())) {
            rest.all().put(entry.getKey(), entry.getValue());
            used.add(entry.getKey());
          }
        }
        inner.set(key, rest);
      } else if (!parameter.keywordOnly() && next < args.positional().size()) {
        if (args.named().containsKey(key)) {
          throw new IllegalArgumentException(
              name + "(): “" + key + "” is given twice; give it once");
        }
        inner.set(key, args.positional().get(next++));
      } else if (args.named().containsKey(key)) {
        inner.set(key, args.named().getOrDefault(key, None.NONE));
        used.add(key);
      } else if (defaults.containsKey(key)) {
        inner.set(key, defaults.getOrDefault(key, None.NONE));
      } else {
        throw new IllegalArgumentException(name + "(): “" + key + "” is missing; give it");
      }
    }
    if (next < args.positional().size()) {
      throw new IllegalArgumentException(
          name + "() takes " + next + " arguments, but " + args.positional().size() + " are given");
    }
    for (String key : args.named().keySet()) {
      if (!used.contains(key)) {
        throw new IllegalArgumentException(
            name + "(): there is no argument “" + key + "”; leave it out");
      }
    }
  }
}
