package convscope.topic;

import convscope.param.Answer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What can be asked of a result, by name: numbers and shapes; matrices whose cells are 1 where they
 * are asked for and 0 elsewhere; and for choices what holds. All come from the operators. A result
 * that shows a mistake also has what the mistake gives.
 */
public final class Answers {
  private final Map<String, Answer> right = new LinkedHashMap<>();
  private final Map<String, Answer> wrong = new LinkedHashMap<>();

  public static Answers of(String name, double number) {
    return new Answers().and(name, number);
  }

  public static Answers of(String name, boolean holds) {
    return new Answers().and(name, holds);
  }

  public static Answers of(String name, Answer answer) {
    return new Answers().and(name, answer);
  }

  public Answers and(String name, double number) {
    return and(name, Answer.of(number));
  }

  public Answers and(String name, boolean holds) {
    return and(name, holds ? 1 : 0);
  }

  public Answers and(String name, Answer answer) {
    right.put(name, answer);
    return this;
  }

  /** A number that is wrong if the result shows a mistake, and right otherwise. */
  public Answers claim(String name, double number, boolean mistaken) {
    return mistaken ? wrong(name, number) : and(name, number);
  }

  /** What the mistake that the result shows makes of an answer. */
  public Answers wrong(String name, double number) {
    return wrong(name, Answer.of(number));
  }

  /** The same of a shape or a matrix. */
  public Answers wrong(String name, Answer answer) {
    wrong.put(name, answer);
    return this;
  }

  public Map<String, Answer> right() {
    return right;
  }

  public Map<String, Answer> wrong() {
    return wrong;
  }
}
