package convscope.net.script;

import convscope.num.Num;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Arguments by the names of a signature, each asked for in its type. */
public final class Bound {
  private final String function;
  private final Map<String, Object> given = new HashMap<>();

  /**
   * Finds the name of each argument.
   *
   * @param signature the names in order, separated by blanks; those behind a {@code *} only by
   *     keyword; {@code **} lets all others pass
   */
  public Bound(String function, String signature, Args args) {
    this.function = function;
    List<String> names = new ArrayList<>();
    int positional = -1;
    boolean others = false;
    for (String name : signature.isEmpty() ? new String[0] : signature.split(" ")) {
      if (name.equals("*")) {
        positional = names.size();
      } else if (name.equals("**")) {
        others = true;
      } else {
        names.add(name);
      }
    }
    positional = positional < 0 ? names.size() : positional;
    int next = 0;
    for (Object value : args.positional()) {
      if (next == positional) {
        throw problem(
            text(value)
                + " is one argument too many; "
                + (positional == 0
                    ? "it takes none"
                    : "it takes " + String.join(", ", names.subList(0, positional))));
      }
      given.put(names.get(next++), value);
    }
    for (Map.Entry<String, Object> entry : args.named().entrySet()) {
      String name = entry.getKey();
      if (!names.contains(name) && !others) {
        throw problem(
            "there is no argument “"
                + name
                + "”; use "
                + (names.isEmpty() ? "none" : String.join(", ", names)));
      }
      if (given.put(name, entry.getValue()) != null) {
        throw problem("“" + name + "” is given twice; give it once");
      }
    }
  }

  /** Whether there is one that is not None. */
  public boolean has(String name) {
    Object value = given.get(name);
    return value != null && value != None.NONE;
  }

  /** The argument, which must be there. */
  public Object get(String name) {
    Object value = given.get(name);
    if (value == null) {
      throw problem("“" + name + "” is missing; give it");
    }
    return value;
  }

  public Object get(String name, Object otherwise) {
    return has(name) ? get(name) : otherwise;
  }

  public long integer(String name) {
    Object value = get(name);
    if (value instanceof Long number) {
      return number;
    }
    if (value instanceof Boolean flag) {
      return flag ? 1 : 0;
    }
    throw wrong(name, value, "a whole number");
  }

  public long integer(String name, long otherwise) {
    return has(name) ? integer(name) : otherwise;
  }

  /** A whole number from 1. */
  public long positive(String name) {
    long value = integer(name);
    if (value < 1) {
      throw problem(name + " is " + value + "; use 1 or more");
    }
    return value;
  }

  public double number(String name, double otherwise) {
    Object value = get(name, otherwise);
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw wrong(name, value, "a number");
  }

  /** True or False; another value as Python takes it for one. */
  public boolean flag(String name, boolean otherwise) {
    return has(name) ? Interpreter.truth(get(name)) : otherwise;
  }

  public String text(String name, String otherwise) {
    Object value = get(name, otherwise);
    if (value instanceof String text) {
      return text;
    }
    throw wrong(name, value, "a text");
  }

  /** As many whole numbers as there are axes, or one for all. */
  public long[] axes(String name, int axes) {
    long[] all = integers(name);
    if (all.length == axes) {
      return all;
    }
    if (all.length != 1) {
      throw wrong(name, get(name), "a whole number or " + axes + " of them");
    }
    long[] same = new long[axes];
    Arrays.fill(same, all[0]);
    return same;
  }

  public long[] axes(String name, int axes, long otherwise) {
    if (has(name)) {
      return axes(name, axes);
    }
    long[] same = new long[axes];
    Arrays.fill(same, otherwise);
    return same;
  }

  /** Whole numbers: a tuple, or one alone. */
  public long[] integers(String name) {
    Object value = get(name);
    long[] all = integersOf(value);
    if (all == null) {
      throw wrong(name, value, "whole numbers");
    }
    return all;
  }

  /** The whole numbers of a value, or null. */
  public static long @Nullable [] integersOf(Object value) {
    if (value instanceof Long number) {
      return new long[] {number};
    }
    if (!(value instanceof Items items)) {
      return null;
    }
    long[] all = new long[items.size()];
    for (int i = 0; i < all.length; i++) {
      if (!(items.get(i) instanceof Long number)) {
        return null;
      }
      all[i] = number;
    }
    return all;
  }

  private IllegalArgumentException wrong(String name, Object value, String want) {
    return problem(name + " is " + text(value) + "; give " + want);
  }

  /** A problem of this call. */
  public IllegalArgumentException problem(String sentence) {
    return new IllegalArgumentException(function + ": " + sentence);
  }

  /** A value as an error names it. */
  public static String text(Object value) {
    return text(value, 4);
  }

  private static String text(Object value, int depth) {
    if (value instanceof Boolean flag) {
      return flag ? "True" : "False";
    }
    if (value instanceof Long number) {
      return Long.toString(number);
    }
    if (value instanceof Double number) {
      return Num.plain(number, 9);
    }
    if (value instanceof String text) {
      return "'" + text + "'";
    }
    if (value == None.NONE) {
      return "None";
    }
    if (value instanceof Items items) {
      StringBuilder out = new StringBuilder(items.tuple ? "(" : "[");
      for (int i = 0; i < items.size() && i < 8; i++) {
        out.append(i > 0 ? ", " : "").append(depth == 0 ? "…" : text(items.get(i), depth - 1));
      }
      out.append(items.size() > 8 ? ", …" : "");
      return out.append(items.tuple ? ")" : "]").toString();
    }
    if (value instanceof Attributes thing) {
      return thing.describe();
    }
    return value instanceof Dict ? "a dictionary" : value instanceof Callable ? "a function" : "…";
  }
}
