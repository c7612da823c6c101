package convscope.exercise;

import convscope.tensor.Rng;
import java.util.List;

/**
 * A practice problem: a pure function from a seed and a level to a question. Its numbers are the
 * same for a seed everywhere, so a class can share them and a grader can draw them again.
 */
public interface Exercise {
  /** The name in addresses and in {@code <conv-scope exercise="…">}. */
  String slug();

  /** Its heading. */
  String title();

  /** What it asks, in one sentence. */
  String about();

  /**
   * The slug of the topic that teaches it, whose figure plays the solution; empty while the course
   * has none.
   */
  String topic();

  /** What each level asks, in a few words, the easiest first; at least two. */
  List<String> levels();

  /**
   * A question.
   *
   * @param random draws its numbers
   * @param level from 1 to the number of levels
   */
  Question question(Rng random, int level);

  /** The question of a seed, which is any text: a number, a class's name, a student's. */
  default Question question(String seed, int level) {
    if (level < 1 || level > levels().size()) {
      throw new IllegalArgumentException(
          slug() + ": there is no level " + level + "; use 1 to " + levels().size());
    }
    return question(new Rng(hash(slug() + "/" + level + "/" + seed)), level);
  }

  /** The slug of the topic whose figure plays the solution of this question. */
  default String topic(Question question) {
    return question.topic().isEmpty() ? topic() : question.topic();
  }

  /** FNV-1a (Fowler, Noll &amp; Vo) over the text's UTF-16 units, 64 bits. */
  static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      hash = (hash ^ (c & 0xff)) * 0x100000001b3L;
      hash = (hash ^ (c >> 8)) * 0x100000001b3L;
    }
    return hash;
  }
}
