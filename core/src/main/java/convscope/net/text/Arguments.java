package convscope.net.text;

import convscope.net.text.Expression.Argument;
import convscope.net.text.Expression.Call;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The arguments of a call by the names of a signature, each asked for in its type. */
final class Arguments {
  private final Expression place;
  private final Call call;
  private final Map<String, Expression> given = new HashMap<>();

  /**
   * Finds the name of each argument.
   *
   * @param signature the names in order, separated by blanks; those behind a {@code *} only by
   *     keyword
   */
  Arguments(Expression place, Call call, String signature) {
    this.place = place;
    this.call = call;
    List<String> names = new ArrayList<>();
    int positional = -1;
    for (String name : signature.isEmpty() ? new String[0] : signature.split(" ")) {
      if (name.equals("*")) {
        positional = names.size();
      } else {
        names.add(name);
      }
    }
    positional = positional < 0 ? names.size() : positional;
    int next = 0;
    for (Argument argument : call.arguments()) {
      String name = argument.keyword();
      if (name == null) {
        if (next == positional) {
          throw argument
              .value()
              .problem(
                  call.shortName()
                      + ": "
                      + argument.value().text()
                      + " is one argument too many; "
                      + (positional == 0
                          ? "it takes none"
                          : "it takes " + String.join(", ", names.subList(0, positional))));
        }
        name = names.get(next++);
      } else if (!names.contains(name)) {
        throw argument
            .value()
            .problem(
                call.shortName()
                    + ": there is no argument “"
                    + name
                    + "”; use "
                    + (names.isEmpty() ? "none" : String.join(", ", names)));
      }
      if (given.put(name, argument.value()) != null) {
        throw argument
            .value()
            .problem(call.shortName() + ": “" + name + "” is given twice; give it once");
      }
    }
  }

  boolean has(String name) {
    Expression value = given.get(name);
    return value != null && value.value() != null;
  }

  private Expression required(String name) {
    Expression value = given.get(name);
    if (value == null) {
      throw place.problem(call.shortName() + ": “" + name + "” is missing; give it");
    }
    return value;
  }

  Expression at(String name) {
    return given.getOrDefault(name, place);
  }

  int integer(String name) {
    return integer(required(name), name);
  }

  int integer(String name, int otherwise) {
    return has(name) ? integer(name) : otherwise;
  }

  private int integer(Expression value, String name) {
    if (value.value() instanceof Long number
        && number <= Integer.MAX_VALUE
        && number >= Integer.MIN_VALUE) {
      return number.intValue();
    }
    throw wrong(value, name, "a whole number");
  }

  double number(String name, double otherwise) {
    if (!has(name)) {
      return otherwise;
    }
    Expression value = required(name);
    if (value.value() instanceof Number number) {
      return number.doubleValue();
    }
    throw wrong(value, name, "a number");
  }

  boolean flag(String name, boolean otherwise) {
    if (!has(name)) {
      return otherwise;
    }
    Expression value = required(name);
    if (value.value() instanceof Boolean flag) {
      return flag;
    }
    throw wrong(value, name, "True or False");
  }

  @Nullable String text(String name) {
    return given.containsKey(name) && required(name).value() instanceof String text ? text : null;
  }

  /** One of some words. */
  String word(String name, String otherwise, String... words) {
    if (!has(name)) {
      return otherwise;
    }
    String text = text(name);
    for (String word : words) {
      if (word.equals(text)) {
        return word;
      }
    }
    throw wrong(required(name), name, "'" + String.join("', '", words) + "'");
  }

  /** A number for both axes, or a pair. */
  int[] pair(String name) {
    return pair(required(name), name, 0);
  }

  int[] pair(String name, int otherwise) {
    return has(name) ? pair(name) : new int[] {otherwise, otherwise};
  }

  /** The same; None in a pair stands for {@code none}. */
  int[] pairOrNone(String name, int none) {
    return pair(required(name), name, none);
  }

  private int[] pair(Expression value, String name, int none) {
    List<Expression> items = value.items();
    if (items.size() == 1) {
      items = List.of(items.get(0), items.get(0));
    }
    if (items.size() != 2) {
      throw wrong(value, name, "a whole number or a pair of them");
    }
    int[] pair = new int[2];
    for (int i = 0; i < 2; i++) {
      pair[i] = items.get(i).value() == null ? none : integer(items.get(i), name);
    }
    return pair;
  }

  /** Whole numbers: a tuple, or one alone. */
  int[] integers(String name) {
    List<Expression> items = required(name).items();
    int[] all = new int[items.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = integer(items.get(i), name);
    }
    return all;
  }

  private ReadException wrong(Expression value, String name, String want) {
    return value.problem(call.shortName() + ": " + name + " is " + value.text() + "; give " + want);
  }

  /** A problem of this call. */
  ReadException problem(String name, String sentence) {
    return at(name).problem(call.shortName() + ": " + sentence);
  }
}
