package convscope.topic.chapter3;

import convscope.scene.Box;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Title;

/**
 * A box under a title in its role's colour.
 *
 * @param part the part of the formula that it is, or the empty string
 */
record Headed(String title, String detail, Role role, String part, Box box) implements Box {
  @Override
  public double width() {
    return Math.max(box.width(), Title.width(title, detail));
  }

  @Override
  public double height() {
    return Title.HEIGHT + box.height();
  }

  @Override
  public void place(Scene scene, double x, double y) {
    scene.add(Title.above(title, detail, role, part, x, y + Title.HEIGHT));
    box.place(scene, x, y + Title.HEIGHT);
  }
}
