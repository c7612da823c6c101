package convscope.scene;

import convscope.num.Num;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sentences that are written once and read twice: as HTML with coloured words, and as plain text. A
 * sentence is a template, so it stands in the source as it reads:
 *
 * <pre>"The [kernel window] of [output {}] has {} of its {cell} on the [input input]."</pre>
 *
 * <ul>
 *   <li><code>[role words]</code> are words in the colour of a {@link Role}; brackets without a
 *       role are brackets. <code>[role:S words]</code> belong to the part S of the formula: they
 *       light it, and a number is dragged like the slider of the parameter with that symbol.
 *   <li><code>{}</code> is the next value: a text as it is, a whole number with its thousands
 *       separated, another number as {@link Num#value}.
 *   <li><code>{cell}</code> is the next value, a whole number, with that noun: “1 cell”, “3 cells”.
 *       <code>{index|indices}</code> names the plural, and with a truth value chooses a word:
 *       <code>{is|is not}</code>.
 * </ul>
 */
public final class Prose {
  private final Markup html = new Markup();
  private final StringBuilder plain = new StringBuilder();

  /** A sentence with values in its gaps. */
  public static Prose of(String sentence, Object... values) {
    return new Prose().add(sentence, values);
  }

  /** Adds a sentence, or a part of one. */
  public Prose add(String sentence, Object... values) {
    int used = 0;
    int depth = 0; // of brackets within a role's words
    Role role = null;
    String part = "";
    StringBuilder words = new StringBuilder();
    for (int n = 0; n < sentence.length(); n++) {
      char c = sentence.charAt(n);
      Role starts = c == '[' && role == null ? roleAt(sentence, n + 1) : null;
      if (starts != null) {
        flush(null, "", words);
        role = starts;
        depth = 0;
        int space = sentence.indexOf(' ', n);
        int colon = n + 1 + starts.css().length();
        part = colon < space ? sentence.substring(colon + 1, space) : "";
        n = space;
      } else if (c == ']' && role != null && depth == 0) {
        flush(role, part, words);
        role = null;
      } else if (c == '{') {
        int end = sentence.indexOf('}', n);
        if (end < 0 || used == values.length) {
          throw new IllegalArgumentException(
              "Prose: "
                  + (end < 0 ? "a { without its }" : "more gaps than the " + used + " values")
                  + " in “"
                  + sentence
                  + "”");
        }
        words.append(filled(sentence.substring(n + 1, end), values[used++], sentence));
        n = end;
      } else {
        depth += role == null ? 0 : c == '[' ? 1 : c == ']' ? -1 : 0;
        words.append(c);
      }
    }
    if (role != null || used != values.length) {
      throw new IllegalArgumentException(
          "Prose: "
              + (role != null
                  ? "[" + role.css() + " is not closed"
                  : values.length + " values for " + used + " gaps")
              + " in “"
              + sentence
              + "”");
    }
    flush(null, "", words);
    return this;
  }

  private static @Nullable Role roleAt(String sentence, int from) {
    int space = sentence.indexOf(' ', from);
    int colon = sentence.indexOf(':', from);
    int end = colon >= 0 && colon < space ? colon : space;
    return end < 0 ? null : Role.named(sentence.substring(from, end));
  }

  private static String filled(String gap, Object value, String sentence) {
    int bar = gap.indexOf('|');
    if (value instanceof Boolean holds && bar >= 0) {
      return holds ? gap.substring(0, bar) : gap.substring(bar + 1);
    }
    if (value instanceof Integer || value instanceof Long) {
      long count = value instanceof Integer small ? small : (Long) value;
      String one = bar < 0 ? gap : gap.substring(0, bar);
      String many = bar < 0 ? gap + "s" : gap.substring(bar + 1);
      return Num.count(count) + (gap.isEmpty() ? "" : " " + (count == 1 ? one : many));
    }
    if (gap.isEmpty() && value instanceof String text) {
      return text;
    }
    if (gap.isEmpty() && (value instanceof Double || value instanceof Float)) {
      return Num.value(value instanceof Float small ? small : (Double) value);
    }
    throw new IllegalArgumentException(
        "Prose: {" + gap + "} cannot take a value of this kind, in “" + sentence + "”");
  }

  private void flush(@Nullable Role role, String part, StringBuilder words) {
    if (words.length() == 0) {
      return;
    }
    if (role == null) {
      say(words.toString());
    } else {
      html.open("b").attr("class", role.css()).attrIf("data-part", part);
      html.text(words.toString()).close();
      plain.append(words);
    }
    words.setLength(0);
  }

  /** Adds plain words, in which nothing is a template. */
  public Prose say(String words) {
    html.text(words);
    plain.append(words);
    return this;
  }

  /** Adds words in the colour of a role. */
  public Prose say(Role role, String words) {
    html.span("b", role.css(), words);
    plain.append(words);
    return this;
  }

  /** Adds a formula, and how a screen reader or a plain text says it. */
  public Prose say(Formula formula, String spoken) {
    html.raw(formula.inline());
    plain.append(spoken);
    return this;
  }

  /** Numbers in a sentence, such as {@code 1, 2 and 3} where the last is joined by “ and ”. */
  public static String list(String last, int... numbers) {
    List<String> words = new ArrayList<>();
    for (int number : numbers) {
      words.add(Num.value(number));
    }
    return list(last, words);
  }

  /** Words in a sentence, joined as the numbers are. */
  public static String list(String last, List<String> words) {
    StringBuilder out = new StringBuilder();
    for (int n = 0; n < words.size(); n++) {
      out.append(n == 0 ? "" : n == words.size() - 1 ? last : ", ").append(words.get(n));
    }
    return out.toString();
  }

  public String html() {
    return html.toString();
  }

  public String plain() {
    return plain.toString();
  }
}
