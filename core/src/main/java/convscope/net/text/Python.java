package convscope.net.text;

import convscope.net.text.Expression.Argument;
import convscope.net.text.Expression.Call;
import convscope.net.text.Expression.Name;
import convscope.num.Num;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads as much of Python as networks are written in: calls with positional and keyword arguments,
 * numbers, strings, tuples, lists, sums and products of numbers, and comments. A line {@code model
 * = …} gives what stands behind the sign; import lines are passed over.
 */
final class Python {
  private static final int DEEPEST = 100; // calls and brackets inside each other

  private final String text;
  private int at;
  private int depth;

  private Python(String text) {
    this.text = text;
  }

  /** The only expression of a text. */
  static Expression read(String text) {
    Python reader = new Python(text);
    reader.skip();
    while (reader.passImport()) {
      reader.skip();
    }
    reader.passAssignment();
    Expression expression = reader.expression();
    reader.skip();
    if (reader.at < text.length()) {
      throw reader.problem("“" + reader.rest() + "” after the end of the network; remove it");
    }
    return expression;
  }

  private boolean passImport() {
    if (!text.startsWith("import ", at) && !text.startsWith("from ", at)) {
      return false;
    }
    while (at < text.length() && text.charAt(at) != '\n') {
      at++;
    }
    return true;
  }

  private void passAssignment() {
    int start = at;
    String name = letter() ? word() : "";
    skip();
    if (!name.isEmpty() && peek() == '=' && !text.startsWith("==", at)) {
      at++;
      return;
    }
    at = start;
  }

  // ---- expressions

  private Expression expression() {
    if (++depth > DEEPEST) {
      throw problem("more than " + DEEPEST + " brackets inside each other; nest less deeply");
    }
    Expression sum = product();
    for (skip(); peek() == '+' || peek() == '-'; skip()) {
      char sign = text.charAt(at++);
      Expression other = product();
      sum = combined(sum, sign, other);
    }
    depth--;
    return sum;
  }

  private Expression product() {
    Expression product = unit();
    for (skip(); peek() == '*' || peek() == '/'; skip()) {
      char sign = text.charAt(at++);
      if (peek() == sign) {
        at++;
        sign = sign == '/' ? '#' : '^'; // floor division, power
      }
      Expression other = unit();
      product = combined(product, sign, other);
    }
    return product;
  }

  private static Expression combined(Expression a, char sign, Expression b) {
    Object result = null;
    if (a.value() instanceof Long x && b.value() instanceof Long y) {
      result =
          switch (sign) {
            case '+' -> (Object) (x + y);
            case '-' -> x - y;
            case '*' -> x * y;
            case '#' -> y == 0 ? null : Math.floorDiv(x, y);
            case '/' -> y == 0 ? null : (double) x / y;
            default -> null;
          };
    } else if (a.value() instanceof Number x && b.value() instanceof Number y) {
      double p = x.doubleValue();
      double q = y.doubleValue();
      result =
          switch (sign) {
            case '+' -> (Object) (p + q);
            case '-' -> p - q;
            case '*' -> p * q;
            case '/' -> p / q;
            default -> null;
          };
    }
    if (result == null) {
      throw a.problem(
          a.text() + " and " + b.text() + " cannot be calculated here; write the number itself");
    }
    return new Expression(result, a.line(), a.column());
  }

  private Expression unit() {
    skip();
    int start = at;
    char c = peek();
    if (c == '(' || c == '[') {
      at++;
      return bracket(start, c == '(' ? ')' : ']', c == '(');
    }
    if (c == '"' || c == '\'') {
      return made(string(), start);
    }
    if (c == '-') {
      at++;
      Expression positive = unit();
      if (positive.value() instanceof Long number) {
        return made(-number, start);
      }
      if (positive.value() instanceof Double number) {
        return made(0.0 - number, start);
      }
      throw positive.problem("a minus before " + positive.text() + "; give a number");
    }
    if (c >= '0' && c <= '9' || c == '.') {
      return made(number(), start);
    }
    if (!letter()) {
      throw problem(
          at >= text.length()
              ? "the text ends where a value should be; add it and close the brackets"
              : "“" + rest() + "” where a value should be; give a layer, number, text or tuple");
    }
    String name = word();
    skip();
    if (peek() == '(') {
      at++;
      return made(new Call(name, arguments(start)), start);
    }
    return switch (name) {
      case "True" -> made(true, start);
      case "False" -> made(false, start);
      case "None" -> made(null, start);
      default -> made(new Name(name), start);
    };
  }

