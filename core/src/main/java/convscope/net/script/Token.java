package convscope.net.script;

/**
 * A word of a text.
 *
 * @param text what is written; of a string its content
 * @param line from 1
 * @param column from 1
 */
record Token(Kind kind, String text, int line, int column) {
  /** What a word is. {@code FORMAT} is the content of an f-string. */
  enum Kind {
    NAME,
    NUMBER,
    STRING,
    FORMAT,
    OPERATOR,
    NEWLINE,
    INDENT,
    DEDENT,
    END
  }

  boolean is(String operator) {
    return (kind == Kind.OPERATOR || kind == Kind.NAME) && text.equals(operator);
  }
}
