package convscope.topic.chapter5;

import convscope.data.Picture;
import convscope.op.AveragePool2d;
import convscope.op.PoolSpec;
import convscope.tensor.Tensor;

/** A picture small enough that a field of a few pixels is seen on it. */
final class SmallPicture {
  private static final int SIDE = 64;

  private SmallPicture() {}

  /** Its grey levels 0 to 255, squares of pixels averaged; (1, 1, height, width). */
  static Tensor of(Picture picture) {
    int longest = Math.max(picture.height(), picture.width());
    int shortest = Math.min(picture.height(), picture.width()); // one row stays, however wide
    int block = Math.min((longest + SIDE - 1) / SIDE, shortest);
    Tensor grey = Tensor.of(picture.grey(), 1, 1, picture.height(), picture.width());
    return AveragePool2d.forward(grey, PoolSpec.of(block, block), true);
  }
}
