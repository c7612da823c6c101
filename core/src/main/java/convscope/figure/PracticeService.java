package convscope.figure;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import com.eclipsesource.json.ParseException;
import convscope.exercise.Assignment;
import convscope.exercise.Exercise;
import convscope.exercise.Exercises;
import convscope.exercise.Grades;
import convscope.exercise.HandIn;
import convscope.exercise.Question;
import convscope.exercise.Verdict;
import convscope.param.Answer;
import convscope.param.ChoiceParam;
import convscope.param.Param;
import convscope.param.QueryString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Answers a host page's requests about exercises. Everything is in the request: the seed gives the
 * numbers, so nothing is kept.
 *
 * <p>Requests are JSON objects with an {@code op}, and most with {@code exercise}, {@code seed}
 * (any text) and {@code level} (from 1):
 *
 * <ul>
 *   <li>{@code exercise}: the question. The answer has {@code html}, {@code title}, {@code level},
 *       {@code levels} (what each asks) and {@code topic}.
 *   <li>{@code check}: what is said to {@code answers}, texts by part. The answer has {@code marks}
 *       ({@code part}, {@code state}, {@code text}, {@code entry}, {@code slip}), {@code points},
 *       {@code most}, {@code right} and {@code first}, the part of the first wrong step.
 *   <li>{@code read}: {@code text} as the answer to {@code part}: its {@code values}, an array,
 *       empty if it cannot be read.
 *   <li>{@code hint}: hint {@code n}, from 0; {@code html} and {@code last}.
 *   <li>{@code solution}: {@code html}, and the figure that plays it: {@code topic} and {@code
 *       query}.
 *   <li>{@code assignment}: what the {@code query} of an assignment sets for a student of this
 *       {@code name}: {@code title}, {@code due}, {@code each}, {@code hints}, the whole {@code
 *       query}, and {@code tasks} ({@code exercise}, {@code title}, {@code level}, {@code seed},
 *       {@code most}).
 *   <li>{@code hand-in}: {@code query}, {@code name} and {@code works} ({@code answers}, {@code
 *       attempts}, {@code hints}) as a {@code file} and as a {@code code}.
 *   <li>{@code grade}: grades {@code files} ({@code source}, {@code text}) against the assignment
 *       {@code query}: {@code titles} and {@code most} by question, {@code total}, {@code rows},
 *       {@code troubles}, {@code csv}.
 * </ul>
 *
 * <p>Two are about the questions of a chapter, whose figures compute what is right:
 *
 * <ul>
 *   <li>{@code judge}: what is said to {@code text}, see {@link Asking}.
 *   <li>{@code draw}: parameters of a figure from a {@code seed}; {@code draw} is a query with gaps
 *       as {@code kernel={2..5}&mode={zeros|reflect}}. The answer has {@code states}, candidates of
 *       which the first that fits counts.
 * </ul>
 *
 * An answer to anything unreadable has only {@code error}.
 */
public final class PracticeService {
  private static final int CANDIDATES = 100; // of which one at least should fit a figure

  /** Answers one request; never throws for what a request holds. */
  public Reply handle(String request) {
    JsonObject answer;
    try {
      JsonObject object = Json.parse(request).asObject();
      answer = answer(object);
    } catch (ParseException | UnsupportedOperationException | IllegalArgumentException e) {
      String message = e.getMessage();
      answer = Json.object().add("error", message == null ? "the request is unreadable" : message);
    }
    return new Reply(answer.toString(), new byte[0]);
  }

  private static JsonObject answer(JsonObject request) {
    String op = request.getString("op", "");
    switch (op) {
      case "assignment":
        return assignment(
            Assignment.of(request.getString("query", "")), request.getString("name", ""));
      case "hand-in":
        return handIn(request);
      case "grade":
        return grade(request);
      case "judge":
        return new Asking(request).verdict(request.getString("text", ""));
      case "draw":
        return draw(request.getString("draw", ""), request.getString("seed", ""));
      default:
        break; // about one question
    }
    Exercise exercise = Exercises.get(request.getString("exercise", ""));
    String seed = request.getString("seed", "");
    int level = request.getInt("level", 1);
    Question question = exercise.question(seed, level);
    return switch (op) {
      case "exercise" -> exercise(exercise, seed, level);
      case "check" -> check(question, texts(request));
      case "read" -> read(question, request.getString("part", ""), request.getString("text", ""));
      case "hint" -> hint(question, request.getInt("n", 0));
      case "solution" -> solution(exercise, question);
      default ->
          throw new IllegalArgumentException(
              "op: “"
                  + op
                  + "” is not known; use exercise, check, read, hint, solution, assignment, hand-in,"
                  + " grade, judge or draw");
    };
  }

