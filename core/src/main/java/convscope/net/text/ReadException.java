package convscope.net.text;

/** What is wrong with a text, and where. Its message begins with the place. */
public final class ReadException extends IllegalArgumentException {
  private final int line;
  private final int column;

  /**
   * A problem at a place.
   *
   * @param line from 1
   * @param column from 1, in characters
   */
  public ReadException(int line, int column, String problem) {
    super("line " + line + ", column " + column + ": " + problem);
    this.line = line;
    this.column = column;
  }

  public int line() {
    return line;
  }

  public int column() {
    return column;
  }
}