  /** Items up to the closing bracket; one in round brackets without a comma is itself. */
  private Expression bracket(int start, char close, boolean round) {
    List<Expression> items = new ArrayList<>();
    boolean comma = false;
    for (skip(); peek() != close; skip()) {
      end(start, close);
      items.add(expression());
      comma = separator(start, close);
    }
    at++;
    return round && items.size() == 1 && !comma ? items.get(0) : made(items, start);
  }

  private List<Argument> arguments(int start) {
    List<Argument> all = new ArrayList<>();
    for (skip(); peek() != ')'; skip()) {
      end(start, ')');
      if (peek() == '*') {
        at++; // nn.Sequential(*layers)
      }
      int begin = at;
      String keyword = letter() ? word() : null;
      skip();
      if (keyword != null && peek() == '=') {
        at++;
      } else {
        keyword = null;
        at = begin;
      }
      all.add(new Argument(keyword, expression()));
      separator(start, ')');
    }
    at++;
    return all;
  }

  private boolean separator(int start, char close) {
    skip();
    if (peek() == ',') {
      at++;
      return true;
    }
    end(start, close);
    if (peek() != close) {
      throw problem("“" + rest() + "” where a comma or “" + close + "” should be; add it");
    }
    return false;
  }

  private void end(int start, char close) {
    if (at >= text.length()) {
      throw place(start, "this bracket or call is never closed; add “" + close + "” at its end");
    }
  }

  // ---- words and numbers

  private String word() {
    int start = at;
    while (letter() || peek() >= '0' && peek() <= '9' || peek() == '.') {
      at++;
    }
    return text.substring(start, at);
  }

  private boolean letter() {
    char c = peek();
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
  }

  private String string() {
    char quote = text.charAt(at++);
    int start = at;
    while (peek() != quote) {
      if (at >= text.length() || peek() == '\n') {
        throw place(start - 1, "this text has no closing quote; add it");
      }
      at++;
    }
    return text.substring(start, at++);
  }

  private Object number() {
    int start = at;
    boolean whole = true;
    while (peek() >= '0' && peek() <= '9' || peek() == '_' || fraction(start)) {
      whole &= peek() >= '0' && peek() <= '9' || peek() == '_';
      at++;
    }
    String digits = text.substring(start, at).replace("_", "");
    double value = Num.parse(digits);
    if (Double.isNaN(value) || whole && value > Long.MAX_VALUE) {
      throw place(start, "“" + digits + "” is no number; write it as 3 or 0.1");
    }
    return whole ? (Object) (long) value : (Object) value;
  }

  private boolean fraction(int start) {
    char c = peek();
    char before = at > start ? text.charAt(at - 1) : ' ';
    boolean exponent = before == 'e' || before == 'E';
    return c == '.' || (c == 'e' || c == 'E') && at > start || exponent && (c == '-' || c == '+');
  }

  // ---- places

  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  /** White space and comments. */
  private void skip() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '#') {
        while (at < text.length() && text.charAt(at) != '\n') {
          at++;
        }
      } else if (c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\\' || c == '\u00a0') {
        at++;
      } else {
        return;
      }
    }
  }

  private String rest() {
    int end = at;
    while (end < text.length() && end < at + 12 && text.charAt(end) != '\n') {
      end++;
    }
    return text.substring(at, end);
  }

  private Expression made(@Nullable Object value, int start) {
    ReadException place = place(start, "");
    return new Expression(value, place.line(), place.column());
  }

  private ReadException problem(String sentence) {
    return place(Math.min(at, text.length()), sentence);
  }

  private ReadException place(int start, String sentence) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < start; i++) {
      boolean newline = text.charAt(i) == '\n';
      line += newline ? 1 : 0;
      column = newline ? 1 : column + 1;
    }
    return new ReadException(line, column, sentence);
  }
}
