package convscope.net.script;

/** What a text can call. */
public interface Callable {
  /**
   * Calls it.
   *
   * @throws IllegalArgumentException that says what is wrong; the interpreter adds the place
   */
  Object call(Interpreter interpreter, Args args);
}
