package convscope.exercise;

import convscope.param.Answer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * The right answers, from what a question gives and nothing else: naive counting and loops that
 * share no code with the exercises. Texts by part.
 */
final class Oracles {
  private static final Map<String, Function<Given, Map<String, String>>> ALL =
      new LinkedHashMap<>();

  static {
    ALL.put("output-size", Oracles::outputSize);
  }

  private Oracles() {}

  /** What a question gives, by name. */
  record Given(Map<String, Answer> all) {
    int whole(String name) {
      return (int) matrix(name).number();
    }

    boolean has(String name) {
      return all.containsKey(name);
    }

    Answer matrix(String name) {
      return Objects.requireNonNull(all.get(name), name);
    }
  }

  static Map<String, String> answers(Exercise exercise, Question question) {
    return Objects.requireNonNull(ALL.get(exercise.slug()), "an oracle")
        .apply(new Given(question.given()));
  }

  /** Walks the window over the padded input and counts where it fits. */
  private static Map<String, String> outputSize(Given given) {
    int rows = stops(given, "H", "K");
    return Map.of(
        "out", given.has("W") ? "(" + rows + ", " + stops(given, "W", "K_w") + ")" : rows + "");
  }

  private static int stops(Given given, String size, String kernel) {
    int count = 0;
    int padded = given.whole(size) + given.whole("P") + given.whole("P");
    for (int at = 0; at < padded; at += given.whole("S")) {
      int last = at;
      for (int tap = 1; tap < given.whole(kernel); tap++) {
        last += given.whole("D");
      }
      count += last < padded ? 1 : 0;
    }
    return count;
  }
}
