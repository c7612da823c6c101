package convscope.scene;

/** Something with a size that a {@link Layout} gives a place: the marks come when it is placed. */
public interface Box {
  double width();

  double height();

  /** Marks with places of their own in a room of this size. */
  static Box of(double width, double height, Placing marks) {
    return new Box() {
      @Override
      public double width() {
        return width;
      }

      @Override
      public double height() {
        return height;
      }

      @Override
      public void place(Scene scene, double x, double y) {
        marks.place(scene, x, y);
      }
    };
  }

  /** Adds marks to a scene, in a room whose upper left corner is at (x, y). */
  @FunctionalInterface
  interface Placing {
    void place(Scene scene, double x, double y);
  }

  /** Puts the box's upper left corner at (x, y) and adds its marks to the scene. */
  void place(Scene scene, double x, double y);
}
