package convscope.net.script;

/** What has operators of its own. */
public interface Operand {
  /**
   * The result of an operator, or {@link None#MISSING} if it has none.
   *
   * @param sign such as {@code +} or {@code <}
   * @param reflected whether the other one stands on the left
   */
  Object binary(Interpreter interpreter, String sign, Object other, boolean reflected);

  /** What stands at an index: a number, {@link Slice}, None, Ellipsis or a tuple of these. */
  Object at(Interpreter interpreter, Object index);

  /** What a loop goes through. */
  Items items(Interpreter interpreter);
}
