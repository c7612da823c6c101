package convscope.net.script;

import convscope.num.Num;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Python's own functions, and the methods of its lists, dictionaries and texts. */
final class Builtins {
  private static final int LONGEST = 100_000; // items of a range

  private Builtins() {}

  /** What needs no import. */
  static Map<String, Object> names() {
    Map<String, Object> names = new HashMap<>();
    names.put("object", ClassValue.OBJECT);
    for (String name :
        new String[] {"int", "float", "str", "bool", "list", "tuple", "dict", "set"}) {
      names.put(name, new Type(name));
    }
    names.put("frozenset", new Type("set"));
    names.put("range", (Callable) (in, args) -> range(args));
    names.put("len", (Callable) (in, args) -> (long) length(in, one(args, "len")));
    names.put("print", (Callable) (in, args) -> None.NONE);
    names.put("super", (Callable) (in, args) -> in.zuper(args));
    names.put("enumerate", (Callable) Builtins::enumerate);
    names.put("zip", (Callable) Builtins::zip);
    names.put("map", (Callable) Builtins::map);
    names.put("filter", (Callable) Builtins::filter);
    names.put("sum", (Callable) Builtins::sum);
    names.put("max", (Callable) (in, args) -> extreme(in, args, 1));
    names.put("min", (Callable) (in, args) -> extreme(in, args, -1));
    names.put("abs", (Callable) (in, args) -> absolute(one(args, "abs")));
    names.put("round", (Callable) (in, args) -> rounded(args));
    names.put("sorted", (Callable) Builtins::sorted);
    names.put("reversed", (Callable) Builtins::reversed);
    names.put("iter", (Callable) (in, args) -> in.items(one(args, "iter")));
    names.put("next", (Callable) Builtins::next);
    names.put("any", (Callable) (in, args) -> any(in, args, true));
    names.put("all", (Callable) (in, args) -> !any(in, args, false));
    names.put("isinstance", (Callable) (in, args) -> isInstance(args));
    names.put("issubclass", (Callable) (in, args) -> isSubclass(args));
    names.put("callable", (Callable) (in, args) -> one(args, "callable") instanceof Callable);
    names.put("type", (Callable) (in, args) -> typeOf(one(args, "type")));
    names.put("getattr", (Callable) Builtins::getattr);
    names.put("hasattr", (Callable) Builtins::hasattr);
    names.put("setattr", (Callable) Builtins::setattr);
    names.put("repr", (Callable) (in, args) -> Bound.text(one(args, "repr")));
    names.put("id", (Callable) (in, args) -> 0L);
    names.put(
        "pow", (Callable) (in, args) -> in.binary("**", args.positional().get(0), second(args)));
    names.put("divmod", (Callable) Builtins::divmod);
    names.put("__name__", "pasted");
    for (String name : Interpreter.EXCEPTIONS) {
      names.put(name, (Callable) (in, args) -> Items.tuple(args.positional()));
    }
    return names;
  }

  /** A type that converts. */
  private record Type(String name) implements Callable, Attributes {
    @Override
    public Object call(Interpreter in, Args args) {
      return converted(in, name, args);
    }

    @Override
    public Object attribute(Interpreter in, String attribute) {
      return attribute.equals("__name__") ? name : None.MISSING;
    }

    @Override
    public String describe() {
      return name;
    }
  }

  private static Object one(Args args, String function) {
    if (args.positional().isEmpty()) {
      throw new IllegalArgumentException(function + "() is given nothing; give it a value");
    }
    return args.positional().get(0);
  }

  private static Object second(Args args) {
    if (args.positional().size() < 2) {
      throw new IllegalArgumentException("a second argument is missing; give it");
    }
    return args.positional().get(1);
  }

