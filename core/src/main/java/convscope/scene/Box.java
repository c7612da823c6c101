package convscope.scene;

/** Something with a size that a {@link Layout} gives a place: the marks come when it is placed. */
public interface Box {
  double width();

  double height();

  /** Puts the box's upper left corner at (x, y) and adds its marks to the scene. */
  void place(Scene scene, double x, double y);
}
