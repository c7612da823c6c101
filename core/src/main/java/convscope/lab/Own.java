package convscope.lab;

import convscope.data.DataSet;
import convscope.data.Picture;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The reader's own examples, of two to six classes. One in four of each class is held out. */
final class Own {
  static final int SIDE = 28;
  static final int MOST = 600; // examples

  private static final int HELD_OUT = 4; // one in so many
  private static final int WHITE = 255;

  private record Example(int label, float[] image) {}

  private final Map<String, Example> examples = new LinkedHashMap<>();
  private List<String> names = List.of();

  /** Names the classes; those without a name are called A, B, …. */
  void name(List<String> all) {
    names = List.copyOf(all);
  }

  String name(int label) {
    boolean named = label < names.size() && !names.get(label).isBlank();
    return named ? names.get(label).strip() : String.valueOf((char) ('A' + label));
  }

  /**
   * Adds an example under a name of its own.
   *
   * @param drawn whether it is a drawing, to be centred, else a photograph, taken whole
   */
  void add(String id, int label, Picture picture, boolean drawn) {
    if (label < 0 || label >= Setup.MOST_CLASSES) {
      throw new IllegalArgumentException(
          "own: class " + label + "; use 0 to " + (Setup.MOST_CLASSES - 1));
    }
    if (examples.size() >= MOST) {
      throw new IllegalArgumentException(
          "There are " + MOST + " examples already, as many as the lab takes; remove some first.");
    }
    float[] image = drawn ? Drawn.image(picture, SIDE, true) : whole(picture);
    if (drawn && isBlank(image)) {
      throw new IllegalArgumentException("Nothing is drawn yet; draw an example first.");
    }
    examples.put(id, new Example(label, image));
  }

  private static boolean isBlank(float[] image) {
    for (float level : image) {
      if (level > 0) {
        return false;
      }
    }
    return true;
  }

  void remove(String id) {
    examples.remove(id);
  }

  /** Grey levels 0 to 1 of a whole picture, averaged over what each pixel covers. */
  static float[] whole(Picture picture) {
    float[] grey = picture.grey();
    float[] image = new float[SIDE * SIDE];
    for (int i = 0; i < image.length; i++) {
      int top = i / SIDE * picture.height() / SIDE;
      int left = i % SIDE * picture.width() / SIDE;
      int bottom = Math.max(top + 1, (i / SIDE + 1) * picture.height() / SIDE);
      int right = Math.max(left + 1, (i % SIDE + 1) * picture.width() / SIDE);
      double sum = 0;
      for (int row = top; row < bottom; row++) {
        for (int column = left; column < right; column++) {
          sum += grey[row * picture.width() + column];
        }
      }
      image[i] = (float) (sum / (WHITE * (bottom - top) * (right - left)));
    }
    return image;
  }

  /** The images of a class, in the order in which they came. */
  List<float[]> images(int label) {
    List<float[]> all = new ArrayList<>();
    for (Example example : examples.values()) {
      if (example.label == label) {
        all.add(example.image);
      }
    }
    return all;
  }

  /** All examples as a data set. */
  DataSet data(int classes) {
    List<String> all = new ArrayList<>();
    List<float[]> images = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    List<float[]> held = new ArrayList<>();
    List<Integer> heldLabels = new ArrayList<>();
    for (int label = 0; label < classes; label++) {
      all.add(name(label));
      List<float[]> own = images(label);
      if (own.isEmpty()) {
        throw new IllegalArgumentException(
            "Class “"
                + name(label)
                + "” has no example yet; give each of the "
                + classes
                + " classes at least one.");
      }
      for (int n = 0; n < own.size(); n++) {
        boolean out = n % HELD_OUT == HELD_OUT - 1;
        (out ? held : images).add(own.get(n));
        (out ? heldLabels : labels).add(label);
      }
    }
    int training = images.size();
    images.addAll(held);
    labels.addAll(heldLabels);
    float[] pixels = new float[images.size() * SIDE * SIDE];
    int[] classOf = new int[images.size()];
    for (int n = 0; n < classOf.length; n++) {
      System.arraycopy(images.get(n), 0, pixels, n * SIDE * SIDE, SIDE * SIDE);
      classOf[n] = labels.get(n);
    }
    return new DataSet("your own classes", 1, SIDE, SIDE, pixels, classOf, training, all);
  }
}
