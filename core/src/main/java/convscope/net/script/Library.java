package convscope.net.script;

/** What a text may import. */
public interface Library {
  /** A module by its dotted name, or {@link None#MISSING}. */
  Object module(String name);

  /** A name that a text uses without having imported it, or {@link None#MISSING}. */
  Object name(String name);

  /** What stands for something that is not known. */
  Object unknown(String name);

  /** The class to take for a base that is not known. */
  ClassValue base();
}
