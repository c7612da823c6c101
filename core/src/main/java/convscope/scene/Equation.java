package convscope.scene;

import convscope.num.Num;
import java.util.List;

/**
 * The core relation with the figure's live numbers, in one or more lines of text: {@code y[0, 1] =
 * 2·3 + −1·4 = 2}. Its parts are templates as in {@link Prose}.
 */
public final class Equation {
  private final Markup html = new Markup();
  private boolean first = true;

  private Equation() {
    html.open("span").attr("class", "sum");
  }

  /** An equation that begins with these words. */
  public static Equation of(String words, Object... values) {
    return new Equation().say(words, values);
  }

  /** A sum that begins with what it is, such as {@code [output {}]}, and an equals sign. */
  public static Equation sum(String left, Object... values) {
    Equation equation = new Equation();
    equation.html.open("span").attr("class", "left").raw(Prose.of(left, values).html());
    equation.html.text(" =").close().text(" ");
    return equation;
  }

  /**
   * A derivation in lines, each of formulas between which it may break.
   *
   * @param one whether each formula has a line of its own
   */
  public static String lines(boolean one, List<List<Formula>> lines) {
    Markup html = new Markup();
    html.open("div").attr("class", "derivation").open("ol").attr("class", "steps");
    for (List<Formula> line : lines) {
      html.open("li");
      for (int n = 0; n < line.size(); n++) {
        html.raw(n == 0 ? "" : one ? "</li><li>" : "\u2002 ").raw(line.get(n).line());
      }
      html.close();
    }
    return html.close().close().toString();
  }

  /** Adds words, between which a line may end. */
  public Equation say(String words, Object... values) {
    html.raw(Prose.of(words, values).html());
    return this;
  }

  /** Adds words that stay on one line. */
  public Equation together(String words, Object... values) {
    html.open("span").attr("class", "right").raw(Prose.of(words, values).html()).close();
    return this;
  }

  /** The same after a space at which the line may end. */
  public Equation then(String words, Object... values) {
    return say(" ").together(words, values);
  }

  /** Adds a formula between words that stay on its line. */
  public Equation together(String before, Formula formula, String after, Object... values) {
    html.open("span").attr("class", "whole").text(before).raw(formula.inline());
    html.raw(Prose.of(after, values).html()).close();
    return this;
  }

  /** Adds a formula. */
  public Equation say(Formula formula) {
    html.raw(formula.inline());
    return this;
  }

  /** Adds a term of a sum, weight times input; the key is the cell that is lit with it. */
  public Equation term(double weight, double read, String key, boolean linked) {
    return term(key, linked, "[kernel {}]·[input {}]", weight, read);
  }

  /** Adds a term of a sum; the key is the cell that is lit with it. */
  public Equation term(String key, boolean linked, String words, Object... values) {
    html.open("span").attr("class", "term" + (linked ? " linked" : "")).attrIf("data-k", key);
    html.text(first ? "" : "+ ").raw(Prose.of(words, values).html()).close().text(" ");
    first = false;
    return this;
  }

  /** Adds a bias to a sum; the symbol b lights it. */
  public Equation bias(double value) {
    html.open("span").attr("class", "term").attr("data-part", "b");
    html.text("+ ").text(Num.value(value)).close().text(" ");
    return this;
  }

  /** Ends a sum with what it comes to; a sum of nothing is 0. */
  public Equation total(double sum) {
    if (first) {
      html.text("0 ");
    }
    return together("= [output {}]", Num.value(sum));
  }

  /** Begins a new line. */
  public Equation line() {
    html.close().text(" ").open("div").attr("class", "sum");
    first = true;
    return this;
  }

  public String html() {
    return html.close().toString();
  }
}
