package convscope.figure;

import convscope.exercise.Exercise;
import convscope.num.Num;
import convscope.tensor.Rng;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Draws parameters from a seed. Its template is a query whose values have gaps in braces: {@code
 * {2..5}} for a whole number in a range, {@code {zeros|reflect}} for one of several texts.
 */
final class Draw {
  private static final int MOST = 1_000_000;

  private final String template;
  private final Rng random;

  /**
   * @param seed any text; the same one draws the same everywhere
   */
  Draw(String template, String seed) {
    this.template = template;
    random = new Rng(Exercise.hash(seed));
  }

  /** The next texts by name, in the template’s order. */
  Map<String, String> next() {
    Map<String, String> drawn = new LinkedHashMap<>();
    int at = 0;
    while (at < template.length()) {
      int end = template.indexOf('&', at);
      end = end < 0 ? template.length() : end;
      int is = template.indexOf('=', at);
      if (is < 0 || is > end) {
        throw new IllegalArgumentException(
            "draw: “" + template.substring(at, end) + "” has no value; write name=value");
      }
      drawn.put(template.substring(at, is), filled(template.substring(is + 1, end)));
      at = end + 1;
    }
    return drawn;
  }

  private String filled(String value) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    for (int gap = value.indexOf('{'); gap >= 0; gap = value.indexOf('{', at)) {
      int end = value.indexOf('}', gap);
      if (end < 0) {
        throw new IllegalArgumentException("draw: “" + value + "” lacks a closing brace");
      }
      out.append(value, at, gap).append(one(value.substring(gap + 1, end)));
      at = end + 1;
    }
    return out.append(value.substring(at)).toString();
  }

  private static int whole(String text) {
    double value = Num.parse(text);
    if (!(Math.abs(value) <= MOST) || value != (int) value) {
      throw new IllegalArgumentException(
          "draw: “" + text + "” is no whole number from −" + MOST + " to " + MOST);
    }
    return (int) value;
  }

  private String one(String choices) {
    int dots = choices.indexOf("..");
    if (dots > 0) {
      int low = whole(choices.substring(0, dots));
      int high = whole(choices.substring(dots + 2));
      return String.valueOf(low + random.nextInt(Math.max(1, high - low + 1)));
    }
    int count = 1;
    for (int i = 0; i < choices.length(); i++) {
      count += choices.charAt(i) == '|' ? 1 : 0;
    }
    int from = 0;
    for (int n = random.nextInt(count); n > 0; n--) {
      from = choices.indexOf('|', from) + 1;
    }
    int end = choices.indexOf('|', from);
    return choices.substring(from, end < 0 ? choices.length() : end);
  }
}
