package convscope.scene;

/** Something drawn: one kind a file. */
public interface Mark {
  /** Writes the SVG elements of this mark. */
  void write(Markup out);
}
