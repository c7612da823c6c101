package convscope.topic.chapter2;

/** A well-known slip in the output size. */
enum Mistake {
  NONE("none", "None", ""),
  PLUS_ONE("plus-one", "Forget the + 1", "without the + 1"),
  FLOOR("floor", "Round the other way", "rounded the other way"),
  DILATION("dilation", "Count K, not D(K − 1) + 1", "with K for D(K − 1) + 1");

  private final String text;
  private final String label;
  private final String words;

  Mistake(String text, String label, String words) {
    this.text = text;
    this.label = label;
    this.words = words;
  }

  /** The word in URLs and attributes. */
  String text() {
    return text;
  }

  String label() {
    return label;
  }

  /** To begin a sentence with: {@code without the + 1}. */
  String words() {
    return words;
  }

  static Mistake of(String text) {
    for (Mistake mistake : values()) {
      if (mistake.text.equals(text)) {
        return mistake;
      }
    }
    throw new IllegalArgumentException("Mistake: there is no “" + text + "”");
  }
}
