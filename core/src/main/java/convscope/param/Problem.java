package convscope.param;

import org.jspecify.annotations.Nullable;

/**
 * What is wrong with what the reader gave, in one sentence with the values and the remedy.
 *
 * @param param the parameter's name, or the empty string if several together are wrong
 * @param text the sentence
 */
public record Problem(String param, String text) {
  /** A problem with a parameter, or null if there is no text. */
  public static @Nullable Problem of(String param, @Nullable String text) {
    return text == null ? null : new Problem(param, text);
  }
}