  private static JsonObject assignment(Assignment assignment, String name) {
    JsonArray tasks = new JsonArray();
    for (Assignment.Task task : assignment.tasks(name)) {
      tasks.add(
          Json.object()
              .add("exercise", task.exercise())
              .add("title", Exercises.get(task.exercise()).title())
              .add("level", task.level())
              .add("seed", task.seed())
              .add("most", task.question().parts().size()));
    }
    return Json.object()
        .add("title", assignment.title())
        .add("due", assignment.due())
        .add("each", assignment.each())
        .add("hints", assignment.hints())
        .add("query", assignment.query())
        .add("tasks", tasks);
  }

  private static JsonObject handIn(JsonObject request) {
    Assignment assignment = Assignment.of(request.getString("query", ""));
    List<HandIn.Work> works = new ArrayList<>();
    for (JsonValue value : list(request, "works")) {
      JsonObject work = value.asObject();
      works.add(new HandIn.Work(texts(work), work.getInt("attempts", 0), work.getInt("hints", 0)));
    }
    HandIn in = new HandIn(assignment.query(), request.getString("name", "").trim(), works);
    return Json.object().add("file", in.file()).add("code", in.code());
  }

  private static JsonObject grade(JsonObject request) {
    Grades grades = new Grades(Assignment.of(request.getString("query", "")));
    for (JsonValue value : list(request, "files")) {
      JsonObject file = value.asObject();
      grades.add(file.getString("source", ""), file.getString("text", ""));
    }
    JsonArray rows = new JsonArray();
    for (Grades.Row row : grades.rows()) {
      JsonArray points = new JsonArray();
      row.points().forEach(points::add);
      rows.add(
          Json.object()
              .add("name", row.name())
              .add("source", row.source())
              .add("points", points)
              .add("total", row.total())
              .add("attempts", row.attempts())
              .add("hints", row.hints()));
    }
    JsonArray troubles = new JsonArray();
    for (Grades.Trouble trouble : grades.troubles()) {
      troubles.add(Json.object().add("source", trouble.source()).add("text", trouble.text()));
    }
    JsonArray titles = new JsonArray();
    grades.titles().forEach(titles::add);
    JsonArray most = new JsonArray();
    grades.most().forEach(most::add);
    return Json.object()
        .add("titles", titles)
        .add("most", most)
        .add("total", grades.total())
        .add("rows", rows)
        .add("troubles", troubles)
        .add("csv", grades.csv());
  }

  private static JsonObject exercise(Exercise exercise, String seed, int level) {
    JsonArray levels = new JsonArray();
    exercise.levels().forEach(levels::add);
    return Json.object()
        .add("html", ExerciseHtml.of(exercise, seed, level))
        .add("title", exercise.title())
        .add("level", level)
        .add("levels", levels)
        .add("topic", exercise.topic());
  }

  private static JsonObject check(Question question, Map<String, String> texts) {
    Verdict verdict = Verdict.of(question, texts);
    JsonArray marks = new JsonArray();
    for (Verdict.Mark mark : verdict.marks()) {
      marks.add(
          Json.object()
              .add("part", mark.part())
              .add("state", ChoiceParam.text(mark.state()))
              .add("text", mark.text())
              .add("entry", mark.entry())
              .add("slip", mark.slip()));
    }
    Verdict.Mark first = verdict.first();
    return Json.object()
        .add("marks", marks)
        .add("points", verdict.points())
        .add("most", question.parts().size())
        .add("right", verdict.right())
        .add("first", first == null ? "" : first.part());
  }

  private static JsonObject draw(String template, String seed) {
    Draw draw = new Draw(template, seed);
    JsonArray states = new JsonArray();
    for (int n = 0; n < CANDIDATES; n++) {
      JsonObject state = Json.object();
      draw.next().forEach(state::add);
      states.add(state);
    }
    return Json.object().add("states", states);
  }

  private static JsonObject read(Question question, String name, String text) {
    Param<?> param = question.schema().param(name);
    JsonArray values = new JsonArray();
    if (param.parse(text) instanceof Optional<?> read
        && read.orElse(null) instanceof Answer given) {
      for (double value : given.values()) {
        values.add(value);
      }
    }
    return Json.object().add("values", values);
  }

  private static JsonObject hint(Question question, int n) {
    int count = question.hints().size();
    if (n < 0 || n >= count) {
      throw new IllegalArgumentException(
          "hint: there is no hint " + n + "; use 0 to " + (count - 1));
    }
    return Json.object().add("html", question.hints().get(n)).add("last", n == count - 1);
  }

  private static JsonObject solution(Exercise exercise, Question question) {
    return Json.object()
        .add("html", ExerciseHtml.solution(exercise, question))
        .add("topic", exercise.topic(question))
        .add("query", QueryString.write(question.figure()));
  }

  private static JsonArray list(JsonObject request, String name) {
    JsonValue list = request.get(name);
    return list == null ? new JsonArray() : list.asArray();
  }

  private static Map<String, String> texts(JsonObject request) {
    Map<String, String> texts = new HashMap<>();
    JsonValue answers = request.get("answers");
    if (answers != null) {
      for (JsonObject.Member member : answers.asObject()) {
        texts.put(member.getName(), member.getValue().asString());
      }
    }
    return texts;
  }
}
