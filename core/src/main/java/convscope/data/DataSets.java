package convscope.data;

import java.util.ArrayList;
import java.util.List;

/** The data sets that ship with the site, from the bytes of their files. See NOTICE. */
public final class DataSets {
  /** How many images of MNIST's and Fashion-MNIST's part are for training; 2,000 are held out. */
  public static final int TRAINING = 8000;

  /** How many of the 1,797 small digits are for training; 297 are held out. */
  public static final int SMALL_TRAINING = 1500;

  private static final int IMAGES_MAGIC = 0x803;
  private static final int LABELS_MAGIC = 0x801;
  private static final int WHITE = 255;
  private static final List<String> FASHION =
      List.of(
          "T-shirt",
          "Trousers",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot");

  private DataSets() {}

  /** A part of MNIST: 10,000 digits, 28 × 28; from the files mnist-images and mnist-labels. */
  public static DataSet mnist(byte[] images, byte[] labels) {
    return idx("MNIST", images, labels, TRAINING, digitNames());
  }

  /** The few digits of figures as a set; none of them is for training, whatever it says. */
  public static DataSet heldOut(HeldOutDigits digits) {
    int side = HeldOutDigits.SIDE;
    float[] pixels = new float[digits.count() * side * side];
    int[] labels = new int[digits.count()];
    for (int digit = 0; digit < labels.length; digit++) {
      System.arraycopy(digits.image(digit), 0, pixels, digit * side * side, side * side);
      labels[digit] = digits.label(digit);
    }
    return new DataSet("digits", 1, side, side, pixels, labels, labels.length, digitNames());
  }

  /** Fashion-MNIST's test images; from the files fashion-images and fashion-labels. */
  public static DataSet fashion(byte[] images, byte[] labels) {
    return idx("Fashion-MNIST", images, labels, TRAINING, FASHION);
  }

  /** 1,797 digits, 8 × 8, values 0 to 16; from the file digits: lines of 64 values and a label. */
  public static DataSet digits(byte[] csv) {
    int side = Digits.SIDE;
    int values = 0;
    for (byte c : csv) {
      values += c == ',' || c == '\n' ? 1 : 0;
    }
    int width = side * side + 1;
    if (values % width != 0) {
      throw new IllegalArgumentException(
          "digits: " + values + " values; give lines of " + width + ", each ended by a line feed");
    }
    byte[] pixels = new byte[values / width * side * side];
    int[] labels = new int[values / width];
    int value = 0;
    int at = 0;
    for (byte c : csv) {
      if (c >= '0' && c <= '9') {
        value = 10 * value + c - '0';
      } else if (c == ',' || c == '\n') {
        if (at % width == width - 1) {
          labels[at / width] = value;
        } else {
          pixels[at / width * side * side + at % width] = (byte) value;
        }
        value = 0;
        at++;
      }
    }
    int training = Math.min(SMALL_TRAINING, labels.length);
    return new DataSet("digits", 1, side, side, pixels, 16, labels, training, digitNames());
  }

  private static List<String> digitNames() {
    List<String> names = new ArrayList<>();
    for (int digit = 0; digit < 10; digit++) {
      names.add(String.valueOf(digit));
    }
    return names;
  }

  /** Images and labels in the IDX format: big-endian sizes, then bytes. */
  static DataSet idx(
      String name, byte[] images, byte[] labels, int training, List<String> classes) {
    header(name + " images", images, IMAGES_MAGIC, 16);
    header(name + " labels", labels, LABELS_MAGIC, 8);
    int count = number(images, 4);
    int height = number(images, 8);
    int width = number(images, 12);
    if (number(labels, 4) != count || labels.length != 8 + count) {
      throw new IllegalArgumentException(
          name + ": " + number(labels, 4) + " labels for " + count + " images; give one for each");
    }
    byte[] pixels = new byte[images.length - 16];
    System.arraycopy(images, 16, pixels, 0, pixels.length);
    int[] classOf = new int[count];
    for (int i = 0; i < count; i++) {
      classOf[i] = labels[8 + i] & 255;
    }
    return new DataSet(
        name, 1, height, width, pixels, WHITE, classOf, Math.min(training, count), classes);
  }

  private static void header(String name, byte[] bytes, int magic, int length) {
    if (bytes.length < length || number(bytes, 0) != magic) {
      throw new IllegalArgumentException(
          name + ": these are no bytes of an IDX file of its kind; give the unpacked file");
    }
  }

  private static int number(byte[] bytes, int at) {
    return (bytes[at] & 255) << 24
        | (bytes[at + 1] & 255) << 16
        | (bytes[at + 2] & 255) << 8
        | bytes[at + 3] & 255;
  }
}
