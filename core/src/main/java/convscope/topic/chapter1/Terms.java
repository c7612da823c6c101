package convscope.topic.chapter1;

import convscope.num.Num;
import convscope.scene.Markup;

/** A dot product written out, term by term: {@code y[0, 1] = 2·3 + −1·4 = 2}. */
final class Terms {
  private final Markup out = new Markup();
  private final int width;
  private boolean first = true;

  /**
   * @param left what the sum is, such as {@code y[0, 1]}
   * @param weights all that may stand in a term, so that every step's terms are equally wide
   * @param reads the same for what they multiply
   */
  Terms(String left, float[] weights, float[] reads) {
    width = Math.max(3, Math.min(16, widest(weights) + widest(reads) + 1));
    out.open("span").attr("class", "sum").open("span").attr("class", "left");
    out.span("b", "output", left).text(" =").close().text(" ");
  }

  private static int widest(float[] values) {
    int widest = 1;
    for (float value : values) {
      widest = Math.max(widest, value(value).length());
    }
    return widest;
  }

  /** Adds a term; the key is the cell that is lit with it. */
  Terms add(float weight, float read, String key, boolean linked) {
    out.open("span")
        .attr("class", "term w" + width + (linked ? " linked" : ""))
        .attr("data-k", key);
    out.text(first ? "" : "+ ").span("b", "kernel", value(weight)).text("·");
    out.span("b", "input", value(read)).close().text(" ");
    first = false;
    return this;
  }

  /** The whole with its sum. */
  String sum(double sum) {
    if (first) {
      out.text("0 ");
    }
    out.open("span").attr("class", "right").text("= ").span("b", "output", value(sum)).close();
    return out.close().toString();
  }

  /** Two decimals, or four for what would otherwise look like zero or nearly so. */
  static String value(double value) {
    return Num.decimal(value, Math.abs(value) < 0.095 ? 4 : 2);
  }

  /** A largest difference: whole, or with a power of ten where it is only rounding. */
  static String difference(double size) {
    return size > 0 && size < 0.01 ? Num.scientific(size, 1) : Num.cell(size);
  }
}
