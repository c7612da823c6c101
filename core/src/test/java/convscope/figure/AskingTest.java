package convscope.figure;

import static org.assertj.core.api.Assertions.assertThat;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import convscope.topic.Topics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions about figures: what the figures' module finds, and what the checker says to it. */
class AskingTest {
  private final FigureService figures = new FigureService(Topics.all());
  private final PracticeService practice = new PracticeService();

  private JsonObject found(String request) {
    return Json.parse(figures.handle(request, new byte[0]).json()).asObject();
  }

  private JsonObject judged(String form, String found, String text) {
    JsonObject request = Json.object().add("op", "judge").add("form", form).add("text", text);
    request.add("found", Json.parse(found));
    return Json.parse(practice.handle(request.toString()).json()).asObject();
  }

  @Test
  void theFigureSaysWhatIsAskedAtEachStateAndNothingWhereItsValuesDoNotFit() {
    JsonObject found =
        found(
            """
            {"op": "answers", "topic": "stride", "ask": "outHeight", "states": [
              {"size": "11", "kernel": "3", "stride": "2"},
              {"size": "2", "kernel": "5"},
              {"size": "9x7", "kernel": "2", "stride": "3"}]}
            """);
    assertThat(found.get("answers").toString()).isEqualTo("[\"5\",\"\",\"3\"]");
    assertThat(found.get("wrong").toString()).isEqualTo("{\"Hop by the kernel’s size\":\"4\"}");
  }

  @Test
  void ofCandidatesTheFirstThatFitsCounts() {
    JsonObject found =
        found(
            """
            {"op": "answers", "topic": "stride", "ask": "outHeight", "draw": true, "states": [
              {"size": "2", "kernel": "5"}, {"size": "8", "kernel": "2"}, {"size": "9"}]}
            """);
    assertThat(found.get("state").toString()).isEqualTo("{\"size\":\"8\",\"kernel\":\"2\"}");
    assertThat(found.get("answers").asArray()).hasSize(2);
  }

  @Test
  void anAnswerMayBeAskedOfTheStep() {
    JsonObject found =
        found(
            """
            {"op": "answers", "topic": "aliasing", "ask": "alias{step}", "states": [
              {"stride": "3", "step": "18"}]}
            """);
    assertThat(found.get("answers").toString()).isEqualTo("[\"2\"]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "number|[\"4608\"]|4,608|right|Right: 4,608.",
        "number|[\"4608\"]|4 608|right|Right: 4,608.",
        "number|[\"0.36\"]|9/25|right|Right: 0.36.",
        "number|[\"4608\"]|4607|wrong|Not 4,607: the figure shows 4,608.",
        "shape|[\"4,5\"]|(4, 5)|right|Right: 4 × 5.",
        "shape|[\"4,5\"]|4 x 6|wrong|Side 2: not 6. The figure shows 4 × 5.",
        "cell|[\"0,1;0,0\"]|x[0, 1]|right|Right: (0, 1).",
        "cell|[\"0,1;1,0\"]|0 0|wrong|Not (0, 0): right is (0, 1), (1, 0).",
        "cell|[\"0,1;1,0\"]|2, 0|unreadable|There is no such cell: the grid is 2 × 2, and counting begins at 0.",
      })
  void whatPeopleWriteIsReadAndJudged(
      String form, String answers, String text, String state, String said) {
    String found = "{\"answers\": " + answers + ", \"wrong\": {}, \"state\": {}}";
    JsonObject verdict = judged(form, found, text);
    assertThat(verdict.getString("state", "")).isEqualTo(state);
    assertThat(verdict.getString("text", "")).isEqualTo(said);
  }

  @Test
  void aMistakeIsCalledByItsNameWhereItIsWrongAndWhereItIsRightByLuck() {
    String found =
        "{\"answers\": [\"5\"], \"wrong\": {\"Slip <A>\": \"7\", \"B\": \"5\"}, \"state\": {}}";
    assertThat(judged("number", found, "7").getString("text", ""))
        .isEqualTo("That is what the mistake “Slip &lt;A&gt;” gives. The figure shows 5.");
    assertThat(judged("number", found, "5").getString("text", ""))
        .isEqualTo("Right: 5. With these numbers, the mistake “B” would give the same by luck.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"op\": \"judge\"}",
        "{\"op\": \"judge\", \"found\": {\"answers\": [\"\"]}}",
        "{\"op\": \"judge\", \"found\": {\"answers\": [\"x\"]}}",
        "{\"op\": \"draw\", \"draw\": \"kernel\"}",
        "{\"op\": \"draw\", \"draw\": \"kernel={2..5\"}",
        "{\"op\": \"draw\", \"draw\": \"kernel={a..b}\"}",
      })
  void anUnreadableRequestIsAnsweredWithAnErrorAndNoMore(String request) {
    JsonObject reply = Json.parse(practice.handle(request).json()).asObject();
    assertThat(reply.names()).containsExactly("error");
  }

  @Test
  void aSeedDrawsRangesAndListsAndTheSameOnesEachTime() {
    String request = "{\"op\": \"draw\", \"draw\": \"a={2..4}x{7|8}&b=z\", \"seed\": \"%s\"}";
    String one = practice.handle(request.formatted("s")).json();
    assertThat(practice.handle(request.formatted("s")).json()).isEqualTo(one);
    assertThat(practice.handle(request.formatted("t")).json()).isNotEqualTo(one);
    assertThat(one.split("\"a\":\"[234]x[78]\",\"b\":\"z\"")).hasSize(101);
    for (String drawn : new String[] {"2x7", "2x8", "3x7", "3x8", "4x7", "4x8"}) {
      assertThat(one).contains(drawn);
    }
  }
}
