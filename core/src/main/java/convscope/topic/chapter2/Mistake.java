package convscope.topic.chapter2;

/** A well-known slip in the output size. */
enum Mistake {
  NONE("None", ""),
  PLUS_ONE("Forget the + 1", "Without the + 1"),
  FLOOR("Round the other way", "Rounded the other way"),
  DILATION("Count K, not D(K − 1) + 1", "With K for D(K − 1) + 1");

  final String label;
  final String words; // to begin a sentence with

  Mistake(String label, String words) {
    this.label = label;
    this.words = words;
  }

  /** What a convention's formula does not have, so that the slip cannot be made, or nothing. */
  String absent(Convention convention) {
    return switch (this) {
      case PLUS_ONE -> convention.choosesPadding() ? "" : "no + 1 to forget";
      case DILATION -> convention.same() ? "no kernel" : "";
      case FLOOR -> convention == Convention.TRANSPOSED ? "nothing to round" : "";
      case NONE -> "";
    };
  }
}
