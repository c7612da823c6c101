package convscope.param;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes and reads {@code name=value&…} with the characters that URLs reserve percent-encoded (RFC
 * 3986).
 */
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

  /** The pairs in their order; of those with one name, the last. A + is a blank. */
  public static Map<String, String> read(String query) {
    Map<String, String> pairs = new LinkedHashMap<>();
    int from = query.startsWith("?") ? 1 : 0;
    while (from < query.length()) {
      int end = query.indexOf('&', from);
      String pair = query.substring(from, end < 0 ? query.length() : end);
      int equals = pair.indexOf('=');
      if (!pair.isEmpty()) {
        String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
        pairs.put(name, equals < 0 ? "" : decoded(pair.substring(equals + 1)));
      }
      from = end < 0 ? query.length() : end + 1;
    }
    return pairs;
  }

  private static String decoded(String text) {
    StringBuilder out = new StringBuilder();
    int point = 0;
    int more = 0; // octets of the point still to come
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int octet = c == '%' && i + 2 < text.length() ? octet(text, i + 1) : -1;
      if (octet < 0) {
        out.append(c == '+' ? ' ' : c);
        continue;
      }
      i += 2;
      if ((octet & 0xc0) == 0x80 && more > 0) {
        point = point << 6 | octet & 63;
        more--;
      } else {
        more = octet < 0x80 ? 0 : octet < 0xe0 ? 1 : octet < 0xf0 ? 2 : 3;
        point = more == 0 ? octet : octet & 63 >> more;
      }
      if (more == 0 && point < 0x110000) {
        out.appendCodePoint(point);
      }
    }
    return out.toString();
  }

  private static int octet(String text, int at) {
    int high = digit(text.charAt(at));
    int low = digit(text.charAt(at + 1));
    return high < 0 || low < 0 ? -1 : 16 * high + low;
  }

  private static int digit(char c) {
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : HEX.indexOf(c);
  }

  private static void percent(int octet, StringBuilder out) {
    out.append('%').append(HEX.charAt(octet >> 4 & 15)).append(HEX.charAt(octet & 15));
  }
}
