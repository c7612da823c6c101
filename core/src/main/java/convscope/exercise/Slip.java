package convscope.exercise;

import convscope.param.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A well-known slip, and what it makes of a part's answer.
 *
 * @param name what was done wrong, as it completes “Here … gives the same”: {@code forgetting the
 *     floor}
 * @param value the answer of somebody who does this and nothing else wrong
 * @param why what was done, in the numbers of the question, and what is right instead: one or two
 *     sentences, as HTML
 */
public record Slip(String name, Answer value, String why) {
  /**
   * Every slip of a kind, and every pair of them, each with the answer that it leads to. Those that
   * lead nowhere (their value is null) are left out.
   *
   * @param kinds the slips, the likeliest first
   * @param value the answer of somebody who makes these, or null where they make no sense here
   * @param name of a slip, see {@link #name}
   * @param why of a slip and the answer it leads to
   */
  public static <E extends Enum<E>> List<Slip> of(
      E[] kinds,
      Function<Set<E>, @Nullable Answer> value,
      Function<E, String> name,
      BiFunction<E, Answer, String> why) {
    List<Slip> slips = new ArrayList<>();
    for (E kind : kinds) {
      Answer answer = value.apply(Set.of(kind));
      if (answer != null) {
        slips.add(new Slip(name.apply(kind), answer, why.apply(kind, answer)));
      }
    }
    for (int a = 0; a < kinds.length; a++) {
      for (int b = a + 1; b < kinds.length; b++) {
        Answer answer = value.apply(new TreeSet<>(List.of(kinds[a], kinds[b])));
        if (answer != null) {
          String both = name.apply(kinds[a]) + " and " + name.apply(kinds[b]);
          String told =
              "Two slips at once. "
                  + why.apply(kinds[a], answer)
                  + " "
                  + why.apply(kinds[b], answer);
          slips.add(new Slip(both, answer, told));
        }
      }
    }
    return slips;
  }
}
