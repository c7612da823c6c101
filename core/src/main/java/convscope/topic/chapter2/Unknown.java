package convscope.topic.chapter2;

import convscope.param.ChoiceParam;
import java.util.ArrayList;
import java.util.List;

/** The quantity that is wanted; the others are given. */
enum Unknown {
  OUT("Output size", "", "output size", 1, 32),
  IN("Input size", "H", "input size", 1, 16),
  KERNEL("Kernel K", "K", "kernel", 1, 7),
  STRIDE("Stride S", "S", "stride", 1, 4),
  PADDING("Padding P", "P", "padding", 0, 4),
  DILATION("Dilation D", "D", "dilation", 1, 3),
  PADDING_STRIDE("Padding P and stride S", "PS", "padding and stride", 0, 4);

  final String label;
  final String letters; // in the relation
  final String words;
  final int least;
  final int most;

  Unknown(String label, String letters, String words, int least, int most) {
    this.label = label;
    this.letters = letters;
    this.words = words;
    this.least = least;
    this.most = most;
  }

  /** The names of all unknowns but these: where a quantity is given. */
  static String[] without(Unknown... left) {
    List<String> names = new ArrayList<>();
    for (Unknown unknown : values()) {
      if (!List.of(left).contains(unknown)) {
        names.add(ChoiceParam.text(unknown));
      }
    }
    return names.toArray(new String[0]);
  }

  /** Whether height and width may have different ones. */
  boolean perAxis() {
    return this == IN || this == KERNEL;
  }

  /** Whether the padding is sought, alone or with the stride. */
  boolean isPadding() {
    return this == PADDING || this == PADDING_STRIDE;
  }
}
