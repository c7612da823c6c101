package convscope.scene;

/** Something drawn: one kind a file. */
public interface Mark {
  /** Writes the SVG elements of this mark. */
  void write(Markup out);

  /** Tells readers who do not see the drawing what this mark shows; decoration tells nothing. */
  default void tell(Twin twin) {}
}
