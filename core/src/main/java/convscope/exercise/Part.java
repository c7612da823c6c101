package convscope.exercise;

import convscope.param.Answer;
import convscope.param.AnswerParam;
import convscope.param.Param;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One field of a question: what is asked, what is right, which wrong answers are known, and how
 * each entry comes about. Parts are in the order of the work, so that the first wrong one is the
 * first wrong step.
 */
public final class Part {
  private final AnswerParam param;
  private final Answer right;
  private final List<Slip> slips = new ArrayList<>();
  private Working working = (entry, given) -> "";
  private String sized = "";
  private Function<Map<String, Answer>, @Nullable Answer> follow = earlier -> null;

  /**
   * @param param the field; its label is the question in short
   * @param right computed by the real operators
   */
  public Part(AnswerParam param, Answer right) {
    this.param = param;
    this.right = right;
  }

  /** A part that asks for a number. */
  public static Part number(String name, String label, double right) {
    return new Part(Param.answer(name, AnswerParam.Form.NUMBER).label(label), Answer.of(right));
  }

  /** Adds wrong answers that are recognised, the likeliest first. */
  public Part slips(List<Slip> known) {
    slips.addAll(known);
    return this;
  }

  /** Adds a wrong answer that is recognised, and why it is wrong, as HTML. */
  public Part slip(String name, Answer value, String why) {
    slips.add(new Slip(name, value, why));
    return this;
  }

  /** Adds a wrong number that is recognised; why it is wrong is a sentence as Prose writes it. */
  public Part slip(String name, double value, String why, Object... values) {
    slips.add(new Slip(name, Answer.of(value), Question.words(why, values)));
    return this;
  }

  /** A sentence about an entry that is wrong for no known reason. */
  @FunctionalInterface
  public interface Working {
    /**
     * @param entry its index in reading order
     * @param given what the learner has there
     * @return how the right entry comes about, or what the given one would mean, in numbers, as
     *     HTML
     */
    String of(int entry, double given);
  }

  /** Says how an entry comes about. */
  public Part working(Working sentence) {
    working = sentence;
    return this;
  }

  /** Says the same of every entry, a sentence as Prose writes it. */
  public Part working(String sentence, Object... values) {
    String said = Question.words(sentence, values);
    return working((entry, given) -> said);
  }

  /** Says what is right about the size of a matrix, for one that has another, as HTML. */
  public Part sized(String sentence) {
    sized = sentence;
    return this;
  }

  /**
   * Gives what is right from the learner's own earlier answers, so that one slip counts once; null
   * where they lead nowhere.
   *
   * @param rule from the answers to the parts before, by name
   */
  public Part follows(Function<Map<String, Answer>, @Nullable Answer> rule) {
    follow = rule;
    return this;
  }

  /** A number from earlier ones. */
  @FunctionalInterface
  public interface Rule {
    double of(double... earlier);
  }

  /** Gives what is right from the learner's own earlier numbers, once all of them are there. */
  public Part follows(Rule rule, String... names) {
    return follows(
        earlier -> {
          double[] numbers = new double[names.length];
          for (int i = 0; i < names.length; i++) {
            Answer given = earlier.get(names[i]);
            if (given == null) {
              return null;
            }
            numbers[i] = given.number();
          }
          return Answer.of(rule.of(numbers));
        });
  }

  /**
   * Where an earlier part's answer comes from a slip, gives what the same slip makes of this part:
   * the matrix that belongs to a wrong size. To be called when both parts have their slips.
   */
  public Part followsSlip(Part before) {
    return follows(
        earlier -> {
          Answer given = earlier.get(before.param.name());
          if (given == null || before.right.agrees(given)) {
            return null;
          }
          for (Slip made : before.slips) {
            Slip same = made.value().agrees(given) ? slip(made.name()) : null;
            if (same != null) {
              return same.value();
            }
          }
          return null;
        });
  }

  private @Nullable Slip slip(String name) {
    for (Slip slip : slips) {
      if (slip.name().equals(name)) {
        return slip;
      }
    }
    return null;
  }

  public AnswerParam param() {
    return param;
  }

  public Answer right() {
    return right;
  }

  public List<Slip> slips() {
    return List.copyOf(slips);
  }

  String working(int entry, double given) {
    return working.of(entry, given);
  }

  String sized() {
    return sized;
  }

  @Nullable Answer follows(Map<String, Answer> earlier) {
    return follow.apply(earlier);
  }
}
