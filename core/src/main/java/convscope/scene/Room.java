package convscope.scene;

/**
 * A box in the middle of more room than it needs, so that boxes one below the other line up, and
 * what stands below it stays in its place.
 *
 * @param tall the height, if the box is not higher
 */
public record Room(Box box, double width, double tall) implements Box {
  /** A box in the middle of this width. */
  public Room(Box box, double width) {
    this(box, width, 0);
  }

  @Override
  public double height() {
    return Math.max(tall, box.height());
  }

  @Override
  public void place(Scene scene, double x, double y) {
    box.place(scene, x + (width - box.width()) / 2, y + (height() - box.height()) / 2);
  }

  @Override
  public String toString() {
    return "Room"; // no double: printing them brings 9 KB of tables into the module
  }
}