  private static Object converted(Interpreter in, String type, Args args) {
    Object value = args.positional().isEmpty() ? None.MISSING : args.positional().get(0);
    switch (type) {
      case "int" -> {
        if (value instanceof Double real) {
          return (long) real.doubleValue();
        }
        if (value instanceof String text && !Double.isNaN(Num.parse(text))) {
          return (long) Num.parse(text);
        }
        if (value == None.MISSING) {
          return 0L;
        }
        return Interpreter.number(value)
            ? (Object) (long) Interpreter.real(value)
            : no(type, value);
      }
      case "float" -> {
        if (value instanceof String text) {
          return text.equals("inf") ? Double.POSITIVE_INFINITY : Num.parse(text);
        }
        return Interpreter.number(value) ? (Object) Interpreter.real(value) : no(type, value);
      }
      case "str" -> {
        return value == None.MISSING ? "" : string(value);
      }
      case "bool" -> {
        return value != None.MISSING && Interpreter.truth(value);
      }
      case "dict" -> {
        return dictionary(in, args);
      }
      default -> {
        List<Object> items =
            value == None.MISSING ? new ArrayList<>() : new ArrayList<>(in.items(value).all);
        if (type.equals("set")) {
          List<Object> once = new ArrayList<>();
          for (Object item : items) {
            if (!once.contains(item)) {
              once.add(item);
            }
          }
          return Items.list(once);
        }
        return type.equals("tuple") ? Items.tuple(items) : Items.list(items);
      }
    }
  }

  private static Object no(String type, Object value) {
    throw new IllegalArgumentException(
        type + "(" + Bound.text(value) + ") has no value; give a number");
  }

  /** A dictionary of pairs, another one or keywords. */
  static Dict dictionary(Interpreter in, Args args) {
    Dict dict = new Dict();
    if (!args.positional().isEmpty()) {
      Object from = args.positional().get(0);
      if (from instanceof Dict other) {
        dict.all().putAll(other.all());
      } else {
        for (Object pair : in.items(from).all) {
          Items both = in.items(pair);
          if (both.size() != 2) {
            throw new IllegalArgumentException(
                "a dictionary is made of pairs; give a key and a value");
          }
          dict.all().put(both.get(0), both.get(1));
        }
      }
    }
    dict.all().putAll(args.named());
    return dict;
  }

  private static Items range(Args args) {
    long[] parts = Bound.integersOf(Items.tuple(args.positional()));
    if (parts == null || parts.length < 1 || parts.length > 3) {
      throw new IllegalArgumentException(
          "range of " + Bound.text(Items.tuple(args.positional())) + "; give whole numbers");
    }
    long from = parts.length == 1 ? 0 : parts[0];
    long to = parts.length == 1 ? parts[0] : parts[1];
    long by = parts.length == 3 ? parts[2] : 1;
    List<Object> all = new ArrayList<>();
    for (long i = from; by > 0 ? i < to : by < 0 && i > to; i += by) {
      if (all.size() > LONGEST) {
        throw new IllegalArgumentException("a range of more than " + LONGEST + "; make it shorter");
      }
      all.add(i);
    }
    return Items.list(all);
  }

  static int length(Interpreter in, Object value) {
    if (value instanceof Dict dict) {
      return dict.all().size();
    }
    if (value instanceof String text) {
      return text.length();
    }
    if (value instanceof Instance instance
        && instance.attribute(in, "__len__") instanceof Callable callable
        && callable.call(in, Args.of()) instanceof Long length) {
      return length.intValue();
    }
    return in.items(value).size();
  }

  private static Object enumerate(Interpreter in, Args args) {
    Bound a = new Bound("enumerate", "iterable start", args);
    long number = a.integer("start", 0);
    List<Object> all = new ArrayList<>();
    for (Object item : in.items(a.get("iterable")).all) {
      all.add(Items.tuple(List.of(number++, item)));
    }
    return Items.list(all);
  }

  private static Object zip(Interpreter in, Args args) {
    List<Items> columns = new ArrayList<>();
    int rows = Integer.MAX_VALUE;
    for (Object each : args.positional()) {
      columns.add(in.items(each));
      rows = Math.min(rows, columns.get(columns.size() - 1).size());
    }
    List<Object> all = new ArrayList<>();
    for (int i = 0; i < rows && !columns.isEmpty(); i++) {
      List<Object> row = new ArrayList<>();
      for (Items column : columns) {
        row.add(column.get(i));
      }
      all.add(Items.tuple(row));
    }
    return Items.list(all);
  }

  private static Object map(Interpreter in, Args args) {
    List<Object> all = new ArrayList<>();
    Args rest = new Args(args.positional().subList(1, args.positional().size()), args.named());
    if (zip(in, rest) instanceof Items rows) {
      for (Object row : rows.all) {
        all.add(in.call(one(args, "map"), new Args(in.items(row).all, Map.of())));
      }
    }
    return Items.list(all);
  }

