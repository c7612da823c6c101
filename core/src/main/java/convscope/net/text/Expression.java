package convscope.net.text;

import convscope.num.Num;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value in Python's syntax, with the place where it begins.
 *
 * @param value a Long, Double, String, Boolean, {@link Call}, a List of expressions for a tuple or
 *     a list, a {@link Name}, or null for None
 * @param line from 1
 * @param column from 1
 */
record Expression(@Nullable Object value, int line, int column) {
  /** A name that stands alone, dotted. */
  record Name(String text) {}

  /** {@code function(a, b, name=c)}; {@code function} is dotted as it was written. */
  record Call(String function, List<Argument> arguments) {
    /** The function without the modules before it: {@code Conv2d} of {@code torch.nn.Conv2d}. */
    String shortName() {
      return function.substring(function.lastIndexOf('.') + 1);
    }
  }

  /** An argument, with its keyword if it has one. */
  record Argument(@Nullable String keyword, Expression value) {}

  ReadException problem(String sentence) {
    return new ReadException(line, column, sentence);
  }

  /** As an error names it. */
  String text() {
    if (value == null) {
      return "None";
    }
    if (value instanceof Boolean yes) {
      return yes ? "True" : "False";
    }
    if (value instanceof Call call) {
      return call.function() + "(…)";
    }
    if (value instanceof Name name) {
      return name.text();
    }
    if (value instanceof String text) {
      return "'" + text + "'";
    }
    if (value instanceof List) {
      StringBuilder out = new StringBuilder("(");
      for (Expression item : items()) {
        out.append(out.length() > 1 ? ", " : "").append(item.text());
      }
      return out.append(")").toString();
    }
    if (value instanceof Double number) {
      return Num.plain(number, 9);
    }
    return value instanceof Long number ? Long.toString(number) : "?";
  }

  /** The items of a tuple or list. */
  @SuppressWarnings("unchecked")
  List<Expression> items() {
    return value instanceof List ? (List<Expression>) value : List.of(this);
  }
}
