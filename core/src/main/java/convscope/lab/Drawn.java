package convscope.lab;

import convscope.data.Picture;

/**
 * A reader's drawing made into an image like those of a data set. MNIST's were made so (LeCun et
 * al. 1998): what is drawn is scaled to fill the inner five sevenths, and then moved so that its
 * centre of mass is in the middle. In the other sets it fills the image.
 */
final class Drawn {
  private static final double INNER = 5.0 / 7; // 20 of MNIST's 28 pixels
  private static final int FINE = 4; // samples along a pixel's side

  private Drawn() {}

  /**
   * Levels 0 to 1, (side, side); all 0 if nothing is drawn. White strokes on black.
   *
   * @param centred whether as MNIST's, else filling the image
   */
  static float[] image(Picture picture, int side, boolean centred) {
    float[] grey = picture.grey();
    int top = picture.height();
    int left = picture.width();
    int bottom = -1;
    int right = -1;
    for (int i = 0; i < picture.height(); i++) {
      for (int j = 0; j < picture.width(); j++) {
        if (grey[i * picture.width() + j] > 0) {
          top = Math.min(top, i);
          left = Math.min(left, j);
          bottom = Math.max(bottom, i);
          right = Math.max(right, j);
        }
      }
    }
    float[] image = new float[side * side];
    if (bottom < 0) {
      return image;
    }
    double scale = Math.max(bottom - top + 1, right - left + 1) / ((centred ? INNER : 1) * side);
    double middleY = (top + bottom + 1) / 2.0;
    double middleX = (left + right + 1) / 2.0;
    double[] mass = mass(picture, grey, side, scale, middleY, middleX, image);
    if (!centred) {
      return image;
    }
    mass(
        picture,
        grey,
        side,
        scale,
        middleY + (mass[0] - side / 2.0) * scale,
        middleX + (mass[1] - side / 2.0) * scale,
        image);
    return image;
  }

  /** Fills the image; gives its centre of mass, row and column. */
  private static double[] mass(
      Picture picture,
      float[] grey,
      int side,
      double scale,
      double middleY,
      double middleX,
      float[] image) {
    double sum = 0;
    double down = 0;
    double across = 0;
    for (int i = 0; i < side; i++) {
      for (int j = 0; j < side; j++) {
        double level = 0;
        for (int sample = 0; sample < FINE * FINE; sample++) {
          double y = i + (sample / FINE + 0.5) / FINE - side / 2.0;
          double x = j + (sample % FINE + 0.5) / FINE - side / 2.0;
          int row = (int) Math.floor(middleY + y * scale);
          int column = (int) Math.floor(middleX + x * scale);
          if (row >= 0 && row < picture.height() && column >= 0 && column < picture.width()) {
            level += grey[row * picture.width() + column];
          }
        }
        level /= 255.0 * FINE * FINE;
        image[i * side + j] = (float) level;
        sum += level;
        down += level * (i + 0.5);
        across += level * (j + 0.5);
      }
    }
    return sum > 0 ? new double[] {down / sum, across / sum} : new double[] {0, 0};
  }
}
