package convscope.data;

import java.util.List;

/**
 * Labelled images of one size with a fixed split: the first ones are for training, the others are
 * held out. Pixels are whole numbers of which {@code white} means 1, or any numbers.
 */
public final class DataSet {
  private final String name;
  private final int channels;
  private final int height;
  private final int width;
  private final int white;
  private final byte[] pixels; // (count, C, H, W), 0 to 255; empty if there are numbers
  private final float[] numbers; // the same as they are
  private final int[] labels;
  private final int training;
  private final List<String> classes;

  /**
   * A set of images.
   *
   * @param pixels (labels.length, channels, height, width) as unsigned bytes
   * @param white the value that becomes 1
   * @param training how many of the images, from the first on, are for training
   * @param classes the classes' names
   */
  public DataSet(
      String name,
      int channels,
      int height,
      int width,
      byte[] pixels,
      int white,
      int[] labels,
      int training,
      List<String> classes) {
    this(name, channels, height, width, pixels, new float[0], white, labels, training, classes);
  }

  /** A set of images whose pixels, (labels.length, channels, height, width), are numbers. */
  public DataSet(
      String name,
      int channels,
      int height,
      int width,
      float[] numbers,
      int[] labels,
      int training,
      List<String> classes) {
    this(name, channels, height, width, new byte[0], numbers, 1, labels, training, classes);
  }

  private DataSet(
      String name,
      int channels,
      int height,
      int width,
      byte[] pixels,
      float[] numbers,
      int white,
      int[] labels,
      int training,
      List<String> classes) {
    this.name = name;
    this.numbers = numbers;
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.pixels = pixels;
    this.white = white;
    this.labels = labels;
    this.training = training;
    this.classes = classes;
    int given = Math.max(pixels.length, numbers.length);
    if ((long) labels.length * size() != given) {
      throw new IllegalArgumentException(
          name
              + ": "
              + given
              + " pixels for "
              + labels.length
              + " labels; give "
              + channels
              + " × "
              + height
              + " × "
              + width
              + " for each");
    }
    if (training < 1 || training > labels.length) {
      throw new IllegalArgumentException(
          name
              + ": "
              + training
              + " of "
              + labels.length
              + " images for training; use 1 to "
              + labels.length);
    }
    for (int label : labels) {
      if (label < 0 || label >= classes.size()) {
        throw new IllegalArgumentException(
            name + ": label " + label + "; use 0 to " + (classes.size() - 1));
      }
    }
  }

  public String name() {
    return name;
  }

  public int channels() {
    return channels;
  }

  public int height() {
    return height;
  }

  public int width() {
    return width;
  }

  /** Numbers of an image. */
  public int size() {
    return channels * height * width;
  }

  /** All images. */
  public int count() {
    return labels.length;
  }

  /** Images for training: 0 to this, exclusive; from here on they are held out. */
  public int training() {
    return training;
  }

  public List<String> classes() {
    return classes;
  }

  public int label(int image) {
    return labels[image];
  }

  /**
   * Writes the pixels of an image, (C, H, W), 0 to 1 if they are whole numbers, into an array from
   * {@code at} on.
   */
  public void copy(int image, float[] to, int at) {
    int from = image * size();
    if (numbers.length > 0) {
      System.arraycopy(numbers, from, to, at, size());
      return;
    }
    for (int i = 0; i < size(); i++) {
      to[at + i] = (pixels[from + i] & 255) / (float) white;
    }
  }

  /** The pixels of an image, (C, H, W), 0 to 1. */
  public float[] image(int image) {
    float[] values = new float[size()];
    copy(image, values, 0);
    return values;
  }

  /** Mean and standard deviation of all pixels of the images for training. */
  public double[] moments() {
    double sum = 0;
    double squares = 0;
    long count = (long) training * size();
    for (int image = 0; image < training; image++) {
      for (float value : image(image)) {
        sum += value;
        squares += (double) value * value;
      }
    }
    double mean = sum / count;
    return new double[] {mean, Math.sqrt(Math.max(0, squares / count - mean * mean))};
  }
}
