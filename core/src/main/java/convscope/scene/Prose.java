package convscope.scene;

/**
 * A sentence that is written once and read twice: as HTML with coloured words, and as plain text.
 */
public final class Prose {
  private final Markup html = new Markup();
  private final StringBuilder plain = new StringBuilder();

  /** Adds plain words. */
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

  public String html() {
    return html.toString();
  }

  public String plain() {
    return plain.toString();
  }
}