  private static Object filter(Interpreter in, Args args) {
    List<Object> all = new ArrayList<>();
    for (Object item : in.items(second(args)).all) {
      Object test = one(args, "filter");
      if (Interpreter.truth(test == None.NONE ? item : in.call(test, Args.of(item)))) {
        all.add(item);
      }
    }
    return Items.list(all);
  }

  private static Object sum(Interpreter in, Args args) {
    Bound a = new Bound("sum", "iterable start", args);
    Object total = a.get("start", 0L);
    for (Object item : in.items(a.get("iterable")).all) {
      total = in.binary("+", total, item);
    }
    return total;
  }

  private static Object extreme(Interpreter in, Args args, int sign) {
    Items items =
        args.positional().size() == 1
            ? in.items(args.positional().get(0))
            : Items.list(args.positional());
    if (items.size() == 0) {
      throw new IllegalArgumentException("the largest or smallest of nothing; give values");
    }
    Object best = items.get(0);
    for (Object item : items.all) {
      best = sign * Interpreter.order(item, best) > 0 ? item : best;
    }
    return best;
  }

  private static Object absolute(Object value) {
    if (value instanceof Long number) {
      return Math.abs(number);
    }
    if (value instanceof Double number) {
      return Math.abs(number);
    }
    throw new IllegalArgumentException("abs of " + Bound.text(value) + "; give a number");
  }

  private static Object rounded(Args args) {
    double value = Interpreter.real(one(args, "round"));
    if (args.positional().size() > 1) {
      return value;
    }
    double down = Math.floor(value);
    double part = value - down;
    boolean up = part > 0.5 || part == 0.5 && ((long) down & 1) == 1; // halves go to the even one
    return (long) (up ? down + 1 : down);
  }

  private static Object sorted(Interpreter in, Args args) {
    List<Object> all = new ArrayList<>(in.items(one(args, "sorted")).all);
    Object key = args.named().get("key");
    all.sort(
        (a, b) ->
            key == null
                ? Interpreter.order(a, b)
                : Interpreter.order(in.call(key, Args.of(a)), in.call(key, Args.of(b))));
    Object down = args.named().get("reverse");
    return down != null && Interpreter.truth(down)
        ? reversed(in, Args.of(Items.list(all)))
        : Items.list(all);
  }

  private static Object reversed(Interpreter in, Args args) {
    List<Object> all = new ArrayList<>();
    Items items = in.items(one(args, "reversed"));
    for (int i = items.size() - 1; i >= 0; i--) {
      all.add(items.get(i));
    }
    return Items.list(all);
  }

  private static Object next(Interpreter in, Args args) {
    Items items = in.items(one(args, "next"));
    if (items.size() == 0) {
      return args.positional().size() > 1 ? args.positional().get(1) : None.NONE;
    }
    return items.tuple ? items.get(0) : items.all.remove(0); // a list stands for its iterator
  }

  private static boolean any(Interpreter in, Args args, boolean wanted) {
    for (Object item : in.items(one(args, "any")).all) {
      if (Interpreter.truth(item) == wanted) {
        return true;
      }
    }
    return false;
  }

  private static boolean isInstance(Args args) {
    Object value = one(args, "isinstance");
    Object types = second(args);
    if (types instanceof Items several) {
      for (Object type : several.all) {
        if (isInstance(Args.of(value, type))) {
          return true;
        }
      }
      return false;
    }
    if (types instanceof ClassValue type) {
      return value instanceof Instance instance && instance.type.isA(type);
    }
    String name = types instanceof Attributes type ? type.describe() : "";
    return switch (name) {
      case "int" -> value instanceof Long || value instanceof Boolean;
      case "float" -> value instanceof Double;
      case "str" -> value instanceof String;
      case "bool" -> value instanceof Boolean;
      case "list", "set", "Sequence", "Iterable" ->
          value instanceof Items items && (!items.tuple || name.length() > 4);
      case "tuple" -> value instanceof Items items && items.tuple;
      case "dict" -> value instanceof Dict;
      case "Tensor" -> value instanceof Operand;
      case "Callable" -> value instanceof Callable;
      default -> false;
    };
  }

  private static boolean isSubclass(Args args) {
    return one(args, "issubclass") instanceof ClassValue type
        && second(args) instanceof ClassValue above
        && type.isA(above);
  }

