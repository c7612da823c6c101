package convscope.figure;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import convscope.exercise.Part;
import convscope.exercise.Question;
import convscope.exercise.Verdict;
import convscope.num.Num;
import convscope.param.Answer;
import convscope.param.AnswerParam;
import convscope.param.AnswerParam.Form;
import convscope.param.ChoiceParam;
import convscope.param.Param;
import convscope.scene.Markup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A question about a figure: a prediction, or a self-check. What is right comes from the figure's
 * module ({@code answers} of {@link FigureService}), and so do the wrong answers that are
 * recognised: those to which the figure's own mistakes lead.
 *
 * <p>The request has {@code found}, which is that module's answer, and {@code form}:
 *
 * <ul>
 *   <li>{@code number} or {@code shape};
 *   <li>{@code cell}: row and column of one that is asked for, of which there may be several;
 *   <li>{@code choice} among {@code options}. Each has {@code words}, and either a {@code value},
 *       which is right if it is the answer, or {@code params} of its own, the states of which
 *       {@code found} has the answers: right is the one at which it is the largest. Exactly one
 *       must be right. The reader's text is the option's number, from 0.
 * </ul>
 *
 * <p>The verdict has {@code state} ({@code right}, {@code wrong}, {@code unreadable} or {@code
 * empty}), {@code text} (what is said, as HTML), {@code answer} (what is right, as text) and {@code
 * params} (the state of the figure that shows it).
 */
final class Asking {
  private static final int NAMED = 4; // of the cells that are right
  private static final AnswerParam PLAIN = Param.answer("plain", Form.GRID);

  private final String form;
  private final List<JsonObject> options = new ArrayList<>();
  private final List<Answer> answers = new ArrayList<>();
  private final JsonObject found;
  private JsonValue params;

  Asking(JsonObject request) {
    form = request.getString("form", "number");
    JsonValue given = request.get("found");
    found = given == null ? Json.object() : given.asObject();
    params = found.get("state") == null ? Json.object() : found.get("state");
    for (JsonValue answer : array(found.get("answers"))) {
      if (!answer.asString().isEmpty()) {
        answers.add(read(answer.asString()));
      }
    }
    for (JsonValue option : array(request.get("options"))) {
      options.add(option.asObject());
    }
    boolean apart = !options.isEmpty() && options.get(0).get("params") != null;
    if (answers.isEmpty() || apart && answers.size() != options.size()) {
      throw new IllegalArgumentException("judge: the figure has no answer to that at these values");
    }
  }

  private static JsonArray array(@Nullable JsonValue value) {
    return value == null ? new JsonArray() : value.asArray();
  }

  private static Answer read(String plain) {
    Optional<Answer> answer = PLAIN.parse(plain);
    if (answer == null || answer.isEmpty()) {
      throw new IllegalArgumentException("judge: “" + plain + "” is no answer");
    }
    return answer.get();
  }

  /** What is said to a reader's text, which may be empty. */
  JsonObject verdict(String text) {
    JsonObject said = form.equals("cell") ? cell(text) : part(text);
    return said.add("params", params);
  }

  private static JsonObject said(Verdict.State state, String text, String answer) {
    return Json.object()
        .add("state", ChoiceParam.text(state))
        .add("text", text)
        .add("answer", answer);
  }

  // ---- numbers, shapes and choices

  private JsonObject part(String text) {
    boolean choice = form.equals("choice");
    AnswerParam param =
        Param.answer(
            "answer", choice ? Form.CHOICE : form.equals("shape") ? Form.SHAPE : Form.NUMBER);
    for (int i = 0; i < options.size(); i++) {
      param.option(String.valueOf(i), options.get(i).getString("words", ""));
    }
    Answer right = choice ? Answer.of(chosen()) : answers.get(answers.size() - 1);
    String shown = Markup.escaped(param.shown(right));
    String is = "The figure shows " + shown + ".";
    Part part = new Part(param, right);
    JsonValue slips = found.get("wrong");
    for (JsonObject.Member wrong : choice || slips == null ? Json.object() : slips.asObject()) {
      String name = "the mistake “" + Markup.escaped(wrong.getName()) + "”";
      part.slip(name, read(wrong.getValue().asString()), "That is what " + name + " gives. " + is);
    }
    part.working(
        (entry, given) ->
            choice
                ? "No. The right answer is: " + shown + "."
                : right.values().length > 1
                    ? is
                    : "Not " + Answer.of(given).shown(0) + ": the figure shows " + shown + ".");
    Verdict.Mark mark = Verdict.of(new Question().ask(part), Map.of("answer", text)).marks().get(0);
    String words =
        mark.state() == Verdict.State.RIGHT
            ? (choice ? "Right. " : "Right: " + shown + ". ") + mark.text()
            : mark.text();
    return said(mark.state(), words.trim(), param.shown(right));
  }

  /** The number of the one option that is right; takes over its parameters. */
  private int chosen() {
    if (options.isEmpty()) {
      throw new IllegalArgumentException("judge: there are no options to choose from");
    }
    boolean states = options.get(0).get("params") != null;
    int right = 0;
    int count = 0;
    double most = 0;
    for (int i = 0; i < options.size(); i++) {
      double number =
          states
              ? answers.get(i).number()
              : answers.get(0).agrees(read(options.get(i).getString("value", ""))) ? 1 : 0;
      count = number > most ? 1 : number == most ? count + 1 : count;
      right = number > most ? i : right;
      most = Math.max(most, number);
    }
    if (count != 1 || most == 0) {
      throw new IllegalArgumentException("judge: not exactly one of the options is right");
    }
    JsonValue own = options.get(right).get("params");
    params = own == null ? params : own;
    return right;
  }

  // ---- cells

  private JsonObject cell(String text) {
    Answer cells = answers.get(answers.size() - 1);
    StringBuilder right = new StringBuilder();
    int count = 0;
    for (int n = 0; n < cells.values().length; n++) {
      if (cells.values()[n] != 0 && count++ < NAMED) {
        right.append(count == 1 ? "" : ", ").append(place(n, cells));
      }
    }
    right.append(count > NAMED ? " and " + (count - NAMED) + " more" : "");
    String answer = right.toString();
    String bare = text.trim();
    boolean named = !bare.isEmpty() && bare.charAt(0) >= 'a' && bare.charAt(0) <= 'z'; // x[2, 3]
    AnswerParam param = Param.answer("answer", Form.SHAPE).sides(2);
    Optional<Answer> given = param.parse(named ? bare.substring(1) : bare);
    if (given == null) {
      String words = "A cell is its row and its column, such as 2, 3.";
      return said(Verdict.State.UNREADABLE, words, answer);
    }
    if (given.isEmpty()) {
      return said(Verdict.State.EMPTY, "", answer);
    }
    int row = (int) given.get().at(0, 0);
    int column = (int) given.get().at(0, 1);
    if (row < 0 || row >= cells.rows() || column < 0 || column >= cells.columns()) {
      String size = Num.size(cells.rows(), cells.columns());
      String words = "There is no such cell: the grid is " + size + ", and counting begins at 0.";
      return said(Verdict.State.UNREADABLE, words, answer);
    }
    String place = place(row * cells.columns() + column, cells);
    return cells.at(row, column) != 0
        ? said(Verdict.State.RIGHT, "Right: " + place + ".", answer)
        : said(Verdict.State.WRONG, "Not " + place + ": right is " + answer + ".", answer);
  }

  private static String place(int n, Answer cells) {
    return "(" + n / cells.columns() + ", " + n % cells.columns() + ")";
  }
}
