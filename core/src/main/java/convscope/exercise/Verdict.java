package convscope.exercise;

import convscope.num.Num;
import convscope.param.Answer;
import convscope.param.AnswerParam;
import convscope.param.Problem;
import convscope.scene.Markup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the checker says to an answer.
 *
 * @param marks one for each part, in order
 * @param points parts that are right, or right from earlier ones that are not
 */
public record Verdict(List<Mark> marks, int points) {
  /** How a part stands. */
  public enum State {
    /** As it should be. */
    RIGHT,
    /** Wrong only because an earlier part is: it follows from the learner's own numbers. */
    FOLLOWS,
    WRONG,
    /** Not answered. */
    EMPTY,
    /** Not of the form that is asked. */
    UNREADABLE
  }

  /**
   * What is said about a part.
   *
   * @param text as HTML; empty where there is nothing to say
   * @param entry the index of the first wrong entry, or −1
   * @param slip the name of the slip that was recognised, or empty
   */
  public record Mark(String part, State state, String text, int entry, String slip) {}

  /** Whether every part is right. */
  public boolean right() {
    return marks.stream().allMatch(mark -> mark.state() == State.RIGHT);
  }

  /** The first part that is not right, which is the first wrong step; null if all are. */
  public @Nullable Mark first() {
    return marks.stream()
        .filter(mark -> mark.state() != State.RIGHT && mark.state() != State.FOLLOWS)
        .findFirst()
        .orElse(null);
  }

  /**
   * Checks answers.
   *
   * @param texts what the learner wrote, by the part's name
   */
  public static Verdict of(Question question, Map<String, String> texts) {
    List<Mark> marks = new ArrayList<>();
    Map<String, Answer> earlier = new HashMap<>();
    int points = 0;
    for (Part part : question.parts()) {
      String name = part.param().name();
      String text = texts.getOrDefault(name, "");
      Optional<Answer> answer = part.param().parse(text);
      Mark mark;
      if (answer == null) {
        Problem problem = part.param().problemWith(text);
        String words = problem == null ? "" : problem.text();
        int end = words.lastIndexOf("; using");
        String said = words.substring(words.indexOf(':') + 2, end < 0 ? words.length() : end);
        mark = new Mark(name, State.UNREADABLE, Markup.escaped(said) + ".", -1, "");
      } else if (answer.isEmpty()) {
        mark = new Mark(name, State.EMPTY, "", -1, "");
      } else {
        mark = marked(part, answer.get(), earlier);
        earlier.put(name, answer.get());
      }
      points += mark.state() == State.RIGHT || mark.state() == State.FOLLOWS ? 1 : 0;
      marks.add(mark);
    }
    return new Verdict(List.copyOf(marks), points);
  }

  private static Mark marked(Part part, Answer given, Map<String, Answer> earlier) {
    String name = part.param().name();
    Answer right = part.right();
    if (right.agrees(given)) {
      return new Mark(name, State.RIGHT, luck(part), -1, "");
    }
    Answer follows = part.follows(earlier);
    if (follows != null && follows.agrees(given)) {
      String text = "This follows from what you have above; put that right, and this changes too.";
      return new Mark(name, State.FOLLOWS, text, -1, "");
    }
    int entry = right.firstApart(given);
    for (Slip slip : part.slips()) {
      if (slip.value().agrees(given)) {
        return new Mark(name, State.WRONG, slip.why(), entry, slip.name());
      }
    }
    return new Mark(name, State.WRONG, unknown(part, given, entry), entry, "");
  }

  /** Slips that lead to the right answer here: whoever made one is right by luck. */
  private static String luck(Part part) {
    List<String> lucky = new ArrayList<>();
    for (Slip slip : part.slips()) {
      if (part.right().agrees(slip.value()) && !slip.why().startsWith("Two slips")) {
        lucky.add(slip.name());
      }
    }
    return lucky.isEmpty()
        ? ""
        : "With these numbers, " + String.join(" or ", lucky) + " would give the same by luck.";
  }

  private static String unknown(Part part, Answer given, int entry) {
    AnswerParam param = part.param();
    Answer right = part.right();
    if (given.rows() != right.rows() || given.columns() != right.columns()) {
      return "Yours is " + Num.size(given.rows(), given.columns()) + ". " + part.sized();
    }
    String working = part.working(entry, given.values()[entry]);
    if (right.values().length == 1) {
      return working;
    }
    String place = place(param, right, entry);
    String shown = param.shown(given, entry);
    for (Slip slip : part.slips()) { // made in this entry alone
      if (slip.value().values().length == right.values().length
          && entry(slip.value(), entry).agrees(entry(given, entry))) {
        return place + ": " + shown + " is what " + slip.name() + " gives. " + working;
      }
    }
    return place + ": not " + shown + ". " + working;
  }

  private static Answer entry(Answer answer, int index) {
    return Answer.of(answer.values()[index]);
  }

  private static String place(AnswerParam param, Answer right, int entry) {
    return switch (param.form()) {
      case ORDER -> "Place " + (entry + 1);
      case SHAPE -> "Side " + (entry + 1);
      default ->
          right.rows() == 1
              ? "Entry " + (entry + 1)
              : "Row "
                  + (entry / right.columns() + 1)
                  + ", column "
                  + (entry % right.columns() + 1);
    };
  }
}