  private static Object typeOf(Object value) {
    if (value instanceof Instance instance) {
      return instance.type;
    }
    return new Type(
        value instanceof Long
            ? "int"
            : value instanceof Double
                ? "float"
                : value instanceof String
                    ? "str"
                    : value instanceof Items items
                        ? (items.tuple ? "tuple" : "list")
                        : value instanceof Dict
                            ? "dict"
                            : value instanceof Boolean ? "bool" : "type");
  }

  private static Object getattr(Interpreter in, Args args) {
    Object object = one(args, "getattr");
    String name = string(second(args));
    if (args.positional().size() > 2 && !truthOfAttribute(in, object, name)) {
      return args.positional().get(2);
    }
    return in.attribute(object, name);
  }

  private static boolean truthOfAttribute(Interpreter in, Object object, String name) {
    return object instanceof Attributes thing && thing.attribute(in, name) != None.MISSING;
  }

  private static Object hasattr(Interpreter in, Args args) {
    return truthOfAttribute(in, one(args, "hasattr"), string(second(args)));
  }

  private static Object setattr(Interpreter in, Args args) {
    if (args.positional().size() == 3 && args.positional().get(0) instanceof Instance instance) {
      instance.attributes.put(string(second(args)), args.positional().get(2));
    }
    return None.NONE;
  }

  private static Object divmod(Interpreter in, Args args) {
    Object a = one(args, "divmod");
    Object b = second(args);
    return Items.tuple(List.of(in.binary("//", a, b), in.binary("%", a, b)));
  }

  /** As {@code str} writes a value. */
  static String string(Object value) {
    return value instanceof String text ? text : Bound.text(value);
  }

  // ---- methods

  /** An attribute of a list, dictionary, text or number. */
  static Object attribute(Object object, String name) {
    if (object instanceof Items list) {
      return listed(list, name);
    }
    if (object instanceof Dict dict) {
      return kept(dict, name);
    }
    if (object instanceof String text) {
      return written(text, name);
    }
    return None.MISSING;
  }

  private static Object listed(Items list, String name) {
    return switch (name) {
      case "append", "add" -> (Callable) (in, args) -> append(list, one(args, name));
      case "extend", "update" ->
          (Callable)
              (in, args) -> {
                list.all.addAll(new ArrayList<>(in.items(one(args, name)).all));
                return None.NONE;
              };
      case "insert" ->
          (Callable)
              (in, args) -> {
                long at = (long) Interpreter.real(one(args, name));
                at = Math.max(0, Math.min(list.size(), at < 0 ? at + list.size() : at));
                list.all.add((int) at, second(args));
                return None.NONE;
              };
      case "pop" ->
          (Callable)
              (in, args) -> {
                Object at = args.positional().isEmpty() ? -1L : args.positional().get(0);
                Object value = in.at(list, at);
                long index = (long) Interpreter.real(at);
                list.all.remove((int) (index < 0 ? index + list.size() : index));
                return value;
              };
      case "index" ->
          (Callable)
              (in, args) -> {
                int at = list.all.indexOf(one(args, name));
                if (at < 0) {
                  throw new IllegalArgumentException(
                      Bound.text(one(args, name)) + " is not in the list; look for one that is");
                }
                return (long) at;
              };
      case "count" ->
          (Callable)
              (in, args) -> {
                long count = 0;
                for (Object item : list.all) {
                  count += item.equals(one(args, name)) ? 1 : 0;
                }
                return count;
              };
      case "copy" -> (Callable) (in, args) -> Items.list(new ArrayList<>(list.all));
      case "numel" ->
          (Callable) // of a torch.Size
              (in, args) -> {
                Object product = 1L;
                for (Object item : list.all) {
                  product = in.binary("*", product, item);
                }
                return product;
              };
      case "reverse", "sort" ->
          (Callable)
              (in, args) -> {
                Object changed =
                    name.equals("sort")
                        ? sorted(in, args.behind(list))
                        : reversed(in, Args.of(list));
                if (changed instanceof Items items) {
                  List<Object> all = new ArrayList<>(items.all);
                  list.all.clear();
                  list.all.addAll(all);
                }
                return None.NONE;
              };
      default -> None.MISSING;
    };
  }

  private static Object append(Items list, Object value) {
    if (list.tuple) {
      throw new IllegalArgumentException("a tuple cannot grow; make it a list");
    }
    list.all.add(value);
    return None.NONE;
  }

