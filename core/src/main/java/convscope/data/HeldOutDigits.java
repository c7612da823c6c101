package convscope.data;

/**
 * A few of the held-out MNIST digits, 28 × 28, so that a figure need not load all: at least two of
 * each class, in the order of their classes, some of which the digit reader gets wrong. The file
 * {@code digits-28} holds their images and then their labels, each in the IDX format.
 */
public final class HeldOutDigits {
  /** The name under which the host hands the file over, for a topic's {@code needs}. */
  public static final String FILE = "digits-28";

  /** Rows and columns of a digit. */
  public static final int SIDE = 28;

  private static final int IMAGES_HEADER = 16;
  private static final int LABELS_HEADER = 8;

  private final byte[] file;
  private final int count;

  /** The digits of a file's bytes, as {@link Given} has them. */
  public HeldOutDigits(byte[] file) {
    this.file = file;
    count = file.length < IMAGES_HEADER ? 0 : (file[6] & 255) << 8 | file[7] & 255;
    if (count < 1 || file.length != IMAGES_HEADER + LABELS_HEADER + count * (SIDE * SIDE + 1)) {
      throw new IllegalArgumentException(
          "HeldOutDigits: "
              + file.length
              + " bytes are no IDX images of 28 × 28 and their labels; give the file "
              + FILE);
    }
  }

  /** Those that the host handed over. */
  public static HeldOutDigits of(Given given) {
    return new HeldOutDigits(given.bytes(FILE));
  }

  public int count() {
    return count;
  }

  /** Which digit it is, 0 to 9. */
  public int label(int digit) {
    return file[file.length - count + digit];
  }

  /** Its pixels, (28, 28), 0 for the ground to 1: the same numbers as {@link DataSet#image}. */
  public float[] image(int digit) {
    float[] values = new float[SIDE * SIDE];
    for (int i = 0; i < values.length; i++) {
      values[i] = (file[IMAGES_HEADER + digit * values.length + i] & 255) / 255f;
    }
    return values;
  }
}
