package convscope.net.script;

/**
 * What is wrong with a text, or with what it does, and where. Its message begins with the place.
 */
public final class ScriptException extends IllegalArgumentException {
  private final int line;
  private final int column;
  private final String problem;

  /**
   * A problem at a place.
   *
   * @param line from 1
   * @param column from 1, in characters
   */
  public ScriptException(int line, int column, String problem) {
    super("line " + line + ", column " + column + ": " + problem);
    this.line = line;
    this.column = column;
    this.problem = problem;
  }

  public int line() {
    return line;
  }

  public int column() {
    return column;
  }

  /** The message without the place. */
  public String problem() {
    return problem;
  }
}
