package convscope.scene;

import java.util.ArrayList;
import java.util.List;

/**
 * A drawing: marks in the order in which they are painted. Its proportions are those of the stage;
 * where contents had to be scaled down as a whole, it counts more pixels than the stage has.
 */
public final class Scene {
  private final double width;
  private final double height;
  private final List<Mark> below = new ArrayList<>();
  private final List<Mark> marks = new ArrayList<>();
  private final List<Mark> above = new ArrayList<>();

  public Scene(double width, double height) {
    this.width = width;
    this.height = height;
  }

  /**
   * A drawing of the stage's size with the box in its middle, scaled down where it is too large.
   */
  public static Scene of(Stage stage, Box box) {
    return Cells.of(1).fit(stage, box);
  }

  public static Scene of(double width, double margin, Box box) {
    Scene scene = new Scene(width, box.height() + 2 * margin);
    box.place(scene, (width - box.width()) / 2, margin);
    return scene;
  }

  public double width() {
    return width;
  }

  public double height() {
    return height;
  }

  /** All marks, in the order in which they are painted. */
  public List<Mark> marks() {
    List<Mark> all = new ArrayList<>(below);
    all.addAll(marks);
    all.addAll(above);
    return all;
  }

  /** The images that the host paints if they are not inside the SVG. */
  public List<Raster> rasters() {
    List<Raster> rasters = new ArrayList<>();
    for (Mark mark : marks) {
      if (mark instanceof Raster raster) {
        rasters.add(raster);
      }
    }
    return rasters;
  }

  public Scene add(Mark mark) {
    marks.add(mark);
    return this;
  }

  /** Adds a mark beneath all that are added plainly. */
  public Scene addBelow(Mark mark) {
    below.add(mark);
    return this;
  }

  /** Adds a mark above all that are added plainly: an outline, a handle. */
  public Scene addAbove(Mark mark) {
    above.add(mark);
    return this;
  }
}