  private static Object kept(Dict dict, String name) {
    return switch (name) {
      case "items" ->
          (Callable)
              (in, args) -> {
                List<Object> all = new ArrayList<>();
                for (Map.Entry<Object, Object> entry : dict.all().entrySet()) {
                  all.add(Items.tuple(List.of(entry.getKey(), entry.getValue())));
                }
                return Items.list(all);
              };
      case "keys" -> (Callable) (in, args) -> Items.list(new ArrayList<>(dict.all().keySet()));
      case "values" -> (Callable) (in, args) -> Items.list(new ArrayList<>(dict.all().values()));
      case "copy" -> (Callable) (in, args) -> dictionary(in, Args.of(dict));
      case "get", "pop", "setdefault" ->
          (Callable)
              (in, args) -> {
                Object otherwise =
                    args.positional().size() > 1 ? args.positional().get(1) : None.NONE;
                Object value = dict.all().get(one(args, name));
                if (name.equals("pop")) {
                  dict.all().remove(one(args, name));
                } else if (name.equals("setdefault") && value == null) {
                  dict.all().put(one(args, name), otherwise);
                }
                return value == null ? otherwise : value;
              };
      case "update" ->
          (Callable)
              (in, args) -> {
                dict.all().putAll(dictionary(in, args).all());
                return None.NONE;
              };
      default -> None.MISSING;
    };
  }

  private static Object written(String text, String name) {
    return switch (name) {
      case "format" -> (Callable) (in, args) -> formatted(text, args);
      case "join" ->
          (Callable)
              (in, args) -> {
                StringBuilder joined = new StringBuilder();
                for (Object item : in.items(one(args, name)).all) {
                  joined.append(joined.length() > 0 ? text : "").append(string(item));
                }
                return joined.toString();
              };
      case "startswith" -> (Callable) (in, args) -> text.startsWith(string(one(args, name)));
      case "endswith" -> (Callable) (in, args) -> text.endsWith(string(one(args, name)));
      case "lower" -> (Callable) (in, args) -> cased(text, 'A', 32);
      case "upper" -> (Callable) (in, args) -> cased(text, 'a', -32);
      case "strip" -> (Callable) (in, args) -> text.trim();
      case "replace" ->
          (Callable) (in, args) -> text.replace(string(one(args, name)), string(second(args)));
      case "split" -> (Callable) (in, args) -> split(text, args);
      case "isdigit" ->
          (Callable)
              (in, args) -> {
                boolean digits = !text.isEmpty();
                for (int i = 0; i < text.length(); i++) {
                  digits &= text.charAt(i) >= '0' && text.charAt(i) <= '9';
                }
                return digits;
              };
      default -> None.MISSING;
    };
  }

  private static String cased(String text, char first, int by) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      out.append(c >= first && c < first + 26 ? (char) (c + by) : c);
    }
    return out.toString();
  }

  private static Items split(String text, Args args) {
    String by = args.positional().isEmpty() ? " " : string(args.positional().get(0));
    List<Object> parts = new ArrayList<>();
    int from = 0;
    for (int at = text.indexOf(by); at >= 0 && !by.isEmpty(); at = text.indexOf(by, from)) {
      parts.add(text.substring(from, at));
      from = at + by.length();
    }
    parts.add(text.substring(from));
    return Items.list(parts);
  }

  /** {@code text % values}. */
  static String filled(String text, Object values) {
    List<Object> all = values instanceof Items items && items.tuple ? items.all : List.of(values);
    StringBuilder out = new StringBuilder();
    int next = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '%' || i + 1 == text.length()) {
        out.append(c);
        continue;
      }
      do {
        c = text.charAt(++i);
      } while (i + 1 < text.length() && (c == '.' || c >= '0' && c <= '9'));
      out.append(c == '%' ? "%" : next < all.size() ? string(all.get(next++)) : "");
    }
    return out.toString();
  }

  private static String formatted(String text, Args args) {
    StringBuilder out = new StringBuilder();
    int next = 0;
    for (int i = 0; i < text.length(); i++) {
      int end = text.charAt(i) == '{' ? text.indexOf('}', i) : -1;
      if (end < 0) {
        out.append(text.charAt(i));
        continue;
      }
      String key = text.substring(i + 1, end);
      double number = Num.parse(key);
      int index = Double.isNaN(number) ? next++ : (int) number;
      Object value = args.named().get(key);
      if (value == null && index >= 0 && index < args.positional().size()) {
        value = args.positional().get(index);
      }
      out.append(value == null ? "" : string(value));
      i = end;
    }
    return out.toString();
  }
}
