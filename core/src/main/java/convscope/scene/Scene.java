package convscope.scene;

import java.util.ArrayList;
import java.util.List;

/** A drawing of a fixed size: marks in the order in which they are painted. */
public final class Scene {
  private final double width;
  private final double height;
  private final List<Mark> marks = new ArrayList<>();

  public Scene(double width, double height) {
    this.width = width;
    this.height = height;
  }

  /** A scene of the given width, as high as the box with a margin, the box centred in it. */
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

  public List<Mark> marks() {
    return marks;
  }

  public void add(Mark mark) {
    marks.add(mark);
  }

  /** Adds a mark beneath those already there. */
  public void addBelow(Mark mark) {
    marks.add(0, mark);
  }
}
