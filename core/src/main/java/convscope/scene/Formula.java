package convscope.scene;

import convscope.num.Num;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A formula as MathML. One formula serves twice: with its symbols, and with the figure's live
 * numbers in their places ({@link #with}). A symbol knows its role (its colour) and its part (what
 * it lights in the figure).
 */
public final class Formula {
  private enum Kind {
    SYMBOL,
    NUMBER,
    OPERATOR,
    WORD,
    ROW,
    FRACTION,
    SUB,
    SUP,
    UNDER,
    ROOT
  }

  private final Kind kind;
  private final String text;
  private final String part;
  private final Role role;
  private final List<Formula> children;

  private Formula(Kind kind, String text, String part, Role role, List<Formula> children) {
    this.kind = kind;
    this.text = text;
    this.part = part;
    this.role = role;
    this.children = children;
  }

  /**
   * A formula as one writes it ({@link FormulaReader} tells the signs): {@code y[i,j] = sum_{u,v<K}
   * w[u,v]·x[iS+u−P, jS+v−P] + b}. The letters x, w, y, g and P have their usual roles, S, D, K and
   * b light their parts without a colour; further ones, or others, are given as {@code letter:role}
   * or {@code letter:role:part}; {@code letter:role:part:shown} has another text or a number in the
   * letter's place. With its subscript a letter is a symbol of its own, {@code C_out:output}, whose
   * part is called so unless another is given.
   */
  public static Formula of(String text, String... symbols) {
    Map<String, Formula> known = new HashMap<>();
    for (String usual : USUAL) {
      declare(known, usual);
    }
    for (String own : symbols) {
      declare(known, own);
    }
    return new FormulaReader(text, known).read();
  }

  private static final String[] USUAL = {
    "x:input",
    "w:kernel",
    "y:output",
    "g:gradient",
    "P:padding",
    "S:neutral",
    "D:neutral",
    "K:neutral",
    "b:neutral"
  };

  private static void declare(Map<String, Formula> known, String text) {
    String[] fields = new String[4];
    int from = 0;
    int count = 0;
    for (int at = 0; at <= text.length() && count < fields.length; at++) {
      if (at == text.length() || text.charAt(at) == ':') {
        fields[count++] = text.substring(from, at);
        from = at + 1;
      }
    }
    Role role = count < 2 ? null : Role.named(fields[1]);
    String name = fields[0];
    boolean plain = name.length() == 1;
    boolean named = plain || (name.length() > 2 && name.charAt(1) == '_');
    if (role == null || !named || from <= text.length()) {
      throw new IllegalArgumentException(
          "Formula: “"
              + text
              + "” is not letter:role, letter:role:part or letter:role:part:number");
    }
    Formula symbol = sym(name.substring(0, 1), count < 3 ? name : fields[2], role);
    if (count == 4) {
      char first = fields[3].isEmpty() ? ' ' : fields[3].charAt(0);
      boolean number = (first >= '0' && first <= '9') || first == Num.MINUS;
      Kind kind = number ? Kind.NUMBER : Kind.SYMBOL;
      symbol = new Formula(kind, fields[3], fields[2], role, List.of());
    }
    String script = plain ? "" : name.substring(2);
    known.put(
        name, plain ? symbol : sub(symbol, script.length() == 1 ? index(script) : word(script)));
  }

  private static Formula leaf(Kind kind, String text) {
    return new Formula(kind, text, "", Role.NEUTRAL, List.of());
  }

  private static Formula node(Kind kind, Formula... children) {
    return new Formula(kind, "", "", Role.NEUTRAL, List.of(children));
  }

  /** A letter with a role, which also names its part of the figure. */
  public static Formula sym(String letter, Role role) {
    return sym(letter, letter, role);
  }

  /** A letter, the name under which {@link #with} replaces it and the figure lights, and a role. */
  public static Formula sym(String letter, String part, Role role) {
    return new Formula(Kind.SYMBOL, letter, part, role, List.of());
  }

  /** A letter without a role, such as an index. */
  public static Formula index(String letter) {
    return leaf(Kind.SYMBOL, letter);
  }

  /** A number as text. */
  public static Formula num(String digits) {
    return leaf(Kind.NUMBER, digits);
  }

  /** An operator, a bracket or a comma. */
  public static Formula op(String sign) {
    return leaf(Kind.OPERATOR, sign);
  }

  /** An upright word. */
  public static Formula word(String text) {
    return leaf(Kind.WORD, text);
  }

  /** One after the other. */
  public static Formula row(Formula... items) {
    return node(Kind.ROW, items);
  }

  /** Above over below. */
  public static Formula frac(Formula above, Formula below) {
    return node(Kind.FRACTION, above, below);
  }

  /** A base with a subscript. */
  public static Formula sub(Formula base, Formula script) {
    return node(Kind.SUB, base, script);
  }

  /** A base with a superscript. */
  public static Formula sup(Formula base, Formula script) {
    return node(Kind.SUP, base, script);
  }

  /** A square root. */
  public static Formula sqrt(Formula inner) {
    return node(Kind.ROOT, inner);
  }

  /** A sum sign with the range beneath it. */
  public static Formula sum(Formula range) {
    return node(Kind.UNDER, op("∑"), range);
  }

  /** The word max with the range beneath it. */
  public static Formula max(Formula range) {
    return node(Kind.UNDER, op("max"), range);
  }

  /** The largest whole number not above. */
  public static Formula floor(Formula inner) {
    return row(op("⌊"), inner, op("⌋"));
  }

  /** The smallest whole number not below. */
  public static Formula ceil(Formula inner) {
    return row(op("⌈"), inner, op("⌉"));
  }

  /** Inside round brackets. */
  public static Formula paren(Formula inner) {
    return row(op("("), inner, op(")"));
  }

  /** The absolute value. */
  public static Formula abs(Formula inner) {
    return row(op("|"), inner, op("|"));
  }

  /** The formula with numbers in the place of the symbols whose part is a key of the map. */
  public Formula with(Map<String, String> numbers) {
    String number = kind == Kind.SYMBOL && !part.isEmpty() ? numbers.get(part) : null;
    if (number != null) {
      return new Formula(Kind.NUMBER, number, part, role, List.of());
    }
    if ((kind == Kind.SUB || kind == Kind.SUP) && children.get(0).kind == Kind.SYMBOL) {
      Formula base = children.get(0).with(numbers);
      if (base.kind == Kind.NUMBER && kind == Kind.SUB) {
        return base; // H with the subscript out is one symbol
      }
    }
    Formula[] replaced = new Formula[children.size()];
    for (int i = 0; i < replaced.length; i++) {
      replaced[i] = children.get(i).with(numbers);
    }
    return new Formula(kind, text, part, role, List.of(replaced));
  }

  /** The same with whole numbers: a part, its number, and so on. */
  public Formula with(Object... partsAndNumbers) {
    Map<String, String> numbers = new HashMap<>();
    for (int n = 0; n < partsAndNumbers.length; n += 2) {
      numbers.put((String) partsAndNumbers[n], Num.count((Integer) partsAndNumbers[n + 1]));
    }
    return with(numbers);
  }

  /** The formula on a line of its own, centred. */
  public String display() {
    return mathml("display", "block");
  }

  /** The formula as large as on a line of its own, but in the flow: a step of a derivation. */
  public String line() {
    return mathml("displaystyle", "true");
  }

  /** The formula within a sentence. */
  public String inline() {
    return mathml("", "");
  }

  private String mathml(String attribute, String value) {
    Markup out = new Markup();
    out.open("math");
    if (!attribute.isEmpty()) {
      out.attr(attribute, value);
    }
    write(out);
    return out.close().toString();
  }

  private void write(Markup out) {
    String css = role == Role.NEUTRAL ? "" : role.css();
    switch (kind) {
      case SYMBOL ->
          out.open("mi").attrIf("class", css).attrIf("data-part", part).text(text).close();
      case NUMBER ->
          out.open("mn").attrIf("class", css).attrIf("data-part", part).text(text).close();
      case OPERATOR -> {
        out.open("mo");
        if (text.equals("[") || text.equals("]") || text.equals("|")) {
          out.attr("stretchy", "false"); // an index stays small beside a tall sum
        }
        out.text(text).close();
      }
      case WORD -> out.open("mtext").text(text.replace(' ', '\u00a0')).close(); // spaces count
      case ROW -> writeAll(out, "mrow");
      case FRACTION -> writeAll(out, "mfrac");
      case SUB -> writeAll(out, "msub");
      case SUP -> writeAll(out, "msup");
      case UNDER -> writeAll(out, "munder");
      case ROOT -> writeAll(out, "msqrt");
    }
  }

  private void writeAll(Markup out, String tag) {
    out.open(tag);
    for (Formula child : children) {
      child.write(out);
    }
    out.close();
  }
}
