package convscope.param;

import java.nio.charset.StandardCharsets;
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

  private static void encode(String text, StringBuilder out) {
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b > 0 && PLAIN.indexOf((char) b) >= 0) {
        out.append((char) b);
      } else {
        out.append('%').append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
      }
    }
  }
}
