package convscope.topic;

import convscope.num.Num;
import convscope.scene.Box;
import convscope.scene.Layout;
import convscope.scene.Role;
import convscope.scene.Text;
import convscope.scene.Volume;

/** Tensors as blocks, each over its name and its shape. */
public final class Blocks {
  private static final double NAMES = 36; // height of the name and the shape below a block

  private Blocks() {}

  /**
   * A block. Its channels go back by their root, not to scale, so that 512 have room; more than
   * about 530 go no further, and the shape below says how many they are.
   *
   * @param part the part of the formula that it is, or the empty string
   * @param unit pixels of a cell's side
   * @param css {@code pale} for what is still to come, or the empty string
   * @param shape what it says; the last three numbers are channels, rows and columns
   */
  public static Box of(
      View view, String name, String part, Role role, double unit, String css, int... shape) {
    int axis = shape.length - 3;
    double depth = Math.min(view.width() / 10, view.width() / 240 * (1 + Math.sqrt(shape[axis])));
    Volume block =
        new Volume(
                name,
                role,
                shape[axis],
                shape[axis + 1],
                shape[axis + 2],
                Math.max(0.05, unit),
                depth)
            .name(name + ", " + Num.size(shape))
            .style(css);
    return Layout.column(
        3, block, new Text(name, 12, role).part(part), new Text(Num.size(shape), 11, Role.NEUTRAL));
  }

  /** A sign between blocks, ★ or =: as high as their middle, since nothing is written below it. */
  public static Box sign(String text) {
    Text sign = new Text(text, 18, "sign");
    return Box.of(sign.width(), sign.height() + NAMES, sign::place);
  }
}
