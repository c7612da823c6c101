package convscope.param;

import java.util.Map;

/** Writes {@code name=value&…} with the characters that URLs reserve percent-encoded (RFC 3986). */
public final class QueryString {
  private static final String PLAIN =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~,;:/";
  private static final String HEX = "0123456789ABCDEF";

  private QueryString() {}

  /** The pairs in the map's order; the empty string for an empty map. */
  public static String write(Map<String, String> pairs) {
    StringBuilder out = new StringBuilder();
    for (Map.Entry<String, String> pair : pairs.entrySet()) {
      if (!out.isEmpty()) {
        out.append('&');
      }
      encode(pair.getKey(), out);
      out.append('=');
      encode(pair.getValue(), out);
    }
    return out.toString();
  }

  /** UTF-8 by hand: the library's encoders would be a tenth of the module. */
  private static void encode(String text, StringBuilder out) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (PLAIN.indexOf(c) >= 0) {
        out.append(c);
        continue;
      }
      int point = text.codePointAt(i);
      if (point < 0x80) {
        percent(point, out);
      } else {
        int following = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
        percent((0xff00 >> following + 1 & 0xff) | point >> 6 * following, out);
        for (int n = following - 1; n >= 0; n--) {
          percent(0x80 | point >> 6 * n & 0x3f, out);
        }
        i += following == 3 ? 1 : 0; // a surrogate pair
      }
    }
  }

  private static void percent(int octet, StringBuilder out) {
    out.append('%').append(HEX.charAt(octet >> 4 & 15)).append(HEX.charAt(octet & 15));
  }
}
