package convscope.site;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fills the gaps of an HTML template: {@code {{name}}} takes text and escapes it, {@code {{&name}}}
 * takes HTML as it is.
 */
final class Template {
  private static final Pattern GAP = Pattern.compile("\\{\\{(&?)([A-Za-z][A-Za-z0-9.-]*)}}");

  private Template() {}

  /**
   * Fills every gap.
   *
   * @param name the template's file name, for the error message
   * @throws IllegalArgumentException if a gap has no value
   */
  static String fill(String name, String template, Map<String, String> values) {
    return GAP.matcher(template)
        .replaceAll(
            gap -> {
              String value = values.get(gap.group(2));
              if (value == null) {
                throw new IllegalArgumentException(
                    name
                        + ": no value for "
                        + gap.group()
                        + "; there are: "
                        + String.join(", ", values.keySet()));
              }
              return Matcher.quoteReplacement(gap.group(1).isEmpty() ? escape(value) : value);
            });
  }

  /** Text as HTML, for content and for quoted attributes. */
  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
