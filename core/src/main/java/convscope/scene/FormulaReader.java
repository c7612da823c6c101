package convscope.scene;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a formula as one writes it: {@code y[i,j] = sum_{u,v<K} w[u,v]·x[iS+u−P, jS+v−P] + b}.
 *
 * <ul>
 *   <li>A letter that the roles know is a symbol of that role, and names its part of the figure;
 *       another one is an index.
 *   <li>So is one with a subscript that they know as a whole: {@code C_out}.
 *   <li>{@code _} and {@code ^} take the next item, or a group in braces: {@code H_{out}}, {@code
 *       K^2}.
 *   <li>{@code frac{a}{b}}, {@code sqrt{a}}, {@code sum_{…}}, {@code max_{…}}, {@code floor{…}},
 *       {@code ceil{…}}, {@code abs{…}} and words in quotes are what they say.
 *   <li>Digits are a number, anything else is an operator; {@code <=}, {@code >=} and {@code ->}
 *       are one. Spaces only separate.
 * </ul>
 */
final class FormulaReader {
  private static final String[] FUNCTIONS = {
    "frac", "sqrt", "sum_", "max_", "floor", "ceil", "abs"
  };
  private static final String[][] SIGNS = {{"<=", "≤"}, {">=", "≥"}, {"->", "→"}};

  private final String text;
  private final Map<String, Formula> symbols;
  private int at;

  FormulaReader(String text, Map<String, Formula> symbols) {
    this.text = text;
    this.symbols = symbols;
  }

  /** The whole text. */
  Formula read() {
    Formula whole = items();
    if (at < text.length()) {
      throw wrong("a } without its {");
    }
    return whole;
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(
        "Formula: " + what + " at “" + text.substring(0, at) + "▸" + text.substring(at) + "”");
  }

  private Formula items() {
    List<Formula> items = new ArrayList<>();
    for (skip(); at < text.length() && text.charAt(at) != '}'; skip()) {
      items.add(scripts(item()));
    }
    return items.size() == 1 ? items.get(0) : Formula.row(items.toArray(new Formula[0]));
  }

  private Formula scripts(Formula base) {
    Formula whole = base;
    while (at < text.length() && (text.charAt(at) == '_' || text.charAt(at) == '^')) {
      boolean below = text.charAt(at++) == '_';
      if (at == text.length() || text.charAt(at) == ' ') {
        throw wrong("nothing to lower or raise");
      }
      Formula script = item();
      whole = below ? Formula.sub(whole, script) : Formula.sup(whole, script);
    }
    return whole;
  }

  private Formula item() {
    char c = text.charAt(at);
    if (c == '{') {
      return group();
    }
    if (c == '\'') {
      int end = text.indexOf('\'', at + 1);
      if (end < 0) {
        throw wrong("words without their closing quote");
      }
      String words = text.substring(at + 1, end);
      at = end + 1;
      return Formula.word(words);
    }
    Formula named = named();
    if (named != null) {
      return named;
    }
    if (digit(c)) {
      int from = at;
      while (at < text.length() && (digit(text.charAt(at)) || text.charAt(at) == '.')) {
        at++;
      }
      return Formula.num(text.substring(from, at));
    }
    if (!letter(c)) {
      return operator();
    }
    Formula called = function();
    if (called != null) {
      return called;
    }
    String letter = text.substring(at, ++at);
    Formula symbol = symbols.get(letter);
    return symbol == null ? Formula.index(letter) : symbol;
  }

  /** A symbol that is known with its subscript, such as {@code C_out}. */
  private @Nullable Formula named() {
    int end = at + 2;
    while (end < text.length() && letter(text.charAt(end))) {
      end++;
    }
    Formula symbol = end > text.length() ? null : symbols.get(text.substring(at, end));
    at = symbol == null ? at : end;
    return symbol;
  }

  private Formula operator() {
    for (String[] sign : SIGNS) {
      if (text.startsWith(sign[0], at)) {
        at += sign[0].length();
        return Formula.op(sign[1]);
      }
    }
    return Formula.op(text.substring(at, ++at));
  }

  private @Nullable Formula function() {
    for (String name : FUNCTIONS) {
      if (text.startsWith(name + "{", at)) {
        at += name.length();
        Formula first = group();
        return switch (name) {
          case "frac" -> Formula.frac(first, group());
          case "sqrt" -> Formula.sqrt(first);
          case "sum_" -> Formula.sum(first);
          case "max_" -> Formula.max(first);
          case "floor" -> Formula.floor(first);
          case "ceil" -> Formula.ceil(first);
          default -> Formula.abs(first);
        };
      }
    }
    return null;
  }

  private Formula group() {
    if (at == text.length() || text.charAt(at) != '{') {
      throw wrong("a { is missing");
    }
    int open = at++;
    Formula inner = items();
    if (at == text.length()) {
      at = open;
      throw wrong("a { without its }");
    }
    at++;
    return inner;
  }

  private static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean letter(char c) { // Character.isLetter brings tables into the module
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 'Α' && c <= 'ω');
  }

  private void skip() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
  }
}
