package convscope.scene;

/** A box in the middle of more room than it needs, so that boxes one below the other line up. */
public record Room(Box box, double width) implements Box {
  @Override
  public double height() {
    return box.height();
  }

  @Override
  public void place(Scene scene, double x, double y) {
    box.place(scene, x + (width - box.width()) / 2, y);
  }

  @Override
  public String toString() {
    return "Room"; // no double: printing them brings 9 KB of tables into the module
  }
}
