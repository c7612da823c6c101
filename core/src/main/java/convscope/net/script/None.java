package convscope.net.script;

/** Values without content. */
public enum None {
  NONE,
  ELLIPSIS,
  /** What an attribute that is not there gives; no text ever sees it. */
  MISSING
}
