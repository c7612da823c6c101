package convscope.exercise;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import com.eclipsesource.json.ParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a student hands in: name, assignment, and for each question the answers and how they came
 * about. As a file it is JSON, as a code the same in letters that survive a mail. Both carry a sum
 * that tells whether they arrived whole and unchanged; it is no secret, so it tells no more.
 *
 * @param assignment as its query
 * @param name the student's
 * @param works one for each question, in order
 */
public record HandIn(String assignment, String name, List<Work> works) {
  private static final String KIND = "hand-in";
  private static final String CODE = "convscope1.";
  private static final int LONGEST = 1_000_000; // characters
  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"; // base64url, RFC 4648

  /**
   * What was done about one question.
   *
   * @param answers texts by part
   * @param attempts how often the checker was asked
   * @param hints how many hints were shown
   */
  public record Work(Map<String, String> answers, int attempts, int hints) {}

  /** As a file. */
  public String file() {
    JsonArray list = new JsonArray();
    for (Work work : works) {
      JsonObject answers = Json.object();
      work.answers().forEach(answers::add);
      list.add(
          Json.object()
              .add("answers", answers)
              .add("attempts", work.attempts())
              .add("hints", work.hints()));
    }
    return Json.object()
        .add("convscope", KIND)
        .add("version", 1)
        .add("assignment", assignment)
        .add("name", name)
        .add("works", list)
        .add("sum", sum())
        .toString();
  }

  /** As a code. */
  public String code() {
    StringBuilder out = new StringBuilder(CODE);
    int bits = 0;
    int held = 0;
    for (char c : file().toCharArray()) {
      for (int octet : utf8(c)) {
        bits = bits << 8 | octet;
        held += 8;
        while (held >= 6) {
          held -= 6;
          out.append(LETTERS.charAt(bits >> held & 63));
        }
      }
    }
    if (held > 0) {
      out.append(LETTERS.charAt(bits << (6 - held) & 63));
    }
    return out.toString();
  }

  /**
   * A UTF-16 unit in the manner of UTF-8, surrogates each by itself: it need only read back here.
   */
  private static int[] utf8(char c) {
    return c < 0x80
        ? new int[] {c}
        : c < 0x800
            ? new int[] {0xc0 | c >> 6, 0x80 | c & 63}
            : new int[] {0xe0 | c >> 12, 0x80 | c >> 6 & 63, 0x80 | c & 63};
  }

  private String sum() {
    StringBuilder all = new StringBuilder();
    all.append(assignment).append('\n').append(name);
    for (Work work : works) {
      work.answers()
          .forEach((part, text) -> all.append('\n').append(part).append('=').append(text));
      all.append('\n').append(work.attempts()).append(' ').append(work.hints());
    }
    return Long.toHexString(Exercise.hash(all.toString()));
  }

  /**
   * Reads a file or a code.
   *
   * @throws IllegalArgumentException that says what is wrong with it
   */
  public static HandIn read(String text) {
    String bare = text.trim();
    if (bare.length() > LONGEST) {
      throw new IllegalArgumentException("it is too long to be work that was handed in");
    }
    String json = bare.startsWith(CODE) ? decoded(bare.substring(CODE.length())) : bare;
    JsonObject object;
    try {
      object = Json.parse(json).asObject();
    } catch (ParseException | UnsupportedOperationException e) {
      throw new IllegalArgumentException(
          bare.startsWith("{") || bare.startsWith(CODE)
              ? "it breaks off or is damaged; ask for it again"
              : "it is not work that was handed in from Convscope",
          e);
    }
    if (!text(object, "convscope").equals(KIND)) {
      throw new IllegalArgumentException("it is not work that was handed in from Convscope");
    }
    if (whole(object, "version") != 1) {
      throw new IllegalArgumentException("it comes from another version of Convscope");
    }
    List<Work> works = new ArrayList<>();
    JsonValue list = object.get("works");
    if (list != null && list.isArray()) {
      for (JsonValue value : list.asArray()) {
        works.add(work(value));
      }
    }
    HandIn in = new HandIn(text(object, "assignment"), text(object, "name"), works);
    if (!in.sum().equals(text(object, "sum"))) {
      throw new IllegalArgumentException("it was changed after it was handed in");
    }
    return in;
  }

  private static Work work(JsonValue value) {
    JsonObject work = value.isObject() ? value.asObject() : Json.object();
    Map<String, String> answers = new LinkedHashMap<>();
    JsonValue all = work.get("answers");
    if (all != null && all.isObject()) {
      for (JsonObject.Member member : all.asObject()) {
        answers.put(member.getName(), text(all.asObject(), member.getName()));
      }
    }
    return new Work(answers, whole(work, "attempts"), whole(work, "hints"));
  }

  private static int whole(JsonObject object, String name) {
    JsonValue value = object.get(name);
    double number = value != null && value.isNumber() ? value.asDouble() : 0;
    return number == (int) number ? (int) number : 0;
  }

  private static String text(JsonObject object, String name) {
    JsonValue value = object.get(name);
    return value != null && value.isString() ? value.asString() : "";
  }

  private static String decoded(String code) {
    StringBuilder out = new StringBuilder();
    int bits = 0;
    int held = 0;
    int unit = 0;
    int more = 0; // octets of the unit still to come
    for (char c : code.toCharArray()) {
      int value = LETTERS.indexOf(c);
      if (value < 0) {
        if (c == '\n' || c == '\r' || c == ' ') {
          continue; // a mail has wrapped it
        }
        throw new IllegalArgumentException("it is damaged at “" + c + "”; ask for it again");
      }
      bits = bits << 6 | value;
      held += 6;
      if (held >= 8) {
        held -= 8;
        int octet = bits >> held & 0xff;
        if (more == 0) {
          more = octet < 0x80 ? 0 : octet < 0xe0 ? 1 : 2;
          unit = more == 0 ? octet : more == 1 ? octet & 31 : octet & 15;
        } else {
          unit = unit << 6 | octet & 63;
          more--;
        }
        if (more == 0) {
          out.append((char) unit);
        }
      }
    }
    return out.toString();
  }
}
