package convscope.net.script;

/** What has attributes behind a dot. */
public interface Attributes {
  /** The attribute, or {@link None#MISSING}. */
  Object attribute(Interpreter interpreter, String name);

  /** How an error names the thing. */
  String describe();
}
