package convscope.train;

import convscope.num.Maths;
import convscope.num.Num;
import convscope.tensor.Rng;

/**
 * How images are varied before each step. An image is turned, scaled and shifted about its centre
 * in one go, read bilinearly, with zeros around it; then it may be flipped, and a square may be cut
 * out (DeVries &amp; Taylor 2017). Mixup (Zhang et al. 2018) is a matter of two images, {@link
 * #mix}.
 *
 * @param shift pixels at most, in each direction
 * @param rotate degrees at most, either way
 * @param scale the image becomes up to this share larger or smaller, 0 to below 1
 * @param cutout side of the square, 0 for none
 * @param flip whether half of the images are mirrored left to right
 * @param mixup α of the Beta distribution of the mixing weight, 0 for none
 */
public record Augmentation(
    double shift, double rotate, double scale, int cutout, boolean flip, double mixup) {
  public static final Augmentation NONE = new Augmentation(0, 0, 0, 0, false, 0);

  private static final double DEGREE = Math.PI / 180;

  public Augmentation {
    if (!(shift >= 0 && rotate >= 0 && scale >= 0 && scale < 1 && cutout >= 0 && mixup >= 0)) {
      throw new IllegalArgumentException(
          "Augmentation: shift "
              + Num.plain(shift, 6)
              + ", rotation "
              + Num.plain(rotate, 6)
              + ", scale "
              + Num.plain(scale, 6)
              + ", cutout "
              + cutout
              + ", mixup "
              + Num.plain(mixup, 6)
              + "; use 0 or more, and a scale below 1");
    }
  }

  /** Whether single images are varied at all. */
  public boolean varies() {
    return shift > 0 || rotate > 0 || scale > 0 || cutout > 0 || flip;
  }

  /**
   * What was drawn for one image.
   *
   * @param angle by which it is turned, in degrees, clockwise
   * @param size the factor by which it grows
   * @param down pixels by which it is moved
   * @param right the same along the columns
   * @param flipped whether it is mirrored left to right
   * @param row the first one of the square that is cut out, above the image if below zero
   * @param column the same along the columns
   * @param side of the square, 0 for none
   */
  public record Drawn(
      double angle,
      double size,
      double down,
      double right,
      boolean flipped,
      int row,
      int column,
      int side) {

    /** Varies an image (C, H, W) that lies in an array from {@code at} on. */
    public void apply(float[] images, int at, int channels, int height, int width) {
      if (angle != 0 || size != 1 || down != 0 || right != 0) {
        move(images, at, channels, height, width);
      }
      for (int line = at; flipped && line < at + channels * height * width; line += width) {
        for (int j = 0; j < width / 2; j++) {
          float left = images[line + j];
          images[line + j] = images[line + width - 1 - j];
          images[line + width - 1 - j] = left;
        }
      }
      for (int c = 0; c < channels; c++) {
        for (int i = Math.max(0, row); i < Math.min(height, row + side); i++) {
          for (int j = Math.max(0, column); j < Math.min(width, column + side); j++) {
            images[at + (c * height + i) * width + j] = 0;
          }
        }
      }
    }

    private void move(float[] images, int at, int channels, int height, int width) {
      double cos = Maths.cos(angle * DEGREE) / size;
      double sin = Maths.sin(angle * DEGREE) / size;
      float[] from = new float[channels * height * width];
      System.arraycopy(images, at, from, 0, from.length);
      double middleRow = (height - 1) / 2.0;
      double middleColumn = (width - 1) / 2.0;
      for (int i = 0; i < height; i++) {
        for (int j = 0; j < width; j++) {
          double y = i - middleRow - down;
          double x = j - middleColumn - right;
          double fromRow = middleRow + cos * y - sin * x;
          double fromColumn = middleColumn + sin * y + cos * x;
          for (int c = 0; c < channels; c++) {
            images[at + (c * height + i) * width + j] =
                read(from, c, height, width, fromRow, fromColumn);
          }
        }
      }
    }

    @Override
    public String toString() {
      return "Drawn";
    }
  }

  /** Draws how one image of this size is varied. */
  public Drawn draw(int height, int width, Rng rng) {
    boolean moves = shift > 0 || rotate > 0 || scale > 0;
    double angle = moves ? (2 * rng.nextDouble() - 1) * rotate : 0;
    double size = moves ? 1 + (2 * rng.nextDouble() - 1) * scale : 1;
    double down = moves ? (2 * rng.nextDouble() - 1) * shift : 0;
    double right = moves ? (2 * rng.nextDouble() - 1) * shift : 0;
    boolean flipped = flip && rng.nextInt(2) == 1;
    int row = cutout > 0 ? rng.nextInt(height) - cutout / 2 : 0;
    int column = cutout > 0 ? rng.nextInt(width) - cutout / 2 : 0;
    return new Drawn(angle, size, down, right, flipped, row, column, cutout);
  }

  /** Varies an image (C, H, W) that lies in an array from {@code at} on. */
  public void apply(float[] images, int at, int channels, int height, int width, Rng rng) {
    draw(height, width, rng).apply(images, at, channels, height, width);
  }

  private static float read(
      float[] image, int channel, int height, int width, double row, double column) {
    int top = (int) Math.floor(row);
    int left = (int) Math.floor(column);
    double sum = 0;
    for (int i = top; i <= top + 1; i++) {
      for (int j = left; j <= left + 1; j++) {
        if (i >= 0 && i < height && j >= 0 && j < width) {
          double weight = (1 - Math.abs(row - i)) * (1 - Math.abs(column - j));
          sum += weight * image[(channel * height + i) * width + j];
        }
      }
    }
    return (float) sum;
  }

  /** {@code one ← w · one + (1 − w) · other}, images of {@code size} numbers. */
  public static void mix(float[] one, int at, float[] other, int from, int size, double weight) {
    for (int i = 0; i < size; i++) {
      one[at + i] = (float) (weight * one[at + i] + (1 - weight) * other[from + i]);
    }
  }

  /** A mixing weight from the Beta distribution of α and α. */
  public double mixingWeight(Rng rng) {
    double x = gamma(mixup, rng);
    double y = gamma(mixup, rng);
    return x + y > 0 ? x / (x + y) : 1;
  }

  /** A Gamma variate of shape {@code a} (Marsaglia &amp; Tsang 2000). */
  private static double gamma(double a, Rng rng) {
    if (a < 1) {
      double u = Math.max(rng.nextDouble(), 1e-300);
      return gamma(a + 1, rng) * Maths.pow(u, 1 / a);
    }
    double d = a - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = rng.nextGaussian();
      double v = 1 + c * x;
      double u = 1 - rng.nextDouble(); // above 0
      v = v * v * v;
      if (v > 0 && Maths.log(u) < 0.5 * x * x + d - d * v + d * Maths.log(v)) {
        return d * v;
      }
    }
  }

  @Override
  public String toString() {
    return "Augmentation";
  }
}
